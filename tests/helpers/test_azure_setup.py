"""Live mode, against a loopback server that stands for Azure: URL, headers, key and Entra ID token."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import azure.identity
import azure.identity.aio
import openai
import pytest
from azure.core.credentials import AccessToken

from helpers import connect, connect_async, deployment, show_setup
from helpers.azure import AzureSetupError, base_url
from helpers.exchanges import exchanges

MODEL = "gpt-5.4-mini"
ANSWER = {
    "id": "resp_0123456789abcdef01234567",
    "object": "response",
    "status": "completed",
    "model": MODEL,
    "output": [],
}
EVENTS = [
    {"type": f"response.{state}", "sequence_number": n, "response": ANSWER}
    for n, state in enumerate(["created", "completed"])
]


@dataclass
class Azure:
    """What the server was asked: path, headers (names in lower case) and body of each request."""

    url: str = ""
    requests: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)


@pytest.fixture
def resource(monkeypatch: pytest.MonkeyPatch) -> Iterator[Azure]:
    asked = Azure()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            asked.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            stream = body.get("stream")
            events = "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in EVENTS)
            answer = events.encode() if stream else json.dumps(ANSWER).encode()
            self.send_response(200)
            self.send_header("content-type", "text/event-stream" if stream else "application/json")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    asked.url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", asked.url)
    monkeypatch.setenv("LAB_MODE", "live")
    yield asked
    server.shutdown()
    server.server_close()


class Credential:
    """Stands for DefaultAzureCredential; each of its tokens is used up at once."""

    scopes: tuple[str, ...] = ()
    tokens = 0

    def get_token(self, *scopes: str, **more: object) -> AccessToken:
        Credential.scopes, Credential.tokens = scopes, Credential.tokens + 1
        return AccessToken(f"token-{Credential.tokens}", int(time.time()))


class AsyncCredential:
    async def get_token(self, *scopes: str, **more: object) -> AccessToken:
        return Credential().get_token(*scopes)


@pytest.fixture
def signed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """As after `az login`: no key, and a credential."""
    monkeypatch.setattr(azure.identity, "DefaultAzureCredential", Credential)
    monkeypatch.setattr(azure.identity.aio, "DefaultAzureCredential", AsyncCredential)
    monkeypatch.setattr(Credential, "tokens", 0)
    monkeypatch.setattr(Credential, "scopes", ())


def test_two_variables_are_enough(
    resource: Azure, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "the-key")
    response = connect("01_basics").responses.create(model=deployment(MODEL), input="Say hello.")
    assert response.id == ANSWER["id"]
    (path, headers, body) = resource.requests[0]
    assert path == "/openai/v1/responses"
    assert headers["authorization"] == "Bearer the-key"
    assert headers["host"] == resource.url.removeprefix("http://")
    assert body == {"model": MODEL, "input": "Say hello."}
    assert capsys.readouterr().out == "Answers: live from your Azure resource, signed in with an API key.\n"


async def test_and_for_an_asynchronous_client(resource: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "the-key")
    async with connect_async("01_basics") as client:
        assert (await client.responses.create(model=MODEL, input="Say hello.")).id == ANSWER["id"]
    assert resource.requests[0][1]["authorization"] == "Bearer the-key"


@pytest.mark.parametrize("pasted", ["a-key\n", " a-key ", "'a-key'", '"a-key"'])
def test_a_key_is_taken_as_people_paste_it(resource: Azure, monkeypatch: pytest.MonkeyPatch, pasted: str) -> None:
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", pasted)
    connect("01_basics").responses.create(model=MODEL, input="Hi")
    assert resource.requests[0][1]["authorization"] == "Bearer a-key"


@pytest.mark.parametrize("pasted", ["a-\nkey", "a key", "a-këy", "“a-key”", "a-key\u200b"])
def test_a_key_that_cannot_be_one_is_refused_and_not_shown(
    resource: Azure, monkeypatch: pytest.MonkeyPatch, pasted: str
) -> None:
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", pasted)
    for either in (connect, connect_async):
        with pytest.raises(AzureSetupError, match=r"AZURE_OPENAI_API_KEY .*Keys and Endpoint") as refused:
            either("01_basics")
        assert pasted not in str(refused.value)


def test_without_a_key_every_request_gets_a_fresh_token(
    resource: Azure, signed_in: None, capsys: pytest.CaptureFixture[str]
) -> None:
    client = connect("01_basics")
    assert "with Entra ID (az login), as AZURE_OPENAI_API_KEY is not set." in capsys.readouterr().out
    for _ in range(3):
        client.responses.create(model=MODEL, input="Say hello.")
    tokens = [headers["authorization"] for _, headers, _ in resource.requests]
    assert tokens == ["Bearer token-1", "Bearer token-2", "Bearer token-3"]
    assert Credential.scopes == ("https://ai.azure.com/.default",)


async def test_and_so_does_an_asynchronous_client(resource: Azure, signed_in: None) -> None:
    async with connect_async("01_basics") as client:
        for _ in range(3):
            await client.responses.create(model=MODEL, input="Say hello.")
    tokens = [headers["authorization"] for _, headers, _ in resource.requests]
    assert tokens == ["Bearer token-1", "Bearer token-2", "Bearer token-3"]


def test_the_scope_is_a_setting(resource: Azure, signed_in: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_OPENAI_SCOPE", "https://cognitiveservices.azure.com/.default")
    connect("01_basics").responses.create(model=MODEL, input="Say hello.")
    assert Credential.scopes == ("https://cognitiveservices.azure.com/.default",)


def test_a_stream_arrives_and_is_logged_with_its_key_masked(resource: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "the-key")
    events = connect("01_basics").responses.create(model=MODEL, input="Say hello.", stream=True)
    assert [event.type for event in events] == ["response.created", "response.completed"]
    exchange = exchanges.of(events)
    assert exchange is not None
    assert exchange.source.words() == "live"
    assert exchange.request_headers["authorization"] == "Bearer ****"
    assert b"the-key" not in repr(exchange).encode()


def test_a_deployment_is_the_reader_s_own_in_live_mode(resource: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "the-key")
    connect("01_basics")
    assert deployment("gpt-5.4-mini") == "gpt-5.4-mini"
    monkeypatch.setenv("AZURE_OPENAI_DEPLOYMENT", "chat")
    assert deployment("gpt-5.4-mini") == "chat"
    assert deployment("gpt-5-mini") == "gpt-5-mini"  # what lessons compare with is another deployment
    monkeypatch.setenv("AZURE_OPENAI_DEPLOYMENT_GPT_5_4_MINI", "my-mini")
    monkeypatch.setenv("AZURE_OPENAI_DEPLOYMENT_GPT_5_MINI", "older")
    assert (deployment("gpt-5.4-mini"), deployment("gpt-5-mini")) == ("my-mini", "older")


async def test_cells_that_name_the_model_reach_the_deployment_too(
    resource: Azure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "the-key")
    monkeypatch.setenv("AZURE_OPENAI_DEPLOYMENT", "chat")
    client = connect("01_basics")
    deployment(MODEL)  # as the set-up of every lesson does
    client.responses.create(model=MODEL, input="ü")
    async with connect_async("01_basics") as patient:
        await patient.responses.create(model=MODEL, input="Hi")
    client.responses.create(model="no-such-deployment", input="Hi")
    assert [body["model"] for _, _, body in resource.requests] == ["chat", "chat", "no-such-deployment"]
    assert resource.requests[0][2]["input"] == "ü"
    assert b'"model": "chat"' in exchanges[-3].request_body


def test_the_set_up_that_is_printed_runs_against_the_resource(
    resource: Azure, signed_in: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for key, authorization in (("the-key", "Bearer the-key"), ("", "Bearer token-1")):
        monkeypatch.setenv("AZURE_OPENAI_API_KEY", key)
        connect("01_basics")
        capsys.readouterr()
        show_setup()
        made: dict[str, Any] = {}
        code = capsys.readouterr().out
        assert "helpers" not in code
        exec(code, made)
        made["client"].responses.create(model=MODEL, input="Say hello.")
        path, headers, _ = resource.requests[-1]
        assert (path, headers["authorization"]) == ("/openai/v1/responses", authorization)


def test_without_an_endpoint_the_error_says_what_to_set_and_how() -> None:
    with pytest.raises(AzureSetupError) as missing:
        connect("01_basics", mode="live")
    said = str(missing.value)
    for command in (
        "export AZURE_OPENAI_ENDPOINT=https://YOUR-RESOURCE-NAME.openai.azure.com",
        '$env:AZURE_OPENAI_ENDPOINT = "https://YOUR-RESOURCE-NAME.openai.azure.com"',
        "%env AZURE_OPENAI_ENDPOINT=https://YOUR-RESOURCE-NAME.openai.azure.com",
        "az login",
        "LAB_MODE=offline",
    ):
        assert command in said


def test_a_failed_connection_is_the_sdk_s_own_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "the-key")
    client = connect("01_basics", mode="live").with_options(max_retries=0)
    with pytest.raises(openai.APIConnectionError) as failed:
        client.responses.create(model=MODEL, input="Say hello.")
    exchange = exchanges.of(failed.value)
    assert exchange is not None
    assert str(exchange.error).startswith("ConnectError")


V1 = "https://r.openai.azure.com/openai/v1/"
FOUNDRY = "https://r.services.ai.azure.com"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://r.openai.azure.com", V1),
        ("https://r.openai.azure.com/", V1),
        ("https://R.openai.azure.com///", V1),
        ("r.openai.azure.com", V1),
        ("https://r.openai.azure.com/openai", V1),
        ("https://r.openai.azure.com/openai/v1", V1),
        ("https://r.openai.azure.com/openai/v1/", V1),
        ("https://r.openai.azure.com/openai/v1/responses", V1),
        ("https://r.openai.azure.com/openai/v1/responses?api-version=preview", V1),
        (f"{FOUNDRY}/", f"{FOUNDRY}/openai/v1/"),
        (f"{FOUNDRY}/api/projects/p", f"{FOUNDRY}/api/projects/p/openai/v1/"),
        (f"{FOUNDRY}/api/projects/p/openai/v1", f"{FOUNDRY}/api/projects/p/openai/v1/"),
        ("https://r.cognitiveservices.azure.com/", "https://r.cognitiveservices.azure.com/openai/v1/"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/openai/v1/"),
        ("http://[::1]:8000/", "http://[::1]:8000/openai/v1/"),
    ],
)
def test_an_endpoint_is_taken_as_people_paste_it(address: str, expected: str) -> None:
    assert base_url(address) == expected
    assert base_url(expected) == expected


@pytest.mark.parametrize(
    "address",
    [
        "my-resource",
        "http://r.openai.azure.com",
        "ftp://r.openai.azure.com",
        "https://",
        "https://YOUR-RESOURCE-NAME.openai.azure.com",
        "https://r.openai.azure.com:port",
        "https://[r.openai.azure.com",
        "https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-02-01",
        "https://portal.azure.com/#view/resource",
        "<endpoint>",
    ],
)
def test_nonsense_is_refused_with_an_example(address: str) -> None:
    with pytest.raises(
        AzureSetupError, match=r"which cannot be right: .*https://YOUR-RESOURCE-NAME\.openai\.azure\.com"
    ):
        base_url(address)
