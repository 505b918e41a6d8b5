"""Words in a line: plain, strong, or as code."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_PIECES = re.compile(r"\S{28}|(?:\S{1,27}(?:\s+|$))+|\s+")


@dataclass(frozen=True)
class Strong:
    """Inline: emphasised words."""

    text: str


@dataclass(frozen=True)
class Mono:
    """Inline: a name, an id or a value, as code."""

    text: str


Inline = str | Strong | Mono
Cell = Inline | Sequence[Inline]


def escaped(text: str) -> str:
    """Text between tags. Quotes stay as they are: JSON is full of them, and five characters more for each add up."""
    return escape(text, quote=False)


def html(part: Cell) -> str:
    """The words as HTML."""
    if isinstance(part, str):
        return escaped(part)
    if isinstance(part, Strong):
        return f"<strong>{escaped(part.text)}</strong>"
    if isinstance(part, Mono):
        # Ids are long: where a line is narrow they may break.
        return f"<code>{'<wbr>'.join(map(escaped, _PIECES.findall(part.text)))}</code>"
    return "".join(map(html, part))


def plain(part: Cell) -> str:
    """The words alone."""
    if isinstance(part, str):
        return part
    if isinstance(part, Strong | Mono):
        return part.text
    return "".join(map(plain, part))
