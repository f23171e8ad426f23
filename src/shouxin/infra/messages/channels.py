"""Channels: how a notice reaches a customer. Read first: `Channel`. A file of messages ships; gateways stand beside it."""

from __future__ import annotations

import datetime as dt
import json
import os
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """A notice on its way. (customer_id, kind, about, on_day) is its key: a channel that knows it already need not send it again.

    attempt: which try this is
    to:      where it goes, personal
    """

    customer_id: uuid.UUID
    kind: str
    about: uuid.UUID
    on_day: dt.date
    attempt: int
    to: str = field(repr=False)
    text: str


class Channel(Protocol):
    """A way to the customer."""

    @property
    def contact(self) -> str:
        """The kind of contact that it needs: phone or email."""

    def send(self, message: Message) -> None:
        """Hand a message over; raises anything where that failed. It may come again where the answer was lost."""


@dataclass(frozen=True, slots=True)
class FileChannel:
    """Appends messages to a file of JSON lines, for whoever carries them on. It holds phone numbers: its mode is 0600.

    Durable when `send` returns. Raises OSError.
    """

    path: Path
    contact: str = "phone"

    def send(self, message: Message) -> None:
        """Append a message; a repeat is appended too, and has the same key."""
        key = f"{message.customer_id}/{message.kind}/{message.about}/{message.on_day}"
        line = {"key": key, "attempt": message.attempt, "to": message.to, "text": message.text}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "ab", buffering=0) as file:
            file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
            os.fsync(file)
