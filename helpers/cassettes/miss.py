"""The error for a request that was not recorded: what is nearest to it, what differs, and the ways on."""

from __future__ import annotations

import difflib
import heapq
import json
import re
from collections.abc import Iterable

import httpx2
import openai

from helpers.cassettes.keys import Key
from helpers.errors import MessageAlone

_LINES = 24  # of a difference that are shown
_WIDTH = 110  # characters of a line that are shown


class NotRecordedError(MessageAlone, openai.APIConnectionError):
    """A request that the cassette has no answer to. The SDK hands it on as it is and does not retry."""


class RecordingEndsError(MessageAlone, openai.APIConnectionError):
    """A stream that was recorded only as far as the lesson read it."""

    def __init__(self, request: httpx2.Request, lesson: str) -> None:
        super().__init__(
            message="The recording of this stream ends here, because the lesson stopped reading here when it was "
            f'recorded. To read on: client = connect("{lesson}", mode="simulator"), or mode="live", and ask again.',
            request=request,
        )


def not_recorded(key: Key, recorded: Iterable[Key], lesson: str, request: httpx2.Request) -> NotRecordedError:
    """The error for `key`, with the nearest of the recorded requests."""
    lines = [f"{_title(key)} was not recorded for lesson {lesson}, and replay mode answers from the recording only."]
    nearest = _nearest(key, recorded)
    if nearest is None:
        lines.append("Nothing at all is recorded for this lesson.")
    else:
        lines += [f"The nearest recorded request is {_title(nearest)}. The difference:", "", *_difference(nearest, key)]
    lines += [
        "",
        "Two ways on:",
        f'- ask the simulator:       client = connect("{lesson}", mode="simulator")    (or LAB_MODE=simulator)',
        f'- ask your Azure resource: client = connect("{lesson}", mode="live")         (or LAB_MODE=live)',
        f"If you changed the lesson itself, record it again: make record LESSON={lesson}",
    ]
    return NotRecordedError(message="\n".join(lines), request=request)


def _nearest(key: Key, recorded: Iterable[Key]) -> Key | None:
    def distance(other: Key) -> tuple[bool, bool, bool, int]:
        return (
            other.method != key.method,
            re.sub(r"[_-]\w{12,}", "", other.path) != re.sub(r"[_-]\w{12,}", "", key.path),
            other.simulate != key.simulate,
            abs(len(other.body) - len(key.body)),
        )

    likely = heapq.nsmallest(50, recorded, key=distance)

    def likeness(other: Key) -> tuple[tuple[bool, bool, bool], float]:
        matcher = difflib.SequenceMatcher(None, _words(other.body), _words(key.body), autojunk=False)
        return tuple(not different for different in distance(other)[:3]), matcher.ratio()  # type: ignore[return-value]

    return max(likely, key=likeness, default=None)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text[:20_000])


def _title(key: Key) -> str:
    return f"{key.method} {key.path}" + (f"?{key.query}" if key.query else "")


def _difference(recorded: Key, asked: Key) -> list[str]:
    """A unified diff of two requests, without its file names and positions."""
    diff = difflib.unified_diff(_lines(recorded), _lines(asked), n=2, lineterm="")
    lines = [line if len(line) <= _WIDTH else line[:_WIDTH] + "…" for line in list(diff)[2:] if line[:2] != "@@"]
    more = len(lines) - _LINES
    shown = lines[:_LINES] + ([f"… and {more} more lines"] if more > 0 else [])
    return ["  - recorded   + asked", *(f"  {line}" for line in shown)]


def _lines(key: Key) -> list[str]:
    head = [_title(key)]
    if key.simulate:
        head.append(f"x-simulate: {key.simulate}")
    if key.retry != "0":
        head.append(f"x-stainless-retry-count: {key.retry}")
    try:
        body = json.dumps(json.loads(key.body), indent=2, ensure_ascii=False)
    except ValueError:  # no body, or not JSON
        body = key.body
    return [*head, *body.splitlines()]
