"""`watch`: a background response, from queued to its end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, overload

from openai import AsyncOpenAI, OpenAI
from openai.types.responses import Response

from helpers.display import answers, buttons
from helpers.display.blocks import Block, Display, Line
from helpers.display.inline import Mono, Strong
from helpers.display.provenance import source_words
from helpers.display.screen import Area, put
from helpers.display.shapes import plain
from helpers.display.text import count, seconds
from helpers.modes import paced

_WORKING = ("queued", "in_progress")


@overload
def watch(response: Response, client: OpenAI, *, timeout: float = ..., every: float = ...) -> Response: ...
@overload
def watch(
    response: Response, client: AsyncOpenAI, *, timeout: float = ..., every: float = ...
) -> Awaitable[Response]: ...
def watch(
    response: Response, client: OpenAI | AsyncOpenAI, *, timeout: float = 120.0, every: float = 1.0
) -> Response | Awaitable[Response]:
    """Poll a background response until it ends, displaying its state and the time elapsed; return its last state.

    `response` is what `responses.create(..., background=True)` returned, `client` the client that made it. Every
    `every` seconds it asks `client.responses.retrieve(response.id)`, and gives up after `timeout` seconds (the job goes
    on; the response comes back as it is). In a live notebook a Cancel button calls
    `client.responses.cancel(response.id)`; Ctrl-C stops watching and leaves the job alone. With an `AsyncOpenAI`
    client: `response = await watch(response, client)`. A job that failed raises nothing: its error is displayed.
    """
    if not isinstance(response, Response):
        raise TypeError(
            f"watch() takes a response, not a {type(response).__name__}. Of an id: "
            "watch(client.responses.retrieve(id), client)."
        )
    if every <= 0:
        raise ValueError(f"watch() asks again after `every` seconds: {every} is not more than 0.")
    if isinstance(client, AsyncOpenAI):
        return _watch_async(response, client, timeout, every)
    screen = _Watch(response, lambda: client.responses.cancel(response.id), timeout, every)
    try:
        while screen.goes_on():
            time.sleep(screen.pause)
            screen.saw(client.responses.retrieve(response.id))
    except KeyboardInterrupt:
        screen.note = "you stopped watching; the job goes on."
    return screen.finish()


async def _watch_async(response: Response, client: AsyncOpenAI, timeout: float, every: float) -> Response:
    loop = asyncio.get_running_loop()

    def cancel() -> object:  # called in the thread that gets a click; the client belongs to this cell's loop
        return asyncio.run_coroutine_threadsafe(client.responses.cancel(response.id), loop).result(every + 30)

    screen = _Watch(response, cancel, timeout, every)
    try:
        while screen.goes_on():
            await asyncio.sleep(screen.pause)
            screen.saw(await client.responses.retrieve(response.id))
    except asyncio.CancelledError:
        screen.note = "you stopped watching; the job goes on."
        screen.finish()
        raise
    return screen.finish()


class _Watch:
    """One display that is updated with each poll."""

    def __init__(self, response: Response, cancel: Callable[[], object], timeout: float, every: float) -> None:
        self.response, self.note = response, ""
        self.pause = every if paced() else 0.0
        self._timeout, self._left = timeout, max(1, int(timeout / every))
        self._states, self._polls, self._started = [str(response.status)], 0, time.monotonic()
        self._area = Area()
        self._button: Any = None
        self._area.draw(Display(self._blocks()))
        if buttons.wanted() and response.status in _WORKING:
            self._offer(cancel)

    def goes_on(self) -> bool:
        """Whether to poll again: the job works, and neither the time nor the number of polls is used up."""
        if self.response.status not in _WORKING:
            return False
        if self._left > 0 and time.monotonic() - self._started < self._timeout:
            return True
        self.note = f"still {self.response.status} after {self._timeout:g} s; the job goes on, retrieve it later."
        return False

    def saw(self, response: Response) -> None:
        """Note the answer to a poll."""
        self.response = response
        self._polls, self._left = self._polls + 1, self._left - 1
        changed = str(response.status) != self._states[-1]
        if changed:
            self._states.append(str(response.status))
        if self._area.live or (changed and response.status in _WORKING):
            self._area.draw(Display(self._blocks()))

    def finish(self) -> Response:
        """Replace the state by the answer, and return it."""
        if self._button is not None:
            self._button.close()
        shown = answers.response(plain(self.response), source_words(self.response))
        self._area.draw(Display([*self._blocks(), *shown.blocks]))
        return self.response

    def _blocks(self) -> list[Block]:
        elapsed = f" · {seconds(time.monotonic() - self._started)}" if paced() else ""
        elapsed += f" · {count(self._polls, 'poll')} · "
        blocks: list[Block] = [Line([Strong(" → ".join(self._states)), elapsed, Mono(self.response.id)])]
        return [*blocks, Line([Strong("not finished"), ": ", self.note])] if self.note else blocks

    def _offer(self, cancel: Callable[[], object]) -> None:
        """A button under the state. JupyterLab ≥ 4.4 with ipykernel ≥ 7 delivers its click while the cell runs."""
        from ipywidgets import HBox, Output, VBox  # type: ignore[import-untyped]

        result = Output()

        def act() -> None:
            with result:
                try:
                    cancel()
                except Exception as problem:  # a button has no cell that could show a traceback
                    answers.show(problem)

        self._button = buttons.button("Cancel", act, f"Cancel {self.response.id}")
        put(VBox([HBox([self._button]), result]))
