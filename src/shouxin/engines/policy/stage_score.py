"""Passes `derived`, `score` and `tier`: named formulas, the points of every card, and the band a customer is managed in."""

from __future__ import annotations

import graphlib
from collections.abc import Sequence
from decimal import Decimal

from sqlglot import exp

from shouxin.engines.policy.card_shapes import CharacteristicShape, PairShape, ScorecardFile
from shouxin.engines.policy.errors import ExpressionRefused, Place
from shouxin.engines.policy.load import Bundle
from shouxin.engines.policy.model import Scale
from shouxin.engines.policy.parse import parse, whitelist
from shouxin.engines.policy.plan import KEY_SLOTS, KEY_STEP, TOP_REASONS, Characteristic, Ranking, ranking_key
from shouxin.engines.policy.ranges import nullable
from shouxin.engines.policy.scope import Column
from shouxin.engines.policy.stage_bins import branches, pair_points
from shouxin.engines.policy.stager import Stager, cut, integer, possible, when
from shouxin.engines.policy.tree import Arith, Case, Cmp, Coalesce, IDiv, Lit, Node, Ref, Type, refs

PD_STEP = 10


def stage_derived(stager: Stager) -> None:
    """Derived values in an order in which each stands after what it reads."""
    derived = stager.bundle.derived
    order: graphlib.TopologicalSorter[str] = graphlib.TopologicalSorter()
    for name, shape in derived.items():
        place = stager.bundle.place("derived.yaml", name)
        if name in stager.scope.columns:
            stager.refuse(place, "E-NAME", name, "a fact has this name already")
        try:
            order.add(name, *(word for word in _words(shape.formula) if word in derived))
        except ExpressionRefused as error:
            stager.refuse(place, error.code, error.text, error.right)
    try:
        names = list(order.static_order())
    except graphlib.CycleError as error:
        circle = " -> ".join(error.args[1])
        stager.refuse(stager.bundle.place("derived.yaml", error.args[1][0]), "E-CYCLE", circle, "values cannot need each other")
        return
    for name in names:
        place = stager.bundle.place("derived.yaml", name)
        node = stager.compile(derived[name].formula, place)
        if node is not None:
            stager.formulas[name] = node
            stager.add(name, node, name, derived[name].formula)
    stager.end("derived")


def _words(text: str) -> set[str]:
    return {column.name.lower() for column in whitelist(parse(text), text).find_all(exp.Column)}


def stage_score(stager: Stager) -> tuple[tuple[Characteristic, ...], int]:
    """Points per characteristic, the score, its probability of default, and the points that were lost, ranked.

    Returns the characteristics of all cards and the number of slots in which their points are kept.
    """
    cards = [(code, stager.bundle.scorecards[code]) for code in card_order(stager.bundle)]
    default = [code for code, card in cards if card.when is None]
    if len(default) != 1:
        place = stager.bundle.place(f"scorecards/{cards[0][0]}.yaml", "when")
        stager.refuse(place, "E-CARD", ", ".join(default) or "none", "exactly one card has no `when`: the one for everybody else")
        return (), 0
    chosen = [(_applies(stager, code, card), integer(index)) for index, (code, card) in enumerate(cards)]
    card = stager.add("_card", when(*chosen[:-1], otherwise=chosen[-1][1]), "card")
    found = [_characteristics(stager, index, code, shape) for index, (code, shape) in enumerate(cards)]
    slots = max(len(each) for each in found)
    keys = [_key_column(stager, card, found, slot) for slot in range(slots)]
    lost = stager.add("_lost", _points_lost(keys), "points lost against the best bins")
    tops = [shape.base + sum(row.best for row in rows) for (_, shape), rows in zip(cards, found, strict=True)]
    highest = _by_card(card, [integer(value) for value in tops])
    summed = stager.add("_sum", Arith("-", highest, lost, Type.INT), "sum of points")
    scale = stager.bundle.about.scale
    branches = [(Cmp(op, summed, integer(end)), integer(end)) for op, end in (("<", scale.lowest), (">", scale.highest))]
    score = stager.add("score", when(*branches, otherwise=summed), "score")
    stager.scope = stager.scope.having(Column("score", Type.INT, False, scale.lowest, scale.highest))
    stager.add("pd_ppm", pd_table(score, scale), "probability of default")
    outputs = tuple(f"_rank{index}" for index in range(TOP_REASONS))
    stager.step(Ranking(tuple(keys), outputs), *(Column(name, Type.INT, False, -1, 2**40) for name in outputs))
    stager.end("score")
    return tuple(each for card_rows in found for each in card_rows), slots


def card_order(bundle: Bundle) -> tuple[str, ...]:
    """The cards in the order in which they are tried: by name, the one for everybody else last."""
    return tuple(code for code, _ in sorted(bundle.scorecards.items(), key=lambda each: each[1].when is None))


def _applies(stager: Stager, code: str, card: ScorecardFile) -> Node:
    if card.when is None:
        return Lit(True, Type.BOOL)
    node = stager.compile(card.when, stager.bundle.place(f"scorecards/{code}.yaml", "when"), Type.BOOL)
    return node or Lit(True, Type.BOOL)


def _characteristics(stager: Stager, index: int, code: str, card: ScorecardFile) -> list[Characteristic]:
    file = f"scorecards/{code}.yaml"
    rows: list[Characteristic] = []
    for name, shape in card.characteristics.items():
        try:
            parts = branches(stager.scope, shape, fitted=card.fitted is not None)
        except ExpressionRefused as error:
            stager.refuse(stager.bundle.place(file, "characteristics", name), error.code, f"{name}: {error.text}", error.right)
            continue
        best, slot = max(each.points for each in parts), len(rows)
        points = _case([(each.test, each.points) for each in parts])
        key = _case([(each.test, ranking_key(best - each.points, slot, each.kind)) for each in parts])
        rows.append(Characteristic(index, slot, name, _reasons(shape), (shape.input,), best, points, key))
        stager.formulas[f"{code}.{name}"] = points
    for name, pair in card.pairs.items():
        place = stager.bundle.place(file, "pairs", name)
        if name in card.characteristics:
            stager.refuse(place, "E-CARD", name, "a characteristic of this card has this name")
        table = _pair(stager, pair, place)
        if table is not None:
            best, slot = max(value for value in possible(table) or () if isinstance(value, int)), len(rows)
            key = _keys_of_table(table, best, slot)
            rows.append(Characteristic(index, slot, name, (pair.reason,) * 4, _inputs(stager, pair), best, table, key))
            stager.formulas[f"{code}.{name}"] = table
    if len(rows) > KEY_SLOTS - 1:
        stager.refuse(Place(file, 1), "E-CARD", str(len(rows)), f"at most {KEY_SLOTS - 1} characteristics and pairs")
    return rows


def _reasons(shape: CharacteristicShape) -> tuple[str, str, str, str]:
    """The codes in the order of the kinds in a ranking key."""
    others = (shape.missing_reason, shape.no_record_reason, shape.special_reason)
    missing, no_record, special = (each or shape.reason for each in others)
    return shape.reason, missing, no_record, special


def _pair(stager: Stager, pair: PairShape, place: Place) -> Node | None:
    """The points of a pair; None and a fault when there are none."""
    if pair.table is None:
        try:
            return pair_points(stager.scope, pair)
        except ExpressionRefused as error:
            stager.refuse(place, error.code, error.text, error.right)
            return None
    table = stager.table(pair.table, Type.INT, place)
    return Coalesce((table, integer(0)), Type.INT) if table is not None and nullable(table, stager.scope) else table


def _inputs(stager: Stager, pair: PairShape) -> tuple[str, ...]:
    if pair.down is not None and pair.across is not None:
        return pair.down.input, pair.across.input
    return stager.bundle.tables[pair.table or ""].header[:-1]


def _case(branches: Sequence[tuple[Node | None, int]]) -> Node:
    """The number of the first branch that applies; the last applies always."""
    return when(*((test, integer(value)) for test, value in branches if test is not None), otherwise=integer(branches[-1][1]))


def _keys_of_table(table: Node, best: int, slot: int) -> Node:
    """A table of points, as a table of ranking keys."""
    match table:
        case Lit(value=int() as value):
            return integer(ranking_key(best - value, slot, 0))
        case Case(whens=whens, default=default):
            changed = tuple((test, _keys_of_table(then, best, slot)) for test, then in whens)
            return Case(changed, _keys_of_table(default, best, slot), Type.INT)
        case Coalesce(args=args):
            return Coalesce(tuple(_keys_of_table(arg, best, slot) for arg in args), Type.INT)
        case _:
            return table


def _key_column(stager: Stager, card: Ref, found: list[list[Characteristic]], slot: int) -> Ref:
    """The ranking key kept in one slot: that of the card that applies."""
    nothing = integer(ranking_key(0, slot, 0))
    key = _by_card(card, [rows[slot].key if slot < len(rows) else nothing for rows in found])
    points = _by_card(card, [rows[slot].points if slot < len(rows) else integer(0) for rows in found])
    names = " / ".join(dict.fromkeys(rows[slot].name for rows in found if slot < len(rows)))
    return stager.add(f"_key{slot}", key, f"points for {names}", shown=points)


def _points_lost(keys: Sequence[Node]) -> Node:
    """The sum of the points lost, from the sum of the keys: what is beside the points in a key never reaches KEY_STEP."""
    places = sum(ranking_key(0, slot, 0) for slot in range(len(keys)))
    total = keys[0]
    for key in keys[1:]:
        total = Arith("+", total, key, Type.INT)
    return IDiv(Arith("-", total, integer(places), Type.INT), integer(KEY_STEP), Type.INT)


def _by_card(card: Ref, parts: Sequence[Node]) -> Node:
    """The part of the card that applies; one expression where all cards agree."""
    if all(part == parts[0] for part in parts):
        return parts[0]
    return when(*((Cmp("=", card, integer(i)), part) for i, part in enumerate(parts[:-1])), otherwise=parts[-1])


def pd_table(score: Ref, scale: Scale) -> Node:
    """Probability of default in ppm by bands of 10 points, at the middle of the band.

    odds(score) = anchor_odds * 2 ^ ((score - anchor_score) / points_to_double); pd = 1 / (1 + odds). Siddiqi, Credit Risk
    Scorecards (2006), ch. 6: scaling.
    """
    starts = list(range(scale.lowest, scale.highest, PD_STEP))
    cuts = [(start + PD_STEP, integer(pd_ppm(start + PD_STEP // 2, scale), Type.PPM)) for start in starts[:-1]]
    return cut(score, cuts, integer(pd_ppm(starts[-1] + PD_STEP // 2, scale), Type.PPM))


def pd_ppm(score: int, scale: Scale) -> int:
    """The probability of default that the scale gives a score, in ppm, half up.

    >>> pd_ppm(650, Scale()), pd_ppm(700, Scale())
    (32258, 16393)
    """
    exponent = Decimal(score - scale.anchor_score) / scale.points_to_double
    odds = scale.anchor_odds * Decimal(2) ** exponent
    return int((Decimal(1_000_000) / (1 + odds) + Decimal("0.5")).to_integral_value(rounding="ROUND_FLOOR"))


def stage_tier(stager: Stager) -> tuple[str, ...]:
    """The tier by score: its name in formulas is `tier`, its position `tier_no`, 0 the best."""
    tiers = stager.bundle.tiers.tiers
    place = stager.bundle.place("tiers.yaml", "tiers")
    froms = [tier.since for tier in tiers]
    names = tuple(tier.name for tier in tiers)
    if froms != sorted(set(froms), reverse=True) or len(set(names)) != len(names):
        stager.refuse(place, "E-TIER", ", ".join(str(each) for each in froms), "the best tier first, each from a lower score")
    if froms[-1] > stager.bundle.about.scale.lowest:
        stager.refuse(place, "E-TIER", str(froms[-1]), f"the last tier begins at {stager.bundle.about.scale.lowest} or below")
    score = Ref("score", Type.INT)
    branches = [(Cmp(">=", score, integer(tier.since)), integer(index)) for index, tier in enumerate(tiers[:-1])]
    stager.add("tier_no", when(*branches, otherwise=integer(len(tiers) - 1)), "tier")
    stager.scope = stager.scope.having(Column("tier", Type.ENUM, False, values=names, ordinal="tier_no"))
    stager.end("tier")
    return names


def depends_on_score(node: Node, formulas: dict[str, Node]) -> bool:
    """Whether an expression reads the score, the tier or the probability of default, also through derived values."""
    names = refs(node)
    if names & {"score", "tier_no", "pd_ppm"}:
        return True
    return any(depends_on_score(formulas[name], formulas) for name in names if name in formulas)
