"""What must hold of a lesson's file, whatever the lesson says. Each rule yields the faults that it finds, in words."""

import ast
import builtins
import re
from collections.abc import Callable, Iterator

from tests.notebooks.execute import METADATA
from tests.notebooks.lesson import Lesson, tags

KILOBYTES = 300
LINES = 25
Rule = Callable[[Lesson], Iterator[str]]


def executed_once_from_top_to_bottom(lesson: Lesson) -> Iterator[str]:
    counts = [lesson.notebook.cells[i].execution_count for i in lesson.code_cells]
    if counts != list(range(1, len(counts) + 1)):
        yield f"execution counts are {counts}: make lessons LESSON={lesson.name}"


def errors_are_announced(lesson: Lesson) -> Iterator[str]:
    for i in lesson.code_cells:
        cell = lesson.notebook.cells[i]
        failed = any(output.output_type == "error" for output in cell.outputs)
        if failed and "raises-exception" not in tags(cell):
            yield f"cell {i} ends in an error and is not tagged raises-exception"
        if "raises-exception" in tags(cell) and not failed:
            yield f"cell {i} is tagged raises-exception and ends well"


def nothing_on_stderr(lesson: Lesson) -> Iterator[str]:
    for i in lesson.code_cells:
        for output in lesson.notebook.cells[i].outputs:
            if output.output_type == "stream" and output.name == "stderr":
                yield f"cell {i} writes to stderr: {output.text[:80]!r}"


def small(lesson: Lesson) -> Iterator[str]:
    size = lesson.path.stat().st_size
    if size > KILOBYTES * 1000:
        yield f"{size / 1000:.0f} KB; a notebook stays under {KILOBYTES}"


def pictures_have_alt_text(lesson: Lesson) -> Iterator[str]:
    for i, cell in enumerate(lesson.notebook.cells):
        html = [cell.source] if cell.cell_type == "markdown" else []
        if cell.cell_type == "markdown" and re.search(r"!\[\s*\]\(", cell.source):
            yield f"cell {i} has a picture without alt text"
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            html += [data.get("text/html", ""), data.get("text/markdown", "")]
            for kind in ("image/png", "image/jpeg"):
                if kind in data and not output.metadata.get(kind, {}).get("alt"):
                    yield f"cell {i} shows a bare {kind}: helpers' charts and pictures carry alt text"
        for image in re.findall(r"<img\b[^>]*>", "\n".join(html)):
            if not re.search(r"""\balt=(["'])\s*[^\s"']""", image):
                yield f"cell {i} has a picture without alt text: {image[:60]}"


def headings_nest(lesson: Lesson) -> Iterator[str]:
    level = 0
    for i, cell in enumerate(lesson.notebook.cells):
        if cell.cell_type != "markdown":
            continue
        prose = re.sub(r"^(```|~~~).*?^\1", "", cell.source, flags=re.MULTILINE | re.DOTALL)
        for marks in re.findall(r"^(#{1,6}) ", prose, re.MULTILINE):
            if len(marks) > level + 1 or (len(marks) == 1 and level):
                yield f"cell {i} has a heading of level {len(marks)} after one of level {level}"
            level = len(marks)
    if level == 0:
        yield "no heading"


def cells_fit_on_a_screen(lesson: Lesson) -> Iterator[str]:
    for i in lesson.code_cells:
        lines = len(lesson.notebook.cells[i].source.splitlines())
        if lines > LINES:
            yield f"cell {i} has {lines} lines; {LINES} is a lot"


def snippets_stand_alone(lesson: Lesson) -> Iterator[str]:
    """A cell tagged `snippet` is plain SDK code: it knows `client` and what it imports, nothing of ours."""
    for i in lesson.code_cells:
        cell = lesson.notebook.cells[i]
        if "snippet" not in tags(cell):
            continue
        tree = compile(cell.source, f"cell {i}", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        known = {"client", *dir(builtins)}
        used = set()
        for node in ast.walk(tree):
            match node:
                case ast.Import(names=names) | ast.ImportFrom(names=names):
                    known |= {(name.asname or name.name).split(".")[0] for name in names}
                    module = node.module if isinstance(node, ast.ImportFrom) else names[0].name
                    if (module or "").split(".")[0] in ("helpers", "simulator"):
                        yield f"snippet in cell {i} imports {module}"
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                    known.add(name)
                case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                    known.add(name)
                case ast.arg(arg=name):
                    known.add(name)
                case ast.Name(id=name, ctx=ast.Load()):
                    used.add(name)
                case ast.Name(id=name):
                    known.add(name)
        for name in sorted(used - known):
            yield f"snippet in cell {i} needs {name!r} from elsewhere; it may use only `client` and what it imports"


def metadata_is_tidy(lesson: Lesson) -> Iterator[str]:
    metadata = {key: value for key, value in lesson.notebook.metadata.items() if key != "widgets"}
    if metadata != METADATA:
        yield f"metadata of some editor or machine: make lessons LESSON={lesson.name}"


RULES: list[Rule] = [
    executed_once_from_top_to_bottom,
    errors_are_announced,
    nothing_on_stderr,
    small,
    pictures_have_alt_text,
    headings_nest,
    cells_fit_on_a_screen,
    snippets_stand_alone,
    metadata_is_tidy,
]
