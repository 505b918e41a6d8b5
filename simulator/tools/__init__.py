"""Tools that the service runs itself: one file a tool, one line in `HOSTED`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from ..model import Hosted, Turn

if TYPE_CHECKING:
    from ..engine import Run, Timed
    from ..service import World


class HostedTool(Protocol):
    """A tool that the service runs. Both methods yield timed events, made with `run.added`, `run.inner`, `run.done`."""

    def prepare(self, turn: Turn, run: Run, box: Toolbox) -> AsyncIterator[Timed]:
        """What happens before the model speaks: listing an MCP server's tools, running what was approved."""

    def run(self, step: Hosted, turn: Turn, run: Run, box: Toolbox) -> AsyncIterator[Timed]:
        """Carry out one call."""


def _hosted() -> dict[str, HostedTool]:
    """Return the tools by the kind of `Hosted` step they carry out."""
    from .code_interpreter import CodeInterpreter
    from .computer import Computer
    from .file_search import FileSearch
    from .image_generation import ImageGeneration
    from .mcp import Mcp
    from .web_search import WebSearch

    return {
        "code_interpreter": CodeInterpreter(),
        "computer": Computer(),
        "image_generation": ImageGeneration(),
        "mcp": Mcp(),
        "web_search": WebSearch(),
        "file_search": FileSearch(),
    }


class Toolbox:
    """The hosted tools, as one response uses them. `stopped`: the turn ends here (somebody has to approve)."""

    def __init__(self, world: World, cached: tuple[int, int] = (0, 0), failure: str | None = None) -> None:
        self.world = world
        self.cached_tokens, self.written_tokens = cached
        self.failure = failure
        self.stopped = False
        self.calls = 0
        self._hosted = _hosted()

    async def prepare(self, turn: Turn, run: Run) -> AsyncIterator[Timed]:
        """Let each tool on offer prepare."""
        for tool in self._hosted.values() if turn.request.tools else ():
            async for timed in tool.prepare(turn, run, self):
                yield timed

    async def run(self, step: Hosted, turn: Turn, run: Run) -> AsyncIterator[Timed]:
        """Carry out a call, unless max_tool_calls is reached."""
        most = turn.request.max_tool_calls
        if most is not None and self.calls >= most:
            return
        self.calls += 1
        async for timed in self._hosted[step.kind].run(step, turn, run, self):
            yield timed

    def citations(self, text: str) -> list[dict[str, Any]]:
        """Return the annotations that tools add to a text that was said: the files they made."""
        return [one for tool in self._hosted.values() if hasattr(tool, "cited") for one in tool.cited(text)]

    def ended(self) -> bool:
        """Whether a tool has ended the turn."""
        return self.stopped

    def seal(self, item_id: str, texts: Sequence[str]) -> str:
        """Return the encrypted_content of an item."""
        return self.world.sealer.seal(item_id, texts)

    def thought(self, item_id: str, tokens: int) -> None:
        """Remember what a reasoning item cost, for the turns that read it again."""
        self.world.store.thoughts.keep(item_id, tokens)
