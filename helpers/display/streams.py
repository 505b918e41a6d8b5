"""`show_stream`: an answer as it comes, in one display."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Iterator
from typing import Any, overload

import httpx2
from openai import AsyncStream, OpenAIError, Stream
from openai.lib.streaming.responses import (
    AsyncResponseStream,
    AsyncResponseStreamManager,
    ResponseStream,
    ResponseStreamManager,
)
from openai.types.responses import Response, ResponseStreamEvent

from helpers.display import answers
from helpers.display.blocks import Block, Display, Line
from helpers.display.growing import Growing
from helpers.display.inline import Strong
from helpers.display.provenance import source_words
from helpers.display.screen import Area
from helpers.display.text import one_line

_EVERY = 0.1  # seconds between two updates: ten a second look continuous and cost a browser little

SyncStream = Stream[ResponseStreamEvent] | ResponseStream[Any] | ResponseStreamManager[Any]
AsyncStreams = AsyncStream[ResponseStreamEvent] | AsyncResponseStream[Any] | AsyncResponseStreamManager[Any]


@overload
def show_stream(stream: SyncStream) -> Response: ...
@overload
def show_stream(stream: AsyncStreams) -> Awaitable[Response]: ...
def show_stream(stream: SyncStream | AsyncStreams) -> Response | Awaitable[Response]:
    """Display an answer while it arrives, and return the final response.

    `stream`: what `client.responses.create(..., stream=True)` or `client.responses.stream(...)` returned; for an
    `AsyncOpenAI` client write `response = await show_stream(await client.responses.create(..., stream=True))`.
    Text, reasoning and tool calls appear as they open, grow and close, in one display, at most ten updates a second.
    The last update is the whole answer, as `show` displays it.

    A stream that does not end well (an `error` event, `response.failed`, a cut connection, an event that is no JSON,
    Ctrl-C or the stop button) raises nothing: what came so far stays, the cause is said above it, and the response is
    returned in its last known state, with the text and the items that had arrived. Only a stream that broke before its
    first event raises, because there is no response to return; and a cancelled task stays cancelled (Ctrl-C in an async
    cell). Raises TypeError for what is no stream.
    """
    if isinstance(stream, AsyncStream | AsyncResponseStream | AsyncResponseStreamManager):
        return _show_async(stream)
    screen = _Screen()
    if isinstance(stream, ResponseStreamManager):
        with stream as opened:
            return _show_sync(opened, screen)
    return _show_sync(stream, screen)


def _show_sync(stream: Any, screen: _Screen) -> Response:
    if not (hasattr(stream, "__iter__") and hasattr(stream, "close")):
        raise TypeError(
            f"show_stream() reads a stream, and this is a {type(stream).__name__}: ask with stream=True; for an "
            "AsyncOpenAI client, await create() first."
        )
    events: Iterator[Any] = iter(stream)
    try:
        for event in events:
            screen.take(event)
    except (OpenAIError, httpx2.HTTPError, json.JSONDecodeError, KeyboardInterrupt) as problem:
        screen.stopped(problem)
    finally:
        stream.close()
    return screen.finish(stream)


async def _show_async(stream: Any) -> Response:
    if isinstance(stream, AsyncResponseStreamManager):
        async with stream as opened:
            return await _show_async(opened)
    screen = _Screen()
    events: AsyncIterator[Any] = aiter(stream)
    try:
        async for event in events:
            screen.take(event)
    except (OpenAIError, httpx2.HTTPError, json.JSONDecodeError, KeyboardInterrupt) as problem:
        screen.stopped(problem)
    except asyncio.CancelledError as problem:  # the stop button, in an async cell; a cancelled task must end as one
        screen.stopped(problem)
        screen.finish(stream)
        raise
    finally:
        await stream.close()
    return screen.finish(stream)


def _cause(name: str, words: str) -> Block:
    return Line([Strong(name), f": {words} What had come by then:"])


class _Screen:
    """One display that is updated in place."""

    def __init__(self) -> None:
        self.answer = Growing()
        self._cause: BaseException | None = None
        self._area = Area()
        self._drawn = 0.0

    def take(self, event: Any) -> None:
        self.answer.take(event)
        now = time.monotonic()
        if now - self._drawn >= _EVERY:
            self._drawn = now
            value = self.answer.value() if self._area.live else None  # a terminal gets the end only
            if value is not None:
                self._area.draw(answers.response(value, "arriving"))

    def stopped(self, problem: BaseException) -> None:
        self._cause = problem

    def finish(self, stream: object) -> Response:
        response, value = self.answer.response(), self.answer.value()
        if response is None or value is None:
            raise self._cause or EOFError("The stream ended before its first event: ask again.")
        self._area.draw(Display([*self._said(), *answers.response(value, source_words(stream)).blocks]))
        return response

    def _said(self) -> list[Block]:
        if self._cause is None:
            if self.answer.ended:
                return []
            if self.answer.error is not None:
                return [_cause("error", one_line(self.answer.error, 300))]
            return [_cause("cut", "the stream ended before the response did.")]
        if isinstance(self._cause, KeyboardInterrupt | asyncio.CancelledError):
            return [_cause("stopped", "the stream was interrupted.")]
        words = one_line(getattr(self._cause, "message", None) or self._cause, 300)
        if self._cause.__cause__ is not None:  # the SDK says "Connection error."; the transport says which
            words += f" ({one_line(self._cause.__cause__, 200)})"
        return [_cause(type(self._cause).__name__, words)]
