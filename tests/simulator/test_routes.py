"""Every call of the SDK that belongs to responses is answered, sync and async; what is no path or method is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx2
import pytest
from openai import AsyncOpenAI, OpenAI

from simulator import Service

MODEL = "gpt-5.4-mini"
HELLO: Any = {"type": "message", "role": "user", "content": "Hello."}


def sync_calls(client: OpenAI) -> Iterator[Any]:
    first = client.responses.create(model=MODEL, input="Hello.")
    yield client.responses.retrieve(first.id)
    yield client.responses.input_items.list(first.id)
    yield client.responses.input_tokens.count(model=MODEL, input="Hello.")
    yield client.responses.compact(model=MODEL, previous_response_id=first.id)
    yield client.responses.cancel(client.responses.create(model=MODEL, input="Hello.", background=True).id)
    client.responses.delete(first.id)
    yield client.models.list()
    yield client.models.retrieve(MODEL)
    talk = client.conversations.create(items=[HELLO])
    yield client.conversations.retrieve(talk.id)
    yield client.conversations.update(talk.id, metadata={"a": "b"})
    item = client.conversations.items.create(talk.id, items=[HELLO]).data[0]
    yield client.conversations.items.list(talk.id)
    yield client.conversations.items.retrieve(str(item.id), conversation_id=talk.id)
    yield client.conversations.items.delete(str(item.id), conversation_id=talk.id)
    yield client.conversations.delete(talk.id)
    store = client.vector_stores.create(name="test")
    yield client.vector_stores.list()
    yield client.vector_stores.retrieve(store.id)
    yield client.vector_stores.update(store.id, name="other")
    yield client.vector_stores.files.list(store.id)
    yield client.vector_stores.search(store.id, query="anything")
    yield client.vector_stores.delete(store.id)


async def async_calls(client: AsyncOpenAI) -> AsyncIterator[Any]:
    first = await client.responses.create(model=MODEL, input="Hello.")
    yield await client.responses.retrieve(first.id)
    yield await client.responses.input_items.list(first.id)
    yield await client.responses.input_tokens.count(model=MODEL, input="Hello.")
    yield await client.responses.compact(model=MODEL, previous_response_id=first.id)
    begun = await client.responses.create(model=MODEL, input="Hello.", background=True)
    yield await client.responses.cancel(begun.id)
    await client.responses.delete(first.id)
    yield await client.models.list()
    yield await client.models.retrieve(MODEL)
    talk = await client.conversations.create(items=[HELLO])
    yield await client.conversations.retrieve(talk.id)
    yield await client.conversations.update(talk.id, metadata={"a": "b"})
    item = (await client.conversations.items.create(talk.id, items=[HELLO])).data[0]
    yield await client.conversations.items.list(talk.id)
    yield await client.conversations.items.retrieve(str(item.id), conversation_id=talk.id)
    yield await client.conversations.items.delete(str(item.id), conversation_id=talk.id)
    yield await client.conversations.delete(talk.id)
    store = await client.vector_stores.create(name="test")
    yield await client.vector_stores.list()
    yield await client.vector_stores.retrieve(store.id)
    yield await client.vector_stores.update(store.id, name="other")
    yield await client.vector_stores.files.list(store.id)
    yield await client.vector_stores.search(store.id, query="anything")
    yield await client.vector_stores.delete(store.id)


def kind(answer: Any) -> str:
    """Return the type of an answer, without the word for how it was asked for."""
    assert answer.to_dict(warnings=False)
    return type(answer).__name__.removeprefix("Sync").removeprefix("Async")


async def test_every_call_answers_the_same_to_both_clients(client: OpenAI, async_client: AsyncOpenAI) -> None:
    sync = [kind(answer) for answer in sync_calls(client)]
    assert sync == [kind(answer) async for answer in async_calls(async_client)]
    assert len(sync) == 19


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("GET", "nothing", 404, "Invalid URL (GET /openai/v1/nothing)"),
        ("POST", "chat/completions", 404, "Invalid URL (POST /openai/v1/chat/completions)"),
        ("GET", "responses/one/two", 404, "Invalid URL (GET /openai/v1/responses/one/two)"),
        ("GET", "responses", 405, "Invalid method for URL (GET /openai/v1/responses)"),
        ("PUT", "responses/resp_1", 405, "Invalid method for URL (PUT /openai/v1/responses/resp_1)"),
        ("DELETE", "vector_stores", 405, "Invalid method for URL (DELETE /openai/v1/vector_stores)"),
        ("POST", "models", 405, "Invalid method for URL (POST /openai/v1/models)"),
        ("GET", "models/none", 404, "The model 'none' does not exist"),
    ],
)
def test_what_is_no_path_or_method_is_said_in_the_envelope(
    http: httpx2.Client, method: str, path: str, status: int, words: str
) -> None:
    answer = http.request(method, path)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert (error["message"], error["type"]) == (words, "invalid_request_error")


@pytest.mark.parametrize("path", ["//[", "//[x/responses", "//openai/v1/responses"])
async def test_a_path_that_looks_like_a_host_is_a_404(service: Service, path: str) -> None:
    reply = await service.handle("GET", path, {"api-key": "k"}, b"")
    assert reply.status == 404
