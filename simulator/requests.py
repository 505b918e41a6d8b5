"""Reads the body of `POST /responses`: refuses what the service refuses, fills in what the service fills in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import jiter
import typing_extensions
from openai.types.responses.response_create_params import ContextManagement, ResponseCreateParamsBase

from . import errors, items, schemas, shapes, toolbox
from .models import Model, find, models

_PARAMETERS = typing_extensions.get_type_hints(ResponseCreateParamsBase)
# On the wire, in answers and in Microsoft's or the Open Responses pages, but not in the SDK's parameter types.
_UNDECLARED: dict[str, Any] = {
    "stream": bool | None,
    "frequency_penalty": float | None,
    "presence_penalty": float | None,
}
# In the order in which the service looks at them (probed: gpt-5.6-terra, 2026-08-30); what is not here comes last.
_ORDER = (
    *("input", "previous_response_id", "prompt", "moderation", "include", "tools", "tool_choice", "metadata", "text"),
    *("temperature", "top_p", "presence_penalty", "frequency_penalty", "parallel_tool_calls", "stream"),
    *("stream_options", "background", "max_output_tokens", "max_tool_calls", "reasoning", "user", "safety_identifier"),
    *("prompt_cache_options", "prompt_cache_key", "prompt_cache_retention", "truncation", "instructions", "store"),
    *("service_tier", "top_logprobs", "context_management"),
)
_TIERS = ("auto", "default", "fast", "flex", "priority")  # as the service lists them; the SDK has two more
# Chat Completions' names, and where they moved: the service says so.
_MOVED = {
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
# Inclusive limits: (lowest, highest, whole numbers only). max_output_tokens: 16 is Azure's floor (field notes 16).
_RANGES: dict[str, tuple[float, float | None, bool]] = {
    "temperature": (0, 2, False),
    "top_p": (0, 1, False),
    "frequency_penalty": (-2, 2, False),
    "presence_penalty": (-2, 2, False),
    "top_logprobs": (0, 20, True),
    "max_output_tokens": (16, None, True),
    "max_tool_calls": (1, None, True),
}
_LENGTHS = {"prompt_cache_key": 64, "safety_identifier": 128}  # characters; the second is the SDK's figure
_MAX_INPUT_CHARACTERS = 10_485_760
_LEAST_THRESHOLD = 1000  # compact_threshold's minimum in OpenAI's OpenAPI description; recordings use it


@dataclass
class CreateRequest:
    """A request that the service would accept, with its defaults filled in. Tools and items are plain dicts."""

    model: Model
    deployment: str  # the name the request asked for
    input: list[dict[str, Any]]
    instructions: str | None
    tools: list[dict[str, Any]]
    tool_choice: Any
    text: dict[str, Any]
    reasoning: dict[str, Any]
    store: bool
    stream: bool
    background: bool
    truncation: str
    parallel_tool_calls: bool
    previous_response_id: str | None
    conversation: str | None
    max_output_tokens: int | None
    max_tool_calls: int | None
    include: frozenset[str]
    obfuscate: bool
    secrets: dict[str, dict[str, Any]]  # MCP server_label -> what is passed on and never stored
    tier: str  # the service tier that serves it
    compact_above: int | None  # context_management's threshold, in tokens
    given: dict[str, Any]  # the request as it came, without nulls
    echo: dict[str, Any] = field(default_factory=dict)  # the remaining members that the answer repeats

    @property
    def effort(self) -> str | None:
        """The reasoning effort in force; None where the model does not reason."""
        effort: str | None = self.reasoning.get("effort")
        return effort

    @property
    def encrypted(self) -> bool:
        """Whether reasoning items carry encrypted_content."""
        return "reasoning.encrypted_content" in self.include


def read_json(body: bytes) -> dict[str, Any]:
    """Return the JSON object in `body`; raises ApiError 400 where there is none."""
    try:
        data = jiter.from_json(body or b"{}", allow_inf_nan=False)  # refuses lone surrogates and NaN, unlike json
    except ValueError:
        raise errors.invalid(
            "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP "
            "library correctly. The API expects a JSON payload, but what was sent was not valid JSON.)"
        ) from None
    if not isinstance(data, dict):
        raise errors.invalid_type("body", "an object", data)
    return data


def read(body: bytes, azure: bool, strict_models: bool = False, today: str = "") -> CreateRequest:
    """Return the request in `body`; raises ApiError as the service would."""
    data = read_json(body)
    model = _model(data, azure, strict_models, today)
    if not any(name in data for name in ("input", "conversation", "prompt")):
        raise errors.missing("input")
    for name in data:
        if name in _MOVED:
            raise errors.invalid(
                f"Unsupported parameter: '{name}'. In the Responses API, this parameter has moved to "
                f"'{_MOVED[name]}'. Try again with the new parameter.{_SEE if name == 'messages' else ''}",
                None if name == "messages" else name,
                "unsupported_parameter",
            )
        if name not in _PARAMETERS and name not in _UNDECLARED:
            raise errors.unknown_parameter(name, (set(_PARAMETERS) | set(_UNDECLARED)) - set(data))
    if "input" in data and data["input"] is None:  # as probed: null is no left-out input
        raise errors.invalid(
            "Invalid type for 'input': expected a string, but got an object instead.", "input", "invalid_type"
        )
    given = {name: value for name, value in data.items() if value is not None}
    prompt_items = _input(given)
    _check(given, ("previous_response_id", "prompt", "moderation", "include"))
    tools, secrets = toolbox.read(given.get("tools", []), model)
    tool_choice = toolbox.read_choice(given.get("tool_choice", "auto"), tools)
    _check(given, ("metadata",))
    text = _text(given.get("text"), model)
    _check(given, _ORDER[_ORDER.index("text") + 1 : -1])
    compact_above = _threshold(given.get("context_management"))
    _check(given, [name for name in given if name not in _ORDER and name != "model"])
    background = bool(given.get("background"))
    store = given.get("store", True)
    if background and not store:
        raise errors.invalid("Background mode requires 'store' to be true.", "background", "invalid_value")
    if given.get("previous_response_id") and given.get("conversation"):
        raise errors.invalid(
            "Mutually exclusive parameters: ''. Ensure you are only providing one of: 'pre..._id' or 'conversation'.",
            None,
            "mutually_exclusive_parameters",
        )
    conversation = given.get("conversation")
    if not any(given.get(name) for name in ("input", "previous_response_id", "conversation", "prompt")):
        raise errors.invalid(
            """One of "input" or "previous_response_id" or 'prompt' or 'conversation' must be provided.""",
            None,
            "missing_required_parameter",
        )
    _says_json(text, given, prompt_items)
    return CreateRequest(
        model=model,
        deployment=data["model"],
        input=prompt_items,
        instructions=given.get("instructions"),
        tools=tools,
        tool_choice=tool_choice,
        text=text,
        reasoning=_reasoning(given.get("reasoning") or {}, model),
        store=store,
        stream=bool(given.get("stream")),
        background=background,
        truncation=given.get("truncation", "disabled"),
        parallel_tool_calls=given.get("parallel_tool_calls", True),
        previous_response_id=given.get("previous_response_id"),
        conversation=conversation.get("id") if isinstance(conversation, dict) else conversation,
        max_output_tokens=given.get("max_output_tokens"),
        max_tool_calls=given.get("max_tool_calls"),
        include=frozenset(given.get("include", [])),
        obfuscate=(given.get("stream_options") or {}).get("include_obfuscation", True) and not background,
        secrets=secrets,
        tier=_tier(given.get("service_tier"), model, azure),
        compact_above=compact_above,
        given=given,
        echo={
            "frequency_penalty": float(given.get("frequency_penalty", 0.0)),
            "presence_penalty": float(given.get("presence_penalty", 0.0)),
            "temperature": float(given.get("temperature", 1.0)),
            "top_p": float(given.get("top_p", model.top_p)),
            "top_logprobs": given.get("top_logprobs", 0),
            "metadata": given.get("metadata", {}),
            "prompt_cache_key": given.get("prompt_cache_key"),
            "prompt_cache_retention": given.get("prompt_cache_retention", model.retention),
            "safety_identifier": given.get("safety_identifier"),
            "service_tier": given.get("service_tier", "auto"),
            "user": given.get("user"),
            "prompt_cache_options": given.get("prompt_cache_options"),
            "prompt": given.get("prompt"),
        },
    )


def _model(data: dict[str, Any], azure: bool, strict: bool, today: str) -> Model:
    name = data.get("model")
    if name is None:
        if azure:  # as recorded on Azure: no type, param or code
            raise errors.ApiError(
                400, "Missed model deployment", body={"error": {"message": "Missed model deployment"}}
            )
        if "model" in data:  # as probed: null is an object here
            raise errors.invalid_type("model", "a string", {})
        raise errors.missing("model")
    if not isinstance(name, str):
        raise errors.invalid_type("model", "a string", name)
    model = find(name)
    if model is None or (strict and model.retired(today)):
        known = [one.name for one in models().values() if not (strict and one.retired(today))]
        gone = f"'{name}' retired on {model.retires}" if model else f"there is no deployment '{name}' here"
        raise errors.deployment_not_found(gone, known) if azure else errors.model_not_found(name)
    return model


def _check(given: dict[str, Any], names: Sequence[str]) -> None:
    """Check the types and limits of plain parameters, one after the other; raises ApiError."""
    for name in names:
        value = given.get(name)
        if value is None:
            continue
        if name == "service_tier" and isinstance(value, str) and value not in _TIERS:
            raise errors.invalid_value(value, _TIERS, name)
        if name == "metadata" and not isinstance(value, dict):
            raise errors.invalid_type(name, "a metadata object", value)
        shapes.check(value, _PARAMETERS.get(name, _UNDECLARED.get(name)), name)
        if name == "metadata":
            check_metadata(value)
        if name in _LENGTHS:
            _no_longer([(name, value, _LENGTHS[name])])
        if name not in _RANGES:
            continue
        low, high, whole = _RANGES[name]
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


def check_metadata(metadata: dict[str, Any]) -> None:
    """Raise ApiError for more than 16 members, or a name over 64 or a value over 512 characters."""
    if len(metadata) > 16:
        raise errors.invalid(
            f"Invalid 'metadata': too many properties. Expected an object with at most 16 properties, but got an "
            f"object with {len(metadata)} properties instead.",
            "metadata",
            "object_above_max_properties",
        )
    _no_longer([("metadata", key, 64) for key in metadata])
    _no_longer([("metadata." + key, value, 512) for key, value in metadata.items()])


def _no_longer(limits: list[tuple[str, str | None, int]]) -> None:
    for param, value, most in limits:
        if value is not None and len(value) > most:
            raise errors.invalid(
                f"Invalid '{param}': string too long. Expected a string with maximum length {most}, but got a string "
                f"with length {len(value)} instead.",
                param,
                "string_above_max_length",
            )


def fits_model(request: CreateRequest) -> None:
    """Refuse what the request's model does not take; raises ApiError.

    The service looks at this last, once it has found what the request refers to. Words and codes are those of probes
    of gpt-5.6-terra (2026-08-30) and of reports for older models.
    """
    given, model = request.given, request.model
    for name in model.refuses:
        outer, _, inner = name.partition(".")
        value = given.get(outer)
        if inner and isinstance(value, dict):
            value = value.get(inner)
        if value is None or (name in ("temperature", "top_p") and value == 1):
            continue
        if name in ("frequency_penalty", "presence_penalty", "top_logprobs") and value == 0:
            continue
        if name == "text.verbosity":
            if value != "medium":
                raise _unsupported_value(value, model, ["medium"], name)
            continue
        if name == "top_logprobs":
            raise errors.invalid("logprobs are not supported with reasoning models.", name, "unsupported_parameter")
        raise errors.unsupported_parameter(name)
    if model.reasons and "message.output_text.logprobs" in request.include:
        raise errors.invalid("logprobs are not supported with reasoning models.", "include", "unsupported_parameter")
    _fits_reasoning(request)
    if request.stream and not model.streams:
        raise _unsupported_value("true", model, ["false"], "stream")
    if given.get("prompt_cache_retention") == "in_memory" and model.retention == "24h":
        raise errors.invalid(
            "This model is compatible only with 24h extended prompt caching",
            "prompt_cache_retention",
            "invalid_parameter",
        )


# Hosted tools that effort minimal rules out, by the names the service gives them (reported: these two).
_NOT_AT_MINIMAL = {"image_generation": "image_gen", "web_search": "web_search", "web_search_preview": "web_search"}


def _fits_reasoning(request: CreateRequest) -> None:
    model, given = request.model, request.given.get("reasoning") or {}
    effort = given.get("effort")
    if effort is not None and effort not in model.efforts:
        raise _unsupported_value(effort, model, model.efforts, "reasoning.effort")
    summary = given.get("summary") or given.get("generate_summary")
    if summary is not None and summary not in ("auto", *model.summaries):
        raise _unsupported_value(summary, model, model.summaries, "reasoning.summary")
    if not model.reasons and request.encrypted:
        raise errors.invalid("Encrypted content is not supported with this model.", "include", None)
    if request.effort == "minimal":
        ruled_out = sorted({_NOT_AT_MINIMAL[t["type"]] for t in request.tools if t["type"] in _NOT_AT_MINIMAL})
        if ruled_out:
            raise errors.invalid(
                f"The following tools cannot be used with reasoning.effort 'minimal': {', '.join(ruled_out)}.",
                "tools",
                None,
            )


def _unsupported_value(value: str, model: Model, allowed: tuple[str, ...] | list[str], param: str) -> errors.ApiError:
    return errors.invalid(
        f"Unsupported value: '{value}' is not supported with the '{model.name}' model. "
        f"Supported values are: {errors.listed(allowed)}.",
        param,
        "unsupported_value",
    )


def _text(given: Any, model: Model) -> dict[str, Any]:
    if given is None:
        given = {}
    if not isinstance(given, dict):
        raise errors.invalid_type("text", "an object", given)
    text_format = given.get("format") or {"type": "text"}
    shapes.check({key: value for key, value in given.items() if key != "format"}, _PARAMETERS["text"], "text")
    return {"format": schemas.read_format(text_format), "verbosity": given.get("verbosity") or "medium"}


def _says_json(text: dict[str, Any], given: dict[str, Any], prompt: list[dict[str, Any]]) -> None:
    """Refuse JSON mode where no input message says so; instructions do not count (pydantic-ai, tanstack/ai, 2026).

    Whether an earlier turn's message counts is not known; it does here.
    """
    if text["format"]["type"] != "json_object" or given.get("previous_response_id") or given.get("conversation"):
        return
    if not any("json" in items.text_of(item).lower() for item in prompt):
        raise errors.invalid(
            "Response input messages must contain the word 'json' in some form to use 'text.format' of type "
            "'json_object'.",
            "input",
            None,
        )


def _reasoning(given: dict[str, Any], model: Model) -> dict[str, Any]:
    """Return the answer's `reasoning`, as recordings of 2026 show it for the model's generation."""
    if not model.reasons:
        return {"context": None, "effort": None, "summary": None}
    summary = given.get("summary") or given.get("generate_summary")
    echoed: dict[str, Any] = {
        "context": model.context_mode if given.get("context") in (None, "auto") else given["context"],
        "effort": given.get("effort") or model.effort,
    }
    if model.mode:
        echoed["mode"] = given.get("mode") or model.mode
    echoed["summary"] = "detailed" if summary == "auto" else summary
    return echoed


def _tier(asked: str | None, model: Model, azure: bool) -> str:
    """Return the tier that serves a request: Azure has flex for one model only (FLEX, 2026-09-24)."""
    if asked in ("priority", "fast"):
        return "priority"
    return "flex" if asked == "flex" and (model.flex or not azure) else "default"


def _threshold(management: Any) -> int | None:
    """Return the number of tokens above which the context is compacted; None where it is not."""
    if not isinstance(management, list | None):
        raise errors.invalid_type("context_management", "an array of objects", management)
    for number, entry in enumerate(management or []):
        shapes.check(entry, ContextManagement, f"context_management[{number}]")
        if entry["type"] != "compaction":
            raise errors.invalid_value(entry["type"], ("compaction",), f"context_management[{number}].type")
        threshold: int | None = entry.get("compact_threshold")
        if threshold is not None and threshold < _LEAST_THRESHOLD:
            raise errors.invalid(
                f"Invalid 'context_management[{number}].compact_threshold': integer below minimum value. Expected a "
                f"value >= {_LEAST_THRESHOLD}, but got {threshold} instead.",
                f"context_management[{number}].compact_threshold",
                "integer_below_min_value",
            )
        return threshold
    return None


def _input(given: dict[str, Any]) -> list[dict[str, Any]]:
    value = given.get("input")
    if value is None:
        if given.get("previous_response_id") or given.get("conversation") or given.get("prompt"):
            return []
        raise errors.invalid("Missing required parameter: 'input'.", "input", "missing_required_parameter")
    if isinstance(value, str):
        if len(value) > _MAX_INPUT_CHARACTERS:
            raise errors.invalid(
                f"Invalid 'input': string too long. Expected a string with maximum length {_MAX_INPUT_CHARACTERS}, but "
                f"got a string with length {len(value)} instead.",
                "input",
                "string_above_max_length",
            )
        value = [{"role": "user", "content": value}]
    if not isinstance(value, list):
        raise errors.invalid_type("input", "one of a string or array of input items", value)
    read_items = [items.read(item, f"input[{number}]") for number, item in enumerate(value)]
    for number, item in enumerate(read_items[:-1]):
        if item["type"] == "compaction_trigger":  # documented; the words are assumed
            raise errors.invalid("A 'compaction_trigger' must be the final input item.", f"input[{number}]", None)
    return read_items
