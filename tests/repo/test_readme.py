"""What the README says of lessons, commands and figures is what there is."""

import re
import shlex
import shutil
import socket
import subprocess
import sys

import pytest

from tests.notebooks.lesson import lessons
from tests.repo.tracked import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_it_lists_every_lesson_with_the_title_and_minutes_of_its_first_cell() -> None:
    listed = re.findall(r"^\| \[(.+?)\]\((notebooks/\w+\.ipynb)\) \| .+? \| (\d+) \|$", README, re.MULTILINE)
    there = []
    for lesson in lessons():
        opening = lesson.notebook.cells[0].source
        minutes = re.search(r"(\d+) minutes", opening)
        assert minutes, f"{lesson.path.name}: the first cell does not say how many minutes it takes"
        there.append((opening.splitlines()[0].removeprefix("# "), f"notebooks/{lesson.path.name}", minutes[1]))
    assert listed == there


def test_every_make_command_it_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z]+)", README + CONTRIBUTING)) | set(
        re.findall(r"^make (\w+)", README, re.MULTILINE)
    )
    assert named
    assert named <= targets


def test_every_variable_it_names_is_read() -> None:
    files = [*(ROOT / "helpers").rglob("*.py"), ROOT / "Makefile"]
    code = "".join(file.read_text(encoding="utf-8") for file in files)
    named = set(re.findall(r"\b(?:AZURE_OPENAI|LAB)_[A-Z]+\b", README))
    assert named
    assert {name for name in named if name not in code} == set()


def test_its_simulator_answers_where_the_commands_are_pasted_at_once() -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    (commands,) = re.findall(r"^```bash\n(\S+ -m simulator .*?)```$", README, re.MULTILINE | re.DOTALL)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    commands = commands.replace(".venv/bin/python", shlex.quote(sys.executable)).replace("8000", str(port))
    done = subprocess.run(["bash", "-mc", commands], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert '"status": "completed"' in done.stdout, done.stderr
    assert "Your test came through" in done.stdout


def test_its_figures_are_those_that_make_bench_wrote_last() -> None:
    figures = README.split("<!-- bench: written by make bench -->\n")[1].split("<!-- end of bench -->")[0]
    results = (ROOT / "bench" / "RESULTS.md").read_text(encoding="utf-8")
    assert figures.strip() == results.partition("\n")[2].strip()
    assert re.search(r"^Measured \d{4}-\d\d-\d\d ", figures)
