"""The snippets are the lessons' cells of today, and each runs alone, in an empty folder, against the simulator."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from snippets import generate
from tests.simulator.test_server import start, stop

FILES = generate.files()
SCRIPTS = sorted(name for name in FILES if name != "README.md")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    process, url = start("--no-wait")
    yield url.removesuffix("/openai/v1/")
    assert stop(process) == ""


@pytest.mark.parametrize("name", FILES)
def test_it_is_what_the_lesson_says(name: str) -> None:
    assert (generate.HERE / name).read_text(encoding="utf-8") == FILES[name], "run `make snippets`"


def test_its_first_lines_say_what_it_needs() -> None:
    assert "Needs: pip install openai azure-identity matplotlib\n" in FILES["ask_about_a_pdf.py"]
    assert "Needs: pip install openai\n" in FILES["sign_in_with_an_api_key.py"]
    assert "It defines run_tools, for you to call" in FILES["run_tools_until_the_model_is_done.py"]
    assert sum("It defines" in text for text in FILES.values()) == 1


def test_nothing_is_left_of_cells_that_are_gone() -> None:
    there = {path.name for path in generate.HERE.iterdir() if path.suffix in (".py", ".sh")}
    assert there - {"generate.py", "__init__.py"} == set(SCRIPTS)


@pytest.mark.parametrize("name", SCRIPTS)
def test_it_runs_alone(name: str, endpoint: str, tmp_path: Path) -> None:
    script = tmp_path / name
    shutil.copy(generate.HERE / name, script)
    if script.suffix == ".sh" and shutil.which("curl") is None:
        pytest.skip("needs curl")
    done = subprocess.run(
        ["bash", script] if script.suffix == ".sh" else [sys.executable, "-I", "-X", "utf8", script],
        cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", timeout=120,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "NO_PROXY": "127.0.0.1",
             "AZURE_OPENAI_ENDPOINT": endpoint, "AZURE_OPENAI_API_KEY": "any word"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert script.suffix == ".sh" or done.stderr == ""  # curl shows its progress there
    assert '"error": {' not in done.stdout
