"""What is refused when a question is asked."""

from __future__ import annotations

from shouxin.foundation.refusal import Refusal


class QuestionUnknown(Refusal):
    """A code that no question has."""

    en = "one of {known}"
    zh = "须为 {known} 之一"


class AnswerNotWorded(Refusal):
    """The bundle in force has no words for an answer, or words that cannot be filled in."""

    en = "words for it in {file} of the bundle in force: shouxin policy check DIR says which are missing"
    zh = "生效的策略包须在 {file} 中写明该答复的文字；可用 shouxin policy check DIR 查看缺失的文字"
