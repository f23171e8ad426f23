"""`shouxin apply`, `switch`, `decide replay`, `policy challenge`: from what is known to a line, as an operator does it."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml

from shouxin.bootstrap import BUREAU, BUREAU_SECRET
from shouxin.engines.policy.compile import compile_policy
from tests.book.facts.bureau_server import SECRET, Handler, bureau_server, reply
from tests.faces.cli.counter import FIRST_DAY, Counter

LIN: dict[str, Any] = yaml.safe_load(
    resources.files("shouxin.bundles").joinpath("standard/cases/profiles.yaml").read_text("utf-8")
)["lin"]
PLAN = compile_policy("standard").plan
BUREAU_FACTS = [each.fact for each in PLAN.inputs if each.source == "bureau" and not each.fact.startswith("bureau_")]
OWN = [each.fact for each in PLAN.inputs if each.source == "book"]


def known(counter: Counter, tmp_path: Path, *without: str) -> str:
    """A customer of whom is known what the cases say of Lin."""
    customer = counter.customer()
    counter("book", "customer", "consent", "give", customer, "bureau_query", "--text-version", "1", "--given-on", "2026-06-01")
    facts = {
        name: str(value) if name.endswith("_date") else value
        for name, value in LIN.items()
        if name not in (*OWN, *without, "consent_given")
    }
    facts |= {"customer_id": customer, "birth_date": str(facts["birth_date"]), "document_expires": str(facts["document_expires"])}
    file = tmp_path / "known.jsonl"
    file.write_text(json.dumps(facts) + "\n", encoding="utf-8")
    counter("facts", "load", str(file), "--as-of", FIRST_DAY.isoformat())
    return customer


def test_apply_accept_and_replay(counter: Counter, tmp_path: Path) -> None:
    customer = known(counter, tmp_path)
    told = counter.told("apply", "new", customer, "--product", "consumer-line:50000")
    (offer,) = told["products"]
    assert (offer["outcome"], offer["limit"], offer["annual_rate"]) == ("approve", "50000.00", "7.30")
    assert counter.refusal("apply", "accept", customer, offer["facility"], "--contract", "0" * 64) == "ContractNotShown"
    accepted = counter.told("apply", "accept", customer, offer["facility"], "--contract", offer["contract_sha256"])
    assert (accepted["limit"], accepted["closed"]) == ("50000.00", [])
    (part,) = counter.told("apply", "list", customer)
    assert (part["status"], part["by"], part["facility"]) == ("accepted", "machine", offer["facility"])
    again = counter.told("decide", "replay", told["decision"])
    assert again["same"] and again["kind"] == "application"
    assert counter.refusal("decide", "replay", offer["facility"]) == "DecisionUnknown"
    assert counter.refusal("apply", "new", customer, "--product", "pay-later", "--product", "pay-later:900") == "AskedTwice"


def test_products_are_matched_to_a_need(counter: Counter, tmp_path: Path) -> None:
    customer = known(counter, tmp_path)
    found = counter.told("apply", "match", customer, "--amount", "30000", "--purpose", "renovation")
    assert found["products"][0]["product"] == "consumer-line"
    said = counter("apply", "match", customer, "--amount", "30000", "--purpose", "renovation", "--lang", "zh")
    assert "试算结果不构成授信承诺" in said
    assert counter.refusal("apply", "match", customer, "--amount", "30000", "--purpose", "flying") == "UseUnknown"


def test_an_application_may_ask_the_bureau_first(counter: Counter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    customer = known(counter, tmp_path, "bureau_status", "bureau_date", *BUREAU_FACTS)
    assert counter.refusal("apply", "new", customer, "--product", "consumer-line", "--pull") == "BureauNotSaid"
    facts = {name: LIN[name] for name in BUREAU_FACTS}
    (tmp_path / "secret").write_bytes(SECRET)
    monkeypatch.setenv(BUREAU_SECRET, str(tmp_path / "secret"))
    with bureau_server() as bureau:
        monkeypatch.setenv(BUREAU, bureau.url)
        bureau.answer = lambda handler, question: Handler.send(handler, reply(question, facts=facts))
        (without,) = counter.told("apply", "new", customer, "--product", "consumer-line:50000")["products"]
        assert without["outcome"] == "refer" and bureau.asked == []
        other = known(counter, tmp_path, "bureau_status", "bureau_date", *BUREAU_FACTS)
        said = counter("apply", "new", other, "--product", "consumer-line:50000", "--pull")
        assert "leaves an enquiry" in said and len(bureau.asked) == 1
    shown = {each["fact"]: each["value"] for each in counter.told("facts", "show", other)["facts"]}
    assert (shown["bureau_status"], shown["history_months"]) == ("found", LIN["history_months"])


def test_a_challenger(counter: Counter) -> None:
    days = ("--from", FIRST_DAY.isoformat(), "--until", "2026-07-31")
    made = counter.told("policy", "challenge", "exclusive", *days, "--share", "10", "--most", "5")
    assert made["experiment"] == 1
    assert counter.refusal("policy", "challenge", "exclusive", *days) == "ExperimentRunning"
    (row,) = counter.told("policy", "experiments")
    assert (row["share"], row["most"], row["decided"]) == ("10.00%", "5", "0")
    counter("policy", "unchallenge", "1")
    assert counter.refusal("policy", "unchallenge", "1") == "ExperimentUnknown"
