"""Ten thousand requests that nobody would send: each is answered, and none with a 5xx."""

from __future__ import annotations

import asyncio
import copy
import json
import random
from typing import Any

import pytest

from simulator import Service
from simulator.clock import SteppedClock

REQUESTS = 10_000
BATCHES = 4
SECONDS = 20  # for one request; what takes longer hangs

ODD: list[Any] = [
    None, True, False, 0, -1, 1.5, 1e308, 2**63, "", " ", "auto", "résumé 🚲", "\u0000", "\ud800", "x" * 5_000, [], {},
    [[]], [{}], [None], {"type": None}, {"type": "text"}, {"": ""}, ["a"], {"type": "message"}, {"id": "resp_0"},
    "resp_" + "0" * 50, "msg_" + "f" * 50, "file-x", "data:image/png;base64,AAAA", "http://127.0.0.1:9/x",
    "../../etc/passwd",
    {"a": {"b": {"c": {"d": []}}}}, "{", "null", "required", "none", "gpt-5-mini", "gpt-4o", "o3-mini",
]  # fmt: skip

FUNCTION = {
    "type": "function",
    "name": "add",
    "description": "Adds.",
    "parameters": {
        "type": "object",
        "properties": {"a": {"type": "integer"}, "b": {"type": ["number", "null"]}},
        "required": ["a", "b"],
        "additionalProperties": False,
    },
    "strict": True,
}
CALL = {"type": "function_call", "call_id": "call_1", "name": "add", "arguments": '{"a": 1, "b": 2}'}
RESULT = {"type": "function_call_output", "call_id": "call_1", "output": "3"}
SCHEMA = {"type": "object", "properties": {"x": {"type": "string"}}, "required": ["x"], "additionalProperties": False}
SOUND: list[dict[str, Any]] = [
    {"model": "gpt-5.4-mini", "input": "Hello"},
    {"model": "gpt-5-mini", "input": "Hello", "reasoning": {"effort": "low", "summary": "auto"}, "stream": True},
    {"model": "gpt-4o", "input": [{"role": "user", "content": [{"type": "input_text", "text": "Hi"}]}], "top_p": 0.5},
    {"model": "gpt-5.4-mini", "input": "add 1 and 2", "tools": [FUNCTION], "tool_choice": "required"},
    {
        "model": "gpt-5.4-mini",
        "input": [{"role": "user", "content": "add"}, CALL, RESULT],
        "tools": [FUNCTION, {"type": "custom", "name": "sql", "format": {"type": "text"}}],
    },
    {
        "model": "gpt-5.4-mini",
        "input": [
            {"role": "user", "content": "Look it up."},
            {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "Hm."}]},
            {"type": "web_search_call", "id": "ws_1", "action": {"type": "search", "query": "q"}},
            {"type": "mcp_list_tools", "id": "mcpl_1", "server_label": "docs", "tools": []},
            {"type": "mcp_call", "id": "mcp_1", "server_label": "docs", "name": "f", "arguments": "{}", "output": "x"},
            {"type": "custom_tool_call", "call_id": "call_2", "name": "sql", "input": "select"},
            {"type": "custom_tool_call_output", "call_id": "call_2", "output": [{"type": "input_text", "text": "3"}]},
            {"type": "computer_call", "id": "cu_1", "call_id": "call_3", "actions": [], "pending_safety_checks": []},
            {"type": "computer_call_output", "call_id": "call_3", "output": {"type": "computer_screenshot"}},
            {"type": "item_reference", "id": "msg_1"},
            {"role": "assistant", "content": [{"type": "output_text", "text": "It is 3.", "annotations": []}]},
        ],
    },
    {
        "model": "gpt-5.4-mini",
        "input": "as JSON",
        "text": {"format": {"type": "json_schema", "name": "x", "schema": SCHEMA, "strict": True}, "verbosity": "low"},
    },
    {"model": "gpt-5.4-mini", "input": "Hello", "background": True, "metadata": {"a": "b"}, "max_output_tokens": 64},
    {
        "model": "gpt-5-mini",
        "input": "Hello",
        "store": False,
        "include": ["reasoning.encrypted_content"],
        "truncation": "auto",
        "prompt_cache_key": "k",
        "service_tier": "default",
        "safety_identifier": "me",
        "parallel_tool_calls": False,
    },
    {
        "model": "gpt-5.4-mini",
        "input": [
            {"role": "developer", "content": "Be brief."},
            {
                "role": "user",
                "content": [
                    {"type": "input_text", "text": "What is it?"},
                    {"type": "input_image", "image_url": "data:image/png;base64,AAAA", "detail": "low"},
                    {"type": "input_file", "filename": "a.pdf", "file_data": "data:application/pdf;base64,AAAA"},
                ],
            },
        ],
        "instructions": "Look.",
    },
    {
        "model": "gpt-5.4-mini",
        "input": "use a tool",
        "tools": [
            {"type": "web_search"},
            {"type": "code_interpreter", "container": {"type": "auto"}},
            {"type": "image_generation", "size": "1024x1024"},
            {"type": "file_search", "vector_store_ids": ["vs_0"]},
            {"type": "mcp", "server_label": "docs", "server_url": "https://example.com", "require_approval": "never"},
        ],
        "tool_choice": {"type": "allowed_tools", "mode": "auto", "tools": [{"type": "web_search"}]},
    },
]  # fmt: skip
PLACES = [
    ("POST", "/responses"),
    ("POST", "/responses/input_tokens"),
    ("POST", "/responses/compact"),
    ("POST", "/conversations"),
    ("POST", "/containers"),
    ("POST", "/vector_stores"),
    ("POST", "/files"),
    ("GET", "/responses/{id}"),
    ("GET", "/responses/{id}/input_items"),
    ("POST", "/responses/{id}/cancel"),
    ("DELETE", "/responses/{id}"),
    ("GET", "/conversations/{id}/items"),
    ("POST", "/conversations/{id}/items"),
    ("GET", "/containers/{id}/files"),
    ("GET", "/files/{id}/content"),
    ("GET", "/vector_stores/{id}/files"),
    ("GET", "/models"),
    ("PATCH", "/responses"),
]
QUERIES = ["limit", "order", "after", "before", "include", "include[]", "stream", "starting_after", "api-version", "x"]

VALUES = ["1", "0", "-1", "true", "asc", "x", "", "resp_0", "9" * 30]


class Fuzzer:
    """Makes requests out of sound ones, by a seed; remembers ids that it saw, so that some lead somewhere."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.ids = ["resp_" + "0" * 50]

    def request(self) -> tuple[str, str, bytes]:
        """Return method, URL and body."""
        chance = self._random
        method, path = PLACES[0] if chance.random() < 0.7 else chance.choice(PLACES)
        url = "/openai/v1" + path.format(id=chance.choice(self.ids) if chance.random() < 0.8 else "%2e%2e%2f")
        if chance.random() < 0.2:
            url += f"?{chance.choice(QUERIES)}={chance.choice(VALUES)}"
        if method != "POST":
            return method, url, b""
        body = copy.deepcopy(chance.choice(SOUND))
        if chance.random() < 0.2:
            body["previous_response_id"] = chance.choice(self.ids)
        for _ in range(chance.randint(0, 3)):
            self._mutate(body)
        text = json.dumps(body)
        if chance.random() < 0.03:
            text = text[: chance.randint(0, len(text))]
        return method, url, text.encode("utf-8", "surrogatepass")

    def _mutate(self, body: dict[str, Any]) -> None:
        """Replace, remove, copy or add something, somewhere in the body."""
        chance = self._random
        spots: list[tuple[Any, Any]] = []

        def walk(value: Any) -> None:
            for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
                spots.append((value, key))
                if isinstance(inner, dict | list):
                    walk(inner)

        walk(body)
        if not spots:
            return
        at, key = chance.choice(spots)
        kind = chance.random()
        if kind < 0.6:
            at[key] = copy.deepcopy(chance.choice(ODD))
        elif kind < 0.75:
            del at[key]
        elif kind < 0.9 and isinstance(at, dict):
            at[chance.choice(["type", "id", "strict", "name", "x", "content", "phase"])] = copy.deepcopy(
                chance.choice(ODD)
            )
        else:
            other, other_key = chance.choice(spots)
            if other_key in other if isinstance(other, dict) else other_key < len(other):
                at[key] = copy.deepcopy(other[other_key])


@pytest.mark.parametrize("batch", range(BATCHES))
async def test_every_request_is_answered(batch: int) -> None:
    service, fuzzer = Service(seed="fuzz", clock=SteppedClock()), Fuzzer(batch)
    statuses: set[int] = set()
    for number in range(REQUESTS // BATCHES):
        method, url, body = fuzzer.request()
        said = f"batch {batch}, request {number}: {method} {url} {body[:2000]!r}"
        headers = {"api-key": "k", "content-type": "application/json"}
        try:
            async with asyncio.timeout(SECONDS):
                reply = await service.handle(method, url, headers, body)
                answer = reply.body if isinstance(reply.body, bytes) else b"".join([part async for part in reply.body])
        except Exception as error:
            raise AssertionError(f"{type(error).__name__} at {said}") from error
        statuses.add(reply.status)
        assert reply.status < 500, f"{reply.status} {answer[:500]!r} at {said}"
        if reply.status >= 400:
            message = json.loads(answer)["error"]["message"]
            assert message, said
        elif answer.startswith(b'{"id":"'):
            fuzzer.ids = [*fuzzer.ids[-9:], json.loads(answer)["id"]]
    assert {200, 400, 404} <= statuses
