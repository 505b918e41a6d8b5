"""`approval`: a tool that waits for a person's yes or no."""

from collections.abc import Callable, Mapping
from typing import Any

from helpers.display import buttons
from helpers.display.answers import show
from helpers.display.blocks import Code, Display, Line
from helpers.display.inline import Strong
from helpers.display.items import card
from helpers.display.screen import put
from helpers.display.shapes import Item, plain

# What somebody's yes may hang on: a request for approval, and each call that the caller's own program carries out.
_WAITS = {
    "mcp_approval_request",
    "function_call",
    "custom_tool_call",
    "computer_call",
    "local_shell_call",
    "shell_call",
    "apply_patch_call",
}


def approval(request: object, decide: Callable[[bool], object]) -> None:
    """Display what a tool wants to do, and in a live notebook two buttons, Approve and Deny.

    `request`: an `mcp_approval_request` or any call that must not run without consent (`function_call`,
    `computer_call`), or a response in which exactly one such item waits.
    `decide(approve)`: your function, which sends the decision or runs the tool. A button calls it with True or False
    and shows what it returns. A re-run, a test or a terminal calls it directly: `decide(True)`. The cell never waits.
    Raises ValueError when nothing, or more than one thing, waits in the response, or when the item is no such wish.
    """
    named = getattr(decide, "__name__", "")
    name = named if named.isidentifier() else "decide"  # a lambda is not
    asked = _waiting(plain(request))
    how = Line("Nothing runs before you decide. The buttons call this function; so can you:", quiet=True)
    code = Code(f"{name}(True)   # approve\n{name}(False)  # deny")
    put(Display([Line([Strong("May this run?")]), card(asked), how, code]))
    if buttons.wanted():
        put(_row(decide, name, str(asked.get("name") or asked.get("type"))))


def _waiting(value: Any) -> Item:
    if not isinstance(value, Mapping):
        raise ValueError(f"approval() takes an item or a response, not {type(value).__name__}.")
    if value.get("object") != "response":
        if value.get("type") not in _WAITS:
            raise ValueError(f"approval() takes an item that asks for something, not {value.get('type', 'this')!r}.")
        return value
    waiting = [item for item in value["output"] if item.get("type") in _WAITS]
    if len(waiting) != 1:
        raise ValueError(f"{len(waiting)} items of this response wait for approval: pass the one you mean.")
    return waiting[0]  # type: ignore[no-any-return]


def _row(decide: Callable[[bool], object], name: str, what: str) -> Any:
    from ipywidgets import HBox, Output, VBox  # type: ignore[import-untyped]

    result = Output()

    def act(approve: bool) -> None:
        yes.disabled = no.disabled = True
        with result:
            show(Display([Line([Strong("approved" if approve else "denied"), f": {name}({approve})"])]))
            try:
                show(decide(approve))
            except Exception as problem:  # a button has no cell that could show a traceback
                show(problem)

    yes = buttons.button("Approve", lambda: act(True), f"Run {what}")
    no = buttons.button("Deny", lambda: act(False), f"Do not run {what}")
    return VBox([HBox([yes, no]), result])
