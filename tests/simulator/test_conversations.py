"""Conversations: the object, its items, and responses that join and extend it."""

from __future__ import annotations

from typing import Any

import httpx2
import openai
import pytest
from openai import OpenAI
from openai.types.conversations import Conversation, ConversationDeletedResource, ConversationItem, ConversationItemList
from pydantic import TypeAdapter

from simulator.clock import SteppedClock

MODEL = "gpt-5.4-mini"
JOKE: Any = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "tell me a joke"}]}

_ITEM: TypeAdapter[Any] = TypeAdapter(ConversationItem)


def texts(client: OpenAI, conversation_id: str) -> list[str]:
    """Return role and first words of each item, oldest first."""
    items = client.conversations.items.list(conversation_id, order="asc").data
    for item in items:
        _ITEM.validate_python(item.to_dict(), strict=True)
    return [
        f"{item.role}: {item.content[0].text[:20]}" if item.type == "message" else item.type  # type: ignore[union-attr]
        for item in items
    ]


def error_of(call: Any, *args: Any, **request: Any) -> dict[str, Any]:
    with pytest.raises(openai.APIStatusError) as error:
        call(*args, **request)
    return {"status": error.value.status_code, **error.value.response.json()["error"]}


# -- the object --------------------------------------------------------------------------------------------------------


def test_a_conversation_lives_as_recorded(client: OpenAI, http: httpx2.Client) -> None:
    made = http.post("conversations", json={"metadata": {"topic": "test"}, "items": [JOKE]}).json()
    assert list(made) == ["id", "object", "created_at", "metadata"]
    Conversation.model_validate(made, strict=True)
    assert len(made["id"]) == len("conv_") + 48
    assert int(made["id"][5:13], 16) == made["created_at"]
    assert http.get(f"conversations/{made['id']}").json() == made
    changed = {"topic": "updated-test", "purpose": "conversation-test"}
    assert http.post(f"conversations/{made['id']}", json={"metadata": changed}).json() == {**made, "metadata": changed}
    assert http.get(f"conversations/{made['id']}").json()["metadata"] == changed
    deleted = http.delete(f"conversations/{made['id']}").json()
    ConversationDeletedResource.model_validate(deleted, strict=True)
    assert deleted == {"id": made["id"], "object": "conversation.deleted", "deleted": True}
    assert error_of(client.conversations.retrieve, made["id"]) == {
        "status": 404,
        "message": f"Conversation with id '{made['id']}' not found.",
        "type": "invalid_request_error",
        "param": None,
        "code": None,
    }
    assert error_of(client.conversations.delete, made["id"])["status"] == 404


def test_an_empty_conversation_needs_nothing(client: OpenAI) -> None:
    made = client.conversations.create()
    assert made.metadata == {}
    assert texts(client, made.id) == []


def test_metadata_is_replaced_as_a_whole_and_null_empties_it(client: OpenAI) -> None:
    made = client.conversations.create(metadata={"a": "1"})
    assert client.conversations.update(made.id, metadata={"b": "2"}).metadata == {"b": "2"}
    assert client.conversations.update(made.id, metadata=None).metadata == {}


@pytest.mark.parametrize(
    ("body", "param", "code"),
    [
        ({"topic": "x"}, "topic", "unknown_parameter"),
        ({"metadata": {"k": 1}}, "metadata.k", "invalid_type"),
        ({"metadata": {"k": "v" * 513}}, "metadata.k", "string_above_max_length"),
        ({"items": "x"}, "items", "invalid_type"),
        ({"items": [JOKE] * 21}, "items", "array_above_max_length"),
        ({"items": [{"role": "king", "content": "x"}]}, "items[0]", "invalid_value"),
    ],
)
def test_what_is_wrong_with_a_conversation_is_said(
    http: httpx2.Client, body: dict[str, Any], param: str, code: str
) -> None:
    answer = http.post("conversations", json=body)
    assert answer.status_code == 400
    assert (answer.json()["error"]["param"], answer.json()["error"]["code"]) == (param, code)


# -- items -------------------------------------------------------------------------------------------------------------


def test_items_are_added_listed_retrieved_and_deleted(client: OpenAI, http: httpx2.Client) -> None:
    made = client.conversations.create(items=[JOKE])
    more = [{"role": "user", "content": "one"}, {"role": "assistant", "content": "two"}]
    listed = http.post(f"conversations/{made.id}/items", json={"items": more}).json()
    ConversationItemList.model_validate(listed, strict=True)
    assert (listed["first_id"], listed["last_id"], listed["has_more"]) == (
        listed["data"][0]["id"],
        listed["data"][1]["id"],
        False,
    )
    assert texts(client, made.id) == ["user: tell me a joke", "user: one", "assistant: two"]
    newest = client.conversations.items.list(made.id, limit=1)
    assert newest.data[0].id == listed["last_id"]
    assert newest.has_more
    assert [item.id for item in client.conversations.items.list(made.id, limit=1)][::-1][1:] == [
        item["id"] for item in listed["data"]
    ]
    one = client.conversations.items.retrieve(listed["first_id"], conversation_id=made.id)
    assert one.to_dict() == listed["data"][0]
    assert client.conversations.items.delete(listed["first_id"], conversation_id=made.id) == made
    assert texts(client, made.id) == ["user: tell me a joke", "assistant: two"]
    assert error_of(client.conversations.items.retrieve, listed["first_id"], conversation_id=made.id)["status"] == 404
    assert error_of(client.conversations.items.delete, listed["first_id"], conversation_id=made.id)["status"] == 404


def test_reasoning_is_listed_encrypted_only_where_asked_for(client: OpenAI) -> None:
    made = client.conversations.create()
    client.responses.create(
        model="gpt-5-mini", input="Hi", conversation=made.id, include=["reasoning.encrypted_content"]
    )

    def listed(**query: Any) -> dict[str, Any]:
        items = client.conversations.items.list(made.id, **query).data
        return next(item.to_dict() for item in items if item.type == "reasoning")

    assert "encrypted_content" not in listed()
    assert "encrypted_content" in listed(include=["message.output_text.logprobs", "reasoning.encrypted_content"])


def said(*parts: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"role": "user", "content": list(parts) or "Hello", **members}


@pytest.mark.parametrize(
    ("given", "status", "param", "words"),
    [
        (
            [said({"type": "input_image", "image_url": "nope"})],
            400,
            "items[0].content[0].image_url",
            "Expected a valid URL",
        ),
        (
            [said({"type": "input_image", "image_url": "data:image/png;base64,AAAA"})],
            400,
            "items[0].content[0]",
            "image",
        ),
        ([said({"type": "input_file", "file_id": "file-none"})], 404, "id", "No such File object: file-none"),
        ([said(id="msg_a"), said(id="msg_a")], 400, "items", "Duplicate item found with id msg_a."),
        ([said(id="msg_held")], 400, "items", "Duplicate item found with id msg_held."),
        ([{"type": "item_reference", "id": "msg_none"}], 404, "items", "Item with id 'msg_none' not found."),
        ([{"type": "reasoning", "id": "rs_none", "summary": []}], 404, "items", "Item with id 'rs_none' not found."),
        ([said(), {"type": "compaction_trigger"}], 400, "items[1]", "A 'compaction_trigger' must be the final input"),
        (
            [said(), {"type": "compaction", "encrypted_content": "gAAAAABofsealedVw=="}],
            400,
            "items[1]",
            "The encrypted content gAAA...Vw== could not be verified. Reason: Encrypted content could not be decrypted",
        ),
        (
            [{"type": "compaction", "id": "cmp_a", "encrypted_content": ""}],
            400,
            "items[0]",
            "The encrypted content for item cmp_a could not be verified.",
        ),
        (
            [{"type": "mcp_list_tools", "server_label": "x", "tools": [1]}],
            400,
            "items[0].tools[0]",
            "expected an object",
        ),
        ([{"type": "function_call", "call_id": "c", "name": "a b", "arguments": ""}], 400, "items[0].name", "pattern"),
    ],
)
def test_a_conversation_holds_nothing_that_the_input_of_a_response_may_not(
    http: httpx2.Client, given: list[dict[str, Any]], status: int, param: str, words: str
) -> None:
    made = http.post("conversations", json={"items": [said(id="msg_held")]}).json()["id"]
    answer = http.post(f"conversations/{made}/items", json={"items": given})
    assert (answer.status_code, answer.json()["error"]["param"]) == (status, param)
    assert words in answer.json()["error"]["message"]
    if given[0].get("id") != "msg_held":
        assert http.post("conversations", json={"items": given}).json() == answer.json()
    assert len(http.get(f"conversations/{made}/items").json()["data"]) == 1
    body = {"model": MODEL, "input": "Hi", "conversation": made}
    assert http.post("responses", json=body).status_code == 200  # it is as sound as before


def test_a_reference_is_replaced_by_what_it_refers_to(client: OpenAI, http: httpx2.Client) -> None:
    (message,) = client.responses.create(model=MODEL, input="Hello").output
    made = http.post("conversations", json={"items": [{"type": "item_reference", "id": message.id}]}).json()["id"]
    assert http.get(f"conversations/{made}/items").json()["data"] == [message.to_dict()]


def test_a_picture_in_a_conversation_costs_what_it_costs(client: OpenAI) -> None:
    picture: Any = {"type": "input_image", "image_url": "https://www.bikes.example/files/station_map.png"}
    made = client.conversations.create(items=[said(picture)])  # type: ignore[list-item]
    answer = client.responses.create(model=MODEL, input="What is it?", conversation=made.id)
    assert answer.usage is not None
    assert answer.usage.input_tokens > 100


# -- responses in a conversation ---------------------------------------------------------------------------------------


def test_a_response_continues_its_conversation_and_extends_it(client: OpenAI) -> None:
    made = client.conversations.create(items=[{"role": "user", "content": "My name is Ada."}])
    first = client.responses.create(model=MODEL, input="Hello", conversation=made.id)
    assert first.conversation is not None
    assert first.conversation.id == made.id
    assert first.previous_response_id is None
    assert first.id[5:21] == made.id[-16:]  # reported 2025-10: responses have their conversation's 16 digits
    second = client.responses.create(model=MODEL, input="Again", conversation={"id": made.id})
    assert second.usage is not None
    assert first.usage is not None
    assert second.usage.input_tokens > first.usage.input_tokens
    assert "3 × user message" in second.output_text
    assert [line.split(":")[0] for line in texts(client, made.id)] == ["user", "user", "assistant", "user", "assistant"]
    seen = client.responses.input_items.list(second.id, order="asc").data
    assert [item.type for item in seen] == ["message"] * 4


def test_tool_calls_go_through_a_conversation(client: OpenAI) -> None:
    tool: Any = {"type": "function", "name": "count_bikes", "parameters": None, "strict": False}
    made = client.conversations.create()
    asked = client.responses.create(model=MODEL, input="Count the bikes", tools=[tool], conversation=made.id)
    (call,) = [item for item in asked.output if item.type == "function_call"]
    waiting = error_of(client.responses.create, model=MODEL, input="And?", conversation=made.id)
    assert waiting["message"] == f"No tool output found for function call {call.call_id}."
    output: Any = {"type": "function_call_output", "call_id": call.call_id, "output": "12"}
    assert "12" in client.responses.create(model=MODEL, input=[output], conversation=made.id).output_text
    assert texts(client, made.id)[1:3] == ["function_call", "function_call_output"]


def test_a_stream_has_joined_its_conversation_when_it_says_completed(client: OpenAI) -> None:
    made = client.conversations.create()
    for event in client.responses.create(model=MODEL, input="Hi", conversation=made.id, stream=True):
        if event.type == "response.completed":
            break
        if event.type == "response.output_text.done":
            assert texts(client, made.id) == []  # input and output appear together, once it has ended
    assert len(texts(client, made.id)) == 2


def test_a_background_response_joins_when_it_is_done(client: OpenAI, clock: SteppedClock) -> None:
    made = client.conversations.create()
    job = client.responses.create(model=MODEL, input="Hi", conversation=made.id, background=True)
    assert texts(client, made.id) == []
    clock.advance(60)
    assert len(texts(client, made.id)) == 2  # looking at the conversation is enough
    assert client.responses.retrieve(job.id).status == "completed"


def test_a_conversation_is_locked_while_a_response_is_at_work(client: OpenAI, clock: SteppedClock) -> None:
    made = client.conversations.create()
    job = client.responses.create(model=MODEL, input="Hi", conversation=made.id, background=True)
    assert error_of(client.responses.create, model=MODEL, input="Me too", conversation=made.id) == {
        "status": 400,
        "message": "Another process is currently operating on this conversation. Please retry in a few seconds.",
        "type": "invalid_request_error",
        "param": "conversation",
        "code": "conversation_locked",
    }
    client.responses.cancel(job.id)
    client.responses.create(model=MODEL, input="Me too", conversation=made.id)
    assert texts(client, made.id)[0] == "user: Me too"  # what was cancelled left nothing


def test_a_stream_that_is_left_early_adds_nothing_and_locks_nothing(client: OpenAI) -> None:
    made = client.conversations.create()
    with client.responses.create(model=MODEL, input="Hi", conversation=made.id, stream=True) as stream:
        next(iter(stream))
    client.responses.create(model=MODEL, input="Then this", conversation=made.id)
    assert texts(client, made.id)[0] == "user: Then this"
    assert len(texts(client, made.id)) == 2


def test_a_failed_response_adds_nothing(client: OpenAI) -> None:
    made = client.conversations.create()
    with pytest.raises(openai.APIError):
        list(
            client.responses.create(
                model=MODEL,
                input="Hi",
                conversation=made.id,
                stream=True,
                extra_headers={"x-simulate": "stream_error"},
            )
        )
    assert texts(client, made.id) == []


def test_a_conversation_and_a_previous_response_exclude_each_other(client: OpenAI) -> None:
    made = client.conversations.create()
    first = client.responses.create(model=MODEL, input="Hi", conversation=made.id)
    request: dict[str, Any] = {"model": MODEL, "input": "And?"}
    both = error_of(client.responses.create, **request, conversation=made.id, previous_response_id=first.id)
    assert both["code"] == "mutually_exclusive_parameters"
    # As reported: the chain goes on from a response of a conversation, outside of it.
    branch = client.responses.create(**request, previous_response_id=first.id)
    assert branch.conversation is None
    assert len(texts(client, made.id)) == 2


def test_an_unknown_conversation_is_a_404(client: OpenAI) -> None:
    for name in ("conv_x", {"id": "conv_x"}):
        error = error_of(client.responses.create, model=MODEL, input="Hi", conversation=name)
        assert (error["status"], error["message"]) == (404, "Conversation with id 'conv_x' not found.")
        assert (error["param"], error["code"]) == (None, None)


def test_a_deleted_conversation_leaves_its_responses(client: OpenAI) -> None:
    made = client.conversations.create(items=[JOKE])
    first = client.responses.create(model=MODEL, input="Hi", conversation=made.id)
    client.conversations.delete(made.id)
    assert client.responses.retrieve(first.id).status == "completed"
    assert len(client.responses.input_items.list(first.id).data) == 2
    client.responses.create(model=MODEL, input="And?", previous_response_id=first.id)


def test_deleting_a_conversation_under_a_running_response_is_harmless(client: OpenAI, clock: SteppedClock) -> None:
    made = client.conversations.create()
    job = client.responses.create(model=MODEL, input="Hi", conversation=made.id, background=True)
    client.conversations.delete(made.id)
    clock.advance(60)
    assert client.responses.retrieve(job.id).status == "completed"


def test_deleting_an_item_takes_it_out_of_what_the_model_reads(client: OpenAI) -> None:
    made = client.conversations.create(items=[JOKE, {"role": "user", "content": "And another."}])
    joke = client.conversations.items.list(made.id, order="asc").data[0]
    client.conversations.items.delete(joke.id or "", conversation_id=made.id)
    answer = client.responses.create(model=MODEL, input="Now.", conversation=made.id)
    assert "2 × user message" in answer.output_text


def test_tokens_are_counted_within_a_conversation(client: OpenAI) -> None:
    made = client.conversations.create(items=[JOKE])
    alone = client.responses.input_tokens.count(model=MODEL, input="Hi").input_tokens
    assert client.responses.input_tokens.count(model=MODEL, input="Hi", conversation=made.id).input_tokens == alone + 8
