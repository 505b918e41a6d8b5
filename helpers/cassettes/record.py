"""Recording a lesson: into a side file, which becomes its cassette when the whole lesson has run.

After every interaction the side file (NAME.yaml.recording) is written anew beside itself and renamed, so that it is
whole whenever the kernel dies, and the old cassette is not touched before `finish`. One process records a lesson at a
time. What is recorded is what went by: a stream that the lesson stopped reading is recorded as far as it was read,
because reading on would change what the service holds; a replay ends there too, with an error that says so.
"""

from __future__ import annotations

import datetime
import os
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING

import httpx2
import openai

from helpers.cassettes import scrub
from helpers.cassettes.file import READER, BrokenCassetteError, Cassette, Interaction, as_yaml, is_over, load
from helpers.exchanges import Origin, Source
from helpers.lessons import Lesson

if TYPE_CHECKING:
    from helpers.cassettes.transport import Simulator


class RecordingError(openai.OpenAIError):
    """A recording that cannot be started, written or finished; the old cassette is as it was."""


def recorder(lesson: Lesson, origin: Origin, models: Mapping[str, str]) -> Recorder:
    """The recording of a lesson in this process, begun if need be. Raises RecordingError where another one runs."""
    if lesson not in _recorders:
        _recorders[lesson] = Recorder(lesson, origin, models)
    return _recorders[lesson]


def finish(lesson: Lesson) -> bool:
    """Make the recording of a whole lesson its cassette; say whether that changed anything.

    Where the interactions are those of the old cassette, that stays with the date it has.
    """
    side = side_file(lesson)
    if lesson in _recorders:
        _recorders.pop(lesson).close()
    new = load(side) if side.exists() else None
    if new is None or not new.interactions:
        side.unlink(missing_ok=True)
        raise RecordingError(f"Nothing was recorded for lesson {lesson.name}: it asked the service for nothing.")
    if _holds(lesson.cassette, new):
        side.unlink()
        return False
    side.replace(lesson.cassette)
    return True


def _holds(path: Path, new: Cassette) -> bool:
    try:
        return load(path).same_as(new)
    except (FileNotFoundError, BrokenCassetteError):  # there is none, or none that the new one could be compared with
        return False


def side_file(lesson: Lesson) -> Path:
    return lesson.cassette.with_name(f"{lesson.cassette.name}.recording")


class Recorder:
    """The interactions of a lesson as they are recorded, in the order in which the requests were sent."""

    def __init__(self, lesson: Lesson, origin: Origin, models: Mapping[str, str]) -> None:
        self.lesson, self.models, self.from_simulator = lesson, models, origin == "simulator"
        self.simulator: Simulator | None = None  # that is recorded, if it is
        today = datetime.date.today().isoformat()  # the day in the reader's own time zone
        self._source = Source("recorded", origin, today, f"openai {openai.__version__}")
        self._takes: list[Take] = []
        self._lock = threading.RLock()
        self._written = self._writing = False
        self._held = _hold(lesson)
        self._write()

    def take(self, request: httpx2.Request, body: bytes) -> Take:
        """Begin to record one interaction."""
        with self._lock:
            self._takes.append(Take(self, len(self._takes) + 1, request, body))
            return self._takes[-1]

    def taken(self) -> None:
        """Write the side file anew, as an interaction is complete."""
        with self._lock:
            self._written = False
            if self._writing:  # the garbage collector has closed an abandoned stream in the middle of it
                return
            self._writing = True
            try:
                while not self._written:
                    self._written = True
                    self._write()
            finally:
                self._writing = False

    def close(self) -> None:
        """Record what is still open as far as it came, and let others record the lesson."""
        for take in self._takes:
            take.end(READER)
        self._held.close()
        _lock_file(self.lesson).unlink(missing_ok=True)

    def _write(self) -> None:
        side = side_file(self.lesson)
        half = side.with_name(f"{side.name}.tmp")
        try:
            half.write_text(as_yaml(self._source, [take.text for take in self._takes if take.text]), encoding="utf-8")
            half.replace(side)
        except OSError as error:
            raise _unwritable(self.lesson, error) from error


class Take:
    """One interaction while it is recorded."""

    def __init__(self, recorder: Recorder, number: int, request: httpx2.Request, body: bytes) -> None:
        self.text = ""  # as YAML, when complete
        self._recorder, self._number = recorder, number
        headers = {name.lower(): value for name, value in request.headers.items()}
        kind = headers.get("content-type", "")
        self._taken = Interaction(
            request.method,
            scrub.clean(str(request.url)),
            scrub.request_headers(headers, recorder.models),
            scrub.request_text(body, kind, recorder.models).encode() if body else b"",
            status=0,
            response_headers={},
            response_body=b"",
        )
        self._body = bytearray()

    def answered(self, response: httpx2.Response) -> None:
        headers = {name.lower(): value for name, value in response.headers.items()}
        from_simulator = self._recorder.from_simulator
        self._taken.status = response.status_code
        self._taken.response_headers = scrub.response_headers(headers, self._number, from_simulator=from_simulator)
        if response.is_closed:  # read already
            self.received(response.content)
            self.end()

    def received(self, chunk: bytes) -> None:
        self._body += chunk

    def end(self, cut: str | None = None) -> None:
        """The answer is complete, or cut short for the reason given. The first end counts."""
        if self.text:
            return
        recorder = self._recorder
        body = bytes(self._body)
        if cut == READER:
            body = body[: body.rfind(b"\n\n") + 2]  # the reader has seen whole events only
            cut = None if is_over(body) else READER
        self._taken.cut = cut
        self._taken.response_body = scrub.response_body(body, recorder.models, from_simulator=recorder.from_simulator)
        self.text = self._taken.as_yaml()
        recorder.taken()


class RecordingTransport(httpx2.BaseTransport):
    """A transport around the one that is recorded."""

    def __init__(self, recorder: Recorder, inner: httpx2.BaseTransport) -> None:
        self.recorder, self.inner = recorder, inner

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        take = self.recorder.take(request, request.read())
        try:
            response = self.inner.handle_request(request)
        except httpx2.RequestError as error:
            take.end(_words(error))
            raise
        take.answered(response)
        if not response.is_closed:
            assert isinstance(response.stream, httpx2.SyncByteStream)
            response.stream = _Recorded(response.stream, take)
        return response

    def close(self) -> None:
        self.inner.close()


class AsyncRecordingTransport(httpx2.AsyncBaseTransport):
    """The same for an asynchronous transport."""

    def __init__(self, recorder: Recorder, inner: httpx2.AsyncBaseTransport) -> None:
        self.recorder, self.inner = recorder, inner

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        take = self.recorder.take(request, await request.aread())
        try:
            response = await self.inner.handle_async_request(request)
        except httpx2.RequestError as error:
            take.end(_words(error))
            raise
        take.answered(response)
        if not response.is_closed:
            assert isinstance(response.stream, httpx2.AsyncByteStream)
            response.stream = _AsyncRecorded(response.stream, take)
        return response

    async def aclose(self) -> None:
        await self.inner.aclose()


class _Recorded(httpx2.SyncByteStream):
    def __init__(self, inner: httpx2.SyncByteStream, take: Take) -> None:
        self._inner, self._take = inner, take

    def __iter__(self) -> Iterator[bytes]:
        try:
            for chunk in self._inner:
                self._take.received(chunk)
                yield chunk
        except httpx2.RequestError as error:
            self._take.end(_words(error))
            raise
        self._take.end()

    def close(self) -> None:
        self._inner.close()
        self._take.end(READER)


class _AsyncRecorded(httpx2.AsyncByteStream):
    def __init__(self, inner: httpx2.AsyncByteStream, take: Take) -> None:
        self._inner, self._take = inner, take

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._inner:
                self._take.received(chunk)
                yield chunk
        except httpx2.RequestError as error:
            self._take.end(_words(error))
            raise
        self._take.end()

    async def aclose(self) -> None:
        await self._inner.aclose()
        self._take.end(READER)


_recorders: dict[Lesson, Recorder] = {}


def _words(error: httpx2.RequestError) -> str:
    return scrub.clean(f"{type(error).__name__}: {error}")


def _lock_file(lesson: Lesson) -> Path:
    return lesson.cassette.with_name(f".{lesson.name}.lock")


def _hold(lesson: Lesson) -> IO[str]:
    """Hold the lesson's lock file for as long as this process lives, or until it is closed."""
    path = _lock_file(lesson)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        held = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise _unwritable(lesson, error) from error
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(held.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        held.seek(0)
        process = held.read().strip()
        held.close()
        raise RecordingError(
            f"Lesson {lesson.name} is being recorded already, by process {process or 'unknown'}. Let it finish, or "
            "shut its kernel down (JupyterLab: Kernel, Shut Down Kernel), and run this cell again."
        ) from error
    held.truncate(0)
    held.write(str(os.getpid()))
    held.flush()
    return held


def _unwritable(lesson: Lesson, error: OSError) -> RecordingError:
    return RecordingError(
        f"The recording of lesson {lesson.name} cannot be written to {side_file(lesson)}: {error.strerror or error}. "
        f"The old cassette is as it was. Make {lesson.cassette.parent} writable and make room on its disk, then run: "
        f"make record LESSON={lesson.name}"
    )
