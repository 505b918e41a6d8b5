"""Every link from one place in this repository to another leads somewhere."""

import re
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest

from tests.repo.tracked import ROOT, tracked

PAGES = tracked(".md") + tracked(".ipynb")
LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)|<(?:a|img)\b[^>]*\b(?:href|src)=[\"']([^\"']+)[\"']")


def prose(page: Path) -> str:
    """The Markdown of a page or a notebook, without its code."""
    if page.suffix == ".ipynb":
        cells = nbformat.read(page, as_version=4).cells
        text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    else:
        text = page.read_text(encoding="utf-8")
    return re.sub(r"^(```|~~~).*?^\1|`[^`\n]*`", "", text, flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """Where `#...` may point to: headings as GitHub and as JupyterLab name them, and explicit ids."""
    text = prose(page)
    titles = re.findall(r"^#{1,6} +(.+)$", text, re.MULTILINE)
    plain = [re.sub(r"[*_]|\]\([^)]*\)|\[", "", title).strip() for title in titles]
    github = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in plain}
    jupyterlab = {title.replace(" ", "-") for title in plain}
    return github | jupyterlab | set(re.findall(r"\b(?:id|name)=\"([^\"]+)\"", text))


def dead_links(page: Path) -> list[str]:
    dead = []
    for link in (first or second for first, second in LINK.findall(prose(page))):
        if re.match(r"[a-z][a-z+.-]*:", link) and not link.startswith("file:"):
            continue
        name, _, anchor = unquote(link).partition("#")
        target = (page.parent / name).resolve() if name else page
        outside = page.is_relative_to(ROOT) and not target.is_relative_to(ROOT)
        has_headings = target.suffix in (".md", ".ipynb")
        if outside or not target.exists() or (anchor and has_headings and anchor not in anchors(target)):
            dead.append(link)
    return dead


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    assert dead_links(page) == []


def test_dead_ones_are_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# A title\n[a](#a-title) [b](#b-title) [c](page.md) [d](gone.md) <img src='gone.png'> `[e](gone)`\n"
    )
    assert dead_links(page) == ["#b-title", "gone.md", "gone.png"]


def title(page: Path) -> str:
    return str(nbformat.read(page, as_version=4).cells[0].source.splitlines()[0].removeprefix("# "))


@pytest.mark.parametrize("page", [page for page in PAGES if page.suffix == ".ipynb"], ids=lambda page: page.stem)
def test_a_lesson_is_called_by_its_title(page: Path) -> None:
    named = re.findall(r"\[(\d\d · [^]]+)\]\((\w+\.ipynb)", prose(page))
    assert [name for name, file in named if name != title(page.parent / file)] == []


def test_the_ways_through_the_lessons_take_as_long_as_they_say() -> None:
    page = ROOT / "notebooks" / "00_start_here.ipynb"
    minutes = dict(
        re.findall(r"^\| \[.*?\]\(notebooks/(\S+)\).* (\d+) \|$", (ROOT / "README.md").read_text(), re.MULTILINE)
    )
    ways = [line for line in prose(page).splitlines() if re.search(r"\.ipynb\).* \d+ \|$", line)]
    assert ways
    for way in ways:
        assert sum(int(minutes[file]) for file in re.findall(r"\((\w+\.ipynb)\)", way)) == int(way.split("|")[-2]), way
