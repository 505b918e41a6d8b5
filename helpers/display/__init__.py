"""What a lesson shows: answers, the wire, streams, charts, background jobs, approvals.

Everything here renders twice from one description: as HTML that reads well with every style taken away, and as plain
text for a terminal. Text that came from outside (answers, tool results, file names, errors) is always shown as text.
Names are imported when first used, because a lesson that draws no chart should not pay for matplotlib.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from helpers.display.answers import show as show
    from helpers.display.approvals import approval as approval
    from helpers.display.charts import Chart as Chart
    from helpers.display.charts import bars as bars
    from helpers.display.events import show_events as show_events
    from helpers.display.jobs import watch as watch
    from helpers.display.service import show_service as show_service
    from helpers.display.streams import show_stream as show_stream
    from helpers.display.timelines import timeline as timeline
    from helpers.display.wire import diff_wire as diff_wire
    from helpers.display.wire import show_wire as show_wire

# No module may be named like one of these: importing it would put it in the place of the function.
_HOME = {
    "show": "answers",
    "show_wire": "wire",
    "diff_wire": "wire",
    "show_stream": "streams",
    "show_events": "events",
    "timeline": "timelines",
    "bars": "charts",
    "Chart": "charts",
    "watch": "jobs",
    "approval": "approvals",
    "show_service": "service",
}

__all__ = [
    "Chart",
    "approval",
    "bars",
    "diff_wire",
    "show",
    "show_events",
    "show_service",
    "show_stream",
    "show_wire",
    "timeline",
    "watch",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"helpers.display has no {name!r}. It has: {', '.join(__all__)}.")
    value = getattr(import_module(f"helpers.display.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
