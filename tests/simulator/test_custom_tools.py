"""Custom tools: the model writes raw text, a grammar holds it to its rules, and tool_choice says what may be called."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI, OpenAI

from simulator import grammars

MODEL = "gpt-5.4-mini"
# The math sample of OpenAI's function calling guide, as DataDog/dd-trace-py recorded it in 2025-08.
MATH = """
        start: expr
        expr: term (SP ADD SP term)* -> add
        | term
        term: factor (SP MUL SP factor)* -> mul
        | factor
        factor: INT
        SP: " "
        ADD: "+"
        MUL: "*"
        %import common.INT
        """
QUERY = r"""
start: "SELECT " columns " FROM " NAME (" WHERE " NAME " > " INT)? ";"
columns: "*" | NAME (", " NAME)*
NAME: /[a-z_][a-z0-9_]*/
INT: /[0-9]+/
"""
PATCH = """
start: "*** Begin Patch" LF hunk+ "*** End Patch" LF?
hunk: "*** Add File: " /(.+)/ LF add_line+ | "*** Delete File: " /(.+)/ LF
add_line: "+" /(.*)/ LF -> line
%import common.LF
"""
LINES = 'start: LINE+ "END"\nLINE: /[^\\n]+/ "\\n"\n'


def custom(name: str, definition: str | None = None, syntax: str = "lark") -> Any:
    tool: dict[str, Any] = {"type": "custom", "name": name, "description": f"Takes {name.replace('_', ' ')}."}
    if definition is not None:
        tool["format"] = {"type": "grammar", "syntax": syntax, "definition": definition}
    return tool


def calls(response: Any) -> list[Any]:
    return [item for item in response.output if item.type == "custom_tool_call"]


def test_an_unscripted_prompt_goes_to_the_tool_as_it_is(client: OpenAI, check: Any) -> None:
    answer = client.responses.create(model=MODEL, tools=[custom("query")], input="Query: bikes > 3")
    check.response(answer.to_dict())
    (call,) = calls(answer)
    assert (call.name, call.input, call.status) == ("query", "Query: bikes > 3", "completed")
    assert re.fullmatch(r"ctc_[0-9a-f]{50}", call.id)
    assert re.fullmatch(r"call_\w{24}", call.call_id)
    assert set(call.to_dict()) == {"id", "type", "status", "call_id", "input", "name"}  # as recorded


def test_the_tool_is_repeated_with_what_was_left_out(client: OpenAI) -> None:
    answer = client.responses.create(model=MODEL, tools=[{"type": "custom", "name": "query"}], input="Hello")
    assert answer.to_dict()["tools"] == [
        {"type": "custom", "description": None, "format": {"type": "text"}, "name": "query"}
    ]


@pytest.mark.parametrize("output", ["Harbour: 3 bikes", [{"type": "input_text", "text": "Harbour: 3 bikes"}]])
def test_the_output_goes_back_by_call_id(client: OpenAI, output: Any) -> None:
    asked = client.responses.create(model=MODEL, tools=[custom("query")], input="Query the bikes")
    item: Any = {"type": "custom_tool_call_output", "call_id": calls(asked)[0].call_id, "output": output}
    answer = client.responses.create(model=MODEL, previous_response_id=asked.id, input=[item])
    assert "`query` → Harbour: 3 bikes" in answer.output_text
    held = client.responses.input_items.list(answer.id, order="asc").data
    assert [one.type for one in held][-1] == "custom_tool_call_output"


def test_a_call_left_unanswered_is_refused(client: OpenAI) -> None:
    asked = client.responses.create(model=MODEL, tools=[custom("query")], input="Query the bikes")
    with pytest.raises(openai.BadRequestError, match="No tool output found for custom tool call call_"):
        client.responses.create(model=MODEL, previous_response_id=asked.id, input="And?")


def test_without_the_server_holding_it_the_call_is_sent_back(client: OpenAI) -> None:
    asked = client.responses.create(model=MODEL, tools=[custom("query")], input="Query the bikes", store=False)
    (call,) = calls(asked)
    history: list[Any] = [{"role": "user", "content": "Query the bikes"}, call]
    history.append({"type": "custom_tool_call_output", "call_id": call.call_id, "output": "3"})
    answer = client.responses.create(model=MODEL, input=history, store=False)
    assert "`query` → 3" in answer.output_text


def test_it_is_streamed_as_raw_text(client: OpenAI, check: Any) -> None:
    stream = client.responses.create(
        model=MODEL, tools=[custom("math", MATH)], tool_choice="required", input='Please say "4 + 4"', stream=True
    )
    events = [event.to_dict() for event in stream]
    check.stream(events)
    deltas: list[Any] = [one for one in events if one["type"] == "response.custom_tool_call_input.delta"]
    (done,) = [one for one in events if one["type"] == "response.custom_tool_call_input.done"]
    assert "".join(one["delta"] for one in deltas) == done["input"] == "4 + 4"
    assert all((len(one["delta"]) + len(one["obfuscation"])) % 16 == 0 for one in deltas)
    assert "obfuscation" not in done


async def test_it_is_called_by_async_clients(async_client: AsyncOpenAI) -> None:
    answer = await async_client.responses.create(model=MODEL, tools=[custom("query")], input="Query the bikes")
    assert [call.name for call in calls(answer)] == ["query"]


# -- grammars ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("syntax", "definition", "sentence"),
    [
        ("lark", MATH, "12"),
        ("lark", QUERY, "SELECT example, example FROM example;"),
        ("lark", PATCH, None),
        ("lark", LINES, "example\nEND"),
        ("lark", 'start: "(" start ")" | "x"', "x"),
        ("lark", '# a*?\nstart: "http://" /[a-z]+/ "/?" // see a+?', "http://example/?"),
        ("regex", r"^\d{4}-(0[1-9]|1[0-2])-\d{2}$", None),
        ("regex", r"[\w.]+@[a-z]+\.(com|org)", "example@example.com"),
        ("regex", "[+?]?é", "+é"),
    ],
)
def test_an_unscripted_call_is_a_sentence_of_the_grammar(
    client: OpenAI, syntax: str, definition: str, sentence: str | None
) -> None:
    tool = custom("dsl", definition, syntax)
    answer = client.responses.create(model=MODEL, tools=[tool], tool_choice="required", input="Go on")
    (call,) = calls(answer)
    assert grammars.accepts(grammars.grammar(syntax, definition), call.input)
    assert sentence in (None, call.input)


def test_what_the_prompt_quotes_is_said_if_the_grammar_takes_it(client: OpenAI) -> None:
    tool = custom("math", MATH)
    taken = client.responses.create(model=MODEL, tools=[tool], input="Do the math `4 + 4 * 2`, not `x`.")
    assert calls(taken)[0].input == "4 + 4 * 2"
    refused = client.responses.create(model=MODEL, tools=[tool], input="Do the math `four`")
    assert calls(refused)[0].input == "12"


def test_where_no_sentence_ends_nothing_is_called(client: OpenAI) -> None:
    tool = custom("dsl", 'start: start "a"')
    answer = client.responses.create(model=MODEL, tools=[tool], tool_choice="required", input="Go on")
    assert calls(answer) == []
    assert "No model is here" in answer.output_text


SCRIPT = """
- when: {contains: total}
  say:
    - preamble: I will add that up.
    - custom: {name: math, input: 'four plus four'}
- when: {contains: total}
  say:
    - custom: {name: math, input: 4 + 4}
- when: {contains: total, outputs: true}
  say: "{{ calls[0].arguments }} is {{ math }}."
"""


def test_the_scripted_model_is_held_to_the_grammar(scripted: Callable[[str], OpenAI]) -> None:
    client = scripted(SCRIPT)
    free = client.responses.create(model=MODEL, tools=[custom("math")], input="The total?")
    assert [item.type for item in free.output if item.type != "reasoning"] == ["message", "custom_tool_call"]
    assert calls(free)[0].input == "four plus four"
    held = client.responses.create(model=MODEL, tools=[custom("math", MATH)], input="The total?")
    (call,) = calls(held)
    assert call.input == "4 + 4"
    output: Any = {"type": "custom_tool_call_output", "call_id": call.call_id, "output": "8"}
    answer = client.responses.create(model=MODEL, previous_response_id=held.id, input=[output])
    assert answer.output_text == "4 + 4 is 8."


@pytest.mark.parametrize(
    ("syntax", "definition", "fault"),
    [
        ("lark", "start: begin_patch", 'Invalid lark grammar: at 1(8): unknown name: "begin_patch"'),  # reported
        ("lark", 'start: "a"~2..5', "Invalid lark grammar: repetition with '~'"),  # reported
        ("lark", 'expr: "a"', "Invalid lark grammar: no start rule found"),
        ("lark", "start: (", "Expected token"),
        ("lark", "start: /a(?!b)/", "lookaround"),
        ("lark", "start: /a+?b/", "lazy"),
        ("lark", 'start: A\nA.2: "a"', "priority"),
        ("lark", 'start: _l{A}\n_l{x}: x+\nA: "a"', "params"),
        ("lark", "start: X\n%import python.NAME -> X", "import"),
        ("lark", "start: X\n%declare X", "declare"),
        ("lark", "", "Empty grammar"),
        ("regex", "(", "Invalid regex grammar"),
        ("regex", r"\bword\b", "lookaround"),
        ("regex", r"(a)\1", "backreferences"),
        ("regex", "a{2,}?", "lazy"),
    ],
)
def test_a_grammar_that_the_service_refuses_is_refused(
    client: OpenAI, syntax: str, definition: str, fault: str
) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        client.responses.create(model=MODEL, tools=[custom("dsl", definition, syntax)], input="Hello")
    assert fault in str(refused.value)
    assert refused.value.param == "tools[0].format.definition"


@pytest.mark.parametrize(
    ("tool", "param", "code"),
    [
        ({"type": "custom"}, "tools[0].name", "missing_required_parameter"),
        ({"type": "custom", "name": "a b"}, "tools[0].name", "invalid_value"),
        ({"type": "custom", "name": "a", "parameters": {}}, "tools[0].parameters", "unknown_parameter"),
        ({"type": "custom", "name": "a", "format": {"type": "json"}}, "tools[0].format.type", "invalid_value"),
        (custom("a", "a", "ebnf"), "tools[0].format.syntax", "invalid_value"),
        (
            {"type": "custom", "name": "a", "format": {"type": "grammar", "syntax": "lark"}},
            "tools[0].format.definition",
            "missing_required_parameter",
        ),
    ],
)
def test_a_tool_that_is_no_custom_tool_is_refused(client: OpenAI, tool: Any, param: str, code: str) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        client.responses.create(model=MODEL, tools=[tool], input="Hello")
    assert (refused.value.param, refused.value.code) == (param, code)


# -- tool_choice -------------------------------------------------------------------------------------------------------

TOOLS = [custom("query"), custom("route"), {"type": "function", "name": "count", "parameters": {"type": "object"}}]


def allowed(mode: str, *names: str) -> Any:
    return {"type": "allowed_tools", "mode": mode, "tools": [{"type": "custom", "name": name} for name in names]}


@pytest.mark.parametrize(
    ("choice", "called"),
    [
        ({"type": "custom", "name": "route"}, ["route"]),
        (allowed("auto", "route"), []),
        (allowed("required", "route"), ["route"]),
        (allowed("auto", "route", "query"), ["query"]),
        ("none", []),
    ],
)
def test_tool_choice_says_what_may_be_called(client: OpenAI, choice: Any, called: list[str]) -> None:
    answer = client.responses.create(model=MODEL, tools=TOOLS, tool_choice=choice, input="Query the bikes")
    assert [call.name for call in calls(answer)] == called
    assert answer.to_dict()["tool_choice"] == choice
    assert len(answer.tools) == 3  # the tools themselves stay the same: what keeps the prompt cache warm


@pytest.mark.parametrize("choice", [allowed("auto", "route"), {"type": "custom", "name": "route"}])
def test_a_script_cannot_call_what_is_not_allowed(scripted: Callable[[str], OpenAI], choice: Any) -> None:
    client = scripted("- when: {contains: bikes}\n  say:\n    - custom: {name: query, input: bikes}\n")
    free = client.responses.create(model=MODEL, tools=TOOLS, input="Which bikes?")
    assert [call.name for call in calls(free)] == ["query"]
    held = client.responses.create(model=MODEL, tools=TOOLS, tool_choice=choice, input="Which bikes?")
    assert "query" not in [call.name for call in calls(held)]


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"type": "custom", "name": "fly"}, "Tool choice 'fly' not found in 'tools' parameter."),
        (allowed("auto", "query", "fly"), "Tool choice 'fly' not found in 'tools' parameter."),
        (allowed("sometimes", "query"), "Invalid value: 'sometimes'. Supported values are: 'auto' and 'required'."),
        ({"type": "allowed_tools", "tools": []}, "Missing required parameter: 'tool_choice.mode'."),
        (allowed("required"), "Invalid 'tool_choice.tools': empty array."),
        ({"type": "function", "name": "query"}, "Tool choice 'query' not found in 'tools' parameter."),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused(client: OpenAI, choice: Any, message: str) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        client.responses.create(model=MODEL, tools=TOOLS, tool_choice=choice, input="Hello")
    assert message in str(refused.value)


# -- preambles and effort ----------------------------------------------------------------------------------------------


def test_a_preamble_is_a_message_before_the_call(scripted: Callable[[str], OpenAI], check: Any) -> None:
    client = scripted(SCRIPT)
    events = [
        event.to_dict()
        for event in client.responses.create(model=MODEL, tools=[custom("math")], input="The total?", stream=True)
    ]
    check.stream(events)
    output = events[-1]["response"]["output"]  # type: ignore[index]
    said, call = output[-2:]
    assert (said["phase"], said["content"][0]["text"]) == ("commentary", "I will add that up.")
    assert call["type"] == "custom_tool_call"


@pytest.mark.parametrize(("effort", "made"), [("minimal", 1), ("low", 2)])
def test_effort_minimal_makes_one_call_at_a_time(scripted: Callable[[str], OpenAI], effort: Any, made: int) -> None:
    script = "- when: {contains: both}\n  say:\n"
    script += "    - custom: {name: query, input: a}\n    - custom: {name: route, input: b}\n"
    client = scripted(script)
    answer = client.responses.create(model="gpt-5-mini", tools=TOOLS, reasoning={"effort": effort}, input="Both!")
    assert len(calls(answer)) == made


def test_looking_for_a_sentence_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    assert grammars.sentence("regex", "a{3}") == "aaa"
    monkeypatch.setattr(grammars, "_PATIENCE", 0.0)
    assert grammars.sentence("regex", "a{3}") is None
