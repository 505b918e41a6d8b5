"""What runs inside a container: reads code from standard input, runs it, says what came of it. Standard library only.

One request a line, {"number": …, "code": …}; one answer a line, {"number": …, "logs": …, "images": [base64 PNG, …]},
with the number of the request, so that nothing left over is taken for an answer. Variables stay between
requests. It is started by sandbox.py, as a script, and imports nothing of this package.
"""

import ast
import base64
import contextlib
import io
import json
import linecache
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from typing import Any, TextIO

MOST_LOGS = 200_000  # characters of one call's output


def main() -> None:
    """Answer requests until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    names: dict[str, Any] = {"__name__": "__main__", "__builtins__": __builtins__}
    read, write = json.loads, json.dumps  # the code may put others in their place
    for number, line in enumerate(requests, 1):
        request = read(line)
        answer = _run(request["code"], names, f"Cell {number}")
        answers.write(write({"number": request["number"], **answer}) + "\n")
        answers.flush()


def _run(code: str, names: dict[str, Any], where: str) -> dict[str, Any]:
    with tempfile.TemporaryFile() as output:
        before = os.dup(1), os.dup(2)
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
        out = io.TextIOWrapper(io.FileIO(os.dup(1), "w"), encoding="utf-8", errors="replace", write_through=True)
        sys.stdout = sys.stderr = out
        images: list[str] = []
        try:
            _guarded(lambda: _execute(code, names, where), out)
            _guarded(lambda: images.extend(_figures()), out)
        finally:
            with contextlib.suppress(OSError, ValueError):
                out.close()
            os.dup2(before[0], 1)
            os.dup2(before[1], 2)
            for descriptor in before:
                os.close(descriptor)
        size = output.seek(0, os.SEEK_END)
        output.seek(0)
        logs = output.read(4 * MOST_LOGS).decode("utf-8", errors="replace")
    if len(logs) > MOST_LOGS or size > 4 * MOST_LOGS:
        logs = logs[:MOST_LOGS] + f"\n… (output cut: {size:,} bytes)"
    return {"logs": logs, "images": images}


def _guarded(step: Callable[[], None], out: TextIO) -> None:
    """Do something that runs code which is not ours; what goes wrong is printed, without our own frames."""
    try:
        step()
    except SystemExit:
        pass
    except BaseException as error:
        frames = error.__traceback__
        while frames is not None and frames.tb_frame.f_code.co_filename == __file__:
            frames = frames.tb_next
        with contextlib.suppress(OSError, ValueError):
            out.write("".join(traceback.format_exception(type(error), error, frames)))


def _execute(code: str, names: dict[str, Any], where: str) -> None:
    """Run the code; print its last expression as a notebook does."""
    linecache.cache[where] = (len(code), None, code.splitlines(keepends=True), where)  # for tracebacks
    tree = ast.parse(code, where)
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr):
        tree.body.pop()
    exec(compile(tree, where, "exec"), names)
    if isinstance(last, ast.Expr):
        value = eval(compile(ast.Expression(last.value), where, "eval"), names)
        if value is not None:
            print(repr(value))


def _figures() -> list[str]:
    """Return the open figures of matplotlib as base64 PNG, and close them."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    found = []
    if pyplot is not None:
        try:
            for number in pyplot.get_fignums():
                file = io.BytesIO()
                pyplot.figure(number).savefig(file, format="png", metadata={"Software": None})
                found.append(base64.b64encode(file.getvalue()).decode())
        finally:
            pyplot.close("all")
    return found


if __name__ == "__main__":
    main()
