"""How `shouxin score monitor` works: reads both sets of rows, and shows what moved: in a terminal, as JSON, as reports."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from rich.table import Table as Shown
from rich.text import Text as Styled

from shouxin.desk.portfolio.job import Progress
from shouxin.desk.portfolio.tables import table_of
from shouxin.engines.scoring.cards.card import Card
from shouxin.engines.scoring.measuring.stability import level_of
from shouxin.engines.scoring.reports.bins import LEVELS
from shouxin.engines.scoring.reports.monitoring import alert_text, monitoring_report
from shouxin.engines.scoring.reports.words import Teller
from shouxin.engines.scoring.validating.monitor import Rows, monitor
from shouxin.engines.scoring.validating.monitor_model import Monitored, Thresholds
from shouxin.faces.cli.card_file import card_in
from shouxin.faces.cli.out import errors, print_whole, progress_bar, results
from shouxin.faces.cli.report_file import show_reports, write_reports
from shouxin.faces.cli.score_rows import days_of, inputs_in, outcome_in

DEFAULT = Thresholds()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is compared, and from where on it is an alert; see the options of the command."""

    card: Path
    reference: Path
    current: Path
    target: str | None
    date: str | None
    psi_alert: float
    csi_alert: float


def run(asked: Asked, report: Path | None, lang: str, *, as_json: bool) -> bool:
    """Compare, show and write; whether anything is an alert. Raises the refusals of cards, files and `monitor`."""
    card = card_in(asked.card)
    with progress_bar() as progress:
        then, now = (_rows(card, path, asked, progress) for path in (asked.reference, asked.current))
    found = monitor(card, then, now, _thresholds(asked.psi_alert, asked.csi_alert))
    if as_json:
        print(json.dumps(found.to_dict(), ensure_ascii=False, indent=1))
    else:
        _show(found, lang)
    if report is not None:
        files = write_reports(report, lambda language: monitoring_report(found, language))
        if not as_json:
            show_reports(files, lang)
    return found.alarmed


def _thresholds(psi: float, csi: float) -> Thresholds:
    """An alert below the usual first threshold leaves nothing to watch."""
    return replace(DEFAULT, psi=(min(DEFAULT.psi[0], psi), psi), csi=(min(DEFAULT.csi[0], csi), csi))


def _rows(card: Card, path: Path, asked: Asked, progress: Progress) -> Rows:
    inputs = inputs_in(path, card, progress)
    if asked.target is None:
        return Rows(inputs, name=path.name)
    table = table_of(path)
    dates = None if asked.date is None else days_of(table, asked.date)
    return Rows(inputs, outcome_in(table, asked.target, card)[0], dates, path.name)


def _show(found: Monitored, lang: str) -> None:
    tell = Teller(lang)
    results.print(tell.text(found.card), style="bold", soft_wrap=True)
    sets = f"{found.reference}: {found.reference_rows:,} → {found.current}: {found.current_rows:,}"
    results.print(sets, soft_wrap=True)
    print_whole(_stability(found, tell))
    if found.outcomes is not None:
        each = found.outcomes
        results.print(f"AUC {each.reference_auc.value:.4f} → {each.current_auc.value:.4f}", soft_wrap=True)
    if not found.alerts:
        results.print(tell("没有项目达到阈值。", "Nothing is over a threshold."))
    for alert in found.alerts:
        errors.print(f"! {alert_text(alert, found, tell)}", style="red" if alert.level == "alarm" else "yellow", soft_wrap=True)


def _stability(found: Monitored, tell: Teller) -> Shown:
    """PSI of the score, then CSI of each characteristic."""
    shown = Shown()
    shown.add_column(tell("对象", "of"))
    for head in ("PSI / CSI", tell("偶然时平均", "by chance")):
        shown.add_column(head, justify="right")
    shown.add_column(tell("级别", "level"))
    limits = found.thresholds
    rows = [(tell("评分", "score"), found.score, limits.psi)]
    rows += [(tell.text(each.text), each.stability, limits.csi) for each in found.characteristics]
    for name, each, at in rows:
        level = tell.text(LEVELS[level_of(each.index, *at)])
        shown.add_row(Styled(name), tell.number(each.index, 4), tell.number(each.by_chance, 4), level)
    return shown
