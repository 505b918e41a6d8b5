"""Anything the SDK hands out, or a lesson writes, as plain dicts and lists: what the displays read.

The wire's own shape is used, not the SDK's classes, so that an item type that is newer than the SDK is shown too.
"""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

Item = Mapping[str, Any]
_DEPTH, _TOO_DEEP = 40, "… (deeper than 40 levels)"
_LINE = 72  # a JSON value no longer than this stays on one line


def plain(obj: object, depth: int = _DEPTH) -> Any:
    """The object as dicts, lists, strings, numbers. SDK models give exactly the keys that were on the wire.

    Below `depth` levels it is cut off, which also ends a dict that contains itself.
    """
    if isinstance(obj, BaseModel):
        return obj.model_dump(mode="json", by_alias=True, exclude_unset=True, warnings=False)
    if isinstance(obj, Mapping | list | tuple) and depth == 0:
        return _TOO_DEEP
    if isinstance(obj, Mapping):
        return {str(key): plain(value, depth - 1) for key, value in obj.items()}
    if isinstance(obj, list | tuple):
        return [plain(value, depth - 1) for value in obj]
    return obj


def parsed(value: Any) -> Any:
    """What a string of JSON (an object or a list) says; anything else as it is, also half of a JSON text."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value  # half of a stream, or what a model wrote wrongly: shown as it is
    return value


def pretty(value: object) -> str:
    """JSON to read: short values on one line, longer ones indented. A plain string stays a plain string."""
    value = parsed(value)
    if isinstance(value, str):
        return value
    line = json.dumps(value, ensure_ascii=False, default=str)
    return line if len(line) <= _LINE else json.dumps(value, ensure_ascii=False, indent=2, default=str)


def mapping(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The object under a key; an empty one when there is none, or something else."""
    found = value.get(key)
    return found if isinstance(found, Mapping) else {}


def mappings(value: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The objects in the list under a key; none when it is no list."""
    found = value.get(key)
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def shortened(value: Any, limit: int = 200, depth: int = _DEPTH) -> Any:
    """The same value with every string of more than `limit` characters (base64, encrypted content) cut and counted."""
    if isinstance(value, str):
        return value if len(value) <= limit else f"{value[: limit // 2]}… ({len(value):,} characters)"
    if isinstance(value, Mapping | list) and depth == 0:
        return _TOO_DEEP
    if isinstance(value, Mapping):
        return {key: shortened(inner, limit, depth - 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [shortened(inner, limit, depth - 1) for inner in value]
    return value
