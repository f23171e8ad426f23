"""Nothing is left of a what-if, also when its client or its connection is killed, and it stands in nobody's way."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg

from shouxin.desk.advice.whatif.imagining import imagine
from shouxin.desk.advice.whatif.model import WhatIf
from shouxin.desk.advice.whatif.steps import read_step
from shouxin.desk.servicing import commands as loans
from shouxin.desk.servicing import looking
from shouxin.desk.servicing.draw import Draw
from shouxin.desk.servicing.house import House
from shouxin.infra.access.requests import Answer
from shouxin.infra.db.connect import Target, connect
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.unit import in_unit
from tests.desk.advice.whatif.tables import table_hashes
from tests.desk.origination.applicant import Desk, desk
from tests.desk.servicing.lender import YUAN

PLAN = ("repay business-loan all", "close business-loan", "wait 40d", "open consumer-line 20000", "draw consumer-line 1000")
KILLS = 12


def merchant(shop: Desk) -> uuid.UUID:
    customer = shop.named("huang")
    shop.loan(customer, shop.opened(customer, "business-loan", 100_000), 20_000 * YUAN, purpose="stock")
    return customer


def ask(connection: Any, house: House, customer: uuid.UUID) -> WhatIf:
    return imagine(connection, house, customer, [read_step(each) for each in PLAN])


def test_a_connection_that_dies_leaves_nothing(databases: Any) -> None:
    target: Target = databases()
    draw = random.Random(20260703)
    with desk(target, "exclusive") as shop:
        customer = merchant(shop)
        before = table_hashes(shop.connection)
        died = sum(_dies(target, shop, customer, draw.uniform(0.001, 0.06)) for _ in range(KILLS))
        assert died >= 3
        assert table_hashes(shop.connection) == before


def _dies(target: Target, shop: Desk, customer: uuid.UUID, after: float) -> bool:
    """Ask for a what-if on a connection that is terminated so many seconds later; whether that was in time."""
    ready, failed = threading.Event(), threading.Event()
    with connect(target.app) as connection:

        def run() -> None:
            ready.set()
            try:
                assert ask(connection, shop.house, customer).works
            except psycopg.Error:
                failed.set()

        thread = threading.Thread(target=run)
        thread.start()
        ready.wait()
        time.sleep(after)
        shop.connection.execute("SELECT pg_terminate_backend(%s)", (connection.info.backend_pid,))
        shop.connection.rollback()
        thread.join()
    return failed.is_set()


def test_a_client_that_is_killed_leaves_nothing(databases: Any, tmp_path: Path) -> None:
    target: Target = databases()
    keys = tmp_path / "keys.json"
    with desk(target, "exclusive") as shop:
        shop.house = House(KeyRing.load_or_make(keys))
        customer = merchant(shop)
        before = table_hashes(shop.connection)
        draw = random.Random(20260704)
        for _ in range(3):
            command = [sys.executable, "-m", "tests.desk.advice.whatif.asks_for_ever", target.app, str(keys), str(customer)]
            with subprocess.Popen(command, stdout=subprocess.PIPE) as client:
                assert client.stdout is not None and client.stdout.readline() == b"asking\n"
                time.sleep(draw.uniform(0.05, 0.3))
                client.kill()
            assert client.returncode == -9
        deadline = time.monotonic() + 30
        while _others(shop) and time.monotonic() < deadline:  # the server notices when it next reads or writes
            time.sleep(0.05)
        assert not _others(shop)
        assert table_hashes(shop.connection) == before


def _others(shop: Desk) -> int:
    query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    found = shop.connection.execute(query).fetchall()
    shop.connection.rollback()
    return len(found)


def test_two_what_ifs_and_a_draw_at_once_all_finish_and_none_is_wrong(databases: Any) -> None:
    target: Target = databases()
    with desk(target, "exclusive") as shop, connect(target.app) as one, connect(target.app) as two:
        customer = merchant(shop)
        facility = in_unit(shop.connection, lambda unit: looking.standing(unit, customer).facilities[0].id)
        alone = said(ask(one, shop.house, customer))
        for _ in range(5):
            with ThreadPoolExecutor(3) as pool:
                asked = [pool.submit(ask, each, shop.house, customer) for each in (one, two)]
                drawn = pool.submit(borrow, shop, customer, facility)
            assert drawn.result().done
            later = said(ask(one, shop.house, customer))
            assert later != alone
            assert {said(each.result()) for each in asked} <= {alone, later}  # as it was before the draw, or after it
            alone = later
        shop.check_books()


def borrow(shop: Desk, customer: uuid.UUID, facility: uuid.UUID) -> Answer:
    return shop.ask(customer, loans.draw(shop.house, customer, Draw(facility, 500 * YUAN, "equal_instalment", 6, "stock")))


def said(found: WhatIf) -> tuple[Any, ...]:
    states = [found.before, *(each.after for each in found.steps)]
    stops = tuple((each.outcome, each.refusal and each.refusal.code) for each in found.steps)
    return stops, tuple(each and (each.line, each.decision.score) for each in states)
