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
        ('address.startswith("https://www.bikes.example")', "https://bikes.example is ours, and you say False"),
        ('print(parts.hostname == "bikes.example")', "is ours, and you say None"),
        ('parts.hostname in ("bikes.example", "www.bikes.example")', "https://my-maps.bikes.example/ is ours"),
        ('parts.netloc.endswith("bikes.example")', "https://WWW.Bikes.example/a/b?c=1 is ours"),
        (MATCH.format(r"https://([^?]+\.)?bikes\.example(/|$)"), "in the path"),
        (MATCH.format(r"https://([a-z-]+\.)?bikes\.example"), "the host is what it ends with"),
        ('(parts.hostname or "").endswith("bikes.example")', "without the dot before it"),
        (MATCH.format(r"https://([a-z-]+\.)?bikes.example(/|$)"), "a dot is any character"),
        ('(parts.netloc.lower().split("@")[0]).endswith(("/bikes.example", ".bikes.example")) or ' + HOST, "user name"),
        (HOST, "http can be read"),
        ('parts.scheme == "javascript" or parts.scheme == "https" and ' + HOST, "it is a program"),
        ('not parts.scheme or parts.scheme == "https" and ' + HOST, "It has no host at all"),
        ('parts.scheme == "https" and ' + HOST, "A browser reads"),
        ('parts.scheme == "https" and "\\\\" not in address and ' + HOST, "https://[bikes.example/ makes it fail"),
        ('("." + parts.hostname).endswith(".bikes.example") and parts.scheme == "https"', "makes it fail (TypeError"),
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
    if {outside}:
        return "not possible"
    left = round(100 * {paid}) - {back}
    if abs(100 * euros - round(100 * euros)) > {cent} or round(100 * euros) > left:
        return "not possible"
"""
GOOD = {
    "unknown": "number not in PAID",
    "type": "type(euros) not in (int, float)",
    "outside": "not 0 < euros <= PAID[number]",
    "paid": "PAID[number]",
    "back": "sum(round(100 * paid) for one, paid in ledger if one == number)",
    "cent": "1e-6",
}
BY_FLOATS = """
def why_not_2(number, euros, ledger):
    if number not in PAID or type(euros) not in (int, float):
        return "no"
    left = PAID[number] - sum(paid for one, paid in ledger if one == number)
    return None if 0 < euros <= left else "not possible"
"""


def test_money_is_counted_in_cents(learner: Learner) -> None:
    assert "10.38 should be possible for C-112" in learner.writes(2, BY_FLOATS)
    assert "It writes into the ledger" in learner.writes(
        2, WHY_NOT.format(**GOOD) + "    ledger.append((number, euros))\n"
    )


@pytest.mark.parametrize(
    ("part", "written", "heard"),
    [
        ("unknown", "False", "C-121, 1 makes it fail (KeyError"),
        ("unknown", "number != 'C-112'", "30 should be possible for C-118"),
        ("type", "False", "True counts as 1"),
        ("type", "not isinstance(euros, (int, float))", "True counts as 1"),
        ("back", "0", "7 are too many"),
        ("back", "round(100 * dict(ledger).get(number, 0))", "in two payments"),
        ("back", "sum(round(100 * paid) for one, paid in ledger)", "should be possible for C-112 (12.0 paid)"),
        ("paid", "12", "30 should be possible for C-118"),
        ("outside", "False", "a negative refund takes money"),
        ("outside", "euros <= 0", "nan makes it fail (ValueError"),
        ("outside", "not 0 <= euros <= PAID[number]", "nothing is no refund"),
        ("outside", "not 0 < euros < PAID[number]", "12 should be possible"),
        ("cent", "1", "a tenth of a cent"),
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
        (
            "json.loads(call.arguments).get('euros')",
            "+= 1",
            "return self.given[self.key(call)] > 0",
            '"C-118", "euros": 6} got through',
        ),
        (
            "''.join(sorted(call.arguments))",
            "+= 1",
            "return self.given[self.key(call)] > 0",
            '"C-121", "euros": 6} got through',
        ),
        (
            "call.name, *sorted(map(str, json.loads(call.arguments).values()))[:2]",
            "+= 1",
            "return self.given[self.key(call)] > 0",
            "got through",
        ),
        ("call.name, json.loads(call.arguments)", "+= 1", TAKE, "It fails. TypeError: unhashable type"),
        ("call.name", "+= 1", "return self.given[self.key(call)] > 0", "600} got through"),
        (
            "json.dumps(json.loads(call.arguments), sort_keys=True)",
            "+= 1",
            "return self.given[self.key(call)] > 0",
            "another tool",
        ),
        ("call.name, call.arguments", "+= 1", "return self.given[self.key(call)] > 0", "Compare what it means"),
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
