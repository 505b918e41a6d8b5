"""A client on a seeded simulator, and judges: the SDK's own types, and the grammar of recorded streams."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from openai import AsyncOpenAI, OpenAI
from openai.types.responses import Response, ResponseStreamEvent
from pydantic import TypeAdapter

from simulator import AsyncTransport, Service, Transport
from simulator.clock import SteppedClock

URL = "https://lab.openai.azure.com/openai/v1/"
SHARED = Path(__file__).parents[3] / "shared" / "conformance"

_EVENT: TypeAdapter[Any] = TypeAdapter(ResponseStreamEvent)


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
def service(clock: SteppedClock) -> Service:
    return Service(seed="test", clock=clock)


@pytest.fixture
def client(service: Service) -> Iterator[OpenAI]:
    with httpx2.Client(transport=Transport(service)) as http:
        yield OpenAI(base_url=URL, api_key="a key", http_client=http, max_retries=0)


@pytest.fixture
def openai_client(service: Service) -> Iterator[OpenAI]:
    """The same service under OpenAI's path, /v1."""
    with httpx2.Client(transport=Transport(service)) as http:
        yield OpenAI(base_url="https://api.openai.com/v1/", api_key="a key", http_client=http, max_retries=0)


@pytest.fixture
def async_client(service: Service) -> AsyncOpenAI:
    http = httpx2.AsyncClient(transport=AsyncTransport(service))
    return AsyncOpenAI(base_url=URL, api_key="a key", http_client=http, max_retries=0)


@pytest.fixture
def http(service: Service) -> Iterator[httpx2.Client]:
    """Plain HTTP, for what the SDK would not send."""
    headers = {"api-key": "a key"}
    with httpx2.Client(transport=Transport(service), base_url=URL, headers=headers) as http:
        yield http


@pytest.fixture
def scripted(tmp_path: Path, clock: SteppedClock) -> Callable[[str], OpenAI]:
    """Make a client whose model speaks from the script given as YAML text."""

    def make(script: str) -> OpenAI:
        path = tmp_path / "script.yaml"
        path.write_text(script, encoding="utf-8")
        service = Service(script=path, seed="test", clock=clock)
        return OpenAI(
            base_url=URL, api_key="a key", max_retries=0, http_client=httpx2.Client(transport=Transport(service))
        )

    return make


def check_response(body: dict[str, Any]) -> None:
    """Fail unless a body is strictly valid for the SDK's own type."""
    Response.model_validate(body, strict=True)


def check_stream(events: list[dict[str, Any]], background: bool = False) -> None:
    """Fail unless every event is strictly valid for the SDK's types and the stream is one that recordings show."""
    for event in events:
        if event["type"] != "error":  # the service nests its payload; the SDK's type does not (conformance README)
            _EVENT.validate_python(event, strict=True)
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    if grammar := stream_grammar():
        assert grammar.faults(events, background=background) == []


def stream_grammar() -> Any:
    """Return the module that knows what recorded streams do; None where ../shared is not there."""
    path = SHARED / "stream_grammar.py"
    if not path.is_file():
        return None
    if "stream_grammar" not in sys.modules:
        spec = importlib.util.spec_from_file_location("stream_grammar", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        sys.modules["stream_grammar"] = module
    return sys.modules["stream_grammar"]


@pytest.fixture
def check() -> Any:
    """Both judges: check.response(body), check.stream(events, background=False)."""

    class Check:
        response = staticmethod(check_response)
        stream = staticmethod(check_stream)

    return Check
