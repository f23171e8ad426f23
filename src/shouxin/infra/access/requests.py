"""Requests and their answers. A request that comes again gets the first answer, also where that was a refusal.

The key belongs to the customer whose row is held: so two requests with one key never run at once, and whoever comes second
finds the answer. An answer is written in the transaction of what it tells of: there is no answer without its effect, and no
effect without its answer.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.queries import load_queries
from shouxin.infra.db.unit import Statement, Unit

QUERIES = load_queries(__package__)
KEPT_DAYS = 400


class KeyUsedForAnother(Refusal):
    """An idempotency key that was used for something else."""

    en = "a new key: this one belongs to an earlier request that asked for something else"
    zh = "请换用新的请求号：该请求号已用于内容不同的请求"


class KeyUnusable(Refusal):
    """No key, or one that is too long."""

    en = "a key of 1 to 200 characters, the same whenever the same request is sent again"
    zh = "请求号须为 1 至 200 个字符，重发同一请求时保持不变"


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks for what, under which key.

    body: what is asked, as JSON values; the same request again has the same
    """

    principal: str
    key: str
    action: str
    body: Mapping[str, Any]

    @property
    def hash(self) -> bytes:
        """SHA-256 of what is asked."""
        return hashlib.sha256(json.dumps([self.action, self.body], sort_keys=True, default=str).encode()).digest()


@dataclass(frozen=True, slots=True)
class Answer:
    """What was done, or why not. repeated: it is the answer of an earlier request with the same key."""

    done: bool
    body: Mapping[str, Any]
    repeated: bool = False

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        return {"done": self.done, **({"refusal": self.body} if not self.done else self.body)}


def refused(refusal: Refusal) -> Answer:
    """The answer that a refusal is, in both languages."""
    plain = {"code": refusal.code, "field": refusal.field, "value": refusal.value}
    return Answer(False, {**plain, "en": refusal.right("en"), "zh": refusal.right("zh")})


def kept_answer(customer_id: uuid.UUID, request: Request) -> Statement:
    """The statement that looks for the answer of an earlier request; its rows go to `answer_of`."""
    return QUERIES["answer_kept"], (customer_id, request.key)


def answer_of(request: Request, rows: Sequence[Any]) -> Answer | None:
    """The answer that was given before, None where none was. Raises KeyUnusable, KeyUsedForAnother.

    rows: each with `hash` and `answer`; NULL where there is none
    """
    if not 1 <= len(request.key) <= 200:
        raise KeyUnusable("key", request.key)
    if not rows or rows[0].hash is None:
        return None
    if rows[0].hash != request.hash:
        raise KeyUsedForAnother("key", request.key)
    return Answer(rows[0].answer["done"], rows[0].answer["body"], repeated=True)


def keep_answer(unit: Unit, customer_id: uuid.UUID, request: Request, answer: Answer, day: dt.date) -> None:
    """Write the answer, in the transaction of what it tells of."""
    text = json.dumps({"done": answer.done, "body": answer.body}, ensure_ascii=False, separators=(",", ":"), default=str)
    unit.write(QUERIES["answer_added"], (customer_id, request.key, request.hash, request.principal, text, day))


def drop_answers(unit: Unit, today: dt.date) -> None:
    """Forget answers that are older than 400 days."""
    unit.write(QUERIES["answers_dropped"], (today - dt.timedelta(days=KEPT_DAYS),))
