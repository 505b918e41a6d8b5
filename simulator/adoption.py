"""Takes over what recorded exchanges created, changed or deleted: so that there is one world, not two."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from . import (
    attachments,
    compaction,
    containers,
    conversations,
    errors,
    files,
    folders,
    indexing,
    items,
    models,
    requests,
    responses,
)
from .engine import Job
from .http import Request
from .ids import Ids, family_of
from .store import EMPTY, Node, Stored
from .vector_stores import VectorStore

if TYPE_CHECKING:
    from .service import World

UNDER_WAY = ("queued", "in_progress")


def adopt(world: World, method: str, path: str, request_body: bytes, status: int, response_body: bytes) -> None:
    """Make the store what it would be, had this exchange happened here. `path` is below the prefix, with its query."""
    if status >= 400:
        return
    path, _, query = path.partition("?")
    table, *rest = path.strip("/").split("/")
    if table == "files" and len(rest) == 2 and rest[0] in world.store.table("files"):
        world.store.table("files")[rest[0]].content = response_body
        return
    body = _body(response_body)
    if not isinstance(body, dict):
        return
    if table == "conversations":
        _adopt_conversation(world, method, rest, query, request_body, body)
    elif table == "files" and method == "POST" and not rest:
        upload = _upload(request_body)
        world.store.table("files")[body["id"]] = files.File(body, upload.content if upload else b"")
    elif table == "containers" and method == "POST":
        _adopt_container(world, rest, request_body, body)
    elif table == "containers" and len(rest) == 3 and body.get("deleted"):
        if container := world.store.table("containers").get(rest[0]):
            container.files.pop(rest[2], None)
    elif table == "vector_stores":
        _adopt_vector_store(world, method, rest, request_body, body)
    elif table == "responses" and body.get("object") == "response.compaction":
        _adopt_sealed(world, body["output"], _context(world, body, request_body).all(), 0)
    elif table == "responses" and body.get("object") == "response":
        events = _events(response_body)
        _adopt_response(world, body, request_body if method == "POST" and not rest else None, events)
    elif method == "DELETE" and rest and body.get("deleted"):
        if table == "responses":
            world.store.responses.remove(rest[0])
        else:
            world.store.table(table).pop(rest[0], None)


def _adopt_response(
    world: World, body: dict[str, Any], request_body: bytes | None, events: list[dict[str, Any]]
) -> None:
    known = world.store.responses.get(body["id"], world.clock.now())
    if request_body is None and known is not None:
        if known.job is None:
            known.body.update(body)
        elif body["status"] not in UNDER_WAY:
            known.job.end(body)
        elif body["status"] == "in_progress":
            known.job.begin()
        if known.job is not None:
            known.job.learn(events)
        _adopt_turn(world, known)
        return
    context = _context(world, body, request_body) if request_body is not None else EMPTY
    spent = ((body.get("usage") or {}).get("output_tokens_details") or {}).get("reasoning_tokens") or 0
    said = [event["item"] for event in events if event["type"] == "response.output_item.done"]
    for output in (said, body["output"]):  # as recorded, a stream seals an item anew in its last event
        _adopt_sealed(world, output, context.all(), spent)
    if request_body is not None and any(item["type"] == "code_interpreter_call" for item in body["output"]):
        _adopt_code(world, body["output"], json.loads(request_body))
    if body["status"] == "in_progress" and not body.get("background"):
        body["status"] = "cancelled"  # a stream that nobody read to its end
    if not body.get("store", True):
        return
    world.store.responses.remove(body["id"])
    # Kept since now, not since the recording: its 30 days begin when the learner first sees it.
    stored = Stored(body, context, world.clock.now(), adopted=True)
    world.store.responses.add(stored, world.clock.now())
    if body.get("background"):
        stored.job = _job(world, stored, request_body, events)
    _adopt_turn(world, stored)


def _adopt_turn(world: World, stored: Stored) -> None:
    """What a response was asked and answered joins its conversation, once it has ended; until then it holds it."""
    if not stored.body.get("conversation"):
        return
    conversation_id = stored.body["conversation"]["id"]
    if stored.body["status"] in ("completed", "incomplete"):
        conversations.adopt_items(world, conversation_id, [*stored.context.items, *stored.body["output"]])
    elif stored.body["status"] in UNDER_WAY and conversation_id in world.store.table("conversations"):
        conversations.begin(world, conversation_id, stored)


async def rest(world: World, request_body: bytes, recorded: bytes, failure: str | None) -> AsyncIterator[bytes]:
    """Yield what comes after a recorded stream that was not read to its end, under the ids that it began with.

    The exchange was adopted before. Raises LookupError where the response is gone meanwhile, or this model says
    something else than what was recorded.
    """
    body, events = _body(recorded), _events(recorded)
    stored = world.store.responses.get(body["id"], world.clock.now())
    if stored is None and body.get("store", True):
        raise LookupError(f"{body['id']} is not here any more")
    if stored is not None and stored.job is not None:
        coming = responses.job_stream(stored.job, len(events) - 1, failure)
    else:
        stored = stored or Stored(body, _context(world, body, request_body), world.clock.now())
        stored.body.update(status="in_progress", output=[])
        asked = requests.read(request_body, azure="content_filters" in body)
        ids = _Recalled(world.ids, events)
        run = responses.prepare(world, asked, stored.context, stored.body, failure, ids)
        coming = responses.live_stream(run, world, stored, failure, seen=events)
    try:
        async for piece in coming:
            yield piece
    finally:
        await coming.aclose()  # type: ignore[attr-defined]


def _job(world: World, stored: Stored, request_body: bytes | None, events: list[dict[str, Any]]) -> Job | None:
    """Return the job of a background response: over, if that was recorded; else done again here, under its ids."""
    body = stored.body
    try:
        asked = requests.read(request_body or b"", azure="content_filters" in body)
    except errors.ApiError:  # recorded from a service that takes more than this one
        return None
    run = responses.prepare(world, asked, stored.context, dict(body, output=[]), ids=_Recalled(world.ids, events))
    job = Job(run, body, world.clock, lambda: world.finished(asked, stored))
    job.learn(events)
    if body["status"] not in UNDER_WAY:
        job.end(body)
    return job


class _Recalled(Ids):
    """Gives out the ids of recorded events, in their order, before it makes new ones."""

    def __init__(self, ids: Ids, events: list[dict[str, Any]]) -> None:
        self._random = ids._random
        self._items = [event["item"] for event in events if event["type"] == "response.output_item.added"]
        self._calls = [item["call_id"] for item in self._items if item.get("call_id")]

    def item(self, kind: str, family: str, stored: bool, now: float) -> str:
        for number, item in enumerate(self._items):
            if item["type"] == kind:
                return str(self._items.pop(number)["id"])
        return super().item(kind, family, stored, now)

    def call(self) -> str:
        return self._calls.pop(0) if self._calls else super().call()


def _adopt_container(world: World, rest: list[str], request_body: bytes, body: dict[str, Any]) -> None:
    """Take over a container that was made, or a file that was put into one."""
    table = world.store.table("containers")
    if not rest:
        table[body["id"]] = _container_of(world, body["id"], json.loads(request_body or b"{}"), body)
    elif rest[0] in table and len(rest) == 2:
        container = table[rest[0]]
        name = body["path"].removeprefix("/mnt/data/")
        upload = _upload(request_body)
        if upload is None:
            file_id = json.loads(request_body).get("file_id")
            known = world.store.table("files").get(file_id)
            content = known.content if known else b""
        else:
            content = upload.content
        folders.write(container.folder, name, content)
        container.files[body["id"]] = body


def _container_of(world: World, container_id: str, given: dict[str, Any], body: dict[str, Any]) -> containers.Container:
    """Return a container of this id, as new, with the files that were asked for."""
    made = containers.make(world, {key: value for key, value in given.items() if key != "file_ids"})
    del world.store.table("containers")[made.body["id"]]
    # Alive since now, not since the recording: its twenty minutes begin when the learner first sees it.
    now = int(world.clock.now())
    made.body = {**made.body, **body, "id": container_id, "created_at": now, "last_active_at": now, "status": "running"}
    for file_id in given.get("file_ids") or []:
        if file_id in world.store.table("files"):
            containers.mount(world, made, file_id)
    return made


def _adopt_code(world: World, output: list[dict[str, Any]], request: dict[str, Any]) -> None:
    """Take over containers that a response ran code in: the code runs again here, once somebody wants what it left."""
    table = world.store.table("containers")
    tools: list[dict[str, Any]] = request.get("tools") or []
    tool = next((one for one in tools if one.get("type") == "code_interpreter"), {})
    asked = tool.get("container") if isinstance(tool.get("container"), dict) else {}
    for item in output:
        if item["type"] == "code_interpreter_call":
            if item["container_id"] not in table:
                table[item["container_id"]] = _container_of(world, item["container_id"], asked or {}, {})
            container = table[item["container_id"]]
            container.body["last_active_at"] = int(world.clock.now())
            container.pending.append(item["code"] or "")
        for part in item.get("content") or [] if item["type"] == "message" else []:
            for cited in part.get("annotations") or []:
                if cited["type"] == "container_file_citation" and cited["container_id"] in table:
                    container = table[cited["container_id"]]
                    file = {
                        "id": cited["file_id"],
                        "object": "container.file",
                        "created_at": int(world.clock.now()),
                        "bytes": 0,
                        "container_id": cited["container_id"],
                        "path": f"/mnt/data/{cited['filename']}",
                        "source": "assistant",
                    }
                    container.files[file["id"]] = file
                    if cited["filename"].startswith("cfile_"):
                        container.pictures.append(file)


def _upload(request_body: bytes) -> files.Upload | None:
    """Return the file of a multipart form, told by its first line; None where the body is none."""
    boundary = request_body.partition(b"\r\n")[0].removeprefix(b"--").decode("latin-1")
    if not boundary or not request_body.startswith(b"--"):
        return None
    request = Request("POST", "/files", {}, {"content-type": f"multipart/form-data; boundary={boundary}"}, request_body)
    reading = files.read_form(request)
    try:
        reading.send(None)  # all of it is in memory, so that nothing waits
    except StopIteration as done:
        upload = done.value.get("file")
        return upload if isinstance(upload, files.Upload) else None
    except errors.ApiError:
        return None
    reading.close()
    return None


def _adopt_sealed(world: World, output: list[dict[str, Any]], context: list[dict[str, Any]], reasoning: int) -> None:
    """Take over what only the service that sealed it could open: reasoning by its cost, compaction by its context."""
    thinking = [item for item in output if item["type"] == "reasoning"]
    for item in thinking:
        each = reasoning // len(thinking)
        world.store.thoughts.keep(item["id"], each)
        if item.get("encrypted_content"):
            texts = [str(each), *(part["text"] for part in item["summary"])]
            world.sealer.adopt(item["id"], item["encrypted_content"], texts)
    for position, item in enumerate(output):
        if item["type"] == "compaction":
            lines = compaction.summary([*context, *output[:position]], [])
            world.sealer.adopt(item["id"], item["encrypted_content"], lines)


def _adopt_conversation(
    world: World, method: str, rest: list[str], query: str, request_body: bytes, body: dict[str, Any]
) -> None:
    """Take over a conversation: its creation, its metadata, its items as they were added, listed or deleted."""
    table = world.store.table("conversations")
    if method == "POST" and not rest:
        table[body["id"]] = conversations.Conversation(body)
        given = json.loads(request_body or b"{}").get("items") or []
        conversations.adopt_items(world, body["id"], _read(given))
    elif rest and rest[0] not in table:
        return
    elif method == "DELETE" and len(rest) == 1:
        del table[rest[0]]
    elif method == "DELETE":
        conversations.drop_item(table[rest[0]], rest[2])
    elif len(rest) == 1:
        table[rest[0]].body.update(body)
    elif method == "POST":
        conversations.adopt_items(world, rest[0], body["data"])
    elif body.get("object") == "list" and not body["has_more"] and "after=" not in query:
        # The whole list: now the items have the ids that the learner has seen.
        listed = body["data"] if "order=asc" in query else body["data"][::-1]
        table[rest[0]].node = Node(tuple(listed))


def _adopt_vector_store(world: World, method: str, rest: list[str], request_body: bytes, body: dict[str, Any]) -> None:
    """Take over a vector store: its creation, its members, its files and their batches; files are read again here."""
    table = world.store.table("vector_stores")
    if method == "POST" and not rest:
        table[body["id"]] = VectorStore(body)
        rest = [body["id"]]
    elif not rest or rest[0] not in table:
        return
    store, kind = table[rest[0]], body.get("object")
    given = json.loads(request_body or b"{}") if method == "POST" else {}
    if kind == "vector_store.deleted":
        del table[rest[0]]
    elif kind == "vector_store.file.deleted":
        store.files.pop(body["id"], None)
    elif kind == "vector_store.file" and len(rest) == 2:
        indexing.adopt(world, store, body, None)
    elif kind == "vector_store.file" and body["id"] in store.files:
        store.files[body["id"]].body.update(body)
    elif kind == "vector_store":
        store.body.update(body)
        for file_id in given.get("file_ids") or []:
            indexing.adopt(world, store, {**given, "file_id": file_id}, None)
    elif kind in ("vector_store.file_batch", "vector_store.files_batch"):
        store.batches[body["id"]] = body
        files = given.get("files") or [{**given, "file_id": file_id} for file_id in given.get("file_ids") or []]
        for file in files:
            indexing.adopt(world, store, file, body["id"])


def _context(world: World, body: dict[str, Any], request_body: bytes) -> Node:
    try:
        request = json.loads(request_body)
    except ValueError:
        return EMPTY
    before = EMPTY
    if parent := request.get("previous_response_id"):
        stored = world.store.responses.get(parent, world.clock.now())
        before = stored.after() if stored else EMPTY
    elif conversation := request.get("conversation"):
        known = world.store.table("conversations").get(
            conversation if isinstance(conversation, str) else conversation["id"]
        )
        before = known.node if known else EMPTY
    given = request.get("input") or []
    if isinstance(given, str):
        given = [{"role": "user", "content": given}]
    family, made = family_of(body["id"]), body["created_at"]
    own = [{"id": world.ids.item(item["type"], family, True, made), **item} for item in _read(given)]
    if model := models.find(body.get("model") or ""):
        for item in own:
            with contextlib.suppress(errors.ApiError):  # a file that is gone since
                attachments.measure_item(world, item, model, "input")
    return Node(tuple(own), before)


def _read(given: list[Any]) -> list[dict[str, Any]]:
    """Return a request's items; those that were recorded from a service that takes more than this one are left out."""
    found = []
    for number, item in enumerate(given):
        try:
            found.append(items.read(item, f"input[{number}]"))
        except errors.ApiError:
            continue
    return found


def _body(response_body: bytes) -> Any:
    """Return the JSON body, or the response that the last event of a stream carries."""
    text = response_body.lstrip()
    if text.startswith(b"{"):
        try:
            return json.loads(text)
        except ValueError:
            return None
    return next((event["response"] for event in reversed(_events(response_body)) if "response" in event), None)


def _events(response_body: bytes) -> list[dict[str, Any]]:
    """Return the whole events of a recorded stream: one that was cut may end in half of one."""
    found = []
    for line in response_body.splitlines():
        if line.startswith(b"data:") and line[5:].lstrip().startswith(b"{"):
            try:
                found.append(json.loads(line[5:]))
            except ValueError:
                break
    return found
