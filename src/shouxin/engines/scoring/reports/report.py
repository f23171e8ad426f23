"""A report as one HTML file that stands by itself: headline numbers, warnings, sections of text, figures and tables.

A report is a frozen value in one language; its author has chosen and formatted every text. `render` writes it without script,
without anything from outside, every text escaped, the same bytes for the same value. It prints on A4. A table follows every
figure, with the same numbers: a section that lacks one is no section.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import ClassVar, Literal

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from shouxin.foundation.charts import Svg, checked_id, one_line
from shouxin.foundation.texts import LANGUAGES, Text

_SVG_ID = re.compile(r' id="([^"]*)"')
_WORDS = {
    "contents": Text("目录", "Contents"),
    "headline": Text("主要结果", "Headline"),
    "warnings": Text("注意事项", "Warnings"),
    "no_warnings": Text("未发现需要注意的问题。", "Nothing to warn of was found."),
    "figure": Text("图", "Figure"),
    "table": Text("表", "Table"),
    "no_rows": Text("无数据", "No data"),
}


@dataclass(frozen=True, slots=True)
class Headline:
    """A number that the reader should see first; note: its interval, its split or what it is compared with."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart of `foundation.charts`, and what it shows."""

    svg: Svg
    caption: str
    kind: ClassVar[str] = "figure"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. align: `l` or `r` for each column; left out, the first column is left and the others are right.

    The first cell of a row is its name.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str
    align: str = ""
    kind: ClassVar[str] = "grid"

    def __post_init__(self) -> None:
        if any(len(row) != len(self.header) for row in self.rows):
            raise ValueError(f"{self.caption}: rows of {len(self.header)} cells, as the header has")
        if self.align and (len(self.align) != len(self.header) or set(self.align) - {"l", "r"}):
            raise ValueError(f"{self.caption}: align has l or r for each of {len(self.header)} columns, not {self.align!r}")

    @property
    def sides(self) -> tuple[Literal["left", "right"], ...]:
        """Where the text of each column stands.

        >>> Grid(("tier", "rows", "bads"), (), "By tier").sides
        ('left', 'right', 'right')
        """
        letters = self.align or "l" + "r" * (len(self.header) - 1)
        return tuple("left" if each == "l" else "right" for each in letters)


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph among figures and tables."""

    text: str
    kind: ClassVar[str] = "note"


Block = Figure | Grid | Note


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report. id: its anchor, as `checked_id` has it; text: a paragraph under the heading, or nothing."""

    id: str
    heading: str
    text: str
    blocks: tuple[Block, ...] = ()

    def __post_init__(self) -> None:
        checked_id(self.id)
        for block, after in pairwise((*self.blocks, None)):
            if isinstance(block, Figure) and not isinstance(after, Grid):
                raise ValueError(f"{self.id}: a table with the same numbers follows the figure {block.caption!r}")

    def ids(self) -> Iterator[str]:
        """The ids of the section, its charts and its tables."""
        yield self.id
        for position, block in enumerate(self.blocks, start=1):
            if isinstance(block, Figure):
                yield from _SVG_ID.findall(block.svg)
            elif isinstance(block, Grid):
                yield self.table_id(position)

    def table_id(self, position: int) -> str:
        """The id of a table by its position among the blocks, from 1."""
        return f"{self.id}-table-{position}"


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report in one language, `zh` or `en`. Its sections and charts have different ids."""

    title: str
    subtitle: str
    lang: str
    headline: tuple[Headline, ...]
    warnings: tuple[str, ...]
    sections: tuple[Section, ...]

    def __post_init__(self) -> None:
        if self.lang not in LANGUAGES:
            raise ValueError(f"a language of {', '.join(LANGUAGES)}, not {self.lang!r}")
        used = Counter(each for section in self.sections for each in section.ids())
        for each, times in used.items():
            if times > 1:
                raise ValueError(f"two things have the id {each!r}")


def render(report: Report) -> str:
    """The report as HTML, which is well-formed XML too."""
    words = {name: text.in_language(report.lang) for name, text in _WORDS.items()}
    return _template().render(report=report, words=words)


@cache
def _template() -> Template:
    loader = PackageLoader("shouxin.engines.scoring.reports")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, finalize=_printed)
    environment.trim_blocks = environment.lstrip_blocks = True
    return environment.get_template("report.html")


def _printed(value: object) -> object:
    """What cannot be printed has no place in XML; a chart is written already."""
    return one_line(value) if isinstance(value, str) and not isinstance(value, Markup) else value
