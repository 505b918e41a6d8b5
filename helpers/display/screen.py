"""Where a display appears: in a notebook, as HTML that can be replaced, or in a terminal, as text that cannot."""

import sys
from typing import Any


def in_notebook() -> bool:
    """Whether this runs in a notebook's kernel: Jupyter's, VS Code's, or the browser's."""
    if sys.modules.get("IPython") is None:
        return False  # a plain Python, which need not have it
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    return shell is not None and type(shell).__name__ != "TerminalInteractiveShell"


def put(shown: object) -> None:
    """Show it here."""
    if in_notebook():
        from IPython.display import display

        display(shown)  # type: ignore[no-untyped-call]
    else:
        print(shown)


class Area:
    """One display that is drawn again and again in its place. A terminal gets each drawing under the last."""

    def __init__(self) -> None:
        self.live = in_notebook()
        self._handle: Any = None

    def draw(self, shown: object) -> None:
        """Put this in the place of what was drawn before."""
        if not self.live:
            print(shown)
        elif self._handle is None:
            from IPython.display import display

            self._handle = display(shown, display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._handle.update(shown)
