"""Nothing imports upward: lessons import helpers, helpers import the simulator in one place, it imports neither."""

import ast
from collections.abc import Iterator

import pytest

from tests.notebooks.lesson import Lesson, lessons
from tests.repo.tracked import ROOT

JUPYTER = {"IPython", "ipykernel", "ipywidgets", "jupyterlab", "nbformat", "nbclient", "notebook"}
OURS = {"helpers", "simulator", "tests", "bench", "lab", "notebooks"}


def imported(source: str) -> set[str]:
    """Top-level packages that this source imports, at any depth."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def modules(package: str) -> Iterator[tuple[str, set[str]]]:
    for file in sorted((ROOT / package).rglob("*.py")):
        yield file.relative_to(ROOT).as_posix(), imported(file.read_text(encoding="utf-8"))


def test_the_simulator_knows_neither_helpers_nor_jupyter() -> None:
    wrong = {name: found & ({"helpers", "tests"} | JUPYTER) for name, found in modules("simulator")}
    assert {name: found for name, found in wrong.items() if found} == {}


def test_helpers_know_the_simulator_in_one_place() -> None:
    assert [name for name, found in modules("helpers") if "simulator" in found] == ["helpers/client.py"]


def test_helpers_know_nothing_above_them() -> None:
    assert [name for name, found in modules("helpers") if found & {"tests", "bench", "lab"}] == []


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
def test_a_lesson_knows_helpers_and_nothing_else_of_ours(lesson: Lesson) -> None:
    lines = "\n".join(lesson.notebook.cells[i].source for i in lesson.code_cells).splitlines()
    code = "\n".join("pass" if line.lstrip().startswith(("%", "!")) else line for line in lines)
    assert imported(code) & OURS <= {"helpers"}
