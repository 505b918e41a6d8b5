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
        (repair(fault_code="str | None"), "takes 'X7'"),
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
        (
            repair(fault_code='Literal["T1", "B2", "E9", "unknown"] | None'),
            "takes 'unknown', which is none of the codes",
        ),
        (repair(fault_code='Literal["T1", "B2", "E9", ""] | None'), "takes '', which is none"),
        (repair(fault_code='Literal["T1", "B2", "E9", "D4", "S2"] | None'), "takes 'D4', which is none"),
        (repair(note='str = ""'), "The default of note is never used"),
        (repair(bike="int = 0"), "The default of bike is never used"),
        (repair() + "\n    station: str", "three were asked for"),
        (
            "from pydantic import field_validator\n\n\n"
            + repair()
            + '\n\n    @field_validator("note")\n    def long(cls, note):\n        raise ValueError("too short")',
            "No validator travels in the schema",
        ),
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
        ('return dock in range(1, {"Market Square": 31, "Old Mill": 13}.get(station, 0))', "Look the docks up"),
    ],
)
def test_a_wrong_check_is_told_why(learner: Learner, body: str, says: str) -> None:
    assert says in learner.writes(2, f"def possible(station, dock):\n    {body}")


def test_a_table_that_was_changed_is_noticed() -> None:
    body = 'stations.set_index("name", inplace=True); return 1 <= dock <= stations.docks.get(station, 0)'
    with Learner("06_structured_outputs") as learner:
        assert "(station_id, docks, " in learner.writes(2, f"def possible(station, dock):\n    {body}")


DEAR = "pd.notna(row.refund_euros) and row.refund_euros > 90"
NAMED = "pd.isna(row.station) or row.station.lower() in text.lower()"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (f"return row.danger or row.refund_euros > 90 or not ({NAMED})", "boolean value of NA is ambiguous"),
        (f"return row.danger or {DEAR} or row.station.lower() not in text.lower()", "Ask `pd.notna` first"),
        ("pass", "Nothing comes back"),
        (f"print(row.danger or {DEAR})", "Nothing comes back"),
        ("return False", "Nobody would read C-104 and C-106 and C-110 (dangerous)"),
        ("return row.refund > 90", "'Series' object has no attribute 'refund'."),
        ("return row['refund'] > 90", "KeyError: 'refund'."),
        ("return doubt(row, text)", "NameError: name 'doubt' is not defined."),
        (f"return row.danger or {DEAR.replace('>', '>=')} or not ({NAMED})", "C-118 is neither dangerous"),
        (f"return {DEAR} or not ({NAMED})", "Nobody would read C-104 and C-106 and C-110 (dangerous)"),
        (f"return row.danger or not ({NAMED})", "Nobody would read C-107 and C-120 (more than 90 euros)"),
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
