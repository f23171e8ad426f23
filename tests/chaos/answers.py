"""Whether every request was answered, and every answer is the stored one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from shouxin.infra.db.connect import Connection
from tests.chaos.findings import Findings, Kind
from tests.chaos.log import Record

REQUESTS = "SELECT customer_id::text, key, answer FROM request WHERE principal <> 'close of business'"


def judge_answers(connection: Connection, record: Record, findings: Findings) -> None:
    """Compare the logs with the stored answers."""
    cursor = connection.execute(REQUESTS)
    stored: dict[tuple[str, str], Any] = {(str(row[0]), str(row[1])): row[2] for row in cursor}
    asked = {(str(each.customer), each.key) for each in record.intents.values()}
    findings.add(Kind.FAULT, (f"{key}: {text}" for key, text in record.faults))
    findings.add(Kind.UNANSWERED, (f"{each.key} {each.action} of {each.customer}" for each in record.unanswered))
    findings.add(Kind.NOT_ASKED, (f"an answer to {key} of {customer}" for customer, key in sorted(stored.keys() - asked)))
    findings.add(Kind.NOT_ASKED, (f"an answer to {key}, a fault" for key, _ in record.faults if _is_stored(record, stored, key)))
    for key, tellings in record.tellings.items():
        intent = record.intents[key]
        name = f"{key} {intent.action} of {intent.customer}"
        kept = stored.get((str(intent.customer), key))
        if kept is None:
            findings.add(Kind.ANSWER_LOST, [name])
        for telling in tellings:
            told = {"done": telling.done, "body": telling.body}
            if told != (kept or {"done": tellings[0].done, "body": tellings[0].body}):
                findings.add(Kind.ANSWER_DIFFERS, [f"{name}: told {json.dumps(told)}, stored {json.dumps(kept)}"])


def _is_stored(record: Record, stored: dict[tuple[str, str], Any], key: str) -> bool:
    return key in record.intents and (str(record.intents[key].customer), key) in stored


def answered(record: Record) -> Iterator[tuple[str, bool, Any]]:
    """Key, whether it was done, and the body of the first answer, for all requests that were answered."""
    for key, tellings in record.tellings.items():
        yield key, tellings[0].done, tellings[0].body
