"""The resource `/responses`: create, retrieve, stream, cancel, delete, input items."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any

import typing_extensions
from openai.types.responses.input_token_count_params import InputTokenCountParams

from . import (
    capabilities,
    compaction,
    computers,
    context,
    conversations,
    errors,
    failures,
    images,
    pages,
    requests,
    toolbox,
    usage,
    vector_stores,
)
from .engine import ENDINGS, Job, Run
from .events import dumps, frame
from .http import Reply, Request
from .ids import Ids, family_of
from .model import Turn
from .store import Node, Stored
from .tools import Toolbox, code_interpreter, mcp

if TYPE_CHECKING:
    from .service import World

_COUNTED = typing_extensions.get_type_hints(InputTokenCountParams)
STREAMABLE = 5 * 60  # seconds for which a background response can be streamed (field notes 34)


async def create(world: World, request: Request) -> Reply:
    """POST /responses"""
    asked = requests.read(request.body, request.azure, world.strict_models, world.today())
    name = request.failure
    if name == "timeout":
        await asyncio.sleep(failures.SILENCE)
    await context.settle(world, asked)
    node, family = context.resolve(asked, world)
    capabilities.check(asked)
    code_interpreter.check(asked.tools, world, name)
    computers.check(asked.tools, asked.truncation)
    images.check_deployment(asked.tools, request.headers, request.azure, world.today() if world.strict_models else None)
    vector_stores.check(world, asked.tools)
    now = world.clock.now()
    body = _body(asked, world.ids.response(family, asked.store, now), now, request.azure)
    run = prepare(world, asked, node, body, name)
    stored = Stored(body, node, now)
    if asked.conversation:
        conversations.begin(world, asked.conversation, stored)
    headers = {**world.headers_for(asked, request), **mcp.notice(asked.secrets)}
    if asked.background:
        run.body = _snapshot(body)
        stored.job = Job(run, body, world.clock, lambda: world.finished(asked, stored))
        world.store.responses.add(stored, now)
        if asked.stream:
            return Reply(200, headers, job_stream(stored.job, -1, name))
        await stored.job.advance()
        return Reply.json(200, _snapshot(body), headers)
    if asked.stream:
        if asked.store:
            world.store.responses.add(stored, now)
        return Reply(200, headers, live_stream(run, world, stored, name))
    await run.finish()
    if run.failed is not None:
        raise run.failed.error()
    if asked.store:
        world.store.responses.add(stored, now)
    world.finished(asked, stored)
    return Reply.json(200, body, headers)


def prepare(
    world: World,
    asked: requests.CreateRequest,
    node: Node,
    body: dict[str, Any],
    name: str | None = None,
    ids: Ids | None = None,
) -> Run:
    """Return what will happen to a response: its request, its context, its body, the failure asked for, its ids."""
    read, tokens, remembered = measure(world, asked, node)
    tools = toolbox.on_offer(asked.tools, asked.tool_choice)
    must_call = toolbox.must_call(asked.tool_choice)
    turn = Turn(asked, read.all(), tools, must_call, tokens, read.characters, remembered)
    box = Toolbox(world, world.store.prompt_cache.read(asked, read, world.clock.now()), name)
    fault = failures.Fault(name) if name in failures.IN_STREAM else None
    speaker = world.refusing if name == "refusal" else world.speaker
    return Run(body, turn, speaker, box, ids or world.ids, world.clock, family=family_of(body["id"]), fault=fault)


def measure(world: World, asked: requests.CreateRequest, node: Node) -> tuple[Node, int, list[str]]:
    """Return what the model reads of a context, the input tokens in all, and what compaction carries into it."""
    read, remembered = compaction.recall(world, node)
    instructed = usage.item_tokens({"type": "message", "content": asked.instructions}) if asked.instructions else 0
    spare = instructed + usage.tools_tokens(asked.tools) + usage.schema_tokens(asked.text["format"])
    spare += usage.opening(asked.model.reasons)
    spare += world.store.thoughts.read_again(read.backwards(), asked.reasoning.get("context"))
    read = context.truncate(read, spare, asked)
    return read, read.tokens + spare, remembered


async def retrieve(world: World, request: Request, response_id: str) -> Reply:
    """GET /responses/{id}, with ?stream=true&starting_after=N for background responses"""
    stored = await _stored(world, response_id)
    after, stream = _whole(request, "starting_after"), request.query.get("stream", "false").lower()
    if stream not in ("true", "false"):
        raise errors.invalid_type("stream", "a boolean", stream)
    if stream == "false":
        output = [world.store.included.shown(item, request.include) for item in stored.body["output"]]
        return Reply.json(200, {**stored.body, "output": output}, world.plain_headers())
    if stored.job is None:
        raise errors.invalid(
            "This response cannot be streamed because it was not created with background=true.", "stream", None
        )
    if not stored.job.streamable:  # documented by OpenAI, as a limit of background mode; the words are assumed
        raise errors.invalid(
            "This response cannot be streamed because it was not created with stream=true.", "stream", None
        )
    if world.clock.now() > stored.kept_since + STREAMABLE:
        raise errors.invalid(
            "This response can no longer be streamed because it is more than 5 minutes old.", "stream", None
        )
    return Reply(200, world.stream_headers(), job_stream(stored.job, after, None))


async def cancel(world: World, request: Request, response_id: str) -> Reply:
    """POST /responses/{id}/cancel: background responses only; one that has ended is returned as it is"""
    stored = _held(world, response_id)
    if stored.job is None:
        raise errors.invalid("Cannot cancel a synchronous response.", None, None)
    await stored.job.cancel()
    return Reply.json(200, _snapshot(stored.body), world.plain_headers())


async def delete(world: World, request: Request, response_id: str) -> Reply:
    """DELETE /responses/{id}; one that is at work is cancelled by it (assumed)"""
    stored = _held(world, response_id)
    world.store.responses.remove(response_id)
    if stored.job is not None:
        await stored.job.cancel()
    body = {"id": response_id, "object": "response.deleted", "deleted": True}
    return Reply.json(200, body, world.plain_headers())


async def input_items(world: World, request: Request, response_id: str) -> Reply:
    """GET /responses/{id}/input_items: everything the response was made from, newest first"""
    stored = await _stored(world, response_id)
    rows = [world.store.included.shown(item, request.include) for item in stored.context.all()]
    return Reply.json(200, pages.page(rows, request), world.plain_headers())


async def input_tokens(world: World, request: Request) -> Reply:
    """POST /responses/input_tokens: count without answering; the model may be left out"""
    data = requests.read_json(request.body)
    for name in data:
        if name not in _COUNTED:
            raise errors.unknown_parameter(name)
    data = {name: value for name, value in data.items() if value is not None}
    data.pop("personality", None)  # a style of the model's own, which no model here has
    asked = requests.read(dumps({"model": "gpt-5.4-mini", "input": [], **data, "store": False}).encode(), request.azure)
    await context.settle(world, asked)
    node, _ = context.resolve(asked, world)
    _, total, _ = measure(world, asked, node)
    return Reply.json(200, {"object": "response.input_tokens", "input_tokens": total}, world.plain_headers())


async def _stored(world: World, response_id: str) -> Stored:
    stored = _held(world, response_id)
    if stored.job is not None:
        await stored.job.advance()
    return stored


def _held(world: World, response_id: str) -> Stored:
    stored = world.store.responses.get(response_id, world.clock.now())
    if stored is None:
        raise errors.response_not_found(response_id)
    return stored


def _whole(request: Request, name: str) -> int:
    """Return a number of the query, from 0 on; -1 where it is not there."""
    number = pages.number(request, name)
    if number is None:
        return -1
    if number < 0:
        raise errors.invalid(
            f"Invalid '{name}': integer below minimum value. Expected a value >= 0, but got {number} instead.",
            name,
            "integer_below_min_value",
        )
    return number


def _snapshot(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "output": list(body["output"])}


class DiffersError(LookupError):
    """What this model says is not what the client has seen it say already."""


async def live_stream(
    run: Run, world: World, stored: Stored, name: str | None, seen: Sequence[dict[str, Any]] = ()
) -> AsyncIterator[bytes]:
    """Events at their pace, after those seen already. Whoever stops reading cancels the response.

    Raises DiffersError where the events seen are not those of this run.
    """
    events = run.events()
    if name == "slow_start":
        await world.clock.sleep(5.0)
    try:
        async for wait, event in events:
            if event["sequence_number"] < len(seen):
                if any(seen[event["sequence_number"]].get(one) != event.get(one) for one in ("type", "delta")):
                    raise DiffersError(f"event {event['sequence_number']} differs")
                continue
            if wait:
                await world.clock.sleep(wait)
            if event["type"] in ENDINGS:
                world.finished(run.request, stored)
            async for piece in _broken(name, event):
                yield piece
    finally:
        await events.aclose()  # type: ignore[attr-defined]
        if run.body["status"] == "in_progress":
            run.body["status"] = "cancelled"


async def job_stream(job: Job, after: int, name: str | None) -> AsyncIterator[bytes]:
    async for event in job.stream(after):
        async for piece in _broken(name, event):
            yield piece


async def _broken(name: str | None, event: dict[str, Any]) -> AsyncIterator[bytes]:
    """Frame an event; where a failure of the line was asked for, break off in the middle of the answer."""
    framed = frame(event)
    if name in failures.IN_TRANSPORT and event["sequence_number"] == 12:
        yield framed[: len(framed) // 2] if name == "stream_cut" else framed.replace(b"{", b"<", 1)
        if name == "stream_cut":
            raise failures.Cut
        return
    yield framed


def _body(asked: requests.CreateRequest, response_id: str, now: float, azure: bool) -> dict[str, Any]:
    """Return the response as it stands at its beginning, members in the order of recordings."""
    echo = asked.echo
    body: dict[str, Any] = {
        "id": response_id,
        "object": "response",
        "created_at": int(now),
        "status": "queued" if asked.background else "in_progress",
        "background": asked.background,
    }
    if not azure:
        body["billing"] = {"payer": "developer"}
    body["completed_at"] = None
    if azure:
        body["content_filters"] = None
    if asked.conversation:
        body["conversation"] = {"id": asked.conversation}
    body.update(
        error=None,
        frequency_penalty=echo["frequency_penalty"],
        incomplete_details=None,
        instructions=asked.instructions,
        max_output_tokens=asked.max_output_tokens,
        max_tool_calls=asked.max_tool_calls,
        model=asked.deployment if azure else asked.model.served,
        moderation=None,
        output=[],
        parallel_tool_calls=asked.parallel_tool_calls,
        presence_penalty=echo["presence_penalty"],
        previous_response_id=asked.previous_response_id,
        prompt_cache_key=echo["prompt_cache_key"],
        prompt_cache_retention=echo["prompt_cache_retention"],
        reasoning=asked.reasoning,
        safety_identifier=echo["safety_identifier"],
        service_tier="auto",
        store=asked.store,
        temperature=echo["temperature"],
        text=asked.text,
        tool_choice=asked.tool_choice,
        tool_usage={
            "image_gen": {
                "input_tokens": 0,
                "input_tokens_details": {"image_tokens": 0, "text_tokens": 0},
                "output_tokens": 0,
                "output_tokens_details": {"image_tokens": 0, "text_tokens": 0},
                "total_tokens": 0,
            },
            "web_search": {"num_requests": 0},
        },
        tools=asked.tools,
        top_logprobs=echo["top_logprobs"],
        top_p=echo["top_p"],
        truncation=asked.truncation,
        usage=None,
        user=echo["user"],
        metadata=echo["metadata"],
    )
    return body
