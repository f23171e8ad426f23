"""Who lends, who puts up the money, and where to turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shouxin.desk.advice.answers.model import Part, Question, Source, Use, say
from shouxin.desk.advice.answers.values import Listed
from shouxin.desk.advice.answers.view import View
from shouxin.desk.advice.answers.words import BOOKS, LICENCES
from shouxin.desk.servicing.house import OWN
from shouxin.foundation.rates import write_percent
from shouxin.foundation.texts import Text


def who_is_lender(view: View) -> Iterator[Part]:
    """The lender and its licence; whose money each loan is, where it is not the lender's alone; where to complain."""
    licence = view.setting("bundle.yaml", "licence", value=LICENCES[view.bundle.about.licence])
    yield say("lender", licence, lender=view.lender.name, licence=LICENCES[view.bundle.about.licence])
    loans = [(line, each) for line in view.lines for each in line.owing]
    shared = [(line, each) for line, each in loans if _is_shared(each.funders)]
    for line, each in shared:
        use = Use(Source.BOOKS, "funders", None, f"{each.product} {each.loan_id}", BOOKS["funders"])
        yield say("loan_shared", use, product=line.name, opened=each.opened, funders=_shares(view, each.funders))
    new = Use(Source.BOOKS, "funders", None, str(view.today), BOOKS["funders"])
    if _is_shared(view.lender.funders):
        yield say("new_shared", new, funders=_shares(view, view.lender.funders))
    elif not shared:
        yield say("alone", new, lender=view.lender.name)
    yield say("complain")


def _is_shared(funders: Mapping[str, int]) -> bool:
    return set(funders) != {OWN}


def _shares(view: View, funders: Mapping[str, int]) -> Listed:
    """Each funder with its share; the lender by its name, as contracts have it."""
    return Listed(tuple(_share(view.lender.name if code == OWN else Text(code, code), ppm) for code, ppm in funders.items()))


def _share(name: Text, ppm: int) -> Text:
    percent = f"{write_percent(ppm, 0)}%"
    return Text(f"{name.zh}（{percent}）", f"{name.en} ({percent})")


WHO_IS_LENDER = Question(
    "WHO_IS_LENDER",
    {
        "lender": "lender licence",
        "alone": "lender",
        "loan_shared": "product opened funders",
        "new_shared": "funders",
        "complain": "",
    },
    who_is_lender,
)
