"""Exchanged scorecards against an independent PMML engine, JPMML-Evaluator, and against the schema of PMML 4.4 itself."""

from __future__ import annotations

import importlib
import importlib.util
import math
from collections.abc import Sequence
from typing import Any

import pytest

from shouxin.engines.scoring.cards.card import Card
from shouxin.engines.scoring.cards.score_one import score_one
from shouxin.engines.scoring.pmml.importing import import_pmml
from shouxin.engines.scoring.pmml.write import write_pmml
from tests.engines.scoring.pmml_cards import WHOLE_VALUES, random_card, rows_of, whole_card
from tests.engines.scoring.pmml_others import SAMPLE, random_pmml

SEEDS = range(12)


def validate(schema: Any, text: str) -> None:
    schema.assertValid(importlib.import_module("lxml.etree").fromstring(text.encode()))


def evaluator(backend: Any, text: str) -> Any:
    return importlib.import_module("jpmml_evaluator").make_evaluator(text.encode(), backend=backend).verify()


def assert_same(backend: Any, card: Card, rows: list[dict[str, Any]]) -> None:
    """Sum of points, score and probability of default, row by row; reason codes where no two characteristics lost as much."""
    engine = evaluator(backend, write_pmml(card))
    names = [each.name for each in engine.getOutputFields()]
    ranked = 0
    for row in rows:
        said, ours = engine.evaluate(row), score_one(card, row)
        total = card.shape.base + sum(ours.points.values())
        assert [said[name] for name in names[:3]] == [total, ours.score, ours.pd_ppm], row
        best = {each.name: each.best for each in card.policy.plan.characteristics}
        lost = [best[name] - points for name, points in ours.points.items()]
        if len({each for each in lost if each}) == sum(1 for each in lost if each):
            # the standard also lists characteristics that lost nothing, after those that did
            assert tuple(said[name] for name in names[3:])[: len(ours.reasons)] == ours.reasons, row
            ranked += 1
    assert ranked, "no row in which the order of the reasons is settled"


# -- out -----------------------------------------------------------------------------------------------------------------


def test_a_card_with_everything_is_valid_by_the_schema(schema: Any) -> None:
    validate(schema, write_pmml(whole_card()))


def test_a_card_with_everything_scores_the_same(backend: Any) -> None:
    assert_same(backend, whole_card(), rows_of(WHOLE_VALUES, 800, seed=5))


@pytest.mark.parametrize("seed", SEEDS)
def test_random_cards_are_valid_and_score_the_same(schema: Any, backend: Any, seed: int) -> None:
    card, values = random_card(seed)
    validate(schema, write_pmml(card))
    assert_same(backend, card, rows_of(values, 60, seed))


def total_of(engine: Any, row: dict[str, Any]) -> Any:
    """The total, or None where the engine gives no score: no attribute is true, or a value is invalid."""
    try:
        return engine.evaluate(row)["total"]
    except importlib.import_module("jpmml_evaluator").JavaError as error:
        if not any(each in str(error) for each in ("UndefinedResultException", "ValueCheckException")):
            raise
        return None


# -- in ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_scorecards_of_others_score_the_same_or_the_loss_is_told(schema: Any, backend: Any, seed: int) -> None:
    text, values = random_pmml(seed)
    validate(schema, text)
    imported = import_pmml(text.encode(), "others.pmml")
    gaps = [each.en for each in imported.losses if "no score for" in each.en]
    engine = evaluator(backend, text)
    scored = 0
    for row in rows_of(values, 80, seed):
        ours = score_one(imported.card, row)
        total = imported.card.shape.base + sum(ours.points.values())
        said = total_of(engine, row)
        if said is None:
            assert gaps, f"the engine gives no score for {row}, and nothing was told"
        else:
            assert said == total == ours.score, row
            scored += 1
    assert scored or gaps


def test_the_example_of_the_standard_scores_the_same(backend: Any) -> None:
    engine, card = evaluator(backend, SAMPLE), import_pmml(SAMPLE.encode(), "sample.pmml").card
    assert engine.evaluate({"department": "engineering", "age": 25, "income": 500})["Final Score"] == 29
    values: dict[str, Sequence[Any]] = {
        "department": [None, "marketing", "engineering", "business"],
        "age": [None, 18, 19, 29, 30, 39, 40],
        "income": [None, 1000, 1000.0000000000001, 2500, 2500.0000000000005, -math.inf, math.inf],
    }
    for row in rows_of(values, 200, seed=3):
        assert engine.evaluate(row)["Final Score"] == sum(score_one(card, row).points.values()), row
