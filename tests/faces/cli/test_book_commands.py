"""`shouxin book` and `shouxin cob`: lives of customers, lines and loans from the command line."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests.faces.cli.counter import Counter


def test_from_an_offer_to_a_certificate(counter: Counter) -> None:
    customer = counter.customer()
    assert counter.told("book", "line", "set", customer, "--total", "50000.00")["total"] == "50000.00"
    offered = counter.told("book", "facility", "offer", customer, "consumer-line", "--limit", "50000", "--rate", "10.95")
    assert (offered["status"], offered["limit"], offered["annual_rate"]) == ("offered", "50000.00", "10.95")
    facility = offered["facility"]
    assert counter.told("book", "facility", "accept", customer, facility)["status"] == "active"
    loan = counter.draw(customer, facility)
    assert [each["status"] for each in counter.told("book", "draws", customer)["draws"]] == ["reserved"]
    assert "已预占" in counter("book", "draws", customer, "--lang", "zh")
    assert counter.told("book", "pay-out", customer, loan, "paid")["loan"] == loan
    paid = counter.told("book", "repay", customer, loan, "--amount", "2000.50", "--early", "shorten-term")
    assert paid["paid"] == {"principal_repaid": "2000.50"} and paid["credit"] == "0.00"
    shown = counter.told("book", "loan", "show", customer, loan)
    assert (shown["principal"], shown["payoff"], shown["status"]) == ("9999.50", "9999.50", "running")
    assert shown["lenders"] == {"self": "100.00"}
    assert "the lender itself" in counter("book", "loan", "show", customer, loan)
    assert [each["kind"] for each in shown["events"]] == ["loan.paid_out", "loan.repaid"]
    last = counter.told("book", "repay", customer, loan, "--amount", "10000")
    assert last["credit"] == "0.50"
    assert counter.told("book", "refund", customer, "--amount", "0.50")["credit"] == "0.00"
    certificate = counter("book", "settlement-certificate", customer, loan, "--lang", "zh")
    assert certificate.startswith("结清证明") and "人民币壹万贰仟元整" in certificate and "请求号" in certificate
    assert counter.told("book", "close", customer, facility)["status"] == "closed"
    listed = counter.told("book", "facility", "list", customer)
    assert listed["line"]["exposure"] == "0.00" and [each["status"] for each in listed["facilities"]] == ["closed"]


def test_a_repeat_is_told_the_first_answer(counter: Counter) -> None:
    customer = counter.customer()
    facility = counter.facility(customer)
    asked = ("book", "draw", customer, facility, "--amount", "100", "--months", "3", "--purpose", "travel", "--key", "once")
    first = counter(*asked)
    again = counter(*asked)
    assert again == first + "This request was answered before; that is its first answer.\n"
    told = counter.told(*asked)
    assert told["repeated"] and told["key"] == "once" and told["loan"] in first
    assert counter.one("SELECT reserved FROM facility WHERE facility_id = %s", facility) == (10_000,)
    other = ("book", "draw", customer, facility, "--amount", "101", "--months", "3", "--purpose", "travel", "--key", "once")
    assert counter.refusal(*other) == "KeyUsedForAnother"


def test_a_repeated_refusal_is_told_again(counter: Counter) -> None:
    customer = counter.customer()
    asked = ("book", "line", "set", customer, "--total", "10", "--reason", "GRANTED", "--key", "line")
    counter(*asked)
    facility = counter.told("book", "facility", "offer", customer, "pay-later", "--limit", "100", "--rate", "7.3")["facility"]
    accept = ("book", "facility", "resume", customer, facility, "--reason", "CURED", "--key", "resume")
    assert counter.told(*accept, code=1)["refusal"]["code"] == "StatusForbids"
    counter("book", "facility", "accept", customer, facility)
    again = counter.told(*accept, code=1)
    assert again["repeated"] and again["refusal"]["right"] == "a facility that is suspended; this one is offered"
    assert "此前已处理" in counter(*accept, "--lang", "zh", code=1)


def test_what_a_facility_goes_through(counter: Counter) -> None:
    customer = counter.customer()
    facility = counter.facility(customer)
    of = (customer, facility)
    assert counter.told("book", "facility", "suspend", *of, "--reason", "CHECK")["status"] == "suspended"
    assert counter.told("book", "facility", "resume", *of, "--reason", "CHECKED")["status"] == "active"
    assert counter.told("book", "facility", "limit", *of, "--to", "20000", "--reason", "RISK")["limit"] == "20000.00"
    assert (
        counter.told("book", "facility", "renew", *of, "--until", "2028-01-31", "--reason", "YEARLY")["expires"] == "2028-01-31"
    )
    shown = counter("book", "facility", "list", customer, "--lang", "zh")
    assert "年化利率（单利）" in shown and "10.95%" in shown and "20,000.00" in shown and "正常" in shown
    assert "可用" in shown and "综合授信额度" in shown


def test_an_offer_from_a_decision(counter: Counter, tmp_path: Path) -> None:
    bundle_hash = counter.one("SELECT encode(hash, 'hex') FROM activation")[0]
    answer = {"product": "consumer-line", "outcome": "approve", "limit": 3_000_000, "rate_ppm": 73_000}
    answer["terms"] = [["interest_only", [6, 12]]]
    decision = {"bundle_hash": bundle_hash, "products": [answer, {"product": "business-loan", "outcome": "decline"}]}
    file = tmp_path / "decision.json"
    file.write_text(json.dumps(decision), "utf-8")
    customer = counter.customer()
    counter("book", "line", "set", customer, "--total", "30000")
    offered = counter.told("book", "facility", "offer", customer, "consumer-line", "--decision", str(file))
    assert (offered["limit"], offered["annual_rate"]) == ("30000.00", "7.30")
    assert counter.one("SELECT terms FROM facility WHERE facility_id = %s", offered["facility"]) == (
        [["interest_only", [6, 12]]],
    )
    assert (
        counter.refusal("book", "facility", "offer", customer, "business-loan", "--decision", str(file)) == "ProductNotApproved"
    )
    file.write_text(json.dumps({**decision, "bundle_hash": "0" * 64}), "utf-8")
    told = counter("book", "facility", "offer", customer, "business-loan", "--decision", str(file), code=1)
    assert told.startswith("DecisionOfAnotherBundle: decision: 000000000000: a decision by the bundle in force, standard")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"bundle_hash": "HASH"}',
        '{"bundle_hash": "HASH", "products": [{"product": "x"}]}',
        "\ufeff{}x",
        "[" * 99_999,
    ],
)
def test_files_that_are_no_decision(text: str, counter: Counter, tmp_path: Path) -> None:
    file = tmp_path / "decision.json"
    file.write_text(text.replace("HASH", counter.one("SELECT encode(hash, 'hex') FROM activation")[0]), "utf-8")
    customer = counter.customer()
    asked = ("book", "facility", "offer", customer, "consumer-line", "--decision")
    assert counter.refusal(*asked, str(file)) == "FileMalformed"
    assert counter.refusal(*asked, str(tmp_path / "none.json")) == "FileUnreadable"


def test_money_to_a_payee_with_proof(counter: Counter, tmp_path: Path) -> None:
    customer = counter.customer()
    facility = counter.facility(customer, limit="300000")
    (tmp_path / "contract.pdf").write_bytes(b"a contract")
    terms = ("--months", "12", "--purpose", "renovation", "--category", "5211", "--payee-name", "装修公司")
    asked = ("book", "draw", customer, facility, "--amount", "60000 CNY", *terms, "--proof", str(tmp_path / "contract.pdf"))
    assert counter.refusal(*asked) == "PayeeIncomplete"
    loan = counter.told(*asked, "--payee-account", "6222020200112233445")["loan"]
    row = counter.one("SELECT entrusted, merchant_category, payee IS NOT NULL FROM draw WHERE loan_id = %s", loan)
    assert row == (True, "5211", True)
    row = counter.one("SELECT number, kind, sha256 FROM draw_proof WHERE loan_id = %s", loan)
    assert row == (1, None, hashlib.sha256(b"a contract").digest())
    assert counter.told("book", "pay-out", customer, loan, "failed", "--why", "no such account")["loan"] == loan
    [draw] = counter.told("book", "draws", customer)["draws"]
    assert (draw["status"], draw["failure"]) == ("failed", "no such account")
    assert counter.refusal("book", "pay-out", customer, loan, "paid") == "DrawNotUnderWay"


def test_a_draw_of_a_scenario_says_which_paper_each_proof_is(counter: Counter, tmp_path: Path) -> None:
    customer = counter.customer()
    counter("book", "line", "set", customer, "--total", "300000")
    terms = ("--limit", "200000", "--rate", "6.57")
    facility = counter.told("book", "facility", "offer", customer, "business-loan-stocking", *terms)["facility"]
    counter("book", "facility", "accept", customer, facility)
    invoice, receipts = tmp_path / "invoice.pdf", tmp_path / "receipts=2025.pdf"
    invoice.write_bytes(b"an invoice")
    receipts.write_bytes(b"receipts")
    asked = ("book", "draw", customer, facility, "--amount", "150000", "--months", "6", "--purpose", "stock")
    assert counter.refusal(*asked) == "ProofKindMissing"
    assert counter.refusal(*asked, "--proof", str(invoice)) == "ProofKindUnknown"
    assert counter.refusal(*asked, "--proof", f"contract={invoice}") == "ProofKindUnknown"
    assert counter.refusal(*asked, "--proof", f"stock_invoice={invoice}") == "ProofKindMissing"
    assert "往年同期销售流水" in counter(*asked, "--proof", f"stock_invoice={invoice}", "--lang", "zh", code=1)
    both = ("--proof", f"stock_invoice={invoice}", "--proof", f"receipts_forecast={receipts}")
    counter.told(*asked, *both)
    [draw] = counter.told("book", "draws", customer)["draws"]
    hashes = [hashlib.sha256(each).hexdigest() for each in (b"an invoice", b"receipts")]
    kinds = ("stock_invoice", "receipts_forecast")
    assert draw["proof"] == [{"kind": kind, "sha256": each} for kind, each in zip(kinds, hashes, strict=True)]


def test_money_that_bounces(counter: Counter) -> None:
    customer = counter.customer()
    loan = counter.loan(customer, counter.facility(customer))
    paid = counter.told("book", "repay", customer, loan, "--amount", "12000")
    assert counter.told("book", "loan", "show", customer, loan)["status"] == "settled"
    bounced = counter.told("book", "bounce", customer, str(paid["payment"]), "--reason", "NO_FUNDS")
    assert bounced["loans"] == [loan]
    assert counter.told("book", "loan", "show", customer, loan)["principal"] == "12000.00"
    assert counter.refusal("book", "bounce", customer, str(paid["payment"]), "--reason", "NO_FUNDS") == "PaymentAlreadyBounced"
    assert counter.refusal("book", "bounce", customer, "9999", "--reason", "NO_FUNDS") == "PaymentUnknown"


def test_what_is_agreed_while_a_loan_runs(counter: Counter) -> None:
    customer = counter.customer()
    facility = counter.facility(customer)
    of = (customer, counter.loan(customer, facility))
    change = ("book", "loan")
    counter(*change, "extend", *of, "--periods", "3", "--reason", "AGREED")
    shown = counter.told(*change, "show", *of)
    assert len(shown["instalments"]) == 15
    counter(*change, "rate", *of, "--to", "9.5", "--reason", "AGREED")
    counter(*change, "rate", *of, "--to", "9", "--since", "2026-08-15", "--reason", "AGREED")
    shown = counter.told(*change, "show", *of)
    assert shown["annual_rate"] == "9.50" and [each["annual_rate"] for each in shown["events"][2:]] == ["9.50", "9.00"]
    counter(*change, "pause", *of, "--until", "2026-07-11", "--reason", "HARDSHIP")
    charged = counter.told(*change, "fee", *of, "--amount", "30", "--reason", "COPY")
    assert charged["changed"] == {"fees_raised": "30.00"}
    event = counter.told(*change, "show", *of)["events"][-1]["number"]
    assert counter.told(*change, "reverse", *of, str(event), "--reason", "MISTAKE")["changed"] == {"fees_raised": "-30.00"}
    assert counter.refusal(*change, "renew", *of, "--periods", "6", "--rate", "9", "--reason", "AGREED") == "RenewalNotOffered"
    counter(*change, "restructure", *of, "--periods", "24", "--rate", "8", "--arrears", "capitalised", "--reason", "HARDSHIP")
    assert counter.refusal(*change, "re-age", *of, "--reason", "HARDSHIP") == "LoanNotOverdue"
    counter(*change, "recall", *of, "--reason", "MISUSE")
    assert counter.told(*change, "show", *of)["due"] == "12000.00"
    assert counter.told(*change, "write-off", *of, "--reason", "LOSS")["claim"] == "12000.00"
    assert counter.told("book", "facility", "list", customer)["facilities"][0]["status"] == "suspended"
    assert counter.told(*change, "list", customer)["loans"][0]["status"] == "written_off"
    assert counter.refusal("book", "settlement-certificate", *of) == "LoanNotSettled"
    printed = counter(*change, "show", *of, "--lang", "zh")
    assert "已核销 2026-07-01" in printed and "利率调整，年化利率（单利）9.50%" in printed


def test_misuse(counter: Counter) -> None:
    customer = counter.customer()
    facility = counter.facility(customer)
    loan = counter.loan(customer, facility)
    told = counter.told("book", "loan", "misuse", customer, loan, "--recall")
    assert told["recalled"] is True and told["annual_rate"] == "21.90"
    assert counter.told("book", "loan", "show", customer, loan)["due"] == "12000.00"


def test_days_are_closed_and_money_pays_what_is_due(counter: Counter) -> None:
    customer = counter.customer()
    loan = counter.loan(customer, counter.facility(customer))
    before = counter.told("cob", "status")
    assert before["unfinished"] is None
    closed = counter.told("cob", "run", "--date", "2026-07-31")["closed"]
    assert closed[0]["day"] == before["open"] and closed[-1]["day"] == "2026-07-31" and closed[-1]["turns"] >= 1
    assert counter.refusal("cob", "run", "--date", "2026-07-31") == "DayAlreadyClosed"
    assert counter.refusal("cob", "run", "--date", "2062-08-01") == "DaysTooMany"
    after = counter.told("cob", "status")
    assert (after["open"], after["closed"], len(after["hash"])) == ("2026-08-01", "2026-07-31", 64)
    assert "当前营业日  2026-08-01" in counter("cob", "status", "--lang", "zh")
    due = counter.told("book", "loan", "show", customer, loan)["due"]
    paid = counter.told("book", "repay", customer, "--all", "--amount", due)
    [(_, parts)] = paid["paid"].items()
    assert set(parts) == {"principal_repaid", "interest_paid"} and paid["credit"] == "0.00"
    assert "2026-08-01" in counter("cob", "run", "--date", "2026-08-01", "--lang", "zh")
    then = counter.told("book", "statement", customer, "--until", "2026-07-15")
    assert [each["status"] for each in then["loans"][0]["instalments"]] == ["to_come"] * 12
    now = counter.told("book", "statement", customer)
    assert [each["status"] for each in now["loans"][0]["instalments"]] == ["paid", *["to_come"] * 11]
    assert [each["kind"] for each in now["events"]][-1] == "payment.received"
    printed = counter("book", "statement", customer, "--lang", "zh")
    assert printed.startswith(f"客户对账单 {customer}，截至 2026-08-02") and "来款" in printed and "额度、支用与来款" in printed
    assert counter.refusal("book", "statement", customer, "--until", "2026-08-03") == "DayToCome"
    assert counter.refusal("book", "statement", customer, "--until", "2026-06-30") == "DayBeforeFirst"
    assert counter.refusal("policy", "activate", "starter", "--from", "2026-08-01", "--seconds", "1") == "SinceBeforeToday"
    assert counter.told("ledger", "verify")["whole"]
