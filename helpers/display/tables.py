"""A table, in HTML and for a terminal."""

from collections.abc import Sequence
from dataclasses import dataclass

from helpers.display import inline
from helpers.display.inline import Cell

_ROWS = 200


@dataclass
class Table:
    """Rows under a head. `numbers` names the columns that are aligned right. Of thousands of rows, the first."""

    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    numbers: Sequence[int] = ()

    def __post_init__(self) -> None:
        if len(self.rows) > _ROWS:
            rest = [f"… {len(self.rows) - _ROWS:,} more", *[""] * (len(self.head) - 1)]
            self.rows = [*self.rows[:_ROWS], rest]

    def html(self) -> str:
        # Sides are said twice: JupyterLab's style sheet aligns every cell right, GitHub takes styles away. A cell is
        # left without a word, a head is not.
        number, words = 'align="right" style="vertical-align:top;white-space:nowrap"', "text-align:left"
        starts = [number if i in self.numbers else f'style="vertical-align:top;{words}"' for i in range(len(self.head))]
        sides = [number if i in self.numbers else f'align="left" style="{words}"' for i in range(len(self.head))]
        head = "".join(f'<th scope="col" {s}>{inline.escaped(h)}</th>' for s, h in zip(sides, self.head, strict=True))
        rows = ["".join(f"<td {s}>{inline.html(c)}</td>" for s, c in zip(starts, r, strict=True)) for r in self.rows]
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        return f'<table style="margin:.4em 0"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'

    def plain(self) -> str:
        grid = [list(self.head)] + [[inline.plain(c).replace("\n", " ") for c in row] for row in self.rows]
        widths = [max(len(row[i]) for row in grid) for i in range(len(self.head))]
        lines = []
        for row in grid:
            sides = [
                c.rjust(w) if i in self.numbers else c.ljust(w)
                for i, (c, w) in enumerate(zip(row, widths, strict=True))
            ]
            lines.append("  ".join(sides).rstrip())
        lines.insert(1, "  ".join("-" * w for w in widths))
        return "\n".join(lines)
