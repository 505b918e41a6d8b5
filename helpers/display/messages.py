"""A message: what was said, by whom, with its citations as footnotes."""

import re
from collections.abc import Mapping
from typing import Any

from helpers.display.blocks import Block, Card, Code, Fold, Line, Prose, Words
from helpers.display.inline import Inline, Mono, Strong
from helpers.display.pictures import picture
from helpers.display.shapes import Item, mappings, pretty
from helpers.display.tables import Table
from helpers.display.text import count, cut, one_line

_CAP = 4_000  # characters of somebody's input; the answer itself has its own, larger limit
_FOLD = 1_500
_NOTES = 50
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")  # not [1], which can be a link in Markdown
_ADDRESS = re.compile(r"\]\([^()\s]*\)")


def message(item: Item) -> Block:
    """A card with the role, and every part of the content."""
    head: list[Inline] = [Strong("message"), " · ", one_line(item.get("role") or "assistant")]
    if item.get("phase"):
        head += [" · ", one_line(item["phase"])]
    if item.get("status") not in (None, "completed"):
        head += [" · ", Strong(one_line(item["status"]))]
    return Card(head, body(item))


def body(item: Item) -> list[Block]:
    """The parts of a message without the card around it: an answer that stands alone needs no label."""
    content = item.get("content")
    said = item.get("role", "assistant") == "assistant"
    if isinstance(content, str):
        return [_said(content) if said else _written(content)]
    blocks: list[Block] = []
    for part in mappings(item, "content"):
        blocks += _part(part, said)
    if not blocks and item.get("status") != "in_progress":
        blocks.append(Line("(empty)", quiet=True))
    return blocks


def _said(text: str) -> Block:
    stripped = text.strip()
    if stripped[:1] in ("{", "[") and stripped[-1:] in ("}", "]"):
        formatted = pretty(stripped)
        if formatted != stripped or "\n" not in stripped:
            return Code(formatted)  # structured output
    return Prose(text)


def _written(text: str) -> Block:
    if len(text) <= _FOLD:
        return Words(text)
    return Fold(f"{one_line(text)} ({count(len(text), 'character')})", [Words(cut(text, _CAP))])


def _part(part: Mapping[str, Any], said: bool) -> list[Block]:
    kind = part.get("type")
    if kind == "refusal":
        return [Line([Strong("refusal"), " ", cut(str(part.get("refusal", "")), _CAP)])]
    if kind == "input_image":
        where = str(part.get("image_url") or "")
        by_id = Line(["picture ", Mono(one_line(part.get("file_id", "")))])
        return [picture(where, "picture in the input") if where else by_id]
    if kind == "input_file":
        name = part.get("filename") or part.get("file_id") or part.get("file_url") or "unnamed"
        data = part.get("file_data")
        return [Line(["file ", Mono(one_line(name)), f" ({len(str(data)):,} characters of data)" if data else ""])]
    if "text" in part:
        text = str(part["text"])
        notes = mappings(part, "annotations")[:_NOTES]
        blocks = [_said(_marked(text, notes)) if said else _written(text)]
        return [*blocks, _footnotes(notes, text)] if notes else blocks
    return [Code(cut(pretty(dict(part)), _CAP))]


def _marked(text: str, notes: list[Mapping[str, Any]]) -> str:
    """The text with the number of each citation where it ends (`end_index`; `index` of a citation of a file)."""
    marks = []
    for number, note in enumerate(notes, 1):
        place = note.get("end_index", note.get("index"))
        if isinstance(place, int) and 0 < place <= len(text):
            marks.append((_after_link(text, len(text[:place].rstrip())), str(number).translate(_RAISED)))
    for place, mark in sorted(marks, key=lambda pair: -pair[0]):
        text = text[:place] + mark + text[place:]
    return text


def _after_link(text: str, place: int) -> int:
    """`place`, or the end of the Markdown link whose address it is in: a file is cited where its address stands."""
    return next((link.end() for link in _ADDRESS.finditer(text) if link.start() < place < link.end()), place)


def _footnotes(notes: list[Mapping[str, Any]], text: str) -> Block:
    """Citations. `start_index` and `end_index` are positions in the text, in characters."""
    rows: list[list[str | Mono]] = []
    for number, note in enumerate(notes, 1):
        source = note.get("title") or note.get("filename") or note.get("file_id") or ""
        where = note.get("url") or note.get("file_id") or ""
        start, end = note.get("start_index"), note.get("end_index")
        cited = text[start:end] if isinstance(start, int) and isinstance(end, int) else ""
        rows.append([str(number).translate(_RAISED), one_line(source), Mono(one_line(where, 120)), one_line(cited, 60)])
    table = Table(["", "source", "where", "cited text"], rows)
    return Fold(count(len(notes), "citation"), [table], opened=len(notes) <= 5)
