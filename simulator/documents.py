"""Local documents, and which of them answer a question: plain BM25 over passages, no model.

The stand-in MCP servers, file search and web search all look things up here. The documents ship in data/samples/.
"""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

SAMPLES = Path(__file__).parents[1] / "data" / "samples"

_WORD = re.compile(r"[^\W_]+(?:\.\d+)*", re.UNICODE)
_HEAD = re.compile(r"\A---\n(.*?)\n---\n+", re.DOTALL)
_COMMON = frozenset(
    "a about an and are as at be been but by can could did do does for from had has have how i if in into is it its "
    "me my no not of on or our please shall should so than that the their them there these they this to us was we "
    "were what when where which who why will with would you your".split()
)
# Words that mean the same to somebody who asks: too little to be a thesaurus, enough for the lessons' documents.
_SAME = {"cost": "price", "pay": "price", "fee": "price", "open": "opening", "hour": "opening", "tire": "tyre"}


@dataclass(frozen=True)
class Document:
    """One document. `url`, `date` and `country` are "" where its head does not name them."""

    name: str
    title: str
    text: str
    url: str = ""
    date: str = ""
    country: str = ""


@dataclass(frozen=True)
class Found:
    """A passage that answers: which one of those searched, and how well (0 to 1; 1 is every word, rare ones often)."""

    index: int
    score: float = field(compare=False)


@functools.cache
def folder(name: str) -> tuple[Document, ...]:
    """Return the documents in data/samples/`name`, by file name."""
    paths = sorted(path for path in (SAMPLES / name).glob("*.md") if path.name != "README.md")
    return tuple(read(path.name, path.read_text(encoding="utf-8")) for path in paths)


def read(name: str, text: str) -> Document:
    """Return a document; a head between `---` lines may name its title, url, date and country."""
    head, body = _HEAD.match(text), text
    members: dict[str, str] = {}
    if head:
        body = text[head.end() :]
        members = dict(re.findall(r"^(title|url|date|country): *(.+?) *$", head.group(1), re.MULTILINE))
    title = members.pop("title", "") or name
    return Document(name, title, body, **members)


def passages(text: str, most: int = 1200) -> list[str]:
    """Cut a text at headings and blank lines into pieces of up to `most` characters; a heading stays with its text."""
    pieces: list[str] = []
    for section in re.split(r"\n(?=#{1,6} )", text.strip()):
        piece = ""
        for paragraph in re.split(r"\n\s*\n", section):
            if piece and len(piece) + len(paragraph) > most:
                pieces.append(piece)
                piece = ""
            piece = f"{piece}\n\n{paragraph}" if piece else paragraph
            while len(piece) > most:
                cut = piece.rfind(" ", 0, most)
                pieces.append(piece[: cut if cut > 0 else most])
                piece = piece[cut if cut > 0 else most :].lstrip()
        if piece.strip():
            pieces.append(piece)
    return pieces


def rank(query: str, texts: list[str]) -> list[Found]:
    """Return the texts that share a word with the query, best first (BM25; equal ones in their order)."""
    wanted = set(words(query))
    bags = [Counter(words(text)) for text in texts]
    average = sum(bag.total() for bag in bags) / max(1, len(bags)) or 1.0
    rarity = {}
    for word in wanted:
        having = sum(1 for bag in bags if word in bag)
        rarity[word] = math.log(1 + (len(bags) - having + 0.5) / (having + 0.5))
    best = sum(rarity.values()) * 2.5  # what BM25 tends to when every word is there again and again (k1 + 1)
    found = []
    for index, bag in enumerate(bags):
        score = 0.0
        for word in wanted:
            if times := bag[word]:
                score += rarity[word] * times * 2.5 / (times + 1.5 * (0.25 + 0.75 * bag.total() / average))
        if score:
            found.append(Found(index, round(score / best, 4)))
    return sorted(found, key=lambda one: (-one.score, one.index))


def words(text: str) -> list[str]:
    """Return the words that count, in lower case, without a plural's s."""
    plain = (_stem(word.lower()) for word in _WORD.findall(text))
    return [_SAME.get(word, word) for word in plain if word not in _COMMON]


def _stem(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


def sentence(query: str, text: str) -> str:
    """Return the sentence (or table row) of a text that shares most with a query: what a citation stands behind."""
    plain = re.sub(r"^(#{1,6} .*|\|[ -|]*)$", "", text, flags=re.MULTILINE)
    plain = re.sub(r"(?<![.|:])\n(?![\n|#-])", " ", plain)
    candidates = [one.strip() for one in re.split(r"(?<=[.!?])\s+(?=[A-Z\"0-9])|\n+", plain) if one.strip()]
    candidates = [one for one in candidates if not one.endswith("?")] or candidates
    found = rank(query, candidates)
    best = candidates[found[0].index] if found else (candidates or [""])[0]
    if best.startswith("|"):
        best = ", ".join(cell.strip() for cell in best.strip("|").split("|"))
    return best
