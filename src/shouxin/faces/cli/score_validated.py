"""How `shouxin score validate` works: reads the rows, measures, and shows what was found: in a terminal, as JSON, as reports."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table as Shown
from rich.text import Text as Styled

from shouxin.desk.portfolio.job import Progress
from shouxin.desk.portfolio.tables import table_of
from shouxin.engines.scoring.cards.card import Card
from shouxin.engines.scoring.cards.card_numpy import card_points
from shouxin.engines.scoring.measuring.resampling import Plan
from shouxin.engines.scoring.measuring.sample import Flags
from shouxin.engines.scoring.reports.validation import validation_report
from shouxin.engines.scoring.reports.warnings import warnings_of
from shouxin.engines.scoring.reports.words import Teller
from shouxin.engines.scoring.validating.validate import Other, Validation, validate
from shouxin.engines.scoring.validating.validate_model import Validated
from shouxin.faces.cli.card_file import card_in
from shouxin.faces.cli.out import errors, print_whole, progress_bar, results
from shouxin.faces.cli.report_file import show_reports, write_reports
from shouxin.faces.cli.score_rows import column_in, days_of, inputs_in, known, outcome_in


@dataclass(frozen=True, slots=True)
class Asked:
    """What is validated, on which rows, and what is looked at beside the score; see the options of the command."""

    card: Path
    data: Path
    target: str
    against: tuple[Path, ...]
    segment: str | None
    date: str | None
    protected: tuple[str, ...]
    cutoff: int | None
    draws: int
    seed: int


def run(asked: Asked, report: Path | None, lang: str, *, as_json: bool) -> None:
    """Measure, show and write. Raises the refusals of cards, files and `validate`."""
    card, others = card_in(asked.card), [(path, card_in(path)) for path in asked.against]
    with progress_bar() as progress:
        found = validate(_validation(asked, card, others, progress))
    if as_json:
        print(json.dumps(_plain(found, card), ensure_ascii=False, indent=1))
    else:
        _show(found, card, lang)
    if report is not None:
        files = write_reports(report, lambda language: validation_report(found, card, language))
        if not as_json:
            show_reports(files, lang)


def _validation(asked: Asked, card: Card, against: Sequence[tuple[Path, Card]], progress: Progress) -> Validation:
    """The rows whose outcome is known, with everything that is asked of them."""
    data = asked.data
    table = table_of(data)
    bad, spec = outcome_in(table, asked.target, card)
    rows = known(bad)
    inputs = {name: each[rows] for name, each in inputs_in(data, card, progress).items()}
    columns = {name: column_in(table, "--protected", name)[rows] for name in asked.protected}
    return Validation(
        card=card,
        inputs=inputs,
        bad=bad[rows],
        others=_others(against, data, rows, progress),
        segment=None if asked.segment is None else column_in(table, "--segment", asked.segment)[rows],
        dates=None if asked.date is None else days_of(table, asked.date)[rows],
        protected=columns,
        cutoff=asked.cutoff,
        plan=Plan(asked.draws, asked.seed),
        data=data.name,
        fingerprint=table.fingerprint,
        bad_is=f"{spec.column} = {', '.join(spec.bad)}",
        left_out=int((~rows).sum()),
    )


def _others(against: Sequence[tuple[Path, Card]], data: Path, rows: Flags, progress: Progress) -> Mapping[str, Other]:
    """Other cards on the same rows, by the names of their files. Their scales may differ: scores are only ranked."""
    found = {}
    for path, card in against:
        scored = card_points(card, {name: each[rows] for name, each in inputs_in(data, card, progress).items()})
        found[path.stem if path.stem not in found else str(path)] = Other(-scored.score, scored.pd)
    return found


def _plain(found: Validated, card: Card) -> dict[str, object]:
    warned = [
        {"zh": zh, "en": en} for zh, en in zip(*(warnings_of(found, card, Teller(lang)) for lang in ("zh", "en")), strict=True)
    ]
    return {**found.to_dict(), "warnings": warned}


def _show(found: Validated, card: Card, lang: str) -> None:
    tell = Teller(lang)
    measures = found.measures
    results.print(tell.text(found.card), style="bold", soft_wrap=True)
    rows = tell(f"{measures.rows:,} 行，坏样本 {measures.bads:,}", f"{measures.rows:,} rows, {measures.bads:,} bad")
    left = tell(f"，未计入 {found.left_out:,} 行", f", {found.left_out:,} left out") if found.left_out else ""
    results.print(f"{rows}{left} ({found.bad_is})", soft_wrap=True)
    print_whole(_measures(found, tell))
    for text in warnings_of(found, card, tell):
        errors.print(f"! {text}", style="yellow", soft_wrap=True)


def _measures(found: Validated, tell: Teller) -> Shown:
    """The measures of the card and of the other scores, with the difference of their AUC."""
    shown = Shown()
    shown.add_column(tell("评分", "score"))
    heads = (
        "AUC",
        tell("95% 区间", "95% interval"),
        "KS",
        "Brier",
        tell("对数损失", "log loss"),
        tell("本卡 − 该评分", "card less it"),
    )
    for head in (*heads, tell("95% 区间", "95% interval")):
        shown.add_column(head, justify="right")
    own = found.intervals
    scores = [
        (tell("本评分卡", "this card"), own, None),
        *((each.name, each.intervals, each.difference.auc) for each in found.others),
    ]
    for name, each, gap in scores:
        losses = [tell.number(None if loss is None else loss.value, 4) for loss in (each.brier, each.log_loss)]
        numbers = tell.number(each.auc.value, 4), tell.between(each.auc, 4), tell.number(each.ks.value, 4)
        shown.add_row(Styled(name), *numbers, *losses, tell.signed(None if gap is None else gap.value, 4), tell.between(gap, 4))
    return shown
