"""The log of a process: lines of JSON that are on the disk before the process goes on.

A line has one of these keys: `start` (a life of the process begins), `intent`, `again` (the key of a request that is sent again),
`answer`, `fault` (an error that is no answer), `closed` (a business day).
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Intent:
    """A request that is going to be made. key: names it once and for all; args: JSON values."""

    key: str
    customer: uuid.UUID
    action: str
    args: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """As it stands in a log."""
        return {"key": self.key, "customer": str(self.customer), "action": self.action, "args": dict(self.args)}


def read_intent(plain: Mapping[str, Any]) -> Intent:
    """The intent that `to_dict` wrote."""
    return Intent(plain["key"], uuid.UUID(plain["customer"]), plain["action"], plain["args"])


@dataclass(frozen=True, slots=True)
class Telling:
    """An answer as a client got it. repeated: of an earlier request with the same key."""

    done: bool
    body: Mapping[str, Any]
    repeated: bool


class Log:
    """The log of one process over all its lives. The part of a line on which an earlier life was killed is cut off."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        whole = path.read_bytes()
        os.ftruncate(self._file, whole.rfind(b"\n") + 1)
        self.before = Record(path.stem)
        self.before.read(lines_of(path))
        self.write("start", self.before.lives)

    def write(self, kind: str, content: object) -> None:
        """A line more; returns when it is on the disk."""
        text = memoryview(json.dumps({kind: content}, ensure_ascii=False, default=str).encode() + b"\n")
        while text:
            text = text[os.write(self._file, text) :]
        os.fsync(self._file)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)


def lines_of(path: Path) -> Iterator[Mapping[str, Any]]:
    """The whole lines of a log."""
    text = path.read_bytes()
    for line in text[: text.rfind(b"\n") + 1].splitlines():
        yield json.loads(line)


@dataclass(slots=True)
class Record:
    """What logs say. tellings: all answers to a key, in their order; left: requests that a new life found unanswered."""

    name: str = ""
    lives: int = 0
    intents: dict[str, Intent] = field(default_factory=dict)
    tellings: dict[str, list[Telling]] = field(default_factory=dict)
    again: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)

    def read(self, lines: Iterator[Mapping[str, Any]]) -> None:
        """Add a log."""
        mine: dict[str, Intent] = {}
        for line in lines:
            [(kind, content)] = line.items()
            if kind == "start":
                self.lives += 1
                self.left.extend(mine)
            elif kind == "intent":
                mine[content["key"]] = self.intents[content["key"]] = read_intent(content)
            elif kind == "answer":
                mine.pop(content["key"], None)
                telling = Telling(content["done"], content["body"], content["repeated"])
                self.tellings.setdefault(content["key"], []).append(telling)
            elif kind == "fault":
                mine.pop(content["key"], None)
                self.faults.append((content["key"], content["text"]))
            elif kind == "again":
                self.again.append(content)
            else:
                self.closed.append(content)

    @property
    def unanswered(self) -> list[Intent]:
        """What has neither an answer nor a fault, in the order in which it was intended."""
        over = {*self.tellings, *(key for key, _ in self.faults)}
        return [intent for key, intent in self.intents.items() if key not in over]


def read_logs(folder: Path) -> Record:
    """What all logs of a folder say."""
    record = Record("all")
    for path in sorted(folder.glob("*.log")):
        record.read(lines_of(path))
    return record
