"""What `import helpers` and `connect()` add to `import openai`: each time in a new process."""

import statistics
import subprocess
import sys
from collections.abc import Iterator

from bench.measure import Row

PROGRAM = """
import time, openai
def megabytes():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4096 / 1e6
before, start = megabytes(), time.perf_counter()
import helpers
helpers.connect("01_basics")
print((time.perf_counter() - start) * 1e3, megabytes() - before)
"""


def rows() -> Iterator[Row]:
    if not sys.platform.startswith("linux"):
        return  # /proc tells the memory
    runs = []
    for _ in range(11):
        last_line = subprocess.run(
            [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
        ).stdout.splitlines()[-1]
        runs.append([float(number) for number in last_line.split()])
    milliseconds, megabytes = (statistics.median(side) for side in zip(*runs[1:], strict=True))
    what = "`import helpers` + `connect()` beyond `import openai`"
    yield Row(f"{what}: time", f"{milliseconds:.0f} ms", "", f"{milliseconds:.0f} ms", "60 ms", milliseconds <= 60)
    yield Row(f"{what}: memory", f"{megabytes:.1f} MB", "", f"{megabytes:.1f} MB", "12 MB", megabytes <= 12)
