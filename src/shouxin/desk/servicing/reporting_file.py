"""Writing the file for the bureau: readable by its owner alone, the whole of it or nothing under its name, of any size."""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

PRIVATE = 0o600


@contextmanager
def beside(path: Path) -> Iterator[tuple[Path, IO[bytes]]]:
    """A new file in the folder of another, for its owner alone; it is removed at the end unless it was given another name.

    Raises OSError.
    """
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex[:12]}")
    number = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, PRIVATE)
    try:
        with os.fdopen(number, "w+b") as file:
            yield temporary, file
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()


def assemble(file: IO[bytes], header: str, body: IO[bytes], trailer: Callable[[int, str], str]) -> str:
    """Header, body and trailer into a file; returns its SHA-256. The trailer is made from the lines before it and their SHA-256.

    The file is on the disk when this returns. Raises OSError.
    """
    body.seek(0)
    file.write(f"{header}\n".encode())
    shutil.copyfileobj(body, file)
    file.seek(0)
    hashed, lines = hashlib.sha256(), 0
    for line in file:
        hashed.update(line)
        lines += 1
    last = f"{trailer(lines, hashed.hexdigest())}\n".encode()
    file.write(last)
    hashed.update(last)
    file.flush()
    os.fsync(file.fileno())
    return hashed.hexdigest()
