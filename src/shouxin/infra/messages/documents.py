"""Documents: what was shown to a customer or signed, as it was, sealed under the customer's key. Read first: `keep_document`.

The text is compressed and then sealed; the hash is over the clear text, so that a copy that the customer brings can be compared.
Who destroys the customer's key destroys the text; the row and its hash stay.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from shouxin.foundation.ids import new_id
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.keys_of_customers import Where
from shouxin.infra.db.unit import Unit
from shouxin.infra.messages.history import QUERIES

LEVEL = 1  # twice as fast as the usual level, and a fifth longer

DISCLOSURE, CONTRACT, SETTLEMENT_CERTIFICATE, OTHER = "disclosure", "contract", "settlement_certificate", "other"


class DocumentUnknown(Refusal):
    """The customer has no such document."""

    en = "a document of this customer"
    zh = "该客户名下没有此文件"


class DocumentAltered(Refusal):
    """The text is not what was kept."""

    en = "a text with the hash that was kept with it; restore it from a backup"
    zh = "文件内容与存档时的哈希值不一致，请用备份恢复"


class Sealing(Protocol):
    """A customer's key, as documents need it; `CustomerKey` is one."""

    @property
    def customer_id(self) -> uuid.UUID:
        """Whose key it is."""

    def seal(self, plain: bytes, where: Where) -> bytes:
        """What only this key opens, in the same place."""

    def open(self, sealed: bytes, where: Where) -> bytes:
        """What was sealed. Raises SealBroken."""


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A text to be kept. about: the loan or facility that it is of; day: the business day on which it was shown or signed."""

    kind: str
    text: str = field(repr=False)
    lang: str
    day: dt.date
    about: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """What is known of a document without its text. sha256: of its text in UTF-8."""

    document_id: uuid.UUID
    kind: str
    about: uuid.UUID | None
    lang: str
    sha256: bytes
    day: dt.date


def keep_document(unit: Unit, key: Sealing, new: NewDocument) -> uuid.UUID:
    """Keep a text of the held customer for good; returns its id. A repeat keeps it twice: it belongs into a request."""
    document_id, plain = new_id(), new.text.encode()
    sealed = key.seal(zlib.compress(plain, LEVEL), _place(document_id))
    row = (key.customer_id, document_id, new.kind, new.about, new.lang, hashlib.sha256(plain).digest(), sealed, new.day)
    unit.write(QUERIES["document_added"], row)
    return document_id


def keep_pair(unit: Unit, key: Sealing, first: NewDocument, second: NewDocument) -> tuple[uuid.UUID, uuid.UUID]:
    """Two texts at once, as `keep_document` keeps one: in one statement, for what happens often."""
    ids, values = (new_id(), new_id()), []
    for document_id, new in zip(ids, (first, second), strict=True):
        plain = new.text.encode()
        sealed = key.seal(zlib.compress(plain, LEVEL), _place(document_id))
        values += [key.customer_id, document_id, new.kind, new.about, new.lang, hashlib.sha256(plain).digest(), sealed, new.day]
    unit.write(QUERIES["documents_added"], values)
    return ids


def read_document(unit: Unit, key: Sealing, document_id: uuid.UUID) -> tuple[DocumentRow, str]:
    """A document and its text. Raises DocumentUnknown, SealBroken, DocumentAltered. The record of who read it is the caller's."""
    (rows,) = unit.read((QUERIES["document_read"], (key.customer_id, document_id)))
    if not rows:
        raise DocumentUnknown("document", document_id)
    plain = zlib.decompress(key.open(rows[0].sealed, _place(document_id)))
    if hashlib.sha256(plain).digest() != rows[0].sha256:
        raise DocumentAltered("document", document_id)
    return _row(rows[0]), plain.decode()


def documents_of(unit: Unit, customer_id: uuid.UUID) -> Sequence[DocumentRow]:
    """What documents a customer has, the newest last; nothing is opened."""
    (rows,) = unit.read((QUERIES["documents_of"], (customer_id,)))
    return tuple(_row(each) for each in rows)


def language_about(unit: Unit, customer_id: uuid.UUID, about: uuid.UUID) -> str | None:
    """The language of the newest document about a loan or a facility, as the customer chose it; None without one."""
    (rows,) = unit.read((QUERIES["document_language"], (customer_id, about)))
    return str(rows[0].lang) if rows else None


def _row(row: Any) -> DocumentRow:
    return DocumentRow(row.document_id, row.kind, row.about, row.lang, row.sha256, row.day)


def _place(document_id: uuid.UUID) -> Where:
    return Where("document", "sealed", document_id.hex)
