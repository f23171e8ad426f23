"""A customer as they are printed. Names, numbers and contacts are masked: reading them in clear is not this command's."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from shouxin.book.customers.consents import consents_of
from shouxin.book.customers.links import links_of
from shouxin.book.customers.masking import masked, masked_address, masked_email, masked_name
from shouxin.book.customers.model import Contact, ContactKind, Person
from shouxin.book.customers.personal import read_contacts, read_person
from shouxin.book.customers.store import read_customer
from shouxin.faces.cli.answers_shown import CODED, Shown, show_lines, show_table, word
from shouxin.faces.cli.out import results
from shouxin.foundation.texts import Text
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.keys_errors import PersonErased
from shouxin.infra.db.unit import Unit

_MASKED: dict[ContactKind, Callable[[str], str]] = {
    ContactKind.PHONE: masked,
    ContactKind.EMAIL: masked_email,
    ContactKind.ADDRESS: masked_address,
}
LINES = {
    "customer": Text("客户", "customer"),
    "kind": Text("客户类别", "kind"),
    "state": Text("客户状态", "state"),
    "since": Text("建档日", "since"),
    "name": Text("姓名或名称", "name"),
    "id_number": Text("身份证号码", "identity number"),
    "credit_code": Text("统一社会信用代码", "unified social credit code"),
}
NUMBER, UNTIL, SINCE = Text("编号", "No."), Text("截止", "until"), Text("自", "from")
TABLES: dict[str, tuple[Text, tuple[tuple[str, Text], ...]]] = {
    "contacts": (
        Text("联系方式", "Contacts"),
        (
            ("number", NUMBER),
            ("kind", Text("类别", "kind")),
            ("purpose", Text("用途", "purpose")),
            ("text", Text("内容", "text")),
            ("since", SINCE),
            ("until", UNTIL),
        ),
    ),
    "consents": (
        Text("授权", "Consents"),
        (
            ("number", NUMBER),
            ("purpose", Text("用途", "purpose")),
            ("text_version", Text("文本版本", "text")),
            ("since", SINCE),
            ("until", UNTIL),
            ("withdrawn", Text("撤回", "withdrawn")),
        ),
    ),
    "links": (
        Text("关联人", "Linked persons"),
        (
            ("number", NUMBER),
            ("role", Text("关系", "role")),
            ("linked", Text("客户", "customer")),
            ("since", SINCE),
            ("until", UNTIL),
        ),
    ),
}
ERASED = Text("个人信息已删除", "erased")


def shown_customer(unit: Unit, ring: KeyRing, customer_id: uuid.UUID, lang: str) -> Shown:
    """A customer with contacts, consents and linked persons. Raises CustomerUnknown, SealBroken, MasterKeyUnknown."""
    customer = read_customer(unit, customer_id)
    plain: dict[str, Any] = {
        "customer": str(customer.customer_id),
        "kind": customer.kind.value,
        "state": customer.state.value,
        "since": customer.since.isoformat(),
    }
    try:
        plain |= _named(read_person(unit, ring, customer_id))
        plain["contacts"] = [_contact(each) for each in read_contacts(unit, ring, customer_id)]
    except PersonErased:
        plain |= {"name": ERASED.in_language(lang), "contacts": []}
    plain["consents"] = [
        {
            "number": each.number,
            "purpose": each.purpose.value,
            "text_version": f"{each.text_version} {each.language}",
            "since": each.given_on.isoformat(),
            "until": each.ends_on and each.ends_on.isoformat(),
            "withdrawn": each.withdrawn_on and each.withdrawn_on.isoformat(),
        }
        for each in consents_of(unit, customer_id)
    ]
    plain["links"] = [
        {
            "number": each.number,
            "role": each.role.value,
            "linked": str(each.linked_id),
            "since": each.valid_from.isoformat(),
            "until": each.ended and each.ended.isoformat(),
        }
        for each in links_of(unit, customer_id)
    ]
    return Shown(plain, lambda: _show(plain, lang))


def _named(person: Person) -> dict[str, str | None]:
    return {
        "name": masked_name(person.name),
        "id_number": masked(person.id_number) if person.id_number else None,
        "credit_code": masked(person.credit_code) if person.credit_code else None,
    }


def _contact(each: Contact) -> dict[str, Any]:
    return {
        "number": each.number,
        "kind": each.kind.value,
        "purpose": each.purpose,
        "text": _MASKED[each.kind](each.text),
        "since": each.valid_from.isoformat(),
        "until": each.ended and each.ended.isoformat(),
    }


def _show(plain: dict[str, Any], lang: str) -> None:
    lines = {name: word(plain[name], lang) if name in CODED else plain[name] for name in LINES if plain.get(name)}
    show_lines([(LINES[name].in_language(lang), value) for name, value in lines.items()])
    for name, (title, columns) in TABLES.items():
        if plain[name]:
            results.print(title.in_language(lang), style="bold")
            show_table([(text, False) for _, text in columns], _rows(plain[name], [each for each, _ in columns], lang), lang)


def _rows(found: Sequence[dict[str, Any]], names: Sequence[str], lang: str) -> list[list[str]]:
    def cell(name: str, value: Any) -> str:
        shown = "" if value is None else str(value)
        return word(shown, lang) if name in ("kind", "purpose", "role") else shown

    return [[cell(name, row[name]) for name in names] for row in found]
