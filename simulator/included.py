"""What items show only when `include` asks for it: kept beside them, for whoever asks later.

As documented (SDK: `include` of create, retrieve, and the lists of items). A response that was created with an include
keeps showing what it asked for (assumed).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

MOST = 10_000  # items; the oldest are forgotten first
# What include names -> the path of the member that it adds.
MEMBERS = {
    "file_search_call.results": ("results",),
    "web_search_call.action.sources": ("action", "sources"),
}


class Included:
    """Members by item id and by what include calls them."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, dict[str, Any]] = OrderedDict()

    def keep(self, item_id: str, name: str, value: Any) -> None:
        """Keep a member of an item."""
        self._kept.setdefault(item_id, {})[name] = value
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)

    def shown(self, item: dict[str, Any], include: Iterable[str]) -> dict[str, Any]:
        """Return an item with what `include` adds to it."""
        kept = self._kept.get(item.get("id") or "", {})
        for name in kept.keys() & set(include):
            item = _with(item, MEMBERS[name], kept[name])
        return item


def _with(item: dict[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    first, *rest = path
    return {**item, first: _with(item[first], tuple(rest), value) if rest else value}
