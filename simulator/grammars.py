"""Grammars of custom tools, judged by llguidance, which is the service's own engine."""

from __future__ import annotations

import functools
import re
from typing import Any

# Refused by OpenAI's function calling guide, though llguidance itself takes some of it.
_EXCLUDED = {
    r"\(\?=|\(\?!|\(\?<=|\(\?<!": "lookaround",
    r"[*+?}]\?": "lazy quantifiers",
}


def grammar(syntax: str, definition: str) -> str:
    """Return llguidance's form of a `lark` or `regex` grammar."""
    import llguidance

    if syntax == "regex":
        return str(llguidance.LLMatcher.grammar_from_regex(definition))
    return str(llguidance.LLMatcher.grammar_from_lark(definition))


def fault_in(syntax: str, definition: str) -> str | None:
    """Return what is wrong with a grammar, in one sentence; None where the service would take it."""
    import llguidance

    patterns = [definition] if syntax == "regex" else re.findall(r"/((?:\\.|[^/\n])+)/", definition)
    for pattern in patterns:
        for excluded, name in _EXCLUDED.items():
            if re.search(excluded, re.sub(r"\\.", "", pattern)):
                return f"{name} are not supported in regular expressions."
    try:
        fault: str = llguidance.LLMatcher.validate_grammar(grammar(syntax, definition))
    except ValueError as error:
        fault = str(error)
    return fault.splitlines()[0] if fault else None


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
