"""The mcp tool: lists a server's tools, asks for approval, calls.

Items, events and their order as recorded (openai-dotnet MCPTool*, vercel/ai openai-mcp-tool-approval, pydantic-ai
mcp_server_tool_stream; 2025-09 to 2026-06). Several servers are listed one after the other; recordings show their
events interleaved. What a failed listing looks like in a stream is assumed from the SDK's types.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from .. import errors, failures, mcp_client, usage
from ..model import Hosted, Turn

if TYPE_CHECKING:
    from ..engine import Run, Timed
    from . import Toolbox


class Mcp:
    """Tools of remote MCP servers."""

    async def prepare(self, turn: Turn, run: Run, box: Toolbox) -> AsyncIterator[Timed]:
        """List what is not in the context yet, then make the calls that were just approved."""
        for tool in _servers(turn):
            if _listed(turn, tool["server_label"]) is None:
                async for timed in self._list(tool, turn, run, box):
                    yield timed
        for request in approved(turn.context):
            async for timed in self._call(request, turn, run, box):
                yield timed

    async def run(self, step: Hosted, turn: Turn, run: Run, box: Toolbox) -> AsyncIterator[Timed]:
        """Call a tool, or ask whether it may be called: then the turn ends here."""
        label, name = step.arguments["server"], step.arguments["name"]
        arguments = json.dumps(step.arguments.get("arguments") or {}, ensure_ascii=False, separators=(",", ":"))
        asked = {"arguments": arguments, "name": name, "server_label": label}
        server = next(tool for tool in _servers(turn) if tool["server_label"] == label)
        listed = next(one for one in _listed(turn, label) or [] if one["name"] == name)
        if not needs_approval(server.get("require_approval"), listed):
            async for timed in self._call({"id": None, **asked}, turn, run, box):
                yield timed
            return
        run.spend(8 + usage.count(name) + usage.count(arguments))
        item = {"id": run.new_id("mcp_approval_request"), "type": "mcp_approval_request", **asked}
        opened, event = run.added(item)
        yield event
        yield run.done(item, opened)
        box.stopped = True

    async def _list(self, tool: dict[str, Any], turn: Turn, run: Run, box: Toolbox) -> AsyncIterator[Timed]:
        label = tool["server_label"]
        item = {"id": run.new_id("mcp_list_tools"), "type": "mcp_list_tools", "server_label": label, "tools": []}
        opened, event = run.added(item)
        yield event
        yield run.inner("response.mcp_list_tools.in_progress", item["id"], opened)
        try:
            if box.failure == "mcp_unreachable":
                raise mcp_client.Unreachable(424)
            listed = await mcp_client.list_tools(mcp_client.Access.of(turn.request.secrets[label]))
        except mcp_client.Unreachable as failed:
            yield run.inner("response.mcp_list_tools.failed", item["id"], opened)
            message = f"Error retrieving tool list from MCP server: '{label}'. Http status code: {failed.words()}"
            message += f" {failed.note}" if failed.note else ""
            yield run.done({**item, "error": message}, opened)
            # As reported (field notes 61; its members by users of OpenAI's service, 2026).
            raise failures.Failed(
                "external_connector_error", "http_error", message, status=424, param="tools"
            ) from None
        yield run.inner("response.mcp_list_tools.completed", item["id"], opened)
        listed = [one for one in listed if is_allowed(tool.get("allowed_tools"), one)]
        yield run.done({**item, "tools": listed}, opened)
        turn.input_tokens += usage.item_tokens({"type": "mcp_list_tools", "tools": listed})

    async def _call(self, request: dict[str, Any], turn: Turn, run: Run, box: Toolbox) -> AsyncIterator[Timed]:
        """Make a call; `request` is an approval request, or has its members and no id."""
        label, name, arguments = request["server_label"], request["name"], request["arguments"]
        item = {
            "id": run.new_id("mcp_call"),
            "type": "mcp_call",
            "status": "in_progress",
            "approval_request_id": request["id"],
            "arguments": "",
            "error": None,
            "name": name,
            "output": None,
            "server_label": label,
        }
        opened, event = run.added(item)
        yield event
        yield run.inner("response.mcp_call.in_progress", item["id"], opened)
        yield run.inner("response.mcp_call_arguments.delta", item["id"], opened, delta=arguments)
        yield run.inner("response.mcp_call_arguments.done", item["id"], opened, arguments=arguments)
        if request["id"] is None:
            run.spend(8 + usage.count(name) + usage.count(arguments))
        if box.failure == "mcp_unreachable":
            answer = mcp_client.Answer(error={"type": "http_error", "code": 424, "message": "Failed Dependency"})
        else:
            access = mcp_client.Access.of(turn.request.secrets[label])
            answer = await mcp_client.call(access, name, _arguments(arguments))
        ended = "completed" if answer.error is None else "failed"
        yield run.inner(f"response.mcp_call.{ended}", item["id"], opened)
        item = {**item, "status": ended, "arguments": arguments, "error": answer.error, "output": answer.output}
        yield run.done(item, opened)
        turn.input_tokens += usage.item_tokens(item) + usage.count(answer.output or json.dumps(answer.error))


def notice(secrets: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Return a header that says which servers the live service could not reach: those on this machine."""
    local = [(label, access.url) for label, one in secrets.items() if (access := mcp_client.Access.of(one)).local]
    words = [
        f"{label}: the live service cannot reach {mcp_client.shown_url(url)}, as it connects from Azure."
        for label, url in local
    ]
    return {"x-simulator-notice": " ".join(words)} if words else {}


def _servers(turn: Turn) -> list[dict[str, Any]]:
    return [tool for tool in turn.request.tools if tool["type"] == "mcp"]


def _listed(turn: Turn, label: str) -> list[dict[str, Any]] | None:
    """Return the tools of a server as they were listed, in this turn or before; None where they were not."""
    for item in (*reversed(turn.output), *reversed(turn.context)):
        if item["type"] == "mcp_list_tools" and item.get("server_label") == label:
            return [tool for tool in item.get("tools") or [] if isinstance(tool, dict) and tool.get("name")]
    return None


def on_offer(turn: Turn) -> list[tuple[str, dict[str, Any]]]:
    """Return (server_label, tool) for every MCP tool that the model may call now."""
    choice = turn.request.tool_choice
    only = choice.get("name") if isinstance(choice, dict) and choice["type"] == "mcp" else None
    return [
        (tool["server_label"], one)
        for tool in turn.tools
        if tool["type"] == "mcp"
        for one in _listed(turn, tool["server_label"]) or []
        if is_allowed(tool.get("allowed_tools"), one) and only in (None, one["name"])
    ]


def is_allowed(allowed: Any, tool: dict[str, Any]) -> bool:
    """Whether `allowed_tools` (a list of names, a filter, or nothing) lets the model see this tool."""
    if isinstance(allowed, list):
        return tool["name"] in allowed
    return allowed is None or _matches(allowed, tool)


def needs_approval(rule: Any, tool: dict[str, Any]) -> bool:
    """Whether `require_approval` asks before this tool is called.

    "always" is the default. A filter form: what `never` names is not asked for, what `always` names is; a tool that
    neither names is asked for where only `never` is given (recorded), and not where only `always` is (assumed).
    """
    if isinstance(rule, dict):
        if rule.get("never") is not None and _matches(rule["never"], tool):
            return False
        if rule.get("always") is not None:
            return _matches(rule["always"], tool) or rule.get("never") is not None
        return True
    return bool(rule != "never")


def _matches(given: dict[str, Any], tool: dict[str, Any]) -> bool:
    names, read_only = given.get("tool_names"), given.get("read_only")
    if names is None and read_only is None:
        return False  # a filter that names nothing, or names it by another word, is none
    hint = bool((tool.get("annotations") or {}).get("read_only"))
    return (names is None or tool["name"] in names) and (read_only is None or read_only == hint)


def _arguments(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (TypeError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


# -- approvals in the context ------------------------------------------------------------------------------------------


def approved(context: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the approval requests that were approved and whose call has not been made."""
    requests = {item["id"]: item for item in context if item["type"] == "mcp_approval_request"}
    made = {item.get("approval_request_id") for item in context if item["type"] == "mcp_call"}
    return [
        requests[item["approval_request_id"]]
        for item in context
        if item["type"] == "mcp_approval_response" and item["approve"] and item["approval_request_id"] not in made
    ]


def decisions(context: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the approval responses that came last: nobody but the user has said anything since."""
    found: list[dict[str, Any]] = []
    for item in reversed(context):
        if item["type"] == "mcp_approval_response":
            found.append(item)
        elif not (item["type"] == "message" and item.get("role") == "user"):
            break
    return found[::-1]


def denied(context: list[dict[str, Any]]) -> list[tuple[dict[str, Any], str]]:
    """Return (approval request, reason) for each denial among the last decisions."""
    requests = {item["id"]: item for item in context if item["type"] == "mcp_approval_request"}
    return [
        (requests[item["approval_request_id"]], item.get("reason") or "")
        for item in decisions(context)
        if not item["approve"]
    ]


def check(context: list[dict[str, Any]], tools: list[dict[str, Any]]) -> None:
    """Refuse approvals of nothing, and going on without an answer to an approval request; raises ApiError."""
    requests = {item.get("id"): item for item in context if item["type"] == "mcp_approval_request"}
    answered: set[str] = set()
    for item in context:
        if item["type"] != "mcp_approval_response":
            continue
        number = item["approval_request_id"]
        if number not in requests:  # the words are assumed
            raise errors.invalid(f"Approval request with id '{number}' not found.", "input", None)
        if number in answered:  # assumed
            raise errors.invalid(f"Approval request with id '{number}' already has a response.", "input", None)
        answered.add(number)
    # As reported for Azure and OpenAI, when a follow-up leaves an approval request unanswered.
    if unanswered := [number for number in requests if number not in answered]:
        raise errors.invalid(
            f"The following MCP approval requests do not have an approval: {', '.join(map(str, unanswered))}",
            "input",
            None,
        )
    for request in requests.values():  # handed back by the caller, it may be anything
        for member in ("arguments", "name", "server_label"):
            if not isinstance(request.get(member), str):
                raise errors.missing(f"input.{member}")
    labels = {tool["server_label"] for tool in tools if tool["type"] == "mcp"}
    for request in approved(context):
        if request["server_label"] not in labels:  # assumed: a server's URL and token are kept by nobody
            raise errors.invalid(
                f"MCP server '{request['server_label']}' not found in 'tools'. Send the mcp tool again with the "
                "approval: its URL and its headers are not stored.",
                "tools",
                None,
            )
