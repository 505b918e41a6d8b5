"""Which recorded answer a request gets. Made for notebooks, whose cells run again and out of order.

- The same request again gets the next recorded answer; the last one sticks. Where somebody else can go on, one that
  says that a job is still at work does not: whoever polls longer than the lesson did sees it end.
- A recorded POST that is replayed starts over everything it created: reads of it, and what was made from it in turn.
- After a replayed change that was recorded at position p (DELETE, POST …/cancel, an upload), reads of what it touched
  go on with the answers recorded after p.
- What the simulator has changed since (`changed_elsewhere`) is no longer answered from here, until the recorded POST
  that created it is replayed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from urllib.parse import urlsplit

from helpers.cassettes.file import Cassette, Interaction
from helpers.cassettes.keys import Key, ids_in, ids_in_path, key_of

_UNDER_WAY = re.compile(rb'^\s*\{[^{]*"status"\s*:\s*"(?:queued|in_progress)"')


class Player:
    """The interactions of a cassette, found by key in one look, and how far each key has been played."""

    def __init__(self, cassette: Cassette) -> None:
        self.source = cassette.source
        self.interactions = cassette.interactions
        self.positions: defaultdict[Key, list[int]] = defaultdict(list)
        self._named: list[set[str]] = []  # position -> what its request and its answer speak of
        self._created: list[set[str]] = []  # position -> the ids that its answer was the first to speak of
        self._keys: defaultdict[str, list[Key]] = defaultdict(list)  # id or list -> the keys that name it
        self._next: dict[Key, int] = {}  # key -> index into its positions; keys that were never asked for are absent
        self._elsewhere: set[str] = set()  # ids and lists that the simulator has changed
        seen: set[str] = set()
        for position, interaction in enumerate(self.interactions):
            key = _key(interaction)
            objects = key.objects()
            if key not in self.positions:
                for name in objects:
                    self._keys[name].append(key)
            self.positions[key].append(position)
            answered = ids_in(interaction.response_body.decode(errors="replace")) if key.changes else set()
            self._created.append(answered - objects - seen if interaction.status < 400 else set())
            self._named.append(objects | answered | ({key.collection} if key.changes else set()))
            seen |= objects | answered

    def restart(self) -> None:
        """Play every request from its first answer again, as a notebook does that runs from its top."""
        self._next.clear()

    def play(self, key: Key, *, goes_on: bool = False) -> Interaction | None:
        """The answer to a request, or None where none was recorded or it is out of date.

        `goes_on`: somebody else can answer; then the last recorded look at a job that is at work is given once.
        """
        positions = self.positions.get(key)
        if positions is None or (self._elsewhere and not self._elsewhere.isdisjoint(key.objects())):
            return None
        played = self._next.get(key, 0)
        index = min(played, len(positions) - 1)
        position = positions[index]
        if goes_on and played > index and not key.changes and _at_work(self.interactions[position]):
            return None
        self._next[key] = index + 1
        if key.changes and self.interactions[position].status < 400:
            self._elsewhere -= self._created[position]
            self._go_on_after(position)
        return self.interactions[position]

    def changed_elsewhere(self, key: Key) -> None:
        """Note that somebody else has answered a request that changes what the cassette speaks of."""
        if key.changes:
            ids = ids_in_path(key.path)
            if key.path == "/responses":  # the parent of a response stays as it is; these do not
                ids = {name for name in ids_in(key.body) if name.startswith(("conv_", "cntr_"))}
            self._elsewhere |= ids | {key.collection}

    def taken_over(self, ids: set[str]) -> None:
        """Note that these objects are now what somebody else has made of them."""
        self._elsewhere |= ids

    def _go_on_after(self, position: int) -> None:
        """Set what a change touched to continue after it, and what it created to start over, transitively."""
        for name in self._named[position] - self._created[position]:
            for key in self._keys.get(name, ()):
                if not key.changes:
                    self._set(key, position)
        todo = [position]
        while todo:
            position = todo.pop()
            for name in self._created[position]:
                for key in self._keys.get(name, ()):
                    todo += self._set(key, position)

    def _set(self, key: Key, position: int) -> list[int]:
        """Play `key` from its first answer after `position` on; say which answers are thereby to come again."""
        start = bisect_right(self.positions[key], position)
        played = self._next.get(key, 0)
        if start != played:
            self._next[key] = start
        return self.positions[key][start:played]


def _at_work(interaction: Interaction) -> bool:
    """Whether this is a look at a response that was not done yet."""
    return _UNDER_WAY.search(interaction.response_body) is not None


def _key(interaction: Interaction) -> Key:
    parts = urlsplit(interaction.uri)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return key_of(interaction.method, target, interaction.request_headers, interaction.request_body)
