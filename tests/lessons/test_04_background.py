"""The exercises of 04: the solutions pass, and what people write instead is told what is wrong with it."""

import pytest

from tests.lessons.harness import Learner


@pytest.mark.parametrize("exercise", [1, 2, 3])
def test_the_solution_passes(learner: Learner, exercise: int) -> None:
    assert learner.writes(exercise, learner.solution(exercise)).splitlines()[-1].startswith("Right")


@pytest.mark.parametrize("exercise", [1, 2, 3])
def test_an_untouched_exercise_says_what_to_do(learner: Learner, exercise: int) -> None:
    assert learner.writes(exercise).splitlines()[-1].startswith("Not yet")


def wait(while_: str, then: str = "return response", before: str = "pass") -> str:
    return f"""
def wait(look, limit):
    looks, response = 1, look()
    while {while_}:
        {before}
        looks, response = looks + 1, look()
    {then}
"""


OPEN = 'response.status in ("queued", "in_progress")'
ONLY_COMPLETED = """
def wait(look, limit):
    for _ in range(limit):
        response = look()
        if response.status == "completed":
            return response
    raise TimeoutError(response.id)
"""
FORGETS_CANCELLED = """
def wait(look, limit):
    for _ in range(limit):
        response = look()
        if response.status in ("completed", "failed", "incomplete"):
            return response
    raise TimeoutError(response.id)
"""
WITHOUT_ID = """
def wait(look, limit):
    for _ in range(limit):
        response = look()
        if response.status not in ("queued", "in_progress"):
            return response
    raise TimeoutError("It takes too long.")
"""
LOOKS_TWICE = """
def wait(look, limit):
    for _ in range(limit):
        if look().status not in ("queued", "in_progress"):
            return look()
    raise TimeoutError(look().id)
"""


def counted(looks: str, end: str = "return response") -> str:
    return f"""
def wait(look, limit):
    for _ in {looks}:
        response = look()
        if response.status not in ("queued", "in_progress"):
            {end}
    raise TimeoutError(response.id)
"""


SWALLOWS = """
def wait(look, limit):
    try:
        while (response := look()).status in ("queued", "in_progress"):
            pass
        return response
    except Exception:
        raise TimeoutError(response.id)
"""
RAISES = counted(
    "range(limit)",
    "if response.status == 'completed': return response\n            raise RuntimeError(response.status)",
)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (wait('response.status != "completed"'), "looked more than 5 times, at a job that ended as failed"),
        (ONLY_COMPLETED, "A job that ended as failed ran into your TimeoutError"),
        (FORGETS_CANCELLED, "A job that ended as cancelled ran into your TimeoutError"),
        (wait('response.status == "queued"'), "Not yet: you returned 'in_progress'"),
        (wait(OPEN), "looked more than 4 times, at a job that did not end"),
        (wait(f"{OPEN} and looks < limit"), "You returned 'in_progress' for a job that never ends"),
        (WITHOUT_ID, "does not say which job"),
        (LOOKS_TWICE, "looked more than 5 times, at a job that ended as completed"),
        (counted("range(limit - 1)"), "It was over at look 5 of 5."),
        (counted("range(limit + 1)"), "looked more than 4 times, at a job that did not end"),
        (counted("range(5)"), "looked more than 4 times, at a job that did not end"),
        (counted("range(limit)", "return response.status"), "You returned 'completed'. Return the response"),
        (RAISES, "For a job that ended as failed it raises RuntimeError: failed"),
        (SWALLOWS, "looked more than 4 times, at a job that did not end"),
        (WITHOUT_ID.replace("TimeoutError", "RuntimeError"), "A TimeoutError is wanted"),
    ],
)
def test_an_end_in_sight(learner: Learner, answer: str, says: str) -> None:
    assert says in learner.writes(1, answer)


LAST = "seen[-1].sequence_number"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("list(client.responses.retrieve(job_id, stream=True))", "There twice: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]"),
        (
            f"list(client.responses.retrieve(job_id, stream=True, starting_after={LAST} - 1))",
            "There twice: [9]",
        ),
        (f"list(client.responses.retrieve(job_id, stream=True, starting_after={LAST} + 1))", "Event 10 is missing"),
        ("list(client.responses.retrieve(job_id, stream=True, starting_after=len(seen)))", "Event 10 is missing"),
        ("client.responses.retrieve(job_id)", "That is a Response"),
        (f"client.responses.retrieve(job_id, stream=True, starting_after={LAST})", "That is a Stream"),
        ("list(client.responses.create(model=MODEL, input=TIPS, background=True, stream=True))", "of another job"),
        (f"list(client.responses.retrieve(job_id, starting_after={LAST}))", "Those are no events: tuple"),
        (
            f"[next(iter(client.responses.retrieve(job_id, stream=True, starting_after={LAST})))]",
            "Your last event is response.output_text.delta",
        ),
        ("seen[-1]['sequence_number']", "It raises TypeError"),
        ("follow_again(job_id)", "It raises NameError"),
        ("list(client.responses.retrieve('resp_1', stream=True))", "It raises NotFoundError"),
        (
            f"[e.to_dict() for e in client.responses.retrieve(job_id, stream=True, starting_after={LAST})]",
            "Those are no events: dict",
        ),
        (
            f"sorted(client.responses.retrieve(job_id, stream=True, starting_after={LAST}),"
            " key=lambda event: event.type == 'response.completed' or -event.sequence_number)",
            "in another order",
        ),
        (
            f"seen + list(client.responses.retrieve(job_id, stream=True, starting_after={LAST}))",
            "Return only what comes after the number",
        ),
    ],
)
def test_the_other_half(learner: Learner, body: str, says: str) -> None:
    assert says in learner.writes(2, f"def rest_of(job_id, seen):\n    return {body}")


def stop(*lines: str) -> str:
    return "\n    ".join(["def stop(response_id):", *lines])


CATCHES = ("try:", "    response = client.responses.cancel(response_id)", "except Exception:", "    return 'no job'")
LOOKS_ONLY = (
    "status = client.responses.retrieve(response_id).status",
    "return 'stopped' if status in ('queued', 'in_progress') else 'too late'",
)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (stop(*CATCHES, "return 'stopped'"), "Look at the status of what cancel returns"),
        (
            stop(
                "response = client.responses.cancel(response_id)",
                "return 'stopped' if not response.output else 'too late'",
            ),
            "raised BadRequestError",
        ),
        (
            stop(*CATCHES, "return 'too late' if response.status == 'completed' else 'stopped'"),
            "where 'too late' is true",
        ),
        (stop(*CATCHES, "return response.status"), "It said 'cancelled' where 'stopped' is true"),
        (stop(*CATCHES[:3], "    return 'too late'", "return 'stopped'"), "It said 'stopped' where 'too late' is true"),
        (
            stop(
                "response = client.responses.retrieve(response_id)",
                "if not response.background: return 'no job'",
                "if response.status not in ('queued', 'in_progress'): return 'too late'",
                "client.responses.cancel(response_id)",
                "return 'stopped'",
            ),
            "A job ended just after you had looked",
        ),
        (
            stop(
                "response = client.responses.retrieve(response_id)",
                "if not response.background: return 'no job'",
                "response = client.responses.cancel(response_id)",
                "return 'stopped' if response.status == 'cancelled' else 'too late'",
            ),
            "Right",
        ),
        (stop(*CATCHES, "return {'cancelled': 'stopped', 'completed': 'too late'}[response.status]"), "KeyError"),
        (stop(*CATCHES, "return 'stopped' if response.status == 'canceled' else 'too late'"), "it is spelt cancelled"),
        (stop(*LOOKS_ONLY), "the job goes on. Call cancel"),
        (
            stop(
                "response = client.responses.retrieve(response_id)",
                "if not response.background: return 'no job'",
                *LOOKS_ONLY,
            ),
            "the job goes on. Call cancel",
        ),
    ],
)
def test_an_honest_stop_button(learner: Learner, answer: str, says: str) -> None:
    assert says in learner.writes(3, answer)
