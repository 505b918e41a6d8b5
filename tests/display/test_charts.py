"""Charts are readable, said in words, and small."""

import base64
import re
from io import BytesIO

import pytest
from PIL import Image

from helpers.display import bars, charts
from tests.display.attacks import ATTACKS, faults

TURNS = {"turn 1": {"input": 30, "output": 42}, "turn 2": {"input": 110, "output": 51}}


def test_it_says_in_words_and_in_a_table_what_it_draws() -> None:
    chart = bars(TURNS, title="Tokens of two turns", stacked=True)
    assert (
        chart.alt
        == "Bar chart, Tokens of two turns (tokens). turn 1: input 30, output 42; turn 2: input 110, output 51."
    )
    assert [" ".join(line.split()) for line in str(chart).splitlines()[-2:]] == ["turn 1 30 42", "turn 2 110 51"]
    html = chart._repr_mimebundle_()["text/html"]
    assert f'alt="{chart.alt}"' in html
    assert "<summary>the same as a table</summary>" in html


def test_bars_are_as_long_as_their_numbers() -> None:
    stacked, beside = bars(TURNS, title="t", stacked=True), bars(TURNS, title="t")
    assert [(p.get_x(), p.get_width()) for p in stacked.figure.axes[0].patches] == [
        (0, 30),
        (0, 110),
        (30, 42),
        (110, 51),
    ]
    assert [(p.get_x(), p.get_width()) for p in beside.figure.axes[0].patches] == [(0, 30), (0, 110), (0, 42), (0, 51)]
    assert len({round(p.get_y(), 3) for p in beside.figure.axes[0].patches}) == 4


def test_a_chart_is_a_small_sharp_picture_on_its_own_light_sheet() -> None:
    html = bars(TURNS, title="t")._repr_mimebundle_()["text/html"]
    found = re.search(r'data:image/png;base64,([^"]+)"', html)
    assert found is not None
    raw = base64.b64decode(found[1])
    assert len(raw) < 15_000
    image = Image.open(BytesIO(raw)).convert("RGB")
    assert image.width == 7.5 * 144
    assert min(image.getpixel((3, 3))) > 245  # type: ignore[arg-type, type-var]


def test_the_largest_chart_of_a_lesson_adds_less_than_20_kb_and_keeps_its_colours() -> None:
    ways = ("no memory", "by id", "by hand", "stateless")
    turns = {f"turn {i}": {way: 40 * i + n for n, way in enumerate(ways)} for i in range(1, 5)}
    chart = bars(turns, title="Input tokens of each turn")
    assert sum(map(len, chart._repr_mimebundle_().values())) < 20_000
    thin = bars({"a": {name: 1_000 if name == "1" else 1 for name in "123456"}}, title="t")
    found = re.search(r'base64,([^"]+)"', thin._repr_mimebundle_()["text/html"])
    assert found is not None
    image = Image.open(BytesIO(base64.b64decode(found[1]))).convert("RGB")
    colours = {"#" + bytes(colour).hex().upper() for _, colour in image.getcolors(1_000) or []}  # type: ignore[arg-type]
    assert set(charts.COLOURS) <= colours


def test_the_words_on_it_can_be_read() -> None:
    for background, ink in ((charts.SHEET, charts.INK),):
        assert _contrast(background, ink) > 7
    for colour in charts.COLOURS[:4]:
        assert _contrast(charts.SHEET, colour) > 2


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_hostile_labels_are_only_text(attack: str) -> None:
    label = attack[:200].encode("utf-8", "replace").decode()
    chart = bars({label: {label: 3}, "b": {"c": 2}}, title=label, unit=label)
    assert faults(chart._repr_mimebundle_()["text/html"]) == []


def test_nothing_to_draw_says_what_is_needed() -> None:
    with pytest.raises(ValueError, match="at least one labelled number"):
        bars({}, title="t")
    with pytest.raises(ValueError, match="at least one labelled number"):
        bars({"turn 1": {}}, title="t")


@pytest.mark.parametrize("values", [None, [3, 4], "turn 1", 7])
def test_what_is_no_dictionary_says_what_is_needed(values: object) -> None:
    with pytest.raises(ValueError, match="dictionary of labels and numbers"):
        bars(values, title="t")  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [-3, float("nan"), float("inf"), None, "20"])
def test_what_has_no_length_is_named(value: float) -> None:
    with pytest.raises(ValueError, match="'turn 2 output' is"):
        bars({"turn 1": {"output": 3}, "turn 2": {"output": value}}, title="t")


def test_more_than_a_page_says_so() -> None:
    with pytest.raises(ValueError, match="40 labels at most, here are 60"):
        bars({f"row {i}": i for i in range(60)}, title="t")


def test_whole_numbers_have_whole_ticks_and_large_ones_are_written_out() -> None:
    few, many = bars({"a": 1, "b": 2}, title="t"), bars({"a": 250_000, "b": 1}, title="t")
    for chart, expected in ((few, ["0", "1", "2"]), (many, ["0", "50,000", "100,000"])):
        chart.figure.draw_without_rendering()
        ticks = [label.get_text() for label in chart.figure.axes[0].get_xticklabels()]
        assert ticks[:3] == expected


def _contrast(a: str, b: str) -> float:
    """The contrast ratio of WCAG 2.2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)
