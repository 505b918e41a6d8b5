"""Markdown from a model, as HTML that can do nothing by itself.

Raw HTML is off, pictures become words (a picture's address is how a page "phones home"), a link shows where it leads,
and only http, https and mailto links are links at all.
"""

from collections.abc import MutableMapping, Sequence
from functools import cache
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from helpers.display.text import cut, one_line

Env = MutableMapping[str, Any]

_DEPTH = 16  # levels; a list has two (the list and its item), so this is eight lists in each other
_MANY = 4_000  # tokens; a cell of a table has three, and is twenty times as long in HTML
LIMIT = 50_000  # characters; an answer of the longest kind, so that a hostile one cannot fill a notebook


def render(text: str) -> str:
    """HTML of a Markdown text (CommonMark, tables, strike-through). Headings start at h4, below a lesson's own.

    Lists and quotes that nest deeper than any page is wide, and tables of thousands of cells, stay as they are written.
    """
    parser, text = _parser(), cut(text, LIMIT)
    tokens = parser.parse(text)
    if all(token.level < _DEPTH for token in tokens) and len(tokens) < _MANY:
        return str(parser.renderer.render(tokens, parser.options, {}))
    return f'<pre style="white-space:pre-wrap">{escape(text, quote=False)}</pre>'


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "maxNesting": 100}, renderer_cls=_Renderer)
    parser.inline.ruler.before("escape", "mathematics", _mathematics)
    return parser.enable(["table", "strikethrough"])


def _mathematics(state: StateInline, silent: bool) -> bool:
    r"""Keep \( \) \[ \], which models put around formulas: nothing typesets them here, so they stay to be seen."""
    two = state.src[state.pos : state.pos + 2]
    if two not in (r"\(", r"\)", r"\[", r"\]"):
        return False
    if not silent:
        state.pending += two
    state.pos += 2
    return True


def _safe(href: str) -> bool:
    return href.lower().startswith(("http://", "https://", "mailto:"))


class _Renderer(RendererHTML):
    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        token = tokens[idx]
        alt, where = escape(one_line(token.content or "no description")), escape(one_line(token.attrs["src"], 120))
        return f"(picture, not loaded: {alt} → <code>{where}</code>)"

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        href = str(tokens[idx].attrs["href"])
        # Underlined, since JupyterLab tells a link from the words around it by its colour alone.
        how = 'rel="noopener noreferrer nofollow" style="text-decoration:underline"'
        return f'<a href="{escape(href)}" {how}>' if _safe(href) else ""

    def link_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        opener = next(i for i in range(idx, -1, -1) if tokens[i].type == "link_open")  # links do not nest
        href = str(tokens[opener].attrs["href"])
        words = "".join(token.content for token in tokens[opener + 1 : idx])
        end = "</a>" if _safe(href) else ""
        return end if words == href else f"{end} <small>({escape(one_line(href, 80))})</small>"

    def heading_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        return f'<h{_level(tokens[idx])} style="font-weight:bold;margin:.6em 0 .3em">'

    def heading_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        return f"</h{_level(tokens[idx])}>\n"

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        return f'<pre style="white-space:pre-wrap"><code>{escape(tokens[idx].content, quote=False)}</code></pre>\n'

    def th_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        return _cell(tokens[idx])

    def td_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        return _cell(tokens[idx])


def _cell(token: Token) -> str:
    """A table's cell with its side said twice: JupyterLab's style sheet aligns right, GitHub takes the style away."""
    side = str(token.attrs.get("style", "")).removeprefix("text-align:") or "left"
    return f'<{token.tag} align="{side}" style="text-align:{side}">'


def _level(token: Token) -> int:
    return min(int(token.tag[1]) + 3, 6)
