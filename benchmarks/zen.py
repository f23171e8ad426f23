"""The policy of the benchmarks for zen-engine: a decision graph that gives the same answers.

Two graphs. `tables` is how zen is used: a decision table for every characteristic, for the tiers and for the knock-outs. In
the other, which is the fastest that was found, all of these are formulas of one expression node. Limits and prices are
decision tables in both: as formulas they are not faster.

Cuts, points and amounts are taken from the bundle. Conditions are written by hand: zen has no three-valued logic, and
comparing null is an error there, so every test of something that can be missing asks for null first. What zen is spared: the
probability of default, telling which rules are NULL, and which ceiling binds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import zen

from benchmarks.data import AS_OF
from shouxin.engines.policy.card_shapes import BinShape, CharacteristicShape
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.model import ProductFile
from shouxin.engines.policy.plan import KEY_STEP, TOP_REASONS, Characteristic, ranking_key
from shouxin.engines.policy.scope import Column
from shouxin.engines.policy.tables import read_number, read_value
from shouxin.engines.policy.tree import Type

NAME = "policy"
PRODUCT_ANSWERS = tuple(f"{line}_{what}" for line in ("loan", "card") for what in ("outcome", "limit", "rate"))
ANSWERS = ("score", "tier_no", "total_line", *PRODUCT_ANSWERS)

DAY = "(year({0}) * 10000 + monthOfYear({0}) * 100 + dayOfMonth({0}))"
RATIO = "{1} > 0 ? floor((({0}) * 10000 + floor({1} / 2)) / {1}) : null"
MONTHS = "(year({1}) - year({0})) * 12 + monthOfYear({1}) - monthOfYear({0}) - (dayOfMonth({1}) < dayOfMonth({0}) ? 1 : 0)"
DERIVED = {
    "age": f"floor(({DAY.format('as_of')} - {DAY.format('birth_date')}) / 10000)",
    "total_income": "net_income + floor(other_income / 2)",
    "debt_share_bp": RATIO.format("debt_payments + housing_cost", "$.total_income"),
    "utilisation_bp": "revolving_balance != null and revolving_limit != null and "
    + RATIO.format("revolving_balance", "revolving_limit"),
    "disposable": "$.total_income - debt_payments - housing_cost - dependants * 5000",
    "judgment_months": f"judgment_date == null ? null : {MONTHS.format('judgment_date', 'as_of')}",
    "requested_share_bp": RATIO.format("requested_amount", "($.total_income * 12)"),
    "thin_file": "not bureau_hit or (oldest_account_months ?? 6) < 6 or (open_accounts ?? 1) == 0",
}
RULES = {
    "UNDER_AGE": "age < 18",
    "OVER_AGE": "age > 75",
    "NO_RESIDENCY": "residency == 'none'",
    "PERMIT_TOO_SHORT": "residency == 'permit' and requested_months > 24",
    "NO_WORK": "employment == 'none' and other_income < 50000",
    "STUDENT_AMOUNT": "employment == 'student' and requested_amount > 300000",
    "INCOME_TOO_LOW": "total_income < 100000",
    "DEBT_SHARE": "debt_share_bp == null or debt_share_bp > 6000",
    "DISPOSABLE_TOO_LOW": "disposable < 20000",
    "BUREAU_SCORE": "bureau_score != null and bureau_score < 480",
    "ENQUIRIES": "enquiries_6m != null and enquiries_6m > 10",
    "OVERDUE_90_12M": "worst_overdue_12m != null and worst_overdue_12m >= 90",
    "OVERDUE_120_24M": "worst_overdue_24m != null and worst_overdue_24m >= 120"
    " and overdue_90_times_24m != null and overdue_90_times_24m >= 2",
    "OFTEN_OVERDUE": "overdue_30_times_12m != null and overdue_30_times_12m >= 4",
    "JUDGMENT": "judgment and (judgment_date == null or judgment_months < 36)",
    "FRAUD": "fraud_flag",
    "SANCTIONS": "sanctions_hit",
    "DEVICE": "device_risk > 950",
    "INTERNAL_OVERDUE": "internal_overdue_days > 30",
    "RETURNED_DEBITS": "returned_debits_6m != null and returned_debits_6m > 4",
    "GAMBLING": "gambling_share_bp != null and gambling_share_bp > 4000",
    "MODEL_RISK": "model_pd != null and model_pd > 0.35",
    "UTILISATION": "utilisation_bp != null and utilisation_bp > 12000",
    "THIN_FILE": "model_pd == null and not salary_paid_here and thin_file",
    "ASKED_TOO_MUCH": "requested_share_bp != null and requested_share_bp > 15000 and (months_on_book ?? 0) < 6",
    "SCORE_TOO_LOW": "{tier_no} == 4",
}
# A rule is neither met nor not met: someone must look. Only asked where no rule is met, so THIN_FILE's are told by `model_pd`.
UNDECIDED = (
    "bureau_score == null or enquiries_6m == null or worst_overdue_12m == null or overdue_30_times_12m == null"
    " or returned_debits_6m == null or gambling_share_bp == null or model_pd == null"
    " or (worst_overdue_24m == null and (overdue_90_times_24m ?? 2) >= 2)"
    " or (overdue_90_times_24m == null and worst_overdue_24m >= 120)"
)


class Engine:
    """zen-engine with the policy loaded: the static loader compiles it once, `create_decision` was 3x slower."""

    def __init__(self, policy: Policy, *, tables: bool) -> None:
        content = graph(policy, tables=tables)
        self._engine = zen.ZenEngine({"loader": {"type": "static", "content": {NAME: content}}})

    def evaluate(self, context: dict[str, Any]) -> dict[str, Any]:
        """The answers for one customer."""
        return self._engine.evaluate(NAME, context)["result"]

    def trace(self, context: dict[str, Any]) -> dict[str, Any]:
        """The answers for one customer with how every node came to its own."""
        return self._engine.evaluate(NAME, context, {"trace": True})["trace"]

    def batch(self, contexts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """The answers for many customers; zen uses every core."""
        found = self._engine.evaluate_batch([{"key": NAME, "context": each} for each in contexts])
        return [each["data"]["result"] for each in found]


def context(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as zen takes them: with the date of the assessment among them."""
    return {**facts, "as_of": AS_OF.isoformat()}


def graph(policy: Policy, *, tables: bool) -> dict[str, Any]:
    """The decision graph."""
    found = _Graph()
    found.node("input", "inputNode", {"schema": ""}, after=())
    derived = found.formulas("derived", DERIVED, after=["input"])
    last = (_by_tables if tables else _by_formulas)(found, policy, derived)
    matrices = [_matrix(found, policy, line, what, last) for line in policy.bundle.exposure.order for what in ("limit", "price")]
    answers = {name: name for name in ("score", "tier_no", "fired", *(f"rank{index}" for index in range(TOP_REASONS)))}
    answers.update(_offers(policy))
    found.formulas("answers", answers, after=[last, *matrices], keep=False)
    found.node("output", "outputNode", {"schema": ""}, after=["answers"])
    return {"nodes": found.nodes, "edges": found.edges}


class _Graph:
    """Nodes and edges as they are added."""

    def __init__(self) -> None:
        self.nodes: list[dict[str, Any]] = []
        self.edges: list[dict[str, Any]] = []

    def node(self, name: str, kind: str, content: Mapping[str, Any], after: Iterable[str]) -> str:
        self.edges += [{"id": f"{each}-{name}", "sourceId": each, "targetId": name, "type": "edge"} for each in after]
        place = {"x": 0, "y": 0}
        self.nodes.append({"id": name, "name": name, "type": kind, "position": place, "content": dict(content)})
        return name

    def formulas(self, name: str, formulas: Mapping[str, str], after: Iterable[str], *, keep: bool = True) -> str:
        """An expression node. `keep`: what came in goes out beside what is new."""
        rows = [{"id": key, "key": key, "value": value} for key, value in formulas.items()]
        return self.node(name, "expressionNode", {"expressions": rows, **_settings(keep)}, after)

    def table(
        self,
        name: str,
        reads: Sequence[str],
        output: str,
        rows: Iterable[tuple[Sequence[str], str]],
        after: Iterable[str],
        *,
        hit: str = "first",
        path: str | None = None,
    ) -> str:
        """A decision table; only its result goes out."""
        inputs = [{"id": f"in{index}", "name": field, "field": field} for index, field in enumerate(reads)]
        rules = [
            {"_id": str(number), **{f"in{index}": cell for index, cell in enumerate(cells)}, "out": result}
            for number, (cells, result) in enumerate(rows)
        ]
        outputs = [{"id": "out", "name": output, "field": output}]
        content = {"hitPolicy": hit, "inputs": inputs, "outputs": outputs, "rules": rules, **_settings(False, path)}
        return self.node(name, "decisionTableNode", content, after)


def _settings(keep: bool, path: str | None = None) -> dict[str, Any]:
    return {"passThrough": keep, "inputField": None, "outputPath": path, "executionMode": "single"}


# -- score, tier and knock-outs ---------------------------------------------------------------------------------------


def _by_tables(found: _Graph, policy: Policy, derived: str) -> str:
    rows = _characteristics(policy)
    points = [
        found.table(name, [shape.input], f"points_{name}", _bin_rows(shape, _column(policy, shape)), [derived])
        for name, shape, _ in rows
    ]
    summed = {"score": _score(policy, ""), "keys": _keys(rows, ""), **_ranks()}
    score = found.formulas("score", summed, [derived, *points])
    last = len(policy.plan.tiers) - 1
    cuts = [([f">= {tier.since}" if index < last else ""], str(index)) for index, tier in enumerate(policy.bundle.tiers.tiers)]
    tier = found.table("tier", ["score"], "tier_no", cuts, [score])
    tests = [([test.format(tier_no="tier_no")], f"'{code}'") for code, test in RULES.items()]
    rules = found.table("rules", [""], "code", tests, [score, tier], hit="collect", path="fired")
    return found.formulas("outcome", _outcome(policy, "", "fired"), [score, tier, rules])


def _by_formulas(found: _Graph, policy: Policy, derived: str) -> str:
    rows = _characteristics(policy)
    formulas = {f"points_{name}": _bin_formula(shape, _column(policy, shape)) for name, shape, _ in rows}
    formulas.update(score=_score(policy, "$."), keys=_keys(rows, "$."), **_ranks())
    tier = str(len(policy.plan.tiers) - 1)
    for index, shape in reversed(list(enumerate(policy.bundle.tiers.tiers[:-1]))):
        tier = f"$.score >= {shape.since} ? {index} : ({tier})"
    formulas["tier_no"] = tier
    tests = ", ".join(f"({test.format(tier_no='$.tier_no')}) ? '{code}' : null" for code, test in RULES.items())
    formulas["fired"] = f"filter([{tests}], # != null)"
    return found.formulas("decide", {**formulas, **_outcome(policy, "$.", "$.fired")}, [derived])


def _characteristics(policy: Policy) -> list[tuple[str, CharacteristicShape, Characteristic]]:
    (card,) = policy.bundle.scorecards.values()
    return [(each.name, card.characteristics[each.name], each) for each in policy.plan.characteristics]


def _column(policy: Policy, shape: CharacteristicShape) -> Column:
    return policy.plan.scope.columns[shape.input]


def _bin_rows(shape: CharacteristicShape, column: Column) -> list[tuple[list[str], str]]:
    rows = [(["null"], str(shape.missing))] if shape.missing is not None else []
    return rows + [([_bin_test(each, column, "")], str(each.points)) for each in shape.bins]


def _bin_formula(shape: CharacteristicShape, column: Column) -> str:
    text = str(shape.bins[-1].points)
    for each in reversed(shape.bins[:-1]):
        text = f"{_bin_test(each, column, shape.input)} ? {each.points} : ({text})"
    return f"{shape.input} == null ? {shape.missing} : ({text})" if shape.missing is not None else text


def _bin_test(each: BinShape, column: Column, name: str) -> str:
    """The test of a bin, as a cell of a table where the name is left out."""
    if each.below is not None:
        return f"{name} < {read_value(str(each.below), column)}".strip()
    if each.within is None:
        return ""
    (value,) = each.within
    return f"{name} == '{value}'" if name else f"'{value}'"


def _score(policy: Policy, own: str) -> str:
    (card,) = policy.bundle.scorecards.values()
    scale = policy.bundle.about.scale
    total = " + ".join([str(card.base), *(f"{own}points_{each.name}" for each in policy.plan.characteristics)])
    return f"max([{scale.lowest}, min([{scale.highest}, {total}])])"


def _keys(rows: Sequence[tuple[str, CharacteristicShape, Characteristic]], own: str) -> str:
    """Points lost and the order of the card in one number, as in the plan's ranking keys."""
    keys = [f"{ranking_key(each.best, each.slot, 0)} - {own}points_{name} * {KEY_STEP}" for name, _, each in rows]
    return f"[{', '.join(keys)}]"


def _ranks() -> dict[str, str]:
    """The highest keys: zen does not sort."""
    found = {"rank0": "max($.keys)"}
    for index in range(1, TOP_REASONS):
        found[f"rank{index}"] = f"max(filter($.keys, # < $.rank{index - 1}))"
    return found


def _outcome(policy: Policy, own: str, fired: str) -> dict[str, str]:
    ceilings = [tier.ceiling for tier in policy.bundle.tiers.tiers]
    return {
        "declined": f"len({fired}) > 0",
        "undecided": f"not $.declined and ({UNDECIDED})",
        "room": f"{ceilings}[{own}tier_no] - existing_exposure",
    }


# -- products ---------------------------------------------------------------------------------------------------------


def _matrix(found: _Graph, policy: Policy, line: str, what: str, after: str) -> str:
    """The limits or the prices of a product as the bundle's table."""
    file = policy.bundle.tables[f"{line}-{what}"]
    column = policy.plan.scope.columns[file.header[1]]
    rows = []
    for tier, cell, result in file.rows:
        if cell:
            operator, _, bound = cell.partition(" ")
            cell = f"{operator} {read_value(bound, column)}"
        if cell and column.nullable:
            cell = f"$ != null and $ {cell}"
        number = read_number(result, Type.MONEY if what == "limit" else Type.PPM)
        rows.append(([str(policy.plan.tiers.index(tier)), cell], str(number)))
    return found.table(f"{line}_matrix_{what}", ["tier_no", column.name], f"{line}_tier_{what}", rows, [after])


def _offers(policy: Policy) -> dict[str, str]:
    loan, card = (policy.bundle.products[line] for line in policy.bundle.exposure.order)
    return {
        **_offer("loan", loan, "room", "requested_amount"),
        **_offer("card", card, "room - $.loan_limit"),
        "total_line": "$.loan_limit + $.card_limit",
    }


def _offer(line: str, shape: ProductFile, room: str, *ceilings: str) -> dict[str, str]:
    own = [str(shape.maximum), f"{line}_tier_limit", "total_income * [4, 3, 2, 1, 0][tier_no]", *ceilings, f"max([0, {room}])"]
    approved = f"$.{line}_outcome == 'approve'"
    small = f"$.{line}_offer < {shape.minimum}"
    return {
        f"{line}_offer": f"floor(min([{', '.join(own)}]) / {shape.step}) * {shape.step}",
        f"{line}_outcome": f"declined ? 'decline' : undecided ? 'refer' : {small} ? 'decline' : 'approve'",
        f"{line}_limit": f"{approved} ? $.{line}_offer : 0",
        f"{line}_rate": f"{approved} ? {line}_tier_price : null",
    }
