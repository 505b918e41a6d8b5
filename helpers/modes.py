"""The five modes: where a lesson's answers come from."""

from __future__ import annotations

import os
from typing import Literal, get_args

Mode = Literal["offline", "replay", "simulator", "live", "record"]
RecordFrom = Literal["simulator", "azure"]

_active: Mode | None = None  # of the last connect()


def mode(argument: str | None) -> Mode:
    """The mode in force: the argument, else LAB_MODE, else offline. Raises ValueError, which lists them."""
    name = argument or os.environ.get("LAB_MODE", "").strip() or "offline"
    for known in get_args(Mode):
        if name == known:
            return known  # type: ignore[no-any-return]
    where = "mode" if argument else "LAB_MODE"
    raise ValueError(f"{where} is {name!r}; it should be one of: {', '.join(get_args(Mode))}.")


def record_from() -> RecordFrom:
    """What record mode records: LAB_RECORD_FROM, else the simulator. Raises ValueError for anything else."""
    name = os.environ.get("LAB_RECORD_FROM", "").strip() or "simulator"
    for known in get_args(RecordFrom):
        if name == known:
            return known  # type: ignore[no-any-return]
    raise ValueError(f"LAB_RECORD_FROM is {name!r}; it should be one of: {', '.join(get_args(RecordFrom))}.")


def paced() -> bool:
    """Whether streams come at a pace that can be watched; LAB_PACE=none (tests, recording) waits nowhere."""
    return os.environ.get("LAB_PACE", "") != "none"


def activate(mode: Mode) -> None:
    """Note the mode of the client that was made last."""
    global _active
    _active = mode


def to_azure() -> bool:
    """Whether requests go to the reader's own resource: live mode, or recording from Azure."""
    return active() == "live" or (active() == "record" and record_from() == "azure")


def active() -> Mode:
    """The mode of the client that was made last, else the one that the next will have."""
    return _active or mode(None)
