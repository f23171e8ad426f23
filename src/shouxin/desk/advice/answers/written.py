"""Answers as plain values for programs: codes, cases, typed values, and the words of one language beside them."""

from __future__ import annotations

from typing import Any

from shouxin.desk.advice.answers.model import Answer, Use
from shouxin.desk.advice.answers.told import Teller
from shouxin.desk.advice.answers.values import plain


def write_answer(answer: Answer, teller: Teller) -> dict[str, Any]:
    """One answer. Amounts in major units and rates in percent, as text. Raises AnswerNotWorded."""
    lang = teller.lang
    return {
        "code": answer.code,
        "question": teller.question(answer.code),
        "answer": [
            {
                "case": part.case,
                "text": teller.paragraph(answer.code, part),
                "values": {name: plain(value, lang) for name, value in part.values.items()},
                "based_on": [_use(use, lang) for use in part.uses],
            }
            for part in answer.parts
        ],
        "notices": teller.notices(answer),
    }


def _use(use: Use, lang: str) -> dict[str, Any]:
    value = None if use.value is None else plain(use.value, lang)
    text = use.text.in_language(lang) if use.text else None
    return {"source": use.source.value, "name": use.name, "text": text, "value": value, "where": use.where}
