"""Checks of the answers' words: what a text fills in is known and the same in both languages, and no case is without words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from shouxin.engines.policy.answer_shapes import WordsShape, placeholders
from shouxin.engines.policy.errors import Place
from shouxin.engines.policy.findings import Finding, finding
from shouxin.engines.policy.load import Bundle

# Question -> case -> the names that its text may fill in.
Cases: TypeAlias = Mapping[str, Mapping[str, frozenset[str]]]
FILE = "answers.yaml"


def check_answers(bundle: Bundle, cases: Cases) -> Iterator[Finding]:
    """What is wrong with the words of a bundle that has some; one without any answers nothing, which is legal.

    cases: what the logic can say
    """
    if not bundle.answers:
        return
    for code, shape in bundle.answers.items():
        if code not in cases:
            yield finding("warning", "C-ANSWER-UNUSED", _place(bundle, code), code, "nobody asks this: leave it out")
            continue
        for case, words in shape.cases.items():
            place = _place(bundle, code, "cases", case)
            if case in cases[code]:
                yield from _wrong(place, f"{code}.{case}", words, cases[code][case])
            else:
                yield finding("warning", "C-ANSWER-UNUSED", place, f"{code}.{case}", "never said: leave it out")
    for code, known in cases.items():
        for case in known:
            if code not in bundle.answers or case not in bundle.answers[code].cases:
                right = "this can be the answer and has no words: give zh and en"
                yield finding("warning", "C-ANSWER-MISSING", _place(bundle, code), f"{code}.{case}", right)


def _wrong(place: Place, where: str, words: WordsShape, known: frozenset[str]) -> Iterator[Finding]:
    zh, en = placeholders(words.zh), placeholders(words.en)
    if zh != en:
        one_sided = ", ".join(f"{{{name}}}" for name in sorted(zh ^ en))
        yield finding("error", "C-ANSWER-TEXT", place, where, f"zh and en fill in the same: {one_sided} stands in one only")
    if unknown := (zh | en) - known:
        told = ", ".join(f"{{{name}}}" for name in sorted(known)) or "nothing"
        shown = ", ".join(f"{{{name}}}" for name in sorted(unknown))
        yield finding("error", "C-ANSWER-TEXT", place, f"{where}: {shown}", f"here can be filled in: {told}")


def _place(bundle: Bundle, code: str, *path: str) -> Place:
    """Where a text stands: in the last file of answers/ that has it, else in answers.yaml."""
    more = sorted((name for name in bundle.files if name.startswith("answers/")), reverse=True)
    for name in (*more, FILE):
        if ("answers", code, *path) in (bundle.files[name].lines if name in bundle.files else {}):
            return bundle.place(name, "answers", code, *path)
    return bundle.place(FILE, "answers", code)
