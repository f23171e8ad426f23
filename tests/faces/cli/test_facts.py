"""`shouxin facts`: files loaded whole or not at all, and what is known of a customer shown."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import duckdb
import pytest

from shouxin.faces.cli.app import run
from shouxin.faces.cli.facts_shown import REMARKS
from tests.faces.cli.counter import FIRST_DAY, Counter

DAY = FIRST_DAY.isoformat()
HEAD = "customer_id,monthly_income,income_proof,income_date"


def written(path: Path, *lines: str) -> str:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def loaded(counter: Counter, file: str, *more: str) -> dict[str, Any]:
    told: dict[str, Any] = counter.told("facts", "load", file, "--as-of", DAY, *more)
    return told


def fault(counter: Counter, file: str, *more: str) -> str:
    """What is said of a file that cannot be used; nothing was written."""
    before = counter.rows()
    said = counter("facts", "load", file, "--as-of", DAY, *more, code=1)
    assert counter.rows() == before
    return said


def facts(counter: Counter, customer: str, *more: str) -> dict[str, dict[str, Any]]:
    shown = counter.told("facts", "show", customer, *more)
    assert shown["customer"] == customer
    return {each["fact"]: each for each in shown["facts"]}


def test_a_file_is_loaded_once(counter: Counter, tmp_path: Path) -> None:
    one, two = counter.customer(), counter.customer()
    file = written(tmp_path / "a.csv", HEAD, f"{one},12000.50,tax,2026-06-20", f"{two},,none,")
    first = loaded(counter, file)
    assert (first["customers"], first["snapshots"], first["known"]) == (2, 2, 0)
    before = counter.rows()
    again = loaded(counter, file)
    assert (again["snapshots"], again["known"]) == (0, 2) and counter.rows() == before
    income = facts(counter, one)["monthly_income"]
    assert {name: income[name] for name in ("value", "source", "observed", "known_since", "age_days", "consent", "remark")} == {
        "value": "12000.50",
        "source": "income",
        "observed": "2026-06-20",
        "known_since": DAY,
        "age_days": 11,
        "consent": None,
        "remark": None,
    }
    assert facts(counter, two)["income_date"]["value"] == DAY  # the day of the file, where the row does not say


def test_parquet_and_json_lines_say_the_same(counter: Counter, tmp_path: Path) -> None:
    csv, parquet, lines = (counter.customer() for _ in range(3))
    row = {"monthly_income": "8000.00", "income_proof": "payroll", "birth_date": "1990-03-07", "is_student": False}
    head = ",".join(["customer_id", *row])
    loaded(counter, written(tmp_path / "a.csv", head, f"{csv},8000,payroll,1990-03-07,false"))
    loaded(counter, written(tmp_path / "a.jsonl", json.dumps({"customer_id": lines, **row}), ""))
    select = f"'{parquet}' AS customer_id, 8000.00::DECIMAL(18, 2) AS monthly_income, 'payroll' AS income_proof"
    copied = f"COPY (SELECT {select}, DATE '1990-03-07' AS birth_date, FALSE AS is_student) TO '{tmp_path / 'a.parquet'}'"
    duckdb.execute(copied)
    assert loaded(counter, str(tmp_path / "a.parquet"))["snapshots"] == 2
    for customer in (csv, parquet, lines):
        found = facts(counter, customer)
        assert {name: found[name]["value"] for name in row} == row


FAULTS = [
    ("no such column", f"{HEAD},montly_debt", "{one},1,tax,2026-06-20,2", "montly_debt: no such fact in this bundle"),
    ("our own books", "customer_id,months_on_book", "{one},12", "months_on_book: a fact of our own books"),
    ("our own lines", "customer_id,held_consumer_line", "{one},true", "held_consumer_line: a fact of our own books"),
    ("no fact at all", "customer_id", "{one}", "no column is a fact"),
    ("no key", "customer,monthly_income", "{one},1", "missing column customer_id"),
    ("a value out of range", HEAD, "{one},-5,tax,2026-06-20", "row 2, key {one}, monthly_income: '-5': money between 0 and"),
    ("a word unknown", HEAD, "{one},5,hearsay,2026-06-20", "row 2, key {one}, income_proof: 'hearsay': one of tax"),
    ("a key that is none", HEAD, "me,5,tax,2026-06-20", "row 2, key me, customer_id: 'me': a customer's id"),
    ("a key twice", HEAD, "{one},5,tax,2026-06-20\n{one},5,tax,2026-06-20", "this key stands in several rows"),
    ("no customer", HEAD, "{nobody},5,tax,2026-06-20", "row 2, key {nobody}, customer_id: '{nobody}': the id of a customer"),
    ("the house", HEAD, "{house},5,tax,2026-06-20", "nobody has this one"),
    ("a day to come", HEAD, "{one},5,tax,2026-07-02", "row 2, key {one}, observed: '2026-07-02': 2026-07-01 or earlier"),
    ("no consent", "customer_id,bureau_status", "{one},found", "a source that the customer agreed to on 2026-07-01"),
]


@pytest.mark.parametrize(("head", "row", "right"), [each[1:] for each in FAULTS], ids=[each[0] for each in FAULTS])
def test_a_file_with_a_fault_loads_nothing(counter: Counter, tmp_path: Path, head: str, row: str, right: str) -> None:
    one, nobody, house = counter.customer(), str(uuid.uuid4()), str(uuid.UUID(int=0))
    names = {"one": one, "nobody": nobody, "house": house}
    sound = f"{counter.customer()},5,tax,2026-06-20"
    lines = [head, row.format(**names), *([sound] if head == HEAD else [])]
    file = written(tmp_path / "a.csv", *lines)
    said = fault(counter, file)
    assert "a.csv" in said and right.format(**names) in said


LINES = [
    ("no JSON", "{", "row 1, key -, line"),
    ("NaN", '{"customer_id": "$", "fraud_score": NaN}', "finite numbers"),
    ("a name twice", '{"customer_id": "$", "fraud_score": 1, "fraud_score": 2}', "each name once"),
    ("no key", '{"fraud_score": 1}', "with the customer's id as customer_id"),
    ("a float of money", '{"customer_id": "$", "monthly_income": 1.005}', "row 1, key $, monthly_income"),
    ("text for a number", '{"customer_id": "$", "fraud_score": "1"}', "fraud_score: '1': an integer between 0 and 1000"),
    ("unknown", '{"customer_id": "$", "fraud_scor": 1}', "did you mean fraud_score?"),
    ("nothing", "", "holds no rows"),
]


@pytest.mark.parametrize(("line", "right"), [each[1:] for each in LINES], ids=[each[0] for each in LINES])
def test_json_lines_with_a_fault_load_nothing(counter: Counter, tmp_path: Path, line: str, right: str) -> None:
    one = counter.customer()
    assert right.replace("$", one) in fault(counter, written(tmp_path / "a.jsonl", line.replace("$", one)))


def test_only_one_source_where_one_is_asked_for(counter: Counter, tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", f"{HEAD},housing", f"{counter.customer()},5,tax,2026-06-20,rented")
    assert "housing: a fact of the source profile; only facts of income" in fault(counter, file, "--source", "income")
    assert loaded(counter, file)["snapshots"] == 2
    assert counter.refusal("facts", "load", file, "--as-of", DAY, "--source", "tea leaves") == "SourceUnknown"
    assert counter.refusal("facts", "load", file, "--as-of", DAY, "--source", "book") == "SourceOfOurOwn"
    assert counter.refusal("facts", "load", file, "--as-of", "2026-07-02") == "ObservedLater"
    assert "no such file" in fault(counter, str(tmp_path / "b.csv"))
    assert "is a .parquet or a .csv" in fault(counter, written(tmp_path / "c.txt", "x"))


def test_another_bundle_types_a_file(counter: Counter, tmp_path: Path) -> None:
    customer = counter.customer()
    file = written(tmp_path / "a.csv", "customer_id,monthly_debt,housing", f"{customer},100,other")
    assert "monthly_debt: no such fact" in fault(counter, file)
    assert loaded(counter, file, "--bundle", "starter")["snapshots"] == 1
    assert facts(counter, customer)["housing"]["value"] == "other"  # the bundle in force reads it where it has the fact


def test_the_bureau_is_loaded_for_who_agreed(counter: Counter, tmp_path: Path) -> None:
    customer = counter.customer()
    given = counter.told("book", "customer", "consent", "give", customer, "bureau_query", "--text-version", "2026-01")
    head = "customer_id,bureau_status,bureau_date,enquiries_3m,debts_elsewhere"
    loaded(counter, written(tmp_path / "a.csv", head, f"{customer},found,{DAY},2,1000"))
    found = facts(counter, customer)
    assert found["enquiries_3m"]["value"] == 2 and found["enquiries_3m"]["consent"] == given["consent"]
    assert found["consent_given"]["value"] is True and found["consent_given"]["source"] == "record"


def test_every_fact_is_shown_with_why_it_is_missing(counter: Counter, tmp_path: Path) -> None:
    customer = counter.customer()
    loaded(counter, written(tmp_path / "a.csv", HEAD, f"{customer},9000,tax,2025-07-01"))
    loaded(counter, written(tmp_path / "b.csv", "customer_id,bureau_status", f"{customer},failed"))
    found = facts(counter, customer)
    remarks = {name: each["remark"] for name, each in found.items()}
    expected = {
        "monthly_income": "too_old",
        "enquiries_3m": "failed",
        "identity_verified": "required",
        "housing": "not_given",
        "customer_state": None,
        "large_need": "default",
        "months_on_book": "no_record",
        "is_sanctioned": "not_given",
    }
    assert {name: remarks[name] for name in expected} == expected
    assert (found["monthly_income"]["value"], found["monthly_income"]["came"]) == (None, "9000.00")
    assert found["months_on_book"]["value"] == 0
    assert set(remarks.values()) - {None} <= set(REMARKS)
    facility = counter.facility(customer)
    assert facility
    found = facts(counter, customer)
    assert (found["held_consumer_line"]["value"], found["held_consumer_line"]["source"]) == (True, "book")
    assert found["line_consumer_line"]["value"] == "50000.00"


def test_it_is_shown_to_people_in_both_languages(counter: Counter, tmp_path: Path) -> None:
    customer = counter.customer()
    loaded(counter, written(tmp_path / "a.csv", HEAD, f"{customer},12000.50,tax,2026-06-20"))
    shown = counter("facts", "show", customer, "--lang", "zh")
    for text in (
        "已核实月收入",
        "12,000.50",
        "收入核验",
        "2026-06-20",
        "未获授权",
        "正常",
        "缺少必填变量，无法审批：身份核验通过",
        "客户档案",
    ):
        assert text in shown
    shown = counter("facts", "show", customer)
    for text in (
        "verified monthly income",
        "12,000.50",
        "income check",
        "no consent",
        "No decision can be made without: identity",
    ):
        assert text in shown
    shown = counter("facts", "load", str(tmp_path / "a.csv"), "--as-of", DAY, "--lang", "zh")
    assert "此前已登记" in shown and "standard 1" in shown


def test_who_looked_is_noted(counter: Counter) -> None:
    customer = counter.customer()
    noted = "SELECT count(*) FROM audit WHERE customer_id = %s AND action = 'personal.read' AND about = 'facts'"
    assert counter.one(noted, customer) == (0,)
    facts(counter, customer)
    assert counter.one(noted, customer) == (1,)
    assert counter.refusal("facts", "show", str(uuid.uuid4())) == "CustomerUnknown"
    assert counter.refusal("facts", "show", customer, "--as-of", "2026-07-02") == "ObservedLater"
    assert counter.refusal("facts", "show", customer, "--as-of", "2026-06-30") == "BundleNotActive"


def test_what_is_known_on_a_day_stays(counter: Counter, tmp_path: Path) -> None:
    customer = counter.customer()
    loaded(counter, written(tmp_path / "a.csv", HEAD, f"{customer},5,tax,2026-06-20"))
    counter("cob", "run", "--date", DAY)
    before = facts(counter, customer, "--as-of", DAY)
    loaded(counter, written(tmp_path / "b.csv", HEAD, f"{customer},7,tax,2026-06-30"))
    assert facts(counter, customer, "--as-of", DAY) == before
    assert facts(counter, customer)["monthly_income"]["value"] == "7.00"


def test_wrong_usage_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["facts", "load"]) == 2
    assert capsys.readouterr().err
