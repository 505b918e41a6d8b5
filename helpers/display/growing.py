"""An answer while it grows: the response and its items, put together from the events of a stream."""

from typing import Any

from openai.types.responses import Response

from helpers.display.shapes import plain

# Which field of its item a delta lengthens (openai 3.57.0, ResponseStreamEvent). Text, refusals and reasoning belong
# to a part of the item and are handled apart.
_FIELDS = {
    "response.function_call_arguments.delta": "arguments",
    "response.mcp_call_arguments.delta": "arguments",
    "response.code_interpreter_call_code.delta": "code",
    "response.custom_tool_call_input.delta": "input",
}
_PARTS = {
    "response.output_text.delta": ("content", "content_index", "output_text", "text"),
    "response.refusal.delta": ("content", "content_index", "refusal", "refusal"),
    "response.reasoning_text.delta": ("content", "content_index", "reasoning_text", "text"),
    "response.reasoning_summary_text.delta": ("summary", "summary_index", "summary_text", "text"),
}
_TERMINAL = ("response.completed", "response.incomplete", "response.failed")
_STATES = ("in_progress", "searching", "interpreting", "generating", "failed")  # completed says the item itself


class Growing:
    """Takes events one by one; says at any time what the response is so far."""

    def __init__(self) -> None:
        self.ended = False  # a terminal event came
        self.error: str | None = None  # an `error` event came: its message
        self._snapshot: Any = None  # the newest response object of an event
        self._items: dict[int, dict[str, Any]] = {}
        self._pieces: dict[tuple[int, str, int], list[str]] = {}  # (output_index, delta type, part) -> deltas

    def take(self, event: Any) -> None:
        """Note one event. It is on the path of every token, so the usual case comes first and does little."""
        kind: str = event.type
        if kind in _PARTS:
            key = (event.output_index, kind, getattr(event, _PARTS[kind][1]))
            self._pieces.setdefault(key, []).append(event.delta)
        elif kind in _FIELDS:
            self._pieces.setdefault((event.output_index, kind, 0), []).append(event.delta)
        elif kind == "response.output_item.added":  # reasoning has no status of its own: until it is done it is open
            self._items[event.output_index] = {"status": "in_progress", **plain(event.item)}
        elif kind == "response.output_item.done":
            self._items[event.output_index] = plain(event.item)
            self._pieces = {key: text for key, text in self._pieces.items() if key[0] != event.output_index}
        elif kind == "error":
            nested = getattr(event, "error", None)
            self.error = str(getattr(event, "message", None) or (nested or {}).get("message") or "no message")
        elif getattr(event, "response", None) is not None:
            self._snapshot = event.response
            self.ended = kind in _TERMINAL
        elif getattr(event, "output_index", None) in self._items:
            self._change(self._items[event.output_index], kind, event)

    def _change(self, item: dict[str, Any], kind: str, event: Any) -> None:
        state = kind.rpartition(".")[2]
        if state in _STATES:
            item["status"] = state
        elif kind == "response.image_generation_call.partial_image":
            item["result"] = event.partial_image_b64
        elif kind == "response.shell_call_command.done":
            action = item.get("action") or {}
            item["action"] = {**action, "commands": [*(action.get("commands") or []), event.command]}

    def value(self) -> dict[str, Any] | None:
        """The response so far as a dict, with the items and the text that have arrived; None before the first event."""
        if self._snapshot is None:
            return None
        value: dict[str, Any] = plain(self._snapshot)
        if not value.get("output"):
            value["output"] = [self._grown(index) for index in sorted(self._items)]
        return value

    def response(self) -> Response | None:
        """The response so far as the SDK's object: the one that the last event carried, or one put together."""
        if self._snapshot is None or self._snapshot.output or not self._items:
            return self._snapshot  # type: ignore[no-any-return]
        return type(self._snapshot).construct(**self.value() or {})  # type: ignore[no-any-return]

    def _grown(self, index: int) -> dict[str, Any]:
        item = dict(self._items[index])
        for (output_index, kind, part), deltas in sorted(self._pieces.items()):
            if output_index != index:
                continue
            text = "".join(deltas)
            if kind in _FIELDS:
                item[_FIELDS[kind]] = text
                continue
            place, _, part_type, field = _PARTS[kind]
            parts = list(item.get(place) or [])
            while len(parts) <= part:
                parts.append({"type": part_type, field: "", **({"annotations": []} if field == "text" else {})})
            parts[part] = {**parts[part], "type": part_type, field: text}
            item[place] = parts
        return item
