"""Reads scripts, and finds what is wrong in one before anybody asks: data/scripts/README.md describes the format."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml


class ScriptError(Exception):
    """A script that cannot be read; the message names the file and the turn."""


def load(path: Path) -> list[dict[str, Any]]:
    """Return the turns of a script, or of all in a folder in the order of their names (*.yaml).

    Raises ScriptError naming the file, the turn and what is wrong.
    """
    if path.is_dir():
        scripts = sorted(path.glob("*.yaml"))
        if not scripts:
            raise ScriptError(f"There is no script in {path}: the name of a script ends in .yaml.")
        return [turn for script in scripts for turn in load(script)]
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise ScriptError(f"{path.name} is not YAML: {error}") from error
    except UnicodeDecodeError as error:
        raise ScriptError(f"{path.name} is not text in UTF-8: save it as such.") from error
    except OSError as error:
        raise ScriptError(f"{path.name} cannot be read: {error.strerror}.") from error
    if data is None:
        return []
    if not isinstance(data, list):
        raise ScriptError(f"{path.name}: a script is a list of turns, each with `when` and `say`.")
    turns = []
    for number, turn in enumerate(data, 1):
        try:
            turns.append(_turn(turn))
        except ValueError as error:
            raise ScriptError(f"{path.name}, turn {number}: {error}") from None
    return turns


class _Shape(NamedTuple):
    """What a condition, a step or a member takes."""

    words: str
    holds: Callable[[Any], bool]


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_text, value))


def _is_whole(value: Any) -> bool:
    return type(value) is int and value >= 0  # true and false are whole numbers to Python


def _is_number(value: Any) -> bool:
    return _is_whole(value) or (isinstance(value, float) and 0 <= value < math.inf)


def _is_mapping(value: Any) -> bool:
    return isinstance(value, dict)


def _mappings_with(*members: str) -> Callable[[Any], bool]:
    def hold(value: Any) -> bool:
        return (
            isinstance(value, list)
            and bool(value)
            and all(isinstance(one, dict) and all(_is_text(one.get(member)) for member in members) for one in value)
        )

    return hold


def _one_of(*names: str) -> _Shape:
    return _Shape(f"{', '.join(names[:-1])} or {names[-1]}", lambda value: value in names)


_TEXT = _Shape("text", _is_text)
_TEXTS = _Shape("text or a list of texts", lambda value: _is_text(value) or _are_texts(value))
_QUERIES = _Shape("a list of texts", _are_texts)
_WHOLE = _Shape("a whole number", _is_whole)
_SECONDS = _Shape("a number of seconds", _is_number)
_ARGUMENTS = _Shape("a mapping", lambda value: value is None or _is_mapping(value))

_CONDITIONS = {
    "input": _TEXT,
    "contains": _TEXTS,
    "instructions": _TEXT,
    "told": _TEXTS,
    "tools": _TEXTS,
    "outputs": _Shape("true, text or a list of texts", lambda value: value is True or _TEXTS.holds(value)),
    "model": _TEXT,
    "turn": _WHOLE,
    "schema": _TEXT,
    "effort": _TEXTS,
    "verbosity": _TEXT,
    "step": _WHOLE,
    "detail": _TEXT,
    "approved": _Shape("true, false or the name of a tool", lambda value: isinstance(value, bool | str)),
    "remembers": _TEXTS,
}
_STEPS: dict[str, _Shape | dict[str, _Shape]] = {  # what it takes, or its members
    "text": _TEXT,
    "preamble": _TEXT,
    "reasoning": {"summary": _TEXTS, "tokens": _WHOLE},
    "call": {"name": _TEXT, "arguments": _ARGUMENTS},
    "custom": {"name": _TEXT, "input": _TEXT},
    "json": _Shape("JSON", lambda value: True),
    "refusal": _TEXT,
    "code": _TEXT,
    "mcp": {"server": _TEXT, "name": _TEXT, "arguments": _ARGUMENTS},
    "search": {"query": _TEXT, "queries": _QUERIES, "open": _TEXT, "find": _TEXT, "in": _TEXT},
    "file_search": {"query": _TEXT, "queries": _QUERIES},
    "image": {
        "prompt": _TEXT,
        "size": _Shape("auto, 1024x1024 or the like", lambda value: bool(re.fullmatch(r"auto|\d+x\d+", str(value)))),
        "quality": _one_of("auto", "low", "medium", "high"),
        "background": _one_of("auto", "transparent", "opaque"),
        "output_format": _one_of("png", "jpeg", "webp"),
        "revised_prompt": _TEXT,
    },
    "computer": {
        "actions": _Shape("a list of mappings with `type`", _mappings_with("type")),
        "checks": _Shape("a list of {code: …, message: …}", _mappings_with("code", "message")),
    },
    "pause": _SECONDS,
}
_REQUIRED = {"name", "input", "server", "prompt", "actions"}  # members that their step cannot do without
_SEARCHES = ({"query"}, {"queries"}, {"open"}, {"find", "in"})


def _turn(turn: Any) -> dict[str, Any]:
    """Return a turn with its steps as a list; raises ValueError saying what is wrong."""
    if not isinstance(turn, dict) or not {"when", "say"} <= set(turn) <= {"when", "say", "pace"}:
        raise ValueError("a turn has `when` and `say`, and may have `pace`.")
    when, say, pace = turn["when"], turn["say"], turn.get("pace") or {}
    _check("when", when, _Shape("conditions, as `input: Hello`", _is_mapping))
    if unknown := sorted(map(str, when.keys() - _CONDITIONS.keys())):
        raise ValueError(f"unknown condition {unknown}; there are {sorted(_CONDITIONS)}.")
    for name, value in when.items():
        _check(name, value, _CONDITIONS[name])
    told = when.get("told", [])
    for pattern in told if isinstance(told, list) else [told]:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"`told`: {pattern!r} is no pattern: {error}.") from None
    _check("say", say, _Shape("text or a list of steps", lambda value: isinstance(value, str | list) and bool(value)))
    steps = [{"text": say}] if isinstance(say, str) else say
    for step in steps:
        if not isinstance(step, dict) or len(step) != 1 or not step.keys() <= _STEPS.keys():
            raise ValueError(f"a step is one of {sorted(_STEPS)}, not {step!r}.")
        _check_step(*next(iter(step.items())))
    _check("pace", pace, _Shape("{first: seconds}", _is_mapping))
    _check_members("pace", pace, {"first": _SECONDS})
    return {"when": when, "say": steps, "pace": pace}


def _check_step(kind: str, value: Any) -> None:
    shape = _STEPS[kind]
    if kind == "reasoning" and not isinstance(value, dict):
        value = {"summary": value}
    if isinstance(shape, _Shape):
        _check(kind, value, shape)
    else:
        names = f"a mapping with {', '.join(shape)}"
        _check(kind, value, _Shape(names, lambda value: _is_mapping(value) and bool(value)))
        _check_members(kind, value, shape)
    if kind in ("search", "file_search") and value.keys() not in _SEARCHES:
        raise ValueError(f"`{kind}` takes query, or queries, or open, or find with in; not {' with '.join(value)}.")
    for wrong in _no_json(value):
        raise ValueError(f"`{kind}` holds {wrong}, which JSON has not: put it in quotes.")


def _check_members(name: str, value: dict[Any, Any], members: dict[str, _Shape]) -> None:
    for member in value:
        if member not in members:
            raise ValueError(f"`{name}` knows no `{member}`: it takes {', '.join(members)}.")
    for member, shape in members.items():
        if member in value:
            _check(f"{name}.{member}", value[member], shape)
        elif member in _REQUIRED:
            raise ValueError(f"`{name}` lacks `{member}`.")


def _check(name: str, value: Any, shape: _Shape) -> None:
    """Raise ValueError unless a value is what `name` takes."""
    if shape.holds(value):
        return
    if value is None or value == [] or value == {}:
        raise ValueError(f"`{name}` is empty: it takes {shape.words}.")
    quotes = ": put it in quotes" if shape.words.startswith("text") and _plain(value) is not None else ""
    raise ValueError(f"`{name}` takes {shape.words}, not {_seen(value)}{quotes}.")


def _plain(value: Any) -> Any:
    """Return what YAML has read as a number, a date, true or false: the value itself, or the first such in a list."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, bool | int | float | datetime.date):
            return one
    return None


def _no_json(value: Any) -> Iterator[str]:
    """Say which parts of a value JSON cannot say: dates, numbers that are none, names that are no text."""
    if isinstance(value, dict):
        yield from (f"{_seen(name)} as a name" for name in value if not isinstance(name, str))
        yield from (wrong for inner in value.values() for wrong in _no_json(inner))
    elif isinstance(value, list):
        yield from (wrong for inner in value for wrong in _no_json(inner))
    elif (isinstance(value, float) and not math.isfinite(value)) or not isinstance(value, str | int | float | None):
        yield _seen(value)


def _seen(value: Any) -> str:
    """Say what YAML has read."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"the value {str(value).lower()}"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, datetime.date):
        return f"the date {value}"
    if isinstance(value, str):
        return f"the text {value!r}"
    if isinstance(value, list):
        return "a list" if _plain(value) is None else f"a list with {_seen(_plain(value))}"
    return "a mapping" if isinstance(value, dict) else f"a {type(value).__name__}"
