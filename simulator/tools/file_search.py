"""The file_search tool: finds passages in vector stores.

Item, events, results and citation as recorded (openai-dotnet FileSearch, pydantic-ai file_search_tool*; 2025-11 to
2026-02).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from .. import usage, vector_stores
from ..model import Hosted, Source, Turn

if TYPE_CHECKING:
    from ..engine import Run, Timed
    from . import Toolbox

SECONDS = 0.4  # that a search takes


class FileSearch:
    """Search in the vector stores that the tool names."""

    async def prepare(self, turn: Turn, run: Run, box: Toolbox) -> AsyncIterator[Timed]:
        """Nothing happens before the model speaks."""
        events: list[Timed] = []
        for timed in events:
            yield timed

    async def run(self, step: Hosted, turn: Turn, run: Run, box: Toolbox) -> AsyncIterator[Timed]:
        """Carry out {"query"} or {"queries"}."""
        tool = next(one for one in turn.tools if one["type"] == "file_search")
        queries = step.arguments.get("queries") or [step.arguments["query"]]
        item: dict[str, Any] = {
            "id": run.new_id("file_search_call"),
            "type": "file_search_call",
            "status": "in_progress",
            "queries": [],
            "results": None,
        }
        opened, event = run.added(item)
        yield event
        yield run.inner("response.file_search_call.in_progress", item["id"], opened)
        yield run.inner("response.file_search_call.searching", item["id"], opened)
        held = box.world.store.table("vector_stores")
        vector_stores.settle(box.world)
        stores = [held[store_id] for store_id in tool["vector_store_ids"] if store_id in held]
        found = vector_stores.results(stores, queries, tool, default=20)
        run.wait(SECONDS)
        yield run.inner("response.file_search_call.completed", item["id"], opened)
        turn.found += [Source(one["text"], file_id=one["file_id"], filename=one["filename"]) for one in found]
        turn.input_tokens += sum(usage.count(one["text"]) for one in found)
        run.spend(12 + sum(usage.count(query) for query in queries))
        box.world.store.included.keep(item["id"], "file_search_call.results", found)
        shown = found if "file_search_call.results" in turn.request.include else None
        yield run.done({**item, "status": "completed", "queries": queries, "results": shown}, opened)
