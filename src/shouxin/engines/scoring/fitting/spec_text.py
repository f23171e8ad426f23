"""A specification as readable YAML, with what every key means. `read_spec(spec_text(spec))` is the specification again."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from shouxin.engines.scoring.fitting.spec import ColumnSpec, Spec

WIDTH = 130

HEAD = """\
# What `shouxin score fit` is told about the data. Check every line before you fit.
#
# target     bad: the values that mean bad; indeterminate: neither good nor bad, left out; any other value is good.
#            definition, observation_window, performance_window: in words, for the report
# split      random: test_share of the rows, with the seed; out_of_time: rows from the day `since` of `column` on; none
# true_bad_rate   the portfolio's own, such as 0.175, where the data was balanced or weighted; the card is calibrated to it
# weights    a column: how many customers each row stands for
# segments   a column: every value gets a card of its own
# protected  measured, never used
# decision_date   a column of days; what was known only later is a leak
# scale      of the score, that of the bundle which the card goes into; left out: 650 is 30:1 and 50 points double the odds,
#            or fewer points where many scores would be cut off at 350 or 950
# columns    use: whether the card may use it; input: its name in the card; reason, zh, en: its reason code and texts
#   type            double int money bp ppm: numbers as a person writes them (major units, percent); enum: words; bool: flags
#   direction       up: more is better; down: less is better; either: as the data say
#   special         numbers that are codes, each with points of its own
#   missing         own: points of their own; neutral: no points; worst: those of the worst bin
#   missing_values  what means missing beside empty cells
#   why, leak       why it is not used; whether the screen for leaks named it

"""

_PLAIN = re.compile(r"[A-Za-z\u4e00-\u9fff]([\w\u4e00-\u9fff %/().-]*[\w\u4e00-\u9fff%)])?\Z", re.ASCII)
_WORDS = ("true", "false", "null", "yes", "no", "on", "off", "y", "n")


def spec_text(spec: Spec) -> str:
    """The file of a specification; the same specification gives the same text.

    >>> from shouxin.engines.scoring.fitting.spec import TargetSpec, read_spec
    >>> age = ColumnSpec(use=True, input="age", type="int", reason="AGE", zh="年龄", en="age")
    >>> spec = Spec(name="mine", zh="卡", en="card", target=TargetSpec(column="bad", bad=["1"]), columns={"Age": age})
    >>> print(spec_text(spec).splitlines()[-1])
      Age: {use: true, input: age, type: int, direction: either, reason: AGE, zh: 年龄, en: age}
    >>> read_spec(spec_text(spec)) == spec
    True
    """
    plain = _without_nothing(spec.model_dump(exclude={"columns"}))
    lines = [line for key, value in plain.items() for line in _lines(key, value, "")]
    columns = (_lines(column, _column(each), "  ") for column, each in spec.columns.items())
    return HEAD + "\n".join([*lines, "columns:", *(line for each in columns for line in each)]) + "\n"


def _column(each: ColumnSpec) -> dict[str, Any]:
    """The keys of a column that say something; the direction always of numbers."""
    dumped = each.model_dump(exclude_defaults=True)
    if each.type in ("enum", "bool"):
        return dumped
    return {key: value for key, value in each.model_dump().items() if key in dumped or key == "direction"}


def _without_nothing(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in plain.items() if value is not None and value != []}


def _lines(key: str, value: Any, indent: str) -> Iterator[str]:
    """A key with its value, on one line where that is short enough, else broken after commas."""
    if isinstance(value, dict):
        value = _without_nothing(value)
    line = f"{indent}{_scalar(key)}: {_flow(value)}"
    if len(line) <= WIDTH or not isinstance(value, dict | list):
        yield line
        return
    opened, closed = "{}" if isinstance(value, dict) else "[]"
    line = f"{indent}{_scalar(key)}: {opened}"
    for part in _parts(value):
        if len(line) + len(part) >= WIDTH and not line.endswith(opened):
            yield line.rstrip()
            line = f"{indent}  "
        line += f"{part}, "
    yield line.removesuffix(", ") + closed


def _parts(value: Any) -> list[str]:
    """What stands between the commas of a mapping or a list."""
    if isinstance(value, dict):
        return [f"{_scalar(key)}: {_flow(each)}" for key, each in value.items()]
    return [_flow(each) for each in value]


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(_parts(value))}}}"
    if isinstance(value, list):
        return f"[{', '.join(_parts(value))}]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        written = f"{value:f}"
        return written if "." in written else f"{written}.0"
    if isinstance(value, int):
        return str(value)
    text: str = value
    return text if _PLAIN.match(text) and text.lower() not in _WORDS else f'"{"".join(_escaped(each) for each in text)}"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
