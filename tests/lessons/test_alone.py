"""Each exercise by itself: whoever has run a lesson's set-up may begin with any of them."""

import re

import pytest

from tests.lessons.harness import Learner
from tests.notebooks.lesson import ROOT, Lesson

EXERCISES = [
    (path.stem, int(number[1]))
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
    for cell in Lesson(path).notebook.cells
    if (number := re.fullmatch(r"check-(\d+)", cell.id))
]


@pytest.mark.parametrize(("lesson", "exercise"), EXERCISES)
def test_an_exercise_needs_no_other(lesson: str, exercise: int) -> None:
    with Learner(lesson) as learner:
        assert "Right" not in learner.writes(exercise)  # as it stands; the check itself must not need more, either
        assert "Right" in learner.writes(exercise, learner.solution(exercise))
