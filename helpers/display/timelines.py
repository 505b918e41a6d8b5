"""`timeline`: when each part of a streamed answer began and ended."""

from collections.abc import Sequence
from dataclasses import dataclass

from helpers.display import events as event_table
from helpers.display.charts import COLOURS, GRID, INK, Chart, legend, literal, sheet
from helpers.display.inline import Cell, Mono
from helpers.display.sse import Event
from helpers.display.tables import Table
from helpers.display.text import one_line, seconds

_UNTIMED = 0.02  # seconds; a stream that took less was not paced, and its times would say nothing
_COLOUR = {"response": COLOURS[4], "reasoning": COLOURS[3], "message": COLOURS[0]}  # everything else is a tool


@dataclass
class Span:
    """One bar: a part of the response, from its first event to its last."""

    name: str
    kind: str
    start: float
    end: float


def timeline(events: object = None, *, title: str = "One response, as it came") -> Chart:
    """A figure of a stream over time: created, every item from opening to closing, first token, done.

    `events` as for `show_events`: nothing for the newest stream, a response, or a list of events; `title` stands over
    the figure. The axis is seconds after the request; sequence numbers where the events have no times or came all at
    once. End a cell with it to display it; the text alternative and the folded table say the same in words.
    Raises LookupError when no stream has been read yet, ValueError when the list is empty.
    """
    found, source = event_table.find(events)
    if not found:
        raise ValueError("timeline() needs at least one event.")
    times, unit = _axis(found)
    spans, first = _spans(found, times)
    figure, axes = sheet(0.5 + 0.32 * len(spans), title)
    width = times[-1] * 0.004 or 0.1  # so that what took no time is still seen
    for y, span in enumerate(spans):
        colour = _COLOUR.get(span.kind, COLOURS[1])
        axes.barh(y, max(span.end - span.start, width), 0.6, span.start, color=colour)
    if first is not None:
        axes.axvline(first, color=INK, linewidth=1.2, linestyle=(0, (3, 2)), label="first token")
        legend(axes)
    axes.set_yticks(range(len(spans)), [literal(span.name) for span in spans])
    axes.invert_yaxis()
    axes.set_xlim(0, max(times[-1], width) * 1.02)
    axes.set_xlabel("seconds after the request" if unit == "s" else "sequence number")
    axes.xaxis.grid(True, color=GRID, linewidth=0.8)
    return Chart(figure, _words(title, spans, first, unit), _table(spans, first, unit), source)


def _axis(events: Sequence[Event]) -> tuple[list[float], str]:
    at = [event.at for event in events]
    known = [value for value in at if value is not None]
    if len(known) == len(events) and known[-1] - known[0] >= _UNTIMED:
        return known, "s"
    return [float(i if event.number is None else event.number) for i, event in enumerate(events)], "n"


def _spans(events: Sequence[Event], times: Sequence[float]) -> tuple[list[Span], float | None]:
    """The whole response, then its items in order; and when the first piece of an answer came."""
    whole = Span("response", "response", times[0], times[-1])
    items: dict[object, Span] = {}
    first = None
    for event, at in zip(events, times, strict=True):
        index = event.data.get("output_index")
        if event.type == "response.output_item.added":
            item = event.data.get("item") or {}
            kind = str(item.get("type", "item"))
            items[index] = Span(one_line(f"{kind} {item.get('name') or ''}".strip(), 40), kind, at, at)
        elif index in items:
            items[index].end = at
        if first is None and event.type in ("response.output_text.delta", "response.refusal.delta"):
            first = at
    return [whole, *list(items.values())[:20]], first


def _value(value: float, unit: str) -> str:
    return seconds(value) if unit == "s" else f"event {value:.0f}"


def _words(title: str, spans: Sequence[Span], first: float | None, unit: str) -> str:
    parts = [f"{span.name} from {_value(span.start, unit)} to {_value(span.end, unit)}" for span in spans]
    token = f"; first token at {_value(first, unit)}" if first is not None else ""
    return f"Timeline, {title}. {'; '.join(parts)}{token}."


def _table(spans: Sequence[Span], first: float | None, unit: str) -> Table:
    rows: list[Sequence[Cell]] = [[Mono(span.name), _value(span.start, unit), _value(span.end, unit)] for span in spans]
    if first is not None:
        rows.append([Mono("first token"), _value(first, unit), ""])
    return Table(["part", "from", "to"], rows, numbers=[1, 2])
