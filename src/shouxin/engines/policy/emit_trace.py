"""Pass `emit`, with trace: the same evaluation, told as a tree.

    trace(as_of, <facts>, <oldest fresh days>) -> TraceNode

A rule is told part by part; a part that was not needed says so. Everything else is one node with what it read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from shouxin.engines.policy.emit_python import ranking_text
from shouxin.engines.policy.plan import Assign, Plan, Ranking, Rules
from shouxin.engines.policy.python_text import RUNTIME, PythonText
from shouxin.engines.policy.render import render
from shouxin.engines.policy.tree import And, Node, Not, Or, Ref, Type, walk


class Label(NamedTuple):
    """What is the same in every trace: the name, the formula, the names of the values it reads, the result's type."""

    name: str
    formula: str
    reads: tuple[str, ...]
    type: Type


class TraceNode(NamedTuple):
    """One step: what it is, what it read, what came out; `skipped` says why it was not needed."""

    label: Label
    values: tuple[Any, ...]
    result: Any
    skipped: str | None
    children: tuple[TraceNode, ...]


SETTLED_AND = "not needed: an earlier part is FALSE"
SETTLED_OR = "not needed: an earlier part is TRUE"


class _TraceText:
    """Writes the statements that build the tree, innermost parts first."""

    def __init__(self, plan: Plan) -> None:
        self.writer = PythonText(plan.scope)
        self.lines: list[str] = []
        self.constants: dict[str, object] = {}
        self.count = 0

    def constant(self, value: object) -> str:
        name = f"_k{len(self.constants)}"
        self.constants[name] = value
        return name

    def fresh(self) -> str:
        self.count += 1
        return f"_n{self.count}"

    def emit(self, indent: int, text: str) -> None:
        self.lines.append("    " * indent + text)

    def leaf(self, indent: int, name: str, node: Node, value: str, written: str = "") -> str:
        """A node without parts; returns the variable that holds it."""
        reads = tuple(dict.fromkeys(part.name for part in walk(node) if isinstance(part, Ref)))
        label = self.constant(Label(name, written or render(node), reads, node.type))
        variable = self.fresh()
        self.emit(indent, f"{variable} = _new(_T, ({label}, ({', '.join(reads)}{',' if reads else ''}), {value}, None, ()))")
        return variable

    def test(self, indent: int, name: str, node: Node) -> str:
        """A condition with its parts; returns the variable that holds its node."""
        if isinstance(node, Not):
            inner, variable = self.test(indent, "", node.of), self.fresh()
            label = self.constant(Label(name, render(node), (), Type.BOOL))
            self.emit(indent, f"{variable}_v = None if {inner}[2] is None else not {inner}[2]")
            self.emit(indent, f"{variable} = _new(_T, ({label}, (), {variable}_v, None, ({inner},)))")
            return variable
        if not isinstance(node, And | Or):
            return self.leaf(indent, name, node, self.writer.value(node))
        return self._connective(indent, name, node)

    def _connective(self, indent: int, name: str, node: And | Or) -> str:
        settles, settled = ("False", SETTLED_AND) if isinstance(node, And) else ("True", SETTLED_OR)
        variable, parts = self.fresh(), []
        self.emit(indent, f"{variable}_v = {'True' if isinstance(node, And) else 'False'}")
        for index, arg in enumerate(node.args):
            depth = indent
            part = self.fresh()
            if index:
                skipped = self.constant(TraceNode(Label("", render(arg), (), Type.BOOL), (), None, settled, ()))
                self.emit(indent, f"if {variable}_v is {settles}: {part} = {skipped}")
                self.emit(indent, "else:")
                depth += 1
            inner = self.test(depth, "", arg)
            self.emit(depth, f"{part} = {inner}")
            self.emit(depth, f"if {part}[2] is {settles}: {variable}_v = {settles}")
            self.emit(depth, f"elif {part}[2] is None: {variable}_v = None")
            parts.append(part)
        label = self.constant(Label(name, render(node), (), Type.BOOL))
        self.emit(indent, f"{variable} = _new(_T, ({label}, (), {variable}_v, None, ({', '.join(parts)})))")
        return variable

    def step(self, step: Assign | Rules | Ranking) -> list[str]:
        """The nodes of one step of the plan."""
        if isinstance(step, Assign):
            self.emit(1, f"{step.name} = {self.writer.value(step.node)}")
            if step.shown is not None:
                return [self.leaf(1, step.note, step.shown, self.writer.value(step.shown))]
            return [self.leaf(1, step.note or step.name, step.node, step.name, step.written)]
        if isinstance(step, Ranking):
            self.emit(1, ranking_text(step, self.writer))
            return []
        self.emit(1, f"{' = '.join((*step.hits, *step.nulls))} = 0")
        nodes = []
        for rule in step.rules:
            variable = self.test(1, rule.code, rule.node)
            self.emit(1, f"if {variable}[2] is True: {step.hits[rule.mask]} |= {rule.bit}")
            self.emit(1, f"elif {variable}[2] is None: {step.nulls[rule.mask]} |= {rule.bit}")
            nodes.append(variable)
        return nodes


def compile_trace(plan: Plan) -> tuple[Callable[..., TraceNode], str]:
    """The tracing function and its text."""
    text = _TraceText(plan)
    names = ", ".join(["as_of", *(each.name for each in plan.inputs), *(name for name, _ in plan.fresh)])
    text.emit(0, f"def trace({names}):")
    passes = []
    for each in plan.passes:
        nodes = [variable for step in each.steps for variable in text.step(step)]
        variable = text.fresh()
        label = text.constant(Label(each.name, "", (), Type.NULL))
        text.emit(1, f"{variable} = _new(_T, ({label}, (), None, None, ({', '.join(nodes)}{',' if nodes else ''})))")
        passes.append(variable)
    root = text.constant(Label("decision", "", (), Type.NULL))
    text.emit(1, f"return _new(_T, ({root}, (), ({', '.join(plan.outputs())}), None, ({', '.join(passes)},)))")
    source = "\n".join(text.lines) + "\n"
    namespace: dict[str, Any] = {"__builtins__": {}, "_new": tuple.__new__, "_T": TraceNode, "_sorted": sorted}
    namespace.update(RUNTIME | text.writer.constants | text.constants)
    exec(compile(source, "<trace>", "exec"), namespace)
    function: Callable[..., TraceNode] = namespace["trace"]
    return function, source
