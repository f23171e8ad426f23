"""结清证明: the certificate that a loan is settled, made and kept as a customer's request. Read first: `certificate`."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from shouxin.book.customers.personal import opened_person, person_wanted
from shouxin.book.facilities.service import product_of
from shouxin.book.facilities.work import Command, Work
from shouxin.desk.servicing import looking
from shouxin.desk.servicing.house import House
from shouxin.desk.servicing.papers import Borrower, SettlementFacts, settlement_certificate
from shouxin.engines.loans.payment import payoff
from shouxin.foundation.texts import Text
from shouxin.infra.db.keys_of_customers import key_of
from shouxin.infra.db.unit import Unit
from shouxin.infra.messages.documents import SETTLEMENT_CERTIFICATE, NewDocument, keep_document, read_document
from shouxin.infra.messages.history import About


def certificate(house: House, customer_id: uuid.UUID, loan_id: uuid.UUID, lang: str) -> Command:
    """Make a certificate of today and keep it; the answer's body has the document's id. A new request makes a new one.

    Raises PersonErased, LoanUnknown, LoanNotSettled, in this order.
    """
    body = {"loan": loan_id, "lang": lang}
    return Command("document.certificate", body, lambda work: _keep(work, house, loan_id, lang), (person_wanted(customer_id),))


def _keep(work: Work, house: House, loan_id: uuid.UUID, lang: str) -> Mapping[str, Any]:
    customer_id, today = work.standing.customer.customer_id, work.standing.today
    key, person = opened_person(house.ring, customer_id, work.rows[0])
    seen = looking.loan_on(work.unit, customer_id, loan_id, today)
    product = product_of(work, work.facility(seen.facility_id))
    loan = seen.loan
    facts = SettlementFacts(
        str(loan_id),
        today,
        Text(product.zh, product.en),
        Borrower(person.name, person.id_number, person.credit_code),
        house.lender,
        loan.totals.paid_out,
        loan.agreement.terms.shape.paid_out,
        None if loan.written_off else loan.settled,
        payoff(loan),
    )
    text = settlement_certificate(facts, lang)
    document = keep_document(work.unit, key, NewDocument(SETTLEMENT_CERTIFICATE, text, lang, today, loan_id))
    work.tell("document.certified", {"document": str(document)}, About(seen.facility_id, loan_id))
    return {"loan": loan_id, "document": document}


def text_of(unit: Unit, house: House, customer_id: uuid.UUID, document_id: uuid.UUID) -> str:
    """The text of a document that was kept. Raises PersonErased, DocumentUnknown, SealBroken, DocumentAltered."""
    return read_document(unit, key_of(unit, house.ring, customer_id), document_id)[1]
