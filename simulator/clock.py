"""The only module that knows what time it is."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol

# The instant at which a stepped clock starts: 2026-11-25 09:00 UTC. Recordings made from the simulator begin here.
EPOCH = 1795597200.0


class Clock(Protocol):
    """Seconds since 1970, and a way to wait."""

    patience: float | None  # real seconds for which a poll waits for a tool; None: for all it takes

    def now(self) -> float:
        """Return the time, in seconds since 1970."""

    def step(self) -> None:
        """A request has arrived."""

    async def sleep(self, seconds: float) -> None:
        """Wait until `seconds` have gone by on this clock."""


class RealClock:
    """Wall time; sleeping really waits. What a learner's lab and `python -m simulator` run on."""

    patience: float | None = 0.2

    def now(self) -> float:
        return time.time()

    def step(self) -> None:
        pass

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class SteppedClock:
    """A clock that never waits: it starts at EPOCH, each request moves it on, and a sleep moves it on at once.

    What time a request sees is a function of the requests before it, so recordings and tests come out the same
    every time. `seconds` is how far one request moves it.
    """

    patience: float | None = None

    def __init__(self, start: float = EPOCH, seconds: float = 1.0) -> None:
        self._now = start
        self._seconds = seconds

    def now(self) -> float:
        return self._now

    def step(self) -> None:
        self._now += self._seconds

    def advance(self, seconds: float) -> None:
        """Move on by `seconds`, as a test does to let a container expire."""
        self._now += seconds

    async def sleep(self, seconds: float) -> None:
        self._now += max(0.0, seconds)
        await asyncio.sleep(0)
