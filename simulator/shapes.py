"""Checks JSON against the SDK's own parameter types, and words what is wrong as the service does.

What is wrong inside a union is what the member says that the value's `type` names, so that an error names one place
(twenty-odd members would each complain otherwise). What the SDK requires but the service fills in is filled in by the
caller first.
"""

from __future__ import annotations

import functools
import re
import types
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, NotRequired, Required, Union, get_args, get_origin

import typing_extensions
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from . import errors

_NAMES: dict[Any, str] = {str: "string", int: "integer", float: "decimal", bool: "boolean"}  # all others are objects
_ARRAYS = (list, Iterable, Sequence)
_CALLED = {"metadata": "a metadata object"}  # parameters whose type has a name of its own, as probed


def check(value: Any, shape: Any, param: str) -> None:
    """Raise the service's 400 unless `value` (plain JSON) has `shape` (a type of the SDK's); `param` is its path.

    Raises ApiError with code missing_required_parameter, unknown_parameter, invalid_type or invalid_value.
    """
    _known_keys(value, shape, param)
    try:
        _adapter(shape).validate_python(value, strict=True)
    except ValidationError as error:
        raise _worded(error.errors(include_url=False), value, shape, param) from None


def kind_of(value: Mapping[str, Any], param: str) -> str:
    """Return the `type` of an object of the request; raises ApiError where it has none, or one that is no string."""
    kind = value.get("type")
    if kind is None:
        raise errors.missing(f"{param}.type")
    if not isinstance(kind, str):
        raise errors.invalid_type(f"{param}.type", "a string", kind)
    return kind


def check_known(value: dict[str, Any], shape: Any, param: str, free: Container[str] = ()) -> None:
    """Raise the service's 400 where a member has another type than the SDK's, and let pass what the SDK does not know.

    A member or a word that is newer than the SDK, one that is missing or null, and those that are named in `free`.
    """
    for name, hint in _hints(shape).items():
        if value.get(name) is None or name in free:
            continue
        try:
            _adapter(hint).validate_python(value[name], strict=True)
        except ValidationError as error:
            wrong = [one for one in error.errors(include_url=False) if _wrong(one)]
            if wrong:
                raise _worded(wrong, value[name], hint, f"{param}.{name}") from None


def _wrong(fault: ErrorDetails) -> bool:
    """Whether what pydantic found is a wrong type, and neither a gap nor a new word."""
    return fault["type"] != "missing" and not (fault["type"] == "literal_error" and isinstance(fault["input"], str))


@functools.cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(_with_lists(shape))


@functools.cache
def _with_lists(shape: Any) -> Any:
    """Return the type with a list for each Iterable and Sequence in it.

    For pydantic a string and an object are Iterables too, and what is in one is not looked at.
    """
    if typing_extensions.is_typeddict(shape):
        declared: dict[str, Any] = typing_extensions.get_type_hints(shape, include_extras=True)
        needed = {name for name, hint in declared.items() if get_origin(hint) is Required}
        made = {name: _with_lists(hint) for name, hint in _hints(shape).items()}
        fields = {name: hint if name in needed else NotRequired[hint] for name, hint in made.items()}
        return typing_extensions.TypedDict(shape.__name__, fields)  # type: ignore[operator]
    origin: Any = get_origin(shape)
    if origin in (None, Literal):
        return shape
    held: Any = list if origin in _ARRAYS else Union if origin is types.UnionType else origin
    return held[tuple(_with_lists(one) for one in get_args(shape))]


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
                if get_origin(option) in _ARRAYS or option in (list,):
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
    return shape in (str, int, float, bool, type(None)) or get_origin(shape) in (Literal, *_ARRAYS)


def _worded(faults: Sequence[ErrorDetails], value: Any, shape: Any, param: str) -> errors.ApiError:
    """Turn the first of pydantic's findings into the service's words."""
    found = max(faults, key=lambda one: (_depth(one["loc"]), one["type"] == "literal_error"))
    path, inner, held = param, value, _plain(shape)
    for number, step in enumerate((*found["loc"], None), 1):
        if _is_union(held) and isinstance(inner, Mapping) and (fault := _in_union(inner, held, path)):
            return fault
        if _is_union(held) and isinstance(inner, list):
            held = next((one for one in map(_plain, get_args(held)) if get_origin(one) in _ARRAYS), held)
        gone = found["type"] == "missing" and number == len(found["loc"])
        if isinstance(inner, Mapping) and isinstance(step, str) and (step in inner or gone):
            path, inner = (f"{path}.{step}" if path else step), inner.get(step)
            within = _hints(held).get(step) if typing_extensions.is_typeddict(held) else (None, *get_args(held))[-1]
            held = _plain(within)
        elif isinstance(inner, list) and isinstance(step, int) and step < len(inner):
            path, inner, held = f"{path}[{step}]", inner[step], _plain((None, *get_args(held))[-1])
    if found["type"] == "missing":
        return errors.missing(path)
    if found["type"] == "literal_error" and isinstance(inner, str):
        return errors.invalid_value(inner, re.findall(r"'([^']*)'", found["ctx"]["expected"]), path)
    return errors.invalid_type(path, _CALLED.get(path) or _expected(held), inner)


def _is_union(shape: Any) -> bool:
    return get_origin(shape) in (Union, types.UnionType)


def _in_union(value: Mapping[str, Any], union: Any, param: str) -> errors.ApiError | None:
    """Return what is wrong with an object that is none of a union: what the member says that its `type` names.

    None where nothing tells which member is meant.
    """
    options = [option for option in map(_plain, get_args(union)) if typing_extensions.is_typeddict(option)]
    kinds = {kind: option for option in options for kind in get_args(_plain(_hints(option).get("type")))}
    try:
        if len(options) == 1:
            check(value, options[0], param)
        elif all("type" in _hints(option) for option in options) and options:
            if (kind := kind_of(value, param)) not in kinds:
                return errors.invalid_value(kind, tuple(kinds), f"{param}.type")
            check(value, kinds[kind], param)
    except errors.ApiError as fault:
        return fault
    return None


def _expected(shape: Any) -> str:
    """Return what the service calls a type."""
    if get_origin(shape) is Literal:
        return _one_of(get_args(shape))
    if get_origin(shape) in _ARRAYS:
        held = _plain(get_args(shape)[0])
        called = _expected(held)
        if get_origin(held) is Literal:
            return f"an array of {called}"
        return "an array" if called.startswith("one of") else f"an array of {called.partition(' ')[2]}s"
    if _is_union(shape):
        first, *others = dict.fromkeys(_expected(_plain(option)) for option in get_args(shape))
        words = [first, *(re.sub(r"^(an?|one of) ", "", other) for other in others)]
        if len(words) < 3:
            return first if not others else f"one of {' or '.join(words)}"
        return f"one of {', '.join(words[:-1])}, or {words[-1]}"
    name = _NAMES.get(shape, "object")
    return f"{'an' if name[0] in 'aeio' else 'a'} {name}"


def _one_of(allowed: Sequence[str]) -> str:
    """Return `one of 'a', 'b', or 'c'`; here the service shortens long names (20 letters as probed, 12 it leaves)."""
    return "one of " + errors.listed([one if len(one) < 20 else f"{one[:3]}...{one[-3:]}" for one in allowed], "or")


def _depth(loc: tuple[int | str, ...]) -> int:
    return len([step for step in loc if isinstance(step, int) or step.islower()])
