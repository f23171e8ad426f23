"""Approvals beforehand that run out: at close of business, once, with a notice in the customer's language."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from functools import partial

import pytest

from shouxin.desk.origination.lapsing import ORDER, lapse_switch, lapse_switches
from shouxin.desk.origination.plans import PlanStatus, plans_of
from shouxin.desk.origination.switching import Switch, execute, promise, withdraw
from shouxin.desk.servicing.telling import NoticeSink
from shouxin.infra.db.connect import Target, connect
from shouxin.infra.db.unit import in_unit
from shouxin.infra.messages.notices import notices_of
from shouxin.infra.messages.outbox import Relay
from tests.database import Make
from tests.desk.origination.applicant import Desk, desk
from tests.desk.origination.test_switching import shopkeeper
from tests.desk.servicing.lender import YUAN

DAY = dt.timedelta(days=1)


@pytest.fixture
def target(databases: Make) -> Target:
    """A database."""
    return databases()


@pytest.fixture
def lender(target: Target) -> Iterator[Desk]:
    """A lender under `exclusive`."""
    with desk(target, "exclusive") as found:
        yield found


def promised(lender: Desk) -> tuple[uuid.UUID, uuid.UUID, dt.date]:
    """A customer with a plan, and its last day."""
    customer, business = shopkeeper(lender)
    wanted = Switch((business,), "consumer-line", 80_000 * YUAN, lang="en")
    plan = lender.done(customer, promise(lender.house, customer, wanted))
    return customer, plan["plan"], plan["expires"]


def test_a_switch_that_nobody_carried_out_lapses_once(lender: Desk, target: Target) -> None:
    customer, plan, last = promised(lender)
    lender.close_until(last)
    assert lapse_switches(lender.connection, lender.today) == 0
    lender.close_until(last + DAY)
    assert [lapse_switches(lender.connection, lender.today) for _ in range(2)] == [1, 0]
    (kept,) = in_unit(lender.connection, lambda unit: plans_of(unit, customer))
    assert (kept.status, kept.ended) == (PlanStatus.LAPSED, last + DAY)
    relay = Relay([NoticeSink(partial(connect, target.app))])
    while relay.run_once(lender.connection):
        pass
    found = in_unit(lender.connection, lambda unit: notices_of(unit, customer))
    (notice,) = [each for each in found if each.notice.kind == "switch_lapsed"]
    assert notice.notice.about == plan and notice.text == (
        f"Your approval to switch to the Consumer line ran out on {last}. Nothing was closed or opened by it; you may ask for "
        "another."
    )
    contract = lender.one("SELECT encode(sha256, 'hex') FROM document WHERE document_id = %s", kept.contract)[0]
    assert lender.refusal(customer, execute(lender.house, customer, plan, contract)) == "SwitchNotOpen"
    lender.check_books()


def test_what_is_refused(lender: Desk) -> None:
    customer, plan, last = promised(lender)
    told = [lender.refusal(customer, lapse_switch(each)) for each in (uuid.UUID(int=7), plan)]
    lender.done(customer, withdraw(plan))
    lender.close_until(last + DAY)
    told.insert(1, lender.refusal(customer, lapse_switch(plan)))
    assert told == [each.__name__ for each in ORDER]
    assert lapse_switches(lender.connection, lender.today) == 0
