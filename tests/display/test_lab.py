"""The displays in a real JupyterLab with a real Chromium: saved and untrusted, live, light and dark, wide and narrow.

LAB_SCREENSHOTS=folder keeps the pictures that these tests take.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.display import gallery, lab

pytestmark = pytest.mark.skipif(lab.CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium")

LIVE = {
    "hostile": """\
from tests.display.attacks import ATTACKS
show(samples.response(*[samples.said(attack[:2000]) for attack in ATTACKS.values()]))""",
    "slow": """\
client = samples.client(samples.text_events("word " * 400), wait=0.05)
response = show_stream(client.responses.create(model="gpt-5.4-mini", input="Talk.", stream=True))
print("status", response.status, "with text:", len(response.output_text) > 20)""",
    "cancel": """\
works = samples.response(status="in_progress", usage=None, background=True)
client = samples.client(works)
job = watch(client.responses.create(model="gpt-5.4", input="Think.", background=True), client, every=0.2)
print("the job is", job.status)""",
    "cancel_async": """\
client = samples.async_client(works)
job = await client.responses.create(model="gpt-5.4", input="Think.", background=True)
job = await watch(job, client, every=0.2)
print("the job is", job.status)""",
}
NUMBER = {name: number for number, name in enumerate([*gallery.CELLS, *LIVE])}  # of the cells of the live notebook
HIT = "() => [window.hit, window.parent.hit].filter(x => x !== undefined)"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the gallery: run as outputs are made for committing, and not yet run."""
    place = tmp_path_factory.mktemp("lab")
    fresh = gallery.notebook()
    fresh.cells += [nbformat.v4.new_code_cell(source, id=name) for name, source in LIVE.items()]
    nbformat.write(fresh, place / "live.ipynb")
    saved = gallery.notebook()
    saved.cells.append(nbformat.v4.new_code_cell(LIVE["hostile"], id="hostile"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAB_PACE", "none")
        patch.setenv("PYTHONPATH", str(lab.ROOT))
        NotebookClient(saved, timeout=120, kernel_name="python3").execute()
    nbformat.write(saved, place / "saved.ipynb")
    return place


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with lab.browser() as chromium:
        yield chromium


@pytest.fixture(scope="module", params=["Light", "Dark"])
def served(request: pytest.FixtureRequest, folder: Path) -> Iterator[tuple[str, str]]:
    """JupyterLab's address, and its theme."""
    with lab.jupyterlab(folder, f"JupyterLab {request.param}") as address:
        yield address, request.param


@pytest.mark.parametrize("width", [1280, 800])
def test_saved_outputs_of_an_untrusted_notebook_read_well(served: tuple[str, str], browser: Any, width: int) -> None:
    address, theme = served
    page, outside = lab.page(browser, width)
    lab.open_notebook(page, address, "saved.ipynb")
    text = page.locator(".jp-Notebook").inner_text()
    for part in (
        "It costs $5 or $6: your choice.",
        "call_weather",
        "response.output_text.delta",
        "Done at last.",
        "[U+202E]",
    ):
        assert part in text
    assert page.locator(".jp-OutputArea-output img").count() == 4
    assert all(
        page.locator(".jp-OutputArea-output img").evaluate_all("all => all.map(i => i.naturalWidth > 0 && i.alt)")
    )
    assert page.locator("mjx-container, .MathJax").count() == 0
    assert page.evaluate(HIT) == []
    assert lab.serious(page) == []
    assert outside == []
    _keep(page, f"gallery-{theme}-{width}")
    page.close()


def test_a_person_runs_stops_cancels_and_denies_with_the_keyboard(
    served: tuple[str, str], browser: Any, folder: Path
) -> None:
    address, theme = served
    if theme == "Dark":
        pytest.skip("once is enough: what a key does has no colour")
    page, outside = lab.page(browser, 1280)
    lab.open_notebook(page, address, "live.ipynb")
    lab.run_all(page)

    slow = lab.output(page, NUMBER["slow"])
    slow.get_by_text("word word word").first.wait_for(timeout=60_000)
    lab.interrupt(page)
    slow.get_by_text("status in_progress with text: True").wait_for(timeout=20_000)
    assert "stopped: the stream was interrupted." in slow.inner_text()

    for name in ("cancel", "cancel_async"):
        watched = lab.output(page, NUMBER[name])
        cancel = watched.get_by_role("button", name="Cancel")
        cancel.wait_for(timeout=20_000)
        cancel.press("Enter")
        watched.get_by_text("the job is cancelled").wait_for(timeout=20_000)
        assert cancel.count() == 0

    approval = lab.output(page, NUMBER["approval"])
    approval.get_by_role("button", name="Approve").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Deny"
    page.keyboard.press("Space")
    approval.get_by_text("Kept.").wait_for(timeout=20_000)
    assert approval.get_by_role("button", name="Approve").is_disabled()

    folded = lab.output(page, NUMBER["wire"]).locator("details").first
    folded.locator("summary").focus()
    page.keyboard.press("Enter")
    assert folded.get_attribute("open") is not None

    assert page.evaluate(HIT) == []
    assert page.locator("mjx-container, .MathJax").count() == 0
    assert lab.serious(page) == []
    assert outside == []
    _keep(page, "live")
    page.close()


def _keep(page: Any, name: str) -> None:
    folder = os.environ.get("LAB_SCREENSHOTS")
    if folder:
        page.set_viewport_size({"width": page.viewport_size["width"], "height": 12_000})
        page.wait_for_timeout(500)
        page.locator(".jp-Notebook").screenshot(path=str(Path(folder) / f"{name.lower()}.png"))
