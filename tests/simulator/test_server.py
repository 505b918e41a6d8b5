"""`python -m simulator`: over real sockets, as curl and other languages meet it."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from openai import OpenAI

from simulator import Service
from simulator.server import App

ROOT = Path(__file__).parents[2]
MODEL = "gpt-5.4-mini"


def start(*arguments: str) -> tuple[subprocess.Popen[str], str]:
    """Start the command; return the process and the base URL that its banner names."""
    process = subprocess.Popen(
        [sys.executable, "-m", "simulator", "--port", "0", *arguments],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    banner = process.stdout.readline()
    assert banner.startswith("Simulator ready at http://127.0.0.1:"), process.communicate()
    return process, banner.split(" at ")[1].strip()


def stop(process: subprocess.Popen[str]) -> str:
    """End it as a terminal would; return what it wrote on standard error."""
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    return errors


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    process, url = start("--no-wait")
    yield url
    assert stop(process) == ""
    assert process.returncode == 0


@pytest.fixture
def http(url: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=url, headers={"api-key": "a key"}, trust_env=False) as client:
        yield client


def test_the_sdk_speaks_to_it_under_azures_path_and_openais(url: str) -> None:
    for base in (url, url.replace("/openai/v1/", "/v1/")):
        client = OpenAI(base_url=base, api_key="a key")
        made = client.responses.create(model=MODEL, input="Hi")
        assert client.responses.retrieve(made.id).output_text == made.output_text


def test_an_api_version_in_the_query_is_ignored(http: httpx2.Client) -> None:
    answer = http.post("responses?api-version=preview", json={"model": MODEL, "input": "Hi"})
    assert answer.status_code == 200


def test_streams_come_as_events_while_they_happen(url: str, check: Any) -> None:
    stream = OpenAI(base_url=url, api_key="a key").responses.create(model=MODEL, input="Hi", stream=True)
    check.stream([event.to_dict() for event in stream])


def test_whoever_hangs_up_cancels_the_response() -> None:
    process, url = start()  # in real time: no event comes early
    client = OpenAI(base_url=url, api_key="a key")
    stream = client.responses.create(model=MODEL, input="Hi", stream=True)
    first = next(iter(stream))
    assert first.type == "response.created"
    stream.close()
    for _ in range(200):
        if (status := client.responses.retrieve(first.response.id).status) != "in_progress":
            break
    assert status == "cancelled"
    assert stop(process) == ""


def test_a_cut_line_is_cut(http: httpx2.Client) -> None:
    request = {"model": MODEL, "input": "Hi", "stream": True}
    with pytest.raises(httpx2.RemoteProtocolError):
        http.post("responses", json=request, headers={"x-simulate": "stream_cut"})


@pytest.mark.parametrize("headers", [{"origin": "https://example.com"}, {"host": "example.com"}])
def test_web_pages_and_foreign_names_are_refused(http: httpx2.Client, headers: dict[str, str]) -> None:
    answer = http.post("responses", json={"model": MODEL, "input": "Hi"}, headers=headers)
    assert answer.status_code == 403
    assert "example.com" in answer.json()["error"]["message"]


def test_the_name_of_this_machine_may_be_written_in_any_case(http: httpx2.Client) -> None:
    answer = http.post("responses", json={"model": MODEL, "input": "Hi"}, headers={"host": "LocalHost:8000"})
    assert answer.status_code == 200


def test_a_web_page_that_was_allowed_may_call() -> None:
    process, url = start("--no-wait", "--allow-origin", "http://localhost:5173")
    headers = {"origin": "http://localhost:5173", "api-key": "a key"}
    preflight = httpx2.options(f"{url}responses", headers={**headers, "access-control-request-headers": "api-key"})
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-headers"] == "api-key"
    answer = httpx2.post(f"{url}responses", json={"model": MODEL, "input": "Hi"}, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "http://localhost:5173"
    assert stop(process) == ""


def test_a_body_without_end_is_not_read_to_its_end(http: httpx2.Client) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(128):
            yield b"x" * 1024 * 1024

    with contextlib.suppress(httpx2.TransportError):  # the server may hang up before we are done sending
        assert http.post("responses", content=endless()).status_code == 413


def test_a_taken_port_is_said_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "simulator", "--port", port], cwd=ROOT, capture_output=True, text=True, timeout=60,
            check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == f"Port {port} is in use. Choose another with --port, or --port 0 for any that is free.\n"


def test_it_listens_on_loopback_only(url: str) -> None:
    port = int(url.split(":")[2].split("/")[0])
    with pytest.raises(OSError):  # noqa: PT011 — a server on every address would also answer on this one
        socket.create_connection(("127.0.0.2", port), timeout=5)


def test_a_script_speaks(tmp_path: Path) -> None:
    script = tmp_path / "a script.yaml"
    script.write_text("- when: {input: Hi}\n  say: Hello from the script.\n", encoding="utf-8")
    process, url = start("--no-wait", "--script", str(script), "--log")
    client = OpenAI(base_url=url, api_key="a secret key")
    assert client.responses.create(model=MODEL, input="Hi").output_text == "Hello from the script."
    log = stop(process)
    assert "POST /openai/v1/responses 200" in log
    assert "secret" not in log


def test_a_broken_script_names_the_file_and_the_turn(tmp_path: Path) -> None:
    script = tmp_path / "broken.yaml"
    script.write_text("- when: {inputs: Hi}\n  say: Hello\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "simulator", "--port", "0", "--script", str(script)], cwd=ROOT, capture_output=True,
        text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "broken.yaml, turn 1: unknown condition ['inputs']" in done.stderr


def test_a_folder_of_scripts_speaks_in_the_order_of_their_names(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("no script")
    (tmp_path / "02_second.yaml").write_text("- when: {input: Hi}\n  say: B\n- when: {input: Ho}\n  say: C\n")
    (tmp_path / "01_first.yaml").write_text("- when: {input: Hi}\n  say: A\n")
    process, url = start("--no-wait", "--script", str(tmp_path))
    client = OpenAI(base_url=url, api_key="a key")
    assert [client.responses.create(model=MODEL, input=prompt).output_text for prompt in ("Hi", "Ho")] == ["A", "C"]
    assert stop(process) == ""


@pytest.mark.parametrize(
    ("name", "script", "words"),
    [
        ("02_broken.yaml", "- when: {input: 5}\n  say: Hi\n", "02_broken.yaml, turn 1: `input` takes text, not"),
        ("notes.txt", "", "There is no script in {folder}: the name of a script ends in .yaml."),
    ],
)  # fmt: skip
def test_a_folder_whose_scripts_are_none(name: str, script: str, words: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(script)
    done = subprocess.run(
        [sys.executable, "-m", "simulator", "--port", "0", "--script", str(tmp_path)], cwd=ROOT, capture_output=True,
        text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith(words.format(folder=tmp_path))


def test_the_lessons_scripts_speak_together() -> None:
    process, url = start("--no-wait", "--script", "data/scripts")
    client = OpenAI(base_url=url, api_key="a key")
    answer = client.responses.create(model=MODEL, input="This is a test.")
    assert answer.output_text == "Your test came through. What would you like to try next?"
    assert stop(process) == ""


def test_the_glass_box_tells_who_asks_over_http_how_to_hear_a_model(url: str, client: OpenAI) -> None:
    """Whoever sends a request by curl has no LAB_MODE to set; whoever reads a lesson has."""
    over_http = OpenAI(base_url=url, api_key="a key").responses.create(model=MODEL, input="Hi").output_text
    in_a_lesson = client.responses.create(model=MODEL, input="Hi").output_text
    assert over_http.rpartition("\n\n")[2] == (
        "To hear a real one: send the same request to your Azure resource; or start the simulator with "
        "`--script data/scripts`, and it says what the lessons' model says."
    )
    assert "LAB_MODE=live" in in_a_lesson
    assert over_http.rpartition("\n\n")[0] == in_a_lesson.rpartition("\n\n")[0]


def test_a_script_that_is_not_utf_8_says_so(tmp_path: Path) -> None:
    script = tmp_path / "latin.yaml"
    script.write_text("- when: {input: Hi}\n  say: Grüße\n", encoding="latin-1")
    done = subprocess.run(
        [sys.executable, "-m", "simulator", "--port", "0", "--script", str(script)], cwd=ROOT, capture_output=True,
        text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == "latin.yaml is not text in UTF-8: save it as such.\n"


def test_the_wrong_key_is_a_401() -> None:
    process, url = start("--key", "right")
    for key, status in (("right", 404), ("wrong", 401)):
        assert httpx2.get(f"{url}responses/resp_x", headers={"api-key": key}).status_code == status
    assert stop(process) == ""


def test_curl_speaks_to_it(url: str) -> None:
    import shutil

    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    body = json.dumps({"model": MODEL, "input": "This is a test."})
    headers = ["-H", "Content-Type: application/json", "-H", "Authorization: Bearer token"]
    done = subprocess.run(["curl", "-sS", f"{url}responses", *headers, "-d", body], capture_output=True, check=True)
    assert json.loads(done.stdout)["status"] == "completed"


async def test_a_fault_of_its_own_has_the_shape_of_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: Any) -> None:
        raise KeyError("nobody foresaw this")

    service = Service()
    monkeypatch.setattr(service, "handle", broken)
    door = httpx2.ASGITransport(app=App(service))
    async with httpx2.AsyncClient(transport=door, base_url="http://localhost") as http:
        reply = await http.get("/openai/v1/models")
    assert reply.status_code == 500
    assert reply.json()["error"]["type"] == "server_error"
    assert set(reply.json()["error"]) == {"message", "type", "param", "code"}
