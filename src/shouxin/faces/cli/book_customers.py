"""`shouxin book customer`: customers, their state, consents and contacts. What is shown of a person is masked."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from shouxin.book.customers.contacts import PURPOSES
from shouxin.book.customers.finding import find_by_credit_code, find_by_id_number, find_by_phone
from shouxin.book.customers.model import ContactKind, Kind, NewConsent, NewContact, NewCustomer, Purpose, State
from shouxin.book.customers.standing import REASONS
from shouxin.desk.servicing import people
from shouxin.faces.cli.answers_shown import Shown, show_lines
from shouxin.faces.cli.customers_shown import LINES, shown_customer
from shouxin.faces.cli.session import Customer, Session, changes, shows
from shouxin.faces.cli.written import one_of, text_of
from shouxin.foundation.days import read_day
from shouxin.foundation.ids import read_id
from shouxin.foundation.refusal import Refusal
from shouxin.infra.access.audit import Entry, note
from shouxin.infra.access.requests import Answer
from shouxin.infra.db.unit import Unit

app = typer.Typer(no_args_is_help=True)
consent = typer.Typer(no_args_is_help=True)
contact = typer.Typer(no_args_is_help=True)
app.add_typer(consent, name="consent", help="What the customer agreed to.")
app.add_typer(contact, name="contact", help="How the customer is reached.")

MOST_BYTES = 10_000
FIELDS = ("kind", "name", "id_number", "credit_code", "phone")
KINDS = ", ".join(each for each in Kind if each is not Kind.HOUSE)
Number = Annotated[int, typer.Argument(metavar="NUMBER", min=1, max=2**63 - 1, help="The number that `customer show` gives.")]
DayOption = Annotated[str | None, typer.Option(metavar="DATE", help="YYYY-MM-DD; the open business day where left out.")]


class PersonMalformed(Refusal):
    """A file that does not say who the customer is."""

    en = "a JSON object of texts with some of {fields}"
    zh = "须为 JSON 对象，字段为 {fields}，值为文本"


class OneOfThem(Refusal):
    """Nothing to look for, or several things at once."""

    en = "one of {options}, and only one"
    zh = "请在 {options} 中选填一项"


@changes(app, "new", "customer.create")
def new(
    session: Session,
    kind: Annotated[str, typer.Option(help=KINDS)] = "person",
    name: Annotated[str, typer.Option(help="As on the identity document or the licence.")] = "",
    id_number: Annotated[str | None, typer.Option(help="Of a person or a sole trader.")] = None,
    credit_code: Annotated[str | None, typer.Option(help="The unified social credit code of a business.")] = None,
    phone: Annotated[str | None, typer.Option(help="The main phone number.")] = None,
    file: Annotated[
        Path | None, typer.Option(help=f"A JSON file with {', '.join(FIELDS)}: numbers then stay out of the shell's history.")
    ] = None,
) -> Answer:
    """Make somebody a customer."""
    given = {"kind": kind, "name": name, "id_number": id_number, "credit_code": credit_code, "phone": phone}
    asked = _person(file) if file else given
    kind_of = one_of(Kind, asked.get("kind") or "person", "kind")
    who = NewCustomer(kind_of, asked.get("name") or "", asked.get("id_number"), asked.get("credit_code"))
    asker = (session.principal, session.key)
    return people.create_customer(session.connection, session.house, asker, who, asked.get("phone"))


def _person(path: Path) -> dict[str, str | None]:
    try:
        plain = json.loads(text_of(path, "file", MOST_BYTES))
    except (ValueError, RecursionError):
        plain = None
    if not isinstance(plain, dict) or not set(plain) <= set(FIELDS) or not all(isinstance(each, str) for each in plain.values()):
        raise PersonMalformed("file", path, fields=", ".join(FIELDS))
    return dict(plain)


@shows(app, "show", "customer.read")
def show(session: Session, customer: Customer) -> Shown:
    """Show a customer: state, names and numbers masked, contacts, consents, linked persons. The audit notes who looked."""
    customer_id, today = read_id(customer, "customer"), session.today

    def look(unit: Unit) -> Shown:
        shown = shown_customer(unit, session.house.ring, customer_id, session.lang)
        note(unit, Entry(session.principal, "customer.read", today, customer_id))
        return shown

    return session.look(look)


@shows(app, "find", "customer.read")
def find(
    session: Session,
    id_number: Annotated[str | None, typer.Option(help="A resident's identity number.")] = None,
    credit_code: Annotated[str | None, typer.Option(help="A unified social credit code.")] = None,
    phone: Annotated[str | None, typer.Option(help="A phone number that is not ended.")] = None,
) -> Shown:
    """Find customers by a number. Prints nothing where there is none."""
    if len([each for each in (id_number, credit_code, phone) if each]) != 1:
        raise OneOfThem("find", "", options="--id-number, --credit-code, --phone")
    ring, today = session.house.ring, session.today

    def look(unit: Unit) -> Sequence[uuid.UUID | None]:
        if phone:
            return find_by_phone(unit, ring, phone)
        if credit_code:
            return [find_by_credit_code(unit, ring, credit_code)]
        return [find_by_id_number(unit, ring, id_number or "", today)]

    found = [str(each) for each in session.look(look) if each]
    label = LINES["customer"].in_language(session.lang)
    return Shown({"customers": found}, lambda: show_lines([(label, each) for each in found]))


@changes(app, "state", "customer.state")
def state(
    session: Session,
    customer: Customer,
    to: Annotated[str, typer.Argument(metavar="STATE", help=", ".join(State))],
    reason: Annotated[str, typer.Option(help=f"One of {', '.join(REASONS)}.")],
) -> Answer:
    """Say whether the customer may borrow: freeze, unfreeze, record a death or insolvency proceedings."""
    return session.ask(read_id(customer, "customer"), people.change_customer_state(one_of(State, to, "state"), reason))


@changes(consent, "give", "customer.change")
def give(
    session: Session,
    customer: Customer,
    purpose: Annotated[str, typer.Argument(metavar="PURPOSE", help=", ".join(Purpose))],
    text_version: Annotated[str, typer.Option(help="The version of the text that was agreed to.")],
    text_lang: Annotated[str, typer.Option(help="The language of that text: zh or en.")] = "zh",
    given_on: DayOption = None,
    ends_on: Annotated[str | None, typer.Option(metavar="DATE", help="The last day on which it counts.")] = None,
) -> Answer:
    """Record that the customer agreed."""
    ends = read_day(ends_on, "ends_on") if ends_on else None
    given = _day(session, given_on, "given_on")
    agreed = NewConsent(one_of(Purpose, purpose, "purpose"), text_version, text_lang, given, ends)
    return session.ask(read_id(customer, "customer"), people.give(agreed))


@changes(consent, "withdraw", "customer.change")
def withdraw(session: Session, customer: Customer, number: Number) -> Answer:
    """Record that a consent ended by the customer's will."""
    return session.ask(read_id(customer, "customer"), people.withdraw(number))


@changes(contact, "add", "customer.change")
def add(
    session: Session,
    customer: Customer,
    kind: Annotated[str, typer.Argument(metavar="KIND", help=", ".join(ContactKind))],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The number or the address.")],
    purpose: Annotated[str, typer.Option(help="; ".join(f"{kind}: {', '.join(each)}" for kind, each in PURPOSES.items()))],
    since: DayOption = None,
) -> Answer:
    """Add a phone, an e-mail address or an address."""
    reached = NewContact(one_of(ContactKind, kind, "kind"), purpose, text, _day(session, since, "since"))
    return session.ask(read_id(customer, "customer"), people.add(session.house, reached))


@changes(contact, "end", "customer.change")
def end(session: Session, customer: Customer, number: Number) -> Answer:
    """Use a contact no more."""
    customer_id = read_id(customer, "customer")
    return session.ask(customer_id, people.end(session.house, customer_id, number))


def _day(session: Session, written: str | None, field: str) -> dt.date:
    return read_day(written, field) if written else session.today
