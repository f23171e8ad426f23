"""`shouxin book customer`: people, their state, consents and contacts; nothing personal is printed in clear."""

from __future__ import annotations

import json
from pathlib import Path

from tests.desk.servicing.lender import with_check
from tests.faces.cli.counter import Counter

NUMBER = with_check("11010119880808123")


def test_a_person(counter: Counter, tmp_path: Path) -> None:
    file = tmp_path / "person.json"
    file.write_text(json.dumps({"name": "欧阳小明", "id_number": NUMBER, "phone": "13900139000"}), "utf-8")
    made = counter.told("book", "customer", "new", "--file", str(file), "--key", "ouyang")
    customer = made["customer"]
    again = counter.told("book", "customer", "new", "--file", str(file), "--key", "ouyang")
    assert again == {**made, "repeated": True}
    assert counter.refusal("book", "customer", "new", "--file", str(file)) == "IdentityAlreadyKnown"
    assert counter.told("book", "customer", "find", "--id-number", NUMBER) == {"customers": [customer]}
    assert counter.told("book", "customer", "find", "--phone", "139 0013 9000") == {"customers": [customer]}
    assert counter.told("book", "customer", "find", "--phone", "13900139001") == {"customers": []}
    printed = counter("book", "customer", "show", customer, "--lang", "zh")
    assert "欧***" in printed and "110101********" in printed and "+86139****9000" in printed and "个人" in printed
    assert NUMBER not in printed and "欧阳" not in printed
    [row] = [counter.one("SELECT action, principal FROM audit WHERE customer_id = %s", customer)]
    assert row[0] == "customer.read" and row[1].startswith("cli:")


def test_a_key_belongs_to_whoever_asks(counter: Counter) -> None:
    counter("book", "customer", "new", "--name", "甲", "--id-number", with_check("11010119880808223"), "--key", "mine")
    other = ("book", "customer", "new", "--name", "乙", "--id-number", with_check("11010119880808323"), "--key", "mine")
    assert counter.refusal(*other) == "KeyUsedForAnother"


def test_a_business(counter: Counter) -> None:
    made = counter.told(
        "book", "customer", "new", "--kind", "company", "--name", "某某公司", "--credit-code", "91110000600037341L"
    )
    assert made["kind"] == "company"
    assert counter.told("book", "customer", "find", "--credit-code", "91110000-600037341l") == {"customers": [made["customer"]]}
    shown = counter.told("book", "customer", "show", made["customer"])
    assert (shown["name"], shown["credit_code"], shown["id_number"]) == ("某***", "911100********341L", None)


def test_consents_and_contacts(counter: Counter) -> None:
    customer = counter.customer()
    given = counter.told("book", "customer", "consent", "give", customer, "bureau_query", "--text-version", "2026-01")
    counter("book", "customer", "consent", "give", customer, "sensitive_data", "--text-version", "1", "--ends-on", "2027-01-01")
    counter("book", "customer", "consent", "withdraw", customer, str(given["consent"]))
    added = counter.told("book", "customer", "contact", "add", customer, "email", "wang@example.com", "--purpose", "notices")
    counter("book", "customer", "contact", "end", customer, str(added["contact"]))
    shown = counter.told("book", "customer", "show", customer)
    assert [(each["purpose"], each["withdrawn"]) for each in shown["consents"]] == [
        ("bureau_query", "2026-07-01"),
        ("sensitive_data", None),
    ]
    assert [(each["text"], each["until"]) for each in shown["contacts"]] == [("w***@example.com", "2026-07-01")]


def test_who_may_borrow(counter: Counter) -> None:
    customer = counter.customer()
    facility = counter.facility(customer)
    assert counter.told("book", "customer", "state", customer, "frozen", "--reason", "court_order")["state"] == "frozen"
    draw = ("book", "draw", customer, facility, "--amount", "100", "--months", "3", "--purpose", "travel")
    assert counter.refusal(*draw) == "CustomerFrozen"
    assert "客户状态  正常" in counter("book", "customer", "state", customer, "normal", "--reason", "cause_gone", "--lang", "zh")
    counter(*draw)
