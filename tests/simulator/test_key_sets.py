"""Each object has the members that the newest recording of its kind has, no more and no fewer."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from simulator import Service
from simulator.clock import SteppedClock

from .conftest import SHARED

RECORDINGS = SHARED / "recordings"
pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings lie beside the project, in ../shared")
# What is no object of its own: values that callers define.
FREE = ("parameters", "schema", "input_schema", "metadata", "arguments")
# (host, kind): why none is made when every recorded request is sent again, or why it differs.
DIFFERENT = {
    ("azure", "type:invalid_request_error"): "an error body, told apart by its words",
    ("azure", "type:screenshot"): "an action of the one model that clicks: sent in test_computer.py",
    ("openai", "object:file"): "uploads are forms, which are not sent again: test_files.py",
    ("openai", "type:api"): "a source of web search that no page has here",
    ("openai", "type:apply_patch_call"): "not built: a local tool of OpenAI's",
    ("openai", "type:update_file"): "not built: part of apply_patch",
    ("openai", "type:auto"): "a container as it was asked for; the recording's was asked for with an empty list",
    ("openai", "type:image_generation"): "as it was asked for: the recording's names a model, and a file of its own",
    ("openai", "type:moderation_result"): "not built: OpenAI's moderation of a response",
    ("openai", "type:namespace"): "not built: tool search",
    ("openai", "type:tool_search_call"): "not built: tool search",
    ("openai", "type:tool_search_output"): "not built: tool search",
    ("openai", "type:reasoning_text"): "open-weight models show their thoughts; Azure's do not",
    ("openai", "type:web_search_preview"): "one member more, as the newest recording on Azure has it",
}
# Made by requests whose recorded twin needs what is not here: a file that was uploaded, a foreign server, a web page.
# Their members are compared in the tests of their own features.
ELSEWHERE = re.compile(
    r"(computer|container|file|vector_store|mcp|refusal|image|open_page|find_in_page|static|citation|response\.deleted)"
)


def _load() -> Any:
    spec = importlib.util.spec_from_file_location("load_recordings", SHARED / "load_recordings.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["load_recordings"] = module
    spec.loader.exec_module(module)
    return module.load


def objects(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (kind, object) of everything in a body that has a type."""
    if isinstance(value, dict):
        if isinstance(value.get("object"), str):
            yield f"object:{value['object']}", value
        elif isinstance(value.get("type"), str):
            yield f"type:{value['type']}", value
        elif "input_tokens_details" in value:
            yield "usage", value
        for name, inner in value.items():
            if name not in FREE:
                yield from objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner)


def bodies(text: str) -> list[Any]:
    """Return the JSON body, or the events of a stream; nothing where it is neither."""
    lines = [text] if text.lstrip().startswith("{") else [line[5:] for line in text.split("\n") if line[:5] == "data:"]
    found = []
    for line in lines:
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


async def compare() -> tuple[
    dict[tuple[str, str], tuple[int, frozenset[str]]], dict[tuple[str, str], set[frozenset[str]]]
]:
    """Send every recorded request again; return the newest recorded members by host and kind, and ours."""
    load = _load()
    newest: dict[tuple[str, str], tuple[int, frozenset[str]]] = {}
    ours: dict[tuple[str, str], set[frozenset[str]]] = defaultdict(set)
    for path in sorted(RECORDINGS.rglob("*")):
        if not path.is_file() or path.suffix == ".csv" or "Foundry" in path.name:
            continue
        try:
            exchanges = load(str(path))
        except Exception:  # a format that the loader does not read
            continue
        service = Service(seed=path.name, clock=SteppedClock())
        for one in exchanges:
            split = urlsplit(one["url"] or "")
            match = re.search(r"/(responses|files|containers|conversations|vector_stores)(/.*)?$", split.path)
            if match is None:
                continue
            host = "azure" if "azure" in one["url"] else "openai"
            text = one["text"] or json.dumps(one["json"])
            when = max((int(at) for at in re.findall(r'"created_at": ?(\d{10})', text)), default=0)
            for body in bodies(text):
                for kind, found in objects(body):
                    if when >= newest.get((host, kind), (-1, frozenset()))[0]:
                        newest[host, kind] = (when, frozenset(found))
            if not isinstance(one["req"], dict | None):
                continue
            query = f"?{split.query}" if split.query else ""
            url = ("/openai/v1" if host == "azure" else "/v1") + match[0]
            asked = json.dumps(one["req"]).encode() if one["req"] is not None else b""
            headers = {"authorization": "Bearer k", "x-ms-oai-image-generation-deployment": "gpt-image-1"}
            async with asyncio.timeout(30):
                reply = await service.handle(one["method"], url + query.replace("api-version", "x"), headers, asked)
                parts = [reply.body] if isinstance(reply.body, bytes) else [part async for part in reply.body]
            for body in bodies(b"".join(parts).decode("utf-8", "replace")):
                for kind, found in objects(body):
                    ours[host, kind].add(frozenset(found))
            service.adopt(one["method"], match[0] + query, asked, one["status"] or 200, text.encode(), {})
    return newest, ours


async def test_members_are_those_of_the_newest_recording() -> None:
    newest, ours = await compare()
    compared, wrong = 0, []
    for (host, kind), (when, members) in sorted(newest.items()):
        made = ours.get((host, kind), set())
        if members in made:
            compared += 1
            continue
        if (host, kind) in DIFFERENT or (not made and ELSEWHERE.search(kind)):
            continue
        nearest = min(made, key=lambda one: len(one ^ members), default=frozenset())
        wrong.append(
            f"{host} {kind} ({when}): lacks {sorted(members - nearest)}, has besides {sorted(nearest - members)}"
        )
    assert wrong == []
    assert compared > 80
