"""Pass `emit`, for Python: one readable function from a plan.

    evaluate(as_of, facts, values of the day) -> tuple

What depends on the date alone is worked out once a day and handed in. Where a product is declined by a knock-out, its
price and limits are not worked out.
"""

from __future__ import annotations

import builtins
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from shouxin.engines.policy.plain import evaluate
from shouxin.engines.policy.plan import DECLINE, PRODUCT_OUTPUTS, Assign, Plan, Ranking, Rules, Step
from shouxin.engines.policy.python_text import RUNTIME, PythonText
from shouxin.engines.policy.ranges import nullable
from shouxin.engines.policy.scope import Column
from shouxin.engines.policy.tree import Case, Cmp, Extreme, Lit, Node, Ref, children, refs, walk

SHORTEST_LADDER, LONGEST_LADDER = 4, 1_000
AFTER_KNOCK_OUTS = ("price", "limits", "allocation", "economics")


@dataclass(frozen=True)
class Emitted:
    """A generated function.

    function: its parameters are `as_of`, a tuple of the plan's inputs in order, and the values of `day`
    day:      the values that depend on the date alone
    source:   its text; of the bundle it holds checked names, numbers and rule codes, nothing else
    """

    function: Callable[..., tuple[object, ...]]
    day: Callable[[dt.date], tuple[object, ...]]
    source: str


def emit_python(plan: Plan, returned: Sequence[str]) -> Emitted:
    """A function that returns some of the plan's columns."""
    of_day = dict(_of_day(plan))
    columns = {name: Column(name, node.type, nullable(node, plan.scope)) for node, name in of_day.items()}
    writer = PythonText(plan.scope.having(*columns.values()), of_day)
    days = [*(name for name, _ in plan.fresh), *of_day.values()]
    lines = ["def evaluate(as_of, _facts, _days):"]
    lines += [f"    {', '.join(_parameters(plan, returned))}, = _facts"]  # faster than a parameter for each
    lines += [f"    {', '.join(days)}, = _days"] if days else []
    has_products = any(each.name in AFTER_KNOCK_OUTS for each in plan.passes)  # a card that is compiled alone has none
    rests = has_products and _can_rest(plan, returned)
    for each in plan.passes:
        if rests and each.name in AFTER_KNOCK_OUTS:
            continue
        lines.append(f"    # {each.name}")
        lines += [f"    {line}" for line in _pass(each.steps, writer)]
    if rests:
        lines += [f"    {line}" for line in (*_rest(plan, returned), *_by_product(plan, writer))]
    lines.append(f"    return ({', '.join(returned)},)")
    source = "\n".join(lines) + "\n"
    namespace: dict[str, object] = {"__builtins__": {}, "_sorted": builtins.sorted, **RUNTIME, **writer.constants}
    exec(compile(source, "<policy>", "exec"), namespace)
    function = namespace["evaluate"]
    assert callable(function)
    return Emitted(function, _day_function(plan, list(of_day)), source)


def _parameters(plan: Plan, returned: Sequence[str]) -> Iterator[str]:
    """The names of the inputs; one name for all that nothing reads, such as families of which few members are read."""
    nodes = [node for each in plan.passes for step in each.steps for node in _nodes(step)]
    read = {*returned, *(name for node in nodes for name in refs(node))}
    yield from (each.name if each.name in read else "_unread" for each in plan.inputs)


def _by_product(plan: Plan, writer: PythonText) -> Iterator[str]:
    """The passes after the knock-outs, product after product, and each only where no knock-out declines it.

    Products stand in the order in which room is given, so that none needs what a later one makes; what is about all of
    them, the total line, comes last. The names of the last products, which are the scenarios, come last too: Python reads
    a name beyond the first 256 of a function more slowly.
    """
    steps = [step for each in plan.passes if each.name in AFTER_KNOCK_OUTS for step in each.steps]
    resting = _resting(plan)
    for product in plan.products:
        yield f"# {product.column}"
        yield f"if not _{product.column}_declined:"
        mine = [step for step in steps if isinstance(step, Assign) and step.product == product.code]
        yield from (f"    {line}" for line in _pass(mine, writer))
        outputs = [product.output(what) for what in PRODUCT_OUTPUTS]
        values = list(dict.fromkeys(resting[name] for name in outputs))
        yield f"else: {'; '.join(f'{_chain(outputs, resting, value)} = {value}' for value in values)}"
    yield "# all products"
    yield from _pass([step for step in steps if not (isinstance(step, Assign) and step.product)], writer)


def _chain(outputs: Sequence[str], resting: Mapping[str, str], value: str) -> str:
    return " = ".join(name for name in outputs if resting[name] == value)


def _pass(steps: Iterable[Step], writer: PythonText) -> Iterator[str]:
    for step in steps:
        if isinstance(step, Assign):
            yield from _assign(step, writer)
        elif isinstance(step, Rules):
            yield from _rules(step, writer)
        else:
            yield ranking_text(step, writer)


def _assign(step: Assign, writer: PythonText) -> Iterator[str]:
    """LEAST and GREATEST of what is never NULL become comparisons, which are faster than a call."""
    node = step.node
    if (steps := _as_table(node, writer)) is not None:
        yield f"{step.name} = {steps}"
        return
    if not isinstance(node, Extreme) or any(nullable(arg, writer.scope) for arg in node.args):
        yield f"{step.name} = {_bare(writer.value(node))}"
        return
    operator = "<" if node.op == "LEAST" else ">"
    yield f"{step.name} = {_bare(writer.value(node.args[0]))}"
    for arg in node.args[1:]:
        if isinstance(arg, Ref | Lit):
            text = writer.value(arg)
            yield f"if {text} {operator} {step.name}: {step.name} = {text}"
        else:
            yield f"_other = {_bare(writer.value(arg))}"
            yield f"if _other {operator} {step.name}: {step.name} = _other"


def _as_table(node: Node, writer: PythonText) -> str | None:
    """A ladder over one column of few values, as a look-up; None for any other expression."""
    names = refs(node)
    if len(names) != 1 or not isinstance(node, Case) or sum(isinstance(part, Cmp) for part in walk(node)) < SHORTEST_LADDER:
        return None
    column = writer.scope.columns[next(iter(names))]
    if column.nullable or not isinstance(column.low, int) or not isinstance(column.high, int):
        return None
    if column.high - column.low > LONGEST_LADDER:
        return None
    values = tuple(evaluate(node, {column.name: value}) for value in range(column.low, column.high + 1))
    offset = f" - {column.low}" if column.low else ""
    return f"{writer.constant(values)}[{column.name}{offset}]"


def _bare(text: str) -> str:
    """The text without one pair of brackets around the whole of it."""
    if not (text.startswith("(") and text.endswith(")")):
        return text
    depth = 0
    for index, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth == 0 and index < len(text) - 1:
            return text
    return text[1:-1]


def _rules(step: Rules, writer: PythonText) -> Iterator[str]:
    """Each rule costs one test; only a rule that could be NULL, and did not fire, is asked whether it is NULL."""
    yield f"{' = '.join((*step.hits, *step.nulls))} = 0"
    for rule in step.rules:
        yield f"if {_bare(writer.true(rule.node))}: {step.hits[rule.mask]} |= {rule.bit}  # {rule.code}"
        if not nullable(rule.node, writer.scope):
            continue
        absent = [name for name in sorted(refs(rule.node)) if writer.scope.columns[name].nullable]
        some = " or ".join(f"{name} is None" for name in absent)
        test = some if writer.strict(rule.node) else f"({some or 'True'}) and not {writer.false(rule.node)}"
        yield f"elif {test}: {step.nulls[rule.mask]} |= {rule.bit}"


def ranking_text(step: Ranking, writer: PythonText) -> str:
    """The statement that ranks keys."""
    keys = [writer.value(key) for key in step.keys] + ["-1"] * max(0, len(step.outputs) - len(step.keys))
    count = len(step.outputs)
    return f"{', '.join(reversed(step.outputs))} = _sorted(({', '.join(keys)}))[-{count}:]"


# -- resting: every product declined -----------------------------------------------------------------------------------


def _resting(plan: Plan) -> Mapping[str, str]:
    """What a product's outputs are when a knock-out declines it, and the total line when one declines each of them.

    The plan's own expressions say the same.
    """
    values = {"outcome": str(DECLINE), "rate": "None"}
    found = {product.output(what): values.get(what, "0") for product in plan.products for what in PRODUCT_OUTPUTS}
    return {**found, "total_line": "0"}


def _can_rest(plan: Plan, returned: Sequence[str]) -> bool:
    made = {name for each in plan.passes if each.name in AFTER_KNOCK_OUTS for name in each.makes()}
    return made.intersection(returned) <= set(_resting(plan))


def _rest(plan: Plan, returned: Sequence[str]) -> list[str]:
    resting = _resting(plan)
    answer = ", ".join(resting.get(name, name) for name in returned)
    test = " and ".join(f"_{product.column}_declined" for product in plan.products)
    return ["# nothing to price or to limit", f"if {test}: return ({answer},)"]


# -- values of the day -------------------------------------------------------------------------------------------------


def _of_day(plan: Plan) -> Iterator[tuple[Node, str]]:
    """The largest expressions that read nothing but the date, each with the name that it is handed in under."""
    found: dict[Node, str] = {}

    def look(node: Node) -> None:
        if refs(node) == {"as_of"} and not isinstance(node, Ref):
            found.setdefault(node, f"_day{len(found)}")
            return
        for child in children(node):
            look(child)

    for each in plan.passes:
        for step in each.steps:
            for node in _nodes(step):
                look(node)
    yield from found.items()


def _nodes(step: Assign | Rules | Ranking) -> Iterator[Node]:
    if isinstance(step, Assign):
        yield step.node
    elif isinstance(step, Rules):
        yield from (rule.node for rule in step.rules)
    else:
        yield from step.keys


def _day_function(plan: Plan, nodes: Sequence[Node]) -> Callable[[dt.date], tuple[object, ...]]:
    writer = PythonText(plan.scope)
    body = "".join(f"{writer.value(node)}, " for node in nodes)
    function = eval(f"lambda as_of: ({body})", {"__builtins__": {}, **RUNTIME, **writer.constants})
    days = [days for _, days in plan.fresh]
    return lambda as_of: (*(as_of - dt.timedelta(days=each) for each in days), *function(as_of))
