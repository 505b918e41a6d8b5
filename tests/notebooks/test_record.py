"""Recording an unchanged lesson records what its cassette holds already, and one that is cut short changes nothing."""

import asyncio
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest

from helpers.cassettes.file import load
from helpers.cassettes.record import side_file
from helpers.lessons import Lesson as FilesOf
from helpers.lessons import lesson as lesson_of
from tests.notebooks import execute as command
from tests.notebooks import kernel as kernels
from tests.notebooks.execute import execute
from tests.notebooks.lesson import ROOT, Lesson, lessons


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
def test_recording_again_changes_nothing(lesson: Lesson) -> None:
    files = lesson_of(lesson.name)
    cassette = load(files.cassette)
    if cassette.source.origin != "simulator":
        pytest.skip(f"{lesson.name} was recorded from {cassette.source.origin}, which answers differently each time")
    execute(lesson, "record")
    try:
        again = load(side_file(files)).interactions
        assert [one.as_yaml() for one in again] == [one.as_yaml() for one in cassette.interactions]
    finally:
        side_file(files).unlink()


@pytest.mark.parametrize("victim", ["kernel", "all"])
def test_a_recording_that_is_killed_leaves_cassette_and_notebook_whole(victim: str) -> None:
    files = lesson_of("01_basics")  # which has requests enough to be killed among them
    before = files.cassette.read_bytes(), files.notebook.read_bytes()
    command = [sys.executable, "-m", "tests.notebooks.execute", "record", files.name]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        recorded = 0
        while recorded < 3 and process.poll() is None:
            recorded = side_file(files).read_text().count("- request:") if side_file(files).exists() else 0
            time.sleep(0.01)
        assert recorded >= 3
        running = psutil.Process(process.pid)
        for one in running.children(recursive=True) + ([running] if victim == "all" else []):
            one.kill()
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
        side_file(files).unlink(missing_ok=True)
    assert process.returncode != 0
    assert (files.cassette.read_bytes(), files.notebook.read_bytes()) == before
    assert victim == "all" or "Kernel died" in errors, errors[-3000:]


def test_a_cell_that_is_interrupted_leaves_nothing_behind(tmp_path: Path) -> None:
    cells = [nbformat.v4.new_code_cell("import time; time.sleep(60)")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "99_slow.ipynb")

    def interrupt() -> None:
        raise KeyboardInterrupt

    kernel = kernels.LessonKernel(Lesson(tmp_path / "99_slow.ipynb"), "replay")
    try:
        kernels._loop.call_later(0.5, interrupt)
        with pytest.raises(KeyboardInterrupt):
            kernel.run(0)
    finally:
        kernel.stop()
    assert asyncio.all_tasks(kernels._loop) == set()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"nbformat": 9, "cells": []}', '{"nbformat": 4, "cells": 5}'])
@pytest.mark.parametrize("verb", ["record", "run"])
def test_a_notebook_that_is_none_is_named(
    verb: str, content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "01_basics.ipynb"
    path.write_text(content, encoding="utf-8")
    monkeypatch.setattr(command, "lessons", lambda: lessons(tmp_path))
    monkeypatch.setattr(sys, "argv", ["execute", verb])
    with pytest.raises(SystemExit) as ended:
        command.main()
    said = str(ended.value)
    assert said.startswith(f"{path} is no notebook: ")
    assert said.endswith("\n\nThe notebook and the cassette of 01_basics are as they were.")


def test_a_notebook_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "01_basics.ipynb"
    path.write_text("the old one", encoding="utf-8")

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(command, "lessons", lambda: lessons(tmp_path))
    monkeypatch.setattr(command, "execute", lambda *_: nbformat.v4.new_notebook())
    monkeypatch.setattr(Path, "replace", full)
    monkeypatch.setattr(sys, "argv", ["execute", "run"])
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert str(ended.value) == (
        f"{path} cannot be written: No space left on device.\n\n"
        "The notebook and the cassette of 01_basics are as they were."
    )
    assert [(one.name, one.read_text(encoding="utf-8")) for one in tmp_path.iterdir()] == [(path.name, "the old one")]


@pytest.mark.parametrize(
    "problem", [RuntimeError("not recorded"), OSError(28, "No space left on device"), KeyboardInterrupt()]
)
def test_a_recording_that_does_not_replay_leaves_the_old_cassette(
    problem: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = FilesOf("01_basics", tmp_path)
    files.cassette.parent.mkdir(parents=True)
    files.cassette.write_text("the old one", encoding="utf-8")
    new = lesson_of("00_start_here").cassette.read_text(encoding="utf-8")

    def fail(lesson: Lesson) -> bool:
        assert files.cassette.read_text(encoding="utf-8") == new
        raise problem

    monkeypatch.setattr(command, "helpers_lesson", lambda _: files)
    monkeypatch.setattr(command, "execute", lambda *_: side_file(files).write_text(new, encoding="utf-8"))
    monkeypatch.setattr(command, "run", fail)
    monkeypatch.setattr(sys, "argv", ["execute", "record", "01_basics"])
    with pytest.raises(SystemExit, match="The notebook and the cassette of 01_basics are as they were"):
        command.main()
    assert files.cassette.read_text(encoding="utf-8") == "the old one"
    assert side_file(files).read_text(encoding="utf-8") == new


@pytest.mark.parametrize("command", ["record", "lessons"])
def test_make_hands_the_lesson_on(command: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (recipe,) = re.findall(rf"^{command}:.*\n\t\$\(IN_VENV\) (.*)$", makefile, re.MULTILINE)
    words = shlex.split(recipe.replace("$(FROM)", "simulator").replace("$(LESSON)", "99_none"))
    run = subprocess.run([sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 1
    assert run.stderr.startswith("No lesson is called 99_none. There are: 00_start_here, ")
