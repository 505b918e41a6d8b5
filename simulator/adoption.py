"""Takes over what recorded exchanges created, changed or deleted: so that there is one world, not two."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from . import compaction, conversations, errors, items
from .ids import family_of
from .store import EMPTY, Node, Stored

if TYPE_CHECKING:
    from .service import World


def adopt(world: World, method: str, path: str, request_body: bytes, status: int, response_body: bytes) -> None:
    """Make the store what it would be, had this exchange happened here. `path` is below the prefix, with its query."""
    if status >= 400:
        return
    path, _, query = path.partition("?")
    table, *rest = path.strip("/").split("/")
    body = _body(response_body)
    if not isinstance(body, dict):
        return
    if table == "conversations":
        _adopt_conversation(world, method, rest, query, request_body, body)
    elif table == "responses" and body.get("object") == "response.compaction":
        _adopt_sealed(world, body["output"], _context(world, body, request_body).all(), 0)
    elif table == "responses" and body.get("object") == "response":
        _adopt_response(world, body, request_body if method == "POST" and not rest else None)
    elif method == "DELETE" and rest and body.get("deleted"):
        if table == "responses":
            world.store.responses.remove(rest[0])
        else:
            world.store.table(table).pop(rest[0], None)


def _adopt_response(world: World, body: dict[str, Any], request_body: bytes | None) -> None:
    known = world.store.responses.get(body["id"], world.clock.now())
    if request_body is None and known is not None:
        known.body.update(body)
        return
    context = _context(world, body, request_body) if request_body is not None else EMPTY
    spent = ((body.get("usage") or {}).get("output_tokens_details") or {}).get("reasoning_tokens") or 0
    _adopt_sealed(world, body["output"], context.all(), spent)
    if not body.get("store", True):
        return
    world.store.responses.remove(body["id"])
    # Kept since now, not since the recording: its 30 days begin when the learner first sees it.
    stored = Stored(body, context, world.clock.now(), adopted=True)
    world.store.responses.add(stored, world.clock.now())
    if body.get("conversation") and request_body is not None:
        conversations.adopt_items(world, body["conversation"]["id"], [*context.items, *body["output"]])


def _adopt_sealed(world: World, output: list[dict[str, Any]], context: list[dict[str, Any]], reasoning: int) -> None:
    """Take over what only the service that sealed it could open: reasoning by its cost, compaction by its context."""
    thinking = [item for item in output if item["type"] == "reasoning"]
    for item in thinking:
        each = reasoning // len(thinking)
        world.store.thoughts.keep(item["id"], each)
        if item.get("encrypted_content"):
            texts = [str(each), *(part["text"] for part in item["summary"])]
            world.sealer.adopt(item["id"], item["encrypted_content"], texts)
    for position, item in enumerate(output):
        if item["type"] == "compaction":
            lines = compaction.summary([*context, *output[:position]], [])
            world.sealer.adopt(item["id"], item["encrypted_content"], lines)


def _adopt_conversation(
    world: World, method: str, rest: list[str], query: str, request_body: bytes, body: dict[str, Any]
) -> None:
    """Take over a conversation: its creation, its metadata, its items as they were added, listed or deleted."""
    table = world.store.table("conversations")
    if method == "POST" and not rest:
        table[body["id"]] = conversations.Conversation(body)
        given = json.loads(request_body or b"{}").get("items") or []
        conversations.adopt_items(world, body["id"], _read(given))
    elif rest and rest[0] not in table:
        return
    elif method == "DELETE" and len(rest) == 1:
        del table[rest[0]]
    elif method == "DELETE":
        conversations.drop_item(table[rest[0]], rest[2])
    elif len(rest) == 1:
        table[rest[0]].body.update(body)
    elif method == "POST":
        conversations.adopt_items(world, rest[0], body["data"])
    elif body.get("object") == "list" and not body["has_more"] and "after=" not in query:
        # The whole list: now the items have the ids that the learner has seen.
        listed = body["data"] if "order=asc" in query else body["data"][::-1]
        table[rest[0]].node = Node(tuple(listed))


def _context(world: World, body: dict[str, Any], request_body: bytes) -> Node:
    try:
        request = json.loads(request_body)
    except ValueError:
        return EMPTY
    before = EMPTY
    if parent := request.get("previous_response_id"):
        stored = world.store.responses.get(parent, world.clock.now())
        before = stored.after() if stored else EMPTY
    elif conversation := request.get("conversation"):
        known = world.store.table("conversations").get(
            conversation if isinstance(conversation, str) else conversation["id"]
        )
        before = known.node if known else EMPTY
    given = request.get("input") or []
    if isinstance(given, str):
        given = [{"role": "user", "content": given}]
    family, made = family_of(body["id"]), body["created_at"]
    own = [{"id": world.ids.item(item["type"], family, True, made), **item} for item in _read(given)]
    return Node(tuple(own), before)


def _read(given: list[Any]) -> list[dict[str, Any]]:
    """Return a request's items; those that were recorded from a service that takes more than this one are left out."""
    found = []
    for number, item in enumerate(given):
        try:
            found.append(items.read(item, f"input[{number}]"))
        except errors.ApiError:
            continue
    return found


def _body(response_body: bytes) -> Any:
    """Return the JSON body, or the response that the last event of a stream carries."""
    text = response_body.lstrip()
    if text.startswith(b"{"):
        try:
            return json.loads(text)
        except ValueError:
            return None
    for line in reversed(text.splitlines()):
        if line.startswith(b"data:") and b'"response":' in line:
            try:
                return json.loads(line[5:])["response"]
            except (ValueError, KeyError):
                continue
    return None
