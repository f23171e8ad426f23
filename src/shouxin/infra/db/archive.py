"""The file of a backup: a tar of `manifest.json` and `dump`, which is pg_dump's custom format. Read first: `Manifest`."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from shouxin.infra.db.errors import BackupUnreadable
from shouxin.infra.db.migrate import Applied

FORMAT = 1
MANIFEST, DUMP = "manifest.json", "dump"
MOST_MANIFEST_BYTES = 10_000_000
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds.

    shouxin, server: the versions of the program and of PostgreSQL that made it
    taken_at:        when, in UTC, by the database's clock
    migrations:      those that had been applied
    tables:          rows by table, in the same snapshot as the dump
    dump_size:       bytes
    dump_sha256:     of the dump
    """

    shouxin: str
    server: str
    taken_at: str
    migrations: tuple[Applied, ...]
    tables: Mapping[str, int]
    dump_size: int
    dump_sha256: str

    def to_json(self) -> bytes:
        """As it stands in the file."""
        migrations = [asdict(each) for each in self.migrations]
        content = {"format": FORMAT, **asdict(self), "migrations": migrations, "tables": dict(self.tables)}
        return json.dumps(content, indent=1, ensure_ascii=False).encode()


def write_archive(file: BinaryIO, manifest: Manifest, dump: Path) -> None:
    """Write the tar; nobody's name and no file times are in it."""
    with tarfile.open(fileobj=file, mode="w") as tar, dump.open("rb") as source:
        content = manifest.to_json()
        tar.addfile(_member(MANIFEST, len(content)), io.BytesIO(content))
        tar.addfile(_member(DUMP, manifest.dump_size), source)


def read_manifest(path: Path) -> Manifest:
    """The manifest of a backup whose dump was read through and is whole. Raises BackupUnreadable."""
    try:
        with tarfile.open(path, mode="r:") as tar:
            manifest = _manifest(tar, path)
        sha256, size = digest(dump_pieces(path))
    except (OSError, tarfile.TarError, KeyError) as error:
        raise BackupUnreadable("backup", path, why=_reason(error)) from None
    if (sha256, size) != (manifest.dump_sha256, manifest.dump_size):
        raise BackupUnreadable("backup", path, why="its dump is not the one that was written")
    return manifest


def dump_pieces(path: Path) -> Iterator[bytes]:
    """The dump, piece by piece. Raises OSError, KeyError or tarfile.TarError where there is none."""
    with tarfile.open(path, mode="r:") as tar:
        source = tar.extractfile(DUMP)
        while piece := source.read(_PIECE) if source else b"":
            yield piece


def digest(pieces: Iterator[bytes]) -> tuple[str, int]:
    """SHA-256 and size."""
    made, size = hashlib.sha256(), 0
    for piece in pieces:
        made.update(piece)
        size += len(piece)
    return made.hexdigest(), size


def file_pieces(path: Path) -> Iterator[bytes]:
    """A file, piece by piece."""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


def _manifest(tar: tarfile.TarFile, path: Path) -> Manifest:
    source = tar.extractfile(MANIFEST)
    try:
        content: dict[str, Any] = json.loads(source.read(MOST_MANIFEST_BYTES) if source else b"")
        if content.pop("format") != FORMAT:
            raise BackupUnreadable("backup", path, why="it has another format than this program reads")
        rows = content.pop("migrations")
        migrations = tuple(Applied(int(each["number"]), str(each["name"]), str(each["sha256"])) for each in rows)
        tables = {str(name): int(rows) for name, rows in content.pop("tables").items()}
        return Manifest(**content, migrations=migrations, tables=tables)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise BackupUnreadable("backup", path, why="its manifest.json cannot be read") from None


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno is not None:
        return os.strerror(error.errno)
    return "it is no tar file with a dump, or was cut off"
