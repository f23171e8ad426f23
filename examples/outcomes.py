"""Join decisions with what became of the borrowers, on rows that nothing was chosen from, and print it by tier.

    python examples/outcomes.py var/sba.parquet ../shared/data/sba_30k/data.parquet \\
        --key loan_nr_chk_dgt --bad "mis_status = 'CHGOFF'" --true-rate 0.175

Each bad rate comes with its 95% interval (Wilson, Journal of the American Statistical Association 22, 1927).
`--true-rate` is for a sample in which bad borrowers are over-represented: it adds the rate that each line of the table
would show if all borrowers together had that bad rate.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

Z95 = 1.959963984540054

# The one rule that splits the rows, here and in fit_points.py: the key, scrambled by the multiplier and the prime of a
# random number generator (Park and Miller, Communications of the ACM 31, 1988). Seven tenths are for choosing.
TRAIN = "({key} * 48271 % 2147483647 // 1000 % 10 < 7)"


def train_rule(key: str) -> str:
    """The SQL condition that is TRUE for rows from which bins, points and cuts were chosen.

    key: SQL of the customer's key, a whole number below 10^13
    """
    return TRAIN.format(key=key)


def quoted(name: str) -> str:
    """A column name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(path: Path) -> str:
    """A file name as an SQL string."""
    return "'" + str(path).replace("'", "''") + "'"


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


def outcomes(decisions: Path, data: Path, key: str, bad: str, where: str = "TRUE") -> tuple[list[Group], list[Group]]:
    """(groups by tier, groups by outcome) of the rows from which nothing was chosen.

    decisions: what `shouxin decide batch` wrote, for a bundle with one product
    bad:       an SQL condition over the data file's columns; NULL counts as not bad
    where:     an SQL condition over the data file's columns: the part to look at
    """
    with duckdb.connect() as connection:
        columns = [name for name, *_ in connection.execute(f"DESCRIBE SELECT * FROM {literal(decisions)}").fetchall()]
        outcome = next(name for name in columns if name.endswith("_outcome"))
        given, truth = f"given.{quoted(key)}", f"truth.{quoted(key)}"
        joined = (
            f"(SELECT given.tier, given.{quoted(outcome)} AS outcome, COALESCE({bad}, FALSE) AS bad "
            f"FROM {literal(decisions)} AS given JOIN {literal(data)} AS truth ON {given} = {truth} "
            f"WHERE NOT {train_rule(truth)} AND ({where}))"
        )

        def groups(column: str) -> list[Group]:
            query = f"SELECT {column}, count(*), count(*) FILTER (bad) FROM {joined} GROUP BY 1 ORDER BY 1"
            return [Group(str(name), int(count), int(bads)) for name, count, bads in connection.execute(query).fetchall()]

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
    parser = argparse.ArgumentParser(description="Bad rates by tier and by outcome, on rows from which nothing was chosen.")
    parser.add_argument("decisions", type=Path, help="what `shouxin decide batch` wrote")
    parser.add_argument("data", type=Path, help="the data file, which holds what became of the borrowers")
    parser.add_argument("--key", required=True, help="the customer's key, a column of both files")
    parser.add_argument("--bad", required=True, help="SQL condition for a bad outcome, such as \"mis_status = 'CHGOFF'\"")
    parser.add_argument("--true-rate", type=float, help="bad rate of the whole population, such as 0.175")
    parser.add_argument("--where", default="TRUE", help='SQL condition for a part of the data, such as "approval_fy < 1998"')
    chosen = parser.parse_args(arguments)
    tiers, decided = outcomes(chosen.decisions, chosen.data, chosen.key, chosen.bad, chosen.where)
    print("\n".join([*table(tiers, "tier", chosen.true_rate), "", *table(decided, "outcome", chosen.true_rate)]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
