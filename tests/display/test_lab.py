"""The displays in a real JupyterLab with a real Chromium: saved and untrusted, live, light and dark, wide and narrow.

LAB_PICTURES=docs/pictures keeps the pictures that README and docs show.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from shutil import copy
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.display import gallery, lab
from tests.display.attacks import words

pytestmark = pytest.mark.skipif(lab.CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium")

LESSONS = sorted((lab.ROOT / "notebooks").glob("*.ipynb"))
HOSTILE = """\
from tests.display.attacks import ATTACKS
show(samples.response(*[samples.said(attack[:2000]) for attack in ATTACKS.values()]))"""
LIVE = {
    "hostile": HOSTILE,
    "slow": """\
story = "Bike 218 left **Harbour** at eight, and nobody has seen it since. It likes the sea, and the rain. " * 20
client = samples.client(samples.text_events(story), wait=0.05)
response = show_stream(client.responses.create(model="gpt-5.4-mini", input="Tell a story.", stream=True))
print("status", response.status, "with text:", len(response.output_text) > 20)""",
    "cancel": """\
job = simulator.responses.create(model=MODEL, input="Plan the year.", background=True)
job = watch(job, simulator, every=0.2)
print("the job is", job.status)""",
    "cancel_async": """\
client = simulated.async_client(service)
job = await client.responses.create(model=MODEL, input="Plan the year.", background=True)
job = await watch(job, client, every=0.2)
print("the job is", job.status)""",
    "approve": "approval(asked, decide)",
}
KEYS = ["setup", "answer", "wire", "approval", "slow", "cancel"]
NUMBER = {name: number for number, name in enumerate([*gallery.CELLS, *LIVE])}  # of the cells of the live notebook
HIT = "() => [window.hit, window.parent.hit].filter(x => x !== undefined)"
PICTURES = ("answer", "items", "wire", "diff", "events", "timeline", "tokens", "service")
ONCE = pytest.mark.parametrize("served", ["Light", "Dark"] if lab.KEEP else ["Light"], indirect=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the lessons, and with the gallery: run as outputs are made for committing, and not yet run."""
    place = tmp_path_factory.mktemp("lab")
    for lesson in LESSONS:
        copy(lesson, place)
    fresh = gallery.notebook()
    fresh.cells += [nbformat.v4.new_code_cell(source, id=name) for name, source in LIVE.items()]
    nbformat.write(fresh, place / "live.ipynb")
    keys = gallery.notebook()
    keys.cells = [cell for cell in fresh.cells if cell.id in KEYS]
    nbformat.write(keys, place / "keys.ipynb")
    saved = gallery.notebook()
    saved.cells.append(nbformat.v4.new_code_cell(HOSTILE, id="hostile"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAB_PACE", "none")
        patch.setenv("PYTHONPATH", str(lab.ROOT))
        NotebookClient(saved, timeout=120, kernel_name="python3").execute()
    # Not by the displays: a trusted notebook would run this one.
    probe = nbformat.v4.new_output("display_data", {"text/html": '<img src="x" onerror="window.hit = 99">'})
    saved.cells[-1].outputs.append(probe)
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


def lost(page: Any, notebook: Path) -> list[str]:
    """What the displays saved in this notebook say, and the page does not."""
    text = lab.shown(page)
    outputs = [o for cell in nbformat.read(notebook, 4).cells for o in cell.get("outputs", [])]
    htmls = [output.data["text/html"] for output in outputs if "text/html" in output.get("data", {})]
    ours = [html for html in htmls if html.startswith('<div class="tex2jax_ignore')]  # others show tables of pandas
    assert ours
    return [said for said in ("".join(words(html).split()) for html in ours) if said not in text]


@pytest.mark.parametrize("width", [1280, 800])
def test_saved_outputs_of_an_untrusted_notebook_read_well(
    served: tuple[str, str], browser: Any, width: int, folder: Path
) -> None:
    address, theme = served
    page, outside = lab.page(browser, width)
    lab.open_notebook(page, address, "saved.ipynb")
    assert lost(page, folder / "saved.ipynb") == []
    pictures = page.locator(".jp-OutputArea-output img[src^=data]")
    assert pictures.count() == 4
    assert all(pictures.evaluate_all("all => all.map(i => i.naturalWidth > 0 && i.alt)"))
    wide = page.locator(".jp-OutputArea-output").evaluate_all("all => all.map(o => o.scrollWidth - o.clientWidth)")
    assert max(wide) <= 1  # nothing has to be scrolled sideways
    assert page.locator("mjx-container, .MathJax").count() == 0
    assert page.evaluate(HIT) == []
    if width == 1280:
        for part in (1, 5):  # the request's body, and the call in Python
            lab.output(page, NUMBER["wire"]).locator("summary").nth(part).click()
        for name in PICTURES:
            lab.picture(lab.output(page, NUMBER[name]), f"{name}-{theme}")
    assert lab.serious(page) == []
    assert outside == []
    page.close()


@ONCE
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.stem)
def test_a_lesson_opens_untrusted_with_all_that_its_displays_say(
    served: tuple[str, str], browser: Any, lesson: Path, folder: Path
) -> None:
    address, _ = served
    page, outside = lab.page(browser, 1280)
    lab.open_notebook(page, address, lesson.name)
    assert lost(page, folder / lesson.name) == []
    assert lab.serious(page) == []
    assert outside == []
    page.close()


def test_a_person_runs_stops_cancels_and_decides(served: tuple[str, str], browser: Any) -> None:
    address, theme = served
    page, outside = lab.page(browser, 1280 if theme == "Light" else 800)
    lab.open_notebook(page, address, "live.ipynb")
    lab.run_all(page)

    slow = lab.output(page, NUMBER["slow"])
    slow.get_by_text("and the rain. Bike 218").first.wait_for(timeout=60_000)
    lab.picture(slow, f"stream-{theme}")
    lab.interrupt(page)
    slow.get_by_text("status in_progress with text: True").wait_for(timeout=20_000)
    assert "stopped: the stream was interrupted." in slow.inner_text()
    lab.picture(slow, f"stopped-{theme}")

    for name in ("cancel", "cancel_async"):
        watched = lab.output(page, NUMBER[name])
        cancel = watched.get_by_role("button", name="Cancel")
        cancel.wait_for(timeout=20_000)
        watched.get_by_text("queued → in_progress").wait_for(timeout=20_000)
        lab.picture(watched, f"job-{theme}")
        cancel.press("Enter")
        watched.get_by_text("the job is cancelled").wait_for(timeout=20_000)
        assert cancel.count() == 0

    denied = lab.output(page, NUMBER["approval"])
    denied.get_by_role("button", name="Approve").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Deny"
    page.keyboard.press("Space")
    denied.get_by_text("Then Harbour stays open.").wait_for(timeout=20_000)
    assert denied.get_by_role("button", name="Approve").is_disabled()

    approved = lab.output(page, NUMBER["approve"])
    approved.get_by_text("May this run?").wait_for(timeout=20_000)
    approved.get_by_role("button", name="Approve").click()
    approved.get_by_text("Done: Harbour is closed. Reason: The regatta.").wait_for(timeout=20_000)
    assert approved.get_by_role("button", name="Deny").is_disabled()
    lab.picture(approved, f"approved-{theme}")

    folded = lab.output(page, NUMBER["wire"]).locator("details").first
    folded.locator("summary").focus()
    page.keyboard.press("Enter")
    assert folded.get_attribute("open") is not None

    assert page.evaluate(HIT) == []
    assert page.locator("mjx-container, .MathJax").count() == 0
    assert lab.serious(page) == []
    assert outside == []
    page.close()


@ONCE
def test_a_keyboard_is_enough(served: tuple[str, str], browser: Any) -> None:
    page, outside = lab.page(browser, 1280)
    lab.open_notebook(page, served[0], "keys.ipynb")
    for _ in KEYS:
        page.keyboard.press("Shift+Enter")

    slow = lab.output(page, KEYS.index("slow"))
    slow.get_by_text("and the rain. Bike 218").first.wait_for(timeout=60_000)
    page.keyboard.press("Escape")
    page.keyboard.press("i")
    page.keyboard.press("i")
    slow.get_by_text("stopped: the stream was interrupted.").wait_for(timeout=20_000)

    lab.output(page, KEYS.index("cancel")).get_by_text("queued → in_progress").wait_for(timeout=20_000)
    lab.tab_to(page, "Cancel")
    page.keyboard.press("Enter")
    lab.output(page, KEYS.index("cancel")).get_by_text("the job is cancelled").wait_for(timeout=20_000)

    lab.tab_to(page, "request body, 44 bytes", back=True)
    page.keyboard.press("Space")
    assert lab.output(page, KEYS.index("wire")).locator("details[open]").count() == 1

    lab.tab_to(page, "Deny")
    page.keyboard.press("Shift+Tab")
    assert lab.focus(page) == "Approve"
    page.keyboard.press("Enter")
    approved = lab.output(page, KEYS.index("approval"))
    approved.get_by_text("Done: Harbour is closed. Reason: The regatta.").wait_for(timeout=20_000)
    assert outside == []
    page.close()


@ONCE
def test_a_person_runs_a_lesson(served: tuple[str, str], browser: Any) -> None:
    lesson = lab.ROOT / "notebooks" / "05_tools.ipynb"  # it asks for an approval
    address, theme = served
    page, outside = lab.page(browser, 1280)
    lab.open_notebook(page, address, lesson.name)
    lab.run_all(page)
    code = [cell for cell in nbformat.read(lesson, 4).cells if cell.cell_type == "code"]
    prompts = page.locator(".jp-CodeCell .jp-InputPrompt")
    last = prompts.nth(len(code) - 1)
    last.get_by_text(re.compile(r"\[\d+\]")).wait_for(timeout=120_000)
    assert prompts.all_text_contents() == [f"[{number}]:" for number in range(1, len(code) + 1)]
    assert (
        page.locator(".jp-OutputArea-output [data-mime-type$=error], .jp-RenderedText[data-mime-type$=stderr]").count()
        == 0
    )
    ask = page.get_by_role("button", name="Approve")
    ask.press("Enter")
    asked = page.locator(".jp-CodeCell", has=ask)
    asked.get_by_text(" · completed · ").wait_for(timeout=20_000)
    assert "approved: decide(True)" in asked.inner_text()
    lab.picture(asked, f"lesson-{theme}")
    assert lab.serious(page) == []
    assert outside == []
    page.close()
