"""The generated parts of docs/reference/policy-language.md: keys of the files, results of examples, refusals.

A part stands between `<!-- generated: NAME ... -->` and `<!-- end -->`; the rest of the page is written by hand.
"""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from docs.page import code, filled, table
from shouxin.engines.policy import answer_shapes, card_shapes, model, product_shapes
from shouxin.engines.policy.errors import ExpressionRefused
from shouxin.engines.policy.expression import compile_expression
from shouxin.engines.policy.findings import amount
from shouxin.engines.policy.names import RESERVED
from shouxin.engines.policy.plain import evaluate
from shouxin.engines.policy.scope import Column, Scope
from shouxin.engines.policy.tree import Type, Value


def language_page(text: str) -> str:
    """The page with its generated parts written anew."""
    return filled(text, PARTS)


# -- keys -------------------------------------------------------------------------------------------------------------

NAMED: tuple[tuple[Any, str], ...] = (
    (model.Money, "money"),
    (model.Ppm, "percent"),
    (model.Bp, "percent"),
    (model.Name, "name"),
    (model.Code, "reason code"),
    (model.ProductCode, "code"),
    (product_shapes.DayOfYear, "`MM-DD`"),
    (answer_shapes.AnswerText, "text"),
    (answer_shapes.CaseName, "name"),
    (model.Text, "text"),
    (model.Number, "number or day"),
    (model.Default, "value"),
    (model.Expression, "expression"),
    (model.Licence, "`bank`, `consumer_finance`, `microlender`"),
    (model.Effect, "`decline`, `refer`"),
    (dt.date, "day"),
    (str, "text"),
    (int, "integer"),
    (Decimal, "number"),
    (bool, "`true`, `false`"),
    (type(None), ""),
)

# Key -> what it means, for each shape of model.py and its neighbours. A key without a meaning, or a meaning without a key,
# is an error.
MEANINGS: Mapping[str, Mapping[str, str]] = {
    "BundleFile": {
        "name": "the bundle's code, as in `--bundle`",
        "version": "yours to count; a decision records it beside the content hash",
        "currency": "three letters",
        "licence": "of the lender; decides which parts of regulation/ apply",
        "zh": "what it is for, in Chinese",
        "en": "the same in English",
        "extends": "a bundle that this one is laid over: a folder beside it, or a shipped bundle. A file of the same name "
        "replaces the other's; the rest is inherited",
        "scale": "the score's scale, below",
    },
    "Scale": {
        "lowest": "scores below are raised to it",
        "highest": "scores above are lowered to it",
        "anchor_score": "the score at which the odds are `anchor_odds`",
        "anchor_odds": "good to one bad",
        "points_to_double": "points that double the odds",
        "calibrated": "whether the odds were measured on outcomes",
    },
    "FactsFile": {
        "key": "the column that holds the customer's key",
        "sources": "source -> where facts come from",
        "facts": "fact -> what it is",
        "families": "family -> a fact that there is once for each product",
    },
    "SourceShape": {
        "zh": "in Chinese",
        "en": "in English",
        "status": "an enum fact that says how the asking ended; `found` and `no_record` must be among its values, every "
        "other value is a kind of missing",
        "observed": "a date fact: the day of the answer",
        "max_age_days": "facts of an answer older than this count as missing; needs `observed`",
    },
    "ActivityShape": {
        "when": "a condition over other facts",
        "then": "the value where it is TRUE",
        "else": "the value where it is FALSE",
    },
    "FactShape": {
        "type": "see [types](#types-and-units)",
        "zh": "in Chinese; in a family `{product}` stands for the product's name",
        "en": "in English",
        "source": "one of the sources",
        "min": "lowest allowed value",
        "max": "highest allowed value",
        "values": "of an enum",
        "required": "never missing: a row without it is refused",
        "column": "the column of the input file; the fact's name where left out",
        "unit": "of money in the input: `major` (yuan) or `minor` (fen)",
        "map": "words of the input -> values of the enum",
        "otherwise": "the value of the enum that any other text is read as; left out, such a text is refused. An empty text "
        "is no word: it is refused, or missing where `missing_values` has it",
        "activity": "of an enum: what persons are by what they do, see [activity](#activity)",
        "missing_values": "values of the input that mean missing, such as 96",
        "if_absent": "its value where the input has no such column; `missing` lets the column be absent",
        "max_age_days": "instead of the source's",
        "no_record": "its value where the source answers that there is no record",
        "change": "which way a customer can move it so that it can be observed",
        "cost": "how hard that is: 1 easy, 100 hard",
    },
    "DerivedShape": {"formula": "over facts and other derived values", "zh": "in Chinese", "en": "in English"},
    "ScorecardFile": {
        "zh": "in Chinese",
        "en": "in English",
        "when": "for whom; exactly one card has none, and is for everybody else",
        "base": "points everybody has",
        "characteristics": "name -> bins",
        "pairs": "name -> points from a table over several inputs",
        "reasons": "code -> text of the card's own reason codes, as in `reasons.yaml`; the bundle's own files win where they "
        "have the code",
        "fitted": "what the card was fitted from, below; left out in a card that was written by hand",
    },
    "CharacteristicShape": {
        "input": "a fact or a derived value",
        "reason": "told when it is among the four that lost most points",
        "bins": "in order; the first that fits counts, the last is for all others",
        "direction": "as the value rises, points rise (`up`), fall (`down`), or `either`; `policy check` holds it",
        "dimension": "for the overview of a card",
        "missing": "points where the value is missing; needed exactly where it can be. A fitted card may have them anywhere",
        "no_record": "points where the source has no record; needed exactly where it can have none. A fitted card may do "
        "without: then the value counts that the fact is given where there is no record",
        "missing_reason": "instead of `reason`, where the value is missing",
        "no_record_reason": "instead of `reason`, where there is no record",
        "special_reason": "instead of `reason`, where the value is a special one",
        "missing_rows": "how many rows of the data had no value, and",
        "missing_bads": "how many of these went bad; decide nothing",
    },
    "BinShape": {
        "points": "for values in this bin",
        "below": "numbers and days below this, in the units that people write",
        "in": "these values of an enum or a flag; of a number or a day, these special values",
        "rows": "how many rows of the data fell into this bin, and",
        "bads": "how many of these went bad; decide nothing",
    },
    "PairShape": {
        "reason": "as above",
        "table": "a table of tables/ whose last column is points; or, of two inputs, written here:",
        "down": "the input of the rows, and its bins",
        "across": "the input of the columns, and its bins",
        "points": "a row for each bin of `down`, then one for missing; in it a column for each bin of `across`, then one for "
        "missing",
    },
    "AxisShape": {
        "input": "a fact or a derived value",
        "bins": "as those of a characteristic, without points",
    },
    "FittedShape": {
        "scale": "the scale that its points are on; the same as the bundle's",
        "inputs": "input -> how it is read from a data file",
        "segment": "whom it is for",
        "target": "what it predicts",
        "data": "the data",
        "split": "how rows were set aside to test on",
        "calibration": "how well the probabilities of default fit the outcomes",
        "method": "the settings of the fit",
        "allowed": "columns that looked like leaks and were let in",
        "versions": "of the software, by name",
        "on": "the day of the fit",
    },
    "FittedInputShape": {
        "column": "of the data file",
        "type": "of the input; the bounds of bins are in the units that people write",
        "zh": "in Chinese",
        "en": "in English",
        "values": "of an enum",
        "map": "words of the data -> values of the enum",
        "missing_values": "values of the data that mean missing",
    },
    "TargetShape": {
        "column": "of the data",
        "bad": "the value of it that means bad",
        "definition": "what bad is, such as 90 days past due within 12 months",
        "observation_window": "from when the applications are",
        "performance_window": "how long each was watched",
        "indeterminate": "what was neither good nor bad, and left out",
    },
    "DataShape": {
        "name": "of the file",
        "rows": "how many were fitted on",
        "bads": "how many of them were bad",
        "fingerprint": "SHA-256 of its contents",
        "true_bad_rate": "of the portfolio, between 0 and 1, where the data was balanced by its author",
    },
    "SplitShape": {
        "method": "at random, or by date",
        "seed": "of a random split",
        "test_share": "of the rows, between 0 and 1",
        "column": "of a split by date: its date column",
        "since": "and the first day of the test part",
    },
    "CalibrationShape": {
        "slope": "of the outcome's logistic regression on the log odds that the score says; 1 is perfect",
        "intercept": "of the same; 0 is perfect",
        "bands": "by score",
    },
    "CalibrationBandShape": {
        "from": "lowest score",
        "to": "highest score, included",
        "rows": "in the band",
        "bads": "in the band",
        "pd_ppm": "the probability of default that the scale says, in millionths",
    },
    "TierShape": {
        "name": "one capital letter, or a few",
        "from": "lowest score; the best tier stands first, the last begins at the scale's lowest",
        "ceiling": "the most a customer of the tier may owe over all products",
        "zh": "in Chinese",
        "en": "in English",
    },
    "RuleShape": {
        "code": "the reason; one rule for each code and product",
        "when": "a condition: TRUE fires, NULL refers",
        "effect": "what it does to its products",
        "products": "all of the bundle where left out; not given in a product's own `eligibility`",
    },
    "ProductFile": {
        "zh": "in Chinese",
        "en": "in English",
        "purpose": "decides which caps apply",
        "minimum": "a lower line is not granted",
        "maximum": "the highest line",
        "step": "lines are rounded down to a multiple of it",
        "maximum_reason": "told when the maximum binds",
        "minimum_reason": "told when the line would be below the minimum",
        "terms": "methods and tenors on offer",
        "grace_days": "for lending; decides nothing here",
        "grace_in_business_days": "for lending",
        "price": "the rate, below",
        "limits": "name -> a ceiling of the line",
        "affordability": "a ceiling by the monthly instalment",
        "eligibility": "knock-outs of this product",
        "reopening": "waits after a closing",
        "uses": "what the money is for; decides nothing here",
        "pool": "a pool of exposure.yaml",
        "line_months": "for lending: how long a line lasts once it is opened or renewed",
        "unused_months": "for lending: a line that was neither drawn nor owed for so long is closed",
        "yearly_review_above_months": "for lending",
        "renewal_without_repaying": "for lending",
        "scenarios": "name -> a variant for one situation, see [scenarios](#scenarios)",
    },
    "ScenarioShape": {
        "zh": "in Chinese",
        "en": "in English",
        "within": "`line`: it draws on the product's line, whose pool it joins; `total_line`: it has a limit of its own",
        "window": "when it is offered; always where left out",
        "trigger": "what must be TRUE for it to be offered",
        "minimum": "in place of the product's",
        "maximum": "in place of the product's",
        "step": "in place of the product's",
        "terms": "in place of the product's",
        "limits": "further ceilings; one of the same name stands in place of the product's",
        "affordability": "in place of the product's",
        "price": "in place of the product's",
        "uses": "allowed uses, all of them uses of the product",
        "proof": "which papers are asked for, from which amount on; in place of the product's",
        "eligibility": "further knock-outs; the product's apply as well",
        "line_months": "in place of the product's",
    },
    "WindowShape": {
        "reason": "told outside the window; `{window}` in its text is the window in words",
        "from": "first day",
        "until": "last day, included",
        "yearly": "the same days of every year",
    },
    "YearlyShape": {
        "from": "first day, `MM-DD`",
        "until": "last day, included; before `from`, it is one of the next year",
    },
    "TriggerShape": {"when": "a condition; NULL refers", "reason": "told where it is FALSE"},
    "ScenarioPriceShape": {
        "table": "either a price table of its own",
        "reduction": "or so many percent of the product's rate off, rounded down to a millionth",
    },
    "ProofShape": {"above": "a draw of more than this needs one of the papers", "papers": "name -> texts"},
    "PaperShape": {"zh": "in Chinese", "en": "in English"},
    "TermShape": {"method": "of repayment", "months": "tenors"},
    "PriceShape": {
        "table": "a table whose last column is the annual rate, simple, in percent",
        "upfront_fee": "taken from what is paid out; counts in the all-in cost",
        "penalty_multiple_bp": "of the rate, on what is overdue: 150 is one and a half times",
        "misuse_multiple_bp": "of the rate, on what is misused",
    },
    "LimitShape": {
        "reason": "told when it binds",
        "formula": "money; either this",
        "table": "or a table whose last column is money",
    },
    "AffordabilityShape": {
        "capacity": "money that is free each month",
        "method": "of the instalment",
        "months": "over which it is reckoned",
        "reason": "told when it binds",
    },
    "ReopeningShape": {
        "reason": "told while the wait lasts",
        "waits": "value of the family `closed_because` -> days, counted by the family `days_since_closed`",
    },
    "UsesShape": {
        "allowed": "names",
        "forbidden": "names",
        "forbidden_categories": "merchant category codes (ISO 18245) of payees that no draw goes to",
        "proof_above": "proof of use is needed above this",
        "proof": "which papers prove it, from which amount on",
        "entrusted_above": "a larger draw goes to the payee, not to the borrower (受托支付)",
    },
    "ExposureFile": {
        "order": "every product once, in the order in which room is given",
        "repayments": "for lending: the order in which money that names no loan repays; `order` where it is not written",
        "ceiling_reason": "told when the total line binds",
        "also_counts": "money that takes room under the total line as well, such as exposure to linked persons",
        "pools": "name -> products that share a limit",
        "exclusive": "products that cannot be held together",
        "cross": "what one account's state does to other lines, see [cross-default](#cross-default)",
    },
    "CrossShape": {
        "reason": "told to the customer",
        "when": "a condition over facts; NULL does nothing, and is told",
        "suspends": "products whose lines are suspended while it is TRUE, or `all`",
        "closes": "products whose lines are closed, or `all`; closing goes before suspending",
    },
    "PoolShape": {
        "lead": "the product whose limit is the pool's; stands before the others in `order`",
        "reason": "told when it binds",
    },
    "DisplacementShape": {
        "products": "two or more",
        "mode": "`refuse`: a held one blocks the others; `displace`: opening one closes the others, and only one in use blocks",
        "reason": "told when blocked",
    },
    "EconomicsFile": {
        "loss_given_default": "share of what is owed that is lost",
        "credit_conversion": "share of a line that is drawn at default",
        "funding": "yearly cost",
        "capital": "yearly cost",
        "servicing": "yearly cost by purpose",
        "stress": "for comparisons; decides nothing here",
    },
    "RegulationFile": {
        "caps": "the most one borrower may owe for a purpose over all products; of those that apply, the first decides",
        "all_in": "the highest all-in annual cost: 12 times the monthly internal rate of return, fees inside; a rate that "
        "breaks it is clipped",
        "rules": "knock-outs that the law makes",
        "bullet": "the longest tenor of a loan repaid in one sum; `policy check` holds it",
        "kept": "how long a credit bureau keeps what was overdue; decides nothing, and is told to customers who ask",
        "not_shown": "overdue items of persons that credit reports no longer show; decides nothing, either",
    },
    "CapShape": {
        "reason": "one code for all caps of a purpose",
        "licences": "to which it applies",
        "purpose": "to which it applies",
        "amount": "the cap",
        "when": "a further condition",
        "from": "first day",
        "until": "last day, included",
    },
    "AllInShape": {"licences": "to which it applies", "percent": "the cap", "from": "first day", "until": "last day, included"},
    "RegulationRuleShape": {"licences": "to which it applies", "from": "first day", "until": "last day, included"},
    "BulletShape": {"licences": "to which it applies", "purpose": "to which it applies", "months": "at most"},
    "KeptShape": {"years": "counted from the day on which it was settled", "from": "first day", "until": "last day, included"},
    "NotShownShape": {
        "zh": "what the rule is called, in Chinese",
        "en": "in English",
        "from": "items count that fell overdue from this day",
        "until": "to this day, included",
        "amount": "of at most so much each",
        "repaid_by": "and repaid in full by this day, included",
        "hidden_from": "the first day on which some are not shown",
    },
    "AnswerShape": {
        "zh": "the question as a customer asks it, in Chinese",
        "en": "in English",
        "cases": "case -> what is said in it",
    },
    "WordsShape": {"zh": "in Chinese; `{name}` is filled in", "en": "in English, with the same names"},
    "ReasonShape": {
        "rank": "1 is told first",
        "zh": "what it says, in Chinese",
        "en": "in English",
        "do_zh": "what the customer can do, in Chinese; left out where nothing",
        "do_en": "in English",
    },
}  # fmt: skip


FILES = (model, product_shapes, card_shapes, answer_shapes)


def keys(*shapes: str) -> str:
    """One table over the keys of some shapes."""
    parts = []
    for shape in shapes:
        kind: type[BaseModel] = next(found for file in FILES if (found := getattr(file, shape, None)))
        meanings = dict(MEANINGS[shape])
        base = model.RuleShape if kind is model.RegulationRuleShape else model.Shape
        hints = get_type_hints(kind, include_extras=True)
        rows = []
        for name, field in kind.model_fields.items():
            key = field.alias or name
            if name in base.model_fields:
                continue
            if key not in meanings:
                raise KeyError(f"{shape}.{key} is new: say in MEANINGS of docs/language_page.py what it means")
            needed = "" if not field.is_required() else "needed"
            default = field.default if field.default not in (None, PydanticUndefined, [], {}, ()) else None
            shown = "" if isinstance(default, BaseModel) or default is None else code(_default(default, hints[name]))
            rows.append((code(key), _type(hints[name]), needed or shown, meanings.pop(key)))
        if meanings:
            raise KeyError(f"{shape} has no {', '.join(meanings)}: take it out of MEANINGS of docs/language_page.py")
        parts.append(table(["key", "value", "default", "meaning"], rows))
    return "\n\n".join(parts)


def _default(value: Any, hint: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value // 100) if _first_mark(hint) == _first_mark(model.Bp) else str(value)


def _first_mark(hint: Any) -> Any:
    """What Annotated says first of a type: bounds may follow it."""
    return next(iter(getattr(hint, "__metadata__", ())), None)


def _type(hint: Any) -> str:
    for known, text in NAMED:
        if hint == known or _first_mark(hint) == _first_mark(known) is not None:
            return text
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return ", ".join(dict.fromkeys(filter(None, map(_type, args))))
    if origin is Literal:
        return ", ".join(code(each) for each in args)
    if origin in (list, tuple):
        return f"list of {_type(args[0])}".replace("list of see below", "list, see below")
    if origin is dict:
        return f"{_type(args[0])} -> {_type(args[1])}".replace("name -> see below", "by name, see below")
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return "see below"
    if hasattr(hint, "__metadata__"):
        return _type(args[0])
    raise TypeError(str(hint))


# -- examples ---------------------------------------------------------------------------------------------------------

_DAY = (dt.date(1900, 1, 1), dt.date(2200, 12, 31))
_SCOPE = Scope(
    {
        each.name: each
        for each in (
            Column("as_of", Type.DATE, False, *_DAY),
            Column("age", Type.INT, False, 0, 150),
            Column("enquiries", Type.INT, True, 0, 200),
            Column("income", Type.MONEY, True, 0, 10**9),
            Column("debt", Type.MONEY, False, 0, 10**9),
            Column("share_bp", Type.BP, True, 0, 10**6),
            Column("student", Type.BOOL, True),
            Column("housing", Type.ENUM, True, values=("owned", "rented")),
            Column("birth_date", Type.DATE, True, *_DAY),
            Column("model_score", Type.DOUBLE, True),
            Column("tier", Type.ENUM, False, values=("A", "B", "C"), ordinal="tier_no"),
            Column("tier_no", Type.INT, False, 0, 2),
            Column("held_cash_line", Type.BOOL, False),
        )
    },
    {"held": {"cash-line": "held_cash_line"}},
)
_CUSTOMER: Mapping[str, Value] = {
    "as_of": dt.date(2026, 7, 1),
    "age": 36,
    "enquiries": None,
    "income": 800_000,
    "debt": 250_050,
    "share_bp": 3_126,
    "student": None,
    "housing": "rented",
    "birth_date": dt.date(1990, 7, 2),
    "model_score": 0.41,
    "tier": "B",
    "tier_no": 1,
    "held_cash_line": True,
}
_EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "arithmetic": (
        "age + 1",
        "income - debt",
        "debt * 12",
        "idiv(income, 2)",
        "idiv(7, 2)",
        "idiv(-7, 2)",
        "idiv(debt, 0 * age)",
        "ratio_bp(debt, income)",
        "ratio_bp(income, debt - debt)",
        "age_years(birth_date, as_of)",
        "months_elapsed(DATE '2026-01-31', DATE '2026-02-28')",
        "months_elapsed(DATE '2026-01-31', DATE '2026-03-31')",
        "YEAR(as_of)",
        "amount(3000.50)",
        "pct(35)",
        "LEAST(income, amount(5000))",
        "GREATEST(enquiries, 3)",
    ),
    "conditions": (
        "age < 18 OR age >= 65",
        "age BETWEEN 18 AND 60",
        "income >= amount(8000)",
        "share_bp > pct(30)",
        "share_bp > 3000",
        "housing = 'rented'",
        "housing IN ('owned', 'rented')",
        "tier = 'B'",
        "model_score > 0.4",
        "birth_date < DATE '2000-01-01'",
        "held('cash-line')",
    ),
    "null": (
        "enquiries > 3",
        "enquiries IS NULL",
        "NOT student",
        "student AND age < 18",
        "student AND age > 18",
        "student OR age > 18",
        "enquiries + 1",
        "COALESCE(enquiries, 0) > 3",
        "CASE WHEN enquiries > 3 THEN 'many' ELSE 'few' END = 'many'",
        "LEAST(enquiries, 5)",
        "enquiries IN (1, 2)",
    ),
}
_REFUSED = (
    "a / b",
    "a // b",
    "a % b",
    "ROUND(a, 0)",
    "CAST(a AS INTEGER)",
    "TRY_CAST(a AS INTEGER)",
    "DATE_DIFF('month', d, as_of)",
    "d - INTERVAL 30 DAY",
    "TODAY()",
    "CURRENT_TIMESTAMP",
    "[1, 2]",
    "s || 'x'",
    "a IN (SELECT b FROM t)",
    "a IS NOT DISTINCT FROM b",
    "a IS DISTINCT FROM b",
    "s LIKE 'x%'",
    "*",
    "?",
    "$1",
    "IF(a > 1, 1, 0)",
    "NULLIF(a, 0)",
    "ABS(a)",
    "UPPER(s)",
    "f IS TRUE",
    "a = NULL",
    "m > 3000",
    "m > amount(3000.505)",
    "m * m",
    "d > '2026-01-01'",
    "d + 30",
    "a > 0.5",
    "s > 'x'",
    '"a" > 1',
    "t.a > 1",
    "a > 1 -- why",
    "m * 1000000 * 1000000 * 1000000 > 0",
)
_TERSE = Scope(
    {
        each.name: each
        for each in (
            Column("as_of", Type.DATE, False, *_DAY),
            Column("a", Type.INT, True, 0, 100),
            Column("b", Type.INT, False, 0, 100),
            Column("m", Type.MONEY, True, 0, 10**9),
            Column("d", Type.DATE, True, *_DAY),
            Column("f", Type.BOOL, True),
            Column("s", Type.ENUM, True, values=("x", "y")),
        )
    }
)


def customer() -> str:
    """The customer of the examples."""
    rows = [
        (code(each.name), each.type.value, code(amount(_CUSTOMER[each.name], each.type)))
        for each in _SCOPE.columns.values()
        if each.name not in ("tier_no", "held_cash_line")
    ]
    return table(["name", "type", "value"], rows)


def examples(kind: str) -> str:
    """Expressions with what they give for that customer."""
    rows = []
    for text in _EXAMPLES[kind]:
        node = compile_expression(text, _SCOPE)
        rows.append((code(text), code(amount(evaluate(node, _CUSTOMER), node.type).replace("null", "NULL")), node.type.value))
    return table(["expression", "gives", "type"], rows)


def refused() -> str:
    """What is not in the language, with what to write instead: what loading a bundle says."""
    rows = []
    for text in _REFUSED:
        try:
            compile_expression(text, _TERSE)
        except ExpressionRefused as error:
            rows.append((code(text), code(error.code), error.right.partition("; see docs/")[0]))
        else:
            raise AssertionError(f"{text} is not refused")
    return table(["written", "refused with", "instead"], rows)


def reserved() -> str:
    """The words that no fact may be named."""
    return ", ".join(code(each) for each in sorted(RESERVED)) + "."


PARTS: Mapping[str, Callable[..., str]] = {
    "keys": keys,
    "customer": customer,
    "examples": examples,
    "refused": refused,
    "reserved": reserved,
}
