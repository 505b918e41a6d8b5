"""With every style, class and id taken away, as GitHub does it, nothing that matters is lost."""

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from markdown_it import MarkdownIt
from nbclient import NotebookClient
from nbconvert import HTMLExporter, MarkdownExporter

from tests.display import gallery
from tests.display.attacks import faults, words


@pytest.fixture(scope="module")
def executed() -> Any:
    """The gallery, run once by a real kernel as outputs are made for committing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAB_PACE", "none")
        patch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
        notebook = gallery.notebook()
        NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    return notebook


def outputs(notebook: Any) -> dict[str, list[dict[str, Any]]]:
    return {cell.id: [output.get("data", {}) for output in cell.outputs] for cell in notebook.cells}


def test_every_cell_displays_html_and_text_and_no_widget(executed: Any) -> None:
    for name, shown in outputs(executed).items():
        assert len(shown) == (name != "setup"), name
        for data in shown:
            assert set(data) == {"text/html", "text/plain"}
            assert faults(data["text/html"]) == []


def test_a_display_adds_less_than_20_kb(executed: Any) -> None:
    sizes = {
        name: sum(len(part) for data in shown for part in data.values()) for name, shown in outputs(executed).items()
    }
    assert max(sizes.values()) < 20_000, sizes


def test_running_again_gives_the_same_outputs(executed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_PACE", "none")
    again = nbformat.from_dict(gallery.notebook())
    NotebookClient(again, timeout=120, kernel_name="python3").execute()
    assert outputs(again) == outputs(executed)


def test_nothing_is_lost_without_styles_classes_and_ids(executed: Any) -> None:
    html, _ = HTMLExporter(template_name="basic").from_notebook_node(executed)
    bare = re.sub(r'\s(?:style|class|id)="[^"]*"', "", re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL))
    shown = words(bare)
    for part in (
        *("It costs $5 or $6: your choice.", "recorded from the simulator, 2026-11-25", "28 input (8 cached)"),
        *("POST https://your-resource-name.openai.azure.com/openai/v1/responses → 200", "the same call with curl"),
        *("call_weather", '{"sky": "clear"}', "And tomorrow?", "response.output_text.delta\u00a0×\u00a09"),
        *(
            "rate_limit_exceeded",
            "trips.csv",
            "May this run?",
            "decide(True)",
            "Send the van to University on Friday evening.",
        ),
    ):
        assert part in shown, part
    for tag in ("<table>", "<details>", "<summary>", "<pre>", "<code>", "<strong>", "<small>"):
        assert tag in bare
    pictures = re.findall(r"<img [^>]*>", bare)
    assert len(pictures) == 4
    assert all(re.search(r'alt="[^"]{10,}"', picture) for picture in pictures)


def test_in_a_markdown_page_it_stays_html(executed: Any) -> None:
    page, _ = MarkdownExporter().from_notebook_node(executed)
    rendered = MarkdownIt("commonmark", {"html": True}).render(page)
    for name, shown in outputs(executed).items():
        assert all(data["text/html"] in rendered for data in shown), name
