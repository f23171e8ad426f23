"""answers.yaml: the words of the answers to customers' questions, beside the reasons. The logic that picks a case is code.

    answers:
      UNUSED_LINE_CLOSES:
        zh: 额度一直不用，会自动关闭吗？
        en: Does a line close by itself if I never use it?
        cases:
          none: {zh: 您目前没有额度。, en: You have no line.}

A text names what is filled in by `{name}`, and nothing else may stand in braces. Which questions, cases and names there are is
told to `check_answers` by whoever has the logic: a bundle that was stored under another version of it must still load.
"""

from __future__ import annotations

import string
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field

from shouxin.engines.policy.shapes import Code, Shape


def placeholders(text: str) -> frozenset[str]:
    """The names that a text fills in. Raises ValueError where something else stands in braces.

    >>> sorted(placeholders("{product} ends on {day}; {product} only"))
    ['day', 'product']
    """
    found = set()
    for _, name, form, conversion in string.Formatter().parse(text):
        if name is not None:
            if form or conversion or not (name.isascii() and name.isidentifier() and name == name.lower()):
                raise ValueError(f"braces hold a name alone, such as {{product}}, not {{{name}...}}")
            found.add(name)
    return frozenset(found)


def _fillable(text: str) -> str:
    placeholders(text)
    return text


AnswerText: TypeAlias = Annotated[str, Field(min_length=1, max_length=1_200), AfterValidator(_fillable)]
CaseName: TypeAlias = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,47}$")]


class WordsShape(Shape):
    """What is said in one case."""

    zh: AnswerText
    en: AnswerText


class AnswerShape(Shape):
    """One question as a customer would ask it, and what is said in each case."""

    zh: AnswerText
    en: AnswerText
    cases: dict[CaseName, WordsShape]


class AnswersFile(Shape):
    """answers.yaml, answers/*.yaml"""

    answers: dict[Code, AnswerShape]
