"""docs/reference/servicing.md: what each command on lines and loans refuses, in which order, from the code that refuses."""

from __future__ import annotations

from docs.page import code, filled, table
from shouxin.book.facilities.service import ORDERS as LINES
from shouxin.desk.servicing.commands import ORDERS as LOANS
from shouxin.foundation.refusal import Refusal


def order(*action: str) -> str:
    """The table of one command: `facility offer` stands for `facility.offer`."""
    rows = [
        (number, code(shown(each)), sentence(each.en), sentence(each.zh))
        for number, each in enumerate({**LINES, **LOANS}[".".join(action)], 1)
    ]
    return table(["", "refusal", "what would be right", "中文"], rows)


def sentence(text: str) -> str:
    """The text of a refusal, its limits in pointed brackets."""
    return text.replace("{", "‹").replace("}", "›")


def shown(refusal: type[Refusal]) -> str:
    """The code under which programs know a refusal."""
    return refusal.__new__(refusal).code


PARTS = {"order": order}


def servicing_page(text: str) -> str:
    """The page, its generated parts written anew."""
    return filled(text, PARTS)
