"""How answers to a customer's questions are printed for people. Read first: `show_answers`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shouxin.desk.advice.answers.model import Answer
from shouxin.desk.advice.answers.told import Teller
from shouxin.faces.cli.out import results
from shouxin.foundation.texts import Text

BASED_ON = Text("依据", "based on")


@dataclass(frozen=True, slots=True)
class ToldAnswer:
    """An answer in words."""

    code: str
    question: str
    paragraphs: list[str]
    notices: list[str]
    based_on: list[str]


def tell(answer: Answer, teller: Teller) -> ToldAnswer:
    """An answer in the teller's words. Raises AnswerNotWorded."""
    said = (teller.paragraphs(answer), teller.notices(answer), teller.based_on(answer))
    return ToldAnswer(answer.code, teller.question(answer.code), *said)


def show_answers(told: Iterable[ToldAnswer], lang: str) -> None:
    """Each question, its answer, what must be said with it, and in small what it rests on."""
    for number, each in enumerate(told):
        if number:
            results.print()
        results.print(f"{each.question}  [{each.code}]", style="bold", soft_wrap=True)
        for paragraph in (*each.paragraphs, *each.notices):
            results.print(f"  {paragraph}", soft_wrap=True)
        for line in each.based_on:
            colon = "：" if lang == "zh" else ": "
            results.print(f"    {BASED_ON.in_language(lang)}{colon}{line}", style="dim", soft_wrap=True)
