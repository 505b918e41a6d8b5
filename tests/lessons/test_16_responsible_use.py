"""The exercises of lesson 16: each solution passes its check, each common wrong answer hears why it is wrong."""

import pytest

from tests.lessons.harness import Learner


@pytest.mark.parametrize("exercise", [1, 2, 3])
def test_it_can_be_left_alone_and_its_solution_is_right(learner: Learner, exercise: int) -> None:
    assert "Not yet" in learner.writes(exercise)
    assert learner.writes(exercise, learner.solution(exercise)).startswith(("'Right", '"Right'))


HOST = '(parts.hostname == "bikes.example" or (parts.hostname or "").endswith(".bikes.example"))'
MATCH = 're.match(r"{}", address.lower())'


@pytest.mark.parametrize(
    ("ours", "heard"),
    [
        ('"bikes.example" in address.lower()', "it is not the host"),
        ('address.startswith("https://www.bikes.example")', "https://bikes.example/pricing is ours, and you say False"),
        ('print(parts.hostname == "bikes.example")', "is ours, and you say None"),
        ('parts.hostname in ("bikes.example", "www.bikes.example")', "https://maps.bikes.example/pricing is ours"),
        ('parts.netloc.endswith("bikes.example")', "https://WWW.Bikes.example/pricing is ours"),
        (MATCH.format(r"https://(.+\.)?bikes\.example/"), "in the path"),
        (MATCH.format(r"https://([a-z]+\.)?bikes\.example"), "the host is what it ends with"),
        ('(parts.hostname or "").endswith("bikes.example")', "without the dot before it"),
        (MATCH.format(r"https://([a-z]+\.)?bikes.example/"), "a dot is any character"),
        ('(parts.netloc.lower().split("@")[0]).endswith(("/bikes.example", ".bikes.example")) or ' + HOST, "user name"),
        (HOST, "http can be read"),
        ('parts.scheme == "javascript" or parts.scheme == "https" and ' + HOST, "it is a program"),
        ('not parts.scheme or parts.scheme == "https" and ' + HOST, "It has no host at all"),
        ('parts.scheme == "https" and ' + HOST, "A browser reads"),
    ],
)
def test_ours_or_not(learner: Learner, ours: str, heard: str) -> None:
    code = f"""
import re
from urllib.parse import urlsplit

def is_ours(address):
    parts = urlsplit(address)
    return {ours}
"""
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


@pytest.mark.parametrize(
    ("kept", "heard"),
    [
        ("given = []", "A new Consent knows the yes given to another one"),
        ("def __init__(self):\n        self.given = []", "Right"),
    ],
)
def test_a_yes_is_given_to_one_object(learner: Learner, kept: str, heard: str) -> None:
    code = f"""
class Consent:
    {kept}

    def give(self, call):
        self.given.append((call.name, json.loads(call.arguments)))

    def take(self, call):
        asked = call.name, json.loads(call.arguments)
        return asked in self.given and not self.given.remove(asked)
"""
    assert heard in learner.writes(3, code)


def test_the_last_yes_is_not_the_only_one(learner: Learner) -> None:
    code = """
class Consent:
    last = None

    def give(self, call):
        self.last = call.name, json.loads(call.arguments)

    def take(self, call):
        was, self.last = self.last, None
        return was == (call.name, json.loads(call.arguments))
"""
    assert "Right" not in learner.writes(3, code)
