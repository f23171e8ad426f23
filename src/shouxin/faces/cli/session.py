"""How a command that needs the lender is run: options that all have, the house opened, the answer told. Read first: `changes`.

    @changes(app, "suspend")
    def suspend(session: Session, customer: Customer, facility: FacilityArgument, reason: Reason) -> Answer:
        return session.ask(read_id(customer, "customer"), commands.suspend(read_id(facility, "facility"), reason))

The function gets its own arguments alone; `--key`, `--lang`, `--data` and `--json` are added here, and are the same everywhere.
"""

from __future__ import annotations

import datetime as dt
import inspect
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Concatenate, ParamSpec, TypeVar

import typer

from shouxin.book.customers.errors import CustomerUnknown
from shouxin.book.facilities.work import Asker, Command
from shouxin.book.ledger.days import DAY, day_of
from shouxin.book.ledger.errors import LedgerWithoutDay
from shouxin.bootstrap import open_house
from shouxin.desk.servicing.commands import perform
from shouxin.desk.servicing.house import House
from shouxin.faces.cli.answers_shown import Shown, show, show_answer, show_refusal
from shouxin.faces.cli.options import AsJson, Data, Lang
from shouxin.faces.cli.out import errors
from shouxin.foundation.ids import NIL, new_id
from shouxin.foundation.refusal import Refusal
from shouxin.foundation.texts import Text
from shouxin.infra.access.principals import cli_principal
from shouxin.infra.access.requests import Answer
from shouxin.infra.db.connect import Connection, connect
from shouxin.infra.db.unit import Unit, in_unit

SET_UP = Text(
    "首次启用策略包即完成初始化：shouxin policy activate DIR --from DATE",
    "The first bundle sets it up: shouxin policy activate DIR --from DATE",
)

P = ParamSpec("P")
T = TypeVar("T")


Key = Annotated[
    str | None,
    typer.Option(metavar="TEXT", help="The request's key: the same again is the same request, and is done once. Else a new one."),
]
Customer = Annotated[str, typer.Argument(metavar="CUSTOMER", help="The customer's id.")]
Facility = Annotated[str, typer.Argument(metavar="FACILITY", help="The facility's id.")]
Loan = Annotated[str, typer.Argument(metavar="LOAN", help="The loan's id, which is that of its draw.")]
Reason = Annotated[str, typer.Option(help="A reason code in capitals.")]


@dataclass(frozen=True, slots=True)
class Session:
    """The lender, opened for one command. key: of the request that it makes, where it changes something."""

    connection: Connection
    house: House
    lang: str
    key: str

    @property
    def principal(self) -> str:
        """Who acts: whoever runs the command line."""
        return cli_principal()

    def ask(self, customer_id: uuid.UUID, command: Command, step: str = "") -> Answer:
        """A customer's request, committed. Raises what `perform` raises; CustomerUnknown for the house, which asks for nothing.

        step: where a command line's command makes several requests, each has its own key
        """
        if customer_id == NIL:
            raise CustomerUnknown("customer", customer_id)
        return perform(self.connection, Asker(customer_id, self.principal, self.key + step), command)

    def look(self, work: Callable[[Unit], T]) -> T:
        """Read, in a transaction of its own."""
        return in_unit(self.connection, work)

    @property
    def today(self) -> dt.date:
        """The open business day. Raises LedgerWithoutDay."""
        return self.look(lambda unit: day_of(unit.read(DAY)[0]))


@contextmanager
def opened(data: Path | None, lang: str = "en", key: str = "") -> Iterator[Session]:
    """A session on the lender of a data folder. Raises what `open_house` and `connect` raise."""
    lender = open_house(data)
    with connect(lender.target.app) as connection:
        yield Session(connection, lender.house, lang, key)


def changes(app: typer.Typer, name: str) -> Callable[[Callable[Concatenate[Session, P], Answer]], Callable[..., int]]:
    """Register a command that changes something. Its function returns the answer, which is printed with the key."""

    def register(function: Callable[Concatenate[Session, P], Answer]) -> Callable[..., int]:
        def run(*, key: str | None, lang: str, data: Path | None, as_json: bool, **own: Any) -> int:
            chosen = str(new_id()) if key is None else key

            def work() -> int:
                with opened(data, lang, chosen) as session:
                    answer = function(session, **own)  # type: ignore[call-arg]  # Typer read them from its signature
                show_answer(answer, chosen, lang, as_json)
                return 0 if answer.done else 1

            return told(work, lang, as_json)

        return _registered(app, name, function, run, {"key": Key})

    return register


def shows(app: typer.Typer, name: str) -> Callable[[Callable[Concatenate[Session, P], Shown]], Callable[..., int]]:
    """Register a command that only looks. Its function returns what is printed, for people and for programs."""

    def register(function: Callable[Concatenate[Session, P], Shown]) -> Callable[..., int]:
        def run(*, lang: str, data: Path | None, as_json: bool, **own: Any) -> int:
            def work() -> int:
                with opened(data, lang) as session:
                    show(function(session, **own), as_json)  # type: ignore[call-arg]  # as above
                return 0

            return told(work, lang, as_json)

        return _registered(app, name, function, run, {})

    return register


def told(work: Callable[[], int], lang: str, as_json: bool) -> int:
    """The exit code of some work; a refusal is told in the language that was asked for."""
    try:
        return work()
    except Refusal as refusal:
        show_refusal(refusal.to_dict(lang), lang, as_json)
        if isinstance(refusal, LedgerWithoutDay) and not as_json:
            errors.print(SET_UP.in_language(lang), soft_wrap=True)
        return 1


def _registered(
    app: typer.Typer, name: str, function: Callable[..., Any], run: Callable[..., int], more: dict[str, Any]
) -> Callable[..., int]:
    """`run` as a command with the arguments of `function` but its first, and the options that all have."""
    kind = inspect.Parameter.KEYWORD_ONLY  # so that the order of what has a default does not matter
    _, *own = inspect.signature(function, eval_str=True).parameters.values()
    common = {**dict.fromkeys(more), "lang": "en", "data": None, "as_json": False}
    types = {**more, "lang": Lang, "data": Data, "as_json": AsJson}
    added = [inspect.Parameter(each, kind, default=default, annotation=types[each]) for each, default in common.items()]
    parameters = [*(each.replace(kind=kind) for each in own), *added]
    run.__signature__ = inspect.Signature(parameters, return_annotation=int)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    run.__doc__ = function.__doc__
    app.command(name)(run)
    return run
