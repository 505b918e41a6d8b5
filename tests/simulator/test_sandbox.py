"""Code that means harm, or does it: bounded everywhere, and kept from this machine where there is bubblewrap."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from simulator import sandbox
from simulator.sandbox import Sandbox

in_bubblewrap = pytest.mark.skipif(not sandbox.strong(), reason="bubblewrap is not installed, or may not be used here")
ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["bubblewrap", "floor"])
async def box(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Sandbox]:
    """A sandbox of either kind."""
    if request.param == "floor":
        monkeypatch.setattr(sandbox, "strong", lambda: False)
    elif not sandbox.strong():
        pytest.skip("bubblewrap is not installed, or may not be used here")
    box = Sandbox(tmp_path, 512 * 1024**2)
    yield box
    box.close()


@pytest.fixture
async def strong(tmp_path: Path) -> AsyncIterator[Sandbox]:
    box = Sandbox(tmp_path)
    yield box
    box.close()


async def test_variables_stay_and_the_last_value_is_printed(box: Sandbox) -> None:
    assert (await box.run("x = 6 * 7\nprint('worked out')\nx")).logs == "worked out\n42\n"
    assert (await box.run("x + 1")).logs == "43\n"
    assert (await box.run("None")).logs == ""


async def test_what_goes_wrong_is_a_traceback_with_the_code_s_own_lines(box: Sandbox) -> None:
    outcome = await box.run("def half(x):\n    return x / 0\n\nhalf(1)")
    assert outcome.logs.splitlines() == [
        "Traceback (most recent call last):",
        '  File "Cell 1", line 4, in <module>',
        "    half(1)",
        '  File "Cell 1", line 2, in half',
        "    return x / 0",
        "ZeroDivisionError: division by zero",
    ]
    assert not outcome.ended
    assert "SyntaxError" in (await box.run("1 +")).logs


async def test_files_are_where_the_service_has_them(box: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("a,b\n1,2\n")
    outcome = await box.run(
        "open('/mnt/data/out.txt', 'w').write(open('/mnt/data/in.csv').read())\nimport os\nos.getcwd()"
    )
    assert outcome.logs == "'/mnt/data'\n"
    assert (tmp_path / "out.txt").read_text() == "a,b\n1,2\n"


async def test_a_chart_is_a_picture(box: Sandbox) -> None:
    outcome = await box.run("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()")
    assert len(outcome.images) == 1
    assert outcome.images[0].startswith("iVBORw0KGgo")  # PNG
    assert (await box.run("print('next')")).images == []


async def test_an_endless_loop_is_ended_and_files_are_kept(box: Sandbox, tmp_path: Path) -> None:
    outcome = await box.run("open('/mnt/data/kept', 'w').write('x')\ny = 1\nwhile True: pass", seconds=1.0)
    assert outcome.ended
    assert outcome.logs == "Stopped: the code ran for more than 1 seconds. All variables are lost; files are kept."
    assert (tmp_path / "kept").exists()
    assert "NameError: name 'y' is not defined" in (await box.run("y")).logs


async def test_memory_is_bounded(box: Sandbox) -> None:
    outcome = await box.run("hog = b'x' * (2 * 1024 ** 3)", seconds=30)
    assert "out of memory, more than 512 MiB" in outcome.logs


async def test_processes_are_bounded_and_none_is_left(box: Sandbox) -> None:
    before = set(psutil.pids())
    # One after the other: those that fork in turn would take the machine of whoever runs this test with them.
    code = "import os, time\nfor _ in range(200):\n    if os.fork() == 0:\n        time.sleep(60)\ntime.sleep(60)"
    outcome = await box.run(code, seconds=20)
    assert outcome.ended
    for _ in range(50):
        left = [pid for pid in set(psutil.pids()) - before if "sandboxed.py" in " ".join(_command(pid))]
        if not left:
            break
        await asyncio.sleep(0.1)
    assert left == []


def _command(pid: int) -> list[str]:
    try:
        return psutil.Process(pid).cmdline()
    except psutil.Error:
        return []


async def test_output_and_files_are_bounded(box: Sandbox, tmp_path: Path) -> None:
    outcome = await box.run("for _ in range(3000): print('y' * 1000)")
    assert len(outcome.logs) < 210_000
    assert "output cut" in outcome.logs
    assert "File too large" in (await box.run("open('/mnt/data/big', 'wb').write(b'0' * 10 ** 8)")).logs
    assert (tmp_path / "big").stat().st_size <= sandbox.MOST_FILE


async def test_it_goes_on_after_the_process_was_ended_from_within(box: Sandbox) -> None:
    assert (await box.run("import os; os._exit(1)")).ended
    assert (await box.run("1 + 1")).logs == "2\n"
    assert (await box.run("import sys; sys.exit(1)")).logs == ""
    assert "EOFError" in (await box.run("input()")).logs


@pytest.mark.parametrize(
    "forged",
    [
        b"garbage\n",
        b"[]\n",
        b"\xff\n",
        b'{"logs": 5, "images": ["x"]}\n',
        b'{"logs": "one", "images": []}\n{"logs": "left over", "images": []}\n',
    ],
)
async def test_what_the_code_says_in_the_place_of_an_answer_is_none(box: Sandbox, forged: bytes) -> None:
    write = f"import os\nfor fd in range(3, 9):\n    try: os.write(fd, {forged!r})\n    except OSError: pass"
    assert (await box.run(write)).ended
    assert (await box.run("40 + 2")).logs == "42\n"


async def test_an_answer_without_an_end_is_bounded(box: Sandbox) -> None:
    before = psutil.Process().memory_info().rss
    outcome = await box.run("import os\nwhile True:\n    os.write(3, b'x' * 65536)", seconds=20)
    assert outcome.ended
    assert psutil.Process().memory_info().rss - before < 3 * sandbox._MOST_ANSWER


async def test_a_chart_that_cannot_be_drawn_is_a_traceback(box: Sandbox) -> None:
    outcome = await box.run("import matplotlib.pyplot as plt\nx = 7\nplt.title('$\\\\frac{$')")
    assert "ParseSyntaxException" in outcome.logs
    assert (await box.run("x")).logs == "7\n"  # and nothing is lost


@pytest.mark.skipif(sys.platform != "linux", reason="memfd is Linux's")
async def test_memory_without_a_name_counts(box: Sandbox) -> None:
    hog = "import os\nfor _ in range(60):\n    fd = os.memfd_create('x')\n    os.write(fd, b'0' * (50 * 1024 ** 2))"
    assert "out of memory" in (await box.run(hog + "\nwhile True: pass", seconds=20)).logs


async def test_folders_below_count_too(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "GIGABYTE", 50 * 1024**2)
    fill = "import os\nos.makedirs('a/b')\nfor n in range(9): open(f'a/b/{n}', 'wb').write(b'0' * (10 * 1024 ** 2))"
    assert "/mnt/data holds more than" in (await box.run(fill + "\nwhile True: pass", seconds=20)).logs


async def test_a_process_that_left_its_group_ends_too(box: Sandbox) -> None:
    before = set(psutil.pids())
    leave = (
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0: time.sleep(300)\n    os._exit(0)"
    )
    await box.run(leave + "\nos.wait()")
    box.close()
    until = time.monotonic() + 10
    while left := [pid for pid in set(psutil.pids()) - before if "sandboxed.py" in " ".join(_command(pid))]:
        assert time.monotonic() < until, left
        await asyncio.sleep(0.1)


@in_bubblewrap
async def test_nothing_can_be_mounted_and_shared_memory_is_small(strong: Sandbox) -> None:
    mount = "import ctypes\nlibc = ctypes.CDLL(None)\nlibc.mount(b'x', b'/tmp', b'tmpfs', 0, None)"
    assert (await strong.run(mount)).logs == "-1\n"
    assert (await strong.run("libc.unshare(0x10000000)")).logs == "-1\n"  # a user namespace of its own
    filled = await strong.run("for n in range(9): open(f'/dev/shm/{n}', 'wb').write(b'0' * (30 * 1024 ** 2))")
    assert "No space left on device" in filled.logs


@in_bubblewrap
@pytest.mark.parametrize(
    "harm",
    [
        "open('/etc/passwd').read()",
        f"__import__('os').listdir({str(Path.home())!r})",
        f"__import__('os').listdir({str(ROOT)!r})",
        "import socket; socket.create_connection(('127.0.0.1', 22), 2)",
        "import socket; socket.getaddrinfo('example.com', 80)",
        "open('/opt/sandboxed.py', 'a')",
        "open('/usr/x', 'w')",
    ],
)
async def test_this_machine_is_not_there(strong: Sandbox, harm: str) -> None:
    assert "Traceback" in (await strong.run(harm)).logs


@in_bubblewrap
async def test_neither_environment_nor_other_processes_can_be_seen(
    strong: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "a-secret-of-mine")
    seen = (await strong.run("import os\nprint(dict(os.environ), os.listdir('/proc'))")).logs
    assert "a-secret-of-mine" not in seen
    assert (await strong.run("[pid for pid in os.listdir('/proc') if pid.isdigit()]")).logs == "['1']\n"
    assert str(ROOT) not in (await strong.run("open('/proc/1/cmdline').read() + open('/proc/self/mounts').read()")).logs


@in_bubblewrap
async def test_nobody_else_can_be_ended(strong: Sandbox) -> None:
    await strong.run(
        f"import os, signal\nfor pid in (os.getppid(), {os.getpid()}, -1):\n    os.kill(pid, signal.SIGKILL)"
    )
    assert (await strong.run("1 + 1")).logs == "2\n"


async def test_the_floor_has_no_environment_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "strong", lambda: False)
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "a-secret-of-mine")
    box = Sandbox(tmp_path)
    assert "a-secret-of-mine" not in (await box.run("import os; os.environ")).logs
    box.close()


def test_nothing_outlives_the_program(tmp_path: Path) -> None:
    """Also not when it is killed, which leaves it no time to clean up."""
    program = textwrap.dedent(f"""
        import asyncio, time
        from pathlib import Path
        from simulator.sandbox import Sandbox

        async def main():
            box = Sandbox(Path({str(tmp_path)!r}))
            await box.run("marker = 1")
            print("running", flush=True)
            await asyncio.sleep(60)

        asyncio.run(main())
    """)
    before = set(psutil.pids())
    process = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "running\n"
    process.kill()
    process.wait()
    until = time.monotonic() + 10
    while left := [pid for pid in set(psutil.pids()) - before if "sandboxed.py" in " ".join(_command(pid))]:
        assert time.monotonic() < until, left
        time.sleep(0.1)
