"""`show_events`: the events of a stream as a table."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from helpers.display.answers import usage_words
from helpers.display.blocks import Block, Display, Line
from helpers.display.inline import Cell, Mono
from helpers.display.screen import put
from helpers.display.sse import Event, of_exchange, of_list
from helpers.display.tables import Table
from helpers.display.text import count, one_line, seconds
from helpers.exchanges import Exchange, exchanges

_ROWS = 200


def show_events(events: object = None) -> None:
    """Display the events of a stream: sequence number, seconds after the request, type, and what it says.

    Consecutive deltas of one kind are folded into a row with their count and their text put together.

    `events`: nothing for the newest stream of this notebook; or the response or stream that `exchanges` knows; or a
    list of events that the lesson collected (these have no times, unless they are `(seconds, event)` pairs).
    Raises LookupError when no stream has been read yet.
    """
    put(build(*find(events)))


def find(events: object = None) -> tuple[list[Event], str]:
    """The events meant by what a lesson passed to `show_events` or `timeline`, and where they came from, in words."""
    if events is None:
        streams = [e for e in exchanges if e.is_stream]
        if not streams:
            raise LookupError("No stream has been read yet: run a cell that streams, then this one again.")
        return of_exchange(streams[-1]), streams[-1].source.words()
    if isinstance(events, list | tuple):
        return of_list(events), "collected by this notebook"
    exchange = events if isinstance(events, Exchange) else exchanges.of(events)
    if exchange is None or not exchange.is_stream:
        raise LookupError(
            "That was not streamed in this notebook: pass a list of events, or nothing for the newest stream."
        )
    return of_exchange(exchange), exchange.source.words()


def build(events: Sequence[Event], source: str) -> Display:
    """The table, unshown."""
    return Display(table(events, source))


def table(events: Sequence[Event], source: str) -> list[Block]:
    """The rows, and a line that says how many events they stand for and where they came from."""
    timed = any(event.at is not None for event in events)
    rows: list[Sequence[Cell]] = []
    for _, group in groupby(enumerate(events), key=lambda pair: _key(*pair)):
        run = [event for _, event in group]
        first, last = run[0], run[-1]
        numbers = str(first.number if first.number is not None else "")
        if len(run) > 1:
            numbers += f"–{last.number if last.number is not None else ''}"
        times = [seconds(first.at) if first.at is not None else ""] if timed else []
        kind: Cell = [Mono(first.type), f"\u00a0×\u00a0{len(run)}"] if len(run) > 1 else Mono(first.type)
        rows.append([numbers, *times, kind, _what(run)])
    head = ["number", *(["time"] if timed else []), "event", "what"]
    shown = rows[:_ROWS]
    blocks: list[Block] = [Table(head, shown, numbers=[0, 1] if timed else [0])]
    rest = f", of which {len(rows) - _ROWS:,} rows are left out" if len(rows) > _ROWS else ""
    return [*blocks, Line(f"{count(len(events), 'event')}{rest} · {source}", quiet=True)]


def _key(index: int, event: Event) -> object:
    if not event.type.endswith(".delta"):
        return index  # alone in its row
    return event.type, event.data.get("output_index"), event.data.get("content_index"), event.data.get("summary_index")


def _what(run: Sequence[Event]) -> Cell:
    event, data = run[0], run[0].data
    if event.type.endswith(".delta"):
        return one_line("".join(str(e.data.get("delta", ""))[:400] for e in run[:400]), 72)
    if event.type == "error":
        problem = data.get("error") if isinstance(data.get("error"), dict) else data
        return one_line(f"{(problem or {}).get('code') or ''} {(problem or {}).get('message') or ''}", 160)
    if isinstance(data.get("response"), dict):
        return _response(data["response"])
    if isinstance(data.get("item"), dict):
        item = data["item"]
        name = item.get("name") or ""
        return one_line(" ".join(str(part) for part in (item.get("type"), name, item.get("status")) if part))
    for key in ("text", "arguments", "code", "input", "refusal"):
        if isinstance(data.get(key), str):
            return one_line(data[key], 72)
    for key in ("part", "annotation"):
        if isinstance(data.get(key), dict):
            return one_line(data[key].get("type", ""))
    return ""


def _response(response: dict[str, Any]) -> str:
    usage, problem = response.get("usage"), response.get("error")
    words = [one_line(response.get("status") or "")]
    if isinstance(problem, dict):
        words.append(one_line(f"{problem.get('code')}: {problem.get('message')}", 160))
    if isinstance(usage, dict):
        words.append(usage_words(usage))
    return ", ".join(words)
