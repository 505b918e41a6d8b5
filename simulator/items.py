"""Items: checks those of a request, and makes those of an answer."""

from __future__ import annotations

import copy
import json
from typing import Any

from openai.types.responses.response_input_content_param import ResponseInputContentParam
from openai.types.responses.response_input_item_param import ResponseInputItemParam
from openai.types.responses.response_output_refusal_param import ResponseOutputRefusalParam
from openai.types.responses.response_output_text_param import ResponseOutputTextParam

from . import errors, shapes
from .ids import ITEM_PREFIX

_ITEMS = shapes.members(ResponseInputItemParam)
_PARTS = shapes.members(ResponseInputContentParam)
_SAID = {"output_text": ResponseOutputTextParam, "refusal": ResponseOutputRefusalParam}
# As the service lists them (probed 2026-08-30): it has kinds that the SDK does not, and does not say one that it has.
_KINDS = sorted(
    {"message", "agent_message", "multi_agent_call", "multi_agent_call_output", *_ITEMS} - {"configuration_update"}
)
_ANY_PART = ("input_text", "input_image", "input_audio", "output_text", "refusal", "input_file", "computer_screenshot",
             "summary_text", "encrypted_content")  # fmt: skip
_GIVEN = ("input_text", "input_image", "input_file", "scoped_content", "input_audio")
_WORDS = {"status": ("in_progress", "completed", "incomplete"), "phase": ("commentary", "final_answer")}
_ROLES = ("assistant", "system", "developer", "user")
_OUTPUTS = {
    "function_call_output",
    "custom_tool_call_output",
    "computer_call_output",
    "shell_call_output",
    "local_shell_call_output",
    "apply_patch_call_output",
    "mcp_approval_response",
    "tool_search_output",
}

# Handed back as they were received, these are taken as they are, if they are complete (assumed): their parameter types
# are narrower than what the service itself sends (recorded: web search actions without a query, members newer than the
# SDK).
_MADE_BY_THE_SERVICE = {
    *("file_search_call", "web_search_call", "computer_call", "code_interpreter_call", "image_generation_call"),
    *("mcp_list_tools", "mcp_call", "mcp_approval_request", "local_shell_call", "shell_call", "apply_patch_call"),
    *("tool_search_call", "program", "program_output"),
}
_FREE = {"action", "error"}  # of any shape: mcp_call's error was a string in 2025
# What they may lack all the same: web searches come without an action too, and clients leave these out.
_MAY_LACK = {"id", "status", "type", "action", "pending_safety_checks"}
# What a caller may leave the status out of, while lists of items have it.
_WITH_STATUS = {
    *("function_call", "function_call_output", "custom_tool_call", "custom_tool_call_output", "computer_call_output"),
    *("shell_call", "shell_call_output", "apply_patch_call", "apply_patch_call_output"),
    *("tool_search_call", "tool_search_output"),
}
# The item types that the service answers with and without a status (grammar of recorded streams).
WITHOUT_STATUS = {"reasoning", "mcp_list_tools", "mcp_approval_request", "compaction"}


def read(item: Any, param: str) -> dict[str, Any]:
    """Return an item of a request in its stored form (content as a list of parts); raises ApiError."""
    if not isinstance(item, dict):
        raise errors.invalid_type(param, "an input item", item)
    kind = item.get("type")
    if kind is None:
        kind = "item_reference" if set(item) == {"id"} else "message"
    if kind == "message":
        return _read_message(item, param)
    shape = _ITEMS.get(kind) if isinstance(kind, str) else None
    if shape is None:
        raise errors.invalid_value(kind if isinstance(kind, str) else "", _KINDS, param)
    given = {key: value for key, value in item.items() if not (value is None and key in ("id", "status"))}
    given["type"] = kind
    own = given.get("id")
    if isinstance(own, str):
        errors.check_id(own, f"{param}.id", ITEM_PREFIX.get(kind))
    if kind == "file_search_call" and own is None:  # as reported, while web searches may come without (OpenAI, 2025-10)
        raise errors.missing(f"{param}.id")
    if kind not in _MADE_BY_THE_SERVICE:
        shapes.check(_for_check(given), shape, param)
    else:
        shapes.check_known(given, shape, param, free=_FREE)
        for name in shapes.required(shape):
            if given.get(name) is None and name not in _MAY_LACK:
                raise errors.missing(f"{param}.{name}")
    if kind in ("function_call_output", "custom_tool_call_output") and given.get("call_id") is None:
        raise errors.missing(f"{param}.call_id")  # the SDK's newest type leaves it open
    if given.get("call_id") is not None:  # as reported (AnswerDotAI/fastllm 45, 2026-06; CodexPlusPlus 315, 2026-05)
        errors.check_length(given["call_id"], f"{param}.call_id", 64, least=1)
    if kind == "function_call":
        errors.check_name(given["name"], f"{param}.name", 128)
    if kind in _OUTPUTS and isinstance(given.get("output"), list):
        given["output"] = [_read_part(part, f"{param}.output[{n}]") for n, part in enumerate(given["output"])]
    if kind in _WITH_STATUS:
        given.setdefault("status", "completed")
    return copy.deepcopy(given)


def _for_check(given: dict[str, Any]) -> dict[str, Any]:
    """Leave out, for the check only, what the service takes though its parameter types do not have it."""
    checked = {key: value for key, value in given.items() if value is not None and key != "parsed_arguments"}
    if given["type"] == "reasoning":
        checked.setdefault("id", "rs_")
    if given["type"] in ("reasoning", "custom_tool_call", "custom_tool_call_output"):
        checked.pop("status", None)
    if given["type"] == "computer_call_output" and isinstance(checked.get("output"), dict):
        # Microsoft's computer use page (2026-03-09) sends it, the SDK's parameter type has no place for it.
        checked["output"] = {key: value for key, value in checked["output"].items() if key != "detail"}
    if given["type"] in ("function_call_output", "custom_tool_call_output") and isinstance(checked.get("output"), list):
        checked["output"] = ""  # its parts are read one by one
    return checked


def _read_message(item: dict[str, Any], param: str) -> dict[str, Any]:
    role = item.get("role")
    if role not in _ROLES:
        raise errors.invalid_value(role if isinstance(role, str) else "", _ROLES, param)
    content = item.get("content")
    if content is None:
        raise errors.missing(f"{param}.content")
    known = {"type", "role", "content", "id", "status", *(("phase",) if role == "assistant" else ())}  # as probed
    for key in item:
        if key not in known and not (key == "phase" and item[key] is None):
            raise errors.unknown_parameter(f"{param}.{key}")
    said = role == "assistant"
    if isinstance(content, str):
        parts = [_said(content) if said else {"type": "input_text", "text": content}]
    elif isinstance(content, list):
        parts = [_read_part(part, f"{param}.content[{number}]", said) for number, part in enumerate(content)]
    else:
        raise errors.invalid_type(f"{param}.content", "one of a string or array of content parts", content)
    for name, allowed in _WORDS.items():
        if (word := item.get(name)) is not None and word not in allowed:
            raise errors.invalid_value(word if isinstance(word, str) else "", allowed, f"{param}.{name}")
    own = item.get("id")
    if own is not None and not isinstance(own, str):
        raise errors.invalid_type(f"{param}.id", "a string", own)
    if own is not None:
        errors.check_id(own, f"{param}.id", "msg")
    message: dict[str, Any] = {"type": "message", "status": "completed", "content": parts, "role": role}
    if own:
        message["id"] = own
    if item.get("phase") and said:
        message["phase"] = item["phase"]
    return message


def _read_part(part: Any, param: str, said: bool = False) -> dict[str, Any]:
    if not isinstance(part, dict):
        raise errors.invalid_type(param, "an object", part)
    kind = shapes.kind_of(part, param)
    if kind not in _ANY_PART:
        raise errors.invalid_value(kind, _ANY_PART, f"{param}.type")
    if said:
        if kind not in _SAID:
            raise errors.invalid_value(kind, tuple(_SAID), param)
        given = {key: value for key, value in part.items() if key not in ("logprobs", "parsed")}
        if kind == "output_text":
            given["annotations"] = given.get("annotations") or []
        shapes.check({**given, "annotations": []} if kind == "output_text" else given, _SAID[kind], param)
        return copy.deepcopy({**given, "logprobs": []} if kind == "output_text" else given)
    if kind not in _PARTS:
        raise errors.invalid_value(kind, _GIVEN, param)
    given = {key: value for key, value in part.items() if value is not None}
    if kind == "input_image":
        given.setdefault("detail", "auto")  # required by the SDK's type, filled in by the service
        if not (given.get("image_url") or given.get("file_id")):
            raise errors.missing(f"{param}.image_url")
    shapes.check(given, _PARTS[kind], param)
    return copy.deepcopy(given)


def _said(text: str) -> dict[str, Any]:
    return {"type": "output_text", "annotations": [], "logprobs": [], "text": text}


def text_of(item: dict[str, Any]) -> str:
    """Return the text of a message or of a tool's output; "" where there is none."""
    content = item.get("content") if item.get("type", "message") == "message" else item.get("output")
    if isinstance(content, str):
        return content
    texts = [part.get("text") or part.get("refusal") or "" for part in content or [] if isinstance(part, dict)]
    return texts[0] if len(texts) == 1 else "\n".join(texts)


def hosted_text(item: dict[str, Any]) -> str | None:
    """Return what a tool that the service ran has answered, as text; None for an item that is no such call."""
    if item["type"] == "mcp_call":
        return str(item["output"] if item.get("error") is None else json.dumps(item["error"], ensure_ascii=False))
    if item["type"] == "image_generation_call":
        return f"a picture of {item['size']} pixels" if item.get("size") else "a picture"
    if item["type"] == "code_interpreter_call":
        return "".join(output.get("logs", "") for output in item.get("outputs") or [])
    return None
