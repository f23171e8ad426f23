"""Charts as SVG: pure functions from values to text, the same bytes for the same values.

They need no script, no style sheet and no font from outside, are told apart in black and white, and say in `title` and `desc`
what they show. Read `charts_model.py` next: what a chart is made of. `charts_lines.py`, `charts_columns.py`, `charts_bars.py`
and `charts_heat.py` each draw one kind; the other `charts_*` files lay out ticks, names and legends. Who uses charts imports
from here.
"""

from shouxin.foundation.charts_bars import bar_chart
from shouxin.foundation.charts_columns import column_chart, histogram
from shouxin.foundation.charts_heat import heat_map
from shouxin.foundation.charts_lines import line_chart
from shouxin.foundation.charts_measure import one_line
from shouxin.foundation.charts_model import Axis, Bars, Heading, Level, Reference, Series, Shape, checked_id
from shouxin.foundation.charts_svg import Svg
from shouxin.foundation.charts_ticks import NumberStyle

__all__ = [
    "Axis",
    "Bars",
    "Heading",
    "Level",
    "NumberStyle",
    "Reference",
    "Series",
    "Shape",
    "Svg",
    "bar_chart",
    "checked_id",
    "column_chart",
    "heat_map",
    "histogram",
    "line_chart",
    "one_line",
]
