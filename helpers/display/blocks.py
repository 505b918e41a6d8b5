"""The few building blocks of every display; each renders itself as HTML and as plain text.

HTML is semantic first: with styles, classes and ids stripped (GitHub does it) headings, tables, folds and code remain.
The inline styles use only neutral greys and the reader's own colours, so they serve light and dark alike.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from textwrap import indent
from typing import Protocol

from helpers.display.markdown import render
from helpers.display.text import clean, count

_GREY = "rgba(128,128,128,.45)"
_CODE = "white-space:pre-wrap;margin:.3em 0"
# JupyterLab's sanitiser lets only the first kind of wrapping pass; the second also narrows a table.
_WHOLE = "max-width:62em;overflow-wrap:break-word;overflow-wrap:anywhere"
_PIECES = re.compile(r"\S{28}|(?:\S{1,27}(?:\s+|$))+|\s+")
_FOLD_LINES = 12  # what a terminal sees of a fold, which it cannot open


class Block(Protocol):
    """One part of a display."""

    def html(self) -> str: ...
    def plain(self) -> str: ...


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


def _text(text: str) -> str:
    """Text between tags. Quotes stay as they are: JSON is full of them, and five characters more for each add up."""
    return escape(text, quote=False)


def _inline_html(part: Cell) -> str:
    if isinstance(part, str):
        return _text(part)
    if isinstance(part, Strong):
        return f"<strong>{_text(part.text)}</strong>"
    if isinstance(part, Mono):
        # Ids are long: where a line is narrow they may break.
        return f"<code>{'<wbr>'.join(map(_text, _PIECES.findall(part.text)))}</code>"
    return "".join(map(_inline_html, part))


def _inline_plain(part: Cell) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, Strong | Mono):
        return part.text
    return "".join(map(_inline_plain, part))


@dataclass
class Line:
    """A line of words; a quiet one is small print."""

    parts: Cell
    quiet: bool = False

    def html(self) -> str:
        words = _inline_html(self.parts)
        if self.quiet:
            return f'<p style="opacity:.75;margin:.4em 0 0"><small>{words}</small></p>'
        return f'<p style="margin:.4em 0">{words}</p>'

    def plain(self) -> str:
        return _inline_plain(self.parts)


@dataclass
class Words:
    """Text with its own line breaks, shown as it is."""

    text: str

    def html(self) -> str:
        lines = _text(self.text).replace("\n", "<br>")
        return f'<p dir="auto" style="margin:.4em 0">{lines}</p>'

    def plain(self) -> str:
        return self.text


@dataclass
class Prose:
    """Markdown from a model: rendered, with raw HTML off and pictures as text."""

    text: str

    def html(self) -> str:
        return f'<div dir="auto">{render(clean(self.text))}</div>'

    def plain(self) -> str:
        return self.text


@dataclass
class Code:
    """Code, JSON or what a program printed."""

    text: str

    def html(self) -> str:
        return f'<pre style="{_CODE}"><code>{_text(self.text)}</code></pre>'

    def plain(self) -> str:
        return indent(self.text, "    ", lambda line: True)


@dataclass
class Table:
    """Rows under a head. `numbers` names the columns that are aligned right."""

    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    numbers: Sequence[int] = ()

    def html(self) -> str:
        # Sides are said twice: JupyterLab's style sheet aligns every cell right, GitHub takes styles away. A cell is
        # left without a word, a head is not.
        number, words = 'align="right" style="vertical-align:top;white-space:nowrap"', "text-align:left"
        starts = [number if i in self.numbers else f'style="vertical-align:top;{words}"' for i in range(len(self.head))]
        sides = [number if i in self.numbers else f'align="left" style="{words}"' for i in range(len(self.head))]
        head = "".join(f'<th scope="col" {s}>{_text(h)}</th>' for s, h in zip(sides, self.head, strict=True))
        rows = ["".join(f"<td {s}>{_inline_html(c)}</td>" for s, c in zip(starts, r, strict=True)) for r in self.rows]
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        return f'<table style="margin:.4em 0"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'

    def plain(self) -> str:
        grid = [list(self.head)] + [[_inline_plain(c).replace("\n", " ") for c in row] for row in self.rows]
        widths = [max(len(row[i]) for row in grid) for i in range(len(self.head))]
        lines = []
        for row in grid:
            sides = [
                c.rjust(w) if i in self.numbers else c.ljust(w)
                for i, (c, w) in enumerate(zip(row, widths, strict=True))
            ]
            lines.append("  ".join(sides).rstrip())
        lines.insert(1, "  ".join("-" * w for w in widths))
        return "\n".join(lines)


@dataclass
class Fold:
    """Something long or secondary: one line that opens. A terminal gets the first lines of it."""

    summary: Cell
    blocks: Sequence[Block]
    opened: bool = False

    def html(self) -> str:
        state = " open" if self.opened else ""
        inner = "".join(block.html() for block in self.blocks)
        return f'<details{state} style="margin:.3em 0"><summary>{_inline_html(self.summary)}</summary>{inner}</details>'

    def plain(self) -> str:
        body = "\n".join(block.plain() for block in self.blocks).splitlines()
        if not self.opened and len(body) > _FOLD_LINES:
            body[_FOLD_LINES:] = [f"… {count(len(body) - _FOLD_LINES, 'more line')}"]
        return "\n".join([_inline_plain(self.summary), *("  " + line for line in body)])


@dataclass
class Card:
    """One item: a head line, and what belongs to it."""

    head: Cell
    blocks: Sequence[Block] = ()

    def html(self) -> str:
        inner = "".join(block.html() for block in self.blocks)
        style = f"border-left:3px solid {_GREY};padding-left:.8em;margin:.7em 0"
        return f'<div style="{style}"><p style="margin:0 0 .2em">{_inline_html(self.head)}</p>{inner}</div>'

    def plain(self) -> str:
        body = "\n".join(block.plain() for block in self.blocks)
        head = f"[{_inline_plain(self.head)}]"
        return f"{head}\n{indent(body, '  ')}" if body else head


@dataclass
class Display:
    """A finished display. As the last expression of a cell, or through `display()`, a notebook shows its HTML.

    There is no text/markdown beside it: where a front end prefers that, it would load an answer's pictures and typeset
    its dollars, which the HTML here does not.
    """

    blocks: Sequence[Block] = field(default_factory=list)

    def html(self) -> str:
        """The whole as HTML; here, in one place, every unsafe character is made visible."""
        # The two classes keep MathJax away: "$5 and $6" is money here, and an answer may not run LaTeX.
        inner = "".join(block.html() for block in self.blocks)
        return clean(f'<div class="tex2jax_ignore mathjax_ignore" style="{_WHOLE}">{inner}</div>')

    def __str__(self) -> str:
        return clean("\n".join(block.plain() for block in self.blocks))

    __repr__ = __str__

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": str(self)}
