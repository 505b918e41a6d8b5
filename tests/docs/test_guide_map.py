"""Each of the guide's statements is there once, with its truth of today, and a cell that is there teaches it."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from docs import guide_map, seen, sources, tables
from tests.repo.tracked import ROOT

PAGE = ROOT / "docs" / "what_changed.md"
ROWS = tables.rows("guide_map.csv")


@pytest.fixture
def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Write the map with some rows changed, and let the generator read that one."""

    def write(rows: list[dict[str, str]]) -> None:
        with (tmp_path / "guide_map.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, ROWS[0])
            writer.writeheader()
            writer.writerows(rows)
        sources.sources()  # from where they are, before the folder changes
        monkeypatch.setattr(tables, "DATA", tmp_path)

    return write


def test_the_page_is_what_the_map_says() -> None:
    assert guide_map.page() == PAGE.read_text(encoding="utf-8"), "run `make reference`"


def test_every_statement_is_there_and_has_a_cell() -> None:
    found = guide_map.statements()
    assert [one.number for one in found] == list(range(1, 122))
    assert [one.number for one in found if not one.cells] == []


def test_every_verdict_is_used_and_said_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for verdict in guide_map.VERDICTS:
        count = sum(row["verdict"] == verdict for row in ROWS)
        assert re.search(rf"^\| \*\*{verdict}\*\* \| .+ \| {count} \|$", page, re.MULTILINE)
        assert count > 0


def test_every_lesson_has_a_part_that_its_link_leads_to() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for number in {row["lesson"] for row in ROWS if row["lesson"]}:
        assert f"(../notebooks/{seen.notebooks()[number].name})" in page


def test_every_link_has_an_address_and_every_address_a_link() -> None:
    page = PAGE.read_text(encoding="utf-8")
    there = set(re.findall(r"^\[(\w+)\]: https://\S+$", page, re.MULTILINE))
    assert set(re.findall(r"\]\[(\w+)\]", page)) == there


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("cell", "no-such-cell", r"12: lesson 10 has no cell no-such-cell"),
        ("lesson", "99", "there is no lesson 99"),
        ("verdict", "true", "the verdict is 'true'"),
        ("date", "2020-01-01", r"12: the date of RA is 2026-08-18 .* and 2020-01-01 here"),
        ("source", "hearsay", "No source is named"),
        ("today", "", "12: no today"),
        ("number", "13", r"1 to 121 in order, each once: look at \[12"),
    ],
)
def test_a_fault_of_the_map_is_named(changed, column: str, value: str, words: str) -> None:
    changed([{**row, column: value} if row["number"] == "12" else row for row in ROWS])
    with pytest.raises(tables.DataError, match=words):
        guide_map.page()


def test_a_row_too_few_is_named(changed) -> None:
    changed([row for row in ROWS if row["number"] != "60"])
    with pytest.raises(tables.DataError, match=r"look at \[60\]"):
        guide_map.page()
