"""The web_search tool: searches an invented web of local pages, opens them, looks for words in them.

Items and events as recorded (openai-dotnet WebSearchCall*, fantasy TestOpenAIWebSearch, prism mixed actions; 2026-01 to
2026-08). The pages are those of data/samples; nothing leaves the machine. How much `search_context_size` and
`user_location` change is ours: the service does not say.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .. import documents, usage
from ..documents import Document
from ..model import Hosted, Source, Turn

if TYPE_CHECKING:
    from ..engine import Run, Timed
    from . import Toolbox

_SOURCES = {"low": 2, "medium": 4, "high": 8}  # pages that one search finds
_NEARER = 1.2  # what being from the user's country is worth
SECONDS = 0.6  # that a search takes


class WebSearch:
    """Search, open_page, find_in_page."""

    async def prepare(self, turn: Turn, run: Run, box: Toolbox) -> AsyncIterator[Timed]:
        """Nothing happens before the model speaks."""
        events: list[Timed] = []
        for timed in events:
            yield timed

    async def run(self, step: Hosted, turn: Turn, run: Run, box: Toolbox) -> AsyncIterator[Timed]:
        """Carry out {"query"} or {"queries"}, {"open": url}, or {"find": words, "in": url}."""
        tool = next(one for one in turn.tools if one["type"].startswith("web_search"))
        item: dict[str, Any] = {
            "id": run.new_id("web_search_call"),
            "type": "web_search_call",
            "status": "in_progress",
            "action": {"type": "search"},
        }
        opened, event = run.added(item)
        yield event
        yield run.inner("response.web_search_call.in_progress", item["id"], opened)
        yield run.inner("response.web_search_call.searching", item["id"], opened)
        action, found = _act(step.arguments, tool)
        if action["type"] == "search":
            used = run.body["tool_usage"]
            count = used["web_search"]["num_requests"] + 1
            run.body["tool_usage"] = {**used, "web_search": {"num_requests": count}}
            sources = [{"type": "url", "url": source.url} for source in found]
            box.world.store.included.keep(item["id"], "web_search_call.action.sources", sources)
            if "web_search_call.action.sources" in turn.request.include:
                action["sources"] = sources
        status = "completed" if found or action["type"] == "search" else "failed"  # failed: assumed
        if tool["type"].startswith("web_search_preview") and "content_filters" in run.body:
            status = "searching"  # as recorded on Azure, 2025-11: without .completed, and it stays so
        else:
            run.wait(SECONDS)
            yield run.inner("response.web_search_call.completed", item["id"], opened)
        turn.found += found
        turn.input_tokens += sum(usage.count(source.text) for source in found)
        query = step.arguments.get("query") or " ".join(map(str, step.arguments.values()))
        run.spend(12 + usage.count(str(query)))
        yield run.done({**item, "status": status, "action": action}, opened)


def _act(arguments: dict[str, Any], tool: dict[str, Any]) -> tuple[dict[str, Any], list[Source]]:
    """Return the action of the item, and what it gave."""
    if url := arguments.get("open"):
        page = _page(url, tool)
        return {"type": "open_page", "url": url}, [_source(page, page.text)] if page else []
    if pattern := arguments.get("find"):
        page = _page(arguments["in"], tool)
        found = _lines(page, pattern) if page else []
        action = {"type": "find_in_page", "pattern": pattern, "url": arguments["in"]}
        return action, [_source(page, line) for line in found] if page else []
    queries = arguments.get("queries") or [arguments["query"]]
    return {"type": "search", "queries": queries, "query": queries[0]}, search(queries, tool)


def search(queries: list[str], tool: dict[str, Any]) -> list[Source]:
    """Return the pages that answer, best first, each with the passage that does."""
    best: dict[str, tuple[float, Source]] = {}
    country = (tool.get("user_location") or {}).get("country")
    pieces = [(page, piece) for page in pages() if _allowed(page, tool) for piece in documents.passages(page.text)]
    for query in queries:
        for found in documents.rank(query, [f"{page.title}\n{piece}" for page, piece in pieces]):
            page, piece = pieces[found.index]
            score = found.score * (_NEARER if country and page.country == country else 1.0)
            if score > best.get(page.url, (0.0, None))[0]:
                best[page.url] = (score, _source(page, piece))
    ordered = sorted(best.values(), key=lambda one: (-one[0], one[1].url))
    return [source for _, source in ordered[: _SOURCES[tool.get("search_context_size") or "medium"]]]


def pages() -> list[Document]:
    """Return the web: its invented sites, the operator's public site, and pages of Microsoft Learn."""
    public = [page for page in documents.folder("docs") if urlsplit(page.url).hostname == "www.bikes.example"]
    return [*documents.folder("web"), *public, *documents.folder("learn")]


def known_url(text: str) -> str | None:
    """Return the first URL in a text that leads to a page of this web."""
    urls = (url.rstrip(".,;:!?)\"'") for url in re.findall(r"https?://\S+", text))
    return next((url for url in urls if _page(url, {})), None)


def _page(url: str, tool: dict[str, Any]) -> Document | None:
    wanted = url.partition("#")[0].rstrip("/")
    return next((page for page in pages() if page.url == wanted and _allowed(page, tool)), None)


def _allowed(page: Document, tool: dict[str, Any]) -> bool:
    """Whether the tool's filters let a page be found: domains stand for their subdomains too."""
    filters = tool.get("filters") or {}
    host = urlsplit(page.url).hostname or ""

    def among(domains: list[str]) -> bool:
        return any(host == domain.lower() or host.endswith(f".{domain.lower()}") for domain in domains)

    allowed, blocked = filters.get("allowed_domains"), filters.get("blocked_domains")
    return (not allowed or among(allowed)) and not (blocked and among(blocked))


def _lines(page: Document, pattern: str) -> list[str]:
    return [line.strip() for line in page.text.splitlines() if pattern.lower() in line.lower()]


def _source(page: Document, text: str) -> Source:
    return Source(text, url=page.url, title=page.title)
