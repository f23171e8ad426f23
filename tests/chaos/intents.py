"""Intents as commands: what stands in a log, asked of the system. One row for each action."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from shouxin.book.facilities import commands as lines
from shouxin.book.facilities.acts import Offer
from shouxin.book.facilities.work import Command
from shouxin.desk.servicing import change
from shouxin.desk.servicing import commands as loans
from shouxin.desk.servicing.draw import Draw
from shouxin.desk.servicing.house import House
from shouxin.desk.servicing.papers_kept import Payee
from shouxin.engines.loans.events import Arrears
from tests.chaos.log import Intent
from tests.desk.servicing.lender import BUNDLE

Args: TypeAlias = Mapping[str, Any]
Builder: TypeAlias = Callable[[House, uuid.UUID, Args], Command]

RATE_PPM = 146_000
PAYEE = Payee("建材商店", "6222020000000000001", "示范银行")
REASON = "CHAOS"


def command_of(house: House, intent: Intent) -> Command:
    """The command of an intent: the same each time, so that its hash is."""
    return BUILDERS[intent.action](house, intent.customer, intent.args)


def _id(args: Args, name: str) -> uuid.UUID:
    return uuid.UUID(args[name])


def _offer(_house: House, _customer: uuid.UUID, args: Args) -> Command:
    terms = tuple((each.method, tuple(each.months)) for each in BUNDLE.products[args["product"]].terms)
    return lines.offer(BUNDLE, Offer(args["product"], args["limit"], RATE_PPM, terms))


def _draw(house: House, customer: uuid.UUID, args: Args) -> Command:
    what = (_id(args, "facility"), args["amount"], args["method"], args["months"], args["purpose"])
    return loans.draw(house, customer, Draw(*what, payee=PAYEE if args["entrusted"] else None))


def _change(name: str, wanted: Callable[[Args], change.Change]) -> Builder:
    def build(_house: House, customer: uuid.UUID, args: Args) -> Command:
        return loans.change_loan(customer, _id(args, "loan"), f"{name} {json.dumps(args, sort_keys=True)}", wanted(args))

    return build


def _day(args: Args, name: str) -> dt.date:
    return dt.date.fromisoformat(args[name])


BUILDERS: Mapping[str, Builder] = {
    "total": lambda _h, _c, a: lines.set_total_line(a["total"], REASON),
    "offer": _offer,
    "accept": lambda _h, _c, a: lines.accept(_id(a, "facility")),
    "suspend": lambda _h, _c, a: lines.suspend(_id(a, "facility"), REASON),
    "resume": lambda _h, _c, a: lines.resume(_id(a, "facility"), REASON),
    "close": lambda _h, _c, a: lines.close(_id(a, "facility"), a["reason"]),
    "limit": lambda _h, _c, a: lines.change_limit(_id(a, "facility"), a["limit"], REASON),
    "renew": lambda _h, _c, a: lines.renew(_id(a, "facility"), _day(a, "expires"), REASON),
    "draw": _draw,
    "instruct": lambda h, c, a: loans.instruct(h, c, _id(a, "loan")),
    "paid": lambda h, c, a: loans.paid(h, c, _id(a, "loan")),
    "failed": lambda _h, c, a: loans.failed(c, _id(a, "loan"), "account closed"),
    "repay": lambda _h, c, a: loans.repay_loan(c, _id(a, "loan"), a["amount"]),
    "receive": lambda _h, c, a: loans.receive(c, a["amount"], tuple(BUNDLE.products), {"source": "counter"}),
    "bounce": lambda _h, c, a: loans.bounce(c, a["payment"], "NO_FUNDS"),
    "refund": lambda _h, _c, a: loans.refund(a["amount"]),
    "rate": _change("rate", lambda a: change.rate_change(a["rate_ppm"], _day(a, "since"), REASON)),
    "fee": _change("fee", lambda a: change.fee(a["amount"], REASON)),
    "extend": _change("extend", lambda a: change.extension(a["periods"], REASON)),
    "pause": _change("pause", lambda a: change.pause(_day(a, "until"), REASON)),
    "restructure": _change(
        "restructure", lambda a: change.restructuring(a["periods"], a["rate_ppm"], Arrears(a["arrears"]), REASON)
    ),
    "re_age": _change("re_age", lambda a: change.re_ageing(Arrears(a["arrears"]), REASON)),
    "reverse": _change("reverse", lambda a: change.reversal(a["number"], REASON)),
    "write_off": lambda _h, c, a: loans.write_off(c, _id(a, "loan"), REASON),
    "misuse": lambda _h, c, a: loans.misused(c, _id(a, "loan"), a["recall"]),
}
