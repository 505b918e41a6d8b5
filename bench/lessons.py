"""What proving the lessons costs beyond running them: strict nbval beside kernels that run the same cells bare."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from time import perf_counter

from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from bench.measure import Row
from tests.notebooks.kernel import lesson_environment, socket_files
from tests.notebooks.lesson import Lesson, lessons

WORKERS = min(2, os.cpu_count() or 1)


def rows() -> Iterator[Row]:
    ours, bare = _proved(), _bare()
    yield Row(
        f"strict nbval over all {len(lessons())} lessons, replay and simulator, {WORKERS} workers / the bare kernels",
        f"{ours:.0f} s",
        f"{bare:.0f} s",
        f"{ours / bare:.2f}",
        "1.3",
        ours / bare <= 1.3,
    )


def _proved() -> float:
    """Seconds that pytest needs for the two runs of each lesson."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(WORKERS), "notebooks", "-k", "replay or simulator"]
    started = perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return perf_counter() - started


def _bare() -> float:
    """Seconds that as many processes need to run the same cells in the same kernels, and look at no output."""
    started = perf_counter()
    with ProcessPoolExecutor(WORKERS) as pool:
        list(pool.map(_run, *zip(*_kernels(), strict=True)))
    return perf_counter() - started


def _kernels() -> Iterator[tuple[Path, str, list[int]]]:
    for lesson in lessons():
        yield lesson.path, "replay", lesson.code_cells * 2
        yield lesson.path, "replay", lesson.backwards
        yield lesson.path, "simulator", lesson.code_cells


def _run(path: Path, mode: str, cells: list[int]) -> None:
    source = Lesson(path).notebook
    notebook = new_notebook(
        cells=[new_code_cell(source.cells[index].source) for index in cells], metadata=source.metadata
    )
    with tempfile.TemporaryDirectory(prefix="kernel-") as scratch:
        client = NotebookClient(
            notebook, kernel_name="python3", timeout=180, allow_errors=True, config=socket_files(scratch)
        )
        client.execute(env=lesson_environment(mode) | {"IPYTHONDIR": scratch}, cwd=str(path.parent))
