"""`show_events` and `timeline`: the events of a stream, as a table and over time."""

import pytest

from helpers.display import show_events, timeline
from helpers.exchanges import exchanges
from tests.display import samples
from tests.display.samples import Screen


def test_deltas_share_a_row_with_their_count_and_text(screen: Screen) -> None:
    stream = samples.client(samples.text_events("It is 22 degrees.")).responses.create(
        model="m", input="x", stream=True
    )
    list(stream)
    show_events()
    row = next(line for line in screen.text.splitlines() if "output_text.delta" in line)
    assert row.split()[0] == "4–7"
    assert "\u00a0×\u00a04" in row
    assert row.endswith("It is 22 degrees.")
    assert "12 events · recorded from the simulator, 2026-11-25" in screen.text


def test_where_nothing_waits_the_times_are_those_of_the_labs_pace(screen: Screen) -> None:
    texts = []
    for _ in range(2):
        stream = samples.client(samples.text_events("It is 22 degrees.")).responses.create(
            model="m", input="x", stream=True
        )
        list(stream)
        show_events(stream)
        texts.append(str(screen.shown[-1]))
    assert texts[0] == texts[1]
    first = next(line for line in texts[0].splitlines() if "output_text.delta" in line)
    assert "0.00 s" not in first


def test_paced_times_are_when_each_event_came(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LAB_PACE")
    stream = samples.client(samples.text_events("It is")).responses.create(model="m", input="x", stream=True)
    list(stream)
    exchange = exchanges.last()[0]
    exchange.chunks[:] = [(0.5 * i, length) for i, (_, length) in enumerate(exchange.chunks)]
    show_events()
    times = [line.split()[1] for line in screen.text.splitlines()[2:5]]
    assert times == ["0.00", "0.50", "1.00"]


def test_events_that_a_lesson_collected_have_no_times(screen: Screen) -> None:
    stream = samples.client(samples.text_events("It is")).responses.create(model="m", input="x", stream=True)
    show_events(list(stream))
    assert " s  " not in screen.text
    assert "10 events" in screen.text


def test_what_is_no_stream_says_so(screen: Screen) -> None:
    response = samples.client(samples.response(samples.said("Hi"), id="resp_whole")).responses.create(
        model="m", input="x"
    )
    with pytest.raises(LookupError, match="was not streamed"):
        show_events(response)
    with pytest.raises(TypeError, match="give a list of the events"):
        show_events(["no event"])
    with pytest.raises(ValueError, match="at least one event"):
        timeline([])


def test_a_timeline_says_in_words_what_it_draws() -> None:
    chart = timeline(samples.TIMED, title="A tool, then an answer")
    assert chart.alt == (
        "Timeline, A tool, then an answer. response from 0.31 s to 4.20 s; reasoning from 0.40 s to 1.62 s; "
        "code_interpreter_call from 1.64 s to 3.10 s; message from 3.20 s to 3.92 s; first token at 3.32 s."
    )
    axes = chart.figure.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "response",
        "reasoning",
        "code_interpreter_call",
        "message",
    ]
    assert axes.get_xlabel() == "seconds after the request"
    reasoning = axes.patches[1]
    assert (reasoning.get_x(), round(reasoning.get_width(), 2)) == (0.40, 1.22)


def test_a_timeline_of_events_without_times_counts_them() -> None:
    chart = timeline([event for _, event in samples.TIMED])
    assert chart.figure.axes[0].get_xlabel() == "sequence number"
    assert "first token at event 7" in chart.alt
