"""How a report writes: one of two languages, and numbers as a table shows them. What is not known is a dash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shouxin.engines.scoring.measuring.intervals import Estimate
from shouxin.foundation.charts import Heading
from shouxin.foundation.texts import Text

NOTHING = "–"
UNKNOWN_GROUP = Text("未知", "not known")


@dataclass(frozen=True, slots=True)
class Teller:
    """Texts and numbers in one language, `zh` or `en`.

    >>> tell = Teller("en")
    >>> tell("违约", "default"), tell.percent(0.0668), tell.count(45000), tell.number(None)
    ('default', '6.68%', '45,000', '–')
    """

    lang: str

    def __call__(self, zh: str, en: str) -> str:
        """One of the two."""
        return zh if self.lang == "zh" else en

    def text(self, given: Text) -> str:
        """A text in the language."""
        return given.in_language(self.lang)

    def group(self, name: str | None) -> str:
        """The name of a group of rows."""
        return self.text(UNKNOWN_GROUP) if name is None else name

    def percent(self, value: float | None, places: int = 2) -> str:
        """A share."""
        return NOTHING if value is None else f"{value:.{places}%}"

    def number(self, value: float | None, places: int = 3) -> str:
        """A statistic; never minus zero."""
        return NOTHING if value is None else f"{round(value, places) + 0.0:.{places}f}"

    def signed(self, value: float | None, places: int = 3) -> str:
        """A difference, with its sign."""
        return NOTHING if value is None else f"{round(value, places) + 0.0:+.{places}f}"

    def count(self, value: int | None) -> str:
        """A number of rows."""
        return NOTHING if value is None else f"{value:,}"

    def points(self, value: int) -> str:
        """Points of a card, with their sign."""
        return f"{value:+d}" if value else "0"

    def between(self, given: Estimate | None, places: int = 3) -> str:
        """The interval of a statistic."""
        return NOTHING if given is None else self._span(self.number(given.low, places), self.number(given.high, places))

    def percent_between(self, given: Estimate | None, places: int = 2) -> str:
        """The interval of a share."""
        return NOTHING if given is None else self._span(self.percent(given.low, places), self.percent(given.high, places))

    def listed(self, parts: Sequence[str]) -> str:
        """Several things in a sentence."""
        return self("、", ", ").join(parts)

    def heading(self, chart: str, title: str, description: str) -> Heading:
        """What names a chart; chart: its id."""
        return Heading(chart, title, description, self.lang)

    def _span(self, low: str, high: str) -> str:
        return f"{low}{self(' 至 ', ' to ')}{high}"
