"""How a file for the credit bureau is told of: what is in it, and which accounts are not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shouxin.desk.servicing.reporting import ERASED, NO_CONSENT, Made
from shouxin.desk.servicing.reporting_records import Kind
from shouxin.faces.cli.answers_shown import Shown, show_lines, show_table
from shouxin.faces.cli.out import errors
from shouxin.foundation.money import show_amount, write_amount
from shouxin.foundation.texts import Text

NAMES: Mapping[str, Text] = {
    "month": Text("报告月份", "month"),
    "file": Text("文件", "file"),
    "lines": Text("额度账户", "lines"),
    "loans": Text("借款账户", "loans"),
    "corrections": Text("更正记录", "corrections"),
    "disputed": Text("异议标注", "under dispute"),
    "balance": Text("余额合计", "principal owed"),
    "overdue": Text("逾期总额合计", "late and unpaid"),
    "withheld": Text("未报送账户", "accounts not reported"),
    "sha256": Text("SHA-256", "SHA-256"),
}
WHY: Mapping[str, Text] = {
    NO_CONSENT: Text("未取得征信报送授权", "no consent to reporting"),
    ERASED: Text("客户信息已删除", "the person was erased"),
}
WITHHELD = ((Text("未报送账户", "account not reported"), False), (Text("原因", "why"), False))
AGAIN = Text("文件内容与此前报送一致。", "The same file was written before.")
MOST_SHOWN = 20


def shown_file(made: Made, path: Path, lang: str) -> Shown:
    """What was written."""
    return Shown(_plain(made, path), lambda: _show(made, path, lang))


def _plain(made: Made, path: Path) -> dict[str, Any]:
    totals = made.totals
    sums = totals.sums[Kind.LOAN]
    return {
        "month": str(made.month),
        "file": str(path),
        "lines": totals.accounts[Kind.LINE],
        "loans": totals.accounts[Kind.LOAN],
        "corrections": totals.corrections,
        "disputed": totals.disputed,
        "balance": write_amount(sums["balance"]),
        "overdue": write_amount(sums["overdue"]),
        "withheld": {
            "count": len(totals.withheld),
            "accounts": [{"account": str(account), "why": why} for account, why in totals.withheld],
        },
        "sha256": made.sha256,
        "again": made.again,
    }


def _show(made: Made, path: Path, lang: str) -> None:
    totals = made.totals
    sums = totals.sums[Kind.LOAN]
    counts = {"lines": totals.accounts[Kind.LINE], "loans": totals.accounts[Kind.LOAN], "corrections": totals.corrections}
    withheld = Counter(why for _, why in totals.withheld)
    told = {
        "month": str(made.month),
        "file": str(path),
        **{name: f"{count:,}" for name, count in (*counts.items(), ("disputed", totals.disputed))},
        "balance": show_amount(sums["balance"]),
        "overdue": show_amount(sums["overdue"]),
        "withheld": f"{withheld.total():,}",
        "sha256": made.sha256,
    }
    show_lines([(NAMES[name].in_language(lang), value) for name, value in told.items()])
    if totals.withheld:
        rows = [(str(account), WHY[why].in_language(lang)) for account, why in totals.withheld[:MOST_SHOWN]]
        show_table(WITHHELD, rows, lang)
        if len(totals.withheld) > MOST_SHOWN:
            text = Text(f"仅列出前 {MOST_SHOWN} 个，全部见 --json。", f"The first {MOST_SHOWN}; --json lists all.")
            errors.print(text.in_language(lang))
    if made.again:
        errors.print(AGAIN.in_language(lang))
