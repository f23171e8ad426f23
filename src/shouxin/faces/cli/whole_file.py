"""Write a text file: the whole of it, or nothing under its name."""

from __future__ import annotations

import uuid
from contextlib import suppress
from pathlib import Path

from shouxin.foundation.refusal import Refusal


class FileNotWritten(Refusal):
    """A file that cannot be written."""

    en = "a file in a folder that exists and can be written to: {why}"
    zh = "须为可写入的文件，所在文件夹须已存在：{why}"


def write_whole(path: Path, text: str, field: str = "--out") -> None:
    """Write a text in UTF-8; what stood there before stays until all is written. Raises FileNotWritten."""
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex[:12]}")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        temporary.replace(path)
    except OSError as error:
        raise FileNotWritten(field, path, why=error.strerror) from None
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
