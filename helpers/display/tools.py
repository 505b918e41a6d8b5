"""What the service's own tools did: code that it ran, MCP, pictures, searches, computer actions, shells, patches.

Each function gives the name that stands in a card's head, and the blocks below it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from helpers.display.blocks import Block, Fold, Line
from helpers.display.folding import CAP, as_json, long
from helpers.display.inline import Cell, Mono, Strong
from helpers.display.pictures import picture
from helpers.display.shapes import Item, mapping, mappings, pretty
from helpers.display.tables import Table
from helpers.display.text import count, cut, one_line

Body = tuple[str, Sequence[Block]]


def code(item: Item) -> Body:
    """Code that was run, and what it printed where the request asked for it."""
    blocks: list[Block] = [long(str(item.get("code") or ""), "code")] if item.get("code") else []
    for output in mappings(item, "outputs"):
        if output.get("type") == "image":
            blocks.append(picture(str(output.get("url", "")), "picture made by the code"))
        else:
            blocks += [Line("printed", quiet=True), long(str(output.get("logs", "")), "printed")]
    if item.get("outputs") is None and item.get("status") == "completed":
        blocks.append(Line('what it printed comes with include=["code_interpreter_call.outputs"]', quiet=True))
    return str(item.get("container_id") or ""), blocks


def _error(error: object) -> Block:
    words = error.get("message", pretty(error)) if isinstance(error, Mapping) else str(error)
    return Line([Strong("error"), " ", cut(str(words), CAP)])


def tools_on_offer(item: Item) -> Body:
    """Tools that an MCP server offers, that a search found, or that a request added."""
    whose = str(item.get("server_label") or item.get("role") or "")
    if item.get("error"):
        return whose, [_error(item["error"])]
    tools = mappings(item, "tools")
    if not tools:
        return whose, [] if item.get("status") == "in_progress" else [Line("no tools", quiet=True)]
    table = Table(["tool", "description"], [_offer(tool) for tool in tools[:50]])
    return whose, [Fold(count(len(tools), "tool"), [table], opened=len(tools) <= 5)]


def _offer(tool: Mapping[str, Any]) -> Sequence[Cell]:
    inner = ", ".join(str(each.get("name")) for each in mappings(tool, "tools"))  # of a namespace
    name = tool.get("name") or tool.get("server_label") or tool.get("type") or ""
    schema = mapping(tool, "input_schema") or mapping(tool, "parameters")
    takes = f"({', '.join(map(str, mapping(schema, 'properties')))})" if schema else ""
    return [Mono(one_line(f"{name}{takes}", 100)), one_line(tool.get("description") or inner, 160)]


def mcp_call(item: Item) -> Body:
    """A call of an MCP tool with its output or error."""
    blocks: list[Block] = [as_json(item.get("arguments", ""), "arguments")]
    if item.get("error"):
        blocks.append(_error(item["error"]))
    if item.get("output") is not None:
        blocks += [Line("→ output", quiet=True), as_json(item["output"], "output")]
    return _mcp_name(item), blocks


def _mcp_name(item: Item) -> str:
    return f"{item.get('server_label', '')}.{item.get('name', '')}"


def mcp_approval_request(item: Item) -> Body:
    """An MCP tool that waits for a yes or no."""
    asks = Line(
        ["waits for an ", Mono("mcp_approval_response"), " to ", Mono(one_line(item.get("id", "")))], quiet=True
    )
    return _mcp_name(item), [as_json(item.get("arguments", ""), "arguments"), asks]


def mcp_approval_response(item: Item) -> Body:
    """The yes or no."""
    verdict = "approved" if item.get("approve") else "denied"
    reason = f": {one_line(item['reason'], 200)}" if item.get("reason") else ""
    return str(item.get("approval_request_id", "")), [Line([Strong(verdict), reason])]


def image(item: Item) -> Body:
    """A generated picture, as a thumbnail."""
    if item.get("error"):
        return "", [_error(item["error"])]
    if not item.get("result"):
        return "", [Line("no picture yet", quiet=True)]
    alt = one_line(item.get("revised_prompt") or "generated picture", 300)
    kind = str(item.get("output_format") or "png")
    settings = " · ".join(str(item[k]) for k in ("size", "quality", "background") if item.get(k))
    return "", [picture(f"data:image/{kind};base64,{item['result']}", alt), Line(one_line(settings, 120), quiet=True)]


def computer(item: Item) -> Body:
    """What a model wants to do on a screen."""
    actions = mappings(item, "actions") or ([mapping(item, "action")] if item.get("action") else [])
    rows: list[Sequence[Cell]] = []
    for action in actions:
        rest = {k: v for k, v in action.items() if k != "type"}
        rows.append([Mono(one_line(action.get("type", ""))), Mono(one_line(pretty(rest), 200)) if rest else ""])
    blocks: list[Block] = [Table(["action", "with"], rows)]
    for check in mappings(item, "pending_safety_checks"):
        blocks.append(Line([Strong("safety check"), " ", one_line(check.get("message") or check.get("code"), 300)]))
    return "", blocks


def search(item: Item) -> Body:
    """A search on the web or in files, with what it found."""
    action = mapping(item, "action")
    single = [action[key] for key in ("query", "url", "pattern") if action.get(key)]
    several = item.get("queries") or action.get("queries")
    asked = several if isinstance(several, list) else single
    verb = one_line(action.get("type", "searched"))
    blocks: list[Block] = [Line([verb, ": ", Mono(one_line(words, 200))]) for words in asked[:10]]
    sources = [one_line(source.get("url") or source.get("name"), 120) for source in mappings(action, "sources")]
    if sources:
        table = Table(["", "where"], [[f"[{n}]", Mono(where)] for n, where in enumerate(sources[:20], 1)])
        blocks.append(Fold(count(len(sources), "source"), [table]))
    hits = mappings(item, "results")
    if hits:
        table = Table(["file", "score", "text"], [_hit(hit) for hit in hits[:20]], numbers=[1])
        blocks.append(Fold(count(len(hits), "result"), [table]))
    return "", blocks


def _hit(hit: Mapping[str, Any]) -> list[str]:
    score = hit.get("score")
    rounded = f"{score:.2f}" if isinstance(score, int | float) else ""
    return [one_line(hit.get("filename", "")), rounded, one_line(hit.get("text", ""), 120)]


def shell(item: Item) -> Body:
    """Commands for a shell."""
    commands = mapping(item, "action").get("commands") or mapping(item, "action").get("command")
    separator = "\n" if "commands" in mapping(item, "action") else " "
    text = separator.join(map(str, commands)) if isinstance(commands, list) else str(commands)
    return "", [long(text, "commands")]


def patch(item: Item) -> Body:
    """A change to a file."""
    operation = mapping(item, "operation")
    return f"{operation.get('type', '')} {operation.get('path', '')}", [long(str(operation.get("diff") or ""), "diff")]
