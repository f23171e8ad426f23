"""Documents are kept as they were, for the customer's key alone."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid

import psycopg
import pytest

from shouxin.infra.db.connect import Connection, Target, connect
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.keys_errors import SealBroken
from shouxin.infra.db.keys_of_customers import CustomerKey, add_key
from shouxin.infra.db.unit import in_unit
from shouxin.infra.messages.documents import (
    CONTRACT,
    DISCLOSURE,
    DocumentAltered,
    DocumentRow,
    DocumentUnknown,
    NewDocument,
    documents_of,
    keep_document,
    read_document,
)
from tests.infra.messages.happenings import TODAY, add_customer

TEXT = "借款合同\n" + "第一条 甲方向乙方提供借款。\n" * 200
LOAN = uuid.UUID(int=5)
NEW = NewDocument(CONTRACT, TEXT, "zh", TODAY, LOAN)


@pytest.fixture
def key(connection: Connection, ring: KeyRing) -> CustomerKey:
    customer_id = add_customer(connection)
    return in_unit(connection, lambda unit: add_key(unit, ring, customer_id))


def keep(connection: Connection, key: CustomerKey, new: NewDocument) -> uuid.UUID:
    return in_unit(connection, lambda unit: keep_document(unit, key, new))


def read(connection: Connection, key: CustomerKey, document_id: uuid.UUID) -> tuple[DocumentRow, str]:
    return in_unit(connection, lambda unit: read_document(unit, key, document_id))


def test_a_document_is_read_as_it_was_kept(connection: Connection, key: CustomerKey) -> None:
    first = keep(connection, key, NEW)
    second = keep(connection, key, NewDocument(DISCLOSURE, "", "en", TODAY + dt.timedelta(days=1)))
    row, text = read(connection, key, first)
    assert text == TEXT
    assert row == DocumentRow(first, CONTRACT, LOAN, "zh", hashlib.sha256(TEXT.encode()).digest(), TODAY)
    assert read(connection, key, second)[1] == ""
    listed = in_unit(connection, lambda unit: documents_of(unit, key.customer_id))
    assert [(each.document_id, each.kind, each.about) for each in listed] == [(first, CONTRACT, LOAN), (second, DISCLOSURE, None)]


def test_nothing_can_be_read_without_the_key(connection: Connection, key: CustomerKey) -> None:
    document_id = keep(connection, key, NEW)
    row = connection.execute("SELECT sealed FROM document WHERE document_id = %s", (document_id,)).fetchone()
    assert row and isinstance(row[0], bytes) and len(row[0]) < len(TEXT.encode()) / 5 and "借款" not in repr(NEW)
    with pytest.raises(SealBroken):
        read(connection, CustomerKey(key.customer_id, bytes(32)), document_id)


def test_what_the_customer_does_not_have(connection: Connection, key: CustomerKey) -> None:
    document_id = keep(connection, key, NEW)
    with pytest.raises(DocumentUnknown):
        read(connection, CustomerKey(uuid.UUID(int=9), key.key), document_id)


def test_tampering_shows(connection: Connection, key: CustomerKey, database: Target) -> None:
    document_id, other = keep(connection, key, NEW), keep(connection, key, NEW)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("UPDATE document SET kind = 'other'")
    connection.rollback()
    with connect(database.owner) as owner:
        owner.execute("UPDATE document SET sha256 = %s WHERE document_id = %s", (bytes(32), document_id))
        moved = "UPDATE document SET sealed = (SELECT sealed FROM document WHERE document_id = %s) WHERE document_id = %s"
        owner.execute(moved, (document_id, other))
    with pytest.raises(DocumentAltered):
        read(connection, key, document_id)
    with pytest.raises(SealBroken):
        read(connection, key, other)
