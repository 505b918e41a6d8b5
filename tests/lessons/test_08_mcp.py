"""The exercises of lesson 08: each solution passes its check, each common wrong answer hears why it is wrong."""

import pytest

from tests.lessons.harness import Learner


@pytest.mark.parametrize("exercise", [1, 2, 3])
def test_it_can_be_left_alone_and_its_solution_is_right(learner: Learner, exercise: int) -> None:
    assert "Not yet" in learner.writes(exercise)
    assert learner.writes(exercise, learner.solution(exercise)).startswith("'Right")


@pytest.mark.parametrize(
    ("answer", "heard"),
    [
        ("search_tool = LEARN", "The model may use microsoft_docs_search, microsoft_docs_fetch"),
        ("search_tool = [LEARN]", "A tool is one dictionary"),
        (
            'search_tool = {"type": "mcp", "server_label": "learn", "server_url": LEARN["server_url"], '
            '"allowed_tools": ["microsoft_docs_search"]}',
            "It asked before it searched",
        ),
        ('search_tool = {**LEARN, "allowed_tools": "microsoft_docs_search"}', "The service does not take it"),
        ('search_tool = {**LEARN, "allowed_tool": ["microsoft_docs_search"]}', "The service does not take it"),
        ('search_tool = {**LEARN, "allowed_tools": {"microsoft_docs_search"}}', "The service does not take it"),
        ('search_tool = {"type": "web_search"}', "Begin with LEARN"),
        ('search_tool = {**LEARN, "allowed_tools": ["microsoft_code_sample_search"]}', "or its samples only"),
        ('search_tool = {**LEARN, "allowed_tools": ["search"]}', "The model was shown no tool at all"),
        ('search_tool = {**LEARN, "allowed_tools": ["microsoft_docs_fetch"]}', "does not search the documentation"),
    ],
)
def test_one_tool_of_three(learner: Learner, answer: str, heard: str) -> None:
    assert heard in learner.writes(1, answer)


@pytest.mark.parametrize(
    ("answer", "heard"),
    [
        ('desk_rule = "always"', "It asks before it counts bikes"),
        ('desk_rule = "never"', "there would run: report_fault, close_station"),
        ('desk_rule = {"always": {"tool_names": ["report_fault"]}}', "there would run: close_station"),
        ('desk_rule = {"never": {"read_only": True}}', "go by names"),
        ('desk_rule = {"never": {"tool_names": ["bikes_at", "list_bikes"]}}', "go by names you know"),
        ('desk_rule = {"never": {"tool_names": ["bikes_at"], "read_only": True}}', "Right: one tool"),
        ('desk_rule = {"never": {"tools": ["bikes_at"]}}', "in its `tool_names`"),
        ('desk_rule = {"never": ["bikes_at"]}', "The service does not take it"),
        ('desk_rule = {"require_approval": "never"}', "Only the value of its require_approval"),
        ('desk_rule = {"never": {"tool_names": ["bikes_at", "report_fault"]}}', "there would run: report_fault"),
        ('desk_rule = {"always": {"tool_names": ["report_fault", "close_station"]}}', "the desk's new tool"),
    ],
)
def test_a_person_who_is_not_asked_too_often(learner: Learner, answer: str, heard: str) -> None:
    assert heard in learner.writes(2, answer)


@pytest.mark.parametrize(
    ("body", "heard"),
    [
        ('return f"May {request.name} run?"', "The server is missing"),
        ('return f"May {request.server_label} run?"', "The tool is missing"),
        ('return f"May {request.name} of {request.server_label} run?"', "An argument is missing"),
        ('return f"May {request.name} of {request.server_label} run with {request.arguments}?"', "That is still JSON"),
        ("return request", "A person needs a string"),
        (
            "import json; given = json.loads(request.arguments)\n"
            '    return f"{request.server_label} {request.name} " + ", ".join(f"{k}={v}" for k, v in given.items())',
            "so write lines of their own",
        ),
        (
            "import json; given = json.loads(request.arguments)\n"
            "    names = 'station', 'bike', 'code', 'note'\n"
            '    return f"{request.server_label} {request.name} " + ", ".join(given[name] for name in names)',
            "KeyError",
        ),
        (
            "import json; given = json.loads(request.arguments)\n"
            '    return f"{request.server_label} {request.name} {list(given.values())}"',
            "an argument `reason`",
        ),
        (
            "import json; given = json.loads(request.arguments)\n"
            '    return f"{request.server_label} {request.name} " + ", ".join(f"{k}={given[k][:40]!r}" for k in given)',
            "show all of its value",
        ),
        ('return f"{request.server_label} {request.name}: " + request.arguments.strip("{}")', "That is still JSON"),
        (
            "a = request.arguments.strip('{}').replace(chr(34), '')\n"
            '    return f"{request.server_label} {request.name}: {a}"',
            "Where does the value of `station` end",
        ),
        (
            "import json; given = json.loads(request.arguments)\n"
            '    return f"{request.server_label} {request.name} " + ", ".join(f"{k}={v!r}" for k, v in given.items())',
            "Values, and names too",
        ),
    ],
)
def test_what_was_it_about_to_do(learner: Learner, body: str, heard: str) -> None:
    assert heard in learner.writes(3, f"def question(request):\n    {body}\n")
