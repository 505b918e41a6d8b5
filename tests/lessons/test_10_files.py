"""The exercises of lesson 10: each solution passes its check, each common wrong answer hears why it is wrong."""

import pytest

from tests.lessons.harness import Learner


@pytest.mark.parametrize("exercise", [1, 2, 3])
def test_it_can_be_left_alone_and_its_solution_is_right(learner: Learner, exercise: int) -> None:
    assert "Not yet" in learner.writes(exercise)
    assert learner.writes(exercise, learner.solution(exercise)).startswith(("'Right", '"Right'))


ENCODED = "base64.b64encode(path.read_bytes()).decode()"


@pytest.mark.parametrize(
    ("part", "heard"),
    [
        ("path.read_bytes()", "A part is a dictionary"),
        ('{"type": "file"}', "whose type is input_file"),
        (f'{{"type": "input_file", "file_data": "data:application/pdf;base64," + {ENCODED}}}', "filename"),
        (f'{{"type": "input_file", "filename": "x.pdf", "file_data": {ENCODED}}}', "without the 'data:' prefix"),
        ('{"type": "input_file", "filename": "x.pdf", "file_data": path.read_bytes()}', "The service does not take it"),
        ('first_pages("nucleus_sampling.pdf", 1)', "not this file"),
    ],
)
def test_the_part(learner: Learner, part: str, heard: str) -> None:
    assert heard in learner.writes(1, f"def as_part(path):\n    return {part}\n")


PAGES = """
def pages_with(path, words):
    writer = pypdf.PdfWriter()
    for page in pypdf.PdfReader(path).pages:
        if {chosen}:
            writer.add_page(page)
    written = io.BytesIO()
    writer.write(written)
    return pdf(written.getvalue(), filename=path.name)
"""


@pytest.mark.parametrize(
    ("chosen", "heard"),
    [
        ("True", "That is the whole manual"),
        ("all(word in page.extract_text() for word in words)", "Does case matter"),
        ("any(word.lower() in page.extract_text().lower() for word in words)", "have all of these words"),
    ],
)
def test_the_pages_that_matter(learner: Learner, chosen: str, heard: str) -> None:
    assert heard in learner.writes(2, PAGES.format(chosen=chosen))


@pytest.mark.parametrize(
    ("answer", "heard"),
    [
        ("tokens(part) <= budget", "should say False; it raises"),
        ("True", "With a budget of 500 you say True"),
        ("len(part['file_data']) / 4 < budget", "With a budget of"),
    ],
)
def test_not_above_the_budget(learner: Learner, answer: str, heard: str) -> None:
    assert heard in learner.writes(3, f"def fits(part, budget):\n    return {answer}\n")
