"""The file of the key ring: JSON, mode 0600, written whole or not at all. Read first: `path_of_keys`, then `keys.py`."""

from __future__ import annotations

import base64
import binascii
import fcntl
import json
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shouxin.infra.db.keys_errors import KeysMissing, KeysNotWritten, KeysReadableByOthers, KeysUnreadable, KeysWouldBeLost

FORMAT = 1
OF_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Stored:
    """What the file holds; `keys.KeyRing` says what it means."""

    master: str
    signer: str
    masters: dict[str, bytes] = field(repr=False)
    signers: dict[str, bytes] = field(repr=False)
    index: bytes = field(repr=False)


def path_of_keys(data: Path) -> Path:
    """Where the keys are: `SHOUXIN_KEYS`, else `keys.json` beside the data folder, so that a copy of the data holds no keys."""
    named = os.environ.get("SHOUXIN_KEYS")
    return Path(named) if named else data.absolute().parent / "keys.json"


def read(path: Path) -> Stored:
    """The stored keys; raises KeysMissing, KeysReadableByOthers, KeysUnreadable."""
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_mode & OF_OTHERS:  # of the file that is read, not of the one named so before
                raise KeysReadableByOthers("keys", path)
            text = file.read()
    except FileNotFoundError:
        raise KeysMissing("keys", path) from None
    except OSError as error:
        raise KeysUnreadable("keys", path, why=error.strerror) from None
    try:
        return _parsed(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        raise KeysUnreadable("keys", path, why="its fields are not those of a key file") from None


def create(path: Path, stored: Stored) -> None:
    """Write a file where there is none; where there is one meanwhile, that one stays. Raises KeysNotWritten."""

    def take_place(new: Path) -> None:
        with suppress(FileExistsError):  # unlike a rename, a link fails where a file stands
            os.link(new, path)

    with _writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        _written(path, stored, take_place)


def replace(path: Path, stored: Stored) -> None:
    """Write over the file, or a first one. Raises KeysWouldBeLost where it holds a key that `stored` lacks, KeysNotWritten."""

    def rename(new: Path) -> None:
        new.replace(path)

    with _writing(path), _alone(path.parent):
        if path.exists() and not _holds(stored, read(path)):
            raise KeysWouldBeLost("keys", path)
        _written(path, stored, rename)


def _holds(stored: Stored, old: Stored) -> bool:
    kept = stored.masters.items() >= old.masters.items() and stored.signers.items() >= old.signers.items()
    return kept and stored.index == old.index


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise KeysNotWritten("keys", path, why=error.strerror) from None


def _written(path: Path, stored: Stored, take_place: Callable[[Path], None]) -> None:
    """The bytes are on the disk before the file takes its name, and the name is on the disk before we return."""
    new = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(_text(stored))
            file.flush()
            os.fsync(file.fileno())
        take_place(new)
    finally:
        new.unlink(missing_ok=True)
    with _folder(path.parent) as folder:
        os.fsync(folder)


@contextmanager
def _folder(path: Path) -> Iterator[int]:
    opened = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield opened
    finally:
        os.close(opened)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Two that rotate at once write one after the other; the lock ends with the folder's descriptor."""
    with _folder(path) as folder:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield


def _text(stored: Stored) -> str:
    content = {
        "format": FORMAT,
        "master": stored.master,
        "masters": {name: _encoded(key) for name, key in stored.masters.items()},
        "signer": stored.signer,
        "signers": {name: _encoded(key) for name, key in stored.signers.items()},
        "index": _encoded(stored.index),
    }
    return json.dumps(content, indent=2) + "\n"


def _parsed(content: Any) -> Stored:
    if content["format"] != FORMAT:
        raise ValueError
    masters = {str(name): _decoded(key) for name, key in content["masters"].items()}
    signers = {str(name): _decoded(key) for name, key in content["signers"].items()}
    return Stored(str(content["master"]), str(content["signer"]), masters, signers, _decoded(content["index"]))


def _encoded(key: bytes) -> str:
    return base64.b64encode(key).decode()


def _decoded(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
