"""What proves the lessons is itself proved: it passes what readers see unchanged, and fails what they do not.

A small notebook is run once to get its outputs, then spoilt in one place a cell; pytest must find exactly those places.
"""

import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.notebooks import execute as execution
from tests.notebooks import kernel
from tests.notebooks.execute import execute, run
from tests.notebooks.lesson import ROOT, Lesson

STREAMED = """
from IPython.display import Markdown, display
shown = display(Markdown("…"), display_id=True)
for text in ["The", "The otter", "The otter sleeps."]:
    shown.update(Markdown(text))
"""
CLEARED = """
from IPython.display import clear_output
for i in range(3):
    clear_output(wait=True)
    print("step", i)
"""
WIDGET = """
import ipywidgets
output = ipywidgets.Output()
with output:
    print("inside")
output
"""
PICTURE = """
import matplotlib.pyplot as plt
plt.bar(["a", "b"], [1, HEIGHT]); plt.show()
"""
PICTURE_IN_HTML = """
import base64, io
from PIL import Image
from IPython.display import HTML
Image.new("RGB", (8, 8), (0, 100 * HEIGHT, 0)).save(png := io.BytesIO(), "png")
HTML(f'<img alt="green" src="data:image/png;base64,{base64.b64encode(png.getvalue()).decode()}">')
"""


def notebook_at(folder: Path, *cells: nbformat.NotebookNode) -> Lesson:
    path = folder / "notebooks" / "01_sample.ipynb"
    path.parent.mkdir()
    nbformat.write(new_notebook(cells=[new_code_cell("HEIGHT = 2"), *cells]), path)
    lesson = Lesson(path)
    run(lesson)
    return Lesson(path)


def outcomes(pytester: pytest.Pytester, lesson: Lesson) -> dict[str, str]:
    """Outcome by item, such as {"replay::Cell 1 again": "PASSED"}."""
    root = str(ROOT).replace(" ", "\\ ")  # the setting is a list, split at spaces
    pytester.makeini(f"[pytest]\nasyncio_default_fixture_loop_scope = function\npythonpath = {root}")
    pytester.makeconftest('pytest_plugins = ["tests.notebooks.plugin"]')
    result = pytester.runpytest_subprocess("-v", "-p", "no:cacheprovider", "-p", "no:xdist", str(lesson.path))
    found = dict(re.findall(r"^\S*01_sample\.ipynb::(.+?) (PASSED|FAILED|ERROR) ", result.stdout.str(), re.MULTILINE))
    assert found, result.stdout.str()
    return found


def test_displays_that_change_compare_by_what_is_left_on_the_screen(pytester: pytest.Pytester) -> None:
    cells = [new_code_cell(source) for source in (STREAMED, CLEARED, WIDGET, PICTURE, PICTURE_IN_HTML)]
    lesson = notebook_at(pytester.path, *cells)
    assert lesson.notebook.cells[1].outputs[0].data["text/markdown"] == "The otter sleeps."
    assert lesson.notebook.cells[2].outputs[0].text == "step 2\n"
    results = outcomes(pytester, lesson)
    assert set(results.values()) == {"PASSED"}
    assert len(results) == 6 * 5  # cells × (replay, again, backwards, simulator, offline)


def test_every_spoilt_cell_is_found_and_no_other(pytester: pytest.Pytester) -> None:
    lesson = notebook_at(
        pytester.path,
        new_code_cell(STREAMED),
        new_code_cell(PICTURE),
        new_code_cell("import pathlib; print(len(list(pathlib.Path().glob('*.ipynb'))))"),
        new_code_cell("calls = globals().get('calls', 0) + 1; print(calls)"),
        new_code_cell("1 / 0", metadata={"tags": ["raises-exception"]}),
        new_code_cell(PICTURE_IN_HTML),
    )
    notebook = lesson.notebook
    notebook.cells[1].outputs[0].data["text/markdown"] = "The otter swims."
    notebook.cells[2].source = PICTURE.replace("HEIGHT", "9")
    notebook.cells[5].metadata = {}
    notebook.cells[6].source = PICTURE_IN_HTML.replace("HEIGHT", "1")
    nbformat.write(notebook, lesson.path)
    results = outcomes(pytester, Lesson(lesson.path))
    failed = {name for name, outcome in results.items() if outcome == "FAILED"}
    spoilt = {f"{run}::Cell {i}{step}" for i in (1, 2, 5, 6) for run, step in EVERY_RUN}
    assert failed == spoilt | {"replay::Cell 4 again"}


EVERY_RUN = [("replay", ""), ("replay", " again"), ("replay", " backwards"), ("simulator", ""), ("offline", "")]


def test_a_cell_that_takes_long_is_none_the_worse_for_being_nudged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson = notebook_at(tmp_path, *(new_code_cell(f"import time; time.sleep(0.5); print({n})") for n in range(3)))
    monkeypatch.setattr(kernel, "NUDGE_SECONDS", 0.1)
    slow = kernel.LessonKernel(lesson, "replay")
    try:
        assert [slow.run(n + 1)[0].text for n in range(3)] == ["0\n", "1\n", "2\n"]
    finally:
        slow.stop()


@pytest.mark.parametrize("tagged", [True, False])
def test_a_section_that_needs_another_must_say_so(pytester: pytest.Pytester, tagged: bool) -> None:
    follows = {"tags": ["follows"]} if tagged else {}
    lesson = notebook_at(
        pytester.path,
        new_markdown_cell("## One"),
        new_code_cell("one = 1"),
        new_markdown_cell("## Two", metadata=follows),
        new_code_cell("print(one)"),
        new_markdown_cell("## Three"),
        new_code_cell("print(3)"),
    )
    results = outcomes(pytester, lesson)
    failed = {name for name, outcome in results.items() if outcome == "FAILED"}
    assert failed == (set() if tagged else {"replay::Cell 4 backwards"})


def test_running_an_unchanged_lesson_again_leaves_no_diff(tmp_path: Path) -> None:
    lesson = notebook_at(
        tmp_path, new_code_cell(WIDGET), new_code_cell("2 / 0", metadata={"tags": ["raises-exception"]})
    )
    assert not run(lesson)
    assert [cell.execution_count for cell in lesson.notebook.cells] == [1, 2, 3]


def test_an_unannounced_error_leaves_the_notebook_as_it_was(tmp_path: Path) -> None:
    lesson = notebook_at(tmp_path, new_code_cell("print(1)"))
    notebook = lesson.notebook
    notebook.cells[1].source = "print(1 / 0)"
    nbformat.write(notebook, lesson.path)
    before = lesson.path.read_bytes()
    with pytest.raises(RuntimeError, match=r"01_sample.ipynb, cell 1, in replay mode:[\s\S]*ZeroDivisionError"):
        execute(Lesson(lesson.path), "replay")
    assert lesson.path.read_bytes() == before


def test_a_lesson_that_fails_is_named_without_the_programs_own_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson = notebook_at(tmp_path, new_code_cell("print(1)"))
    notebook = lesson.notebook
    notebook.cells[1].source = "print(1 / 0)"
    nbformat.write(notebook, lesson.path)
    monkeypatch.setattr(execution, "lessons", lambda: [Lesson(lesson.path)])
    monkeypatch.setattr("sys.argv", ["execute", "run", "01_sample"])
    with pytest.raises(SystemExit, match=r"cell 1, in replay mode:[\s\S]*are as they were"):
        execution.main()
