"""docs/reference/loans.md: every method as a table that can be checked by hand, worked out by the code it describes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from fractions import Fraction

from docs.page import code, filled, table
from shouxin.engines.loans import delinquency, record
from shouxin.engines.loans import events as ev
from shouxin.engines.loans.accrual import worth
from shouxin.engines.loans.agreement import Agreement, Grace, Penalty, Prepayment
from shouxin.engines.loans.annual_rates import Flow, compound_rate, monthly_irr_rate, us_actuarial_rate
from shouxin.engines.loans.disclosure import METHODS, disclose
from shouxin.engines.loans.fold import fold
from shouxin.engines.loans.model import Conventions, Instalment, Method, Schedule, Shape, Smoothing, Terms
from shouxin.engines.loans.quote import quote
from shouxin.engines.loans.schedule import schedule
from shouxin.foundation.businessdays import Adjustment, china
from shouxin.foundation.daycount import DAY_COUNTS, Period, legs
from shouxin.foundation.money import show_amount
from shouxin.foundation.rates import write_percent
from shouxin.foundation.refusal import Refusal
from shouxin.foundation.texts import Text

START = dt.date(2026, 1, 15)
PRINCIPAL, RATE = 1_000_000, 120_000

FORMULAS = {
    Method.EQUAL_INSTALMENT: (
        "E = P · q₁q₂…qₙ / fₙ, with qₖ = 1 + rate × share of the year of period k, f₁ = 1, fₖ = 1 + fₖ₋₁qₖ. With equal "
        "periods: E = P · i / (1 − (1 + i)⁻ⁿ). Interest is what the balance earned, the rest of E repays principal, the last "
        "instalment takes what is left.",
        "annuity; any textbook of financial mathematics",
    ),
    Method.EQUAL_PRINCIPAL: ("Principal P / n in each; interest on what is left.", "any textbook"),
    Method.INTEREST_ONLY: ("Interest on P in each; P with the last.", "any textbook"),
    Method.FLEXIBLE: (
        "Interest by the day, all at maturity; whatever is paid before ends its interest on that day (算头不算尾).",
        "the practice of revolving consumer lines in China",
    ),
    Method.FLAT: (
        "Principal P / n and interest P × rate × term / n in each, whatever is left of P. The rate of the terms is less than "
        "the loan costs: screens show the annual cost instead.",
        "instalment plans of credit cards in China",
    ),
}


def terms(method: Method = Method.EQUAL_INSTALMENT, periods: int = 4, **more: object) -> Terms:
    """The loan of the page: 10,000 at 12%, from 15 January 2026."""
    return Terms(PRINCIPAL, RATE, method, Shape(START, periods), **more)  # type: ignore[arg-type]


def rows_table(rows: Iterable[Instalment] | Schedule) -> str:
    """A schedule as Markdown, with its totals."""
    listed = list(rows)
    lines: list[Sequence[object]] = [
        (row.number, row.due, *(show_amount(each) for each in (row.principal, row.interest, row.total, row.balance)))
        for row in listed
    ]
    principal, interest = sum(row.principal for row in listed), sum(row.interest for row in listed)
    lines.append(("", "**total**", show_amount(principal), show_amount(interest), show_amount(principal + interest), ""))
    return table(["no", "due", "principal", "interest", "instalment", "balance"], lines)


def methods() -> str:
    """Each method: words, formula, source, table."""
    parts = []
    for method, (formula, source) in FORMULAS.items():
        name = METHODS[method]
        parts.append(
            f"### {name.en[0].upper()}{name.en[1:]} ({name.zh})\n\n`{method}`. {formula} Source: {source}.\n\n"
            f"{rows_table(schedule(terms(method)))}"
        )
    return "\n\n".join(parts)


def variants() -> str:
    """Graces, a first due date of its own, month ends and holidays."""
    grace = rows_table(schedule(terms(principal_grace=2)))
    interest = rows_table(schedule(terms(Method.EQUAL_PRINCIPAL, interest_grace=2)))
    late = Terms(PRINCIPAL, RATE, Method.EQUAL_INSTALMENT, Shape(START, 3, first_due=dt.date(2026, 3, 1)))
    end = Terms(PRINCIPAL, RATE, Method.EQUAL_INSTALMENT, Shape(dt.date(2026, 1, 31), 4))
    moved = Conventions(adjustment=Adjustment.FOLLOWING, calendar=china())
    holiday = Terms(PRINCIPAL, RATE, Method.EQUAL_INSTALMENT, Shape(dt.date(2026, 8, 1), 3), moved)
    return "\n\n".join(
        (
            "**Principal grace**, two periods: interest only, then equal instalments.\n\n" + grace,
            "**Interest-payment grace**, two periods of equal principal: interest is earned, not raised, and falls due with "
            "the third instalment.\n\n" + interest,
            "**A first due date of its own**, 1 March; later ones keep the day of the month.\n\n" + rows_table(schedule(late)),
            "**Month ends** do not drift: the 31st comes back after February.\n\n" + rows_table(schedule(end)),
            "**Holidays**: 1 September is a working day; 1 October 2026 is not, nor are the days after it, and the due date "
            "goes to 8 October (`following`). Saturday 10 October is a make-up workday.\n\n" + rows_table(schedule(holiday)),
        )
    )


def day_counts() -> str:
    """The share of a year of one period, by convention."""
    period = Period(dt.date(2023, 12, 12), dt.date(2024, 1, 12))
    said = {
        "actual/365": "days over 365; quotes and accrual of all shipped products",
        "actual/360": "days over 360",
        "30/360": "a whole month is 30 days; part of it in proportion to its days",
        "actual/actual": "days over the length of their year, split at 31 December: the night that begins then is the new year's",
        "actual/364": "52 weeks; only in published vectors",
    }
    rows = []
    for name, count in DAY_COUNTS.items():
        shares = " + ".join(f"{each.nights * each.weight}/{each.basis}" for each in legs(count, period, period.start, period.end))
        rows.append((code(name), said[name], shares))
    return table(["name", "is", "12 December 2023 to 12 January 2024"], rows)


def conventions() -> str:
    """Rounding, multiples, smoothing."""
    plain = Terms(7_500, 123_000, Method.EQUAL_INSTALMENT, Shape(dt.date(2024, 1, 1), 5), Conventions(DAY_COUNTS["30/360"]))
    smooth = Terms(7_500, 123_000, plain.method, plain.shape, Conventions(DAY_COUNTS["30/360"], smoothing=Smoothing.ONE_STEP))
    units = Terms(7_500, 123_000, plain.method, plain.shape, Conventions(DAY_COUNTS["30/360"], multiple=100))
    made = [("none", plain), ("`smoothing: one-step`", smooth), ("`multiple: 100` minor units", units)]
    rows = [
        (name, *(show_amount(row.total) for row in schedule(each)), show_amount(schedule(each).interest)) for name, each in made
    ]
    return table(["75.00 at 12.3%, 30/360", "1", "2", "3", "4", "5", "interest"], rows)


LIFE: tuple[tuple[str, ev.Event], ...] = (
    ("paid out, 4 equal instalments", ev.PaidOut("1", START, START, Agreement(terms(), Penalty(), Grace(3)))),
    ("paid when due", ev.Repaid("2", dt.date(2026, 2, 15), dt.date(2026, 2, 15), 256_195)),
    ("half of the second instalment", ev.Repaid("3", dt.date(2026, 3, 15), dt.date(2026, 3, 15), 128_000)),
    ("the rest, 30 days late", ev.Repaid("4", dt.date(2026, 4, 14), dt.date(2026, 4, 14), 128_827)),
    ("paid when due, with interest on what was late", ev.Repaid("5", dt.date(2026, 4, 15), dt.date(2026, 4, 15), 257_460)),
    ("1,000 early", ev.Repaid("6", dt.date(2026, 4, 20), dt.date(2026, 4, 20), 100_000, Prepayment.REDUCE_INSTALMENT)),
    ("the last one", ev.Repaid("7", dt.date(2026, 5, 15), dt.date(2026, 5, 15), 155_376)),
)


def life() -> str:
    """A loan's life, event by event."""
    rows = []
    events: tuple[ev.Event, ...] = ()
    for said, event in LIFE:
        done = record.record(events, event)
        events = done.events
        loan = done.after
        moved = ", ".join(f"{name} {show_amount(value)}" for name, value in done.difference.changed.items())
        rows.append(
            (event.effective, said, moved, show_amount(loan.principal), loan.days_past_due, show_amount(loan.penalty_due))
        )
    return table(["effective", "event", "what the books post", "principal owed", "days past due", "penalty unpaid"], rows)


def lateness() -> str:
    """The same loan on the days around its second due date, when only half of it was paid."""
    events = tuple(each for _, each in LIFE[:3])
    rows = []
    for day in (dt.date(2026, 3, 15), dt.date(2026, 3, 18), dt.date(2026, 3, 19), dt.date(2026, 4, 14)):
        loan = fold(events, day)
        exact = worth(loan.penalty)
        rows.append(
            (day, loan.days_past_due, show_amount(loan.principal_due), f"{float(exact):.4f}", show_amount(loan.penalty_due))
        )
    return table(["day", "days past due", "principal due", "penalty, minor units, exact", "payable"], rows)


def scales() -> str:
    """Buckets, classes and stages as they ship."""
    parts = []
    for scale in (delinquency.BUCKETS, delinquency.FIVE_CLASSES, delinquency.IFRS9_STAGES):
        rows = [
            (
                code(each.code),
                each.zh,
                each.en,
                each.from_days,
                f"{write_percent(each.provision_bp * 100, 0)}%" if each.provision_bp else "",
            )
            for each in scale.bands
        ]
        about = f"**{scale.name}**, from {scale.since}, mark {scale.mark}: {scale.source}."
        parts.append(about + "\n\n" + table(["code", "中文", "English", "from days", "provision"], rows))
    return "\n\n".join(parts)


RULES = (
    ("simple-nominal", "年化利率（单利）", "the rate of the terms; no fee inside"),
    (
        "12-x-monthly-irr",
        "年化综合融资成本",
        "12 × the monthly internal rate of return, fees inside: what the cap of 24% is held against",
    ),
    ("effective-compound", "年化利率（复利）", "the yearly internal rate of return, fees inside"),
    ("eu-apr", "", "the same formula; time by the day rules of Directive 2008/48/EC, Annex I (2023/2225, Annex III)"),
    ("uk-apr", "", "the same formula; days over 365.25 (FCA Handbook, CONC App 1)"),
    (
        "us-actuarial",
        "",
        "12 CFR 1026, Appendix J: rate of a unit-period × unit-periods a year; part of a period discounts simply",
    ),
)


def rates() -> str:
    """Each rule on one loan, its instalments after whole months."""
    made = quote(terms(Method.EQUAL_INSTALMENT, 12), 10_000)
    now, months = Fraction(0), [Fraction(each) for each in range(1, 13)]
    paid = [Flow(row.total, month) for month, row in zip(months, made.schedule, strict=True)]
    advance, upfront = [Flow(PRINCIPAL, now)], [Flow(10_000, now)]
    yearly = compound_rate(advance, upfront + [Flow(each.amount, each.whole / 12) for each in paid])
    found = {
        "simple-nominal": made.nominal,
        "12-x-monthly-irr": monthly_irr_rate(advance, upfront + paid),
        "effective-compound": yearly,
        "eu-apr": yearly,
        "us-actuarial": us_actuarial_rate([Flow(PRINCIPAL - 10_000, now)], paid, Fraction(12)),
    }
    rows = [(code(name), zh, said, f"{found[name].percent(2)}%" if name in found else "") for name, zh, said in RULES]
    return table(["rule", "中文", "is", "12 months at 12%, fee of 100"], rows)


def disclosure() -> str:
    """The statement of all costs, both languages."""
    made = quote(terms(Method.EQUAL_INSTALMENT, 12), 10_000)
    told = disclose(made, Penalty(), Text("本机构", "this lender"))
    parts = []
    for lang in ("zh", "en"):
        shown = told.to_dict(lang)
        rows = [
            (each["name"], each["collected"], each["standard"], each["collector"], each.get("amount"), each.get("annual_percent"))
            for each in (*shown["items"], *shown["on_default"])
        ]
        heads = {
            "zh": ["项目", "收取方式", "收取标准", "收取主体", "金额", "折合年化 %"],
            "en": ["item", "how collected", "standard", "collected by", "amount", "% a year"],
        }[lang]
        total = {"zh": "正常履约的年化综合融资成本", "en": "All costs a year, if paid as agreed"}[lang]
        colon = {"zh": "：", "en": ": "}[lang]
        stop = {"zh": "。", "en": ". "}[lang]
        parts.append(f"{table(heads, rows)}\n\n{total}{colon}{shown['total']['percent']}%{stop}{shown['nothing_else']}")
    return "\n\n".join(parts)


def refusals() -> str:
    """What `record` refuses, in the order in which it is told."""
    rows = [
        (number, code(each.__name__), _sentence(each, "en"), _sentence(each, "zh")) for number, each in enumerate(record.ORDER, 1)
    ]
    return table(["", "refusal", "what would be right", "中文"], rows)


def _sentence(refusal: type[Refusal], lang: str) -> str:
    return (refusal.zh if lang == "zh" else refusal.en).replace("{", "‹").replace("}", "›")


PARTS = {
    "methods": methods,
    "variants": variants,
    "day-counts": day_counts,
    "conventions": conventions,
    "life": life,
    "lateness": lateness,
    "scales": scales,
    "rates": rates,
    "disclosure": disclosure,
    "refusals": refusals,
}


def loans_page(text: str) -> str:
    """The page, its generated parts written anew."""
    return filled(text, PARTS)
