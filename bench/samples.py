"""The bytes that are replayed: what the simulator answers to a short prompt, whole and as a stream of 200 events."""

import json
import tempfile
from pathlib import Path

import httpx2
import yaml
from openai import OpenAI

from helpers.cassettes.file import Cassette, Interaction
from helpers.exchanges import Source
from simulator import Service, Transport
from simulator.clock import SteppedClock

URL = "https://YOUR-RESOURCE-NAME.openai.azure.com/openai/v1/"
MODEL = "gpt-5.4-mini"
PROMPT = "Say it."
SOURCE = Source("recorded", "simulator", "2026-01-01", "openai")
JSON, SSE = "application/json", "text/event-stream; charset=utf-8"


def answer() -> bytes:
    """The body of an answer of a sentence."""
    return (
        _asked("The otter sleeps on its back and holds a paw.")
        .responses.with_raw_response.create(model=MODEL, input=PROMPT)
        .content
    )


def stream(events: int = 200) -> list[bytes]:
    """A stream of this many events, one chunk each."""
    words = events - 8
    while True:
        client = _asked(" ".join(["and"] * words))
        with client.responses.with_streaming_response.create(model=MODEL, input=PROMPT, stream=True) as response:
            chunks = [chunk + b"\n\n" for chunk in response.read().split(b"\n\n") if chunk]
        if len(chunks) == events:
            return chunks
        words += events - len(chunks)


def cassette(interactions: int, body: bytes, kind: str = JSON, **parameters: object) -> Cassette:
    """A cassette in which `question(0)`, `question(1)` … each get this answer."""
    return Cassette(SOURCE, [_interaction(question(i, **parameters), body, kind) for i in range(interactions)])


def question(number: int, **parameters: object) -> dict[str, object]:
    return {"model": MODEL, "input": f"Question {number}: what does an otter do at night?", **parameters}


def request(parameters: dict[str, object]) -> httpx2.Request:
    """The request that the SDK sends for these parameters."""
    seen: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, json={})

    client = OpenAI(base_url=URL, api_key="none", http_client=httpx2.Client(transport=httpx2.MockTransport(answer)))
    client.responses.with_raw_response.create(**parameters)  # type: ignore[call-overload]
    return seen[0]


def _interaction(parameters: dict[str, object], body: bytes, kind: str) -> Interaction:
    text = json.dumps(parameters, separators=(",", ":"), ensure_ascii=False).encode()
    headers = {"content-type": JSON}
    return Interaction("POST", f"{URL}responses", headers, text, 200, {"content-type": kind}, body)


def _asked(text: str) -> OpenAI:
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "script.yaml"
        script.write_text(yaml.safe_dump([{"when": {"input": PROMPT}, "say": text}]))
        service = Service(script=script, seed="bench", clock=SteppedClock())
    return OpenAI(base_url=URL, api_key="none", http_client=httpx2.Client(transport=Transport(service)))
