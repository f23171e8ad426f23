"""The last SELECT: from a policy's numbers to the columns that people read.

Masks become reason codes by looking up eight bits at a time; money leaves in major units, rates in percent a year.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.plan import DECLINE, KEY_STEP, OUTCOMES, TOP_REASONS, ProductPlan, Rule, ranking_key
from shouxin.engines.policy.sql_text import SqlText

BITS = 8
APPROVE = OUTCOMES.index("approve")


def edge_select(policy: Policy, engine: SqlText, key: str, source: str = "decided") -> str:
    """The final SELECT over the step `decided`: key, score, tier, total line, score reasons, and five columns per product."""
    plan, quote = policy.plan, engine.quote
    columns = [
        quote(key),
        quote("score"),
        f"{engine.choose(quote('tier_no'), plan.tiers)} AS {quote('tier')}",
        f"{money(quote('total_line'))} AS {quote('total_line')}",
        f"{_score_reasons(engine)} AS {quote('score_reasons')}",
    ]
    for product in plan.products:
        columns += _product(policy, product, engine)
    return f"SELECT {', '.join(columns)} FROM (SELECT *, {', '.join(_score_codes(policy, engine))} FROM {source})"


def output_columns(policy: Policy, key: str) -> list[str]:
    """The names of the output's columns, in order."""
    parts = ("outcome", "limit", "rate", "binding", "reasons")
    per_product = [f"{product.column}_{part}" for product in policy.plan.products for part in parts]
    return [key, "score", "tier", "total_line", "score_reasons", *per_product]


def money(minor: str) -> str:
    """Minor units as a decimal in major units, exactly."""
    return f"CAST(CAST({minor} AS DECIMAL(18, 0)) * CAST('0.01' AS DECIMAL(3, 2)) AS DECIMAL(18, 2))"


def percent(ppm: str) -> str:
    """Millionths as a decimal in percent, exactly."""
    return f"CAST(CAST({ppm} AS DECIMAL(9, 0)) * CAST('0.0001' AS DECIMAL(5, 4)) AS DECIMAL(9, 4))"


def _score_reasons(engine: SqlText) -> str:
    """The codes in order, each told once."""
    names, parts = [engine.quote(f"_code{index}") for index in range(TOP_REASONS)], []
    for index, name in enumerate(names):
        again = " OR ".join(f"{name} = {before}" for before in names[:index])
        parts.append(f"CASE WHEN {again} THEN NULL ELSE {name} END" if again else name)
    return f"concat_ws(',', {', '.join(parts)})"


def _score_codes(policy: Policy, engine: SqlText) -> list[str]:
    """Codes of the characteristics that lost most, most first; a key below KEY_STEP lost nothing."""
    plan, parts = policy.plan, []
    for index in range(TOP_REASONS):
        rank = engine.quote(f"_rank{index}")
        place = f"({rank} % {KEY_STEP})"
        cards = [engine.pick(place, _codes_by_place(policy, card)) for card in range(len(plan.cards))]
        code = cards[0]
        if len(cards) > 1:
            whens = " ".join(f"WHEN {card} THEN {text}" for card, text in enumerate(cards))
            code = f"CASE {engine.quote('_card')} {whens} END"
        parts.append(f"CASE WHEN {rank} >= {KEY_STEP} THEN {code} END AS {engine.quote(f'_code{index}')}")
    return parts


def _codes_by_place(policy: Policy, card: int) -> list[str | None]:
    """The code of each (slot, kind), at its place in a ranking key."""
    codes: list[str | None] = [None] * KEY_STEP
    for each in (row for row in policy.plan.characteristics if row.card == card):
        for kind, code in enumerate(each.reasons):
            codes[ranking_key(0, each.slot, kind)] = code
    return codes


def _product(policy: Policy, product: ProductPlan, engine: SqlText) -> list[str]:
    quote = engine.quote
    outcome, limit, rate = (quote(product.output(name)) for name in ("outcome", "limit", "rate"))
    names = engine.choose(quote(product.output("binding")), [each.name for each in product.limits])
    fired = _any_bit(_rules(policy, product, "decline"), engine)
    too_low = f"({outcome} = {DECLINE} AND NOT {fired})"
    return [
        f"{engine.choose(outcome, OUTCOMES)} AS {outcome}",
        f"{money(limit)} AS {limit}",
        f"{percent(rate)} AS {rate}",
        f"CASE WHEN {outcome} = {APPROVE} OR {too_low} THEN {names} END AS {quote(product.output('binding'))}",
        f"{_reasons(policy, product, engine, fired)} AS {quote(product.column + '_reasons')}",
    ]


def _reasons(policy: Policy, product: ProductPlan, engine: SqlText, fired: str) -> str:
    """The codes of a product: rules that decline, or the ceiling that is too low, or what a person must look at."""
    quote = engine.quote
    outcome, unknown = quote(product.output("outcome")), quote(product.output("unknown"))
    declined = _joined(list(_codes(_rules(policy, product, "decline"), "_hit", "", engine)))
    low = engine.pick(quote(product.output("binding")), [f"{product.minimum_reason},{each.reason}" for each in product.limits])
    bits = [(1 << index, each.reason) for index, each in enumerate(product.limits)]
    referred = [
        *_codes(_rules(policy, product, "refer"), "_hit", "", engine),
        *_codes(_rules(policy, product, None), "_nul", "?", engine),
        *(f"CASE WHEN ({unknown} & {bit}) <> 0 THEN {engine.string(code + '?')} END" for bit, code in bits),
    ]
    return (
        f"CASE WHEN {outcome} = {APPROVE} THEN '' WHEN {fired} THEN {declined} "
        f"WHEN {outcome} = {DECLINE} THEN {low} ELSE {_joined(referred)} END"
    )


def _joined(parts: Sequence[str]) -> str:
    return f"concat_ws(',', {', '.join(parts)})" if parts else "''"


def _rules(policy: Policy, product: ProductPlan, effect: str | None) -> list[Rule]:
    place = list(policy.bundle.products).index(product.code)
    return [rule for rule in policy.plan.rules if place in rule.products and effect in (None, rule.effect)]


def _any_bit(rules: Sequence[Rule], engine: SqlText) -> str:
    masks: dict[int, int] = {}
    for rule in rules:
        masks[rule.mask] = masks.get(rule.mask, 0) | rule.bit
    tests = [f"({engine.quote(f'_hit{mask}')} & {bits}) <> 0" for mask, bits in masks.items()]
    return f"({' OR '.join(tests)})" if tests else "FALSE"


def _codes(rules: Sequence[Rule], prefix: str, ending: str, engine: SqlText) -> Iterator[str]:
    """SQL texts, in order of rank, each a list of codes or NULL: one for every eight bits of a mask."""
    chunks: dict[tuple[int, int], list[Rule]] = {}
    for rule in rules:
        chunks.setdefault((rule.mask, (rule.bit.bit_length() - 1) // BITS), []).append(rule)
    for (mask, chunk), mine in sorted(chunks.items()):
        column = engine.quote(f"{prefix}{mask}")
        if len(mine) == 1:
            yield f"CASE WHEN ({column} & {mine[0].bit}) <> 0 THEN {engine.string(mine[0].code + ending)} END"
            continue
        texts: list[str | None] = []
        for value in range(1 << BITS):
            codes = [rule.code + ending for rule in mine if rule.bit >> (chunk * BITS) & value]
            texts.append(",".join(codes) or None)
        yield engine.pick(engine.bits(column, chunk * BITS, (1 << BITS) - 1), texts)
