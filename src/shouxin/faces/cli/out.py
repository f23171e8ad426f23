"""Where results and messages go: results to standard output, messages and progress to standard error."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.measure import Measurement
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from shouxin.foundation.days import read_day
from shouxin.foundation.errors import DayUnreadable

MOST_COLUMNS = 1_000

# no markup: the texts of a bundle are printed as they are
results = Console(markup=False, highlight=False)
errors = Console(stderr=True, markup=False, highlight=False)


def print_whole(table: Table) -> None:
    """A table at its own width, also where the screen is narrower: figures are never cut off."""
    width = Measurement.get(results, results.options.update(width=MOST_COLUMNS), table).maximum
    Console(markup=False, highlight=False, width=max(width, results.width)).print(table)


def business_date(text: str | None, *, quiet: bool = False, option: str = "--as-of") -> dt.date:
    """The business date; today, said aloud, where none is given.

    Raises typer.BadParameter for anything but YYYY-MM-DD.
    """
    if text is None:
        today = dt.date.today()  # noqa: DTZ011 - the edge is the one place that may read the clock; the lender's local day
        if not quiet:
            errors.print(f"as of {today} (today; {option} DATE sets another)")
        return today
    try:
        return read_day(text)
    except DayUnreadable:
        raise typer.BadParameter(f"{text!r}: a day that exists, written YYYY-MM-DD", param_hint=option) from None


@contextmanager
def progress_bar() -> Iterator[Callable[[str, float], None]]:
    """A progress bar on a terminal, nothing elsewhere; yields a function of (what, share done)."""
    if not errors.is_terminal:
        yield lambda _what, _share: None
        return
    columns = (TextColumn("{task.description:>8}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True) as bar:
        tasks: dict[str, int] = {}

        def show(what: str, share: float) -> None:
            task = tasks.get(what)
            if task is None:
                task = tasks[what] = bar.add_task(what, total=1.0)
            bar.update(task, completed=share)  # type: ignore[arg-type]

        yield show
