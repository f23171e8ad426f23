"""How a drafted specification is printed: a table of the columns, then warnings and suspected leaks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.table import Table

from shouxin.engines.scoring.fitting.column_kinds import ColumnLook
from shouxin.engines.scoring.fitting.profile import Drafted
from shouxin.engines.scoring.fitting.spec import ColumnSpec
from shouxin.faces.cli.out import print_whole, results
from shouxin.faces.cli.score_shown import DIRECTIONS
from shouxin.foundation.texts import Text

HEADS = (
    Text("列", "column"),
    Text("类型", "type"),
    Text("缺失", "missing"),
    Text("不同取值", "distinct"),
    Text("方向", "direction"),
    Text("特殊值", "special"),
    Text("入模", "used"),
)
NUMERIC = (2, 3)
USED = Text("是", "yes")
TITLE = Text("{rows:,} 行，{columns} 列，其中 {used} 列入模", "{rows:,} rows, {columns} columns, {used} of them used")
WARNINGS = Text("请核对", "to look at")
LEAKS = Text("疑似泄漏（已设为不入模）", "suspected leaks (drafted as not used)")
NEXT = Text(
    "规格文件：{out}。请逐行核对后运行 shouxin score fit", "specification: {out}. Check every line, then run shouxin score fit"
)


def show_draft(drafted: Drafted, out: Path, lang: str) -> None:
    """What was drafted, for people."""
    spec, looks = drafted.spec, drafted.looks
    rows = looks[0].rows if looks else 0
    title = TITLE.in_language(lang).format(rows=rows, columns=len(looks), used=len(spec.used))
    table = Table(title=title, title_justify="left")
    for place, head in enumerate(HEADS):
        table.add_column(head.in_language(lang), justify="right" if place in NUMERIC else "left")
    for look in looks:
        table.add_row(*_row(look, spec.columns[look.column], lang))
    print_whole(table)
    _listed(WARNINGS, [note.text for note in drafted.notes], lang)
    _listed(LEAKS, list(_leaks(drafted)), lang)
    results.print(NEXT.in_language(lang).format(out=out), soft_wrap=True)


def plain_draft(drafted: Drafted, lang: str) -> dict[str, Any]:
    """What was drafted, for programs."""
    spec = drafted.spec
    return {
        "target": spec.target.model_dump(exclude_none=True),
        "columns": [
            {
                "column": look.column,
                "type": look.type,
                "rows": look.rows,
                "missing": look.missing,
                "distinct": look.distinct,
                **spec.columns[look.column].model_dump(
                    mode="json", include={"use", "input", "direction", "special", "leak", "why"}
                ),
            }
            for look in drafted.looks
        ],
        "protected": spec.protected,
        "warnings": [{"column": each.column, "text": each.text.in_language(lang)} for each in drafted.notes],
        "leaks": [
            {"column": each.column, "kind": each.kind, "evidence": each.evidence.in_language(lang)} for each in drafted.leaks
        ],
    }


def _row(look: ColumnLook, each: ColumnSpec, lang: str) -> Iterator[str]:
    yield look.column
    yield each.type
    yield f"{look.missing / look.rows:.1%}" if look.missing else ""
    yield f"{look.distinct:,}"
    yield DIRECTIONS[each.direction].in_language(lang) if each.direction != "either" else ""
    yield ", ".join(str(code) for code in each.special)
    yield USED.in_language(lang) if each.use else _in_language(each.why or "", lang)


def _in_language(why: str, lang: str) -> str:
    """A drafted reason holds both languages, English first."""
    en, _, zh = why.rpartition("; ")
    return en if lang == "en" and en else zh


def _leaks(drafted: Drafted) -> Iterator[Text]:
    for each in drafted.leaks:
        yield Text(f"{each.column}：{each.evidence.zh}", f"{each.column}: {each.evidence.en}")


def _listed(title: Text, texts: list[Text], lang: str) -> None:
    if texts:
        results.print(title.in_language(lang), style="bold")
    for text in texts:
        results.print(f"  {text.in_language(lang)}", soft_wrap=True)
