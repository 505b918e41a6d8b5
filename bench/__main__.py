"""Measure, print the table and write it to bench/RESULTS.md and the README. Exits with 1 if a limit is passed."""

import datetime
import importlib.metadata
import os
import platform
import sys
from pathlib import Path

from bench import display, holding, lessons, replay, serving, starting

RESULTS = Path(__file__).with_name("RESULTS.md")
README = RESULTS.parents[1] / "README.md"


def main() -> int:
    packages = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("openai", "httpx2", "vcrpy"))
    where = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    lines = [
        f"Measured {datetime.date.today().isoformat()} by `make bench`: {where}; {packages}. Medians of one run.",
        "",
        "| what | ours | beside | ratio or figure | at most |",
        "|---|---|---|---|---|",
    ]
    print("\n".join(lines), flush=True)
    holds = True
    for part in (replay, starting, serving, holding, display, lessons):
        for row in part.rows():
            verdict = "" if row.holds else " **over**"
            lines.append(f"| {row.what} | {row.ours} | {row.plain} | {row.figure}{verdict} | {row.limit} |")
            print(lines[-1], flush=True)
            holds &= row.holds
    table = "\n".join(lines) + "\n"
    RESULTS.write_text(f"# What it costs\n\n{table}", encoding="utf-8")
    before, start, rest = README.read_text(encoding="utf-8").partition("<!-- bench: written by make bench -->\n")
    README.write_text(before + start + table + "<!-- end of bench -->" + rest.split("<!-- end of bench -->")[1])
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
