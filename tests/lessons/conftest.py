"""What the tests of all lessons share: a learner for the lesson that a module is named after."""

from collections.abc import Iterator

import pytest

from tests.lessons.harness import Learner


@pytest.fixture(scope="module")
def learner(request: pytest.FixtureRequest) -> Iterator[Learner]:
    """A learner of lesson NN_theme for the tests in test_NN_theme.py, one kernel for all of them."""
    with Learner(request.path.stem.removeprefix("test_")) as learner:
        yield learner
