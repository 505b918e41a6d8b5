"""Python that cannot do harm: a process of its own for each container, inside bubblewrap where that is installed.

With bubblewrap (Debian's `bubblewrap`; Linux only) the process sees Python, the lessons' packages and its own folder
as /mnt/data, and nothing else: no network, no home, no environment, no other process. Without it, the floor: a process
with limits and an empty environment, which could read what you can read. `strong` says which. Everywhere memory, time,
output and the number of processes are bounded, and no process outlives this one.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

SECONDS = 60.0  # wall time of one call
MOST_PROCESSES = 64
MOST_FILE = 64 * 1024 * 1024  # bytes of one file
GIGABYTE = 1024**3
_DRIVER = Path(__file__).with_name("sandboxed.py")
_DATA = "/mnt/data"
_FLAGS = ["-u", "-X", "no_debug_ranges"]
_QUIET = {"LANG": "C.UTF-8", "MPLBACKEND": "agg", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


# A machine of its own: no network, no other process, 256 MiB of /tmp, and ended when this process ends.
_ALONE = ["--unshare-all", "--as-pid-1", "--die-with-parent", "--new-session", "--clearenv", "--hostname", "container"]
_MOUNTS = ["--proc", "/proc", "--dev", "/dev", "--size", str(256 * 1024**2), "--tmpfs", "/tmp"]


@functools.cache
def strong() -> bool:
    """Whether bubblewrap is there and works for this user."""
    if shutil.which("bwrap") is None:
        return False
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        tried = ["bwrap", *_ALONE, "--ro-bind", "/", "/", *_MOUNTS, "true"]
        return subprocess.run(tried, capture_output=True, timeout=10).returncode == 0
    return False


@dataclass(frozen=True)
class Outcome:
    """What a call gave: its output as text, its pictures as base64 PNG, and whether the process had to be ended."""

    logs: str
    images: list[str] = field(default_factory=list)
    ended: bool = False


class Sandbox:
    """A Python process with a folder. It starts with the first call; variables stay until it is closed.

    folder: what the code sees as /mnt/data. memory: bytes that its processes may use together.
    """

    def __init__(self, folder: Path, memory: int = GIGABYTE) -> None:
        self._folder = folder
        self._memory = memory
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()

    async def run(self, code: str, seconds: float = SECONDS) -> Outcome:
        """Run code; what goes wrong in it is in its logs. A call that takes too long or too much ends the process."""
        return await asyncio.to_thread(self._run, code, seconds)

    def close(self) -> None:
        """End the process, and all that it started."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if sys.platform == "win32":
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _run(self, code: str, seconds: float) -> Outcome:
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self.close()
                self._process = self._start()
            process = self._process
            assert process.stdin is not None
            assert process.stdout is not None
            done = threading.Event()
            reason: list[str] = []
            watch = threading.Thread(target=self._watch, args=(process, seconds, done, reason), daemon=True)
            watch.start()
            try:
                process.stdin.write(json.dumps({"code": self._inside(code)}) + "\n")
                process.stdin.flush()
                line = process.stdout.readline()
            except OSError:
                line = ""
            finally:
                done.set()
                watch.join()
            if not line:
                self.close()
                why = reason[0] if reason else "The process ended"
                return Outcome(f"{why}. All variables are lost; files are kept.", ended=True)
            answer = json.loads(line)
            return Outcome(self._outside(answer["logs"]), answer["images"])

    def _watch(self, process: subprocess.Popen[str], seconds: float, done: threading.Event, reason: list[str]) -> None:
        """End a call that takes too long, too much memory, too many processes or too much disk."""
        import psutil  # type: ignore[import-untyped]

        until = time.monotonic() + seconds
        while not done.wait(0.05):
            with contextlib.suppress(psutil.Error):
                family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
                used = 0
                for one in family:
                    with contextlib.suppress(psutil.Error):
                        used += one.memory_info().rss
                if len(family) > MOST_PROCESSES:
                    reason.append(f"Stopped: more than {MOST_PROCESSES} processes")
                elif used > self._memory:
                    reason.append(f"Stopped: out of memory, more than {self._memory // 1024**2} MiB")
            if time.monotonic() > until:
                reason.append(f"Stopped: the code ran for more than {seconds:g} seconds")
            elif self._stored() > GIGABYTE:
                reason.append("Stopped: /mnt/data holds more than 1 GiB")
            if reason:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    if sys.platform == "win32":
                        process.kill()
                    else:
                        os.killpg(process.pid, signal.SIGKILL)
                return

    def _stored(self) -> int:
        total = 0
        with contextlib.suppress(OSError), os.scandir(self._folder) as entries:
            total = sum(entry.stat(follow_symlinks=False).st_size for entry in entries)
        return total

    def _start(self) -> subprocess.Popen[str]:
        command = self._wrapped() if strong() else [sys.executable, "-I", *_FLAGS, str(_DRIVER)]
        environment = {} if strong() else {**_QUIET, **_floor()}
        return subprocess.Popen(
            command,
            cwd=self._folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            start_new_session=True,
            preexec_fn=None if sys.platform == "win32" else _limits,
        )

    def _wrapped(self) -> list[str]:
        """Return bubblewrap's command. Python is shown as /opt/python, so that no path of this machine is told."""
        base = Path(sys.base_prefix).resolve()
        python = Path(sys.executable).resolve()
        command = ["bwrap", *_ALONE, *_MOUNTS, "--dir", "/etc"]
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


def _end_with_the_parent() -> None:
    """On Linux: be ended when the process that started this one ends, however that happens."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
