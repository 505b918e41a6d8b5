"""Errors whose words are all that helps."""

from __future__ import annotations


class MessageAlone(Exception):
    """An error that a notebook shows without its traceback, which would lead through the SDK. Scripts show it whole."""

    def _render_traceback_(self) -> list[str]:
        """Return the lines that IPython shows."""
        return [f"{type(self).__name__}: {self}"]
