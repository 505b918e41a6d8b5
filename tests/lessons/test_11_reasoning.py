"""The exercises of 11: the solutions pass, and what people write instead is told what is wrong with it."""

import re

import pytest

from simulator.models import models
from tests.lessons.harness import Learner
from tests.notebooks.lesson import ROOT, Lesson


@pytest.mark.parametrize("exercise", [1, 2, 3])
def test_the_solution_passes(learner: Learner, exercise: int) -> None:
    assert learner.writes(exercise, learner.solution(exercise)).splitlines()[-1].startswith("Right")


@pytest.mark.parametrize("exercise", [1, 2, 3])
def test_an_untouched_exercise_says_what_to_do(learner: Learner, exercise: int) -> None:
    assert learner.writes(exercise).splitlines()[-1].startswith("Not yet")


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ('"reasoning": {"effort": "medium"}, "max_output_tokens": 300', "Not yet: 300 tokens billed, and no answer"),
        ('"reasoning": {"effort": "high"}, "max_output_tokens": 25_000', "Is there an effort that finds it for less?"),
        ('"reasoning": {"effort": "low"}, "max_output_tokens": 800', "9.34 km. The shortest has 8.99 km"),
        ('"max_output_tokens": 800', "10.15 km. The shortest has 8.99 km"),
        ('"reasoning": {"effort": "medium"}', "what stops a runaway"),
        ('"reasoning": {"effort": "medium"}, "max_output_tokens": 600', "leave room"),
        ('"reasoning": {"effort": "minimal"}, "max_output_tokens": 800', "Supported values are: 'none', 'low'"),
        ('"reasoning": {"effort": "medium"}, "temperature": 0', "Unsupported parameter: 'temperature'"),
        ('"reasoning_effort": "medium", "max_output_tokens": 800', "unexpected keyword argument 'reasoning_effort'"),
        ('"reasoning": {"effort": "medium"}, "max_tokens": 800', "unexpected keyword argument 'max_tokens'"),
        ('"reasoning": {"effort": "medium"}, "max_output_tokens": 2_000', "Right: "),
        ('"reasoning": {"effort": "medium"}, "max_output_tokens": 800', "Right: "),
        ('"reasoning": {"effort": "medium"}, "max_output_tokens": 10**9', "what stops a runaway"),
        ('"reasoning": {"effort": "medium"}, "max_output_tokens": 900, "stream": True', "It fails"),
        ('"reasoning": {"effort": "medium"}, "max_output_tokens": 900, "background": True', "It fails"),
        ('"max_output_tokens": 900, **{"input": "Say " + ", ".join(BEST)}', "Leave the model and the question"),
    ],
)
def test_an_answer_within_a_budget(learner: Learner, settings: str, says: str) -> None:
    assert says in learner.writes(1, f'request = {{"model": MODEL, "input": PUZZLE, {settings}}}')


ROUNDS = "rounds = [rest[:3], rest[3:8], rest[8:]]"
WHOLE = "while 1 + sum(map(len, rounds)) > most:\n        del rounds[0]"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("return history", "shorten(past, 8) returns 12 items"),
        ("return history[:1]", "you keep 0 of 3 rounds; 1 would fit"),
        ("return history[:most]", "No tool output found for function call call_…. A round is"),
        ("return [question, *rest[-(most - 1) :]]", "a call has lost its thought"),
        (
            "return [question, *[one for one in rest if one['type'] != 'reasoning'][1 - most :]]",
            "No tool call found for function call output",
        ),
        (
            "return [question, *[one for one in rest if one['type'] == 'reasoning']][:most]",
            "its required following item",
        ),
        (f"{ROUNDS}\n    return [question, *sum(rounds[: (most - 1) // 5], [])]", "you keep an old round"),
        (f"{ROUNDS}\n    return [question, *rounds[-1]]", "you keep 1 of 3 rounds; 2 would fit"),
        ("return history[:1] + history[-3 * ((most - 1) // 3) :]", "No tool call found for function call output"),
        (f"{ROUNDS}\n    {WHOLE}\n    return [*sum(rounds, []), question]", "in another order"),
        (f"{ROUNDS}\n    {WHOLE}\n    return [question, *sum(rounds[::-1], [])]", "in another order"),
        (
            f"{ROUNDS}\n    {WHOLE}\n    more = rest[1:3] if most == 6 else []\n"
            "    return [question, *more, *sum(rounds, [])]",
            "a call has lost its thought",
        ),
        (f"{ROUNDS}\n    {WHOLE}\n    return [question, question, *sum(rounds, [])][:most]", "an item twice"),
        (
            f"{ROUNDS}\n    return [question, *(rounds[2] if most < 9 else rest[3:])]",
            "For 12 items you keep 2 of 3 rounds",
        ),
        (f"{ROUNDS}\n    {WHOLE}\n    return [question, *sum(rounds, [])]", "Right: "),
        (f"{ROUNDS}\n    {WHOLE}\n    history[:] = [question, *sum(rounds, [])]; return history", "has lost items"),
        (f"{ROUNDS}\n    {WHOLE}\n    yield question\n    yield from sum(rounds, [])", "Right: "),
    ],
)
def test_shortening_a_history(learner: Learner, body: str, says: str) -> None:
    answer = f"def shorten(history, most):\n    question, *rest = history\n    {body}\n"
    assert says in learner.writes(2, answer)


def climb(efforts: str = '"none", "low", "medium", "high", "xhigh"', add: str = "+=", end: str = "None") -> str:
    return f"""
def cheapest(ask, right):
    tokens = 0
    for effort in ({efforts},):
        response = ask(effort)
        tokens {add} response.usage.output_tokens
        if right(response):
            return response, tokens
    return {end}, tokens
"""


FOREVER = """
def cheapest(ask, right):
    tokens = 0
    while True:
        for effort in ("none", "low", "medium", "high", "xhigh"):
            response = ask(effort)
            tokens += response.usage.output_tokens
            if right(response):
                return response, tokens
"""


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (climb('"low", "medium", "high", "xhigh"'), "Not yet: you tried ['low']"),
        (climb('"none", "low"'), "none was right, and you stop"),
        (climb('"none", "low", "medium"'), "none was right, and you stop"),
        (climb('"none", "high"'), "leave none out"),
        (climb('"none", "medium", "xhigh"'), "leave none out"),
        (climb().replace("return response, tokens", "found = response"), "With 'none' it was right already"),
        (climb().replace("return response, tokens", "return None, tokens"), "not the response that you return"),
        (climb(add="="), "Every try is on the bill"),
        (climb(end="response"), "Return None, so that somebody looks"),
        (climb().replace("output_tokens", "total_tokens"), "are all tokens, the input's among them"),
        (climb().replace("output_tokens", "output_tokens_details.reasoning_tokens"), "3 were billed. Every try"),
        (climb().replace("usage.output_tokens", "usage"), "It fails. TypeError: unsupported operand"),
        (climb().replace("usage.output_tokens", "usage.tokens"), "It fails. AttributeError"),
        (climb().replace("return None, tokens", "raise RuntimeError('none is right')"), "RuntimeError: none is right"),
        (climb('"none", "low", "medium", "max"'), "Supported values are: 'none', 'low'"),
        (climb().replace("return response, tokens", "return response"), "Return two things: a response or None"),
        (FOREVER, "Asked ten times, and no end"),
        (climb(), "Right: 'none' for the easy one, 'medium' for the van, and an end after 'xhigh'"),
    ],
)
def test_as_little_thought_as_it_takes(learner: Learner, answer: str, says: str) -> None:
    assert says in learner.writes(3, answer)


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("gpt-4.1", ["gpt-4.1"]),
        ("o4-mini", ["o4-mini", "o3"]),
        ("gpt-5 to", ["gpt-5", "gpt-5-pro", "gpt-5.1", "gpt-5.2", "gpt-5.3-codex", "gpt-5.4-mini", "gpt-5.4-nano"]),
        ("gpt-5.4,", ["gpt-5.4", "gpt-5.5", "gpt-5.6-sol", "gpt-6.1-sol", "gpt-6-luna"]),
    ],
)
def test_the_table_of_windows_says_what_the_simulator_knows(row: str, named: list[str]) -> None:
    cells = Lesson(ROOT / "notebooks" / "11_reasoning.ipynb").notebook.cells
    (source,) = [cell.source for cell in cells if cell.id == "takes-eight-after"]
    (line,) = [line for line in source.splitlines() if line.startswith(f"| {row}")]
    window, *inside, output = (int(number.replace(",", "")) for number in re.findall(r"\d[\d,]{4,}", line))
    assert {(models()[name].context, models()[name].max_output) for name in named} == {(window, output)}
    assert not inside or inside[0] + output == window
