"""The resource `/conversations`: a named history that responses join and extend.

As recorded: the object, its deletion, its id (which ends in the 16 digits that its responses share). As documented
(SDK, OpenAI's reference): the items. As reported: the 404s, `conversation_locked`, that input and output of a
response appear together once it has ended. Assumed: a failed or cancelled response adds nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typing_extensions
from openai.types.conversations import conversation_create_params, conversation_update_params, item_create_params

from . import attachments, errors, items, pages, parameters, requests, shapes
from .http import Reply, Request
from .ids import family_of_conversation
from .models import models
from .store import EMPTY, Node, Stored

if TYPE_CHECKING:
    from .service import World

MOST_CONVERSATIONS = 10_000
MOST_ITEMS_AT_ONCE = 20  # the SDK's figure
LOCKED_AT_MOST = 600.0  # seconds; a stream that nobody ever read does not lock for longer

_SEES = "gpt-5.4"  # the model that pictures and files of items are measured for, as the request names none

_CREATE = typing_extensions.get_type_hints(conversation_create_params.ConversationCreateParams)
_UPDATE = typing_extensions.get_type_hints(conversation_update_params.ConversationUpdateParams)
_ADD = typing_extensions.get_type_hints(item_create_params.ItemCreateParams)


@dataclass
class Conversation:
    """A conversation: what clients see of it, its history, and the response that is working on it."""

    body: dict[str, Any]
    node: Node = EMPTY
    busy: Stored | None = None


async def create(world: World, request: Request) -> Reply:
    """POST /conversations"""
    data = _read(request, _CREATE)
    table = world.store.table("conversations")
    if len(table) >= MOST_CONVERSATIONS:
        raise errors.ApiError(
            429,
            f"The simulator holds {MOST_CONVERSATIONS} conversations, which is all it takes. Delete some, or start it "
            "anew.",
            type="insufficient_storage",
            code="insufficient_storage",
        )
    now = world.clock.now()
    conversation_id = world.ids.conversation(world.ids.family(), now)
    body = {
        "id": conversation_id,
        "object": "conversation",
        "created_at": int(now),
        "metadata": data.get("metadata") or {},
    }
    conversation = Conversation(body)
    _append(conversation, _own(world, data.get("items") or [], conversation))
    table[conversation_id] = conversation
    return Reply.json(200, body, world.plain_headers())


async def retrieve(world: World, request: Request, conversation_id: str) -> Reply:
    """GET /conversations/{id}"""
    return Reply.json(200, find(world, conversation_id).body, world.plain_headers())


async def update(world: World, request: Request, conversation_id: str) -> Reply:
    """POST /conversations/{id}: its metadata, replaced as a whole"""
    conversation = find(world, conversation_id)
    data = requests.read_json(request.body)
    if "metadata" not in data:
        raise errors.missing("metadata")
    conversation.body["metadata"] = _read(request, _UPDATE).get("metadata") or {}
    return Reply.json(200, conversation.body, world.plain_headers())


async def delete(world: World, request: Request, conversation_id: str) -> Reply:
    """DELETE /conversations/{id}: its responses stay, and so does what they were made from"""
    find(world, conversation_id)
    del world.store.table("conversations")[conversation_id]
    body = {"id": conversation_id, "object": "conversation.deleted", "deleted": True}
    return Reply.json(200, body, world.plain_headers())


async def create_items(world: World, request: Request, conversation_id: str) -> Reply:
    """POST /conversations/{id}/items"""
    conversation = await _settled(world, conversation_id)
    data = _read(request, _ADD)
    if "items" not in data:
        raise errors.missing("items")
    own = _own(world, data["items"], conversation)
    _append(conversation, own)
    listed = {
        "object": "list",
        "data": [_shown(world, item, request) for item in own],
        "first_id": own[0]["id"] if own else None,
        "last_id": own[-1]["id"] if own else None,
        "has_more": False,
    }
    return Reply.json(200, listed, world.plain_headers())


async def list_items(world: World, request: Request, conversation_id: str) -> Reply:
    """GET /conversations/{id}/items, newest first unless order=asc"""
    conversation = await _settled(world, conversation_id)
    rows = [_shown(world, item, request) for item in conversation.node.all()]
    return Reply.json(200, pages.page(rows, request), world.plain_headers())


async def retrieve_item(world: World, request: Request, conversation_id: str, item_id: str) -> Reply:
    """GET /conversations/{id}/items/{item_id}"""
    conversation = await _settled(world, conversation_id)
    found = next((item for item in conversation.node.all() if item["id"] == item_id), None)
    if found is None:
        raise _item_not_found(item_id, conversation_id)
    return Reply.json(200, _shown(world, found, request), world.plain_headers())


async def delete_item(world: World, request: Request, conversation_id: str, item_id: str) -> Reply:
    """DELETE /conversations/{id}/items/{item_id}: answers with the conversation"""
    conversation = await _settled(world, conversation_id)
    if not drop_item(conversation, item_id):
        raise _item_not_found(item_id, conversation_id)
    return Reply.json(200, conversation.body, world.plain_headers())


# -- for responses -----------------------------------------------------------------------------------------------------


def find(world: World, conversation_id: str) -> Conversation:
    """Return a conversation; raises the service's 404."""
    found: Conversation | None = world.store.table("conversations").get(conversation_id)
    if found is None:
        raise errors.ApiError(404, f"Conversation with id '{conversation_id}' not found.")
    return found


def context(world: World, conversation_id: str) -> Node:
    """Return what a response in this conversation is made from; raises 404, or 400 while another is at work."""
    conversation = find(world, conversation_id)
    if _locked(conversation, world.clock.now()):
        raise errors.invalid(
            "Another process is currently operating on this conversation. Please retry in a few seconds.",
            "conversation",
            "conversation_locked",
        )
    return conversation.node


async def settle(world: World, conversation_id: str) -> None:
    """Let what is due happen to a response that is working on this conversation."""
    conversation = find(world, conversation_id)
    if conversation.busy is not None and conversation.busy.job is not None:
        await conversation.busy.job.advance()


def begin(world: World, conversation_id: str, stored: Stored) -> None:
    """A response works on this conversation from now on."""
    find(world, conversation_id).busy = stored


def extend(world: World, conversation_id: str, stored: Stored) -> None:
    """A response has ended: its input and its output join the conversation, both at once."""
    conversation: Conversation | None = world.store.table("conversations").get(conversation_id)
    if conversation is None:
        return  # deleted meanwhile
    if conversation.busy is stored:
        conversation.busy = None
    if stored.body["status"] in ("completed", "incomplete"):
        _append(conversation, [*stored.context.items, *stored.body["output"]])


def adopt_items(world: World, conversation_id: str, found: Sequence[dict[str, Any]]) -> None:
    """Take over recorded items, unless they are there already."""
    conversation: Conversation | None = world.store.table("conversations").get(conversation_id)
    if conversation is None:
        return
    family, now = family_of_conversation(conversation_id), world.clock.now()
    known = {item["id"] for item in conversation.node.all()}
    if not any(item.get("id") in known for item in found):
        _append(conversation, [{"id": world.ids.item(item["type"], family, True, now), **item} for item in found])


def drop_item(conversation: Conversation, item_id: str) -> bool:
    """Take an item out; return whether it was there."""
    kept = [item for item in conversation.node.all() if item["id"] != item_id]
    found = len(kept) < conversation.node.length
    if found:
        conversation.node = Node(tuple(kept))
    return found


# -- inside ------------------------------------------------------------------------------------------------------------


async def _settled(world: World, conversation_id: str) -> Conversation:
    await settle(world, conversation_id)
    return find(world, conversation_id)


def _locked(conversation: Conversation, now: float) -> bool:
    busy = conversation.busy
    return (
        busy is not None and busy.body["status"] in ("queued", "in_progress") and busy.kept_since + LOCKED_AT_MOST > now
    )


def _append(conversation: Conversation, own: Sequence[dict[str, Any]]) -> None:
    if own:
        conversation.node = Node(tuple(own), conversation.node)


def _read(request: Request, hints: dict[str, Any]) -> dict[str, Any]:
    """Return a request's members, checked but for its items."""
    data = requests.read_json(request.body)
    for name, value in data.items():
        if name not in hints:
            raise errors.unknown_parameter(name)
        if name != "items":
            shapes.check(value, hints[name], name)
    parameters.check_metadata(data.get("metadata") or {})
    return data


def _own(world: World, given: Any, conversation: Conversation) -> list[dict[str, Any]]:
    """Return the items of a request, each with an id, looked at as those of a response's input are (assumed)."""
    from .context import Held, with_ids  # which reads this module first

    if not isinstance(given, list):
        raise errors.invalid_type("items", "an array of input items", given)
    if len(given) > MOST_ITEMS_AT_ONCE:
        raise errors.invalid(
            f"Invalid 'items': array too long. Expected an array with maximum length {MOST_ITEMS_AT_ONCE}, but got an "
            f"array with length {len(given)} instead.",
            "items",
            "array_above_max_length",
        )
    read = [items.read(item, f"items[{number}]") for number, item in enumerate(given)]
    for number, item in enumerate(read):
        if item["type"] == "compaction_trigger":  # the words of a response's input
            raise errors.invalid("A 'compaction_trigger' must be the final input item.", f"items[{number}]", None)
    attachments.measure(world, read, models()[_SEES], "items")
    family = family_of_conversation(conversation.body["id"])
    return with_ids(read, conversation.node, world, Held(world), family, True, "items")


def _shown(world: World, item: dict[str, Any], request: Request) -> dict[str, Any]:
    """Return an item as it is listed: with what `include` asks for, without what only that would show."""
    item = world.store.included.shown(item, request.include)
    if item["type"] == "reasoning" and "reasoning.encrypted_content" not in request.include:
        return {key: value for key, value in item.items() if key != "encrypted_content"}
    return item


def _item_not_found(item_id: str, conversation_id: str) -> errors.ApiError:
    """Assumed, after the words for other objects."""
    return errors.ApiError(404, f"Item with id '{item_id}' not found in conversation with id '{conversation_id}'.")
