"""For how long a credit report shows what was overdue. The law's numbers and days stand in `regulation/` of the bundle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from shouxin.desk.advice.answers.model import Part, Question, Use, say
from shouxin.desk.advice.answers.values import Amount, Listed, Values, years
from shouxin.desk.advice.answers.view import Held, View
from shouxin.engines.loans.loan import Due
from shouxin.engines.policy.model import NotShownShape
from shouxin.foundation.days import add_months
from shouxin.foundation.texts import Text

MONTHS_OF_YEAR = 12


@dataclass(frozen=True, slots=True)
class Late:
    """An instalment that was late, or is."""

    line: Held
    due: Due

    @property
    def use(self) -> Use:
        """The books that say so."""
        settled = f", {self.due.due} -> {self.due.settled}" if self.due.settled else ""
        return replace(self.line.books("instalment", self.due.due), where=f"{self.line.code} {self.due.number}{settled}")


def overdue_record_kept(view: View) -> Iterator[Part]:
    """For how long and counted from when; until when for each line that was late here; and what is no longer shown at all."""
    kept = next(iter(view.laws_today("kept")), None)
    keeps: int | None = kept[0].years if kept else None
    late = [Late(line, due) for line in view.lines for loan in line.loans for due in loan.loan.dues if due.late]
    yield say("unknown") if kept is None else say("rule", kept[1], years=years(kept[0].years))
    if not late:
        yield say("none_here")
    for line in view.lines:
        yield from _kept(line, [each for each in late if each.line is line], keeps)
    if not view.is_company:
        for rule, use in view.laws("not_shown"):
            yield from _not_shown(view, (rule, use), late, keeps or 0)
    yield say("elsewhere")


def _kept(line: Held, late: list[Late], keeps: int | None) -> Iterator[Part]:
    """Of a line: what is unpaid still, and until when what was settled last is kept."""
    settled = {each.due.settled: each for each in late if each.due.settled}
    unpaid = [each.use for each in late if not each.due.settled]
    if since := line.late_since:
        yield say("running", *unpaid, product=line.name, since=since, due=Amount(line.due))
    if settled and keeps is not None:
        last = max(settled)
        uses = (each.use for each in late if each.due.settled)
        until = add_months(last, keeps * MONTHS_OF_YEAR)
        yield say("settled", *uses, product=line.name, settled=last, until=until)


def _not_shown(view: View, law: tuple[NotShownShape, Use], late: list[Late], keeps: int) -> Iterator[Part]:
    """A rule by which some overdue items are not shown, and whether any of the customer's here may be among them. It is not told
    when all that it concerns is gone anyway."""
    rule, use = law
    if view.today > add_months(rule.repaid_by, keeps * MONTHS_OF_YEAR):
        return
    about: Values = {"since": rule.since, "until": rule.until, "repaid_by": rule.repaid_by, "hidden_from": rule.hidden_from}
    yield say("not_shown", use, rule=Text(rule.zh, rule.en), amount=Amount(rule.amount), **about)
    fitting = [each for each in late if _fits(rule, each.due)]
    if fitting:
        names = Listed(tuple({each.line.code: each.line.name for each in fitting}.values()))
        yield say("not_shown_yours", *(each.use for each in fitting), products=names)
    elif late:
        yield say("not_shown_others", *(each.use for each in late))


def _fits(rule: NotShownShape, due: Due) -> bool:
    """Whether an item that was late here may be one of them: by its days, and by the whole instalment's amount."""
    repaid = due.settled is not None and due.settled <= rule.repaid_by
    return rule.since <= due.due <= rule.until and due.principal + due.interest <= rule.amount and repaid


OVERDUE_RECORD_KEPT = Question(
    "OVERDUE_RECORD_KEPT",
    {
        "unknown": "",
        "rule": "years",
        "none_here": "",
        "running": "product since due",
        "settled": "product settled until",
        "not_shown": "rule since until amount repaid_by hidden_from",
        "not_shown_yours": "products",
        "not_shown_others": "",
        "elsewhere": "",
    },
    overdue_record_kept,
)
