"""Charts with one style: a light sheet with dark ink, so that they read the same on a light and on a dark page."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from numbers import Real
from typing import TYPE_CHECKING

from helpers.display.blocks import Block, Display, Fold
from helpers.display.inline import Cell
from helpers.display.pictures import Picture
from helpers.display.tables import Table
from helpers.display.text import clean, one_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's colours for every kind of colour vision (Color Universal Design, 2008), in an order in which
# neighbours also differ in lightness.
COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00"]
INK, SHEET, GRID = "#222222", "#fafafa", "#d8d8d8"
_ROWS = 40
_DPI = 144
_EXAMPLE = "For example: bars({'turn 1': 20}, title='Input tokens')."
_SHADES = 32  # colours in the file: charts are flat, and a palette makes them a third as large


@dataclass
class Chart:
    """A figure, what it shows in words, and the same numbers as a table. As the last line of a cell it is displayed.

    `figure` is a matplotlib Figure, to change or save. `alt` is its text alternative, `source` where its data are from.
    """

    figure: Figure
    alt: str
    table: Table
    source: str = ""

    def blocks(self) -> list[Block]:
        """The picture, and the table folded under it."""
        width = int(self.figure.get_figwidth() * 96)
        summary = "the same as a table" + (f" · {self.source}" if self.source else "")
        return [Picture(_png(self.figure), self.alt, width), Fold(summary, [self.table])]

    def __str__(self) -> str:
        return clean(f"{self.alt}\n{self.table.plain()}")

    __repr__ = __str__

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        # In HTML and not as image/png: JupyterLab 4.6 shows image outputs without their text alternative.
        return {"text/html": Display(self.blocks()).html(), "text/plain": str(self)}


def bars(
    values: Mapping[str, float] | Mapping[str, Mapping[str, float]],
    *,
    title: str,
    unit: str = "tokens",
    stacked: bool = False,
) -> Chart:
    """A bar chart to compare numbers; end a cell with it to display it.

    `values` maps a label to its number: `{"automatic": 310, "manual": 295}`; or a label to the numbers of several
    series, drawn side by side, or on top of each other with `stacked`: `{"turn 1": {"input": 20, "output": 40}, …}`.
    `title` says what the chart shows, `unit` what the numbers count. The text alternative is made from the numbers.
    Raises ValueError when there is nothing to draw, more than a page, or a number that has no length.
    """
    if not isinstance(values, Mapping):
        raise ValueError(f"bars() draws a dictionary of labels and numbers, not {one_line(repr(values))}. {_EXAMPLE}")
    rows = {label: row if isinstance(row, Mapping) else {"": row} for label, row in values.items()}
    _check(rows)
    series = list(dict.fromkeys(name for row in rows.values() for name in row))
    from matplotlib.ticker import MaxNLocator

    figure, axes = sheet(0.62 + 0.34 * len(rows) * (1 if stacked else max(1, 0.75 * len(series))), title)
    height = 0.72 if stacked else 0.78 / len(series)
    lefts = dict.fromkeys(rows, 0.0)
    most = max((sum(row.values()) if stacked else max(row.values())) for row in rows.values()) or 1
    for i, name in enumerate(series):
        for y, (label, row) in enumerate(rows.items()):
            value, shift = row.get(name, 0), 0.0 if stacked else (i - (len(series) - 1) / 2) * height
            axes.barh(
                y + shift,
                value,
                height,
                lefts[label],
                color=COLOURS[i % 6],
                label=literal(name, 24) if y == 0 else None,
            )
            if not stacked:
                axes.text(value + most * 0.01, y + shift, f"{value:,g}", va="center", color=INK, fontsize=9)
            lefts[label] += value if stacked else 0
    if stacked:
        for y, total in enumerate(lefts.values()):
            axes.text(total + most * 0.01, y, f"{total:,g}", va="center", color=INK, fontsize=9)
    axes.set_yticks(range(len(rows)), [literal(label, 32) for label in rows])
    axes.set_ylim(len(rows) - 0.45, -0.55)
    axes.set_xlim(0, most * 1.12)
    whole = all(isinstance(value, int) for row in rows.values() for value in row.values())
    axes.xaxis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 2.5, 5, 10], integer=whole))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,g}")
    axes.set_xlabel(literal(unit))
    axes.xaxis.grid(True, color=GRID, linewidth=0.8)
    if len(series) > 1:
        legend(axes)
    return Chart(figure, _words(title, rows, unit), _table(rows, series, unit))


def _check(rows: Mapping[str, Mapping[str, object]]) -> None:
    if not any(rows.values()):
        raise ValueError(f"bars() needs at least one labelled number. {_EXAMPLE}")
    if len(rows) > _ROWS:
        raise ValueError(
            f"bars() draws {_ROWS} labels at most, here are {len(rows):,}: leave some out, or sum them up."
        )
    for label, row in rows.items():
        for name, value in row.items():
            if not isinstance(value, Real) or not 0 <= float(value) < float("inf"):
                raise ValueError(f"bars() draws numbers from 0 up; {one_line(f'{label} {name}'.strip())!r} is {value}.")


def sheet(height: float, title: str) -> tuple[Figure, Axes]:
    """An empty figure in the lab's style, 7.5 inches wide; `height` in inches is that of the plot."""
    from matplotlib.figure import Figure  # not pyplot: it costs 0.7 s and keeps every figure alive
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    margins = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.12)
    figure = Figure(figsize=(7.5, height + 1.15), facecolor=SHEET, layout=margins)
    axes = figure.add_subplot(facecolor=SHEET)
    axes.set_title(literal(title, 60), loc="left", color=INK, fontsize=11, fontweight="bold")
    axes.tick_params(colors=INK, labelsize=9, length=0)
    axes.xaxis.label.set_color(INK)
    axes.set_axisbelow(True)
    for side in axes.spines.values():
        side.set_visible(False)
    return figure, axes


def legend(axes: Axes) -> None:
    """The names of the series in a line between title and plot, where no bar can be."""
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=6, frameon=False, fontsize=9, labelcolor=INK,
                handlelength=1, columnspacing=1.2, borderpad=0.2, borderaxespad=0.1)  # fmt: skip
    axes.set_title(axes.get_title("left"), loc="left", pad=20, color=INK, fontsize=11, fontweight="bold")


def literal(text: object, limit: int = 48) -> str:
    """The text for matplotlib, which would set `$…$` as mathematics; short, so that it leaves room for the plot."""
    return one_line(text, limit).replace("$", r"\$")


def _png(figure: Figure) -> str:
    from PIL import Image

    raw, small = BytesIO(), BytesIO()
    figure.savefig(raw, format="png", dpi=_DPI)
    with Image.open(raw) as image:
        image.convert("RGB").quantize(_SHADES).save(small, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(small.getvalue()).decode()


def _words(title: str, rows: Mapping[str, Mapping[str, float]], unit: str) -> str:
    parts = []
    for label, row in list(rows.items())[:12]:
        numbers = ", ".join(f"{name} {value:,g}".strip() for name, value in row.items())
        parts.append(f"{label}: {numbers}")
    more = f"; and {len(rows) - 12} more" if len(rows) > 12 else ""
    return f"Bar chart, {title} ({unit}). {'; '.join(parts)}{more}."


def _table(rows: Mapping[str, Mapping[str, float]], series: Sequence[str], unit: str) -> Table:
    body: list[list[Cell]] = [
        [label, *(f"{row[name]:,g}" if name in row else "" for name in series)] for label, row in rows.items()
    ]
    return Table(["", *(name or unit for name in series)], body, numbers=range(1, len(series) + 1))
