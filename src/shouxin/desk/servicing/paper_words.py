"""The words of papers for what an agreement holds as values. Read `papers.py` first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType

from shouxin.engines.loans.agreement import Agreement, Component, EarlyInterest, Grace, PenaltyBase, Prepayment, Sorting
from shouxin.engines.loans.model import Method, Terms
from shouxin.foundation.businessdays import EVERY_DAY, Adjustment
from shouxin.foundation.daycount import ACTUAL_360, ACTUAL_364, ACTUAL_365, ACTUAL_ACTUAL, THIRTY_360, Unit
from shouxin.foundation.texts import LANGUAGES, Text

# What money is used for, by the codes of the products' `uses`.
PURPOSES = {
    "shopping": Text("购物消费", "shopping"),
    "renovation": Text("装修", "renovation"),
    "education": Text("教育", "education"),
    "medical": Text("医疗", "medical costs"),
    "travel": Text("旅行", "travel"),
    "household": Text("家庭日常消费", "household"),
    "stock": Text("采购货物", "stock"),
    "suppliers": Text("支付供应商货款", "paying suppliers"),
    "wages": Text("发放工资", "wages"),
    "rent": Text("支付经营场所租金", "rent of business premises"),
    "equipment": Text("购置设备", "equipment"),
    "renewal": Text("续贷", "renewal of the same loan"),
    "operating_use": Text("生产经营", "running a business"),
    "home_purchase": Text("购买住房", "buying homes"),
    "mortgage_repayment": Text("偿还住房贷款", "repaying mortgages"),
    "shares": Text("股票", "shares"),
    "bonds": Text("债券", "bonds"),
    "funds": Text("基金", "funds"),
    "futures": Text("期货", "futures"),
    "derivatives": Text("金融衍生品", "derivatives"),
    "equity": Text("股权投资", "equity"),
    "repaying_loans": Text("偿还其他贷款", "repaying other loans"),
    "other_loans": Text("偿还其他贷款", "repaying other loans"),
}

COMPONENTS = {
    Component.PENALTY: Text("罚息", "penalty interest"),
    Component.FEE: Text("费用", "fees"),
    Component.INTEREST: Text("利息", "interest"),
    Component.PRINCIPAL: Text("本金", "principal"),
}

SORTINGS = {
    Sorting.OLDEST_FIRST: Text("先冲抵最早到期的一期，再冲抵其后各期。", "What fell due first is paid first."),
    Sorting.COMPONENT_FIRST: Text(
        "各期的同一项目一并冲抵后，再冲抵下一项目。", "One item of all due dates is paid before the next item."
    ),
}

PREPAYMENTS = {
    Prepayment.REDUCE_INSTALMENT: Text("期限不变，其后各期还款额相应减少", "the term stays and later instalments are lower"),
    Prepayment.SHORTEN_TERM: Text("每期还款额不变，期限相应缩短", "the instalment stays and the term is shorter"),
    Prepayment.NEXT_INSTALMENTS: Text("提前归还的款项先抵减其后各期", "it is counted towards the next instalments"),
}

EARLY_INTERESTS = {
    EarlyInterest.TO_THE_DAY: Text("提前归还的本金，利息计至归还当日。", "What is repaid early bears interest to that day."),
    EarlyInterest.TO_NEXT_DUE: Text(
        "提前归还的本金，利息计至下一还款日。", "What is repaid early bears interest to the next due date, as if it had stayed."
    ),
}

BASES = {
    PenaltyBase.PRINCIPAL: Text("罚息只对本金计收，不对利息计收复利。", "Only principal bears it; late interest does not. "),
    PenaltyBase.PRINCIPAL_AND_INTEREST: Text("逾期利息同样计收罚息（复利）。", "Late interest bears it too. "),
}

DAY_COUNTS = {
    ACTUAL_365.name: Text("按未还本金和实际天数逐日计算，一年按365天计。", "day by day on actual days, 365 to the year. "),
    ACTUAL_360.name: Text("按未还本金和实际天数逐日计算，一年按360天计。", "day by day on actual days, 360 to the year. "),
    ACTUAL_364.name: Text("按未还本金和实际天数逐日计算，一年按364天计。", "day by day on actual days, 364 to the year. "),
    ACTUAL_ACTUAL.name: Text(
        "按未还本金和实际天数逐日计算，一年按当年实际天数计。", "day by day on the actual days of month and year. "
    ),
    THIRTY_360.name: Text("每月按30天、一年按360天计算。", "30 days to the month and 360 to the year. "),
}

ADJUSTMENTS = {
    Adjustment.NONE: Text("还款日遇节假日不调整。", "A due date that falls on a holiday stays."),
    Adjustment.FOLLOWING: Text("还款日遇节假日的，顺延至下一工作日。", "A due date on a holiday moves to the next business day."),
    Adjustment.MODIFIED_FOLLOWING: Text(
        "还款日遇节假日的，顺延至下一工作日；跨月的，提前至上一工作日。",
        "A due date on a holiday moves to the next business day, or back where that is in the next month.",
    ),
    Adjustment.PRECEDING: Text(
        "还款日遇节假日的，提前至上一工作日。", "A due date on a holiday moves to the business day before."
    ),
}

UNITS = {Unit.DAYS: Text("天", "days"), Unit.WEEKS: Text("周", "weeks"), Unit.MONTHS: Text("个月", "months")}


def purpose_text(code: str, lang: str) -> str:
    """What money is used for; the code itself where a lender's own bundle names another.

    >>> purpose_text("renovation", "zh"), purpose_text("boats", "zh")
    ('装修', 'boats')
    """
    return PURPOSES[code].in_language(lang) if code in PURPOSES else code


def term_text(terms: Terms, lang: str) -> str:
    """How long a loan runs."""
    shape, unit = terms.shape, UNITS[terms.shape.unit].in_language(lang)
    return f"{shape.periods * shape.every}{unit}" if lang == "zh" else f"{shape.periods * shape.every} {unit}"


def day_count_text(terms: Terms, lang: str) -> str:
    """How interest is counted; nothing for a flat loan, whose interest does not depend on days."""
    return "" if terms.method is Method.FLAT else DAY_COUNTS[terms.conventions.day_count.name].in_language(lang)


def order_text(agreement: Agreement, lang: str) -> str:
    """What is paid first."""
    names = [COMPONENTS[each].in_language(lang) for each in agreement.order.components]
    return ("、" if lang == "zh" else ", then ").join(names)


def grace_text(grace: Grace, lang: str) -> str:
    """Until when a late payment counts as on time."""
    if not grace.days:
        return "无。" if lang == "zh" else "none."
    every = grace.calendar is EVERY_DAY
    if lang == "zh":
        kind = "个自然日" if every else "个工作日"
        return f"每期还款日后{grace.days}{kind}；宽限期内还清的，视为按时还款；逾期的，罚息自还款日起计收。"
    kind = "days" if every else "business days"
    return (
        f"{grace.days} {kind} after each due date. Payment until then is on time; later, penalty interest runs from the due date."
    )


def day_text(day: dt.date, lang: str) -> str:
    """A day as a paper writes it.

    >>> day_text(dt.date(2026, 7, 1), "zh"), day_text(dt.date(2026, 7, 1), "en")
    ('2026年7月1日', '2026-07-01')
    """
    return f"{day.year}年{day.month}月{day.day}日" if lang == "zh" else day.isoformat()


def templates(package: str, *names: str) -> Mapping[tuple[str, str], str]:
    """The texts of a package's papers, by name and language."""
    folder = resources.files(package).joinpath("texts")
    found = {(name, lang): folder.joinpath(f"{name}.{lang}.txt").read_text("utf-8") for name in names for lang in LANGUAGES}
    return MappingProxyType(found)
