"""What the service holds: responses and what they were made from. The only module with state.

A response's context is a chain of nodes that share their beginnings, so that a follow-up costs its own turn, not a
copy of the history. Deleting a response leaves the nodes that its followers stand on.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import caching, errors, included, reasoning, usage
from .ids import family_of
from .items import text_of

if TYPE_CHECKING:
    from .engine import Job

RETENTION = 30 * 24 * 3600  # seconds; Microsoft's Responses page: kept 30 days by default
MOST_RESPONSES = 20_000


@dataclass(frozen=True)
class Node:
    """Some items of a context and what came before them.

    `tokens`, `length` (items) and `characters` (of text) count all of it; `plain`: there are messages and reasoning
    only; `compacted`: there is a compaction item somewhere. So that a new turn need not look at its history again.
    """

    items: tuple[dict[str, Any], ...]
    before: Node | None = None
    tokens: int = field(init=False)
    length: int = field(init=False)
    characters: int = field(init=False)
    plain: bool = field(init=False)
    compacted: bool = field(init=False)
    marks: list[caching.Mark] | None = field(init=False, default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        before, kinds = self.before, {item["type"] for item in self.items}
        own = sum(usage.item_tokens(item) for item in self.items)
        object.__setattr__(self, "tokens", own + (before.tokens if before else 0))
        object.__setattr__(self, "length", len(self.items) + (before.length if before else 0))
        said = sum(len(text_of(item)) for item in self.items)
        object.__setattr__(self, "characters", said + (before.characters if before else 0))
        object.__setattr__(self, "plain", kinds <= {"message", "reasoning"} and (not before or before.plain))
        object.__setattr__(self, "compacted", "compaction" in kinds or bool(before and before.compacted))

    def nodes(self) -> Iterator[Node]:
        """Yield this node and those before it, newest first."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.before

    def backwards(self) -> Iterator[dict[str, Any]]:
        """Yield every item, newest first."""
        for node in self.nodes():
            yield from reversed(node.items)

    def all(self) -> list[dict[str, Any]]:
        """Return every item, oldest first."""
        return [item for node in reversed(list(self.nodes())) for item in node.items]


EMPTY = Node(())


@dataclass
class Stored:
    """One response: its body as it stands, the context it was made from, and the job that works on it, if any."""

    body: dict[str, Any]
    context: Node  # what it was made from: everything before its output
    kept_since: float
    job: Job | None = None
    adopted: bool = False
    reply_headers: dict[str, str] = field(default_factory=dict)

    def after(self) -> Node:
        """Return the context that a follow-up starts from: what this one was made from, and what it answered."""
        return Node(tuple(self.body["output"]), self.context)


class Responses:
    """Responses by id. Those past 30 days are gone; more than MOST_RESPONSES is refused with a 429."""

    def __init__(self) -> None:
        self._by_id: OrderedDict[str, Stored] = OrderedDict()
        self._families: dict[str, dict[str, Stored]] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def add(self, stored: Stored, now: float) -> None:
        """Keep a response."""
        self._forget(now)
        if len(self._by_id) >= MOST_RESPONSES:
            raise errors.ApiError(
                429,
                f"The simulator holds {MOST_RESPONSES} responses, which is all it takes. Delete some, send store: "
                "false, or start it anew.",
                type="insufficient_storage",
                code="insufficient_storage",
            )
        response_id = stored.body["id"]
        self._by_id[response_id] = stored
        self._families.setdefault(family_of(response_id), {})[response_id] = stored

    def get(self, response_id: str, now: float) -> Stored | None:
        """Return a response; None where it never was, was deleted, or is past its 30 days."""
        self._forget(now)
        return self._by_id.get(response_id)

    def remove(self, response_id: str) -> Stored | None:
        """Forget a response."""
        stored = self._by_id.pop(response_id, None)
        if stored is not None:
            family = family_of(response_id)
            self._families[family].pop(response_id)
            if not self._families[family]:
                del self._families[family]
        return stored

    def of_family(self, family: str) -> list[Stored]:
        """Return the responses whose ids share these 16 digits: a chain and its branches."""
        return list(self._families.get(family, {}).values())

    def __iter__(self) -> Iterator[Stored]:
        return iter(list(self._by_id.values()))

    def _forget(self, now: float) -> None:
        while self._by_id:
            oldest = next(iter(self._by_id.values()))
            if oldest.kept_since + RETENTION > now:
                return
            self.remove(oldest.body["id"])


class Store:
    """Everything that is kept, one table an object of the API."""

    def __init__(self) -> None:
        self.responses = Responses()
        self.tables: dict[str, dict[str, Any]] = {}
        self.prompt_cache = caching.PromptCache()
        self.thoughts = reasoning.Thoughts()
        self.included = included.Included()
        self.lock = asyncio.Lock()

    def table(self, name: str) -> dict[str, Any]:
        """Return the table called `name` (files, containers, conversations, vector_stores)."""
        return self.tables.setdefault(name, {})
