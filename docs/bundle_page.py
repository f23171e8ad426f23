"""docs/reference/standard-bundle.md: every number of the shipped bundle `standard`, with its mark and source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from docs.marks import MEANINGS, Mark, Marks, letters, marks_of, sources
from docs.page import code, table
from shouxin.engines.policy.card_shapes import AxisBinShape, CharacteristicShape, PairShape, ScorecardFile
from shouxin.engines.policy.compile import Policy, compile_policy
from shouxin.engines.policy.load import Bundle, load, shipped_names
from shouxin.engines.policy.model import FactShape, ProductFile, RuleShape
from shouxin.engines.policy.read import expected
from shouxin.engines.policy.scenarios import Variant
from shouxin.engines.policy.source import CsvFile
from shouxin.engines.policy.stage_score import pd_ppm
from shouxin.engines.policy.windows import words

HEAD = """\
# The bundle `{name}`

<!-- Written by docs/generate.py from src/shouxin/bundles/. Change the bundle, then run `.venv/bin/python -m docs.generate`. -->

{en} ({zh}). Version {version}, currency {currency}, licence `{licence}`.

Nothing here is advice, and no number is calibrated on your customers. Each number carries a mark, in the bundle beside
the value or at the top of its file, and here in the column `mark`:

{marks}

Money is in major units (yuan), rates are percent a year, simple. A condition that cannot be decided because a fact is
missing refers its products to a person; see [the policy language](policy-language.md#null-and-missing).
"""

DIMENSIONS = ("credit_history", "ability_to_pay", "behaviour", "identity_and_stability", "relations")
BETTER = {"up": "higher", "down": "lower", "either": ""}
METHODS = {
    "equal_instalment": "equal instalments (等额本息)",
    "equal_principal": "equal principal (等额本金)",
    "interest_only": "interest only, principal at the end (先息后本)",
    "flexible": "repay any time (随借随还)",
}


def bundle_page(name: str = "standard") -> str:
    """The page of one shipped bundle and of what extends it."""
    return _Page(compile_policy(name)).text()


@dataclass(frozen=True)
class _Page:
    policy: Policy

    @property
    def bundle(self) -> Bundle:
        return self.policy.bundle

    @cached_property
    def marks(self) -> Mapping[str, Marks]:
        return {name: marks_of(name, text) for name, text in self.bundle.texts.items()}

    def text(self) -> str:
        about = self.bundle.about
        meanings = "\n".join(f"- **{letter}**: {meaning}" for letter, meaning in MEANINGS.items())
        head = HEAD.format(**{**about.model_dump(), "marks": meanings})
        sections = [
            head,
            *self._facts(),
            *self._derived(),
            *self._cards(),
            *self._tiers(),
            *self._rules(),
            *self._products(),
            *self._exposure(),
            *self._caps(),
            *self._economics(),
            *self._variants(),
        ]
        return "\n\n".join(each.strip("\n") for each in sections) + "\n"

    # -- marks --------------------------------------------------------------------------------------------------------

    def _at(self, file: str, *path: str | int) -> tuple[Mark, ...]:
        """The marks of the numbers of a value, on whichever lines they stand; of all its lines where it holds none."""
        read, marks = self.bundle.files[file], self.marks[file]
        lines = {line for place, line in read.lines.items() if place[: len(path)] == path} or {read.place(*path).line}
        return marks.at(*sorted(lines & marks.numbers or lines))

    def _own(self, file: str, *path: str | int) -> str:
        """The sources that stand beside a value."""
        return sources(mark for mark in self._at(file, *path) if mark.own)

    def _letters(self, file: str, *path: str | int) -> str:
        return letters(self._at(file, *path))

    def _from(self, *files: str) -> str:
        """Which files a section is from, with their marks."""
        told = []
        for name in files:
            whole = self.marks[name].whole
            told.append(f"`{name}`" + (f" ({whole.letter}{f': {whole.source}' if whole.source else ''})" if whole else ""))
        return "From " + ", ".join(told) + "."

    # -- sections -----------------------------------------------------------------------------------------------------

    def _facts(self) -> Iterator[str]:
        facts, file = self.bundle.facts, "facts.yaml"
        yield f"## Facts\n\n{self._from(file)} The customer's key is `{facts.key}`."
        rows: list[tuple[object, ...]] = []
        for name, source in facts.sources.items():
            dated = (code(source.status), code(source.observed), source.max_age_days)
            rows.append((code(name), source.en, source.zh, *dated, self._letters(file, "sources", name)))
        yield table(["source", "en", "zh", "status", "dated by", "days of validity", "mark"], rows)
        inputs = {each.fact: each for each in self.policy.plan.inputs}
        heads = ["fact", "en", "zh", "value", "required", "if absent", "no record", "customer can move it (cost)", "mark"]
        for name, source in facts.sources.items():
            rows = []
            for fact, shape in facts.facts.items():
                if shape.source == name:
                    texts = (code(fact), shape.en, shape.zh, expected(inputs[fact]))
                    rows.append((*texts, *_missing(shape), _change(shape), self._letters(file, "facts", fact)))
            if rows:
                yield f"### {source.en}\n\n{table(heads, rows)}"
        for each in self.policy.plan.activities:
            yield (
                f"Of persons and sole traders {code(each.fact)} follows from what they do: {code(each.then)} where "
                f"{code(each.written)}, else {code(each.otherwise)}; where that cannot be told, what the profile or the "
                "customer's record says."
            )
        rows = []
        for family, shape in facts.families.items():
            member = next(each for each in self.policy.plan.inputs if each.fact.startswith(f"{family}_"))
            texts = (code(f"{family}('...')"), shape.en, shape.zh, expected(member))
            rows.append((*texts, *_missing(shape), _change(shape), self._letters(file, "families", family)))
        if rows:
            yield f"### For each product\n\n{table(['family', *heads[1:]], rows)}"

    def _derived(self) -> Iterator[str]:
        if self.bundle.derived:
            rows = [
                (code(name), each.en, each.zh, code(each.formula), self._letters("derived.yaml", name))
                for name, each in self.bundle.derived.items()
            ]
            yield f"## Derived values\n\n{self._from('derived.yaml')}"
            yield table(["name", "en", "zh", "formula", "mark"], rows)

    def _cards(self) -> Iterator[str]:
        scale, file = self.bundle.about.scale, "bundle.yaml"
        state = "calibrated" if scale.calibrated else "**uncalibrated**"
        yield (
            f"## Scale and cards\n\nScores run from {scale.lowest} to {scale.highest}: {scale.anchor_score} points are odds of "
            f"{scale.anchor_odds} good to 1 bad, {scale.points_to_double} points double the odds "
            f"({self._letters(file, 'scale')}). "
            f"The probability of default that follows, in bands of 10 points, is {state}."
        )
        for name, card in self.bundle.scorecards.items():
            yield from self._card(name, card)

    def _card(self, name: str, card: ScorecardFile) -> Iterator[str]:
        file = f"scorecards/{name}.yaml"
        use = f"where {code(card.when)}" if card.when else "for everybody else"
        yield f"### {card.en}\n\n{card.zh}. {self._from(file)} Used {use}. Base {card.base} points."
        yield table(["dimension", "most points", "share"], _weights(card))
        rows = []
        for key, each in card.characteristics.items():
            words = (each.dimension or "").replace("_", " ")
            marks = letters(self._at(file, "characteristics", key))
            about = (code(key), words, code(each.input), BETTER[each.direction])
            rows.append((*about, "; ".join(_bins(each)), code(each.reason), marks))
        heads = ["characteristic", "dimension", "input", "better when", "points", "reason", "mark"]
        yield table(heads, rows)
        for key, pair in card.pairs.items():
            yield f"Pair `{key}`, reason `{pair.reason}`:\n\n{self._table(pair.table) if pair.table else _matrix(pair)}"

    def _tiers(self) -> Iterator[str]:
        rows = []
        for index, tier in enumerate(self.bundle.tiers.tiers):
            pd = Decimal(pd_ppm(max(tier.since, self.bundle.about.scale.lowest) + 5, self.bundle.about.scale)) / 10_000
            mark = self._letters("tiers.yaml", "tiers", index)
            rows.append((tier.name, tier.en, tier.zh, tier.since, f"{pd:.2f}%", _yuan(tier.ceiling), mark))
        yield f"## Tiers\n\n{self._from('tiers.yaml')}"
        yield table(["tier", "en", "zh", "from score", "probability of default at its lower end", "ceiling", "mark"], rows)

    def _rules(self) -> Iterator[str]:
        rows = [self._rule("rules.yaml", ("rules", index), each) for index, each in enumerate(self.bundle.rules.rules)]
        yield f"## Knock-outs\n\n{self._from('rules.yaml')} For all products, where none are named."
        yield table(self._RULE_HEADS, rows)

    _RULE_HEADS = ("code", "when", "then", "products", "en", "zh", "what the customer can do", "可以怎么做", "mark", "source")

    def _rule(self, file: str, path: tuple[str | int, ...], rule: RuleShape) -> tuple[object, ...]:
        reason = self.bundle.reasons.reasons[rule.code]
        marks = self._at(file, *path)
        products = ", ".join(rule.products or [])
        texts = (reason.en, reason.zh, reason.do_en, reason.do_zh)
        return (code(rule.code), code(rule.when), rule.effect, products, *texts, letters(marks), self._own(file, *path))

    def _products(self) -> Iterator[str]:
        yield "## Products"
        for name in self.bundle.exposure.order:
            if name not in self.bundle.variants:
                yield from self._product(name, self.bundle.products[name])
        for name in self.bundle.exposure.order:
            if name in self.bundle.variants:
                yield from self._scenario(self.bundle.variants[name])

    def _product(self, name: str, shape: ProductFile) -> Iterator[str]:
        file = f"products/{name}.yaml"
        yield f"### {shape.en} ({shape.zh}), `{name}`\n\n{self._from(file)}"
        terms = "; ".join(f"{METHODS[term.method]}: {'/'.join(map(str, term.months))} months" for term in shape.terms)
        grace = f"{shape.grace_days} {'business ' if shape.grace_in_business_days else ''}days"
        price = shape.price
        entrusted = shape.uses.entrusted_above
        rows: list[tuple[str, str, str]] = [
            ("purpose", shape.purpose, "purpose"),
            ("line", f"{_yuan(shape.minimum)} to {_yuan(shape.maximum)}, in steps of {_yuan(shape.step)}", "maximum"),
            ("repayment", terms, "terms"),
            ("grace", grace, "grace_days"),
            ("fee at the draw", f"{_percent(price.upfront_fee)}" if price.upfront_fee else "none", "price"),
            ("penalty", f"{_times(price.penalty_multiple_bp)} the rate, on what is overdue", "price"),
            ("misuse", f"{_times(price.misuse_multiple_bp)} the rate, on what is misused", "price"),
            ("pool", code(shape.pool), "pool"),
            ("allowed uses", ", ".join(shape.uses.allowed).replace("_", " "), "uses"),
            ("forbidden uses", ", ".join(shape.uses.forbidden).replace("_", " "), "uses"),
            ("payees not allowed (ISO 18245)", ", ".join(shape.uses.forbidden_categories), "uses"),
            ("proof of use above", _yuan(shape.uses.proof_above) if shape.uses.proof_above is not None else "", "uses"),
            ("paid to the payee above (受托支付)", _yuan(entrusted) if entrusted is not None else "", "uses"),
            ("a line lasts", f"{shape.line_months} months", "line_months"),
            ("closed when unused for", f"{shape.unused_months} months" if shape.unused_months else "", "unused_months"),
        ]
        if shape.yearly_review_above_months is not None:
            text = f"{shape.yearly_review_above_months} months"
            rows.append(("re-approved yearly above", text, "yearly_review_above_months"))
        if shape.renewal_without_repaying:
            rows.append(("renewal without repaying first (无还本续贷)", "yes", "renewal_without_repaying"))
        if shape.reopening:
            waits = ", ".join(f"{why.replace('_', ' ')} {days}" for why, days in shape.reopening.waits.items())
            rows.append(("days to wait before reopening", waits, "reopening"))
        if shape.affordability:
            each = shape.affordability
            rows.append(
                ("affordability", f"the instalment over {each.months} months is at most `{each.capacity}`", "affordability")
            )
        yield table(["", "", "mark"], [(head, text, self._letters(file, key)) for head, text, key in rows if text])
        yield f"Price, from `tables/{price.table}.csv`:\n\n{self._table(price.table)}"
        for key, limit in shape.limits.items():
            if limit.table is not None:
                yield f"Limit `{key}`, from `tables/{limit.table}.csv`:\n\n{self._table(limit.table)}"
            else:
                yield f"Limit `{key}`: {code(limit.formula)} ({self._letters(file, 'limits', key)})."
        if shape.eligibility:
            rules = [self._rule(file, ("eligibility", index), rule) for index, rule in enumerate(shape.eligibility)]
            yield "Who may have it:\n\n" + table(self._RULE_HEADS, rules)

    def _scenario(self, each: Variant) -> Iterator[str]:
        """What a scenario says otherwise than its product."""
        scenario, base, file = each.scenario, self.bundle.products[each.base], f"products/{each.base}.yaml"
        shape = self.bundle.products[each.code]
        yield (
            f"### {scenario.en} ({scenario.zh}), `{each.code}`\n\nA scenario of `{each.base}`: all that is not written here "
            f"is as there. {self._from(file)}"
        )
        window = f"{words(scenario.window, 'en')} ({words(scenario.window, 'zh')})" if scenario.window else "always"
        within = f"the line of `{each.base}`" if scenario.within == "line" else "a limit of its own, under the total line"
        terms = "; ".join(f"{METHODS[term.method]}: {'/'.join(map(str, term.months))} months" for term in scenario.terms or ())
        price = scenario.price
        off = f"{_percent(price.reduction * 100)} below the rate of `{each.base}`" if price and price.reduction else ""
        papers = "; ".join(
            f"above {_yuan(step.above)}: {' or '.join(f'{paper.en} ({paper.zh})' for paper in step.papers.values())}"
            for step in scenario.proof
        )
        rows: list[tuple[str, str, str]] = [
            ("offered", window, "window"),
            ("if", code(scenario.trigger.when) if scenario.trigger else "", "trigger"),
            ("within", within, "within"),
            ("line", f"{_yuan(shape.minimum)} to {_yuan(shape.maximum)}, in steps of {_yuan(shape.step)}", "maximum"),
            ("repayment", terms, "terms"),
            ("price", off, "price"),
            ("allowed uses", ", ".join(scenario.uses or ()).replace("_", " "), "uses"),
            ("papers", papers, "proof"),
            ("a line lasts", f"{shape.line_months} months" if shape.line_months != base.line_months else "", "line_months"),
        ]
        if scenario.affordability:
            it = scenario.affordability
            rows.append(("affordability", f"the instalment over {it.months} months is at most `{it.capacity}`", "affordability"))
        here = ("scenarios", each.name)
        yield table(["", "", "mark"], [(head, text, self._letters(file, *here, key)) for head, text, key in rows if text])
        for key, limit in scenario.limits.items():
            told = code(limit.formula) if limit.formula else f"`tables/{limit.table}.csv`"
            yield f"Limit `{key}`: {told} ({self._letters(file, *here, 'limits', key)})."
        if scenario.eligibility:
            rules = [self._rule(file, (*here, "eligibility", index), rule) for index, rule in enumerate(scenario.eligibility)]
            yield "Who may have it, besides:\n\n" + table(self._RULE_HEADS, rules)

    def _table(self, name: str) -> str:
        file: CsvFile = self.bundle.tables[name]
        marks = self.marks[f"tables/{name}.csv"]
        mark = letters(marks.at(1))
        told = f"\n\nMark of the whole table: {mark}{f' ({marks.whole.source})' if marks.whole and marks.whole.source else ''}."
        return table(list(file.header), file.rows) + (told if mark else "")

    def _exposure(self) -> Iterator[str]:
        exposure, file = self.bundle.exposure, "exposure.yaml"
        order = ", ".join(code(each) for each in exposure.order)
        lines = [f"## Exposure\n\n{self._from('exposure.yaml')} Room under the total line is given in the order {order}."]
        if exposure.also_counts:
            lines.append(f"Counted as well: {code(exposure.also_counts)}.")
        for name, pool in exposure.pools.items():
            members = ", ".join(code(product) for product, shape in self.bundle.products.items() if shape.pool == name)
            lines.append(f"Pool `{name}`: {members} share the limit of `{pool.lead}`.")
        apart = ((", ".join(code(each) for each in group.products), group.mode) for group in exposure.exclusive)
        lines += [f"Not together: {products} (`{mode}`)." for products, mode in apart]
        if not exposure.exclusive:
            lines.append("The products are independent: holding one does not exclude another.")
        yield " ".join(lines)
        if exposure.cross:
            heads = ["reason", "when", "suspends", "closes", "mark"]
            rows = [
                (
                    code(rule.reason),
                    code(rule.when),
                    *map(_listed, (rule.suspends, rule.closes)),
                    self._letters(file, "cross", index),
                )
                for index, rule in enumerate(exposure.cross)
            ]
            yield "What one account's state does to other lines (cross-default):\n\n" + table(heads, rows)

    def _caps(self) -> Iterator[str]:
        yield (
            "## The law\n\nWhat applies depends on the lender's licence (`bundle.yaml`) and on the day. "
            f"{self._from(*(f'regulation/{name}.yaml' for name in self.bundle.regulation))}"
        )
        caps: list[tuple[object, ...]] = []
        for name, file in self.bundle.regulation.items():
            where = f"regulation/{name}.yaml"

            def row(kind: str, index: int, what: str, licences: Iterable[str], *rest: object, where: str = where) -> None:
                marks = (self._letters(where, kind, index), self._own(where, kind, index))
                caps.append((what, ", ".join(licences), *rest, *marks))

            for index, cap in enumerate(file.caps):
                what = f"at most {_yuan(cap.amount)} for {cap.purpose}, over all products"
                row("caps", index, what, cap.licences, _days(cap.since, cap.until), code(cap.when))
            for index, all_in in enumerate(file.all_in):
                row(
                    "all_in",
                    index,
                    f"all-in annual cost at most {_percent(all_in.percent)}",
                    all_in.licences,
                    _days(all_in.since, all_in.until),
                    "",
                )
            for index, bullet in enumerate(file.bullet):
                what = f"{bullet.purpose} repaid in one sum: at most {bullet.months} months"
                row("bullet", index, what, bullet.licences, "", "")
            for index, rule in enumerate(file.rules):
                what = f"{rule.effect} {code(rule.code)}" + (f" for {', '.join(rule.products)}" if rule.products else "")
                row("rules", index, what, rule.licences, _days(rule.since, rule.until), code(rule.when))
            for index, kept in enumerate(file.kept):
                what = f"credit reports keep what was overdue for {kept.years} years from its settlement; told, decides nothing"
                row("kept", index, what, (), _days(kept.since, kept.until), "")
            for index, gone in enumerate(file.not_shown):
                what = (
                    f"{gone.en} ({gone.zh}): overdue items of at most {_yuan(gone.amount)}, repaid by {gone.repaid_by}, are not "
                    f"shown from {gone.hidden_from} on; told, decides nothing"
                )
                row("not_shown", index, what, (), _days(gone.since, gone.until), "")
        yield table(["what", "licences", "days", "when", "mark", "source"], caps)

    def _economics(self) -> Iterator[str]:
        shape, file = self.bundle.economics, "economics.yaml"
        if shape is None:
            return
        rows: list[tuple[str, str, str]] = [
            ("loss given default", _percent(shape.loss_given_default * 100), "loss_given_default"),
            ("credit conversion", _percent(shape.credit_conversion * 100), "credit_conversion"),
            ("funding", _percent(shape.funding), "funding"),
            ("capital", _percent(shape.capital), "capital"),
            *((f"servicing, {purpose}", _percent(value), "servicing") for purpose, value in shape.servicing.items()),
            *((f"stress, {name}", _percent(value * 100), "stress") for name, value in shape.stress.items()),
        ]
        yield f"## Economics\n\n{self._from(file)} For staff: expected loss and margin inform, and decide nothing."
        yield table(["", "", "mark"], [(head, text, self._letters(file, key)) for head, text, key in rows])

    def _variants(self) -> Iterator[str]:
        names = [name for name in shipped_names() if name != self.bundle.about.name]
        extending = [each for each in (load(name) for name in names) if each.about.extends == self.bundle.about.name]
        if not extending:
            return
        yield "## Variants\n\nBundles that extend this one: a file of the same name replaces this bundle's. What differs:"
        for other in extending:
            rows = list(_differences(self.bundle, other))
            yield f"### `{other.about.name}`\n\n{other.about.en} ({other.about.zh}).\n\n" + table(
                ["file", "at", "here", "there"], rows
            )


def _listed(products: str | list[str]) -> str:
    return products if isinstance(products, str) else ", ".join(code(each) for each in products)


def _missing(each: FactShape) -> tuple[str, str, str]:
    return ("yes" if each.required else "", _written(each.if_absent), _written(each.no_record))


def _written(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _change(each: FactShape) -> str:
    return "" if each.change == "fixed" else each.change + (f" ({each.cost})" if each.cost is not None else "")


def _bins(each: CharacteristicShape) -> Iterator[str]:
    yield from (f"{_holds(part)}: {part.points}" for part in each.bins)
    if each.missing is not None:
        yield f"missing: {each.missing}"
    if each.no_record is not None:
        yield f"no record: {each.no_record}"


def _holds(part: AxisBinShape) -> str:
    values = ", ".join(_written(value) for value in part.within or ())
    return f"below {part.below}" if part.below is not None else values or "others"


def _matrix(pair: PairShape) -> str:
    """A pair's table that is written in the card."""
    assert pair.down is not None and pair.across is not None and pair.points is not None, "a pair without a table"
    heads = [code(pair.down.input), *(f"{code(pair.across.input)} {_holds(part)}" for part in pair.across.bins), "missing"]
    names = [*(_holds(part) for part in pair.down.bins), "missing"]
    return table(heads, [(name, *row) for name, row in zip(names, pair.points, strict=True)])


def _weights(card: ScorecardFile) -> list[tuple[str, int, str]]:
    """Each dimension's most points, and its share of all."""
    most = dict.fromkeys(DIMENSIONS, 0)
    for each in card.characteristics.values():
        if each.dimension is not None:
            most[each.dimension] += max(part.points for part in each.bins)
    total = sum(most.values()) or 1
    return [(name.replace("_", " "), points, f"{100 * points / total:.0f}%") for name, points in most.items()]


def _yuan(minor: int) -> str:
    return f"{Decimal(minor) / 100:,.2f}".removesuffix(".00")


def _times(multiple_bp: int) -> str:
    return f"{Decimal(multiple_bp) / 10_000:.2f} times"


def _percent(ppm: int) -> str:
    return f"{(Decimal(ppm) / 10_000).normalize():f}%"


def _days(since: dt.date | None, until: dt.date | None) -> str:
    return " ".join([*(["from", since.isoformat()] if since else []), *(["to", until.isoformat()] if until else [])])


def _differences(one: Bundle, other: Bundle) -> Iterator[tuple[str, str, str, str]]:
    """(file, place, here, there) of every value that differs."""
    for name in sorted({*one.files, *other.files}):
        if name.startswith("cases/"):
            continue
        left = dict(_leaves(one.files[name].data)) if name in one.files else {}
        right = dict(_leaves(other.files[name].data)) if name in other.files else {}
        for place in [*left, *(each for each in right if each not in left)]:
            here, there = left.get(place, ""), right.get(place, "")
            if here != there and place not in ("name", "extends", "zh", "en", "version"):
                yield f"`{name}`", code(place), code(here), code(there)
    for name in sorted({*one.tables, *other.tables}):
        if (name in one.tables) != (name in other.tables) or one.tables[name].rows != other.tables[name].rows:
            yield (
                f"`tables/{name}.csv`",
                "",
                "" if name in one.tables else "none",
                "rows differ" if name in other.tables else "none",
            )


def _leaves(data: object, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _leaves(value, f"{path}.{key}" if path else str(key))
    elif isinstance(data, list) and any(isinstance(each, dict | list) for each in data):
        for index, value in enumerate(data):
            yield from _leaves(value, f"{path}[{index}]")
    else:
        yield path, ", ".join(map(str, data)) if isinstance(data, list) else _written(data)
