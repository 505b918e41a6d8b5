"""`make lab`: what stands in a reader's way is said in words, and JupyterLab opens and asks nobody for anything."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.repo.tracked import ROOT


def lab(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, env=os.environ | environment, timeout=60
    )


def test_an_old_python_is_told_what_to_install() -> None:
    pretend = "import runpy, sys; sys.version_info = (3, 9, 2); runpy.run_path('lab.py', run_name='__main__')"
    result = lab("-c", pretend)
    assert result.returncode == 1
    assert f"need Python 3.11 or newer; {sys.executable} is Python 3.9." in result.stderr
    assert "make lab PYTHON=" in result.stderr


def test_a_debian_without_venv_is_told_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "ensurepip.py").write_text("raise ImportError")
    (tmp_path / "lab.py").write_text((ROOT / "lab.py").read_text())
    for name in ("pyproject.toml", "requirements.txt"):
        (tmp_path / name).write_text((ROOT / name).read_text())
    (tmp_path / "jupyter").mkdir()
    result = lab(str(tmp_path / "lab.py"), PYTHONPATH=str(tmp_path))
    assert result.returncode == 1
    assert f"sudo apt install python{sys.version_info[0]}.{sys.version_info[1]}-venv" in result.stderr
    assert not (tmp_path / ".venv").exists()


def test_make_alone_lists_what_there_is() -> None:
    result = subprocess.run(["make", "-C", ROOT], capture_output=True, text=True, check=True)
    for target in ("lab", "test", "record", "bench", "check"):
        assert re.search(rf"^  make {target} +\w", result.stdout, re.MULTILINE), target


def test_make_without_python_says_so() -> None:
    command = ["make", "-C", ROOT, "lab", "PYTHON=no-such-python"]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode != 0
    assert "No no-such-python here. " in result.stderr
    assert "The lessons need Python 3.11 or newer: python.org/downloads, or sudo apt" in result.stderr


@pytest.mark.skipif(sys.prefix != str(ROOT / ".venv"), reason="runs in the .venv that make test installs")
@pytest.mark.skipif(not (ROOT / ".venv" / "responses-lab-installed.txt").exists(), reason="not installed by make")
def test_jupyterlab_opens_and_asks_nobody_for_news(tmp_path: Path) -> None:
    command = ["make", "-C", str(ROOT), "lab", "LAB_FLAGS=--no-browser --IdentityProvider.token=t"]
    settings = {"JUPYTER_CONFIG_DIR": str(tmp_path / "config"), "JUPYTER_RUNTIME_DIR": str(tmp_path / "run")}
    environment = os.environ | settings
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True)
    try:
        assert process.stderr is not None
        log = ""
        for line in process.stderr:
            log += line
            if address := re.search(r"http://127\.0\.0\.1:\d+/lab/tree/\S+", line):
                break
        else:
            pytest.fail(f"JupyterLab did not start:\n{log}")
        assert "/lab/tree/notebooks" in address[0]
        page = answer(re.sub(r"token=.*", "token=t", address[0])).decode()
        config = json.loads(re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.DOTALL)[1])
        assert config["news"] == {"disabled": True}
        update = address[0].split("/lab/")[0] + "/lab/api/update?token=t"
        assert json.loads(answer(update)) == {"notification": None}
        asks = update.replace("api/update", "api/settings/@jupyterlab/apputils-extension:notification")
        assert json.loads(answer(asks))["schema"]["properties"]["fetchNews"]["default"] == "false"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def answer(url: str) -> bytes:
    """The answer of a server that says its address a moment before it listens."""
    for _ in range(50):
        try:
            with urllib.request.urlopen(url, timeout=30) as response:
                return response.read()
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError):
                raise
            time.sleep(0.1)
    raise TimeoutError(f"{url} does not answer")
