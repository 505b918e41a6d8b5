"""Every code block of the guide runs against `python -m simulator`, unchanged but for host, ids and placeholders.

Two of its blocks have a fault that today's documentation mends: an event is no dict, and a URL with & needs quotes.
"""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI

from .conftest import SHARED
from .test_server import ROOT, start, stop

GUIDE = SHARED.parent / "guide.md"
pytestmark = pytest.mark.skipif(not GUIDE.is_file(), reason="the guide lies beside the project, in ../shared")
HOST = "https://YOUR-RESOURCE-NAME.openai.azure.com/openai/v1/"
TOKEN_SCOPE = "https://cognitiveservices.azure.com"
FUNCTION = {"type": "function", "name": "get_weather", "parameters": {"type": "object", "properties": {}}}
PDF = ROOT / "data" / "samples" / "nucleus_sampling.pdf"
IMAGE_URL = "https://www.bikes.example/files/station_map.png"


def blocks(language: str) -> list[tuple[int, str]]:
    """Return (line number, code) of each block of a language."""
    if not GUIDE.is_file():
        return []
    text = GUIDE.read_text(encoding="utf-8")
    found = re.finditer(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [(text[: match.start()].count("\n") + 2, match[1]) for match in found]


PYTHON = blocks("python")
CURL = [(line, code) for line, code in blocks("bash") if code.startswith("curl")]


def test_these_are_all_of_them() -> None:
    assert len(PYTHON) + len(CURL) == 25


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    process, url = start("--no-wait")
    yield url
    assert stop(process) == ""


@pytest.fixture
def client(url: str) -> OpenAI:
    return OpenAI(base_url=url, api_key="a key", max_retries=0)


def token(claims: dict[str, Any]) -> str:
    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': 'none'})}.{part(claims)}.x"


@pytest.fixture
def names(url: str, client: OpenAI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the blocks find: a client, two variables, a login, three files; the folder they run in is empty else."""
    import azure.identity

    class Login:
        def get_token(self, *scopes: str, **_: Any) -> Any:
            expires = int(time.time()) + 600
            return azure.core.credentials.AccessToken(token({"aud": TOKEN_SCOPE, "exp": expires}), expires)

        get_token_info = None  # an older credential: the provider falls back to get_token

    del Login.get_token_info
    monkeypatch.setattr(azure.identity, "DefaultAzureCredential", Login)
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "a key")
    monkeypatch.chdir(tmp_path)
    for name in ("PDF-FILE-NAME.pdf", "nucleus_sampling.pdf"):
        shutil.copy(PDF, tmp_path / name)
    from PIL import Image

    Image.new("RGB", (64, 64), "teal").save(tmp_path / "path_to_your_image.jpg")
    return {"client": client}


def ready(code: str, url: str, client: OpenAI) -> str:
    """Put in the host, ids of things that exist, and what a placeholder stands for; mend the two faults."""
    code = code.replace(HOST, url).replace(HOST.rstrip("/"), url.rstrip("/"))
    code = code.replace("<image_URL>", IMAGE_URL)
    code = code.replace('"<YOUR_FUNCTION_GOES_HERE>"', json.dumps(FUNCTION))
    code = code.replace('event["sequence_number"]', "event.sequence_number")
    code = re.sub(r"curl (http\S+&\S+)", r"curl '\1'", code)
    if "mcpr_" in code:
        asked = client.responses.create(
            model="gpt-4.1",
            tools=[{"type": "mcp", "server_label": "github", "require_approval": "always",
                    "server_url": "https://contoso.com/Azure/azure-rest-api-specs"}],
            input="Search the code for the storage API specification.",
        )  # fmt: skip
        request = next(item for item in asked.output if item.type == "mcp_approval_request")
        return re.sub("mcpr_[0-9a-f]+", request.id, re.sub("resp_[0-9a-f]+", asked.id, code))
    if "resp_" in code:
        made = client.responses.create(
            model="gpt-4o", input="This is a test.", background=True, stream="?stream" in code
        )
        events = list(made) if "?stream" in code else []
        made_id = events[0].response.id if events else made.id
        last = len(events) - 3
        code = re.sub(r"starting_after=\d+", f"starting_after={last}", re.sub("resp_[0-9a-f]+", made_id, code))
    return code


EARLIER = {"while response.status": "response = client.responses.create(model='o3', input='Write', background=True)\n"}


@pytest.mark.parametrize(("line", "code"), PYTHON, ids=[f"line-{line}" for line, _ in PYTHON])
def test_python(line: int, code: str, names: dict[str, Any], url: str, capsys: pytest.CaptureFixture[str]) -> None:
    client = names["client"]
    code = next((before + code for start, before in EARLIER.items() if start in code), code)
    exec(compile(ready(code, url, client), f"guide.md, line {line}", "exec"), names)
    for name in ("response", "second_response", "approval_response"):
        answer = names.get(name)
        if hasattr(answer, "status"):
            assert answer.status in ("completed", "queued", "in_progress")
            assert answer.error is None
    for check in CHECKS.get(line, []):
        check(names, capsys.readouterr().out)


def _final_status(names: dict[str, Any], out: str) -> None:
    assert "Final status: completed" in out


def _cancelled(names: dict[str, Any], out: str) -> None:
    assert out.strip() == "cancelled"


def _counted(names: dict[str, Any], out: str) -> None:
    assert names["cursor"] > 5


def _called(names: dict[str, Any], out: str) -> None:
    assert names["tool_followup"]
    assert "70 degrees" in names["second_response"].output_text


def _solved(names: dict[str, Any], out: str) -> None:
    assert [item.type for item in names["response"].output].count("code_interpreter_call") == 1


def _drawn(names: dict[str, Any], out: str) -> None:
    assert Path("otter.png").read_bytes().startswith(b"\x89PNG")


def _listed(names: dict[str, Any], out: str) -> None:
    assert '"mcp_list_tools"' in names["response"].to_json()


def _approved(names: dict[str, Any], out: str) -> None:
    assert "mcp_call" in [item.type for item in names["approval_response"].output]


CHECKS: dict[int, list[Callable[[dict[str, Any], str], None]]] = {
    171: [_final_status],
    184: [_cancelled],
    191: [_counted],
    222: [_called],
    292: [_solved],
    367: [_drawn],
    429: [_listed],
    464: [_approved],
}


@pytest.mark.parametrize(("line", "code"), CURL, ids=[f"line-{line}" for line, _ in CURL])
@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_curl(line: int, code: str, client: OpenAI, url: str) -> None:
    said = token({"aud": TOKEN_SCOPE, "exp": int(time.time()) + 600})
    command = ready(code, url, client).replace("curl ", "curl -sS --fail-with-body --noproxy '*' ", 1)
    done = subprocess.run(
        ["bash", "-c", command], env={"AZURE_OPENAI_AUTH_TOKEN": said, "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    if "stream=true" in code:
        assert done.stdout.startswith("event: response.")
        assert "event: response.completed" in done.stdout
    else:
        answer = json.loads(done.stdout)
        assert answer["status"] == "completed"
        if "code_interpreter" in code:
            assert "code_interpreter_call" in [item["type"] for item in answer["output"]]
