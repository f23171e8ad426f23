"""One expression, from its text to its typed tree: the first passes in order."""

from __future__ import annotations

from shouxin.engines.policy.infer import infer
from shouxin.engines.policy.parse import parse, whitelist
from shouxin.engines.policy.ranges import check_bounds
from shouxin.engines.policy.scope import Scope
from shouxin.engines.policy.tree import Node


def compile_expression(text: str, scope: Scope) -> Node:
    """The typed tree of one expression over the names of a scope.

    Raises ExpressionRefused with the code of the pass that refused it.

    >>> from shouxin.engines.policy.scope import Column
    >>> from shouxin.engines.policy.tree import Type
    >>> compile_expression("age < 18", Scope({"age": Column("age", Type.INT, False, 0, 150)})).op
    '<'
    """
    node = infer(whitelist(parse(text), text), scope)
    check_bounds(node, scope)
    return node
