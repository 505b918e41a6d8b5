"""Compare two ways of doing a thing, side by side, so that a busy machine slows both."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table. `ratio` is None where the figure itself has the limit."""

    what: str
    ours: str
    plain: str
    figure: str
    limit: str
    holds: bool


def ratio(what: str, ours: Callable[[], object], plain: Callable[[], object], limit: float, calls: int = 20) -> Row:
    """The median over 31 rounds of (time of `calls` of ours / time of as many of plain), taken in turn."""
    for warm_up in (ours, plain):
        _seconds(warm_up, calls)
    pairs = [(_seconds(ours, calls) / calls, _seconds(plain, calls) / calls) for _ in range(31)]
    found = statistics.median(mine / theirs for mine, theirs in pairs)
    mine, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    return Row(what, _short(mine), _short(theirs), f"{found:.2f}", f"{limit:g}", found <= limit)


def _seconds(call: Callable[[], object], calls: int) -> float:
    gc.collect()
    gc.disable()
    start = time.perf_counter()
    for _ in range(calls):
        call()
    seconds = time.perf_counter() - start
    gc.enable()
    return seconds


def _short(seconds: float) -> str:
    return f"{seconds * 1e3:.2f} ms" if seconds > 1e-4 else f"{seconds * 1e6:.1f} µs"
