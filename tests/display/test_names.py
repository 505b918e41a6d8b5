"""The public names fit one screen, and `show?` teaches."""

import inspect
import re

import pytest

import helpers
from helpers import display
from tests.display.lab import ROOT

PAGE = (ROOT / "docs" / "displays.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = [name for name in helpers.__all__ if name in display.__all__]


def test_the_public_names_fit_one_screen() -> None:
    assert len(helpers.__all__) <= 20
    assert dir(helpers) == sorted(helpers.__all__)
    assert len(SHOWN) == 10


@pytest.mark.parametrize("name", SHOWN)
def test_its_help_says_what_it_takes_and_what_it_gives(name: str) -> None:
    function = getattr(helpers, name)
    text = inspect.getdoc(function) or ""
    signature = inspect.signature(function)
    assert re.match(r"[A-Z].*[.:]$", text.splitlines()[0])
    assert 4 <= len(text.splitlines()) <= 20
    assert max(map(len, text.splitlines())) <= 120
    assert "Any" not in str(signature)
    assert signature.return_annotation is not inspect.Signature.empty
    for parameter in signature.parameters.values():
        assert parameter.annotation is not inspect.Parameter.empty
        assert f"`{parameter.name}`" in text or f"`{parameter.name}(" in text or len(signature.parameters) == 1


@pytest.mark.parametrize("name", SHOWN)
def test_it_is_on_the_page_of_displays(name: str) -> None:
    assert re.search(rf"^## .*\b{name}\(", PAGE, re.MULTILINE)


def test_every_picture_is_small_shown_and_there() -> None:
    pictures = {file.name: file.stat().st_size for file in (ROOT / "docs" / "pictures").iterdir()}
    assert set(re.findall(r"pictures/([\w-]+\.webp)", PAGE + README)) == set(pictures)
    assert max(pictures.values()) < 100_000
    assert all(re.search(r'alt="[^"]{30,}"', tag) for tag in re.findall("<img [^>]*>", PAGE + README))
