"""Choose the bins and points of an example's scorecard from the training rows, and print the card.

    python -m examples.fit_points give-me-some-credit ../shared/data/gmsc/data.parquet
    python -m examples.fit_points sba ../shared/data/sba_30k/data.parquet

What it prints is, byte for byte, the card in the example's folder. The test rows are cut off in the first query (`TRAIN`
in outcomes.py); nothing after it can see them. The method is that of Siddiqi, Credit Risk Scorecards (2006), ch. 6:

    1. bins     candidate cuts are round numbers; neighbours are merged until each bin holds 1% of the rows and differs
                from the next by two standard errors, in the direction that the characteristic is declared to have
    2. weights  weight of evidence per bin, ln(share of goods / share of bads), then a logistic regression on these
                weights, so that characteristics that say the same thing are not counted twice
    3. points   scaled to 650 = 30:1 good to bad, 50 points double the odds; rounded; the worst bin of each row is 0
"""

from __future__ import annotations

import itertools
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from examples.outcomes import literal, quoted, train_rule

ANCHOR_SCORE, ANCHOR_ODDS, POINTS_TO_DOUBLE = 650, 30, 50
FACTOR = POINTS_TO_DOUBLE / math.log(2)
SMALLEST_SHARE, STANDARD_ERRORS = 0.01, 2.0
LOWEST, HIGHEST = 350, 950
MISSING = -1
HISTORY, ABILITY, BEHAVIOUR, STABILITY = "credit_history", "ability_to_pay", "behaviour", "identity_and_stability"


@dataclass(frozen=True)
class Row:
    """A characteristic before it is fitted.

    value:     the input in SQL over the data file's columns, as facts.yaml and derived.yaml define it
    cuts:      candidate bounds of its bins, in the units of the card (major units, percent)
    words:     instead of cuts: values that have a bin of their own, as in SQL; the last bin is for the others
    direction: `up` where more is better, `down` where more is worse, else `either`
    missing:   the reason code of a missing value, where the input can be missing
    neutral:   a missing value gets the points of an average borrower who has one, whatever the training rows say of it
    """

    name: str
    input: str
    value: str
    reason: str
    dimension: str
    cuts: tuple[float, ...] = ()
    words: tuple[str, ...] = ()
    direction: str = "either"
    missing: str | None = None
    neutral: bool = False


@dataclass(frozen=True)
class Example:
    """A card to be fitted. `true_rate`: the share of bads in the population, where the sample holds more of them."""

    key: str
    bad: str
    zh: str
    en: str
    rows: tuple[Row, ...]
    true_rate: float | None = None


@dataclass(frozen=True)
class Bin:
    """Training rows that get the same points. `below` is None in the last bin; `word` is set for bins of words."""

    goods: int
    bads: int
    below: float | None = None
    word: str | None = None

    @property
    def size(self) -> int:
        """Training rows in the bin."""
        return self.goods + self.bads

    @property
    def rate(self) -> float:
        """Bad rate in the bin."""
        return self.bads / self.size if self.size else 0.0


@dataclass(frozen=True)
class Fitted:
    """A characteristic with its bins, the evidence of each, and the points of each."""

    row: Row
    bins: tuple[Bin, ...]
    missing: Bin | None
    evidence: tuple[float, ...]
    evidence_missing: float
    points: tuple[int, ...] = ()
    points_missing: int = 0


# -- what is fitted ---------------------------------------------------------------------------------------------------


def _late(column: str) -> str:
    """A counter of late payments; 96 and 98 are codes, not counts."""
    return f"(CASE WHEN {quoted(column)} NOT IN (96, 98) THEN {quoted(column)} END)"


INCOME = "(CASE WHEN MonthlyIncome NOT IN (0, 1) THEN MonthlyIncome END)"
GIVE_ME_SOME_CREDIT = Example(
    key="row_id",
    bad="SeriousDlqin2yrs = 1",
    zh="个人评分卡（由训练样本校准）",
    en="Card for persons, calibrated on the training rows",
    rows=(
        Row(
            "late_90",
            "times_late_90",
            _late("NumberOfTimes90DaysLate"),
            "LATE_90",
            HISTORY,
            cuts=(1, 2, 3),
            direction="down",
            missing="LATE_UNKNOWN",
        ),
        Row(
            "late_60",
            "times_late_60",
            _late("NumberOfTime60-89DaysPastDueNotWorse"),
            "LATE_60",
            HISTORY,
            cuts=(1, 2, 3),
            direction="down",
            missing="LATE_UNKNOWN",
        ),
        Row(
            "late_30",
            "times_late_30",
            _late("NumberOfTime30-59DaysPastDueNotWorse"),
            "LATE_30",
            HISTORY,
            cuts=(1, 2, 3, 4),
            direction="down",
            missing="LATE_UNKNOWN",
        ),
        Row(
            "line_use",
            "line_use",
            "(CASE WHEN RevolvingUtilizationOfUnsecuredLines < 10 THEN RevolvingUtilizationOfUnsecuredLines END)",
            "HIGH_LINE_USE",
            BEHAVIOUR,
            cuts=(0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1),
            direction="down",
            missing="LINE_USE_UNKNOWN",
            neutral=True,
        ),
        Row(
            "home_loans",
            "home_loans",
            "NumberRealEstateLoansOrLines",
            "NUMBER_OF_HOME_LOANS",
            ABILITY,
            cuts=(1, 3, 4, 5),
        ),
        Row(
            "debt_share",
            "debt_share",
            f"(CASE WHEN {INCOME} >= 500 THEN DebtRatio END)",
            "HIGH_DEBT_SHARE",
            ABILITY,
            cuts=(0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1),
            direction="down",
            missing="DEBT_SHARE_UNKNOWN",
            neutral=True,
        ),
        Row(
            "age",
            "age",
            "NULLIF(age, 0)",
            "SHORT_CREDIT_LIFE",
            STABILITY,
            cuts=(25, 30, 35, 40, 45, 50, 55, 60, 65, 70),
            direction="up",
            missing="AGE_UNKNOWN",
            neutral=True,
        ),
    ),
)

SECTORS = (11, 23, 31, 42, 44, 48, 51, 52, 53, 54, 56, 61, 62, 71, 72, 81)
SBA = Example(
    key="loan_nr_chk_dgt",
    bad="mis_status = 'CHGOFF'",
    zh="企业评分卡（由训练样本校准）",
    en="Card for businesses, calibrated on the training rows",
    true_rate=0.175,
    rows=(
        Row(
            "lender",
            "lender_elsewhere",
            "(state <> bank_state)",
            "LENDER_ELSEWHERE",
            STABILITY,
            words=("true",),
            missing="LENDER_UNKNOWN",
            neutral=True,
        ),
        Row(
            "size",
            "requested_amount",
            "gr_appv",
            "SMALL_LOAN",
            ABILITY,
            cuts=(10000, 25000, 50000, 100000, 150000, 250000, 500000),
            direction="up",
        ),
        Row(
            "guarantee",
            "guarantee_share",
            "round(sba_appv / gr_appv * 100, 2)",
            "LOW_GUARANTEE",
            ABILITY,
            cuts=(55,),
            direction="up",
        ),
        Row(
            "employees",
            "employees",
            "NULLIF(no_emp, 0)",
            "FEW_EMPLOYEES",
            STABILITY,
            cuts=(2, 3, 5, 10, 20, 50),
            direction="up",
            missing="EMPLOYEES_UNKNOWN",
            neutral=True,
        ),
        Row(
            "age",
            "business_age",
            "NULLIF(new_exist, 0)",
            "NEW_BUSINESS",
            STABILITY,
            cuts=(2,),
            direction="down",
            missing="BUSINESS_AGE_UNKNOWN",
            neutral=True,
        ),
        Row(
            "sector",
            "sector",
            "NULLIF(naics // 10000, 0)",
            "SECTOR",
            STABILITY,
            cuts=SECTORS,
            missing="SECTOR_UNKNOWN",
            neutral=True,
        ),
    ),
)
EXAMPLES = {"give-me-some-credit": GIVE_ME_SOME_CREDIT, "sba": SBA}


# -- 1. bins ----------------------------------------------------------------------------------------------------------


def place(row: Row, cuts: tuple[float, ...]) -> str:
    """SQL: the number of the bin that a training row falls into; MISSING where the input is."""
    tests = [f"{row.name} < {cut}" for cut in cuts] or [f"{row.name} = {word}" for word in row.words]
    whens = " ".join(f"WHEN {test} THEN {index}" for index, test in enumerate(tests))
    return f"CASE WHEN {row.name} IS NULL THEN {MISSING} {whens} ELSE {len(tests)} END"


def counted(connection: duckdb.DuckDBPyConnection, row: Row) -> tuple[list[Bin], Bin | None]:
    """The bins of all candidate cuts, and the missing ones."""
    query = f"SELECT {place(row, row.cuts)} AS bin, count(*) FILTER (NOT bad), count(*) FILTER (bad) FROM train GROUP BY 1"
    found = {int(index): (int(goods), int(bads)) for index, goods, bads in connection.execute(query).fetchall()}
    bounds: list[tuple[float | None, str | None]] = [(cut, None) for cut in row.cuts] or [(None, word) for word in row.words]
    bins = [Bin(*found.get(index, (0, 0)), *bound) for index, bound in enumerate([*bounds, (None, None)])]
    if (MISSING in found) > (row.missing is not None):
        raise ValueError(f"{row.name}: some values are missing; say so")
    return bins, Bin(*found.get(MISSING, (0, 0))) if row.missing else None


def merged(bins: list[Bin], direction: str) -> list[Bin]:
    """Merge neighbours, those that differ least first, until all differ and all are large enough."""
    smallest = SMALLEST_SHARE * sum(each.size for each in bins)
    bins = list(bins)
    while len(bins) > 1:
        gaps = [_apart(left, right, direction, smallest) for left, right in itertools.pairwise(bins)]
        least = min(range(len(gaps)), key=gaps.__getitem__)
        if gaps[least] >= STANDARD_ERRORS:
            break
        left, right = bins[least], bins[least + 1]
        bins[least : least + 2] = [Bin(left.goods + right.goods, left.bads + right.bads, right.below)]
    return bins


def _apart(left: Bin, right: Bin, direction: str, smallest: float) -> float:
    """By how many standard errors the bad rates differ, in the declared direction; below 0 for a small bin."""
    if min(left.size, right.size) < smallest or 0 in (left.bads, right.bads):
        return min(left.size, right.size) - 1e9
    pooled = (left.bads + right.bads) / (left.size + right.size)
    error = math.sqrt(pooled * (1 - pooled) * (1 / left.size + 1 / right.size))
    gap = (right.rate - left.rate) / error
    return gap if direction == "down" else -gap if direction == "up" else abs(gap)


# -- 2. weights -------------------------------------------------------------------------------------------------------


def fitted(connection: duckdb.DuckDBPyConnection, row: Row, goods: int, bads: int) -> Fitted:
    """A characteristic with its final bins and the weight of evidence of each."""
    bins, missing = counted(connection, row)
    bins = merged(bins, row.direction) if row.cuts else bins

    if row.neutral:  # weighed among the rows that have a value: 0, which a missing one gets, is then their average
        goods, bads = sum(each.goods for each in bins), sum(each.bads for each in bins)

    def evidence(each: Bin) -> float:
        return math.log((each.goods + 0.5) / goods) - math.log((each.bads + 0.5) / bads)

    of_missing = evidence(missing) if missing is not None and not row.neutral else 0.0
    return Fitted(row, tuple(bins), missing, tuple(evidence(each) for each in bins), of_missing)


def bounds_of(each: Fitted) -> tuple[float, ...]:
    """The cuts that are left."""
    return tuple(one.below for one in each.bins if one.below is not None)


def regression(connection: duckdb.DuckDBPyConnection, rows: list[Fitted]) -> list[float]:
    """The intercept and one weight per characteristic: ln(odds of being good), by Newton's method.

    Each step is one aggregate query over the training rows.
    """
    columns = ["1::DOUBLE AS w0"]
    for number, each in enumerate(rows, 1):
        whens = " ".join(f"WHEN {index} THEN {value!r}" for index, value in enumerate(each.evidence))
        columns.append(f"CASE {place(each.row, bounds_of(each))} {whens} ELSE {each.evidence_missing!r} END::DOUBLE AS w{number}")
    names = [f"w{number}" for number in range(len(rows) + 1)]
    counts = "count(*) AS size, count(*) FILTER (NOT bad) AS goods"
    connection.execute(
        f"CREATE OR REPLACE TABLE design AS SELECT {', '.join(names)}, {counts} "
        f"FROM (SELECT bad, {', '.join(columns)} FROM train) GROUP BY {', '.join(names)} ORDER BY {', '.join(names)}"
    )
    weights = [0.0] * len(names)
    for _ in range(25):
        odds = " + ".join(f"{weight!r} * {name}" for weight, name in zip(weights, names, strict=True))
        gradient = [f"sum((goods - size * p) * {name})" for name in names]
        pairs = [(i, j) for i in range(len(names)) for j in range(i + 1)]
        curvature = [f"sum(v * {names[i]} * {names[j]})" for i, j in pairs]
        source = f"(SELECT *, size * p * (1 - p) AS v FROM (SELECT *, 1 / (1 + exp(-({odds}))) AS p FROM design))"
        sums = connection.execute(f"SELECT {', '.join(gradient + curvature)} FROM {source}").fetchone()
        assert sums is not None
        matrix = [[0.0] * len(names) for _ in names]
        for (i, j), value in zip(pairs, sums[len(names) :], strict=True):
            matrix[i][j] = matrix[j][i] = value
        step = solved(matrix, list(sums[: len(names)]))
        weights = [weight + change for weight, change in zip(weights, step, strict=True)]
        if max(abs(change) for change in step) < 1e-9:
            return weights
    raise ArithmeticError("the regression does not settle: two characteristics say exactly the same")


def solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """The solution of a system of linear equations, by elimination.

    >>> solved([[2.0, 1.0], [1.0, 3.0]], [3.0, 5.0])
    [0.8, 1.4]
    """
    rows = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    for column in range(len(rows)):
        pivot = max(range(column, len(rows)), key=lambda index: abs(rows[index][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for index in range(len(rows)):
            if index != column:
                factor = rows[index][column]
                rows[index] = [value - factor * lead for value, lead in zip(rows[index], rows[column], strict=True)]
    return [line[-1] for line in rows]


# -- 3. points --------------------------------------------------------------------------------------------------------


def pointed(each: Fitted, weight: float) -> tuple[Fitted, float]:
    """The characteristic with its points, and what was taken from them so that the worst bin has 0."""
    if weight <= 0:
        raise ValueError(f"{each.row.name}: beside the others it speaks against its own evidence ({weight:.2f}): leave it out")
    values = [FACTOR * weight * value for value in each.evidence]
    missing = FACTOR * weight * each.evidence_missing
    lowest = min([*values, missing] if each.row.missing else values)
    points = tuple(round(value - lowest) for value in values)
    return Fitted(
        each.row, each.bins, each.missing, each.evidence, each.evidence_missing, points, round(missing - lowest)
    ), lowest


def card(example: Example, data: Path) -> str:
    """The card's YAML."""
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")  # sums of fractions in one order, so that every run prints the same
        values = ", ".join(f"{row.value} AS {row.name}" for row in example.rows)
        source, rule = literal(data), train_rule(quoted(example.key))
        connection.execute(f"CREATE TABLE train AS SELECT {example.bad} AS bad, {values} FROM {source} WHERE {rule}")
        total = connection.execute("SELECT count(*) FILTER (NOT bad), count(*) FILTER (bad) FROM train").fetchone()
        assert total is not None
        goods, bads = total
        rows = [fitted(connection, row, goods, bads) for row in example.rows]
        intercept, *weights = regression(connection, rows)
        if example.true_rate is not None:
            intercept += math.log((1 - example.true_rate) / example.true_rate) - math.log(goods / bads)
        base = ANCHOR_SCORE + FACTOR * (intercept - math.log(ANCHOR_ODDS))
        done = []
        for each, weight in zip(rows, weights, strict=True):
            with_points, lowest = pointed(each, weight)
            done.append(with_points)
            base += lowest
        return (
            "\n".join([*_head(example, goods, bads, round(base)), *_body(done), *_scores(connection, done, round(base))]) + "\n"
        )


def _head(example: Example, goods: int, bads: int, base: int) -> Iterator[str]:
    yield f"# Written by examples/fit_points.py from {goods + bads:,} training rows, {bads:,} of them bad; beside each bin,"
    yield "# its training rows and their bad rate. Change the script's candidate cuts, not this file."
    yield "# mark: A"
    yield f"zh: {example.zh}"
    yield f'en: "{example.en}"'
    yield f"base: {base}"
    yield "characteristics:"


def _body(rows: list[Fitted]) -> Iterator[str]:
    for each in rows:
        row = each.row
        yield f"  {row.name}:"
        yield f"    input: {row.input}"
        yield f"    reason: {row.reason}"
        yield f"    direction: {row.direction}"
        yield f"    dimension: {row.dimension}"
        if each.missing is not None:
            note = "; points of the average of the others" if row.neutral else ""
            yield f"    missing: {each.points_missing}{_seen(each.missing)}{note}"
            yield f"    missing_reason: {row.missing}"
        yield "    bins:"
        for one, points in zip(each.bins, each.points, strict=True):
            bound = f"below: {one.below:g}, " if one.below is not None else f"in: [{one.word}], " if one.word else ""
            yield f"      - {{{bound}points: {points}}}{_seen(one)}"


def _seen(one: Bin) -> str:
    return f" # {one.size:,} rows, {one.rate:.1%} bad"


def _scores(connection: duckdb.DuckDBPyConnection, rows: list[Fitted], base: int) -> Iterator[str]:
    """What the tiers were chosen from: the training rows by score."""
    parts = [str(base)]
    for each in rows:
        whens = " ".join(f"WHEN {index} THEN {points}" for index, points in enumerate(each.points))
        parts.append(f"CASE {place(each.row, bounds_of(each))} {whens} ELSE {each.points_missing} END")
    score = f"least(greatest({' + '.join(parts)}, {LOWEST}), {HIGHEST})"
    query = f"SELECT {score} // 25 * 25 AS band, count(*), avg(bad::INT) FROM train GROUP BY 1 ORDER BY 1 DESC"
    yield "# training rows by score:"
    for band, count, rate in connection.execute(query).fetchall():
        yield f"#   {band} to {band + 24}: {count:,} rows, {rate:.1%} bad"


def main(arguments: list[str]) -> int:
    """Print the card of an example; 2 on wrong usage."""
    if len(arguments) != 2 or arguments[0] not in EXAMPLES:
        print(f"usage: python -m examples.fit_points {'|'.join(EXAMPLES)} DATA.parquet", file=sys.stderr)
        return 2
    print(card(EXAMPLES[arguments[0]], Path(arguments[1])), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
