"""`shouxin case`: what waits for a person to decide it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from shouxin.desk.origination.judging import Judgement, judge
from shouxin.desk.servicing.own_requests import perform_own
from shouxin.faces.cli.answers_shown import Shown
from shouxin.faces.cli.cases_shown import case_dict, shown_case, shown_cases, shown_queues
from shouxin.faces.cli.session import Session, changes, shows
from shouxin.faces.cli.written import read_money
from shouxin.foundation.ids import read_id
from shouxin.foundation.rates import read_percent
from shouxin.foundation.refusal import Refusal
from shouxin.infra.access import cases
from shouxin.infra.access.audit import Entry, note
from shouxin.infra.access.cases import Case, Verdict
from shouxin.infra.access.principals import Principal, principal_of
from shouxin.infra.access.queues import QUEUES
from shouxin.infra.access.requests import Answer, Request
from shouxin.infra.db.keys_errors import PersonErased
from shouxin.infra.db.keys_of_customers import CustomerKey, key_of
from shouxin.infra.db.unit import Unit

app = typer.Typer(no_args_is_help=True)

DECIDED_HERE = ("referrals", "contests")
_OUTCOMES = sorted({each for code in DECIDED_HERE for each in QUEUES[code].outcomes})
CaseId = Annotated[str, typer.Argument(metavar="CASE", help="The case's id.")]
Act = Callable[[Unit, Case, Principal], Case]


class CaseDecidedElsewhere(Refusal):
    """A case that is about no application."""

    en = "a case of an application; those of the queue {queue} have commands of their own, such as shouxin bureau answer"
    zh = "须为申请审批事项；队列 {queue} 的事项请使用其专用命令，例如 shouxin bureau answer"


@shows(app, "list", "case.read")
def listed(
    session: Session,
    queue: Annotated[str | None, typer.Option(help=f"{', '.join(QUEUES)}. All queues with their counts where left out.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many cases, those first that expire first.")] = 100,
) -> Shown:
    """Show the queues with how many cases wait in each, or the cases of one queue."""
    if queue is None:
        return shown_queues(session.look(cases.waiting), session.lang)
    return shown_cases(session.look(lambda unit: cases.open_cases(unit, queue, limit)), session.lang)


@shows(app, "show", "case.read")
def show(session: Session, case: CaseId) -> Shown:
    """Show a case and all that was done about it, with the reasons. The audit notes who looked."""
    case_id, today = read_id(case, "case"), session.today

    def look(unit: Unit) -> Shown:
        found = cases.find_case(unit, case_id)
        note(unit, Entry(session.principal, "case.read", today, found.customer_id, str(case_id)))
        return shown_case(found, cases.story(unit, found, _key(session, unit, found)), session.lang)

    return session.look(look)


@changes(app, "take", "case.take")
def take(session: Session, case: CaseId) -> Answer:
    """Work on a case, so that nobody else does."""
    return _done(session, ("case.take", case), lambda unit, found, by: cases.take(unit, found, by, session.today))


@changes(app, "release", "case.take")
def release(session: Session, case: CaseId) -> Answer:
    """Let others work on a case. Who may reassign cases releases those of others, too."""
    return _done(session, ("case.release", case), lambda unit, found, by: cases.release(unit, found, by, session.today))


@changes(app, "decide", "case.decide")
def decide(
    session: Session,
    case: CaseId,
    outcome: Annotated[str, typer.Option(help=f"{', '.join(_OUTCOMES)}: what the case's queue allows.")],
    reason: Annotated[str, typer.Option(help="Why, in your own words; kept sealed.")],
    amount: Annotated[str | None, typer.Option(help="What is granted, in major units, where you approve.")] = None,
    rate: Annotated[str | None, typer.Option(help="Percent a year, simple; the policy's where left out.")] = None,
) -> Answer:
    """Decide an application, or confirm what another person has decided. Above your authority it waits for a second person."""
    case_id, name = read_id(case, "case"), session.principal
    granted = None if amount is None else read_money(amount)
    rate_ppm = None if rate is None else read_percent(rate, "rate")
    found, by = session.look(lambda unit: (cases.find_case(unit, case_id), principal_of(unit, name)))
    if found.queue not in DECIDED_HERE:
        raise CaseDecidedElsewhere("case", case_id, queue=found.queue)
    judgement = Judgement(by, case_id, Verdict(outcome, granted, reason), rate_ppm)
    return session.ask(found.customer_id, judge(session.house, found.customer_id, judgement))


@changes(app, "send-back", "case.decide")
def send_back(
    session: Session, case: CaseId, reason: Annotated[str, typer.Option(help="Why the proposal is not confirmed.")]
) -> Answer:
    """Do not confirm what another person has decided: the case is open again."""

    def act(unit: Unit, found: Case, by: Principal) -> Case:
        key = key_of(unit, session.house.ring, found.customer_id)
        return cases.send_back(unit, found, by, reason, session.today, key)

    return _done(session, ("case.send_back", case), act, reason=session.house.ring.blind("case.reason", reason).hex())


def _done(session: Session, asked: tuple[str, str], act: Act, **more: str) -> Answer:
    """asked: the action and the case's id as written; more: what else the request's hash needs"""
    action, case_id, name = asked[0], read_id(asked[1], "case"), session.principal

    def work(unit: Unit) -> dict[str, Any]:
        return case_dict(act(unit, cases.find_case(unit, case_id), principal_of(unit, name)))

    return perform_own(session.connection, Request(name, session.key, action, {"case": case_id, **more}), work, session.today)


def _key(session: Session, unit: Unit, found: Case) -> CustomerKey | None:
    """The key that opens the reasons; none of a person who was erased."""
    try:
        return key_of(unit, session.house.ring, found.customer_id)
    except PersonErased:
        return None
