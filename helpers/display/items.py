"""One card for every kind of item that a response or its input is made of.

Item types: openai 3.57.0, `openai.types.responses.ResponseOutputItem` and `ResponseInputItemParam`. A type that is not
known here is shown as its JSON, so nothing is ever missing.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from helpers.display.blocks import Block, Card, Cell, Code, Fold, Inline, Line, Mono, Prose, Strong, Table
from helpers.display.messages import message
from helpers.display.pictures import picture
from helpers.display.shapes import Item, mapping, mappings, parsed, pretty, shortened
from helpers.display.text import count, cut, one_line

_LONG = 400  # characters; more than this folds
_CAP = 4_000  # characters; no tool result fills a notebook


def cards(items: Sequence[Item]) -> list[Block]:
    """The items in order. A tool call and its output (same `call_id`) share a card when both are there."""
    outputs = {str(i["call_id"]): i for i in items if _is_output(i) and i.get("call_id")}
    calls = {str(i["call_id"]) for i in items if not _is_output(i) and i.get("call_id")}
    apart = [i for i in items if not (_is_output(i) and str(i.get("call_id")) in calls)]
    return [card(item, None if _is_output(item) else outputs.get(str(item.get("call_id")))) for item in apart]


def card(item: Item, output: Item | None = None) -> Block:
    """One item, with the output that belongs to it."""
    kind = one_line(item.get("type") or ("message" if "role" in item else "item"))
    if kind == "message":
        return message(item)
    make = _CARDS.get(kind)
    if make is None and kind.endswith("_output"):
        make = _output
    name, body = make(item) if make else ("", [_json(item)])
    head: list[Inline] = [Strong(kind)]
    if name:
        head += [" ", Mono(one_line(name))]
    head += _state(item)
    if output is not None:
        body = [*body, Line(["→ ", Strong(str(output.get("type"))), *_state(output)]), *_output(output)[1]]
    return Card(head, body)


def _is_output(item: Item) -> bool:
    return str(item.get("type", "")).endswith("_call_output")


def _state(item: Item) -> list[Inline]:
    """What is worth a word beside the type: a status that is not the usual one, and the id that pairs it."""
    parts: list[Inline] = []
    status = item.get("status")
    if status and status != "completed":
        parts += [" · ", Strong(one_line(status)) if status in ("failed", "incomplete") else one_line(status)]
    if item.get("call_id"):
        parts += [" · ", Mono(one_line(item["call_id"]))]
    return parts


Body = tuple[str, Sequence[Block]]


def long(text: str, what: str) -> Block:
    """Code or output, folded when it is long."""
    block = Code(cut(text, _CAP))
    lines = text.count("\n") + 1
    if len(text) <= _LONG and lines <= 12:
        return block
    return Fold(f"{what}, {count(lines, 'line')}, {count(len(text), 'character')}", [block])


def _json(value: object, what: str = "as JSON") -> Block:
    return long(pretty(shortened(parsed(value), _CAP)), what)


def _error(error: object) -> Block:
    words = error.get("message", pretty(error)) if isinstance(error, Mapping) else str(error)
    return Line([Strong("error"), " ", cut(str(words), _CAP)])


def _reasoning(item: Item) -> Body:
    texts = [str(p.get("text", "")) for p in [*mappings(item, "summary"), *mappings(item, "content")]]
    blocks: list[Block] = []
    if texts:
        blocks.append(Fold("summary", [Prose(cut("\n\n".join(texts), _CAP))], opened=sum(map(len, texts)) <= _LONG))
    if item.get("encrypted_content"):
        blocks.append(_sealed(item))
    return "", blocks or [Line("no summary: the request did not ask for one, or the model gave none", quiet=True)]


def _sealed(item: Item) -> Block:
    length = len(str(item.get("encrypted_content") or ""))
    return Line(f"encrypted_content: {length:,} characters that only the service can read", quiet=True)


def _function_call(item: Item) -> Body:
    return str(item.get("name", "")), [_json(item.get("arguments", ""), "arguments")]


def _custom_tool_call(item: Item) -> Body:
    return str(item.get("name", "")), [long(str(item.get("input", "")), "input")]


def _output(item: Item) -> Body:
    output = item.get("output", item.get("result"))
    if isinstance(output, list):
        return "", [_part(part) for part in output if isinstance(part, Mapping)]
    if isinstance(output, Mapping) and "image_url" in output:
        return "", [picture(str(output["image_url"]), "screenshot")]
    return "", [_json(output if output is not None else {}, "output")]


def _part(part: Mapping[str, Any]) -> Block:
    """One part of a tool's output: text, a picture, a file, or what a shell printed."""
    if "stdout" in part or "stderr" in part:
        code = mapping(part, "outcome").get("exit_code")
        text = f"{part.get('stdout') or ''}{part.get('stderr') or ''}" + (f"\nexit code {code}" if code else "")
        return long(text, "printed")
    if part.get("image_url"):
        return picture(str(part["image_url"]), "picture")
    return long(str(part["text"]), "output") if "text" in part else _json(part)


def _code(item: Item) -> Body:
    blocks: list[Block] = [long(str(item.get("code") or ""), "code")] if item.get("code") else []
    for output in mappings(item, "outputs"):
        if output.get("type") == "image":
            blocks.append(picture(str(output.get("url", "")), "picture made by the code"))
        else:
            blocks += [Line("printed", quiet=True), long(str(output.get("logs", "")), "printed")]
    if item.get("outputs") is None:
        blocks.append(Line('what it printed comes with include=["code_interpreter_call.outputs"]', quiet=True))
    return str(item.get("container_id") or ""), blocks


def _mcp_list_tools(item: Item) -> Body:
    if item.get("error"):
        return str(item.get("server_label", "")), [_error(item["error"])]
    tools = mappings(item, "tools")
    rows: list[Sequence[Cell]] = [
        [Mono(one_line(t.get("name", ""))), one_line(t.get("description") or "", 160)] for t in tools[:50]
    ]
    table = Table(["tool", "description"], rows)
    return str(item.get("server_label", "")), [Fold(count(len(tools), "tool"), [table], opened=len(tools) <= 5)]


def _mcp_call(item: Item) -> Body:
    blocks: list[Block] = [_json(item.get("arguments", ""), "arguments")]
    if item.get("error"):
        blocks.append(_error(item["error"]))
    if item.get("output") is not None:
        blocks += [Line("→ output", quiet=True), _json(item["output"], "output")]
    return _mcp_name(item), blocks


def _mcp_name(item: Item) -> str:
    return f"{item.get('server_label', '')}.{item.get('name', '')}"


def _mcp_approval_request(item: Item) -> Body:
    asks = Line(
        ["waits for an ", Mono("mcp_approval_response"), " to ", Mono(one_line(item.get("id", "")))], quiet=True
    )
    return _mcp_name(item), [_json(item.get("arguments", ""), "arguments"), asks]


def _mcp_approval_response(item: Item) -> Body:
    verdict = "approved" if item.get("approve") else "denied"
    reason = f": {one_line(item['reason'], 200)}" if item.get("reason") else ""
    return str(item.get("approval_request_id", "")), [Line([Strong(verdict), reason])]


def _image(item: Item) -> Body:
    if item.get("error"):
        return "", [_error(item["error"])]
    if not item.get("result"):
        return "", [Line("no picture yet", quiet=True)]
    alt = one_line(item.get("revised_prompt") or "generated picture", 300)
    kind = str(item.get("output_format") or "png")
    settings = " · ".join(str(item[k]) for k in ("size", "quality", "background") if item.get(k))
    return "", [picture(f"data:image/{kind};base64,{item['result']}", alt), Line(one_line(settings, 120), quiet=True)]


def _computer(item: Item) -> Body:
    actions = mappings(item, "actions") or ([mapping(item, "action")] if item.get("action") else [])
    rows: list[Sequence[Cell]] = []
    for action in actions:
        rest = {k: v for k, v in action.items() if k != "type"}
        rows.append([Mono(one_line(action.get("type", ""))), Mono(one_line(pretty(rest), 200)) if rest else ""])
    blocks: list[Block] = [Table(["action", "with"], rows)]
    for check in mappings(item, "pending_safety_checks"):
        blocks.append(Line([Strong("safety check"), " ", one_line(check.get("message") or check.get("code"), 300)]))
    return "", blocks


def _search(item: Item) -> Body:
    action = mapping(item, "action")
    single = [action[key] for key in ("query", "url", "pattern") if action.get(key)]
    several = item.get("queries") or action.get("queries")
    asked = several if isinstance(several, list) else single
    verb = one_line(action.get("type", "searched"))
    blocks: list[Block] = [Line([verb, ": ", Mono(one_line(words, 200))]) for words in asked[:10]]
    hits = mappings(item, "results")
    if hits:
        table = Table(["file", "score", "text"], [_hit(hit) for hit in hits[:20]], numbers=[1])
        blocks.append(Fold(count(len(hits), "result"), [table]))
    return "", blocks


def _hit(hit: Mapping[str, Any]) -> list[str]:
    score = hit.get("score")
    rounded = f"{score:.2f}" if isinstance(score, int | float) else ""
    return [one_line(hit.get("filename", "")), rounded, one_line(hit.get("text", ""), 120)]


def _shell(item: Item) -> Body:
    commands = mapping(item, "action").get("commands") or mapping(item, "action").get("command")
    separator = "\n" if "commands" in mapping(item, "action") else " "
    text = separator.join(map(str, commands)) if isinstance(commands, list) else str(commands)
    return "", [long(text, "commands")]


def _patch(item: Item) -> Body:
    operation = mapping(item, "operation")
    return f"{operation.get('type', '')} {operation.get('path', '')}", [long(str(operation.get("diff") or ""), "diff")]


def _compaction(item: Item) -> Body:
    return "", [_sealed(item)]


_CARDS: dict[str, Callable[[Item], Body]] = {
    "reasoning": _reasoning,
    "function_call": _function_call,
    "custom_tool_call": _custom_tool_call,
    "tool_search_call": lambda item: ("", [_json(item.get("arguments") or {}, "arguments")]),
    "code_interpreter_call": _code,
    "mcp_list_tools": _mcp_list_tools,
    "mcp_call": _mcp_call,
    "mcp_approval_request": _mcp_approval_request,
    "mcp_approval_response": _mcp_approval_response,
    "image_generation_call": _image,
    "computer_call": _computer,
    "web_search_call": _search,
    "file_search_call": _search,
    "shell_call": _shell,
    "local_shell_call": _shell,
    "apply_patch_call": _patch,
    "compaction": _compaction,
}
