"""What `show_wire` gives to copy runs: curl in a shell, and Python in an empty folder, against a served simulator."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from openai import OpenAI

from helpers.display import calls
from helpers.exchanges import Exchange, Logged, exchanges
from tests.display.samples import BASE, RECORDED

MODEL = "gpt-5.4-mini"
TOOL: Any = {
    "type": "function",
    "name": "get_weather",
    "description": 'It\'s the weather: "now", in $ or `€`.\nTwo lines.',
    "parameters": {"type": "object", "properties": {"city": {"type": ["string", "null"]}}, "required": ["city"]},
    "strict": False,
}


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    """The address of a simulator, as AZURE_OPENAI_ENDPOINT has it."""
    command = [sys.executable, "-u", "-m", "simulator", "--port", "0", "--no-wait", "--key", "the key"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        said = re.search(r"http://127\.0\.0\.1:\d+", server.stdout.readline())
        assert said is not None
        yield said[0]
    finally:
        server.terminate()
        server.wait(10)


class To(httpx2.BaseTransport):
    """Sends what is meant for Azure to this address."""

    def __init__(self, address: str) -> None:
        self.address, self.inner = httpx2.URL(address), httpx2.HTTPTransport()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.url = request.url.copy_with(scheme="http", host=self.address.host, port=self.address.port)
        request.headers["host"] = self.address.netloc.decode()
        return self.inner.handle_request(request)


@pytest.fixture(scope="module")
def client(served: str) -> OpenAI:
    http = httpx2.Client(transport=Logged("01_basics", To(served), RECORDED))
    return OpenAI(base_url=BASE, api_key="the key", http_client=http, max_retries=0)


@pytest.fixture(scope="module")
def kept(client: OpenAI) -> str:
    return client.responses.create(model=MODEL, input="Keep this.").id


CALLS: dict[str, Callable[[OpenAI, str], object]] = {
    "create": lambda c, kept: c.responses.create(model=MODEL, input='It\'s "5 $HOME" `x` \\ \n %s ü 🚲', tools=[TOOL]),
    "chain": lambda c, kept: c.responses.create(model=MODEL, input="x" * 300, previous_response_id=kept),
    "stream": lambda c, kept: list(c.responses.create(model=MODEL, input="Stream this.", stream=True)),
    "retrieve": lambda c, kept: c.responses.retrieve(kept, include=["message.output_text.logprobs"]),
    "input items": lambda c, kept: c.responses.input_items.list(kept, limit=2, order="asc"),
    "count": lambda c, kept: c.responses.input_tokens.count(model=MODEL, input="How long is this?"),
    "background": lambda c, kept: c.responses.create(model=MODEL, input="Later.", background=True),
}


def sent(call: str, client: OpenAI, kept: str) -> Exchange:
    CALLS[call](client, kept)
    exchange = exchanges.last()[0]
    assert exchange.status == 200
    assert exchange.url.startswith("https://your-resource-name.openai.azure.com/openai/v1/")
    return exchange


def answer(text: str) -> Any:
    """What was answered without what is new each time; of a stream, the types of its events."""
    if "data: " in text:
        return re.findall(r'"type": ?"(response\.\w+)"', text)[-1]
    body = json.loads(text)
    return {key: body.get(key) for key in ("object", "status", "model", "input_tokens", "first_id", "background")}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl on this machine")
def test_curl_runs_and_gets_the_same_answer(call: str, client: OpenAI, kept: str, served: str, tmp_path: Path) -> None:
    exchange = sent(call, client, kept)
    env = {**os.environ, "AZURE_OPENAI_ENDPOINT": served + "/", "AZURE_OPENAI_API_KEY": "the key"}
    command = calls.curl(exchange).replace("curl ", "curl --silent --show-error --fail-with-body ", 1)
    run = subprocess.run(["sh", "-c", command], env=env, capture_output=True, text=True, cwd=tmp_path, timeout=30)
    assert run.returncode == 0, run.stderr + run.stdout
    assert answer(run.stdout) == answer(bytes(exchange.response_body).decode())


@pytest.mark.parametrize("call", CALLS)
def test_python_runs_in_an_empty_folder(call: str, client: OpenAI, kept: str, served: str, tmp_path: Path) -> None:
    exchange = sent(call, client, kept)
    code = calls.python(exchange)
    assert "helpers" not in code
    env = {**os.environ, "AZURE_OPENAI_ENDPOINT": served, "AZURE_OPENAI_API_KEY": "the key", "PYTHONUTF8": "1"}
    run = subprocess.run(
        [sys.executable, "-I", "-c", code], env=env, capture_output=True, text=True, cwd=tmp_path, timeout=60
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() != "" or call == "background"
    if call == "stream":
        assert run.stdout.splitlines()[-1] == "response.completed"
