"""The file sink: durable, each event once, whoever else writes and whoever died while writing."""

from __future__ import annotations

import datetime as dt
import json
import os
import threading
import uuid
from pathlib import Path

import pytest

from shouxin.infra.messages import sinks
from shouxin.infra.messages.outbox import Told
from shouxin.infra.messages.sinks import FileSink, line_of
from tests.infra.messages.happenings import TODAY

ONE, TWO = uuid.UUID(int=1), uuid.UUID(int=2)
NEXT_DAY = TODAY + dt.timedelta(days=1)
AT = dt.datetime(2026, 3, 2, 1, 2, 3, tzinfo=dt.UTC)


def event(customer_id: uuid.UUID, number: int, booked: dt.date = TODAY) -> Told:
    body = {"text": "一行\n两行\u2028"}
    return Told(customer_id, number, "made.up", None, uuid.UUID(int=9), booked, booked, AT, "clerk-1", None, body)


def tell(sink: FileSink, *events: Told) -> None:
    for each in events:
        sink.deliver(each)
    sink.settle()


def written(folder: Path, day: dt.date = TODAY) -> list[tuple[uuid.UUID, int]]:
    lines = (folder / f"events-{day}.jsonl").read_bytes().split(b"\n")
    assert lines.pop() == b""
    return [(uuid.UUID(each["customer_id"]), each["number"]) for each in map(json.loads, lines)]


def test_a_line_says_everything() -> None:
    assert json.loads(line_of(event(ONE, 7))) == {
        "customer_id": str(ONE),
        "number": 7,
        "kind": "made.up",
        "facility_id": None,
        "loan_id": str(uuid.UUID(int=9)),
        "effective": "2026-03-02",
        "booked": "2026-03-02",
        "at": "2026-03-02 01:02:03+00:00",
        "principal": "clerk-1",
        "reason": None,
        "body": {"text": "一行\n两行\u2028"},
    }
    assert line_of(event(ONE, 7)).count(b"\n") == 1


def test_what_comes_again_is_written_once(tmp_path: Path) -> None:
    folder = tmp_path / "events"
    sink = FileSink(folder)
    tell(sink, event(ONE, 1), event(ONE, 2), event(TWO, 1))
    tell(sink, event(ONE, 2), event(ONE, 3))
    tell(FileSink(folder), event(ONE, 1), event(ONE, 4), event(TWO, 1))
    sink.settle()
    assert written(folder) == [(ONE, 1), (ONE, 2), (TWO, 1), (ONE, 3), (ONE, 4)]
    assert (folder / f"events-{TODAY}.jsonl").stat().st_mode & 0o777 == 0o600


def test_each_booked_day_has_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sinks, "MOST_FILES_KNOWN", 1)
    sink = FileSink(tmp_path)
    for _ in range(2):
        tell(sink, event(ONE, 1), event(ONE, 2, NEXT_DAY))
    assert written(tmp_path) == [(ONE, 1)] and written(tmp_path, NEXT_DAY) == [(ONE, 2)]


def test_half_a_line_is_cut_off(tmp_path: Path) -> None:
    whole = line_of(event(ONE, 1))
    (tmp_path / f"events-{TODAY}.jsonl").write_bytes(whole + line_of(event(ONE, 2))[:-5])
    tell(FileSink(tmp_path), event(ONE, 2))
    assert written(tmp_path) == [(ONE, 1), (ONE, 2)]


def test_a_file_that_was_taken_away_is_begun_again(tmp_path: Path) -> None:
    sink = FileSink(tmp_path)
    tell(sink, event(ONE, 1), event(ONE, 2))
    (tmp_path / f"events-{TODAY}.jsonl").unlink()
    tell(sink, event(ONE, 3))
    assert written(tmp_path) == [(ONE, 3)]


def test_what_could_not_be_written_is_not_taken_for_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sink = FileSink(tmp_path)
    tell(sink, event(ONE, 1))

    def fails(_: object) -> None:
        raise OSError(5, "Input/output error")

    sink.deliver(event(ONE, 2))
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fails)
        with pytest.raises(OSError, match="Input/output"):
            sink.settle()
    assert written(tmp_path) == [(ONE, 1)]
    sink.settle()
    tell(sink, event(ONE, 2), event(ONE, 3))
    assert written(tmp_path) == [(ONE, 1), (ONE, 2), (ONE, 3)]


def test_several_may_write_to_one_folder(tmp_path: Path) -> None:
    def write(sink: FileSink) -> None:
        for number in range(1, 101):
            tell(sink, event(ONE, number), event(TWO, number))

    writers = [threading.Thread(target=write, args=(FileSink(tmp_path),)) for _ in range(3)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    found = written(tmp_path)
    assert [number for customer, number in found if customer == ONE] == list(range(1, 101))
    assert [number for customer, number in found if customer == TWO] == list(range(1, 101))
