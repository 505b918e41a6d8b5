"""Python that cannot do harm: a process of its own for each container, inside bubblewrap where that is installed.

With bubblewrap (Debian's `bubblewrap`; Linux only) the process sees Python, the lessons' packages and its own folder
as /mnt/data, and nothing else: no network, no home, no environment, no other process. Without it, the floor: a process
with limits and an empty environment, which could read what you can read. `strong` says which. Everywhere memory, time,
output and the number of processes are bounded, and no process outlives this one.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import functools
import json
import os
import queue
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import folders

SECONDS = 60.0  # wall time of one call
MOST_PROCESSES = 64
MOST_FILE = 64 * 1024 * 1024  # bytes of one file
_MOST_ANSWER = 64 * 1024 * 1024  # bytes of one call's output and pictures
GIGABYTE = 1024**3
_DRIVER = Path(__file__).with_name("sandboxed.py")
_DATA = "/mnt/data"
_FLAGS = ["-u", "-X", "no_debug_ranges"]
_QUIET = {"LANG": "C.UTF-8", "MPLBACKEND": "agg", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


# A machine of its own: no network, no other process, 256 MiB of /tmp, and ended when this process ends.
_ALONE = ["--unshare-all", "--as-pid-1", "--die-with-parent", "--new-session", "--clearenv", "--hostname", "container"]
_ALONE += ["--cap-drop", "ALL"]  # root keeps its rights otherwise, and could mount
_MOUNTS = ["--proc", "/proc", "--dev", "/dev", "--size", str(256 * 1024**2), "--tmpfs", "/tmp"]
_MOUNTS += ["--size", str(64 * 1024**2), "--tmpfs", "/dev/shm", "--remount-ro", "/dev"]


@functools.cache
def _alone() -> list[str] | None:
    """Return bubblewrap's options for a machine of its own; None where it is not there or does not work."""
    if shutil.which("bwrap") is None:
        return None
    # Without user namespaces inside, nothing there can mount; bubblewrap has that since 0.8.
    for alone in ([*_ALONE, "--unshare-user", "--disable-userns"], _ALONE):
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            tried = ["bwrap", *alone, "--ro-bind", "/", "/", *_MOUNTS, "true"]
            if subprocess.run(tried, capture_output=True, timeout=10).returncode == 0:
                return alone
    return None


def strong() -> bool:
    """Whether bubblewrap is there and works for this user."""
    return _alone() is not None


@dataclass(frozen=True)
class Outcome:
    """What a call gave: its output as text, its pictures as base64 PNG, and whether the process had to be ended."""

    logs: str
    images: list[str] = field(default_factory=list)
    ended: bool = False


@dataclass(frozen=True)
class _Call:
    code: str
    seconds: float
    send: Callable[[Outcome], None]


class Sandbox:
    """A Python process with a folder. It starts with the first call; variables stay until it is closed.

    folder: what the code sees as /mnt/data. memory: bytes that its processes may use together.
    """

    def __init__(self, folder: Path, memory: int = GIGABYTE) -> None:
        self._folder = folder
        self._memory = memory
        self._process: subprocess.Popen[bytes] | None = None
        self._calls: queue.SimpleQueue[_Call | None] | None = None
        self._number = secrets.randbits(48)

    async def run(self, code: str, seconds: float = SECONDS) -> Outcome:
        """Run code; what goes wrong in it is in its logs. A call that takes too long or too much ends the process."""
        if self._calls is None:
            # A thread of its own: on Linux the process ends with the thread that started it, and a daemon keeps
            # no program from ending.
            self._calls = queue.SimpleQueue()
            threading.Thread(target=self._work, args=(self._calls,), name="sandbox", daemon=True).start()
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Outcome] = loop.create_future()

        def deliver(outcome: Outcome) -> None:
            if not answer.done():
                answer.set_result(outcome)

        def send(outcome: Outcome) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has been closed: nobody waits
                loop.call_soon_threadsafe(deliver, outcome)

        self._calls.put(_Call(code, seconds, send))
        return await answer

    def close(self) -> None:
        """End the process, and all that it started."""
        calls, self._calls = self._calls, None
        if calls is not None:
            calls.put(None)
        self._end(self._process)

    def _work(self, calls: queue.SimpleQueue[_Call | None]) -> None:
        while (call := calls.get()) is not None:
            try:
                outcome = self._run(call.code, call.seconds)
            except OSError as error:
                outcome = Outcome(f"Python could not be started: {error}", ended=True)
            call.send(outcome)
        self._end(self._process)

    def _end(self, process: subprocess.Popen[bytes] | None) -> None:
        if process is None:
            return
        _kill(process)
        process.wait()
        if self._process is process:
            self._process = None

    def _run(self, code: str, seconds: float) -> Outcome:
        if self._process is None or self._process.poll() is not None:
            self._end(self._process)
            self._process = self._start()
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        done = threading.Event()
        reason: list[str] = []
        watch = threading.Thread(target=self._watch, args=(process, seconds, done, reason), daemon=True)
        watch.start()
        self._number += 1
        line = b""
        try:
            request = {"number": self._number, "code": self._inside(code)}
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
            line = process.stdout.readline(_MOST_ANSWER)
        except (OSError, ValueError):  # ended, or its pipe closed
            pass
        finally:
            done.set()
            watch.join()
        found = _read(line, self._number)
        if found is None:
            self._end(process)
            why = reason[0] if reason else "The process ended"
            return Outcome(f"{why}. All variables are lost; files are kept.", ended=True)
        return Outcome(self._outside(found.logs), found.images)

    def _watch(
        self, process: subprocess.Popen[bytes], seconds: float, done: threading.Event, reason: list[str]
    ) -> None:
        """End a call that takes too long, too much memory, too many processes or too much disk."""
        import psutil  # type: ignore[import-untyped]

        begun, looked = time.monotonic(), 0.0
        while not done.wait(0.05):
            now = time.monotonic()
            with contextlib.suppress(psutil.Error):
                family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
                used = 0
                for one in family:
                    with contextlib.suppress(psutil.Error):
                        used += one.memory_info().rss + _unnamed(one.pid)
                if len(family) > MOST_PROCESSES:
                    reason.append(f"Stopped: more than {MOST_PROCESSES} processes")
                elif used > self._memory:
                    reason.append(f"Stopped: out of memory, more than {self._memory // 1024**2} MiB")
            if now > begun + seconds:
                reason.append(f"Stopped: the code ran for more than {seconds:g} seconds")
            elif now > looked + 0.25:
                reason += self._too_much()
                looked = now + 5 * (time.monotonic() - now)  # many files take long to look at
            if reason:
                _kill(process)
                return

    def _too_much(self) -> list[str]:
        sizes = [size for _, size, _ in folders.walk(self._folder)]
        if sum(sizes) > GIGABYTE:
            return ["Stopped: /mnt/data holds more than 1 GiB"]
        if len(sizes) >= folders.MOST_FILES:
            return [f"Stopped: /mnt/data holds {folders.MOST_FILES:,} files or more"]
        return []

    def _start(self) -> subprocess.Popen[bytes]:
        command = self._wrapped() if strong() else [sys.executable, "-I", *_FLAGS, str(_DRIVER)]
        environment = {} if strong() else {**_QUIET, **_floor()}
        return subprocess.Popen(
            command,
            cwd=self._folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=None if sys.platform == "win32" else _limits,
        )

    def _wrapped(self) -> list[str]:
        """Return bubblewrap's command. Python is shown as /opt/python, so that no path of this machine is told."""
        base = Path(sys.base_prefix).resolve()
        python = Path(sys.executable).resolve()
        command = ["bwrap", *(_alone() or _ALONE), *_MOUNTS, "--dir", "/etc"]
        for name in ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/fonts", "/etc/alternatives"):
            if Path(name).is_symlink():
                command += ["--symlink", str(Path(name).readlink()), name]
            elif Path(name).exists():
                command += ["--ro-bind", name, name]
        inside = str(python)
        if not python.is_relative_to("/usr"):
            inside = "/opt/python/" + python.relative_to(base).as_posix()
            command += ["--ro-bind", str(base), "/opt/python"]
        command += ["--ro-bind", sysconfig.get_path("purelib"), "/opt/packages"]
        command += ["--ro-bind", str(_DRIVER), "/opt/sandboxed.py", "--bind", str(self._folder), _DATA]
        settings = {**_QUIET, "HOME": "/tmp", "PATH": "/usr/bin:/bin", "PYTHONPATH": "/opt/packages", "TMPDIR": "/tmp"}
        settings["LD_LIBRARY_PATH"] = "/opt/python/lib"
        for name, value in settings.items():
            command += ["--setenv", name, value]
        return [*command, "--chdir", _DATA, inside, *_FLAGS, "/opt/sandboxed.py"]

    def _inside(self, code: str) -> str:
        return code if strong() else code.replace(_DATA, self._folder.as_posix())

    def _outside(self, text: str) -> str:
        return text if strong() else text.replace(self._folder.as_posix(), _DATA)


def _read(line: bytes, number: int) -> Outcome | None:
    """Return the answer to a request; None for what is none. The code can write whatever it likes in its place."""
    try:
        answer = json.loads(line)
        logs, images = answer["logs"], answer["images"]
        if answer["number"] != number or not isinstance(logs, str) or not isinstance(images, list):
            return None
        if not all(base64.b64decode(image, validate=True).startswith(b"\x89PNG") for image in images):
            return None
    except (ValueError, TypeError, LookupError, RecursionError):
        return None
    return Outcome(logs.encode("utf-8", "replace").decode("utf-8"), images)


def _unnamed(pid: int) -> int:
    """Return the bytes in files that a process has open and have no name: memory or disk that nothing else shows."""
    total = 0
    with contextlib.suppress(OSError), os.scandir(f"/proc/{pid}/fd") as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                status = entry.stat()
                if stat.S_ISREG(status.st_mode) and status.st_nlink == 0:
                    total += status.st_blocks * 512
    return total


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started. Inside bubblewrap they end with it; on the floor some may have left its
    group, and on Linux are its children all the same (see _limits)."""
    if process.poll() is not None:
        return
    started: list[Any] = []
    import psutil

    if not strong():
        with contextlib.suppress(psutil.Error):
            started = psutil.Process(process.pid).children(recursive=True)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    for one in started:
        with contextlib.suppress(psutil.Error):  # gone already
            one.kill()


def _floor() -> dict[str, str]:
    """Return what Python needs of the environment where there is no bubblewrap: nothing but Windows' own."""
    return {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}


def _limits() -> None:
    """Bound this process, before it becomes the one that runs the code."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_FILE, MOST_FILE))
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
    _end_with_the_parent()
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER: whatever it starts stays below it


def _end_with_the_parent() -> None:
    """On Linux: be ended when the process that started this one ends, however that happens."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
