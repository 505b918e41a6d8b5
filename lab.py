"""Install what the lessons need into .venv, once, and open JupyterLab: `python lab.py`.

Needs nothing but Python 3.11 or newer, and runs the same on Linux, macOS and Windows. `make lab` calls it.

    python lab.py [JupyterLab's own flags]     install if needed, then open JupyterLab on the lessons
    python lab.py --here                       the same, into the Python that runs this (conda) instead of .venv
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
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"


@dataclass(frozen=True)
class Place:
    """Where the packages go: a prefix, and the Python that is at home there."""

    prefix: Path
    python: Path
    ours: bool  # .venv is: it is made when missing, and made again when an installation was interrupted

    @property
    def stamp(self) -> Path:
        """Names what the last finished installation was made of."""
        return self.prefix / "responses-lab-installed.txt"

    @property
    def underway(self) -> Path:
        """Exists while an installation runs. One that is there at the start was interrupted."""
        return self.prefix / "responses-lab-installing.txt"


def main(arguments: list[str]) -> int:
    place = Place(VENV, VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python"), ours=True)
    if "--here" in arguments:
        place = Place(Path(sys.prefix), Path(sys.executable), ours=False)
    install(place, tests="--tests" in arguments)
    if "--install" in arguments:
        return 0
    return open_lab(place, [flag for flag in arguments if flag not in ("--here", "--tests")])


def install(place: Place, tests: bool) -> None:
    """Bring the packages up to date with the lock. Returns at once when they are."""
    lock = ROOT / ("requirements-test.txt" if tests else "requirements.txt")
    wanted = fingerprint(lock)
    usable = runs(place.python) and not (place.ours and place.underway.exists())
    if usable and place.stamp.exists() and wanted in place.stamp.read_text().split():
        return
    if not usable:
        if place.underway.exists():
            print("The last installation was interrupted: starting over.", flush=True)
        make_venv(place)
    place.underway.touch()
    place.stamp.unlink(missing_ok=True)
    print(f"Installing {lock.name} into {place.prefix} (once; a minute or some) ...", flush=True)
    pip(place, "install", "--require-hashes", "-r", str(lock))
    pip(place, "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--editable", str(ROOT))
    # The tests' lock holds the lessons' lock, so a finished installation of it serves for both.
    done = {wanted, fingerprint(ROOT / "requirements.txt")} if tests else {wanted}
    place.stamp.write_text("\n".join(sorted(done)) + "\n")
    place.underway.unlink()


def open_lab(place: Place, flags: list[str]) -> int:
    start_here = ROOT / "notebooks" / "00_start_here.ipynb"
    landing = start_here.relative_to(ROOT).as_posix() if start_here.exists() else "notebooks"
    command = [str(place.python), "-m", "jupyterlab", f"--LabApp.default_url=/lab/tree/{landing}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # in a container one often is root; the server listens on this machine only
    command += flags
    if os.name == "nt":  # there exec returns to the prompt at once, and the server would fight it for the keyboard
        return subprocess.call(command, cwd=ROOT)
    os.chdir(ROOT)
    return os.execv(command[0], command)  # never returns: the server takes this process over, and its Ctrl-C


def make_venv(place: Place) -> None:
    try:
        import ensurepip  # noqa: F401  Debian and Ubuntu leave it out
        import venv  # noqa: F401
    except ImportError:
        sys.exit(
            f"{sys.executable} cannot make a virtual environment: its modules venv and ensurepip are not installed.\n"
            f"Install them (Debian, Ubuntu: sudo apt install python{sys.version_info[0]}.{sys.version_info[1]}-venv), "
            "then run this again."
        )
    if place.prefix.exists():
        shutil.rmtree(place.prefix)
    place.prefix.mkdir()
    place.underway.touch()
    if subprocess.call([sys.executable, "-m", "venv", str(place.prefix)]) != 0:
        sys.exit(f"Could not make {place.prefix}: the message above says why.")


def pip(place: Place, *arguments: str) -> None:
    command = [str(place.python), "-m", "pip", "--disable-pip-version-check", *arguments]
    if subprocess.call(command, cwd=ROOT) != 0:
        sys.exit("The installation did not finish: the message above says why. Run this again to go on.")


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
