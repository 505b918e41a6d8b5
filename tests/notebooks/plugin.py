"""Strict nbval over every lesson, in each way that a reader may run it.

nbval compares and reports; the cells run in `LessonKernel`, since nbval 0.11 itself ignores update_display,
clear_output and Output widgets. Each lesson is three runs (`pytest notebooks/01_basics.ipynb::replay` is one):

- `replay`: top to bottom; again in the same kernel; then, after a restart, its sections from last to first
- `simulator`: top to bottom against the simulator; only what says where answers come from may differ
- `offline`: the reader's own mode, in two notebooks at the same time
"""

import base64
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from nbformat import NotebookNode
from nbval.plugin import IPyNbCell, IPyNbFile, find_metadata_tags
from PIL import Image, ImageChops, ImageStat

from tests.notebooks.kernel import LessonKernel, run_at_once
from tests.notebooks.lesson import NAME, Lesson

SANITIZE = Path(__file__).with_name("sanitize.cfg")
PIXEL_TOLERANCE = 2.0  # mean difference of 255 levels: fonts are hinted a little differently from machine to machine
INLINE = re.compile(r'(?<=src=")data:image/png;base64,([A-Za-z0-9+/=]+)')  # shown, not the text of a request
DEFAULTS = {"check": True, "check_exception": False, "skip": False}  # what nbval's tags on a cell change


@dataclass(frozen=True)
class Run:
    name: str
    mode: str
    kernels: int = 1
    passes: tuple[str, ...] = ("",)


RUNS = (
    Run("replay", mode="replay", passes=("", " again", " backwards")),
    Run("simulator", mode="simulator"),
    Run("offline", mode="offline", kernels=2),
)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Iterator[Any]:
    """Lessons are ours, also when nbval's own --nbval asks for them."""
    found = yield
    if file_path.suffix == ".ipynb" and file_path.parent.name == "notebooks" and NAME.fullmatch(file_path.stem):
        return [LessonFile.from_parent(parent, path=file_path)]
    return found


class LessonFile(pytest.File):
    def collect(self) -> Iterator[pytest.Collector]:
        for run in RUNS:
            nodeid = f"{self.nodeid}::{run.name}"
            yield LessonRun.from_parent(self, name=run.name, path=self.path, nodeid=nodeid, run=run)


class LessonRun(IPyNbFile):
    kernels: list[LessonKernel]

    def __init__(self, *, run: Run, **kwargs: Any):
        super().__init__(**kwargs)
        self.run = run
        self.lesson = Lesson(self.path)
        self.kernels = []

    def setup(self) -> None:
        self.setup_sanitize_files()
        for _ in range(self.run.kernels):
            self.kernels.append(LessonKernel(self.lesson, self.run.mode))

    def teardown(self) -> None:
        while self.kernels:
            self.kernels.pop().stop()

    def get_sanitize_files(self) -> list[Path]:
        return [] if self.run.mode == "replay" else [SANITIZE]

    def collect(self) -> Iterator[pytest.Item]:
        for step in self.run.passes:
            order = self.lesson.backwards if step == " backwards" else self.lesson.code_cells
            for position, index in enumerate(order):
                cell = self.lesson.notebook.cells[index]
                yield LessonCell.from_parent(
                    self,
                    name=f"Cell {index}{step}",
                    cell_num=index,
                    cell=cell,
                    options=DEFAULTS | dict(find_metadata_tags(cell.metadata)),
                    restart_first=step == " backwards" and position == 0,
                )


class LessonCell(IPyNbCell):
    def __init__(self, *, restart_first: bool, **kwargs: Any):
        super().__init__(**kwargs)
        self.restart_first = restart_first

    def runtest(self) -> None:
        if self.restart_first:
            self.parent.kernels[0].restart()
        for outputs in run_at_once(self.parent.kernels, self.cell_num):
            self.check(outputs)

    def check(self, outputs: list[NotebookNode]) -> None:
        errors = [output for output in outputs if output.output_type == "error"]
        if errors and not self.options["check_exception"]:
            self.raise_cell_error("Cell execution caused an exception", "\n".join(errors[0].traceback))
        if self.cell.execution_count is None:
            self.raise_cell_error("The committed cell was never run: make lessons LESSON=" + self.path.stem)
        same = self.compare_outputs(outputs, self.cell.outputs) and self.compare_pictures(outputs, self.cell.outputs)
        if self.options["check"] and not same:
            self.raise_cell_error("Cell outputs differ", "\n".join(self.comparison_traceback))

    def sanitize(self, text: Any) -> Any:
        """Leave pictures inside HTML to `compare_pictures`."""
        return INLINE.sub("data:image/png", super().sanitize(text)) if isinstance(text, str) else text

    def compare_pictures(self, test: list[NotebookNode], reference: list[NotebookNode]) -> bool:
        """nbval leaves PNGs out. They must have the same size and, but for the hinting of fonts, the same pixels."""
        for mine, theirs in zip(pictures(test), pictures(reference), strict=True):
            if mine.size != theirs.size:
                self.comparison_traceback.append(f"picture of {mine.size} pixels instead of {theirs.size}")
                return False
            difference = max(ImageStat.Stat(ImageChops.difference(mine, theirs)).mean)
            if difference > PIXEL_TOLERANCE:
                self.comparison_traceback.append(f"picture differs by {difference:.1f} of 255 levels on average")
                return False
        return True

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, self.name


def pictures(outputs: list[NotebookNode]) -> list[Image.Image]:
    """Every PNG in these outputs, the ones carried inside HTML included."""
    data = [output.get("data", {}) for output in outputs]
    encoded = [
        found for bundle in data for found in [bundle.get("image/png"), *INLINE.findall(bundle.get("text/html", ""))]
    ]
    return [Image.open(io.BytesIO(base64.b64decode(png))).convert("RGBA") for png in encoded if png]
