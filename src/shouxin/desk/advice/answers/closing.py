"""What keeps a line from closing, what is owed afterwards, and whether it closes by itself."""

from __future__ import annotations

from collections.abc import Iterator

from shouxin.book.facilities.acts import wait_days
from shouxin.book.facilities.model import Status
from shouxin.desk.advice.answers.model import Part, Question, say
from shouxin.desk.advice.answers.values import Amount, Values, days, months
from shouxin.desk.advice.answers.view import Held, View
from shouxin.desk.servicing.lapsing import UNUSED, ends


def why_not_close(view: View) -> Iterator[Part]:
    """What stands in the way of each line's closing, and what solves it."""
    offers = [each for each in view.lines if each.facility.status is Status.OFFERED]
    for each in offers:
        last = each.facility.expires
        yield say("offered", each.books("expires", last), product=each.name, day=last)
    for each in view.open_lines:
        yield from _blockers(view, each)
    if not (offers or view.open_lines):
        yield say("none")


def _blockers(view: View, each: Held) -> Iterator[Part]:
    facility, owed = each.facility, Amount(each.payoff)
    if facility.reserved:
        reserved = Amount(facility.reserved)
        yield say("in_clearing", each.books("reserved", reserved), product=each.name, amount=reserved)
    if facility.status is Status.CLOSING:
        yield say("closing", each.books("payoff", owed), product=each.name, payoff=owed)
    elif since := each.late_since:
        due = Amount(each.due)
        uses = (each.books("payoff", owed), each.books("late_since", since))
        yield say("owed_late", *uses, product=each.name, due=due, days=days((view.today - since).days), payoff=owed)
    elif each.payoff:
        principal = Amount(facility.owed)
        yield say("owed", each.books("payoff", owed), product=each.name, owed=principal, payoff=owed)
    elif not facility.reserved:
        yield say("clear", each.books("payoff", owed), product=each.name)


WHY_NOT_CLOSE = Question(
    "WHY_NOT_CLOSE",
    {
        "none": "",
        "offered": "product day",
        "clear": "product",
        "owed": "product owed payoff",
        "owed_late": "product due days payoff",
        "in_clearing": "product amount",
        "closing": "product payoff",
    },
    why_not_close,
)


def must_repay_after_closing(view: View) -> Iterator[Part]:
    """What is owed on each line, and that closing changes nothing of when it is due."""
    owing = [each for each in view.open_lines if each.payoff]
    for each in owing:
        payoff = Amount(each.payoff)
        uses, dues = (each.books("payoff", payoff),), each.next_dues
        about: Values = {"product": each.name, "payoff": payoff}
        if since := each.late_since:
            due = Amount(each.due)
            yield say("owed_late", *uses, each.books("late_since", since), **about, due=due, since=since)
        elif dues:
            first = min(one.due for one in dues)
            amount = Amount(sum(one.principal + one.interest for one in dues if one.due == first))
            more: Values = {"owed": Amount(each.facility.owed), "day": first, "amount": amount}
            yield say("owed", *uses, each.books("next_due", first), **about, **more)
        else:
            yield say("all_due", *uses, **about)
    if not owing:
        yield say("nothing")


MUST_REPAY_AFTER_CLOSING = Question(
    "MUST_REPAY_AFTER_CLOSING",
    {
        "nothing": "",
        "owed": "product owed payoff day amount",
        "owed_late": "product payoff due since",
        "all_due": "product payoff",
    },
    must_repay_after_closing,
)


def unused_line_closes(view: View) -> Iterator[Part]:
    """Whether each line closes by itself when it is not used, and on which day; it may run out before that."""
    for each in view.usable:
        yield _unused(view, each)
    closing = [each for each in view.open_lines if each.facility.status is Status.CLOSING]
    for each in closing:
        yield say("closing", product=each.name)
    if not view.open_lines:
        yield say("none")


def _unused(view: View, each: Held) -> Part:
    facility, product = each.facility, view.bundle.products.get(each.code)
    expires, unused = facility.expires, product.unused_months if product else None
    last = each.books("expires", expires)
    if facility.in_use or facility.loans:
        return say("in_use", last, each.books("payoff", Amount(each.payoff)), product=each.name, expires=expires)
    if product is None or not unused or facility.used is None or facility.status is not Status.ACTIVE:
        return say("runs_out", last, product=each.name, expires=expires)
    rule = view.setting(f"products/{each.code}.yaml", "unused_months", value=months(unused))
    uses = (rule, each.books("last_used", facility.used), last)
    day = ends(facility, view.bundle)
    if day > expires:
        return say("runs_out_before", *uses, product=each.name, months=months(unused), expires=expires)
    wait = days(wait_days(product, UNUSED))
    return say("unused", *uses, product=each.name, months=months(unused), used=facility.used, day=day, wait=wait)


UNUSED_LINE_CLOSES = Question(
    "UNUSED_LINE_CLOSES",
    {
        "none": "",
        "unused": "product months used day wait",
        "runs_out_before": "product months expires",
        "runs_out": "product expires",
        "in_use": "product expires",
        "closing": "product",
    },
    unused_line_closes,
)
