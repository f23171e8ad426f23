"""How a command that needs the lender is run: options that all have, the house opened, the answer told. Read first: `changes`.

    @changes(app, "suspend", "facility.suspend")
    def suspend(session: Session, customer: Customer, facility: FacilityArgument, reason: Reason) -> Answer:
        return session.ask(read_id(customer, "customer"), commands.suspend(read_id(facility, "facility"), reason))

The function gets its own arguments alone; `--key`, `--lang`, `--data` and `--json` are added here, and are the same everywhere.
Each command names the action of `roles.yaml` that it is; `Session` lets nobody to the database who may not do it.
"""

from __future__ import annotations

import datetime as dt
import inspect
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Concatenate, ParamSpec, TypeVar

import typer

from shouxin.book.customers.errors import CustomerUnknown
from shouxin.book.facilities.work import Asker, Command, Work
from shouxin.book.ledger.errors import LedgerWithoutDay
from shouxin.bootstrap import open_house
from shouxin.desk.servicing.commands import perform
from shouxin.desk.servicing.house import House
from shouxin.faces.cli.admission import admit, check_asked
from shouxin.faces.cli.answers_shown import Shown, show, show_answer, show_refusal
from shouxin.faces.cli.options import AsJson, Data, Lang
from shouxin.faces.cli.out import errors
from shouxin.foundation.ids import NIL, new_id
from shouxin.foundation.refusal import Refusal
from shouxin.foundation.texts import Text
from shouxin.infra.access.principals import cli_principal, first_principal, principal_asked
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


class Session:
    """The lender, opened for one command of somebody who may do it.

    Whether they may is asked before anything else is read or written; where the command begins with a customer's request, in the
    same exchange.

    action: what the command does, of `roles.yaml`; key: of the request that it makes, where it changes something
    """

    def __init__(self, connection: Connection, house: House, action: str, *, lang: str = "en", key: str = "") -> None:
        self.house, self.action, self.lang, self.key = house, action, lang, key
        self._connection = connection
        self._admitted = False
        self._today: dt.date | None = None

    @property
    def principal(self) -> str:
        """Who acts: whoever runs the command line."""
        return cli_principal()

    @property
    def connection(self) -> Connection:
        """The connection, of somebody who may. Raises what `admit` raises."""
        if not self._admitted:
            self.admit()
        return self._connection

    def ask(self, customer_id: uuid.UUID, command: Command, step: str = "") -> Answer:
        """A customer's request, committed. Raises what `perform` and `admit` raise; CustomerUnknown for the house, which asks
        for nothing.

        step: where a command line's command makes several requests, each has its own key
        """
        if customer_id == NIL:
            raise CustomerUnknown("customer", customer_id)
        asked = command if self._admitted else self._guarded(command)
        return perform(self._connection, Asker(customer_id, self.principal, self.key + step), asked)

    def look(self, work: Callable[[Unit], T]) -> T:
        """Read, in a transaction of its own. Raises what `admit` raises."""
        return in_unit(self.connection, work)

    @property
    def today(self) -> dt.date:
        """The open business day. Raises LedgerWithoutDay, and what `admit` raises."""
        if self._today is None:
            self.admit()
        if self._today is None:
            raise LedgerWithoutDay("day", "")
        return self._today

    def admit(self) -> None:
        """Raises what `admission.admit` raises where whoever runs the command may not."""
        self._today = admit(self._connection, self.action)
        self._admitted = True

    def _guarded(self, command: Command) -> Command:
        """The same command, refused first of all where whoever asks may not: raises what `admit` raises."""

        def act(work: Work) -> Mapping[str, Any]:
            *rows, asked = work.rows
            if not check_asked(asked, self.action):
                first_principal(work.unit, self.principal, work.standing.today)
            self._admitted, work.rows = True, rows
            return command.act(work)

        return replace(command, act=act, reads=(*command.reads, principal_asked(self.principal)))


@contextmanager
def opened(data: Path | None, action: str, *, lang: str = "en", key: str = "") -> Iterator[Session]:
    """A session on the lender of a data folder. Raises what `open_house` and `connect` raise."""
    lender = open_house(data)
    with connect(lender.target.app) as connection:
        yield Session(connection, lender.house, action, lang=lang, key=key)


def changes(
    app: typer.Typer, name: str, action: str
) -> Callable[[Callable[Concatenate[Session, P], Answer]], Callable[..., int]]:
    """Register a command that changes something. Its function returns the answer, which is printed with the key.

    action: of `roles.yaml`, which whoever runs the command must be allowed to do
    """

    def register(function: Callable[Concatenate[Session, P], Answer]) -> Callable[..., int]:
        def run(*, key: str | None, lang: str, data: Path | None, as_json: bool, **own: Any) -> int:
            chosen = str(new_id()) if key is None else key

            def work() -> int:
                with opened(data, action, lang=lang, key=chosen) as session:
                    answer = function(session, **own)  # type: ignore[call-arg]  # Typer read them from its signature
                show_answer(answer, chosen, lang, as_json)
                return 0 if answer.done else 1

            return told(work, lang, as_json)

        return _registered(app, name, function, run, {"key": Key})

    return register


def shows(app: typer.Typer, name: str, action: str) -> Callable[[Callable[Concatenate[Session, P], Shown]], Callable[..., int]]:
    """Register a command that only looks. Its function returns what is printed, for people and for programs. action: as above"""

    def register(function: Callable[Concatenate[Session, P], Shown]) -> Callable[..., int]:
        def run(*, lang: str, data: Path | None, as_json: bool, **own: Any) -> int:
            def work() -> int:
                with opened(data, action, lang=lang) as session:
                    session.admit()
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
