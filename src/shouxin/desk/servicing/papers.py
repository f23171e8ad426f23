"""Papers: the statement of costs, the contract, and the settlement certificate, as plain text. Pure.

Read first: `LoanFacts`, then the templates in `texts/`. They are specimens: a lender's lawyer replaces them, and the golden files
of the tests show what they become. What a template names in braces is filled here; a name that nobody fills fails at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from shouxin.book.customers.masking import masked, masked_name
from shouxin.desk.servicing import paper_words as words
from shouxin.desk.servicing.capitals import capitals
from shouxin.engines.loans.agreement import Agreement
from shouxin.engines.loans.disclosure import METHODS, NOTHING_ELSE, CostItem, Disclosure
from shouxin.engines.loans.quote import Quote
from shouxin.foundation.money import show_amount
from shouxin.foundation.rates import write_percent
from shouxin.foundation.refusal import Refusal
from shouxin.foundation.texts import Text


class LoanNotSettled(Refusal):
    """A settlement certificate for a loan on which something is owed, or that ended by write-off."""

    en = "a loan that was settled and on which nothing is owed; {owed} is"
    zh = "须为已结清且无欠款的借款，现欠 {owed}"


@dataclass(frozen=True, slots=True)
class Borrower:
    """Who borrows, in the clear. Left out of a repr."""

    name: str = field(repr=False)
    id_number: str | None = field(default=None, repr=False)
    credit_code: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Share:
    """Who lends, and what part of the loan, in millionths."""

    lender: Text
    ppm: int


@dataclass(frozen=True, slots=True)
class LoanFacts:
    """What statement and contract say.

    number:    of the loan; day: on which the papers are made
    lender:    who signs and collects; shares: who lends, adding up to a million
    purpose:   a use that the product names; forbidden: the uses that it forbids
    payee:     who is paid where it is not the borrower (受托支付), as the contract should show them
    quote:     of the agreement's terms, with the fee; told: all costs, from `disclose`
    """

    number: str
    day: dt.date
    product: Text
    borrower: Borrower
    lender: Text
    shares: tuple[Share, ...]
    purpose: str
    agreement: Agreement
    quote: Quote
    told: Disclosure
    forbidden: tuple[str, ...] = ()
    payee: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SettlementFacts:
    """What a settlement certificate says. amount: paid out; owed: what is owed now, all items; minor units."""

    number: str
    day: dt.date
    product: Text
    borrower: Borrower
    lender: Text
    amount: int
    paid_out: dt.date
    settled: dt.date | None
    owed: int = 0


def disclosure_paper(facts: LoanFacts, lang: str) -> str:
    """综合融资成本明示: all costs, as they must be shown before the contract (`engines/loans/disclosure.py`). In `zh` or `en`."""
    told = facts.told
    return _TEMPLATES["disclosure", lang].format(
        number=facts.number,
        day=words.day_text(facts.day, lang),
        borrower=masked_name(facts.borrower.name),
        lender=facts.lender.in_language(lang),
        product=facts.product.in_language(lang),
        principal=show_amount(told.principal),
        items=_items(told.items, lang),
        total=told.total.percent(2),
        on_default=_items(told.on_default, lang),
        nothing_else=NOTHING_ELSE.in_language(lang),
    )


def contract_paper(facts: LoanFacts, lang: str) -> str:
    """借款合同: the contract, which is the loan's note too. In `zh` or `en`; the Chinese text counts."""
    return _TEMPLATES["contract", lang].format(**_parties(facts, lang), **_costs(facts, lang), **_repayment(facts, lang))


def settlement_certificate(facts: SettlementFacts, lang: str) -> str:
    """结清证明: that a loan is settled and nothing is owed; the borrower is masked. Raises LoanNotSettled."""
    if facts.settled is None or facts.owed:
        raise LoanNotSettled("loan", facts.number, owed=show_amount(facts.owed))
    borrower = facts.borrower
    numbers = (each and masked(each) for each in (borrower.id_number, borrower.credit_code))
    return _TEMPLATES["settlement_certificate", lang].format(
        borrower=masked_name(borrower.name),
        numbers=_numbers(Borrower(borrower.name, *numbers), lang),
        number=facts.number,
        product=facts.product.in_language(lang),
        amount=show_amount(facts.amount),
        capitals=capitals(facts.amount),
        paid_out=words.day_text(facts.paid_out, lang),
        settled=words.day_text(facts.settled, lang),
        lender=facts.lender.in_language(lang),
        day=words.day_text(facts.day, lang),
    )


def _parties(facts: LoanFacts, lang: str) -> dict[str, str]:
    """Who, when, and for what."""
    shares = [f"  {each.lender.in_language(lang)} {write_percent(each.ppm)}%" for each in facts.shares]
    return {
        "number": facts.number,
        "day": words.day_text(facts.day, lang),
        "borrower": facts.borrower.name,
        "numbers": _numbers(facts.borrower, lang),
        "lender": facts.lender.in_language(lang),
        "product": facts.product.in_language(lang),
        "purpose": words.purpose_text(facts.purpose, lang),
        "forbidden": _forbidden(facts.forbidden, lang),
        "payment": _payment(facts.payee, lang),
        "shares": "\n".join(shares),
    }


def _costs(facts: LoanFacts, lang: str) -> dict[str, str]:
    """How much, and what it costs."""
    told, principal, penalty = facts.told, facts.agreement.terms.principal, facts.agreement.penalty
    late, misuse = told.on_default
    return {
        "amount": show_amount(principal),
        "capitals": capitals(principal),
        "interest": told.items[0].standard.in_language(lang),
        "day_count": words.day_count_text(facts.agreement.terms, lang),
        "fee": _fee(facts.quote.fee, lang),
        "received": show_amount(facts.quote.received),
        "total": str(told.total.percent(2)),
        "nothing_else": NOTHING_ELSE.in_language(lang),
        "late": _default(late, lang),
        "misuse": _default(misuse, lang),
        "base": words.BASES[penalty.base].in_language(lang),
    }


def _repayment(facts: LoanFacts, lang: str) -> dict[str, str]:
    """How and when it is repaid."""
    agreement, terms = facts.agreement, facts.agreement.terms
    return {
        "term": words.term_text(terms, lang),
        "paid_out": words.day_text(terms.shape.paid_out, lang),
        "maturity": words.day_text(facts.quote.schedule.dues[-1], lang),
        "method": METHODS[terms.method].in_language(lang),
        "schedule": _schedule(facts.quote, lang),
        "adjustment": words.ADJUSTMENTS[terms.conventions.adjustment].in_language(lang),
        "grace": words.grace_text(agreement.grace, lang),
        "order": words.order_text(agreement, lang),
        "sorting": words.SORTINGS[agreement.order.sorting].in_language(lang),
        "prepayment": words.PREPAYMENTS[agreement.prepayment].in_language(lang),
        "early_interest": words.EARLY_INTERESTS[agreement.early_interest].in_language(lang),
    }


def _numbers(borrower: Borrower, lang: str) -> str:
    """A line for each identity number."""
    zh, lines = lang == "zh", ""
    if borrower.id_number:
        lines += f"{'身份证件号码：' if zh else 'Identity number: '}{borrower.id_number}\n"
    if borrower.credit_code:
        lines += f"{'统一社会信用代码：' if zh else 'Unified social credit code: '}{borrower.credit_code}\n"
    return lines


def _forbidden(uses: Iterable[str], lang: str) -> str:
    names = dict.fromkeys(words.purpose_text(each, lang) for each in uses)
    if not names:
        return ""
    if lang == "zh":
        return f"借款不得用于：{'、'.join(names)}，以及法律法规禁止的其他用途。"
    return f" The loan must not be used for {', '.join(names)}, or anything else that the law forbids."


def _payment(payee: str | None, lang: str) -> str:
    if lang == "zh":
        own = "自主支付，借款发放至借款人本人账户，由借款人按约定用途支付"
        return f"受托支付，贷款人受借款人委托，将借款支付给{payee}" if payee else own
    own = "to the borrower's own account; the borrower pays for the purpose"
    return f"entrusted payment: for the borrower, the lender pays {payee}" if payee else own


def _fee(fee: int, lang: str) -> str:
    if lang == "zh":
        return f"手续费人民币{show_amount(fee)}元，放款时从本金中扣收，一次性收取" if fee else "无"
    return f"CNY {show_amount(fee)}, once, deducted from the payout" if fee else "none"


def _default(item: CostItem, lang: str) -> str:
    parts = (item.collected.in_language(lang), item.standard.in_language(lang))
    return ("，" if lang == "zh" else "; ").join(parts)


_HEADS = {
    "zh": "  期次  还款日              应还本金        应还利息        应还合计        剩余本金",
    "en": "   No.  Due date           Principal        Interest           Total           Left",
}


def yuan(minor: int) -> str:
    """An amount of 0 or more as `show_amount` writes it, in a fifth of the time: a schedule has dozens.

    >>> yuan(1000050), yuan(5)
    ('10,000.50', '0.05')
    """
    return f"{minor // 100:,}.{minor % 100:02}"


def _schedule(quote: Quote, lang: str) -> str:
    """A line for each instalment, and the sums."""
    lines = [_HEADS[lang]]
    for row in quote.schedule:
        head = f"  {row.number:>4}  {row.due.isoformat()}  {yuan(row.principal):>14}  {yuan(row.interest):>14}"
        lines.append(f"{head}  {yuan(row.total):>14}  {yuan(row.balance):>14}")
    principal, interest = quote.schedule.principal, quote.schedule.interest
    head = f"  {'合计' if lang == 'zh' else ' Sum'}  {'':10}"
    lines.append(f"{head}  {yuan(principal):>14}  {yuan(interest):>14}  {yuan(principal + interest):>14}")
    return "\n".join(lines)


def _items(items: Iterable[CostItem], lang: str) -> str:
    """A line for each item of cost: how and by what standard it is collected, by whom, and how much."""
    zh, lines = lang == "zh", []
    for each in items:
        parts = [each.collected.in_language(lang), each.standard.in_language(lang)]
        parts.append(f"收取方：{each.collector.zh}" if zh else f"charged by {each.collector.en}")
        if each.amount is not None:
            parts.append(f"金额{show_amount(each.amount)}元" if zh else f"CNY {show_amount(each.amount)}")
        if each.annual is not None:
            parts.append(f"折合年化{each.annual.percent(2)}%" if zh else f"{each.annual.percent(2)}% a year")
        name = each.name.in_language(lang)
        lines.append(f"  {name[:1].upper()}{name[1:]}{'：' if zh else ': '}{('；' if zh else '; ').join(parts)}")
    return "\n".join(lines)


_TEMPLATES = words.templates(__package__, "disclosure", "contract", "settlement_certificate")
