"""What an answer may be: statuses, items, events, errors."""

from __future__ import annotations

from typing import Any

from openai.types.responses import (
    Response,
    ResponseError,
    ResponseInputItemParam,
    ResponseOutputItem,
    ResponseStreamEvent,
)
from openai.types.responses.response import IncompleteDetails

from simulator import failures, shapes
from simulator.ids import ITEM_PREFIX

from . import seen
from .shapes_in_words import literals, members
from .sources import cited
from .tables import DataError, described, rows, table

EVENTS = {literals(event.model_fields["type"].annotation)[0]: event for event in members(ResponseStreamEvent)}
ITEMS = {literals(item.model_fields["type"].annotation)[0]: item for item in members(ResponseOutputItem)}


def statuses() -> str:
    """Return the statuses of responses and items, what they mean, and what to do."""
    listed = rows("reference/statuses.csv")
    if missing := sorted(_statuses_of_the_sdk() - {(row["of"], row["status"]) for row in listed}):
        raise DataError(f"data/reference/statuses.csv has no row for {missing}.")
    named = {"incomplete": "why incomplete", "container": "a container", "file": "a file", "item": "an item"}
    body = [
        (
            named.get(row["of"], "a response"),
            f"`{row['status']}`",
            row["what"],
            row["do"] or "–",
            seen.shown_in("status", f"{row['of']}.{row['status']}"),
            cited(row["source"]),
        )
        for row in listed
    ]
    return table(("of", "status", "what", "what to do", "lesson", "source"), body)


def _statuses_of_the_sdk() -> set[tuple[str, str]]:
    """Return every status of a response and item, and every reason to be incomplete, that the SDK's types have."""
    of_items = {status for item in ITEMS.values() for status in _statuses_of(item)}
    return {
        *(("response", one) for one in literals(Response.model_fields["status"].annotation)),
        *(("incomplete", one) for one in literals(IncompleteDetails.model_fields["reason"].annotation)),
        *(("item", one) for one in of_items),
    }


def _statuses_of(item: Any) -> list[str]:
    return literals(item.model_fields["status"].annotation) if "status" in item.model_fields else []


def items() -> str:
    """Return the types of items, with their statuses."""
    listed = described("items", "type", {*ITEMS, *shapes.members(ResponseInputItemParam)})
    body = []
    for row in listed:
        kind = row["type"]
        there = [f"`{one}`" for one in _statuses_of(ITEMS[kind])] if kind in ITEMS else []
        prefix = f"`{ITEM_PREFIX[kind]}_`" if kind in ITEM_PREFIX else "–"
        body.append((f"`{kind}`", row["what"], prefix, " ".join(there) or "–", seen.shown_in("item", kind)))
    return "\n\n".join(
        (_ITEMS.format(source=cited("SDK WIRE")), table(("item", "what", "id", "statuses", "lesson"), body))
    )


def events() -> str:
    """Return the events of a stream, in their order."""
    body = []
    for row in described("events", "event", EVENTS):
        fields = EVENTS[row["event"]].model_fields
        key = [f"`{name}`" for name in fields if name not in ("type", "sequence_number", "item_id", "output_index")]
        short = " ".join(key) + (" …" if {"item_id", "output_index"} <= set(fields) else "")
        lesson = seen.shown_in("event", row["event"])
        body.append((f"`{row['event']}`", row["when"], short.strip() or "–", lesson, cited(row["source"])))
    return "\n\n".join((_EVENTS, table(("event", "when", "its members", "lesson", "source"), body)))


def errors() -> str:
    """Return the errors, when they come and what helps."""
    body = []
    for row in sorted(rows("reference/errors.csv"), key=lambda row: (row["status"] == "200", row["status"])):
        shown = [one.lesson for one in seen.failures() if _describes(row, one)]
        lesson = seen.lesson(max(sorted(set(shown)), key=shown.count)) if shown else ""
        if row["wish"] and row["wish"] not in failures.NAMES:
            raise DataError(f"data/reference/errors.csv: there is no failure {row['wish']} to wish for.")
        code = f"`{row['code']}`" if row["code"] else "–"
        wish = f"`{row['wish']}`" if row["wish"] else "–"
        cells = (row["status"], code, row["message"].replace("_", r"\_"), row["when"], row["retry"], row["do"], wish)
        body.append((*cells, lesson, cited(row["source"])))
    head = ("status", "code", "message begins", "when", "retry", "what to do", "x-simulate", "lesson", "source")
    codes = ", ".join(f"`{code}`" for code in literals(ResponseError.model_fields["code"].annotation))
    return "\n\n".join((_ERRORS, table(head, body), "### Codes of a response that failed", _FAILED.format(codes=codes)))


def _describes(row: dict[str, str], failure: seen.Failure) -> bool:
    """Whether a row of errors.csv is about a failure."""
    if (row["status"], row["code"]) != (str(failure.status), failure.code):
        return False
    return seen.like(f"{row['message']}…", failure.message)


def failures_without_a_row() -> list[seen.Failure]:
    """Return the failures that lessons show and errors.csv does not describe."""
    listed = rows("reference/errors.csv")
    return [one for one in seen.failures() if not any(_describes(row, one) for row in listed)]


_ITEMS = """\
What a response's `output` and a request's `input` consist of; *id* is what the item's id begins with. Reasoning,
lists and approvals of MCP, and compactions come without a status, whatever their types allow. For all
rows: {source}."""

_EVENTS = """\
In the order in which they come, from the outside in. Every event has `type` and `sequence_number`; `…` stands for
`item_id` and `output_index`, which say whose it is. Deltas are padded by `obfuscation`, except in the background."""

_ERRORS = """\
`…` stands for what varies. Where the code is a dash, go by the status. Status 200 is a stream that had begun.
**x-simulate**: the header's value that makes the simulator fail so ([simulator.md](simulator.md#failures-on-request)
has those that are no errors)."""

_FAILED = """\
`error.code` of a response with status `failed`, as the SDK's type lists them: {codes}. Recordings have others, such
as `insufficient_quota`, so do not count on the list."""
