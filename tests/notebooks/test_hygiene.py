"""Every lesson's file keeps every rule, and every rule finds what it is there to find."""

from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.notebooks import hygiene
from tests.notebooks.execute import METADATA
from tests.notebooks.hygiene import RULES, Rule
from tests.notebooks.lesson import Lesson, lessons

TITLE = new_markdown_cell("# 01 · Sample")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
def test_lesson(lesson: Lesson, rule: Rule) -> None:
    assert list(rule(lesson)) == []


def faults(folder: Path, rule: Rule, *cells: NotebookNode, metadata: object = METADATA) -> list[str]:
    path = folder / "01_sample.ipynb"
    nbformat.write(new_notebook(cells=list(cells), metadata=metadata), path)
    return list(rule(Lesson(path)))


def ran(source: str, *outputs: NotebookNode, count: int = 1, tags: tuple[str, ...] = ()) -> NotebookNode:
    metadata = {"tags": list(tags)} if tags else {}
    return new_code_cell(source, outputs=list(outputs), execution_count=count, metadata=metadata)


ERROR = new_output("error", ename="E", evalue="", traceback=[])
PNG = new_output("display_data", data={"image/png": "aGVsbG8="})
HTML = new_output("display_data", data={"text/html": '<p><img src="x.png" alt=" "></p>'})
BAD: list[tuple[Rule, list[NotebookNode]]] = [
    (hygiene.executed_once_from_top_to_bottom, [ran("1", count=2)]),
    (hygiene.executed_once_from_top_to_bottom, [new_code_cell("1")]),
    (hygiene.errors_are_announced, [ran("1", ERROR)]),
    (hygiene.errors_are_announced, [ran("1", tags=("raises-exception",))]),
    (hygiene.nothing_on_stderr, [ran("1", new_output("stream", name="stderr", text="DeprecationWarning"))]),
    (hygiene.small, [new_markdown_cell("x" * 300_000)]),
    (hygiene.pictures_have_alt_text, [new_markdown_cell("![](map.png)")]),
    (hygiene.pictures_have_alt_text, [new_markdown_cell('<img src="map.png">')]),
    (hygiene.pictures_have_alt_text, [ran("1", PNG)]),
    (hygiene.pictures_have_alt_text, [ran("1", HTML)]),
    (hygiene.headings_nest, [new_markdown_cell("### Too deep")]),
    (hygiene.headings_nest, [new_markdown_cell("# Another title")]),
    (hygiene.cells_fit_on_a_screen, [ran("\n".join(["1"] * 26))]),
    (hygiene.snippets_stand_alone, [ran("from helpers import show", tags=("snippet",))]),
    (hygiene.snippets_stand_alone, [ran("show(client.models.list())", tags=("snippet",))]),
]


@pytest.mark.parametrize(("rule", "cells"), BAD, ids=lambda value: getattr(value, "__name__", ""))
def test_rule_finds_what_it_is_there_to_find(tmp_path: Path, rule: Rule, cells: list[NotebookNode]) -> None:
    assert len(faults(tmp_path, rule, TITLE, *cells)) == 1


def test_metadata_of_an_editor_is_found(tmp_path: Path) -> None:
    assert faults(tmp_path, hygiene.metadata_is_tidy, TITLE, metadata=METADATA | {"toc": {"base_numbering": 1}}) != []


def test_a_plain_snippet_is_let_be(tmp_path: Path) -> None:
    plain = """
import json
from openai import NotFoundError
def double(x): return [y * 2 for y in x]
try:
    answer = await client.responses.create(model="gpt-5.4-mini", input=json.dumps(double([1])))
except NotFoundError as error:
    print(error)
"""
    assert faults(tmp_path, hygiene.snippets_stand_alone, TITLE, ran(plain, tags=("snippet",))) == []
