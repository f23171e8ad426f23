"""A server for a while: for tests, demonstrations and generated files. What is in it is gone afterwards."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from shouxin.infra.db.server import Server

# Nothing has to outlive a power cut. What is committed still outlives the server's processes.
FAST = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "64MB", "max_wal_size": "1GB"}


@contextlib.contextmanager
def scratch_server() -> Iterator[Server]:
    """A new server in a temporary folder, started; removed at the end, however that comes, but for a `kill -9`."""
    folder = Path(tempfile.mkdtemp(prefix="shouxin-scratch-"))
    if os.geteuid() == 0:
        folder.chmod(0o711)  # the server's user passes through
    server = Server(folder / "data", FAST)
    try:
        server.ensure()
        yield server
    finally:
        server.erase()
        shutil.rmtree(folder, ignore_errors=True)
