"""Background responses: progress by the clock, cancelling, deleting, streams and their resumption, and chains."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from openai import AsyncOpenAI, OpenAI

from simulator import AsyncTransport, Service, Transport
from simulator.clock import SteppedClock
from simulator.model import Hosted, Turn
from simulator.tools import Toolbox

MODEL = "gpt-5.4-mini"
URL = "https://lab.openai.azure.com/openai/v1/"
SCRIPT = """
- when: {input: Write slowly.}
  say: [{pause: 2}, {text: The first part.}, {pause: 30}, {preamble: Still at it.}, {text: The last part.}]
- when: {input: Write.}
  say: One two three four five six.
"""


def start(client: OpenAI, prompt: str = "Write.", **request: Any) -> Any:
    return client.responses.create(model=MODEL, input=prompt, background=True, **request)


def error_of(call: Any, *args: Any, **request: Any) -> dict[str, Any]:
    with pytest.raises(openai.APIStatusError) as error:
        call(*args, **request)
    return {"status": error.value.status_code, **error.value.response.json()["error"]}


def events_of(stream: Any) -> list[dict[str, Any]]:
    return [event.to_dict(mode="json") for event in stream]


@pytest.fixture
def writer(scripted: Callable[[str], OpenAI]) -> OpenAI:
    return scripted(SCRIPT)


@pytest.fixture
def real(tmp_path: Path) -> Service:
    """The same writer on a clock that really runs."""
    path = tmp_path / "script.yaml"
    path.write_text(SCRIPT.replace("pause: 30", "pause: 0.4").replace("pause: 2", "pause: 0.1"), encoding="utf-8")
    return Service(script=path, seed="test")


@pytest.fixture
def real_client(real: Service) -> OpenAI:
    return OpenAI(
        base_url=URL, api_key="k", max_retries=0, http_client=httpx2.Client(transport=Transport(real), timeout=20)
    )


# -- progress ----------------------------------------------------------------------------------------------------------


def test_a_background_response_goes_from_queued_to_completed_by_the_clock(
    writer: OpenAI, clock: SteppedClock, check: Any
) -> None:
    job = start(writer, "Write slowly.")
    assert (job.status, job.output, job.background) == ("queued", [], True)
    seen = [job.status]
    for _ in range(8):
        clock.advance(6)
        now = writer.responses.retrieve(job.id)
        check.response(now.to_dict(mode="json"))
        if now.status != seen[-1]:
            seen.append(now.status)
    assert seen == ["queued", "in_progress", "completed"]
    assert now.output_text == "The first part.Still at it.The last part."


def test_what_is_said_so_far_is_not_in_the_body_before_it_has_ended(writer: OpenAI, clock: SteppedClock) -> None:
    job = start(writer, "Write slowly.")
    clock.advance(10)
    now = writer.responses.retrieve(job.id)
    assert (now.status, now.output, now.usage) == ("in_progress", [], None)


def test_completed_at_is_when_it_ended_not_when_somebody_looked(writer: OpenAI, clock: SteppedClock) -> None:
    job = start(writer)
    clock.advance(4000)
    done = writer.responses.retrieve(job.id).to_dict()
    assert 1 <= done["completed_at"] - job.created_at <= 5


def test_store_false_is_refused(client: OpenAI) -> None:
    assert error_of(start, client, store=False)["status"] == 400


def test_polling_on_a_real_clock_ends(real_client: OpenAI) -> None:
    job = start(real_client, "Write slowly.")
    seen = {job.status}
    deadline = time.monotonic() + 15
    while job.status in ("queued", "in_progress"):
        assert time.monotonic() < deadline
        time.sleep(0.05)
        job = real_client.responses.retrieve(job.id)
        seen.add(job.status)
    assert seen == {"queued", "in_progress", "completed"}


# -- cancelling and deleting -------------------------------------------------------------------------------------------


def test_cancelling_drops_what_was_said_as_recorded(writer: OpenAI, clock: SteppedClock, check: Any) -> None:
    job = start(writer, "Write slowly.")
    clock.advance(10)
    cancelled = writer.responses.cancel(job.id)
    assert (cancelled.status, cancelled.output, cancelled.usage) == ("cancelled", [], None)
    check.response(cancelled.to_dict(mode="json"))
    clock.advance(100)
    assert writer.responses.retrieve(job.id).status == "cancelled"


def test_cancelling_again_changes_nothing(writer: OpenAI) -> None:
    job = start(writer, "Write slowly.")
    assert writer.responses.cancel(job.id) == writer.responses.cancel(job.id)


def test_cancelling_a_finished_one_returns_it_as_it_is(writer: OpenAI, clock: SteppedClock) -> None:
    job = start(writer)
    clock.advance(60)
    cancelled = writer.responses.cancel(job.id)
    assert (cancelled.status, cancelled.output_text) == ("completed", "One two three four five six.")


def test_cancelling_what_does_not_run_in_the_background_is_refused(client: OpenAI) -> None:
    made = client.responses.create(model=MODEL, input="Hi")
    assert error_of(client.responses.cancel, made.id) == {
        "status": 400,
        "message": "Cannot cancel a synchronous response.",
        "type": "invalid_request_error",
        "param": None,
        "code": None,
    }
    assert error_of(client.responses.cancel, "resp_x")["status"] == 404


def test_one_that_is_at_work_can_be_deleted(writer: OpenAI, clock: SteppedClock) -> None:
    job = start(writer, "Write slowly.")
    clock.advance(10)
    writer.responses.delete(job.id)
    clock.advance(100)
    for call in (writer.responses.retrieve, writer.responses.cancel, writer.responses.delete):
        assert error_of(call, job.id)["status"] == 404


@pytest.mark.parametrize("end", ["cancel", "delete"])
def test_a_stream_ends_when_its_response_is_cancelled_or_deleted(real_client: OpenAI, end: str) -> None:
    seen = []
    for event in start(real_client, "Write slowly.", stream=True):
        seen.append(event.type)
        if event.type == "response.created":
            job_id = event.response.id
        if event.type == "response.output_text.delta" and seen.count("response.output_text.delta") == 1:
            getattr(real_client.responses, end)(job_id)
    assert "response.completed" not in seen
    assert seen[0] == "response.created"


# -- streams -----------------------------------------------------------------------------------------------------------


def test_a_background_stream_can_be_resumed_at_every_number(writer: OpenAI, check: Any) -> None:
    whole = events_of(start(writer, stream=True))
    check.stream(whole, background=True)
    assert [event["type"] for event in whole[:3]] == ["response.created", "response.queued", "response.in_progress"]
    job_id = whole[0]["response"]["id"]
    for number in range(len(whole)):
        assert events_of(writer.responses.retrieve(job_id, stream=True, starting_after=number)) == whole[number + 1 :]
    assert events_of(writer.responses.retrieve(job_id, stream=True)) == whole


def test_resuming_past_the_end_gives_nothing(writer: OpenAI) -> None:
    job_id = events_of(start(writer, stream=True))[0]["response"]["id"]
    assert events_of(writer.responses.retrieve(job_id, stream=True, starting_after=10_000)) == []


@pytest.mark.parametrize(
    ("number", "code"), [("-1", "integer_below_min_value"), ("soon", "invalid_type"), ("1_0", "invalid_type")]
)
def test_resuming_at_what_is_no_number_is_refused(writer: OpenAI, number: Any, code: str) -> None:
    job_id = events_of(start(writer, stream=True))[0]["response"]["id"]
    error = error_of(writer.responses.retrieve, job_id, stream=True, starting_after=number)
    assert (error["param"], error["code"]) == ("starting_after", code)


def test_a_dropped_connection_does_not_stop_the_work(real_client: OpenAI) -> None:
    with start(real_client, "Write slowly.", stream=True) as stream:
        first = [event for event, _ in zip(stream, range(5), strict=False)]
    job_id, last = first[0].response.id, first[-1].sequence_number
    rest = events_of(real_client.responses.retrieve(job_id, stream=True, starting_after=last))
    numbers = [event.sequence_number for event in first] + [event["sequence_number"] for event in rest]
    assert numbers == list(range(len(numbers)))
    assert rest[-1]["type"] == "response.completed"


def test_many_readers_of_one_stream_all_see_everything(real: Service) -> None:
    async def read(client: AsyncOpenAI, job_id: str, after: int) -> list[int]:
        stream = await client.responses.retrieve(job_id, stream=True, starting_after=after)
        return [event.sequence_number async for event in stream]

    async def everything() -> tuple[list[list[int]], int]:
        client = AsyncOpenAI(
            base_url=URL, api_key="k", http_client=httpx2.AsyncClient(transport=AsyncTransport(real), timeout=20)
        )
        stream = await client.responses.create(model=MODEL, input="Write slowly.", background=True, stream=True)
        job_id = (await anext(aiter(stream))).response.id  # type: ignore[union-attr]
        await stream.close()
        readers = [read(client, job_id, after) for after in range(0, 20, 2)]
        seen = await asyncio.gather(*readers)
        return seen, max(seen[0])

    seen, last = asyncio.run(everything())
    for number, one in enumerate(seen):
        assert one == list(range(2 * number + 1, last + 1))


def test_a_response_is_streamed_for_five_minutes_only(writer: OpenAI, clock: SteppedClock) -> None:
    job_id = events_of(start(writer, stream=True))[0]["response"]["id"]
    clock.advance(290)
    assert events_of(writer.responses.retrieve(job_id, stream=True))
    clock.advance(10)
    assert error_of(writer.responses.retrieve, job_id, stream=True)["message"] == (
        "This response can no longer be streamed because it is more than 5 minutes old."
    )
    assert writer.responses.retrieve(job_id).status == "completed"


def test_what_was_not_created_as_a_background_stream_cannot_be_streamed(client: OpenAI) -> None:
    plain = client.responses.create(model=MODEL, input="Hi")
    assert error_of(client.responses.retrieve, plain.id, stream=True)["message"] == (
        "This response cannot be streamed because it was not created with background=true."
    )
    assert error_of(client.responses.retrieve, start(client).id, stream=True)["status"] == 400


# -- chains ------------------------------------------------------------------------------------------------------------


def test_a_chain_goes_on_from_a_finished_one_and_not_from_one_at_work(writer: OpenAI, clock: SteppedClock) -> None:
    job = start(writer, "Write slowly.")
    error = error_of(writer.responses.create, model=MODEL, input="And?", previous_response_id=job.id)
    assert (error["status"], error["param"]) == (400, "previous_response_id")
    clock.advance(60)
    # Nobody has polled: that it is done is found out on the way.
    answer = writer.responses.create(model=MODEL, input="And?", previous_response_id=job.id)
    assert "2 × user message" in answer.output_text


def test_a_failed_background_response_says_so_in_its_body(client: OpenAI, clock: SteppedClock) -> None:
    job = start(client, extra_headers={"x-simulate": "stream_error"})
    clock.advance(60)
    failed = client.responses.retrieve(job.id)
    assert (failed.status, failed.output_text, failed.usage) == ("failed", "", None)
    assert failed.error is not None
    assert failed.error.code == "server_error"


# -- tools that take their time ----------------------------------------------------------------------------------------


class _Slow:
    """A hosted tool that works until it is let go, or stopped."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.stopped = False

    async def prepare(self, turn: Turn, run: Any, box: Toolbox) -> AsyncIterator[Any]:
        return
        yield

    async def run(self, step: Hosted, turn: Turn, run: Any, box: Toolbox) -> AsyncIterator[Any]:
        item = {"id": run.new_id("code_interpreter_call"), "type": "code_interpreter_call", "status": "in_progress"}
        item |= {"code": "", "container_id": "cntr_", "outputs": None}
        opened, event = run.added(item)
        yield event
        try:
            while not self.go.is_set():
                await asyncio.sleep(0.01)
        finally:
            self.stopped = not self.go.is_set()
        yield run.done({**item, "status": "completed"}, opened)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> _Slow:
    tool = _Slow()
    monkeypatch.setattr("simulator.tools._hosted", lambda: {"code_interpreter": tool})
    return tool


def run_slowly(client: OpenAI) -> Any:
    tools: Any = [{"type": "code_interpreter", "container": {"type": "auto"}}]
    job = start(client, "```python\nprint(1)\n```", tools=tools)
    deadline = time.monotonic() + 10
    while job.status == "queued":
        assert time.monotonic() < deadline
        time.sleep(0.05)
        job = client.responses.retrieve(job.id)
    time.sleep(0.8)  # now it is in the tool
    return job


def test_polling_does_not_wait_for_a_tool(real_client: OpenAI, slow: _Slow) -> None:
    job = run_slowly(real_client)
    assert real_client.responses.retrieve(job.id).status == "in_progress"  # while the tool waits for `go`
    slow.go.set()
    deadline = time.monotonic() + 10
    while (job := real_client.responses.retrieve(job.id)).status == "in_progress":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert job.status == "completed"
    assert not slow.stopped


def test_cancelling_stops_a_tool_that_is_at_work(real_client: OpenAI, slow: _Slow) -> None:
    job = run_slowly(real_client)
    real_client.responses.retrieve(job.id)
    assert real_client.responses.cancel(job.id).status == "cancelled"  # while the tool waits for `go`
    assert slow.stopped
    assert real_client.responses.retrieve(job.id).status == "cancelled"
