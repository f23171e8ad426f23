"""When a closed line can be opened again."""

from __future__ import annotations

from collections.abc import Iterator

from shouxin.book.facilities.acts import BY_CHOICE, CLOSED_BECAUSE, longest_wait, wait_days
from shouxin.book.facilities.model import Status
from shouxin.desk.advice.answers.model import Part, Question, Use, say
from shouxin.desk.advice.answers.values import Amount, Values, days
from shouxin.desk.advice.answers.view import Held, View
from shouxin.desk.advice.answers.words import closed_why


def reopen_when(view: View) -> Iterator[Part]:
    """Each line that is closed, or closing: why, how long the wait is, and from when on. A product that is held again is none."""
    held = {each.code for each in view.lines if each.facility.commits}
    closed = {each.code: each for each in view.closed if each.code not in held}
    closing = [each for each in view.open_lines if each.facility.status is Status.CLOSING]
    for each in closing:
        yield _closing(view, each)
    for code, each in closed.items():
        yield _closed(view, code, each)
    if closed or closing:
        yield say("anew")
        return
    yield say("none")
    for each in view.usable:
        if each.code in view.bundle.products:
            wait = wait_days(view.bundle.products[each.code], BY_CHOICE)
            yield say("would", _wait(view, each.code, BY_CHOICE, wait), product=each.name, wait=days(wait))


def _closing(view: View, each: Held) -> Part:
    product = view.bundle.products.get(each.code, each.product)
    wait = wait_days(product, each.facility.reason)
    mine = each.facility.reason == BY_CHOICE and each.facility.expires >= view.today
    uses = (_wait(view, each.code, each.facility.reason, wait), each.books("payoff", Amount(each.payoff)))
    case = "closing_by_choice" if mine else "closing"
    return say(case, *uses, product=each.name, amount=Amount(each.payoff + each.facility.reserved), wait=days(wait))


def _closed(view: View, code: str, each: Held) -> Part:
    product = view.bundle.products.get(code)
    if product is None:
        assert each.facility.ended is not None
        return say("gone", each.books("ended", each.facility.ended), product=each.name, closed=each.facility.ended)
    wait = longest_wait(view.standing, code, product)
    assert wait is not None and wait.line.ended is not None
    about: Values = {"product": view.name(code), "closed": wait.line.ended, "why": closed_why(wait.line.reason)}
    uses = (_wait(view, code, wait.line.reason, wait.days), view.line(wait.line.id).books("ended", wait.line.ended))
    if wait.earliest > view.today:
        return say("wait", *uses, **about, wait=days(wait.days), day=wait.earliest)
    return say("over" if wait.days else "at_once", *uses, **about)


def _wait(view: View, code: str, reason: str | None, wait: int) -> Use:
    why = CLOSED_BECAUSE.get(reason or "", "for_risk")
    return view.setting(f"products/{code}.yaml", "reopening", "waits", why, value=days(wait))


REOPEN_WHEN = Question(
    "REOPEN_WHEN",
    {
        "none": "",
        "would": "product wait",
        "closing": "product amount wait",
        "closing_by_choice": "product amount wait",
        "wait": "product closed why wait day",
        "over": "product closed why",
        "at_once": "product closed why",
        "gone": "product closed",
        "anew": "",
    },
    reopen_when,
)
