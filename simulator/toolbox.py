"""Reads `tools` and `tool_choice`: refuses what the service refuses, and fills in what its answers show filled in."""

from __future__ import annotations

import re
from typing import Any

from openai.types.responses.response_create_params import ToolChoice
from openai.types.responses.tool_param import ToolParam
from openai.types.shared_params.custom_tool_input_format import CustomToolInputFormat

from . import computers, errors, images, mcp_client, schemas, search_tools, shapes
from .http import is_url
from .models import Model

_TOOLS = shapes.members(ToolParam)
_CHOICES = shapes.members(ToolChoice)
_INPUTS = shapes.members(CustomToolInputFormat)
_LABEL = re.compile(r"^[a-zA-Z][a-zA-Z0-9_-]*$")
_URL = re.compile(r"^https?://[^/?#\s]+[^\s]*$", re.IGNORECASE)

# What answers show for members that the request left out, by tool type (recordings of 2026).
_DEFAULTS: dict[str, dict[str, Any]] = {
    "image_generation": {
        "background": "auto",
        "moderation": "auto",
        "n": 1,
        "output_compression": 100,
        "output_format": "png",
        "quality": "auto",
        "size": "auto",
    },
    "mcp": {"allowed_tools": None, "headers": None, "require_approval": "always", "server_description": None},
    "tool_search": {"description": None, "parameters": None},
}


def read(tools: Any, model: Model) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
    """Return the tools as answers repeat them, and what of them is passed on but never stored or repeated.

    The second is, by MCP server_label, {"server_url", "headers", "authorization"} as given.
    """
    if not isinstance(tools, list):
        raise errors.invalid_type("tools", "an array of tools", tools)
    if len(tools) > 128:
        raise errors.invalid(
            f"Invalid 'tools': array too long. Expected an array with maximum length 128, but got an array with length "
            f"{len(tools)} instead.",
            "tools",
            "array_above_max_length",
        )
    read_tools = [_read(tool, f"tools[{number}]", model) for number, tool in enumerate(tools)]
    secrets = {
        tool["server_label"]: {key: tool.get(key) for key in ("server_url", "headers", "authorization")}
        for tool in tools
        if tool.get("type") == "mcp"
    }
    seen: set[str] = set()
    for number, tool in enumerate(read_tools):
        label = tool.get("server_label")
        if label in seen:
            raise errors.invalid(
                f"Duplicate server_label found in mcp tools: '{label}'.",
                f"tools[{number}].server_label",
                "invalid_value",
            )
        if label:
            seen.add(label)
    return read_tools, secrets


def _read(tool: Any, param: str, model: Model) -> dict[str, Any]:
    if not isinstance(tool, dict):
        raise errors.invalid_type(param, "an object", tool)
    kind = shapes.kind_of(tool, param)
    if kind not in _TOOLS:
        raise errors.invalid_value(kind, sorted(_TOOLS), f"{param}.type")
    if kind in model.tools_refused:
        raise _not_with(kind, model)
    if kind in ("computer", computers.PREVIEW) and not computers.fits(kind, model):
        raise _not_with(kind, model)
    given = {key: value for key, value in tool.items() if value is not None}
    if kind == "function":
        return _read_function(given, param)
    if kind in search_tools.KINDS:
        return search_tools.read(given, param)
    checked = dict(given)
    if kind == "image_generation" and isinstance(checked.get("n"), int):
        checked.pop("n")
    if kind == "namespace" and isinstance(given.get("tools"), list):  # they are read one by one
        checked["tools"] = []
    if kind == "custom" and isinstance(given.get("format"), dict):  # by its type, so that an error names one place
        checked["format"] = {"type": "text"}
        made = shapes.kind_of(given["format"], f"{param}.format")
        if made not in _INPUTS:
            raise errors.invalid_value(made, sorted(_INPUTS), f"{param}.format.type")
        shapes.check(given["format"], _INPUTS[made], f"{param}.format")
    shapes.check(checked, _TOOLS[kind], param)
    if kind == "custom":
        return _read_custom(given, param)
    if kind == "image_generation":
        return images.read(given, _DEFAULTS[kind], param)
    if kind == "mcp":
        return _read_mcp(given, param)
    if kind == "namespace":
        return {
            **given,
            "tools": [_read(inner, f"{param}.tools[{n}]", model) for n, inner in enumerate(given["tools"])],
        }
    if kind == "code_interpreter" and isinstance(given["container"], dict):
        container = {key: value for key, value in given["container"].items() if value not in (None, [])}
        given["container"] = container
    return {"type": kind, **_DEFAULTS.get(kind, {}), **given}


def _not_with(kind: str, model: Model) -> errors.ApiError:
    """As reported from Azure and OpenAI (2026-09)."""
    return errors.invalid(f"Tool '{kind}' is not supported with {model.served}.", "tools", None)


def _read_function(given: dict[str, Any], param: str) -> dict[str, Any]:
    if "name" not in given:  # before any other key, so for a tool in the shape of Chat Completions (field note 42)
        raise errors.missing(f"{param}.name")
    strict = given.get("strict")
    shapes.check({**given, "strict": strict, "parameters": given.get("parameters")}, _TOOLS["function"], param)
    name = given["name"]
    errors.check_name(name, f"{param}.name")
    parameters, strict = schemas.read_parameters(name, given.get("parameters"), strict, f"{param}.parameters")
    read_tool = {
        "type": "function",
        "description": given.get("description"),
        "name": name,
        "output_schema": given.get("output_schema"),
        "parameters": parameters,
        "strict": strict,
    }
    if given.get("defer_loading"):
        read_tool["defer_loading"] = True
    return read_tool


def _read_custom(given: dict[str, Any], param: str) -> dict[str, Any]:
    from . import grammars

    errors.check_name(given["name"], f"{param}.name")
    text_format = given.get("format") or {"type": "text"}
    held = text_format["type"] == "grammar"
    if held and (fault := grammars.fault_in(text_format["syntax"], text_format["definition"])):
        raise errors.invalid(fault, f"{param}.format.definition", None)
    return {"type": "custom", "description": given.get("description"), "format": text_format, "name": given["name"]}


def _read_mcp(given: dict[str, Any], param: str) -> dict[str, Any]:
    for name in ("connector_id", "tunnel_id"):
        if given.get(name):  # not shown for Azure by any source (what_changed 2); the words are ours
            raise errors.invalid(
                f"'{name}' is not supported: connectors and tunnels lead to accounts outside of this machine. Give the "
                "'server_url' of a remote MCP server instead.",
                f"{param}.{name}",
                "unsupported_parameter",
            )
    url = given.get("server_url")
    if not url:
        raise errors.missing(f"{param}.server_url")
    if not _LABEL.match(given["server_label"]):  # assumed
        raise errors.invalid(
            f"Invalid '{param}.server_label': '{given['server_label']}'. It begins with a letter and has letters, "
            "digits, '-' and '_' only.",
            f"{param}.server_label",
            "invalid_value",
        )
    if not _URL.match(url) or not is_url(url):  # assumed
        raise errors.invalid(
            f"Invalid '{param}.server_url': expected an http or https URL.", f"{param}.server_url", "invalid_value"
        )
    shown = {
        "type": "mcp",
        **_DEFAULTS["mcp"],
        **{key: value for key, value in given.items() if key != "authorization"},
    }
    if given.get("headers"):
        shown["headers"] = dict.fromkeys(given["headers"], "<redacted>")
    if given.get("authorization"):
        shown["authorization"] = "<redacted>"
    shown["server_url"] = mcp_client.shown_url(url)  # recordings of 2026 show it
    if isinstance(given.get("allowed_tools"), dict):
        shown["allowed_tools"] = {"read_only": None, "tool_names": None, **given["allowed_tools"]}
    if isinstance(given.get("require_approval"), dict):
        shown["require_approval"] = {
            key: ({"read_only": None, **given["require_approval"][key]} if given["require_approval"].get(key) else None)
            for key in ("always", "never")
        }
    return shown


def read_choice(choice: Any, tools: list[dict[str, Any]]) -> Any:
    """Return `tool_choice` as the answer repeats it; raises ApiError where it names a tool that is not on offer."""
    if isinstance(choice, str):
        if choice not in ("none", "auto", "required"):
            raise errors.invalid_value(choice, ("none", "auto", "required"), "tool_choice")
        if choice == "required" and not tools:
            raise errors.invalid(
                "Tool choice 'required' must be specified with 'tools' parameter.", "tool_choice", None
            )
        return choice
    if not isinstance(choice, dict):
        raise errors.invalid_type("tool_choice", "one of an object or 'none', 'auto', or 'required'", choice)
    kind = shapes.kind_of(choice, "tool_choice")
    if kind not in _CHOICES:
        raise errors.invalid_value(kind, sorted(_CHOICES), "tool_choice.type")
    if kind in ("function", "custom") and "name" not in choice:  # before any other key, as for the tool itself
        raise errors.missing("tool_choice.name")
    shapes.check(choice, _CHOICES[kind], "tool_choice")
    if kind == "allowed_tools" and not choice["tools"]:  # assumed, in the service's words for empty arrays
        raise errors.invalid(
            "Invalid 'tool_choice.tools': empty array. Expected an array with minimum length 1, but got an empty "
            "array instead.",
            "tool_choice.tools",
            "empty_array",
        )
    if kind == "allowed_tools":
        for number, allowed in enumerate(choice["tools"]):
            shapes.kind_of(allowed, f"tool_choice.tools[{number}]")
            if not any(matches(allowed, tool) for tool in tools):
                raise errors.invalid(
                    f"Tool choice '{allowed.get('name') or allowed.get('type')}' not found in 'tools' parameter.",
                    f"tool_choice.tools[{number}]",
                    None,
                )
        return choice
    if not any(matches(choice, tool) for tool in tools):
        raise errors.invalid(
            f"Tool choice '{choice.get('name') or kind}' not found in 'tools' parameter.", "tool_choice", None
        )
    return choice


_COMPUTERS = {"computer", "computer_use", "computer_use_preview"}  # one family to a tool choice


def matches(choice: dict[str, Any], tool: dict[str, Any]) -> bool:
    """Whether a tool choice (type, with name or server_label where there is one) names this tool."""
    kind, wanted = tool["type"], choice.get("type")
    if wanted != kind and not (wanted or "").startswith(kind) and not {wanted, kind} <= _COMPUTERS:
        return False
    if kind in ("function", "custom"):
        return bool(choice.get("name") == tool["name"])
    return bool(kind != "mcp" or choice.get("server_label") in (None, tool["server_label"]))


def on_offer(tools: list[dict[str, Any]], choice: Any) -> list[dict[str, Any]]:
    """Return the tools that the model may call under this tool choice."""
    if choice == "none":
        return []
    if isinstance(choice, dict):
        if choice["type"] == "allowed_tools":
            return [tool for tool in tools if any(matches(one, tool) for one in choice["tools"])]
        return [tool for tool in tools if matches(choice, tool)]
    return tools


def must_call(choice: Any) -> bool:
    """Whether the model has to call a tool."""
    if isinstance(choice, dict):
        return bool(choice["type"] != "allowed_tools" or choice.get("mode") == "required")
    return bool(choice == "required")
