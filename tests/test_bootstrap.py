"""Wiring: an empty folder becomes a system, keys fit the database, settings are said or refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from shouxin import bootstrap
from shouxin.book.customers.creation import create, new_history
from shouxin.book.customers.errors import ListUnreadable
from shouxin.book.customers.model import Kind, NewCustomer
from shouxin.book.customers.screening import ListFile, NoList
from shouxin.book.ledger.sealing import seal_day
from shouxin.book.products import SinceBeforeToday
from shouxin.bootstrap import InForce, open_house, put_in_force, settings
from shouxin.desk.servicing.house import DEMONSTRATION
from shouxin.engines.policy.load import load
from shouxin.foundation.refusal import Refusal
from shouxin.foundation.texts import Text
from shouxin.infra.db.connect import Target, connect
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.keys_errors import KeysMissing, MasterKeyUnknown
from shouxin.infra.db.migrate import applied, shipped
from shouxin.infra.db.unit import Unit, in_unit
from tests.desk.servicing.lender import with_check

DAY = dt.date(2026, 7, 1)
LIST = "name,id_number,list,since\n坏人,,UN,2020-01-01\n"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (
        "DATABASE_URL",
        "DATABASE_OWNER_URL",
        "SHOUXIN_DATA",
        bootstrap.LENDER_ZH,
        bootstrap.LENDER_EN,
        bootstrap.SANCTIONS,
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SHOUXIN_KEYS", str(tmp_path / "keys.json"))


def test_an_empty_folder_becomes_a_system(folder: Path, tmp_path: Path) -> None:
    opened = open_house(folder / "data")
    with connect(opened.target.app) as connection:
        assert len(applied(connection)) == len(shipped())
    assert opened.house.ring == KeyRing.load(tmp_path / "keys.json")
    assert opened.house.lender == DEMONSTRATION and isinstance(opened.house.screening, NoList)
    assert open_house(folder / "data").house.ring == opened.house.ring


def test_a_database_elsewhere_is_brought_up_to_date(empty_database: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database.admin)
    with connect(open_house().target.app) as connection:
        assert len(applied(connection)) == len(shipped())


def test_who_may_not_migrate_needs_not(database: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database.app)
    assert open_house().target.server is None


def _customer(unit: Unit, ring: KeyRing) -> None:
    create(unit, ring, NewCustomer(Kind.PERSON, "王", with_check("11010119900307123")), new_history(unit, "test", DAY))


def _closed_day(unit: Unit, ring: KeyRing) -> None:
    put_in_force(unit, load("starter"), DAY, "test")
    unit.write("UPDATE open_day SET day = day + 1")
    seal_day(unit, ring, DAY)


@pytest.mark.parametrize("use", [_customer, _closed_day])
def test_keys_are_never_made_anew(
    use: Callable[[Unit, KeyRing], None], databases: Callable[[], Target], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    database = databases()
    monkeypatch.setenv("DATABASE_URL", database.app)
    ring = open_house().house.ring
    with connect(database.app) as connection:
        in_unit(connection, lambda unit: use(unit, ring))
    (tmp_path / "keys.json").unlink()
    with pytest.raises(KeysMissing):
        open_house()
    assert not (tmp_path / "keys.json").exists()
    ring.save(tmp_path / "keys.json")
    assert open_house().house.ring == ring


def test_keys_of_another_system_are_refused(
    databases: Callable[[], Target], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    database = databases()
    monkeypatch.setenv("DATABASE_URL", database.app)
    with connect(database.app) as connection:
        in_unit(connection, lambda unit: _customer(unit, KeyRing.fresh()))
    KeyRing.fresh().save(tmp_path / "keys.json")
    with pytest.raises(MasterKeyUnknown):
        open_house()


def test_settings(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(LIST, "utf-8")
    named = {bootstrap.LENDER_ZH: "某某银行", bootstrap.LENDER_EN: "Some Bank"}
    lender, screening = settings({**named, bootstrap.SANCTIONS: str(tmp_path / "list.csv")})
    assert lender == Text("某某银行", "Some Bank") and isinstance(screening, ListFile)
    assert screening.check("坏人", None) is not None
    assert isinstance(settings({**named, bootstrap.SANCTIONS: "none"})[1], NoList)
    assert settings({})[0] == DEMONSTRATION


@pytest.mark.parametrize(
    ("environment", "refused", "field"),
    [
        ({bootstrap.LENDER_ZH: "某某银行"}, bootstrap.LenderNameMissing, bootstrap.LENDER_EN),
        ({bootstrap.LENDER_EN: "Some Bank"}, bootstrap.LenderNameMissing, bootstrap.LENDER_ZH),
        ({bootstrap.LENDER_ZH: "某某银行", bootstrap.LENDER_EN: "Some Bank"}, bootstrap.ScreeningNotSaid, bootstrap.SANCTIONS),
        ({bootstrap.SANCTIONS: "/none.csv"}, ListUnreadable, "list"),
    ],
)
def test_settings_that_are_refused(environment: dict[str, str], refused: type[Refusal], field: str) -> None:
    with pytest.raises(refused) as told:
        settings(environment)
    assert told.value.field == field and told.value.right("zh") != told.value.right("en")


def test_a_bundle_in_force(databases: Callable[[], Target]) -> None:
    bundle, other = load("starter"), load("standard")
    euros = replace(bundle, about=bundle.about.model_copy(update={"currency": "EUR"}))
    with connect(databases().app) as connection:
        unit = Unit(connection)
        with pytest.raises(bootstrap.CurrencyNotBooked):
            put_in_force(unit, euros, DAY, "test")
        assert put_in_force(unit, bundle, DAY, "test") == InForce(True, True)
        assert put_in_force(unit, bundle, DAY, "test") == InForce(False, False)
        assert put_in_force(unit, other, DAY + dt.timedelta(days=1), "test") == InForce(True, False)
        with pytest.raises(SinceBeforeToday):
            put_in_force(unit, bundle, DAY - dt.timedelta(days=1), "test")
        (accounts,) = unit.read(("SELECT account FROM account WHERE code = '1303' ORDER BY account", ()))
        assert [each.account for each in accounts] == [
            f"1303.{product}" for product in sorted([*bundle.products, *other.products])
        ]
        unit.commit()
