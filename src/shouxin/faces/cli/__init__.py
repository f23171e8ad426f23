"""The command line. Read `app.py` first: the commands and their exit codes."""

from shouxin.faces.cli.app import main

__all__ = ["main"]
