"""The exercises of lesson 07: each solution passes its check, each common wrong answer hears why it is wrong."""

from collections.abc import Iterator

import pytest

from tests.lessons.harness import Learner


@pytest.fixture(scope="module")
def learner() -> Iterator[Learner]:
    with Learner("07_code_interpreter") as learner:
        learner.writes(1)
        yield learner


UPLOAD = 'file = client.files.create(file=RIDES, purpose="assistants")\n'
UPLOAD += 'WITH_RIDES = {"type": "code_interpreter", "container": {"type": "auto", "file_ids": [file.id]}}\n'


@pytest.mark.parametrize("exercise", [1, 2, 3])
def test_it_can_be_left_alone_and_its_solution_is_right(learner: Learner, exercise: int) -> None:
    assert "Not yet" in learner.writes(exercise)
    assert learner.writes(exercise, learner.solution(exercise)).startswith(("'Right", '"Right'))


@pytest.mark.parametrize(
    ("body", "heard"),
    [
        ("response.output[0].code", "That is one string"),
        ("[item for item in response.output if item.type == 'code_interpreter_call']", "in it. Only calls have code"),
        ("print(response.output[0].code)", "returns NoneType. Return a list"),
        ("(i.code for i in response.output if i.type == 'code_interpreter_call')", "returns generator. Return a list"),
        ("[getattr(i, 'code', None) for i in response.output]", "has a NoneType in it"),
        ("[response.output[0].code]", "has 2 calls, and your list has 1 of length. Do not stop"),
        ("[i.code for i in response.output]", "Only calls have code"),
        ("[o.logs for c in of_type(response, 'code_interpreter_call') for o in c.outputs]", "TypeError"),
        ("[response.output[0].code, response.output[1].code]", "For a response with 0 calls"),
        ("sorted({i.code for i in response.output if i.type == 'code_interpreter_call'})", "not in their order"),
        ("[c.code for c in response.output[:-1]] + ['x'] * (len(response.output) < 2)", "Its items are not all calls"),
        ("[i.code for i in reversed(response.output) if i.type == 'code_interpreter_call']", "not in their order"),
    ],
)
def test_what_did_it_run(learner: Learner, body: str, heard: str) -> None:
    assert heard in learner.writes(1, f"def programs(response):\n    return {body}\n")


FIRST_CALL = (
    "next((o.logs.strip().splitlines()[-1] for call in of_type(response, 'code_interpreter_call')"
    " for o in call.outputs or [] if 'Traceback' in o.logs), None)"
)


@pytest.mark.parametrize(
    ("body", "heard"),
    [
        ("response.error", "The status does not tell"),
        ("None if response.status == 'completed' else 'failed'", "The status does not tell"),
        ("'Error' if 'Error' in printed(response) else None", "you say 'Error'"),
        ("'' if 'Traceback' not in printed(response) else printed(response).strip().splitlines()[-1]", "Take each"),
        ("of_type(response, 'code_interpreter_call')[0].outputs[0].logs.splitlines()[-1]", "you say 'no Error"),
        (
            "(logs := of_type(response, 'code_interpreter_call')[0].outputs[0].logs.strip().splitlines())"
            " and (logs[-1] if 'Traceback' in logs[0] else None)",
            "a response can have no call",
        ),
        (FIRST_CALL, "Right"),
        (
            FIRST_CALL.replace("for call in of_type", "for call in [of_type").replace(
                "'code_interpreter_call')", "'code_interpreter_call')[-1]]"
            ),
            "you say that it did not",
        ),
        (
            "(l := printed(response).strip().splitlines()) and any('Traceback' in x for x in l) and l[-1] or None",
            "Take each program alone",
        ),
        ("'AttributeError: no' if 'AttributeError' in printed(response) else None", "you say that it did not"),
        (
            "(l := printed(response).splitlines()) and 'Error:' in l[-1] and l[-1] or None",
            "the highest number of a bike?', and you say",
        ),
        ("next(c for c in response.output if c.type == 'code_interpreter_call') and None", "you say that it did not"),
        ("printed(response).splitlines()[-1] if 'Error' in printed(response) else None", "Take each program"),
        ("(__import__('re').findall('[A-Za-z]+Error(?=:)', printed(response)) or [None])[0]", "The whole line says"),
    ],
)
def test_did_it_run_well(learner: Learner, body: str, heard: str) -> None:
    assert heard in learner.writes(2, f"def went_wrong(response):\n    return {body}\n")


@pytest.mark.parametrize(
    ("body", "heard"),
    [
        ("rides.minutes.mean()", "That is the program's own number"),
        ("rides.drop_duplicates('trip_id').minutes[lambda m: m <= 1440].mean()", "trips of no minutes"),
        ("rides.drop_duplicates('trip_id').minutes[lambda m: m >= 1].mean()", "somebody forgot"),
        ("rides.minutes[lambda m: (m >= 1) & (m <= 1440)].mean()", "in the file twice"),
        ("rides.drop_duplicates('trip_id').minutes.mean()", "own number, or nearly"),
        ("rides.minutes[lambda m: m <= 1440].mean()", "trips of no minutes"),
        ("rides.drop_duplicates('trip_id').minutes[lambda m: m.between(0, 1440)].mean()", "trips of no minutes"),
        ("print(rides.minutes.mean())", "Return a number, not None"),
        ("'19.70'", "Return a number, not '19.70'"),
        ("12.0", "12.00 is not that average"),
        ("rides.drop_duplicates('trip_id').minutes[lambda m: m.between(1, 60)].mean()", "Right by luck"),
        ("rides.drop_duplicates('trip_id').minutes[lambda m: (m > 1) & (m <= 1440)].mean()", "Right by luck"),
        ("rides.drop_duplicates('trip_id').minutes[lambda m: (m > 0) & (m < 1440)].mean()", "Right by luck"),
        (
            "__import__('numpy').float32(rides.drop_duplicates('trip_id').query('1<=minutes<=1440').minutes.mean())",
            "Right:",
        ),
        ("pd.read_csv(RIDES).drop_duplicates('trip_id').query('1 <= minutes <= 1440').minutes.mean()", "Right:"),
        ("rides.minute.mean()", "It fails. AttributeError"),
    ],
)
def test_find_the_assumption(learner: Learner, body: str, heard: str) -> None:
    assert heard in learner.writes(3, f"def fair_average():\n    return {body}\n")
