"""Grammars of custom tools, judged by llguidance, which is the service's own engine; and sentences written by them."""

from __future__ import annotations

import functools
import re
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

# A lark grammar, cut into what matters here: strings, comments, regular expressions with their flags, the rest.
_PIECES = re.compile(
    r'(?P<string>"(?:\\.|[^"\\\n])*"i?)|(?P<comment>//[^\n]*|\#[^\n]*)|(?P<regex>/(?:\\.|[^/\\\n])+/\w*)'
    r"|(?P<repeat>~\s*\d+)|(?P<rest>.)",
    re.DOTALL,
)
# Refused by OpenAI's function calling guide ("context-free grammars"), though llguidance itself takes lazy ones.
_EXCLUDED = {
    re.compile(r"\(\?<?[=!]"): "lookaround is not supported in regular expressions",
    re.compile(r"[*+?}]\?"): "lazy quantifiers are not supported in regular expressions",
}
_ESCAPES = re.compile(r"\\.", re.DOTALL)
_CLASSES = re.compile(r"\[\^?\]?[^\]]*\]")
_FREE = 20  # this many letters to choose from: a text, not one of a few words
_WORD, _NUMBER = b"example", b"12"  # what such a text says; and where any digit may come
_LONGEST = 2000  # bytes of a sentence
_PATIENCE = 2.0  # seconds of looking for one: in a{100000} each byte takes as long as the repetition, and others wait


def grammar(syntax: str, definition: str) -> str:
    """Return llguidance's form of a `lark` or `regex` grammar."""
    import llguidance

    if syntax == "regex":
        return str(llguidance.LLMatcher.grammar_from_regex(definition))
    return str(llguidance.LLMatcher.grammar_from_lark(definition))


def fault_in(syntax: str, definition: str) -> str | None:
    """Return the service's message for a grammar that it refuses; None for one that it takes.

    `Invalid lark grammar: at 1(8): unknown name: "x"` is as reported (OpenAI, 2026-06; Azure, 2026); the words for
    regular expressions are assumed. That `~2..5` is refused, which llguidance takes, is reported for Azure in 2026.
    """
    import llguidance

    fault = _excluded(syntax, definition)
    if fault is None:
        try:
            fault = str(llguidance.LLMatcher.validate_grammar(grammar(syntax, definition)))
        except ValueError as error:
            fault = str(error)
    return f"Invalid {syntax} grammar: {fault.strip()}" if fault else None


def _excluded(syntax: str, definition: str) -> str | None:
    pieces = [] if syntax == "regex" else list(_PIECES.finditer(definition))
    patterns = [definition] if syntax == "regex" else [piece["regex"] for piece in pieces if piece["regex"]]
    for pattern in patterns:
        bare = _CLASSES.sub("c", _ESCAPES.sub("e", pattern))
        for excluded, fault in _EXCLUDED.items():
            if excluded.search(bare):
                return f"{fault}: {pattern}"
    if repeat := next((piece for piece in pieces if piece["repeat"]), None):
        return f"repetition with '~' is not supported: {repeat['repeat']}"
    return None


@functools.cache
def byte_tokenizer() -> Any:
    """Return a tokenizer whose tokens are bytes: enough to judge and to write text by a grammar."""
    import llguidance

    return llguidance.LLTokenizer("byte")


def accepts(llguidance_grammar: str, text: str) -> bool:
    """Whether `text` is a whole sentence of the grammar."""
    import llguidance

    tokenizer = byte_tokenizer()
    matcher = llguidance.LLMatcher(tokenizer, llguidance_grammar)
    tokens = tokenizer.tokenize_str(text)
    return bool(matcher.try_consume_tokens(tokens) == len(tokens) and matcher.is_accepting())


def literals(definition: str) -> list[str]:
    """Return the strings that a lark grammar spells out, longest first."""
    found = {piece["string"] for piece in _PIECES.finditer(definition) if piece["string"]}
    spelt = {text.removesuffix("i")[1:-1] for text in found}
    return sorted((text for text in spelt if text and "\\" not in text), key=lambda text: (-len(text), text))


def sentence(syntax: str, definition: str) -> str | None:
    """Return a short sentence of a grammar; None where none was found.

    Walks the grammar byte by byte, choosing among what llguidance allows. Where the same choice comes again it takes
    the next way on, so that it finds its way out of repetitions.
    """
    return walk(grammar(syntax, definition), literals(definition) if syntax == "lark" else [])


def example(pattern: str) -> str | None:
    """Return a short text that a regular expression matches as a whole; None where none was found."""
    try:
        return None if fault_in("regex", pattern) else sentence("regex", pattern)
    except ValueError:
        return None


def walk(llguidance_grammar: str, hints: Sequence[str] = ()) -> str | None:
    """Return a short sentence of a grammar in llguidance's form; `hints`: strings that may occur in it."""
    import llguidance

    tokenizer = byte_tokenizer()
    matcher = llguidance.LLMatcher(tokenizer, llguidance_grammar)
    said = bytearray()
    whole: bytes | None = None
    seen: Counter[bytes] = Counter()  # how often there was this very choice
    left: Counter[bytes] = Counter()  # how often a text was left at this choice
    length = 0  # of the text being said
    until = time.monotonic() + _PATIENCE
    while len(said) < _LONGEST and time.monotonic() < until and not matcher.is_error():
        mask = matcher.compute_logit_bias()
        allowed = _allowed(mask)
        text = _text(allowed)
        if matcher.is_accepting():
            whole = bytes(said)
            if said and not 0 < length < len(text):  # a pity to end a text after its first letter
                break
        if not allowed or matcher.is_stopped():
            break
        turn, seen[mask] = seen[mask], seen[mask] + 1
        length = length if text else 0
        if text and length == 0 and turn and (hint := _fitting(matcher, hints, turn)):
            more = hint.encode()
        elif length < len(text):
            more = bytes([text[length] if text[length] in allowed else next(filter(_alnum, allowed))])
            length += 1
        elif text and (ways := [byte for byte in allowed if not _alnum(byte) and _leaves(matcher, byte, mask)]):
            more, length = bytes([ways[left[mask] % len(ways)]]), 0
            left[mask] += 1
        else:
            more = bytes([allowed[turn % len(allowed)]])
        said += more
        matcher.consume_tokens(list(more))
    return whole.decode("utf-8", errors="replace") if whole is not None else None


def _allowed(mask: bytes) -> list[int]:
    """Return the bytes that may come, what ends things first; no halves of characters where there is anything else."""
    found = sorted((byte for byte in range(256) if mask[byte]), key=_order)
    return [byte for byte in found if 32 <= byte < 127 or byte == 10] or found


def _text(allowed: list[int]) -> bytes:
    """Return what to say where nearly any letter, or any digit, may come; nothing where there are a few words only."""
    if sum(byte < 128 and chr(byte).isalpha() for byte in allowed) >= _FREE:
        return _WORD
    return _NUMBER if all(digit in allowed for digit in b"0123456789") else b""


def _alnum(byte: int) -> bool:
    return byte < 128 and chr(byte).isalnum()


def _fitting(matcher: Any, hints: Sequence[str], turn: int) -> str | None:
    """Return the next hint that may be said here, and that leads out of where any text may be said."""
    for number in range(len(hints)):
        hint = hints[(turn - 1 + number) % len(hints)]
        tokens = list(hint.encode())
        ahead = matcher.deep_copy()
        if ahead.try_consume_tokens(tokens) < len(tokens):
            continue
        if ahead.is_accepting() or not _text(_allowed(ahead.compute_logit_bias())):
            return hint
    return None


def _leaves(matcher: Any, byte: int, mask: bytes) -> bool:
    """Whether this byte ends the text: after it the choice is another."""
    ahead = matcher.deep_copy()
    ahead.consume_token(byte)
    return bool(ahead.compute_logit_bias() != mask)


def _order(byte: int) -> tuple[int, int]:
    """What ends things first, then digits and letters, then what goes on; white space and the rest last."""
    if byte in b'"}])':
        return (0, byte)
    if _alnum(byte):
        return (1, byte)
    if byte in b" \n":
        return (3, -byte)
    return (4 if byte >= 128 or byte < 32 else 2, byte)
