"""What the glass box has code_interpreter do: a fenced block, an equation, a sum, or a look at the files."""

from __future__ import annotations

import re

_FENCED = re.compile(r"```(?:python|py)?\s*\n(.*?)```", re.DOTALL)
_SIDE = r"[\d\s.+\-*/()^]*"
_EQUATION = re.compile(rf"(?<![\w.])({_SIDE}\d?\s*([a-z])\b{_SIDE})=({_SIDE}\d{_SIDE})")
_SUM = re.compile(r"(?<![\w.])\(*-?\d[\d\s.]*(?:[+\-*/^×÷]\s*\(*-?\s*\d[\d\s.]*\)*)+")


def write(prompt: str, must: bool, files: bool) -> str | None:
    """Return code for a prompt; None where nothing in it asks for code, unless it must. `files`: some are attached."""
    if fenced := _FENCED.search(prompt):
        return fenced[1]
    if equation := _EQUATION.search(prompt):
        left, name, right = (part.strip(" .\n") for part in equation.groups())
        return (
            "from fractions import Fraction\n\n\n"
            f"def difference({name}):\n    return ({_python(left, name)}) - ({_python(right, name)})\n\n\n"
            "# of a straight line, two points are enough\n"
            "start, step = difference(Fraction(0)), difference(Fraction(1)) - difference(Fraction(0))\n"
            f'print("{name} =", -start / step)\n'
        )
    if total := _SUM.search(prompt):
        return f"print({_python(total[0].rstrip('. '), '')})"
    if files:
        return (
            "from pathlib import Path\n\n"
            'for path in sorted(Path("/mnt/data").iterdir()):\n'
            '    print(path.name, path.stat().st_size, "bytes")\n'
            '    if path.suffix in (".csv", ".txt", ".md", ".json"):\n'
            '        print(*path.read_text(errors="replace").splitlines()[:3], sep="\\n")\n'
        )
    return "print('no model is here')" if must else None


def _python(term: str, name: str) -> str:
    """Return a term as Python writes it: 3x as 3*x, ^ as **."""
    term = term.replace("^", "**").replace("×", "*").replace("÷", "/")
    return re.sub(rf"(?<=[\d)])\s*(?={name}\b|\()", "*", term) if name else term
