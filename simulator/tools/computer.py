"""The computer tools: the model says what to do on a screen, the caller does it and sends a picture of what came of it.

`computer` (gpt-5.4 and later) gives a batch of `actions`, `computer_use_preview` (its own model) one `action` a call.
Members as recorded (Azure, 2025-03) and as the SDK has them; events: added and done only. The service runs nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from ..computers import PREVIEW
from ..model import Hosted, Turn

if TYPE_CHECKING:
    from ..engine import Run, Timed
    from . import Toolbox

_COST = 7  # output tokens of a call, as recorded


class Computer:
    """Calls that wait for the caller."""

    async def prepare(self, turn: Turn, run: Run, box: Toolbox) -> AsyncIterator[Timed]:
        """Nothing to prepare."""
        nothing: list[Timed] = []
        for timed in nothing:
            yield timed

    async def run(self, step: Hosted, turn: Turn, run: Run, box: Toolbox) -> AsyncIterator[Timed]:
        """Say what is to be done; then the turn ends, as somebody has to do it."""
        preview = any(tool["type"] == PREVIEW for tool in turn.request.tools)
        batches = [[one] for one in step.arguments["actions"]] if preview else [step.arguments["actions"]]
        actions = batches[0]
        checks = [
            {"id": f"cu_sc_{box.world.ids.hex(48)}", "code": check["code"], "message": check["message"]}
            for check in step.arguments.get("checks") or []
        ]
        item: dict[str, Any] = {
            "id": run.new_id("computer_call"),
            "type": "computer_call",
            "status": "completed",
            "call_id": box.world.ids.call(),
            "pending_safety_checks": checks,
        }
        item.update({"action": actions[0]} if preview else {"actions": actions})
        run.spend(_COST * len(actions))
        opened, event = run.added({**item, "status": "in_progress"})
        yield event
        yield run.done(item, opened)
        box.stopped = True
