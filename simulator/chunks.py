"""Files as file search sees them: their text, cut into chunks, and which chunks answer a query.

As documented (OpenAI's file search guide, 2026-08): the types of files, text in UTF-8, UTF-16 or ASCII, chunks of 800
tokens that overlap by 400. Ours: plain BM25 in place of embeddings, so a query finds words and no synonyms.
"""

from __future__ import annotations

import html.parser
import math
import re
from pathlib import PurePath
from typing import Any

from . import attachments, documents, errors, usage

CHUNKING = {"type": "static", "static": {"max_chunk_size_tokens": 800, "chunk_overlap_tokens": 400}}
SUPPORTED = frozenset(
    ".c .cpp .cs .css .doc .docx .go .html .java .js .json .md .pdf .php .pptx .py .rb .sh .tex .ts .txt".split()
)
_NOT_HERE = {".doc", ".docx", ".pptx"}  # taken by the service; the simulator cannot read them
MOST_CHARACTERS = 2_000_000  # about a second to index, and a third of one to search; the service takes more


class UnreadableError(Exception):
    """A file whose text cannot be had; `code` is the one of the vector store file's last_error."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def extension(filename: str) -> str:
    """Return a file name's extension with its dot, in lower case; "none" where it has none, as the service says it."""
    return PurePath(filename).suffix.lower() or "none"


def text_of(filename: str, content: bytes) -> str:
    """Return the text of a file; raises UnreadableError."""
    kind = extension(filename)
    if kind in _NOT_HERE:
        raise UnreadableError("unsupported_file", f"The simulator cannot read {kind} files; the service does.")
    if kind == ".pdf":
        text = _pdf(content)
    else:
        text = _decoded(content)
        if kind == ".html":
            text = _without_tags(text)
    if not text.strip():
        raise UnreadableError("invalid_file", "The file could not be parsed because it is empty.")
    if len(text) > MOST_CHARACTERS:
        message = f"The file has {len(text)} characters of text; the simulator indexes up to {MOST_CHARACTERS}."
        raise UnreadableError("invalid_file", message)
    return text


def cut(text: str, strategy: dict[str, Any]) -> list[str]:
    """Cut a text into chunks of up to max_chunk_size_tokens, each beginning in the last chunk_overlap_tokens before."""
    size, overlap = strategy["static"]["max_chunk_size_tokens"], strategy["static"]["chunk_overlap_tokens"]
    pieces = usage.pieces(text)
    chunks = ["".join(pieces[:size])]
    for start in range(size - overlap, len(pieces) - overlap, size - overlap):
        chunks.append("".join(pieces[start : start + size]))
    return chunks


def rank(queries: list[str], texts: list[str]) -> list[tuple[int, float]]:
    """Return (index, score) of the texts that any of the queries finds, best first; scores are from 0 to 1."""
    best: dict[int, float] = {}
    for query in queries:
        for found in documents.rank(query, texts):
            # The square root spreads the scores over the range in which the service's lie, for score_threshold.
            best[found.index] = max(round(math.sqrt(found.score), 4), best.get(found.index, 0.0))
    return sorted(best.items(), key=lambda one: (-one[1], one[0]))


def _decoded(content: bytes) -> str:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        message = "The file could not be parsed: its text is not in UTF-8, UTF-16 or ASCII."
        raise UnreadableError("invalid_file", message) from None


def _pdf(content: bytes) -> str:
    try:
        return "\n\n".join(attachments.pdf_pages(content))
    except errors.ApiError as error:
        raise UnreadableError("invalid_file", error.message) from error


class _Words(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self._hidden += tag in ("script", "style")
        if tag in ("p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "title", "section", "table"):
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if self._hidden <= 0:
            self.words.append(data)


def _without_tags(text: str) -> str:
    words = _Words()
    words.feed(text)
    return re.sub(r"[ \t]*\n\s*", "\n", "".join(words.words)).strip()
