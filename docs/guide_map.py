"""What the guide of 2025 said, statement by statement, and what is true today: data/guide_map.csv as a page."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from . import seen
from .sources import CHECKED, bibliography, cited, keys, sources
from .tables import DataError, rows, table

STATEMENTS = 121
VERDICTS = {
    "holds": "as the guide has it",
    "widened": "true, and there is more to it now",
    "changed": "was true, and is not any more",
    "wrong": "was not so when it was written, or cannot work as it stands",
    "unverifiable": "the sources contradict one another, or say nothing: try it on your resource",
}


@dataclass(frozen=True)
class Statement:
    """One statement of the guide. `lines` are the guide's; `cells` those that teach what is true today.

    `lesson` is empty, and so are `cells`, where no lesson does.
    """

    number: int
    lines: str
    statement: str
    verdict: str
    today: str
    source: str
    date: str
    lesson: str
    cells: tuple[str, ...]


def statements() -> list[Statement]:
    """Return the statements in the guide's order; raises DataError for a number, verdict, date or cell that is wrong.

    A cell is wrong if it is gone, or if a lesson is named and none of its cells.
    """
    found = [_read(row) for row in rows("guide_map.csv")]
    if (numbers := [one.number for one in found]) != list(range(1, STATEMENTS + 1)):
        wrong = sorted(set(range(1, STATEMENTS + 1)) ^ set(numbers)) or [n for n in numbers if numbers.count(n) > 1]
        raise DataError(f"data/guide_map.csv should have 1 to {STATEMENTS} in order, each once: look at {wrong}.")
    cells = {number: _cells(number) for number in {one.lesson for one in found if one.lesson}}
    for one in found:
        if one.lesson and not one.cells:
            raise DataError(f"data/guide_map.csv, {one.number}: which cell of lesson {one.lesson}?")
        if gone := [cell for cell in one.cells if cell not in cells.get(one.lesson, {})]:
            raise DataError(f"data/guide_map.csv, {one.number}: lesson {one.lesson} has no cell {', '.join(gone)}.")
    return found


def _read(row: dict[str, str]) -> Statement:
    where = f"data/guide_map.csv, {row['number']}"
    if row["verdict"] not in VERDICTS:
        raise DataError(f"{where}: the verdict is {row['verdict']!r}, and may be {', '.join(VERDICTS)}.")
    if empty := [name for name, value in row.items() if not value and name not in ("lesson", "cell")]:
        raise DataError(f"{where}: no {', '.join(empty)}.")
    dates = "; ".join(sources()[key].date for key in keys(row["source"]))
    if row["date"] != dates:
        raise DataError(f"{where}: the date of {row['source']} is {dates} in sources.csv, and {row['date']} here.")
    texts = {name: value for name, value in row.items() if name not in ("number", "cell")}
    return Statement(number=int(row["number"]), cells=tuple(row["cell"].split()), **texts)


def _cells(number: str) -> dict[str, str]:
    """Return the cells of a lesson, each with the heading that it stands under; raises DataError without a lesson."""
    if number not in seen.notebooks():
        raise DataError(f"data/guide_map.csv: there is no lesson {number}.")
    cells, heading = {}, ""
    for cell in seen.notebook(number).cells:
        if cell.cell_type == "markdown" and (found := re.search(r"^#{1,3} (.+)$", cell.source, re.MULTILINE)):
            heading = found[1]
        cells[cell.id] = heading
    return cells


def page() -> str:
    """Return the page; raises DataError where the data has a fault."""
    listed = statements()
    counted = Counter(one.verdict for one in listed)
    verdicts = [(f"**{name}**", meaning, str(counted[name])) for name, meaning in VERDICTS.items()]
    titles = {number: _title(number) for number in sorted({one.lesson for one in listed}, key=_late)}
    index = " · ".join(f"[{title}](#{_anchor(title)})" for title in titles.values())
    parts = [
        _HEAD.format(count=STATEMENTS, checked=CHECKED),
        table(("verdict", "meaning", "statements"), verdicts),
        index,
    ]
    for number, title in titles.items():
        parts.append(f"## {title}")
        if number:
            parts.append(f"Taught in [{title}](../notebooks/{seen.notebooks()[number].name}).")
        parts.append(_listed([one for one in listed if one.lesson == number]))
    text = "\n\n".join(parts)
    return f"{text}\n\n## Sources\n\n{bibliography(text)}"


def _listed(statements: list[Statement]) -> str:
    headings = _cells(statements[0].lesson) if statements[0].lesson else {}
    body = []
    for one in statements:
        under = ", ".join(dict.fromkeys(headings[cell] for cell in one.cells))
        where = f"{under}: {', '.join(f'`{cell}`' for cell in one.cells)}" if under else "–"
        said = f"{one.statement} (line {one.lines})"
        body.append((str(one.number), said, f"**{one.verdict}**", one.today, where, cited(one.source)))
    return table(("no.", "the guide", "verdict", "today", "section: cell", "source"), body)


def _late(number: str) -> tuple[bool, str]:
    """What is in no lesson comes last."""
    return not number, number


def _title(number: str) -> str:
    if not number:
        return "In no lesson yet"
    title: str = seen.notebook(number).cells[0].source.splitlines()[0]
    return title.removeprefix("# ")


def _anchor(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


_HEAD = """\
# What has changed since the guide

These lessons began with a guide of 2025-09-19, *Azure OpenAI Unified Responses API*. It was taken apart into {count}
statements, its code included, and each was checked against public sources of today: Microsoft's pages and their
sources, the Python SDK's types, OpenAI's description of its API, public recordings and reports. That was on
{checked}; no live resource was reached, so *today* is what the newest text that we found says, and each row has its
date. Where it matters to you, ask your own resource: the cell that teaches it is there to be run.

Made by `make reference` from [data/guide_map.csv](../data/guide_map.csv). Tables of what there is now:
[quick reference](reference.md)."""
