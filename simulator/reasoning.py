"""Reasoning: how much of it a turn costs, by effort, and how much of it is read again on later turns."""

from __future__ import annotations

import zlib
from collections import OrderedDict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .requests import CreateRequest

# Tokens that a short question costs at each effort: the middle of what recordings show, for models that bill in
# steps of 64 (up to gpt-5) and for later ones, which think less.
_STEPPED = {"minimal": 0, "low": 64, "medium": 192, "high": 448, "xhigh": 896, "max": 1792}
_FREE = {"minimal": 0, "low": 12, "medium": 40, "high": 110, "xhigh": 240, "max": 480}
_MOST_THOUGHTS = 200_000


def tokens(request: CreateRequest, prompt: str) -> int:
    """Return how many tokens a turn thinks: by effort and model, more for a longer prompt, the same every time."""
    effort, step = request.effort or "none", request.model.thinks_in
    base = (_FREE if step == 1 else _STEPPED).get(effort, 0)
    longer = 1 + min(len(prompt), 4_000) / 1_000  # up to five times as much
    varied = 0.8 + zlib.crc32(prompt.encode(errors="surrogatepass")) % 1_000 / 2_500  # 0.8 to 1.2
    wanted = base * longer * varied
    return max(step, round(wanted / step) * step) if base else 0


class Thoughts:
    """What reasoning items cost, by item id: it is in no body. Bounded: the oldest leaves first."""

    def __init__(self) -> None:
        self._tokens: OrderedDict[str, int] = OrderedDict()

    def keep(self, item_id: str, tokens: int) -> None:
        """Remember what an item cost."""
        self._tokens[item_id] = tokens
        while len(self._tokens) > _MOST_THOUGHTS:
            self._tokens.popitem(last=False)

    def read_again(self, newest_first: Iterable[dict[str, Any]], context: str | None) -> int:
        """Return the input tokens that reasoning in a context costs.

        `context`: reasoning.context. With current_turn it is read until the turn ends, that is, while tools are called
        (recorded: each call of a loop costs what the one before it put out, reasoning included); with all_turns always.
        """
        total = 0
        for item in newest_first:
            if item["type"] == "reasoning":
                total += self._tokens.get(item.get("id") or "", 0)
            elif context != "all_turns" and item["type"] == "message" and item.get("role") == "user":
                break
        return total
