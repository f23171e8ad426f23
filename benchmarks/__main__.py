"""Run every benchmark and print one table: `make bench`, or `make bench BENCH_ARGS=--quick`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import advice, batch, close, deciding, facts, lending, loans, online, scoring, whatif
from benchmarks.measure import Row, machine

README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"
SCORING_BEGIN, SCORING_END = "<!-- scoring: begin -->", "<!-- scoring: end -->"
PARTS = ("online", "loans", "lending", "close", "facts", "deciding", "whatif", "advice", "scoring", "batch")
HEADER = ("what", "Shouxin", "against", "times", "budget", "")
ROWS, QUICK_ROWS, SPARK_ROWS, QUICK_SPARK_ROWS = 10_000_000, 200_000, 1_000_000, 20_000


def main() -> int:
    """0 when everything ran and the engines agree; 1 when they do not. A missed budget is told, not an error."""
    options = _options()
    rows: list[Row] = []
    contestants: list[str] = []
    try:
        if options.only in (None, "online"):
            rows += online.measure(quick=options.quick)
        if options.only in (None, "loans"):
            rows += loans.measure(quick=options.quick)
        if options.only in (None, "lending"):
            rows += lending.measure(quick=options.quick)
        if options.only in (None, "close"):
            rows += close.measure(quick=options.quick)
        if options.only in (None, "facts"):
            rows += facts.measure(quick=options.quick)
        if options.only in (None, "deciding"):
            rows += deciding.measure(quick=options.quick)
        if options.only in (None, "whatif"):
            rows += whatif.measure(quick=options.quick)
        if options.only in (None, "advice"):
            rows += advice.measure(quick=options.quick)
        if options.only in (None, "scoring"):
            with tempfile.TemporaryDirectory(prefix="shouxin-bench-") as folder:
                scores = scoring.measure(Path(folder), quick=options.quick)
            rows += scoring.rows(scores)
            contestants = scoring.tables(scores)
        if options.only in (None, "batch"):
            with tempfile.TemporaryDirectory(prefix="shouxin-bench-") as folder:
                rows += batch.measure(
                    Path(folder),
                    rows=options.rows or (QUICK_ROWS if options.quick else ROWS),
                    rounds=2 if options.quick else 3,
                    spark_rows=0 if options.no_spark else QUICK_SPARK_ROWS if options.quick else SPARK_ROWS,
                )
    except (online.Differ, loans.Differ, close.Differ, facts.Differ, whatif.Differ) as differ:
        print(f"they differ: {differ}", file=sys.stderr)
        return 1
    about = machine()
    _print(rows, contestants + about)
    if options.write:
        _write(rows, about, whole=options.only is None)
        if contestants:
            _write_contestants(contestants)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under a minute: few rounds, few rows")
    parser.add_argument("--only", choices=PARTS, help="one part of it")
    parser.add_argument("--rows", type=int, help=f"customers of the whole book; {ROWS:,} if left out")
    parser.add_argument("--no-spark", action="store_true")
    parser.add_argument("--write", action="store_true", help=f"write the table, or the part, into {README.name}")
    return parser.parse_args()


def _cells(row: Row) -> tuple[str, ...]:
    return row.work, row.ours, row.against, row.ratio, row.budget, row.verdict


def _print(rows: list[Row], about: list[str]) -> None:
    table = Table(*HEADER)
    for row in rows:
        table.add_row(*_cells(row), style=None if row.met is not False else "bold red")
    console = Console(width=None if sys.stdout.isatty() else 180)
    console.print(table)
    for line in about:
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def _write(rows: list[Row], about: list[str], *, whole: bool) -> None:
    """Replace the table; where it is not the whole, the lines of the same works, and add those that are new."""
    text = README.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN, 1)
    table, tail = rest.split(END, 1)
    old = [] if whole else [line for line in table.splitlines() if line.startswith("| ")][2:]
    lines = {_work(line): line for line in (*old, *(_line(_cells(row)) for row in rows))}
    written = [_line(HEADER), _line(("---",) * len(HEADER)), *lines.values(), "", "  \n".join(about)]
    README.write_text("\n".join([head + BEGIN, *written, END + tail]), encoding="utf-8")


def _write_contestants(lines: list[str]) -> None:
    """Replace the tables of the scoring part."""
    head, rest = README.read_text(encoding="utf-8").split(SCORING_BEGIN, 1)
    tail = rest.split(SCORING_END, 1)[1]
    README.write_text("\n".join([head + SCORING_BEGIN, *lines, SCORING_END + tail]), encoding="utf-8")


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _work(line: str) -> str:
    return line.split(" | ")[0]


if __name__ == "__main__":
    sys.exit(main())
