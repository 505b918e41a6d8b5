"""Checks JSON against the SDK's own parameter types, and words what is wrong as the service does.

A union is resolved by `type` before it is checked, so that an error names one place (twenty-odd members would each
complain otherwise). What the SDK requires but the service fills in is filled in by the caller first.
"""

from __future__ import annotations

import functools
import re
import types
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, NotRequired, Required, Union, get_args, get_origin

import typing_extensions
from pydantic import TypeAdapter, ValidationError

from . import errors

_EXPECTED = {
    "string_type": "a string",
    "int_type": "an integer",
    "int_from_float": "an integer",
    "float_type": "a decimal",
    "bool_type": "a boolean",
    "list_type": "an array",
    "dict_type": "an object",
    "iterable_type": "an array",
    "mapping_type": "an object",
}
_CALLED = {"metadata": "a metadata object"}  # parameters whose type has a name of its own, as probed


def check(value: Any, shape: Any, param: str) -> None:
    """Raise the service's 400 unless `value` (plain JSON) has `shape` (a type of the SDK's); `param` is its path.

    Raises ApiError with code missing_required_parameter, unknown_parameter, invalid_type or invalid_value.
    """
    _known_keys(value, shape, param)
    try:
        _adapter(shape).validate_python(value, strict=True)
    except ValidationError as error:
        raise _worded(error, value, shape, param) from None


def kind_of(value: dict[str, Any], param: str) -> str:
    """Return the `type` of an object of the request; raises ApiError where it has none, or one that is no string."""
    kind = value.get("type")
    if kind is None:
        raise errors.missing(f"{param}.type")
    if not isinstance(kind, str):
        raise errors.invalid_type(f"{param}.type", "a string", kind)
    return kind


@functools.cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def members(union: Any) -> dict[str, Any]:
    """Return the members of a union of the SDK's types, by the value of their `type`."""
    found: dict[str, Any] = {}
    for member in get_args(_plain(union)):
        if not typing_extensions.is_typeddict(member):
            continue
        for value in get_args(_plain(_hints(member).get("type", Literal[""]))):
            found.setdefault(value, member)
    return found


@functools.cache
def required(shape: Any) -> tuple[str, ...]:
    """Return the names of the members that an object of the SDK's type must have, and not as null."""
    declared: dict[str, Any] = typing_extensions.get_type_hints(shape, include_extras=True)
    needed = {name: get_args(hint)[0] for name, hint in declared.items() if get_origin(hint) is Required}
    return tuple(name for name, hint in needed.items() if type(None) not in get_args(hint))


@functools.cache
def _hints(shape: Any) -> dict[str, Any]:
    return typing_extensions.get_type_hints(shape)


def _plain(shape: Any) -> Any:
    """Undo Required, NotRequired, Annotated and Optional."""
    while True:
        origin = get_origin(shape)
        if origin in (Required, NotRequired, typing_extensions.Required, typing_extensions.NotRequired, Annotated):
            shape = get_args(shape)[0]
        elif origin in (Union, types.UnionType):
            some = [arg for arg in get_args(shape) if arg is not type(None)]
            if len(some) > 1:
                return shape
            shape = some[0]
        else:
            return shape


def _known_keys(value: Any, shape: Any, param: str) -> None:
    """Refuse the first key that the type does not have; the SDK's own check lets extra keys pass."""
    shape = _plain(shape)
    origin = get_origin(shape)
    if origin in (Union, types.UnionType):
        options = [_plain(option) for option in get_args(shape)]
        if isinstance(value, Mapping):
            typed = [option for option in options if typing_extensions.is_typeddict(option)]
            if not typed or len(typed) < len([option for option in options if not _is_scalar(option)]):
                return  # a free-form object is among the options
            chosen = [option for option in typed if value.get("type") in get_args(_plain(_hints(option).get("type")))]
            allowed = {key for option in chosen or typed for key in _hints(option)}
            for key in value:
                if key not in allowed:
                    raise errors.unknown_parameter(f"{param}.{key}" if param else key)
            if len(chosen) == 1:
                _known_keys(value, chosen[0], param)
        elif isinstance(value, list):
            for option in options:
                if get_origin(option) in (list, Iterable) or option in (list,):
                    _known_keys(value, option, param)
    elif typing_extensions.is_typeddict(shape) and isinstance(value, Mapping):
        hints = _hints(shape)
        for key, inner in value.items():
            path = f"{param}.{key}" if param else str(key)
            if key not in hints:
                raise errors.unknown_parameter(path)
            _known_keys(inner, hints[key], path)
    elif isinstance(value, list) and get_args(shape):
        for number, inner in enumerate(value):
            _known_keys(inner, get_args(shape)[0], f"{param}[{number}]")


def _is_scalar(shape: Any) -> bool:
    return shape in (str, int, float, bool, type(None)) or get_origin(shape) in (Literal, list, Iterable)


def _worded(error: ValidationError, value: Any, shape: Any, param: str) -> errors.ApiError:
    """Turn the first of pydantic's findings into the service's words."""
    found = max(error.errors(include_url=False), key=lambda one: (_depth(one["loc"]), one["type"] == "literal_error"))
    path, inner = param, value
    for step in found["loc"]:
        if isinstance(inner, Mapping) and (step in inner or found["type"] == "missing") and isinstance(step, str):
            path, inner = (f"{path}.{step}" if path else step), inner.get(step)
        elif isinstance(inner, list) and isinstance(step, int) and step < len(inner):
            path, inner = f"{path}[{step}]", inner[step]
    if found["type"] == "missing":
        return errors.missing(path)
    if found["type"] == "literal_error":
        allowed = re.findall(r"'([^']*)'", found["ctx"]["expected"])
        if not isinstance(inner, str):
            return errors.invalid_type(path, _one_of(allowed), inner)
        return errors.invalid_value(inner, allowed, path)
    if path == param and (expected := _CALLED.get(param) or _array(shape, found["type"])):
        return errors.invalid_type(path, expected, inner)
    if expected := _EXPECTED.get(found["type"]):
        return errors.invalid_type(path, expected, inner)
    return errors.invalid(f"Invalid '{path}': {found['msg']}.", path, "invalid_value")


def _array(shape: Any, fault: str) -> str | None:
    """Return what the service calls an array of such a shape; None where the fault is another, or it is just one."""
    held = _plain(get_args(_plain(shape))[0]) if fault in ("list_type", "iterable_type") else None
    if get_origin(held) is Literal:
        return f"an array of {_one_of(get_args(held))}"
    return "an array of objects" if typing_extensions.is_typeddict(held) else None


def _one_of(allowed: Sequence[str]) -> str:
    """Return `one of 'a', 'b', or 'c'`; here the service shortens long names (20 letters as probed, 12 it leaves)."""
    return "one of " + errors.listed([one if len(one) < 20 else f"{one[:3]}...{one[-3:]}" for one in allowed], "or")


def _depth(loc: tuple[int | str, ...]) -> int:
    return len([step for step in loc if isinstance(step, int) or step.islower()])
