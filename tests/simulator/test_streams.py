"""Streams: the same response, unrolled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import httpx2
import openai
import pytest
from openai import AsyncOpenAI, OpenAI

from simulator import AsyncTransport, Service, Transport
from simulator.clock import RealClock, SteppedClock

MODEL = "gpt-5.4-mini"
WEATHER = {
    "type": "function",
    "name": "get_weather",
    "description": "Get the weather for a location",
    "parameters": {"type": "object", "properties": {"location": {"type": "string"}}, "required": ["location"]},
}


def events_of(client: OpenAI, **request: Any) -> list[dict[str, Any]]:
    return [event.to_dict() for event in client.responses.create(stream=True, **request)]


@pytest.mark.parametrize(
    "request_",
    [
        {"input": "Hi"},
        {"input": "Hi", "store": False},
        {"input": "Hi", "reasoning": {"effort": "low"}},
        {"input": "Hi", "reasoning": {"effort": "low", "summary": "auto"}},
        {"input": "What's the weather in San Francisco?", "tools": [WEATHER]},
        {"input": "Hi", "max_output_tokens": 16},
        {"input": "Hi", "background": True},
        {"input": "Hi, in JSON", "text": {"format": {"type": "json_object"}}},
    ],
    ids=["text", "not stored", "reasoning", "summary", "call", "cut short", "background", "json"],
)
def test_a_stream_is_one_that_recordings_show(client: OpenAI, check: Any, request_: dict[str, Any]) -> None:
    events = events_of(client, model=MODEL, **request_)
    check.stream(events, background=request_.get("background", False))
    final = events[-1]["response"]
    check.response(final)
    if request_.get("store", True):
        assert final == client.responses.retrieve(final["id"]).to_dict()


def test_the_last_event_carries_what_a_plain_call_returns() -> None:
    def client() -> OpenAI:
        transport = Transport(Service(seed="same", clock=SteppedClock()))
        return OpenAI(
            base_url="https://lab.openai.azure.com/openai/v1/",
            api_key="a key",
            http_client=httpx2.Client(transport=transport),
        )

    plain = client().responses.create(model=MODEL, input="The same").to_dict()
    streamed = events_of(client(), model=MODEL, input="The same")[-1]["response"]
    same = ("status", "usage", "text", "model", "tools", "reasoning", "content_filters")
    assert {key: plain[key] for key in same} == {key: streamed[key] for key in same}
    assert plain["output"][0]["content"] == streamed["output"][0]["content"]  # type: ignore[index]


def test_deltas_add_up_and_are_padded_to_sixteen(client: OpenAI) -> None:
    events = events_of(client, model=MODEL, input="Hi")
    deltas = [event for event in events if event["type"] == "response.output_text.delta"]
    done = next(event for event in events if event["type"] == "response.output_text.done")
    assert "".join(event["delta"] for event in deltas) == done["text"]
    assert len(deltas) > 20
    assert all((len(event["delta"]) + len(event["obfuscation"])) % 16 == 0 for event in deltas)


def test_obfuscation_can_be_turned_off(client: OpenAI) -> None:
    events = events_of(client, model=MODEL, input="Hi", stream_options={"include_obfuscation": False})
    assert not any("obfuscation" in event for event in events)


def test_the_wire_has_one_event_a_chunk_and_no_done(http: httpx2.Client) -> None:
    with http.stream("POST", "responses", json={"model": MODEL, "input": "Hi", "stream": True}) as answer:
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        chunks = list(answer.iter_raw())
    for chunk in chunks:
        name, data, *rest = chunk.decode().split("\n")
        assert rest == ["", ""]
        assert name == f"event: {json.loads(data.removeprefix('data: '))['type']}"
    assert b"[DONE]" not in b"".join(chunks)


async def test_an_async_stream_is_the_same(async_client: AsyncOpenAI, check: Any) -> None:
    stream = await async_client.responses.create(model=MODEL, input="Hi", stream=True)
    check.stream([event.to_dict() async for event in stream])


def test_whoever_stops_reading_cancels_a_foreground_response(client: OpenAI) -> None:
    stream = client.responses.create(model=MODEL, input="Hi", stream=True)
    first = next(iter(stream))
    assert first.type == "response.created"
    stream.close()
    assert client.responses.retrieve(first.response.id).status == "cancelled"


def test_an_error_in_a_stream_comes_with_status_200_then_the_failed_response(client: OpenAI, check: Any) -> None:
    stream = client.responses.create(model=MODEL, input="Hi", stream=True, extra_headers={"x-simulate": "stream_error"})
    assert stream.response.status_code == 200
    seen: list[dict[str, Any]] = []
    with pytest.raises(openai.APIError, match="The server had an error") as error:
        seen.extend(event.to_dict() for event in stream)
    assert error.value.code == "server_error"
    assert seen[-1]["type"] == "response.output_text.delta"


def test_an_error_event_and_response_failed_are_as_recorded(http: httpx2.Client, check: Any) -> None:
    request = {"model": MODEL, "input": "Hi", "stream": True}
    answer = http.post("responses", json=request, headers={"x-simulate": "stream_rate_limit"})
    events = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: ")]
    error, failed = events[-2:]
    assert error["type"] == "error"
    assert set(error["error"]) == {"type", "code", "message", "param"}
    assert failed["type"] == "response.failed"
    assert failed["response"]["status"] == "failed"
    assert failed["response"]["usage"] is None
    assert failed["response"]["error"] == {"code": error["error"]["code"], "message": error["error"]["message"]}
    check.response(failed["response"])


def test_a_cut_line_is_a_connection_error_in_the_middle(client: OpenAI) -> None:
    seen: list[str] = []
    stream = client.responses.create(model=MODEL, input="Hi", stream=True, extra_headers={"x-simulate": "stream_cut"})
    with pytest.raises((openai.APIError, httpx2.TransportError)):
        seen.extend(event.type for event in stream)
    assert "response.completed" not in seen
    assert "response.output_text.delta" in seen


def test_in_real_time_the_first_token_takes_a_moment() -> None:
    """Order, not speed: the pace comes from the clock, and every wait goes through it."""
    waits: list[float] = []

    class Watched(RealClock):
        async def sleep(self, seconds: float) -> None:
            waits.append(seconds)

    http = httpx2.Client(transport=Transport(Service(clock=Watched())))
    client = OpenAI(base_url="https://lab.openai.azure.com/openai/v1/", api_key="a key", http_client=http)
    events_of(client, model=MODEL, input="Hi")
    assert waits[0] >= 0.3
    assert 1 < sum(waits) < 4


def test_an_interpreter_may_end_in_the_middle_of_a_stream() -> None:
    code = (
        "import httpx2; from openai import OpenAI; from simulator import Service, Transport\n"
        "client = OpenAI(base_url='https://x/openai/v1/', api_key='k', "
        "http_client=httpx2.Client(transport=Transport(Service())))\n"
        "stream = client.responses.create(model='gpt-5.4-mini', input='Hi', stream=True)\n"
        "print(next(iter(stream)).type)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "response.created"
    assert "Traceback" not in done.stderr


IN_PROCESS = """
import os, signal, threading, httpx2
from openai import OpenAI
from simulator import Service, Transport
http = httpx2.Client(transport=Transport(Service()))
client = OpenAI(base_url="https://x/openai/v1/", api_key="k", http_client=http)
"""


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", IN_PROCESS + code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout.strip()


def test_ctrl_c_in_a_stream_is_a_keyboard_interrupt_and_cancels_the_response() -> None:
    said = run(
        """
slow = {"x-simulate": "slow_start"}
stream = client.responses.create(model="gpt-5.4-mini", input="Hi", stream=True, extra_headers=slow)
try:
    for event in stream:
        if event.type == "response.created":
            id = event.response.id
            threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
except KeyboardInterrupt:
    print("interrupted:", client.responses.retrieve(id).status)
"""
    )
    assert said == "interrupted: cancelled"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_process_that_was_forked_has_answers_of_its_own() -> None:
    said = run(
        """
print(client.responses.create(model="gpt-5.4-mini", input="Hi").status, flush=True)
if os.fork() == 0:
    print(client.responses.create(model="gpt-5.4-mini", input="Hi").status, flush=True)
    os._exit(0)  # as multiprocessing ends a child
else:
    os.wait()
"""
    )
    assert said.split() == ["completed", "completed"]


def test_the_read_timeout_holds_within_a_stream_too() -> None:
    http = httpx2.Client(transport=Transport(Service()), timeout=httpx2.Timeout(5, read=0.3))
    slow = {"x-simulate": "slow_start"}
    with (
        pytest.raises(httpx2.ReadTimeout, match="The read operation timed out"),
        http.stream(
            "POST",
            "https://lab.openai.azure.com/openai/v1/responses",
            json={"model": MODEL, "input": "Hi", "stream": True},
            headers=slow | {"api-key": "k"},
        ) as answer,
    ):
        list(answer.iter_bytes())


async def test_and_for_an_asynchronous_client() -> None:
    async with httpx2.AsyncClient(transport=AsyncTransport(Service()), timeout=httpx2.Timeout(5, read=0.3)) as http:
        client = AsyncOpenAI(
            base_url="https://lab.openai.azure.com/openai/v1/",
            api_key="k",
            http_client=http,
            max_retries=0,
            timeout=0.3,
        )
        stream = await client.responses.create(
            model=MODEL, input="Hi", stream=True, extra_headers={"x-simulate": "slow_start"}
        )
        with pytest.raises((openai.APITimeoutError, httpx2.ReadTimeout)):
            [event async for event in stream]


@pytest.mark.parametrize("summary", ["auto", None])
def test_a_model_that_thinks_is_silent_while_its_reasoning_item_is_open(
    client: OpenAI, clock: SteppedClock, summary: str | None
) -> None:
    """As the ids of recorded items show: rs_ begins a second after the request, msg_ two seconds after that."""
    opened: dict[str, float] = {}
    reasoning: Any = {"effort": "low", "summary": summary}
    began = clock.now() + 1  # which the request itself takes
    for event in client.responses.create(model=MODEL, input="Hi", reasoning=reasoning, stream=True):
        if event.type == "response.output_item.added":
            opened[event.item.type] = clock.now() - began
        elif event.type in ("response.reasoning_summary_part.added", "response.output_item.done"):
            opened.setdefault(event.type, clock.now() - began)
    after = opened["response.reasoning_summary_part.added" if summary else "response.output_item.done"]
    assert opened["reasoning"] == 0
    assert opened["message"] >= after > 0.3


def test_an_abandoned_stream_may_be_collected_in_the_simulator_s_own_thread(service: Service) -> None:
    """The garbage collector runs in whichever thread makes it."""
    from simulator.transport import _portal

    client = OpenAI(
        base_url="https://x/openai/v1/", api_key="k", http_client=httpx2.Client(transport=Transport(service))
    )
    stream = client.responses.create(model=MODEL, input="Hi", stream=True)
    made = next(stream).response.id  # type: ignore[union-attr]
    _portal().call(stream.response.close)
    assert client.responses.retrieve(made).status == "cancelled"
