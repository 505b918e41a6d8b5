"""Lists in pages: limit, order, after (and before), as every list of the API takes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import errors
from .http import Request


def page(rows: Sequence[dict[str, Any]], request: Request, *, most: int = 100, default: int = 20) -> dict[str, Any]:
    """Return one page of `rows` (oldest first): {"object": "list", data, first_id, last_id, has_more}.

    Newest first unless order=asc. Raises ApiError 400 for a limit outside 1 to `most`, an unknown order, or an
    `after` that is not in the list.
    """
    limit = _limit(request.query.get("limit"), most, default)
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
    data = ordered[:limit]
    return {
        "object": "list",
        "data": data,
        "first_id": data[0]["id"] if data else None,
        "last_id": data[-1]["id"] if data else None,
        "has_more": len(ordered) > limit,
    }


def _limit(value: str | None, most: int, default: int) -> int:
    if value is None:
        return default
    try:
        limit = int(value)
    except ValueError:
        raise errors.invalid_type("limit", "an integer", value) from None
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
