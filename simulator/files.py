"""The resource `/files`: uploads, kept with their bytes until they are deleted or expire.

Shapes, ids and errors as recorded (OpenAI 2023 to 2026, Foundry 2025-11); purposes are those of Azure's v1 reference
(2026) on Azure's path, and OpenAI's on /v1. Azure refuses user_data (field notes 69); in which words is assumed.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import errors, pages
from .http import Reply, Request

if TYPE_CHECKING:
    from .service import World

_AZURE = ("fine-tune", "assistants", "batch", "evals")
_OPENAI = ("fine-tune", "assistants", "batch", "user_data", "vision", "evals")
MOST_BYTES = 512 * 1024 * 1024  # of all files together: what the simulator keeps in memory
_EXPIRY = (3_600, 2_592_000)  # seconds: an hour to 30 days, the SDK's figures
# Not to be downloaded again, as OpenAI says; for Azure assumed.
_ONE_WAY = ("assistants", "user_data")


@dataclass
class File:
    """An uploaded file: its object as the API shows it, and its bytes."""

    body: dict[str, Any]
    content: bytes


async def create(world: World, request: Request) -> Reply:
    """POST /files, as multipart/form-data: file, purpose, expires_after[anchor], expires_after[seconds]"""
    form = await read_form(request)
    upload = form.get("file")
    if not isinstance(upload, Upload):
        raise errors.missing("file")
    purpose = form.get("purpose")
    if not isinstance(purpose, str):
        raise errors.missing("purpose")
    allowed = _AZURE if request.azure else _OPENAI
    if purpose not in allowed:
        raise _with_detail(400, f"'{purpose}' is not one of {list(allowed)} - 'purpose'", "purpose")
    if not upload.content:
        raise _with_detail(400, "File is empty.", "file")
    held = sum(len(file.content) for file in kept(world).values())
    if held + len(upload.content) > MOST_BYTES:
        raise errors.ApiError(
            413,
            f"The simulator keeps {MOST_BYTES} bytes of files, and this is more. Delete some, or start it anew.",
            code="insufficient_storage",
        )
    now = int(world.clock.now())
    prefix = "assistant-" if request.azure and purpose == "assistants" else "file-"
    body: dict[str, Any] = {
        "object": "file",
        "id": prefix + world.ids.base62(22),
        "purpose": purpose,
        "filename": upload.filename,
        "bytes": len(upload.content),
        "created_at": now,
        "expires_at": _expiry(form, now),
        "status": "processed",
        "status_details": None,
    }
    world.store.table("files")[body["id"]] = File(body, upload.content)
    return Reply.json(200, body, world.plain_headers())


async def list_files(world: World, request: Request) -> Reply:
    """GET /files: newest first, ?purpose= only those"""
    purpose = request.query.get("purpose")
    rows = [file.body for file in kept(world).values() if purpose in (None, file.body["purpose"])]
    return Reply.json(200, pages.page(rows, request, most=10_000, default=10_000), world.plain_headers())


async def retrieve(world: World, request: Request, file_id: str) -> Reply:
    """GET /files/{id}"""
    return Reply.json(200, find(world, file_id).body, world.plain_headers())


async def content(world: World, request: Request, file_id: str) -> Reply:
    """GET /files/{id}/content: the bytes, as they came"""
    file = find(world, file_id)
    if file.body["purpose"] in _ONE_WAY:
        raise errors.invalid(f"Not allowed to download files of purpose: {file.body['purpose']}")
    return Reply(200, {"content-type": "application/octet-stream", **world.plain_headers()}, file.content)


async def delete(world: World, request: Request, file_id: str) -> Reply:
    """DELETE /files/{id}"""
    find(world, file_id)
    del world.store.table("files")[file_id]
    return Reply.json(200, {"object": "file", "id": file_id, "deleted": True}, world.plain_headers())


def find(world: World, file_id: str) -> File:
    """Return a file; raises the service's 404 where it never was, was deleted or has expired."""
    file: File | None = kept(world).get(file_id)
    if file is None:
        raise _with_detail(404, f"No such File object: {file_id}", "id")
    return file


def kept(world: World) -> dict[str, File]:
    """Return the files that there still are, by id."""
    table, now = world.store.table("files"), world.clock.now()
    for file_id in [one for one, file in table.items() if (file.body.get("expires_at") or now + 1) <= now]:
        del table[file_id]
    return table


def _expiry(form: dict[str, Any], now: int) -> int | None:
    anchor, seconds = form.get("expires_after[anchor]"), form.get("expires_after[seconds]")
    if anchor is None and seconds is None:
        return None
    if not isinstance(anchor, str):
        raise errors.missing("expires_after.anchor")
    if not isinstance(seconds, str):
        raise errors.missing("expires_after.seconds")
    if anchor != "created_at":
        raise errors.invalid_value(anchor, ("created_at",), "expires_after.anchor")
    low, high = _EXPIRY
    number = int(seconds) if re.fullmatch("[0-9]{1,9}", seconds) else 0
    if not low <= number <= high:
        raise errors.invalid(
            f"Invalid 'expires_after.seconds': expected an integer between {low} and {high}, but got '{seconds}'.",
            "expires_after.seconds",
            "invalid_value",
        )
    return now + number


def _with_detail(status: int, message: str, param: str) -> errors.ApiError:
    """As recorded: errors of /files say it twice."""
    body = {
        "error": {"message": message, "type": errors.INVALID, "param": param, "code": None},
        "detail": {"message": message, "code": None},
    }
    return errors.ApiError(status, message, param=param, body=body)


@dataclass(frozen=True)
class Upload:
    """A file in a form. `filename` is a name without any path."""

    filename: str
    content: bytes


async def read_form(request: Request) -> dict[str, Upload | str]:
    """Return a multipart form's fields; raises ApiError 400 where the body is none."""
    from starlette.datastructures import Headers
    from starlette.formparsers import MultiPartException, MultiPartParser

    kind = request.headers.get("content-type") or ""
    if not kind.lower().startswith("multipart/form-data"):
        raise errors.invalid("Missing required parameter: 'file'. Send multipart/form-data.", "file", None)

    async def whole() -> AsyncGenerator[bytes, None]:
        yield request.body

    parser = MultiPartParser(
        Headers({"content-type": kind}), whole(), max_files=2, max_fields=20, max_part_size=len(request.body)
    )
    parser.spool_max_size = len(request.body) + 1  # in memory, where it is already
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, ValueError) as error:
        raise errors.invalid(f"Could not parse multipart form: {error}", None, None) from None
    fields: dict[str, Upload | str] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            fields[name] = value
            continue
        fields[name] = Upload(_name(value.filename), await value.read())
        await value.close()
    return fields


def _name(filename: str | None) -> str:
    """Return a file's name without a path, so that none reaches a file system."""
    name = (filename or "upload").replace("\\", "/").rsplit("/", 1)[-1].replace("\0", "")
    return name if name not in ("", ".", "..") else "upload"
