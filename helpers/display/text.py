"""Text from outside, made safe to show: nothing in it can steer a terminal, hide itself or reverse a line."""

import re

# Control characters (ANSI escapes begin with one); bidirectional overrides and isolates ("Trojan Source"); invisible
# characters that smuggle text (zero-width space, word joiner and invisible operators, byte order mark, Hangul fillers,
# the tag block and the supplementary variation selectors); and halves of surrogate pairs, which JSON can carry but
# UTF-8 cannot. Kept are tab and newline, and what writing needs: the joiners of Persian, Hindi and emoji, the
# left-to-right and right-to-left marks, the variation selector of emoji. Several of those in a row are no writing.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u115f\u1160\u200b\u2028\u2029\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e01ef]"
    "|(?<=[\u200c-\u200f])[\u200c-\u200f]|(?<=[\ufe00-\ufe0f])[\ufe00-\ufe0f]"
)


def clean(text: object) -> str:
    """The text with every unsafe character made visible: ESC as [U+001B], a right-to-left override as [U+202E]."""
    string = text if isinstance(text, str) else str(text)
    if "\r\n" in string:
        string = string.replace("\r\n", "\n")
    return _UNSAFE.sub(_visible, string)


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else f"[U+{code:04X}]"


def cut(text: str, limit: int) -> str:
    """The text, or its beginning and how much is missing, when it is longer than `limit` characters."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}… ({len(text) - limit:,} more characters)"


def one_line(text: object, limit: int = 80) -> str:
    """The first `limit` characters on one line, white space folded."""
    string = " ".join(clean(str(text)[: limit * 4]).split())
    return string if len(string) <= limit else string[: limit - 1] + "…"


def size(count: int) -> str:
    """A number of bytes in words: 512 bytes, 4.2 kB, 1.3 MB (powers of 1,000)."""
    if count < 1_000:
        return f"{count} bytes"
    return f"{count / 1_000:.1f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def seconds(value: float) -> str:
    """A duration, always with two decimals (0.42 s), so that tests can recognise and blank what varies."""
    return f"{value:.2f} s"


def count(number: int, noun: str) -> str:
    """1 item, 2 items."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
