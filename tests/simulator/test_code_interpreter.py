"""code_interpreter: Python really runs, its state and files stay in a container, and what it made can be fetched."""

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

MODEL = "gpt-5.4-mini"
URL = "https://lab.openai.azure.com/openai/v1/"
AUTO = {"type": "code_interpreter", "container": {"type": "auto"}}
OUTPUTS = ["code_interpreter_call.outputs"]
SCRIPT = """
- when: {input: Count.}
  say: [{code: "n = 41\\nn + 1"}, {text: "It is {{ code_interpreter_call }}."}]
- when: {input: And now?}
  say: [{code: "n = n + 1\\nprint(n)"}, {text: Counted.}]
- when: {input: Draw.}
  say:
    - code: |
        import matplotlib.pyplot as plt
        plt.plot([1, 4, 9])
        open("/mnt/data/squares.csv", "w").write("x\\n1\\n4\\n9\\n")
    - text: "Here is the chart, and [the numbers](sandbox:/mnt/data/squares.csv)."
- when: {input: Sum up the file.}
  say:
    - code: |
        from pathlib import Path
        [path] = Path("/mnt/data").glob("*-bikes.csv")
        print(sum(int(line.split(",")[1]) for line in path.read_text().splitlines()[1:]))
    - text: "{{ code_interpreter_call }} bikes."
- when: {input: Fail.}
  say: [{code: "1 / 0"}, {text: It failed.}]
"""


@pytest.fixture
def model(scripted: Callable[[str], OpenAI]) -> OpenAI:
    return scripted(SCRIPT)


def ask(client: OpenAI, prompt: str, tool: Any = AUTO, **more: Any) -> Any:
    return client.responses.create(model=MODEL, tools=[tool], input=prompt, **more)


def call_of(response: Any) -> Any:
    return next(item for item in response.output if item.type == "code_interpreter_call")


def test_code_runs_and_the_answer_quotes_what_it_printed(model: OpenAI, check: Any) -> None:
    response = ask(model, "Count.", include=OUTPUTS)
    check.response(response.to_dict())
    call = call_of(response).to_dict()
    assert set(call) == {"id", "type", "status", "code", "container_id", "outputs"}
    assert call["outputs"] == [{"type": "logs", "logs": "42\n"}]
    assert response.output_text == "It is 42."


def test_outputs_are_shown_to_whoever_includes_them_only(model: OpenAI) -> None:
    assert call_of(ask(model, "Count.")).outputs is None
    failed = call_of(ask(model, "Fail.", include=OUTPUTS))
    assert "ZeroDivisionError" in failed.outputs[0].logs


@pytest.mark.parametrize("included", [[], OUTPUTS])
def test_events_come_in_the_order_of_recordings(model: OpenAI, check: Any, included: list[str]) -> None:
    events = [event.to_dict() for event in ask(model, "Draw.", stream=True, include=included)]
    check.stream(events)
    named = [
        event["type"].removeprefix("response.code_interpreter_call") for event in events if "code_int" in event["type"]
    ]
    assert list(dict.fromkeys(named)) == [".in_progress", "_code.delta", "_code.done", ".interpreting", ".completed"]
    code = "".join(event["delta"] for event in events if event["type"].endswith("_code.delta"))
    [done] = [event["code"] for event in events if event["type"].endswith("_code.done")]
    assert code == done
    opened = next(event["item"] for event in events if event["type"] == "response.output_item.added")
    assert opened["outputs"] == ([] if included else None)


def test_variables_stay_from_turn_to_turn(model: OpenAI) -> None:
    first = ask(model, "Count.")
    second = ask(model, "And now?", previous_response_id=first.id, include=OUTPUTS)
    assert call_of(second).container_id == call_of(first).container_id
    assert call_of(second).outputs[0].logs == "42\n"


def test_a_container_of_one_s_own_keeps_them_without_a_chain(model: OpenAI) -> None:
    container = model.containers.create(name="mine").id
    tool = {"type": "code_interpreter", "container": container}
    ask(model, "Count.", tool)
    assert call_of(ask(model, "And now?", tool, include=OUTPUTS)).outputs[0].logs == "42\n"
    other = ask(model, "And now?", include=OUTPUTS)  # a new one knows nothing of n
    assert "NameError" in call_of(other).outputs[0].logs


def test_files_go_in_by_id(model: OpenAI) -> None:
    file = model.files.create(file=("bikes.csv", b"station,bikes\nHarbour,3\nMill,7\n"), purpose="assistants")
    tool = {"type": "code_interpreter", "container": {"type": "auto", "file_ids": [file.id]}}
    response = ask(model, "Sum up the file.", tool)
    assert response.output_text == "10 bikes."
    [listed] = model.containers.files.list(call_of(response).container_id)
    assert listed.path == f"/mnt/data/{file.id}-bikes.csv"
    assert listed.source == "user"


def test_files_of_the_input_are_in_the_container_too(model: OpenAI) -> None:
    uploaded = model.files.create(file=("bikes.csv", b"station,bikes\nMill,12\n"), purpose="assistants")
    data = "data:text/csv;base64," + base64.b64encode(b"minutes\n7\n").decode()
    question: dict[str, Any] = {
        "role": "user",
        "content": [
            {"type": "input_file", "file_id": uploaded.id},
            {"type": "input_file", "filename": "more.csv", "file_data": data},
            {"type": "input_text", "text": "Sum up the file."},
        ],
    }
    tool = {**AUTO, "container": {"type": "auto", "file_ids": [uploaded.id]}}
    response = model.responses.create(model="gpt-5.4-mini", tools=[tool], input=[question])
    assert response.output_text == "12 bikes."
    there = {file.path: file.bytes for file in model.containers.files.list(call_of(response).container_id)}
    assert there.pop(f"/mnt/data/{uploaded.id}-bikes.csv") == 22
    (path,) = there
    assert path.endswith("-more.csv")
    assert there[path] == 10
    again = model.responses.create(
        model="gpt-5.4-mini", tools=[tool], input=[question], previous_response_id=response.id
    )
    assert call_of(again).container_id == call_of(response).container_id


def test_files_come_out_by_citation(model: OpenAI) -> None:
    response = ask(model, "Draw.", include=OUTPUTS)
    picture, table = response.output[-1].content[0].annotations
    assert (picture.start_index, picture.end_index) == (0, 0)
    assert picture.filename == f"{picture.file_id}.png"
    cited = response.output_text[table.start_index : table.end_index]
    assert (cited, table.filename) == ("sandbox:/mnt/data/squares.csv", "squares.csv")
    content = model.containers.files.content.retrieve
    assert content(table.file_id, container_id=table.container_id).read() == b"x\n1\n4\n9\n"
    assert content(picture.file_id, container_id=picture.container_id).read().startswith(b"\x89PNG")
    shown = call_of(response).outputs[-1]
    assert shown.type == "image"
    assert shown.url.startswith("data:image/png;base64,")


def test_containers_and_their_files_are_managed(client: OpenAI) -> None:
    made = client.containers.create(
        name="mine", memory_limit="4g", expires_after={"anchor": "last_active_at", "minutes": 5}
    )
    assert set(made.to_dict()) == {
        *("id", "object", "created_at", "status", "expires_after", "last_active_at", "memory_limit", "name"),
        "network_policy",
    }
    assert client.containers.retrieve(made.id).name == "mine"
    assert [one.id for one in client.containers.list()] == [made.id]
    file = client.containers.files.create(made.id, file=("notes.txt", b"Harbour"))
    assert set(file.to_dict()) == {"id", "object", "created_at", "bytes", "container_id", "path", "source"}
    assert file.path.endswith("-notes.txt")
    assert client.containers.files.retrieve(file.id, container_id=made.id).to_dict() == file.to_dict()
    assert client.containers.files.content.retrieve(file.id, container_id=made.id).read() == b"Harbour"
    client.containers.files.delete(file.id, container_id=made.id)
    assert list(client.containers.files.list(made.id)) == []
    client.containers.delete(made.id)
    with pytest.raises(openai.NotFoundError):
        client.containers.retrieve(made.id)


def test_an_idle_container_expires_and_says_so(model: OpenAI, clock: SteppedClock) -> None:
    container = model.containers.create(name="mine").id
    tool = {"type": "code_interpreter", "container": container}
    for _ in range(2):
        ask(model, "Count.", tool)
        clock.advance(19 * 60)
    ask(model, "Count.", tool)  # used in time, twice
    clock.advance(20 * 60)
    assert model.containers.retrieve(container).status == "expired"
    with pytest.raises(openai.BadRequestError, match="Container is expired"):
        ask(model, "Count.", tool)
    with pytest.raises(openai.BadRequestError, match="Container is expired"):
        model.containers.files.list(container)


def test_the_twenty_minutes_can_be_over_on_request(model: OpenAI) -> None:
    container = model.containers.create(name="mine").id
    tool = {"type": "code_interpreter", "container": container}
    with pytest.raises(openai.BadRequestError, match="Container is expired"):
        ask(model, "Count.", tool, extra_headers={"x-simulate": "container_expired"})
    assert model.containers.retrieve(container).status == "expired"


def test_a_container_lives_an_hour_at_most(model: OpenAI, clock: SteppedClock) -> None:
    container = model.containers.create(name="mine").id
    for _ in range(4):
        clock.advance(14 * 60)
        ask(model, "Count.", {"type": "code_interpreter", "container": container})
    clock.advance(5 * 60)
    assert model.containers.retrieve(container).status == "expired"


def test_after_the_expiry_an_automatic_container_is_a_new_one(model: OpenAI, clock: SteppedClock) -> None:
    first = ask(model, "Count.")
    clock.advance(21 * 60)
    second = ask(model, "And now?", previous_response_id=first.id, include=OUTPUTS)
    assert call_of(second).container_id != call_of(first).container_id
    assert "NameError" in call_of(second).outputs[0].logs


@pytest.mark.parametrize("container", ["cntr_none", {"type": "auto", "file_ids": ["file-none"]}])
def test_what_is_not_there_is_refused_before_anything_is_said(model: OpenAI, container: Any) -> None:
    with pytest.raises(openai.NotFoundError):
        ask(model, "Count.", {"type": "code_interpreter", "container": container})


@pytest.mark.parametrize(
    ("prompt", "printed"),
    [
        ("I need to solve the equation 3x + 11 = 14. Can you help me?", "x = 1"),
        ("What is 17 * (3 + 4)?", "119"),
        ("Run this:\n```python\nprint('as given')\n```", "as given"),
    ],
)
def test_unscripted_prompts_run_too(client: OpenAI, prompt: str, printed: str) -> None:
    response = ask(client, prompt, include=OUTPUTS)
    assert call_of(response).outputs[0].logs.strip() == printed
    assert "No model is here" in response.output_text
    assert printed in response.output_text


def test_a_link_out_of_the_container_leads_nowhere(client: OpenAI, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("of this machine")
    links = f"os.symlink({str(secret)!r}, '/mnt/data/link.txt')\nos.symlink('/', '/mnt/data/root')"
    code = f"```python\nimport os\n{links}\n```"
    response = ask(client, code)
    assert list(client.containers.files.list(call_of(response).container_id)) == []


def test_a_recorded_container_goes_on_here(tmp_path: Path) -> None:
    """Its code runs again once somebody wants what it left: a learner may edit the next cell."""
    from .test_adopted_state import Recording

    script = tmp_path / "script.yaml"
    script.write_text(SCRIPT, encoding="utf-8")
    recording = Recording(Service(script=script, seed="a lesson", clock=SteppedClock()))
    recorder = OpenAI(base_url=URL, api_key="k", http_client=httpx2.Client(transport=recording))
    file = recorder.files.create(file=("bikes.csv", b"station,bikes\nHarbour,3\n"), purpose="assistants")
    tool = {"type": "code_interpreter", "container": {"type": "auto", "file_ids": [file.id]}}
    counted, drawn = ask(recorder, "Count.", tool), None
    drawn = ask(recorder, "Draw.", tool, previous_response_id=counted.id)

    service = Service(script=script, seed="another", clock=SteppedClock())
    for _ in range(2):  # a notebook is run again
        for method, path, asked, status, answer in recording.exchanges:
            service.adopt(method, path, asked, status, answer, {})
    client = OpenAI(base_url=URL, api_key="k", http_client=httpx2.Client(transport=Transport(service)))
    assert client.files.retrieve(file.id).bytes == 24
    again = ask(client, "And now?", tool, previous_response_id=drawn.id, include=OUTPUTS)
    assert call_of(again).container_id == call_of(counted).container_id
    assert call_of(again).outputs[0].logs == "42\n"
    picture, table = drawn.output[-1].content[0].annotations
    content = client.containers.files.content.retrieve
    assert content(table.file_id, container_id=table.container_id).read() == b"x\n1\n4\n9\n"
    assert content(picture.file_id, container_id=picture.container_id).read().startswith(b"\x89PNG")
    assert ask(client, "Sum up the file.", tool, previous_response_id=again.id).output_text == "3 bikes."
