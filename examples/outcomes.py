"""Join decisions with what became of the borrowers, on the rows that the card was not fitted on, and print it by tier.

    python -m examples.outcomes var/sba.parquet var/sba-rows.parquet examples/sba.spec.yaml --key loan_nr_chk_dgt

Which rows those are, what is bad, and the true bad rate all stand in the specification of the fit; the rows are told apart by the
very function that told them apart for the fit. Each bad rate comes with its 95% interval (Wilson, Journal of the American
Statistical Association 22, 1927). Where the specification states a true bad rate, the sample holds more bad borrowers than there
are: the last column is the rate that a line would show if all borrowers together had the true one.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

from examples.prepare import literal
from shouxin.desk.portfolio.tables import table_of
from shouxin.engines.scoring.fitting.spec import Spec, read_spec
from shouxin.engines.scoring.fitting.table import outcomes as outcomes_of
from shouxin.engines.scoring.fitting.table import split_rows

Z95 = 1.959963984540054


def quoted(name: str) -> str:
    """A column name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def spec_of(path: Path) -> Spec:
    """The specification of an example's fit."""
    return read_spec(path.read_text(encoding="utf-8"), path.name)


@dataclass(frozen=True)
class Aside:
    """The rows that were set aside: their keys, and which of them turned bad."""

    keys: list[int]
    bad: list[bool]


def rows_set_aside(rows: Path, spec: Spec, key: str) -> Aside:
    """The test rows of a fit, in the order of the file.

    rows: what examples/prepare.py wrote
    """
    table = table_of(rows)
    bad = outcomes_of(spec.target, table)
    _, test = split_rows(spec, table, bad)
    return Aside([int(each) for each in table.numbers[key][test]], [bool(each) for each in bad[test]])


@dataclass(frozen=True)
class Group:
    """Some customers, and how many of them turned bad."""

    name: str
    customers: int
    bads: int

    @property
    def rate(self) -> float:
        """Share of the customers who turned bad."""
        return self.bads / self.customers if self.customers else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% Wilson interval of the bad rate."""
        return wilson(self.bads, self.customers)


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """The 95% score interval of a share.

    >>> [round(each, 4) for each in wilson(10, 100)]
    [0.0552, 0.1744]
    """
    if trials == 0:
        return 0.0, 1.0
    share, square = hits / trials, Z95 * Z95
    middle = share + square / (2 * trials)
    reach = Z95 * (share * (1 - share) / trials + square / (4 * trials * trials)) ** 0.5
    return (middle - reach) / (1 + square / trials), (middle + reach) / (1 + square / trials)


def together(groups: list[Group]) -> Group:
    """All groups as one."""
    return Group("all", sum(each.customers for each in groups), sum(each.bads for each in groups))


def reweighted(group: Group, every: Group, true_rate: float) -> float:
    """The bad rate of a group if that of all were `true_rate`: each bad counts for less, each good for more.

    >>> round(reweighted(Group("A", 100, 20), Group("all", 200, 100), 0.175), 4)
    0.0504
    """
    bads = group.bads * true_rate / every.rate
    goods = (group.customers - group.bads) * (1 - true_rate) / (1 - every.rate)
    return bads / (bads + goods) if group.customers else 0.0


def outcomes(decisions: Path, rows: Path, spec: Spec, key: str, where: str = "TRUE") -> tuple[list[Group], list[Group]]:
    """(groups by tier, groups by outcome) of the rows that the card was not fitted on.

    decisions: what `shouxin decide batch` wrote, for a bundle with one product
    rows:      what examples/prepare.py wrote
    where:     an SQL condition over the columns of `rows`: the part to look at
    """
    aside = rows_set_aside(rows, spec, key)
    with duckdb.connect() as connection:
        columns = [name for name, *_ in connection.execute(f"DESCRIBE SELECT * FROM {literal(decisions)}").fetchall()]
        outcome = next(name for name in columns if name.endswith("_outcome"))
        joined = (
            f"(SELECT given.tier, given.{quoted(outcome)} AS outcome, aside.bad "
            f"FROM {literal(decisions)} AS given JOIN (SELECT unnest($keys) AS key, unnest($bad) AS bad) AS aside "
            f"ON given.{quoted(key)} = aside.key "
            f"WHERE given.{quoted(key)} IN (SELECT {quoted(key)} FROM {literal(rows)} WHERE {where}))"
        )

        def groups(column: str) -> list[Group]:
            query = f"SELECT {column}, count(*), count(*) FILTER (bad) FROM {joined} GROUP BY 1 ORDER BY 1"
            found = connection.execute(query, {"keys": aside.keys, "bad": aside.bad}).fetchall()
            return [Group(str(name), int(count), int(bads)) for name, count, bads in found]

        return groups("tier"), groups("outcome")


def table(groups: list[Group], title: str, true_rate: float | None) -> list[str]:
    """The groups as the lines of a Markdown table, and all of them together."""
    every = together(groups)
    head = [title, "customers", "share", "bads", "bad rate", "95% interval"]
    head += [] if true_rate is None else [f"bad rate if {true_rate:.1%} overall"]
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    for each in (*groups, every):
        low, high = each.interval
        share = each.customers / every.customers if every.customers else 0.0
        cells = [
            each.name,
            f"{each.customers:,}",
            f"{share:.1%}",
            f"{each.bads:,}",
            f"{each.rate:.2%}",
            f"{low:.2%} – {high:.2%}",
        ]
        cells += [] if true_rate is None else [f"{reweighted(each, every, true_rate):.2%}"]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def main(arguments: list[str]) -> int:
    """Print both tables; always 0."""
    parser = argparse.ArgumentParser(description="Bad rates by tier and by outcome, on rows that the card was not fitted on.")
    parser.add_argument("decisions", type=Path, help="what `shouxin decide batch` wrote")
    parser.add_argument("rows", type=Path, help="what examples/prepare.py wrote")
    parser.add_argument("spec", type=Path, help="the specification of the fit")
    parser.add_argument("--key", required=True, help="the customer's key, a column of both files")
    parser.add_argument("--where", default="TRUE", help='SQL condition for a part of the rows, such as "approval_fy < 1998"')
    chosen = parser.parse_args(arguments)
    spec = spec_of(chosen.spec)
    true_rate = None if spec.true_bad_rate is None else float(spec.true_bad_rate)
    tiers, decided = outcomes(chosen.decisions, chosen.rows, spec, chosen.key, chosen.where)
    print("\n".join([*table(tiers, "tier", true_rate), "", *table(decided, "outcome", true_rate)]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
