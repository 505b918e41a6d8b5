"""Tables: rows of data that are there for all that there is, and Markdown made of them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"
AZURE = {"yes", "reported", "not shown", "no"}  # what is known of Azure


class DataError(ValueError):
    """Data from which no page can be made; says which file or row, and what is wrong with it."""


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file in data/."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def described(name: str, key: str, there: Iterable[str], more: Iterable[str] = ()) -> list[dict[str, str]]:
    """Return the rows of a file in data/reference; raises DataError unless each of `there` has exactly one.

    `more`: what a row may be about although it is not in `there`.
    """
    listed = rows(f"reference/{name}.csv")
    names = [row[key] for row in listed]
    if missing := sorted(set(there) - set(names)):
        raise DataError(f"data/reference/{name}.csv has no row for {', '.join(missing)}.")
    if unknown := sorted(set(names) - set(there) - set(more)):
        raise DataError(f"data/reference/{name}.csv has rows for what there is not: {', '.join(unknown)}.")
    if wrong := sorted({row["azure"] for row in listed if "azure" in row} - AZURE):
        raise DataError(f"data/reference/{name}.csv: azure is {', '.join(wrong)}, and may be {', '.join(AZURE)}.")
    if double := sorted({one for one in names if names.count(one) > 1}):
        raise DataError(f"data/reference/{name}.csv has two rows for {', '.join(double)}.")
    return listed


def table(head: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; a `|` in a cell is escaped, also inside code."""
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
