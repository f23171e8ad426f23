"""Answers in words: the case's text of the bundle, filled in for one language. Read first: `Teller`."""

from __future__ import annotations

from shouxin.desk.advice.answers.errors import AnswerNotWorded
from shouxin.desk.advice.answers.model import ANY, FACTS_MISSING, IDENTITY_FIRST, Answer, Part, Source, Use
from shouxin.desk.advice.answers.values import show
from shouxin.engines.policy.answer_shapes import AnswerShape
from shouxin.engines.policy.check_answers import FILE
from shouxin.engines.policy.load import Bundle
from shouxin.foundation.texts import Text

RESTS_ON = {
    Source.SETTING: Text("规则", "rule"),
    Source.FACT: Text("信息", "fact"),
    Source.BOOKS: Text("账务记录", "our books"),
}


class Teller:
    """Tells answers in the words of one bundle and in one language."""

    def __init__(self, bundle: Bundle, lang: str) -> None:
        self.bundle, self.lang = bundle, lang

    def question(self, code: str) -> str:
        """A question as a customer asks it. Raises AnswerNotWorded."""
        shape = self._shape(code)
        return shape.zh if self.lang == "zh" else shape.en

    def paragraphs(self, answer: Answer) -> list[str]:
        """The answer, a paragraph for each part. Raises AnswerNotWorded."""
        return [self.paragraph(answer.code, each) for each in answer.parts]

    def paragraph(self, code: str, part: Part) -> str:
        """One part of an answer. Raises AnswerNotWorded, also for words that name what the part does not have."""
        words = self._shape(code).cases.get(part.case)
        if words is None and part.case in (FACTS_MISSING, IDENTITY_FIRST):
            words = self._shape(ANY).cases.get(part.case)
        values = {name: show(value, self.lang) for name, value in part.values.items()}
        try:
            if words is not None:
                text = (words.zh if self.lang == "zh" else words.en).format(**values)
                return text if self.lang == "zh" else text[:1].upper() + text[1:]
        except KeyError:
            pass
        raise AnswerNotWorded("answer", f"{code}.{part.case}", file=FILE)

    def based_on(self, answer: Answer) -> list[str]:
        """What the answer rests on, each once."""
        return list(dict.fromkeys(self._use(use) for part in answer.parts for use in part.uses))

    def notices(self, answer: Answer) -> list[str]:
        """What must be said with it."""
        return [each.in_language(self.lang) for each in answer.notices]

    def _use(self, use: Use) -> str:
        zh = self.lang == "zh"
        name = use.text.in_language(self.lang) if use.text else use.name
        value = "" if use.value is None else f" = {show(use.value, self.lang)}"
        where = f"（{use.where}）" if zh else f" ({use.where})"
        return f"{RESTS_ON[use.source].in_language(self.lang)}{'：' if zh else ': '}{name}{value}{where}"

    def _shape(self, code: str) -> AnswerShape:
        shape = self.bundle.answers.get(code)
        if shape is None:
            raise AnswerNotWorded("answer", code, file=FILE)
        return shape
