"""What a request may have: models, parameters, tools, `include`."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from typing import Any

import typing_extensions
from openai.types.responses import ResponseIncludable
from openai.types.responses.response_create_params import ResponseCreateParamsBase, ToolChoice
from openai.types.responses.tool_param import ToolParam

from simulator import computers, images, shapes
from simulator import models as simulated
from simulator.models import Model
from simulator.parameters import MOVED, UNDECLARED

from . import seen
from .shapes_in_words import literals, required, values
from .sources import CHECKED, cited
from .tables import DataError, described, rows, table

TOOLS: dict[str, Any] = shapes.members(ToolParam)
CHOICES: dict[str, Any] = {"auto": None, "none": None, "required": None, **shapes.members(ToolChoice)}
PARAMETERS: dict[str, Any] = typing_extensions.get_type_hints(ResponseCreateParamsBase, include_extras=True)
INCLUDES = literals(ResponseIncludable)


def models() -> str:
    """Return the models, with their limits, efforts and retirement, and those that draw."""
    body = []
    for model in simulated.models().values():
        efforts = " ".join(f"**{one}**" if one == model.effort else one for one in model.efforts) or "–"
        body.append(
            (
                f"`{model.name}`",
                _version(model),
                f"{model.context:,}",
                f"{model.max_output:,}",
                efforts,
                ", ".join(_lacks(model)) or "–",
                _retires(model.retires, model.replacement),
                seen.shown_in("model", model.name),
                cited(model.source),
            )
        )
    head = ("model", "version", "context", "output at most", "effort", "without", "retires", "lesson", "source")
    reasoning = [one for one in simulated.models().values() if one.reasons]
    refused = sorted({name for one in reasoning for name in one.refuses} - {"text.verbosity"})
    clickers = [one.name for one in simulated.models().values() if computers.fits("computer", one)]
    drawn = [
        (
            f"`{name}`",
            "any that fits" if one.any_size else ", ".join(images.STANDARD),
            ", ".join(one.qualities),
            "yes" if one.transparent else "no",
            _retires(one.retires, None),
            cited("RET IMG" if one.retires else "SDK IMG"),
        )
        for name, one in images.MODELS.items()
    ]
    sizes = ("model", "sizes", "qualities", "transparent", "retires", "source")
    return "\n\n".join(
        (
            _MODELS.format(checked=CHECKED, refused=_listed(refused), clickers=_listed(clickers)),
            table(head, body),
            "### Models that draw",
            f"Behind the tool `image_generation`; on Azure the header `{images.HEADER}` names the deployment.",
            table(sizes, drawn),
        )
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _version(model: Model) -> str:
    date = re.search(r"\d{4}-\d\d-\d\d$", model.served)
    return date[0] if date else f"`{model.served}`"


def _lacks(model: Model) -> Iterator[str]:
    if not model.streams:
        yield "streaming"
    if model.reasons and not model.parallel:
        yield "parallel calls"
    if not model.vision:
        yield "pictures"
    if model.reasons and not model.verbosity:
        yield "verbosity"
    yield from (f"`{tool}`" for tool in model.tools_refused if tool != "computer")


def _retires(date: str | None, replacement: str | None) -> str:
    if date is None:
        return "–"
    past = " (past)" if date <= CHECKED else ""
    return f"{date}{past}" + (f", then `{replacement}`" if replacement else "")


def parameters() -> str:
    """Return the parameters of a request, and where the names of Chat Completions went."""
    listed = described("parameters", "parameter", PARAMETERS, UNDECLARED)
    body = [
        (
            f"`{row['parameter']}`",
            row["what"],
            values(PARAMETERS.get(row["parameter"], bool)),
            row["azure"],
            seen.shown_in("parameter", row["parameter"]),
            cited(row["source"]),
        )
        for row in listed
    ]
    moved = [(f"`{old}`", f"`{new}`", cited("MIG")) for old, new in MOVED.items()]
    return "\n\n".join(
        (
            "Of `client.responses.create`; anything else is refused.",
            table(("parameter", "what", "takes", "Azure", "lesson", "source"), body),
            "### Names from Chat Completions",
            "The service refuses the old name and says the new one, but for `max_tokens`, which it calls unknown. Most "
            "of them the SDK refuses before.",
            table(("there", "here", "source"), moved),
        )
    )


def tools() -> str:
    """Return the tools, their parameters and the forms of `tool_choice`."""
    listed = described("tools", "tool", TOOLS)
    parts = [
        table(
            ("tool", "what", "runs", "Azure", "lesson", "source"),
            [
                (
                    f"`{row['tool']}`",
                    row["what"],
                    row["runs"],
                    row["azure"],
                    seen.shown_in("tool", row["tool"]),
                    cited(row["source"]),
                )
                for row in listed
            ],
        ),
        "### Their parameters",
        "**Bold**: the SDK's type requires it. `computer`, `local_shell` and `programmatic_tool_calling` have none.",
        table(("tool", "parameter", "what", "takes", "Azure", "lesson", "source"), _tool_parameters()),
        "### Which of them may be called now",
        "The forms of `tool_choice`.",
        table(
            ("choice", "what", "Azure", "lesson", "source"),
            [
                (
                    f"`{row['choice']}`",
                    row["what"],
                    row["azure"],
                    seen.shown_in("choice", row["choice"]),
                    cited(row["source"]),
                )
                for row in described("choices", "choice", CHOICES)
            ],
        ),
    ]
    return "\n\n".join(parts)


def _tool_parameters() -> Iterator[tuple[str, ...]]:
    listed = {(row["tool"], row["parameter"]): row for row in rows("reference/tool_parameters.csv")}
    there = {(tool, name) for tool, shape in TOOLS.items() for name in _hints(shape) if name != "type"}
    if missing := sorted(there - set(listed)):
        raise DataError(f"data/reference/tool_parameters.csv has no row for {missing}.")
    if unknown := sorted(set(listed) - there):
        raise DataError(f"data/reference/tool_parameters.csv has rows for what there is not: {unknown}.")
    for (tool, name), row in listed.items():
        mark = "**" if name in required(TOOLS[tool]) else ""
        shown = seen.shown_in("tool parameter", f"{tool}.{name}")
        takes = values(_hints(TOOLS[tool])[name])
        yield f"`{tool}`", f"{mark}`{name}`{mark}", row["what"], takes, row["azure"], shown, cited(row["source"])


@functools.cache
def _hints(shape: Any) -> dict[str, Any]:
    return typing_extensions.get_type_hints(shape, include_extras=True)


def includes() -> str:
    """Return the values of `include`."""
    body = [
        (
            f"`{row['value']}`",
            row["adds"],
            row["azure"],
            seen.shown_in("include", row["value"]),
            cited(row["source"]),
        )
        for row in described("includes", "value", INCLUDES)
    ]
    return table(("value", "adds", "Azure", "lesson", "source"), body)


_MODELS = """\
Figures are tokens; the **bold** effort is the one in force if you name none. Retirement dates are scheduled ones and
have moved before; *past* is as of {checked}. Models that reason refuse {refused}, with every effort as far as Azure's
pages say. The larger contexts hold input and output together, at most 922,000 tokens of input.

The tool `computer` is for {clickers}."""
