"""How money moves: adapters between us and a bank. Two ship: `InstantRail` answers at once, `FileRail` by files.

A rail is given the same instruction again after a fault, and does it once: the id is the instruction's. Nothing of the database
is open while a rail works.
"""

from __future__ import annotations

import json
import os
import uuid
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from shouxin.foundation.refusal import Refusal


class Way(StrEnum):
    """Out to a payee or the borrower, or in by auto-debit."""

    OUT = "out"
    IN = "in"


@dataclass(frozen=True, slots=True)
class Instruction:
    """Money to move. id: the same whenever it is sent again; account: as JSON, the borrower's own where empty."""

    id: str
    way: Way
    customer_id: uuid.UUID
    amount: int
    currency: str = "CNY"
    account: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it. why: where it failed."""

    paid: bool
    why: str = ""


class Rail(Protocol):
    """A way to a bank."""

    name: str

    def send(self, instruction: Instruction) -> None:
        """Give it to the bank; a repeat does nothing."""

    def outcome(self, instruction_id: str) -> Outcome | None:
        """The bank's answer; None where there is none yet."""


class AnswerUnreadable(Refusal):
    """A bank's answer that says neither paid nor failed."""

    en = '{{"status": "paid"}} or {{"status": "failed", "why": "..."}}'
    zh = '{{"status": "paid"}} 或 {{"status": "failed", "why": "……"}}'


@dataclass(slots=True)
class InstantRail:
    """A bank that pays whatever it is told, at once: for demonstrations, and where an account is the lender's own."""

    name: str = "instant"

    def send(self, instruction: Instruction) -> None:
        """Nothing waits."""

    def outcome(self, instruction_id: str) -> Outcome:  # noqa: ARG002 - whatever it was
        """Paid."""
        return Outcome(True)


@dataclass(slots=True)
class FileRail:
    """One file for each instruction in `folder/out`, and one for each answer in `folder/in`, both named by the id."""

    folder: Path
    name: str = "file"

    def send(self, instruction: Instruction) -> None:
        """Write the file, whole or not at all; one that is there is left as it is."""
        out = self.folder / "out"
        out.mkdir(parents=True, exist_ok=True)
        path, new = out / f"{instruction.id}.json", out / f".{instruction.id}.{os.getpid()}"
        if path.exists():
            return
        with new.open("w", encoding="utf-8") as file:
            json.dump(asdict(instruction), file, ensure_ascii=False, default=str)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
        _sync(out)

    def outcome(self, instruction_id: str) -> Outcome | None:
        """The answer's file; raises AnswerUnreadable."""
        path = self.folder / "in" / f"{instruction_id}.json"
        try:
            answer = json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            raise AnswerUnreadable("file", path) from None
        if not isinstance(answer, dict) or answer.get("status") not in ("paid", "failed"):
            raise AnswerUnreadable("file", path)
        return Outcome(answer["status"] == "paid", str(answer.get("why", "")))


def _sync(folder: Path) -> None:
    """So that the file's name is on the disk, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
