"""Every kind of bad input to `shouxin book`: a named refusal, exit code 1, and nothing written."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.faces.cli.counter import Counter

NOBODY, NIL = "0198c0de-0000-7000-8000-000000000000", str(uuid.UUID(int=0))
DRAW = "book draw {customer} {facility} --months 12 --purpose shopping --amount"
GOOD = "book draw {customer} {facility} --amount 100"
OFFER = "book facility offer {other} consumer-line"
LOAN = "book loan {step} {customer} {loan} --reason AGREED"

REFUSED = [
    # amounts
    (f"{DRAW} 10.001", "AmountFinerThanMinorUnit", "amount"),
    (f"{DRAW} 0", "AmountNotPositive", "amount"),
    (f"{DRAW}=-5", "AmountNotPositive", "amount"),
    (f"{DRAW} 1e3", "AmountUnreadable", "amount"),
    (f"{DRAW} 1,000", "AmountUnreadable", "amount"),
    (f"{DRAW} １００", "AmountUnreadable", "amount"),
    (f"{DRAW} 99999999999999999", "AmountTooLarge", "amount"),
    (f"{DRAW} 100~USD", "CurrencyNotOfLender", "amount"),
    (f"{DRAW} 100~cny", "CurrencyUnknown", "amount"),
    (f"{DRAW} 49000.01", "DrawExceedsHeadroom", "amount"),
    ("book line set {customer} --total 0", "AmountNotPositive", "total"),
    ("book line set {customer} --total 999.99", "TotalLineBelowExposure", "total"),
    ("book repay {customer} {loan} --amount 0.00", "AmountNotPositive", "amount"),
    ("book repay {customer} --all --amount 0.001", "AmountFinerThanMinorUnit", "amount"),
    ("book refund {customer} --amount 1", "RefundExceedsCredit", "amount"),
    ("book loan fee {customer} {loan} --amount 0 --reason COPY", "AmountNotPositive", "amount"),
    # ids
    ("book customer show ann", "IdUnreadable", "customer"),
    (f"book customer show {NOBODY}", "CustomerUnknown", "customer"),
    (f"book facility list {NOBODY}", "CustomerUnknown", "customer"),
    (f"book loan list {NOBODY}", "CustomerUnknown", "customer"),
    (f"book draws {NOBODY}", "CustomerUnknown", "customer"),
    (f"book statement {NOBODY}", "CustomerUnknown", "customer"),
    (f"book line set {NOBODY} --total 100", "CustomerUnknown", "customer"),
    (f"book line set {NIL} --total 100", "CustomerUnknown", "customer"),
    (f"book facility accept {{customer}} {NOBODY}", "FacilityUnknown", "facility"),
    ("book facility accept {customer} {others_facility}", "FacilityUnknown", "facility"),
    (f"book loan show {{customer}} {NOBODY}", "LoanUnknown", "loan"),
    (f"book repay {{customer}} {NOBODY} --amount 1", "LoanUnknown", "loan"),
    ("book repay {other} {loan} --amount 1", "LoanUnknown", "loan"),
    (f"book pay-out {{customer}} {NOBODY} paid", "DrawUnknown", "loan"),
    (f"book settlement-certificate {{customer}} {NOBODY}", "LoanUnknown", "loan"),
    # dates
    ("book facility renew {customer} {facility} --until 2026-02-30 --reason YEARLY", "DayUnreadable", "until"),
    ("book facility renew {customer} {facility} --until 2026-07-01 --reason YEARLY", "ExpiryNotLater", "expires"),
    ("book statement {customer} --until 2026-06-30", "DayBeforeFirst", "until"),
    ("book statement {customer} --until 2026-7-1", "DayUnreadable", "until"),
    (LOAN.replace("{step}", "pause") + " --until 2026-07-01", "PauseEndsBeforeItStarts", "until"),
    (LOAN.replace("{step}", "rate") + " --to 9 --since 2026-06-30", "EventBeforePayout", "effective"),
    ("cob run --date 2026-06-30", "DayAlreadyClosed", "date"),
    ("cob run --date yesterday", "DayUnreadable", "date"),
    # lines and terms
    (f"{GOOD.replace('facility', 'closed')} --months 12 --purpose shopping", "FacilityNotDrawable", "facility"),
    (
        f"{GOOD.replace('customer', 'other').replace('facility', 'offered')} --months 3 --purpose shopping",
        "FacilityNotDrawable",
        "facility",
    ),
    (f"{GOOD} --months 12 --purpose boats", "PurposeUnknown", "purpose"),
    (f"{GOOD} --months 12 --purpose shares", "PurposeForbidden", "purpose"),
    (f"{GOOD} --months 7 --purpose travel", "TermNotOffered", "term"),
    (f"{GOOD} --months 0 --purpose travel", "TermNotOffered", "term"),
    (f"{GOOD} --months 12 --purpose travel --method balloon", "ConventionUnknown", "method"),
    (f"{GOOD} --months 12 --purpose travel --method equal-principal", "TermNotOffered", "term"),
    (f"{GOOD} --months 12 --purpose travel --category shop", "MerchantCategoryUnknown", "merchant_category"),
    (f"{GOOD} --months 12 --purpose travel --category 7995", "MerchantCategoryForbidden", "merchant_category"),
    (f"{GOOD} --months 12 --purpose travel --payee-account 6222", "PayeeIncomplete", "payee"),
    (f"{GOOD} --months 12 --purpose travel --proof /none", "FileUnreadable", "proof"),
    (f"{OFFER} --limit 1000", "OfferNotSaid", "offer"),
    (f"{OFFER} --limit 1000 --rate 9 --decision x.json", "OfferNotSaid", "offer"),
    (f"{OFFER} --limit 1050 --rate 9", "LimitOutsideProduct", "limit"),
    ("book facility offer {other} business-loan --limit 2000 --rate 9", "ExposureExceedsTotalLine", "limit"),
    (f"{OFFER} --limit 1000 --rate 9%", "RateUnreadable", "rate"),
    (f"{OFFER} --limit 1000 --rate=-1", "RateNegative", "rate"),
    (f"{OFFER} --limit 1000 --rate 2000", "RateAbsurd", "rate"),
    (f"{OFFER} --limit 1000 --rate 9 --term equal_instalment", "TermUnreadable", "term"),
    (f"{OFFER} --limit 1000 --rate 9 --term balloon:3", "ConventionUnknown", "term"),
    ("book facility offer {other} gold-line --limit 1000 --rate 9", "ProductUnknown", "product"),
    ("book facility offer {customer} consumer-line --limit 1000 --rate 9", "ProductHeld", "product"),
    ("book facility suspend {customer} {facility} --reason because", "ReasonMissing", "reason"),
    ("book close {customer} {closed}", "StatusForbids", "facility"),
    # loans
    ("book repay {customer} {settled} --amount 1", "PaidIntoNothing", "loan"),
    ("book repay {customer} --amount 1", "LoanOrAll", "loan"),
    ("book repay {customer} {loan} --all --amount 1", "LoanOrAll", "loan"),
    ("book repay {customer} {loan} --amount 1 --early never", "WordUnknown", "early"),
    ("book pay-out {customer} {loan} lost", "WordUnknown", "became"),
    ("book pay-out {customer} {loan} paid", "DrawNotUnderWay", "loan"),
    ("book bounce {customer} 1 --reason NO_FUNDS", "PaymentUnknown", "payment"),
    ("book settlement-certificate {customer} {loan}", "LoanNotSettled", "loan"),
    ("book loan extend {customer} {settled} --periods 1 --reason AGREED", "LoanSettled", "event"),
    (LOAN.replace("{step}", "extend") + " --periods 0", "PeriodsNotPositive", "periods"),
    (LOAN.replace("{step}", "reverse") + " 1", "ReversedEventUnknown", "reverses"),
    (LOAN.replace("{step}", "re-age") + " --arrears forgotten", "WordUnknown", "arrears"),
    # customers
    ("book customer new --name 王 --id-number 110101199003071234", "IdNumberCheckDigitWrong", "id_number"),
    ("book customer new --name 王", "IdNumberMissing", "id_number"),
    ("book customer new --kind house --name 王", "KindNotCreated", "kind"),
    ("book customer new --kind cat --name 王", "WordUnknown", "kind"),
    ("book customer new --name 王 --id-number 110101199003071233 --phone 12", "PhoneUnreadable", "phone"),
    ("book customer new --file /none", "FileUnreadable", "file"),
    ("book customer new --file /dev/null", "PersonMalformed", "file"),
    ("book customer find", "OneOfThem", "find"),
    ("book customer find --phone 1 --credit-code 2", "OneOfThem", "find"),
    ("book customer find --id-number 1", "IdNumberMalformed", "id_number"),
    ("book customer state {customer} frozen --reason death_certified", "ReasonNotOfChange", "reason"),
    ("book customer state {customer} asleep --reason cause_gone", "WordUnknown", "state"),
    (
        "book customer consent give {customer} bureau_query --text-version 1 --given-on 2026-07-02",
        "ConsentNotYetGiven",
        "given_on",
    ),
    ("book customer consent give {customer} everything --text-version 1", "WordUnknown", "purpose"),
    ("book customer consent withdraw {customer} 99", "ConsentUnknown", "consent"),
    ("book customer contact add {customer} phone 12 --purpose main", "PhoneUnreadable", "phone"),
    ("book customer contact add {customer} phone 13800138000 --purpose home", "PurposeUnknown", "purpose"),
    ("book customer contact end {customer} 99", "ContactUnknown", "contact"),
    # keys
    ("book line set {customer} --total 100 --key=", "KeyUnusable", "key"),
    (f"book line set {{customer}} --total 100 --key {'k' * 201}", "KeyUnusable", "key"),
]
_scenes: dict[str, dict[str, str]] = {}


@pytest.fixture
def scene(counter: Counter) -> dict[str, str]:
    """Somebody with a line, a loan, a settled loan and a closed line; somebody else with an offer. Made once for the module."""
    if "made" not in _scenes:
        customer, other = counter.customer(), counter.customer()
        facility = counter.facility(customer)
        loan, settled = counter.loan(customer, facility, "1000"), counter.loan(customer, facility, "1000")
        counter("book", "repay", customer, settled, "--amount", "1000")
        closed = counter.told("book", "facility", "offer", customer, "pay-later", "--limit", "100", "--rate", "7.3")["facility"]
        counter("book", "close", customer, closed)
        counter("book", "line", "set", other, "--total", "1500")
        offered = counter.told("book", "facility", "offer", other, "pay-later", "--limit", "100", "--rate", "7.3")["facility"]
        made = {"customer": customer, "other": other, "facility": facility, "loan": loan, "settled": settled}
        _scenes["made"] = {**made, "closed": closed, "offered": offered, "others_facility": offered}
    return _scenes["made"]


@pytest.mark.parametrize(("command", "code", "field"), REFUSED)
def test_what_is_refused(command: str, code: str, field: str, counter: Counter, scene: dict[str, str]) -> None:
    args = [each.replace("~", " ") for each in command.format(**scene).split()]
    before = counter.rows()
    told: dict[str, Any] = counter.told(*args, code=1)
    assert (told["refusal"]["code"], told["refusal"]["field"]) == (code, field)
    assert told["done"] is False and told["refusal"]["right"] and "value" in told["refusal"]
    assert counter.rows() == before


def test_a_refusal_is_one_line_in_either_language(counter: Counter, scene: dict[str, str]) -> None:
    args = [each.format(**scene) for each in (*DRAW.split(), "10.001")]
    assert counter(*args, code=1) == "AmountFinerThanMinorUnit: amount: 10.001: at most 2 decimals: CNY has no smaller unit\n"
    assert (
        counter(*args, "--lang", "zh", code=1) == "AmountFinerThanMinorUnit：amount：10.001：最多 2 位小数：CNY 没有更小的单位\n"
    )


def test_wrong_usage_is_no_refusal(counter: Counter) -> None:
    assert "Missing" in counter("book", "draw", code=2)
    assert "zh or en" in counter("book", "draws", NOBODY, "--lang", "fr", code=2)
