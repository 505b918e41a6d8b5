"""What the Open Responses specification asks of any server (openresponses.org, its checks as of 2026-07)."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import httpx2
import pytest
from PIL import Image

NULLABLE = {
    *("completed_at", "incomplete_details", "previous_response_id", "instructions", "error", "reasoning", "usage"),
    *("max_output_tokens", "max_tool_calls", "safety_identifier", "prompt_cache_key"),
}
ALWAYS = {
    *("id", "created_at", "status", "model", "output", "tools", "tool_choice", "truncation", "parallel_tool_calls"),
    *("text", "top_p", "temperature", "presence_penalty", "frequency_penalty", "top_logprobs", "store", "background"),
    *("service_tier", "object"),
}
WEATHER = {
    "type": "function",
    "name": "get_weather",
    "description": "Get the current weather for a place",
    "parameters": {"type": "object", "properties": {"place": {"type": "string"}}, "required": ["place"]},
}


def picture() -> str:
    drawn = io.BytesIO()
    Image.new("RGB", (32, 32), "crimson").save(drawn, "PNG")
    return "data:image/png;base64," + base64.b64encode(drawn.getvalue()).decode()


def message(role: str, content: Any, **more: Any) -> dict[str, Any]:
    return {"type": "message", "role": role, "content": content, **more}


ASKED: dict[str, dict[str, Any]] = {
    "a text": {"input": [message("user", "Say hello in exactly 3 words.")]},
    "a system message": {"input": [message("system", "You are a pirate."), message("user", "Say hello.")]},
    "a function": {"input": [message("user", "What's the weather like in San Francisco?")], "tools": [WEATHER]},
    "a picture": {
        "input": [
            message("user", [{"type": "input_text", "text": "What?"}, {"type": "input_image", "image_url": picture()}])
        ]
    },
    "a history": {
        "input": [
            message("user", "My name is Alice."),
            message("assistant", "Hello Alice. How can I help?"),
            message("user", "What is my name?"),
        ]
    },
    "an assistant message with a phase": {
        "input": [
            message("user", "My name is Alice."),
            message("assistant", "Hello Alice.", phase="final_answer"),
            message("user", "What is my name?"),
        ]
    },
}  # fmt: skip


def check(body: dict[str, Any]) -> None:
    """Fail unless a body has every key, with null only where the specification has it."""
    assert set(body) >= NULLABLE | ALWAYS
    assert [name for name in ALWAYS if body[name] is None] == []
    assert isinstance(body["created_at"], int)
    assert body["text"]["format"]["type"] == "text"
    assert {"input_tokens_details", "output_tokens_details"} <= set(body["usage"])
    assert body["reasoning"] is None or {"effort", "summary"} <= set(body["reasoning"])
    for tool in body["tools"]:
        assert {"type", "name", "description", "parameters", "strict"} <= set(tool)
    assert body["status"] == "completed"
    assert body["output"]


@pytest.mark.parametrize("model", ["gpt-5.4-mini", "gpt-5-mini", "gpt-4o"])
@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("asked", ASKED)
def test_every_server(http: httpx2.Client, asked: str, stream: bool, model: str) -> None:
    answer = http.post("responses", json={"model": model, "stream": stream, **ASKED[asked]})
    assert answer.status_code == 200, answer.text
    if stream:
        events = [json.loads(line[6:]) for line in answer.text.split("\n") if line.startswith("data: ")]
        assert [event["sequence_number"] for event in events] == list(range(len(events)))
        body = events[-1]["response"]
    else:
        body = answer.json()
    check(body)
    called = [item for item in body["output"] if item["type"] == "function_call"]
    assert len(called) == (asked == "a function")
    if stream and called:
        kinds = [event["type"] for event in events]
        assert {"response.function_call_arguments.delta", "response.function_call_arguments.done"} <= set(kinds)


def test_compaction(http: httpx2.Client) -> None:
    body = http.post("responses/compact", json={"model": "gpt-5.4-mini", **ASKED["a history"]}).json()
    assert body["object"] == "response.compaction"
    assert isinstance(body["created_at"], int)
    assert {"input_tokens_details", "output_tokens_details"} <= set(body["usage"])
    item = next(item for item in body["output"] if item["type"] == "compaction")
    assert item["id"]
    assert item["encrypted_content"]


def test_compaction_needs_a_model(http: httpx2.Client) -> None:
    assert http.post("responses/compact", json=ASKED["a history"]).status_code == 400
