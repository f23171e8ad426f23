"""`shouxin book line` and `shouxin book facility`: the total line, and the facilities below it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shouxin.book.facilities import commands
from shouxin.book.facilities.acts import Offer
from shouxin.book.facilities.errors import ProductUnknown
from shouxin.book.products import active_bundle
from shouxin.desk.origination.previewing import preview as previewed
from shouxin.desk.servicing import looking
from shouxin.desk.servicing.vetting import vetted
from shouxin.engines.policy.load import Bundle
from shouxin.faces.cli.answers_shown import Shown
from shouxin.faces.cli.decided import read_offer
from shouxin.faces.cli.lines_shown import shown_lines
from shouxin.faces.cli.session import Customer, Facility, Reason, Session, changes, shows
from shouxin.faces.cli.written import read_money, read_terms
from shouxin.foundation.days import read_day
from shouxin.foundation.ids import read_id
from shouxin.foundation.rates import read_percent
from shouxin.foundation.refusal import Refusal
from shouxin.infra.access.requests import Answer

line = typer.Typer(no_args_is_help=True)
app = typer.Typer(no_args_is_help=True)


class OfferNotSaid(Refusal):
    """Neither a decision nor a limit with a rate, or both."""

    en = "either --decision, or --limit and --rate"
    zh = "请提供 --decision，或同时提供 --limit 和 --rate，二者选一"


@changes(line, "set", "line.set")
def set_line(
    session: Session,
    customer: Customer,
    total: Annotated[str, typer.Option(help="The most that the customer may owe over all products, in major units.")],
    reason: Reason = "GRANTED",
) -> Answer:
    """Set the total line."""
    return session.ask(read_id(customer, "customer"), commands.set_total_line(read_money(total, "total"), reason))


@changes(app, "offer", "facility.offer")
def offer(
    session: Session,
    customer: Customer,
    product: Annotated[str, typer.Argument(metavar="PRODUCT", help="A product of the bundle in force.")],
    decision: Annotated[Path | None, typer.Option(help="What `shouxin decide one --json` printed.")] = None,
    limit: Annotated[str | None, typer.Option(help="Instead of a decision: the limit, in major units.")] = None,
    rate: Annotated[str | None, typer.Option(help="Instead of a decision: percent a year, simple.")] = None,
    term: Annotated[list[str] | None, typer.Option(help="METHOD:MONTHS,MONTHS; else the product's. May be given again.")] = None,
) -> Answer:
    """Offer a product with its limit, rate and terms."""
    customer_id, today = read_id(customer, "customer"), session.today
    bundle = session.look(lambda unit: active_bundle(unit, today))
    if (decision is None) == (limit is None and rate is None) or (limit is None) != (rate is None) or (decision and term):
        raise OfferNotSaid("offer", product)
    if decision is not None:
        wanted = read_offer(decision, product, bundle)
    else:
        wanted = _by_staff(bundle, product, (limit or "", rate or ""), term or [])
    return session.ask(customer_id, vetted(session.house, customer_id, commands.offer(bundle, wanted)))


def _by_staff(bundle: Bundle, product: str, asked: tuple[str, str], terms: list[str]) -> Offer:
    most, rate_ppm = read_money(asked[0], "limit"), read_percent(asked[1], "rate")
    if product not in bundle.products:
        raise ProductUnknown("product", product, known=", ".join(bundle.products))
    usual = tuple((each.method, tuple(each.months)) for each in bundle.products[product].terms)
    return Offer(product, most, rate_ppm, read_terms(terms) if terms else usual)


@changes(app, "accept", "facility.accept")
def accept(session: Session, customer: Customer, facility: Facility) -> Answer:
    """Record that the customer takes an offer: from now on it can be drawn."""
    customer_id = read_id(customer, "customer")
    return session.ask(customer_id, vetted(session.house, customer_id, commands.accept(read_id(facility, "facility"))))


@changes(app, "suspend", "facility.suspend")
def suspend(session: Session, customer: Customer, facility: Facility, reason: Reason) -> Answer:
    """Allow no more draws (止付); what is owed stays owed."""
    return session.ask(read_id(customer, "customer"), commands.suspend(read_id(facility, "facility"), reason))


@changes(app, "resume", "facility.resume")
def resume(session: Session, customer: Customer, facility: Facility, reason: Reason) -> Answer:
    """Allow draws again."""
    return session.ask(read_id(customer, "customer"), commands.resume(read_id(facility, "facility"), reason))


@changes(app, "limit", "facility.limit")
def limit_of(
    session: Session,
    customer: Customer,
    facility: Facility,
    to: Annotated[str, typer.Option(help="The new limit, in major units.")],
    reason: Reason,
) -> Answer:
    """Change the limit. It may be lowered below what is owed: that blocks draws."""
    command = commands.change_limit(read_id(facility, "facility"), read_money(to, "limit"), reason)
    return session.ask(read_id(customer, "customer"), command)


@changes(app, "renew", "facility.renew")
def renew(
    session: Session,
    customer: Customer,
    facility: Facility,
    until: Annotated[str, typer.Option(metavar="DATE", help="The new last day, YYYY-MM-DD.")],
    reason: Reason,
) -> Answer:
    """Give the line a later last day."""
    command = commands.renew(read_id(facility, "facility"), read_day(until, "until"), reason)
    return session.ask(read_id(customer, "customer"), command)


def close_line(session: Session, customer: Customer, facility: Facility, reason: Reason = "BY_CHOICE") -> Answer:
    """End the line: at once where nothing is owed, else when nothing is owed any more."""
    return session.ask(read_id(customer, "customer"), commands.close(read_id(facility, "facility"), reason))


@changes(app, "keep", "facility.keep")
def keep(session: Session, customer: Customer, facility: Facility) -> Answer:
    """Take back the wish to close a line, before it has come about."""
    return session.ask(read_id(customer, "customer"), commands.keep_open(read_id(facility, "facility")))


@changes(app, "preview", "facility.preview")
def preview(session: Session, customer: Customer, facility: Facility) -> Answer:
    """What closing a line would mean: what stands in the way, and what changes. It is really done, and undone."""
    customer_id = read_id(customer, "customer")
    return session.ask(customer_id, previewed(session.house, customer_id, read_id(facility, "facility")))


changes(app, "close", "facility.close")(close_line)


@shows(app, "list", "customer.read")
def facilities(session: Session, customer: Customer) -> Shown:
    """Show the total line and all facilities, closed ones too."""
    customer_id = read_id(customer, "customer")
    return shown_lines(session.look(lambda unit: looking.standing(unit, customer_id)), session.lang)
