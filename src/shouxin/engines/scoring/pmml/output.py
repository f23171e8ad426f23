"""What an evaluator gives for a card: the sum of points, the score on the scale, its probability of default, reason codes."""

from __future__ import annotations

from collections.abc import Collection
from xml.etree import ElementTree as ET

from shouxin.engines.policy.model import Scale
from shouxin.engines.policy.plan import TOP_REASONS
from shouxin.engines.policy.stage_score import PD_STEP, pd_ppm
from shouxin.engines.scoring.pmml.conditions import apply, constant, reference

RAW, SCORE, PD = "points", "score", "pd_ppm"


def outputs(scale: Scale, taken: Collection[str]) -> ET.Element:
    """The Output element. `taken` are names of inputs, which no output may have."""
    raw, score, pd = (free(name, taken) for name in (RAW, SCORE, PD))
    found = ET.Element("Output")
    _field(found, raw, "integer", feature="predictedValue")
    clipped = apply("max", apply("min", reference(raw), constant(str(scale.highest), "integer")), _lowest(scale))
    _field(found, score, "integer", feature="transformedValue").append(clipped)
    _field(found, pd, "integer", feature="transformedValue").append(pd_bins(scale, score))
    for rank in range(1, TOP_REASONS + 1):
        _field(found, free(f"reason_{rank}", taken), "string", feature="reasonCode", rank=str(rank))
    return found


def free(name: str, taken: Collection[str]) -> str:
    """A name that is not taken.

    >>> free("score", {"score", "card_score"})
    'card_card_score'
    """
    while name in taken:
        name = f"card_{name}"
    return name


def _field(parent: ET.Element, name: str, kind: str, **more: str) -> ET.Element:
    optype = "categorical" if kind == "string" else "continuous"
    return ET.SubElement(parent, "OutputField", {"name": name, "optype": optype, "dataType": kind, **more})


def _lowest(scale: Scale) -> ET.Element:
    return constant(str(scale.lowest), "integer")


def pd_bins(scale: Scale, score: str) -> ET.Element:
    """The table of stage_score.pd_table: bands of 10 points, the probability of default at the middle of each, in ppm."""
    found = ET.Element("Discretize", field=score, dataType="integer")
    starts = list(range(scale.lowest, scale.highest, PD_STEP))
    for start in starts:
        bin_ = ET.SubElement(found, "DiscretizeBin", binValue=str(pd_ppm(start + PD_STEP // 2, scale)))
        interval = ET.SubElement(bin_, "Interval", closure="closedOpen")
        if start != starts[0]:
            interval.set("leftMargin", str(start))
        if start != starts[-1]:
            interval.set("rightMargin", str(start + PD_STEP))
    return found
