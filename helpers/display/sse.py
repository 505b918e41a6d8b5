"""The events of a stream, whether they came over the wire or a lesson collected them."""

import json
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from helpers.cassettes.transport import waits
from helpers.display.shapes import plain
from helpers.exchanges import Exchange
from helpers.modes import paced


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
    """The events that this exchange has received so far, each with its time of arrival.

    Where nothing waits (LAB_PACE=none) all would arrive at once: each then has the time at which the lab's pace would
    have brought it, so that what tests compare and what is committed is what a reader sees.
    """
    frames = [part + b"\n\n" for part in bytes(exchange.response_body).split(b"\n\n") if part]
    times = _arrivals(exchange, frames) if paced() else list(accumulate(waits(frames)))
    events = []
    for frame, at in zip(frames, times, strict=True):
        data = b"\n".join(line[5:].strip() for line in frame.split(b"\n") if line.startswith(b"data:"))
        try:
            body = json.loads(data)
        except ValueError:
            continue  # a comment, or the connection was cut in the middle of this event
        if isinstance(body, dict):
            events.append(Event(str(body.get("type", "?")), body, at))
    return events


def _arrivals(exchange: Exchange, frames: Sequence[bytes]) -> list[float]:
    """When the last byte of each frame had come."""
    ends = [length for _, length in exchange.chunks]
    times, position = [], 0
    for frame in frames:
        position = min(position + len(frame), len(exchange.response_body))
        times.append(exchange.chunks[bisect_left(ends, position)][0])
    return times


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
