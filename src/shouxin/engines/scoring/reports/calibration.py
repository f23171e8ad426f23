"""The section of a report on whether probabilities of default are what they say."""

from __future__ import annotations

from shouxin.engines.scoring.measuring.calibration import CalibrationBand
from shouxin.engines.scoring.reports.report import Block, Figure, Grid, Note, Section
from shouxin.engines.scoring.reports.words import Teller
from shouxin.engines.scoring.validating.validate_model import Validated
from shouxin.foundation.charts import Axis, NumberStyle, Reference, Series, Shape, line_chart


def calibration_section(found: Validated, tell: Teller) -> Section:
    """Bands of probability: what was said and what happened, the recalibrating line and the test."""
    bands = found.calibration.bands
    text = tell(
        "评分换算出的违约概率是否与实际相符。每段约十分之一的客户：平均违约概率应落在实际坏样本率的 95% 区间内。",
        "Whether the probability of default that a score stands for is what happens. Each band holds about a tenth of the "
        "rows: its mean probability should lie in the 95% interval of its bad rate.",
    )
    blocks: list[Block] = [_figure(bands, tell), _table(bands, tell), Note(_line(found, tell))]
    return Section("calibration", tell("校准", "Calibration"), text, tuple(blocks))


def _figure(bands: tuple[CalibrationBand, ...], tell: Teller) -> Figure:
    points = tuple((each.mean_pd, each.bad_rate.value) for each in bands)
    whiskers = tuple((each.bad_rate.low, each.bad_rate.high) for each in bands)
    series = Series(tell("各段", "bands"), points, whiskers, Shape.POINTS)
    top = max(max(point) for point in points)
    perfect = Reference(tell("完全相符", "exactly as said"), (0.0, 0.0), (top, top))
    x = Axis(tell("平均违约概率", "Mean probability of default"), NumberStyle.PERCENT, (0.0,))
    y = Axis(tell("实际坏样本率", "Bad rate"), NumberStyle.PERCENT, (0.0,))
    description = tell("点应落在斜线附近。", "The points should lie near the line.")
    heading = tell.heading("calibration-curve", tell("校准曲线", "Calibration curve"), description)
    caption = tell(
        "横轴：评分给出的违约概率；纵轴：实际坏样本率，竖线为 95% 区间。",
        "Across: the probability that the score stands for; up: what happened, with its 95% interval.",
    )
    return Figure(line_chart(heading, x, y, [series], [perfect]), caption)


def _table(bands: tuple[CalibrationBand, ...], tell: Teller) -> Grid:
    header = (
        *(tell("违约概率段", "Probability"), tell("样本数", "Rows"), tell("坏样本数", "Bads")),
        *(tell("平均违约概率", "Mean probability"), tell("实际坏样本率", "Bad rate"), tell("95% 区间", "95% interval")),
        tell("是否相符", "As said"),
    )
    rows = tuple(
        (
            f"{each.low:.2%}–{each.high:.2%}",
            *(tell.count(each.rows), tell.count(each.bads), tell.percent(each.mean_pd), tell.percent(each.bad_rate.value)),
            tell.percent_between(each.bad_rate),
            tell("是", "yes") if each.agrees else _off(each, tell),
        )
        for each in bands
    )
    return Grid(header, rows, tell("各违约概率段的实际表现", "What happened in each band of probability"))


def _off(band: CalibrationBand, tell: Teller) -> str:
    return tell("偏低", "too low") if band.mean_pd < band.bad_rate.low else tell("偏高", "too high")


def _line(found: Validated, tell: Teller) -> str:
    line, test = found.calibration.line, found.calibration.test
    told = tell(
        f"整体偏差（对数发生比）{line.in_the_large:+.3f}：大于 0 表示实际违约多于评分所说。",
        f"Calibration in the large (log odds) {line.in_the_large:+.3f}: above 0, more went bad than was said.",
    )
    if line.slope is not None and line.intercept is not None:
        told += tell(
            f"斜率 {line.slope:.3f}、截距 {line.intercept:+.3f}：完全相符时为 1 和 0；斜率小于 1 说明高低两端说得过满。",
            f" Slope {line.slope:.3f} and intercept {line.intercept:+.3f}: 1 and 0 where all is as said; a slope below 1 "
            "means that high and low probabilities are too far out.",
        )
    if test is not None:
        told += tell(
            f"Hosmer–Lemeshow 检验：卡方 {test.chi_square:.1f}，{test.bands} 段，p 值 {test.p_value:.4f}；样本很多时，"
            "微小偏差也会被判为显著，应以上表为准。",
            f" Hosmer-Lemeshow test: chi-square {test.chi_square:.1f} over {test.bands} bands, p-value {test.p_value:.4f}; "
            "with many rows it refuses small deviations too, so read the table.",
        )
    return told
