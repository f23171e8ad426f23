"""The texts of notices, from `notice_texts.yaml`. Read first: that file, then `text_of`."""

from __future__ import annotations

import datetime as dt
import string
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Any

import yaml

from shouxin.foundation.money import show_amount
from shouxin.foundation.rates import write_percent
from shouxin.foundation.refusal import Refusal
from shouxin.foundation.texts import Text

TAIL_PLACES = 6


class NoticeKindUnknown(Refusal):
    """A kind of notice that has no text."""

    en = "one of {known}"
    zh = "须为 {known} 之一"


class NoticeFactMissing(Refusal):
    """A notice without something that its text names."""

    en = "facts with these names: {needed}"
    zh = "须包含以下内容：{needed}"


class NoticeFactUnreadable(Refusal):
    """A fact that cannot be written into a text."""

    en = "amounts in minor units, rates in ppm, days as YYYY-MM-DD, names as text or as a text in zh and en"
    zh = "金额以分为单位，利率以百万分之一为单位，日期写 YYYY-MM-DD，名称为文字或中英文对照"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of notice.

    rank:       the lowest goes first where not all may be sent today
    keeps_days: how many days after its day it is still worth sending
    needed:     the names of the facts in its text
    """

    rank: int
    keeps_days: int
    text: Text
    needed: frozenset[str]


def tail_of(about: uuid.UUID) -> str:
    """How a customer recognises a loan in a short text: the last 6 places of its id, which are random.

    >>> tail_of(uuid.UUID("0198c0de-0000-7000-8000-0000001a2b3c"))
    '1A2B3C'
    """
    return about.hex[-TAIL_PLACES:].upper()


def text_of(kind: str, about: uuid.UUID, facts: Mapping[str, Any], lang: str) -> str:
    """The text of a notice in `zh` or `en`. Raises NoticeKindUnknown, NoticeFactMissing, NoticeFactUnreadable, in this order.

    >>> text_of("repayment_received", uuid.UUID(int=171), {"day": "2026-03-02", "amount": 50_000}, "en")
    'We received CNY 500.00 on 2026-03-02 for your loan ending in 0000AB.'
    """
    known = KINDS.get(kind)
    if known is None:
        raise NoticeKindUnknown("kind", kind, known=", ".join(KINDS))
    missing = sorted(known.needed - facts.keys())
    if missing:
        raise NoticeFactMissing("facts", ", ".join(sorted(facts)), needed=", ".join(sorted(known.needed)))
    shown = {name: _shown(name, facts[name], lang) for name in known.needed}
    return known.text.in_language(lang).format(tail=tail_of(about), **shown)


ORDER: tuple[type[Refusal], ...] = (NoticeKindUnknown, NoticeFactMissing, NoticeFactUnreadable)


def _money(value: Any, _lang: str) -> str:
    return show_amount(_whole(value))


def _percent(value: Any, _lang: str) -> str:
    return write_percent(_whole(value))


def _day(value: Any, lang: str) -> str:
    day = dt.date.fromisoformat(value)
    return f"{day.year}年{day.month}月{day.day}日" if lang == "zh" else str(day)


def _number(value: Any, _lang: str) -> str:
    return str(_whole(value))


def _name(value: Any, lang: str) -> str:
    return str(value[lang]) if isinstance(value, Mapping) else str(value)


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError
    return value


# How a fact is written, by its name: all that a text may name.
_WRITTEN: Mapping[str, Callable[[Any, str], str]] = {
    **dict.fromkeys(("amount", "first", "most", "before"), _money),
    **dict.fromkeys(("day", "due", "expires"), _day),
    "rate_ppm": _percent,
    "number": _number,
    **dict.fromkeys(("product", "reason"), _name),
}


def _shown(name: str, value: Any, lang: str) -> str:
    try:
        return _WRITTEN[name](value, lang)
    except (TypeError, ValueError, KeyError):
        raise NoticeFactUnreadable(f"facts.{name}", value) from None


def _kind(row: Mapping[str, Any]) -> Kind:
    names = {name for text in (row["zh"], row["en"]) for _, name, _, _ in string.Formatter().parse(text) if name}
    unknown = names - _WRITTEN.keys() - {"tail"}
    if unknown:
        raise ValueError(f"notice_texts.yaml names what no fact is: {sorted(unknown)}")
    return Kind(row["rank"], row["keeps_days"], Text(row["zh"], row["en"]), frozenset(names - {"tail"}))


def _load() -> Mapping[str, Kind]:
    rows = yaml.safe_load(resources.files(__package__).joinpath("notice_texts.yaml").read_text("utf-8"))
    return MappingProxyType({name: _kind(row) for name, row in rows.items()})


KINDS = _load()
