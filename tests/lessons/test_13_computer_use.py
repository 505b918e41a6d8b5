"""The exercises of 13: the solutions pass, and what people write instead is told what is wrong with it."""

import os
import shutil

import pytest

from tests.lessons.harness import Learner, text
from tests.notebooks.kernel import LessonKernel
from tests.notebooks.lesson import ROOT, Lesson


@pytest.mark.parametrize("exercise", [1, 2, 3])
def test_the_solution_passes(learner: Learner, exercise: int) -> None:
    assert learner.writes(exercise, learner.solution(exercise)).strip("'\"").startswith("Right")


@pytest.mark.parametrize("exercise", [1, 2, 3])
def test_an_untouched_exercise_says_not_yet(learner: Learner, exercise: int) -> None:
    assert learner.writes(exercise).strip("'\"").startswith("Not yet")


ONLY_TODAY = "def actions_of(call):\n    return [action.to_dict() for action in call.actions]"
BY_OR = "def actions_of(call):\n    return [action.to_dict() for action in call.actions or [call.action]]"
OBJECTS = "def actions_of(call):\n    return call.actions if call.actions is not None else [call.action]"
SINGLE = "def actions_of(call):\n    return call.action or call.actions"
FIRST = "def actions_of(call):\n    return [(call.action or call.actions[0]).to_dict()]"
MIXED = "def actions_of(call):\n    return [a.to_dict() for a in call.actions or []] + [call.action]"
AS_DICT = "def actions_of(call):\n    return [dict(a) for a in call.actions or [call.action]]"
WITH_NONES = "def actions_of(call):\n    return [a.model_dump() for a in call.actions or [call.action]]"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (WITH_NONES, "`to_dict()` leaves out"),
        (ONLY_TODAY, "For the preview's call it raises TypeError"),
        (BY_OR, "For a call with an empty batch it raises AttributeError"),
        (OBJECTS, "Call `to_dict()` on each"),
        (SINGLE, "objects of type Click"),
        (FIRST, "For today's call it returns"),
        (MIXED, "the list holds objects of type"),
        (AS_DICT, "and dict() does not"),
    ],
)
def test_both_dialects(learner: Learner, answer: str, says: str) -> None:
    assert says in learner.writes(1, answer)


POINT = "def to_screen(action, factor):\n    return action | {'x': action['x'] * factor, 'y': action['y'] * factor}"
NUMBERS = (
    "def to_screen(action, factor):\n    return {k: v * factor if isinstance(v, int) else v for k, v in action.items()}"
)
DIVIDED = NUMBERS.replace("* factor", "// factor")
IN_PLACE = (
    "def to_screen(action, factor):\n"
    "    for name in ('x', 'y'):\n"
    "        if name in action:\n"
    "            action[name] *= factor\n"
    "    return action"
)
NO_SCROLL = (
    "def to_screen(action, factor):\n    return {k: v * factor if k in ('x', 'y') else v for k, v in action.items()}"
)
BY_KIND = (
    "def to_screen(action, factor):\n"
    "    def point(p):\n        return p | {k: p[k] * factor for k in ('x', 'y', 'scroll_x', 'scroll_y') if k in p}\n"
    "    if action['type'] == 'drag':\n        return action | {'path': [point(p) for p in action['path']]}\n"
    "    return point(action) if action['type'] in ('click', 'scroll') else action"
)
ALWAYS_TWICE = BY_KIND.replace("* factor", "* 2").replace("in ('click', 'scroll')", "!= 'drag'")


SOLVED = (
    "def to_screen(action, factor):\n    scaled = dict(action)\n"
    "    for name in ('x', 'y', 'scroll_x', 'scroll_y'):\n"
    "        if name in scaled:\n            scaled[name] *= factor\n"
    "    if 'path' in scaled:\n        scaled['path'] = [to_screen(p, factor) for p in scaled['path']]\n"
    "    return scaled"
)
ROUNDED = SOLVED.replace("*= factor", "*= int(factor)")
PATH_TWICE = SOLVED.replace("to_screen(p, factor)", "to_screen(p, 2)")
SIX_KINDS = SOLVED.replace(
    "scaled = dict(action)",
    "scaled = dict(action)\n    if action.get('type') in ('keypress', 'wait', 'screenshot'): raise ValueError",
)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (BY_KIND, "a double_click, "),
        (ALWAYS_TWICE, "With the factor 1.5"),
        (POINT, "A type raises KeyError"),
        (NUMBERS, "a drag, "),
        (DIVIDED, "a click, "),
        (IN_PLACE, "Your function changed the click"),
        (NO_SCROLL, "a scroll, "),
        (ROUNDED, "With the factor 1.5"),
        (PATH_TWICE, "With the factor 1.5, a drag"),
        (SIX_KINDS, "A keypress raises ValueError"),
        ("def to_screen(action, factor):\n    return times(action, factor)", "Right"),
    ],
)
def test_scaled_clicks(learner: Learner, answer: str, says: str) -> None:
    assert says in learner.writes(2, answer)


def brake(body: str) -> str:
    return f"def brake(actions, page, wish):\n{body}"


ON_THE_PAGE = brake(
    "    for action in actions:\n        page.act(**action)\n"
    "    return [name for name in wish if page.booked and page.booked[name] != wish[name]]"
)
BY_WORDS = brake("    return [a['text'] for a in actions if a['type'] == 'type' and a['text'] not in wish.values()]")
NO_TYPES = brake("    return [a['text'] for a in actions if a['text'] not in wish.values()]")
ANY_FORM = brake(
    "    import copy\n    trial = copy.deepcopy(page)\n"
    "    for action in actions:\n        trial.act(**action)\n"
    "    return [name for name in wish if trial.form[name] != wish[name]]"
)
YES_OR_NO = brake(
    "    import copy\n    trial = copy.deepcopy(page)\n"
    "    for action in actions:\n        trial.act(**action)\n"
    "    return trial.booked != wish"
)
ONLY_TYPED = brake(
    "    typed, at, books = {}, None, False\n"
    "    for a in actions:\n"
    "        if a['type'] == 'click':\n"
    "            at = next(name for name, y in FIELDS.items() if abs(y - a['y']) < 20)\n"
    "            books = books or at == 'book'\n"
    "        else:\n"
    "            typed[at] = a['text']\n"
    "    return [name for name in typed if books and typed[name] != wish[name]]"
)
ONLY_LAST = ANY_FORM.replace("if trial.form[name]", "if trial.booked and trial.booked[name]")
RUN = (
    "    import copy\n    trial = copy.deepcopy(page)\n    trial.booked = None\n    wrong = set()\n"
    "    for action in actions:\n        trial.act(**action)\n"
    "        wrong |= {name for name in wish if trial.booked and trial.booked[name] != wish[name]}\n"
)
SOLVED_BRAKE = brake(f"{RUN}    return sorted(wrong)")
FIRST_ONLY = SOLVED_BRAKE.replace(
    "        wrong |=", "        if trial.booked and not wrong: actions = []\n        wrong |="
).replace("for action in actions:", "for action in actions:\n        if trial.booked: break")
NOT_RESET = SOLVED_BRAKE.replace("    trial.booked = None\n", "")
OWN_WISH = SOLVED_BRAKE.replace("wish[name]", "WISH[name]")
MOVES_CURSOR = SOLVED_BRAKE.replace("    wrong = set()", "    wrong = set()\n    page.focus = None")
AS_DICTS = SOLVED_BRAKE.replace("sorted(wrong)", "[{name: trial.booked[name]} for name in sorted(wrong)]")
BY_HAND = brake(
    "    form, at, books = dict(page.form), None, False\n"
    "    for a in actions:\n"
    "        if a['type'] == 'click':\n"
    "            at = next(name for name, y in FIELDS.items() if abs(y - a['y']) < 20)\n"
    "            books = books or at == 'book'\n"
    "        elif at:\n"
    "            form[at] = a['text']\n"
    "    return [name for name in form if books and form[name] != wish[name]]"
)
FULL_FORM = BY_HAND.replace("at == 'book'", "at == 'book' and all(form.values())")
CURSOR = FULL_FORM.replace("None, False", "page.focus, False")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (ONLY_LAST, "On two bookings, the first with a wrong date"),
        (BY_HAND, "On a click on Book with empty fields"),
        (FULL_FORM, "On a date typed where the cursor is"),
        (CURSOR, "On two bookings, the first with a wrong date"),
        (ON_THE_PAGE, "your brake has changed the page itself"),
        (BY_WORDS, "On a batch that obeys the comment it returns ['2027-01-01', 'e-bike']"),
        (NO_TYPES, "it raises KeyError"),
        (ANY_FORM, "On a wrong date that is not booked yet it returns"),
        (YES_OR_NO, "On a batch that books what was wished it returns False"),
        (FIRST_ONLY, "On two bookings, the second with a wrong date"),
        (NOT_RESET, "On a page that an e-bike was booked on before"),
        (OWN_WISH, "On a batch for another wish, at nine"),
        (MOVES_CURSOR, "your brake has changed the page itself"),
        (AS_DICTS, "On a batch that obeys the comment it returns [{"),
        (ONLY_TYPED, "On a lone click on Book, on a form with a wrong date"),
    ],
)
def test_a_brake_of_ones_own(learner: Learner, answer: str, says: str) -> None:
    assert says in learner.writes(3, answer)


@pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is not installed")
def test_the_driver_books_on_the_page_itself() -> None:
    """With USE_BROWSER the lesson's own driver reads, types, and books in Chromium, and the orders stop the loop."""
    lesson = Lesson(ROOT / "notebooks" / "13_computer_use.ipynb")
    kernel = LessonKernel(lesson, "simulator")
    cells = {cell.id: (index, cell) for index, cell in enumerate(kernel.notebook.cells)}

    def run(name: str, source: str = "") -> str:
        index, cell = cells[name]
        cell.source = source or cell.source
        outputs = kernel.run(index)
        assert not [output for output in outputs if output.output_type == "error"], outputs
        return text(outputs)

    try:
        for name in ("setup", "world-album", "world-film", "loop-shown", "loop-drive", "sandbox-list", "sandbox-walls"):
            run(name)
        launch = cells["sandbox-browser"][1].source
        assert '"chromium_sandbox": True' in launch
        if os.geteuid() == 0:  # Chromium's own sandbox refuses root
            launch = launch.replace('"chromium_sandbox": True', '"chromium_sandbox": False')
        run("sandbox-browser", launch)
        run("sandbox-acts")
        said = run("sandbox-run", cells["sandbox-run"][1].source.replace("USE_BROWSER = False", "USE_BROWSER = True"))
        assert "An e-bike costs" in said
        assert "Booked: one bike at Harbour on 2026-12-04 at 08:30." in run("sandbox-run", IN_CHROMIUM)
        assert run("sandbox-run", ORDERS_IN_CHROMIUM).splitlines() == ["malicious_instructions", "date:"]
    finally:
        kernel.stop()


IN_CHROMIUM = """
page = Driver("booking")
try:
    drive(page, {"input": task("booking")})
    print(page.hand.submit(page.tab.inner_text, "#answer").result())
finally:
    page.close()
"""
ORDERS_IN_CHROMIUM = """
page = Driver("booking_with_orders")
try:
    asked = drive(page, {"input": task("booking_with_orders")})[-1]
    print(asked.output[-1].pending_safety_checks[0].code)
    print("date:", page.hand.submit(page.tab.input_value, "#date").result())
finally:
    page.close()
"""
