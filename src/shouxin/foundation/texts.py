"""A text in the two languages of the house."""

from __future__ import annotations

from dataclasses import dataclass

LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """What a person reads, in Chinese and in English."""

    zh: str
    en: str

    def in_language(self, lang: str) -> str:
        """The text in `zh` or `en`."""
        return self.zh if lang == "zh" else self.en

    @property
    def clause(self) -> Text:
        """The same without its full stops, to stand within a sentence.

        >>> Text("额度已用完。", "The line is used up.").clause.en
        'The line is used up'
        """
        return Text(self.zh.rstrip("。"), self.en.rstrip("."))
