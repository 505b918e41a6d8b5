"""One card for every kind of item that a response or its input is made of.

Item types: openai 3.57.0, `openai.types.responses.ResponseOutputItem` and `ResponseInputItemParam`. A type that is not
known here is shown as its JSON, so nothing is ever missing.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from helpers.display import tools
from helpers.display.blocks import Block, Card, Fold, Inline, Line, Mono, Prose, Strong
from helpers.display.folding import CAP, LONG, as_json, long
from helpers.display.messages import message
from helpers.display.pictures import picture
from helpers.display.shapes import Item, mapping, mappings
from helpers.display.text import cut, one_line

Body = tools.Body


def cards(items: Sequence[Item]) -> list[Block]:
    """The items in order. A tool call and its output (same `call_id`) share a card when both are there."""
    calls = {str(i["call_id"]) for i in items if not _is_output(i) and i.get("call_id")}
    outputs: dict[str, list[Item]] = {call_id: [] for call_id in calls}
    apart: list[Item] = []
    for item in items:
        under = outputs.get(str(item.get("call_id"))) if _is_output(item) else None
        (apart if under is None else under).append(item)
    return [card(i, () if _is_output(i) else outputs.pop(str(i.get("call_id")), ())) for i in apart]


def card(item: Item, outputs: Sequence[Item] = ()) -> Block:
    """One item, with the outputs that belong to it."""
    kind = one_line(item.get("type") or ("message" if "role" in item else "item"))
    if kind == "message":
        return message(item)
    make = _CARDS.get(kind)
    if make is None and kind.endswith("_output"):
        make = _output
    name, body = make(item) if make else ("", [as_json(item)])
    head: list[Inline] = [Strong(kind)]
    if name:
        head += [" ", Mono(one_line(name))]
    head += _state(item)
    for output in outputs:
        body = [*body, Line(["→ ", Strong(one_line(output.get("type"))), *_state(output)]), *_output(output)[1]]
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


def _reasoning(item: Item) -> Body:
    texts = [str(p.get("text", "")) for p in [*mappings(item, "summary"), *mappings(item, "content")]]
    blocks: list[Block] = []
    if texts:
        blocks.append(Fold("summary", [Prose(cut("\n\n".join(texts), CAP))], opened=sum(map(len, texts)) <= LONG))
    if item.get("encrypted_content"):
        blocks.append(_sealed(item))
    return "", blocks or [Line("no summary: the request did not ask for one, or the model gave none", quiet=True)]


def _sealed(item: Item) -> Block:
    length = len(str(item.get("encrypted_content") or ""))
    return Line(f"encrypted_content: {length:,} characters that only the service can read", quiet=True)


def _function_call(item: Item) -> Body:
    return str(item.get("name", "")), [as_json(item.get("arguments", ""), "arguments")]


def _custom_tool_call(item: Item) -> Body:
    return str(item.get("name", "")), [long(str(item.get("input", "")), "input")]


def _output(item: Item) -> Body:
    output = item.get("output", item.get("result"))
    if output is None:
        return "", [
            as_json({key: value for key, value in item.items() if key not in ("id", "type", "call_id", "status")})
        ]
    if isinstance(output, list):
        return "", [_part(part) for part in output if isinstance(part, Mapping)]
    if isinstance(output, Mapping) and "image_url" in output:
        return "", [picture(str(output["image_url"]), "screenshot")]
    return "", [as_json(output, "output")]


def _part(part: Mapping[str, Any]) -> Block:
    """One part of a tool's output: text, a picture, a file, or what a shell printed."""
    if "stdout" in part or "stderr" in part:
        code = mapping(part, "outcome").get("exit_code")
        text = f"{part.get('stdout') or ''}{part.get('stderr') or ''}" + (f"\nexit code {code}" if code else "")
        return long(text, "printed")
    if part.get("image_url"):
        return picture(str(part["image_url"]), "picture")
    return long(str(part["text"]), "output") if "text" in part else as_json(part)


def _compaction(item: Item) -> Body:
    return "", [_sealed(item)]


_CARDS: dict[str, Callable[[Item], Body]] = {
    "reasoning": _reasoning,
    "function_call": _function_call,
    "custom_tool_call": _custom_tool_call,
    "tool_search_call": lambda item: ("", [as_json(item.get("arguments") or {}, "arguments")]),
    "code_interpreter_call": tools.code,
    "mcp_list_tools": tools.mcp_list_tools,
    "mcp_call": tools.mcp_call,
    "mcp_approval_request": tools.mcp_approval_request,
    "mcp_approval_response": tools.mcp_approval_response,
    "image_generation_call": tools.image,
    "computer_call": tools.computer,
    "web_search_call": tools.search,
    "file_search_call": tools.search,
    "shell_call": tools.shell,
    "local_shell_call": tools.shell,
    "apply_patch_call": tools.patch,
    "compaction": _compaction,
}
