"""A merchant's plans: what is really done inside, and that nothing is left of it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from shouxin.book.facilities import commands as lines
from shouxin.book.facilities.errors import ReopeningTooEarly
from shouxin.desk.advice.quota import MOST, AdviceTooOften, Kind
from shouxin.desk.advice.whatif import errors
from shouxin.desk.advice.whatif.asking import Plan, what_if
from shouxin.desk.advice.whatif.imagining import imagine
from shouxin.desk.advice.whatif.model import Outcome, WhatIf
from shouxin.desk.advice.whatif.moves import effects, moves
from shouxin.desk.advice.whatif.solving import solutions
from shouxin.desk.advice.whatif.steps import MOST_STEPS, Repay, Wait, read_step
from shouxin.desk.advice.whatif.told import Teller
from shouxin.desk.origination.errors import DisplacedStillOwes, ProductAlreadyHeld
from shouxin.desk.servicing.errors import CustomerOverdue, DrawExceedsHeadroom
from shouxin.infra.db.unit import in_unit
from tests.desk.advice.whatif.tables import table_hashes
from tests.desk.origination.applicant import Desk, desk
from tests.desk.servicing.lender import YUAN


@pytest.fixture
def shop(databases: Any) -> Iterator[Desk]:
    """A lender whose consumer line and business loan displace each other."""
    with desk(databases(), "exclusive") as found:
        yield found


def merchant(shop: Desk, owed: int = 20_000) -> uuid.UUID:
    """Has a business loan of 100,000 and owes some of it."""
    customer = shop.named("huang")
    facility = shop.opened(customer, "business-loan", 100_000)
    if owed:
        shop.loan(customer, facility, owed * YUAN, purpose="stock")
    return customer


def ask(shop: Desk, customer: uuid.UUID, *steps: str) -> WhatIf:
    return imagine(shop.connection, shop.house, customer, [read_step(each) for each in steps])


def test_closing_and_opening_the_other(shop: Desk) -> None:
    customer = merchant(shop)
    found = ask(shop, customer, "repay business-loan all", "close business-loan", "wait 30d", "open consumer-line 20000")
    assert found.works
    assert [each.after.day for each in found.steps if each.after] == [shop.today] * 2 + [shop.today + dt.timedelta(days=30)] * 2
    assert {each.product: each.status.value for each in found.after.facilities} == {
        "business-loan": "closed",
        "consumer-line": "active",
    }
    assert found.after.line is not None and found.after.line.owed == 0
    closing = found.steps[1].after
    assert closing is not None and closing.reopens == {"business-loan": shop.today + dt.timedelta(days=30)}
    assert [each.fields["status"] for each in found.reported] == ["closed", "settled", "normal"]


def test_the_points_add_up_to_the_score_in_every_step(shop: Desk) -> None:
    customer = merchant(shop)
    found = ask(shop, customer, "wait 100d", "wait 40d unpaid", "repay business-loan due", "assume enquiries_3m 6", "wait 5d")
    before = found.before
    for each in found.steps:
        assert each.after is not None
        assert sum(move.points for move in moves(before, each.after)) == each.after.decision.score - before.decision.score
        before = each.after
    assert [each.after.decision.score for each in found.steps if each.after] != [before.decision.score] * 5


def test_what_the_score_does_is_told_apart_from_rules(shop: Desk) -> None:
    """Overdue is a rule; many enquiries move the score alone."""
    customer = merchant(shop)
    late = ask(shop, customer, "wait 40d", "wait 30d unpaid")
    first, second = (each.after for each in late.steps)
    assert first is not None and second is not None
    by_rule = {each.product: each for each in effects(first, second)}
    assert by_rule["business-loan"].of_rules and not by_rule["business-loan"].of_score
    worse = ask(shop, customer, "assume debts_elsewhere 1500000", "assume enquiries_3m 8", "assume turnover_3m 300000")
    assert worse.before.decision.tier != worse.after.decision.tier
    changed = {each.product: each for each in effects(worse.before, worse.after)}
    assert changed["business-loan"].of_score


def test_the_first_refusal_stops_the_plan_and_says_what_solves_it(shop: Desk) -> None:
    found = ask(shop, merchant(shop), "close business-loan", "open consumer-line", "open pay-later")
    assert [each.outcome for each in found.steps] == [Outcome.DONE, Outcome.REFUSED, Outcome.NOT_REACHED]
    refusal, before = found.steps[1].refusal, found.steps[0].after
    assert isinstance(refusal, DisplacedStillOwes) and before is not None
    assert solutions(refusal, before) == (Repay("business-loan", "all"),)


REFUSED: dict[str, tuple[tuple[str, ...], type[Exception]]] = {
    "no line": (("close pay-later",), errors.LineNotHeld),
    "held already": (("open business-loan",), ProductAlreadyHeld),
    "too much": (("draw business-loan 90000",), DrawExceedsHeadroom),
    "too soon": (("repay business-loan all", "close business-loan", "open business-loan"), errors.ProductDeclined),
    "late": (("wait 70d unpaid", "draw business-loan 1000"), CustomerOverdue),
    "a person decides": (
        ("close business-loan", "repay business-loan all", "assume days_overdue_elsewhere 9", "open consumer-line"),
        errors.PersonDecides,
    ),
    "cannot change": (("assume fraud_score 800",), errors.FactNotAssumable),
    "our own books": (("assume days_overdue_now 0",), errors.FactNotAssumable),
    "no such value": (("assume income_proof hearsay",), errors.AssumedValueUnusable),
    "percent of a word": (("assume income_proof +10%",), errors.NothingToChange),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_plan_can_be_refused_for(shop: Desk, name: str) -> None:
    steps, kind = REFUSED[name]
    last = ask(shop, merchant(shop), *steps).steps[-1]
    assert last.outcome is Outcome.REFUSED and type(last.refusal) is kind
    assert last.refusal.right("zh") != last.refusal.right("en")


def test_a_wait_after_closing_is_named_with_its_days(shop: Desk) -> None:
    customer = merchant(shop, owed=0)
    found = ask(shop, customer, "close business-loan", "open business-loan")
    refusal, before = found.steps[1].refusal, found.steps[0].after
    assert refusal is not None and before is not None
    assert solutions(refusal, before) == (Wait(30),)
    assert ask(shop, customer, "close business-loan", "wait 29d", "open business-loan").steps[2].outcome is Outcome.REFUSED
    assert ask(shop, customer, "close business-loan", "wait 30d", "open business-loan").works
    assert issubclass(ReopeningTooEarly, Exception)


def test_what_falls_due_while_days_pass_is_paid_or_not(shop: Desk) -> None:
    customer = merchant(shop)
    paying = ask(shop, customer, "wait 100d").steps[0]
    assert [act.action for act in paying.acts] == ["receive"] * 3 + ["facts.aged"]
    assert paying.after is not None and paying.after.late is None
    idle = ask(shop, customer, "wait 100d unpaid").steps[0]
    assert [act.action for act in idle.acts] == ["facts.aged"]
    assert idle.after is not None and idle.after.late is not None
    both = ask(shop, customer, "wait 70d unpaid", "wait 70d")  # who is late already is not taken to pay
    assert [act.action for each in both.steps for act in each.acts] == ["facts.aged"] * 2


def test_lines_lapse_while_days_pass(shop: Desk) -> None:
    customer = merchant(shop, owed=0)
    found = ask(shop, customer, "wait 370d")
    assert [act.day - shop.today for act in found.steps[0].acts if act.action == "facility.lapse"] == [dt.timedelta(days=366)]
    assert found.after.facilities[0].status.value == "closed"


def test_a_switch_is_promised_and_carried_out(shop: Desk) -> None:
    found = ask(shop, merchant(shop), "switch business-loan to consumer-line 30000")
    assert found.works
    assert [act.action for act in found.steps[0].acts] == ["switch.promise", "switch.execute"]


def test_nothing_is_left_but_that_it_was_asked(shop: Desk) -> None:
    customer = merchant(shop)
    before = table_hashes(shop.connection)
    steps = [read_step(each) for each in ("repay business-loan all", "close business-loan", "wait 60d", "open consumer-line")]
    assert what_if(shop.connection, shop.house, Plan(customer, steps, "test")).works
    assert not what_if(shop.connection, shop.house, Plan(customer, [read_step("open business-loan")], "test")).works
    after = table_hashes(shop.connection)
    assert {name for name in after if after[name] != before[name]} == {"advice_use", "audit"}


def test_a_fault_half_way_leaves_nothing(shop: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    customer = merchant(shop)
    before = table_hashes(shop.connection)

    def broken(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("shouxin.desk.advice.whatif.doing.accept", broken)
    with pytest.raises(ZeroDivisionError):
        ask(shop, customer, "repay business-loan all", "close business-loan", "open consumer-line")
    assert table_hashes(shop.connection) == before


def test_who_asks_too_often_is_counted_and_noted(shop: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    customer = merchant(shop, owed=0)
    monkeypatch.setattr("shouxin.desk.advice.quota.MOST", {**MOST, Kind.WHAT_IF: 2})
    plan = Plan(customer, [read_step("wait 1d")], "probing")
    for _ in range(2):
        what_if(shop.connection, shop.house, plan)
    with pytest.raises(AdviceTooOften):
        what_if(shop.connection, shop.house, plan)
    rows = shop.connection.execute("SELECT action FROM audit WHERE principal = 'probing' ORDER BY at").fetchall()
    assert [row[0] for row in rows] == ["advice.whatif"] * 2 + ["advice.refused"]


@pytest.mark.parametrize("number", [0, MOST_STEPS + 1])
def test_a_plan_has_some_steps_and_not_too_many(shop: Desk, number: int) -> None:
    with pytest.raises(errors.StepsTooMany):
        ask(shop, merchant(shop, owed=0), *["wait 1d"] * number)


def test_who_acts_is_waited_for_and_then_let_go_first(shop: Desk) -> None:
    customer = merchant(shop, owed=0)
    with psycopg.connect(shop.connection.info.dsn, password=shop.connection.info.password) as other:
        other.execute("SELECT 1 FROM shouxin.customer WHERE customer_id = %s FOR NO KEY UPDATE", (customer,))
        with pytest.raises(Exception, match="request"):
            ask(shop, customer, "close business-loan")
    shop.done(customer, lines.close(in_unit(shop.connection, lambda unit: _only(unit, customer)), "BY_CHOICE"))


def _only(unit: Any, customer: uuid.UUID) -> uuid.UUID:
    from shouxin.desk.servicing import looking

    return looking.standing(unit, customer).facilities[0].id


def test_what_one_overdue_does_to_the_other_line_and_that_it_is_undone(databases: Any) -> None:
    """Rules of `cross` act while days pass, as they do after close of business."""
    with desk(databases()) as bank:
        customer = bank.named("huang")
        business = bank.opened(customer, "business-loan", 100_000)
        bank.opened(customer, "consumer-line", 20_000)
        bank.loan(customer, business, 20_000 * YUAN, purpose="stock")
        found = ask(bank, customer, "wait 70d unpaid", "draw consumer-line 500", "repay business-loan due")
        assert [each.outcome for each in found.steps] == [Outcome.DONE, Outcome.REFUSED, Outcome.NOT_REACHED]
        assert {each.status.value for each in found.after.facilities} == {"suspended"}
        late = found.after.late
        assert late is not None
        told = Teller(found, "zh").steps()[0].lines
        day = late + dt.timedelta(days=31)
        why = "您在本机构有逾期超过30天的款项，名下各项额度已止付。"
        assert f"{day} 「个人消费贷」暂停支用：{why}" in told and f"{day} 「经营贷」暂停支用：{why}" in told
        again = ask(bank, customer, "wait 70d unpaid", "repay business-loan due", "wait 1d", "draw consumer-line 500")
        assert again.works
        assert f"{again.steps[2].after and again.steps[2].after.day}: Consumer line can be drawn again" in (
            Teller(again, "en").steps()[2].lines
        )
