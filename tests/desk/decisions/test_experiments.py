"""Champion and challenger: a second bundle watches, or decides a capped share; what is refused."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest

from shouxin.desk.decisions import experiments as trial
from shouxin.desk.decisions.experiments import Challenge, Experiment, challenge, end_experiment, experiments
from shouxin.desk.decisions.store import decisions_of
from shouxin.engines.policy.load import from_texts, load
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.connect import Target
from shouxin.infra.db.unit import in_unit
from tests.desk.origination.applicant import Desk, desk
from tests.desk.servicing.lender import DAY

STANDARD = load("standard")
# The same policy but for a lower limit of the consumer line.
CHALLENGER = from_texts(
    {
        name: text.replace("maximum: 300000", "maximum: 60000") if name == "products/consumer-line.yaml" else text
        for name, text in STANDARD.texts.items()
    }
)


@pytest.fixture
def lender(database: Target) -> Iterator[Desk]:
    """A lender under `standard`."""
    with desk(database) as found:
        yield found


def begin(lender: Desk, **changes: object) -> Experiment:
    day = lender.today
    wanted = replace(Challenge(CHALLENGER, day, day + 10 * DAY), **changes)  # type: ignore[arg-type]
    return in_unit(lender.connection, partial(challenge, wanted=wanted, principal="test", today=day))


def refused(lender: Desk, **changes: object) -> type[Refusal]:
    with pytest.raises(Refusal) as caught:
        begin(lender, **changes)
    return type(caught.value)


def test_what_is_refused_in_order(lender: Desk) -> None:
    day = lender.today
    assert refused(lender, since=day - DAY, until=day - 2 * DAY, share_ppm=-1) is trial.ExperimentEndsBeforeItBegins
    assert refused(lender, since=day - DAY, share_ppm=-1) is trial.ExperimentBeginsInThePast
    assert refused(lender, share_ppm=500_001) is trial.ShareTooLarge
    assert refused(lender, share_ppm=1) is trial.CapMissing and refused(lender, most=1) is trial.CapMissing
    made = begin(lender)
    assert refused(lender, since=day + 10 * DAY, until=day + 20 * DAY) is trial.ExperimentRunning
    with pytest.raises(trial.ExperimentUnknown):
        in_unit(lender.connection, partial(end_experiment, number=99, principal="test", today=day))
    in_unit(lender.connection, partial(end_experiment, number=made.number, principal="test", today=day))
    with pytest.raises(trial.ExperimentUnknown):
        in_unit(lender.connection, partial(end_experiment, number=made.number, principal="test", today=day))
    lender.close_until(day + DAY)


def test_a_challenger_watches(lender: Desk) -> None:
    made = begin(lender)
    lin = lender.named("lin")
    (offer,) = lender.apply(lin, consumer_line=100_000)
    assert offer["limit"] == 10_000_000
    first, second = in_unit(lender.connection, partial(decisions_of, customer_id=lin))
    assert (first.kind, second.kind, second.follows) == ("application", "shadow", first.decision_id)
    assert first.bundle.hex() == STANDARD.hash and second.bundle.hex() == CHALLENGER.hash
    assert first.experiment == second.experiment == made.number
    in_unit(lender.connection, partial(end_experiment, number=made.number, principal="test", today=lender.today))
    lender.close_until(lender.today + DAY)


def test_a_challenger_that_needs_more_than_is_known_stops_nobody(lender: Desk) -> None:
    more = "  extra_check: {type: bool, required: true, source: profile, zh: 附加核验, en: further check}\n"
    texts = {
        name: text.replace("\nfacts:\n", f"\nfacts:\n{more}") if name == "facts.yaml" else text
        for name, text in STANDARD.texts.items()
    }
    made = begin(lender, bundle=from_texts(texts))
    lin = lender.named("lin")
    (offer,) = lender.apply(lin, consumer_line=100_000)
    assert offer["outcome"] == "approve"
    assert [each.kind for each in in_unit(lender.connection, partial(decisions_of, customer_id=lin))] == ["application"]
    assert lender.one("SELECT count(*) FROM event WHERE customer_id = %s AND kind = 'experiment.left_out'", lin) == (1,)
    in_unit(lender.connection, partial(end_experiment, number=made.number, principal="test", today=lender.today))
    lender.close_until(lender.today + DAY)


def test_a_challenger_decides_its_share_up_to_its_cap(lender: Desk) -> None:
    made = begin(lender, share_ppm=500_000, most=2)
    limits = []
    for _ in range(12):
        lin = lender.named("lin")
        (offer,) = lender.apply(lin, consumer_line=100_000)
        limits.append((made.has(lin), offer["limit"]))
    by_challenger = [limit for inside, limit in limits if inside]
    assert [limit for inside, limit in limits if not inside] == [10_000_000] * (12 - len(by_challenger))
    most = min(2, len(by_challenger))  # who is inside is drawn by the customer's id
    assert by_challenger[:2] == [6_000_000] * most and set(by_challenger[2:]) <= {10_000_000}
    (found,) = [each for each in in_unit(lender.connection, experiments) if each.number == made.number]
    assert found.decided == most


def test_who_only_watches_has_nobody() -> None:
    day = dt.date(2026, 1, 5)
    assert not Experiment(1, b"", day, day, 0, 0, 0, "test").has(uuid.UUID(int=1))
