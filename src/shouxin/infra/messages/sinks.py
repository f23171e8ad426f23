"""Sinks of the relay: files of JSON lines, and a list.

Read first: `FileSink`. Each booked day has a file of its own, so an event that comes again is looked for in one file only.
"""

from __future__ import annotations

import fcntl
import json
import os
import uuid
from collections import defaultdict
from dataclasses import dataclass, field, fields
from pathlib import Path

from shouxin.infra.messages.outbox import Told

MOST_FILES_KNOWN = 8
_NAMES = tuple(each.name for each in fields(Told))


def line_of(event: Told) -> bytes:
    """An event as a line of JSON with its line end: ids and days as text, the body as it is."""
    plain = {name: getattr(event, name) for name in _NAMES}
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"), default=str).encode() + b"\n"


@dataclass(slots=True)
class ListSink:
    """Keeps what it is told, in this process."""

    told: list[Told] = field(default_factory=list)

    def deliver(self, event: Told) -> None:
        """Keep an event, also one that comes again."""
        self.told.append(event)

    def settle(self) -> None:
        """Nothing to do: memory is as durable as this process."""


@dataclass(slots=True)
class _File:
    """What is known of a file: how far it was read, and the last number of each customer in it."""

    read_to: int = 0
    last: dict[uuid.UUID, int] = field(default_factory=dict)


class FileSink:
    """Writes events to `events-YYYY-MM-DD.jsonl` in a folder, by their booked day: each once, a customer's in order.

    `deliver` keeps events in memory; `settle` writes them with the file locked, passes over those that are there already, and
    returns when they are on the disk. Several sinks, also of several processes, may write to one folder. The part of a line that
    somebody left who died while writing is cut off by the next who writes.
    Raises OSError where the folder cannot be written; what was delivered is then forgotten, and comes again.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._waiting: dict[str, list[Told]] = defaultdict(list)
        self._known: dict[str, _File] = {}

    def deliver(self, event: Told) -> None:
        """Keep an event until `settle`."""
        self._waiting[f"events-{event.booked}.jsonl"].append(event)

    def settle(self) -> None:
        """Write what was delivered, each file once; a repeat writes nothing."""
        waiting, self._waiting = self._waiting, defaultdict(list)
        if waiting:
            self.folder.mkdir(parents=True, exist_ok=True)
        for name, events in sorted(waiting.items()):
            known = self._known.pop(name, None) or _File()  # forgotten where writing fails: read again next time
            self._write(self.folder / name, known, events)
            self._known[name] = known
        while len(self._known) > MOST_FILES_KNOWN:
            del self._known[next(iter(self._known))]

    def _write(self, path: Path, known: _File, events: list[Told]) -> None:
        first_time = not known.read_to
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "r+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if os.fstat(handle).st_size < known.read_to:  # somebody has put another file there
                known.read_to, known.last = 0, {}
            file.seek(known.read_to)
            _catch_up(known, file.read())
            file.truncate(known.read_to)
            known.read_to += _append(handle, b"".join(map(line_of, _unwritten(known, events))))
        if first_time:
            _sync_folder(path.parent)


def _catch_up(known: _File, text: bytes) -> None:
    """Learn what others wrote, up to the last whole line."""
    whole = text[: text.rfind(b"\n") + 1]
    for line in whole.split(b"\n")[:-1]:
        event = json.loads(line)
        known.last[uuid.UUID(event["customer_id"])] = event["number"]
    known.read_to += len(whole)


def _unwritten(known: _File, events: list[Told]) -> list[Told]:
    found = []
    for event in events:
        if event.number > known.last.get(event.customer_id, 0):
            known.last[event.customer_id] = event.number
            found.append(event)
    return found


def _append(handle: int, text: bytes) -> int:
    """Write to the end and wait for the disk; returns the length. Where that fails, nothing of it is left to be taken for
    written: after a failed fsync the pages count as clean, and a later one would succeed without them."""
    before, left = os.fstat(handle).st_size, memoryview(text)
    try:
        while left:
            left = left[os.write(handle, left) :]
        os.fsync(handle)
    except OSError:
        os.ftruncate(handle, before)
        raise
    return len(text)


def _sync_folder(folder: Path) -> None:
    """Let the name of a new file survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
