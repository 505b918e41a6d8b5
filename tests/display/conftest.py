"""What the displays' tests share."""

import pytest

from tests.display.samples import Screen


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """What a notebook would show: IPython's `display` writes here, and an update replaces what it updates."""
    shown = Screen()
    monkeypatch.setattr("IPython.display.display", shown.display)
    monkeypatch.setattr("helpers.display.screen.in_notebook", lambda: True)
    monkeypatch.setenv("LAB_PACE", "none")
    return shown
