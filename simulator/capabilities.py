"""What a request's model takes: the service looks at it last, once it has found what the request refers to.

Words, codes and order are those of probes of gpt-5.6-terra (2026-08-30 and 31; `parameters` names the source), and of
reports for older models.
"""

from __future__ import annotations

from collections.abc import Sequence

from . import errors
from .models import Model
from .requests import CreateRequest

# Hosted tools that effort minimal rules out, by the names the service gives them (reported: these two).
_NOT_AT_MINIMAL = {"image_generation": "image_gen", "web_search": "web_search", "web_search_preview": "web_search"}


def check(request: CreateRequest) -> None:
    """Raise ApiError for the first thing that the request's model does not take."""
    _check_refused(request)
    _check_logprobs(request)
    _check_reasoning(request)
    given, model = request.given, request.model
    if request.stream and not model.streams:
        raise _unsupported_value("true", model, ["false"], "stream")
    if given.get("prompt_cache_retention") == "in_memory" and model.retention == "24h":
        raise errors.invalid(
            "This model is compatible only with 24h extended prompt caching",
            "prompt_cache_retention",
            "invalid_parameter",
        )


def _check_refused(request: CreateRequest) -> None:
    harmless = {"temperature": 1, "top_p": 1, "frequency_penalty": 0, "presence_penalty": 0}
    for name in request.model.refuses:
        outer, _, inner = name.partition(".")
        value = request.given.get(outer)
        if inner and isinstance(value, dict):
            value = value.get(inner)
        if value is None or value == harmless.get(name) or name == "top_logprobs":
            continue
        if name != "text.verbosity":
            raise errors.unsupported_parameter(name)
        if value != "medium":
            raise _unsupported_value(value, request.model, ["medium"], name)


def _check_logprobs(request: CreateRequest) -> None:
    included = "message.output_text.logprobs" in request.include
    for name, asked in (("include", included), ("top_logprobs", request.given.get("top_logprobs"))):
        if asked and "top_logprobs" in request.model.refuses:
            raise errors.invalid("logprobs are not supported with reasoning models.", name, "unsupported_parameter")


def _check_reasoning(request: CreateRequest) -> None:
    model, given = request.model, request.given.get("reasoning") or {}
    effort, summary = given.get("effort"), given.get("summary")
    if effort is not None and effort not in model.efforts:
        raise _unsupported_value(effort, model, model.efforts, "reasoning.effort")
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


def _unsupported_value(value: str, model: Model, allowed: Sequence[str], param: str) -> errors.ApiError:
    return errors.invalid(
        f"Unsupported value: '{value}' is not supported with the '{model.name}' model. "
        f"Supported values are: {errors.listed(allowed)}.",
        param,
        "unsupported_value",
    )
