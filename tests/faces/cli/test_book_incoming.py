"""`shouxin book incoming`, `suspense`, `resolve`, `mandate`."""

from __future__ import annotations

from pathlib import Path

from tests.faces.cli.counter import FIRST_DAY, Counter


def test_a_statement_is_booked_and_what_nobody_is_found_for_is_resolved(counter: Counter, tmp_path: Path) -> None:
    customer = counter.customer()
    counter.facility(customer)
    file = tmp_path / "statement.csv"
    file.write_text(f"reference,day,amount,text\nA1,{FIRST_DAY},100.00,{customer}\nA2,{FIRST_DAY},55.50,谢谢\n", "utf-8")
    asked = ("book", "incoming", str(file), "--source", "bank-1")
    assert counter.told(*asked) == {"matched": 1, "suspense": 1, "resolved": 0}
    assert counter.told(*asked) == {"matched": 1, "suspense": 1, "resolved": 0}
    waiting = {"source": "bank-1", "reference": "A2", "day": str(FIRST_DAY), "amount": "55.50"}
    assert counter.told("book", "suspense") == {"lines": [waiting]}
    assert "流水号" in counter("book", "suspense", "--lang", "zh")
    resolving = ("book", "resolve", customer, "--source", "bank-1", "--reference", "A2")
    assert counter.told(*resolving)["credit"] == "55.50"
    assert counter.refusal(*resolving) == "LineNotInSuspense"
    assert counter.told(*asked) == {"matched": 1, "suspense": 0, "resolved": 1}
    assert counter.one("SELECT credit FROM customer_line WHERE customer_id = %s", customer) == (15_550,)


def test_what_is_no_statement_is_refused(counter: Counter, tmp_path: Path) -> None:
    file = tmp_path / "statement.csv"
    for text, code in (
        ("reference,amount\nA1,1\n", "StatementUnreadable"),
        (f"reference,day,amount,text\nA9,{FIRST_DAY},1.005,x\n", "AmountFinerThanMinorUnit"),
        (f"reference,day,amount,text\nA9,{FIRST_DAY},0,x\n", "AmountNotPositive"),
        ("reference,day,amount,text\nA9,2026-02-30,1,x\n", "DayUnreadable"),
    ):
        file.write_text(text, "utf-8")
        assert counter.refusal("book", "incoming", str(file), "--source", "bank-1") == code
    assert counter.refusal("book", "incoming", str(tmp_path / "none.csv"), "--source", "bank-1") == "StatementUnreadable"


def test_a_mandate_takes_the_place_of_the_one_before(counter: Counter) -> None:
    customer = counter.customer()
    first, second = (
        counter.told("book", "mandate", customer, "--name", "王小明", "--account", number)["mandate"] for number in ("1", "2")
    )
    query = "SELECT count(*) FILTER (WHERE ended IS NULL), count(*) FROM mandate WHERE customer_id = %s"
    assert counter.one(query, customer) == (1, 2)
    assert first != second
