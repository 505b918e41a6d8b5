"""Function tools and structured output: the model asks, the caller runs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Literal

import jsonschema
import openai
import pytest
from openai import OpenAI
from pydantic import BaseModel

MODEL = "gpt-5.4-mini"


def function(name: str, description: str = "", **properties: Any) -> dict[str, Any]:
    parameters = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    return {"type": "function", "name": name, "description": description, "parameters": parameters, "strict": True}


WEATHER = function("get_weather", "Get the weather for a location", location={"type": "string"})
BIKES = function("count_bikes", "Count the bikes at a station", station={"type": "string"})


def calls(response: Any) -> list[Any]:
    return [item for item in response.output if item.type == "function_call"]


def test_an_unscripted_question_calls_the_function_it_is_about(client: OpenAI) -> None:
    answer = client.responses.create(model=MODEL, tools=[WEATHER, BIKES], input="What's the weather in San Francisco?")
    (call,) = calls(answer)
    assert call.name == "get_weather"
    assert json.loads(call.arguments) == {"location": "San Francisco"}
    assert answer.output_text == ""


def test_the_output_goes_back_by_call_id(client: OpenAI) -> None:
    asked = client.responses.create(model=MODEL, tools=[WEATHER], input="What's the weather in San Francisco?")
    output = {"type": "function_call_output", "call_id": calls(asked)[0].call_id, "output": '{"temperature": 70}'}
    answer = client.responses.create(model=MODEL, tools=[WEATHER], previous_response_id=asked.id, input=[output])
    assert '{"temperature": 70}' in answer.output_text


@pytest.mark.parametrize(
    ("choice", "called"),
    [
        ("none", []),
        ("required", ["get_weather"]),
        ({"type": "function", "name": "count_bikes"}, ["count_bikes"]),
        (
            {"type": "allowed_tools", "mode": "required", "tools": [{"type": "function", "name": "count_bikes"}]},
            ["count_bikes"],
        ),
        ({"type": "allowed_tools", "mode": "auto", "tools": [{"type": "function", "name": "count_bikes"}]}, []),
        ("auto", []),
    ],
)
def test_tool_choice_decides_what_may_and_must_be_called(client: OpenAI, choice: Any, called: list[str]) -> None:
    answer = client.responses.create(model=MODEL, tools=[WEATHER, BIKES], tool_choice=choice, input="Hello there")
    assert [call.name for call in calls(answer)] == called
    assert answer.to_dict()["tool_choice"] == choice


PARALLEL = """
- when: {input: Weather and bikes?}
  say:
    - call: {name: get_weather, arguments: {location: Harbour}}
    - call: {name: count_bikes, arguments: {station: Harbour}}
- when: {input: Weather and bikes?, outputs: true}
  say: "{{ get_weather.degrees }} degrees, {{ count_bikes }} bikes."
"""


def test_two_calls_of_one_turn_may_be_answered_in_any_order(scripted: Callable[[str], OpenAI]) -> None:
    client = scripted(PARALLEL)
    asked = client.responses.create(model=MODEL, tools=[WEATHER, BIKES], input="Weather and bikes?")
    weather, bikes = calls(asked)
    outputs = [
        {"type": "function_call_output", "call_id": bikes.call_id, "output": "7"},
        {"type": "function_call_output", "call_id": weather.call_id, "output": '{"degrees": 18}'},
    ]
    answer = client.responses.create(model=MODEL, tools=[WEATHER, BIKES], previous_response_id=asked.id, input=outputs)
    assert answer.output_text == "18 degrees, 7 bikes."


def test_without_parallel_tool_calls_there_is_one_call_a_turn(scripted: Callable[[str], OpenAI]) -> None:
    client = scripted(PARALLEL)
    asked = client.responses.create(
        model=MODEL, tools=[WEATHER, BIKES], input="Weather and bikes?", parallel_tool_calls=False
    )
    assert [call.name for call in calls(asked)] == ["get_weather"]


@pytest.mark.parametrize("prompt", ["Weather and bikes?", "What's the weather in San Francisco?"])
@pytest.mark.parametrize("choice", ["required", {"type": "function", "name": "get_weather"}])
def test_a_choice_that_requires_a_call_gets_one_in_every_response(
    scripted: Callable[[str], OpenAI], prompt: str, choice: Any
) -> None:
    """Scripted or not: a loop that keeps sending it never ends."""
    client = scripted(PARALLEL)
    request: dict[str, Any] = {"model": MODEL, "tools": [WEATHER, BIKES], "tool_choice": choice}
    answer = client.responses.create(input=prompt, **request)
    for _ in range(3):
        outputs: Any = [
            {"type": "function_call_output", "call_id": call.call_id, "output": '{"degrees": 18}'}
            for call in calls(answer)
        ]
        answer = client.responses.create(previous_response_id=answer.id, input=outputs, **request)
        assert calls(answer)
        assert answer.output_text == ""
    outputs = [{"type": "function_call_output", "call_id": c.call_id, "output": "18"} for c in calls(answer)]
    answer = client.responses.create(model=MODEL, tools=[WEATHER, BIKES], previous_response_id=answer.id, input=outputs)
    assert answer.output_text


def test_one_of_two_calls_left_unanswered_is_refused(scripted: Callable[[str], OpenAI]) -> None:
    client = scripted(PARALLEL)
    asked = client.responses.create(model=MODEL, tools=[WEATHER, BIKES], input="Weather and bikes?")
    weather, bikes = calls(asked)
    output = {"type": "function_call_output", "call_id": weather.call_id, "output": "18"}
    with pytest.raises(openai.BadRequestError, match=f"No tool output found for function call {bikes.call_id}"):
        client.responses.create(model=MODEL, previous_response_id=asked.id, input=[output])


def test_a_script_says_nothing_that_the_service_would_not_let_a_model_say(scripted: Callable[[str], OpenAI]) -> None:
    client = scripted("- when: {input: Hi}\n  say:\n    - call: {name: get_weather, arguments: {place: 3}}\n")
    for tools in ([], [WEATHER]):  # not on offer; arguments that the strict schema does not allow
        answer = client.responses.create(model=MODEL, input="Hi", tools=tools)
        assert "No model is here" in answer.output_text


class Complaint(BaseModel):
    station: str
    severity: Literal["low", "high"]
    bikes: int
    tags: list[str]
    contact: str | None


def test_parse_fills_a_pydantic_model(client: OpenAI) -> None:
    answer = client.responses.parse(model=MODEL, input="A high severity complaint", text_format=Complaint)
    assert isinstance(answer.output_parsed, Complaint)
    assert answer.output_parsed.severity == "high"


SCHEMAS: dict[str, dict[str, Any]] = {
    "nested": {"type": "object", "properties": {"a": {"type": "object", "properties": {"b": {"type": "integer"}}}}},
    "formats": {
        "type": "object",
        "properties": {
            "day": {"type": "string", "format": "date"},
            "id": {"type": "string", "format": "uuid"},
            "code": {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{2}$"},
        },
    },
    "ranges": {
        "type": "object",
        "properties": {
            "n": {"type": "integer", "minimum": 10, "maximum": 12},
            "x": {"type": "number", "multipleOf": 0.5},
            "few": {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 3},
        },
    },
    "recursive": {
        "type": "object",
        "properties": {"root": {"$ref": "#/$defs/node"}},
        "$defs": {
            "node": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "children": {"type": "array", "items": {"$ref": "#/$defs/node"}},
                },
            }
        },
    },
    "choices": {
        "type": "object",
        "properties": {
            "either": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "kind": {"enum": ["a", "b"]},
            "fixed": {"const": 7},
            "maybe": {"type": ["integer", "null"]},
        },
    },
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_output_fits_a_strict_schema(client: OpenAI, name: str) -> None:
    from simulator.schemas import made_strict

    schema = made_strict(SCHEMAS[name])
    text = {"format": {"type": "json_schema", "name": "s", "strict": True, "schema": schema}}
    answer = client.responses.create(model=MODEL, input="Fill it in", text=text)  # type: ignore[arg-type]
    jsonschema.validate(json.loads(answer.output_text), schema)


@pytest.mark.parametrize(
    "endless", [{"type": "array", "items": {"type": "null"}, "minItems": 10**6}, {"type": "string", "minLength": 10**6}]
)
def test_what_a_schema_asks_for_without_end_is_written_up_to_a_limit(client: OpenAI, endless: dict[str, Any]) -> None:
    schema = {"type": "object", "properties": {"a": endless}, "required": ["a"]}
    text = {"format": {"type": "json_schema", "name": "s", "strict": False, "schema": schema}}
    answer = client.responses.create(model=MODEL, input="Fill it in", text=text)  # type: ignore[arg-type]
    assert len(json.loads(answer.output_text)["a"]) <= 1_000


def member(schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"a": schema}, "required": ["a"], "additionalProperties": False, **more}


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize(
    ("schema", "says"),
    [
        (
            member({"$ref": "#/nope"}),
            "In context=('properties', 'a'), reference to component '#/nope' which was not fou",
        ),
        (
            member({"$ref": "file:///etc/hosts"}),
            "reference to component 'file:///etc/hosts' which was not found in the",
        ),
        (member({"anyOf": 5}), "5 is not of type 'array'."),
        (member({"type": "string"}, **{"$defs": 5}), "5 is not of type 'object'."),
        (member({"type": "string"}, definitions=[1]), "[1] is not of type 'object'."),
    ],
)
def test_a_schema_that_makes_no_sense_is_refused(
    client: OpenAI, schema: dict[str, Any], says: str, strict: bool
) -> None:
    tool = {"type": "function", "name": "f", "parameters": schema, "strict": strict}
    with pytest.raises(openai.BadRequestError, match=re.escape(says)):
        client.responses.create(model=MODEL, input="Hi", tools=[tool], tool_choice="required")


@pytest.mark.parametrize(
    "pattern", ["[0-9]+", "a+$", "b", r"\d{4}-\d{2}", r"^\S+@\S+$", r"a\.b", "foo|^bar$", "^[A-Z]{3}$"]
)
def test_an_example_has_what_the_pattern_asks_for(client: OpenAI, pattern: str) -> None:
    schema = member({"type": "string", "pattern": pattern})
    form: Any = {"format": {"type": "json_schema", "name": "x", "schema": schema, "strict": True}}
    made = json.loads(client.responses.create(model=MODEL, input="Hi", text=form).output_text)["a"]
    assert re.search(pattern, made), made


def test_a_refusal_is_no_text(client: OpenAI) -> None:
    answer = client.responses.parse(
        model=MODEL, input="Hi", text_format=Complaint, extra_headers={"x-simulate": "refusal"}
    )
    assert answer.output_parsed is None
    assert answer.status == "completed"
    assert answer.output[0].content[0].type == "refusal"  # type: ignore[union-attr]


def test_output_past_max_output_tokens_is_incomplete(client: OpenAI) -> None:
    answer = client.responses.create(model=MODEL, input="Hi", max_output_tokens=20)
    assert answer.status == "incomplete"
    assert answer.incomplete_details is not None
    assert answer.incomplete_details.reason == "max_output_tokens"
    assert answer.usage is not None
    assert answer.usage.output_tokens == 20
    assert answer.output[0].status == "incomplete"  # type: ignore[union-attr]


TOLD = """
- when: {input: My tyre is flat., told: ["T1.*flat", desk]}
  say: T1
- when: {input: My tyre is flat.}
  say: I do not know your codes.
"""


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ({"instructions": "You are the desk. T1 is a FLAT tyre."}, "T1"),
        (
            {
                "instructions": "You are the desk.",
                "tools": [function("report", code={"type": "string", "description": "T1: flat"})],
            },
            "T1",
        ),
        (
            {
                "instructions": "You are the desk.",
                "tools": [function("report", code={"type": "string", "enum": ["T1", "flat"]})],
            },
            None,
        ),
        ({"instructions": "You are the desk."}, None),
    ],
)
def test_a_script_can_ask_what_the_request_told_the_model(
    scripted: Callable[[str], OpenAI], request_: dict[str, Any], said: str | None
) -> None:
    answer = scripted(TOLD).responses.create(model=MODEL, input="My tyre is flat.", **request_)
    assert answer.output_text == (said or "I do not know your codes.")
