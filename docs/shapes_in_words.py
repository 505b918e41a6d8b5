"""The SDK's types in words: what a parameter takes, which members an event has."""

from __future__ import annotations

import collections.abc
import types
import typing
from typing import Any

import typing_extensions

_SCALARS = {str: "text", int: "whole number", float: "number", bool: "`true`, `false`"}
_WRAPPED = (typing_extensions.Required, typing_extensions.NotRequired, typing.Annotated)


def literals(hint: Any) -> list[str]:
    """Return every literal in a type, in its order."""
    if _origin(hint) is typing.Literal:
        return [str(value) for value in typing_extensions.get_args(hint)]
    return [value for inner in typing_extensions.get_args(hint) for value in literals(inner)]


def members(union: Any) -> list[Any]:
    """Return the types that an annotated union has."""
    if _origin(union) is typing.Annotated:
        union = typing_extensions.get_args(union)[0]
    return list(typing_extensions.get_args(union))


def required(shape: Any) -> set[str]:
    """Return the members that a TypedDict of the SDK's requires."""
    hints = typing_extensions.get_type_hints(shape, include_extras=True)
    return {name for name, hint in hints.items() if _origin(hint) is typing_extensions.Required}


def values(hint: Any, most: int = 6) -> str:
    """Return what a parameter takes, in words; of a long list of names the first `most`."""
    origin = _origin(hint)
    inner = typing_extensions.get_args(hint)
    if origin in _WRAPPED:
        return values(inner[0], most)
    if origin is typing.Literal:
        return ", ".join(f"`{value}`" for value in inner[:most]) + (", …" if len(inner) > most else "")
    if origin in (typing.Union, types.UnionType):
        options = list(dict.fromkeys(values(one, most) for one in inner if one is not type(None)))
        if "text" in options:  # of more names than one would list, the type's own are examples
            options = [option for option in options if not option.endswith("…")]
        return " or ".join(options)
    if hint in _SCALARS:
        return _SCALARS[hint]
    if typing_extensions.is_typeddict(hint):
        return f"`{{{', '.join(typing_extensions.get_type_hints(hint))}}}`"
    if inner and (origin in (list, collections.abc.Iterable) or "Sequence" in str(origin)):
        many = values(inner[0], most)
        if many.count("{") > 2:
            return "list of objects"
        return "list of texts" if many == "text" else f"list of {many}"
    return "object"


def _origin(hint: Any) -> Any:
    return typing_extensions.get_origin(hint)
