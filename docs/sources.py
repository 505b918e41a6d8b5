"""Where a fact is from: data/reference/sources.csv, and how a page shows it."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from .tables import DataError, rows, table

CHECKED = "2026-11-25"  # the day on which the sources were read last


@dataclass(frozen=True)
class Source:
    """A page, package or report. `date`: of the text, to the day where it has one, else to the month or year."""

    key: str
    name: str
    what: str
    url: str
    date: str


@functools.cache
def sources() -> dict[str, Source]:
    """Return every source by its key."""
    return {row["key"]: Source(**row) for row in rows("reference/sources.csv")}


def keys(text: str) -> list[str]:
    """Return the keys of sources that a row names, in its order; raises DataError where it names none that there is."""
    found = [key for key in re.findall(r"[A-Z][A-Z0-9]+", text.replace("guide", "GUIDE")) if key in sources()]
    if not found:
        raise DataError(f"No source is named in “{text}”; data/reference/sources.csv has them.")
    return list(dict.fromkeys(found))


def cited(text: str) -> str:
    """Return a row's sources as a page shows them: each with its date, linked where it has an address."""
    shown = []
    for source in (sources()[key] for key in keys(text)):
        name = f"[{source.name}][{source.key}]" if source.url else source.name
        shown.append(f"{name} {source.date}")
    return ", ".join(shown)


def bibliography(page: str) -> str:
    """Return the sources that a page cites, as a table, and the addresses of its links."""
    used = [one for one in sources().values() if re.search(rf"(\[|\| |, ){re.escape(one.name)}(\]\[| \d)", page)]
    listed = [(f"[{one.name}][{one.key}]" if one.url else one.name, one.what, one.date) for one in used]
    links = "\n".join(f"[{one.key}]: {one.url}" for one in used if one.url)
    return f"{table(('source', 'what', 'date'), listed)}\n\n{links}\n"
