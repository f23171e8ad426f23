"""The papers of an offer: its key terms, and the agreement to which the customer says yes. Specimens, as those of a draw are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from shouxin.book.customers.masking import masked, masked_name
from shouxin.book.customers.model import Person
from shouxin.book.facilities.model import Facility
from shouxin.desk.servicing.paper_words import day_text, purpose_text, templates
from shouxin.engines.loans.disclosure import METHODS
from shouxin.engines.loans.model import Method
from shouxin.engines.policy.model import ProductFile
from shouxin.foundation.money import show_amount
from shouxin.foundation.rates import write_percent
from shouxin.foundation.texts import Text


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What the papers of an offer say.

    penalty_ppm: interest on what is overdue, a year
    displaces:   the names of products that opening the line closes
    """

    facility: Facility
    product: ProductFile
    person: Person
    lender: Text
    day: dt.date
    penalty_ppm: int
    displaces: tuple[Text, ...] = ()


def terms_paper(facts: LineFacts, lang: str) -> str:
    """授信额度要素表: what is offered, on one page. In `zh` or `en`."""
    return _TEMPLATES["line_terms", lang].format(**_values(facts, lang))


def contract_paper(facts: LineFacts, lang: str) -> str:
    """授信额度协议: the agreement on the line. In `zh` or `en`; the Chinese text counts."""
    return _TEMPLATES["line_contract", lang].format(**_values(facts, lang))


def _values(facts: LineFacts, lang: str) -> Mapping[str, object]:
    zh, facility, product = lang == "zh", facts.facility, facts.product
    comma = "、" if zh else ", "
    numbers = comma.join(masked(each) for each in facts.person.numbers)
    closes = comma.join(each.in_language(lang) for each in facts.displaces)
    return {
        "number": facility.id,
        "day": day_text(facts.day, lang),
        "borrower": masked_name(facts.person.name),
        "numbers": numbers,
        "lender": facts.lender.in_language(lang),
        "product": Text(product.zh, product.en).in_language(lang),
        "limit": show_amount(facility.most),
        "rate": write_percent(facility.rate_ppm),
        "terms": ("；" if zh else "; ").join(_term(method, months, lang) for method, months in facility.terms),
        "months": product.line_months,
        "expires": day_text(facility.expires, lang),
        "penalty": write_percent(facts.penalty_ppm),
        "allowed": comma.join(dict.fromkeys(purpose_text(each, lang) for each in product.uses.allowed)),
        "forbidden": comma.join(dict.fromkeys(purpose_text(each, lang) for each in product.uses.forbidden)),
        "closes": _closes(closes, lang),
    }


def _term(method: str, months: tuple[int, ...], lang: str) -> str:
    name = METHODS[Method(method)].in_language(lang)
    listed = ("/" if lang == "zh" else ", ").join(str(each) for each in months)
    return f"{name} {listed} 个月" if lang == "zh" else f"{name}, {listed} months"


def _closes(names: str, lang: str) -> str:
    if not names:
        return ""
    if lang == "zh":
        return f"接受本额度后，您的「{names}」额度将随即关闭。\n"
    return f"With your acceptance your line {names} is closed.\n"


_TEMPLATES = templates(__package__, "line_terms", "line_contract")
