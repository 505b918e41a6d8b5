"""What cannot be recorded says so, and leaves the old cassette as it was."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openai
import pytest

from helpers import connect, lessons
from helpers.cassettes.record import RecordingError, finish, recorder, side_file
from helpers.lessons import Lesson

Record = Callable[[Callable[[openai.OpenAI], object]], Lesson]
MODEL = "gpt-5.4-mini"


def ask(client: openai.OpenAI, text: str = "Say hello.") -> object:
    return client.responses.create(model=MODEL, input=text)


@pytest.fixture
def open_to_all(project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The project where every user may read it: pytest's own folders let in their owner only."""
    root = Path(tempfile.mkdtemp()) / "lab"
    shutil.copytree(project, root)
    root.parent.chmod(0o755)
    monkeypatch.setattr(lessons, "ROOT", root)
    yield root
    shutil.rmtree(root.parent)


@pytest.mark.skipif(sys.platform == "win32", reason="a folder is not read-only there in this way")
def test_a_read_only_data_folder_is_named_with_what_to_do(open_to_all: Path) -> None:
    lesson = lessons.lesson("01_basics")
    ask(connect(lesson.name, mode="record"))
    finish(lesson)
    before, folder = lesson.cassette.read_bytes(), lesson.cassette.parent
    folder.chmod(0o555)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)  # root may write anywhere
    try:
        with pytest.raises(RecordingError, match=r"cannot be written to .*: Permission denied\. .*Make .* writable"):
            ask(connect(lesson.name, mode="record"))
    finally:
        os.seteuid(user)
        folder.chmod(0o755)
    assert lesson.cassette.read_bytes() == before
    assert ask(connect(lesson.name))


def test_recording_again_what_has_not_changed_changes_nothing(recorded: Record) -> None:
    lesson = recorded(ask)
    before = lesson.cassette.read_bytes()
    ask(connect(lesson.name, mode="record"))
    assert lesson.cassette.read_bytes() == before  # not before the whole lesson has run
    assert side_file(lesson).exists()
    assert finish(lesson) is False
    assert lesson.cassette.read_bytes() == before
    ask(connect(lesson.name, mode="record"), "Say it again.")
    assert finish(lesson) is True
    assert not side_file(lesson).exists()


def test_a_broken_cassette_can_be_recorded_again(recorded: Record) -> None:
    lesson = recorded(ask)
    whole = lesson.cassette.read_bytes()
    lesson.cassette.write_bytes(whole[: len(whole) // 2])
    ask(connect(lesson.name, mode="record"))
    assert finish(lesson) is True
    assert lesson.cassette.read_bytes() == whole


def test_a_lesson_that_asked_nothing_keeps_its_cassette(recorded: Record) -> None:
    lesson = recorded(ask)
    before = lesson.cassette.read_bytes()
    with pytest.raises(RecordingError, match="asked the service for nothing"):
        finish(lesson)
    connect(lesson.name, mode="record")
    with pytest.raises(RecordingError, match="asked the service for nothing"):
        finish(lesson)
    assert lesson.cassette.read_bytes() == before
    assert not side_file(lesson).exists()


@pytest.mark.skipif(sys.platform == "win32", reason="flock")
def test_a_lesson_is_recorded_once_at_a_time(lesson: Lesson) -> None:
    import fcntl

    lock = lesson.cassette.with_name(f".{lesson.name}.lock")
    with lock.open("w") as held:
        held.write("4242")
        held.flush()
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(RecordingError, match=r"being recorded already, by process 4242\. Let it finish"):
            recorder(lesson, "simulator", {})
