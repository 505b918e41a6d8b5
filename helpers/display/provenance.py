"""Where an answer came from, in words."""

from collections.abc import Mapping

from helpers.display.text import clean
from helpers.exchanges import exchanges


def source_words(obj: object) -> str:
    """`recorded from the simulator, 2026-11-25`, `simulated now`, `live`; `source unknown` when no exchange gave it."""
    exchange = exchanges.of(clean(obj.get("id")) if isinstance(obj, Mapping) else obj)
    return "source unknown" if exchange is None else exchange.source.words()
