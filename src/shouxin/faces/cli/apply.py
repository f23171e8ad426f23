"""`shouxin apply`: from the first look to the line. `shouxin switch`: close one line and open another, approved before."""

from __future__ import annotations

import os
import uuid
from typing import Annotated

import typer

from shouxin.book.facilities.work import Asker
from shouxin.book.facts.bureau import pull as pull_report
from shouxin.bootstrap import bureau_of
from shouxin.desk.decisions.policies import active_assessor
from shouxin.desk.origination import switching
from shouxin.desk.origination.accepting import accept as accepted
from shouxin.desk.origination.applying import apply as applied
from shouxin.desk.origination.applying import precheck as prechecked
from shouxin.desk.origination.judging import contest as contested
from shouxin.desk.origination.model import Asking
from shouxin.desk.origination.plans import plans_of
from shouxin.desk.origination.store import parts_of
from shouxin.desk.origination.switching import SOURCES, Switch
from shouxin.faces.cli.answers_shown import Shown
from shouxin.faces.cli.applications_shown import shown_parts, shown_plans
from shouxin.faces.cli.out import errors
from shouxin.faces.cli.session import Customer, Facility, Session, changes, shows
from shouxin.faces.cli.written import read_money
from shouxin.foundation.ids import read_id
from shouxin.foundation.refusal import Refusal
from shouxin.foundation.texts import Text
from shouxin.infra.access.requests import Answer

app = typer.Typer(no_args_is_help=True)
switch = typer.Typer(no_args_is_help=True)

Papers = Annotated[str, typer.Option(help="Language of the papers: zh or en.")]
Contract = Annotated[str, typer.Option(metavar="SHA256", help="Hash of the contract that was shown: it proves what was read.")]
PlanId = Annotated[str, typer.Argument(metavar="PLAN", help="The plan's id.")]


PULLS = Text(
    "本次申请将向征信机构查询，查询会留下记录。", "The bureau is asked for this application, which leaves an enquiry there."
)


class AskedTwice(Refusal):
    """One product with two amounts."""

    en = "each product once"
    zh = "每个产品只能填写一次"


@changes(app, "new", "application.apply")
def new(
    session: Session,
    customer: Customer,
    product: Annotated[list[str], typer.Option(metavar="PRODUCT[:AMOUNT]", help="What is asked for; may be given again.")],
    pull: Annotated[bool, typer.Option("--pull", help="Ask the bureau first, which leaves an enquiry there.")] = False,
    papers: Papers = "zh",
) -> Answer:
    """Apply: each product is offered, referred to a person, or declined with reasons. Only data that is held is used, unless the
    bureau is asked first."""
    customer_id, asking = read_id(customer, "customer"), Asking(_asked(product), papers)
    if pull and not (asked := _pulled(session, customer_id)).done:
        return asked
    return session.ask(customer_id, applied(session.house, customer_id, asking))


def _pulled(session: Session, customer_id: uuid.UUID) -> Answer:
    """What the bureau says, kept. It is said beforehand, on standard error."""
    bureau, today = bureau_of(os.environ), session.today
    errors.print(PULLS.in_language(session.lang), soft_wrap=True)
    policy = session.look(lambda unit: active_assessor(unit, today)).policy
    asker = Asker(customer_id, session.principal, f"{session.key} bureau")
    return pull_report(session.connection, session.house.ring, bureau, policy, asker)


@changes(app, "precheck", "application.precheck")
def precheck(session: Session, customer: Customer) -> Answer:
    """What the customer could have, from data that is held: no enquiry is made, nothing is offered."""
    customer_id = read_id(customer, "customer")
    return session.ask(customer_id, prechecked(session.house, customer_id, session.lang))


@changes(app, "accept", "application.accept")
def accept(session: Session, customer: Customer, facility: Facility, contract: Contract) -> Answer:
    """Record that the customer says yes to an offer; what is known is looked at once more first."""
    customer_id = read_id(customer, "customer")
    return session.ask(customer_id, accepted(session.house, customer_id, read_id(facility, "facility"), contract))


@changes(app, "contest", "application.contest")
def contest(
    session: Session,
    customer: Customer,
    application: Annotated[str, typer.Argument(metavar="APPLICATION", help="The application's id.")],
    product: Annotated[str, typer.Argument(metavar="PRODUCT", help="What was declined.")],
) -> Answer:
    """Have a person look at what a machine alone has declined."""
    return session.ask(read_id(customer, "customer"), contested(read_id(application, "application"), product))


@shows(app, "list", "customer.read")
def listed(session: Session, customer: Customer) -> Shown:
    """Show what a customer applied for, and what became of it."""
    customer_id = read_id(customer, "customer")
    return shown_parts(session.look(lambda unit: parts_of(unit, customer_id)), session.lang)


@changes(switch, "promise", "switch.promise")
def promise(
    session: Session,
    customer: Customer,
    close: Annotated[list[str], typer.Option(metavar="FACILITY", help="A line to be closed; may be given again.")],
    to_open: Annotated[str, typer.Option("--open", metavar="PRODUCT[:AMOUNT]", help="The product to be opened.")],
    source: Annotated[str, typer.Option(help=f"Where the money to settle comes from: {', '.join(SOURCES)}.")] = "own_money",
    papers: Papers = "zh",
) -> Answer:
    """Ask for an approval before closing (先批后关): limit, price and terms are guaranteed, and nothing is closed yet."""
    customer_id, ((product, amount),) = read_id(customer, "customer"), _asked([to_open]).items()
    wanted = Switch(tuple(read_id(each, "close") for each in close), product, amount, source, papers)
    return session.ask(customer_id, switching.promise(session.house, customer_id, wanted))


@changes(switch, "execute", "switch.execute")
def execute(session: Session, customer: Customer, plan: PlanId, contract: Contract) -> Answer:
    """Settle, close and open together, or not at all: the money to settle has come in today."""
    customer_id = read_id(customer, "customer")
    return session.ask(customer_id, switching.execute(session.house, customer_id, read_id(plan, "plan"), contract))


@changes(switch, "withdraw", "switch.withdraw")
def withdraw(session: Session, customer: Customer, plan: PlanId) -> Answer:
    """Record that the customer does not want an approved switch any more."""
    return session.ask(read_id(customer, "customer"), switching.withdraw(read_id(plan, "plan")))


@shows(switch, "list", "customer.read")
def plans(session: Session, customer: Customer) -> Shown:
    """Show a customer's approved switches."""
    customer_id = read_id(customer, "customer")
    return shown_plans(session.look(lambda unit: plans_of(unit, customer_id)), session.lang)


def _asked(written: list[str]) -> dict[str, int | None]:
    """Products with their amounts in minor units. Raises AskedTwice, and what `read_money` raises."""
    found: dict[str, int | None] = {}
    for each in written:
        product, colon, amount = each.partition(":")
        if product in found:
            raise AskedTwice("product", product)
        found[product] = read_money(amount, "amount") if colon else None
    return found
