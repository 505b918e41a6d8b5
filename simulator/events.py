"""Stream events: numbering, obfuscation and framing as recorded (stream_grammar; README of the recordings)."""

from __future__ import annotations

import json
from typing import Any

from .ids import Ids

_PADDED = {
    "response.output_text.delta",
    "response.reasoning_summary_text.delta",
    "response.function_call_arguments.delta",
    "response.mcp_call_arguments.delta",
    "response.code_interpreter_call_code.delta",
    "response.custom_tool_call_input.delta",
}


class Numbered:
    """Makes the events of one stream: sequence_number counts from 0; text deltas are padded to 16 characters."""

    def __init__(self, ids: Ids, obfuscate: bool) -> None:
        self._ids = ids
        self._obfuscate = obfuscate
        self._next = 0

    def event(self, kind: str, **members: Any) -> dict[str, Any]:
        """Return the next event, of type `kind`."""
        event: dict[str, Any] = {"type": kind, **members}
        if self._obfuscate and kind in _PADDED:
            event["obfuscation"] = self._ids.padding(-len(event["delta"]) % 16)
        event["sequence_number"] = self._next
        self._next += 1
        return event


def frame(event: dict[str, Any]) -> bytes:
    """Return an event as server-sent: two lines and a blank one, LF, sent in one piece."""
    return f"event: {event['type']}\ndata: {dumps(event)}\n\n".encode()


def dumps(value: Any) -> str:
    """Return compact JSON on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
