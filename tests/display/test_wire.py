"""`show_wire` and `diff_wire` show what was sent and received, without secrets, and as code that runs."""

import json
import shlex
from pathlib import Path
from typing import Any

import httpx2
import pytest
from openai import OpenAI

from helpers.display import calls, diff_wire, show_wire, wire
from helpers.exchanges import exchanges
from tests.display import samples
from tests.display.attacks import words
from tests.display.samples import Screen

ANSWER = samples.response(samples.said("Hi"))
TOOL = {"type": "function", "name": "get_weather", "parameters": {"type": "object", "properties": {}}, "strict": True}


def test_it_shows_what_was_sent_and_received(screen: Screen) -> None:
    samples.client(ANSWER).responses.create(model="gpt-5.4-mini", input="It's a test.", temperature=0.2)
    show_wire()
    shown = words(screen.html)
    assert "POST https://your-resource-name.openai.azure.com/openai/v1/responses → 200" in shown
    assert '"temperature": 0.2' in shown
    assert '"text": "Hi"' in shown
    assert "recorded from the simulator" in shown
    assert "x-request-id" in shown
    assert screen.html.count("<details") == 6
    assert "<details open" not in screen.html


def test_secrets_are_masked(screen: Screen) -> None:
    tool = {"type": "mcp", "server_label": "fleet", "server_url": "https://fleet.example/mcp", "authorization": "tok3n"}
    client = samples.client(ANSWER).with_options(default_headers={"api-key": "another-secret"})
    client.responses.create(model="gpt-5.4-mini", input="Hi", tools=[tool])  # type: ignore[list-item]
    show_wire()
    for secret in ("secret-key", "another-secret", "tok3n"):
        assert secret not in screen.html
        assert secret not in screen.text
    assert "Bearer ****" in screen.html


def test_a_stream_is_shown_as_its_events(screen: Screen) -> None:
    stream = samples.client(samples.text_events("One two three")).responses.create(model="m", input="x", stream=True)
    assert len(list(stream)) == 11
    show_wire()
    assert "response, a stream of 11 events" in screen.html
    assert "response.output_text.delta" in screen.html


def test_long_strings_are_cut_and_counted(screen: Screen) -> None:
    picture = "data:image/png;base64," + "A" * 300_000
    content: Any = [{"role": "user", "content": [{"type": "input_image", "image_url": picture, "detail": "auto"}]}]
    samples.client(ANSWER).responses.create(model="gpt-5.4-mini", input=content)
    show_wire()
    assert "(300,022 characters)" in screen.html
    assert "-d @request.json" in screen.html
    assert len(screen.html) < 20_000


def test_several_exchanges_oldest_first_and_none_says_so(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    client = samples.client(ANSWER)
    client.responses.create(model="first", input="x")
    client.responses.create(model="second", input="x")
    show_wire(2)
    assert screen.text.index('"first"') < screen.text.index('"second"')
    with pytest.raises(LookupError, match="run a cell that calls the service"):
        wire.build([])
    with pytest.raises(TypeError, match="not a str"):
        show_wire("resp_1")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="0 is less than 1"):
        show_wire(0)


def test_a_broken_connection_is_said(screen: Screen) -> None:
    stream = samples.client(
        samples.text_events("One two")[:5], breaks=httpx2.ReadError("peer closed")
    ).responses.create(model="m", input="x", stream=True)
    with pytest.raises(Exception, match="Connection error"):
        list(stream)
    show_wire()
    assert "the connection broke: ReadError: peer closed" in screen.text


CALLS = {
    "responses.create": lambda c: c.responses.create(
        model="gpt-5.4-mini", input='It\'s "5 $HOME"', tools=[TOOL], temperature=0.2, stream=False
    ),
    "responses.create (stream)": lambda c: c.responses.create(model="gpt-5.4-mini", input="x" * 90, stream=True),
    "responses.retrieve": lambda c: c.responses.retrieve("resp_1", include=["message.output_text.logprobs"]),
    "responses.delete": lambda c: c.responses.delete("resp_1"),
    "responses.cancel": lambda c: c.responses.cancel("resp_1"),
    "responses.input_items.list": lambda c: c.responses.input_items.list("resp_1", limit=2, order="asc"),
    "responses.input_tokens.count": lambda c: c.responses.input_tokens.count(model="gpt-5.4-mini", input="x"),
    "responses.compact": lambda c: c.responses.compact(model="gpt-5.4-mini", input="x"),
    "files.list": lambda c: c.files.list(),
    "files.retrieve": lambda c: c.files.retrieve("assistant-1"),
    "containers.create": lambda c: c.containers.create(name="lab"),
    "containers.files.retrieve": lambda c: c.containers.files.retrieve("cfile_1", container_id="cntr_1"),
    "conversations.items.list": lambda c: c.conversations.items.list("conv_1"),
    "conversations.items.retrieve": lambda c: c.conversations.items.retrieve("msg_1", conversation_id="conv_1"),
}


def test_an_upload_can_be_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    service = samples.Service({"id": "assistant-1", "object": "file"})
    kept: Any = {"anchor": "created_at", "seconds": 3600}
    trips = ("trips.csv", b"station,bikes\n", "text/csv")
    _client(service).files.create(file=trips, purpose="user_data", expires_after=kept)
    exchange = exchanges.last()[0]
    command = shlex.split(calls.curl(exchange).replace("\\\n", " "))
    assert command[command.index("-F") :] == [
        *("-F", "purpose=user_data", "-F", "expires_after[anchor]=created_at"),
        *("-F", "expires_after[seconds]=3600", "-F", "file=@trips.csv"),
    ]
    (tmp_path / "trips.csv").write_bytes(trips[1])
    monkeypatch.chdir(tmp_path)
    _run(calls.python(exchange), service, monkeypatch)
    first, again = (_fields(request) for request in service.requests)
    assert first == again
    assert len(first) == 4
    _client(service).containers.files.create("cntr_1", file=('../x"\r\n.csv', b"x"))
    assert "-F file=@YOUR-FILE" in calls.curl(exchanges.last()[0])
    assert "purpose" not in calls.python(exchanges.last()[0])


@pytest.mark.parametrize("name", CALLS)
def test_the_python_code_makes_the_same_request(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    service = samples.Service(samples.text_events("Hi") if "stream" in name else ANSWER)
    CALLS[name](_client(service))
    code = calls.python(exchanges.last()[0])
    assert max(map(len, code.splitlines())) <= 110
    _run(code, service, monkeypatch)
    first, again = service.requests
    assert (again.method, again.url) == (first.method, first.url)
    assert _json(again) == _json(first)


@pytest.mark.parametrize("name", CALLS)
def test_the_curl_command_makes_the_same_request(name: str) -> None:
    service = samples.Service(samples.text_events("Hi") if "stream" in name else ANSWER)
    CALLS[name](_client(service))
    sent = service.requests[0]
    command = shlex.split(calls.curl(exchanges.last()[0]).replace("\\\n", " "))
    assert command[0] == "curl"
    method = command[command.index("-X") + 1] if "-X" in command else ("POST" if "-d" in command else "GET")
    assert method == sent.method
    url = next(part for part in command if part.startswith("${AZURE_OPENAI_ENDPOINT%/}"))
    assert url.endswith(sent.url.raw_path.decode())
    assert "Authorization: Bearer $AZURE_OPENAI_API_KEY" in command
    if _json(sent) is not None:
        assert json.loads(command[command.index("-d") + 1]) == _json(sent)


def test_diff_wire_shows_the_change_and_its_effect(screen: Screen) -> None:
    longer = samples.response(
        samples.said("Longer."), id="resp_2", created_at=1, usage={**samples.USAGE, "output_tokens": 99}
    )
    client = samples.client(ANSWER, longer)
    a = client.responses.create(model="m", input="Hi", reasoning={"effort": "low"})
    b = client.responses.create(model="m", input="Hi", reasoning={"effort": "high"}, top_p=0.5)
    diff_wire(a, b)
    lines = [" ".join(line.split()) for line in screen.text.splitlines()]
    assert 'reasoning.effort "low" "high"' in lines
    assert "top_p (absent) 0.5" in lines
    assert 'output[0].content[0].text "Hi" "Longer."' in lines
    assert "usage.output_tokens 12 99" in lines
    assert not any(line.startswith(("id ", "created_at")) for line in lines)


def test_diff_wire_of_an_unknown_response_says_what_to_do(screen: Screen) -> None:
    with pytest.raises(LookupError, match="run its cell again"):
        diff_wire("resp_never", "resp_never")


def _run(code: str, service: samples.Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the code as it stands, but that its client speaks to this service."""
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", samples.BASE.removesuffix("openai/v1/"))
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "secret-key")
    speaks: dict[str, Any] = {"OpenAI": lambda **given: _client(service, **given), "print": id}
    exec(code.replace("from openai import OpenAI", ""), speaks)


def _fields(request: httpx2.Request) -> list[tuple[bytes, bytes]]:
    """The parts of a form: what names it, and its value."""
    parts = request.read().split(request.read().partition(b"\r\n")[0])[1:-1]
    heads = (part.partition(b"\r\n\r\n") for part in parts)
    return [(head.partition(b"Content-Type")[0].strip(), value) for head, _, value in heads]


def _client(service: samples.Service, **given: Any) -> OpenAI:
    from helpers.exchanges import Logged

    http = httpx2.Client(transport=Logged("01_basics", service, samples.RECORDED))
    return OpenAI(**{"base_url": samples.BASE, "api_key": "secret-key", **given}, http_client=http, max_retries=0)


def _json(request: httpx2.Request) -> Any:
    return json.loads(request.read()) if request.read() else None
