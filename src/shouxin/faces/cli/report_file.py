"""Reports as files: FILE in English and, beside it, FILE.zh in Chinese; each whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from shouxin.faces.cli.out import results
from shouxin.faces.cli.whole_file import FileNotWritten, write_whole
from shouxin.foundation.texts import Text

if TYPE_CHECKING:
    from shouxin.engines.scoring.reports.report import Report

ReportFile: TypeAlias = Annotated[
    Path | None,
    typer.Option("--report", metavar="FILE", help="Write FILE in English and, beside it, the same in Chinese (report.zh.html)."),
]


def check_report(path: Path | None) -> None:
    """Refuse what cannot be written before any work is done. Raises FileNotWritten."""
    if path is not None and not path.parent.is_dir():
        raise FileNotWritten("--report", path, why=f"the folder {path.parent} does not exist")


def write_reports(path: Path, build: Callable[[str], Report]) -> tuple[Path, Path]:
    """Write the report that `build` makes of `en` and of `zh`; returns the two files. Raises FileNotWritten."""
    from shouxin.engines.scoring.reports.report import render

    files = path, path.with_name(f"{path.stem}.zh{path.suffix}")
    for file, lang in zip(files, ("en", "zh"), strict=True):
        write_whole(file, render(build(lang)), "--report")
    return files


def show_reports(files: tuple[Path, Path], lang: str) -> None:
    """Say where the reports lie."""
    names = [str(each) for each in files]
    text = Text(f"报告：{'、'.join(names)}", f"reports: {', '.join(names)}")
    results.print(text.in_language(lang), soft_wrap=True)
