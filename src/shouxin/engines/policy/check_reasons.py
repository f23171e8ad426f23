"""Checks of reason codes and cases: both languages, no code without use, no product without a case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from shouxin.engines.policy.check_uses import Subject
from shouxin.engines.policy.errors import Place
from shouxin.engines.policy.findings import Finding, finding
from shouxin.engines.policy.load import Bundle
from shouxin.engines.policy.model import ReasonShape, RuleShape


def check_reasons(subject: Subject) -> Iterator[Finding]:
    """Every code speaks Chinese and English, and some part of the bundle gives it."""
    bundle = subject.policy.bundle
    shapes = (bundle.scorecards, bundle.rules, bundle.products, bundle.exposure, bundle.regulation)
    used = {code for shape in shapes for code in _codes(shape)}
    for code, reason in bundle.reasons.reasons.items():
        place = _place(bundle, code)
        absent = list(_absent(reason))
        if absent:
            right = f"give {' and '.join(absent)}: what a customer reads is there in both languages"
            yield finding("error", "C-REASON-TEXT", place, code, right)
        if code not in used:
            right = "nothing in the bundle gives this reason: leave it out, or use it"
            yield finding("warning", "C-REASON-UNUSED", place, code, right)


def _place(bundle: Bundle, code: str) -> Place:
    """Where the text of a code stands: in a file of reasons/, in reasons.yaml, or else in a card."""
    own = sorted(name for name in bundle.files if name.startswith("reasons/"))
    cards = sorted(name for name in bundle.files if name.startswith("scorecards/"))
    names = [*reversed(own), "reasons.yaml", *reversed(cards)]
    file = next(name for name in names if code in (bundle.files[name].data.get("reasons") or {}))
    return bundle.place(file, "reasons", code)


def _absent(reason: ReasonShape) -> Iterator[str]:
    yield from (name for name in ("zh", "en") if not getattr(reason, name).strip())
    advice = {name: (getattr(reason, name) or "").strip() for name in ("do_zh", "do_en")}
    if any(advice.values()):
        yield from (name for name, text in advice.items() if not text)


def _codes(part: Any) -> Iterator[str]:
    """The codes that a part of a bundle gives, those for other licences and other days included."""
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            value = getattr(part, name)
            names_a_code = name == "reason" or name.endswith("_reason") or (name == "code" and isinstance(part, RuleShape))
            if names_a_code and isinstance(value, str):
                yield value
            elif isinstance(value, BaseModel | Mapping | list | tuple):
                yield from _codes(value)
    elif isinstance(part, Mapping):
        for each in part.values():
            yield from _codes(each)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _codes(each)


def check_cases(subject: Subject) -> Iterator[Finding]:
    """Some case expects something about every product."""
    bundle = subject.policy.bundle
    expected = {
        name.removeprefix("= ").partition(".")[0].strip()
        for file in bundle.cases.values()
        for row in file.rows
        for name, text in zip(file.header, row, strict=True)
        if name.startswith("= ") and "." in name and text
    }
    for code in bundle.products:
        if code not in expected:
            right = f"no case expects anything of it: write one in cases/, with a column `= {code}.outcome`"
            yield finding("error", "C-NO-CASE", bundle.place(f"products/{code}.yaml"), code, right)
