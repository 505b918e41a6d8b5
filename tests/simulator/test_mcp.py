"""The mcp tool against real servers of the official SDK: on 127.0.0.1, and the stand-ins in the process."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from openai import OpenAI

from simulator import Service, mcp_client
from simulator.tools.mcp import needs_approval

from .mcp_server import HOSTILE, Running, serving

MODEL = "gpt-5.4-mini"
ROOT = Path(__file__).parents[2]
ADD = """
- when: {input: Add two and three.}
  say:
    - mcp: {server: calc, name: add, arguments: {a: 2, b: 3}}
    - text: It is {{ add }}.
- when: {input: Add two and three., approved: true}
  say: Approved, and it is {{ add }}.
- when: {input: Add two and three., approved: false}
  say: Then I do not add.
- when: {input: Forget pi.}
  say:
    - mcp: {server: calc, name: forget, arguments: {key: pi}}
    - text: It could not be forgotten.
- when: {input: Sleep.}
  say:
    - mcp: {server: calc, name: sleep, arguments: {}}
    - text: The server was too slow.
"""


@pytest.fixture(scope="module")
def calculator() -> Iterator[Running]:
    with serving() as running:
        yield running


@pytest.fixture
def model(scripted: Callable[[str], OpenAI]) -> OpenAI:
    return scripted(ADD)


def tool(url: str, approval: Any = "never", **members: Any) -> dict[str, Any]:
    return {"type": "mcp", "server_label": "calc", "server_url": url, "require_approval": approval, **members}


def kinds(response: Any) -> list[str]:
    return [item.type for item in response.output if item.type != "reasoning"]


def test_a_server_is_listed_and_called_before_the_model_answers(model: OpenAI, calculator: Running, check: Any) -> None:
    raw = model.responses.with_raw_response.create(
        model=MODEL, tools=[tool(calculator.url)], input="Add two and three."
    )
    body = json.loads(raw.text)
    check.response(body)
    listed, called, _ = body["output"]
    assert kinds(raw.parse()) == ["mcp_list_tools", "mcp_call", "message"]
    assert list(listed) == ["id", "type", "server_label", "tools"]
    assert [one["name"] for one in listed["tools"]] == ["add", "forget", "sleep"]
    assert list(listed["tools"][0]) == ["annotations", "description", "input_schema", "name"]
    assert [one["annotations"] for one in listed["tools"][:2]] == [{"read_only": True}, {"read_only": False}]
    assert called == {
        "id": called["id"],
        "type": "mcp_call",
        "status": "completed",
        "approval_request_id": None,
        "arguments": '{"a":2,"b":3}',
        "error": None,
        "name": "add",
        "output": "5",
        "server_label": "calc",
    }
    assert raw.parse().output_text == "It is 5."


def test_what_a_tool_says_of_itself_reaches_the_model_as_given(model: OpenAI, calculator: Running) -> None:
    answer = model.responses.create(model=MODEL, tools=[tool(calculator.url)], input="Add two and three.")
    assert answer.output[0].tools[0].description == HOSTILE  # type: ignore[union-attr]


def test_events_come_in_the_order_of_recordings(model: OpenAI, calculator: Running, check: Any) -> None:
    stream = model.responses.create(model=MODEL, tools=[tool(calculator.url)], input="Add two and three.", stream=True)
    events = [event.to_dict() for event in stream]
    check.stream(events)
    named = [event["type"].removeprefix("response.") for event in events if "mcp" in event["type"]]
    assert named == [
        "mcp_list_tools.in_progress",
        "mcp_list_tools.completed",
        "mcp_call.in_progress",
        "mcp_call_arguments.delta",
        "mcp_call_arguments.done",
        "mcp_call.completed",
    ]


def test_tools_are_listed_once_in_a_chain(model: OpenAI, calculator: Running) -> None:
    first = model.responses.create(model=MODEL, tools=[tool(calculator.url)], input="Add two and three.")
    second = model.responses.create(
        model=MODEL, tools=[tool(calculator.url)], input="Add two and three.", previous_response_id=first.id
    )
    assert kinds(second) == ["mcp_call", "message"]
    other = {**tool(calculator.url), "server_label": "other"}
    third = model.responses.create(model=MODEL, tools=[other], input="Hello.", previous_response_id=second.id)
    assert kinds(third)[0] == "mcp_list_tools"


def test_tools_that_the_caller_hands_back_are_not_listed_again(model: OpenAI, calculator: Running) -> None:
    history: list[Any] = [{"role": "user", "content": "Hello."}]
    first = model.responses.create(model=MODEL, tools=[tool(calculator.url)], input=history, store=False)
    history += [item.to_dict() for item in first.output]
    history.append({"role": "user", "content": "Add two and three."})
    answer = model.responses.create(model=MODEL, tools=[tool(calculator.url)], input=history, store=False)
    assert kinds(answer) == ["mcp_call", "message"]


@pytest.mark.parametrize("ref", ["http://127.0.0.1:9/leak", "file:///etc/hosts", "#/nope"])
def test_no_reference_in_a_strangers_schema_is_fetched(
    client: OpenAI, calculator: Running, monkeypatch: pytest.MonkeyPatch, ref: str
) -> None:
    fetched: list[str] = []
    monkeypatch.setattr("urllib.request.urlopen", lambda url, *more, **most: fetched.append(str(url)))
    schema = {"type": "object", "properties": {"a": {"$ref": ref}}, "required": ["a"]}
    listed = {"name": "leak", "description": "Leak", "input_schema": schema}
    lists = {"type": "mcp_list_tools", "id": "mcpl_1", "server_label": "calc", "tools": [listed]}
    asked: Any = [lists, {"role": "user", "content": "Please leak something."}]
    answer = client.responses.create(
        model=MODEL,
        input=asked,
        tools=[tool(calculator.url)],
        tool_choice="required",  # type: ignore[list-item]
    )
    assert "mcp_call" in [item.type for item in answer.output]
    assert fetched == []


def test_a_tool_that_its_server_does_not_have_any_more_is_an_error_of_the_call(
    model: OpenAI, calculator: Running
) -> None:
    gone = {"name": "add", "input_schema": {"type": "object"}, "annotations": None, "description": None}
    with serving(without="add") as running:
        answer = model.responses.create(
            model=MODEL,
            tools=[tool(running.url)],
            input=[
                {"type": "mcp_list_tools", "id": "mcpl_1", "server_label": "calc", "tools": [gone]},
                {"role": "user", "content": "Add two and three."},
            ],
        )
    call = answer.output[0].to_dict()
    assert (call["type"], call["status"], call["output"]) == ("mcp_call", "failed", None)
    assert "add" in json.dumps(call["error"])


# -- approvals ---------------------------------------------------------------------------------------------------------


def asked(model: OpenAI, url: str, approval: Any = "always") -> Any:
    return model.responses.create(model=MODEL, tools=[tool(url, approval)], input="Add two and three.")


def test_by_default_the_turn_ends_with_an_approval_request(model: OpenAI, calculator: Running, check: Any) -> None:
    without = {key: value for key, value in tool(calculator.url).items() if key != "require_approval"}
    calculator.called.clear()
    stream = model.responses.create(model=MODEL, tools=[without], input="Add two and three.", stream=True)
    events = [event.to_dict() for event in stream]
    check.stream(events)
    last = events[-1]
    assert last["type"] == "response.completed"
    request = last["response"]["output"][-1]
    assert set(request) == {"id", "type", "arguments", "name", "server_label"}
    assert request["arguments"] == '{"a":2,"b":3}'
    assert request["id"].startswith("mcpr_")
    assert last["response"]["tools"][0]["require_approval"] == "always"
    assert calculator.called == []


def test_an_approved_call_runs_before_the_model_speaks(model: OpenAI, calculator: Running) -> None:
    first = asked(model, calculator.url)
    request = first.output[-1]
    answer = model.responses.create(
        model=MODEL,
        tools=[tool(calculator.url, "always")],
        previous_response_id=first.id,
        input=[{"type": "mcp_approval_response", "approval_request_id": request.id, "approve": True}],
    )
    assert kinds(answer) == ["mcp_call", "message"]
    assert answer.output[0].approval_request_id == request.id  # type: ignore[union-attr]
    assert answer.output_text == "Approved, and it is 5."
    again = model.responses.create(
        model=MODEL, tools=[tool(calculator.url, "never")], previous_response_id=answer.id, input="Add two and three."
    )
    assert again.output_text == "It is 5."
    assert kinds(again) == ["mcp_call", "message"]


def test_a_denial_is_told_to_the_model_and_nothing_is_called(model: OpenAI, calculator: Running) -> None:
    first = asked(model, calculator.url)
    calculator.called.clear()
    answer = model.responses.create(
        model=MODEL,
        tools=[tool(calculator.url, "always")],
        previous_response_id=first.id,
        input=[{"type": "mcp_approval_response", "approval_request_id": first.output[-1].id, "approve": False}],
    )
    assert kinds(answer) == ["message"]
    assert answer.output_text == "Then I do not add."
    assert calculator.called == []


def test_the_glass_box_tells_of_a_denial_and_its_reason(client: OpenAI) -> None:
    docs = {"type": "mcp", "server_label": "docs", "server_url": "https://docs.bikes.example/mcp"}
    first = client.responses.create(model=MODEL, tools=[docs], input="What does the documentation say about prices?")
    request = first.output[-1]
    decision = {"type": "mcp_approval_response", "approval_request_id": request.id, "approve": False}
    answer = client.responses.create(
        model=MODEL,
        tools=[docs],
        previous_response_id=first.id,
        input=[{**decision, "reason": "not now"}],  # type: ignore[list-item]
    )
    assert kinds(answer) == ["message"]
    assert "You did not approve the call of `search_docs`, because: not now." in answer.output_text


def test_approvals_go_round_without_a_store_too(model: OpenAI, calculator: Running) -> None:
    history: list[Any] = [{"role": "user", "content": "Add two and three."}]
    first = model.responses.create(model=MODEL, tools=[tool(calculator.url, "always")], input=history, store=False)
    history += [item.to_dict() for item in first.output]
    history.append({"type": "mcp_approval_response", "approval_request_id": first.output[-1].id, "approve": True})
    answer = model.responses.create(model=MODEL, tools=[tool(calculator.url, "always")], input=history, store=False)
    assert answer.output_text == "Approved, and it is 5."
    history += [item.to_dict() for item in answer.output]
    history.append({"role": "user", "content": "Thanks."})
    calculator.called.clear()
    model.responses.create(model=MODEL, tools=[tool(calculator.url, "always")], input=history, store=False)
    assert calculator.called == []


@pytest.mark.parametrize("number", ["mcpr_nobody", "mcpr_" + "0" * 50])
def test_an_approval_of_nothing_is_refused(model: OpenAI, calculator: Running, number: str) -> None:
    first = asked(model, calculator.url)
    decision = {"type": "mcp_approval_response", "approval_request_id": number, "approve": True}
    with pytest.raises(openai.BadRequestError, match=f"Approval request with id '{number}' not found"):
        model.responses.create(
            model=MODEL,
            tools=[tool(calculator.url, "always")],
            previous_response_id=first.id,
            input=[decision],  # type: ignore[list-item]
        )


def test_an_approval_request_cannot_be_passed_over(model: OpenAI, calculator: Running) -> None:
    first = asked(model, calculator.url)
    with pytest.raises(openai.BadRequestError) as failed:
        model.responses.create(model=MODEL, previous_response_id=first.id, input="Never mind.")
    assert failed.value.body["message"] == (  # type: ignore[index]
        f"The following MCP approval requests do not have an approval: {first.output[-1].id}"
    )


def test_an_approval_without_the_tool_is_refused_because_nobody_keeps_its_url(
    model: OpenAI, calculator: Running
) -> None:
    first = asked(model, calculator.url)
    with pytest.raises(openai.BadRequestError, match="MCP server 'calc' not found in 'tools'"):
        model.responses.create(
            model=MODEL,
            previous_response_id=first.id,
            input=[{"type": "mcp_approval_response", "approval_request_id": first.output[-1].id, "approve": True}],
        )


@pytest.mark.parametrize(
    ("rule", "asks"),
    [
        ("never", {"read": False, "write": False}),
        ("always", {"read": True, "write": True}),
        (None, {"read": True, "write": True}),
        ({"never": {"tool_names": ["read"]}}, {"read": False, "write": True}),
        ({"always": {"tool_names": ["write"]}}, {"read": False, "write": True}),
        ({"never": {"read_only": True}}, {"read": False, "write": True}),
        ({"never": {"read_only": True, "tool_names": ["write"]}}, {"read": True, "write": True}),
        ({"always": {"tool_names": ["write"]}, "never": {"tool_names": ["read"]}}, {"read": False, "write": True}),
    ],
)
def test_which_tools_ask_first(rule: Any, asks: dict[str, bool]) -> None:
    tools = [{"name": "read", "annotations": {"read_only": True}}, {"name": "write", "annotations": {}}]
    assert {one["name"]: needs_approval(rule, one) for one in tools} == asks


def test_the_filter_form_is_repeated_as_recorded(model: OpenAI, calculator: Running) -> None:
    answer = asked(model, calculator.url, {"never": {"tool_names": ["add"]}})
    assert answer.output_text == "It is 5."
    assert answer.tools[0].to_dict()["require_approval"] == {
        "always": None,
        "never": {"read_only": None, "tool_names": ["add"]},
    }


# -- which tools -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("allowed", "names"),
    [
        (["add"], ["add"]),
        (["multiply"], []),
        ({"tool_names": ["forget"]}, ["forget"]),
        ({"read_only": True}, ["add"]),
    ],
)
def test_only_allowed_tools_are_listed(model: OpenAI, calculator: Running, allowed: Any, names: list[str]) -> None:
    answer = model.responses.create(
        model=MODEL, tools=[tool(calculator.url, allowed_tools=allowed)], input="Add two and three."
    )
    assert [one.name for one in answer.output[0].tools] == names  # type: ignore[union-attr]
    assert ("mcp_call" in kinds(answer)) == ("add" in names)


def test_a_tool_choice_may_name_a_server_and_its_tool(client: OpenAI, calculator: Running) -> None:
    answer = client.responses.create(
        model=MODEL,
        tools=[tool(calculator.url)],
        tool_choice={"type": "mcp", "server_label": "calc", "name": "add"},
        input="Hello.",
    )
    assert [item.name for item in answer.output if item.type == "mcp_call"] == ["add"]


def test_max_tool_calls_counts_calls(scripted: Callable[[str], OpenAI], calculator: Running) -> None:
    step = "    - mcp: {server: calc, name: add, arguments: {a: 1, b: 1}}\n"
    model = scripted("- when: {input: Go.}\n  say:\n" + 3 * step + "    - text: done\n")
    answer = model.responses.create(model=MODEL, tools=[tool(calculator.url)], max_tool_calls=2, input="Go.")
    assert kinds(answer) == ["mcp_list_tools", "mcp_call", "mcp_call", "message"]


# -- secrets -----------------------------------------------------------------------------------------------------------

KEY = "tok-4711-very-secret"


@pytest.mark.parametrize(
    "given", [{"headers": {"Authorization": f"Bearer {KEY}", "X-Team": "red"}}, {"authorization": KEY}]
)
def test_what_is_passed_on_is_neither_stored_nor_repeated_nor_logged(
    service: Service, client: OpenAI, given: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(token=KEY) as running:
        raw = client.responses.with_raw_response.create(
            model=MODEL,
            tools=[tool(running.url, **given)],
            tool_choice={"type": "mcp", "server_label": "calc", "name": "add"},
            input="Add.",
        )
        assert running.called == ["add"]
        assert all(headers["authorization"] == f"Bearer {KEY}" for headers in running.headers)
        assert [headers.get("x-team") for headers in running.headers][:1] == [given.get("headers", {}).get("X-Team")]
    assert KEY not in raw.text
    assert KEY not in json.dumps(service.state())
    assert not [record.name for record in caplog.records if KEY in record.getMessage()]
    shown = json.loads(raw.text)["tools"][0]
    assert shown.get("authorization", "<redacted>") == "<redacted>"
    assert set((shown["headers"] or {}).values()) <= {"<redacted>"}


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:{port}/mcp?key=" + KEY, "http://user:" + KEY + "@127.0.0.1:{port}/mcp"]
)
def test_a_secret_in_the_url_is_not_repeated(client: OpenAI, calculator: Running, url: str) -> None:
    port = calculator.url.split(":")[2].split("/")[0]
    raw = client.responses.with_raw_response.create(model=MODEL, tools=[tool(url.format(port=port))], input="Hi.")
    assert KEY not in raw.text + str(raw.headers)
    assert json.loads(raw.text)["tools"][0]["server_url"] == calculator.url


def test_a_token_of_the_first_turn_is_not_there_in_the_second(model: OpenAI) -> None:
    with serving(token=KEY) as running:
        first = model.responses.create(
            model=MODEL, tools=[tool(running.url, "always", authorization=KEY)], input="Add two and three."
        )
        answer = model.responses.create(
            model=MODEL,
            tools=[tool(running.url, "always")],
            previous_response_id=first.id,
            input=[{"type": "mcp_approval_response", "approval_request_id": first.output[-1].id, "approve": True}],
        )
    call = answer.output[0].to_dict()
    assert call["status"] == "failed"
    assert call["error"] == {"type": "http_error", "code": 401, "message": "Unauthorized"}


# -- failures ----------------------------------------------------------------------------------------------------------


def test_a_tool_error_is_in_the_call_and_the_model_goes_on(model: OpenAI, calculator: Running, check: Any) -> None:
    stream = model.responses.create(model=MODEL, tools=[tool(calculator.url)], input="Forget pi.", stream=True)
    events = [event.to_dict() for event in stream]
    check.stream(events)
    assert "response.mcp_call.failed" in [event["type"] for event in events]
    call, message = events[-1]["response"]["output"][1:]
    assert call["status"] == "failed"
    assert call["output"] is None
    assert call["error"]["type"] == "mcp_tool_execution_error"
    assert call["error"]["content"] == [{"type": "text", "text": "Error executing tool forget: There is no key 'pi'."}]
    assert message["content"][0]["text"] == "It could not be forgotten."


def failing(client: OpenAI, url: str) -> dict[str, Any]:
    with pytest.raises(openai.APIStatusError) as failed:
        client.responses.create(model=MODEL, tools=[tool(url)], input="Add two and three.")
    assert failed.value.status_code == 424
    body: dict[str, Any] = failed.value.body  # type: ignore[assignment]
    assert (body["type"], body["param"], body["code"]) == ("external_connector_error", "tools", "http_error")
    return body


def test_a_server_that_is_down_is_a_424(client: OpenAI) -> None:
    body = failing(client, "http://127.0.0.1:9/mcp")
    assert body["message"] == (
        "Error retrieving tool list from MCP server: 'calc'. Http status code: 424 (Failed Dependency)"
    )


def test_a_server_that_is_slow_is_a_424(client: OpenAI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mcp_client, "LIST_SECONDS", 0.3)
    with serving(delay=2.0) as running:
        assert "did not answer within 0.3 seconds" in failing(client, running.url)["message"]


def test_a_server_that_refuses_says_its_status(client: OpenAI) -> None:
    with serving(token=KEY) as running:
        assert failing(client, running.url)["message"].endswith("Http status code: 401 (Unauthorized)")


def test_a_call_that_takes_too_long_is_an_error_of_the_call(
    model: OpenAI, calculator: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mcp_client, "CALL_SECONDS", 0.5)
    answer = model.responses.create(model=MODEL, tools=[tool(calculator.url)], input="Sleep.")
    call = answer.output[1].to_dict()
    assert (call["status"], call["error"]["code"]) == ("failed", 424)
    assert answer.output_text == "The server was too slow."


def test_in_a_stream_the_failed_listing_is_an_event_and_then_the_response_fails(client: OpenAI, check: Any) -> None:
    stream = client.responses.create(
        model=MODEL, tools=[tool("http://127.0.0.1:9/mcp")], input="Add two and three.", stream=True
    )
    events: list[dict[str, Any]] = []
    with pytest.raises(openai.APIError, match="Error retrieving tool list"):
        events.extend(event.to_dict() for event in stream)
    assert [event["type"] for event in events][-2:] == [
        "response.mcp_list_tools.failed",
        "response.output_item.done",
    ]
    assert events[-1]["item"]["tools"] == []


def test_a_failed_listing_ends_a_whole_stream(http: httpx2.Client, check: Any) -> None:
    body = {"model": MODEL, "tools": [tool("http://127.0.0.1:9/mcp")], "input": "Add.", "stream": True}
    raw = http.post("responses", json=body)
    events = [json.loads(line[5:]) for line in raw.text.splitlines() if line.startswith("data:")]
    check.stream(events)
    assert [event["type"] for event in events][-2:] == ["error", "response.failed"]
    assert events[-1]["response"]["usage"] is None


@pytest.mark.parametrize(
    "url", ["https://mcp.deepwiki.com/mcp", "http://10.0.0.1/mcp", "http://localhost.evil.example/"]
)
def test_nothing_leaves_the_machine(client: OpenAI, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(httpx2.AsyncClient, "__init__", None)  # nobody even makes a client
    message = failing(client, url)["message"]
    assert "nothing leaves this machine" in message
    assert "https://docs.bikes.example/mcp" in message


def test_a_server_on_this_machine_is_called_and_the_answer_says_that_the_live_service_could_not(
    client: OpenAI, calculator: Running
) -> None:
    raw = client.responses.with_raw_response.create(model=MODEL, tools=[tool(calculator.url)], input="Hi.")
    assert raw.headers["x-simulator-notice"].startswith("calc: the live service cannot reach http://127.0.0.1:")


def test_asked_for_the_same_server_is_unreachable_as_it_is_live(client: OpenAI, calculator: Running) -> None:
    as_live = client.with_options(default_headers={"x-simulate": "mcp_unreachable"})
    assert failing(as_live, calculator.url)["message"].endswith("424 (Failed Dependency)")


@pytest.mark.parametrize(
    ("members", "param"),
    [
        ({"server_url": None, "connector_id": "connector_gmail", "authorization": "x"}, "tools[0].connector_id"),
        ({"server_url": None}, "tools[0].server_url"),
        ({"server_url": "ftp://127.0.0.1/"}, "tools[0].server_url"),
        ({"server_url": "https://[::1/mcp"}, "tools[0].server_url"),
        ({"server_label": "my server"}, "tools[0].server_label"),
        ({"require_approval": "sometimes"}, "tools[0].require_approval"),
    ],
)
def test_a_tool_that_the_service_would_refuse_is_refused(client: OpenAI, members: dict[str, Any], param: str) -> None:
    wrong = {**tool("http://127.0.0.1:9/mcp"), **members}
    with pytest.raises(openai.BadRequestError) as failed:
        client.responses.create(model=MODEL, tools=[wrong], input="Hi.")  # type: ignore[list-item]
    assert failed.value.param == param


def test_a_server_of_the_older_transport_is_called_too(model: OpenAI) -> None:
    with serving(sse=True, token=KEY) as running:
        answer = model.responses.create(
            model=MODEL, tools=[tool(running.url, authorization=KEY)], input="Add two and three."
        )
    assert answer.output_text == "It is 5."
    assert failing(model, running.url)["message"].endswith("424 (Failed Dependency)")


# -- stand-ins ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["gitmcp.io", "contoso.com"])
def test_the_guides_server_has_a_stand_in(client: OpenAI, host: str) -> None:
    answer = client.responses.create(
        model="gpt-4.1",
        tools=[
            {
                "type": "mcp",
                "server_label": "github",
                "server_url": f"https://{host}/Azure/azure-rest-api-specs",
                "require_approval": "never",
            }
        ],
        input="What transport protocols are supported in the 2025-03-26 version of the MCP spec?",
    )
    (call,) = [item for item in answer.output if item.type == "mcp_call"]
    assert call.name == "search_azure_rest_api_docs"
    assert "stdio" in str(call.output)
    assert "Streamable HTTP" in str(call.output)


def test_the_desk_wants_a_token_and_answers_with_it(client: OpenAI) -> None:
    desk: dict[str, Any] = {**tool("https://desk.bikes.example/mcp"), "server_label": "desk"}
    with pytest.raises(openai.APIStatusError, match="401 \\(Unauthorized\\)"):
        client.responses.create(model=MODEL, tools=[desk], input="How many bikes are at Harbour?")
    answer = client.responses.create(
        model=MODEL, tools=[{**desk, "authorization": "a token"}], input="How many bikes are at Harbour?"
    )
    (call,) = [item for item in answer.output if item.type == "mcp_call"]
    assert (call.name, call.output) == ("bikes_at", "Harbour: 22 bikes, 2 free docks.")


def test_microsoft_learn_has_a_stand_in_with_its_three_tools(client: OpenAI) -> None:
    learn: dict[str, Any] = {
        **tool("https://learn.microsoft.com/api/mcp?maxTokenBudget=2000"),
        "server_label": "learn",
        "server_description": "Official Microsoft documentation",
    }
    answer = client.responses.create(
        model=MODEL, tools=[learn], input="What does the documentation say: how long is a response kept?"
    )
    listed, call = answer.output[0], next(item for item in answer.output if item.type == "mcp_call")
    assert [one.name for one in listed.tools] == [  # type: ignore[union-attr]
        "microsoft_docs_search",
        "microsoft_docs_fetch",
        "microsoft_code_sample_search",
    ]
    assert call.name == "microsoft_docs_search"
    assert "From https://learn.microsoft.com/azure/foundry/openai/how-to/responses" in str(call.output)
    assert "30 days" in str(call.output)
    assert answer.tools[0].to_dict()["server_description"] == "Official Microsoft documentation"


@pytest.mark.parametrize("language", ["python", None, "fortran"])
def test_the_stand_in_finds_code_by_language(scripted: Callable[[str], OpenAI], language: str | None) -> None:
    arguments = {"query": "delete a response", **({"language": language} if language else {})}
    step = {"server": "learn", "name": "microsoft_code_sample_search", "arguments": arguments}
    model = scripted(f"- when: {{input: Go.}}\n  say:\n    - mcp: {json.dumps(step)}\n    - text: done\n")
    learn: dict[str, Any] = {**tool("https://learn.microsoft.com/api/mcp"), "server_label": "learn"}
    answer = model.responses.create(model=MODEL, tools=[learn], input="Go.")
    (call,) = [item for item in answer.output if item.type == "mcp_call"]
    assert ("client.responses.delete(response.id)" in str(call.output)) == (language != "fortran")


def test_making_a_stand_in_leaves_the_process_logging_alone() -> None:
    code = """
import logging
from simulator import standins
for stand_in in standins.STAND_INS.values():
    stand_in.make()
print(logging.getLogger().handlers, logging.getLogger().level == logging.WARNING)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[] True"
