"""The events of a stream, whether they came over the wire or a lesson collected them."""

import json
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from helpers.display.shapes import plain
from helpers.exchanges import Exchange


@dataclass(frozen=True)
class Event:
    """One event: its type, its data, and when it arrived (seconds after the request; None when nobody timed it)."""

    type: str
    data: Mapping[str, Any]
    at: float | None = None

    @property
    def number(self) -> int | None:
        """The sequence number; services older than May 2025 sent none."""
        found = self.data.get("sequence_number")
        return found if isinstance(found, int) else None


def of_exchange(exchange: Exchange) -> list[Event]:
    """The events that this exchange has received so far, each with its time of arrival."""
    ends = [length for _, length in exchange.chunks]
    events, position = list[Event](), 0
    for frame in bytes(exchange.response_body).split(b"\n\n"):
        position += len(frame) + 2
        data = b"\n".join(line[5:].strip() for line in frame.split(b"\n") if line.startswith(b"data:"))
        if not data:
            continue
        try:
            body = json.loads(data)
        except ValueError:
            continue  # the connection was cut in the middle of this event
        if not isinstance(body, dict):
            continue
        chunk = bisect_left(ends, min(position, len(exchange.response_body)))
        at = exchange.chunks[chunk][0] if chunk < len(ends) else None
        events.append(Event(str(body.get("type", "?")), body, at))
    return events


def of_list(collected: Iterable[object]) -> list[Event]:
    """Events that a lesson kept in a list: SDK events, dicts, or pairs of seconds and one of these."""
    events = []
    for entry in collected:
        at, event = entry if isinstance(entry, tuple) else (None, entry)
        data = plain(event)
        if not isinstance(data, Mapping) or "type" not in data:
            raise TypeError(f"{type(event).__name__} is no event: give a list of the events that a stream yielded.")
        events.append(Event(str(data["type"]), data, at))
    return events


def final_response(events: Iterable[Event]) -> Mapping[str, Any] | None:
    """The newest state of the response that the events carry; of a finished stream, the whole answer."""
    newest = None
    for event in events:
        if isinstance(event.data.get("response"), Mapping):
            newest = event.data["response"]
    return newest
