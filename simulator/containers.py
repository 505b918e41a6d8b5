"""The resource `/containers`: where code_interpreter runs, and its files. Each has a folder and a Python of its own.

Shapes and ids as recorded (OpenAI, 2025-09 to 2026-06). A container expires when it was not used for the minutes that
`expires_after` names, and an hour after it was made (Microsoft's pages, 2026-06: 20 minutes idle, an hour at most);
the words of the error are those of users' reports. Its files go with it.
"""

from __future__ import annotations

import atexit
import base64
import mimetypes
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typing_extensions
from openai.types.container_create_params import ContainerCreateParams

from . import errors, files, folders, pages, requests, sandbox, shapes
from .http import Reply, Request

if TYPE_CHECKING:
    from .service import World

_CREATE = typing_extensions.get_type_hints(ContainerCreateParams)
IDLE_MINUTES = 20
LIFETIME = 60 * 60  # seconds
MEMORY = {"1g": 1, "4g": 4, "16g": 16, "64g": 64}
_MOST = 100  # that run at a time
MOST_FILES = 1_000  # of a container (Microsoft's Responses page, 2026-08)
_HERE = 2  # gigabytes that one may really use on this machine
_DATA = "/mnt/data/"


@dataclass
class Container:
    """A container: its object as the API shows it, its files by id, and where they lie; `sandbox` once code has run."""

    body: dict[str, Any]
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    pending: list[str] = field(default_factory=list)  # code that ran when this was recorded, and not yet here
    pictures: list[dict[str, Any]] = field(default_factory=list)  # of that code, in their order
    _folder: Path | None = None
    _sandbox: sandbox.Sandbox | None = None

    @property
    def folder(self) -> Path:
        """Return the folder that the code sees as /mnt/data; made on first use, removed with the container."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="container-"))
            _clean.append(weakref.finalize(self, shutil.rmtree, self._folder, True))
        return self._folder

    async def settle(self) -> None:
        """Run again what ran when this container was recorded, so that its variables and files are here."""
        while self.pending:
            outcome = await self._run(self.pending.pop(0))
            for image in outcome.images[: len(self.pictures)]:
                folders.write(self.folder, _below(self.pictures.pop(0)), base64.b64decode(image))

    async def run(self, code: str) -> sandbox.Outcome:
        """Run code in this container."""
        await self.settle()
        return await self._run(code)

    async def _run(self, code: str) -> sandbox.Outcome:
        if self._sandbox is None:
            memory = min(MEMORY[self.body["memory_limit"]], _HERE)
            self._sandbox = sandbox.Sandbox(self.folder, memory * sandbox.GIGABYTE)
            _clean.append(weakref.finalize(self, self._sandbox.close))
        return await self._sandbox.run(code)

    def close(self) -> None:
        """End what runs, and remove the files."""
        if self._sandbox is not None:
            self._sandbox.close()
            self._sandbox = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def expired(self, now: float) -> bool:
        """Whether nobody can use it any more."""
        idle = self.body["expires_after"]["minutes"] * 60
        return bool(now >= min(self.body["last_active_at"] + idle, self.body["created_at"] + LIFETIME))

    def content(self, file_id: str) -> bytes:
        """Return a file's bytes; raises FileNotFoundError where the code has put something else there."""
        return folders.read(self.folder, _below(self.files[file_id]))


_clean: list[weakref.finalize[..., Any]] = []


@atexit.register
def _end_all() -> None:
    for one in reversed(_clean):
        one()


# -- the resource ------------------------------------------------------------------------------------------------------


async def create(world: World, request: Request) -> Reply:
    """POST /containers"""
    given = requests.read_json(request.body)
    for name in given:
        if name not in _CREATE:
            raise errors.unknown_parameter(name)
    if given.get("name") is None:
        raise errors.missing("name")
    for name, value in given.items():
        if value is not None:
            shapes.check(value, _CREATE[name], name)
    container = make(world, given)
    return Reply.json(200, container.body, world.plain_headers())


async def list_containers(world: World, request: Request) -> Reply:
    """GET /containers"""
    rows = [one.body for one in _all(world).values()]
    return Reply.json(200, pages.page(rows, request), world.plain_headers())


async def retrieve(world: World, request: Request, container_id: str) -> Reply:
    """GET /containers/{id}: an expired one is shown with that status"""
    return Reply.json(200, _find(world, container_id).body, world.plain_headers())


async def delete(world: World, request: Request, container_id: str) -> Reply:
    """DELETE /containers/{id}"""
    _find(world, container_id).close()
    del world.store.table("containers")[container_id]
    body = {"id": container_id, "object": "container.deleted", "deleted": True}
    return Reply.json(200, body, world.plain_headers())


async def create_file(world: World, request: Request, container_id: str) -> Reply:
    """POST /containers/{id}/files: a multipart upload, or {"file_id": …} of an uploaded file"""
    container = use(world, container_id)
    if (request.headers.get("content-type") or "").lower().startswith("application/json"):
        file_id = requests.read_json(request.body).get("file_id")
        if not isinstance(file_id, str):
            raise errors.missing("file_id")
        return Reply.json(200, mount(world, container, file_id), world.plain_headers())
    form = await files.read_form(request)
    if isinstance(form.get("file_id"), str):
        return Reply.json(200, mount(world, container, str(form["file_id"])), world.plain_headers())
    upload = form.get("file")
    if not isinstance(upload, files.Upload):
        raise errors.missing("file")
    name = f"{world.ids.hex(32)}-{upload.filename}"  # as recorded
    return Reply.json(200, put(world, container, name, upload.content, "user"), world.plain_headers())


async def list_files(world: World, request: Request, container_id: str) -> Reply:
    """GET /containers/{id}/files"""
    container = use(world, container_id)
    await container.settle()
    there = {name for name, _, _ in folders.walk(container.folder)}  # what the code removed is gone
    rows = [file for file in container.files.values() if _below(file) in there]
    return Reply.json(200, pages.page(rows, request), world.plain_headers())


async def retrieve_file(world: World, request: Request, container_id: str, file_id: str) -> Reply:
    """GET /containers/{id}/files/{file_id}"""
    container = use(world, container_id)
    await container.settle()
    return Reply.json(200, _file(container, file_id), world.plain_headers())


async def file_content(world: World, request: Request, container_id: str, file_id: str) -> Reply:
    """GET /containers/{id}/files/{file_id}/content"""
    container = use(world, container_id)
    await container.settle()
    kind = mimetypes.guess_type(_file(container, file_id)["path"])[0] or "application/octet-stream"
    if kind.startswith("text/"):
        kind += "; charset=utf-8"
    try:
        found = container.content(file_id)
    except FileNotFoundError:
        raise _no_file(file_id) from None
    return Reply(200, {"content-type": kind, **world.plain_headers()}, found)


async def delete_file(world: World, request: Request, container_id: str, file_id: str) -> Reply:
    """DELETE /containers/{id}/files/{file_id}"""
    container = use(world, container_id)
    folders.remove(container.folder, _below(_file(container, file_id)))
    del container.files[file_id]
    body = {"id": file_id, "object": "container.file.deleted", "deleted": True}
    return Reply.json(200, body, world.plain_headers())


# -- what tools use ----------------------------------------------------------------------------------------------------


def make(world: World, given: dict[str, Any]) -> Container:
    """Return a new container, with the files that are asked for; raises ApiError."""
    now = int(world.clock.now())
    running = [one for one in _all(world).values() if one.body["status"] == "running"]
    if len(running) >= _MOST:
        raise errors.ApiError(429, f"The simulator runs {_MOST} containers, which is all it takes. Delete some.")
    container = Container(
        {
            "id": f"cntr_{world.ids.hex(48)}",
            "object": "container",
            "created_at": now,
            "status": "running",
            "expires_after": given.get("expires_after") or {"anchor": "last_active_at", "minutes": IDLE_MINUTES},
            "last_active_at": now,
            "memory_limit": given.get("memory_limit") or "1g",
            "name": given.get("name"),
            "network_policy": given.get("network_policy") or {"type": "disabled"},
        }
    )
    for file_id in given.get("file_ids") or []:
        mount(world, container, file_id)
    world.store.table("containers")[container.body["id"]] = container
    return container


def use(world: World, container_id: str) -> Container:
    """Return a container that runs, used now; raises ApiError where it is gone or expired."""
    container = _find(world, container_id)
    if container.body["status"] != "running":
        raise errors.invalid("Container is expired.", None, None)
    container.body["last_active_at"] = int(world.clock.now())
    return container


def mount(world: World, container: Container, file_id: str) -> dict[str, Any]:
    """Copy an uploaded file into a container, under the name that recordings show: /mnt/data/<file id>-<its name>."""
    file = files.find(world, file_id)
    return put(world, container, f"{file_id}-{file.body['filename']}", file.content, "user")


def put(world: World, container: Container, name: str, content: bytes, source: str) -> dict[str, Any]:
    """Write a file into a container and list it."""
    name = folders.short(name)
    if len(container.files) >= MOST_FILES:  # the words are assumed
        raise errors.invalid(f"A container holds at most {MOST_FILES} files.", "file", None)
    try:
        folders.write(container.folder, name, content)
    except FileNotFoundError:  # code has put a folder there
        raise errors.invalid(f"The container holds a folder called '{name}'.", "file", None) from None
    return enlist(world, container, name, len(content), source)


def enlist(world: World, container: Container, name: str, size: int, source: str) -> dict[str, Any]:
    """List a file that lies in the container's folder; one that was listed before keeps its id."""
    path = _DATA + name
    known = next((one for one in container.files.values() if one["path"] == path), None)
    if known is not None:
        known["bytes"] = size
        return known
    body = {
        "id": f"cfile_{world.ids.hex(32)}",
        "object": "container.file",
        "created_at": int(world.clock.now()),
        "bytes": size,
        "container_id": container.body["id"],
        "path": path,
        "source": source,
    }
    container.files[body["id"]] = body
    return body


def present(container: Container) -> Iterator[tuple[str, int, int]]:
    """Yield (name below the folder, bytes, time of change in nanoseconds) of every file; no links, nothing hidden."""
    for name, size, changed in sorted(folders.walk(container.folder)):
        if not any(part.startswith(".") for part in name.split("/")):
            yield name, size, changed


def _all(world: World) -> dict[str, Container]:
    table: dict[str, Container] = world.store.table("containers")
    now = world.clock.now()
    for one in table.values():
        if one.body["status"] == "running" and one.expired(now):
            one.body["status"] = "expired"
            one.close()
            one.files.clear()
    return table


def _find(world: World, container_id: str) -> Container:
    container = _all(world).get(container_id)
    if container is None:
        raise errors.ApiError(404, f"Container with id '{container_id}' not found.")
    return container


def _file(container: Container, file_id: str) -> dict[str, Any]:
    file = container.files.get(file_id)
    if file is None or not folders.holds(container.folder, _below(file)):
        raise _no_file(file_id)
    return file


def _no_file(file_id: str) -> errors.ApiError:
    return errors.ApiError(404, f"No such File object: {file_id}", param="id")


def _below(file: dict[str, Any]) -> str:
    """Return a file's name below the folder."""
    path: str = file["path"]
    return path.removeprefix(_DATA)
