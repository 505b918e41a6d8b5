"""A learner at a lesson's exercises: writes into the exercise's cell, runs the check, and reads what it says.

Cells are found by their ids. Exercise 2 is the code cells `exercise-2` (to write in), `exercise-2-…` (what it needs),
`exercises-…` (what all of them need), `check-2`, in the order of the notebook, and the Markdown cell `solution-2`: its
last Python block is the solution.
"""

import re
from types import TracebackType

from nbformat import NotebookNode

from tests.notebooks.kernel import LessonKernel
from tests.notebooks.lesson import ROOT, Lesson


class Learner:
    """A kernel in simulator mode that has run the lesson's set-up and nothing else."""

    def __init__(self, lesson: str) -> None:
        self._lesson = Lesson(ROOT / "notebooks" / f"{lesson}.ipynb")
        self._kernel = LessonKernel(self._lesson, "simulator")
        for index in self._lesson.sections[0]:
            self._kernel.run(index)

    def __enter__(self) -> "Learner":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._kernel.stop()

    def writes(self, exercise: int, answer: str | None = None) -> str:
        """Run an exercise with `answer` in its cell, None to leave it as it stands; what the check says."""
        cell, check = f"exercise-{exercise}", f"check-{exercise}"
        cells = self._kernel.notebook.cells
        said = ""
        for index, one in enumerate(cells):
            if one.cell_type != "code" or not (
                one.id in (cell, check) or one.id.startswith((f"{cell}-", "exercises-"))
            ):
                continue
            if one.id == cell:
                one.source = self._lesson.notebook.cells[index].source if answer is None else answer
            outputs = self._kernel.run(index)
            failed = [output for output in outputs if output.output_type == "error"]
            assert not failed, f"{one.id}: {failed[0].ename}: {failed[0].evalue}"
            said = text(outputs)
        return said

    def solution(self, exercise: int) -> str:
        """The solution that the lesson folds away."""
        (cell,) = [one for one in self._lesson.notebook.cells if one.id == f"solution-{exercise}"]
        return re.findall(r"```python\n(.*?)```", cell.source, re.DOTALL)[-1]


def text(outputs: list[NotebookNode]) -> str:
    """What a cell shows, as text."""
    return "\n".join(output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs).strip()
