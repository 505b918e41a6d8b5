"""The quick reference: every table is what the simulator, the SDK or data/reference says, with its source."""

from __future__ import annotations

import importlib
import re
from typing import Any

import openai

from simulator import chunks
from simulator.files import _AZURE, _OPENAI

from . import answered, asked, seen
from .sources import CHECKED, bibliography, cited
from .tables import DataError, described, rows, table


def page() -> str:
    """Return the page; raises DataError where data/reference and the SDK's types disagree."""
    parts = [_HEAD.format(sdk=openai.__version__, checked=CHECKED)]
    for title, section in _SECTIONS.items():
        parts.append(f"## {title}\n\n{section()}")
    text = "\n\n".join(parts)
    return f"{text}\n\n## Sources\n\nOnly those that this page cites, read last on {CHECKED}.\n\n{bibliography(text)}"


def _files() -> str:
    purposes = [
        (f"`{row['purpose']}`", row["what"], row["azure"], row["openai"], cited(row["source"]))
        for row in described("purposes", "purpose", {*_AZURE, *_OPENAI})
    ]
    for row in rows("reference/purposes.csv"):
        if (row["azure"], row["openai"]) != tuple(
            "yes" if row["purpose"] in there else "no" for there in (_AZURE, _OPENAI)
        ):
            raise DataError(f"data/reference/purposes.csv and simulator/files.py disagree about {row['purpose']}.")
    types = [
        (
            f"`{row['extension']}`",
            ", ".join(f"`{one}`" for one in row["mime_type"].split(" or ")),
            row["kind"],
            "yes" if row["extension"] in chunks.SUPPORTED else "–",
            cited(f"RA {row['source']}"),
        )
        for row in rows("file_types.csv")
    ]
    more = sorted(chunks.SUPPORTED - {row["extension"] for row in rows("file_types.csv")})
    return "\n\n".join(
        (
            "### What an upload is for",
            table(("purpose", "what", "Azure", "OpenAI", "source"), purposes),
            "### Types",
            _TYPES.format(more=", ".join(f"`{one}`" for one in more), sdk=cited("SDK"), ra=cited("RA")),
            table(("type", "MIME type", "kind", "file_search", "source"), types),
        )
    )


def _limits() -> str:
    body = []
    for row in rows("reference/limits.csv"):
        limit = re.sub(r"\{([\w.]+)(?: (\w+))?\}", _figure, row["limit"])
        body.append(
            (row["of"], row["what"], limit, seen.lesson(row["lesson"]) if row["lesson"] else "", cited(row["source"]))
        )
    return "\n\n".join((_LIMITS, table(("of", "what", "limit", "lesson", "source"), body)))


_UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400, "MB": 1024**2}


def _figure(found: re.Match[str]) -> str:
    """Return the figure of a module of the simulator's (or of openai), such as {store.RETENTION days}."""
    module, *path = found[1].split(".")
    value: Any = importlib.import_module(module if module == "openai" else f"simulator.{module}")
    for step in path:
        if isinstance(value, dict):
            value = value[step]
        else:
            value = value[int(step)] if step.isdigit() else getattr(value, step)
    if found[2] is None:
        return f"{value:,}"
    figure = value / _UNITS[found[2]]
    return f"{figure:,g} {found[2] if figure != 1 else found[2].removesuffix('s')}"


_HEAD = """\
# Quick reference

What this collection knows about the Azure OpenAI Responses API, in tables: made by `make reference` from the data
that the simulator and the lessons use, from the types of openai {sdk}, and from [data/reference](../data/reference).
Checked {checked} against the sources that stand at the end of each row; no live resource was reached, so the word of
a source is what there is. **Azure** says what is known of it there: **yes**, a page or sample of Microsoft's shows it;
**reported**, it was seen there, in a recording or by a user; **not shown**, the SDK has it and no source on Azure
does; **no**, it is refused. **Lesson** leads to the lesson that shows it most.

[Models](#models) · [Parameters](#parameters) · [Tools](#tools) · [Include](#include) · [Statuses](#statuses) ·
[Items](#items) · [Events](#events) · [Errors](#errors) · [Files](#files) · [Limits](#limits) · [Sources](#sources)

What the guide of 2025 said, and what has changed: [what_changed.md](what_changed.md). What the simulator is exact
about: [simulator.md](simulator.md)."""

_TYPES = """\
The files that the code interpreter takes ({ra}, the same 30 as in the guide), and which of them file search reads. It
also reads {more} ({sdk}). A PDF can go into a prompt, with `input_file`; pictures (`input_image`) may be PNG, JPEG,
WebP and GIF that does not move ({ra})."""

_LIMITS = "The service's. What bounds the simulator besides is in [simulator.md](simulator.md)."

_SECTIONS = {
    "Models": asked.models,
    "Parameters": asked.parameters,
    "Tools": asked.tools,
    "Include": asked.includes,
    "Statuses": answered.statuses,
    "Items": answered.items,
    "Events": answered.events,
    "Errors": answered.errors,
    "Files": _files,
    "Limits": _limits,
}
