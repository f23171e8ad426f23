"""The server's settings, as the text of the files that PostgreSQL reads.

Both files are written anew at each start, beside the data and not in it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

PORT = 5432

SETTINGS: Mapping[str, str] = {
    # nobody from outside: a socket in a folder that only the server's user enters
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    # what is committed stays
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    **({"recovery_init_sync_method": "syncfs"} if sys.platform == "linux" else {}),
    # memory and checkpoints of a small machine
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "off",
    "jit": "off",  # statements are short: compiling costs more than it saves
    # the same answers everywhere
    "timezone": "UTC",
    "log_timezone": "UTC",
    "datestyle": "ISO, YMD",
    "lc_messages": "C",
    "default_text_search_config": "pg_catalog.simple",
    # the log goes to the file that the server was started with, and holds no personal data: no statements, no values of keys
    "log_destination": "stderr",
    "logging_collector": "off",
    "log_line_prefix": "%m [%p] ",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "cluster_name": "shouxin",
}

# Whoever can enter the socket's folder is the server's own user, or root.
ACCESS = "local all all trust\n"


def configuration(socket: Path, access: Path, more: Mapping[str, str]) -> str:
    """The text of `postgresql.conf`. `more` adds settings and replaces ours."""
    all_settings = {**SETTINGS, "unix_socket_directories": str(socket), "hba_file": str(access), **more}
    head = "# Written by Shouxin at each start of the server: changes are lost. The file of this name in `data` is not read.\n"
    return head + "".join(f"{name} = {quoted(value)}\n" for name, value in all_settings.items())


def quoted(value: str) -> str:
    """A value as PostgreSQL's configuration files write it.

    >>> print(quoted("it's"))
    'it''s'
    """
    return "'" + value.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n") + "'"
