"""Reads the body of `POST /responses`: refuses what the service refuses, fills in what the service fills in."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import jiter
from openai.types.responses.response_create_params import ContextManagement

from . import errors, items, parameters, schemas, shapes, toolbox
from .models import Model, find, models

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
        if _infinite(data):  # what jiter makes of 1e400
            raise ValueError
    except ValueError:
        raise errors.invalid(
            "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP "
            "library correctly. The API expects a JSON payload, but what was sent was not valid JSON.)"
        ) from None
    if not isinstance(data, dict):
        raise errors.invalid_type("body", "an object", data)
    return data


def _infinite(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_infinite, value.values()))
    if isinstance(value, list):
        return any(map(_infinite, value))
    return isinstance(value, float) and math.isinf(value)


def read(body: bytes, azure: bool, strict_models: bool = False, today: str = "") -> CreateRequest:
    """Return the request in `body`; raises ApiError as the service would, for the first fault that it would look at.

    null is as good as left out, but for the model and the input (probed, as the order is: see `parameters`).
    """
    data = read_json(body)
    model = _model(data, azure, strict_models, today)
    parameters.check_names(data)
    prompt_items: list[dict[str, Any]] = []
    tools: list[dict[str, Any]] = []
    secrets: dict[str, dict[str, Any]] = {}
    tool_choice: Any = "auto"
    text: dict[str, Any] = _text({})
    compact_above: int | None = None
    given = {name: value for name, value in data.items() if value is not None}
    for name in parameters.TYPES:
        value = given.get(name)
        if name == "input" and name in data:
            prompt_items = _input(value)
        elif value is None:
            continue
        elif name == "tools":
            tools, secrets = toolbox.read(value, model)
        elif name == "tool_choice":
            tool_choice = toolbox.read_choice(value, tools)
        elif name == "text":
            text = _text(value)
        elif name == "context_management":
            compact_above = _threshold(value)
        else:
            parameters.check(name, value)
    background = bool(given.get("background"))
    store = given.get("store", True)
    conversation = given.get("conversation")
    if background and not store:
        raise errors.invalid("Background mode requires 'store' to be true.", "background", "invalid_value")
    if given.get("previous_response_id") and conversation:
        raise errors.invalid(
            "Mutually exclusive parameters: ''. Ensure you are only providing one of: 'pre..._id' or 'conversation'.",
            None,
            "mutually_exclusive_parameters",
        )
    if not any(given.get(name) for name in ("input", "previous_response_id", "prompt", "conversation")):
        raise errors.invalid(
            "One of \"input\" or \"previous_response_id\" or 'prompt' or 'conversation' must be provided.",
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


def _text(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise errors.invalid_type("text", "an object", given)
    text_format = given.get("format") or {"type": "text"}
    parameters.check("text", {key: value for key, value in given.items() if key != "format"})
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
    summary = given.get("summary")
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
    if not isinstance(management, list):
        raise errors.invalid_type("context_management", "an array of objects", management)
    for number, entry in enumerate(management):
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


def _input(value: Any) -> list[dict[str, Any]]:
    if value is None:
        raise errors.invalid_type("input", "a string", {})  # as probed: null is called an object
    if isinstance(value, str):
        errors.check_length(value, "input", _MAX_INPUT_CHARACTERS)
        value = [{"role": "user", "content": value}]
    if not isinstance(value, list):
        raise errors.invalid_type("input", "one of a string or array of input items", value)
    read_items = [items.read(item, f"input[{number}]") for number, item in enumerate(value)]
    for number, item in enumerate(read_items[:-1]):
        if item["type"] == "compaction_trigger":  # documented; the words are assumed
            raise errors.invalid("A 'compaction_trigger' must be the final input item.", f"input[{number}]", None)
    return read_items
