"""A lesson as the tests see it: its file, its sections, and the orders in which its cells may run."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat import NotebookNode

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"\d\d_\w+")


class NotebookError(Exception):
    """A file that is no notebook; the message names it."""


@dataclass(frozen=True)
class Lesson:
    path: Path

    @property
    def name(self) -> str:
        return self.path.stem

    @cached_property
    def notebook(self) -> NotebookNode:
        """What the file holds. Raises NotebookError where that is no notebook."""
        try:
            return nbformat.read(self.path, as_version=4)
        except (ValueError, TypeError, AttributeError, nbformat.ValidationError) as error:  # what nbformat makes of it
            raise NotebookError(f"{self.path} is no notebook: {error}") from error

    @property
    def code_cells(self) -> list[int]:
        """Indices of the cells that run."""
        return [i for i, cell in enumerate(self.notebook.cells) if cell.cell_type == "code" and cell.source.strip()]

    @property
    def sections(self) -> list[list[int]]:
        """Code cells by section. First the set-up: all before the first `##` heading. Then each `##` section.

        A section needs only the set-up, unless its heading cell is tagged `follows`: then it continues the one before.
        """
        sections: list[list[int]] = [[]]
        for i, cell in enumerate(self.notebook.cells):
            if cell.cell_type == "markdown" and re.match(r"## ", cell.source) and "follows" not in tags(cell):
                sections.append([])
            if i in self.code_cells:
                sections[-1].append(i)
        return [sections[0], *filter(None, sections[1:])]

    @property
    def backwards(self) -> list[int]:
        """The legal order that finds most: the set-up, then the sections from last to first, each from top to bottom.

        Every section runs before all that stood above it, so one that needs another and does not say so fails.
        """
        setup, *sections = self.sections
        return setup + [i for section in reversed(sections) for i in section]


def lessons(folder: Path = ROOT / "notebooks") -> list[Lesson]:
    """All lessons, in reading order. A new file notebooks/NN_theme.ipynb is a lesson by being there."""
    return [Lesson(path) for path in sorted(folder.glob("*.ipynb")) if NAME.fullmatch(path.stem)]


def tags(cell: NotebookNode) -> list[str]:
    return list(cell.metadata.get("tags", []))
