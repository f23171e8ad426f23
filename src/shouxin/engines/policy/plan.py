"""The plan: a bundle as an ordered list of named columns, which every emitter writes in its own language.

Score, tier, knock-outs, prices, limits and allocation are lowered into the typed tree once, by the `stage_*` files. What
an emitter must know besides expressions is only two things: how to collect the rules that fire, and how to rank keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from shouxin.engines.policy.scope import Column, Scope
from shouxin.engines.policy.tree import Node, Ref, Value

RULES_PER_MASK = 62
KEY_SLOTS = 64
KEY_KINDS = 4
KEY_STEP = KEY_SLOTS * KEY_KINDS
VALUE, MISSING, NO_RECORD, SPECIAL = range(KEY_KINDS)  # why points were lost
TOP_REASONS = 4
DECLINE, REFER, APPROVE = 0, 1, 2
PRODUCT_OUTPUTS = ("outcome", "limit", "rate", "binding", "unknown", "expected_loss", "margin")
OUTCOMES = ("decline", "refer", "approve")


@dataclass(frozen=True, slots=True)
class Input:
    """One fact as it comes in.

    name:   the parameter; `raw_x` when the fact x is worked out from its source's answer first
    source_column, unit, mapping, missing_values: how it is read from a file
    otherwise: which value of an enum a text is read as that is none of them; None where it is refused
    if_absent: its value where the file has no such column; `optional`: it is missing then
    """

    fact: str
    name: str
    column: Column
    source: str
    source_column: str
    unit: str
    mapping: tuple[tuple[str, str], ...]
    otherwise: str | None
    missing_values: tuple[int | str | Decimal, ...]
    if_absent: Value
    optional: bool
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Assign:
    """One named column.

    note:    what it is, for people
    written: the formula as the bundle's author wrote it, where there is one
    shown:   what a trace shows instead, where the column is a number for machines
    product: the product that it is about, where it is needed only if that product is not declined by a knock-out
    """

    name: str
    node: Node
    note: str = ""
    written: str = ""
    shown: Node | None = None
    product: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One knock-out over some products. `mask` and `bit` say where it is recorded."""

    code: str
    node: Node
    effect: str
    products: tuple[int, ...]
    mask: int
    bit: int
    where: str
    written: str


@dataclass(frozen=True, slots=True)
class Rules:
    """Evaluate all rules: `hits` are the masks of those that are TRUE, `nulls` of those that are NULL."""

    rules: tuple[Rule, ...]
    hits: tuple[str, ...]
    nulls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The highest keys, highest first, into the outputs."""

    keys: tuple[Ref, ...]
    outputs: tuple[str, ...]


Step: TypeAlias = Assign | Rules | Ranking


@dataclass(frozen=True, slots=True)
class Pass:
    """One named pass of the evaluation."""

    name: str
    steps: tuple[Step, ...]

    def makes(self) -> tuple[str, ...]:
        """The columns that it makes."""
        return tuple(name for step in self.steps for name in made_by(step))


def made_by(step: Step) -> tuple[str, ...]:
    """The columns that a step makes."""
    if isinstance(step, Assign):
        return (step.name,)
    return (*step.hits, *step.nulls) if isinstance(step, Rules) else step.outputs


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One row of a card, and where its points are kept.

    reasons: the code when points are lost for the value, for its being missing, for there being no record, for its being
             a special value
    inputs:  the columns that it reads: one, or those of a pair
    points:  the points of each bin
    key:     the ranking key of each bin: points lost against the best, and which of the reasons applies
    """

    card: int
    slot: int
    name: str
    reasons: tuple[str, str, str, str]
    inputs: tuple[str, ...]
    best: int
    points: Node
    key: Node


def ranking_key(lost: int, slot: int, kind: int) -> int:
    """The key that ranks reasons: points lost, then the order of the card; keys of two slots never tie.

    A key below KEY_STEP lost nothing.

    >>> ranking_key(20, 3, 1), read_key(ranking_key(20, 3, 1))
    (5361, (20, 3, 1))
    """
    return lost * KEY_STEP + (KEY_SLOTS - 1 - slot) * KEY_KINDS + kind


def read_key(key: int) -> tuple[int, int, int]:
    """(points lost, slot, kind) of a ranking key."""
    lost, rest = divmod(key, KEY_STEP)
    place, kind = divmod(rest, KEY_KINDS)
    return lost, KEY_SLOTS - 1 - place, kind


@dataclass(frozen=True, slots=True)
class LimitName:
    """One ceiling of a product's limit, and the reason when it binds."""

    name: str
    reason: str
    column: str


@dataclass(frozen=True, slots=True)
class ProductPlan:
    """What is known of a product beside its columns."""

    code: str
    column: str
    zh: str
    en: str
    purpose: str
    limits: tuple[LimitName, ...]
    minimum: int
    minimum_reason: str
    terms: tuple[tuple[str, tuple[int, ...]], ...]
    displaces: tuple[str, ...]
    price: Node

    def output(self, what: str) -> str:
        """The column of one of the product's outputs: PRODUCT_OUTPUTS."""
        return f"{self.column}_{what}"


@dataclass(frozen=True, slots=True)
class Cross:
    """What one account's state does to other lines: the products whose lines are suspended, or closed, while it is TRUE."""

    code: str
    node: Node
    suspends: tuple[str, ...]
    closes: tuple[str, ...]
    where: str
    written: str


@dataclass(frozen=True, slots=True)
class Activity:
    """Which of two values of an enum fact a person has by what they do: `then` where it is TRUE, `otherwise` where FALSE.

    inputs: the names of the inputs that the condition reads, directly or not
    """

    fact: str
    node: Node
    then: str
    otherwise: str
    inputs: tuple[str, ...]
    where: str
    written: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything an emitter and a decoder need."""

    inputs: tuple[Input, ...]
    fresh: tuple[tuple[str, int], ...]
    passes: tuple[Pass, ...]
    scope: Scope
    cards: tuple[str, ...]
    characteristics: tuple[Characteristic, ...]
    tiers: tuple[str, ...]
    rules: tuple[Rule, ...]
    masks: int
    products: tuple[ProductPlan, ...]
    sources: Mapping[str, tuple[str | None, str | None]]
    formulas: Mapping[str, Node]
    slots: int
    cross: tuple[Cross, ...] = ()
    activities: tuple[Activity, ...] = ()

    def outputs(self) -> tuple[str, ...]:
        """The columns that an evaluation returns, in order."""
        masks = [f"_{kind}{index}" for index in range(self.masks) for kind in ("hit", "nul")]
        per_product = [product.output(what) for product in self.products for what in PRODUCT_OUTPUTS]
        ranks = [f"_rank{index}" for index in range(TOP_REASONS)]
        return ("score", "pd_ppm", "tier_no", "total_line", "_card", *masks, *ranks, *per_product)
