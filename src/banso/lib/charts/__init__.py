"""Geometry of charts: numbers in, coordinates out. No markup, no colour, no language.

Across, coordinates are percent of the plot's width (0 to 100), so one drawing fits every screen;
down, they are pixels from the top (0) to `height`. A missing value (None) is a gap, never zero.
"""

from banso.lib.charts.bars import Bar, BarPlot, bar_plot
from banso.lib.charts.heat import Cell, Cohort, heat_depth, heat_edges
from banso.lib.charts.labels import shortened
from banso.lib.charts.lines import Line, LinePlot, Series, Spark, line_plot, spark
from banso.lib.charts.parts import Segment, Stack, shares, stacks
from banso.lib.charts.scale import Tick, Values, nice_ticks, spread
from banso.lib.charts.waterfall import Fall, Step, Waterfall, waterfall

__all__ = [
    "Bar",
    "BarPlot",
    "Cell",
    "Cohort",
    "Fall",
    "Line",
    "LinePlot",
    "Segment",
    "Series",
    "Spark",
    "Stack",
    "Step",
    "Tick",
    "Values",
    "Waterfall",
    "bar_plot",
    "heat_depth",
    "heat_edges",
    "line_plot",
    "nice_ticks",
    "shares",
    "shortened",
    "spark",
    "spread",
    "stacks",
    "waterfall",
]
