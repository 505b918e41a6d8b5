"""What the real service took, this one takes: recorded requests are sent here, and must get the recorded status."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from simulator import Service
from simulator.clock import SteppedClock

from .conftest import SHARED

GROUPS = re.compile(r"mcp|web.?search|file.?search|conversation|compact|multi-turn|tool_availability", re.IGNORECASE)
RESOURCE = re.compile(r"/(responses|files|conversations|vector_stores)(/.*)?$")
# What cannot be here: servers elsewhere, objects from before a recording began, a key that was refused.
ELSEWHERE = {
    "external_connector_error": "an MCP server elsewhere",
    "unsupported_parameter": "a connector",
}
BEFORE = ("No vector store found", "Conversation with id", "Response with id", "No such File object")

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the recordings are beside the repository")


def recordings() -> list[Path]:
    found = sorted((SHARED / "recordings").rglob("*"))
    # Foundry's project endpoint has a shape of its own: an agent in place of a model.
    wanted = [path for path in found if GROUPS.search(path.name) and not path.name.startswith("Foundry")]
    return [path for path in wanted if path.is_file() and path.suffix != ".csv"]


def load(path: Path) -> list[dict[str, Any]]:
    spec = importlib.util.spec_from_file_location("load_recordings", SHARED / "load_recordings.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    loaded: list[dict[str, Any]] = module.load(str(path))
    return loaded


@pytest.mark.parametrize("path", recordings(), ids=lambda path: path.stem[-60:])
async def test_a_recorded_request_is_answered_as_it_was(path: Path) -> None:
    service = Service(seed="recorded", clock=SteppedClock())
    sent = 0
    for exchange in load(path):
        url = urlsplit(exchange["url"] or "")
        found = RESOURCE.search(url.path)
        if not found or not isinstance(exchange["req"], dict | None):
            continue
        tail = found.group(0) + (f"?{url.query}" if url.query else "")
        azure = "azure" in url.netloc
        body = json.dumps(exchange["req"]).encode() if exchange["req"] is not None else b""
        if tail == "/files":  # its parts are not in the loader's shape
            _adopt(service, exchange, tail, body)
            continue
        if azure:
            tail = re.sub(r"\?api-version=\d.*", "", tail)
        reply = await service.handle(
            exchange["method"], ("/openai/v1" if azure else "/v1") + tail, {"authorization": "Bearer key"}, body
        )
        text = reply.body if isinstance(reply.body, bytes) else b"".join([piece async for piece in reply.body])
        wanted = exchange["status"] or 200
        if reply.status != wanted and not _cannot_be(text, wanted):
            pytest.fail(f"{exchange['method']} {tail}: {wanted} was recorded, not {reply.status}: {text[:500]!r}")
        sent += 1
        _adopt(service, exchange, tail, body)
    if not sent:
        pytest.skip("only bodies were recorded")


def _adopt(service: Service, exchange: dict[str, Any], tail: str, body: bytes) -> None:
    answer = exchange["text"].encode() if exchange["text"] else json.dumps(exchange["json"]).encode()
    service.adopt(exchange["method"], tail, body, exchange["status"] or 200, answer, {})


def _cannot_be(text: bytes, wanted: int) -> bool:
    error = json.loads(text).get("error") or {} if text.startswith(b"{") else {}
    if wanted == 401 or error.get("type") in ELSEWHERE or error.get("code") in ELSEWHERE:
        return True
    return str(error.get("message")).startswith(BEFORE)
