"""Pass `emit`, for Python: one readable function from a plan.

evaluate(as_of, <one parameter per fact>, <oldest fresh days>) -> tuple, in the order of Plan.outputs()
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Sequence

from shouxin.engines.policy.plan import Assign, Plan, Ranking, Rules
from shouxin.engines.policy.python_text import RUNTIME, PythonText
from shouxin.engines.policy.ranges import nullable
from shouxin.engines.policy.tree import refs


def python_source(plan: Plan, returned: Sequence[str]) -> tuple[str, dict[str, object]]:
    """The text of a function that returns some of the plan's columns, and the constants that it needs bound."""
    writer = PythonText(plan.scope)
    names = ", ".join(["as_of", *(each.name for each in plan.inputs), *(name for name, _ in plan.fresh)])
    lines = [f"def evaluate({names}):"]
    for each in plan.passes:
        lines.append(f"    # {each.name}")
        for step in each.steps:
            if isinstance(step, Assign):
                lines.append(f"    {step.name} = {_bare(writer.value(step.node))}")
            elif isinstance(step, Rules):
                lines += [f"    {line}" for line in _rules(step, writer)]
            else:
                lines.append(f"    {ranking_text(step, writer)}")
    lines.append(f"    return ({', '.join(returned)},)")
    return "\n".join(lines) + "\n", writer.constants


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


def _rules(step: Rules, writer: PythonText) -> list[str]:
    """Each rule costs one test; only a rule that could be NULL, and did not fire, is asked whether it is NULL."""
    lines = [f"{' = '.join((*step.hits, *step.nulls))} = 0"]
    for rule in step.rules:
        lines.append(f"if {_bare(writer.true(rule.node))}: {step.hits[rule.mask]} |= {rule.bit}  # {rule.code}")
        if not nullable(rule.node, writer.scope):
            continue
        absent = [name for name in sorted(refs(rule.node)) if writer.scope.columns[name].nullable]
        some = " or ".join(f"{name} is None" for name in absent)
        test = some if writer.strict(rule.node) else f"({some or 'True'}) and not {writer.false(rule.node)}"
        lines.append(f"elif {test}: {step.nulls[rule.mask]} |= {rule.bit}")
    return lines


def ranking_text(step: Ranking, writer: PythonText) -> str:
    """The statement that ranks keys."""
    keys = [writer.value(key) for key in step.keys] + ["-1"] * max(0, len(step.outputs) - len(step.keys))
    return f"{', '.join(step.outputs)} = _sorted(({', '.join(keys)}), reverse=True)[:{len(step.outputs)}]"


def compile_python(plan: Plan, returned: Sequence[str]) -> tuple[Callable[..., tuple[object, ...]], str]:
    """A function that returns some of the plan's columns, and its text.

    Nothing of the bundle is in the text but checked names, numbers and rule codes.
    """
    source, constants = python_source(plan, returned)
    namespace: dict[str, object] = {"__builtins__": {}, "_sorted": builtins.sorted, **RUNTIME, **constants}
    exec(compile(source, "<policy>", "exec"), namespace)
    function = namespace["evaluate"]
    assert callable(function)
    return function, source
