"""Texts that stand in one file and in further files of a folder: the later may replace the earlier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shouxin.engines.policy.answer_shapes import AnswersFile, AnswerShape
from shouxin.engines.policy.card_shapes import ScorecardFile
from shouxin.engines.policy.model import ReasonsFile


def joined_reasons(cards: Mapping[str, ScorecardFile], reasons: ReasonsFile, more: Mapping[str, ReasonsFile]) -> ReasonsFile:
    """The codes of the cards, of reasons.yaml and of every file of reasons/."""
    files: list[ScorecardFile | ReasonsFile] = [*cards.values(), reasons, *more.values()]
    return ReasonsFile(reasons={code: shape for file in files for code, shape in file.reasons.items()})


def joined_answers(files: Iterable[AnswersFile]) -> dict[str, AnswerShape]:
    """The questions of answers.yaml and of every file of answers/, case by case: whoever words one case anew keeps the others."""
    found: dict[str, AnswerShape] = {}
    for file in files:
        for code, shape in file.answers.items():
            cases = {**(found[code].cases if code in found else {}), **shape.cases}
            found[code] = shape.model_copy(update={"cases": cases})
    return found
