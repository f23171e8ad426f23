"""Ids: UUIDs of version 7 (RFC 9562), which begin with the time at which they were made, so that new rows lie together."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import uuid_utils.compat

from shouxin.foundation.refusal import Refusal

NIL = uuid.UUID(int=0)


class IdUnreadable(Refusal):
    """The text is no id."""

    en = "a UUID such as 0198c0de-0000-7000-8000-000000000000"
    zh = "请填写 UUID，例如 0198c0de-0000-7000-8000-000000000000"


def new_id() -> uuid.UUID:
    """A new id, later than those before it in this process."""
    return uuid_utils.compat.uuid7()


def written_ids(ids: Iterable[uuid.UUID]) -> str:
    """Ids as PostgreSQL writes an array of them: a driver that looks at each takes as long as the statement.

    >>> written_ids([NIL])
    '{00000000-0000-0000-0000-000000000000}'
    """
    return "{" + ",".join(map(str, ids)) + "}"


def read_id(text: str, field: str = "id") -> uuid.UUID:
    """An id from its text; raises IdUnreadable.

    >>> read_id("0198C0DE-0000-7000-8000-000000000000")
    UUID('0198c0de-0000-7000-8000-000000000000')
    """
    try:
        return uuid.UUID(text)
    except (ValueError, AttributeError, TypeError):
        raise IdUnreadable(field, text) from None
