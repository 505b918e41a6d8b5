"""The files that a clone would get."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def tracked(suffix: str = "") -> list[Path]:
    """Tracked files, and new ones that no .gitignore leaves out; with this suffix, if one is given."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    return [ROOT / name for name in sorted(set(names)) if name.endswith(suffix) and (ROOT / name).is_file()]


def text_of(file: Path) -> str:
    """The file as text; nothing if it is not text."""
    data = file.read_bytes()
    return "" if b"\0" in data else data.decode("utf-8", errors="replace")
