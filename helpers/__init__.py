"""What a lesson imports: a client to ask with, and ways to look at the answers.

    from helpers import connect, show

    client = connect("01_basics")
    show(client.responses.create(model="gpt-5.4-mini", input="This is a test."))

Names are loaded on first use, so that importing this package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from helpers.azure import deployment as deployment
    from helpers.client import connect as connect
    from helpers.client import connect_async as connect_async
    from helpers.client import show_setup as show_setup
    from helpers.display import approval as approval
    from helpers.display import bars as bars
    from helpers.display import diff_wire as diff_wire
    from helpers.display import show as show
    from helpers.display import show_events as show_events
    from helpers.display import show_service as show_service
    from helpers.display import show_stream as show_stream
    from helpers.display import show_wire as show_wire
    from helpers.display import timeline as timeline
    from helpers.display import watch as watch

_HOME = {
    "connect": "helpers.client",
    "connect_async": "helpers.client",
    "show_setup": "helpers.client",
    "deployment": "helpers.azure",
    "show": "helpers.display",
    "show_wire": "helpers.display",
    "diff_wire": "helpers.display",
    "show_stream": "helpers.display",
    "show_events": "helpers.display",
    "timeline": "helpers.display",
    "bars": "helpers.display",
    "watch": "helpers.display",
    "approval": "helpers.display",
    "show_service": "helpers.display",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"helpers has no {name!r}; it has {', '.join(_HOME)}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(_HOME)
