"""What can be wrong with a bundle, said so that its author can mend it: where, what stands there, what would be right."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece of a bundle was written: `rules.yaml`, line 12."""

    file: str
    line: int


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault of a bundle.

    code:  stable, e.g. `E-DIVIDE`; listed in docs/reference/policy-language.md
    text:  the offending text, cut to 80 characters
    right: what would be right
    """

    file: str
    line: int
    code: str
    text: str
    right: str

    def __str__(self) -> str:
        return printable(f"{self.file}:{self.line}: {self.code}: {self.text!r}: {self.right}")


def printable(text: str) -> str:
    """The text with control characters written out, so that a message cannot steer a terminal."""
    return "".join(each if each.isprintable() or each == " " else repr(each)[1:-1] for each in text)


def fault(place: Place, code: str, text: object, right: str) -> Fault:
    """A fault at a place; long text is cut."""
    shown = str(text)
    return Fault(place.file, place.line, code, shown if len(shown) <= 80 else shown[:77] + "...", right)


class BundleRefused(Exception):
    """A bundle that cannot be used. Carries every fault found, in order of file and line."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(str(each) for each in self.faults))


class ExpressionRefused(Exception):
    """One expression that the language does not allow; caught by the pass that knows where it was written."""

    def __init__(self, code: str, text: str, right: str) -> None:
        self.code, self.text, self.right = code, text, right
        super().__init__(f"{code}: {text!r}: {right}")
