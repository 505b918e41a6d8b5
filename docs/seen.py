"""Which lesson shows what: read from the recordings, so that a page can lead to the lesson of a row."""

from __future__ import annotations

import functools
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from helpers.cassettes.file import Interaction, load

from .tables import DATA, ROOT


@functools.cache
def notebooks() -> dict[str, Path]:
    """Return the lessons' files, by number."""
    return {path.stem[:2]: path for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))}


@functools.cache
def notebook(number: str) -> nbformat.NotebookNode:
    """Return a lesson's notebook."""
    read: nbformat.NotebookNode = nbformat.read(notebooks()[number], as_version=4)  # type: ignore[no-untyped-call]
    return read


def lesson(number: str) -> str:
    """Return a link to a lesson, or its number alone where it has not been written yet."""
    path = notebooks().get(number)
    return f"[{number}](../notebooks/{path.name})" if path else number


def shown_in(kind: str, name: str) -> str:
    """Return a link to the lesson that shows something in most of its requests; nothing where none does.

    `kind` is one of model, parameter, tool, tool parameter ("mcp.headers"), choice, include, item, event, status.
    """
    counted = _counted()[kind, name]
    return lesson(max(sorted(counted), key=lambda number: counted[number] / _asked()[number])) if counted else ""


@dataclass(frozen=True)
class Failure:
    """An error that a lesson shows; `status` is 200 where it came inside a stream."""

    lesson: str
    status: int
    code: str
    message: str


@functools.cache
def failures() -> list[Failure]:
    """Return every error in the recordings."""
    found = []
    for number, one in _interactions():
        errors = [(200, event) for event in _events(one) if event["type"] == "error"]
        if one.status >= 400:
            errors.append((one.status, json.loads(one.response_body)))
        for status, body in errors:
            error = body.get("error", body)
            found.append(Failure(number, status, str(error.get("code") or ""), str(error.get("message") or "")))
    return found


def like(pattern: str, text: str) -> bool:
    """Whether a text is of a pattern, in which `…` stands for anything."""
    return re.fullmatch(".*".join(re.escape(part) for part in pattern.split("…")), text, re.DOTALL) is not None


@functools.cache
def _counted() -> dict[tuple[str, str], Counter[str]]:
    counted: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for number, one in _interactions():
        for kind, name in set(_in_request(one)) | set(_in_answer(one)):
            counted[kind, name][number] += 1
    return counted


@functools.cache
def _asked() -> Counter[str]:
    """Return how many requests each lesson makes."""
    return Counter(number for number, _ in _interactions())


def _interactions() -> Iterator[tuple[str, Interaction]]:
    for number, path in notebooks().items():
        cassette = DATA / "cassettes" / f"{path.stem}.yaml"
        if cassette.exists():
            for one in load(cassette).interactions:
                yield number, one


def _in_request(one: Interaction) -> Iterator[tuple[str, str]]:
    if one.method != "POST" or not re.search(r"/responses(/compact)?$", one.uri.partition("?")[0]):
        return
    try:
        request = json.loads(one.request_body)
    except ValueError:
        return
    yield "model", str(request.get("model"))
    yield from (("parameter", name) for name in request)
    yield from (("include", name) for name in request.get("include") or [])
    for tool in request.get("tools") or []:
        yield "tool", tool["type"]
        yield from (("tool parameter", f"{tool['type']}.{name}") for name in tool)
    if choice := request.get("tool_choice"):
        yield "choice", choice if isinstance(choice, str) else choice["type"]
    for item in request["input"] if isinstance(request.get("input"), list) else []:
        yield "item", item.get("type", "message")


def _in_answer(one: Interaction) -> Iterator[tuple[str, str]]:
    if "/responses" not in one.uri or one.status != 200:
        return
    for event in _events(one):
        yield "event", event["type"]
        yield from _in_body(event.get("response") or {})
    if one.response_headers.get("content-type", "").startswith("application/json"):
        yield from _in_body(json.loads(one.response_body))


def _in_body(body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if body.get("object") == "response":
        yield "status", f"response.{body['status']}"
        if details := body.get("incomplete_details"):
            yield "status", f"incomplete.{details['reason']}"
        for item in body["output"]:
            yield "item", item["type"]
            yield "status", f"item.{item.get('status')}"


def _events(one: Interaction) -> Iterator[dict[str, Any]]:
    if not one.response_headers.get("content-type", "").startswith("text/event-stream"):
        return
    for chunk in one.events:
        data = chunk.partition(b"data: ")[2]
        try:
            yield json.loads(data)
        except ValueError:  # a stream that was cut, or damaged on request
            continue
