"""`shouxin facts`: load what a source said of many customers, show what is known of one. Read first: `load`, `show`."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from shouxin.book.customers.store import read_customer
from shouxin.book.facts import loading
from shouxin.book.facts.known import facts_of
from shouxin.book.facts.loading import Row, RowRefused, refused_rows
from shouxin.book.facts.snapshot_errors import ObservedLater, SourceOfOurOwn, SourceUnknown
from shouxin.book.facts.snapshots import BOOK
from shouxin.book.products.service import store_bundle
from shouxin.desk.decisions.policies import active_assessor
from shouxin.engines.policy.compile import Policy, compile_policy
from shouxin.faces.cli.answers_shown import Shown
from shouxin.faces.cli.facts_file import Asked, FactsFile, read_facts_file, refused, told
from shouxin.faces.cli.facts_shown import shown_facts, shown_load
from shouxin.faces.cli.out import progress_bar
from shouxin.faces.cli.session import Customer, Session, shows
from shouxin.foundation.days import read_day
from shouxin.foundation.ids import read_id
from shouxin.infra.access.audit import Entry, note
from shouxin.infra.db.keys_of_customers import key_of
from shouxin.infra.db.unit import Unit

app = typer.Typer(no_args_is_help=True)

NOBODY = "the id of a customer; nobody has this one, or they were erased"
LOADED = "facts.load"
LOOKED = "personal.read"


@shows(app, "load", "customer.change")
def load(
    session: Session,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=".csv, .parquet or .jsonl, one customer in a row.")],
    as_of: Annotated[str, typer.Option(metavar="DATE", help="The day that the file speaks of, where a row does not say.")],
    bundle: Annotated[
        str | None,
        typer.Option(help="Whose catalogue says what the facts are: a folder, or a shipped one; else the one in force."),
    ] = None,
    source: Annotated[str | None, typer.Option(help="The only source whose facts the file may hold.")] = None,
) -> Shown:
    """Record what sources said of customers: all of a file, or nothing. The same file again changes nothing.

    A row is the whole answer of each source of which it has a fact: what the row leaves out is not known any more.
    """
    today, observed = session.today, read_day(as_of, "as_of")
    if observed > today:
        raise ObservedLater("as_of", observed, today=today)
    policy = compile_policy(bundle) if bundle else _policy_of(session, today)
    _check_source(policy, source)
    with progress_bar() as progress:
        found = read_facts_file(Asked(file, policy, observed, source), progress)
        _check_rows(session, found)
        total = len(found.lines)
        session.look(lambda unit: store_bundle(unit, policy.bundle, today))
        done = loading.load(
            session.connection, session.house.ring, session.principal, found.rows(), lambda rows: progress("load", rows / total)
        )
    detail = {"customers": done.customers, "snapshots": done.snapshots, "bundle": policy.bundle.hash}
    session.look(lambda unit: note(unit, Entry(session.principal, LOADED, today, about=found.code.hex(), detail=detail)))
    return shown_load(done, policy, session.lang)


def _policy_of(session: Session, day: dt.date) -> Policy:
    """The bundle in force on a day. Raises BundleNotActive."""
    return session.look(lambda unit: active_assessor(unit, day)).policy


def _check_source(policy: Policy, source: str | None) -> None:
    if source == BOOK:
        raise SourceOfOurOwn("source", source)
    if source is not None and source not in policy.plan.sources:
        raise SourceUnknown("source", source, known=", ".join(each for each in policy.plan.sources if each != BOOK))


def _check_rows(session: Session, found: FactsFile) -> None:
    """Raises InputRefused with the rows that could not be stored."""
    faults: list[str] = []
    for step in _steps(found.rows()):
        faults += [_fault(found, each) for each in session.look(partial(refused_rows, rows=step))]
    if faults:
        raise refused(found.asked.path, faults)


def _steps(rows: Iterator[Row]) -> Iterator[Sequence[Row]]:
    while step := list(islice(rows, loading.STEP)):
        yield step


def _fault(found: FactsFile, each: RowRefused) -> str:
    line, key = found.lines[each.customer_id], str(each.customer_id)
    if each.why is None:
        return told(line, key, found.asked.policy.bundle.facts.key, key, NOBODY)
    return told(line, key, each.why.field, each.why.value, each.why.right("en"))


@shows(app, "show", "personal.read")
def show(
    session: Session,
    customer: Customer,
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="What was known on that day; the open business day else.")
    ] = None,
) -> Shown:
    """Show every fact of a customer: its value, where it came from, or why it is missing. The audit notes who looked."""
    customer_id, today = read_id(customer, "customer"), session.today
    day = read_day(as_of, "as_of") if as_of else today
    if day > today:
        raise ObservedLater("as_of", day, today=today)
    policy = _policy_of(session, day)

    def look(unit: Unit) -> Shown:
        read_customer(unit, customer_id)
        known = facts_of(unit, key_of(unit, session.house.ring, customer_id), policy, customer_id, day)
        note(unit, _looked(session, customer_id, policy))
        return shown_facts(policy, known, session.lang)

    return session.look(look)


def _looked(session: Session, customer_id: uuid.UUID, policy: Policy) -> Entry:
    return Entry(session.principal, LOOKED, session.today, customer_id, "facts", {"bundle": policy.bundle.hash})
