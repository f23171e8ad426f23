"""`shouxin work`: events and notices of a real customer end in files; a signal stops it cleanly."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from shouxin.book.customers.contacts import add_contact
from shouxin.book.customers.model import ContactKind, Customer, NewContact
from shouxin.faces.cli.work import OwnContacts, work
from shouxin.infra.db.connect import Target, connect
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.unit import Unit, in_unit
from shouxin.infra.messages import sending
from shouxin.infra.messages.contact_rules import Reach
from shouxin.infra.messages.history import History
from shouxin.infra.messages.notices import Notice, add_notice
from tests.book.customers.people import TODAY, acted, person

Out = pytest.CaptureFixture[str]
Run = Callable[..., int]


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


@pytest.fixture
def told(database: Target, keys: Path) -> Customer:
    """A customer with a phone, and a notice that waits."""
    ring = KeyRing.load_or_make(keys)

    def act(unit: Unit, customer: Customer, history: History) -> None:
        add_contact(unit, ring, NewContact(ContactKind.PHONE, "main", "138 0013 8000", TODAY), history)
        facts = {"day": TODAY.isoformat()}
        add_notice(unit, Notice(customer.customer_id, "loan_settled", customer.customer_id, dt.date.today(), facts))  # noqa: DTZ011

    with connect(database.owner) as owner:
        owner.execute("TRUNCATE outbox, notice, notice_attempt; DELETE FROM customer_key", prepare=False)
    with connect(database.app) as connection:
        customer = person(connection, ring)
        acted(connection, customer.customer_id, act)
    return customer


@pytest.fixture
def run(database: Target, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command on the database; returns the exit code."""
    monkeypatch.setenv("DATABASE_URL", database.app)
    monkeypatch.setenv("DATABASE_OWNER_URL", database.owner)
    monkeypatch.setenv("SHOUXIN_KEYS", str(keys))
    app = typer.Typer()
    app.command()(work)

    def run(*args: str) -> int:
        return int(app(["--out", str(tmp_path / "out"), *args], standalone_mode=False) or 0)

    return run


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(each) for each in path.read_text("utf-8").splitlines()]


def test_once_tells_everything(run: Run, told: Customer, tmp_path: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "may_contact_at", lambda _: True)  # whenever this test runs
    assert run("--once", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"payouts": 0, "debits": 0, "relay": 2 + 1, "notices": 1}
    events = lines(tmp_path / "out" / "events" / f"events-{TODAY}.jsonl")
    assert [(each["number"], each["kind"]) for each in events] == [(1, "customer.created"), (2, "contact.added")]
    assert {each["customer_id"] for each in events} == {str(told.customer_id)}
    notices = tmp_path / "out" / "notices.jsonl"
    assert [each["to"] for each in lines(notices)] == ["+8613800138000"] and stat.S_IMODE(notices.stat().st_mode) == 0o600
    assert run("--once") == 0
    assert capsys.readouterr().out == "payouts: 0, debits: 0, relay: 0, notices: 0\n"


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_cleanly(run: Run, told: Customer, tmp_path: Path, capsys: Out, sent: signal.Signals) -> None:
    file, before = tmp_path / "out" / "events" / f"events-{TODAY}.jsonl", signal.getsignal(sent)

    def stop_when_told() -> None:
        until = time.monotonic() + 20
        while not file.exists() and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(0.1)
        os.kill(os.getpid(), sent)

    stopper = threading.Thread(target=stop_when_told)
    stopper.start()
    assert run() == 0
    stopper.join()
    printed = capsys.readouterr()
    assert "relay: 3" in printed.out and "Ctrl-C stops" in printed.err
    assert signal.getsignal(sent) is before


def test_a_customers_own_contacts_of_the_day(database: Target, told: Customer, keys: Path) -> None:
    contacts = OwnContacts(KeyRing.load(keys))
    with connect(database.app) as connection:
        days = [TODAY - dt.timedelta(days=1), TODAY]
        found = [in_unit(connection, lambda unit, day=day: contacts.reaches(unit, told.customer_id, day)) for day in days]  # type: ignore[misc]
    assert found == [[], [Reach(told.customer_id, 2, "phone", "main", "+8613800138000")]]
