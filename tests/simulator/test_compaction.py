"""Compaction: on demand, by threshold, and what later turns see of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx2
import openai
import pytest
from openai import OpenAI
from openai.types.responses import ResponseUsage

MODEL = "gpt-4.1"
FOX = "Tell me a story about a fox exploring a forest. Be very descriptive. " * 12
MANAGED: Any = [{"type": "compaction", "compact_threshold": 1000}]
STORY = "The fox went on, under oaks and over moss, and the forest was green and quiet and very large. " * 18
SCRIPT = f"""
- when: {{contains: story}}
  say: {STORY}
- when: {{input: What is my name?, remembers: my name is Ada}}
  say: You are Ada; it is in what was compacted.
- when: {{input: What is 2+2?}}
  say: 2 + 2 = 4
"""


@pytest.fixture
def teller(scripted: Callable[[str], OpenAI]) -> OpenAI:
    return scripted(SCRIPT)


def kinds(response: Any) -> list[str]:
    return [item.type for item in response.output]


# -- on demand ---------------------------------------------------------------------------------------------------------


def test_compacting_gives_the_users_messages_and_one_item_as_recorded(http: httpx2.Client) -> None:
    history = [
        {"role": "user", "content": "Hello!"},
        {"role": "assistant", "content": "Hello! How can I assist you today?"},
        {"role": "user", "content": "How are you?"},
        {"role": "assistant", "content": "I'm just a program, but I'm here and ready to help you!"},
    ]
    request = {"model": "gpt-4o-mini", "input": history, "instructions": "You are a helpful assistant."}
    body = http.post("responses/compact", json=request).json()
    assert set(body) == {"id", "object", "created_at", "output", "usage"}
    assert body["object"] == "response.compaction"
    assert body["id"][21:23] == "01"  # recorded: it is not stored
    assert [item["type"] for item in body["output"]] == ["message", "message", "compaction"]
    first, _, compacted = body["output"]
    assert set(first) == {"id", "type", "status", "role", "content"}
    assert first["content"] == [{"type": "input_text", "text": "Hello!"}]
    assert set(compacted) == {"id", "type", "encrypted_content"}
    assert compacted["id"].startswith("cmp_" + body["id"][5:21])
    ResponseUsage.model_validate(body["usage"], strict=True)
    # Recorded for nearly the same: 160 tokens in, of which about 95 are the service's own prompt.
    assert 140 <= body["usage"]["input_tokens"] <= 160
    assert http.get(f"responses/{body['id']}").status_code == 404


def test_a_chain_is_compacted_by_its_last_response(client: OpenAI) -> None:
    made = client.responses.create(model=MODEL, input="My name is Ada.")
    (asked,) = client.responses.input_items.list(made.id).data
    compacted = client.responses.compact(model=MODEL, input=[], previous_response_id=made.id)
    assert [item.id for item in compacted.output][:1] == [asked.id]  # recorded: the stored item's own id
    assert compacted.id[5:21] == made.id[5:21]


def test_what_was_compacted_is_carried_on_without_any_state(teller: OpenAI) -> None:
    history: list[Any] = [
        {"role": "user", "content": "Hello, my name is Ada."},
        {"role": "assistant", "content": "Hello Ada."},
        {"role": "user", "content": "Tell me a story."},
        {"role": "assistant", "content": STORY},
    ]
    compacted = teller.responses.compact(model=MODEL, input=history)
    follow: list[Any] = [*compacted.output, {"role": "user", "content": "What is my name?"}]
    answer = teller.responses.create(model=MODEL, input=follow, store=False)
    assert answer.output_text == "You are Ada; it is in what was compacted."
    whole = teller.responses.create(model=MODEL, input=[*history, follow[-1]], store=False)
    assert answer.usage is not None
    assert whole.usage is not None
    assert answer.usage.input_tokens < whole.usage.input_tokens
    assert "Ada" not in compacted.output[-1].to_json()


@pytest.mark.parametrize(
    ("body", "status", "param", "code"),
    [
        ({"model": MODEL, "input": "Hi", "stream": True}, 400, "stream", "unknown_parameter"),
        ({"model": MODEL, "input": "Hi", "previous_response_id": "resp_x"}, 400, ..., "previous_response_not_found"),
        ({"model": "gpt-99", "input": "Hi"}, 404, ..., "DeploymentNotFound"),
        ({"input": "Hi"}, 400, ..., ...),
    ],
)
def test_what_cannot_be_compacted_is_refused(
    http: httpx2.Client, body: dict[str, Any], status: int, param: Any, code: Any
) -> None:
    answer = http.post("responses/compact", json=body)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert param in (..., error.get("param"))
    assert code in (..., error.get("code"))


def test_a_compaction_item_that_was_changed_is_refused(client: OpenAI) -> None:
    item: Any = client.responses.compact(model=MODEL, input="Hi").output[-1].to_dict()
    item["encrypted_content"] = item["encrypted_content"][:50] + "x" + item["encrypted_content"][51:]
    with pytest.raises(openai.BadRequestError) as error:
        client.responses.create(model=MODEL, input=[item, {"role": "user", "content": "Hi"}])
    assert error.value.code == "invalid_encrypted_content"


# -- by threshold ------------------------------------------------------------------------------------------------------


def test_a_turn_that_passes_the_threshold_ends_in_a_compaction_item_as_recorded(teller: OpenAI, check: Any) -> None:
    history: list[Any] = []
    seen = []
    for _ in range(3):
        history.append({"role": "user", "content": "Tell me a story."})
        stream = teller.responses.create(
            model=MODEL, input=history, context_management=MANAGED, stream=True, store=False
        )
        events = [event.to_dict(mode="json") for event in stream]
        check.stream(events)
        body: Any = events[-1]["response"]
        seen.append([item["type"] for item in body["output"]])
        assert "context_management" not in body  # as probed: it is not repeated
        history += body["output"]
    assert seen == [["message"], ["message"], ["message", "compaction"]]
    added, done = (event for event in events if event["type"].startswith("response.output_item") and _is_cmp(event))
    assert len(added["item"]["encrypted_content"]) < len(done["item"]["encrypted_content"])
    # The item is paid for as output, and what came before it is not read again.
    assert body["usage"]["output_tokens"] > len(STORY.split())
    after = teller.responses.create(
        model=MODEL, input=[*history, {"role": "user", "content": "What is 2+2?"}], store=False
    )
    assert after.output_text == "2 + 2 = 4"
    assert after.usage is not None
    assert after.usage.input_tokens < body["usage"]["input_tokens"]


def _is_cmp(event: Any) -> bool:
    return bool(event["item"]["type"] == "compaction")


def test_items_before_the_compaction_item_may_be_left_out(teller: OpenAI) -> None:
    history: list[Any] = [{"role": "user", "content": FOX}]
    for _ in range(3):
        answer = teller.responses.create(model=MODEL, input=history, context_management=MANAGED, store=False)
        history += [*answer.output, {"role": "user", "content": "What is 2+2?"}]
        if "compaction" in kinds(answer):
            break
        history[-1] = {"role": "user", "content": FOX}
    last = max(n for n, item in enumerate(history) if getattr(item, "type", "") == "compaction")
    whole, pruned = (
        teller.responses.create(model=MODEL, input=items, store=False).usage for items in (history, history[last:])
    )
    assert whole == pruned


def test_a_chain_that_is_past_the_threshold_is_compacted_before_the_answer(teller: OpenAI) -> None:
    made = teller.responses.create(model=MODEL, input=FOX + "And my name is Ada.")
    for _ in range(3):
        made = teller.responses.create(model=MODEL, input="One more story.", previous_response_id=made.id)
    answer = teller.responses.create(
        model=MODEL, input="What is my name?", previous_response_id=made.id, context_management=MANAGED
    )
    assert kinds(answer) == ["compaction", "message"]
    assert (
        "2 + 2"
        in teller.responses.create(model=MODEL, input="What is 2+2?", previous_response_id=answer.id).output_text
    )
    usage = teller.responses.create(model=MODEL, input="What is 2+2?", previous_response_id=answer.id).usage
    assert usage is not None
    assert answer.usage is not None
    assert usage.input_tokens < answer.usage.input_tokens


def test_compactions_add_up(client: OpenAI) -> None:
    made = client.responses.create(model=MODEL, input="My name is Ada. " + FOX * 6, context_management=MANAGED)
    assert kinds(made) == ["message", "compaction"]
    for _ in range(2):
        made = client.responses.create(
            model=MODEL, input=FOX * 6, previous_response_id=made.id, context_management=MANAGED
        )
        assert "compaction" in kinds(made)
    answer = client.responses.create(model=MODEL, input="Who am I?", previous_response_id=made.id)
    assert "user: My name is Ada." in answer.output_text


def test_a_turn_that_waits_for_a_tool_is_not_compacted(client: OpenAI) -> None:
    tool: Any = {"type": "function", "name": "tell_story", "parameters": None, "strict": False}
    asked = client.responses.create(model=MODEL, input=FOX * 6, tools=[tool], context_management=MANAGED)
    (call,) = [item for item in asked.output if item.type == "function_call"]
    assert kinds(asked) == ["function_call"]
    output: Any = {"type": "function_call_output", "call_id": call.call_id, "output": "Once upon a time."}
    answer = client.responses.create(
        model=MODEL, input=[output], previous_response_id=asked.id, context_management=MANAGED
    )
    assert kinds(answer) == ["message", "compaction"]


def test_a_trigger_compacts_at_once(client: OpenAI) -> None:
    history: list[Any] = [{"role": "user", "content": "My name is Ada."}, {"type": "compaction_trigger"}]
    made = client.responses.create(model=MODEL, input=history)
    assert kinds(made) == ["compaction"]
    answer = client.responses.create(model=MODEL, input="Who am I?", previous_response_id=made.id)
    assert "user: My name is Ada." in answer.output_text
    with pytest.raises(openai.BadRequestError):
        client.responses.create(model=MODEL, input=history[::-1])


@pytest.mark.parametrize(
    ("management", "code"),
    [
        ([{"type": "compaction", "compact_threshold": 999}], "integer_below_min_value"),
        ([{"type": "forgetting"}], "invalid_value"),
        ("compaction", "invalid_type"),
    ],
)
def test_context_management_is_checked(client: OpenAI, management: Any, code: str) -> None:
    with pytest.raises(openai.BadRequestError) as error:
        client.responses.create(model=MODEL, input="Hi", context_management=management)
    assert error.value.code == code


# -- counting ----------------------------------------------------------------------------------------------------------


def test_input_tokens_are_counted_as_recorded(http: httpx2.Client, client: OpenAI) -> None:
    counted = http.post("responses/input_tokens", json={"model": "gpt-4o-mini", "input": "Tell me a joke."}).json()
    assert counted == {"object": "response.input_tokens", "input_tokens": 12}
    empty: Any = {"input": [{"content": "", "role": "user"}], "instructions": "Follow the system instructions."}
    assert client.responses.input_tokens.count(model="gpt-4.1-mini", **empty).input_tokens == 16
    tool: Any = {
        "type": "function",
        "name": "get_weather",
        "description": "Get the weather for a location",
        "parameters": {"type": "object", "properties": {"location": {"type": "string"}}, "additionalProperties": False},
        "strict": False,
    }
    asked: Any = {"input": "What is the weather in Paris?", "tools": [tool], "tool_choice": "required"}
    counted = client.responses.input_tokens.count(model="gpt-4.1-mini", **asked).input_tokens
    assert abs(counted - 51) <= 2


def test_what_is_counted_is_what_is_billed(client: OpenAI) -> None:
    first = client.responses.create(model="gpt-5.6-sol", input=FOX, reasoning={"effort": "high"})
    request: dict[str, Any] = {
        "model": "gpt-5.6-sol",
        "input": "And then?",
        "instructions": "Be brief.",
        "previous_response_id": first.id,
    }
    usage = client.responses.create(**request).usage
    assert usage is not None
    assert client.responses.input_tokens.count(**request).input_tokens == usage.input_tokens


def test_counting_takes_the_sdks_parameters_and_no_others(client: OpenAI, http: httpx2.Client) -> None:
    counted = client.responses.input_tokens.count(
        model=MODEL,
        input="Hi",
        personality="friendly",
        parallel_tool_calls=True,
        text={"verbosity": "medium"},
        truncation="auto",
    )
    assert counted.input_tokens > 0
    answer = http.post("responses/input_tokens", json={"model": MODEL, "input": "Hi", "stream": True})
    assert answer.json()["error"]["code"] == "unknown_parameter"
