"""A real JupyterLab on loopback, and notebooks opened in it with a real Chromium."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
KEEP = os.environ.get("LAB_PICTURES")  # a folder for pictures, or nothing
ROOT = Path(__file__).parents[2]
_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


@contextmanager
def jupyterlab(folder: Path, theme: str = "JupyterLab Light") -> Iterator[str]:
    """Serve the notebooks of this folder; yields the address. The server ends with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    _settings(folder / ".settings" / "@jupyterlab", theme)
    env = {
        **os.environ,
        "JUPYTERLAB_SETTINGS_DIR": str(folder / ".settings"),
        "JUPYTER_RUNTIME_DIR": str(folder / ".runtime"),
        "JUPYTER_DATA_DIR": str(folder / ".data"),  # where notebooks that are trusted are noted: none is
        "IPYTHONDIR": str(folder / ".ipython"),
        "PYTHONPATH": str(ROOT),
    }
    env.pop("LAB_PACE", None)  # a person's lab: streams take their time and buttons are offered
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}", "--ip=127.0.0.1"]
    command += ["--IdentityProvider.token=", f"--ServerApp.root_dir={folder}", "--ServerApp.port_retries=0"]
    log = folder / "server.log"
    with log.open("wb") as out:
        server = subprocess.Popen(command, env=env, stdout=out, stderr=out, cwd=folder)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(150):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=1)
                break
            except (urllib.error.URLError, TimeoutError):
                assert server.poll() is None, log.read_text()
                time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def _settings(folder: Path, theme: str) -> None:
    """The theme; no news from outside; and every cell drawn, not only those near the screen."""
    settings: dict[str, dict[str, object]] = {
        "apputils-extension/themes": {"theme": theme},
        "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
        "notebook-extension/tracker": {"windowingMode": "none"},
    }
    for name, values in settings.items():
        path = folder / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))


@contextmanager
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=_QUIET)
        try:
            yield chromium
        finally:
            chromium.close()


def page(browser: Any, width: int) -> tuple[Any, list[str]]:
    """A page, and the list that fills with every address outside this machine that it asks for."""
    made = browser.new_page(viewport={"width": width, "height": 1_000})
    outside: list[str] = []
    local = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")
    made.on("request", lambda request: request.url.startswith(local) or outside.append(request.url))
    return made, outside


def open_notebook(page: Any, address: str, name: str) -> None:
    """Open it alone on the page and wait until every cell is drawn and the kernel is ready."""
    page.goto(f"{address}/doc/tree/{name}?reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=60_000)
    page.wait_for_timeout(1_000)


def run_all(page: Any) -> None:
    """Run every cell, from the menu."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def cell(page: Any, number: int) -> Any:
    """The cell with this number, from 0."""
    return page.locator(".jp-Notebook .jp-Cell").nth(number)


def output(page: Any, number: int) -> Any:
    """What that cell displays."""
    return cell(page, number).locator(".jp-Cell-outputArea")


def interrupt(page: Any) -> None:
    """Interrupt the kernel, from the menu."""
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_role("menuitem", name="Interrupt Kernel").click()


def focus(page: Any) -> str:
    """The words on what has the focus."""
    return str(page.evaluate("document.activeElement.textContent"))


def tab_to(page: Any, words: str, back: bool = False) -> None:
    """Press Tab until what has these words on it has the focus."""
    for _ in range(80):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if focus(page) == words:
            return
    raise AssertionError(f"the keyboard does not reach {words!r}; it is at {focus(page)[:80]!r}")


def shown(page: Any) -> str:
    """All that the outputs on the page say, folded parts too, without white space, which a browser may set anew."""
    return "".join("".join(page.locator(".jp-Cell-outputArea").all_text_contents()).split())


def picture(place: Any, name: str) -> None:
    """Keep a picture of this part of the page in the folder that LAB_PICTURES names; small, as a web page wants it."""
    if KEEP:
        from PIL import Image

        high = int(place.bounding_box()["height"])
        size = place.page.viewport_size
        place.page.set_viewport_size({**size, "height": max(size["height"], high + 200)})
        place.page.wait_for_timeout(300)
        with Image.open(BytesIO(place.screenshot())) as image:
            image.convert("RGB").save(Path(KEEP) / f"{name.lower()}.webp", quality=82, method=6)


# Axe takes all that JupyterLab scrolls for hidden, and would pass it unseen. So it gets the displays by themselves: on
# the notebook's ground, with every fold open.
_ALONE = """() => {
    const alone = document.createElement('main');
    alone.id = 'displays';
    alone.style.background = 'var(--jp-layout-color0)';
    const shown = document.querySelectorAll('.jp-OutputArea-output:not([data-mime-type*="vnd.jupyter.std"])');
    alone.append(...[...shown].map(each => each.cloneNode(true)));
    alone.querySelectorAll('details').forEach(each => { each.open = true });
    [...document.body.children].forEach(each => { each.style.display = 'none' });
    document.documentElement.style.cssText = document.body.style.cssText = 'overflow: visible; height: auto';
    document.body.append(alone);
}"""


def serious(page: Any) -> list[str]:
    """What axe-core finds in the displays that is serious or critical. The page is of no more use after it."""
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate(_ALONE)
    found = Axe().run(page, context="#displays").response
    assert "color-contrast" in [rule["id"] for rule in [*found["passes"], *found["violations"]]], "axe saw no text"
    return [
        f"{rule['id']}: {node['html'][:200]}"
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
