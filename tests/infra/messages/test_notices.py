"""Notices: their texts, the rules of contact, and how they are sent."""

from __future__ import annotations

import datetime as dt
import json
import re
import threading
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.foundation.refusal import Refusal
from shouxin.foundation.texts import LANGUAGES
from shouxin.infra.db.connect import Connection, Target, connect
from shouxin.infra.db.keys_errors import PersonErased, SealBroken
from shouxin.infra.db.unit import Unit, in_unit
from shouxin.infra.messages import notice_texts
from shouxin.infra.messages.channels import FileChannel, Message
from shouxin.infra.messages.contact_rules import MOST_A_DAY, Reach, Waiting, chosen, may_contact_at, next_morning, own_reach
from shouxin.infra.messages.notice_texts import KINDS, text_of
from shouxin.infra.messages.notices import Notice, NoticeRow, add_notice, add_notices_from, notices_of
from shouxin.infra.messages.sending import MOST_FAILURES, NoticeJob, send_notices
from tests.infra.messages.happenings import TODAY, add_customer

BEIJING = dt.timezone(dt.timedelta(hours=8))
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=BEIJING)
FACTS: dict[str, Any] = {
    "amount": 50_000,
    "first": 12_345,
    "most": 5_000_000,
    "before": 4_000_000,
    "rate_ppm": 109_500,
    "number": 3,
    "day": "2026-03-02",
    "due": "2026-04-02",
    "expires": "2027-03-02",
    "product": {"zh": "个人消费贷", "en": "Consumer line"},
    "reason": {"zh": "报送内容与账务记录一致", "en": "the record says what the books say"},
}
LOAN = uuid.UUID(int=0xABCDEF)


def settled(customer_id: uuid.UUID, about: int = 1, kind: str = "loan_settled", **more: Any) -> Notice:
    return replace(Notice(customer_id, kind, uuid.UUID(int=about), TODAY, FACTS), **more)


def add(connection: Connection, *notices: Notice) -> None:
    def work(unit: Unit) -> None:
        for each in notices:
            add_notice(unit, each)

    in_unit(connection, work)


def read(connection: Connection, customer_id: uuid.UUID) -> tuple[NoticeRow, ...]:
    return in_unit(connection, lambda unit: notices_of(unit, customer_id))


def states(connection: Connection, customer_id: uuid.UUID) -> list[str]:
    return [each.status for each in read(connection, customer_id)]


def attempts(connection: Connection, customer_id: uuid.UUID) -> list[tuple[Any, ...]]:
    asked = "SELECT attempt, step, contact, detail FROM notice_attempt WHERE customer_id = %s ORDER BY at, attempt, step"
    rows = connection.execute(asked, (customer_id,)).fetchall()
    connection.rollback()
    return rows


@dataclass
class Phone:
    """A channel and the customers' contacts at once."""

    sent: list[Message] = field(default_factory=list)
    contact: str = "phone"
    failing: bool = False
    raised: type[Refusal] | None = None

    def send(self, message: Message) -> None:
        if self.failing:
            raise TimeoutError(message.to)
        self.sent.append(message)

    def reaches(self, unit: Unit, customer_id: uuid.UUID, day: dt.date) -> Sequence[Reach]:
        if self.raised:
            raise self.raised("customer", customer_id)
        return [Reach(customer_id, 7, "phone", "main", "+8613800138000")]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_is_written_whole(kind: str, lang: str) -> None:
    text = text_of(kind, LOAN, FACTS, lang)
    assert not re.search(r"[{}]|None", text)
    assert ("个人消费贷" if lang == "zh" else "Consumer line") in text or "product" not in KINDS[kind].needed
    if "rate_ppm" in KINDS[kind].needed:
        assert ("年化利率（单利）10.95%" if lang == "zh" else "10.95% a year, simple") in text
    assert not re.search(r"日利率|日息|万分之|a day at|关闭不影响征信|秒批|必过|修复征信", text)
    assert len(text) <= (120 if lang == "zh" else 260)


def test_a_text() -> None:
    facts = {"number": 3, "due": "2026-04-02", "amount": 123_456}
    expected = "您尾号ABCDEF的借款第3期将于2026年4月2日到期，应还1,234.56元，请确保还款账户余额充足。"
    assert text_of("instalment_due_soon", LOAN, facts, "zh") == expected


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("made_up", {}, "NoticeKindUnknown"),
    ("loan_settled", {"amount": 0.5}, "NoticeFactMissing"),
    ("loan_settled", {"day": "tomorrow"}, "NoticeFactUnreadable"),
    ("repayment_received", {"day": "2026-03-02", "amount": 0.5}, "NoticeFactUnreadable"),
    ("facility_closed", {"day": "2026-03-02", "product": {}}, "NoticeFactUnreadable"),
]


@pytest.mark.parametrize(("kind", "facts", "code"), REFUSED)
def test_what_is_no_notice(kind: str, facts: dict[str, Any], code: str, connection: Connection) -> None:
    customer = add_customer(connection)
    with pytest.raises(Refusal) as refused:
        add(connection, settled(customer, kind=kind, facts=facts))
    assert refused.value.code == code and refused.value.text("zh")
    assert read(connection, customer) == ()


def test_each_refusal_has_a_row() -> None:
    assert list(dict.fromkeys(code for _, _, code in REFUSED)) == [each.__name__ for each in notice_texts.ORDER]


def test_a_text_that_names_no_fact_is_found_at_once() -> None:
    with pytest.raises(ValueError, match="phone"):
        notice_texts._kind({"rank": 1, "keeps_days": 1, "zh": "{phone}", "en": ""})


def test_a_notice_is_written_once(connection: Connection) -> None:
    customer = add_customer(connection)
    add(connection, settled(customer), settled(customer, lang="en"), settled(customer, on_day=TODAY - dt.timedelta(days=1)))
    found = read(connection, customer)
    assert [(each.notice.on_day.day, each.notice.lang, each.status) for each in found] == [
        (2, "zh", "waiting"),
        (1, "zh", "waiting"),
    ]
    assert found[0].text == "您尾号000001的借款已于2026年3月2日结清，可随时申请结清证明。"


def test_notices_for_many_by_one_statement(connection: Connection) -> None:
    customers = [add_customer(connection) for _ in range(3)]
    select = """
        SELECT customer_id, 'instalment_due_soon' AS kind, customer_id AS about, %s::date AS on_day,
          jsonb_build_object('number', 1, 'due', '2026-03-05', 'amount', 100) AS facts
        FROM customer WHERE customer_id = ANY(%s)
    """
    for _ in range(2):
        in_unit(connection, lambda unit: add_notices_from(unit, select, (TODAY, customers)))
    assert [len(read(connection, each)) for each in customers] == [1, 1, 1]
    assert "应还1.00元" in read(connection, customers[0])[0].text


times = st.integers(0, 400 * 24 * 60).map(lambda minutes: NOON + dt.timedelta(minutes=minutes))


@given(times)
def test_the_next_morning_is_allowed(local: dt.datetime) -> None:
    assert may_contact_at(next_morning(local)) and next_morning(local) > local
    assert may_contact_at(local) == (8 <= local.hour < 22)


some_waiting = st.builds(
    lambda kind, about, age: Waiting(LOAN, kind, uuid.UUID(int=about), TODAY - dt.timedelta(days=age), "zh", {}),
    st.sampled_from([*KINDS, "made_up"]),
    st.integers(0, 9),
    st.integers(0, 60),
)


@given(st.lists(some_waiting, max_size=12), st.integers(0, 5))
def test_the_most_urgent_go_first_and_never_too_many(waiting: list[Waiting], made: int) -> None:
    found = chosen(waiting, made, TODAY)
    assert len(found.told) <= max(0, MOST_A_DAY - made)
    assert len(found.told) == max(0, MOST_A_DAY - made) or not found.tomorrow
    ranks = [KINDS[each.kind].rank if each.kind in KINDS else 0 for each in (*found.told, *found.tomorrow)]
    assert ranks == sorted(ranks)
    assert all((TODAY - each.on_day).days > KINDS[each.kind].keeps_days for each in found.expired)
    assert sorted(map(repr, (*found.told, *found.expired, *found.tomorrow))) == sorted(map(repr, waiting))


def test_only_the_customers_own_contacts() -> None:
    def reach(purpose: str, kind: str = "phone", customer_id: uuid.UUID = LOAN) -> Reach:
        return Reach(customer_id, 1, kind, purpose, "x")

    work, friend, email = reach("work"), reach("main", customer_id=uuid.UUID(int=5)), reach("main", "email")
    assert own_reach(LOAN, "phone", [work, friend, email]) is None
    assert own_reach(LOAN, "phone", [work, reach("main"), reach("notices")]) == reach("notices")
    assert "138" not in repr(replace(work, text="138"))


def test_notices_are_sent_and_each_try_is_kept(connection: Connection) -> None:
    customer, phone = add_customer(connection), Phone()
    add(connection, settled(customer, lang="en"))
    assert send_notices(connection, phone, phone, NOON) == 1
    (message,) = phone.sent
    assert (message.to, message.text[:36]) == ("+8613800138000", "Your loan ending in 000001 was settl")
    assert states(connection, customer) == ["sent"]
    assert attempts(connection, customer) == [(1, "begun", 7, None), (1, "delivered", 7, None)]
    assert send_notices(connection, phone, phone, NOON) == 0


def test_nobody_is_contacted_at_night(connection: Connection) -> None:
    customer, phone = add_customer(connection), Phone()
    add(connection, settled(customer))
    for hour in (22, 23, 0, 7):
        assert send_notices(connection, phone, phone, NOON.replace(hour=hour)) == 0
    assert phone.sent == [] and states(connection, customer) == ["waiting"]
    assert send_notices(connection, phone, phone, NOON.replace(hour=8)) == 1


def test_three_a_day_and_the_rest_tomorrow_the_most_urgent_first(connection: Connection) -> None:
    customer, phone = add_customer(connection), Phone()
    add(connection, *(settled(customer, about) for about in range(1, 5)))
    assert send_notices(connection, phone, phone, NOON) == 3
    add(connection, settled(customer, 9, kind="instalment_late"))
    assert send_notices(connection, phone, phone, NOON.replace(hour=13)) == 0
    tomorrow = next_morning(NOON)
    assert send_notices(connection, phone, phone, tomorrow) == 2
    assert [each.kind for each in phone.sent] == ["loan_settled"] * 3 + ["instalment_late", "loan_settled"]
    assert set(states(connection, customer)) == {"sent"}


def test_what_is_not_worth_telling_any_more_is_not_told(connection: Connection) -> None:
    customer, phone = add_customer(connection), Phone()
    add(connection, settled(customer, kind="instalment_due_soon", on_day=TODAY - dt.timedelta(days=4)))
    assert send_notices(connection, phone, phone, NOON) == 1
    assert phone.sent == [] and states(connection, customer) == ["expired"]


@pytest.mark.parametrize(("raised", "status"), [(PersonErased, "unreachable"), (SealBroken, "withheld")])
def test_contacts_that_cannot_be_read(connection: Connection, raised: type[Refusal], status: str) -> None:
    customer, phone = add_customer(connection), Phone(raised=raised)
    add(connection, settled(customer))
    assert send_notices(connection, phone, phone, NOON) == 1
    assert phone.sent == [] and states(connection, customer) == [status]


def test_no_contact_of_the_channels_kind(connection: Connection) -> None:
    customer, phone = add_customer(connection), Phone(contact="email")
    add(connection, settled(customer))
    assert send_notices(connection, phone, phone, NOON) == 1
    assert states(connection, customer) == ["unreachable"] and attempts(connection, customer) == []


def test_the_phone_of_the_dead_is_left_alone(connection: Connection) -> None:
    customer, phone = add_customer(connection), Phone()
    add(connection, settled(customer))
    connection.execute("UPDATE customer SET state = 'deceased' WHERE customer_id = %s", (customer,))
    connection.commit()
    assert send_notices(connection, phone, phone, NOON) == 1
    assert phone.sent == [] and states(connection, customer) == ["withheld"]


def test_a_text_with_a_fault_is_withheld_alone(connection: Connection) -> None:
    customer, phone = add_customer(connection), Phone()
    add(connection, settled(customer))
    select = (
        "SELECT customer_id, 'loan_settled' AS kind, customer_id AS about, %s::date AS on_day, '{}'::jsonb AS facts FROM customer"
    )
    in_unit(connection, lambda unit: add_notices_from(unit, f"{select} WHERE customer_id = %s", (TODAY, customer)))
    assert send_notices(connection, phone, phone, NOON) == 2
    assert sorted(states(connection, customer)) == ["sent", "withheld"]


def test_a_failing_channel_is_tried_again_and_does_not_count_as_contact(connection: Connection) -> None:
    customer, phone = add_customer(connection), Phone(failing=True)
    add(connection, settled(customer))
    for attempt in range(1, 5):
        assert send_notices(connection, phone, phone, NOON + dt.timedelta(hours=attempt)) == 1
        assert send_notices(connection, phone, phone, NOON + dt.timedelta(hours=attempt, minutes=4)) == 0
    assert read(connection, customer)[0].failures == 4
    phone.failing = False
    assert send_notices(connection, phone, phone, NOON + dt.timedelta(hours=9)) == 1
    assert states(connection, customer) == ["sent"]
    assert attempts(connection, customer)[-3:] == [
        (4, "failed", 7, "TimeoutError"),
        (5, "begun", 7, None),
        (5, "delivered", 7, None),
    ]


def test_who_cannot_be_reached_six_times_is_given_up(connection: Connection) -> None:
    customer, phone = add_customer(connection), Phone(failing=True)
    add(connection, settled(customer))
    for day in range(MOST_FAILURES):
        assert send_notices(connection, phone, phone, NOON + dt.timedelta(days=day)) == 1
    assert states(connection, customer) == ["unreachable"]


def test_who_dies_while_sending_never_makes_too_many_contacts(connection: Connection) -> None:
    class Dying(Phone):
        def send(self, message: Message) -> None:
            super().send(message)
            raise KeyboardInterrupt

    customer, phone = add_customer(connection), Dying()
    add(connection, *(settled(customer, about) for about in range(1, 4)))
    with pytest.raises(KeyboardInterrupt):
        send_notices(connection, phone, phone, NOON)
    after = Phone()
    assert send_notices(connection, after, after, NOON + dt.timedelta(minutes=9)) == 0
    assert send_notices(connection, after, after, NOON + dt.timedelta(minutes=11)) == 0
    assert send_notices(connection, after, after, next_morning(NOON)) == 3
    assert len(phone.sent) == 1


def test_a_customer_whom_a_command_holds_is_told_later(connection: Connection, other: Connection) -> None:
    customer, phone = add_customer(connection), Phone()
    add(connection, settled(customer))
    other.execute("SELECT FROM customer WHERE customer_id = %s FOR NO KEY UPDATE", (customer,))
    assert send_notices(connection, phone, phone, NOON) == 0
    other.rollback()
    assert send_notices(connection, phone, phone, NOON) == 1


def test_two_workers_never_contact_anybody_more_than_three_times(database: Target, connection: Connection) -> None:
    customers, phone = [add_customer(connection) for _ in range(12)], Phone()
    add(connection, *(settled(customer, about) for customer in customers for about in range(1, 7)))

    def work() -> None:
        with connect(database.app) as own:
            for _ in range(20):
                send_notices(own, phone, phone, NOON)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert sorted(each.customer_id for each in phone.sent) == sorted([*customers] * 3)
    assert len({(each.customer_id, each.about) for each in phone.sent}) == len(phone.sent)


def test_the_job_asks_the_database_for_the_time(connection: Connection) -> None:
    customer, phone = add_customer(connection), Phone()
    add(connection, settled(customer, on_day=dt.date.today()))  # noqa: DTZ011 - the job looks at the real day
    worked = [NoticeJob(phone, phone, zone).run_once(connection) for zone in ("Asia/Shanghai", "America/New_York")]
    assert sum(worked) == 1 == len(phone.sent)  # one of the two is never in its night
    assert states(connection, customer) == ["sent"]


def test_the_file_channel_keeps_messages(tmp_path: Path) -> None:
    channel = FileChannel(tmp_path / "out" / "notices.jsonl")
    message = Message(LOAN, "loan_settled", LOAN, TODAY, 1, "+8613800138000", "已结清")
    channel.send(message)
    channel.send(replace(message, attempt=2))
    lines = [json.loads(each) for each in channel.path.read_text("utf-8").splitlines()]
    assert [each["attempt"] for each in lines] == [1, 2]
    assert lines[0] | {"key": ""} == {"key": "", "attempt": 1, "to": "+8613800138000", "text": "已结清"}
    assert lines[0]["key"] == lines[1]["key"] == f"{LOAN}/loan_settled/{LOAN}/2026-03-02"
    assert channel.path.stat().st_mode & 0o777 == 0o600 and "138" not in repr(message)
