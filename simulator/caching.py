"""The prompt cache: which beginnings of prompts were read lately, and so cost less.

A prefix counts from 1,024 tokens on, in steps of 128 (Microsoft's prompt caching page, 2026-08-11). Models that bill
what they write (gpt-5.6 and later) count to the token: recorded are 1,217 of 1,220 written, reported 3,207 written
and then 3,207 read. What decides is the text, not how it was sent: previous_response_id and a history sent again hit
the same prefixes. Finer than a part of a message it is not token by token but in slices of 512 characters.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from . import usage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .requests import CreateRequest
    from .store import Node

FLOOR, STEP = 1024, 128  # tokens
_NEVER = 3  # tokens at the end of a prompt that are not cached (recorded once)
MOST_PREFIXES = 100_000
_SLICE = 512  # characters, about 128 tokens
_KEPT = {"in_memory": 300.0, "24h": 86_400.0, "30m": 1_800.0, "12h": 43_200.0}  # seconds since it was last read

# A point in a prompt: the digest of all that comes before it, and how many tokens that is.
Mark = tuple[bytes, int]


class PromptCache:
    """Which prefixes have been read lately. Bounded: the one not read for longest leaves first."""

    def __init__(self) -> None:
        self._until: OrderedDict[bytes, float] = OrderedDict()

    def read(self, asked: CreateRequest, context: Node, now: float) -> tuple[int, int]:
        """Return (cached_tokens, cache_write_tokens) of a request, and remember its prefixes."""
        options = asked.echo["prompt_cache_options"] or {}
        if options.get("mode") == "explicit" and "prompt_cache_breakpoint" not in json.dumps(asked.input):
            return 0, 0
        keep = _KEPT[options.get("ttl") or asked.echo["prompt_cache_retention"]]
        lead = _lead(asked)
        digest, ahead = lead[-1]
        total = ahead + context.tokens
        if total < FLOOR:
            return 0, 0
        within = (mark for node in context.nodes() for mark in reversed(marks(node)))
        hit = 0
        for own, tokens in within:
            if ahead + tokens < FLOOR or not own:  # too little, or nothing but the lead
                break
            if self._seen(digest + own, now, keep):
                hit = ahead + tokens
                break
        for own, tokens in reversed(lead):
            if tokens >= FLOOR and self._seen(own, now, keep):
                hit = max(hit, tokens)
        while len(self._until) > MOST_PREFIXES:
            self._until.popitem(last=False)
        if asked.model.cache_writes:
            most = total + usage.opening(asked.model.reasons) - _NEVER
            return min(hit, most), max(0, most - hit)
        return hit - hit % STEP, 0

    def _seen(self, prefix: bytes, now: float, keep: float) -> bool:
        """Whether a prefix is in the cache; it is from now on."""
        seen = self._until.get(prefix, 0.0) > now
        self._until[prefix] = now + keep
        self._until.move_to_end(prefix)
        return seen


def _lead(asked: CreateRequest) -> list[Mark]:
    """Return the marks of what comes before the items: tools, response format, instructions."""
    start = json.dumps([asked.deployment, asked.echo["prompt_cache_key"], asked.tools, asked.text["format"]])
    tokens = usage.tools_tokens(asked.tools) + usage.schema_tokens(asked.text["format"])
    found = [(_after(b"", start), tokens)]
    if asked.instructions:
        cost = usage.item_tokens({"type": "message", "content": asked.instructions})
        found += _sliced(found[0], asked.instructions, cost)
    return found


def marks(node: Node) -> list[Mark]:
    """Return the marks within a node; computed once, from those of the node before it."""
    waiting = []
    for one in node.nodes():
        if one.marks is not None:
            break
        waiting.append(one)
    for one in reversed(waiting):
        last: Mark = (b"", 0)
        if one.before is not None:
            last = (one.before.marks or [last])[-1]
        found: list[Mark] = []
        for item in one.items:
            if item["type"] == "reasoning":
                continue
            for text, cost in _read(item):
                found += _sliced(last, text, cost)
                last = found[-1]
        object.__setattr__(one, "marks", found or [last])
    return node.marks or []


def _sliced(last: Mark, text: str, cost: int) -> list[Mark]:
    """Return the marks that a text of `cost` tokens adds, one a slice."""
    digest, before = last
    pieces = [text[start : start + _SLICE] for start in range(0, len(text), _SLICE)] or [""]
    found = []
    for number, piece in enumerate(pieces, 1):
        digest = _after(digest, piece)
        found.append((digest, before + cost * number // len(pieces)))
    return found


def _after(digest: bytes, text: str) -> bytes:
    return hashlib.blake2b(text.encode(errors="surrogatepass"), key=digest, digest_size=16).digest()


def _read(item: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield what a model reads of an item, whoever sent it and under whichever id, and its tokens: part by part."""
    if item["type"] != "message":
        kept = {key: value for key, value in item.items() if key not in ("id", "status", "encrypted_content")}
        yield json.dumps(kept, sort_keys=True), usage.item_tokens(item)
        return
    yield item["role"], usage.item_tokens({**item, "content": ""})
    for part in item["content"]:
        cost = usage.part_tokens(part)
        # A picture or a file is read whole or not at all: one slice, however long its bytes are.
        yield part["text"] if "text" in part else _after(b"", json.dumps(part, sort_keys=True)).hex(), cost
