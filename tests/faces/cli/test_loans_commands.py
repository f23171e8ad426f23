"""`shouxin loans`: what it prints, and every bad input as one clear line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shouxin.faces.cli.app import run

Out = pytest.CaptureFixture[str]
TERMS: dict[str, Any] = {
    "model": "progressive",
    "principal": "100",
    "annual_rate_pct": "7",
    "number_of_repayments": 6,
    "repayment_every": 1,
    "repayment_frequency": "MONTHS",
    "interest_type": "declining_balance",
    "interest_calculation_period": "daily",
    "amortization": "equal_installments",
    "days_in_year": 360,
    "days_in_month": 30,
    "disbursement_date": "2024-01-01",
    "first_due_date": "2024-02-01",
    "currency": "EUR",
    "decimals": 2,
    "rounding_mode": "HALF_EVEN",
    "installment_multiple_of": None,
}
FLOWS: dict[str, Any] = {
    "regime": "CN effective (compound IRR)",
    "drawdowns": [{"amount": 10000, "t_years": 0}],
    "payments": [{"amount": 933.33, "t_years": number / 12} for number in range(1, 13)],
}
QUOTE = ["loans", "quote", "--amount", "10000", "--annual-rate", "10.95", "--months", "3", "--start", "2026-01-15"]


def written(folder: Path, value: Any) -> str:
    path = folder / "input.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return str(path)


def schedule(folder: Path, events: list[dict[str, Any]] | None = None, **terms: Any) -> list[str]:
    return ["loans", "schedule", written(folder, {"terms": {**TERMS, **terms}, "events": events or []})]


# What is printed.


def test_a_schedule_in_the_vectors_shape(tmp_path: Path, capsys: Out) -> None:
    payoff = [
        {"date": "2024-02-01", "type": "repayment", "amount": "17.01"},
        {"date": "2024-02-15", "type": "payoff", "amount": "83.81"},
    ]
    assert run([*schedule(tmp_path, payoff, interest_recalculation=True), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["totals"] == {"principal": "100.00", "interest": "0.82", "due": "100.82"}
    assert made["installments"][1] == {
        "n": 2,
        "due_date": "2024-03-01",
        "principal": "16.77",
        "interest": "0.24",
        "due": "17.01",
        "balance_after": "66.80",
        "paid_date": "2024-02-15",
    }


def test_a_schedule_as_a_table(tmp_path: Path, capsys: Out) -> None:
    assert run(schedule(tmp_path)) == 0
    shown = capsys.readouterr().out
    assert "2024-07-01" in shown and "17.01" in shown and "102.05" in shown


def test_a_name_that_nothing_reads_is_told(tmp_path: Path, capsys: Out) -> None:
    assert run([*schedule(tmp_path, colour="red"), "--json"]) == 0
    printed = capsys.readouterr()
    assert "terms.colour" in printed.err and json.loads(printed.out)["totals"]["due"] == "102.05"


def test_a_rate(tmp_path: Path, capsys: Out) -> None:
    assert run(["loans", "apr", written(tmp_path, FLOWS), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "apr_pct": 23.697541,
        "rule": "effective-compound",
        "nominal_12x_monthly_irr_pct": 21.456491,
    }
    assert run(["loans", "apr", written(tmp_path, FLOWS)]) == 0
    assert "23.697541%" in capsys.readouterr().out


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("method", ["equal-instalment", "equal-principal", "interest-only", "flexible", "flat"])
@pytest.mark.parametrize("fee", ["0", "100"])
def test_a_quote(lang: str, method: str, fee: str, capsys: Out) -> None:
    assert run([*QUOTE, "--method", method, "--lang", lang, "--fee", fee]) == 0
    shown = capsys.readouterr().out
    assert ("试算结果不构成授信承诺" in shown and "除以上列明费用外，不收取其他费用。" in shown) is (lang == "zh")
    simple = fee == "0" and method != "flat"
    first = shown.splitlines()[1]
    assert ("10.95%" in first) is simple
    if lang == "zh":
        assert ("年化利率（单利）" in first) is simple
    else:
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in shown)


def test_a_quote_for_programs(capsys: Out) -> None:
    assert run([*QUOTE, "--fee", "100", "--json", "--lang", "zh"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["received"] == "9900.00" and made["cost"] == "280.55" and len(made["installments"]) == 3
    assert made["rates"]["shown"] == made["rates"]["all_in"]
    assert made["disclosure"]["nothing_else"] == "除以上列明费用外，不收取其他费用。"


# Bad input: the field, the value, what would be right; exit code 1; nothing on standard output.

BAD_TERMS: list[tuple[dict[str, Any], str]] = [
    ({"principal": None}, "terms.principal: missing"),
    ({"principal": "0"}, "terms.principal: 0: more than zero"),
    ({"principal": "-100"}, "terms.principal: -100: more than zero"),
    ({"principal": "100.001"}, "terms.principal: 100.001: at most 2 decimals"),
    ({"principal": "ten"}, "terms.principal: ten: an amount in digits"),
    ({"principal": "1" + "0" * 17}, "at most 10000000000000.00"),
    ({"annual_rate_pct": "-1"}, "terms.annual_rate_pct: -1: 0 or more"),
    ({"annual_rate_pct": "100000"}, "terms.annual_rate_pct: 100000: at most 1000% a year"),
    ({"annual_rate_pct": "7.00001"}, "at most 4 decimals"),
    ({"number_of_repayments": 0}, "terms.number_of_repayments: 0: a whole number of periods"),
    ({"number_of_repayments": -3}, "terms.number_of_repayments: -3"),
    ({"number_of_repayments": 1.5}, "terms.number_of_repayments: 1.5: a whole number"),
    ({"number_of_repayments": 10**9}, "terms.number_of_repayments: 1000000000: at most 1,200"),
    ({"repayment_every": 0}, "terms.repayment_every: 0"),
    ({"repayment_frequency": "YEARS"}, "terms.repayment_frequency: YEARS: one of DAYS, WEEKS, MONTHS"),
    ({"days_in_year": 361}, "terms.days_in_year: 361: one of 360, 364, 365, ACTUAL"),
    ({"days_in_month": "31"}, "terms.days_in_month: 31: one of 30, ACTUAL"),
    ({"rounding_mode": "UP"}, "terms.rounding_mode: UP: one of HALF_EVEN, HALF_UP"),
    ({"amortization": "bullet"}, "terms.amortization: bullet: one of"),
    ({"interest_type": "odd"}, "terms.interest_type: odd: one of"),
    ({"model": "future"}, "terms.model: future: one of"),
    ({"disbursement_date": "2024-02-30"}, "terms.disbursement_date: 2024-02-30: a day that exists"),
    ({"first_due_date": "2023-12-31"}, "terms.first_due_date: 2023-12-31: after the day of payout, 2024-01-01"),
    ({"principal_grace_periods": 6}, "terms.principal_grace_periods: 6: 0 to 5"),
    ({"installment_multiple_of": "0"}, "terms.installment_multiple_of: 0: more than zero"),
    ({"number_of_repayments": None}, "terms.number_of_repayments: missing"),
    ({"number_of_repayments": 590, "annual_rate_pct": "24", "days_in_month": "ACTUAL"}, "less than a long month's interest"),
    ({"decimals": 10**9}, "terms.decimals: 1000000000: 0 to 4"),
    ({"currency": "euros"}, "terms.currency: euros: one of the three letters"),
    ({"disbursement_date": "0001-01-01"}, "terms.disbursement_date: 0001-01-01: a day from 1900-01-01"),
    (
        {"schedule_start_date": "2024-03-01", "first_due_date": "2024-04-01"},
        "terms.schedule_start_date: 2024-03-01: on or before 2024-01-01",
    ),
    ({"interest_recalculation": "false"}, "terms.interest_recalculation: false: true or false"),
    ({"days_in_year_custom_strategy": "feb_29_period_only"}, "not worked out here"),
    ({"down_payment_pct": "100"}, "terms.down_payment_pct: 100: 0 to below 100"),
    ({"down_payment_pct": "-5"}, "terms.down_payment_pct: -5: 0 to below 100"),
]


@pytest.mark.parametrize(("terms", "told"), BAD_TERMS, ids=[str(each[0])[:60] for each in BAD_TERMS])
def test_bad_terms(terms: dict[str, Any], told: str, tmp_path: Path, capsys: Out) -> None:
    assert_refused([*schedule(tmp_path, **terms), "--json"], told, capsys)


BAD_EVENTS: list[tuple[list[dict[str, Any]], str]] = [
    ([{"date": "2023-12-31", "type": "as_of"}], "events[0].date: 2023-12-31: on 2024-01-01, the day of payout, or later"),
    ([{"date": "2024-03-01", "type": "as_of"}, {"date": "2024-02-01", "type": "as_of"}], "events[1].date: 2024-02-01"),
    ([{"date": "2024-02-01", "type": "gift"}], "events[0].type: gift: one of"),
    ([{"date": "2024-02-01", "type": "repayment"}], "events[0].amount: missing"),
    ([{"date": "2024-02-01", "type": "repayment", "amount": "0"}], "events[0].amount: 0: more than zero"),
    ([{"date": "2024-02-01", "type": "repayment", "amount": "-1"}], "events[0].amount: -1: more than zero"),
    ([{"date": "2024-02-01", "type": "repayment", "amount": "1.005"}], "events[0].amount: 1.005: at most 2 decimals"),
    (
        [{"date": "2024-02-01", "type": "repayment", "amount": "100.59"}],
        "events[0].amount: 100.59: at most 100.58 on 2024-02-01",
    ),
    ([{"date": "2024-02-01", "type": "payoff", "amount": "101"}], "events[0].amount: 101: at most 100.58"),
    ([{"date": "2024-02-01", "type": "payoff", "amount": "99"}], "events[0].amount: 99: 100.58, all that is owed"),
    ([{"date": "2024-07-01", "type": "disbursement", "amount": "5"}], "events[0].date: 2024-07-01: before 2024-07-01"),
    ([{"date": "2024-02-01", "type": "repayment", "amount": "17.01", "interest": "9"}], "events[0].interest: 9: a split"),
    (
        [{"date": "2024-02-01", "type": "repayment", "amount": "17.01", "interest": "0.58", "principal": "1"}],
        "events[0].principal: 1: the amount less its interest",
    ),
    (
        [{"date": "2024-02-01", "type": "payoff", "amount": "100.58"}, {"date": "2024-03-01", "type": "as_of"}],
        "events[1].type: as_of: a loan that is not settled",
    ),
    ([{"date": "2024-02-01", "type": "interest_pause"}], "events[0].end_date"),
    (
        [{"date": "2024-02-10", "type": "interest_pause", "end_date": "2024-02-01"}],
        "events[0].end_date: 2024-02-01: an end after",
    ),
    ([{"date": "2024-02-01", "type": "rate_change", "annual_rate_pct": "-1"}], "events[0].annual_rate_pct: -1: 0 or more"),
    ([{"type": "as_of"}], "events[0].date: missing"),
    ([{"date": "2024-02-01"}], "events[0].type"),
]


@pytest.mark.parametrize(("events", "told"), BAD_EVENTS, ids=[each[1][:60] for each in BAD_EVENTS])
def test_bad_events(events: list[dict[str, Any]], told: str, tmp_path: Path, capsys: Out) -> None:
    assert_refused([*schedule(tmp_path, events, interest_recalculation=True), "--json"], told, capsys)


NO_JSON = ["", "{", "null", "[" * 100_000, "\x00", "[1e999999999999999999]", '{"regime": 1e-999999999}']
NO_TERMS = ["[]", '{"terms": 5}', '{"terms": {}}', '{"terms": {}, "terms": {}}', '{"terms": NaN}']
BAD_FILES = [*NO_JSON, *NO_TERMS]


@pytest.mark.parametrize("command", ["schedule", "apr"])
@pytest.mark.parametrize("text", BAD_FILES, ids=range(len(BAD_FILES)))
def test_bad_files(command: str, text: str, tmp_path: Path, capsys: Out) -> None:
    assert_refused(["loans", command, written(tmp_path, text)], ": ", capsys)


def test_what_is_not_worked_out_together(tmp_path: Path, capsys: Out) -> None:
    event = [{"date": "2024-02-01", "type": "as_of"}]
    for terms in ({"model": "cumulative"}, {"amortization": "equal_principal"}, {"interest_payment_grace_periods": 2}):
        assert_refused(schedule(tmp_path, event, **terms), "events: 1: not together with", capsys)
    both = {**FLOWS, "advances": FLOWS["drawdowns"]}
    assert_refused(["loans", "apr", written(tmp_path, both)], "file.drawdowns: a list: not together with advances", capsys)


def test_a_level_that_rounds_to_nothing_is_still_repaid(tmp_path: Path, capsys: Out) -> None:
    for terms in ({"installment_multiple_of": 1000000}, {"principal": "0.01"}, {"down_payment_pct": "99.99"}):
        assert run([*schedule(tmp_path, **terms), "--json"]) == 0
        made = json.loads(capsys.readouterr().out)
        assert made["installments"][-1]["balance_after"] == "0.00"
        assert made["totals"]["principal"] == ("0.01" if "principal" in terms else "100.00")


def test_long_schedules_keep_all_their_instalments(tmp_path: Path, capsys: Out) -> None:
    terms: dict[str, Any] = {"principal": "300", "annual_rate_pct": "24", "number_of_repayments": 240}
    assert run([*schedule(tmp_path, **terms), "--json"]) == 0
    assert all(float(row["due"]) > 0 for row in json.loads(capsys.readouterr().out)["installments"])


def test_tables_are_never_cut(tmp_path: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert run([*QUOTE, "--amount", "10000000", "--lang", "zh"]) == 0
    shown = capsys.readouterr().out
    assert "10,000,000.00 │" in shown and "…" not in shown


def test_a_file_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "bom.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(FLOWS).encode())
    assert run(["loans", "apr", str(path), "--json"]) == 0


def test_refusals_of_a_quote_speak_the_language(capsys: Out) -> None:
    assert run([*QUOTE, "--amount", "0", "--lang", "zh"]) == 1
    assert capsys.readouterr().err.strip() == "amount：0：须大于零"


def test_files_that_cannot_be_read(tmp_path: Path, capsys: Out) -> None:
    for path in (tmp_path, tmp_path / "none.json", Path("/dev/null")):
        assert run(["loans", "schedule", str(path)]) == 2
        assert "TERMS.json" in capsys.readouterr().err
    binary = tmp_path / "binary.json"
    binary.write_bytes(b"\xff\xfe\x00")
    large = tmp_path / "large.json"
    large.write_text(" " * 1_000_001)
    for path in (binary, large):
        assert_refused(["loans", "apr", str(path)], str(path.name), capsys)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--amount", "0"], "amount: 0: more than zero"),
        (["--amount", "-5"], "amount: -5: more than zero"),
        (["--amount", "0.001"], "amount: 0.001: at most 2 decimals"),
        (["--annual-rate", "-0.01"], "annual_rate: -0.01: 0 or more"),
        (["--annual-rate", "2000"], "annual_rate: 2000: at most 1000% a year"),
        (["--months", "0"], "months: 0: a whole number of periods, 1 or more"),
        (["--months", "601"], "months: 601: at most 50 years"),
        (["--method", "balloon"], "method: balloon: one of equal-instalment"),
        (["--fee", "10000"], "fee: 10000.00: less than the principal, 10000.00"),
        (["--fee", "-1"], "fee: -1: zero or more"),
    ],
)
def test_bad_quotes(options: list[str], told: str, capsys: Out) -> None:
    assert_refused([*QUOTE, *options], told, capsys)


def test_wrong_usage(capsys: Out) -> None:
    assert run([*QUOTE, "--lang", "fr"]) == 2
    assert run([*QUOTE, "--start", "2026-02-30"]) == 2
    assert run(["loans", "quote"]) == 2
    assert run(["loans"]) in (0, 2)
    assert "Traceback" not in capsys.readouterr().err


def test_flows_without_a_rate(tmp_path: Path, capsys: Out) -> None:
    poor = {**FLOWS, "payments": [{"amount": 9999, "t_years": 1}]}
    assert_refused(["loans", "apr", written(tmp_path, poor), "--json"], "flows: ", capsys)
    finer = {**FLOWS, "payments": [{"amount": 9999.001, "t_years": 1}]}
    assert_refused(
        ["loans", "apr", written(tmp_path, finer), "--json"], "payments[0].amount: 9999.001: at most 2 decimals", capsys
    )


def assert_refused(args: list[str], told: str, capsys: Out) -> None:
    assert run(args) == 1
    printed = capsys.readouterr()
    assert printed.out == "" and told in printed.err.replace("\n", " ") and "Traceback" not in printed.err
