"""Takes over what recorded exchanges created, changed or deleted: so that there is one world, not two."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from . import errors, items
from .ids import family_of
from .store import EMPTY, Node, Stored

if TYPE_CHECKING:
    from .service import World


def adopt(world: World, method: str, path: str, request_body: bytes, status: int, response_body: bytes) -> None:
    """Make the store what it would be, had this exchange happened here. `path` is below the prefix, with its query."""
    if status >= 400:
        return
    path = path.partition("?")[0].strip("/")
    table, *rest = path.split("/")
    body = _body(response_body)
    if not isinstance(body, dict):
        return
    if table == "responses" and body.get("object") == "response":
        _adopt_response(world, body, request_body if method == "POST" and not rest else None)
    elif method == "DELETE" and rest and body.get("deleted"):
        if table == "responses":
            world.store.responses.remove(rest[0])
        else:
            world.store.table(table).pop(rest[0], None)


def _adopt_response(world: World, body: dict[str, Any], request_body: bytes | None) -> None:
    known = world.store.responses.get(body["id"], world.clock.now())
    if request_body is None and known is not None:
        known.body.update(body)
        return
    if not body.get("store", True):
        return
    world.store.responses.remove(body["id"])
    context = _context(world, body, request_body) if request_body is not None else EMPTY
    # Kept since now, not since the recording: its 30 days begin when the learner first sees it.
    world.store.responses.add(Stored(body, context, world.clock.now(), adopted=True), world.clock.now())


def _context(world: World, body: dict[str, Any], request_body: bytes) -> Node:
    try:
        request = json.loads(request_body)
    except ValueError:
        return EMPTY
    before = EMPTY
    if parent := request.get("previous_response_id"):
        stored = world.store.responses.get(parent, world.clock.now())
        before = stored.after() if stored else EMPTY
    given = request.get("input") or []
    if isinstance(given, str):
        given = [{"role": "user", "content": given}]
    own = []
    for number, item in enumerate(given):
        try:
            read = items.read(item, f"input[{number}]")
        except errors.ApiError:
            continue  # recorded from a service that takes more than this one
        if "id" not in read:
            read = {"id": world.ids.item(read["type"], family_of(body["id"]), True, body["created_at"]), **read}
        own.append(read)
    return Node(tuple(own), before)


def _body(response_body: bytes) -> Any:
    """Return the JSON body, or the response that the last event of a stream carries."""
    text = response_body.lstrip()
    if text.startswith(b"{"):
        try:
            return json.loads(text)
        except ValueError:
            return None
    for line in reversed(text.splitlines()):
        if line.startswith(b"data:") and b'"response":' in line:
            try:
                return json.loads(line[5:])["response"]
            except (ValueError, KeyError):
                continue
    return None
