"""What is refused first, and in which words: as probes have shown it (`simulator.parameters` names their source)."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from simulator import errors

MISSING = "missing_required_parameter"
ONE_OF = """One of "input" or "previous_response_id" or 'prompt' or 'conversation' must be provided."""
PING = {"model": "gpt-5.6-terra", "input": "Ping"}
FUNCTION = {"type": "function", "name": "ring", "parameters": {"type": "object", "properties": {}}}
LOGPROBS = "message.output_text.logprobs"
# A wrong type for each parameter, in the order in which the service looks at them.
WRONG: dict[str, Any] = {
    **{"input": 1, "previous_response_id": 1, "prompt": 1, "moderation": 1, "include": 1, "tools": 1},
    **{"tool_choice": 1, "metadata": 1, "text": 1, "temperature": "1", "top_p": "1", "presence_penalty": "1"},
    **{"frequency_penalty": "1", "parallel_tool_calls": 1, "stream": 1, "stream_options": 1, "background": 1},
    **{"max_output_tokens": "1", "max_tool_calls": "1", "reasoning": 1, "user": 1, "safety_identifier": 1},
    **{"prompt_cache_options": 1, "prompt_cache_key": 1, "prompt_cache_retention": 1, "truncation": 1},
    **{"instructions": 1, "store": 1, "service_tier": 1, "top_logprobs": "1", "context_management": 1},
}


def refusal(http: httpx2.Client, body: dict[str, Any]) -> tuple[Any, ...]:
    answer = http.post("responses", json=body)
    assert answer.status_code == 400, answer.text
    error = answer.json()["error"]
    assert error["type"] == "invalid_request_error"
    return error["param"], error["code"], error["message"]


@pytest.mark.parametrize(
    ("more", "meant"),
    [
        ({"stors": True}, " Did you mean 'store'?"),
        ({"tols": []}, " Did you mean 'tools'?"),
        ({"stor": True, "store": True}, ""),  # not what is there already
        ({"temprature": 1}, " Did you mean 'temperature'?"),
        ({"strea": True}, " Did you mean 'stream' or 'store'?"),
        ({"sore": True}, " Did you mean 'store'?"),
        ({"nothing_like_it": 1}, ""),
        ({"s" * 1_000_000: 1}, ""),  # at once
    ],
)
def test_a_slip_of_the_pen_is_told_what_was_meant(http: httpx2.Client, more: dict[str, Any], meant: str) -> None:
    name = next(iter(more))
    assert refusal(http, PING | more) == (name, "unknown_parameter", f"Unknown parameter: '{name}'.{meant}")


@pytest.mark.parametrize(
    ("one", "other", "far"), [("store", "store", 0), ("", "abc", 3), ("kitten", "sitting", 3), ("user", "uesr", 2)]
)
def test_edits_are_counted(one: str, other: str, far: int) -> None:
    assert errors.edits(one, other) == errors.edits(other, one) == far


@pytest.mark.parametrize(
    ("more", "first"),
    [
        ({"truncation": "off", "tools": "none"}, "tools"),
        ({"metadata": 1, "text": 1, "include": 1}, "include"),
        ({"max_output_tokens": "a lot", "temperature": "hot"}, "temperature"),
        ({"top_logprobs": 99, "service_tier": "gold"}, "service_tier"),
        ({"store": "yes", "background": "yes"}, "background"),
        ({"input": 1, "tools": 1}, "input"),
        ({"input": [], "truncation": "off"}, "truncation"),
        ({"previous_response_id": "resp_none", "truncation": "off"}, "truncation"),
        ({"zzz": 1, "input": 1}, "zzz"),
    ],
)
def test_one_fault_comes_before_another(http: httpx2.Client, more: dict[str, Any], first: str) -> None:
    assert refusal(http, PING | more)[0] == first
    assert refusal(http, dict(reversed((PING | more).items())))[0] == first


def test_parameters_are_looked_at_in_the_order_of_the_service(http: httpx2.Client) -> None:
    found, wrong = [], {"model": PING["model"], **dict(reversed(WRONG.items()))}
    while len(wrong) > 1:
        found.append(refusal(http, {"input": "Ping"} | wrong)[0])
        del wrong[found[-1]]
    assert found == list(WRONG)


def test_null_is_left_out_but_for_the_model_and_the_input(http: httpx2.Client) -> None:
    nothing = dict.fromkeys(WRONG)
    assert http.post("responses", json={**nothing, **PING}).status_code == 200
    assert refusal(http, {**PING, **nothing})[0] == "input"


@pytest.mark.parametrize(
    ("more", "status", "message"),
    [
        ({"conversation": "conv_0", "prompt": {"id": "pmpt_0"}}, 404, "Conversation with id 'conv_0' not found."),
        ({"prompt": {"id": "pmpt_0"}, "temperature": 0.2}, 404, "Prompt with id 'pmpt_0' not found."),
        ({"prompt": {"id": "pmpt_0"}, "previous_response_id": "resp_0"}, 404, "Prompt with id 'pmpt_0' not found."),
        ({"previous_response_id": "resp_0", "top_p": 0.2}, 400, "Previous response with id 'resp_0' not found."),
        (
            {"conversation": "conv_0", "previous_response_id": "resp_0"},
            400,
            "Mutually exclusive parameters: ''. Ensure you are only providing one of: 'pre..._id' or 'conversation'.",
        ),
    ],
)
def test_what_is_referred_to_is_looked_up_before_the_model_is_asked(
    http: httpx2.Client, more: dict[str, Any], status: int, message: str
) -> None:
    answer = http.post("responses", json=PING | more)
    assert (answer.status_code, answer.json()["error"]["message"]) == (status, message)


def test_what_the_model_does_not_take_comes_last_and_logprobs_last_of_all(http: httpx2.Client) -> None:
    asked: dict[str, Any] = {"top_logprobs": 3, "include": [LOGPROBS], "top_p": 0.2, "temperature": 0.2}
    for first in ("temperature", "top_p", "include", "top_logprobs"):
        assert refusal(http, PING | asked)[0] == first
        assert refusal(http, PING | asked | {"context_management": 1})[0] == "context_management"
        del asked[first]


@pytest.mark.parametrize("empty", ["", []])
def test_nothing_to_answer(http: httpx2.Client, empty: Any) -> None:
    assert refusal(http, PING | {"input": empty}) == (None, MISSING, ONE_OF)
    assert refusal(http, PING | {"input": empty, "temperature": 0.2})[1] == MISSING  # before what the model takes


def test_no_input_is_said_before_anything_else_of_it(http: httpx2.Client) -> None:
    for more in ({}, {"zzz": 1}, {"truncation": "off"}, {"conversation": "conv_0"}, {"previous_response_id": "resp_0"}):
        assert refusal(http, {"model": "gpt-5.6-terra", **more})[:2] == ("input", MISSING)


@pytest.mark.parametrize(
    ("more", "param", "code", "words"),
    [
        (
            {"input": [{"type": 1, "role": "user"}]},
            "input[0]",
            "invalid_value",
            "Invalid value: ''. Supported values are: 'add",
        ),
        (
            {"input": [{"role": 1, "content": "x"}]},
            "input[0]",
            "invalid_value",
            "Invalid value: ''. Supported values are: 'as",
        ),
        (
            {"input": [{"type": "agent_message"}]},
            "input[0]",
            "invalid_value",
            "(Simulator: it has no 'agent_message'.)",
        ),
        (
            {"include": 1},
            "include",
            "invalid_type",
            "an array of one of 'fil...lts', 'web...lts', 'web...ces', 'mes...url', 'com...url', 'cod...uts', "
            "'rea...ent', or 'mes...obs', but got an integer instead.",
        ),
        ({"context_management": {}}, "context_management", "invalid_type", "an array of objects, but got an object"),
        ({"truncation": True}, "truncation", "invalid_type", "expected one of 'auto' or 'disabled', but got a boolean"),
        (
            {"service_tier": 1.5},
            "service_tier",
            "invalid_type",
            "one of 'auto', 'default', 'fast', 'flex', or 'priority', but got a decimal number instead.",
        ),
        (
            {"reasoning": {"effort": 3}},
            "reasoning.effort",
            "invalid_type",
            "expected one of 'minimal', 'low', 'medium', or 'high', but got an integer instead.",
        ),
        (
            {"reasoning": {"effort": True}},
            "reasoning.effort",
            "invalid_type",
            "expected one of one of 'none', 'minimal', 'low', 'medium', 'high', 'xhigh', or 'max' or integer, but got",
        ),
        (
            {"reasoning": {"summary": "short"}},
            "reasoning.summary",
            "invalid_value",
            "'concise', 'detailed', and 'auto'.",
        ),
        ({"reasoning": {"generate_summary": "auto"}}, "reasoning.generate_summary", "unknown_parameter", "Unknown"),
        ({"max_tokens": 64}, "max_tokens", "unknown_parameter", "Unknown parameter: 'max_tokens'."),
        (
            {"max_completion_tokens": 64},
            "max_completion_tokens",
            "unsupported_parameter",
            "moved to 'max_output_tokens'.",
        ),
        (
            {"tools": [FUNCTION], "tool_choice": {"type": "function", "function": {"name": "ring"}}},
            "tool_choice.name",
            MISSING,
            "Missing required parameter: 'tool_choice.name'.",
        ),
        ({"input": ["Ping"]}, "input[0]", "invalid_type", "expected an input item, but got a string instead."),
        ({"input": [{}]}, "input[0]", "invalid_value", "Invalid value: ''. Supported values are: 'assistant', "),
        ({"input": [{"type": "letter"}]}, "input[0]", "invalid_value", "'additional_tools', 'agent_message', "),
        (
            {"input": [{"role": "user", "content": "Ping", "status": "nope"}]},
            "input[0].status",
            "invalid_value",
            "Invalid value: 'nope'. Supported values are: 'in_progress', 'completed', and 'incomplete'.",
        ),
        ({"metadata": []}, "metadata", "invalid_type", "expected a metadata object, but got an array instead."),
        ({"tools": {}}, "tools", "invalid_type", "expected an array of tools, but got an object instead."),
        ({"tool_choice": True}, "tool_choice", "invalid_type", "one of an object or 'none', 'auto', or 'required'"),
        (
            {"service_tier": "gold"},
            "service_tier",
            "invalid_value",
            "'auto', 'default', 'fast', 'flex', and 'priority'",
        ),
        ({"text": {"format": {"type": "xml"}}}, "text.format.type", "invalid_value", "'json_object', 'text', and 'js"),
        (
            {"messages": []},
            None,
            "unsupported_parameter",
            "has moved to 'input'. Try again with the new parameter. See",
        ),
        ({"input": None}, "input", "invalid_type", "expected a string, but got an object instead."),
    ],
)
def test_the_place_and_the_words(
    http: httpx2.Client, more: dict[str, Any], param: str | None, code: str, words: str
) -> None:
    got = refusal(http, PING | more)
    assert got[:2] == (param, code)
    assert words in got[2]


@pytest.mark.parametrize(
    ("role", "kind", "param", "words"),
    [
        ("user", "output_text", "input[0].content[0]", "'input_text', 'input_image', 'input_file', 'scoped_content', "),
        ("assistant", "input_text", "input[0].content[0]", "'output_text' and 'refusal'."),
        ("user", "song", "input[0].content[0].type", "'summary_text', and 'encrypted_content'."),
        ("assistant", "song", "input[0].content[0].type", "'summary_text', and 'encrypted_content'."),
    ],
)
def test_a_part_that_is_none_and_one_in_the_wrong_place(
    http: httpx2.Client, role: str, kind: str, param: str, words: str
) -> None:
    said = {"role": role, "content": [{"type": kind, "text": "x"}]}
    got = refusal(http, PING | {"input": [said]})
    assert got[:2] == (param, "invalid_value")
    assert got[2].endswith(words) or words in got[2]


@pytest.mark.parametrize(
    ("item", "missing"),
    [
        ({"type": "mcp_call", "id": "mcp_1", "name": "find", "arguments": "{}", "output": "4"}, "server_label"),
        ({"type": "mcp_list_tools", "id": "mcpl_1", "server_label": "bikes"}, "tools"),
        ({"type": "mcp_approval_request", "id": "mcpr_1", "server_label": "bikes", "arguments": "{}"}, "name"),
        ({"type": "code_interpreter_call", "id": "ci_1", "code": "1 + 1", "outputs": None}, "container_id"),
        ({"type": "computer_call", "id": "cu_1", "status": "completed", "actions": []}, "call_id"),
    ],
)
def test_an_item_of_the_service_comes_back_whole(http: httpx2.Client, item: dict[str, Any], missing: str) -> None:
    question = {"role": "user", "content": "And now?"}
    got = refusal(http, PING | {"input": [item, question]})
    assert got[:2] == (f"input[0].{missing}", "missing_required_parameter")


def test_a_web_search_may_come_back_without_its_action(http: httpx2.Client) -> None:
    search = {"type": "web_search_call", "id": "ws_1", "status": "completed"}
    answer = http.post("responses", json=PING | {"input": [search, {"role": "user", "content": "And now?"}]})
    assert answer.status_code == 200


CALL = {"type": "function_call", "call_id": "call_1", "name": "ring", "arguments": "{}"}
DONE = {"type": "function_call_output", "call_id": "call_1", "output": "rang"}
SERVICE: dict[str, dict[str, Any]] = {  # items that only the service makes
    "ws": {"type": "web_search_call", "status": "completed"},
    "fs": {"type": "file_search_call", "queries": ["x"], "status": "completed"},
    "ci": {"type": "code_interpreter_call", "code": "1", "container_id": "cntr_1", "outputs": None},
    "ig": {"type": "image_generation_call", "result": "AAAA", "status": "completed"},
    "mcp": {"type": "mcp_call", "server_label": "bikes", "name": "find", "arguments": "{}", "output": "4"},
    "mcpl": {"type": "mcp_list_tools", "server_label": "bikes", "tools": []},
    "mcpr": {"type": "mcp_approval_request", "server_label": "bikes", "name": "find", "arguments": "{}"},
    "cu": {"type": "computer_call", "call_id": "call_1", "actions": [], "pending_safety_checks": []},
    "lsh": {"type": "local_shell_call", "call_id": "call_1", "action": {}, "status": "completed"},
    "sh": {"type": "shell_call", "call_id": "call_1", "action": {}},
    "apc": {"type": "apply_patch_call", "call_id": "call_1", "operation": {"type": "delete_file", "path": "x"}},
    "tsc": {"type": "tool_search_call", "arguments": {}},
}


@pytest.mark.parametrize("wrong", [7, ["x"], {}])
@pytest.mark.parametrize("prefix", SERVICE)
def test_an_id_of_the_service_is_a_text(http: httpx2.Client, prefix: str, wrong: Any) -> None:
    given = [SERVICE[prefix] | {"id": wrong}, {"role": "user", "content": "And now?"}]
    assert refusal(http, PING | {"input": given})[:2] == ("input[0].id", "invalid_type")


@pytest.mark.parametrize(
    ("prefix", "wrong", "place"),
    [
        ("ci", {"code": 7}, "code"),
        ("ci", {"outputs": "x"}, "outputs"),
        ("ci", {"outputs": [None]}, "outputs[0]"),
        ("ci", {"outputs": [{"type": "logs", "logs": None}]}, "outputs[0].logs"),
        ("mcpl", {"tools": [1]}, "tools[0]"),
        ("mcp", {"arguments": {}}, "arguments"),
        ("mcpr", {"name": 1}, "name"),
        ("cu", {"call_id": ["call_1"]}, "call_id"),
        ("sh", {"call_id": {}}, "call_id"),
        ("fs", {"queries": "x"}, "queries"),
    ],
)
def test_what_an_item_of_the_service_holds_has_its_type(
    http: httpx2.Client, prefix: str, wrong: dict[str, Any], place: str
) -> None:
    item = {"id": f"{prefix}_1", **SERVICE[prefix], **wrong}
    got = refusal(http, PING | {"input": [item, {"role": "user", "content": "And now?"}]})
    assert got[:2] == (f"input[0].{place}", "invalid_type")
    for path, body in (("conversations", {"items": [item]}), ("responses/compact", PING | {"input": [item]})):
        assert http.post(path, json=body).status_code == 400


@pytest.mark.parametrize(
    ("prefix", "newer"),
    [
        ("mcp", {"error": "a text, as in 2025"}),
        ("ws", {"action": {"type": "look_around"}}),
        ("ci", {"outputs": [{"type": "sounds", "url": "x"}], "status": "thinking"}),
        ("mcpl", {"tools": [{"name": "find", "input_schema": {}, "colour": "red"}], "colour": "red"}),
        ("mcpl", {"tools": [{"name": "find", "input_schema": {"enum": 5, "anyOf": 5, "properties": [1]}}]}),
        ("mcpl", {"tools": [{"name": "find", "input_schema": {"properties": {"a": 1}, "required": 5}}]}),
        ("ig", {"quality": "best", "size": "1x1"}),
    ],
)
def test_what_is_newer_than_the_sdk_is_taken(http: httpx2.Client, prefix: str, newer: dict[str, Any]) -> None:
    item = {"id": f"{prefix}_1", **SERVICE[prefix], **newer}
    answer = http.post("responses", json=PING | {"input": [item, {"role": "user", "content": "And now?"}]})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("output", [{"type": "x"}, 7])
@pytest.mark.parametrize("kind", ["function_call", "custom_tool_call"])
def test_the_output_of_a_call_is_a_text_or_parts(http: httpx2.Client, kind: str, output: Any) -> None:
    call = {"type": kind, "call_id": "call_1", "name": "ring", "arguments" if kind[0] == "f" else "input": "{}"}
    got = refusal(http, PING | {"input": [call, {"type": f"{kind}_output", "call_id": "call_1", "output": output}]})
    assert got[:2] == ("input[1].output", "invalid_type")


ID = "Expected an ID that contains letters, numbers, underscores, or dashes, but this value contained additional char"


@pytest.mark.parametrize(
    ("place", "changes", "code", "words"),
    [
        (
            "input[1].call_id",
            {"call_id": "c" * 67},
            "string_above_max_length",
            "string too long. Expected a string with maximum length 64, but got a string with length 67 instead.",
        ),
        ("input[1].call_id", {"call_id": ""}, "empty_string", "minimum length 1, but got an empty string instead."),
        (
            "input[1].name",
            {"name": "ring it"},
            "invalid_value",
            "string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
        ),
        ("input[1].name", {"name": "ring.it"}, "invalid_value", "does not match pattern"),
        ("input[1].name", {"name": "klingelglöckchen"}, "invalid_value", "does not match pattern"),
        ("input[1].name", {"name": ""}, "empty_string", "empty string. Expected a string with minimum length 1, but"),
        ("input[1].name", {"name": "ring it " * 40}, "string_above_max_length", "maximum length 128, but got"),
        ("input[1].id", {"id": "fc_a:b"}, "invalid_value", f"Invalid 'input[1].id': 'fc_a:b'. {ID}acters."),
        ("input[1].id", {"id": "fc_abcDEF_"}, "invalid_value", ID),
        ("input[1].id", {"id": ""}, "invalid_value", f"Invalid 'input[1].id': ''. {ID}"),
        ("input[1].id", {"id": "fc_" + "+/" * 40}, "string_above_max_length", "maximum length 64, but got a string wi"),
    ],
)
def test_ids_and_names_of_a_call(
    http: httpx2.Client, place: str, changes: dict[str, Any], code: str, words: str
) -> None:
    done = DONE | {"call_id": changes.get("call_id", "call_1")}
    got = refusal(http, PING | {"input": [{"role": "user", "content": "Ring"}, CALL | changes, done]})
    assert got[:2] == (place, code)
    assert words in got[2]


@pytest.mark.parametrize(
    "changes",
    [
        {"call_id": "c" * 64},
        {"call_id": "a call: 1"},
        {"name": "r" * 128},
        {"id": "fc_a-b_C9"},
        {"id": "fc__" + "0" * 60},
    ],
)
def test_ids_and_names_that_are_taken(http: httpx2.Client, changes: dict[str, Any]) -> None:
    done = DONE | {"call_id": changes.get("call_id", "call_1")}
    answer = http.post("responses", json=PING | {"input": [CALL | changes, done]})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    "item",
    [
        {"role": "assistant", "content": "Hello"},
        {"type": "reasoning", "summary": []},
        {"type": "web_search_call", "status": "completed"},
    ],
)
def test_an_empty_id_is_none(http: httpx2.Client, item: dict[str, Any]) -> None:
    got = refusal(http, PING | {"input": [item | {"id": ""}, {"role": "user", "content": "And now?"}]})
    assert got[:2] == ("input[0].id", "invalid_value")
    assert got[2].startswith(f"Invalid 'input[0].id': ''. {ID}")


@pytest.mark.parametrize(
    ("more", "param", "words"),
    [
        ({"previous_response_id": "@results.ress"}, "previous_response_id", f"'@results.ress'. {ID}"),
        ({"previous_response_id": ""}, "previous_response_id", f"''. {ID}"),
        (
            {"previous_response_id": "gen-123"},
            "previous_response_id",
            "'gen-123'. Expected an ID that begins with 'res",
        ),
        (
            {"conversation": "wa_10_972"},
            "conversation",
            "Invalid 'conversation': 'wa_10_972'. Expected an ID that begi",
        ),
        ({"conversation": ""}, "conversation", f"''. {ID}"),
        ({"conversation": {"id": ""}}, "conversation.id", f"Invalid 'conversation.id': ''. {ID}"),
        ({"conversation": {"id": "abc"}}, "conversation.id", "begins with 'conv'."),
    ],
)
def test_what_cannot_be_the_id_of_what_went_before(
    http: httpx2.Client, more: dict[str, Any], param: str, words: str
) -> None:
    got = refusal(http, PING | more)
    assert got[:2] == (param, "invalid_value")
    assert words in got[2]


@pytest.mark.parametrize(
    ("tool", "place", "code", "words"),
    [
        ({"type": "namespace", "name": "x", "description": "d"}, "tools", MISSING, ""),
        ({"type": "namespace", "name": "x", "description": "d", "tools": None}, "tools", MISSING, ""),
        (
            {"type": "namespace", "name": "x", "description": "d", "tools": 1},
            "tools",
            "invalid_type",
            "an array of obj",
        ),
        (
            {"type": "file_search", "vector_store_ids": "vs_1"},
            "vector_store_ids",
            "invalid_type",
            "an array of strings",
        ),
        ({"type": "file_search", "vector_store_ids": ["vs_1"], "filters": {}}, "filters.type", MISSING, ""),
        ({"type": "file_search", "vector_store_ids": ["vs_1"], "filters": {"type": "eq"}}, "filters.key", MISSING, ""),
        (
            {"type": "file_search", "vector_store_ids": ["vs_1"], "filters": {"type": "and"}},
            "filters.filters",
            MISSING,
            "",
        ),
        (
            {"type": "file_search", "vector_store_ids": ["vs_1"], "filters": {"type": "eq", "key": 5, "value": 1}},
            "filters.key",
            "invalid_type",
            "expected a string, but got an integer",
        ),
        ({"type": "code_interpreter", "container": {}}, "container.type", MISSING, ""),
        ({"type": "code_interpreter", "container": 5}, "container", "invalid_type", "one of a string or object, but"),
        (
            {"type": "code_interpreter", "container": {"type": "auto", "file_ids": "x"}},
            "container.file_ids",
            "invalid_type",
            "an array of strings, but got a string",
        ),
        (
            {"type": "code_interpreter", "container": {"type": "auto", "network_policy": {}}},
            "container.network_policy.type",
            MISSING,
            "",
        ),
        (
            {"type": "code_interpreter", "container": {"type": "auto", "network_policy": {"type": "allowlist"}}},
            "container.network_policy.allowed_domains",
            MISSING,
            "",
        ),
        (
            {"type": "mcp", "server_label": "x", "server_url": "https://x.example", "require_approval": {"always": 5}},
            "require_approval.always",
            "invalid_type",
            "expected an object",
        ),
        (
            {"type": "mcp", "server_label": "x", "server_url": "https://x.example", "require_approval": 5},
            "require_approval",
            "invalid_type",
            "expected one of an object or 'always' or 'never', but got an integer",
        ),
        (
            {"type": "mcp", "server_label": "x", "server_url": "https://x.example", "allowed_tools": "a"},
            "allowed_tools",
            "invalid_type",
            "expected one of an array of strings or object, but got a string",
        ),
        (
            {"type": "mcp", "server_label": "x", "server_url": "https://x.example", "allowed_tools": {"tool_names": 1}},
            "allowed_tools.tool_names",
            "invalid_type",
            "expected an array of strings",
        ),
    ],
)
def test_what_is_wrong_in_one_of_several_shapes(
    http: httpx2.Client, tool: dict[str, Any], place: str, code: str, words: str
) -> None:
    got = refusal(http, PING | {"tools": [tool]})
    assert got[:2] == (f"tools[0].{place}", code)
    assert words in got[2]
