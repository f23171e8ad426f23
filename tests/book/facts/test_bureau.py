"""Asking a bureau: over HTTP and from files, with a consent or not at all; nothing that comes back is an error of ours."""

from __future__ import annotations

import json
import socket
import time
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.book.customers.consents import withdraw_consent
from shouxin.book.customers.model import Person
from shouxin.book.customers.personal import read_person
from shouxin.book.facilities.work import Asker
from shouxin.book.facts import bureau_errors as errors
from shouxin.book.facts.bureau import Outcome, outcome_of, pull
from shouxin.book.facts.bureau_file import FileBureau
from shouxin.book.facts.bureau_http import HttpBureau
from shouxin.book.facts.bureau_reply import MOST_BYTES, Bureau, BureauQuestion, BureauReply, Report, person_token, read_reply
from shouxin.book.facts.seen import seen_facts
from shouxin.book.ledger.days import open_first_day
from shouxin.engines.policy.compile import compile_policy
from shouxin.engines.policy.load import from_texts
from shouxin.infra.access.requests import Answer
from shouxin.infra.db.connect import Target, connect
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.unit import in_unit
from tests.book.customers.people import TODAY, acted, events, one
from tests.book.facts.bureau_server import SECRET, BureauServer, Handler, bureau_server, reply
from tests.book.facts.told import DAY, POLICY, Book

QUESTION = BureauQuestion("customer:7", Person("王小明", "110101199003071233"), 3, TODAY)
TOKEN = person_token(SECRET, QUESTION.person)


@pytest.fixture(scope="module")
def book(database: Target) -> Iterator[Book]:
    with connect(database.app) as connection:
        in_unit(connection, lambda unit: open_first_day(unit, TODAY))
        yield Book(connection, KeyRing.fresh())


@pytest.fixture
def there() -> Iterator[BureauServer]:
    with bureau_server() as running:
        yield running


def asked(book: Book, bureau: Bureau, customer: uuid.UUID, key: str = "1") -> Answer:
    return pull(book.connection, book.ring, bureau, POLICY, Asker(customer, "clerk-1", key))


def http(there: BureauServer, seconds: float = 5.0) -> HttpBureau:
    return HttpBureau(there.url, SECRET, "bearer-1", seconds)


def test_a_report_over_http_becomes_a_snapshot(book: Book, there: BureauServer) -> None:
    customer = book.customer()
    consent = book.agree(customer)
    answer = asked(book, http(there), customer)
    assert answer.done and answer.body["status"] == "found" and "failure" not in answer.body
    [(question, headers)] = there.asked
    person = in_unit(book.connection, lambda unit: read_person(unit, book.ring, customer))
    assert question == {
        "version": 1,
        "enquiry": f"{customer}:{answer.body['enquiry']}",
        "consent": consent,
        "date": TODAY.isoformat(),
        "person": {"token": person_token(SECRET, person), "name": person.name, "id_number": person.id_number},
    }
    assert headers["Authorization"] == "Bearer bearer-1"
    known = book.known(customer)
    assert {fact: each.value for fact, each in known.given.items() if each.source == "bureau"} == {
        "bureau_status": "found",
        "bureau_date": TODAY.isoformat(),
        "history_months": 60,
        "enquiries_3m": 2,
        "debts_elsewhere": "12000.50",
        "lenders_elsewhere": 1,
    }
    assert known.given["debts_elsewhere"].consent == consent
    assert [each[1::2] for each in events(book.connection, customer)[2:]] == [
        ("bureau.asked", {"consent": consent}),
        ("snapshot.recorded", {"source": "bureau", "bundle": POLICY.bundle.hash, "consent": consent}),
    ]


def test_nobody_is_asked_without_a_consent(book: Book, there: BureauServer) -> None:
    customer = book.customer()
    answer = asked(book, http(there), customer)
    assert not answer.done and answer.body["code"] == "SourceConsentMissing"
    consent = book.agree(customer)
    acted(book.connection, customer, lambda unit, _, history: withdraw_consent(unit, consent, history))
    answer = asked(book, http(there), customer, "2")
    assert not answer.done and answer.body["code"] == "SourceConsentMissing"
    assert there.asked == [] and "bureau.asked" not in [each[1] for each in events(book.connection, customer)]


def test_a_repeat_asks_nobody_again(book: Book, there: BureauServer) -> None:
    customer = book.customer()
    book.agree(customer)
    first = asked(book, http(there), customer)
    again = asked(book, http(there), customer)
    assert again.repeated and dict(again.body) == dict(first.body) and len(there.asked) == 1
    longest = "2" * 200
    assert asked(book, http(there), customer, longest).body["snapshot"] > first.body["snapshot"] and len(there.asked) == 2


class Interrupted(BaseException):
    """The process ends."""


class Ending:
    """A bureau that is asked when the process ends."""

    def report(self, asked: BureauQuestion) -> BureauReply:
        raise Interrupted


def test_who_was_stopped_asks_again_under_the_same_enquiry(book: Book, there: BureauServer) -> None:
    customer = book.customer()
    book.agree(customer)
    with pytest.raises(Interrupted):
        asked(book, Ending(), customer)
    [number] = [each[0] for each in events(book.connection, customer) if each[1] == "bureau.asked"]
    assert asked(book, http(there), customer).body["enquiry"] == number
    assert [each[1] for each in events(book.connection, customer)].count("bureau.asked") == 1
    assert there.asked[0][0]["enquiry"] == f"{customer}:{number}"


def test_no_transaction_is_open_while_the_bureau_is_asked(book: Book, there: BureauServer) -> None:
    customer, found = book.customer(), []
    book.agree(customer)

    def answer(handler: Handler, question: dict[str, Any]) -> None:
        found.append(book.connection.info.transaction_status.name)
        handler.send(reply(question))

    there.answer = answer
    asked(book, http(there), customer)
    assert found == ["IDLE"]


# What a bureau may send, and the failure that it is.
BAD: list[tuple[str, Callable[[dict[str, Any]], bytes], type[errors.BureauFailure]]] = [
    ("nothing", lambda _: b"", errors.BureauReplyMalformed),
    ("no JSON", lambda _: b"<html>sorry</html>", errors.BureauReplyMalformed),
    ("cut JSON", lambda question: reply(question)[:-9], errors.BureauReplyMalformed),
    ("not UTF-8", lambda question: reply(question).replace(b"found", b"fo\xffnd"), errors.BureauReplyMalformed),
    ("a list", lambda _: b"[]", errors.BureauReplyMalformed),
    ("deep", lambda _: b"[" * 400_000, errors.BureauReplyMalformed),
    ("a number of 5,000 digits", lambda _: b"1" * 5_000, errors.BureauReplyMalformed),
    ("a name twice", lambda question: reply(question)[:-1] + b', "status": "no_record"}', errors.BureauReplyMalformed),
    ("a field missing", lambda question: reply(question, status=None), errors.BureauReplyMalformed),
    ("a field more", lambda question: reply(question, note="hello"), errors.BureauReplyMalformed),
    ("another version", lambda question: reply(question, version=True), errors.BureauReplyMalformed),
    ("an unknown status", lambda question: reply(question, status="perhaps"), errors.BureauReplyMalformed),
    ("a status that is a list", lambda question: reply(question, status=["found"]), errors.BureauReplyMalformed),
    ("facts that are a list", lambda question: reply(question, facts=[1]), errors.BureauReplyMalformed),
    ("no record, with facts", lambda question: reply(question, status="no_record"), errors.BureauReplyMalformed),
    ("no day", lambda question: reply(question, date="yesterday"), errors.BureauReplyMalformed),
    ("a day to come", lambda question: reply(question, date=str(TODAY + DAY)), errors.BureauReplyFromLater),
    ("NaN", lambda question: reply(question, facts={"history_months": float("nan")}), errors.BureauReplyNotFinite),
    ("Infinity", lambda question: reply(question, facts={"history_months": float("inf")}), errors.BureauReplyNotFinite),
    ("about another", lambda question: reply(question, person="0" * 64), errors.BureauReplyAboutAnother),
    ("about half a character", lambda question: reply(question, person="\ud800"), errors.BureauReplyAboutAnother),
    ("a fact of another source", lambda question: reply(question, facts={"monthly_income": 1}), errors.BureauFactUnknown),
    ("a fact of nobody", lambda question: reply(question, facts={"shoe_size": 43}), errors.BureauFactUnknown),
    ("its own status", lambda question: reply(question, facts={"bureau_status": "found"}), errors.BureauFactUnknown),
    ("out of bounds", lambda question: reply(question, facts={"overdue_months_24m": 25}), errors.BureauFactUnusable),
    ("below zero", lambda question: reply(question, facts={"debts_elsewhere": "-0.01"}), errors.BureauFactUnusable),
    ("text for a number", lambda question: reply(question, facts={"history_months": "60"}), errors.BureauFactUnusable),
    ("a part of a month", lambda question: reply(question, facts={"history_months": 1.5}), errors.BureauFactUnusable),
    ("true for a number", lambda question: reply(question, facts={"history_months": True}), errors.BureauFactUnusable),
    ("1e999999", lambda question: reply(question).replace(b'"12000.50"', b"1e999999"), errors.BureauFactUnusable),
    ("a third decimal", lambda question: reply(question, facts={"debts_elsewhere": "0.001"}), errors.BureauFactUnusable),
    ("an object for a number", lambda question: reply(question, facts={"history_months": {}}), errors.BureauFactUnusable),
]


@pytest.mark.parametrize(("text", "failure"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_bad_reply_is_an_enquiry_that_failed(
    there: BureauServer, text: Callable[[dict[str, Any]], bytes], failure: type[errors.BureauFailure]
) -> None:
    there.answer = lambda handler, question: handler.send(text(question))
    outcome = outcome_of(http(there), POLICY, QUESTION)
    assert (outcome.failure, outcome.report.status) == (failure.__name__, "failed")
    assert outcome.report.values == {"bureau_status": "failed", "bureau_date": TODAY.isoformat()}


def dripping(handler: Handler, _: dict[str, Any]) -> None:
    """A byte now and then, each before a timeout of a socket would end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _byte in range(100):
        handler.wfile.write(b".")
        handler.wfile.flush()
        time.sleep(0.05)


def silent(_handler: Handler, _: dict[str, Any]) -> None:
    time.sleep(1.5)


def dripping_body(handler: Handler, question: dict[str, Any]) -> None:
    body = reply(question)
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    for each in body:
        handler.wfile.write(bytes([each]))
        handler.wfile.flush()
        time.sleep(0.05)


def endless(handler: Handler, _: dict[str, Any]) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b" " * 65_536)


def cut_off(handler: Handler, question: dict[str, Any]) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(reply(question))


def hung_up(handler: Handler, _: dict[str, Any]) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def elsewhere(handler: Handler, _: dict[str, Any]) -> None:
    handler.send(b"", 307, Location="http://127.0.0.1:9/")


def no_http(handler: Handler, _: dict[str, Any]) -> None:
    handler.wfile.write(b"what?\r\n\r\n")


BADLY: list[tuple[Callable[[Handler, dict[str, Any]], None], type[errors.BureauFailure]]] = [
    (silent, errors.BureauLate),
    (dripping, errors.BureauLate),
    (dripping_body, errors.BureauLate),
    (endless, errors.BureauReplyHuge),
    (cut_off, errors.BureauUnreachable),
    (hung_up, errors.BureauUnreachable),
    (elsewhere, errors.BureauRefused),
    (lambda handler, question: handler.send(reply(question), 500), errors.BureauRefused),
    (lambda handler, question: handler.send(reply(question), 404), errors.BureauRefused),
    (no_http, errors.BureauUnreachable),
]
NAMES = ("silent", "dripping", "dripping body", "endless", "cut off", "hung up", "elsewhere", "500", "404", "no HTTP")


@pytest.mark.parametrize(("answer", "failure"), BADLY, ids=NAMES)
def test_a_bureau_that_answers_badly_is_survived_in_time(
    there: BureauServer, answer: Callable[[Handler, dict[str, Any]], None], failure: type[errors.BureauFailure]
) -> None:
    there.answer = answer
    began = time.monotonic()
    outcome = outcome_of(http(there, 0.5), POLICY, QUESTION)
    assert outcome.failure == failure.__name__
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/", "ftp://127.0.0.1/", "file:///etc/passwd", "bureau", "http://a b/", "http://127.0.0.1:x/"]
)
def test_a_bureau_that_is_not_there(url: str) -> None:
    assert outcome_of(HttpBureau(url, SECRET, seconds=1), POLICY, QUESTION).failure == "BureauUnreachable"


class Broken:
    """Somebody else's adapter."""

    def report(self, asked: BureauQuestion) -> BureauReply:
        raise KeyError(asked.person.name)


def test_an_adapter_that_breaks_is_survived() -> None:
    assert outcome_of(Broken(), POLICY, QUESTION).failure == "BureauAdapterBroke"


def test_a_failure_is_kept_with_its_name_and_without_what_came(book: Book, there: BureauServer) -> None:
    customer = book.customer()
    book.agree(customer)
    there.answer = lambda handler, question: handler.send(reply(question, facts={"overdue_months_24m": 4711}))
    answer = asked(book, http(there), customer)
    assert answer.done and (answer.body["status"], answer.body["failure"]) == ("failed", "BureauFactUnusable")
    known = book.known(customer)
    assert known.written["bureau_status"] == "failed" and "overdue_months_24m" not in known.written
    (missing,) = (each for each in seen_facts(POLICY, known) if each.each.fact == "overdue_months_24m")
    assert missing.counts is None
    told = events(book.connection, customer)
    assert told[-2][1::2] == ("bureau.failed", {"enquiry": answer.body["enquiry"], "failure": "BureauFactUnusable"})
    assert "4711" not in str(told) and "4711" not in str(answer)


def test_no_record_is_an_answer(book: Book, there: BureauServer) -> None:
    customer = book.customer()
    book.agree(customer)
    there.answer = lambda handler, question: handler.send(reply(question, status="no_record", facts={}))
    assert asked(book, http(there), customer).body["status"] == "no_record"
    counts = {each.each.fact: each.counts for each in seen_facts(POLICY, book.known(customer))}
    assert counts["enquiries_3m"] == 0  # what the bundle gives to a thin file


@pytest.fixture
def delivered(tmp_path: Path) -> FileBureau:
    return FileBureau(tmp_path, SECRET)


def deliver(bureau: FileBureau, text: bytes, token: str = TOKEN) -> Outcome:
    (bureau.folder / f"{token}.json").write_bytes(text)
    return outcome_of(bureau, POLICY, QUESTION)


SAID = {"person": {"token": TOKEN}, "date": TODAY.isoformat()}


def test_a_batch_of_files(delivered: FileBureau) -> None:
    assert outcome_of(delivered, POLICY, QUESTION).failure == "BureauReplyMissing"
    outcome = deliver(delivered, reply(SAID, date=str(TODAY - DAY)))
    assert outcome.failure is None and outcome.report.observed == TODAY - DAY
    assert outcome.report.values["debts_elsewhere"] == "12000.50"
    assert deliver(delivered, reply(SAID, person="f" * 64)).failure == "BureauReplyAboutAnother"
    assert deliver(delivered, b" " * MOST_BYTES + b"  ").failure == "BureauReplyHuge"
    (delivered.folder / f"{TOKEN}.json").unlink()
    (delivered.folder / f"{TOKEN}.json").mkdir()
    assert outcome_of(delivered, POLICY, QUESTION).failure == "BureauUnreachable"


def test_a_file_becomes_a_snapshot(book: Book, delivered: FileBureau) -> None:
    customer = book.customer()
    book.agree(customer)
    token = person_token(SECRET, in_unit(book.connection, partial(read_person, ring=book.ring, customer_id=customer)))
    deliver(delivered, reply({"person": {"token": token}, "date": TODAY.isoformat()}), token)
    assert asked(book, delivered, customer).body["status"] == "found"
    sealed = one(book.connection, "SELECT string_agg(sealed, '') FROM snapshot WHERE customer_id = %s", customer)
    assert b"12000" not in bytes(sealed)


def test_a_bundle_that_cannot_say_how_the_asking_ended_asks_nobody(book: Book, there: BureauServer) -> None:
    customer = book.customer()
    book.agree(customer)
    texts = dict(POLICY.bundle.texts)
    texts["facts.yaml"] = texts["facts.yaml"].replace("no_consent, failed]", "no_consent, broken]")
    policy = compile_policy(from_texts(texts))
    answer = pull(book.connection, book.ring, http(there), policy, Asker(customer, "clerk-1", "1"))
    assert answer.body["code"] == "SourceWithoutStatus" and there.asked == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
bureau_facts = [each.fact for each in POLICY.plan.inputs if each.source == "bureau"]


def read(text: bytes) -> Report | None:
    """The report, or None where reading it is a failure; anything else that is raised fails the test."""
    try:
        return read_reply(POLICY.plan, "bureau", BureauReply(text, TOKEN), TODAY)
    except errors.BureauFailure:
        return None


@given(st.dictionaries(st.sampled_from(["version", "person", "status", "date", "facts"]), json_values, max_size=5))
def test_any_reply_is_read_or_a_failure(changed: dict[str, Any]) -> None:
    report = read(json.dumps({**json.loads(reply(SAID)), **changed}).encode())
    assert (report is not None) or changed
    if report is not None:
        assert report.observed <= TODAY and set(report.values) <= set(bureau_facts)


@given(st.dictionaries(st.sampled_from(bureau_facts), json_values, max_size=4))
def test_any_facts_are_read_or_a_failure(facts: dict[str, Any]) -> None:
    report = read(reply(SAID, facts=facts))
    if report is None:
        assert facts
    else:
        assert {fact for fact in facts if facts[fact] is not None} == set(report.values) - {"bureau_status", "bureau_date"}
