"""Lists in pages: limit, order, after (and before), as every list of the API takes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from . import errors
from .http import Request


def page(rows: Sequence[dict[str, Any]], request: Request, *, most: int = 100, default: int = 20) -> dict[str, Any]:
    """Return one page of `rows` (oldest first): {"object": "list", data, first_id, last_id, has_more}.

    Newest first unless order=asc. `before` without `after` is the page right before that row (the SDK: "to fetch the
    previous page of the list"). Raises ApiError 400 for a limit outside 1 to `most`, an unknown order, or an `after`
    or `before` that is not in the list.
    """
    limit = _limit(request, most, default)
    order = request.query.get("order", "desc")
    if order not in ("asc", "desc"):
        raise errors.invalid_value(order, ("asc", "desc"), "order")
    ordered = list(rows) if order == "asc" else list(rows)[::-1]
    for name in ("after", "before"):
        cursor = request.query.get(name)
        if cursor is None:
            continue
        position = next((n for n, row in enumerate(ordered) if row.get("id") == cursor), None)
        if position is None:
            raise errors.invalid(f"Invalid '{name}': no item with id '{cursor}' in this list.", name, "invalid_value")
        ordered = ordered[position + 1 :] if name == "after" else ordered[:position]
    data = ordered[-limit:] if "before" in request.query and "after" not in request.query else ordered[:limit]
    return {
        "object": "list",
        "data": data,
        "first_id": data[0]["id"] if data else None,
        "last_id": data[-1]["id"] if data else None,
        "has_more": len(ordered) > limit,
    }


def number(request: Request, name: str) -> int | None:
    """Return a number of the query; None where it is not there; raises ApiError 400 for what is none."""
    value = request.query.get(name)
    if value is None:
        return None
    try:
        if re.fullmatch("-?[0-9]+", value):  # int() would take 1_0 and " 5" too
            return int(value)
    except ValueError:  # more digits than Python reads
        pass
    raise errors.invalid_type(name, "an integer", value)


def _limit(request: Request, most: int, default: int) -> int:
    limit = number(request, "limit")
    if limit is None:
        return default
    if limit < 1:
        raise errors.invalid(
            f"Invalid 'limit': integer below minimum value. Expected a value >= 1, but got {limit} instead.",
            "limit",
            "integer_below_min_value",
        )
    if limit > most:
        raise errors.invalid(
            f"Invalid 'limit': integer above maximum value. Expected a value <= {most}, but got {limit} instead.",
            "limit",
            "integer_above_max_value",
        )
    return limit
