"""Wires the parts: database, keys, screening and names become a lender who can be asked. Read first: `open_house`.

Settings come from the environment, beside those that say where the database and the keys are (`infra/db/connect.py`):

SHOUXIN_LENDER_ZH, SHOUXIN_LENDER_EN  the lender's names, as contracts have them; the demonstration bank where neither is set
SHOUXIN_SANCTIONS                     the file of sanctioned persons, or `none` where the lender screens elsewhere
SHOUXIN_BUREAU                        the bureau that is asked: a URL, or a folder of replies
SHOUXIN_BUREAU_SECRET                 a file with what lender and bureau share; SHOUXIN_BUREAU_BEARER: who asks, for a URL
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from shouxin.book.customers.screening import ListFile, NoList, Screening
from shouxin.book.facts.bureau_file import FileBureau
from shouxin.book.facts.bureau_http import HttpBureau
from shouxin.book.facts.bureau_reply import Bureau
from shouxin.book.ledger.chart import QUERIES as LEDGER_QUERIES
from shouxin.book.ledger.chart import open_accounts
from shouxin.book.ledger.days import DAY, day_of, open_first_day
from shouxin.book.products import activate
from shouxin.desk.servicing.house import DEMONSTRATION, House
from shouxin.engines.loans.delinquency import BUCKETS, FIVE_CLASSES
from shouxin.engines.policy.load import Bundle
from shouxin.foundation.money import CNY
from shouxin.foundation.refusal import Refusal
from shouxin.foundation.texts import Text
from shouxin.infra.db.connect import Target, connect, folder_of, target
from shouxin.infra.db.errors import DatabaseUnreachable
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.keys_file import path_of_keys
from shouxin.infra.db.keys_of_customers import check_ring, masters_in_use
from shouxin.infra.db.migrate import applied, migrate, pending, shipped
from shouxin.infra.db.unit import Unit, in_unit

BUREAU, BUREAU_SECRET, BUREAU_BEARER = "SHOUXIN_BUREAU", "SHOUXIN_BUREAU_SECRET", "SHOUXIN_BUREAU_BEARER"
LENDER_ZH, LENDER_EN, SANCTIONS = "SHOUXIN_LENDER_ZH", "SHOUXIN_LENDER_EN", "SHOUXIN_SANCTIONS"
NO_LIST = "none"


class LenderNameMissing(Refusal):
    """A lender who is named in one language only."""

    en = "the lender's name in both languages: contracts are in either"
    zh = "须同时设置中英文机构名称，合同会用到两种语言"


class ScreeningNotSaid(Refusal):
    """A lender with a name who does not say how customers are screened."""

    en = "the file of sanctioned persons, or none where customers are screened elsewhere"
    zh = "请设置制裁名单文件；已在其他系统筛查的，请明确设为 none"


class BureauNotSaid(Refusal):
    """A bureau is to be asked, and none is named."""

    en = "the bureau's URL or folder of replies, and the file with the secret that it shares with the lender"
    zh = "请设置征信接口地址（或报告文件夹）以及与其共享的密钥文件"


class CurrencyNotBooked(Refusal):
    """A bundle in a currency in which the books are not kept."""

    en = "a bundle in {booked}: the books are kept in it"
    zh = "账簿以 {booked} 记账，策略包须使用该币种"


ORDER = (LenderNameMissing, ScreeningNotSaid)


@dataclass(frozen=True, slots=True)
class Opened:
    """A lender who can be asked: connect to `target.app`, and give `house` to the commands."""

    target: Target
    house: House


@dataclass(frozen=True, slots=True)
class InForce:
    """What `put_in_force` did. changed: the bundle had not the last word on that day yet; first: it opened the first day."""

    changed: bool
    first: bool


def open_house(data: Path | None = None) -> Opened:
    """The lender of a data folder, or of `DATABASE_URL`: the server runs, the tables are up to date, the keys fit.

    A new folder becomes a new system with fresh keys. Keys are never made anew for a database that has used some.
    Raises the refusals of `ORDER`, ListUnreadable, what `target` and `migrate` raise, and KeysMissing, KeysReadableByOthers,
    KeysUnreadable, MasterKeyUnknown. A repeat changes nothing.
    """
    lender, screening = settings(os.environ)
    there = target(data)
    _bring_up_to_date(there)
    with connect(there.app) as connection:
        ring = in_unit(connection, partial(_ring, path=path_of_keys(folder_of(data))))
    return Opened(there, House(ring, screening, lender))


def settings(environment: Mapping[str, str]) -> tuple[Text, Screening]:
    """The lender's names and the screening. Raises the refusals of `ORDER`; ListUnreadable for a list that cannot be used."""
    zh, en = environment.get(LENDER_ZH), environment.get(LENDER_EN)
    if bool(zh) != bool(en):
        raise LenderNameMissing(LENDER_EN if zh else LENDER_ZH, "")
    lists = environment.get(SANCTIONS)
    if zh and not lists:
        raise ScreeningNotSaid(SANCTIONS, "")
    lender = Text(zh, en) if zh and en else DEMONSTRATION
    return lender, _screening(lists)


def _screening(lists: str | None) -> Screening:
    if not lists or lists == NO_LIST:
        return NoList()
    screening = ListFile(Path(lists))
    screening.check("", None)  # a list that cannot be read shows now, and not with the first customer
    return screening


def bureau_of(environment: Mapping[str, str]) -> Bureau:
    """The bureau that the lender asks. Raises BureauNotSaid."""
    place, secret = environment.get(BUREAU), environment.get(BUREAU_SECRET)
    if not place:
        raise BureauNotSaid(BUREAU, "")
    try:
        shared = Path(secret or "").read_bytes()
    except OSError:
        raise BureauNotSaid(BUREAU_SECRET, secret or "") from None
    if place.startswith(("http://", "https://")):
        return HttpBureau(place, shared, environment.get(BUREAU_BEARER))
    return FileBureau(Path(place), shared)


def _bring_up_to_date(there: Target) -> None:
    """Apply what is pending. The owner is needed only then."""
    try:
        with connect(there.app) as connection:
            waiting = pending(shipped(), applied(connection))
    except DatabaseUnreachable:
        if there.server is not None:
            raise
        waiting = shipped()  # a database elsewhere may lack the roles still; where nobody answers, `migrate` says so
    if waiting:
        migrate(there)


def _ring(unit: Unit, path: Path) -> KeyRing:
    """The keys of the database: fresh ones only where none were ever used, neither for a customer nor to sign a day."""
    (closed,) = unit.read((LEDGER_QUERIES["last_closed_day"], ()))
    ring = KeyRing.load(path) if closed or masters_in_use(unit) else KeyRing.load_or_make(path)
    check_ring(unit, ring)
    return ring


def put_in_force(unit: Unit, bundle: Bundle, since: dt.date, principal: str) -> InForce:
    """Let a bundle decide from a day on, and open the ledger's accounts for its products; on an empty system that day is the
    first business day. The caller has checked the bundle.

    Raises CurrencyNotBooked, SinceBeforeToday. A repeat changes nothing.
    """
    if bundle.about.currency != CNY.code:
        raise CurrencyNotBooked("currency", bundle.about.currency, booked=CNY.code)
    (days,) = unit.read(DAY)
    if not days:
        open_first_day(unit, since)
    changed = activate(unit, bundle, since, principal, day_of(days) if days else since)
    buckets, classes = ([each.code for each in scale.bands] for scale in (BUCKETS, FIVE_CLASSES))
    open_accounts(unit, list(bundle.products), buckets, classes)
    return InForce(changed, not days)
