"""`show_service`: what the service keeps for you."""

import json
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from openai import OpenAI

from helpers.display.blocks import Block, Display, Line
from helpers.display.inline import Cell, Mono, Strong
from helpers.display.screen import put
from helpers.display.shapes import plain
from helpers.display.tables import Table
from helpers.display.text import one_line
from helpers.display.things import listing
from helpers.exchanges import exchanges

_ROWS = 20  # newest first


def show_service(client: OpenAI | None = None) -> None:
    """Display what the service holds for you: responses, files, containers, conversations, each as a table.

    Offline it is the state of the lesson's simulator, with all that was replayed so far, and no request is made.
    With your own resource pass the `client`: files and containers are listed by two requests; the API lists neither
    responses nor conversations, so the responses are those that this notebook has made.
    Raises ValueError when it needs a client and has none.
    """
    from helpers.client import service_state

    state = service_state()
    if state is None and client is None:
        raise ValueError("Your own resource has to be asked: show_service(client).")
    put(build(state if state is not None else _ask(client)))


def build(state: Mapping[str, Sequence[Mapping[str, Any]]]) -> Display:
    """The tables, unshown. Kinds of which there is nothing share one line."""
    blocks: list[Block] = []
    for kind, held in state.items():
        if held:
            newest = list(reversed(held))[:_ROWS]
            rest = f", the newest {_ROWS} of them" if len(held) > _ROWS else ""
            blocks.append(Line([Strong(kind), f" ({len(held):,}{rest})"]))
            blocks += [_responses(newest)] if kind == "responses" else listing(newest)
    empty = [kind for kind, held in state.items() if not held]
    return Display([*blocks, Line(f"none: {', '.join(empty)}", quiet=True)] if empty else blocks)


def _responses(held: Sequence[Mapping[str, Any]]) -> Block:
    rows: list[Sequence[Cell]] = []
    for body in held:
        before = body.get("previous_response_id")
        rows.append([
            Mono(one_line(body.get("id"))),
            one_line(body.get("status")),
            one_line(body.get("model")),
            Mono(one_line(before)) if before else "",
            one_line(_said(body), 60),
        ])  # fmt: skip
    return Table(["id", "status", "model", "after", "says"], rows)


def _said(body: Mapping[str, Any]) -> str:
    """The text of the answer, or what it consists of instead."""
    items = [item for item in body.get("output") or [] if isinstance(item, Mapping)]
    texts = [
        str(part.get("text") or part.get("refusal") or "")
        for item in items
        if item.get("type") == "message"
        for part in item.get("content") or []
        if isinstance(part, Mapping)
    ]
    return " ".join(texts) or ", ".join(str(item.get("type")) for item in items)


def _ask(client: OpenAI | None) -> dict[str, list[Mapping[str, Any]]]:
    assert client is not None
    made: dict[str, Mapping[str, Any]] = {}
    for exchange in exchanges:
        if exchange.method == "POST" and not exchange.is_stream and exchange.url.rpartition("/")[2] == "responses":
            body = json.loads(bytes(exchange.response_body) or b"null")
            if isinstance(body, dict) and body.get("id") and exchange.status == 200:
                made[str(body["id"])] = body
    return {
        "responses": list(made.values()),
        "files": [plain(file) for file in islice(client.files.list(limit=100), 100)],
        "containers": [plain(container) for container in islice(client.containers.list(limit=100), 100)],
    }
