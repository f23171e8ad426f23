"""A card as one SELECT over the columns of a data file or a table: for DuckDB, Spark and PostgreSQL.

Points come from the same typed tree that Python and the policies run; `cells_sql.py` reads the columns. Each step stands on
its own line, and nothing is nested deeper than the card itself.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from shouxin.engines.policy.sql_text import DUCKDB, POSTGRES, SPARK, SqlText
from shouxin.engines.policy.stage_score import pd_table
from shouxin.engines.policy.stager import integer, when
from shouxin.engines.policy.tree import Arith, Cmp, Node, Ref, Type
from shouxin.engines.scoring.cards.card import Card
from shouxin.engines.scoring.cards.cells_sql import CellSql, Family, family, natural
from shouxin.engines.scoring.cards.score_one import cells

ENGINES = {each.name: each for each in (DUCKDB, SPARK, POSTGRES)}
SCORE, PD = "score", "pd_ppm"
POINTS_ENDING = "_points"


@dataclass(frozen=True)
class Wanted:
    """What stands beside score and probability of default: columns that are kept, parts whose points are shown."""

    keep: tuple[str, ...] = ()
    points: tuple[str, ...] = ()


ONLY_SCORE = Wanted()


def card_sql(
    card: Card,
    engine: SqlText,
    relation: str,
    types: Mapping[str, str] | None = None,
    wanted: Wanted = ONLY_SCORE,
) -> str:
    """One SELECT: the wanted columns, `score`, `pd_ppm`, and the wanted points as NAME_points. Nothing is aggregated.

    relation: a table, a view or a query in brackets, in the engine's SQL
    types:    column -> its type in the engine's words; a column that is not named is taken to be of its natural type:
              numbers are numbers, texts texts, flags flags

    A text that is no number where one is needed counts as missing. Raises ValueError for a type that cannot be read.
    """
    read = [f"{value} AS {engine.quote(name)}" for name, value in readings(card, engine, types or {}).items()]
    kept = {name: f"card_kept_{index}" for index, name in enumerate(wanted.keep)}
    keep = [f"{engine.quote(name)} AS {inner}" for name, inner in kept.items()]
    parts = {row.name: row.points for row in card.policy.plan.characteristics}
    shown = [f"{engine.wide(node)} AS {engine.quote(name + POINTS_ENDING)}" for name, node in parts.items()]
    score = f"{engine.expression(_clipped(card))} AS {SCORE}"
    final = [f"{inner} AS {engine.quote(name)}" for name, inner in kept.items()]
    final += [SCORE, f"{engine.expression(pd_table(Ref(SCORE, Type.INT), card.fitted.scale))} AS {PD}"]
    final += [engine.quote(name + POINTS_ENDING) for name in wanted.points]
    inner = ", ".join(kept.values())
    carried = f"{inner},\n  " if inner else ""
    lines = ",\n  "
    return (
        f"WITH card_cells AS (\n  SELECT {lines.join([*keep, *read])}\n  FROM {relation}\n),\n"
        f"card_points AS (\n  SELECT {carried}{lines.join(shown)}\n  FROM card_cells\n),\n"
        f"card_total AS (\n  SELECT *, {engine.expression(_total(card))} AS card_sum\n  FROM card_points\n),\n"
        f"card_score AS (\n  SELECT *, {score}\n  FROM card_total\n)\n"
        f"SELECT {lines.join(final)}\nFROM card_score"
    )


def output_columns(wanted: Wanted) -> list[str]:
    """The names of the columns that the SELECT gives, in order."""
    return [*wanted.keep, SCORE, PD, *(name + POINTS_ENDING for name in wanted.points)]


def readings(card: Card, engine: SqlText, types: Mapping[str, str]) -> dict[str, str]:
    """Input of the card -> SQL of what the card compares; raises ValueError for a type that cannot be read."""
    writer, found = CellSql(engine), {}
    for cell in cells(card):
        of = _family(types.get(cell.column), natural(cell.kind))
        writer.wrong(cell, of)
        found[cell.name] = writer.value(cell, of)
    return found


def _family(column_type: str | None, otherwise: Family) -> Family:
    if column_type is None:
        return otherwise
    found = family(column_type)
    if found is None:
        raise ValueError(f"{column_type}: a number, a text, a flag or a day")
    return found


def _total(card: Card) -> Node:
    """The base and all points."""
    parts = [Ref(row.name + POINTS_ENDING, Type.INT) for row in card.policy.plan.characteristics]
    base: Node = integer(card.shape.base)
    return functools.reduce(lambda left, right: Arith("+", left, right, Type.INT), parts, base)


def _clipped(card: Card) -> Node:
    """The total within the scale."""
    total, scale = Ref("card_sum", Type.INT), card.fitted.scale
    ends = [(Cmp(op, total, integer(end)), integer(end)) for op, end in (("<", scale.lowest), (">", scale.highest))]
    return when(*ends, otherwise=total)
