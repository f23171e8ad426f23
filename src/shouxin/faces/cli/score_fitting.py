"""How `shouxin score fit` works: reads the rows, screens, fits, tests on the rows set aside, and writes card and reports."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from shouxin.desk.portfolio.job import Progress
from shouxin.desk.portfolio.tables import table_of
from shouxin.engines.scoring.fitting.card_words import words_for
from shouxin.engines.scoring.fitting.fit import Fitted, Wish, fit
from shouxin.engines.scoring.fitting.fit_story import on_test_rows, story
from shouxin.engines.scoring.fitting.profile import draft
from shouxin.engines.scoring.fitting.spec import Spec, read_spec
from shouxin.engines.scoring.fitting.spec_check import check_spec
from shouxin.engines.scoring.fitting.table import Table
from shouxin.engines.scoring.reports.fit import fit_report
from shouxin.engines.scoring.validating.validate_model import Validated
from shouxin.faces.cli.out import errors, progress_bar, results
from shouxin.faces.cli.report_file import show_reports, write_reports
from shouxin.faces.cli.whole_file import write_whole
from shouxin.faces.cli.written import text_of
from shouxin.foundation.texts import Text

MAX_SPEC_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class AskedFit:
    """What is fitted, from which rows, and where it goes; see the options of the command."""

    data: Path
    target: tuple[str, str | None]
    out: Path
    spec: Path | None
    pairs: int
    allowed: tuple[str, ...]
    on: dt.date | None
    draws: int


@dataclass(frozen=True, slots=True)
class Done:
    """One card: its file, how it was fitted, and what it is worth on the rows set aside."""

    out: Path
    fitted: Fitted
    found: Validated


def run(asked: AskedFit, report: Path | None, lang: str, *, as_json: bool) -> None:
    """Fit and write. Raises the refusals of files, specifications and `fit`; nothing is written then."""
    table, spec = _read(asked)
    with progress_bar() as progress:
        done = [_fitted(each, part, spec, asked, progress) for each, part in _parts(table, spec, asked)]
    for each in done:
        write_whole(each.out, each.fitted.card.text)
        written = () if report is None else _reported(each, _beside(report, each, asked))
        if not as_json:
            _show(each, lang)
            if written:
                show_reports(written, lang)
    if as_json:
        print(json.dumps([_plain(each) for each in done], ensure_ascii=False, indent=1))


def _read(asked: AskedFit) -> tuple[Table, Spec]:
    """The data, and the specification: the given one or a draft. A draft leaves leaks in, so that the screen stops at them."""
    column, bad = asked.target
    if asked.spec is None:
        table = table_of(asked.data)
        spec = draft(table, column, bad).spec
        leaking = {name: each.model_copy(update={"use": True}) for name, each in spec.columns.items() if each.leak}
    else:
        spec = read_spec(text_of(asked.spec, "--spec", MAX_SPEC_BYTES), str(asked.spec))
        table = table_of(asked.data, [name for name, each in spec.columns.items() if each.type == "enum"])
        target = spec.target.model_copy(update={"column": column} | ({} if bad is None else {"bad": [bad]}))
        spec = spec.model_copy(update={"target": target})
        leaking = {name: spec.columns[name].model_copy(update={"use": True}) for name in asked.allowed if name in spec.columns}
    return table, spec.model_copy(update={"columns": {**spec.columns, **leaking}})


def _parts(table: Table, spec: Spec, asked: AskedFit) -> Iterator[tuple[tuple[Path, str | None], Table]]:
    """The whole table, or one part for each value of the column of segments, with a card of its own."""
    if spec.segments is None:
        yield (asked.out, None), table
        return
    check_spec(spec, table)
    values, codes = table.coded(spec.segments)
    for place, value in enumerate(values):
        word = words_for([value])[value].replace(" ", "-").replace("/", "-")
        file = asked.out.with_name(f"{asked.out.stem}-{word}{asked.out.suffix}")
        yield (file, value), table.take(np.flatnonzero(codes == place))


def _fitted(where: tuple[Path, str | None], table: Table, spec: Spec, asked: AskedFit, progress: Progress) -> Done:
    out, segment = where
    fitted = fit(table, spec, Wish(asked.pairs, asked.on, asked.allowed, segment), progress)
    progress("test", 0.0)
    found = on_test_rows(fitted, table, asked.draws)
    progress("test", 1.0)
    return Done(out, fitted, found)


def _beside(report: Path, done: Done, asked: AskedFit) -> Path:
    """The report's file; of a segment's card with the segment in its name."""
    return report.with_name(f"{report.stem}{done.out.stem.removeprefix(asked.out.stem)}{report.suffix}")


def _reported(done: Done, report: Path) -> tuple[Path, Path]:
    told = story(done.fitted, done.found)
    return write_reports(report, lambda language: fit_report(told, language))


def _show(done: Done, lang: str) -> None:
    fitted, found = done.fitted, done.found
    for warning in fitted.warnings:
        errors.print(warning.text.in_language(lang), style="yellow", soft_wrap=True)
    for leak in fitted.leaks:
        let_in = leak.column in fitted.spec.used
        zh, en = ("已放行" if let_in else "未使用"), ("let in" if let_in else "not used")
        text = Text(
            f"疑似泄漏，{zh}：{leak.column}：{leak.evidence.zh}", f"looks like a leak, {en}: {leak.column}: {leak.evidence.en}"
        )
        errors.print(text.in_language(lang), style="yellow", soft_wrap=True)
    shape = fitted.card.shape
    made = Text(
        f"{done.out}：{len(shape.characteristics)} 个变量、{len(shape.pairs)} 张组合表，建模样本 {len(fitted.train):,} 条",
        f"{done.out}: {len(shape.characteristics)} characteristics and {len(shape.pairs)} pair tables from "
        f"{len(fitted.train):,} rows",
    )
    results.print(made.in_language(lang), soft_wrap=True)
    where = (
        Text("检验样本", "test rows")
        if len(fitted.test)
        else Text("建模样本（未留出检验样本）", "training rows (none were set aside)")
    )
    results.print(f"AUC, {where.in_language(lang)} ({found.measures.rows:,}):", soft_wrap=True)
    for name, estimate in _aucs(found, lang):
        results.print(f"  {estimate.value:.4f}  ({estimate.low:.4f} – {estimate.high:.4f})  {name}", soft_wrap=True)


def _aucs(found: Validated, lang: str) -> Iterator[tuple[str, Any]]:
    yield Text("本评分卡", "this card").in_language(lang), found.intervals.auc
    for other in found.others:
        yield other.name, other.intervals.auc


def _plain(done: Done) -> dict[str, Any]:
    fitted = done.fitted
    return {
        "out": str(done.out),
        "train_rows": len(fitted.train),
        "test_rows": len(fitted.test),
        "characteristics": list(fitted.card.shape.characteristics),
        "pairs": list(fitted.card.shape.pairs),
        "leaks": [{"column": each.column, "kind": each.kind, "used": each.column in fitted.spec.used} for each in fitted.leaks],
        "warnings": [{"column": each.column, "zh": each.zh, "en": each.en} for each in fitted.warnings],
        "validation": done.found.to_dict(),
    }
