"""What a recorded exchange left behind is taken over: conversations, sealed items, what reasoning cost."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from openai import OpenAI

from simulator import Service, Transport
from simulator.clock import SteppedClock

URL = "https://lab.openai.azure.com/openai/v1/"
MODEL = "gpt-5-mini"
SCREEN = Path(__file__).parents[2] / "data" / "samples" / "booking" / "screenshots" / "booking_1_start.png"


class Recording(httpx2.BaseTransport):
    """Hands on, and keeps what was said."""

    def __init__(self, service: Service) -> None:
        self._inner = Transport(service)
        self.exchanges: list[tuple[str, str, bytes, int, bytes]] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        asked = request.read()
        answer = self._inner.handle_request(request)
        body = answer.read()
        path = request.url.raw_path.decode().removeprefix("/openai/v1")
        self.exchanges.append((request.method, path, asked, answer.status_code, body))
        return httpx2.Response(answer.status_code, headers=answer.headers, content=body)


def client_on(transport: httpx2.BaseTransport) -> OpenAI:
    return OpenAI(base_url=URL, api_key="k", max_retries=0, http_client=httpx2.Client(transport=transport))


Replay = Callable[[Callable[[OpenAI], Any]], tuple[OpenAI, Any]]


@pytest.fixture
def replayed(tmp_path: Path) -> Replay:
    """Do something on one service; return a client on another, seeded otherwise, that has adopted it, twice."""
    script = tmp_path / "script.yaml"
    script.write_text("- when: {input: Think.}\n  say: [{reasoning: {tokens: 320}}, {text: Done.}]\n", encoding="utf-8")

    def replay(do: Callable[[OpenAI], Any]) -> tuple[OpenAI, Any]:
        recording = Recording(Service(script=script, seed="a lesson", clock=SteppedClock()))
        result = do(client_on(recording))
        service = Service(seed="a lesson, not recorded", clock=SteppedClock())
        for _ in range(2):  # a notebook is run again
            for method, path, asked, status, answer in recording.exchanges:
                service.adopt(method, path, asked, status, answer, {})
        return client_on(Transport(service)), result

    return replay


def texts(client: OpenAI, conversation_id: str) -> list[str]:
    items = client.conversations.items.list(conversation_id, order="asc").data
    return [item.content[0].text for item in items if item.type == "message"]  # type: ignore[union-attr]


def test_a_conversation_goes_on_where_the_recording_ended(replayed: Replay) -> None:
    def do(client: OpenAI) -> Any:
        made = client.conversations.create(items=[{"role": "user", "content": "My name is Ada."}])
        client.conversations.items.create(made.id, items=[{"role": "user", "content": "And I ride."}])
        client.responses.create(model=MODEL, input="Think.", conversation=made.id)
        client.conversations.update(made.id, metadata={"topic": "bikes"})
        return made

    client, made = replayed(do)
    assert client.conversations.retrieve(made.id).metadata == {"topic": "bikes"}
    assert texts(client, made.id) == ["My name is Ada.", "And I ride.", "Think.", "Done."]
    assert "4 × user message" in client.responses.create(model=MODEL, input="More", conversation=made.id).output_text


def test_items_have_the_ids_that_the_learner_saw(replayed: Replay) -> None:
    def do(client: OpenAI) -> Any:
        made = client.conversations.create(items=[{"role": "user", "content": word} for word in ("one", "two")])
        seen = client.conversations.items.list(made.id).data
        client.conversations.items.delete(seen[0].id or "", conversation_id=made.id)
        return made, seen

    client, (made, seen) = replayed(do)
    assert texts(client, made.id) == ["one"]
    assert client.conversations.items.retrieve(seen[1].id, conversation_id=made.id) == seen[1]


def test_a_deleted_conversation_stays_deleted(replayed: Replay) -> None:
    def do(client: OpenAI) -> Any:
        made = client.conversations.create()
        client.conversations.delete(made.id)
        return made

    client, made = replayed(do)
    with pytest.raises(openai.NotFoundError):
        client.conversations.retrieve(made.id)


def test_recorded_reasoning_is_accepted_though_another_key_sealed_it(replayed: Replay) -> None:
    def do(client: OpenAI) -> Any:
        return client.responses.create(
            model=MODEL, input="Think.", store=False, include=["reasoning.encrypted_content"]
        ).output

    client, output = replayed(do)
    history: list[Any] = [{"role": "user", "content": "Think."}, *output, {"role": "user", "content": "Go on."}]
    answer = client.responses.create(model=MODEL, input=history, store=False)
    assert answer.status == "completed"


def test_what_recorded_reasoning_cost_is_known(replayed: Replay) -> None:
    def do(client: OpenAI) -> Any:
        return client.responses.create(model="gpt-5.6-sol", input="Think.").id

    client, made = replayed(do)

    def cost(context: Any) -> int:
        return client.responses.input_tokens.count(
            model="gpt-5.6-sol", input="Go on.", previous_response_id=made, reasoning={"context": context}
        ).input_tokens

    assert cost("all_turns") - cost("current_turn") == 320


@pytest.mark.parametrize("shape", ["message", "screenshot"])
def test_recorded_pictures_cost_what_they_cost(replayed: Replay, shape: str) -> None:
    """A learner runs the first rounds of lesson 13 again: the bill of the next one has their pictures on it."""
    picture = "data:image/png;base64," + base64.b64encode(SCREEN.read_bytes()).decode()
    tools: list[Any] = [{"type": "computer"}]

    def do(client: OpenAI) -> Any:
        image = {"type": "input_image", "image_url": picture, "detail": "original"}
        told: Any = [{"role": "user", "content": [image]}]
        if shape == "message":
            return client.responses.create(model="gpt-5.4", input=told)
        task = "Book one bike, on https://www.bikes.example/booking.html."
        asked = client.responses.create(model="gpt-5.4", input=task, tools=tools)
        call = next(item for item in asked.output if item.type == "computer_call")
        shown = {"type": "computer_screenshot", "image_url": picture, "detail": "original"}
        answer: Any = [{"type": "computer_call_output", "call_id": call.call_id, "output": shown}]
        return client.responses.create(model="gpt-5.4", input=answer, tools=tools, previous_response_id=asked.id)

    client, made = replayed(do)
    count = client.responses.input_tokens.count
    after = count(model="gpt-5.4", input=[], previous_response_id=made.id).input_tokens
    assert after >= made.usage.input_tokens > 900


def test_recorded_compactions_are_carried_on(replayed: Replay) -> None:
    def do(client: OpenAI) -> Any:
        return client.responses.compact(model=MODEL, input="My name is Ada.").output

    client, output = replayed(do)
    answer = client.responses.create(model=MODEL, input=[*output, {"role": "user", "content": "Who am I?"}])
    assert "user: My name is Ada." in answer.output_text


def test_a_recorded_job_goes_on_and_ends(replayed: Replay) -> None:
    client, made = replayed(lambda client: client.responses.create(model=MODEL, input="Think.", background=True))
    assert made.status == "queued"
    for _ in range(10):
        polled = client.responses.retrieve(made.id)
        if polled.status not in ("queued", "in_progress"):
            break
    assert polled.status == "completed"
    assert polled.output_text


def test_a_recorded_job_can_be_cancelled(replayed: Replay) -> None:
    client, made = replayed(lambda client: client.responses.create(model=MODEL, input="Think.", background=True))
    assert client.responses.cancel(made.id).status == "cancelled"
    assert client.responses.retrieve(made.id).output == []


def test_a_job_that_was_seen_to_end_has_ended_so(replayed: Replay) -> None:
    def do(client: OpenAI) -> Any:
        made = client.responses.create(model=MODEL, input="Think.", background=True)
        return [client.responses.retrieve(made.id) for _ in range(10)][-1]

    client, ended = replayed(do)
    assert ended.status == "completed"
    assert client.responses.cancel(ended.id) == ended


def test_a_recorded_background_stream_is_resumed_anywhere(replayed: Replay) -> None:
    def do(client: OpenAI) -> Any:
        return list(client.responses.create(model=MODEL, input="Think.", background=True, stream=True))

    client, events = replayed(do)
    made = events[0].response.id  # type: ignore[union-attr]
    assert list(client.responses.retrieve(made, stream=True, starting_after=3)) == events[4:]


def test_a_background_stream_that_was_cut_goes_on_with_the_items_the_learner_saw(tmp_path: Path) -> None:
    script = tmp_path / "script.yaml"
    script.write_text("- when: {input: Think.}\n  say: [{text: Done and done again.}]\n", encoding="utf-8")
    recording = Recording(Service(script=script, seed="a lesson", clock=SteppedClock()))
    events = list(client_on(recording).responses.create(model=MODEL, input="Think.", background=True, stream=True))
    method, path, asked, status, answer = recording.exchanges[0]
    seen = b"\n\n".join(answer.split(b"\n\n")[:7]) + b"\n\nevent: response.out"  # and half of the next one

    service = Service(script=script, seed="a lesson, not recorded", clock=SteppedClock())
    service.adopt(method, path, asked, status, seen, {})
    made = events[0].response.id  # type: ignore[union-attr]
    rest = list(client_on(Transport(service)).responses.retrieve(made, stream=True, starting_after=2))
    assert rest[:4] == events[3:7]
    assert [event.type for event in rest] == [event.type for event in events[3:]]
    assert rest[-1].response.output[0].id == events[-1].response.output[0].id  # type: ignore[union-attr]
