"""Whether buttons make sense here, and how to make one that reads well without its front end."""

from collections.abc import Callable
from typing import Any

from helpers.display import screen
from helpers.modes import paced


def wanted() -> bool:
    """Buttons are for a person in a live notebook: not in a terminal, and not under test or while outputs are made.

    `LAB_PACE=none` is how tests and `make record` run; a saved notebook therefore holds no widget that is dead for
    the next reader.
    """
    return paced() and screen.in_notebook()


def button(label: str, act: Callable[[], None], hint: str) -> Any:
    """A button that acts once: it is disabled by its own click. `hint` is its tooltip."""
    from ipywidgets import Button, Layout  # type: ignore[import-untyped]

    made = Button(description=label, tooltip=hint, layout=Layout(width="auto", min_width="6em"))

    def clicked(_: object) -> None:
        made.disabled = True
        act()

    made.on_click(clicked)
    # ipykernel 7.4 hands a widget's messages to the shell that last spoke through it: to this cell, which may be busy.
    # Without that note the click goes where JupyterLab sends it, to a thread of its own (a "subshell").
    vars(made.comm).pop("_reply_subshell_id", None)
    return made
