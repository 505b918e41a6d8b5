"""One response's life: from the turn that a speaker gets to the events and the body that a client sees.

`Run` turns what a speaker says into numbered events, each with the seconds to wait before it. Whoever drives it
decides what the waiting means: a stream sleeps it, a plain answer skips it, a background job compares it with the
clock. `Job` is the last of these.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Any

from . import compaction, failures, usage
from .clock import Clock
from .events import Numbered
from .ids import Ids
from .model import Cite, CustomCall, FunctionCall, Hosted, Pause, Preamble, Reasoning, Refusal, Speaker, Step, Turn

if TYPE_CHECKING:
    from .tools import Toolbox

Timed = tuple[float, dict[str, Any]]

# The lab's pace: seconds to the first token, and between tokens; a whole answer takes no longer than LONGEST.
FIRST, TOKEN, LONGEST = 0.5, 0.02, 3.0


LOOK_AGAIN = 0.1  # seconds after which to look again whether a tool is done
# The events that end a response, one of them each.
ENDINGS = {"response.completed", "response.incomplete", "response.failed"}
# Calls that wait for the caller: a context that ends in one is not compacted.
AWAITED = {"function_call", "custom_tool_call", "computer_call", "local_shell_call", "shell_call", "apply_patch_call"}
AWAITED |= {"mcp_approval_request"}
# Stands where max_output_tokens is used up: nothing comes after it.
_SPENT: dict[str, Any] = {"type": "spent"}


class Run:
    """Everything that happens to one response, in order. `body` is the response, kept up to date."""

    def __init__(
        self,
        body: dict[str, Any],
        turn: Turn,
        speaker: Speaker,
        tools: Toolbox,
        ids: Ids,
        clock: Clock,
        *,
        family: str,
        fault: failures.Fault | None = None,
    ) -> None:
        self.body = body
        self._turn = turn
        self._speaker = speaker
        self._tools = tools
        self._ids = ids
        self._clock = clock
        self._family = family
        self._fault = fault
        self._stored = turn.request.store
        self.request = request = turn.request
        self.failed: failures.Failed | None = None
        self.phases = request.model.phases
        self._streamed = request.stream or request.background
        self._numbered = Numbered(ids, request.obfuscate and request.stream)
        self._index = 0
        self._output_tokens = 0
        self._reasoning_tokens = 0
        self._dropped = 0  # input tokens that a compaction item stands for now
        self._wait = FIRST
        self._said = 0
        self._drift = 0.0
        self._filtered: str | None = None

    # -- what happens, in order ---------------------------------------------------------------------------------------

    async def events(self) -> AsyncIterator[Timed]:
        """Yield (seconds to wait, event); the last event carries the whole response."""
        background = self._turn.request.background
        yield 0.0, self._event("response.created", response=self._snapshot())
        if background:
            yield 0.0, self._event("response.queued", response=self._snapshot())
            self.body["status"] = "in_progress"
            yield failures.QUEUE_SECONDS, self._event("response.in_progress", response=self._snapshot())
        else:
            yield 0.0, self._event("response.in_progress", response=self._snapshot())
        try:
            async for timed in self._whole_turn():
                if timed[1] is _SPENT:
                    self.body["incomplete_details"] = {"reason": "max_output_tokens"}
                    yield 0.0, self._end("incomplete")
                    return
                yield timed
        except failures.Failed as failed:
            # As recorded: the error event, then response.failed with the same words; usage stays null.
            yield (
                0.0,
                self._event(
                    "error",
                    error={
                        "type": failed.type,
                        "code": failed.code,
                        "message": failed.message,
                        "param": failed.param,
                    },
                ),
            )
            self.failed = failed
            code = failed.code if failed.code == "rate_limit_exceeded" else "server_error"  # what the SDK's type has
            self.body["error"] = {"code": code, "message": failed.message}
            self.body["status"] = "failed"
            yield 0.0, self._event("response.failed", response=self._snapshot())
            return
        except failures.Filtered as filtered:
            self.body["incomplete_details"] = {"reason": "content_filter"}
            self._filtered = filtered.category
            yield 0.0, self._end("incomplete")
            return
        yield 0.0, self._end("completed")

    async def finish(self) -> dict[str, Any]:
        """Let it all happen at once; return the final body."""
        async for _ in self.events():
            pass
        return self.body

    async def _whole_turn(self) -> AsyncIterator[Timed]:
        """The turn, and the compaction of a context that is or becomes too large: before it, after it."""
        if self._turn.context and self._turn.context[-1]["type"] == "compaction_trigger":
            for timed in self._compact(len(self._turn.context) - 1):
                yield timed
            return
        begins = compaction.current_turn(self._turn.context) if self._too_large() else 0
        if begins:
            for timed in self._compact(begins):
                yield timed
        async for timed in self._turn_events():
            yield timed
        waiting = any(item["type"] in AWAITED for item in self._turn.output)
        if self._turn.output and not waiting and self._too_large():
            for timed in self._compact(len(self._turn.context)):
                yield timed

    def _too_large(self) -> bool:
        most = self.request.compact_above
        return most is not None and self._turn.input_tokens - self._dropped + self._output_tokens > most

    def _compact(self, upto: int) -> Iterator[Timed]:
        """Put out an item that stands for the context up to `upto`, and for what was said so far in this turn."""
        turn = self._turn
        old = [*turn.context[:upto], *turn.output]
        lines = compaction.summary(old, turn.remembered)
        item = {"id": self.new_id("compaction"), "type": "compaction"}
        opened, event = self.added({**item, "encrypted_content": self._tools.seal(item["id"], [])})
        yield event
        item["encrypted_content"] = self._tools.seal(item["id"], lines)
        cost = usage.item_tokens(item)
        self.spend(cost)
        self._dropped += sum(usage.item_tokens(one) for one in turn.context[:upto])
        turn.context, turn.remembered = [item, *turn.context[upto:]], lines
        yield self.done(item, opened)

    async def _turn_events(self) -> AsyncIterator[Timed]:
        async for timed in self._tools.prepare(self._turn, self):
            yield timed
        if self._tools.ended():
            return
        speech = self._speaker.speak(self._turn)
        message: _Message | None = None
        try:
            step = await anext(speech)
            while True:
                if isinstance(step, str | Cite):
                    message = message or _Message(self, "final_answer")
                    for timed in message.add(step):
                        yield timed
                    if message.cut:
                        break
                    step = await anext(speech)
                    continue
                if message is not None:
                    for timed in message.close():
                        yield timed
                    message = None
                if isinstance(step, FunctionCall | CustomCall) and self._one_call_only():
                    break
                before = len(self._turn.output)
                async for timed in self._step(step):
                    yield timed
                if self._tools.ended():
                    return
                made = self._turn.output[before:]
                step = await speech.asend(made[-1] if made else None)
        except StopAsyncIteration:
            pass  # all is said
        finally:
            await speech.aclose()
        if message is not None:
            for timed in message.close():
                yield timed

    def _one_call_only(self) -> bool:
        """Whether a second call of the caller's tools would be one too many."""
        request = self.request
        parallel = request.parallel_tool_calls and request.model.parallel and request.effort != "minimal"
        return not parallel and any(item["type"] in ("function_call", "custom_tool_call") for item in self._turn.output)

    async def _step(self, step: Step) -> AsyncIterator[Timed]:
        if isinstance(step, Pause):
            self._wait += step.seconds
        elif isinstance(step, Reasoning):
            for timed in self._reason(step):
                yield timed
        elif isinstance(step, Refusal):
            for timed in self._refuse(step):
                yield timed
        elif isinstance(step, Preamble):
            message = _Message(self, "commentary")
            for timed in message.add(step.text):
                yield timed
            for timed in message.close():
                yield timed
        elif isinstance(step, FunctionCall):
            for timed in self._call(step):
                yield timed
        elif isinstance(step, CustomCall):
            for timed in self._custom(step):
                yield timed
        elif isinstance(step, Hosted):
            async for timed in self._tools.run(step, self._turn, self):
                yield timed

    # -- items --------------------------------------------------------------------------------------------------------

    def _reason(self, step: Reasoning) -> Iterator[Timed]:
        request = self._turn.request
        if not request.model.reasons or request.effort == "none":
            return
        wanted, room = self._turn.thinking() if step.tokens is None else step.tokens, self._room()
        tokens = wanted if room is None else min(wanted, room)
        self._reasoning_tokens += tokens
        self._output_tokens += tokens
        item: dict[str, Any] = {"id": self.new_id("reasoning"), "type": "reasoning", "content": [], "summary": []}
        self._tools.thought(item["id"], tokens)
        silence, self._wait = self._wait, 0.0
        opened, event = self.added(self._sealed(item, []))
        yield event
        self._wait = silence  # it is thinking: nothing comes while the item is open
        at = {"item_id": item["id"], "output_index": opened}
        level = request.reasoning.get("summary")
        shown = (step.summary[:1] if level == "concise" else step.summary) if level else ()
        for number, text in enumerate(shown):
            part = {"summary_index": number, "part": {"type": "summary_text", "text": ""}}
            yield self._timed("response.reasoning_summary_part.added", **at, **part)
            for piece in self.pieces(text):
                yield self._timed("response.reasoning_summary_text.delta", **at, summary_index=number, delta=piece)
            yield self._timed("response.reasoning_summary_text.done", **at, summary_index=number, text=text)
            part["part"] = {"type": "summary_text", "text": text}
            yield self._timed("response.reasoning_summary_part.done", **at, **part)
        item["summary"] = [{"type": "summary_text", "text": text} for text in shown]
        yield self.done(self._sealed(item, [str(tokens), *step.summary]), opened)
        if room is not None and wanted >= room:
            yield 0.0, _SPENT

    def _sealed(self, item: dict[str, Any], texts: list[str]) -> dict[str, Any]:
        """Return a reasoning item with its encrypted_content, if asked for: less in `added` than in `done`."""
        if not self._turn.request.encrypted:
            return dict(item)
        return {**item, "encrypted_content": self._tools.seal(item["id"], texts)}

    def _refuse(self, step: Refusal) -> Iterator[Timed]:
        item = {
            "id": self.new_id("message"),
            "type": "message",
            "status": "in_progress",
            "content": [],
            "role": "assistant",
        }
        kept, whole = self.afford(step.text, 1)
        opened, event = self.added(item)
        yield event
        at = {"item_id": item["id"], "output_index": opened, "content_index": 0}
        yield self._timed("response.content_part.added", **at, part={"type": "refusal", "refusal": ""})
        for piece in self.pieces(kept):
            yield self._timed("response.refusal.delta", **at, delta=piece)
        part = {"type": "refusal", "refusal": kept}
        yield self._timed("response.refusal.done", **at, refusal=kept)
        yield self._timed("response.content_part.done", **at, part=part)
        yield self.done({**item, "status": "completed" if whole else "incomplete", "content": [part]}, opened)
        if not whole:
            yield 0.0, _SPENT

    def _call(self, step: FunctionCall) -> Iterator[Timed]:
        item = {
            "id": self.new_id("function_call"),
            "type": "function_call",
            "status": "in_progress",
            "arguments": "",
            "call_id": self._ids.call(),
            "name": step.name,
        }
        return self._spoken(item, "arguments", step.arguments, "response.function_call_arguments")

    def _custom(self, step: CustomCall) -> Iterator[Timed]:
        item = {
            "id": self.new_id("custom_tool_call"),
            "type": "custom_tool_call",
            "status": "in_progress",
            "call_id": self._ids.call(),
            "input": "",
            "name": step.name,
        }
        return self._spoken(item, "input", step.input, "response.custom_tool_call_input")

    def _spoken(self, item: dict[str, Any], member: str, text: str, event: str) -> Iterator[Timed]:
        """A call whose arguments the model writes out."""
        kept, whole = self.afford(text, 7 + usage.count(item["name"]))
        opened, added = self.added(item)
        yield added
        at = {"item_id": item["id"], "output_index": opened}
        for piece in self.pieces(kept):
            yield self._timed(f"{event}.delta", **at, delta=piece)
        yield self._timed(f"{event}.done", **at, **{member: kept})
        yield self.done({**item, "status": "completed" if whole else "incomplete", member: kept}, opened)
        if not whole:
            yield 0.0, _SPENT

    # -- what tools use -----------------------------------------------------------------------------------------------

    def new_id(self, kind: str) -> str:
        """Return an id for an item of this response."""
        return self._ids.item(kind, self._family, self._stored, self._clock.now())

    def added(self, item: dict[str, Any]) -> tuple[int, Timed]:
        """Open an item: return its output_index and the event."""
        opened, self._index = self._index, self._index + 1
        return opened, self._timed("response.output_item.added", item=item, output_index=opened)

    def inner(self, kind: str, item_id: str, output_index: int, **members: Any) -> Timed:
        """Return an event inside an open item."""
        return self._timed(kind, item_id=item_id, output_index=output_index, **members)

    def done(self, item: dict[str, Any], output_index: int, shown: dict[str, Any] | None = None) -> Timed:
        """Close an item: it joins the output. `shown`: what the caller gets to see of it, if not all."""
        self._turn.output.append(item)
        self.body["output"].append(shown or item)
        return self._timed("response.output_item.done", item=shown or item, output_index=output_index)

    def wait(self, seconds: float) -> None:
        """Let so many seconds go by before the next event."""
        self._wait += seconds

    def citations(self, text: str) -> list[dict[str, Any]]:
        """Return the annotations that tools add to a text that was said."""
        return self._tools.citations(text)

    def spend(self, tokens: int) -> None:
        """Bill output tokens that are not text of a message."""
        self._output_tokens += tokens

    def afford(self, text: str, overhead: int = 0) -> tuple[str, bool]:
        """Bill text; return as much of it as max_output_tokens leaves room for, and whether that is all."""
        room, cost = self._room(), usage.count(text) + overhead
        if room is None or cost <= room:
            self._output_tokens += cost
            return text, True
        self._output_tokens += room
        return usage.head(text, max(0, room - overhead)), False

    def pieces(self, text: str) -> list[str]:
        """Cut text as it is streamed; in one piece where nobody sees the pieces."""
        if not text:
            return []
        return usage.pieces(text) if self._streamed or self._fault is not None else [text]

    # -- inside -------------------------------------------------------------------------------------------------------

    def _room(self) -> int | None:
        most = self._turn.request.max_output_tokens
        return None if most is None else max(0, most - self._output_tokens)

    def _timed(self, kind: str, **members: Any) -> Timed:
        wait, self._wait = self._wait, 0.0
        if kind.endswith(".delta"):
            self._said += 1
            wait += TOKEN if self._drift < LONGEST else 0.0
            self._drift += TOKEN
            if self._fault is not None:
                self._fault.on_delta(self._said)
        return wait, self._event(kind, **members)

    def _event(self, kind: str, **members: Any) -> dict[str, Any]:
        return self._numbered.event(kind, **members)

    def _snapshot(self) -> dict[str, Any]:
        return {**self.body, "output": list(self.body["output"])}

    def _end(self, status: str) -> dict[str, Any]:
        self.body["status"] = status
        self.body["completed_at"] = int(self._clock.now()) if status == "completed" else None
        self.body["service_tier"] = self.request.tier
        self.body["usage"] = usage.usage(
            self._turn.input_tokens,
            self._tools.cached_tokens,
            self._output_tokens,
            self._reasoning_tokens,
            self._tools.written_tokens,
        )
        if "content_filters" in self.body:
            self.body["content_filters"] = failures.content_filters(self._turn, self._filtered)
        return self._event(f"response.{status}", response=self._snapshot())


class _Message:
    """A message being said: opened with its first piece, closed when something else begins."""

    def __init__(self, run: Run, phase: str) -> None:
        self._run = run
        self._item: dict[str, Any] = {
            "id": run.new_id("message"),
            "type": "message",
            "status": "in_progress",
            "content": [],
            "role": "assistant",
        }
        if run.phases:
            self._item["phase"] = phase
        self._text = ""
        self._annotations: list[dict[str, Any]] = []
        self._opened: int | None = None
        self.cut = False
        run.spend(1)

    def add(self, step: str | Cite) -> Iterator[Timed]:
        if self._opened is None:
            self._opened, event = self._run.added(dict(self._item))
            yield event
            yield self._inner("response.content_part.added", part=_part("", []))
        if self.cut:
            return
        if isinstance(step, Cite):
            annotation = step.placed(len(self._text))
            yield self._annotated(annotation)
            return
        kept, whole = self._run.afford(step)
        self._text += kept
        self.cut = not whole
        for piece in self._run.pieces(kept):
            yield self._inner("response.output_text.delta", delta=piece, logprobs=[])

    def _annotated(self, annotation: dict[str, Any]) -> Timed:
        self._annotations.append(annotation)
        return self._inner(
            "response.output_text.annotation.added",
            annotation=annotation,
            annotation_index=len(self._annotations) - 1,
        )

    def close(self) -> Iterator[Timed]:
        assert self._opened is not None
        for annotation in self._run.citations(self._text):
            yield self._annotated(annotation)
        part = _part(self._text, self._annotations)
        yield self._inner("response.output_text.done", text=self._text, logprobs=[])
        yield self._inner("response.content_part.done", part=part)
        item = {**self._item, "status": "incomplete" if self.cut else "completed", "content": [part]}
        yield self._run.done(item, self._opened)
        if self.cut:
            yield 0.0, _SPENT

    def _inner(self, kind: str, **members: Any) -> Timed:
        assert self._opened is not None
        return self._run.inner(kind, self._item["id"], self._opened, content_index=0, **members)


def _part(text: str, annotations: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "output_text", "annotations": annotations, "logprobs": [], "text": text}


class Job:
    """A background response: its events so far, and those to come at their time on the clock.

    Nothing runs by itself. Whoever looks (`advance`) makes happen what is due; progress is a function of the clock.
    `body` is the response as it stands at that time: what clients see. `at_end` is called once it ends by itself.
    """

    def __init__(self, run: Run, body: dict[str, Any], clock: Clock, at_end: Callable[[], None]) -> None:
        self.body = body
        self.events: list[dict[str, Any]] = []
        self.over = False
        self.streamable = run.request.stream
        self._clock = clock
        self._at_end = at_end
        self._coming = aiter(run.events())
        self._step: asyncio.Task[tuple[Timed | None, float]] | None = None
        self._due: float = clock.now()
        self._next: dict[str, Any] | None = None
        self._lock = asyncio.Lock()

    def learn(self, events: list[dict[str, Any]]) -> None:
        """Take over events that were recorded: they happened, whatever this run would have said at their place."""
        for event in events:
            if event["sequence_number"] == len(self.events):
                self.events.append(event)
        if self.events and self.events[-1]["type"] in ENDINGS:
            self.end(self.events[-1]["response"])

    def begin(self) -> None:
        """It has been seen at work: its time in the queue is over."""
        if self.body["status"] == "queued":
            self.body["status"] = "in_progress"
            self._due -= failures.QUEUE_SECONDS

    def end(self, body: dict[str, Any]) -> None:
        """It is over, and this is how it ended."""
        self.over = True
        self.body.update(body)

    async def advance(self) -> float | None:
        """Make happen all that is due; return the seconds until the next look, None when it is over.

        On a real clock it does not wait for a tool that takes its time: what the tool does goes on meanwhile.
        """
        async with self._lock:
            while not self.over:
                if self._next is None and not await self._one_more():
                    return LOOK_AGAIN
                if self._due > self._clock.now():
                    return self._due - self._clock.now()
                if self._next is not None:
                    self._happen(self._next)
                    self._next = None
            return None

    async def _one_more(self) -> bool:
        """Fetch the next event; False where there is none (it is over then), or not yet."""
        if self._step is None:
            self._step = asyncio.ensure_future(_take(self._coming, self._clock))
        # Waiting like this, unlike awaiting it, leaves the step alone when whoever waits goes away.
        await asyncio.wait([self._step], timeout=self._clock.patience)
        if self.over or not self._step.done():
            return False
        coming, took = self._step.result()
        self._step = None
        if coming is None:
            self.over = True
            return False
        self._due += coming[0] + took
        self._next = coming[1]
        return True

    def _happen(self, event: dict[str, Any]) -> None:
        if event["sequence_number"] == len(self.events):  # else it was learnt
            self.events.append(event)
        if "response" not in event:
            return
        if event["type"] == "response.completed":  # it was when it was due, not when somebody looked
            event["response"]["completed_at"] = int(self._due)
        self.body.update(event["response"])
        if event["type"] in ENDINGS:
            self._at_end()

    async def cancel(self) -> None:
        """Stop, whatever a tool is doing; what was said so far is dropped, as recorded (output: []).

        One that has ended stays as it is.
        """
        if not self._lock.locked():  # else somebody waits for a tool, and nothing is due before that is done
            await self.advance()
        if self.over:
            return
        self.over = True
        if self._step is not None:
            self._step.cancel()
            await asyncio.wait([self._step])
        await self._coming.aclose()  # type: ignore[attr-defined]
        self.body.update(status="cancelled", output=[], usage=None)

    async def stream(self, after: int) -> AsyncIterator[dict[str, Any]]:
        """Yield the events numbered above `after`, as they happen."""
        position = after + 1
        while True:
            wait = await self.advance()
            while position < len(self.events):
                yield self.events[position]
                position += 1
            if self.over:
                return
            await self._clock.sleep(wait or 0.0)


async def _take(coming: AsyncIterator[Timed], clock: Clock) -> tuple[Timed | None, float]:
    """Return the next event, and how long a tool took to get there."""
    before = clock.now()
    event = await anext(coming, None)
    return event, clock.now() - before
