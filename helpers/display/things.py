"""What is neither a response nor an item: files, containers, lists, contents, errors, dicts."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from openai import APIError, APIStatusError
from openai._legacy_response import HttpxBinaryResponseContent

from helpers.display.blocks import Block, Fold, Line
from helpers.display.folding import long
from helpers.display.inline import Cell, Inline, Mono, Strong
from helpers.display.pictures import from_bytes
from helpers.display.shapes import Item, mapping, mappings, pretty, shortened
from helpers.display.tables import Table
from helpers.display.text import count, cut, one_line, size

_ROWS = 50
_COLUMNS = (
    *("id", "filename", "name", "path", "purpose", "model", "status", "bytes"),
    *("created_at", "expires_at", "source", "deleted"),
)


def trouble(value: Item) -> list[Block]:
    """Lines for a response that failed, was cut short, was cancelled or filtered; nothing for one that is well."""
    status, blocks = value.get("status"), list[Block]()
    if value.get("error"):
        blocks.append(Line([Strong("error"), *_error_parts(value["error"])]))
    if status == "incomplete":
        reason = mapping(value, "incomplete_details").get("reason") or "no reason given"
        blocks.append(Line([Strong("incomplete"), ": ", Mono(one_line(reason))]))
    elif status in ("failed", "cancelled") and not value.get("error"):
        blocks.append(Line([Strong(str(status))]))
    for entry in mappings(value, "content_filters"):
        if entry.get("blocked"):
            verdicts = mapping(entry, "content_filter_results")
            caught = ", ".join(k for k, v in verdicts.items() if isinstance(v, Mapping) and v.get("filtered"))
            what = f" blocked the {one_line(entry.get('source_type') or 'content')}: {one_line(caught)}"
            blocks.append(Line([Strong("content filter"), what]))
    return blocks


def error(problem: BaseException) -> list[Block]:
    """An exception as the service worded it: status, then type, code and param, then the message."""
    head: list[Inline] = [Strong(type(problem).__name__)]
    if isinstance(problem, APIStatusError):
        head.append(f" · HTTP {problem.status_code}")
    detail = problem.body if isinstance(problem, APIError) and isinstance(problem.body, Mapping) else {}
    message = detail.get("message") or getattr(problem, "message", None) or str(problem)
    rows = [[key, Mono(one_line(detail[key], 200))] for key in ("type", "code", "param") if detail.get(key) is not None]
    if getattr(problem, "request_id", None):
        rows.append(["x-request-id", Mono(one_line(problem.request_id))])  # type: ignore[attr-defined]
    blocks: list[Block] = [Line(head), Line(cut(str(message), 2_000))]
    return [*blocks, Table(["", "value"], rows)] if rows else blocks


def _error_parts(problem: Any) -> list[Inline]:
    if not isinstance(problem, Mapping):
        return [" ", one_line(problem, 400)]
    code: list[Inline] = [" ", Mono(one_line(problem["code"]))] if problem.get("code") else []
    return [*code, " ", cut(str(problem.get("message") or ""), 2_000)]


def is_page(obj: object) -> bool:
    """Whether it is a page of a list, as the SDK returns them."""
    return isinstance(getattr(obj, "data", None), list) and hasattr(obj, "has_next_page")


def rows(page: object) -> list[Any]:
    """What is on this page. The next one is not fetched: a display makes no request."""
    return list(page.data)  # type: ignore[attr-defined]


def is_content(obj: object) -> bool:
    """Whether it is bytes, or the content of a file as the SDK returns it."""
    return isinstance(obj, bytes | bytearray | HttpxBinaryResponseContent)


def content(obj: Any) -> list[Block]:
    """The content of a file: a picture, the beginning of a text, or the size of anything else."""
    raw = bytes(obj) if isinstance(obj, bytes | bytearray) else obj.content
    if raw[:4] in (b"\x89PNG", b"RIFF", b"GIF8") or raw[:3] == b"\xff\xd8\xff":
        return [from_bytes(raw, "picture"), Line(size(len(raw)), quiet=True)]
    try:
        return [long(raw.decode(), "text"), Line(size(len(raw)), quiet=True)]
    except UnicodeDecodeError:
        return [Line(f"{size(len(raw))} that are neither text nor a picture; they begin {raw[:8].hex(' ')}")]


def thing(value: Any) -> list[Block]:
    """One object with an id as a small table, any other value as JSON."""
    if isinstance(value, Mapping) and "object" in value:
        shown = {key: inner for key, inner in value.items() if key != "object" and inner is not None}
        pairs: list[Sequence[Cell]] = [[one_line(key), _value(key, inner)] for key, inner in shown.items()]
        return [Line([Strong(one_line(value["object"]))]), Table(["", "value"], pairs[:_ROWS])]
    return [long(pretty(shortened(value)), "JSON")]


def listing(values: Sequence[Any]) -> list[Block]:
    """A table with a row for each object; the columns are the ones these objects have."""
    if not values:
        return [Line("(empty list)")]
    if not all(isinstance(v, Mapping) for v in values):
        return [long(pretty(shortened(list(values))), "JSON")]
    columns = [c for c in _COLUMNS if any(v.get(c) is not None for v in values)]
    if not columns:
        return [Fold(count(len(values), "object"), [long(pretty(shortened(list(values))), "JSON")], opened=True)]
    body: list[Sequence[Cell]] = [[_value(c, v.get(c)) for c in columns] for v in values[:_ROWS]]
    sizes = [i for i, c in enumerate(columns) if c == "bytes"]
    table = Table([c.removesuffix("_at") for c in columns], body, numbers=sizes)
    rest = len(values) - _ROWS
    return [table, Line(f"and {rest:,} more", quiet=True)] if rest > 0 else [table]


def _value(key: str, value: Any) -> Cell:
    if value is None:
        return ""
    if key.endswith("_at") and isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%d %H:%M:%S") + " UTC"
    if key == "bytes" and isinstance(value, int):
        return size(value)
    if isinstance(value, str | int | float):
        text = one_line(value, 120)
        return Mono(text) if key == "id" or key.endswith("_id") else text
    return Mono(one_line(pretty(value) if isinstance(value, Mapping | list) else value, 120))
