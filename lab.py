"""Install what the lessons need into .venv, once, and open JupyterLab: `python lab.py`.

Needs nothing but Python 3.11 or newer, and runs the same on Linux, macOS and Windows. `make lab` calls it.

    python lab.py [JupyterLab's own flags]     install if needed, then open JupyterLab on the lessons
    python lab.py --install [--tests]          install only; with --tests also what the tests need
"""

import sys

# An older Python must get this far: nothing above or in the syntax below may need more than Python 3.6.
if sys.version_info < (3, 11):
    sys.exit(
        "The lessons need Python 3.11 or newer; %s is Python %d.%d.\n" % (sys.executable, *sys.version_info[:2])
        + "Install one (Debian, Ubuntu: sudo apt install python3.12 python3.12-venv; macOS: brew install python@3.12;\n"
        + "others: python.org/downloads), or name one that you have: make lab PYTHON=/path/to/python3.12"
    )

import hashlib
import os
import shutil
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "installed.txt"  # what the last finished installation was made of
UNDERWAY = VENV / "installing"  # exists while an installation runs; one found at the start was interrupted


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--install"]:
        install(tests="--tests" in arguments)
        return 0
    install(tests=False)
    return open_lab(arguments)


def install(tests: bool) -> None:
    """Bring .venv up to date with the lock. Returns at once when it is."""
    lock = ROOT / ("requirements-test.txt" if tests else "requirements.txt")
    wanted = fingerprint(lock)
    stamps = STAMP.read_text().split() if STAMP.exists() and runs(VENV_PYTHON) else []
    if wanted in stamps:
        return
    if UNDERWAY.exists():
        print("The last installation was interrupted: starting over.", flush=True)
    if UNDERWAY.exists() or not runs(VENV_PYTHON):
        make_venv()
        stamps = []
    UNDERWAY.touch()
    STAMP.unlink(missing_ok=True)
    print(f"Installing {lock.name} into {VENV} (some minutes, once) ...", flush=True)
    pip("install", "--require-hashes", "-r", str(lock))
    pip("install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--editable", str(ROOT))
    # The tests' lock holds the lessons' lock, so a finished installation of it serves for both.
    stamps = {wanted, fingerprint(ROOT / "requirements.txt")} if tests else {wanted}
    STAMP.write_text("\n".join(sorted(stamps)) + "\n")
    UNDERWAY.unlink()


def open_lab(flags: list[str]) -> int:
    start_here = ROOT / "notebooks" / "00_start_here.ipynb"
    landing = start_here.relative_to(ROOT).as_posix() if start_here.exists() else "notebooks"
    command = [str(VENV_PYTHON), "-m", "jupyterlab", f"--LabApp.default_url=/lab/tree/{landing}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # in a container one often is root; the server listens on this machine only
    command += flags
    if os.name == "nt":  # there exec returns to the prompt at once, and the server would fight it for the keyboard
        return subprocess.call(command, cwd=ROOT)
    os.chdir(ROOT)
    return os.execv(command[0], command)  # never returns: the server takes this process over, and its Ctrl-C


def make_venv() -> None:
    try:
        import ensurepip  # noqa: F401  Debian and Ubuntu leave it out
        import venv  # noqa: F401
    except ImportError:
        version = "{}.{}".format(*sys.version_info)
        sys.exit(
            f"{sys.executable} cannot make a virtual environment: its modules venv and ensurepip are not installed.\n"
            f"Install them (Debian, Ubuntu: sudo apt install python{version}-venv), then run this again."
        )
    shutil.rmtree(VENV, ignore_errors=True)
    VENV.mkdir()
    UNDERWAY.touch()
    if subprocess.call([sys.executable, "-m", "venv", str(VENV)]) != 0:
        sys.exit(f"Could not make {VENV}: the message above says why.")


def pip(*arguments: str) -> None:
    command = [str(VENV_PYTHON), "-m", "pip", "--disable-pip-version-check", *arguments]
    if subprocess.call(command, cwd=ROOT) != 0:
        sys.exit("The installation did not finish: pip's message above says why. Run this again to go on.")


def runs(python: Path) -> bool:
    """Whether this interpreter starts, is new enough and has pip. One whose Python was removed since does not."""
    check = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    return python.exists() and subprocess.call([str(python), "-c", check], stderr=subprocess.DEVNULL) == 0


def fingerprint(lock: Path) -> str:
    """What an installation depends on: the lock, the packaging, JupyterLab's settings, and where this folder is."""
    packaging = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packaging = {table: packaging[table] for table in ("build-system", "project")}
    digest = hashlib.sha256(f"{ROOT} {packaging}".encode())
    for file in (lock, *sorted((ROOT / "jupyter").iterdir())):
        digest.update(file.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("\nInterrupted. Run this again to go on.")
