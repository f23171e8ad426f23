"""An offer: a facility that waits for the customer's yes, with its papers. Read first: `make_offer`."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from typing import Any

from shouxin.book.facilities import acts
from shouxin.book.facilities.model import Facility
from shouxin.book.facilities.service import difference
from shouxin.book.facilities.work import Work
from shouxin.desk.origination.answer import Grant, standing_without
from shouxin.desk.origination.papers import LineFacts, contract_paper, terms_paper
from shouxin.desk.servicing.papers_kept import Party
from shouxin.desk.servicing.terms import agreement_for
from shouxin.engines.policy.load import Bundle
from shouxin.foundation.ids import new_id
from shouxin.foundation.texts import Text
from shouxin.infra.messages.documents import CONTRACT, DISCLOSURE, NewDocument, keep_pair
from shouxin.infra.messages.history import About


@dataclass(frozen=True, slots=True)
class Offered:
    """What was offered. contract: the document to which the customer says yes; sha256 is of its text"""

    facility: Facility
    terms: uuid.UUID
    contract: uuid.UUID
    sha256: bytes

    def to_dict(self) -> dict[str, Any]:
        """What an answer says of it."""
        facility = self.facility
        return {
            "facility": facility.id,
            "limit": facility.most,
            "rate_ppm": facility.rate_ppm,
            "terms": [[method, list(months)] for method, months in facility.terms],
            "expires": facility.expires,
            "key_terms": self.terms,
            "contract": self.contract,
            "contract_sha256": self.sha256.hex(),
        }


def make_offer(work: Work, bundle: Bundle, grant: Grant, party: Party) -> Offered:
    """A facility that the customer may accept, and its papers, kept. Raises what `acts.offered` raises.

    Lines that it would close do not count against the total line.
    """
    facility = acts.offered(standing_without(work.standing, grant.displaces), bundle, grant.offer, new_id())
    work.set_facility(facility)
    work.tell("facility.offered", difference(None, facility), About(facility_id=facility.id, reason=facility.reason))
    return keep_line_papers(work, bundle, (facility, grant), party)


def keep_line_papers(work: Work, bundle: Bundle, what: tuple[Facility, Grant], party: Party) -> Offered:
    """Render the papers of an offer and keep them, as of today."""
    facts = _facts(work, bundle, what, party)
    today, about, lang = work.standing.today, what[0].id, party.lang
    shown = NewDocument(DISCLOSURE, terms_paper(facts, lang), lang, today, about)
    signed = NewDocument(CONTRACT, contract_paper(facts, lang), lang, today, about)
    ids = keep_pair(work.unit, party.key, shown, signed)
    return Offered(what[0], *ids, hashlib.sha256(signed.text.encode()).digest())


def _facts(work: Work, bundle: Bundle, what: tuple[Facility, Grant], party: Party) -> LineFacts:
    facility, grant = what
    day, products = work.standing.today, bundle.products
    method, months = facility.terms[0]
    penalty = agreement_for(bundle, facility, (facility.most, method, months[0]), day).penalty
    held = {each.product for each in work.standing.facilities if each.is_open}
    closes = tuple(Text(products[each].zh, products[each].en) for each in grant.displaces if each in held)
    about = (facility, products[facility.product], party.person, party.house.lender, day)
    return LineFacts(*about, facility.rate_ppm + penalty.extra_ppm(facility.rate_ppm), closes)
