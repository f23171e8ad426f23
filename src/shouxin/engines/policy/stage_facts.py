"""Pass `facts`: the bundle's facts become columns; what a source did not answer becomes NULL or `no record`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from shouxin.engines.policy.errors import ExpressionRefused, Fault, fault
from shouxin.engines.policy.load import Bundle
from shouxin.engines.policy.macros import LITERALS, MACROS
from shouxin.engines.policy.model import FactShape
from shouxin.engines.policy.names import check_name, check_value, column_of
from shouxin.engines.policy.plan import PRODUCT_OUTPUTS, Input
from shouxin.engines.policy.scope import FIRST_DAY, LAST_DAY, Bound, Column, Scope
from shouxin.engines.policy.stager import Stager, when
from shouxin.engines.policy.tables import read_value
from shouxin.engines.policy.tree import FALSE, INTEGERS, Cmp, Coalesce, Lit, Node, Ref, Type, Value, and_

FUNCTIONS = frozenset({*MACROS, *LITERALS, "no_record"})
DEFAULT_BOUNDS: Mapping[Type, tuple[int, int]] = {
    Type.INT: (0, 1_000_000),
    Type.MONEY: (0, 100_000_000_000),
    Type.BP: (0, 1_000_000),
    Type.PPM: (0, 1_000_000),
}
LARGEST = 1.7976931348623157e308
FOUND, NO_RECORD, MISSING = "found", "no_record", "missing"
AS_OF = Column("as_of", Type.DATE, False, dt.date(1990, 1, 1), dt.date(2150, 12, 31))


def expanded(bundle: Bundle, faults: list[Fault]) -> tuple[dict[str, FactShape], dict[str, dict[str, str]]]:
    """Pass `expand families`: every fact with its families' members, and family -> product -> column."""
    facts = dict(bundle.facts.facts)
    families: dict[str, dict[str, str]] = {}
    for family, shape in bundle.facts.families.items():
        if family in FUNCTIONS:
            faults.append(fault(bundle.place("facts.yaml", "families", family), "E-NAME", family, "a function has this name"))
        families[family] = {}
        for code, product in bundle.products.items():
            name = f"{family}_{column_of(code)}"
            families[family][code] = name
            if name in facts:
                faults.append(
                    fault(bundle.place("facts.yaml", "facts", name), "E-NAME", name, f"the family {family} makes this name")
                )
            texts = {"zh": shape.zh.replace("{product}", product.zh), "en": shape.en.replace("{product}", product.en)}
            facts[name] = shape.model_copy(update=texts)
    return facts, families


def read_inputs(bundle: Bundle, faults: list[Fault]) -> tuple[tuple[Input, ...], Scope]:
    """The inputs in the order of facts.yaml, and a scope that holds them and `as_of`."""
    facts, families = expanded(bundle, faults)
    inputs: list[Input] = []
    for name, shape in facts.items():
        section = "facts" if name in bundle.facts.facts else "families"
        place = bundle.place("facts.yaml", section, name)
        try:
            check_name(name)
            if shape.source not in bundle.facts.sources:
                raise ValueError(f"no such source {shape.source!r}; there are {', '.join(bundle.facts.sources)}")
            inputs.append(_input(bundle, name, shape))
        except (ValueError, ExpressionRefused) as error:
            faults.append(fault(place, "E-FACT", name, str(error)))
    columns = {each.fact: each.column for each in inputs}
    _check_sources(bundle, columns, faults)
    _check_names(bundle, inputs, faults)
    return tuple(inputs), Scope({"as_of": AS_OF, **columns}, families)


def _check_names(bundle: Bundle, inputs: Sequence[Input], faults: list[Fault]) -> None:
    """No name stands for two things: facts, derived values, the key, and what a decision gives out."""
    outputs = {"score_reasons", "pd_ppm", "score", "tier", "tier_no", "total_line"}
    outputs |= {f"{column_of(code)}_{what}" for code in bundle.products for what in (*PRODUCT_OUTPUTS, "reasons")}
    facts = {each.fact for each in inputs}
    raw = {each.name for each in inputs if each.name != each.fact}
    taken = "the engine uses this name: choose another"
    for section, names in (("facts", facts), ("derived", set(bundle.derived))):
        file = f"{section}.yaml"
        for name in sorted(names & (outputs | raw)):
            place = bundle.place(file, name) if section == "derived" else bundle.place(file, section, name)
            faults.append(fault(place, "E-NAME", name, taken))
    key = bundle.facts.key
    if key in facts | raw | outputs | set(bundle.derived) or key.startswith("_"):
        faults.append(fault(bundle.place("facts.yaml", "key"), "E-NAME", key, "the customer's key has a name of its own"))


def _input(bundle: Bundle, name: str, shape: FactShape) -> Input:
    kind = Type(shape.type)
    low, high = _bounds(shape, kind)
    values = tuple(check_value(value) for value in shape.values)
    if len(set(values)) < len(values):
        raise ValueError("a value stands in the list twice")
    if (kind is Type.ENUM) != bool(values):
        raise ValueError("an enum, and only an enum, lists its values")
    unknown = set(shape.map.values()) - set(values)
    if unknown or (shape.map and kind is not Type.ENUM):
        raise ValueError(f"map leads to values that are not listed: {', '.join(sorted(unknown)) or kind}")
    column = Column(name, kind, not shape.required, low, high, values)
    if shape.otherwise is not None and shape.otherwise not in values:
        raise ValueError(f"otherwise: {shape.otherwise} is none of an enum's values: {', '.join(values) or kind}")
    optional = shape.if_absent == MISSING
    if MISSING in values:
        raise ValueError("`missing` is no value: it is what a fact is when it has none")
    if optional and shape.required:
        raise ValueError("a required fact cannot be missing where its column is absent")
    absent = None if optional else _value(shape.if_absent, column)
    _value(shape.no_record, column)
    worked_out = _usable(bundle, shape) is not None
    return Input(
        fact=name,
        name=f"raw_{name}" if worked_out else name,
        column=column,
        source=shape.source,
        source_column=shape.column or name,
        unit=shape.unit if kind is Type.MONEY else "",
        mapping=tuple(shape.map.items()),
        otherwise=shape.otherwise,
        missing_values=tuple(shape.missing_values),
        if_absent=absent,
        optional=optional,
        zh=shape.zh,
        en=shape.en,
    )


def _bounds(shape: FactShape, kind: Type) -> tuple[Bound, Bound]:
    if kind is Type.DATE:
        low, high = shape.min or FIRST_DAY, shape.max or LAST_DAY
        if not isinstance(low, dt.date) or not isinstance(high, dt.date):
            raise ValueError("min and max of a date are dates")
    elif kind in INTEGERS:
        standard = DEFAULT_BOUNDS[kind]
        probe = Column("", kind)
        low = standard[0] if shape.min is None else int(str(read_value(str(shape.min), probe)))
        high = standard[1] if shape.max is None else int(str(read_value(str(shape.max), probe)))
    elif kind is Type.DOUBLE and (shape.min is not None or shape.max is not None):
        low = float("-inf") if shape.min is None else float(shape.min)
        high = float("inf") if shape.max is None else float(shape.max)
        low, high = max(low, -LARGEST), min(high, LARGEST)
    elif shape.min is not None or shape.max is not None:
        raise ValueError("min and max belong to numbers, money and dates")
    else:
        return None, None
    if low > high:  # type: ignore[operator]
        raise ValueError("min is above max")
    return low, high


def _value(written: object, column: Column) -> Value:
    """A default written in the file, as the column stores it."""
    if written is None:
        return None
    text = str(written).lower() if isinstance(written, bool) else str(written)
    value = read_value(text, column)
    if column.low is not None and not column.low <= value <= column.high:  # type: ignore[operator]
        raise ValueError(f"{text} lies outside this fact's own min and max")
    return value


def _check_sources(bundle: Bundle, columns: Mapping[str, Column], faults: list[Fault]) -> None:
    for name, source in bundle.facts.sources.items():
        place = bundle.place("facts.yaml", "sources", name)
        status = columns.get(source.status or "")
        if source.status and (status is None or not {FOUND, NO_RECORD} <= set(status.values)):
            faults.append(fault(place, "E-SOURCE", source.status, f"an enum fact with the values {FOUND} and {NO_RECORD}"))
        observed = columns.get(source.observed or "")
        if source.observed and (observed is None or observed.type is not Type.DATE):
            faults.append(fault(place, "E-SOURCE", source.observed, "a fact of type date"))
        if source.max_age_days is not None and not source.observed:
            faults.append(fault(place, "E-SOURCE", name, "max_age_days needs `observed`: the fact that holds the date"))


def _usable(bundle: Bundle, shape: FactShape) -> tuple[str | None, str | None, int | None] | None:
    """(status, observed, max age) where the fact's source can fail to answer; None for a plain fact."""
    source = bundle.facts.sources[shape.source]
    days = shape.max_age_days if shape.max_age_days is not None else source.max_age_days
    if source.status is None and source.observed is None:
        return None
    if shape in (bundle.facts.facts.get(source.status or ""), bundle.facts.facts.get(source.observed or "")):
        return None
    return source.status, source.observed, days


def stage_facts(stager: Stager, inputs: tuple[Input, ...]) -> tuple[tuple[str, int], ...]:
    """Work out each fact from its source's answer; returns the parameters "oldest day still fresh" and their days.

    found and fresh: the value as it came; no record: the value that the bundle gives it; else NULL.
    """
    facts, _ = expanded(stager.bundle, [])
    fresh: dict[str, int] = {}
    usable: dict[tuple[object, ...], Ref] = {}
    no_record: dict[str, Node] = {}
    raw = [each for each in inputs if each.name != each.fact]
    columns = {
        each.name: Column(each.name, each.column.type, True, each.column.low, each.column.high, each.column.values)
        for each in raw
    }
    stager.scope = stager.scope.having(*columns.values())
    for each in raw:
        shape = facts[each.fact]
        status, observed, days = _usable(stager.bundle, shape) or (None, None, None)
        key = (status, observed, days)
        if key not in usable:
            usable[key] = _usable_column(stager, each.source, status, observed, days, fresh)
        branches: list[tuple[Node, Node]] = [(usable[key], Ref(each.name, each.column.type))]
        if shape.no_record is not None:
            none_there = _known_status(stager, status, NO_RECORD)
            value = Lit(_value(shape.no_record, each.column), each.column.type)
            branches.insert(0, (none_there, value))
            no_record[each.fact] = none_there
        stager.add(each.fact, when(*branches), each.fact)
    stager.scope = Scope(stager.scope.columns, stager.scope.families, no_record)
    stager.end("facts")
    return tuple(fresh.items())


def _known_status(stager: Stager, status: str | None, value: str) -> Node:
    if status is None:
        return FALSE
    test = Cmp("=", Ref(status, Type.ENUM), Lit(value, Type.ENUM))
    return Coalesce((test, FALSE), Type.BOOL) if stager.scope.columns[status].nullable else test


def _usable_column(
    stager: Stager, source: str, status: str | None, observed: str | None, days: int | None, fresh: dict[str, int]
) -> Ref:
    tests: list[Node] = []
    if status is not None:
        tests.append(Cmp("=", Ref(status, Type.ENUM), Lit(FOUND, Type.ENUM)))
    if observed is not None and days is not None:
        name = f"_fresh_{days}"
        fresh[name] = days
        stager.scope = stager.scope.having(Column(name, Type.DATE, False, FIRST_DAY, LAST_DAY))
        tests.append(Cmp(">=", Ref(observed, Type.DATE), Ref(name, Type.DATE)))
    if observed is not None:  # nothing may look past the date of the assessment
        tests.append(Cmp("<=", Ref(observed, Type.DATE), Ref(AS_OF.name, Type.DATE)))
    suffix = f"_{days}" if days is not None else ""
    return stager.add(f"_usable_{source}{suffix}", Coalesce((and_(*tests), FALSE), Type.BOOL), f"{source} answered")
