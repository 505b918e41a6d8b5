"""Reads the tools that search, web_search and file_search: what is refused, filled in and repeated."""

from __future__ import annotations

from typing import Any

from openai.types.responses.file_search_tool_param import FileSearchToolParam
from openai.types.responses.web_search_preview_tool_param import WebSearchPreviewToolParam
from openai.types.responses.web_search_tool_param import WebSearchToolParam

from . import errors, shapes

_WEB: dict[str, Any] = {
    "web_search": WebSearchToolParam,
    "web_search_2025_08_26": WebSearchToolParam,
    "web_search_preview": WebSearchPreviewToolParam,
    "web_search_preview_2025_03_11": WebSearchPreviewToolParam,
}
KINDS = {*_WEB, "file_search"}
_ANYWHERE = {"type": "approximate", "city": None, "country": "US", "region": None, "timezone": None}
_MOST_RESULTS = 50
_RANKING = {"ranker": "auto", "score_threshold": 0.0}


def read(given: dict[str, Any], param: str) -> dict[str, Any]:
    """Return a tool as answers repeat it (recordings of 2026); raises ApiError."""
    return _read_files(given, param) if given["type"] == "file_search" else _read_web(given, param)


def _read_web(given: dict[str, Any], param: str) -> dict[str, Any]:
    preview = given["type"].startswith("web_search_preview")
    # Members that answers or Microsoft's page have, but not the SDK's parameter types.
    newer = set() if preview else {"return_token_budget", "search_content_types"}
    checked = {key: value for key, value in given.items() if key not in newer}
    filters = given.get("filters")
    if isinstance(filters, dict):
        for name in ("allowed_domains", "blocked_domains"):
            _check_domains(filters.get(name), f"{param}.filters.{name}")
        checked["filters"] = {key: value for key, value in filters.items() if key != "blocked_domains"}
    shapes.check(checked, _WEB[given["type"]], param)
    shown: dict[str, Any] = {"type": given["type"]}
    if not preview:
        shown["return_token_budget"] = "default"
    shown.update(search_content_types=["text"], search_context_size="medium", user_location=_ANYWHERE)
    shown.update((key, value) for key, value in given.items() if key != "external_web_access")  # not repeated
    if isinstance(given.get("user_location"), dict):
        shown["user_location"] = {**dict.fromkeys(_ANYWHERE), **given["user_location"]}
    return shown


def _check_domains(domains: Any, param: str) -> None:
    if domains is None:
        return
    if not isinstance(domains, list) or not all(isinstance(domain, str) for domain in domains):
        raise errors.invalid_type(param, "an array of strings", domains)
    if len(domains) > 100:  # documented (learn.microsoft.com web-search, 2026-08-18)
        raise errors.invalid(
            f"Invalid '{param}': array too long. Expected an array with maximum length 100, but got an array with "
            f"length {len(domains)} instead.",
            param,
            "array_above_max_length",
        )
    for number, domain in enumerate(domains):
        if "/" in domain or not domain:  # documented: without https://; the words are assumed
            raise errors.invalid(
                f"Invalid '{param}[{number}]': '{domain}'. Expected a domain, such as 'example.com'.",
                f"{param}[{number}]",
                "invalid_value",
            )


def _read_files(given: dict[str, Any], param: str) -> dict[str, Any]:
    shapes.check(given, FileSearchToolParam, param)
    if not given["vector_store_ids"]:  # in the service's words for empty arrays
        raise errors.invalid(
            f"Invalid '{param}.vector_store_ids': empty array. Expected an array with minimum length 1, but got an "
            "empty array instead.",
            f"{param}.vector_store_ids",
            "empty_array",
        )
    check_results(given, param)
    check_filters(given.get("filters"), f"{param}.filters")
    ranking = {**_RANKING, **(given.get("ranking_options") or {})}
    shown = {"type": "file_search", "filters": None, "max_num_results": 20, **given}
    return {**shown, "ranking_options": ranking}


def check_results(given: dict[str, Any], param: str) -> None:
    """Refuse a number of results outside 1 to 50, and a score_threshold outside 0 to 1 (the SDK's figures)."""
    where = f"{param}." if param else ""
    number = given.get("max_num_results", 1)
    if not 1 <= number <= _MOST_RESULTS:
        low = number < 1
        raise errors.invalid(
            f"Invalid '{where}max_num_results': integer {'below minimum' if low else 'above maximum'} value. Expected "
            f"a value {'>= 1' if low else f'<= {_MOST_RESULTS}'}, but got {number} instead.",
            f"{where}max_num_results",
            f"integer_{'below_min' if low else 'above_max'}_value",
        )
    threshold = (given.get("ranking_options") or {}).get("score_threshold", 0.0)
    if not 0 <= threshold <= 1:
        low = threshold < 0
        raise errors.invalid(
            f"Invalid '{where}ranking_options.score_threshold': decimal {'below minimum' if low else 'above maximum'} "
            f"value. Expected a value {'>= 0' if low else '<= 1'}, but got {threshold} instead.",
            f"{where}ranking_options.score_threshold",
            f"decimal_{'below_min' if low else 'above_max'}_value",
        )


def check_filters(filters: Any, param: str, depth: int = 0) -> None:
    """Refuse a filter inside a filter that is neither a comparison nor a combination; the outermost was checked."""
    if filters is None:
        return
    if not isinstance(filters, dict):
        raise errors.invalid_type(param, "an object", filters)
    kind = shapes.kind_of(filters, param)
    if kind in ("and", "or"):
        inner = filters.get("filters")
        if not isinstance(inner, list):
            raise (
                errors.missing(f"{param}.filters")
                if inner is None
                else errors.invalid_type(f"{param}.filters", "an array of objects", inner)
            )
        if depth > 8:
            raise errors.invalid(f"Invalid '{param}': filters are nested too deeply.", param, "invalid_value")
        for number, one in enumerate(inner):
            check_filters(one, f"{param}.filters[{number}]", depth + 1)
        return
    if kind not in COMPARISONS:
        raise errors.invalid_value(kind, sorted({*COMPARISONS, "and", "or"}), f"{param}.type")
    for name in ("key", "value"):
        if name not in filters:
            raise errors.missing(f"{param}.{name}")
    for name in filters:
        if name not in ("type", "key", "value"):
            raise errors.unknown_parameter(f"{param}.{name}")
    if not isinstance(filters["key"], str):
        raise errors.invalid_type(f"{param}.key", "a string", filters["key"])
    if not isinstance(filters["value"], list if kind in ("in", "nin") else str | int | float):
        wanted = "an array" if kind in ("in", "nin") else "one of a string, number, or boolean"
        raise errors.invalid_type(f"{param}.value", wanted, filters["value"])


def matches(filters: dict[str, Any] | None, attributes: dict[str, Any]) -> bool:
    """Whether a file with these attributes passes a filter. One that lacks the key passes `ne` and `nin` only."""
    if filters is None:
        return True
    if filters["type"] == "and":
        return all(matches(one, attributes) for one in filters["filters"])
    if filters["type"] == "or":
        return any(matches(one, attributes) for one in filters["filters"])
    return bool(COMPARISONS[filters["type"]](attributes.get(filters["key"]), filters["value"]))


def _ordered(compare: Any) -> Any:
    def check(one: Any, other: Any) -> bool:
        if isinstance(one, str) != isinstance(other, str) or one is None:
            return False
        return bool(compare(one, other))

    return check


COMPARISONS: dict[str, Any] = {
    "eq": lambda one, other: one == other,
    "ne": lambda one, other: one != other,
    "gt": _ordered(lambda one, other: one > other),
    "gte": _ordered(lambda one, other: one >= other),
    "lt": _ordered(lambda one, other: one < other),
    "lte": _ordered(lambda one, other: one <= other),
    "in": lambda one, other: one in other,
    "nin": lambda one, other: one not in other,
}
