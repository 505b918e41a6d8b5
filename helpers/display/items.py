"""One card for every kind of item that a response or its input is made of.

Item types: openai 3.57.0, `openai.types.responses.ResponseOutputItem` and `ResponseInputItemParam`. A type that is not
known here is shown as its JSON, so nothing is ever missing.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from helpers.display import tools
from helpers.display.blocks import Block, Card, Fold, Line, Prose
from helpers.display.folding import CAP, LONG, as_json, long
from helpers.display.inline import Inline, Mono, Strong
from helpers.display.messages import message
from helpers.display.pictures import picture
from helpers.display.shapes import Item, mapping, mappings
from helpers.display.text import cut, one_line

Body = tools.Body


def cards(items: Sequence[Item]) -> list[Block]:
    """The items in order. A call and its output (same `call_id`), a request and its approval share a card."""
    outputs: dict[str, list[Item]] = {_pair(item): [] for item in items if not _is_output(item) and _pair(item)}
    apart: list[Item] = []
    for item in items:
        under = outputs.get(_pair(item)) if _is_output(item) else None
        (apart if under is None else under).append(item)
    return [card(i, () if _is_output(i) else outputs.pop(_pair(i), ())) for i in apart]


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
        kind = one_line(output.get("type"))
        body = [*body, Line(["→ ", Strong(kind), *_state(output)]), *_CARDS.get(kind, _output)(output)[1]]
    return Card(head, body)


def _is_output(item: Item) -> bool:
    return str(item.get("type")).endswith(("_output", "_approval_response"))


def _pair(item: Item) -> str:
    """What a call and its output have in common; empty where nothing can follow."""
    by_id = item.get("id") if item.get("type") == "mcp_approval_request" else None
    return str(item.get("call_id") or item.get("approval_request_id") or by_id or "")


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
    if not blocks and item.get("status") != "in_progress":
        blocks.append(Line("no summary: the request did not ask for one, or the model gave none", quiet=True))
    return "", blocks


def _sealed(item: Item) -> Block:
    length = len(str(item.get("encrypted_content") or ""))
    return Line(f"encrypted_content: {length:,} characters that only the service can read", quiet=True)


def _name(item: Item) -> str:
    return ".".join(str(item[key]) for key in ("namespace", "name") if item.get(key))


def _function_call(item: Item) -> Body:
    return _name(item), [as_json(item.get("arguments", ""), "arguments")]


def _custom_tool_call(item: Item) -> Body:
    return _name(item), [long(str(item.get("input", "")), "input")]


def _output(item: Item) -> Body:
    output = item.get("output", item.get("result"))
    if output is None:
        rest = {key: value for key, value in item.items() if key not in _IN_THE_HEAD and value is not None}
        return "", [as_json(rest)] if rest else []
    if isinstance(output, list):
        return "", [_part(part) for part in output if isinstance(part, Mapping)]
    if isinstance(output, Mapping) and "image_url" in output:
        checks = [one_line(check.get("code")) for check in mappings(item, "acknowledged_safety_checks")]
        said = [Line(f"acknowledged: {', '.join(checks)}", quiet=True)] if checks else []
        return "", [picture(str(output["image_url"]), "screenshot"), *said]
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


_IN_THE_HEAD = ("id", "type", "call_id", "status", "created_by")

_CARDS: dict[str, Callable[[Item], Body]] = {
    "reasoning": _reasoning,
    "function_call": _function_call,
    "custom_tool_call": _custom_tool_call,
    "program": lambda item: ("", [long(str(item.get("code") or ""), "code")]),
    "tool_search_call": lambda item: ("", [as_json(item.get("arguments") or {}, "arguments")]),
    "tool_search_output": tools.tools_on_offer,
    "additional_tools": tools.tools_on_offer,
    "code_interpreter_call": tools.code,
    "mcp_list_tools": tools.tools_on_offer,
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
    "compaction": lambda item: ("", [_sealed(item)]),
}
