"""`shouxin work`: the background work of a lender: events told, notices sent, and whatever job is added to `JOBS`."""

from __future__ import annotations

import datetime as dt
import json
import signal
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from shouxin.book.customers.personal import read_contacts
from shouxin.bootstrap import open_house
from shouxin.desk.servicing.house import House
from shouxin.desk.servicing.jobs import Debits, Payouts
from shouxin.desk.servicing.rails import FileRail, InstantRail, Rail
from shouxin.desk.servicing.telling import NoticeSink
from shouxin.faces.cli.admission import admit
from shouxin.faces.cli.options import AsJson, Data
from shouxin.faces.cli.out import errors, results
from shouxin.foundation.refusal import printable
from shouxin.infra.db.connect import Connection, connect, folder_of
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.unit import Unit
from shouxin.infra.messages.channels import FileChannel
from shouxin.infra.messages.contact_rules import Reach
from shouxin.infra.messages.jobs import Job
from shouxin.infra.messages.outbox import Relay
from shouxin.infra.messages.sending import NoticeJob
from shouxin.infra.messages.sinks import FileSink
from shouxin.infra.messages.working import Worker, until_nothing_is_left

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True, slots=True)
class Place:
    """What a job is made from: the lender, and the folder that files go to."""

    house: House
    out: Path
    connecting: Callable[[], Connection] = field(repr=False)


@dataclass(frozen=True, slots=True)
class OwnContacts:
    """How customers are reached, from the customers room."""

    ring: KeyRing = field(repr=False)

    def reaches(self, unit: Unit, customer_id: uuid.UUID, day: dt.date) -> Sequence[Reach]:
        """The customer's contacts that hold on a day. Raises PersonErased, SealBroken, MasterKeyUnknown."""
        found = read_contacts(unit, self.ring, customer_id)
        return [Reach(customer_id, each.number, each.kind.value, each.purpose, each.text) for each in found if each.valid(day)]


def relay(place: Place) -> Job:
    """Events to files, one for each booked day, and to the notices that customers get of them."""
    return Relay([FileSink(place.out / "events"), NoticeSink(place.connecting)])


def notices(place: Place) -> Job:
    """Notices to a file, for whoever carries them on."""
    return NoticeJob(FileChannel(place.out / "notices.jsonl"), OwnContacts(place.house.ring))


def payouts(place: Place) -> Job:
    """Draws to the rail and into loans."""
    return Payouts(place.house, rail_of(place))


def debits(place: Place) -> Job:
    """What is due, from the accounts that customers have named."""
    return Debits(place.house, rail_of(place))


def rail_of(place: Place) -> Rail:
    """The rail that the lender's settings name."""
    return InstantRail() if place.house.rail == "instant" else FileRail(place.out / "rail", place.house.rail)


# What makes the jobs, in the order in which they run; a new kind of background work is added here.
JOBS: tuple[Callable[[Place], Job], ...] = (payouts, debits, relay, notices)


class Told:
    """Says on standard error what happens. No error's text is shown but its first line: it goes to logs."""

    def worked(self, name: str, count: int) -> None:
        """A round that did something."""
        errors.print(f"{name}: {count:,}")

    def failed(self, name: str, error: Exception) -> None:
        """A round that failed."""
        first = (str(error).splitlines() or [""])[0]
        errors.print(f"{name}: {type(error).__name__}: {printable(first, 200)}", style="red", soft_wrap=True)


def work(
    once: Annotated[bool, typer.Option("--once", help="Until nothing is left to do, instead of until stopped.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Where files go; else `out` beside the data folder.")] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> int:
    """Do the background work: pay out, debit what is due, tell what happened. Ctrl-C or SIGTERM ends it after its round."""
    lender = open_house(data)
    connecting = partial(connect, lender.target.app)
    with connecting() as connection:
        admit(connection, "work.run")
    place = Place(lender.house, out or folder_of(data).absolute().parent / "out", connecting)
    jobs = [make(place) for make in JOBS]
    with stopping() as stop:
        if once:
            with connecting() as connection:
                done = until_nothing_is_left(jobs, connection, stop)
        else:
            errors.print(f"working; files go to {place.out}; Ctrl-C stops", soft_wrap=True)
            done = Worker(jobs, connecting, stop, Told()).run()
    _show(done, as_json)
    return 0


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """An event that SIGTERM or Ctrl-C sets; a second signal acts as it always does."""
    stop, before = threading.Event(), {each: signal.getsignal(each) for each in SIGNALS}

    def asked(*_: Any) -> None:
        stop.set()
        _restore(before)

    for each in SIGNALS:
        signal.signal(each, asked)
    try:
        yield stop
    finally:
        _restore(before)


def _restore(before: dict[signal.Signals, Any]) -> None:
    for each, handler in before.items():
        signal.signal(each, handler)


def _show(done: Counter[str], as_json: bool) -> None:
    if as_json:
        print(json.dumps(done))
    else:
        results.print(", ".join(f"{name}: {count:,}" for name, count in done.items()))
