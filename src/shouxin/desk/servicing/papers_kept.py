"""The papers of a draw: the statement of costs that was shown and the contract, rendered and kept with the draw."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from shouxin.book.customers.masking import masked, masked_name
from shouxin.book.customers.model import Person
from shouxin.book.facilities.work import Work
from shouxin.desk.servicing.house import OWN, House
from shouxin.desk.servicing.papers import Borrower, LoanFacts, Share, contract_paper, disclosure_paper
from shouxin.engines.loans.agreement import Agreement
from shouxin.engines.loans.disclosure import disclose
from shouxin.engines.loans.quote import quote
from shouxin.engines.policy.model import ProductFile
from shouxin.foundation.texts import Text
from shouxin.infra.db.keys_of_customers import CustomerKey
from shouxin.infra.messages.documents import CONTRACT, DISCLOSURE, NewDocument, keep_pair


@dataclass(frozen=True, slots=True)
class Payee:
    """Who is paid instead of the borrower (受托支付)."""

    name: str = field(repr=False)
    account: str = field(repr=False)
    bank: str = field(default="", repr=False)

    @property
    def shown(self) -> str:
        """As a contract shows it."""
        return f"{masked_name(self.name)} {masked(self.account)}"


@dataclass(frozen=True, slots=True)
class Party:
    """Who borrows from whom, in which language."""

    house: House
    key: CustomerKey
    person: Person
    lang: str


@dataclass(frozen=True, slots=True)
class Borrowing:
    """What is borrowed. fee: kept back from the payout, minor units."""

    loan_id: uuid.UUID
    product: ProductFile
    purpose: str
    fee: int
    agreement: Agreement
    payee: Payee | None


@dataclass(frozen=True, slots=True)
class Papers:
    """The ids of the kept documents."""

    disclosure: uuid.UUID
    contract: uuid.UUID


def keep_papers(work: Work, party: Party, about: Borrowing) -> Papers:
    """Render both and keep them, as of today. The schedule is that of a payout today; paid out later, its days move with it."""
    facts, today = facts_of(work, party, about), work.standing.today
    lang, loan = party.lang, about.loan_id
    shown = NewDocument(DISCLOSURE, disclosure_paper(facts, lang), lang, today, loan)
    signed = NewDocument(CONTRACT, contract_paper(facts, lang), lang, today, loan)
    return Papers(*keep_pair(work.unit, party.key, shown, signed))


def facts_of(work: Work, party: Party, about: Borrowing) -> LoanFacts:
    """What the papers say. Raises what `quote` raises."""
    person, house = party.person, party.house
    told = quote(about.agreement.terms, about.fee)
    return LoanFacts(
        str(about.loan_id),
        work.standing.today,
        Text(about.product.zh, about.product.en),
        Borrower(person.name, person.id_number, person.credit_code),
        house.lender,
        tuple(Share(funder_name(house, code), ppm) for code, ppm in house.funders.items()),
        about.purpose,
        about.agreement,
        told,
        disclose(told, about.agreement.penalty, house.lender),
        tuple(about.product.uses.forbidden),
        about.payee.shown if about.payee else None,
    )


def funder_name(house: House, code: str) -> Text:
    """What a funder is called: the lender by its name, others by the code under which the shares have them."""
    return house.lender if code == OWN else Text(code, code)
