"""`show_stream` shows an answer as it comes, and ends well however the stream ends."""

import asyncio
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
from openai.types.responses import Response

from helpers.display import show_stream, streams
from helpers.display.screen import Area
from tests.display import samples, simulated
from tests.display.samples import Screen

TEXT = "It is **22 °C** in San Francisco, and the fog is gone."
HALF = samples.text_events(TEXT)[:7]  # up to the third word


def stream_of(events: list[dict[str, Any]], breaks: BaseException | None = None) -> Any:
    return samples.client(events, breaks=breaks).responses.create(model="gpt-5.4-mini", input="Weather?", stream=True)


def every_state(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Draw after every event; the list fills with what was drawn."""
    seen: list[str] = []
    draw = Area.draw
    monkeypatch.setattr(streams, "_EVERY", -1.0)
    monkeypatch.setattr(Area, "draw", lambda self, shown: (seen.append(str(shown)), draw(self, shown))[1])
    return seen


def test_the_last_update_is_what_show_displays(screen: Screen) -> None:
    response = show_stream(stream_of(samples.text_events(TEXT)))
    assert isinstance(response, Response)
    assert response.status == "completed"
    assert response.output_text == TEXT
    assert len(screen.shown) == 1
    assert "<strong>22 °C</strong>" in screen.html
    assert screen.text.endswith("recorded from the simulator, 2026-11-25 · resp_1")


def test_text_appears_while_it_comes_and_no_more_than_ten_times_a_second(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    clock = iter(i * 0.03 for i in range(1_000))  # 30 ms between two events
    monkeypatch.setattr(streams, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    draw = Area.draw
    monkeypatch.setattr(Area, "draw", lambda self, shown: (seen.append(str(shown)), draw(self, shown))[1])
    show_stream(stream_of(samples.text_events(TEXT)))
    seconds = len(samples.text_events(TEXT)) * 0.03
    assert 0.6 * seconds / 0.1 <= len(seen) <= seconds / 0.1 + 2
    assert any("in San" in shown and "fog" not in shown for shown in seen)


def test_reasoning_is_open_until_it_is_done(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = every_state(monkeypatch)
    show_stream(stream_of(samples.call_events()))
    assert "[reasoning · in_progress]\ngpt-5.4-mini" in seen[1]
    assert not any("(empty)" in shown for shown in seen)
    assert "[reasoning · in_progress]\n  summary\n    Looking at the" in seen[2]
    assert all("[reasoning]\n" in shown for shown in seen[4:])


def test_what_a_server_offers_is_open_until_it_is_said(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = every_state(monkeypatch)
    client = simulated.client(simulated.service())
    ask: Any = {"model": simulated.MODEL, "input": "Close the Harbour station for the regatta.", "stream": True}
    show_stream(client.responses.create(**ask, tools=[{**simulated.DESK, "require_approval": "never"}]))
    assert any("[mcp_list_tools desk · in_progress]\ngpt" in shown for shown in seen)
    assert not any("no tools" in shown for shown in seen)
    assert any("[mcp_call desk.close_station · in_progress]\n      {" in shown for shown in seen)
    assert "→ output\n      Harbour is closed. Reason: The regatta." in seen[-1]


def test_items_are_seen_to_open_grow_and_close(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = every_state(monkeypatch)
    show_stream(stream_of(samples.call_events()))
    assert any("function_call get_weather · in_progress" in shown for shown in seen)
    assert any('{"location": ' in shown and "San Francisco" not in shown for shown in seen)
    assert any("Looking at the" in shown and "map" not in shown for shown in seen)
    assert "in_progress" not in seen[-1]
    assert '{"location": "San Francisco"}' in seen[-1]


@pytest.mark.parametrize(
    ("events", "breaks", "cause"),
    [
        (HALF, httpx2.ReadError("peer closed connection"), "APIConnectionError: Connection error. (peer closed"),
        (HALF, None, "cut: the stream ended before the response did."),
        (HALF, KeyboardInterrupt(), "stopped: the stream was interrupted."),
        ([*HALF, samples.error_event("rate_limit_exceeded", "Slow down.")], None, "APIError: Slow down."),
        ([*HALF, samples.flat_error_event("server_error", "It broke.")], None, "error: It broke."),
    ],
    ids=["broken", "cut", "stopped", "error", "error in the SDK's shape"],
)
def test_what_came_so_far_stays_and_the_cause_is_said(
    screen: Screen, events: list[dict[str, Any]], breaks: BaseException | None, cause: str
) -> None:
    response = show_stream(stream_of(events, breaks))
    assert response.output_text == "It is **22 "
    assert response.status == "in_progress"
    assert screen.text.startswith(cause)
    assert "It is **22 " in screen.text
    assert len(screen.shown) == 1


def test_a_response_that_failed_keeps_its_text_and_says_its_error(screen: Screen) -> None:
    error = {"code": "server_error", "message": "The model stopped."}
    failed = samples.response(status="failed", usage=None, error=error)
    events = samples.numbered([*HALF, {"type": "response.failed", "response": failed}])
    response = show_stream(stream_of(events))
    assert response.status == "failed"
    assert response.error is not None
    assert response.error.message == "The model stopped."
    assert "It is **22 " in screen.text
    assert "error server_error The model stopped." in screen.text


def test_an_event_that_is_no_json_ends_it_as_a_cut_does(screen: Screen) -> None:
    client = simulated.client(simulated.service())
    broken = {"x-simulate": "malformed_chunk"}
    response = show_stream(
        client.responses.create(model=simulated.MODEL, input="Hello.", stream=True, extra_headers=broken)
    )
    assert response.status == "in_progress"
    assert screen.text.startswith("JSONDecodeError: ")
    assert "What had come by then:" in screen.text


@pytest.mark.parametrize("what", ["resp_1", None, 5, [], samples.client()])
def test_what_is_no_stream_is_refused_with_what_to_do(what: Any) -> None:
    with pytest.raises(TypeError, match=rf"this is a {type(what).__name__}: ask with stream=True"):
        show_stream(what)


def test_an_answer_that_was_not_streamed_is_refused(screen: Screen) -> None:
    client = simulated.client(simulated.service())
    with pytest.raises(TypeError, match="this is a Response: ask with stream=True"):
        show_stream(client.responses.create(model=simulated.MODEL, input="Hello."))  # type: ignore[call-overload]


def test_a_stream_without_a_single_event_raises(screen: Screen) -> None:
    with pytest.raises(EOFError, match="before its first event"):
        show_stream(stream_of([]))


def test_the_sdks_own_stream_helper_works_too(screen: Screen) -> None:
    client = samples.client(samples.text_events(TEXT))
    response = show_stream(client.responses.stream(model="gpt-5.4-mini", input="Weather?"))
    assert response.output_text == TEXT
    assert "<strong>22 °C</strong>" in screen.html
    assert "recorded from the simulator" in screen.text


async def test_an_async_stream_is_awaited(screen: Screen) -> None:
    client = samples.async_client(samples.text_events(TEXT))
    response = await show_stream(await client.responses.create(model="gpt-5.4-mini", input="Weather?", stream=True))
    assert response.output_text == TEXT
    assert "<strong>22 °C</strong>" in screen.html
    managed = await show_stream(client.responses.stream(model="gpt-5.4-mini", input="Weather?"))
    assert managed.output_text == TEXT


async def test_a_cancelled_async_stream_shows_what_came_and_stays_cancelled(screen: Screen) -> None:
    client = samples.async_client(HALF, breaks=asyncio.CancelledError())
    stream = await client.responses.create(model="gpt-5.4-mini", input="Weather?", stream=True)
    with pytest.raises(asyncio.CancelledError):
        await show_stream(stream)
    assert screen.text.startswith("stopped: the stream was interrupted.")
    assert "It is **22 " in screen.text
