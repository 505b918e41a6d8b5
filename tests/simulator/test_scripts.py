"""A script's faults are found when it is loaded, and said so that who writes a lesson knows what to change."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.model.scripts import ScriptError, load


def fault(script: str, folder: Path) -> str:
    """What is said of a script in a file."""
    path = folder / "99_mine.yaml"
    path.write_text(script, encoding="utf-8")
    with pytest.raises(ScriptError) as raised:
        load(path)
    return str(raised.value)


@pytest.mark.parametrize(
    ("turn", "words"),
    [
        ("when:\n  say: Hello", "`when` is empty: it takes conditions, as `input: Hello`."),
        ("when: {}\n  say:", "`say` is empty: it takes text or a list of steps."),
        ("when: {}\n  say: []", "`say` is empty: it takes text or a list of steps."),
        ("when: {}\n  say: 5", "`say` takes text or a list of steps, not the number 5: put it in quotes."),
        ("when: {}\n  say: {text: Hello}", "`say` takes text or a list of steps, not a mapping."),
        ("when: [input]\n  say: Hello", "`when` takes conditions, as `input: Hello`, not a list."),
        ("when: {input: Hi, 5: x}\n  say: Hello", "unknown condition ['5']; there are ["),
        ("when: {}\n  say: Hello\n  pace: fast", "`pace` takes {first: seconds}, not the text 'fast'."),
        ("when: {}\n  say: Hello\n  pace: {last: 2}", "`pace` knows no `last`: it takes first."),
        (
            "when: {}\n  say: Hello\n  pace: {first: slow}",
            "`pace.first` takes a number of seconds, not the text 'slow'.",
        ),
    ],
)
def test_a_turn(turn: str, words: str, tmp_path: Path) -> None:
    said = fault(f"- when: {{input: Hi}}\n  say: Hello\n- {turn}\n", tmp_path)
    assert said.startswith(f"99_mine.yaml, turn 2: {words}")


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("input: 5", "`input` takes text, not the number 5: put it in quotes."),
        ("input: ", "`input` is empty: it takes text."),
        ("input: yes", "`input` takes text, not the value true: put it in quotes."),
        ("input: 2026-01-01", "`input` takes text, not the date 2026-01-01: put it in quotes."),
        ("input: [a]", "`input` takes text, not a list."),
        ("contains: 2026", "`contains` takes text or a list of texts, not the number 2026: put it in quotes."),
        ("contains: [a, 5]", "`contains` takes text or a list of texts, not a list with the number 5: put"),
        ("contains: []", "`contains` is empty: it takes text or a list of texts."),
        ("told: '('", "`told`: '(' is no pattern: missing ), unterminated subpattern at position 0."),
        ("told: [a, '*']", "`told`: '*' is no pattern: nothing to repeat at position 0."),
        ("tools: 5", "`tools` takes text or a list of texts, not the number 5: put it in quotes."),
        ("model: 4.1", "`model` takes text, not the number 4.1: put it in quotes."),
        ("turn: x", "`turn` takes a whole number, not the text 'x'."),
        ("step: true", "`step` takes a whole number, not the value true."),
        ("outputs: false", "`outputs` takes true, text or a list of texts, not the value false."),
        ("approved: 5", "`approved` takes true, false or the name of a tool, not the number 5"),
    ],
)  # fmt: skip
def test_a_condition(condition: str, words: str, tmp_path: Path) -> None:
    assert fault(f"- when: {{{condition}}}\n  say: Hello\n", tmp_path).startswith(f"99_mine.yaml, turn 1: {words}")


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("text: 5", "`text` takes text, not the number 5: put it in quotes."),
        ("text:", "`text` is empty: it takes text."),
        ("refusal: 5", "`refusal` takes text, not the number 5: put it in quotes."),
        ("preamble: 5", "`preamble` takes text, not the number 5: put it in quotes."),
        ("code: [a]", "`code` takes text, not a list."),
        ("pause: long", "`pause` takes a number of seconds, not the text 'long'."),
        ("pause: -1", "`pause` takes a number of seconds, not the number -1."),
        ("reasoning: 5", "`reasoning.summary` takes text or a list of texts, not the number 5: put it in quotes."),
        ("reasoning: {tokens: many}", "`reasoning.tokens` takes a whole number, not the text 'many'."),
        ("call: {}", "`call` is empty: it takes a mapping with name, arguments."),
        ("call: f", "`call` takes a mapping with name, arguments, not the text 'f'."),
        ("call: {arguments: {}}", "`call` lacks `name`."),
        ("call: {name: f, argument: {}}", "`call` knows no `argument`: it takes name, arguments."),
        ("call: {name: f, arguments: x}", "`call.arguments` takes a mapping, not the text 'x'."),
        ("custom: {}", "`custom` is empty: it takes a mapping with name, input."),
        ("custom: {name: f, input: 5}", "`custom.input` takes text, not the number 5: put it in quotes."),
        ("image: x", "`image` takes a mapping with prompt, size, "),
        ("image: {prompt: A, size: huge}", "`image.size` takes auto, 1024x1024 or the like, not the text 'huge'."),
        ("image: {prompt: A, quality: best}", "`image.quality` takes auto, low, medium or high, not the text 'best'."),
        ("mcp:", "`mcp` is empty: it takes a mapping with server, name, arguments."),
        ("mcp: {server: s}", "`mcp` lacks `name`."),
        ("search: {find: words}", "`search` takes query, or queries, or open, or find with in; not find."),
        ("search: {queries: []}", "`search.queries` is empty: it takes a list of texts."),
        ("file_search: {open: a}", "`file_search` knows no `open`: it takes query, queries."),
        ("computer: {actions: []}", "`computer.actions` is empty: it takes a list of mappings with `type`."),
        ("computer: {actions: [click]}", "`computer.actions` takes a list of mappings with `type`, not a list."),
        ("computer: {actions: [{type: wait}], checks: [a]}", "`computer.checks` takes a list of {code: …, message: …}"),
        ("json: {a: 2026-01-01}", "`json` holds the date 2026-01-01, which JSON has not: put it in quotes."),
        ("json: [2026-01-01 10:00:00]", "`json` holds the date 2026-01-01 10:00:00, which JSON has not: put it in"),
        ("json: {a: .nan}", "`json` holds the number nan, which JSON has not: put it in quotes."),
        ("json: {on: 5}", "`json` holds the value true as a name, which JSON has not: put it in quotes."),
        ("call: {name: f, arguments: {a: 2026-01-01}}", "`call` holds the date 2026-01-01, which JSON has not: put it"),
        ("texts: Hello", "a step is one of ["),
    ],
)  # fmt: skip
def test_a_step(step: str, words: str, tmp_path: Path) -> None:
    said = fault(f"- when: {{input: Hi}}\n  say:\n    - text: Hello\n    - {step}\n", tmp_path)
    assert said.startswith(f"99_mine.yaml, turn 1: {words}")


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match=r"^99_none.yaml cannot be read: No such file or directory\.$"):
        load(tmp_path / "99_none.yaml")


def test_what_is_right_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "99_mine.yaml"
    path.write_text(
        "- when: {}\n  say: Hello\n"
        "- when: {input: Hi, contains: [a, b], outputs: true, step: 1, approved: get, told: 'a|b'}\n"
        "  say:\n    - reasoning: Hm.\n    - json: [null, 1.5, {a: b}]\n    - pause: 2\n  pace: {first: 0.5}\n",
        encoding="utf-8",
    )
    first, second = load(path)
    assert first == {"when": {}, "say": [{"text": "Hello"}], "pace": {}}
    assert second["pace"] == {"first": 0.5}
    assert second["say"][1] == {"json": [None, 1.5, {"a": "b"}]}
