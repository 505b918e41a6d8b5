"""The exercises of lesson 12: the solutions pass, and each common wrong answer hears what is wrong with it."""

import pytest

from tests.lessons.harness import Learner


@pytest.mark.parametrize("exercise", [1, 2, 3])
def test_it_can_be_left_alone_and_its_solution_is_right(learner: Learner, exercise: int) -> None:
    assert learner.writes(exercise).startswith(("'Not yet", '"Not yet'))
    assert learner.writes(exercise, learner.solution(exercise)).startswith(("'Right", '"Right'))


@pytest.mark.parametrize(
    ("pattern", "heard"),
    [
        (r"[01][0-9]|2[0-3]:[0-5][0-9]", "It takes '07' alone"),
        (r"[0-2][0-9]:[0-5][0-9]", "'24:00' should not be a sentence"),
        (r"([01][0-9]|2[0-3]):[0-9]{2}", "'12:60' should not be a sentence"),
        (r"([01]?[0-9]|2[0-3]):[0-5][0-9]", "'9:05' should not be a sentence"),
        (r"(0[0-9]|1[0-9]):[0-5][0-9]", "'20:00' should be a sentence"),
        (r"(0[0-9]|1[0-24-9]|2[0-3]):[0-5][0-9]", "'13:00' should be a sentence"),
        (r"([01]\d|2[0-3]):[0-5]\d", "the digits of every script"),
        (r".*([01][0-9]|2[0-3]):[0-5][0-9].*", "'12:30 ' should not be a sentence"),
        (r"\b([01][0-9]|2[0-3]):[0-5][0-9]\b", "The service refuses it. Invalid regex grammar"),
        (r"([01][0-9]|2[0-3]):[0-5][0-9", "The service refuses it. Invalid regex grammar"),
        (r"^([01][0-9]|2[0-3]):[0-5][0-9]$", "Right"),
    ],
)
def test_a_time_of_day(learner: Learner, pattern: str, heard: str) -> None:
    assert heard in learner.writes(1, f"time_of_day = {pattern!r}")


def test_a_definition_is_a_string(learner: Learner) -> None:
    assert "A definition is a string" in learner.writes(1, 'import re\ntime_of_day = re.compile("[0-9]")')


LOOP = """
tool = PLAIN


def output(call):
    try:
        result = run(call.input).to_csv(index=False)
    except ValueError as error:
        result = f"Error: {error}"
    return {"type": "custom_tool_call_output", "call_id": call.call_id, "output": result}


def answer(question):
    response = client.responses.create(model=MODEL, tools=[tool], input=question)
    for _ in range(5):
        if not calls_in(response):
            break
        results = [output(call) for call in calls_in(response)]
        response = client.responses.create(
            model=MODEL, tools=[tool], previous_response_id=response.id, input=results
        )
    return response.output_text
"""


@pytest.mark.parametrize(
    ("right", "wrong", "heard"),
    [
        ("custom_tool_call_output", "function_call_output", "Each custom_tool_call needs a custom_tool_call_output"),
        ("call.call_id", "call.id", "Each custom_tool_call needs a custom_tool_call_output"),
        (".to_csv(index=False)", "", "an output that is text"),
        ("except ValueError", "except KeyError", "A wrong query ends your program"),
        ("if not calls_in(response)", "if response.output_text", "You return the announcement"),
        ("model=MODEL, tools=[tool], previous", "model=MODEL, previous", "tools are not carried over"),
        ("run(call.input).to_csv(index=False)", '"done"', "Did the model get to read the rows?"),
        ("return response.output_text", "return response", "Return the text of the last response"),
        ("range(5)", "range(1)", "Not yet: your function returns an empty text"),
        ("range(5)", "range(9)", "Right"),
        ("for _ in range(5)", "while True", "It tries again for ever"),
        ('f"Error: {error}"', '"Error"', "not told what was wrong"),
        (
            "    return response.output_text",
            "    else:\n        raise RuntimeError\n    return response.output_text",
            "Right",
        ),
    ],
)
def test_the_loop_for_a_text_tool(learner: Learner, right: str, wrong: str, heard: str) -> None:
    assert right in LOOP
    assert heard in learner.writes(2, LOOP.replace(right, wrong))


VAN = """
start: "nothing" | "move " load " from " STATION " to " STATION
load: "1 bike" | MANY " bikes"
MANY: /[2-9]/ | /1[0-9]/ | "20"
STATION: "Central Station" | "Harbour" | "Market Square" | "University" | "Old Mill" | "North Park"
"""
NAMES = '"Central Station" | "Harbour" | "Market Square" | "University" | "Old Mill" | "North Park"'


@pytest.mark.parametrize(
    ("right", "wrong", "heard"),
    [
        ('/[2-9]/ | /1[0-9]/ | "20"', "/[0-9]+/", "'move 0 bikes from Harbour to University' should not be"),
        ('/[2-9]/ | /1[0-9]/ | "20"', "/[1-9][0-9]?/", "'move 21 bikes from Harbour to University' should not be"),
        ('/[2-9]/ | /1[0-9]/ | "20"', "/[2-9]/ | /1[0-9]/", "'move 20 bikes from Harbour to University' should be"),
        ('"1 bike" | ', "", "'move 1 bike from Harbour to University' should be a sentence"),
        ('"1 bike" | MANY " bikes"', '("1" | MANY) (" bike" | " bikes")', "One is singular"),
        (
            '"move " load',
            '"move 1 bike from " STATION " to " STATION | "move " load',
            "After the 1 it waits for a single bike",
        ),
        (NAMES, f"{NAMES} | /[A-Z][a-z]+/", "a pattern leaks"),
        (NAMES, "/[A-Z][a-z]+( [A-Z][a-z]+)?/", "it stops before 'to University'"),
        (NAMES, "/[A-Z][A-Za-z ]+/", "does a terminal swallow too much?"),
        ('"nothing" | ', "", "There is no way to say 'nothing'"),
        ('"move "', '"move "i', "'Move 5 bikes from Harbour to University' should not be"),
        ('" to "', '" for "', "it stops before 'to University'"),
        ("load:", "loads:", "The service refuses it. Invalid lark grammar"),
        ('"nothing"', "'nothing'", "The service refuses it. Invalid lark grammar"),
        ("start: ", "order: ", "The service refuses it. Invalid lark grammar"),
        ("bikes", "bikes", "Harbour to Harbour is in it"),
    ],
)
def test_a_language_for_the_van(learner: Learner, right: str, wrong: str, heard: str) -> None:
    assert right in VAN
    assert heard in learner.writes(3, f"van_language = {VAN.replace(right, wrong)!r}")
