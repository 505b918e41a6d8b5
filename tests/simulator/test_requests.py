"""What the service refuses, and in which words."""

from __future__ import annotations

import time
from typing import Any

import httpx2
import openai
import pytest
from openai import OpenAI

from simulator import schemas

MODEL = "gpt-5.4-mini"
TOOL = {"type": "function", "name": "f", "parameters": {"type": "object", "properties": {}}}
LIST_OF_DIFFERENT = {
    "type": "json_schema",
    "name": "s",
    "strict": True,
    "schema": {
        "type": "object",
        "properties": {"a": {"type": "array", "items": {"type": "string"}, "uniqueItems": True}},
        "required": ["a"],
        "additionalProperties": False,
    },
}


@pytest.mark.parametrize(
    ("request_", "message", "param", "code"),
    [
        ({"foo": 1}, "Unknown parameter: 'foo'.", "foo", "unknown_parameter"),
        (
            {"input": 3},
            "Invalid type for 'input': expected one of a string or array of input items",
            "input",
            "invalid_type",
        ),
        ({"input": None}, "Invalid type for 'input': expected a string, but got an object", "input", "invalid_type"),
        (
            {"input": [{"role": "captain", "content": "x"}]},
            "Invalid value: 'captain'. Supported values are: 'assistant', 'system', 'developer', and 'user'.",
            "input[0]",
            "invalid_value",
        ),
        (
            {"input": [{"role": "assistant", "content": [{"type": "input_text", "text": "x"}]}]},
            "Invalid value: 'input_text'. Supported values are: 'output_text' and 'refusal'.",
            "input[0].content[0]",
            "invalid_value",
        ),
        (
            {"input": [{"role": "assistant", "content": "x", "tool_calls": []}]},
            "Unknown parameter: 'input[0].tool_calls'.",
            "input[0].tool_calls",
            "unknown_parameter",
        ),
        (
            {"input": [{"type": "function_call", "id": "call_1", "call_id": "call_1", "name": "f", "arguments": "{}"}]},
            "Invalid 'input[0].id': 'call_1'. Expected an ID that begins with 'fc'.",
            "input[0].id",
            "invalid_value",
        ),
        (
            {"temperature": 9, "model": "gpt-4.1"},
            "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 9 instead.",
            "temperature",
            "decimal_above_max_value",
        ),
        (
            {"temperature": 0.2},
            "Unsupported parameter: 'temperature' is not supported with this model.",
            "temperature",
            None,
        ),
        (
            {"max_output_tokens": 15},
            "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 15 instead.",
            "max_output_tokens",
            "integer_below_min_value",
        ),
        (
            {"reasoning": {"effort": "minimal"}},
            "Unsupported value: 'minimal' is not supported with the 'gpt-5.4-mini' model. Supported values are: "
            "'none', 'low', 'medium', 'high', and 'xhigh'.",
            "reasoning.effort",
            "unsupported_value",
        ),
        (
            {"reasoning": {"effort": "low"}, "model": "gpt-4.1"},
            "Unsupported parameter: 'reasoning.effort' is not supported with this model.",
            "reasoning.effort",
            "unsupported_parameter",
        ),
        (
            {"messages": []},
            "Unsupported parameter: 'messages'. In the Responses API, this parameter has moved to 'input'.",
            None,
            "unsupported_parameter",
        ),
        (
            {"tools": ["<...>"]},
            "Invalid type for 'tools[0]': expected an object, but got a string",
            "tools[0]",
            "invalid_type",
        ),
        (
            {"tools": [{"type": "function", "function": {"name": "f"}}]},
            "Missing required parameter: 'tools[0].name'.",
            "tools[0].name",
            "missing_required_parameter",
        ),
        (
            {"tools": [{"type": "function", "parameters": {}}]},
            "Missing required parameter: 'tools[0].name'.",
            "tools[0].name",
            "missing_required_parameter",
        ),
        (
            {"tools": [{"type": "code_interpreter"}]},
            "Missing required parameter: 'tools[0].container'.",
            "tools[0].container",
            "missing_required_parameter",
        ),
        (
            {
                "tools": [
                    {**TOOL, "strict": True, "parameters": {"type": "object", "properties": {"a": {"type": "string"}}}}
                ]
            },
            "Invalid schema for function 'f': In context=(), 'additionalProperties' is required to be supplied and "
            "to be false.",
            "tools[0].parameters",
            "invalid_function_parameters",
        ),
        (
            {"tool_choice": "required"},
            "Tool choice 'required' must be specified with 'tools' parameter.",
            "tool_choice",
            None,
        ),
        (
            {"tools": [TOOL], "tool_choice": {"type": "function", "name": "g"}},
            "Tool choice 'g' not found in 'tools' parameter.",
            "tool_choice",
            None,
        ),
        (
            {"text": {"format": {"type": "json_schema", "schema": {"type": "object"}}}},
            "Missing required parameter: 'text.format.name'.",
            "text.format.name",
            "missing_required_parameter",
        ),
        (
            {"text": {"format": {"type": "json_schema", "name": "s", "strict": True, "schema": {"type": "array"}}}},
            "Invalid schema for response_format 's': schema must be a JSON Schema of 'type: \"object\"'",
            "text.format.schema",
            "invalid_json_schema",
        ),
        (
            {"text": {"format": LIST_OF_DIFFERENT}},
            "Invalid schema for response_format 's': In context=('properties', 'a'), 'uniqueItems' is not permitted.",
            "text.format.schema",
            "invalid_json_schema",
        ),
        (
            {"text": {"format": {"type": "json_object"}}, "instructions": "Answer in JSON."},
            "Response input messages must contain the word 'json' in some form to use 'text.format' of type",
            "input",
            None,
        ),
        (
            {"input": [{"type": "function_call_output", "call_id": "call_x", "output": "1"}]},
            "No tool call found for function call output with call_id call_x.",
            "input",
            None,
        ),
        (
            {"background": True, "store": False},
            "Background mode requires 'store' to be true.",
            "background",
            "invalid_value",
        ),
        (
            {"previous_response_id": "resp_x", "conversation": "conv_x"},
            "Mutually exclusive parameters: ''. Ensure you are only providing one of: 'pre..._id' or 'conversation'.",
            None,
            "mutually_exclusive_parameters",
        ),
        (
            {"include": ["everything"]},
            "Invalid value: 'everything'. Supported values are:",
            "include[0]",
            "invalid_value",
        ),
        ({"metadata": {"a": 1}}, "Invalid type for 'metadata.a': expected a string", "metadata.a", "invalid_type"),
    ],
)
def test_a_bad_request_is_refused_naming_the_place(
    http: httpx2.Client, request_: dict[str, Any], message: str, param: str, code: str | None
) -> None:
    answer = http.post("responses", json={"model": MODEL, "input": "Hi", **request_})
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["message"].startswith(message)
    assert (error["param"], error["code"], error["type"]) == (param, code, "invalid_request_error")


def test_a_call_left_unanswered_is_refused(client: OpenAI) -> None:
    asked = client.responses.create(model=MODEL, input="Call f", tools=[TOOL], tool_choice="required")  # type: ignore[list-item]
    call = asked.output[0]
    assert call.type == "function_call"
    with pytest.raises(openai.BadRequestError, match=f"No tool output found for function call {call.call_id}."):
        client.responses.create(model=MODEL, input="Never mind", previous_response_id=asked.id)


def test_an_unknown_deployment_is_azures_404_with_the_list(client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as error:
        client.responses.create(model="gpt-9", input="Hi")
    assert error.value.code == "DeploymentNotFound"
    assert "'gpt-5.4-mini'" in str(error.value)


def test_an_unknown_model_is_openais_400_on_its_path(openai_client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="The requested model 'gpt-9' does not exist") as error:
        openai_client.responses.create(model="gpt-9", input="Hi")
    assert error.value.code == "model_not_found"


def test_no_model_is_azures_bare_error_as_recorded(http: httpx2.Client) -> None:
    assert http.post("responses", json={"input": "Hi"}).json() == {"error": {"message": "Missed model deployment"}}


def test_what_is_not_json_is_refused(http: httpx2.Client) -> None:
    for body in (b"{", b"[]", b"\xff", b"nul"):
        assert http.post("responses", content=body).status_code == 400


@pytest.mark.parametrize("number", ["1e400", "-1e400", "NaN", '[{"a": 1e400}]'])
def test_a_number_beyond_all_numbers_is_no_json(http: httpx2.Client, number: str) -> None:
    answer = http.post("responses", content=f'{{"model": "gpt-4.1", "input": "Hi", "temperature": {number}}}')
    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith("We could not parse the JSON body of your request.")


def test_five_megabytes_of_input_are_answered_or_refused_within_reason(http: httpx2.Client) -> None:
    answer = http.post("responses", json={"model": MODEL, "input": "word " * 1_000_000})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "context_length_exceeded"


def test_input_past_the_window_drops_the_oldest_where_truncation_is_auto(client: OpenAI) -> None:
    said = [{"role": "user", "content": f"{number} " + "word " * 60_000} for number in range(8)]
    with pytest.raises(openai.BadRequestError) as error:
        client.responses.create(model=MODEL, input=said)  # type: ignore[arg-type]
    assert error.value.code == "context_length_exceeded"
    answer = client.responses.create(model=MODEL, input=said, truncation="auto")  # type: ignore[arg-type]
    assert answer.usage is not None
    assert 200_000 < answer.usage.input_tokens <= 400_000


def test_a_strict_function_left_unsaid_is_made_strict_as_recorded(client: OpenAI) -> None:
    loose = {"type": "function", "name": "f", "parameters": {"type": "object", "properties": {"a": {"type": "string"}}}}
    answer = client.responses.create(model=MODEL, input="Hi", tools=[loose])  # type: ignore[list-item]
    tool = answer.tools[0].to_dict()
    assert tool["strict"] is True
    assert tool["parameters"] == {
        "type": "object",
        "properties": {"a": {"type": "string"}},
        "required": ["a"],
        "additionalProperties": False,
    }


def closed(properties: dict[str, Any]) -> dict[str, Any]:
    """Return a strict object."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def levels(number: int, defined: bool = False) -> dict[str, Any]:
    """Return a schema of so many objects, one in the other, through arrays and unions or in a definition."""
    schema: dict[str, Any] = closed({"a": {"type": "string"}})
    for level in range(number - 1 - defined):
        schema = closed(
            {"a": {"type": "array", "items": schema} if level % 2 else {"anyOf": [schema, {"type": "null"}]}}
        )
    return {**closed({"a": {"$ref": "#/$defs/a"}}), "$defs": {"a": schema}} if defined else schema


TEXT = {"type": "string"}


@pytest.mark.parametrize(
    ("schema", "problem"),
    [
        (levels(10), None),
        (levels(11), "11 levels of nesting exceeds limit of 10."),
        (levels(30), "30 levels of nesting exceeds limit of 10."),
        (levels(11, defined=True), None),
        (levels(12, defined=True), "11 levels of nesting exceeds limit of 10."),
        (closed({"a": closed(dict.fromkeys(map(str, range(5_000)), TEXT))}), "5001 parameters exceeds limit of 5000."),
    ],
)
def test_a_strict_schema_is_not_too_large(http: httpx2.Client, schema: dict[str, Any], problem: str | None) -> None:
    text = {"format": {"type": "json_schema", "name": "s", "strict": True, "schema": schema}}
    answer = http.post("responses", json={"model": MODEL, "input": "Hi", "text": text})
    if problem is None:
        assert answer.status_code == 200, answer.text
        return
    assert answer.json()["error"] == {
        "message": f"Invalid schema for response_format 's': {problem}",
        "type": "invalid_request_error",
        "param": "text.format.schema",
        "code": "invalid_json_schema",
    }


def test_what_is_not_strict_and_what_has_just_enough_properties_are_taken() -> None:
    assert schemas.problem_in(levels(30), strict=False) is None
    assert schemas.problem_in(closed(dict.fromkeys(map(str, range(5_000)), TEXT)), strict=True) is None


@pytest.mark.parametrize("odd", [{"anyOf": 5}, {"$defs": [1], **TEXT}, {"properties": 5, **TEXT}])
def test_a_strict_schema_that_is_none_inside_is_no_fault_of_the_simulator(
    http: httpx2.Client, odd: dict[str, Any]
) -> None:
    text = {"format": {"type": "json_schema", "name": "s", "strict": True, "schema": closed({"a": odd})}}
    assert http.post("responses", json={"model": MODEL, "input": "Hi", "text": text}).status_code in (200, 400)


def test_a_function_nested_deep_is_made_strict_as_fast_as_any(client: OpenAI) -> None:
    nested: dict[str, Any] = {"type": "string"}
    for _ in range(22):
        nested = {"type": "object", "properties": {"a": nested}}
    began = time.process_time()
    deep = {"type": "function", "name": "f", "parameters": nested}
    answer = client.responses.create(model=MODEL, input="Hi", tools=[deep])  # type: ignore[list-item]
    assert answer.tools[0].to_dict()["strict"] is False  # more levels than strict takes: kept as it is
    assert time.process_time() - began < 2  # at twice the time a level, it took 7 s


@pytest.mark.parametrize("headers", [{}, {"api-key": ""}, {"authorization": "Bearer "}])
def test_no_credential_is_a_401(service: Any, headers: dict[str, str]) -> None:
    from simulator import Transport

    with httpx2.Client(transport=Transport(service)) as bare:
        answer = bare.get("https://lab.openai.azure.com/openai/v1/responses/resp_x", headers=headers)
    assert answer.status_code == 401


def test_a_path_without_the_prefix_is_a_404(service: Any) -> None:
    from simulator import Transport

    with httpx2.Client(transport=Transport(service), headers={"api-key": "k"}) as bare:
        assert bare.post("https://lab.openai.azure.com/responses", json={}).status_code == 404
        assert bare.post("https://lab.openai.azure.com/openai/v1/openai/responses", json={}).status_code == 404
