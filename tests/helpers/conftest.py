"""A project of its own for each test: its data folder is empty, and nothing waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import openai
import pytest

from helpers import client, lessons, modes
from helpers.cassettes import record
from helpers.lessons import Lesson

SCRIPT = """
- when: {input: Say hello.}
  say: Hello there.
- when: {input: Say it again.}
  say: Hello there, again.
- when: {contains: count to ten}
  say: one two three four five six seven eight nine ten
- when: {input: Think first.}
  say: [{reasoning: {summary: Let me see.}}, {text: I have thought.}]
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The root of a project with one lesson, 01_basics, which has a script and no recording."""
    for name in ("LAB_MODE", "LAB_RECORD_FROM", "AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_API_KEY", "AZURE_OPENAI_SCOPE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LAB_PACE", "none")
    root = tmp_path / "a lab"
    (root / "data" / "cassettes").mkdir(parents=True)
    (root / "data" / "scripts").mkdir()
    (root / "data" / "scripts" / "01_basics.yaml").write_text(SCRIPT)
    monkeypatch.setattr(lessons, "ROOT", root)
    monkeypatch.setattr(client, "_worlds", {})
    monkeypatch.setattr(client, "_last", None)
    monkeypatch.setattr(modes, "_active", None)
    yield root
    for recorder in list(record._recorders.values()):
        recorder.close()
    record._recorders.clear()


@pytest.fixture
def lesson(project: Path) -> Lesson:
    return lessons.lesson("01_basics")


@pytest.fixture
def recorded(lesson: Lesson) -> Callable[[Callable[[openai.OpenAI], object]], Lesson]:
    """Record what a function asks of the simulator, as the lesson's cassette."""

    def run(ask: Callable[[openai.OpenAI], object]) -> Lesson:
        ask(client.connect(lesson.name, mode="record"))
        record.finish(lesson)
        return lesson

    return run
