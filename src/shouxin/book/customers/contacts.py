"""Phones, addresses and e-mail: several of each, for a purpose, from a day on. Read first: `add_contact`.

A contact is never changed: the new one is added and the old one ended.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shouxin.book.customers import errors, identity_errors
from shouxin.book.customers.identity import read_address, read_email, read_phone
from shouxin.book.customers.masking import masked, masked_address, masked_email
from shouxin.book.customers.model import Contact, ContactKind, NewContact
from shouxin.book.customers.personal import keyed_contacts, seal_contact
from shouxin.book.customers.store import QUERIES
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.unit import Unit
from shouxin.infra.messages.history import History

MOST_OF_A_KIND = 20

# What a contact is used for. `service` is where court papers may be sent (送达地址).
PURPOSES: Mapping[ContactKind, tuple[str, ...]] = {
    ContactKind.PHONE: ("main", "notices", "work"),
    ContactKind.EMAIL: ("main", "notices", "work"),
    ContactKind.ADDRESS: ("home", "work", "registered", "service"),
}
_READ = {ContactKind.PHONE: read_phone, ContactKind.EMAIL: read_email, ContactKind.ADDRESS: read_address}
_MASKED = {ContactKind.PHONE: masked, ContactKind.EMAIL: masked_email, ContactKind.ADDRESS: masked_address}


def add_contact(unit: Unit, ring: KeyRing, new: NewContact, history: History) -> int:
    """One more contact of the held customer; event `contact.added`, whose number is returned: the contact's own.

    Raises PersonErased, then the refusals of `ORDER`. A repeat raises ContactAlreadyKnown.
    """
    key, contacts = keyed_contacts(unit, ring, history.customer_id)
    text = checked(new, contacts)
    number = history.append(
        "contact.added", {"contact": new.kind, "purpose": new.purpose, "valid_from": new.valid_from.isoformat()}
    )
    row = (history.customer_id, number, new.kind, new.purpose, new.valid_from, seal_contact(key, number, text))
    unit.write(QUERIES["contact_added"], row)
    if new.kind is ContactKind.PHONE:
        unit.write(QUERIES["phone_listed"], (ring.blind("phone", text), history.customer_id))
    return number


def checked(new: NewContact, contacts: Sequence[Contact]) -> str:
    """The text of a new contact in the form in which it is stored; raises the refusals of `ORDER`."""
    if new.purpose not in PURPOSES[new.kind]:
        raise errors.PurposeUnknown("purpose", new.purpose, known=", ".join(PURPOSES[new.kind]))
    text = _READ[new.kind](new.text)
    others = [each for each in contacts if each.kind is new.kind and each.ended is None]
    if any((each.purpose, each.text) == (new.purpose, text) for each in others):
        raise errors.ContactAlreadyKnown(new.kind, _MASKED[new.kind](text))
    if len(others) >= MOST_OF_A_KIND:
        raise errors.ContactsTooMany(new.kind, len(others) + 1, most=MOST_OF_A_KIND)
    return text


def end_contact(unit: Unit, ring: KeyRing, number: int, history: History) -> None:
    """From today on the contact is not used; event `contact.ended`. The customer is not found by an ended phone number any more,
    unless they have the same number for another purpose.

    Raises PersonErased, ContactUnknown, ContactAlreadyEnded (a repeat too), in this order.
    """
    contacts = keyed_contacts(unit, ring, history.customer_id)[1]
    contact = next((each for each in contacts if each.number == number), None)
    if contact is None:
        raise errors.ContactUnknown("contact", number)
    if contact.ended:
        raise errors.ContactAlreadyEnded("contact", number, ended=contact.ended)
    history.append("contact.ended", {"contact": number})
    unit.write(QUERIES["contact_ended"], (history.today, history.customer_id, number))
    kept = {each.text for each in contacts if each.kind is ContactKind.PHONE and each.ended is None and each.number != number}
    if contact.kind is ContactKind.PHONE and contact.text not in kept:
        unit.write(QUERIES["phone_unlisted"], (ring.blind("phone", contact.text), history.customer_id))


# The order in which `add_contact` tells its refusals.
ORDER: tuple[type[Refusal], ...] = (
    errors.PurposeUnknown,
    identity_errors.PhoneUnreadable,
    identity_errors.EmailUnreadable,
    identity_errors.AddressUnreadable,
    errors.ContactAlreadyKnown,
    errors.ContactsTooMany,
)
