"""The parameters of `POST /responses`: which there are, in which order they are looked at, their types and limits.

Order, names and words are those of probes of gpt-5.6-terra on OpenAI's path, 2026-08-30 and 31
(kangminlee-maker/local-OAuth-CLI-API-adapter, docs/conformance-matrix.md §5.5.6). That Azure does the same is assumed.
Where the probes say nothing, the types are the SDK's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import typing_extensions
from openai.types.responses.response_create_params import ResponseCreateParamsBase

from . import errors, shapes


class Reasoning(typing_extensions.TypedDict, total=False):
    """`reasoning`: the SDK's type without generate_summary, which the service does not know any more."""

    context: Literal["auto", "current_turn", "all_turns"] | None
    effort: Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"] | None
    mode: str
    summary: Literal["concise", "detailed", "auto"] | None


_DECLARED = typing_extensions.get_type_hints(ResponseCreateParamsBase)
# On the wire, in answers and in Microsoft's or the Open Responses pages, but not in the SDK's type.
UNDECLARED: dict[str, Any] = {
    "stream": bool | None,
    "frequency_penalty": float | None,
    "presence_penalty": float | None,
}
_OTHERWISE: dict[str, Any] = {  # than in the SDK's type
    **UNDECLARED,
    "reasoning": Reasoning,
    "service_tier": Literal["auto", "default", "fast", "flex", "priority"],
}
_ORDER = (
    *("input", "previous_response_id", "prompt", "moderation", "include", "tools", "tool_choice", "metadata", "text"),
    *("temperature", "top_p", "presence_penalty", "frequency_penalty", "parallel_tool_calls", "stream"),
    *("stream_options", "background", "max_output_tokens", "max_tool_calls", "reasoning", "user", "safety_identifier"),
    *("prompt_cache_options", "prompt_cache_key", "prompt_cache_retention", "truncation", "instructions", "store"),
    *("service_tier", "top_logprobs", "context_management"),
)
# Every parameter but the model, in the order of the service; what was not probed comes last.
TYPES: dict[str, Any] = {
    name: _OTHERWISE.get(name, _DECLARED.get(name))
    for name in (*_ORDER, *(name for name in _DECLARED if name not in (*_ORDER, "model")))
}
# Chat Completions' names, and where they moved. The service says so: of `messages` as probed, with null for the place;
# of the others as reported. Of max_tokens it does not (probed): that is a name like any unknown one.
MOVED = {
    "messages": "input",
    "response_format": "text.format",
    "max_tokens": "max_output_tokens",
    "max_completion_tokens": "max_output_tokens",
    "reasoning_effort": "reasoning.effort",
    "verbosity": "text.verbosity",
    "functions": "tools",
    "function_call": "tool_choice",
}
_SEE = (
    " See the API documentation for more information: https://platform.openai.com/docs/api-reference/responses/create."
)
# Inclusive limits: (lowest, highest, whole numbers only). max_output_tokens: as probed, and on Azure (field notes 16).
RANGES: dict[str, tuple[float, float | None, bool]] = {
    "temperature": (0, 2, False),
    "top_p": (0, 1, False),
    "frequency_penalty": (-2, 2, False),
    "presence_penalty": (-2, 2, False),
    "top_logprobs": (0, 20, True),
    "max_output_tokens": (16, None, True),
    "max_tool_calls": (1, None, True),
}
_LENGTHS = {"prompt_cache_key": 64, "safety_identifier": 128}  # characters; the second is the SDK's figure


def check_names(data: Mapping[str, Any]) -> None:
    """Raise ApiError where the input was left out, or for the first name that is none of a parameter.

    A prompt stands for the input (documented by OpenAI). A previous response does not (probed), nor, it is assumed,
    does a conversation.
    """
    if "input" not in data and not data.get("prompt"):
        raise errors.missing("input")
    for name in data:
        if name in MOVED and name != "max_tokens":
            raise errors.invalid(
                f"Unsupported parameter: '{name}'. In the Responses API, this parameter has moved to '{MOVED[name]}'. "
                f"Try again with the new parameter.{_SEE if name == 'messages' else ''}",
                None if name == "messages" else name,
                "unsupported_parameter",
            )
        if name not in TYPES and name != "model":
            raise errors.unknown_parameter(name, TYPES.keys() - data.keys())


def check(name: str, value: Any) -> None:
    """Raise ApiError unless `value`, which is not null, is one that the parameter takes, whatever the model."""
    if name == "reasoning" and isinstance(value, dict):
        _check_effort(value.get("effort"))
    shapes.check(value, TYPES[name], name)
    if name in RANGES:
        _check_range(name, value)
    if name in _LENGTHS:
        errors.check_length(value, name, _LENGTHS[name])
    if name == "metadata":
        check_metadata(value)
    if name == "previous_response_id":
        errors.check_id(value, name, "resp")
    if name == "conversation":  # as reported ('wa_10_…' is none, 2026-02); that "" is none either is assumed
        own = isinstance(value, str)
        errors.check_id(value if own else value["id"], name if own else f"{name}.id", "conv")


def check_metadata(metadata: dict[str, Any]) -> None:
    """Raise ApiError for more than 16 members, or a name over 64 or a value over 512 characters."""
    if len(metadata) > 16:
        raise errors.invalid(
            f"Invalid 'metadata': too many properties. Expected an object with at most 16 properties, but got an "
            f"object with {len(metadata)} properties instead.",
            "metadata",
            "object_above_max_properties",
        )
    for key in metadata:
        errors.check_length(key, "metadata", 64)
    for key, value in metadata.items():
        errors.check_length(value, f"metadata.{key}", 512)


def _check_effort(effort: Any) -> None:
    """Refuse an effort that is no string, in the service's words, which are others for a whole number."""
    if effort is None or isinstance(effort, str):
        return
    expected = "one of 'minimal', 'low', 'medium', or 'high'"
    if type(effort) is not int:
        expected = "one of one of 'none', 'minimal', 'low', 'medium', 'high', 'xhigh', or 'max' or integer"
    raise errors.invalid_type("reasoning.effort", expected, effort)


def _check_range(name: str, value: float) -> None:
    low, high, whole = RANGES[name]
    number = "integer" if whole else "decimal"
    if value < low:
        raise errors.invalid(
            f"Invalid '{name}': {number} below minimum value. Expected a value >= {low}, but got {value} instead.",
            name,
            f"{number}_below_min_value",
        )
    if high is not None and not value <= high:
        raise errors.invalid(
            f"Invalid '{name}': {number} above maximum value. Expected a value <= {high}, but got {value} instead.",
            name,
            f"{number}_above_max_value",
        )
