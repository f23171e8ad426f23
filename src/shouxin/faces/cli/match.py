"""`shouxin match`: which products meet a need, what they cost, and why not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from shouxin.desk.advice import Need, match, position_of
from shouxin.desk.advice.told import Teller
from shouxin.desk.advice.written import write_matching
from shouxin.desk.decisions import Assessor
from shouxin.engines.policy.compile import compile_policy
from shouxin.engines.policy.read import read_facts
from shouxin.faces.cli.decide import read_facts_file
from shouxin.faces.cli.match_shown import show_matching
from shouxin.faces.cli.options import AsJson, Lang
from shouxin.faces.cli.out import business_date, errors
from shouxin.faces.cli.written import read_money
from shouxin.foundation.refusal import Refusal

Bundle = Annotated[str, typer.Option("--bundle", "--policy", help="A bundle's folder, or the name of a shipped one.")]


def match_products(
    facts_file: Annotated[Path, typer.Argument(metavar="FACTS.json", help="fact: value, as `shouxin decide one` reads them.")],
    amount: Annotated[str, typer.Option(help="What is needed, in major units.")],
    purpose: Annotated[str, typer.Option(help="What for: a use that the products name, such as stock or renovation.")],
    months: Annotated[int | None, typer.Option(help="The term wished, in months; any where left out.")] = None,
    bundle: Bundle = "standard",
    as_of: Annotated[str | None, typer.Option("--as-of", help="The day, YYYY-MM-DD; today where left out.")] = None,
    lang: Lang = "en",
    as_json: AsJson = False,
) -> int:
    """Rank all products for one customer and one need: what each costs and needs, and why one does not fit.

    Uses the facts that are given and nothing else: no enquiry is made, and nothing is stored.
    """
    policy = compile_policy(bundle)
    facts = read_facts(policy.plan, read_facts_file(facts_file), frozenset({policy.bundle.facts.key}))
    day = business_date(as_of, quiet=as_json or lang == "zh")
    decision = Assessor(policy).assess(facts, day)
    try:
        need = Need(read_money(amount), purpose, day, months)
        matching = match(policy, decision, need, position_of(policy, decision, facts))
    except Refusal as told:
        errors.print(told.text(lang), soft_wrap=True)
        return 1
    teller = Teller(policy, decision, facts, lang)
    if as_json:
        print(json.dumps(write_matching(matching, teller), ensure_ascii=False, indent=1))
    else:
        show_matching(matching, teller)
    return 0
