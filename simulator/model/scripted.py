"""The scripted model: the first turn of a script whose `when` matches speaks; else another speaker does.

The format is described in data/scripts/README.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, Callable, Iterator
from pathlib import Path
from typing import Any

from .. import grammars
from ..items import hosted_text, text_of
from ..tools import mcp
from . import (
    CustomCall,
    FunctionCall,
    Hosted,
    Pause,
    Preamble,
    Reasoning,
    Refusal,
    Source,
    Speaker,
    Step,
    Turn,
    examples,
)
from .scripts import load


class _CannotSay(Exception):
    """A scripted answer quotes something that no tool answered."""


class Scripted:
    """Speaks from a script, and lets `otherwise` speak where the script has nothing."""

    def __init__(self, script: Path | None, otherwise: Speaker) -> None:
        self._turns = load(script) if script is not None else []
        self._otherwise = otherwise

    async def speak(self, turn: Turn) -> AsyncGenerator[Step, dict[str, Any] | None]:
        steps = self._steps(turn)
        speech = self._otherwise.speak(turn) if steps is None else _said(steps, turn)
        item: dict[str, Any] | None = None
        try:
            step = await anext(speech)
            while True:
                item = yield step
                step = await speech.asend(item)
        except StopAsyncIteration:
            return
        finally:
            await speech.aclose()

    def _steps(self, turn: Turn) -> list[Step | dict[str, Any]] | None:
        for scripted in self._turns:
            if _matches(scripted["when"], turn):
                try:
                    steps: list[Step | dict[str, Any]] = []
                    for one in scripted["say"]:
                        steps += [one] if _waits(one, scripted["say"]) else _worded(one, turn)
                except _CannotSay:
                    continue  # a tool answered something else than the script expects
                if _calls_if_it_must(steps, turn) and all(isinstance(one, dict) or _fits(one, turn) for one in steps):
                    return [Pause(scripted["pace"]["first"]), *steps] if scripted["pace"].get("first") else steps
        return None


def _waits(step: dict[str, Any], said: list[dict[str, Any]]) -> bool:
    """Whether a step can only be worded once a tool that the service runs, earlier in the same turn, has answered."""
    before = said[: next(number for number, one in enumerate(said) if one is step)]
    return not {"text", "json"}.isdisjoint(step) and any(set(one) & {"code", *HOSTED} for one in before)


async def _said(steps: list[Step | dict[str, Any]], turn: Turn) -> AsyncGenerator[Step, dict[str, Any] | None]:
    for step in steps:
        if isinstance(step, dict):
            try:
                for one in _worded(step, turn):
                    yield one
            except _CannotSay as fault:
                yield f"(The script quotes what no tool answered: {fault.__cause__}.)"
        else:
            yield step


def _matches(when: dict[str, Any], turn: Turn) -> bool:
    request = turn.request
    users = turn.users()
    prompt = _fold(text_of(users[-1])) if users else ""
    outputs = [text_of(output) for _, output in turn.answered()]
    approvals = mcp.decisions(turn.context)
    remembered = "\n".join(turn.remembered).lower()
    if bool(when.get("outputs") or when.get("step")) != bool(outputs):
        return False
    if "approved" in when and not _approved(when["approved"], approvals, turn):
        return False
    if "approved" not in when and approvals:
        return False
    checks: dict[str, Callable[[Any], bool]] = {
        "input": lambda wanted: prompt == _fold(wanted),
        "contains": lambda wanted: all(one.lower() in prompt.lower() for one in _many(wanted)),
        "instructions": lambda wanted: wanted.lower() in "\n".join(turn.instructions()).lower(),
        "told": lambda wanted: all(re.search(one, _told(turn), re.IGNORECASE) for one in _many(wanted)),
        "tools": lambda wanted: set(_many(wanted)) <= {tool.get("name") or tool["type"] for tool in turn.tools},
        "outputs": lambda wanted: wanted is True or all(one in "\n".join(outputs) for one in _many(wanted)),
        "model": lambda wanted: request.deployment.startswith(wanted),
        "turn": lambda wanted: len(users) == wanted,
        "schema": lambda wanted: request.text["format"].get("name") == wanted,
        "step": lambda wanted: len(outputs) == wanted,
        "effort": lambda wanted: request.effort in _many(wanted),
        "verbosity": lambda wanted: request.text["verbosity"] == wanted,
        "detail": lambda wanted: any(part.get("detail") == wanted for part in (users[-1]["content"] if users else ())),
        "approved": lambda wanted: True,
        "remembers": lambda wanted: all(one.lower() in remembered for one in _many(wanted)),
    }
    return all(checks[name](wanted) for name, wanted in when.items())


def _told(turn: Turn) -> str:
    """Return what a request tells the model besides the conversation: instructions, and every text in its tools."""

    def texts(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            for inner in value.values() if isinstance(value, dict) else value:
                yield from texts(inner)

    return "\n".join([*turn.instructions(), *texts(turn.tools)])


def _approved(wanted: bool | str, decisions: list[dict[str, Any]], turn: Turn) -> bool:
    """Whether the one decision that was just sent is this: True, False, or True for the tool of this name."""
    if isinstance(wanted, bool):
        return [item["approve"] for item in decisions] == [wanted]
    names = {item["id"]: item["name"] for item in turn.context if item["type"] == "mcp_approval_request"}
    return [(item["approve"], names.get(item["approval_request_id"])) for item in decisions] == [(True, wanted)]


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _fold(text: str) -> str:
    return " ".join(text.split())


def _worded(step: dict[str, Any], turn: Turn) -> list[Step]:
    """Return what a step of a script says: one thing, or a text and the citations in it."""
    ((kind, value),) = step.items()
    if kind == "text":
        return _cited(_filled(value, turn), turn)
    return [_step(kind, value, turn)]


def _step(kind: str, value: Any, turn: Turn) -> Step:
    if kind == "preamble":
        return Preamble(_filled(value, turn))
    if kind == "reasoning":
        value = value if isinstance(value, dict) else {"summary": value}
        summary = value.get("summary") or []
        return Reasoning(tuple(_many(summary)), value.get("tokens"))
    if kind == "call":
        return FunctionCall(
            value["name"], json.dumps(value.get("arguments") or {}, ensure_ascii=False, separators=(",", ":"))
        )
    if kind == "json":
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if kind == "refusal":
        return Refusal(value)
    if kind == "custom":
        return CustomCall(value["name"], value["input"])
    if kind == "pause":
        return Pause(float(value))
    if kind == "code":
        return Hosted("code_interpreter", {"code": value})
    return Hosted(HOSTED[kind], dict(value))


# Steps that the service's own tools carry out: the step's name in a script -> the kind of Hosted step.
HOSTED = {
    "mcp": "mcp",
    "image": "image_generation",
    "search": "web_search",
    "file_search": "file_search",
    "computer": "computer",
}


def _fits(step: Step, turn: Turn) -> bool:
    """Whether the service's constraints would let the model say this: tools on offer, schemas, grammars."""
    if isinstance(step, FunctionCall):
        tool = next((one for one in turn.tools if one["type"] == "function" and one["name"] == step.name), None)
        return tool is not None and (not tool["strict"] or examples.fits(tool["parameters"], step.arguments))
    if isinstance(step, CustomCall):
        tool = next((one for one in turn.tools if one["type"] == "custom" and one["name"] == step.name), None)
        if tool is None or tool["format"]["type"] != "grammar":
            return tool is not None
        return grammars.accepts(grammars.grammar(tool["format"]["syntax"], tool["format"]["definition"]), step.input)
    if isinstance(step, Hosted):
        return _on_offer(step, turn)
    text_format = turn.request.text["format"]
    if isinstance(step, str) and text_format["type"] == "json_schema":
        return examples.fits(text_format["schema"], step)
    return True


def _calls_if_it_must(steps: list[Step | dict[str, Any]], turn: Turn) -> bool:
    """Whether a tool is called where one has to be: in every response, also once a tool has answered."""
    done = any(hosted_text(item) is not None for item in turn.output)
    return not turn.must_call or done or any(isinstance(one, FunctionCall | CustomCall | Hosted) for one in steps)


def _on_offer(step: Hosted, turn: Turn) -> bool:
    if step.kind == "mcp":
        wanted = (step.arguments.get("server"), step.arguments.get("name"))
        return any((label, tool["name"]) == wanted for label, tool in mcp.on_offer(turn))
    return any(tool["type"].startswith(step.kind) for tool in turn.tools)


def _filled(text: str, turn: Turn) -> str:
    """Fill in what tools answered: {{ name.member }} for JSON outputs, {{ name }} for text, {{ outputs[0] }}.

    `calls` holds the caller's own calls in the order in which they were made, each with name, arguments and output.
    """
    if "{{" not in text and "{%" not in text:
        return text
    import jinja2.sandbox  # only for answers that quote tools

    values: dict[str, Any] = {"outputs": [], "calls": _calls(turn), "found": turn.found}
    values["cite"] = lambda words: _CITED.format(turn.found.index(_source(words, turn.found)))
    answers = [(call.get("name") or call["type"], text_of(output)) for call, output in turn.answered()]
    answers += [
        (item.get("name") or item["type"], said) for item in turn.output if (said := hosted_text(item)) is not None
    ]
    for name, answer in answers:
        value = _parsed(answer)
        values["outputs"].append(value)
        values.setdefault(name, value)
    environment = jinja2.sandbox.SandboxedEnvironment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True)
    try:
        return environment.from_string(text).render(values)
    except jinja2.TemplateError as error:
        raise _CannotSay from error


# Where a text cites what a search found: characters that nobody types, around its number.
_CITED = "\ue000{}\ue001"


def _source(words: str, found: list[Source]) -> Source:
    """Return the first source whose address or title has these words; a citation of anything else is not possible."""
    for source in found:
        if words.lower() in f"{source.url} {source.title} {source.filename}".lower():
            return source
    raise _CannotSay from LookupError(f"no search of this turn found '{words}'")


def _cited(text: str, turn: Turn) -> list[Step]:
    pieces: list[Step] = []
    for number, piece in enumerate(re.split("\ue000(\\d+)\ue001", text)):
        if number % 2 and int(piece) < len(turn.found):
            pieces += turn.found[int(piece)].cited()
        elif piece or not pieces:
            pieces.append(piece)
    return pieces


def _calls(turn: Turn) -> list[dict[str, Any]]:
    answered = [
        {
            "name": call["name"],
            "arguments": _parsed(call["arguments"]) if "arguments" in call else call["input"],
            "output": _parsed(text_of(output)),
            "made": turn.context.index(call),
        }
        for call, output in turn.answered()
        if call["type"] in ("function_call", "custom_tool_call")
    ]
    return sorted(answered, key=lambda call: call["made"])


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
