"""The one seam to whoever speaks: an async generator of text and steps, nothing more.

A speaker gets a Turn and yields pieces of text (str; consecutive pieces are one message) and steps. The engine owns
ids, sequence numbers, item life cycles and usage. After a step that becomes an item, the speaker is sent that item,
so that it can go on with what a tool answered: `item = yield Hosted(...)`.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

from ..requests import CreateRequest


@dataclass(frozen=True)
class Reasoning:
    """Thinking: what of it may be shown, and its cost in tokens (None: what the effort in force asks for)."""

    summary: tuple[str, ...] = ()
    tokens: int | None = None


@dataclass(frozen=True)
class Refusal:
    """A refusal, which takes the place of an answer's text."""

    text: str


@dataclass(frozen=True)
class FunctionCall:
    """A call of one of the caller's functions; `arguments` is JSON text."""

    name: str
    arguments: str


@dataclass(frozen=True)
class CustomCall:
    """A call of one of the caller's custom tools; `input` is plain text."""

    name: str
    input: str


@dataclass(frozen=True)
class Hosted:
    """A call of a tool that the service runs: its type and what it is asked to do."""

    kind: str
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Cite:
    """An annotation on the text just said: on its last `covers` characters, or on the place where it ends."""

    annotation: dict[str, Any]
    covers: int = 0

    def placed(self, here: int) -> dict[str, Any]:
        """Return the annotation as it stands where the text has `here` characters."""
        if self.annotation["type"] == "file_citation":
            return {**self.annotation, "index": here}
        where = {"end_index": here, "start_index": here - self.covers}
        return {"type": self.annotation["type"], **where, **self.annotation}


@dataclass(frozen=True)
class Source:
    """What a search of this turn found: a passage, and the page (url, title) or file (file_id, filename) it is from."""

    text: str
    url: str = ""
    title: str = ""
    file_id: str = ""
    filename: str = ""

    def cited(self) -> list[Step]:
        """Return what a model says to cite it, as recorded: a link in parentheses; for a file, nothing but the mark."""
        if self.file_id:
            return [Cite({"type": "file_citation", "file_id": self.file_id, "filename": self.filename})]
        host = (urlsplit(self.url).hostname or "").removeprefix("www.")
        link = f"([{host}]({self.url}))"
        return [link, Cite({"type": "url_citation", "title": self.title, "url": self.url}, len(link))]


@dataclass(frozen=True)
class Preamble:
    """A message before tool calls: what the model is about to do (phase "commentary" where there are phases)."""

    text: str


@dataclass(frozen=True)
class Pause:
    """Nothing for so many seconds (of the clock)."""

    seconds: float


Step = str | Preamble | Reasoning | Refusal | FunctionCall | CustomCall | Hosted | Cite | Pause


@dataclass
class Turn:
    """What the model has before it: the request, the whole context, and what it has said so far in this turn."""

    request: CreateRequest
    context: list[dict[str, Any]]
    tools: list[dict[str, Any]]  # on offer under the tool choice
    must_call: bool
    input_tokens: int
    characters: int  # of text in the context
    remembered: list[str] = field(default_factory=list)  # what a compaction item in the context carries, in lines
    output: list[dict[str, Any]] = field(default_factory=list)
    found: list[Source] = field(default_factory=list)  # what searches of this turn found

    def users(self) -> list[dict[str, Any]]:
        """Return the user messages in context, oldest first."""
        return [item for item in self.context if item.get("type") == "message" and item.get("role") == "user"]

    def thinking(self) -> int:
        """Return the reasoning tokens that this turn's effort and last user message ask for."""
        from .. import reasoning
        from ..items import text_of

        asked = (item for item in reversed(self.context) if item["type"] == "message" and item["role"] == "user")
        last = next(asked, None)
        return reasoning.tokens(self.request, text_of(last) if last else "")

    def answered(self) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Return (call, output) for each tool output that came after the last user message."""
        outputs: list[dict[str, Any]] = []
        for item in reversed(self.context):
            if item.get("type") == "message" and item.get("role") == "user":
                break
            if "output" in item and item.get("call_id"):
                outputs.append(item)
        if not outputs:
            return []
        calls = {item["call_id"]: item for item in self.context if item.get("call_id") and "output" not in item}
        return [(calls[output["call_id"]], output) for output in reversed(outputs) if output["call_id"] in calls]

    def instructions(self) -> list[str]:
        """Return the instructions in force: the request's own, then developer and system messages."""
        from ..items import text_of

        own = [self.request.instructions] if self.request.instructions else []
        return own + [text_of(item) for item in self.context if item.get("role") in ("developer", "system")]


class Speaker(Protocol):
    """Whoever speaks."""

    def speak(self, turn: Turn) -> AsyncGenerator[Step, dict[str, Any] | None]:
        """Yield text and steps; ending is the end of the turn."""
