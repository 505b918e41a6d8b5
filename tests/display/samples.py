"""Answers and streams, small and our own, in the shapes of the wire. The tests of the displays are made of them."""

import base64
import json
import time
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import httpx2
from openai import AsyncOpenAI, OpenAI
from PIL import Image, ImageDraw

from helpers.exchanges import AsyncLogged, Logged, Source

RECORDED = Source("recorded", "simulator", "2026-11-25", "3.57.0")
BASE = "https://YOUR-RESOURCE-NAME.openai.azure.com/openai/v1/"
USAGE = {
    "input_tokens": 28,
    "input_tokens_details": {"cached_tokens": 8, "cache_write_tokens": 0},
    "output_tokens": 12,
    "output_tokens_details": {"reasoning_tokens": 4},
    "total_tokens": 40,
}


def said(text: str, **more: Any) -> dict[str, Any]:
    """An assistant's message."""
    part = {"type": "output_text", "text": text, "annotations": [], "logprobs": [], **more}
    return {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": [part]}


def response(*output: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A response body with these items."""
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1764057600,
        "status": "completed",
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "model": "gpt-5.4-mini",
        "output": list(output),
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "temperature": 1.0,
        "text": {"format": {"type": "text"}},
        "tool_choice": "auto",
        "tools": [],
        "top_p": 0.98,
        "usage": USAGE,
        **more,
    }


def text_events(text: str, **more: Any) -> list[dict[str, Any]]:
    """The events of a streamed message, one delta a word."""
    item = said(text)
    opened = {**item, "status": "in_progress", "content": []}
    part = item["content"][0]
    place = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
    words = [w + " " for w in text.split(" ")[:-1]] + text.split(" ")[-1:]
    begun = response(status="in_progress", usage=None)
    events: list[dict[str, Any]] = [
        {"type": "response.created", "response": begun},
        {"type": "response.in_progress", "response": begun},
        {"type": "response.output_item.added", "output_index": 0, "item": opened},
        {"type": "response.content_part.added", **place, "part": {**part, "text": ""}},
        *({"type": "response.output_text.delta", **place, "delta": word, "logprobs": []} for word in words),
        {"type": "response.output_text.done", **place, "text": text, "logprobs": []},
        {"type": "response.content_part.done", **place, "part": part},
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": response(item, **more)},
    ]
    return numbered(events)


def picture(width: int = 640, height: int = 400) -> str:
    """A PNG in base64: a red wheel on a grey pier."""
    image = Image.new("RGB", (width, height), "#b8c4cc")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, height * 3 // 4, width, height), fill="#777777")
    draw.ellipse((width // 3, height // 4, width // 3 + height // 2, height * 3 // 4), outline="#bb2200", width=8)
    data = BytesIO()
    image.save(data, "PNG")
    return base64.b64encode(data.getvalue()).decode()


def call_events() -> list[dict[str, Any]]:
    """The events of an answer that thinks and then calls a function."""
    thought = {"id": "rs_1", "type": "reasoning", "summary": [{"type": "summary_text", "text": "Looking at the map."}]}
    call = {"id": "fc_1", "type": "function_call", "call_id": "call_1", "name": "get_weather", "status": "completed"}
    arguments = '{"location": "San Francisco"}'
    begun = response(status="in_progress", usage=None)
    summary, place = {"item_id": "rs_1", "output_index": 0, "summary_index": 0}, {"item_id": "fc_1", "output_index": 1}
    done = [thought, {**call, "arguments": arguments}]
    return numbered(
        [
            {"type": "response.created", "response": begun},
            {"type": "response.output_item.added", "output_index": 0, "item": {**thought, "summary": []}},
            {"type": "response.reasoning_summary_text.delta", **summary, "delta": "Looking at the "},
            {"type": "response.reasoning_summary_text.delta", **summary, "delta": "map."},
            {"type": "response.output_item.done", "output_index": 0, "item": thought},
            {
                "type": "response.output_item.added",
                "output_index": 1,
                "item": {**call, "status": "in_progress", "arguments": ""},
            },
            {"type": "response.function_call_arguments.delta", **place, "delta": '{"location": '},
            {"type": "response.function_call_arguments.delta", **place, "delta": '"San Francisco"}'},
            {"type": "response.function_call_arguments.done", **place, "arguments": arguments},
            {"type": "response.output_item.done", "output_index": 1, "item": done[1]},
            {"type": "response.completed", "response": response(*done)},
        ]
    )


def error_event(code: str, message: str) -> dict[str, Any]:
    """An error in a stream, as the service sends it."""
    return {"type": "error", "sequence_number": 7, "error": {"code": code, "message": message, "param": None}}


def flat_error_event(code: str, message: str) -> dict[str, Any]:
    """An error in a stream, as the SDK's types describe it."""
    return {"type": "error", "sequence_number": 7, "code": code, "message": message, "param": None}


def numbered(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events with sequence numbers from 0."""
    return [{**event, "sequence_number": number} for number, event in enumerate(events)]


def frame(event: dict[str, Any]) -> bytes:
    """One server-sent event as the service writes it."""
    return f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()


class Frames(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """The body of a streamed answer, an event a chunk, `wait` seconds apart; `breaks` is raised after the last."""

    def __init__(self, events: list[dict[str, Any]], breaks: BaseException | None = None, wait: float = 0.0) -> None:
        self.events, self.breaks, self.wait = events, breaks, wait

    def __iter__(self) -> Iterator[bytes]:
        for event in self.events:
            time.sleep(self.wait)
            yield frame(event)
        if self.breaks is not None:
            raise self.breaks

    async def __aiter__(self):  # type: ignore[no-untyped-def]
        for chunk in self:
            yield chunk


class Screen:
    """Stands for the notebook's front end: one entry for each display, in its newest state."""

    def __init__(self) -> None:
        self.shown: list[Any] = []
        self.updates = 0

    def display(self, obj: Any, display_id: bool = False) -> Any:
        self.shown.append(obj)
        return _Handle(self, len(self.shown) - 1) if display_id else None

    @property
    def html(self) -> str:
        return "\n".join(obj.html() for obj in self.shown)

    @property
    def text(self) -> str:
        return "\n".join(map(str, self.shown))


class _Handle:
    def __init__(self, screen: Screen, place: int) -> None:
        self.screen, self.place = screen, place

    def update(self, obj: Any) -> None:
        self.screen.shown[self.place] = obj
        self.screen.updates += 1


class Service(httpx2.MockTransport):
    """Answers every request with the next of these: a body (dict), a list of events, or an httpx2.Response."""

    def __init__(self, *answers: Any, breaks: BaseException | None = None, wait: float = 0.0) -> None:
        super().__init__(self._answer)
        self.answers, self.breaks, self.wait = list(answers), breaks, wait
        self.requests = list[httpx2.Request]()

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        if request.url.path.endswith("/cancel"):
            return httpx2.Response(200, json=self._cancelled())
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, httpx2.Response):
            return answer
        if isinstance(answer, list):
            headers = {"content-type": "text/event-stream; charset=utf-8"}
            return httpx2.Response(200, headers=headers, stream=Frames(answer, self.breaks, self.wait))
        return httpx2.Response(200, json=answer, headers={"x-request-id": f"req-{len(self.requests)}"})

    def _cancelled(self) -> dict[str, Any]:
        """From now on every answer is the cancelled job."""
        self.answers = [response(status="cancelled", usage=None, background=True)]
        return self.answers[0]


def client(*answers: Any, breaks: BaseException | None = None, wait: float = 0.0) -> OpenAI:
    """An SDK client whose exchanges are logged as a lesson's are."""
    transport = Logged("01_basics", Service(*answers, breaks=breaks, wait=wait), RECORDED)
    return OpenAI(base_url=BASE, api_key="secret-key", http_client=httpx2.Client(transport=transport), max_retries=0)


def async_client(*answers: Any, breaks: BaseException | None = None) -> AsyncOpenAI:
    """The same, asynchronous."""
    transport = AsyncLogged("01_basics", Service(*answers, breaks=breaks), RECORDED)
    http = httpx2.AsyncClient(transport=transport)
    return AsyncOpenAI(base_url=BASE, api_key="secret-key", http_client=http, max_retries=0)


def _timed() -> list[tuple[float, dict[str, Any]]]:
    """A stream with its times: thinking, one tool, then an answer."""
    message = [e for e in text_events("Harbour is the nearest and has twelve bikes.") if "response" not in e]
    thought = {"id": "rs_1", "type": "reasoning", "summary": []}
    call = {"id": "ci_1", "type": "code_interpreter_call", "status": "completed", "code": "1", "container_id": "c"}
    events = [
        (0.31, {"type": "response.created", "response": response(status="in_progress", usage=None)}),
        (0.40, {"type": "response.output_item.added", "output_index": 0, "item": thought}),
        (1.62, {"type": "response.output_item.done", "output_index": 0, "item": thought}),
        (1.64, {"type": "response.output_item.added", "output_index": 1, "item": call}),
        (3.10, {"type": "response.output_item.done", "output_index": 1, "item": call}),
        *((3.2 + 0.06 * i, {**e, "output_index": 2}) for i, e in enumerate(message)),
        (4.20, {"type": "response.completed", "response": response(said("Harbour"))}),
    ]
    return [(at, {**event, "sequence_number": number}) for number, (at, event) in enumerate(events)]


TIMED = _timed()
