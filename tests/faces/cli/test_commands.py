"""Every command: exit codes, JSON, both languages, help, wrong usage."""

from __future__ import annotations

import datetime as dt
import json
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from shouxin import __version__
from shouxin.engines.policy.load import shipped_names
from shouxin.faces.cli.app import run
from tests.bundles import copy_bundle, shipped
from tests.desk.portfolio.test_intake import write_csv

FACTS: dict[str, Any] = {
    "customer_id": "C1",
    "birth_date": "1990-05-20",
    "monthly_income": 12000,
    "monthly_debt": "1500.00",
    "months_employed": 40,
    "housing": "rented",
    "bureau_status": "found",
    "bureau_date": "2026-06-20",
    "enquiries_6m": 1,
    "worst_overdue_24m": 0,
}
DAY = ["--as-of", "2026-07-01"]
NOTICES = ("试算结果不构成授信承诺", "本评分仅供本机构授信使用，不是征信评分")
FORBIDDEN = ("关闭不影响征信", "秒批", "必过", "修复征信")
Out = pytest.CaptureFixture[str]


def facts_file(folder: Path, **changes: Any) -> str:
    path = folder / "facts.json"
    path.write_text(json.dumps({**FACTS, **changes}), encoding="utf-8")
    return str(path)


def one(folder: Path, *more: str, **changes: Any) -> int:
    return run(["decide", "one", facts_file(folder, **changes), "--bundle", "starter", *DAY, *more])


def shouxin(*args: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    program = "from shouxin.faces.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", program, *args], cwd=cwd, capture_output=True, text=True, timeout=120, check=False
    )


# -- help and usage ---------------------------------------------------------------------------------------------------

COMMANDS: list[list[str]] = [
    [],
    ["policy"],
    ["decide"],
    *(["policy", each] for each in ("new", "check", "test", "show", "sql")),
    *(["decide", each] for each in ("one", "batch")),
    ["demo"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help(command: list[str], capsys: Out) -> None:
    assert run([*command, "--help"]) == 0
    shown = capsys.readouterr().out
    assert "Usage: shouxin" in shown and "--help" in shown
    assert len(shown.splitlines()) > 5


def test_version(capsys: Out) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.strip() == __version__


WRONG: list[list[str]] = [
    [],
    ["policy"],
    ["nonsense"],
    ["policy", "nonsense"],
    ["policy", "check"],
    ["policy", "check", "starter", "extra"],
    ["policy", "check", "starter", "--seconds", "many"],
    ["policy", "show", "starter", "--lang", "fr"],
    ["policy", "sql", "starter", "--engine", "oracle"],
    ["policy", "sql", "starter", "--as-of", "yesterday"],
    ["policy", "sql", "starter", "--as-of", "2026-W05-1"],
    ["decide", "one"],
    ["decide", "one", "/no/such/facts.json", "--bundle", "starter"],
    ["decide", "one", "/", "--bundle", "starter"],
    ["decide", "one", "facts.json", "--lang", "fr"],
    ["decide", "one", "facts.json", "--no-such-option"],
    ["decide", "batch", "in.parquet", "--bundle", "starter"],
    ["decide", "batch", "in.parquet", "--bundle", "starter", "--summary", "--engine", "oracle"],
    ["decide", "batch", "in.parquet", "--bundle", "starter", "--summary", "--as-of", "2026-02-30"],
]


@pytest.mark.parametrize("args", WRONG, ids=" ".join)
def test_wrong_usage(args: list[str], capsys: Out) -> None:
    assert run(args) == 2
    shown = capsys.readouterr()
    assert shown.err.strip() or shown.out.strip()


def test_wrong_usage_does_not_go_to_standard_output(capsys: Out) -> None:
    assert run(["policy", "nonsense"]) == 2
    assert capsys.readouterr().out == ""


# -- policy -----------------------------------------------------------------------------------------------------------


def test_new_then_check_then_test(tmp_path: Path, capsys: Out) -> None:
    folder = str(tmp_path / "mine")
    assert run(["policy", "new", folder]) == 0
    assert folder in capsys.readouterr().out.replace("\n", "")
    assert run(["policy", "check", folder]) == 0
    assert run(["policy", "test", folder]) == 0
    assert run(["policy", "new", folder]) == 2, "a folder that is not empty"
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert run(["policy", "new", str(tmp_path / "file")]) == 2
    (tmp_path / "empty").mkdir()
    assert run(["policy", "new", str(tmp_path / "empty")]) == 0


@pytest.mark.parametrize("name", shipped_names())
def test_shipped_bundles_pass_their_cases(name: str, capsys: Out) -> None:
    assert run(["policy", "test", name]) == 0
    assert re.search(r"[1-9]\d* cases as expected, 0 not", capsys.readouterr().out)


def test_a_failing_case(tmp_path: Path, capsys: Out) -> None:
    folder = copy_bundle(tmp_path, {"rules.yaml": ("age < 18", "age < 19")})
    assert run(["policy", "test", str(folder)]) == 1
    shown = capsys.readouterr().out
    assert "cases/cash-line.csv:4" in shown and "expected approve, got decline" in shown and "1 not" in shown
    assert run(["policy", "test", str(folder), "--json"]) == 1
    rows = json.loads(capsys.readouterr().out)
    assert [row["line"] for row in rows if row["faults"]] == [4]


def test_no_cases(tmp_path: Path) -> None:
    folder = copy_bundle(tmp_path, {"cases/cash-line.csv": None, "cases/profiles.yaml": None})
    assert run(["policy", "test", str(folder)]) == 1
    assert run(["policy", "test", str(folder), "--json"]) == 1


@pytest.mark.parametrize("command", ["check", "test", "show", "sql"])
def test_a_bad_bundle(tmp_path: Path, capsys: Out, command: str) -> None:
    folder = copy_bundle(tmp_path, {"rules.yaml": [("age < 18", "age / 2"), (">= 90", "> 'x'")]})
    assert run(["policy", command, str(folder)]) == 1
    told = capsys.readouterr().err
    assert "rules.yaml:2: E-CONSTRUCT" in told and "rules.yaml:4: E-TYPE" in told and "2 faults" in told


def test_a_bundle_that_is_not_there(capsys: Out) -> None:
    assert run(["policy", "check", "nobody"]) == 1
    assert "starter" in capsys.readouterr().err


def test_check_finds_an_error(tmp_path: Path, capsys: Out) -> None:
    folder = copy_bundle(tmp_path, {"reasons.yaml": ("zh: 未满18周岁，不能申请信贷产品。, ", "")})
    assert run(["policy", "check", str(folder)]) == 1
    assert "UNDER_AGE" in capsys.readouterr().out
    assert run(["policy", "check", str(folder), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert any(each["severity"] == "error" and each["file"] == "reasons.yaml" for each in found)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_show(capsys: Out, lang: str) -> None:
    assert run(["policy", "show", "starter", "--lang", lang]) == 0
    shown = capsys.readouterr().out
    assert ("随心借" if lang == "zh" else "Cash line") in shown and "OVERDUE_90" in shown


def test_show_json(capsys: Out) -> None:
    assert run(["policy", "show", "starter", "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert plain["products"] == ["cash-line"] and len(plain["hash"]) == 64 and plain["rules"][0]["where"] == "rules.yaml:2"


def test_sql_runs(tmp_path: Path, capsys: Out) -> None:
    assert run(["policy", "sql", "starter", *DAY]) == 0
    statement = capsys.readouterr().out
    cells = {
        "customer_id": "'C1'",
        "birth_date": "DATE '1990-05-20'",
        "monthly_income": "1200000",
        "monthly_debt": "150000",
        "months_employed": "40",
        "housing": "'rented'",
        "requested_amount": "NULL::BIGINT",
        "bureau_status": "'found'",
        "bureau_date": "DATE '2026-06-20'",
        "raw_enquiries_6m": "1",
        "raw_worst_overdue_24m": "0",
        "held_cash_line": "false",
        "line_cash_line": "0",
        "used_cash_line": "0",
    }
    row = ", ".join(f"{value} AS {name}" for name, value in cells.items())
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE input AS SELECT {row}")
        found = connection.execute(statement)
        names = [each[0] for each in found.description or ()]
        values = dict(zip(names, found.fetchone() or (), strict=True))
    assert (values["cash_line_outcome"], str(values["cash_line_limit"])) == ("approve", "51900.00")


def test_sql_for_spark(capsys: Out) -> None:
    assert run(["policy", "sql", "starter", "--engine", "spark", *DAY]) == 0
    assert "`" in capsys.readouterr().out


# -- decide one -------------------------------------------------------------------------------------------------------


def test_one(tmp_path: Path, capsys: Out) -> None:
    assert one(tmp_path) == 0
    shown = capsys.readouterr().out
    assert "approved" in shown and "51,900.00" in shown and "7.30% a year, simple" in shown


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"worst_overdue_24m": 95},
        {"monthly_income": None},
        {"birth_date": "2010-01-01"},
        {"monthly_debt": 5900},
        {"bureau_status": "failed"},
    ],
    ids=["approve", "decline", "refer", "young", "debts", "bureau"],
)
def test_one_in_chinese(tmp_path: Path, capsys: Out, changes: dict[str, Any]) -> None:
    assert one(tmp_path, "--lang", "zh", **changes) == 0
    shown = capsys.readouterr().out
    assert all(each in shown for each in NOTICES)
    assert not any(each in shown for each in FORBIDDEN)
    assert ("年化利率（单利）7.30%" in shown) == (not changes)
    assert "内部信用评分" in shown and "综合授信额度" in shown
    sentences = [line for line in shown.splitlines() if re.search(r"[A-Za-z]{4,} [a-z]+ ", line)]
    assert sentences == [], "no English sentences among the Chinese"


@pytest.mark.parametrize("name", shipped_names())
def test_every_shipped_profile_can_be_told(tmp_path: Path, capsys: Out, name: str) -> None:
    """In both languages; what must be said is said, and what must not be is not."""
    for profile, written in shipped(name).bundle.profiles.items():
        plain = {
            key: value.isoformat() if isinstance(value, dt.date) else value if isinstance(value, int | None) else str(value)
            for key, value in written.items()
        }
        path = tmp_path / f"{profile}.json"
        path.write_text(json.dumps(plain), encoding="utf-8")
        for lang in ("zh", "en"):
            assert run(["decide", "one", str(path), "--bundle", name, *DAY, "--lang", lang]) == 0, capsys.readouterr().err
            shown = capsys.readouterr().out
            assert not any(each in shown for each in FORBIDDEN)
            if lang == "zh":
                assert all(each in shown for each in NOTICES)
                assert ("通过" in shown) == ("年化利率（单利）" in shown)
                assert not re.search(r"日利率|日息|每日0\.0", shown), "never a bare daily rate"


def test_one_as_json(tmp_path: Path, capsys: Out) -> None:
    assert one(tmp_path, "--json", "--trace", "--lang", "zh", worst_overdue_24m=95) == 0
    shown = capsys.readouterr()
    plain = json.loads(shown.out)
    assert plain["as_of"] == "2026-07-01" and len(plain["facts_hash"]) == 64
    (product,) = plain["products"]
    assert product["outcome"] == "decline"
    assert product["texts"][0]["code"] == "OVERDUE_90" and "逾期" in product["texts"][0]["text"]
    assert [each["name"] for each in plain["trace"]["children"]][:2] == ["facts", "derived"]


def test_trace(tmp_path: Path, capsys: Out) -> None:
    assert one(tmp_path, "--trace") == 0
    shown = capsys.readouterr().out
    assert "UNDER_AGE: age < 18  ->  FALSE   [age = 36]" in shown


def test_today_is_said(tmp_path: Path, capsys: Out) -> None:
    path = facts_file(tmp_path)
    assert run(["decide", "one", path, "--bundle", "starter"]) == 0
    assert re.search(r"as of \d{4}-\d{2}-\d{2} \(today", capsys.readouterr().err)
    assert run(["decide", "one", path, "--bundle", "starter", "--json"]) == 0
    json.loads(capsys.readouterr().out)


def test_bad_facts(tmp_path: Path, capsys: Out) -> None:
    assert one(tmp_path, housing="castle", monthly_debt=None, colour="red") == 1
    told = capsys.readouterr().err
    assert all(each in told for each in ("housing", "castle", "owned, mortgaged", "monthly_debt", "required", "colour"))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"5",
        b"null",
        b'{"housing": "owned", "housing": "rented"}',
        b"\xff\xfe",
        b'{"monthly_debt": 1e999999}',
        b'{"monthly_debt": NaN}',
        b'{"monthly_debt": Infinity}',
        b'{"enquiries_6m": ' + b"1" * 5000 + b"}",
        b'{"enquiries_6m": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"housing": "[/b][red]"}',
        b'{"x": "' + b"y" * 1_100_000 + b'"}',
    ],
    ids=range(14),
)
def test_files_that_hold_no_facts(tmp_path: Path, capsys: Out, body: bytes) -> None:
    path = tmp_path / "facts.json"
    path.write_bytes(body)
    assert run(["decide", "one", str(path), "--bundle", "starter", *DAY]) == 1
    assert capsys.readouterr().err.strip()


def test_a_day_out_of_range(tmp_path: Path, capsys: Out) -> None:
    assert run(["decide", "one", facts_file(tmp_path), "--bundle", "starter", "--as-of", "1980-01-01"]) == 1
    assert "1990" in capsys.readouterr().err
    source = write_csv(tmp_path / "in.csv", {})
    assert run(["decide", "batch", str(source), "--bundle", "starter", "--as-of", "1980-01-01", "--summary"]) == 1


@pytest.mark.parametrize("text", ["Cash [new] line", "Cash [/b] line", "Cash [red]line", "Cash \\[b] line"])
def test_brackets_in_a_bundles_texts_are_printed(tmp_path: Path, capsys: Out, text: str) -> None:
    """A text is a text: never markup."""
    quoted = json.dumps(text)
    folder = copy_bundle(
        tmp_path,
        {
            "products/cash-line.yaml": ("en: Cash line", f"en: {quoted}"),
            "reasons.yaml": ("en: You are under 18.", f"en: {quoted}"),
            "facts.yaml": ("en: monthly income}", f"en: {quoted}}}"),
            "derived.yaml": ("en: age", f"en: {quoted}"),
            "tiers.yaml": ("en: excellent", f"en: {quoted}"),
            "bundle.yaml": ("en: A first policy, one consumer line", f"en: {quoted}"),
        },
    )
    path = facts_file(tmp_path, birth_date="2010-01-01")
    assert run(["decide", "one", path, "--bundle", str(folder), *DAY]) == 0
    assert capsys.readouterr().out.count(text) >= 3
    assert run(["policy", "show", str(folder)]) == 0
    assert "Cash" in capsys.readouterr().out


# -- decide batch -----------------------------------------------------------------------------------------------------


def test_batch(tmp_path: Path, capsys: Out) -> None:
    source, out = (
        write_csv(tmp_path / "in.csv", {}, {"worst_overdue_24m": "95"}, {"monthly_income": ""}),
        tmp_path / "out.parquet",
    )
    assert run(["decide", "batch", str(source), "--bundle", "starter", "--out", str(out), *DAY]) == 0
    shown = capsys.readouterr().out
    assert "3 customers decided" in shown and "rows/s" in shown and "OVERDUE_90 1" in shown and out.exists()


def test_batch_as_json(tmp_path: Path, capsys: Out) -> None:
    source = write_csv(tmp_path / "in.csv", {}, {"housing": "castle"})
    bad = tmp_path / "bad.csv"
    assert run(["decide", "batch", str(source), "--bundle", "starter", "--summary", "--json", "--bad-rows", str(bad), *DAY]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert (plain["rows"], plain["refused"]) == (1, 1) and bad.exists()
    assert plain["summary"]["products"][0]["outcomes"] == {"decline": 0, "refer": 0, "approve": 1}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.csv", "in.csv"]


def test_batch_with_bad_rows(tmp_path: Path, capsys: Out) -> None:
    source, out = write_csv(tmp_path / "in.csv", {}, {"housing": "castle"}), tmp_path / "out.parquet"
    args = ["decide", "batch", str(source), "--bundle", "starter", "--out", str(out), *DAY]
    assert run(args) == 1
    told = capsys.readouterr().err
    assert "row 3, key C2, housing" in told and "castle" in told and not out.exists()
    assert run([*args, "--bad-rows", str(tmp_path / "bad.csv")]) == 0
    assert "1 rows set aside" in capsys.readouterr().out


@pytest.mark.spark
def test_batch_on_spark(tmp_path: Path, capsys: Out, spark: Any) -> None:
    source, out = write_csv(tmp_path / "in.csv", {}, {"worst_overdue_24m": "95"}), tmp_path / "out"
    assert run(["decide", "batch", str(source), "--bundle", "starter", "--out", str(out), "--engine", "spark", *DAY]) == 0
    assert "2 customers decided" in capsys.readouterr().out
    with duckdb.connect() as connection:
        assert len(connection.execute(f"SELECT * FROM '{out}/*.parquet'").fetchall()) == 2
    assert run(["decide", "batch", str(source), "--bundle", "starter", "--out", str(out), "--engine", "spark", *DAY]) == 1


# -- as a process -----------------------------------------------------------------------------------------------------


def test_as_a_process(tmp_path: Path) -> None:
    done = shouxin("decide", "one", facts_file(tmp_path), "--bundle", "starter", *DAY, "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["tier"] == "A" and done.stderr == ""
    assert shouxin("policy", "nonsense").returncode == 2
    assert shouxin("policy", "check", "nobody").returncode == 1


def test_a_reader_that_goes_away() -> None:
    program = f'{sys.executable} -c "from shouxin.faces.cli import main; main()" policy sql standard --as-of 2026-07-01 | head -1'
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.startswith("WITH") and "Traceback" not in done.stderr and "Exception" not in done.stderr


def test_interrupted(monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
    def stop(*_: object, **__: object) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("shouxin.faces.cli.policy.compile_policy", stop)
    assert run(["policy", "show", "starter"]) == 130
    assert "Interrupted" in capsys.readouterr().err


def test_demo_is_quick_on_a_small_population(tmp_path: Path, capsys: Out) -> None:
    assert run(["demo", "--out", str(tmp_path / "demo"), "--customers", "2000"]) == 0
    shown = capsys.readouterr().out
    assert "0 differ" in shown and all(each in shown for each in NOTICES) and "年化利率（单利）" in shown
