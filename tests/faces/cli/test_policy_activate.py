"""`shouxin policy activate`: the checks come first, the first bundle sets the system up, a repeat changes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from shouxin.engines.policy.load import SHIPPED
from shouxin.infra.db.connect import Target
from tests.faces.cli.counter import Counter, at_the_counter


@pytest.fixture
def empty(database: Target, key_file: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Counter]:
    """Commands on a system that nobody has set up; the tests of this module follow each other."""
    with at_the_counter(database, key_file, capsys) as found:
        yield found


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """The starter bundle, to be changed."""
    return Path(shutil.copytree(SHIPPED / "starter", tmp_path / "mine", ignore=shutil.ignore_patterns("__pycache__")))


def test_before_anything_is_in_force(empty: Counter) -> None:
    printed = empty("cob", "status", code=1)
    assert printed.splitlines() == [
        'LedgerWithoutDay: day: "": a first business day: set the system up',
        "The first bundle sets it up: shouxin policy activate DIR --from DATE",
    ]
    new = ("book", "customer", "new", "--name", "王", "--id-number", "110101199003071233")
    assert empty.refusal(*new) == "LedgerWithoutDay"


def test_a_bundle_with_errors_is_not_put_in_force(empty: Counter, bundle: Path) -> None:
    prices = bundle / "tables/cash-line-price.csv"
    prices.write_text(prices.read_text("utf-8").replace("A,7.30", "A,7.30\nA,7.20"), "utf-8")  # a row that is never reached
    printed = empty("policy", "activate", str(bundle), "--from", "2026-07-01", "--lang", "zh", code=1)
    assert "BundleHasErrors：bundle：starter：须通过 shouxin policy check 检查" in printed and "cash-line-price" in printed
    assert empty.one("SELECT count(*) FROM bundle") == (0,)


def test_a_bundle_that_cannot_be_loaded(empty: Counter, tmp_path: Path) -> None:
    assert "E-NOBUNDLE" in empty("policy", "activate", str(tmp_path / "none"), "--from", "2026-07-01", code=1)
    assert empty.refusal("policy", "activate", "starter", "--from", "2026-06-31") == "DayUnreadable"


def test_the_first_one_sets_the_system_up(empty: Counter, bundle: Path) -> None:
    asked = ("policy", "activate", str(bundle), "--from", "2026-07-01", "--key", "first")
    told = empty.told(*asked)
    assert (told["bundle"], told["new"], told["first_day"]) == ("starter 1", True, "2026-07-01")
    assert empty.told(*asked) == {**told, "repeated": True}
    assert empty.told("cob", "status")["open"] == "2026-07-01"
    again = empty.told("policy", "activate", str(bundle), "--from", "2026-07-01")
    assert again["new"] is False and "first_day" not in again
    assert empty.one("SELECT count(*) FROM audit WHERE action = 'policy.activate'") == (2,)
    assert empty.refusal("policy", "activate", str(bundle), "--from", "2026-06-30") == "SinceBeforeToday"
    assert empty.refusal("policy", "activate", str(bundle), "--from", "2026-08-01", "--key", "first") == "KeyUsedForAnother"
