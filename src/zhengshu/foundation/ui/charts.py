"""A chart is data: the browser draws it, and whoever cannot see it reads the table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Shape = Literal["line", "bar", "stacked", "pie"]

MOST_LETTERS_BELOW = 8
"""Longer labels do not stand side by side below bars."""

NAME_PIXELS = 120
"""So much of a long label is shown beside its bar; the table has it whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A row of numbers with its name; as many as the chart has labels."""

    name: str
    values: tuple[int | float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart for `ui/chart.html`.

    Attributes:
        title: what it shows, in words; also the table's caption.
        labels: the horizontal axis (days, departments …).
        series: one or more rows of numbers.
        shape: line, bar, stacked bars or pie (of the first series).
        axis: what the labels are ("Day"), heads the first column of the table.
        unit: what is counted ("calls").
    """

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    shape: Shape = "bar"
    axis: str = ""
    unit: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The heads of the table that says the same."""
        return (self.axis, *(series.name for series in self.series))

    @property
    def rows(self) -> tuple[tuple[str | int | float, ...], ...]:
        """The rows of that table, the label first."""
        return tuple(
            (label, *(series.values[place] for series in self.series))
            for place, label in enumerate(self.labels)
        )

    @property
    def option(self) -> Mapping[str, object]:
        """Return the chart as ECharts reads it; colours and fonts are added in the browser."""
        if self.shape == "pie":
            slices = zip(self.labels, self.series[0].values, strict=True)
            rows = [{"name": label, "value": value} for label, value in slices]
            return {"series": [{"type": "pie", "radius": ["48%", "74%"], "data": rows}]}
        labels: dict[str, object] = {"type": "category", "data": list(self.labels)}
        values: dict[str, object] = {"type": "value", "name": self.unit}
        series = [self._drawn(series) for series in self.series]
        if self.shape != "line" and max(map(len, self.labels), default=0) > MOST_LETTERS_BELOW:
            shown = {"width": NAME_PIXELS, "overflow": "truncate"}
            labels |= {"inverse": True, "axisLabel": shown, "splitLine": {"show": False}}
            return {"xAxis": {"type": "value", "minInterval": 1}, "yAxis": labels, "series": series}
        return {"xAxis": labels, "yAxis": values, "series": series}

    def _drawn(self, series: Series) -> Mapping[str, object]:
        drawn: dict[str, object] = {"name": series.name, "data": list(series.values)}
        if self.shape == "line":
            return drawn | {"type": "line", "smooth": 0.25, "symbolSize": 6}
        return (
            drawn | {"type": "bar", "barMaxWidth": 28} | ({"stack": "all"} if self.shape == "stacked" else {})
        )
