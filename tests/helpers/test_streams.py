"""A replayed stream arrives as streams do."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path
from typing import Any

import anyio
import openai
import pytest

from helpers import connect, connect_async
from helpers.cassettes.miss import RecordingEndsError
from helpers.cassettes.transport import waits
from helpers.exchanges import StreamOfClosedClientError, exchanges
from helpers.lessons import Lesson

Record = Callable[[Callable[[openai.OpenAI], object]], Lesson]
MODEL = "gpt-5.4-mini"
COUNT = "Please count to ten."


def stream(client: openai.OpenAI, **more: Any) -> Any:
    return client.responses.create(model=MODEL, input=COUNT, stream=True, **more)


@pytest.fixture
def counted(recorded: Record) -> list[Any]:
    """The events of a recorded stream."""
    events: list[Any] = []
    recorded(lambda client: events.extend(stream(client)))
    return events


def test_the_events_are_the_recorded_ones_one_a_chunk(counted: list[Any]) -> None:
    replayed = stream(connect("01_basics", mode="replay"))
    exchange = exchanges.of(replayed)
    assert exchange is not None
    assert list(replayed) == counted
    assert len(exchange.chunks) == len(counted)


async def test_and_so_for_an_asynchronous_client(counted: list[Any]) -> None:
    client = connect_async("01_basics", mode="replay")
    events = [event async for event in await client.responses.create(model=MODEL, input=COUNT, stream=True)]
    assert [event.to_json() for event in events] == [event.to_json() for event in counted]


def test_the_sdk_s_own_stream_helper_works(recorded: Record) -> None:
    texts: list[str] = []

    def lesson(client: openai.OpenAI) -> None:
        with client.responses.stream(model=MODEL, input=COUNT) as events:
            events.until_done()
            texts.append(events.get_final_response().output_text)

    recorded(lesson)
    lesson(connect("01_basics", mode="replay"))
    assert texts == ["one two three four five six seven eight nine ten"] * 2


def test_in_the_lab_there_is_a_moment_before_the_first_token(
    counted: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Same bytes either way; only the times differ."""
    plain = exchanges.of(_read(stream(connect("01_basics", mode="replay"))))
    monkeypatch.setenv("LAB_PACE", "")
    paced = exchanges.of(_read(stream(connect("01_basics", mode="replay"))))
    assert plain is not None
    assert paced is not None
    assert plain.response_body == paced.response_body
    assert plain.chunks[-1][0] < 0.2
    first = next(n for n, event in enumerate(counted) if event.type == "response.output_text.delta")
    assert paced.chunks[first - 1][0] < 0.3
    assert 0.5 < paced.chunks[first][0] < paced.chunks[-1][0] < 3


async def test_the_pace_leaves_an_event_loop_free(counted: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_PACE", "")
    client = connect_async("01_basics", mode="replay")
    read_by: list[int] = []

    async def read(number: int) -> None:
        async for _ in await client.responses.create(model=MODEL, input=COUNT, stream=True):
            read_by.append(number)

    async with anyio.create_task_group() as group:
        for number in range(5):
            group.start_soon(read, number)
    assert len(set(read_by[: len(read_by) // 2])) == 5  # side by side, not one after the other


@pytest.mark.parametrize("tokens", [1, 50, 200, 5000])
def test_no_stream_takes_longer_than_about_three_seconds(tokens: int) -> None:
    events = [b"event: response.created\n\n", *[b"event: response.output_text.delta\n\n"] * tokens]
    assert 0.5 < sum(waits(events)) <= 3.05


@pytest.mark.parametrize("summary", ["auto", None])
def test_the_silence_of_a_model_that_thinks_is_inside_its_reasoning_item(recorded: Record, summary: str | None) -> None:
    def think(client: openai.OpenAI) -> Any:
        reasoning: Any = {"effort": "low", "summary": summary}
        return client.responses.create(model=MODEL, input="Think first.", reasoning=reasoning, stream=True)

    events: list[Any] = []
    recorded(lambda client: events.extend(think(client)))
    replayed = think(connect("01_basics", mode="replay"))
    exchange = exchanges.of(_read(replayed))
    assert exchange is not None
    frames = [frame + b"\n\n" for frame in bytes(exchange.response_body).split(b"\n\n") if frame]
    at = dict(zip([event.sequence_number for event in events], accumulate(waits(frames)), strict=True))
    added = [at[event.sequence_number] for event in events if event.type == "response.output_item.added"]
    assert added[0] == 0
    assert 0.6 <= added[1] < 3
    assert sum(waits(frames)) <= 3.05


def test_ctrl_c_stops_a_stream_at_once_and_the_client_can_be_used_again(
    counted: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAB_PACE", "")
    client = connect("01_basics", mode="replay")
    timer = threading.Timer(0.25, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    interrupted = stream(client)
    with pytest.raises(KeyboardInterrupt):
        _read(interrupted)
    exchange = exchanges.of(interrupted)
    assert exchange is not None
    assert b"output_text.delta" not in exchange.response_body  # the first token had not even come
    assert len(exchange.response_body) > 0
    interrupted.close()
    assert exchange.ended is not None
    monkeypatch.setenv("LAB_PACE", "none")
    assert list(stream(connect("01_basics", mode="replay"))) == counted


async def test_a_cancelled_task_stops_reading_at_once(counted: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_PACE", "")
    client = connect_async("01_basics", mode="replay")
    seen: list[str] = []
    with anyio.move_on_after(0.25) as scope:
        async for event in await client.responses.create(model=MODEL, input=COUNT, stream=True):
            seen.append(event.type)
    assert scope.cancelled_caught
    assert "response.output_text.delta" not in seen


def test_a_stream_that_the_lesson_stops_early_replays_to_there(recorded: Record) -> None:
    def lesson(client: openai.OpenAI) -> list[str]:
        seen = []
        events = stream(client)
        for event in events:
            seen.append(event.type)
            if len(seen) == 8:
                events.close()
                break
        return seen

    seen: list[list[str]] = []
    recorded(lambda client: seen.append(lesson(client)))
    client = connect("01_basics", mode="replay")
    assert [lesson(client), lesson(client)] == [seen[0], seen[0]]
    with pytest.raises(RecordingEndsError, match=r'stopped reading here.*connect\("01_basics", mode="simulator"\)'):
        _read(stream(client))


async def test_and_so_for_an_asynchronous_client_that_stops_early(lesson: Lesson) -> None:
    from helpers.cassettes.record import finish

    async def read(client: openai.AsyncOpenAI) -> list[str]:
        seen: list[str] = []
        async with await client.responses.create(model=MODEL, input=COUNT, stream=True) as events:
            async for event in events:
                seen.append(event.type)
                if len(seen) == 8:
                    break
        return seen

    first = await read(connect_async("01_basics", mode="record"))
    finish(lesson)
    assert await read(connect_async("01_basics", mode="replay")) == first


def test_a_connection_that_broke_while_recording_breaks_in_replay_too(recorded: Record) -> None:
    def lesson(client: openai.OpenAI) -> int:
        events = stream(client, extra_headers={"x-simulate": "stream_cut"})
        with pytest.raises(openai.APIConnectionError) as broken:
            _read(events)
        assert "peer closed connection" in str(broken.value.__cause__)
        exchange = exchanges.of(events)
        assert exchange is not None
        return len(exchange.chunks)

    counts: list[int] = []
    recorded(lambda client: counts.append(lesson(client)))
    assert lesson(connect("01_basics", mode="replay")) == counts[0] > 0


def test_a_stream_whose_client_is_closed_says_so(counted: list[Any]) -> None:
    with connect("01_basics", mode="replay") as client:
        events = stream(client)
        next(events)
    with pytest.raises(StreamOfClosedClientError, match=r"client of this stream .* is closed"):
        _read(events)


def test_a_closed_client_says_so_and_its_responses_can_still_be_read(recorded: Record) -> None:
    recorded(lambda client: client.responses.create(model=MODEL, input="Say hello."))
    with connect("01_basics", mode="replay") as client:
        response = client.responses.create(model=MODEL, input="Say hello.")
    assert response.output_text == "Hello there."
    with pytest.raises(RuntimeError, match="client has been closed"):
        client.responses.retrieve(response.id)


def _read(events: Any) -> Any:
    for _ in events:
        pass
    return events


# -- where the lesson stopped early ------------------------------------------------------------------------------------


def some(client: openai.OpenAI, events: int, **more: Any) -> list[Any]:
    """The first events of a stream, as a lesson reads them that stops early."""
    seen: list[Any] = []
    with stream(client, **more) as coming:
        for event in coming:
            seen.append(event)
            if len(seen) == events:
                break
    return seen


@pytest.mark.parametrize("more", [{}, {"store": False}, {"background": True}])
def test_offline_a_loop_that_is_edited_to_stop_later_reads_on_what_the_simulator_says(
    recorded: Record, more: dict[str, Any]
) -> None:
    whole: list[Any] = []

    def lesson(client: openai.OpenAI) -> None:
        some(client, 8, **more)
        whole.extend(stream(client, **more))  # asked again: what one stream would have said to its end

    recorded(lesson)
    client = connect("01_basics")
    seen = some(client, len(whole) + 1, **more)
    assert [event.sequence_number for event in seen] == list(range(len(whole)))
    final = seen[-1].response
    assert (final.status, final.output_text) == ("completed", whole[-1].response.output_text)
    assert final.id == seen[0].response.id
    assert {event.item_id for event in seen if event.type == "response.output_text.delta"} == {final.output[0].id}
    exchange = exchanges.of(final.id)
    assert exchange is not None
    assert exchange.source.words() == "simulated now"
    if more.get("store", True):
        assert client.responses.retrieve(final.id).to_dict() == final.to_dict()
        assert client.responses.create(model=MODEL, input="And then?", previous_response_id=final.id).output_text


def test_a_stream_read_on_may_be_left_again_and_read_again(recorded: Record) -> None:
    recorded(lambda client: some(client, 8))
    client = connect("01_basics")
    assert len(some(client, 6)) == 6
    assert len(some(client, 10)) == 10
    assert client.responses.retrieve(some(client, 10)[0].response.id).status == "cancelled"
    events = list(stream(client))
    assert events[-1].response.status == "completed"
    assert client.responses.retrieve(events[0].response.id).status == "completed"


async def test_an_asynchronous_client_reads_on_too(recorded: Record) -> None:
    recorded(lambda client: some(client, 8))
    coming = await connect_async("01_basics").responses.create(model=MODEL, input=COUNT, stream=True)
    events = [event async for event in coming]
    assert events[-1].response.output_text == "one two three four five six seven eight nine ten"  # type: ignore[union-attr]


def test_what_the_simulator_would_not_have_said_is_not_made_up(recorded: Record, project: Path) -> None:
    """As with a recording from Azure: the model there had other words."""
    recorded(lambda client: some(client, 8))
    script = project / "data" / "scripts" / "01_basics.yaml"
    script.write_text(script.read_text().replace("one two three", "uno dos tres"))
    with pytest.raises(RecordingEndsError, match="stopped reading here"):
        list(stream(connect("01_basics")))


@pytest.mark.parametrize("failure", [None, "stream_error"])
def test_a_stream_that_was_left_after_its_last_event_is_complete(recorded: Record, failure: str | None) -> None:
    headers = {"x-simulate": failure} if failure else {}

    def lesson(client: openai.OpenAI) -> list[str]:
        with stream(client, extra_headers=headers) as coming:
            seen = []
            try:
                for event in coming:
                    seen.append(event.type)
                    if event.type == "response.completed":
                        break
            except openai.APIError as error:  # what the SDK makes of an error event
                seen.append(str(error))
            return seen

    def drained(client: openai.OpenAI) -> list[str]:
        with client.responses.with_streaming_response.create(
            model=MODEL, input=COUNT, stream=True, extra_headers=headers
        ) as answer:
            return list(answer.iter_lines())

    seen: list[list[str]] = []
    recorded(lambda client: seen.append(lesson(client)))
    assert lesson(connect("01_basics", mode="replay")) == seen[0]
    assert drained(connect("01_basics", mode="replay"))  # raises no RecordingEndsError
