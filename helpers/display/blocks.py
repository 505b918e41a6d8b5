"""The few building blocks of every display; each renders itself as HTML and as plain text.

HTML is semantic first: with styles, classes and ids stripped (GitHub does it) headings, tables, folds and code remain.
The inline styles use only neutral greys and the reader's own colours, so they serve light and dark alike.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from textwrap import indent
from typing import Protocol

from helpers.display import inline
from helpers.display.inline import Cell, Strong
from helpers.display.markdown import LIMIT, render
from helpers.display.text import clean, count, cut

_GREY = "rgba(128,128,128,.45)"
_CODE = "white-space:pre-wrap;margin:.3em 0"
# JupyterLab's sanitiser lets only the first kind of wrapping pass; the second also narrows a table.
_WHOLE = "max-width:62em;overflow-wrap:break-word;overflow-wrap:anywhere"
_BLANK = re.compile(r"\n(?=[ \t]*\n)")
_PARTS, _SIZE = 200, 100_000  # parts, and characters, of one card or display: ten times what a lesson shows
_FOLD_LINES = 12  # what a terminal sees of a fold, which it cannot open


class Block(Protocol):
    """One part of a display."""

    def html(self) -> str: ...
    def plain(self) -> str: ...


def _rendered(blocks: Sequence[Block], render: Callable[[Block], str]) -> Iterator[str]:
    """Each block rendered; of so many that they would fill the notebook the first ones, their number, and the last."""
    size = 0
    for number, block in enumerate(blocks):
        left_out = len(blocks) - 1 - number
        if left_out > 0 and (number >= _PARTS or size > _SIZE):
            yield render(Line([Strong("left out"), f": {count(left_out, 'more part')}"]))
            yield render(blocks[-1])
            return
        part = render(block)
        size += len(part)
        yield part


def _html(block: Block) -> str:
    return block.html()


def _plain(block: Block) -> str:
    return block.plain()


@dataclass
class Line:
    """A line of words; a quiet one is small print."""

    parts: Cell
    quiet: bool = False

    def html(self) -> str:
        words = inline.html(self.parts)
        if self.quiet:
            return f'<p style="opacity:.75;margin:.4em 0 0"><small>{words}</small></p>'
        return f'<p style="margin:.4em 0">{words}</p>'

    def plain(self) -> str:
        return inline.plain(self.parts)


@dataclass
class Words:
    """Text with its own line breaks, shown as it is."""

    text: str

    def html(self) -> str:
        lines = inline.escaped(self.text).replace("\n", "<br>")
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
        return cut(self.text, LIMIT)


@dataclass
class Code:
    """Code, JSON or what a program printed."""

    text: str

    def html(self) -> str:
        return f'<pre style="{_CODE}"><code>{inline.escaped(self.text)}</code></pre>'

    def plain(self) -> str:
        return indent(self.text, "    ", lambda line: True)


@dataclass
class Fold:
    """Something long or secondary: one line that opens. A terminal gets the first lines; all, if it is to be copied."""

    summary: Cell
    blocks: Sequence[Block]
    opened: bool = False
    copied: bool = False

    def html(self) -> str:
        state = " open" if self.opened else ""
        inner = "".join(_rendered(self.blocks, _html))
        return f'<details{state} style="margin:.3em 0"><summary>{inline.html(self.summary)}</summary>{inner}</details>'

    def plain(self) -> str:
        body = "\n".join(_rendered(self.blocks, _plain)).splitlines()
        if not self.opened and not self.copied and len(body) > _FOLD_LINES:
            body[_FOLD_LINES:] = [f"… {count(len(body) - _FOLD_LINES, 'more line')}"]
        return "\n".join([inline.plain(self.summary), *("  " + line for line in body)])


@dataclass
class Card:
    """One item: a head line, and what belongs to it."""

    head: Cell
    blocks: Sequence[Block] = ()

    def html(self) -> str:
        inner = "".join(_rendered(self.blocks, _html))
        style = f"border-left:3px solid {_GREY};padding-left:.8em;margin:.7em 0"
        return f'<div style="{style}"><p style="margin:0 0 .2em">{inline.html(self.head)}</p>{inner}</div>'

    def plain(self) -> str:
        body = "\n".join(_rendered(self.blocks, _plain))
        head = f"[{inline.plain(self.head)}]"
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
        inner = "".join(_rendered(self.blocks, _html))
        whole = clean(f'<div class="tex2jax_ignore mathjax_ignore" style="{_WHOLE}">{inner}</div>')
        # In a Markdown page (nbconvert makes such) a blank line would end the HTML, and what follows would be Markdown.
        return _BLANK.sub("&#10;", whole)

    def __str__(self) -> str:
        return clean("\n".join(_rendered(self.blocks, _plain)))

    __repr__ = __str__

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": str(self)}
