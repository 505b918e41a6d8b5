"""The resource `/vector_stores`: files made searchable. Its files and their batches are in vector_store_files.

As recorded (openai-dotnet FileSearch, pydantic-ai file_search_tool*; 2025-11 to 2026-02): the objects, their deletion,
`in_progress` first. As documented (SDK): list, update, expiry, search, attributes. As reported: the words of the 404,
of an expired store and of an unsupported file. Assumed: how long indexing takes, usage_bytes, what a store without
its deleted file looks like, and that an expired store can still be looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import typing_extensions
from openai.types import vector_store_create_params, vector_store_search_params, vector_store_update_params

from . import chunks, documents, errors, files, pages, parameters, requests, search_tools, shapes
from .http import Reply, Request
from .indexing import StoreFile, attach, counts

if TYPE_CHECKING:
    from .service import World

MOST_STORES = 1_000
_DAY = 24 * 3600

_CREATE = typing_extensions.get_type_hints(vector_store_create_params.VectorStoreCreateParams)
_UPDATE = typing_extensions.get_type_hints(vector_store_update_params.VectorStoreUpdateParams)
_SEARCH = typing_extensions.get_type_hints(vector_store_search_params.VectorStoreSearchParams)


@dataclass
class VectorStore:
    """A vector store: what clients see of it, its files, its batches of files."""

    body: dict[str, Any]
    files: dict[str, StoreFile] = field(default_factory=dict)
    batches: dict[str, dict[str, Any]] = field(default_factory=dict)

    def settle(self, now: float, known: dict[str, Any]) -> None:
        """Let happen what is due; `known` are the files that there still are."""
        for file_id in [file_id for file_id in self.files if file_id not in known]:
            del self.files[file_id]
        for file in self.files.values():
            if file.body["status"] == "in_progress" and file.due <= now:
                file.body["status"] = "failed" if file.fault else "completed"
                file.body["last_error"] = file.fault
                file.body["usage_bytes"] = sum(len(chunk.encode()) for chunk in file.chunks)
        for batch_id, batch in self.batches.items():
            batch["file_counts"] = counts([file for file in self.files.values() if batch_id in file.batches])
            if batch["status"] == "in_progress" and not batch["file_counts"]["in_progress"]:
                batch["status"] = "completed"
        self.body["file_counts"] = counts(list(self.files.values()))
        self.body["usage_bytes"] = sum(file.body["usage_bytes"] for file in self.files.values())
        self.body["status"] = "in_progress" if self.body["file_counts"]["in_progress"] else "completed"
        self.body["expires_at"] = None
        if self.body["expires_after"] is not None:
            self.body["expires_at"] = self.body["last_active_at"] + self.body["expires_after"]["days"] * _DAY
            if now >= self.body["expires_at"]:
                self.body["status"] = "expired"

    def touch(self, now: float) -> None:
        """It is used: what its expiry is counted from. Raises the 400 of a store that has expired."""
        if self.body["status"] == "expired":
            raise errors.invalid(f"Vector store '{self.body['id']}' has expired.", "vector_store_id", None)
        self.body["last_active_at"] = int(now)


# -- routes ------------------------------------------------------------------------------------------------------------


async def create(world: World, request: Request) -> Reply:
    """POST /vector_stores"""
    data = read(request, _CREATE)
    table = world.store.table("vector_stores")
    if len(table) >= MOST_STORES:
        raise errors.ApiError(
            429,
            f"The simulator holds {MOST_STORES} vector stores, which is all it takes. Delete some, or start it anew.",
            type="insufficient_storage",
            code="insufficient_storage",
        )
    _check_expiry(data.get("expires_after"))
    now = world.clock.now()
    store = VectorStore(
        {
            "id": f"vs_{int(now):08x}{world.ids.hex(24)}",
            "object": "vector_store",
            "created_at": int(now),
            "name": data.get("name"),
            "description": data.get("description"),
            "usage_bytes": 0,
            "file_counts": counts([]),
            "status": "completed",
            "expires_after": data.get("expires_after"),
            "expires_at": None,
            "last_active_at": int(now),
            "metadata": data.get("metadata") or {},
        }
    )
    file_ids = data.get("file_ids") or []
    await attach(world, store, [{**data, "file_id": one} for one in file_ids], "file_ids")
    store.settle(now, files.kept(world))
    table[store.body["id"]] = store
    return Reply.json(200, store.body, world.plain_headers())


async def list_stores(world: World, request: Request) -> Reply:
    """GET /vector_stores, newest first unless order=asc"""
    rows = [find(world, store_id).body for store_id in world.store.table("vector_stores")]
    return Reply.json(200, pages.page(rows, request), world.plain_headers())


async def retrieve(world: World, request: Request, store_id: str) -> Reply:
    """GET /vector_stores/{id}"""
    return Reply.json(200, find(world, store_id).body, world.plain_headers())


async def update(world: World, request: Request, store_id: str) -> Reply:
    """POST /vector_stores/{id}: its name, its metadata, its expiry"""
    store = find(world, store_id)
    data = read(request, _UPDATE, nulls=True)
    _check_expiry(data.get("expires_after"))
    store.body.update(data)
    store.body["metadata"] = store.body["metadata"] or {}
    store.settle(world.clock.now(), files.kept(world))
    return Reply.json(200, store.body, world.plain_headers())


async def delete(world: World, request: Request, store_id: str) -> Reply:
    """DELETE /vector_stores/{id}: its files stay"""
    find(world, store_id)
    del world.store.table("vector_stores")[store_id]
    body = {"id": store_id, "object": "vector_store.deleted", "deleted": True}
    return Reply.json(200, body, world.plain_headers())


async def search(world: World, request: Request, store_id: str) -> Reply:
    """POST /vector_stores/{id}/search: one chunk a result, best first"""
    store = find(world, store_id)
    data = read(request, _SEARCH)
    if "query" not in data:
        raise errors.missing("query")
    search_tools.check_results(data, "")
    search_tools.check_filters(data.get("filters"), "filters")
    store.touch(world.clock.now())
    queries = [data["query"]] if isinstance(data["query"], str) else list(data["query"])
    if data.get("rewrite_query"):  # what a rewritten query looks like is assumed
        queries = [" ".join(documents.words(query)) or query for query in queries]
    found = results([store], queries, data, default=10)
    rows = [
        {
            "file_id": one["file_id"],
            "filename": one["filename"],
            "score": one["score"],
            "attributes": one["attributes"],
            "content": [{"type": "text", "text": one["text"]}],
        }
        for one in found
    ]
    page = {"object": "vector_store.search_results.page", "search_query": queries, "data": rows}
    return Reply.json(200, {**page, "has_more": False, "next_page": None}, world.plain_headers())


# -- for responses -----------------------------------------------------------------------------------------------------


def find(world: World, store_id: str) -> VectorStore:
    """Return a vector store as it stands now; raises the service's errors."""
    if not store_id.startswith("vs_"):
        raise errors.invalid(
            f"Invalid 'vector_store_id': '{store_id}'. Expected an ID that begins with 'vs_'.",
            "vector_store_id",
            "invalid_value",
        )
    store: VectorStore | None = world.store.table("vector_stores").get(store_id)
    if store is None:
        raise errors.ApiError(404, f"No vector store found with id '{store_id}'.")
    store.settle(world.clock.now(), files.kept(world))
    return store


def settle(world: World) -> None:
    """Let happen in every store what is due."""
    for store in world.store.table("vector_stores").values():
        store.settle(world.clock.now(), files.kept(world))


def check(world: World, tools: list[dict[str, Any]]) -> None:
    """Refuse a file_search tool whose vector stores are not there or have expired; raises ApiError.

    That a request is refused with the words of the resource itself is assumed.
    """
    for tool in tools:
        for store_id in tool["vector_store_ids"] if tool["type"] == "file_search" else []:
            find(world, store_id).touch(world.clock.now())


def results(
    stores: list[VectorStore], queries: list[str], options: dict[str, Any], default: int
) -> list[dict[str, Any]]:
    """Return what file search finds, as the results of a file_search_call have it.

    options: filters, max_num_results, ranking_options as the tool and the search take them.
    """
    pieces = [
        (file, chunk)
        for store in stores
        for file in store.files.values()
        if file.body["status"] == "completed"
        and search_tools.matches(options.get("filters"), file.body["attributes"] or {})
        for chunk in file.chunks
    ]
    least = (options.get("ranking_options") or {}).get("score_threshold", 0.0)
    ranked = [one for one in chunks.rank(queries, [chunk for _, chunk in pieces]) if one[1] >= least]
    return [
        {
            "attributes": pieces[index][0].body["attributes"],
            "file_id": pieces[index][0].body["id"],
            "filename": pieces[index][0].filename,
            "score": score,
            "text": pieces[index][1],
            "vector_store_id": pieces[index][0].body["vector_store_id"],
        }
        for index, score in ranked[: options.get("max_num_results") or default]
    ]


# -- reading -----------------------------------------------------------------------------------------------------------


def read(request: Request, hints: dict[str, Any], *, nulls: bool = False) -> dict[str, Any]:
    """Return a request's members, checked against the SDK's types; those that are null only where `nulls` says so."""
    data = requests.read_json(request.body)
    for name, value in data.items():
        if name not in hints:
            raise errors.unknown_parameter(name)
        if value is not None:
            shapes.check(value, hints[name], name)
    parameters.check_metadata(data.get("metadata") or {})
    return {name: value for name, value in data.items() if nulls or value is not None}


def _check_expiry(after: dict[str, Any] | None) -> None:
    if after is not None and not 1 <= after["days"] <= 365:  # 365: OpenAI's OpenAPI description
        low = after["days"] < 1
        raise errors.invalid(
            f"Invalid 'expires_after.days': integer {'below minimum' if low else 'above maximum'} value. Expected a "
            f"value {'>= 1' if low else '<= 365'}, but got {after['days']} instead.",
            "expires_after.days",
            f"integer_{'below_min' if low else 'above_max'}_value",
        )
