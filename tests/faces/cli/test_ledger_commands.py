"""`shouxin ledger`: what it prints for people and for programs, and how it refuses."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shouxin.faces.cli import ledger
from shouxin.infra.db.connect import Target, connect
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.unit import Unit
from tests.ledgers import id_of, keep, set_up

Out = pytest.CaptureFixture[str]
Run = Callable[..., int]
FIRST = dt.date(2026, 3, 1)
BOOKED = """
    2026-03-01 ann loan.paid_out loan car
      1303.consumer-line  1002  1000.00
    close 2026-03-01
    2026-03-02 ann loan.repaid loan car
      1002  6011.consumer-line   10.00
      1002  1303.consumer-line  390.00
    2026-03-02 ann loan.repayment_reversed loan car reverses 2
"""


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of keys."""
    file = tmp_path_factory.mktemp("keys") / "keys.json"
    KeyRing.load_or_make(file)
    return file


@pytest.fixture(scope="module")
def books(database: Target, keys: Path) -> Target:
    """A day that is closed and one that is open."""
    with connect(database.app) as connection:
        unit = Unit(connection)
        set_up(unit, FIRST)
        keep(unit, KeyRing.load(keys), BOOKED)
        unit.commit()
    return database


@pytest.fixture
def run(books: Target, keys: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on the books; returns the exit code."""
    monkeypatch.setenv("DATABASE_URL", books.app)
    monkeypatch.setenv("SHOUXIN_KEYS", str(keys))
    monkeypatch.setenv("COLUMNS", "60")

    def run(*args: str) -> int:
        return int(ledger.app(args, standalone_mode=False) or 0)

    return run


def printed(run: Run, capsys: Out, *args: str) -> Any:
    assert run(*args, "--json") == 0
    return json.loads(capsys.readouterr().out)


def test_a_trial_balance(run: Run, capsys: Out) -> None:
    made = printed(run, capsys, "trial-balance")
    assert made["day"] == "2026-03-02" and made["currency"] == "CNY"
    assert made["rows"][1] == {
        "account": "1303.consumer-line",
        "name": "loans, principal (consumer-line)",
        "opening": "1000.00",
        "debits": "390.00",
        "credits": "390.00",
        "closing": "1000.00",
    }
    assert made["totals"]["debits"] == made["totals"]["credits"] == "800.00"
    assert made["totals"]["closing_debit"] == made["totals"]["closing_credit"] == "1000.00"


def test_a_trial_balance_as_a_table(run: Run, capsys: Out) -> None:
    assert run("trial-balance", "--date", "2026-03-01", "--lang", "zh") == 0
    shown = capsys.readouterr().out
    assert "试算平衡表 2026-03-01" in shown and "贷款（consumer-line）" in shown and "1,000.00" in shown and "6011" not in shown
    assert run("trial-balance") == 0
    assert "interest income (consumer-line)" in capsys.readouterr().out


def test_the_ledger_of_an_account(run: Run, capsys: Out) -> None:
    made = printed(run, capsys, "account", "1303.consumer-line", "--from", "2026-03-01")
    assert (made["opening"], made["closing"], made["until"]) == ("0.00", "1000.00", "2026-03-02")
    assert [(each["amount"], each["balance"]) for each in made["lines"]] == [
        ("1000.00", "1000.00"),
        ("-390.00", "610.00"),
        ("390.00", "1000.00"),
    ]
    assert made["lines"][2]["reverses"] == 2 and made["lines"][0]["customer_id"] == str(id_of("ann"))
    assert run("account", "1303.consumer-line") == 0
    shown = capsys.readouterr().out
    assert "610.00 Dr" in shown and "Opening balance" in shown and "3/2 (-2)" in shown


def test_the_statement_of_a_customer(run: Run, capsys: Out) -> None:
    made = printed(run, capsys, "statement", str(id_of("ann")))
    assert [each["kind"] for each in made["lines"][::2]] == [
        "loan.paid_out",
        *["loan.repaid"] * 2,
        *["loan.repayment_reversed"] * 2,
    ]
    assert made["lines"][1]["balance"] == "-1000.00"
    assert run("statement", str(id_of("ann")), "--lang", "zh") == 0
    assert "1,000.00 贷" in capsys.readouterr().out
    assert run("statement", str(id_of("nobody"))) == 0
    assert "Nothing is booked." in capsys.readouterr().out


def test_verify(run: Run, capsys: Out) -> None:
    made = printed(run, capsys, "verify")
    assert made["whole"] and (made["days"], made["rows"]) == (1, 2) and made["findings"] == []
    assert run("verify", "--lang", "zh", "--from", "2026-03-01", "--noted", f"2026-03-01={made['head']['hash']}") == 0
    assert "账簿完整" in capsys.readouterr().out
    assert run("verify", "--noted", f"2026-03-01={'0' * 64}") == 1
    assert "not the one that was noted elsewhere" in capsys.readouterr().out


def test_verify_tells_what_was_changed(run: Run, capsys: Out, books: Target) -> None:
    with connect(books.admin) as admin:
        admin.execute("UPDATE posting SET amount = amount + 1 WHERE journal = 1")
    try:
        assert run("verify") == 1
        shown = capsys.readouterr().out
        assert f"2026-03-01 posting {id_of('ann')} 1/1: changed since the day was sealed" in shown and "Faults: 3." in shown
        assert run("verify", "--json") == 1
        assert json.loads(capsys.readouterr().out)["findings"][0]["what"] == "changed"
    finally:
        with connect(books.admin) as admin:
            admin.execute("UPDATE posting SET amount = amount - 1 WHERE journal = 1")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("trial-balance", "--date", "2026-02-30"), "date：2026-02-30：请写实际存在的日期"),
        (("account", "9999"), "须为会计科目表中的科目编号"),
        (("account", "1303.no-such-line"), "须为已开立的科目"),
        (("account", "1002", "--from", "2026-03-02", "--until", "2026-03-01"), "until：2026-03-01：不得早于起始日 2026-03-02"),
        (("statement", "ann"), "customer：ann：请填写 UUID"),
        (("verify", "--from", "2026-03-02"), "须早于当前营业日 2026-03-02"),
        (("verify", "--noted", "2026-03-01=ab"), "64 位十六进制数"),
        (("verify", "--noted", "2026-03-01"), "64 位十六进制数"),
    ],
)
def test_what_is_refused(args: tuple[str, ...], said: str, run: Run, capsys: Out) -> None:
    assert run(*args, "--lang", "zh") == 1
    assert said in capsys.readouterr().err.replace("\n", "")


def test_without_keys_nothing_is_verified(run: Run, capsys: Out, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SHOUXIN_KEYS", str(tmp_path / "none.json"))
    assert run("verify") == 1
    assert "none.json" in capsys.readouterr().err and not (tmp_path / "none.json").exists()


def test_a_database_that_was_not_set_up(
    run: Run, capsys: Out, empty_database: Target, databases: Callable[[], Target], monkeypatch: pytest.MonkeyPatch
) -> None:
    for there in (empty_database, databases()):
        monkeypatch.setenv("DATABASE_URL", there.app)
        assert run("trial-balance") == 1
        assert "set the system up" in capsys.readouterr().err
