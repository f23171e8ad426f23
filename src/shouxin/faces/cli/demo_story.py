"""The third part of `shouxin demo`: the shopkeeper's question, with three endings, and three customers more, in two languages.

Everything goes through the commands that `shouxin apply`, `shouxin switch` and `shouxin case` call. The people are those of the
cases of the bundle `standard`; none of them exists.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shouxin.book.facilities import commands as lines
from shouxin.bootstrap import open_house, put_in_force
from shouxin.desk.origination.accepting import accept
from shouxin.desk.origination.applying import apply
from shouxin.desk.origination.judging import Judgement, judge
from shouxin.desk.origination.model import Asking
from shouxin.desk.origination.switching import Switch, execute, promise
from shouxin.desk.servicing import commands as loans
from shouxin.desk.servicing.draw import Draw
from shouxin.engines.policy.load import load
from shouxin.faces.cli.demo_lending import YUAN
from shouxin.faces.cli.demo_people import Counter, named
from shouxin.faces.cli.demo_whatif import show_outcome, show_plan
from shouxin.faces.cli.out import results
from shouxin.foundation.money import show_amount
from shouxin.foundation.rates import write_percent
from shouxin.foundation.texts import Text
from shouxin.infra.access.cases import Verdict
from shouxin.infra.access.principals import Kind, Principal
from shouxin.infra.db.connect import connect
from shouxin.infra.db.server import Server
from shouxin.infra.db.unit import in_unit

PRINCIPAL = "demo"
SWITCHING = ("switch business-loan to consumer-line 80000",)
NO_INCOME: Mapping[str, Any] = {"monthly_income": None, "income_date": None, "income_proof": None}


def tell_story(folder: Path, start: dt.date) -> None:
    """Six customers, and what they are answered, printed in Chinese and in English. A repeat begins with an empty database."""
    data = folder / "story"
    Server(data).erase()
    (folder / "keys.json").unlink(missing_ok=True)
    opened = open_house(data)
    try:
        with connect(opened.target.app) as connection:
            in_unit(connection, lambda unit: put_in_force(unit, load("standard"), start, PRINCIPAL))
            counter = Counter(connection, opened.house, load("standard"))
            _under_standard(counter)
            counter.close_until(start + dt.timedelta(days=1))
            exclusive = load("exclusive")
            in_unit(connection, lambda unit: put_in_force(unit, exclusive, start + dt.timedelta(days=1), PRINCIPAL))
            _under_exclusive(Counter(connection, opened.house, exclusive))
    finally:
        Server(data).stop()


def _under_standard(counter: Counter) -> None:
    """Products are independent: one holds both, one closes and is refused, one is declined, one is referred, one is new."""
    both = named(counter, "huang", "黄女士")
    _open(counter, both, "consumer-line", 100_000)
    _open(counter, both, "business-loan", 200_000)
    _say(
        "黄女士（个体工商户，策略 standard）：个人消费贷和经营贷都已开通，两个产品可以同时持有。",
        "Ms Huang, a shopkeeper, under `standard`: she holds the consumer line and the business loan at once.",
    )
    leaves = named(counter, "lin", "林先生")
    counter.ask(leaves, lines.close(_open(counter, leaves, "consumer-line", 50_000), "BY_CHOICE"))
    _answer(counter, leaves, "林先生关闭个人消费贷后当天再次申请", "Mr Lin closes his consumer line and applies again that day")
    declined = named(counter, "he", "何先生")
    _answer(counter, declined, "何先生申请个人消费贷", "Mr He applies for a consumer line")
    thin = named(counter, "qian", "钱女士", is_student=False)
    _answer(counter, thin, "钱女士（征信无记录）申请个人消费贷", "Ms Qian, of whom the bureau has no record, applies")
    _referred(counter, named(counter, "lin", "孙女士", **NO_INCOME))


def _under_exclusive(counter: Counter) -> None:
    """A consumer line and a business loan displace each other: the shopkeeper switches with an approval beforehand."""
    owner = named(counter, "huang", "周女士")
    _open(counter, owner, "consumer-line", 100_000)
    business = _open(counter, owner, "business-loan", 200_000)
    wanted = Draw(business, 40_000 * YUAN, "equal_instalment", 12, "stock")
    loan = counter.ask(owner, loans.draw(counter.house, owner, wanted))["loan"]
    counter.ask(owner, loans.instruct(counter.house, owner, loan))
    counter.ask(owner, loans.paid(counter.house, owner, loan))
    _say(
        "周女士（个体工商户，策略 exclusive）：开通经营贷时，个人消费贷随之关闭；她已支用经营贷 40,000.00 元。",
        "Ms Zhou, a shopkeeper, under `exclusive`: the business loan closed her consumer line; she has drawn 40,000.00 of it.",
    )
    _answer(counter, owner, "她想开回个人消费贷", "She asks for the consumer line back")
    predicted = show_plan(counter, owner, SWITCHING)
    plan = counter.ask(owner, promise(counter.house, owner, Switch((business,), "consumer-line", 80_000 * YUAN)))
    limit, rate, payoff = show_amount(plan["limit"]), write_percent(plan["rate_ppm"]), show_amount(plan["payoff"])
    _say(
        f"先批后关：结清经营贷 {payoff} 元后可开通个人消费贷 {limit} 元，年化利率（单利）{rate}%，{plan['expires']} 前有效。",
        f"Approved before closing: once {payoff} of the business loan is repaid, a consumer line of {limit} at {rate}% a year "
        f"(simple) is hers, guaranteed until {plan['expires']}.",
    )
    done = counter.ask(owner, execute(counter.house, owner, plan["plan"], plan["contract_sha256"]))
    paid, limit = show_amount(done["paid"]), show_amount(done["limit"])
    _say(
        f"她当天办理：还款 {paid} 元，经营贷关闭，个人消费贷 {limit} 元开通，一步完成。",
        f"She does it the same day: {paid} repaid, the business loan closed, the consumer line of {limit} open, in one step.",
    )
    show_outcome(counter, owner, predicted)


def _referred(counter: Counter, customer: uuid.UUID) -> None:
    """What is above one person's authority waits for a second."""
    today = counter.today
    officer = Principal("demo:li", Kind.PERSON, ("credit_officer",), today)
    manager = Principal("demo:chen", Kind.PERSON, ("credit_manager",), today)
    (answer,) = counter.ask(customer, apply(counter.house, customer, Asking({"consumer-line": 250_000 * YUAN})))["products"]
    first = Judgement(officer, answer["case"], Verdict("approve", 250_000 * YUAN, "收入已当面核实"))
    second = Judgement(manager, answer["case"], Verdict("approve", 250_000 * YUAN, "复核无误，同意"))
    proposed = counter.ask(customer, judge(counter.house, customer, first))
    decided = counter.ask(customer, judge(counter.house, customer, second))
    assert (proposed["status"], decided["status"]) == ("proposed", "decided")
    limit = show_amount(decided["limit"])
    _say(
        f"孙女士申请 250,000.00 元，缺少收入证明，转人工审批；超过一人权限，两人审批后给出 {limit} 元额度。",
        f"Ms Sun asks for 250,000.00 without proof of income: referred. It is above one person's authority, and two of them "
        f"grant {limit}.",
    )


def _open(counter: Counter, customer: uuid.UUID, product: str, yuan: int) -> uuid.UUID:
    """An application that is approved, and the customer's yes."""
    (offer,) = counter.ask(customer, apply(counter.house, customer, Asking({product: yuan * YUAN})))["products"]
    facility: uuid.UUID = offer["facility"]
    counter.ask(customer, accept(counter.house, customer, facility, offer["contract_sha256"]))
    return facility


def _answer(counter: Counter, customer: uuid.UUID, zh: str, en: str) -> None:
    """An application for the consumer line, and what became of it, with the reasons, in two languages."""
    imagined = counter.imagine(customer, apply(counter.house, customer, Asking({"consumer-line": None})))
    (answer,) = imagined["products"]
    why = answer["texts"] or answer["missing"]
    said = Text(
        _outcome(answer, "zh") + "".join(each["zh"] for each in why),
        " ".join([_outcome(answer, "en"), *(each["en"] for each in why)]),
    )
    _say(f"{zh}：{said.zh}", f"{en}: {said.en}")


def _outcome(answer: Mapping[str, Any], lang: str) -> str:
    if answer["outcome"] == "approve":
        limit = show_amount(answer["limit"])
        return f"通过，额度 {limit} 元。" if lang == "zh" else f"approved, {limit}."
    words = {"refer": Text("转人工审批。", "a person will decide."), "decline": Text("未通过。", "declined.")}
    return words[answer["outcome"]].in_language(lang)


def _say(zh: str, en: str) -> None:
    results.print(f"   {zh}", soft_wrap=True, highlight=False)
    results.print(f"   {en}\n", soft_wrap=True, highlight=False)
