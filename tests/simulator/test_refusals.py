"""What is refused first, and in which words: as probes of the service have shown it (gpt-5.6-terra, 2026-08-30)."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from simulator import errors

MISSING = "missing_required_parameter"
ONE_OF = """One of "input" or "previous_response_id" or 'prompt' or 'conversation' must be provided."""
PING = {"model": "gpt-5.6-terra", "input": "Ping"}


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


@pytest.mark.parametrize("empty", ["", []])
def test_nothing_to_answer(http: httpx2.Client, empty: Any) -> None:
    assert refusal(http, PING | {"input": empty}) == (None, MISSING, ONE_OF)
    assert refusal(http, PING | {"input": empty, "temperature": 0.2})[1] == MISSING  # before what the model takes


def test_no_input_is_said_before_anything_else_of_it(http: httpx2.Client) -> None:
    for more in ({}, {"zzz": 1}, {"truncation": "off"}):
        assert refusal(http, {"model": "gpt-5.6-terra", **more})[:2] == ("input", MISSING)


@pytest.mark.parametrize(
    ("more", "param", "code", "words"),
    [
        ({"input": ["Ping"]}, "input[0]", "invalid_type", "expected an input item, but got a string instead."),
        ({"input": [{}]}, "input[0]", "invalid_value", "Invalid value: ''. Supported values are: 'assistant', "),
        ({"input": [{"type": "letter"}]}, "input[0]", "invalid_value", "'additional_tools', 'agent_message', "),
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
