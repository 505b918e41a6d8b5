"""Puts files into vector stores: reads them, cuts them into chunks, and says when they are ready."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import chunks, errors, files, shapes

if TYPE_CHECKING:
    from .service import World
    from .vector_stores import VectorStore

SECONDS = 1.0  # on the clock, until a file is searchable; assumed
STATUSES = ("in_progress", "completed", "failed", "cancelled")


@dataclass
class StoreFile:
    """A file in a vector store: what clients see of it, when it will be ready, its text in chunks, or what is wrong."""

    body: dict[str, Any]
    filename: str
    due: float
    text: str = ""
    chunks: list[str] = field(default_factory=list)
    fault: dict[str, str] | None = None
    batches: set[str] = field(default_factory=set)


def counts(some: list[StoreFile]) -> dict[str, int]:
    """Return how many files are in which state."""
    found = {status: sum(file.body["status"] == status for file in some) for status in STATUSES}
    return {**found, "total": len(some)}


async def attach(world: World, store: VectorStore, wanted: Sequence[dict[str, Any]], param: str) -> list[StoreFile]:
    """Put files into a store, all of them or none; raises ApiError.

    wanted: what each request says of a file: file_id, attributes, chunking_strategy.
    """
    known = files.kept(world)
    for one in wanted:
        if one["file_id"] not in known:  # in the words of /files; assumed here
            raise errors.ApiError(404, f"No such File object: {one['file_id']}", param=param)
    kinds = {chunks.extension(known[one["file_id"]].body["filename"]) for one in wanted} - chunks.SUPPORTED
    if kinds:  # as reported
        raise errors.invalid(
            f"Files with extensions [{', '.join(sorted(kinds))}] are not supported for retrieval. See "
            "https://platform.openai.com/docs/assistants/tools/file-search/supported-files",
            "file_ids",
            "unsupported_file",
        )
    now = world.clock.now()
    made = [_made(one, known[one["file_id"]].body["filename"], store, now) for one in wanted]
    for file in made:
        await asyncio.to_thread(index, file, known[file.body["id"]].content)
    store.files.update((file.body["id"], file) for file in made)
    store.settle(now, known)
    return made


def adopt(world: World, store: VectorStore, wanted: dict[str, Any], batch: str | None) -> None:
    """Put a file into a store as a recording says: `wanted` is a request's, or the body that answered it."""
    file_id = wanted.get("file_id") or wanted["id"]
    stored = files.kept(world).get(file_id)
    if stored is None:  # uploaded before the recording began
        return
    file = store.files.get(file_id)
    if file is None:
        file = _made({**wanted, "file_id": file_id}, stored.body["filename"], store, world.clock.now())
        index(file, stored.content)
        store.files[file_id] = file
    if "status" in wanted:
        file.body.update(wanted)
    if batch:
        file.batches.add(batch)


def index(file: StoreFile, content: bytes) -> None:
    """Read a file's text and cut it into chunks; what is wrong with it is known once it is due."""
    try:
        file.text = chunks.text_of(file.filename, content)
    except chunks.UnreadableError as error:
        file.fault = {"code": error.code, "message": str(error)}
        return
    file.chunks = chunks.cut(file.text, file.body["chunking_strategy"])


def _made(one: dict[str, Any], filename: str, store: VectorStore, now: float) -> StoreFile:
    body = {
        "id": one["file_id"],
        "object": "vector_store.file",
        "usage_bytes": 0,
        "created_at": int(now),
        "vector_store_id": store.body["id"],
        "status": "in_progress",
        "last_error": None,
        "attributes": read_attributes(one.get("attributes")),
        "chunking_strategy": _strategy(one.get("chunking_strategy")),
    }
    return StoreFile(body, filename, now + SECONDS)


def _strategy(given: dict[str, Any] | None) -> dict[str, Any]:
    """Return a chunking strategy as answers have it: "auto" is shown as what it amounts to (recorded)."""
    if given is None or given["type"] == "auto":
        return copy.deepcopy(chunks.CHUNKING)
    size, overlap = given["static"]["max_chunk_size_tokens"], given["static"]["chunk_overlap_tokens"]
    if not 100 <= size <= 4096 or not 0 <= overlap <= size // 2:  # the SDK's figures; the words are assumed
        raise errors.invalid(
            "Invalid 'chunking_strategy.static': max_chunk_size_tokens is from 100 to 4096, and chunk_overlap_tokens "
            f"at most half of it, but got {size} and {overlap}.",
            "chunking_strategy.static",
            "invalid_value",
        )
    return {"type": "static", "static": dict(given["static"])}


def read_attributes(given: dict[str, Any] | None) -> dict[str, Any]:
    """Return a file's attributes: up to 16, names up to 64 characters, texts up to 512 (the SDK's figures)."""
    given = given or {}
    shapes.check(given, dict[str, str | float | bool], "attributes")
    texts = [value for value in given.values() if isinstance(value, str)]
    if len(given) > 16 or any(len(name) > 64 for name in given) or any(len(text) > 512 for text in texts):
        raise errors.invalid(  # the words are assumed
            "Invalid 'attributes': expected at most 16, with names of up to 64 and texts of up to 512 characters.",
            "attributes",
            "invalid_value",
        )
    return dict(given)
