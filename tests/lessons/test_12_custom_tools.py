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
        (r"bike 10[1-9]|1[1-9][0-9]|2[0-9]{2}|3[0-3][0-9]|340", "It takes '110' alone"),
        (r"bike [0-9]+", "'bike 100' should not be a sentence"),
        (r"bike [1-3][0-9]{2}", "'bike 100' should not be a sentence"),
        (r"bike (10[1-9]|1[1-9][0-9]|2[0-9]{2}|3[0-4][0-9])", "'bike 341' should not be a sentence"),
        (r"bike (10[1-9]|1[1-9][0-9]|2[0-9]{2}|3[0-3][0-9])", "'bike 340' should be a sentence"),
        (r"bike (10[1-9]|1[2-9][0-9]|2[0-9]{2}|3[0-3][0-9]|340)", "'bike 110' should be a sentence"),
        (r"bike 0?(10[1-9]|1[1-9][0-9]|2[0-9]{2}|3[0-3][0-9]|340)", "'bike 0101' should not be a sentence"),
        (r"[Bb]ike (10[1-9]|1[1-9][0-9]|2[0-9]{2}|3[0-3][0-9]|340)", "'Bike 127' should not be a sentence"),
        (r"bike (10[1-9]|1[1-9]\d|2\d{2}|3[0-3]\d|340)", "After 'bike 11' it allows a character that is not ASCII"),
        (r"bike (10[1-9]|1[1-9][0-9]|2[0-9]{2}|3[0-3][0-9]|340)\n?", r"it allows '\\n'"),
        (r"bike (10[1-9]|1[1-9][0-9]|2[0-9]{2}|3[0-3][0-9]|340)!?", "After 'bike 101' it allows '!'"),
        (r"bike (10[1-9]|1[1-9][0-9]|2[0-9]{2}|3[0-3].|340)", "After 'bike 30' it allows"),
        (r"bike ?(10[1-9]|1[1-9][0-9]|2[0-9]{2}|3[0-3][0-9]|340)", "After 'bike' it allows '1'"),
        (r"(bike )?(10[1-9]|1[1-9][0-9]|2[0-9]{2}|3[0-3][0-9]|340)", "It takes '101' alone"),
        (r"\bbike [0-9]+\b", "The service refuses it. Invalid regex grammar"),
        (r"bike (10[1-9]", "The service refuses it. Invalid regex grammar"),
        (r"^bike (10[1-9]|1[1-9][0-9]|2[0-9]{2}|3[0-3][0-9]|340)$", "Right: all 240 bikes"),
        ("|".join(f"bike {number}" for number in range(101, 341)), "Right: all 240 bikes"),
    ],
)
def test_the_number_of_a_bike(learner: Learner, pattern: str, heard: str) -> None:
    assert heard in learner.writes(1, f"bike_number = {pattern!r}")


@pytest.mark.parametrize(("exercise", "name"), [(1, "bike_number"), (3, "van_language")])
def test_a_definition_is_a_string(learner: Learner, exercise: int, name: str) -> None:
    assert "A definition is a string" in learner.writes(exercise, f'import re\n{name} = re.compile("[0-9]")')


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
        ("custom_tool_call_output", "function_call_output", "as a custom_tool_call_output, in the response"),
        ("call.call_id", "call.id", "It is found by its call_id"),
        (" previous_response_id=response.id,", "", "in the response that previous_response_id names"),
        (
            "in calls_in(response)]",
            "in calls_in(response)[:1]]",
            "Each custom_tool_call needs a custom_tool_call_output, the",
        ),
        ("tools=[tool]", "tools=tool", "expected an array"),
        (".to_csv(index=False)", ".to_dict()", "An output is text"),
        ('        result = f"Error: {error}"', "        raise", "A wrong query ends your program"),
        ("answer(question):", "answer(question, run=run):", "Right"),
        (".to_csv(index=False)", "", "An output is text"),
        ("except ValueError", "except KeyError", "A wrong query ends your program"),
        ("if not calls_in(response)", "if response.output_text", "You return the announcement"),
        ("model=MODEL, tools=[tool], previous", "model=MODEL, previous", "tools are not carried over"),
        ("run(call.input).to_csv(index=False)", '"done"', "Did the model get to read the rows?"),
        ("return response.output_text", "return response", "Return the text of the last response"),
        ("range(5)", "range(1)", "Not yet: your function returns an empty text"),
        ("range(5)", "range(9)", "Right"),
        ("for _ in range(5)", "while True", "After 60 requests it is still trying"),
        ("range(5)", "range(50)", "Right"),
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


@pytest.mark.parametrize(
    "loop",
    [
        LOOP.replace("for _ in range(5)", "while True").replace("run(call.input)", "RUN[call.name](call.input)")
        + "\n\nRUN = {'query_stations': run}",
        LOOP.replace("for _ in range(5)", "while True").replace("def output(call", "def output(call, run=run"),
    ],
)
def test_no_loop_keeps_the_check_for_ever(learner: Learner, loop: str) -> None:
    assert "After 60 requests it is still trying" in learner.writes(2, loop)


def test_an_error_is_for_the_model(learner: Learner) -> None:
    body = LOOP.replace("def answer", "def ask_on").replace("range(5)", "range(1)")
    handed = "\n\ndef answer(question):\n    try:\n        return ask_on(question) or run('stations with x')\n"
    assert "Say it to the model" in learner.writes(
        2, body + handed + "    except ValueError as error:\n        return str(error)"
    )


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
        (
            '/[2-9]/ | /1[0-9]/ | "20"',
            '"2" | "9" | /1[0-9]/ | "20"',
            "'move 3 bikes from Harbour to University' should be",
        ),
        (
            '/[2-9]/ | /1[0-9]/ | "20"',
            '/[2-9]/ | /1[0-46-9]/ | "20"',
            "'move 15 bikes from Harbour to University' should",
        ),
        ('/[2-9]/ | /1[0-9]/ | "20"', "/[2-9]/ | /1[0-9]/ | /2[02]/", "After 'move 2' it allows '2'"),
        ('/[2-9]/ | /1[0-9]/ | "20"', "/[2-9]/ | /1[0-9]/ | /20+/", "After 'move 20' it allows '0'"),
        ('/[2-9]/ | /1[0-9]/ | "20"', r'/[2-9]/ | /1\d/ | "20"', "not ASCII"),
        ('/[2-9]/ | /1[0-9]/ | "20"', r'/[2-9](\.5)?/ | /1[0-9]/ | "20"', "it allows '.'"),
        (NAMES, NAMES.replace('"Market Square" | ', ""), "to Market Square' should be a sentence"),
        (NAMES, NAMES + ' | "Depot"', "it allows 'D'"),
        (NAMES, NAMES + ' | "harbour"', "it allows 'h'"),
        (' " to " STATION', ' (" to " STATION)?', "it allows an end"),
        ('"nothing" | ', '"nothing to move" | "nothing" | ', "After 'nothing' it allows ' '"),
        ('"nothing" | ', '"nothing"i | ', "it allows 'N'"),
        ("STATION: ", "%ignore / +/\nSTATION: ", "it allows ' '"),
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
