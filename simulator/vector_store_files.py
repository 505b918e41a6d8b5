"""The resources `/vector_stores/{id}/files` and `/file_batches`: which files a store has, and how far they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typing_extensions
from openai.types.vector_stores import file_batch_create_params, file_create_params, file_update_params

from . import errors, pages
from .http import Reply, Request
from .indexing import STATUSES, StoreFile, attach, counts, read_attributes
from .vector_stores import VectorStore, find, read

if TYPE_CHECKING:
    from .service import World

MOST_IN_A_BATCH = 2_000  # the SDK's figure

_CREATE = typing_extensions.get_type_hints(file_create_params.FileCreateParams)
_UPDATE = typing_extensions.get_type_hints(file_update_params.FileUpdateParams)
_BATCH = typing_extensions.get_type_hints(file_batch_create_params.FileBatchCreateParams)
_ONE = file_batch_create_params.File


async def create(world: World, request: Request, store_id: str) -> Reply:
    """POST /vector_stores/{id}/files"""
    store = find(world, store_id)
    data = read(request, _CREATE)
    if "file_id" not in data:
        raise errors.missing("file_id")
    store.touch(world.clock.now())
    (file,) = await attach(world, store, [data], "file_id")
    return Reply.json(200, file.body, world.plain_headers())


async def list_files(world: World, request: Request, store_id: str) -> Reply:
    """GET /vector_stores/{id}/files, newest first unless order=asc; filter=STATUS"""
    return _listed(world, request, list(find(world, store_id).files.values()))


async def retrieve(world: World, request: Request, store_id: str, file_id: str) -> Reply:
    """GET /vector_stores/{id}/files/{file_id}"""
    return Reply.json(200, _file(find(world, store_id), file_id).body, world.plain_headers())


async def update(world: World, request: Request, store_id: str, file_id: str) -> Reply:
    """POST /vector_stores/{id}/files/{file_id}: its attributes, replaced as a whole"""
    file = _file(find(world, store_id), file_id)
    data = read(request, _UPDATE, nulls=True)
    if "attributes" not in data:
        raise errors.missing("attributes")
    file.body["attributes"] = read_attributes(data["attributes"])
    return Reply.json(200, file.body, world.plain_headers())


async def delete(world: World, request: Request, store_id: str, file_id: str) -> Reply:
    """DELETE /vector_stores/{id}/files/{file_id}: the file itself stays"""
    store = find(world, store_id)
    _file(store, file_id)
    del store.files[file_id]
    body = {"id": file_id, "object": "vector_store.file.deleted", "deleted": True}
    return Reply.json(200, body, world.plain_headers())


async def content(world: World, request: Request, store_id: str, file_id: str) -> Reply:
    """GET /vector_stores/{id}/files/{file_id}/content: its text"""
    file = _file(find(world, store_id), file_id)
    ready = [{"type": "text", "text": file.text}] if file.body["status"] == "completed" else []
    body = {"object": "vector_store.file_content.page", "data": ready, "has_more": False, "next_page": None}
    return Reply.json(200, body, world.plain_headers())


# -- batches -----------------------------------------------------------------------------------------------------------


async def create_batch(world: World, request: Request, store_id: str) -> Reply:
    """POST /vector_stores/{id}/file_batches: file_ids, or files with attributes of their own"""
    store = find(world, store_id)
    data = read(request, {**_BATCH, "files": list[_ONE]})
    ids, files = data.get("file_ids"), data.get("files")
    if (ids is None) == (files is None):
        raise errors.invalid(
            "Mutually exclusive parameters: 'file_ids' and 'files'. Ensure you are providing exactly one of them.",
            None,
            "mutually_exclusive_parameters",
        )
    wanted = files if files is not None else [{**data, "file_id": one} for one in ids or []]
    param = "files" if files is not None else "file_ids"
    if not 1 <= len(wanted) <= MOST_IN_A_BATCH:
        raise errors.invalid(
            f"Invalid '{param}': expected an array with 1 to {MOST_IN_A_BATCH} elements, but got {len(wanted)}.",
            param,
            "invalid_value",
        )
    now = world.clock.now()
    store.touch(now)
    attached = await attach(world, store, wanted, param)
    batch: dict[str, Any] = {
        "id": f"vsfb_{int(now):08x}{world.ids.hex(24)}",
        "object": "vector_store.files_batch",  # as the SDK types it
        "created_at": int(now),
        "status": "in_progress",
        "vector_store_id": store_id,
        "file_counts": counts(attached),
    }
    for file in attached:
        file.batches.add(batch["id"])
    store.batches[batch["id"]] = batch
    return Reply.json(200, batch, world.plain_headers())


async def retrieve_batch(world: World, request: Request, store_id: str, batch_id: str) -> Reply:
    """GET /vector_stores/{id}/file_batches/{batch_id}"""
    return Reply.json(200, _batch(find(world, store_id), batch_id), world.plain_headers())


async def cancel_batch(world: World, request: Request, store_id: str, batch_id: str) -> Reply:
    """POST /vector_stores/{id}/file_batches/{batch_id}/cancel: files that are ready stay so"""
    store = find(world, store_id)
    batch = _batch(store, batch_id)
    if batch["status"] == "in_progress":
        for file in store.files.values():
            if batch_id in file.batches and file.body["status"] == "in_progress":
                file.body["status"] = "cancelled"
        batch["status"] = "cancelled"
        store = find(world, store_id)
    return Reply.json(200, batch, world.plain_headers())


async def list_batch(world: World, request: Request, store_id: str, batch_id: str) -> Reply:
    """GET /vector_stores/{id}/file_batches/{batch_id}/files"""
    store = find(world, store_id)
    _batch(store, batch_id)
    return _listed(world, request, [file for file in store.files.values() if batch_id in file.batches])


# -- inside ------------------------------------------------------------------------------------------------------------


def _file(store: VectorStore, file_id: str) -> StoreFile:
    if file_id not in store.files:
        raise errors.ApiError(404, f"No file found with id '{file_id}' in vector store '{store.body['id']}'.")
    return store.files[file_id]


def _batch(store: VectorStore, batch_id: str) -> dict[str, Any]:
    if batch_id not in store.batches:
        raise errors.ApiError(404, f"No vector store file batch found with id '{batch_id}'.")
    return store.batches[batch_id]


def _listed(world: World, request: Request, files: list[StoreFile]) -> Reply:
    status = request.query.get("filter")
    if status is not None and status not in STATUSES:
        raise errors.invalid_value(status, STATUSES, "filter")
    rows = [file.body for file in files if status in (None, file.body["status"])]
    return Reply.json(200, pages.page(rows, request), world.plain_headers())
