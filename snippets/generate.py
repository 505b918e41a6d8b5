"""Write the scripts of this folder from the lessons' cells tagged `snippet`: `make snippets`.

A code cell becomes a Python script, a Markdown cell with a ```bash block a shell script. What each does is named in
tasks.yaml, in the order of the index.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import yaml

HERE = Path(__file__).parent
ROOT = HERE.parent

_CLIENT = """\
import os

from azure.identity import {credential}, {provider}
from openai import {client}

# AZURE_OPENAI_ENDPOINT is https://YOUR-RESOURCE-NAME.openai.azure.com; without AZURE_OPENAI_API_KEY: az login.
client = {client}(
    base_url=os.environ["AZURE_OPENAI_ENDPOINT"].rstrip("/") + "/openai/v1/",
    api_key=os.environ.get("AZURE_OPENAI_API_KEY")
    or {provider}({credential}(), "https://ai.azure.com/.default"),
)

"""
_PACKAGES = {"azure.identity": "azure-identity", "azure.identity.aio": "azure-identity"}
_SYNC = {"client": "OpenAI", "credential": "DefaultAzureCredential", "provider": "get_bearer_token_provider"}


class SnippetError(ValueError):
    """A snippet cell that cannot become a script; says which and why."""


@dataclass(frozen=True)
class Snippet:
    """A cell tagged `snippet`: `name` is "NN_theme/cell-id", `code` what stands in it, `shell` whether bash runs it."""

    name: str
    title: str
    code: str
    shell: bool

    def file(self, task: str) -> str:
        """Return the name of the script that does `task`."""
        return "_".join(re.findall(r"[a-z0-9]+", task.lower().replace("'s", "s"))) + (".sh" if self.shell else ".py")

    def script(self, task: str) -> str:
        """Return the script that does `task`."""
        lesson, _, cell = self.name.partition("/")
        origin = f"From notebooks/{lesson}.ipynb, cell {cell}. Made by `make snippets`."
        if self.shell:
            needs = "AZURE_OPENAI_ENDPOINT: https://YOUR-RESOURCE-NAME.openai.azure.com; AZURE_OPENAI_API_KEY its key."
            return f"#!/usr/bin/env bash\n# {task}.\n# {origin}\n# {needs}\nset -euo pipefail\n\n{self.code}\n"
        code = self._python()
        notes = [origin, f"Needs: pip install {' '.join(_packages(code))}", *_defines(self.code)]
        head = "\n".join(notes)
        return _tidied(f'"""{task}.\n\n{head}\n"""\n\n{code}\n')

    def _python(self) -> str:
        """Return the code with the client it needs, and inside asyncio.run where it awaits."""
        tree = compile(self.code, self.name, "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        assert isinstance(tree, ast.Module)
        loaded = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
        imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        lines = self.code.splitlines()
        body, above = list(lines), []
        for node in reversed(imports):
            above[:0] = lines[node.lineno - 1 : node.end_lineno]
            del body[node.lineno - 1 : node.end_lineno]
        code = "\n".join(body).strip("\n")
        if _awaits(tree):
            inside = "\n".join(f"    {line}" if line else "" for line in code.splitlines())
            code = f"async def main():\n{inside}\n\n\nasyncio.run(main())"
            above.insert(0, "import asyncio")
        made = ""
        if "client" in loaded:
            names = dict(_SYNC)
            if _awaits(tree) or "async" in self.code:
                names = {**_SYNC, "client": "AsyncOpenAI"}
            made = _CLIENT.format(**names)
            if names["client"] == "AsyncOpenAI":
                made = made.replace("from azure.identity import", "from azure.identity.aio import")
        return "\n".join([*above, made + code])


def _packages(code: str) -> list[str]:
    """Return what pip has to install for a script: openai first, then by name."""
    found = {"openai"}
    for node in ast.walk(ast.parse(code)):
        named = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        named += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        found |= {_PACKAGES.get(name, name.partition(".")[0]) for name in named}
    return sorted(found - sys.stdlib_module_names, key=lambda name: (name != "openai", name))


def _defines(code: str) -> list[str]:
    """Return a remark for a cell that defines functions and calls none of them."""
    tree = compile(code, "cell", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    assert isinstance(tree, ast.Module)
    body = [node for node in tree.body if not isinstance(node, ast.Import | ast.ImportFrom)]
    if not all(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) for node in body):
        return []
    names = " and ".join(node.name for node in body if hasattr(node, "name"))
    return [f"It defines {names}, for you to call; run as it is, it prints nothing."]


def _awaits(tree: ast.Module) -> bool:
    """Whether a cell awaits at its top level, as only notebooks do."""
    inner = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)

    def found(node: ast.AST) -> bool:
        if isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith):
            return True
        return any(found(child) for child in ast.iter_child_nodes(node) if not isinstance(child, inner))

    return any(found(node) for node in tree.body if not isinstance(node, inner))


def _tidied(code: str) -> str:
    """Sort the imports and format, as everywhere here."""
    for command in (["check", "--select", "I", "--fix"], ["format"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--quiet", "--stdin-filename", HERE / "snippet.py", "-"],
            input=code, capture_output=True, text=True, check=True, encoding="utf-8",
        )  # fmt: skip
        code = done.stdout
    return code


def snippets() -> list[Snippet]:
    """Return every snippet of every lesson, in reading order; raises SnippetError."""
    found = []
    for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        title = cells[0].source.splitlines()[0].removeprefix("# ").partition(" · ")[2]
        for cell in cells:
            if "snippet" not in cell.metadata.get("tags", []):
                continue
            name = f"{path.stem}/{cell.id}"
            code = cell.source
            if cell.cell_type == "markdown":
                block = re.search(r"^```bash\n(.*?)^```", code, re.MULTILINE | re.DOTALL)
                if block is None:
                    raise SnippetError(f"{name} is Markdown, is tagged snippet and has no ```bash block.")
                code = block[1].rstrip()
            found.append(Snippet(name, title, code, cell.cell_type == "markdown"))
    return found


def tasks() -> dict[str, dict[str, str]]:
    """Return what snippets do, by group and name: tasks.yaml; raises SnippetError where it and the lessons disagree."""
    named: dict[str, dict[str, str]] = yaml.safe_load((HERE / "tasks.yaml").read_text(encoding="utf-8"))
    listed = [name for group in named.values() for name in group]
    there = [snippet.name for snippet in snippets()]
    if missing := sorted(set(there) - set(listed)):
        raise SnippetError(f"snippets/tasks.yaml does not say what these do: {', '.join(missing)}.")
    if gone := sorted(set(listed) - set(there)):
        raise SnippetError(f"snippets/tasks.yaml names cells that are not there: {', '.join(gone)}.")
    return named


def files() -> dict[str, str]:
    """Return every file of this folder that is generated, by name."""
    by_name = {snippet.name: snippet for snippet in snippets()}
    made, index = {}, [_INDEX]
    for group, named in tasks().items():
        index += [f"\n## {group}\n", "| task | script | explained in |", "|---|---|---|"]
        for name, task in named.items():
            snippet, lesson = by_name[name], name.partition("/")[0]
            file = snippet.file(task)
            if file in made:
                raise SnippetError(f"snippets/tasks.yaml has two tasks that make {file}.")
            made[file] = snippet.script(task)
            explained = f"[{lesson[:2]} · {snippet.title}](../notebooks/{lesson}.ipynb)"
            index.append(f"| {task} | [{file}]({file}) | {explained} |")
    made["README.md"] = "\n".join(index) + "\n"
    return made


_INDEX = """\
# Snippets

Plain scripts, one a task, to copy into a project of your own: the OpenAI SDK and nothing of this collection's; what a
script needs besides, its first lines say. Each is a cell of a lesson, with the client made at its top. Set
`AZURE_OPENAI_ENDPOINT`, and `AZURE_OPENAI_API_KEY` or sign in with `az login`; a model's name is that of a
deployment, so put in yours. Without an account: run `.venv/bin/python -m simulator --script data/scripts` in this
repository (Windows: `.venv\\Scripts\\python`), set the endpoint to `http://127.0.0.1:8000` and the key to any word.
Then they hear what the lessons' scripted model says.

Made from the lessons by `make snippets`; the tests run every one of them in an empty folder.
"""
_OURS = {"generate.py", "__init__.py"}


def main() -> int:
    """Write the files, and remove scripts whose cell is gone."""
    try:
        made = files()
    except SnippetError as error:
        print(error, file=sys.stderr)
        return 1
    for old in [*HERE.glob("*.py"), *HERE.glob("*.sh")]:
        if old.name not in made and old.name not in _OURS:
            old.unlink()
    for name, text in made.items():
        path = HERE / name
        path.write_text(text, encoding="utf-8")
        if path.suffix == ".sh":
            path.chmod(0o755)
    print(f"{len(made) - 1} snippets")
    return 0


if __name__ == "__main__":
    sys.exit(main())
