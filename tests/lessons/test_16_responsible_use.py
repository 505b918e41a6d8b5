"""The exercises of lesson 16: each solution passes its check, each common wrong answer hears why it is wrong."""

import pytest

from tests.lessons.harness import Learner


@pytest.mark.parametrize("exercise", [1, 2, 3])
def test_it_can_be_left_alone_and_its_solution_is_right(learner: Learner, exercise: int) -> None:
    assert "Not yet" in learner.writes(exercise)
    assert learner.writes(exercise, learner.solution(exercise)).startswith(("'Right", '"Right'))


@pytest.mark.parametrize(
    ("ours", "heard"),
    [
        ('"bikes.example" in address.lower()', "it is not the host"),
        ('address.startswith("https://www.bikes.example")', "https://bikes.example/ is ours, and is kept out"),
        ('parts.hostname == "bikes.example"', "is ours, and is kept out"),
        ('parts.netloc.lower().startswith(("bikes.example", "www.bikes.example"))', "the host is what it ends with"),
        ('(parts.hostname or "").endswith("bikes.example")', "without the dot before it"),
        ('parts.netloc.lower().split("@")[0] in ("bikes.example", "www.bikes.example")', "Before the @ is a user name"),
        ('parts.hostname in ("bikes.example", "www.bikes.example")', "http can be read"),
        ('parts.netloc in ("bikes.example", "www.bikes.example")', "know no upper and lower case"),
        ('parts.scheme != "http" and "free" not in address', "it is a program"),
        ('parts.scheme in ("https", "") and "free" not in address', "It has no host at all"),
    ],
)
def test_ours_or_not(learner: Learner, ours: str, heard: str) -> None:
    code = (
        f"from urllib.parse import urlsplit\ndef is_ours(address):\n    parts = urlsplit(address)\n    return {ours}\n"
    )
    assert heard in learner.writes(1, code)


WHY_NOT = """
def why_not_2(number, euros, ledger):
    if {unknown}:
        return "unknown"
    if {type}:
        return "no amount"
    left = PAID.get(number, 99) - {back}
    if {outside}:
        return "not possible"
"""
GOOD = {
    "unknown": "number not in PAID",
    "type": "type(euros) not in (int, float)",
    "back": "sum(paid for one, paid in ledger if one == number)",
    "outside": "not 0 < euros <= left",
}


@pytest.mark.parametrize(
    ("part", "written", "heard"),
    [
        ("unknown", "False", "the books know no payment"),
        ("type", "False", "True counts as 1"),
        ("type", "not isinstance(euros, (int, float))", "True counts as 1"),
        ("type", "isinstance(euros, bool)", "A check says no; it does not break"),
        ("back", "0", "7 are too many"),
        ("back", "sum(paid for one, paid in ledger)", "should be possible with the ledger"),
        ("outside", "euros > left", "a negative refund takes money"),
        ("outside", "euros <= 0 or euros > left", "NaN is not less and not more"),
        ("outside", "not 0 <= euros <= left", "nothing is no refund"),
        ("outside", "not 0 < euros < left", "should be possible"),
        ("outside", "not 0 < euros <= 20", "13 is more than was paid"),
    ],
)
def test_not_talked_round(learner: Learner, part: str, written: str, heard: str) -> None:
    assert heard in learner.writes(2, WHY_NOT.format(**{**GOOD, part: written}))


CONSENT = """
from collections import Counter

class Consent:
    def __init__(self):
        self.given = Counter()

    def key(self, call):
        return {key}

    def give(self, call):
        self.given[self.key(call)] {give}

    def take(self, call):
        {take}
"""
KEY = "call.name, json.dumps(json.loads(call.arguments), sort_keys=True)"
TAKE = "self.given[self.key(call)] -= 1; return self.given[self.key(call)] >= 0"


@pytest.mark.parametrize(
    ("key", "give", "take", "heard"),
    [
        (KEY, "+= 1", "return True", "Nobody has said yes"),
        ("call.name", "+= 1", "return self.given[self.key(call)] > 0", "600 got through"),
        (
            "json.dumps(json.loads(call.arguments), sort_keys=True)",
            "+= 1",
            "return self.given[self.key(call)] > 0",
            "another tool",
        ),
        ("call.name, call.arguments", "+= 1", "return self.given[self.key(call)] > 0", "members in another order"),
        (KEY, "+= 1", "return self.given[self.key(call)] > 0", "A replayed call pays twice"),
        (KEY, "= 1", "return self.given.pop(self.key(call), 0) > 0", "Two yeses are two calls"),
    ],
)
def test_one_yes_one_call(learner: Learner, key: str, give: str, take: str, heard: str) -> None:
    assert heard in learner.writes(3, CONSENT.format(key=key, give=give, take=take))
