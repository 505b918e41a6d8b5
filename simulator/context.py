"""Resolves what a response is made from: the history it follows, its own input, and the rules between items."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from . import attachments, computers, conversations, errors
from .ids import family_of, family_of_conversation
from .requests import CreateRequest
from .store import EMPTY, Node
from .tools import mcp

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
_OURS = re.compile(r"[a-z]+_[0-9a-f]{50}$")


def resolve(request: CreateRequest, world: World) -> tuple[Node, str]:
    """Return the context of a request and the family of ids it belongs to; raises ApiError as the service does."""
    now = world.clock.now()
    before, family = EMPTY, None
    if prompt := request.given.get("prompt"):  # after the conversation and before the previous response, as probed
        raise errors.ApiError(404, f"Prompt with id '{prompt['id']}' not found.")  # none can be made here
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
        before = conversations.context(world, request.conversation)
        family = family_of_conversation(request.conversation)
    held = Held(world)
    # As recorded: ids that come back in the input keep their family together, with or without previous_response_id.
    given = next((item["id"] for item in request.input if _OURS.match(str(item.get("id")))), None)
    family = family or (family_of(given) if given else world.ids.family())
    own = with_ids(request.input, before, world, held, family, request.store)
    context = Node(tuple(own), before)
    _check_items(context, own, request)
    _check_pairs(own, {item.get("id") for item in request.input}, held)
    return context, family


async def settle(world: World, request: CreateRequest) -> None:
    """Let what is due happen to what a request refers to, and look at what it brings along."""
    attachments.measure(world, request.input, request.model, "input")
    if request.conversation:
        await conversations.settle(world, request.conversation)
    if request.previous_response_id:
        parent = world.store.responses.get(request.previous_response_id, world.clock.now())
        if parent is not None and parent.job is not None:
            await parent.job.advance()


class Held:
    """The items of stored responses, by id. Ids share 16 digits with their response, so that few are looked at."""

    def __init__(self, world: World) -> None:
        self._responses = world.store.responses
        self._families: dict[str, dict[str, dict[str, Any]]] = {}
        self._after: dict[str, dict[str, Any]] = {}
        self._before: dict[str, dict[str, Any]] = {}

    def get(self, item_id: str) -> dict[str, Any] | None:
        """Return an item that came or went with a stored response."""
        return self._family(item_id).get(item_id)

    def follower(self, item_id: str) -> dict[str, Any] | None:
        """Return what was put out right after an item."""
        self._family(item_id)
        return self._after.get(item_id)

    def leader(self, item_id: str) -> dict[str, Any] | None:
        """Return what was put out right before an item."""
        self._family(item_id)
        return self._before.get(item_id)

    def _family(self, item_id: str) -> dict[str, dict[str, Any]]:
        family = family_of(item_id)
        if family not in self._families:
            found = self._families[family] = {}
            seen: set[int] = set()
            for stored in self._responses.of_family(family):
                output = stored.body["output"] if stored.body["store"] else []
                found.update({item["id"]: item for item in output if item.get("id")})
                for item, follower in itertools.pairwise(output):
                    self._after[item["id"]] = follower
                    self._before[follower["id"]] = item
                for node in stored.context.nodes():
                    if id(node) in seen:
                        break
                    seen.add(id(node))
                    found.update({item["id"]: item for item in node.items if item.get("id")})
        return self._families[family]


def with_ids(
    given: Sequence[dict[str, Any]],
    before: Node,
    world: World,
    held: Held,
    family: str,
    stored: bool,
    param: str = "input",
) -> list[dict[str, Any]]:
    """Give a request's items ids, and replace references by what they refer to; raises ApiError."""
    now = world.clock.now()
    known = {item["id"] for item in before.all() if item.get("id")} if any(i.get("id") for i in given) else set()
    own: list[dict[str, Any]] = []
    seen: set[str] = set()
    for number, item in enumerate(given):
        item_id = item.get("id")
        if item_id and (item_id in known or item_id in seen):
            raise errors.invalid(
                f"Duplicate item found with id {item_id}. Remove duplicate items from your input and try again.",
                param,
                None,
            )
        if item_id:
            seen.add(item_id)
        if item["type"] == "item_reference":
            referred = held.get(item["id"])
            if referred is None:
                raise _not_found(item["id"], param)
            own.append(dict(referred))
            continue
        if item["type"] == "reasoning" and item_id and not item.get("encrypted_content") and held.get(item_id) is None:
            raise _not_found(item_id, param)
        if not item_id:
            item = {"id": world.ids.item(item["type"], family, stored, now), **item}
        if item["type"] == "compaction" or (item["type"] == "reasoning" and item.get("encrypted_content")):
            texts = world.sealer.open(item["encrypted_content"], item_id or "", f"{param}[{number}]")
            if item["type"] == "reasoning" and texts:
                world.store.thoughts.keep(item["id"], int(texts[0]))
        own.append(item)
    return own


def _not_found(item_id: str, param: str) -> errors.ApiError:
    """As reported, from OpenAI and Azure (field notes 51)."""
    return errors.ApiError(
        404,
        f"Item with id '{item_id}' not found. Items are not persisted when `store` is set to false. "
        "Try again with `store` set to true, or remove this item from your input.",
        param=param,
    )


def _check_items(context: Node, own: list[dict[str, Any]], request: CreateRequest) -> None:
    """Refuse outputs without a call, calls and approval requests without an answer."""
    if context.plain:
        return
    everything = context.all()
    calls = {item["call_id"]: item for item in everything if item["type"] in _CALLS and item.get("call_id")}
    answered = {_answers(item) for item in everything if item["type"] in _OUTPUT_OF}
    # As recorded (pydantic-ai tool_availability R5-T3, 2026-07): a client's own tool search takes such an output too.
    searches = {item["call_id"] for item in everything if item["type"] == "tool_search_call" and item.get("call_id")}
    for item in own:
        if item["type"] in _OUTPUT_OF:
            call = calls.get(_answers(item))
            if call is None and item["type"] == "function_call_output" and _answers(item) in searches:
                continue
            if call is None or call["type"] != _OUTPUT_OF[item["type"]]:
                raise errors.invalid(
                    f"No tool call found for {_CALLS[_OUTPUT_OF[item['type']]]} call output with call_id "
                    f"{_answers(item)}.",
                    "input",
                    None,
                )
            if item["type"] == "computer_call_output":
                computers.acknowledged(call, item)
    for call_id, call in calls.items():
        if call_id not in answered:
            raise errors.invalid(f"No tool output found for {_CALLS[call['type']]} call {call_id}.", "input", None)
    mcp.check(everything, request.tools)


def _answers(output: dict[str, Any]) -> str:
    """Return the call_id that an output is for; that of a local shell has it as its id."""
    return str(output.get("call_id") or output.get("id"))


def _check_pairs(own: list[dict[str, Any]], sent: set[Any], held: Held) -> None:
    """Refuse a reasoning item without the item it led to, and that item without its reasoning (field notes 50).

    Recorded for reasoning followed by another message than its own; reported the other way round, for messages, calls
    and searches that are sent with their ids. `sent`: those ids; items sent without one are taken as they are. A call
    may leave its id out where its reasoning has one: recorded with `store: false` (pydantic-ai, interleaved reasoning),
    and what Vercel's AI SDK sends for stored reasoning (vercel/ai 15795, merged 2026-06).
    """
    for item, before, after in zip(own, [None, *own], [*own[1:], None], strict=False):
        if item["type"] == "reasoning":
            follower = held.follower(item["id"]) if item["id"] in sent else None
            lost = after is None or after["type"] in _OUTPUT_OF
            lost = lost or (after is not None and after["type"] == "message" and after["role"] != "assistant")
            if lost or (follower is not None and after is not None and not _is(after, follower, sent)):
                raise errors.invalid(
                    f"Item '{item['id']}' of type 'reasoning' was provided without its required following item.",
                    "input",
                    None,
                )
            continue
        leader = held.leader(item["id"]) if item["id"] in sent else None
        if leader is not None and leader["type"] == "reasoning" and (before is None or before["id"] != leader["id"]):
            raise errors.invalid(
                f"Item '{item['id']}' of type '{item['type']}' was provided without its required 'reasoning' item: "
                f"'{leader['id']}'.",
                "input",
                None,
            )


def _is(item: dict[str, Any], kept: dict[str, Any], sent: set[Any]) -> bool:
    """Tell whether an item of the input is the one that was kept: by its id, or a call without one by its call_id."""
    if item["id"] in sent or item["type"] not in _CALLS:
        return bool(item["id"] == kept["id"])
    return bool(item["type"] == kept["type"] and item["call_id"] == kept["call_id"])


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
