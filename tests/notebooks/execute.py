"""Run lessons top to bottom and write their outputs, so that committing a lesson is one command.

    python -m tests.notebooks.execute run [LESSON ...]                      replay the cassettes, write the outputs
    python -m tests.notebooks.execute record [--from azure] [LESSON ...]    record the cassettes first

No lesson named means all of them. A file is replaced only when its new content is complete, and only if it changed.
"""

import argparse
import contextlib
import json
import re
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from helpers.cassettes.record import RecordingError, finish, side_file
from helpers.lessons import lesson as helpers_lesson
from tests.notebooks.kernel import LessonKernel
from tests.notebooks.lesson import ROOT, Lesson, NotebookError, lessons

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
VOLATILE = {"execution", "ExecuteTime", "trusted", "collapsed", "scrolled"}


def execute(lesson: Lesson, mode: str, environment: Mapping[str, str] = {}) -> NotebookNode:
    """The lesson's notebook, run top to bottom in a fresh kernel. RuntimeError at an error that no tag announces."""
    kernel = LessonKernel(lesson, mode, environment)
    try:
        for index in lesson.code_cells:
            outputs = kernel.run(index)
            tags = lesson.notebook.cells[index].metadata.get("tags", [])
            for output in outputs:
                if output.output_type == "error" and "raises-exception" not in tags:
                    traceback = "\n".join(output.traceback)
                    raise RuntimeError(f"{lesson.path.name}, cell {index}, in {mode} mode:\n{traceback}")
        return tidy(kernel.finish())
    finally:
        kernel.stop()


def tidy(notebook: NotebookNode) -> NotebookNode:
    """The same notebook without what changes from run to run or machine to machine."""
    widgets = {key: value for key, value in notebook.metadata.items() if key == "widgets" and value}
    notebook.metadata = nbformat.from_dict(METADATA | widgets)
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({key: value for key, value in cell.metadata.items() if key not in VOLATILE})
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                output.traceback = [without_paths(line) for line in output.traceback]
    return with_steady_widget_ids(notebook)


def without_paths(text: str) -> str:
    """A traceback without the places where this machine keeps things."""
    home = str(Path.home())
    places = {sysconfig.get_path("purelib"): "site-packages", str(ROOT): ".", sysconfig.get_path("stdlib"): "python"}
    for place, name in places.items():
        text = text.replace(place, name)
        if place.startswith(home):
            text = text.replace("~" + place.removeprefix(home), name)
    return re.sub(r"\S*/ipykernel_\d+/\d+\.py", "<cell>", text)


def with_steady_widget_ids(notebook: NotebookNode) -> NotebookNode:
    """Widgets get random ids: number them in the order in which they appear instead."""
    states = notebook.metadata.get("widgets", {}).get("application/vnd.jupyter.widget-state+json", {}).get("state", {})
    text = json.dumps(notebook, ensure_ascii=False)
    ids = sorted(states, key=lambda model: text.find(model))
    for number, model in enumerate(ids):
        text = text.replace(model, f"{number:032x}")
    return nbformat.from_dict(json.loads(text))


def write(path: Path, text: str) -> bool:
    """Replace the file in one step if it would change; whether it did. RuntimeError where it cannot be written."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    whole = path.with_name(f".{path.name}.new")
    try:
        whole.write_text(text, encoding="utf-8", newline="\n")
        whole.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):  # there may be no folder at all
            whole.unlink()
        raise RuntimeError(f"{path} cannot be written: {error.strerror}.") from error
    return True


def run(lesson: Lesson, environment: Mapping[str, str] = {}) -> bool:
    return write(lesson.path, nbformat.writes(execute(lesson, "replay", environment)) + "\n")


def record(lesson: Lesson, source: str) -> bool:
    """Record the lesson, then write what its replay shows. The old cassette stays until the whole lesson has run.

    It comes back where the new one does not replay, which is then in the side file.
    """
    execute(lesson, "record", {"LAB_RECORD_FROM": source})
    files = helpers_lesson(lesson.name)
    before = files.cassette.read_bytes() if files.cassette.exists() else None
    changed = finish(files)
    try:
        return run(lesson) or changed
    except BaseException:
        if changed:
            files.cassette.replace(side_file(files))
            if before is not None:
                files.cassette.write_bytes(before)
        raise


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.notebooks.execute")
    parser.add_argument("command", choices=["run", "record"])
    parser.add_argument("lesson", nargs="*", help="names such as 05_tools; none means all")
    parser.add_argument("--from", dest="source", choices=["simulator", "azure"], default="simulator")
    arguments = parser.parse_intermixed_args()  # `record --from azure 05_tools`, as make writes it
    known = {lesson.name: lesson for lesson in lessons()}
    for name in arguments.lesson or known:
        if name not in known:
            sys.exit(f"No lesson is called {name}. There are: {', '.join(known) or 'none yet'}.")
        try:
            changed = record(known[name], arguments.source) if arguments.command == "record" else run(known[name])
        except (RuntimeError, RecordingError, NotebookError, OSError) as error:
            sys.exit(f"{error}\n\nThe notebook and the cassette of {name} are as they were.")
        except KeyboardInterrupt:
            sys.exit(f"\nInterrupted. The notebook and the cassette of {name} are as they were.")
        print(f"{name}: {'written' if changed else 'unchanged'}", flush=True)


if __name__ == "__main__":
    main()
