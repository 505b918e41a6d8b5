"""The exercises of 06: the solutions pass, and what people write instead is told what is wrong with it."""

import pytest

from tests.lessons.harness import Learner


@pytest.mark.parametrize("exercise", [1, 2, 3])
def test_the_solution_passes(learner: Learner, exercise: int) -> None:
    assert learner.writes(exercise, learner.solution(exercise)).splitlines()[-1].startswith("Right")


@pytest.mark.parametrize("exercise", [1, 2, 3])
def test_an_untouched_exercise_says_what_to_do(learner: Learner, exercise: int) -> None:
    assert learner.writes(exercise).splitlines()[-1].startswith("Not yet")


def repair(bike: str = "int", fault_code: str = 'Literal["T1", "B2", "E9"] | None', note: str = "str") -> str:
    return f"class Repair(BaseModel):\n    bike: {bike}\n    fault_code: {fault_code}\n    note: {note}"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (repair(bike="int | None"), "with None it may be null"),
        (repair(fault_code='Literal["T1", "B2", "E9"]'), "the model has to make one up"),
        (repair(fault_code="str | None"), "takes X7"),
        (repair(fault_code='Literal["T1"] | None'), "does not take all"),
        (repair(note="int"), "note is a text"),
        (repair(bike="str"), "bike is a whole number"),
        (repair(bike="float"), "bike is a whole number"),
        (repair(fault_code='Literal["T1", "B2", "E9"] | None = "T1"'), "The default of fault_code is never used"),
        (
            repair(note="str = Field(max_length=80)").replace("class", "from pydantic import Field\n\n\nclass"),
            "'maxLength' is not",
        ),
        ("class Repair:\n    bike: int", "derived from BaseModel"),
    ],
)
def test_a_wrong_class_is_told_why(learner: Learner, answer: str, says: str) -> None:
    assert says in learner.writes(1, answer)


BY_NAME = 'docks = dict(zip(stations["name"], stations["docks"]))'


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("return False", "Dock 7 at Market Square is refused"),
        ("return 1 <= dock <= 40", "Dock 30 at Old Mill passes"),
        (f"{BY_NAME}; return 1 <= dock < docks[station]", "the last one"),
        (f"{BY_NAME}; return dock <= docks[station]", "0 passes"),
        (f"{BY_NAME}; return dock and dock <= docks[station]", "-3 passes"),
        (f"{BY_NAME}; return 1 <= dock <= docks[station] + 1", "Dock 13 at Old Mill passes"),
        (f"{BY_NAME}; print(1 <= dock <= docks[station])", "`return` the answer"),
        ("return 1 <= dock <= stations[stations['name'] == station]['docks']", "truth value of a Series is ambiguous"),
        (f"{BY_NAME}; return 1 <= dock <= docks[station]", "KeyError"),
        (f"{BY_NAME}; return 1 <= dock <= docks.get(station, 40)", "no station Fountain"),
    ],
)
def test_a_wrong_check_is_told_why(learner: Learner, body: str, says: str) -> None:
    assert says in learner.writes(2, f"def possible(station, dock):\n    {body}")


DEAR = "pd.notna(row.refund_euros) and row.refund_euros > 100"
NAMED = "pd.isna(row.station) or row.station.lower() in text.lower()"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (f"return row.danger or row.refund_euros > 100 or not ({NAMED})", "boolean value of NA is ambiguous"),
        (f"return row.danger or {DEAR} or row.station.lower() not in text.lower()", "ask `pd.notna` first"),
        ("pass", "Nobody would read C-104 and C-106 and C-110 (dangerous)"),
        (f"return {DEAR} or not ({NAMED})", "Nobody would read C-104 and C-106 and C-110 (dangerous)"),
        (f"return row.danger or not ({NAMED})", "Nobody would read C-107 and C-120 (more than 100 euros)"),
        (f"return row.danger or {DEAR}", "Nobody would read C-103 and C-109 and C-116 (a station that"),
        (f"return row.danger or {DEAR} or pd.isna(row.station) or not ({NAMED})", "C-105 is neither dangerous"),
        (f"return row.danger or {DEAR} or row.station not in text", "not NAType"),
        (f"return row.danger or {DEAR} or str(row.station) not in text", "C-105"),
        (f"return row.danger or {DEAR} or pd.notna(row.station) and row.station not in text", "Look at the capitals"),
        ("return True", "Twelve of the twenty need no reader"),
        (f"if row.danger or {DEAR}:\n        return 'yes'\n    return '' if {NAMED} else 'doubt'", "Right: 8 of 20"),
    ],
)
def test_a_wrong_choice_of_letters_is_told_why(learner: Learner, body: str, says: str) -> None:
    assert says in learner.writes(3, f"def look_at(row, text):\n    {body}")
