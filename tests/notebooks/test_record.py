"""Recording a lesson that has not changed records what its cassette holds already."""

import pytest

from helpers.cassettes.file import load
from helpers.cassettes.record import side_file
from helpers.lessons import lesson as lesson_of
from tests.notebooks.execute import execute
from tests.notebooks.lesson import Lesson, lessons


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
