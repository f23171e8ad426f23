"""Loading a bundle: every fault with file, line, text and what would be right; all at once; and hostile bundles."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from shouxin.desk.decisions import Assessor
from shouxin.desk.portfolio import Job, decide_file, decide_file_on_spark
from shouxin.engines.policy.compile import compile_policy
from shouxin.engines.policy.errors import BundleRefused
from shouxin.engines.policy.load import find_bundle, load
from shouxin.engines.policy.read import read_facts
from shouxin.engines.policy.sql_text import DUCKDB, SPARK
from tests.bundles import Change, copy_bundle, faults_of, policy_of

PRODUCT = "products/cash-line.yaml"
CARD = "scorecards/persons.yaml"
LIMITS = "tables/cash-line-limit.csv"
HOUSING = "  housing: {"
AS_OF = dt.date(2026, 7, 1)

# (what is changed, the fault: file, line, code, a part of the text, a part of what would be right)
FAULTS: list[tuple[str, Mapping[str, Change], tuple[str, int, str, str, str]]] = [
    (
        "an unknown name",
        {"rules.yaml": ("age < 18", "agee < 18")},
        ("rules.yaml", 2, "E-UNKNOWN", "agee", "did you mean age"),
    ),
    ("a division", {"rules.yaml": ("age < 18", "age / 2 < 9")}, ("rules.yaml", 2, "E-CONSTRUCT", "/", "idiv(a, b)")),
    (
        "a bare number for money",
        {"rules.yaml": ("amount(2000)", "2000")},
        ("rules.yaml", 6, "E-MONEY", "2000", "amount(2000)"),
    ),
    ("a rule that is no condition", {"rules.yaml": ("age < 18", "age")}, ("rules.yaml", 2, "E-TYPE", "age", "bool")),
    (
        "an overflow",
        {"rules.yaml": ("age < 18", "monthly_debt * 100000000000 > amount(1)")},
        ("rules.yaml", 2, "E-OVERFLOW", "monthly_debt", "64 bits"),
    ),
    (
        "an unknown product of a rule",
        {"rules.yaml": ("when: age < 18", "when: age < 18\n    products: [cash-lime]")},
        ("rules.yaml", 2, "E-PRODUCT", "cash-lime", "cash-line"),
    ),
    ("a comment", {"rules.yaml": ("age < 18", '"age < 18 -- minors"')}, ("rules.yaml", 2, "E-COMMENT", "minors", "YAML")),
    ("a quoted name", {"rules.yaml": ("age < 18", "'\"age\" < 18'")}, ("rules.yaml", 2, "E-QUOTED", "age", "quoted")),
    ("nothing", {"rules.yaml": ("age < 18", "''")}, ("rules.yaml", 2, "E-EMPTY", "", "age < 18")),
    ("an unknown key", {"rules.yaml": ("when: age", "if: age")}, ("rules.yaml", 3, "E-SHAPE", "age < 18", "if")),
    ("a key twice", {"tiers.yaml": ("from: 700", "from: 700, from: 710")}, ("tiers.yaml", 3, "E-YAML", "from", "twice")),
    ("no YAML", {"tiers.yaml": ("from: 700", "from: [700")}, ("tiers.yaml", 3, "E-YAML", "", "valid YAML")),
    (
        "no such day",
        {"facts.yaml": ("2026-12-31", "2026-02-30")},
        ("facts.yaml", 14, "E-YAML", "2026-02-30", "no such day"),
    ),
    ("no UTF-8", {"tiers.yaml": b"tiers: \xff\xfe"}, ("tiers.yaml", 1, "E-FILE", "byte 7", "UTF-8")),
    ("a file is missing", {"tiers.yaml": None}, ("tiers.yaml", 1, "E-FILE", "tiers.yaml", "needed")),
    ("a file that is none of a bundle's", {"rule.yaml": "rules: []"}, ("rule.yaml", 1, "E-FILE", "rule.yaml", "rules.yaml")),
    (
        "no product",
        {PRODUCT: None},
        ("products/", 1, "E-FILE", "products", "at least one"),
    ),
    (
        "a product's file name",
        {"products/Cash_Line.yaml": "zh: x"},
        ("products/Cash_Line.yaml", 1, "E-NAME", "Cash_Line", "hyphens"),
    ),
    (
        "two cells too few",
        {LIMITS: ("A,>= 8000,120000", "A,120000")},
        (LIMITS, 4, "E-CSV", "2 cells", "3 cells"),
    ),
    ("a table without rows", {LIMITS: "tier,limit\n"}, (LIMITS, 1, "E-TABLE", "cash-line-limit", "rows")),
    ("an empty table", {LIMITS: "# nothing\n"}, (LIMITS, 1, "E-CSV", "cash-line-limit", "header")),
    (
        "a table over no such fact",
        {LIMITS: ("tier,monthly_income", "tier,monthly_incom")},
        (LIMITS, 2, "E-UNKNOWN", "monthly_incom", "monthly_income"),
    ),
    ("a tier in a table", {LIMITS: ("B,,40000", "Z,,40000")}, (LIMITS, 8, "E-VALUE", "Z", "A, B, C, D")),
    ("a number in a table", {LIMITS: ("B,,40000", "B,,many")}, (LIMITS, 8, "E-NUMBER", "many", "number")),
    ("a span in a table", {LIMITS: ("B,,40000", "B,9..5,40000")}, (LIMITS, 8, "E-TABLE", "9..5", "lower bound")),
    (
        "a table that is not there",
        {PRODUCT: ("cash-line-price}", "cash-line-prices}")},
        (PRODUCT, 12, "E-TABLE", "cash-line-prices", "cash-line-price"),
    ),
    (
        "bins out of order",
        {CARD: ("{below: 31, points: 60}", "{below: 91, points: 60}")},
        (CARD, 6, "E-BINS", "overdue", "ascend"),
    ),
    ("no points for missing", {CARD: ("    missing: 30\n", "")}, (CARD, 6, "E-BINS", "overdue", "missing")),
    (
        "two cards for everybody",
        {
            "scorecards/others.yaml": "zh: x\nen: x\nbase: 1\n"
            "characteristics: {h: {input: housing, reason: HOUSING, bins: [{points: 1}]}}"
        },
        ("scorecards/others.yaml", 1, "E-CARD", "persons", "one card"),
    ),
    (
        "tiers out of order",
        {"tiers.yaml": ("from: 650", "from: 750")},
        ("tiers.yaml", 2, "E-TIER", "750", "best tier first"),
    ),
    (
        "a gap below the tiers",
        {"tiers.yaml": ("from: 350", "from: 400")},
        ("tiers.yaml", 2, "E-TIER", "400", "350"),
    ),
    (
        "an unknown reason code",
        {"rules.yaml": ("UNDER_AGE", "TOO_YOUNG")},
        ("rules.yaml", 2, "E-REASON", "TOO_YOUNG", "reasons.yaml"),
    ),
    (
        "one code for two rules",
        {"rules.yaml": ("OVERDUE_90", "UNDER_AGE")},
        ("rules.yaml", 4, "E-CODE", "UNDER_AGE", "OR"),
    ),
    (
        "derived values in a circle",
        {"derived.yaml": ("age_years(birth_date, as_of)", "debt_share_bp + age")},
        ("derived.yaml", 1, "E-CYCLE", "age", "need each other"),
    ),
    (
        "a derived value that is a fact",
        {"derived.yaml": ("age:", "housing: {formula: monthly_debt, zh: x, en: x}\nage:")},
        ("derived.yaml", 1, "E-NAME", "housing", "fact"),
    ),
    (
        "a fact of no source",
        {"facts.yaml": ("source: profile, change: up", "source: profil, change: up")},
        ("facts.yaml", 15, "E-FACT", "monthly_income", "profile"),
    ),
    (
        "a source's status",
        {"facts.yaml": ("status: bureau_status", "status: housing")},
        ("facts.yaml", 6, "E-SOURCE", "housing", "no_record"),
    ),
    (
        "an order without a product",
        {"exposure.yaml": ("[cash-line]", "[cash-lime]")},
        ("exposure.yaml", 1, "E-ORDER", "cash-lime", "cash-line"),
    ),
    (
        "a pool that is not there",
        {PRODUCT: ("purpose: consumption", "purpose: consumption\npool: shared")},
        (PRODUCT, 2, "E-POOL", "shared", "none"),
    ),
    (
        "a limit of two kinds",
        {PRODUCT: ("asked_for: {", "asked_for: {table: cash-line-limit, ")},
        (PRODUCT, 15, "E-LIMIT", "asked_for", "either"),
    ),
    (
        "a price below zero",
        {"tables/cash-line-price.csv": ("A,7.30", "A,-7.30")},
        (PRODUCT, 12, "E-PRICE", "-73000", "never negative"),
    ),
    (
        "caps with two reasons",
        {
            "regulation/caps.yaml": "caps:\n"
            "  - {licences: [bank], purpose: consumption, amount: 1000, reason: HOUSING, until: 2026-01-01}\n"
            "  - {licences: [bank], purpose: consumption, amount: 1000, reason: AS_ASKED}\n"
        },
        (PRODUCT, 2, "E-CAP", "HOUSING", "one reason code"),
    ),
    (
        "a closing that is not declared",
        {PRODUCT: ("uses:", "reopening: {reason: HOUSING, waits: {by_choice: 30}}\nuses:")},
        (PRODUCT, 20, "E-FAMILY", "closed_because", "family"),
    ),
    (
        "an unknown parent",
        {"bundle.yaml": ("name: starter", "name: starter\nextends: nobody")},
        ("bundle.yaml", 6, "E-EXTENDS", "nobody", "shipped"),
    ),
    (
        "a parent by path",
        {"bundle.yaml": ("name: starter", "name: starter\nextends: ../bundle")},
        ("bundle.yaml", 6, "E-EXTENDS", "../bundle", "hyphens"),
    ),
    (
        "its own parent",
        {"bundle.yaml": ("name: starter", "name: starter\nextends: bundle")},
        ("bundle.yaml", 6, "E-EXTENDS", "bundle", "circle"),
    ),
]


@pytest.mark.parametrize(("changes", "expected"), [each[1:] for each in FAULTS], ids=[each[0] for each in FAULTS])
def test_a_fault_says_where_what_and_what_would_be_right(
    tmp_path: Path, changes: Mapping[str, Change], expected: tuple[str, int, str, str, str]
) -> None:
    file, line, code, text, right = expected
    faults = faults_of(tmp_path, changes)
    found = [each for each in faults if (each.file, each.line, each.code) == (file, line, code)]
    assert found, "\n".join(map(str, faults))
    assert text in found[0].text
    assert right in found[0].right
    assert len(found[0].text) <= 80


def test_no_such_bundle() -> None:
    with pytest.raises(BundleRefused) as refused:
        find_bundle("no-such-bundle")
    (fault,) = refused.value.faults
    assert fault.code == "E-NOBUNDLE" and "starter" in fault.right


def test_all_faults_of_form_at_once(tmp_path: Path) -> None:
    faults = faults_of(
        tmp_path,
        {
            "rules.yaml": ("code: UNDER_AGE", "code: under_age"),
            "tiers.yaml": ("from: 700", "from: many"),
            "reasons.yaml": ("rank: 10,", "rank: 0,"),
            LIMITS: ("B,,40000", "B,40000"),
            PRODUCT: ("step: 100", "step: 0.001"),
            "notes.yaml": "a: 1",
        },
    )
    assert [(each.file, each.line) for each in faults] == [
        ("notes.yaml", 1),
        (PRODUCT, 7),
        ("reasons.yaml", 2),
        ("rules.yaml", 2),
        (LIMITS, 8),
        ("tiers.yaml", 3),
    ]


def test_all_faults_of_formulas_at_once(tmp_path: Path) -> None:
    faults = faults_of(
        tmp_path,
        {
            "rules.yaml": [("age < 18", "agee < 18"), (">= 90", "/ 2 > 1"), ("amount(2000)", "2000")],
            PRODUCT: [("score < 600", "scor < 600"), ("capacity: monthly_capacity", "capacity: months_employed")],
            LIMITS: ("B,,40000", "B,,x"),
        },
    )
    assert [(each.file, each.line, each.code) for each in faults] == [
        (PRODUCT, 16, "E-TYPE"),
        (PRODUCT, 18, "E-UNKNOWN"),
        ("rules.yaml", 2, "E-UNKNOWN"),
        ("rules.yaml", 4, "E-CONSTRUCT"),
        ("rules.yaml", 6, "E-MONEY"),
        (LIMITS, 8, "E-NUMBER"),
    ]


# -- collisions of names ----------------------------------------------------------------------------------------------

FACT = "{type: money, source: profile, zh: x, en: x}\n"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"facts.yaml": (HOUSING, f"  cash_line_limit: {FACT}{HOUSING}")}, id="a fact like a product's output"),
        pytest.param({"facts.yaml": (HOUSING, f"  cash_line_outcome: {FACT}{HOUSING}")}, id="a fact like an outcome"),
        pytest.param(
            {"derived.yaml": ("age:", "cash_line_limit: {formula: monthly_debt, zh: x, en: x}\nage:")},
            id="a derived value like a product's output",
        ),
        pytest.param({"facts.yaml": (HOUSING, f"  raw_enquiries_6m: {FACT}{HOUSING}")}, id="a fact like a raw one"),
        pytest.param({"facts.yaml": (HOUSING, f"  held_cash_line: {FACT}{HOUSING}")}, id="a fact like a family's member"),
        pytest.param({"facts.yaml": ("key: customer_id", "key: months_employed")}, id="a key like a fact"),
        pytest.param({"facts.yaml": ("key: customer_id", "key: score")}, id="a key like an output"),
        pytest.param({"facts.yaml": ("key: customer_id", "key: cash_line_limit")}, id="a key like a product's output"),
        pytest.param(
            {PRODUCT: ("  asked_for:", "  affordability: {formula: amount(1000), reason: HOUSING}\n  asked_for:")},
            id="a limit like the built-in one",
        ),
        pytest.param(
            {
                "facts.yaml": (
                    "  held: {",
                    "  months_elapsed: {type: int, required: true, source: profile, zh: x, en: x}\n  held: {",
                )
            },
            id="a family like a function",
        ),
    ],
)
def test_a_name_that_stands_for_two_things_is_refused(tmp_path: Path, changes: Mapping[str, Change]) -> None:
    assert faults_of(tmp_path, changes)


def test_names_of_steps_and_columns_may_meet(tmp_path: Path) -> None:
    """A fact may be called like a step of the SQL statement."""
    names = ("given", "facts", "derived", "decided", "price", "allocation")
    lines = "".join(f"  {name}: {{type: int, if_absent: missing, source: profile, zh: x, en: x}}\n" for name in names)
    rule = " + ".join(names) + " > 5 OR age < 18"
    policy = policy_of(tmp_path, {"facts.yaml": (HOUSING, lines + HOUSING), "rules.yaml": ("age < 18", rule)})
    source = tmp_path / "in.parquet"
    written = {**policy.bundle.profiles["steady"], "requested_amount": 20_000, **dict.fromkeys(names, 1)}
    with duckdb.connect() as connection:
        cells = ", ".join(f"{DUCKDB.string(str(value))} AS {name}" for name, value in written.items())
        connection.execute(f"COPY (SELECT '1' AS customer_id, {cells}) TO '{source}' (FORMAT parquet)")
        decide_file(Job(policy, source, tmp_path / "out.parquet", AS_OF))
        found = connection.execute(f"SELECT cash_line_outcome, cash_line_reasons FROM '{tmp_path / 'out.parquet'}'").fetchone()
    assert found == ("decline", "UNDER_AGE")


# -- numbers and shapes that would not work ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"facts.yaml": ("max: 720,", "max: 720, if_absent: 99999,")}, id="if_absent out of range"),
        pytest.param(
            {"facts.yaml": ("no_record: 0, source: bureau, zh: 近6", "no_record: 999, source: bureau, zh: 近6")},
            id="no_record out of range",
        ),
        pytest.param({"tiers.yaml": ("from: 700", "from: " + "1" * 5000)}, id="a number of 5000 digits"),
        pytest.param({"bundle.yaml": ("highest: 950", "highest: 300")}, id="a scale upside down"),
        pytest.param({"bundle.yaml": ("anchor_score: 650", "anchor_score: -1000000000")}, id="an anchor far away"),
        pytest.param({"bundle.yaml": ("anchor_odds: 30", "anchor_odds: -1")}, id="odds below zero"),
        pytest.param({"bundle.yaml": ("anchor_odds: 30", "anchor_odds: 0")}, id="no odds"),
        pytest.param({PRODUCT: ("[3, 6, 12]", "[0]")}, id="no months"),
        pytest.param({PRODUCT: ("[3, 6, 12]", "[-3]")}, id="months below zero"),
        pytest.param(
            {PRODUCT: [("[3, 6, 12]", "[0]"), ("{table: cash-line-price}", "{table: cash-line-price, upfront_fee: 1}")]},
            id="no months and a fee",
        ),
        pytest.param(
            {PRODUCT: ("{table: cash-line-price}", "{table: cash-line-price, upfront_fee: 150}")}, id="a fee above the loan"
        ),
        pytest.param({PRODUCT: ("{table: cash-line-price}", "{table: cash-line-price, upfront_fee: -1}")}, id="a fee below zero"),
        pytest.param({"tiers.yaml": ("ceiling: 300000", "ceiling: -5")}, id="a ceiling below zero"),
        pytest.param({LIMITS: ("D,,0", "D,,1e999999")}, id="an exponent in a table"),
        pytest.param({LIMITS: ("D,,0", "D,,Infinity")}, id="infinity in a table"),
        pytest.param({LIMITS: ("D,,0", "D,,NaN")}, id="no number in a table"),
        pytest.param({LIMITS: ("D,,0", "D,,sNaN")}, id="a signalling NaN in a table"),
        pytest.param(
            {"facts.yaml": ("[owned, mortgaged, rented, other]", "[owned, mortgaged, rented, other, owned]")}, id="a value twice"
        ),
        pytest.param(
            {
                "exposure.yaml": "order: [cash-line]\nceiling_reason: TOTAL_LINE\n"
                "exclusive:\n  - {products: [ghost, cash-line], mode: refuse, reason: HOUSING}\n"
            },
            id="an unknown product among exclusive ones",
        ),
        pytest.param({"cases/profiles.yaml": "- a list\n"}, id="profiles that are a list"),
        pytest.param({"cases/profiles.yaml": "steady: 5\n"}, id="a profile that is a number"),
    ],
)
def test_what_cannot_work_is_refused(tmp_path: Path, changes: Mapping[str, Change]) -> None:
    """Refused with a file and a line, not with a crash, and not later."""
    assert all(each.file and each.line for each in faults_of(tmp_path, changes))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"bundle.yaml": ("highest: 950", "highest: 1000000000")}, id="an endless scale"),
        pytest.param(
            {PRODUCT: [("[3, 6, 12]", "[10000000]"), ("{table: cash-line-price}", "{table: cash-line-price, upfront_fee: 1}")]},
            id="a million years",
        ),
        pytest.param({"rules.yaml": "rules: " + "[" * 200_000 + "]" * 200_000}, id="deep YAML"),
        pytest.param({"rules.yaml": "rules: " + "{a: " * 100_000 + "1" + "}" * 100_000}, id="deep YAML mappings"),
        pytest.param(
            {"rules.yaml": "a: &a [x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(50))}, id="a billion laughs"
        ),
        pytest.param({"rules.yaml": ("age < 18", "(" * 3_000 + "age" + ")" * 900)}, id="open brackets"),
        pytest.param({"rules.yaml": ("age < 18", "'" + "NOT " * 900 + "age < 18'")}, id="deep NOT"),
        pytest.param({"rules.yaml": ("age < 18", "CASE WHEN age < 1 THEN " * 150 + "TRUE" + " END" * 150)}, id="deep CASE"),
        pytest.param({"rules.yaml": "x" * 2_000_001}, id="a large file"),
        pytest.param({f"tables/t{n}.csv": "a,b\n" for n in range(410)}, id="many files"),
    ],
)
def test_a_bundle_cannot_use_up_the_machine(tmp_path: Path, changes: Mapping[str, Change]) -> None:
    """Refused within seconds and bounded memory; in a process of its own, so that a crash or a hang is told as such."""
    folder = copy_bundle(tmp_path, changes)
    program = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))\n"
        "from shouxin.engines.policy.compile import compile_policy\n"
        "from shouxin.engines.policy.errors import BundleRefused\n"
        "try:\n    compile_policy(sys.argv[1])\n"
        "except BundleRefused as error:\n    print(error.faults[0])\n    sys.exit(7)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(folder)], capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 7, done.stderr[-500:]


def test_a_large_table_compiles(tmp_path: Path) -> None:
    """A table may have 2,000 rows: they compile, and the function finds the last of them."""
    rows = "".join(f"{each}..{each + 1},{each * 100}\n" for each in range(1, 2_000))
    policy = policy_of(
        tmp_path, {LIMITS: f"monthly_income,limit\n{rows},50000\n", PRODUCT: ("affordability:", "# affordability:")}
    )
    facts = read_facts(policy.plan, {**policy.bundle.profiles["steady"], "monthly_income": 1_999})
    assert "decline" in {each.outcome for each in Assessor(policy).assess(facts, AS_OF).products}


def test_a_long_sum_compiles_or_is_refused(tmp_path: Path) -> None:
    """Within the allowed number of parts no expression may crash the compiler."""
    fits, long = ("age" + " + 1" * count + " < 80" for count in (40, 290))
    policy = policy_of(tmp_path, {"rules.yaml": ("age < 18", fits)})
    facts = read_facts(policy.plan, policy.bundle.profiles["steady"])
    assert Assessor(policy).assess(facts, AS_OF).product("cash-line").outcome == "decline"
    assert {each.code for each in faults_of(tmp_path / "long", {"rules.yaml": ("age < 18", long)})} == {"E-BIG"}


# -- hostile text -----------------------------------------------------------------------------------------------------

ATTACKS = [
    "__import__('os').system('touch /tmp/owned')",
    "x'); DROP TABLE input; --",
    'x"); DROP TABLE input; --',
    "x\n    import os",
    "x\\'; DROP TABLE input; --",
    "${env:HOME}",
    "{0.__class__}",
    "x`; DROP VIEW input",
    "x\x00y",
    "a\\b",
]


def yaml_string(text: str) -> str:
    """A YAML string in double quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\x00", "\\0")
    return f'"{escaped}"'


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_names_and_codes_are_refused(tmp_path: Path, attack: str) -> None:
    text = yaml_string(attack)
    places: list[Mapping[str, Change]] = [
        {"facts.yaml": (HOUSING, f"  {text}: {{type: int, source: profile, zh: x, en: x}}\n{HOUSING}")},
        {"facts.yaml": ("  held: {", f"  {text}: {{type: int, source: profile, zh: x, en: x}}\n  held: {{")},
        {"facts.yaml": ("[owned, mortgaged, rented, other]", f"[owned, mortgaged, rented, other, {text}]")},
        {"facts.yaml": ("  profile: {", f"  {text}: {{zh: x, en: x}}\n  profile: {{")},
        {"derived.yaml": ("age:", f"{text}: {{formula: monthly_debt, zh: x, en: x}}\nage:")},
        {"rules.yaml": ("UNDER_AGE", text)},
        {"reasons.yaml": ("reasons:", f"reasons:\n  {text}: {{rank: 5, zh: x, en: x}}")},
        {CARD: ("  overdue:", f"  {text}:")},
        {CARD: ("reason: HOUSING", f"reason: {text}")},
        {CARD: ("input: housing", f"input: {text}")},
        {CARD: ("in: [owned]", f"in: [{text}]")},
        {PRODUCT: ("by_tier:", f"{text}:")},
        {PRODUCT: ("reason: LIMIT_BY_TIER", f"reason: {text}")},
        {PRODUCT: ("table: cash-line-price", f"table: {text}")},
        {PRODUCT: ("[shopping, ", f"[{text}, ")},
        {"exposure.yaml": ("[cash-line]", f"[{text}]")},
        {"tiers.yaml": ("name: A", f"name: {text}")},
        {"bundle.yaml": ("name: starter", f"name: {text}")},
        {"bundle.yaml": ("currency: CNY", f"currency: {text}")},
        {"bundle.yaml": ("licence: bank", f"licence: {text}")},
        {"rules.yaml": ("age < 18", text)},
        {"tables/cash-line-price.csv": f'"{attack}",rate\nA,7\n'.replace("\x00", "NUL")},
    ]
    for number, changes in enumerate(places):
        for each in faults_of(tmp_path / str(number), changes):
            assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", str(each)), "no control characters reach a terminal"
    assert not Path("/tmp/owned").exists()


def test_a_terminal_is_not_written_to_by_keys(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, {"rules.yaml": 'rules: []\n"a\\e[31mb": 1\n'})
    assert "\x1b" not in "\n".join(map(str, faults))


@pytest.mark.parametrize(
    "text",
    [
        'rules: !!python/object/apply:os.system ["touch /tmp/owned"]',
        'rules:\n  - !!python/object/apply:os.system ["touch /tmp/owned"]',
        "rules: !!python/name:os.system ''",
        "rules: !custom []",
        "rules: !!set {a, b}",
        "rules: []\nrules: []",
        "rules: &anchor []",
        "rules: []\n---\nrules: []",
        "? [a, b]\n: 1",
        "rules:\n\t- x",
        "rules: []\x00",
        "rules: []\x07",
        "rules: '\ud7ff\ufffe'",
    ],
    ids=range(13),
)
def test_yaml_that_is_more_than_plain_data_is_refused(tmp_path: Path, text: str) -> None:
    faults = faults_of(tmp_path, {"rules.yaml": text})
    assert "E-YAML" in {each.code for each in faults}, "\n".join(map(str, faults))
    assert not Path("/tmp/owned").exists()


def test_words_that_yaml_reads_as_flags_stay_words(tmp_path: Path) -> None:
    """NO, off and y are values like any other."""
    policy = policy_of(tmp_path, {"facts.yaml": ("[owned, mortgaged, rented, other]", "[owned, mortgaged, NO, off, y]")})
    housing = next(each for each in policy.plan.inputs if each.fact == "housing")
    assert housing.column.values == ("owned", "mortgaged", "NO", "off", "y")


def test_links_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    folder = copy_bundle(tmp_path)
    secret = tmp_path / "secret.yaml"
    secret.write_text("rules: []  # secret-word", encoding="utf-8")
    (folder / "rules.yaml").unlink()
    (folder / "rules.yaml").symlink_to(secret)
    (folder / "regulation" / "caps.yaml").unlink()
    (folder / "regulation" / "caps.yaml").symlink_to("/etc/passwd")
    with pytest.raises(BundleRefused) as refused:
        load(folder)
    linked = {each.file for each in refused.value.faults if "link" in each.right}
    assert linked == {"rules.yaml", "regulation/caps.yaml"}
    assert "secret-word" not in str(refused.value) and "root:" not in str(refused.value)


def test_a_linked_folder_is_not_followed_out(tmp_path: Path) -> None:
    folder, outside = copy_bundle(tmp_path), tmp_path / "outside"
    (folder / "products").rename(outside)
    (folder / "products").symlink_to(outside)
    with pytest.raises(BundleRefused) as refused:
        load(folder)
    assert "E-FILE" in {each.code for each in refused.value.faults}


def test_a_link_within_the_folder_is_fine(tmp_path: Path) -> None:
    folder = copy_bundle(tmp_path)
    (folder / "rules.yaml").rename(folder / ".rules-2026.yaml")
    (folder / "rules.yaml").symlink_to(folder / ".rules-2026.yaml")
    assert len(compile_policy(folder).plan.rules) == 4


def test_a_bundle_may_be_given_by_a_linked_folder(tmp_path: Path) -> None:
    (tmp_path / "current").symlink_to(copy_bundle(tmp_path))
    assert compile_policy(tmp_path / "current").bundle.about.name == "starter"


def test_extending(tmp_path: Path) -> None:
    """A file of the same name replaces the parent's; what is not there is the parent's."""
    folder = tmp_path / "child"
    folder.mkdir()
    text = copy_bundle(tmp_path).joinpath("bundle.yaml").read_text(encoding="utf-8")
    (folder / "bundle.yaml").write_text(text.replace("name: starter", "name: child\nextends: starter"), encoding="utf-8")
    (folder / "rules.yaml").write_text("rules:\n  - {code: UNDER_AGE, when: age < 21}\n", encoding="utf-8")
    policy = compile_policy(folder)
    assert [rule.written for rule in policy.plan.rules] == ["age < 21", "score < 600"]
    assert policy.bundle.hash != load("starter").hash


def test_extending_in_a_circle_ends(tmp_path: Path) -> None:
    one, two = copy_bundle(tmp_path), copy_bundle(tmp_path)
    for folder, parent in ((one, two.name), (two, one.name)):
        path = folder / "bundle.yaml"
        path.write_text(
            path.read_text(encoding="utf-8").replace("name: starter", f"name: starter\nextends: {parent}"), encoding="utf-8"
        )
    started = time.monotonic()
    with pytest.raises(BundleRefused, match="circle"):
        load(one)
    assert time.monotonic() - started < 5


def test_the_hash_changes_with_what_decides_and_only_with_that(tmp_path: Path) -> None:
    plain = load(copy_bundle(tmp_path)).hash
    assert plain == load("starter").hash
    assert load(copy_bundle(tmp_path, {"cases/profiles.yaml": "steady: {housing: owned}"})).hash == plain
    assert load(copy_bundle(tmp_path, {"NOTES.md": "a remark"})).hash == plain
    assert load(copy_bundle(tmp_path, {"rules.yaml": ("age < 18", "age < 19")})).hash != plain
    assert load(copy_bundle(tmp_path, {"rules.yaml": ("age < 18", "age  < 18")})).hash != plain


# -- text that may be anything, and must stay text --------------------------------------------------------------------

NASTY = "o'r \"x\" \\ \\' `y` ${env:HOME} %s {z} \\u0041 \\n -- ;"


def nasty_policy(tmp_path: Path) -> Any:
    """A bundle whose source columns, map keys and missing values hold every quote, and formulas with such strings."""
    text, quoted = yaml_string(NASTY), NASTY.replace("'", "''")
    months = yaml_string("months " + NASTY)
    word = yaml_string(f"CASE WHEN monthly_debt > 0 THEN '{quoted}' ELSE 'b' END")
    mapping = f"{{{text}: owned, {yaml_string(NASTY + '2')}: rented}}"
    return policy_of(
        tmp_path,
        {
            "facts.yaml": [
                ("key: customer_id", "key: " + yaml_string("id " + NASTY)),
                ("housing: {type: enum,", f"housing: {{type: enum, column: {text}, map: {mapping},"),
                ("{type: int, max: 720,", f"{{type: int, max: 720, column: {months}, missing_values: [{text}, 98],"),
            ],
            "derived.yaml": ("age:", f"word: {{formula: {word}, zh: x, en: x}}\nage:"),
            "rules.yaml": ("age < 18", yaml_string(f"age < 18 OR word = '{quoted}'")),
        },
    )


def nasty_rows(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Two customers: the first has debts, so that the derived word is the nasty one."""
    names = ["id " + NASTY, NASTY, "months " + NASTY, "bureau_status", "bureau_date", "birth_date", "monthly_income"]
    names += ["monthly_debt", "enquiries_6m", "worst_overdue_24m", "requested_amount"]
    connection.execute(f"CREATE TABLE nasty ({', '.join(f'{DUCKDB.quote(name)} VARCHAR' for name in names)})")
    for key, debt in (("1'\"\\", "100"), ("2", "0")):
        row = [key, NASTY, NASTY, "found", "2026-06-20", "1990-05-20", "12000", debt, "1", "0", "20000"]
        connection.execute(f"INSERT INTO nasty VALUES ({', '.join('?' * len(row))})", row)
    connection.execute(f"COPY nasty TO '{path}' (FORMAT parquet)")


def decided(connection: duckdb.DuckDBPyConnection, out: Path) -> list[tuple[Any, ...]]:
    """(key, outcome, reasons) of each customer."""
    found = connection.execute(f"SELECT * FROM '{out}' ORDER BY 1")
    names = [each[0] for each in found.description or ()]
    at = (0, names.index("cash_line_outcome"), names.index("cash_line_reasons"))
    return [tuple(row[index] for index in at) for row in found.fetchall()]


EXPECTED = [("1'\"\\", "decline", "UNDER_AGE"), ("2", "approve", "")]


def test_nasty_text_is_harmless_in_python(tmp_path: Path) -> None:
    policy = nasty_policy(tmp_path)
    for key, debt, (_, outcome, reasons) in (("1", 100, EXPECTED[0]), ("2", 0, EXPECTED[1])):
        written = {
            **policy.bundle.profiles["steady"],
            "housing": NASTY,
            "months_employed": NASTY,
            "monthly_debt": debt,
            "requested_amount": 20000,
        }
        facts = read_facts(policy.plan, written)
        assert (facts["housing"], facts["months_employed"]) == ("owned", None), key
        answer = Assessor(policy).assess(facts, AS_OF).product("cash-line")
        assert (answer.outcome, ",".join(each.code for each in answer.reasons if each.kind == "knock_out")) == (outcome, reasons)


def test_nasty_text_is_harmless_in_duckdb(tmp_path: Path) -> None:
    policy, source, out = nasty_policy(tmp_path), tmp_path / "in.parquet", tmp_path / "out.parquet"
    with duckdb.connect() as connection:
        nasty_rows(connection, source)
        decide_file(Job(policy, source, out, AS_OF))
        assert decided(connection, out) == EXPECTED


@pytest.mark.spark
def test_nasty_text_is_harmless_in_spark(tmp_path: Path, spark: Any) -> None:
    policy, source, out = nasty_policy(tmp_path), tmp_path / "in.parquet", tmp_path / "out"
    with duckdb.connect() as connection:
        nasty_rows(connection, source)
        decide_file_on_spark(Job(policy, source, out, AS_OF), session=spark)
        assert decided(connection, out / "*.parquet") == EXPECTED


@pytest.mark.spark
def test_a_string_is_itself_in_spark(spark: Any) -> None:
    texts = [
        NASTY,
        "'",
        "\\",
        "\\\\",
        "\\'",
        "a\nb",
        "a\tb",
        "\\%",
        "\\_",
        "${env:HOME}",
        "${spark.app.name}",
        "授信",
        "\\x41",
        "\\101",
        "😀",
    ]
    found = spark.sql("SELECT " + ", ".join(f"{SPARK.string(text)} AS c{n}" for n, text in enumerate(texts))).collect()[0]
    assert list(found) == texts


def test_a_string_is_itself_in_duckdb() -> None:
    texts = [NASTY, "'", "\\", "\\'", "a\nb", "$$", "$x", "?", "授信", "😀"]
    found = duckdb.execute("SELECT " + ", ".join(DUCKDB.string(text) for text in texts)).fetchone()
    assert list(found or ()) == texts
