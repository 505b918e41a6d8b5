"""The errors the service answers with, in its own words where a recording or a report has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

INVALID = "invalid_request_error"
# That an id may not end in "_" is a user's probe of the service (2026-08: fc_abcDEF is taken, fc_abcDEF_ is not).
_ID = re.compile(r"[A-Za-z0-9_-]*[A-Za-z0-9-]")
_NAME = re.compile(r"[a-zA-Z0-9_-]+")


class ApiError(Exception):
    """An answer other than 200: `status`, and the members of the error envelope."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        type: str | None = INVALID,
        param: str | None = None,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
        body: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.type = type
        self.param = param
        self.code = code
        self.headers = dict(headers or {})
        self._body = body

    def body(self) -> dict[str, Any]:
        """Return the JSON body: {"error": {message, type, param, code}} unless this error has one of its own."""
        if self._body is not None:
            return self._body
        return {"error": {"message": self.message, "type": self.type, "param": self.param, "code": self.code}}


def listed(values: Sequence[str], word: str = "and") -> str:
    """Return `'a' and 'b'`, or `'a', 'b', and 'c'`, as the service lists values; types it lists with "or"."""
    quoted = [f"'{value}'" for value in values]
    if len(quoted) < 3:
        return f" {word} ".join(quoted)
    return ", ".join(quoted[:-1]) + f", {word} {quoted[-1]}"


def invalid(message: str, param: str | None = None, code: str | None = None) -> ApiError:
    """Return a 400."""
    return ApiError(400, message, param=param, code=code)


def missing(param: str) -> ApiError:
    return invalid(f"Missing required parameter: '{param}'.", param, "missing_required_parameter")


def unknown_parameter(param: str, known: Iterable[str] = ()) -> ApiError:
    """As probed (2026-08-30): `known` names that are two edits away or nearer are proposed, the nearest first."""
    alike = [name for name in known if abs(len(name) - len(param)) <= 2]  # a long name would take long to compare
    near = sorted((far, name) for name in alike if (far := edits(param, name)) <= 2)
    meant = f" Did you mean {listed([name for _, name in near], 'or')}?" if near else ""
    return invalid(f"Unknown parameter: '{param}'.{meant}", param, "unknown_parameter")


def edits(one: str, other: str) -> int:
    """Return how many letters must be put in, taken out or changed to make one name of the other."""
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        left, row[0] = row[0], i
        for j, wanted in enumerate(other, 1):
            left, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, left + (letter != wanted))
    return row[-1]


def invalid_value(value: object, allowed: Sequence[str], param: str) -> ApiError:
    own = f" (Simulator: it has no '{value}'.)" if value in allowed else ""  # the service would take it
    return invalid(f"Invalid value: '{value}'. Supported values are: {listed(allowed)}.{own}", param, "invalid_value")


def invalid_type(param: str, expected: str, got: object) -> ApiError:
    return invalid(
        f"Invalid type for '{param}': expected {expected}, but got {kind(got)} instead.", param, "invalid_type"
    )


def check_length(value: str, param: str, most: int, least: int = 0) -> None:
    """Raise ApiError for a text that is longer than `most` characters, or empty where `least` is 1."""
    if len(value) < least:
        raise invalid(
            f"Invalid '{param}': empty string. Expected a string with minimum length {least}, but got an empty string "
            "instead.",
            param,
            "empty_string",
        )
    if len(value) > most:
        raise invalid(
            f"Invalid '{param}': string too long. Expected a string with maximum length {most}, but got a string with "
            f"length {len(value)} instead.",
            param,
            "string_above_max_length",
        )


def check_id(value: str, param: str, prefix: str | None = None) -> None:
    """Raise ApiError for what cannot be an id; the words are reported, that the length comes first too.

    (github/app 499, 2026-05: an id of 1760 characters; ProjectTech4DevAI/kaapi-backend 317, 2025-08: '@results.ress' as
    the previous response; field note 41: another prefix.)
    """
    check_length(value, param, 64)
    wanted = ""
    if not _ID.fullmatch(value):
        wanted = "contains letters, numbers, underscores, or dashes, but this value contained additional characters"
    elif prefix and not value.startswith(prefix):
        wanted = f"begins with '{prefix}'"
    if wanted:
        raise invalid(f"Invalid '{param}': '{value}'. Expected an ID that {wanted}.", param, "invalid_value")


def check_name(value: str, param: str, most: int = 64) -> None:
    """Raise ApiError for what cannot be the name of a tool, of a call or of a format; the length comes first.

    As reported of input[N].name (RouteCodex, 2026-03: a sentence of 316 characters; hermes-agent 31666, 2026-05).
    """
    check_length(value, param, most, least=1)
    if not _NAME.fullmatch(value):
        raise invalid(
            f"Invalid '{param}': string does not match pattern. Expected a string that matches the pattern "
            "'^[a-zA-Z0-9_-]+$'.",
            param,
            "invalid_value",
        )


def kind(value: object) -> str:
    """Return what the service calls the JSON type of `value`."""
    if value is None:
        return "null"
    for python, name in (
        (bool, "a boolean"),
        (int, "an integer"),
        (float, "a decimal number"),
        (str, "a string"),
        (list, "an array"),
        (dict, "an object"),
    ):
        if isinstance(value, python):
            return name
    return f"a {type(value).__name__}"


def unsupported_parameter(param: str) -> ApiError:
    """For temperature and its like the code is null, as probed in 2026-08; for reasoning.effort as reported."""
    code = "unsupported_parameter" if "." in param else None
    return invalid(f"Unsupported parameter: '{param}' is not supported with this model.", param, code)


def response_not_found(response_id: str) -> ApiError:
    """As recorded on Azure and OpenAI, byte for byte."""
    return ApiError(404, f"Response with id '{response_id}' not found.")


def previous_response_not_found(response_id: str) -> ApiError:
    """A 400, not a 404 (field notes 20)."""
    return invalid(
        f"Previous response with id '{response_id}' not found.",
        "previous_response_id",
        "previous_response_not_found",
    )


def deployment_not_found(why: str, known: Sequence[str]) -> ApiError:
    """Azure's 404; the last sentence is ours, and says so: why, and which deployments there are."""
    message = (
        "The API deployment for this resource does not exist. If you created the deployment within the last 5 "
        f"minutes, please wait a moment and try again. (Simulator: {why}; there are {listed(known)}.)"
    )
    return ApiError(404, message, body={"error": {"code": "DeploymentNotFound", "message": message}})


def model_not_found(name: str) -> ApiError:
    """OpenAI's words for the same on /v1 paths."""
    return invalid(f"The requested model '{name}' does not exist.", "model", "model_not_found")


def not_found(method: str, path: str) -> ApiError:
    """A path that is none: in OpenAI's words, on Azure's too (assumed)."""
    return ApiError(404, f"Invalid URL ({method} {path})")


def wrong_method(method: str, path: str) -> ApiError:
    """A path that takes other methods; the words are reported for another path of OpenAI's, the status is assumed."""
    return ApiError(405, f"Invalid method for URL ({method} {path})")
