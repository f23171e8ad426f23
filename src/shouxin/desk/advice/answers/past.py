"""What happened to lines and offers, and what may come back: from events, not from guesses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shouxin.book.facilities.acts import reopens
from shouxin.book.facilities.model import Status
from shouxin.desk.advice.answers.model import Part, Question, say
from shouxin.desk.advice.answers.other_lines import undecided_and_now
from shouxin.desk.advice.answers.switching import terms_of, why_not
from shouxin.desk.advice.answers.values import Amount, Values
from shouxin.desk.advice.answers.view import Change, Held, View
from shouxin.desk.advice.answers.words import CLOSED_WHY, closed_why
from shouxin.desk.decisions.model import Decision
from shouxin.engines.loans.disclosure import NO_PROMISE
from shouxin.foundation.texts import Text

LIMIT, SUSPENDED = "facility.limit_changed", "facility.suspended"
STOPPED_WHY: Mapping[str, Text] = {
    "RISK": Text("本机构的风险管理需要", "our risk management"),
    "MISUSE": Text("资金用途不符合约定", "the use of funds was not as agreed"),
    "OVERDUE": Text("存在逾期", "an overdue"),
}


def why_stopped(view: View, reason: str | None) -> Text:
    """Why a line was lowered or suspended: a reason of the bundle, or one of ours."""
    code = reason or ""
    if code in view.bundle.reasons.reasons:
        return view.reason(code).clause
    return STOPPED_WHY.get(code) or CLOSED_WHY.get(code) or Text(f"原因代码 {code}", f"reason code {code}")


def _why_lowered(view: View) -> Iterator[Part]:
    found = [(line, last) for line in view.open_lines if (last := _last_lowering(line))]
    for line, last in found:
        values: Values = {"before": Amount(int(last.body["before"])), "after": Amount(int(last.body["most"]))}
        use = line.books("limit_changed", last.day)
        yield say("lowered", use, product=line.name, day=last.day, **values, why=why_stopped(view, last.reason))
        if line.facility.in_use > line.facility.most:
            over: Values = {"used": Amount(line.facility.in_use), "limit": Amount(line.facility.most)}
            yield say("over_limit", use, product=line.name, **over)
    if not found:
        yield say("never" if view.open_lines else "no_line")


def _last_lowering(line: Held) -> Change | None:
    """The last change of its limit, where that was downwards."""
    changes = [each for each in line.changes if each.kind == LIMIT]
    last = changes[-1] if changes else None
    return last if last is not None and int(last.body["most"]) < int(last.body["before"]) else None


def _why_stopped(view: View) -> Iterator[Part]:
    found = False
    for line in view.lines:
        part = _stopped(view, line)
        if part is not None:
            found = True
            yield part
    if not found:
        yield say("nothing" if view.lines else "no_line")


def _stopped(view: View, line: Held) -> Part | None:
    facility = line.facility
    if facility.status is Status.SUSPENDED:
        last = _last(line, SUSPENDED)
        day = last.day if last else view.today
        return say("suspended", line.books("suspended", day), product=line.name, day=day, why=why_stopped(view, facility.reason))
    if facility.status is Status.CLOSING:
        why = _ended_why(view, facility.reason)
        return say("closing", product=line.name, why=why, owed=Amount(facility.in_use))
    if facility.status is Status.CLOSED and facility.opened and facility.ended:
        use = line.books("ended", facility.ended)
        return say("closed", use, product=line.name, day=facility.ended, why=_ended_why(view, facility.reason))
    return None


def _ended_why(view: View, reason: str | None) -> Text:
    return why_stopped(view, reason) if reason in view.bundle.reasons.reasons else closed_why(reason)


def _last(line: Held, kind: str) -> Change | None:
    return next((each for each in reversed(line.changes) if each.kind == kind), None)


def _when_back(view: View) -> Iterator[Part]:
    days = reopens(view.standing, view.bundle)
    late = [line for line in view.open_lines if line.late_since]
    parts = [_resuming(view, line, late) for line in view.lines if line.facility.status is Status.SUSPENDED]
    for line in _once_closed(view):
        day = days.get(line.code)
        use = line.setting("reopening")
        parts.append(say("from_day", use, product=line.name, day=day) if day else say("any_day", product=line.name))
    if late and not any(each.case == "repay_first" for each in parts):
        parts.append(say("late", due=Amount(sum(each.due for each in late))))
    yield from parts or [say("nothing")]


def _resuming(view: View, line: Held, late: list[Held]) -> Part:
    """How a suspended line comes back: by itself where a rule of `cross` suspended it and is true no more, else by a person."""
    reason, (undecided, now) = line.facility.reason, undecided_and_now(view)
    values: Values = {"product": line.name, "why": why_stopped(view, reason)}
    if reason not in {each.reason for each in view.bundle.exposure.cross}:
        return say("by_person", **values)
    if reason not in undecided | now:
        return say("back_soon", **values)
    return say("repay_first", **values, due=Amount(sum(each.due for each in late))) if late else say("by_person", **values)


def _once_closed(view: View) -> Iterator[Held]:
    """The last closed line of each product that is not held now and still exists."""
    held = {each.code for each in view.open_lines}
    last = {each.code: each for each in view.closed}
    return (line for code, line in last.items() if code not in held and code in view.bundle.products)


def _why_offer_changed(view: View) -> Iterator[Part]:
    """What was approved when the customer was last decided and is not now, and the other way round; and what was displaced."""
    parts = [
        say("displaced", line.books("ended", line.facility.ended), product=line.name, day=line.facility.ended)
        for line in view.closed
        if line.facility.reason == "DISPLACED" and line.facility.ended
    ]
    earlier = view.earlier
    if earlier is not None:
        parts += _differences(view, earlier)
    yield from parts or [say("same" if earlier is not None else "unknown")]


def _differences(view: View, earlier: Decision) -> Iterator[Part]:
    known = {each.product: each for each in earlier.products}
    held = {each.code for each in view.open_lines}
    for now in view.decision.products:
        before = known.get(now.product)
        if before is None or now.product in held or now.product in view.bundle.variants:
            continue
        values: Values = {"product": view.name(now.product), "day": earlier.as_of}
        if before.outcome == "approve" and now.outcome == "decline":
            yield say("vanished", **values, why=why_not(view, now))
        elif before.outcome == "approve" and now.outcome == "refer":
            yield say("person_now", **values)
        elif before.outcome != "approve" and now.outcome == "approve":
            yield say("appeared", **values, **terms_of(now))
        elif before.outcome == now.outcome == "approve" and before.limit != now.limit:
            yield say("other_limit", **values, before=Amount(before.limit), **terms_of(now))


WHY_LOWERED = Question(
    "WHY_LOWERED",
    {"lowered": "product day before after why", "over_limit": "product used limit", "never": "", "no_line": ""},
    _why_lowered,
)
WHY_STOPPED = Question(
    "WHY_STOPPED",
    {
        "suspended": "product day why",
        "closing": "product why owed",
        "closed": "product day why",
        "nothing": "",
        "no_line": "",
    },
    _why_stopped,
)
WHEN_BACK = Question(
    "WHEN_BACK",
    {
        "repay_first": "product due why",
        "by_person": "product why",
        "back_soon": "product why",
        "from_day": "product day",
        "any_day": "product",
        "late": "due",
        "nothing": "",
    },
    _when_back,
    {"from_day": (NO_PROMISE,), "any_day": (NO_PROMISE,)},
)
WHY_OFFER_CHANGED = Question(
    "WHY_OFFER_CHANGED",
    {
        "displaced": "product day",
        "vanished": "product day why",
        "person_now": "product day",
        "appeared": "product day limit rate",
        "other_limit": "product day before limit rate",
        "same": "",
        "unknown": "",
    },
    _why_offer_changed,
)
