"""Compaction: `POST /responses/compact`, the `context_management` of a response, and what later turns see of it.

As recorded: the shapes, the ids, that a response appends the item once its input and output together pass the
threshold, that what came before the item is not read again. As documented by OpenAI: a context that is past the
threshold already is compacted before the model goes on. What the item carries is ours: no model is here to sum up, so
it keeps the beginning of every message and call, really encrypted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import typing_extensions
from openai.types.responses.response_compact_params import ResponseCompactParams

from . import context, errors, requests, usage
from .events import dumps
from .http import Reply, Request
from .items import text_of
from .store import Node

if TYPE_CHECKING:
    from .service import World

_PARAMETERS = typing_extensions.get_type_hints(ResponseCompactParams)
_PROMPT = 95  # tokens of the service's own prompt: 93 to 96 in three recordings
_KEPT = 240  # characters of each message
_FIRST, _LAST = 10, 40  # what is kept of a list that grows with every compaction


async def compact(world: World, request: Request) -> Reply:
    """POST /responses/compact: the user's messages and one item that stands for everything; nothing is stored"""
    data = requests.read_json(request.body)
    for name in data:
        if name not in _PARAMETERS:
            raise errors.unknown_parameter(name)
    data["input"] = [] if data.get("input") is None else data["input"]
    asked = requests.read(dumps({**data, "store": False}).encode(), request.azure, world.strict_models, world.today())
    await context.settle(world, asked)
    node, family = context.resolve(asked, world)
    kept, remembered = recall(world, node)
    now = world.clock.now()
    users = [item for item in kept.all() if item["type"] == "message" and item["role"] == "user"]
    item = sealed(world, world.ids.item("compaction", family, False, now), summary(kept.all(), remembered))
    instructed = usage.item_tokens({"type": "message", "content": asked.instructions}) if asked.instructions else 0
    body = {
        "id": world.ids.response(family, False, now),
        "object": "response.compaction",
        "created_at": int(now),
        "output": [*users, item],
        "usage": usage.usage(_PROMPT + instructed + kept.tokens, 0, usage.item_tokens(item), 0),
    }
    return Reply.json(200, body, world.headers_for(asked, request))


def recall(world: World, node: Node) -> tuple[Node, list[str]]:
    """Return what the model reads of a context: from its last compaction item on, and what that item carries."""
    if not node.compacted:
        return node, []
    items = node.all()
    for position in range(len(items) - 1, -1, -1):
        if items[position]["type"] == "compaction":
            # Whose item it is was checked when it came in.
            carried = world.sealer.open(items[position]["encrypted_content"], "", "input")
            return Node(tuple(items[position:])), carried
    return node, []


def summary(items: Sequence[dict[str, Any]], remembered: Sequence[str]) -> list[str]:
    """Return a line for each message and call, after those `remembered` from before; the middle of a long list goes."""
    lines = [*remembered, *(line for item in items if (line := _line(item)))]
    return lines if len(lines) <= _FIRST + _LAST else [*lines[:_FIRST], *lines[-_LAST:]]


def sealed(world: World, item_id: str, lines: Sequence[str]) -> dict[str, Any]:
    """Return a compaction item."""
    return {"id": item_id, "type": "compaction", "encrypted_content": world.sealer.seal(item_id, lines)}


def current_turn(items: Sequence[dict[str, Any]]) -> int:
    """Return where the current turn begins: at the last user message, 0 where there is none."""
    turns = [number for number, item in enumerate(items) if item["type"] == "message" and item.get("role") == "user"]
    return turns[-1] if turns else 0


def _line(item: dict[str, Any]) -> str:
    if item["type"] == "message":
        return f"{item['role']}: {_short(text_of(item))}"
    if item["type"] in ("function_call", "custom_tool_call", "mcp_call"):
        return f"call: {item['name']} {_short(item.get('arguments') or item.get('input') or '')}"
    if item["type"].endswith("_output"):
        return f"output: {_short(text_of(item))}"
    return ""


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _KEPT else flat[: _KEPT - 1] + "…"
