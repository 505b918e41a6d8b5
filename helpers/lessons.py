"""The lessons and where their files are, found from this package: a notebook may be opened from anywhere."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class UnknownLessonError(ValueError):
    """A lesson that does not exist; the message lists those that do."""


class DataMissingError(FileNotFoundError):
    """The project's `data` folder is not where it belongs, beside `helpers`."""


@dataclass(frozen=True)
class Lesson:
    """A lesson's name, as "01_basics", and its files, which need not exist."""

    name: str
    root: Path

    @property
    def notebook(self) -> Path:
        return self.root / "notebooks" / f"{self.name}.ipynb"

    @property
    def cassette(self) -> Path:
        return self.root / "data" / "cassettes" / f"{self.name}.yaml"

    @property
    def script(self) -> Path:
        return self.root / "data" / "scripts" / f"{self.name}.yaml"


def lesson(name: str) -> Lesson:
    """The lesson of that name. Raises UnknownLessonError, and DataMissingError where the project is not whole."""
    root = ROOT
    if not (root / "data").is_dir():
        raise DataMissingError(
            f"There is no folder {root / 'data'}, which holds the recorded answers. `helpers` works from its place in "
            "the project: bring the folder back with `git checkout -- data`, or clone the project again and `make lab`."
        )
    names = _names(root)
    if name not in names:
        close = difflib.get_close_matches(str(name), names, n=1, cutoff=0.5)
        hint = f' Did you mean "{close[0]}"?' if close else ""
        raise UnknownLessonError(
            f"There is no lesson {name!r}.{hint} The lessons are: {', '.join(names) or 'none yet'}."
        )
    return Lesson(name, root)


def _names(root: Path) -> list[str]:
    """Every lesson that has a notebook, a cassette or a script."""
    places = [("notebooks", ".ipynb"), ("data/cassettes", ".yaml"), ("data/scripts", ".yaml")]
    return sorted({path.stem for folder, suffix in places for path in (root / folder).glob(f"[0-9]*{suffix}")})
