"""Requests of a principal: done once, also where two ask the same at once; a refusal is an answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from shouxin.book.customers.model import Kind, NewCustomer
from shouxin.desk.servicing.own_requests import perform_own, scope_of
from shouxin.desk.servicing.people import create_customer
from shouxin.foundation.ids import NIL
from shouxin.infra.access.requests import Answer, Request
from shouxin.infra.db.connect import Target, connect
from shouxin.infra.db.unit import Unit
from tests.desk.servicing.lender import FIRST_DAY, Lender, lender, with_check


@pytest.fixture(scope="module")
def bank(database: Target) -> Iterator[Lender]:
    with lender(database) as found:
        yield found


def test_scopes_are_apart() -> None:
    assert scope_of("cli:wang") == scope_of("cli:wang") != scope_of("cli:li")
    assert scope_of("") != NIL


def test_two_who_create_the_same_customer_with_one_key(bank: Lender, database: Target) -> None:
    new = NewCustomer(Kind.PERSON, "王", with_check("11010119800101123"))
    answers: list[Answer] = []
    start = threading.Barrier(4)

    def ask() -> None:
        with connect(database.app) as connection:
            start.wait()
            answers.append(create_customer(connection, bank.house, ("cli:wang", "same"), new, "13800138000"))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len({str(each.body["customer"]) for each in answers}) == 1
    assert sorted(each.repeated for each in answers) == [False, True, True, True]
    count = bank.one("SELECT count(*) FROM request WHERE customer_id = %s AND key = 'same'", scope_of("cli:wang"))
    assert count == (1,)


def test_what_was_written_before_a_refusal_is_gone(bank: Lender) -> None:
    new = NewCustomer(Kind.PERSON, "李", with_check("11010119800101223"))
    before = bank.one("SELECT count(*) FROM event")
    answer = create_customer(bank.connection, bank.house, ("cli:wang", "bad phone"), new, "12")
    assert not answer.done and answer.body["code"] == "PhoneUnreadable"
    assert bank.one("SELECT count(*) FROM event") == before
    assert create_customer(bank.connection, bank.house, ("cli:wang", "bad phone"), new, "12").repeated
    assert create_customer(bank.connection, bank.house, ("cli:wang", "good phone"), new, "13800138001").done


def test_a_fault_is_no_answer(bank: Lender) -> None:
    request = Request("cli:wang", "fault", "test", {})

    def act(unit: Unit) -> dict[str, str]:
        raise RuntimeError("a fault")

    with pytest.raises(RuntimeError):
        perform_own(bank.connection, request, act, FIRST_DAY)
    assert perform_own(bank.connection, request, lambda _unit: {"done": "now"}, FIRST_DAY) == Answer(True, {"done": "now"})
