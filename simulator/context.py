"""Resolves what a response is made from: the history it follows, its own input, and the rules between items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import errors
from .ids import family_of
from .requests import CreateRequest
from .store import EMPTY, Node

if TYPE_CHECKING:
    from .service import World

_CALLS = {
    "function_call": "function",
    "custom_tool_call": "custom tool",
    "computer_call": "computer",
    "local_shell_call": "local shell",
    "shell_call": "shell",
    "apply_patch_call": "apply patch",
}
_OUTPUT_OF = {
    "function_call_output": "function_call",
    "custom_tool_call_output": "custom_tool_call",
    "computer_call_output": "computer_call",
    "local_shell_call_output": "local_shell_call",
    "shell_call_output": "shell_call",
    "apply_patch_call_output": "apply_patch_call",
}


def resolve(request: CreateRequest, world: World) -> tuple[Node, str]:
    """Return the context of a request and the family of ids it belongs to; raises ApiError as the service does."""
    now = world.clock.now()
    before, family = EMPTY, None
    if request.previous_response_id:
        parent = world.store.responses.get(request.previous_response_id, now)
        if parent is None or not parent.body["store"]:
            raise errors.previous_response_not_found(request.previous_response_id)
        if parent.body["status"] in ("queued", "in_progress"):
            raise errors.invalid(
                f"Previous response with id '{request.previous_response_id}' is not completed: its status is "
                f"'{parent.body['status']}'.",
                "previous_response_id",
                "previous_response_not_completed",
            )
        before, family = parent.after(), family_of(parent.body["id"])
    elif request.conversation:
        from . import conversations

        before = conversations.context(world, request.conversation)
    own = _with_ids(request, before, world, family := family or world.ids.family())
    context = Node(tuple(own), before)
    _check_items(context, own, request)
    return context, family


def _with_ids(request: CreateRequest, before: Node, world: World, family: str) -> list[dict[str, Any]]:
    """Give the request's items ids, and replace references by what they refer to."""
    now = world.clock.now()
    known = (
        {item["id"] for item in before.all() if item.get("id")} if any(i.get("id") for i in request.input) else set()
    )
    own: list[dict[str, Any]] = []
    seen: set[str] = set()
    for number, item in enumerate(request.input):
        item_id = item.get("id")
        if item["type"] == "item_reference":
            own.append(_referred(world, item["id"], now))
            continue
        if item_id and (item_id in known or item_id in seen):
            raise errors.invalid(
                f"Duplicate item found with id {item_id}. Remove duplicate items from your input and try again.",
                "input",
                None,
            )
        if item["type"] in ("reasoning", "compaction") and item.get("encrypted_content"):
            world.sealer.open(item["encrypted_content"], item_id or "", f"input[{number}]")
        elif item["type"] == "reasoning" and item_id and _find_item(world, item_id, now) is None:
            raise errors.ApiError(
                404,
                f"Item with id '{item_id}' not found. Items are not persisted when `store` is set to false. "
                "Try again with `store` set to true, or remove this item from your input.",
                param="input",
            )
        if item_id:
            seen.add(item_id)
        else:
            item = {"id": world.ids.item(item["type"], family, request.store, now), **item}
        own.append(item)
    return own


def _referred(world: World, item_id: str, now: float) -> dict[str, Any]:
    found = _find_item(world, item_id, now)
    if found is None:
        raise errors.ApiError(404, f"Item with id '{item_id}' not found.", param="input")
    return found


def _find_item(world: World, item_id: str, now: float) -> dict[str, Any] | None:
    """Look an item up among the stored responses of its family (ids share 16 digits)."""
    family = family_of(item_id)
    for stored in world.store.responses:
        if family_of(stored.body["id"]) == family and stored.body["store"]:
            for item in (*stored.body["output"], *stored.context.all()):
                if item.get("id") == item_id:
                    return dict(item)
    return None


def _check_items(context: Node, own: list[dict[str, Any]], request: CreateRequest) -> None:
    """Refuse outputs without a call, calls without an output, and reasoning without what must follow it."""
    everything = context.all()
    calls = {item["call_id"]: item for item in everything if item["type"] in _CALLS and item.get("call_id")}
    answered = {item["call_id"] for item in everything if item["type"] in _OUTPUT_OF}
    for item in own:
        if item["type"] in _OUTPUT_OF:
            call = calls.get(item["call_id"])
            if call is None or call["type"] != _OUTPUT_OF[item["type"]]:
                raise errors.invalid(
                    f"No tool call found for {_CALLS[_OUTPUT_OF[item['type']]]} call output with call_id "
                    f"{item['call_id']}.",
                    "input",
                    None,
                )
    for call_id, call in calls.items():
        if call_id not in answered:
            raise errors.invalid(f"No tool output found for {_CALLS[call['type']]} call {call_id}.", "input", None)
    # A reasoning item is kept or dropped together with the item it led to (field notes 50).
    for item, follower in zip(everything, [*everything[1:], None], strict=True):
        if (
            item["type"] == "reasoning"
            and any(item is one for one in own)
            and (
                follower is None
                or (follower["type"] == "message" and follower.get("role") != "assistant")
                or (follower["type"] in _OUTPUT_OF)
            )
        ):
            raise errors.invalid(
                f"Item '{item['id']}' of type 'reasoning' was provided without its required following item.",
                "input",
                None,
            )


def truncate(context: Node, spare: int, request: CreateRequest) -> Node:
    """Fit a context into the model's window: raise 400, or with truncation "auto" drop the oldest items.

    `spare` is what instructions and tools cost, in tokens.
    """
    limit = request.model.context
    if context.tokens + spare <= limit:
        return context
    if request.truncation != "auto":
        raise errors.invalid(
            "Your input exceeds the context window of this model. Please adjust your input and try again.",
            "input",
            "context_length_exceeded",
        )
    kept = context.all()
    while len(kept) > 1 and Node(tuple(kept)).tokens + spare > limit:
        kept = kept[max(1, len(kept) // 8) :]
        first_user = next((n for n, item in enumerate(kept) if item["type"] == "message"), len(kept) - 1)
        kept = kept[first_user:]
    return Node(tuple(kept))
