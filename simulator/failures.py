"""Failures on request: what the header `x-simulate` asks for, because a live service cannot be told to fail.

`x-simulate: NAME`, or `NAME:N` to fail the first N tries only (the SDK counts its retries in x-stainless-retry-count).
Which of them are as recorded and which as documented only, is said beside each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import errors

if TYPE_CHECKING:
    from .model import Turn

QUEUE_SECONDS = 1.0  # how long a background response is queued


class Failed(Exception):
    """The model's side, or a tool's, failed while answering. `status`: what a client that does not stream gets."""

    def __init__(self, type: str, code: str, message: str, *, status: int = 500, param: str | None = None) -> None:
        super().__init__(message)
        self.type, self.code, self.message, self.status, self.param = type, code, message, status, param

    def error(self) -> errors.ApiError:
        """Return the error that a client that does not stream gets."""
        return errors.ApiError(self.status, self.message, type=self.type, code=self.code, param=self.param)


class Filtered(Exception):
    """The content filter stopped the answer."""

    def __init__(self, category: str) -> None:
        super().__init__(category)
        self.category = category


class Cut(Exception):
    """The connection breaks here."""


@dataclass
class Fault:
    """A failure that happens while a response is being made."""

    name: str
    after: int = 5  # deltas that still arrive

    def on_delta(self, number: int) -> None:
        """Raise when delta `number` (from 1) is the one where it happens."""
        if number <= self.after:
            return
        if self.name == "stream_error":  # as recorded for quota and rate errors; server_error as documented (RA)
            raise Failed(
                "server_error",
                "server_error",
                "The server had an error processing your request. Sorry about that! You can retry your request.",
            )
        if self.name == "stream_rate_limit":  # as recorded: error event, then response.failed
            raise Failed(
                "too_many_requests", "rate_limit_exceeded", "Rate limit reached. Try again in 2 seconds.", status=429
            )
        if self.name == "content_filter_completion":  # documented
            raise Filtered("violence")


IN_STREAM = {"stream_error", "stream_rate_limit", "content_filter_completion"}
IN_TRANSPORT = {"stream_cut", "malformed_chunk"}
_RETRY = {"retry-after": "2", "retry-after-ms": "2000"}


def _azure(code: str, message: str, status: int, headers: dict[str, str] | None = None) -> errors.ApiError:
    return errors.ApiError(status, message, headers=headers, body={"error": {"code": code, "message": message}})


def _before() -> dict[str, errors.ApiError]:
    """Failures that come instead of an answer."""
    return {
        # As reported for Azure (flat bodies; conformance README, "not recorded for Responses").
        "unauthorized": _azure(
            "401",
            "Access denied due to invalid subscription key or wrong API endpoint. Make sure to "
            "provide a valid key for an active subscription and use a correct regional API endpoint "
            "for your resource.",
            401,
        ),
        "forbidden": _azure("403", "Access denied due to Virtual Network/Firewall rules.", 403),
        "deployment_not_found": _azure(
            "DeploymentNotFound",
            "The API deployment for this resource does not exist. If you "
            "created the deployment within the last 5 minutes, please wait a moment and try "
            "again.",
            404,
        ),
        "rate_limit": _azure("429", "Rate limit is exceeded. Try again in 2 seconds.", 429, _RETRY),
        "server_error": errors.ApiError(
            500, "The server had an error while processing your request. Sorry about that!", type="server_error"
        ),
        "unavailable": errors.ApiError(
            503,
            "The service is temporarily unable to process your request. Please try again later.",
            type="server_error",
            code="service_unavailable",
        ),
        # Documented (troubleshoot-errors, field notes 77): detail in content_filters, not in innererror.
        "content_filter": errors.ApiError(
            400,
            "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please "
            "modify your prompt and retry.",
            code="content_filter",
            param="prompt",
            body=_filtered_body(),
        ),
    }


def _filtered_body() -> dict[str, Any]:
    message = (
        "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please "
        "modify your prompt and retry."
    )
    return {
        "error": {
            "message": message,
            "type": "invalid_request_error",
            "param": "prompt",
            "code": "content_filter",
            "content_filters": [
                {
                    "blocked": True,
                    "source_type": "prompt",
                    "content_filter_raw": [],
                    "content_filter_results": {**_safe("prompt"), "violence": {"filtered": True, "severity": "high"}},
                    "content_filter_offsets": {"start_offset": 0, "end_offset": 0, "check_offset": 0},
                }
            ],
        }
    }


def asked(header: str | None, tries: int) -> str | None:
    """Return the failure that the header asks for on this try (from 0); raises ApiError 400 for an unknown name."""
    if not header:
        return None
    name, _, times = header.strip().partition(":")
    if name not in NAMES or (times and not (times.isdecimal() and len(times) < 10)):
        raise errors.invalid(
            f"x-simulate: there is no failure '{header}'. There are {errors.listed(NAMES)}, each with "
            "':N' for the first N tries only.",
            "x-simulate",
            "invalid_value",
        )
    return None if times and tries >= int(times) else name


def before(name: str | None) -> errors.ApiError | None:
    """Return the error that comes instead of an answer; None where this failure comes later."""
    return _before().get(name) if name else None


def _safe(source: str) -> dict[str, Any]:
    results: dict[str, Any] = {
        category: {"filtered": False, "severity": "safe"} for category in ("hate", "sexual", "violence", "self_harm")
    }
    if source == "prompt":
        return {**results, "jailbreak": {"detected": False, "filtered": False}}
    return {
        "protected_material_text": {"detected": False, "filtered": False},
        "protected_material_code": {"detected": False, "filtered": False},
        **results,
    }


def content_filters(turn: Turn, filtered: str | None) -> list[dict[str, Any]]:
    """Return Azure's `content_filters` of a finished response; offsets count characters."""
    from .items import text_of

    said = sum(len(text_of(item)) for item in turn.output)
    filters = []
    for source, length in (("prompt", turn.characters), ("completion", said)):
        results = _safe(source)
        blocked = filtered is not None and source == "completion"
        if blocked:
            results[str(filtered)] = {"filtered": True, "severity": "high"}
        filters.append(
            {
                "blocked": blocked,
                "source_type": source,
                "content_filter_raw": [],
                "content_filter_results": results,
                "content_filter_offsets": {"start_offset": 0, "end_offset": length, "check_offset": 0},
            }
        )
    return filters


SILENCE = 600.0  # real seconds that the failure "timeout" says nothing: the SDK's own limit
# In tools: no MCP server can be reached, which is how the live service finds a server on your own machine; and the
# twenty minutes of a container are over, which nobody has to wait for.
IN_TOOLS = {"mcp_unreachable", "container_expired"}
NAMES = (*_before(), *sorted(IN_STREAM), *sorted(IN_TRANSPORT), *sorted(IN_TOOLS), "slow_start", "timeout", "refusal")
