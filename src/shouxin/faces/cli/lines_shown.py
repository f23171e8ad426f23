"""Lines, facilities and draws as they are printed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shouxin.book.facilities.model import Facility, Standing, Status, exposure, headroom
from shouxin.desk.servicing.paper_words import purpose_text
from shouxin.engines.loans.disclosure import METHODS
from shouxin.engines.loans.model import Method
from shouxin.faces.cli.answers_shown import Shown, show_lines, show_table, word
from shouxin.foundation.money import show_amount, write_amount
from shouxin.foundation.rates import write_percent
from shouxin.foundation.texts import Text

DRAW_STATUS = {
    "reserved": Text("已预占", "reserved"),
    "instructed": Text("放款中", "instructed"),
    "paid": Text("已放款", "paid"),
    "failed": Text("放款失败", "failed"),
}
LINE = {
    "total": Text("综合授信额度", "total line"),
    "exposure": Text("授信敞口（含未用额度）", "exposure"),
    "owed": Text("已用本金", "owed"),
    "reserved": Text("预占", "reserved"),
    "credit": Text("溢缴款", "credit balance"),
}
FACILITY = (
    (Text("分项额度", "Facility"), False),
    (Text("产品", "Product"), False),
    (Text("状态", "Status"), False),
    (Text("额度", "Limit"), True),
    (Text("年化利率（单利）", "Rate a year, simple"), True),
    (Text("已用本金", "Owed"), True),
    (Text("预占", "Reserved"), True),
    (Text("可用", "Can be drawn"), True),
    (Text("到期日", "Expires"), False),
)
DRAW = (
    (Text("借据", "Loan"), False),
    (Text("申请日", "Asked on"), False),
    (Text("金额", "Amount"), True),
    (Text("还款方式", "Method"), False),
    (Text("月数", "Months"), True),
    (Text("用途", "Purpose"), False),
    (Text("状态", "Status"), False),
)


def shown_lines(standing: Standing, lang: str) -> Shown:
    """The total line with what is used of it, and the facilities."""
    line, facilities = standing.line, standing.facilities
    sums = {}
    if line is not None:
        sums = {"total": line.total, "owed": line.owed, "reserved": line.reserved, "credit": line.credit}
        sums["exposure"] = exposure(facilities)
    plain = {
        "customer": str(standing.customer.customer_id),
        "day": standing.today.isoformat(),
        "line": {name: write_amount(each) for name, each in sums.items()} or None,
        "facilities": [_facility(standing, each) for each in facilities],
    }

    def show() -> None:
        show_lines([(LINE[name].in_language(lang), show_amount(sums[name])) for name in LINE if name in sums])
        show_table(FACILITY, [_row(standing, each, lang) for each in facilities], lang)

    return Shown(plain, show)


def _room(standing: Standing, facility: Facility) -> int:
    drawable = standing.line is not None and facility.status is Status.ACTIVE and facility.expires >= standing.today
    return max(0, headroom(standing, facility)) if drawable else 0


def _facility(standing: Standing, each: Facility) -> dict[str, Any]:
    return {
        "facility": str(each.id),
        "product": each.product,
        "status": each.status.value,
        "limit": write_amount(each.most),
        "annual_rate": write_percent(each.rate_ppm),
        "owed": write_amount(each.owed),
        "reserved": write_amount(each.reserved),
        "can_be_drawn": write_amount(_room(standing, each)),
        "loans": each.loans,
        "offered": each.offered.isoformat(),
        "expires": each.expires.isoformat(),
        "ended": each.ended and each.ended.isoformat(),
        "reason": each.reason,
    }


def _row(standing: Standing, each: Facility, lang: str) -> list[str]:
    amounts = (each.owed, each.reserved, _room(standing, each))
    return [
        str(each.id),
        each.product,
        word(each.status.value, lang),
        show_amount(each.most),
        f"{write_percent(each.rate_ppm)}%",
        *(show_amount(amount) for amount in amounts),
        str(each.expires),
    ]


def shown_draws(rows: Sequence[Any], lang: str) -> Shown:
    """The draws of a customer, newest first."""
    plain = [
        {
            "loan": str(row.loan_id),
            "facility": str(row.facility_id),
            "asked": row.asked.isoformat(),
            "amount": write_amount(row.amount),
            "fee": write_amount(row.fee),
            "method": row.method,
            "months": row.months,
            "annual_rate": write_percent(row.rate_ppm),
            "purpose": row.purpose,
            "entrusted": row.entrusted,
            "proof": row.proof,
            "status": row.status,
            "ended": row.ended and row.ended.isoformat(),
            "failure": row.failure,
        }
        for row in rows
    ]
    return Shown({"draws": plain}, lambda: show_table(DRAW, [_draw(row, lang) for row in rows], lang))


def _draw(row: Any, lang: str) -> list[str]:
    method = METHODS[Method(row.method)].in_language(lang)
    purpose = purpose_text(row.purpose, lang)
    status = DRAW_STATUS[row.status].in_language(lang)
    return [str(row.loan_id), str(row.asked), show_amount(row.amount), method, str(row.months), purpose, status]
