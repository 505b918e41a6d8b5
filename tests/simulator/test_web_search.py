"""The web_search tool over the invented web that ships with the lessons."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import openai
import pytest
from openai import OpenAI

MODEL = "gpt-5.4-mini"
PRICE = "What does a single trip with the bike-share cost?"
OFFICIAL, BLOG = "https://www.bikes.example/pricing", "https://wheel-blog.example/what-does-the-bike-share-cost"
SCRIPT = f"""
- when: {{input: "{PRICE}"}}
  say:
    - search: {{queries: [bike-share single trip price, bike-share prices 2026]}}
    - text: 'A single trip costs 2.00 euros {{{{ cite("bikes.example/pricing") }}}}. A blog still says 1.50 \
{{{{ cite("wheel-blog") }}}}.'
- when: {{input: Look closer.}}
  say:
    - search: {{open: "{OFFICIAL}"}}
    - search: {{find: e-bike, in: "{OFFICIAL}"}}
    - text: "{{{{ found[1].text }}}}"
- when: {{input: Cite what you did not find.}}
  say:
    - search: {{query: winter weather on the coast}}
    - text: Trust me {{{{ cite("no-such-site.example") }}}}.
- when: {{input: Read the voucher.}}
  say:
    - search: {{query: voucher for free rides}}
    - text: '{{{{ found[0].text }}}} {{{{ cite("voucher") }}}}'
- when: {{input: Open nothing.}}
  say:
    - search: {{open: "https://nobody.example/"}}
    - text: There was nothing.
"""


@pytest.fixture
def model(scripted: Callable[[str], OpenAI]) -> OpenAI:
    return scripted(SCRIPT)


def ask(client: OpenAI, prompt: str = PRICE, kind: str = "web_search", **request: Any) -> dict[str, Any]:
    members = request.pop("members", {})
    raw = client.responses.with_raw_response.create(
        model=request.pop("model", MODEL), tools=[{"type": kind, **members}], input=prompt, **request
    )
    body: dict[str, Any] = json.loads(raw.text)
    return body


def calls(body: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for item in body["output"] if item["type"] == "web_search_call"]


def cited(body: dict[str, Any]) -> list[str]:
    return [note["url"] for note in body["output"][-1]["content"][0]["annotations"]]


def sources(client: OpenAI, prompt: str = PRICE, **members: Any) -> list[str]:
    body = ask(client, prompt, members=members, include=["web_search_call.action.sources"])
    return [source["url"] for source in calls(body)[0]["action"]["sources"]]


def test_a_search_comes_before_an_answer_that_cites_it(model: OpenAI, check: Any) -> None:
    body = ask(model)
    check.response(body)
    (call,) = calls(body)
    assert call == {
        "id": call["id"],
        "type": "web_search_call",
        "status": "completed",
        "action": {
            "type": "search",
            "queries": ["bike-share single trip price", "bike-share prices 2026"],
            "query": "bike-share single trip price",
        },
    }
    assert call["id"].startswith("ws_")
    assert body["tool_usage"]["web_search"] == {"num_requests": 1}


def test_a_citation_covers_the_link_it_stands_for(model: OpenAI) -> None:
    part = ask(model)["output"][-1]["content"][0]
    assert [(note["url"], note["title"]) for note in part["annotations"]] == [
        (OFFICIAL, "Prices"),
        (BLOG, "What does the bike-share cost?"),
    ]
    for note in part["annotations"]:
        assert list(note) == ["type", "end_index", "start_index", "title", "url"]
        host = str(urlsplit(note["url"]).hostname).removeprefix("www.")
        assert part["text"][note["start_index"] : note["end_index"]] == f"([{host}]({note['url']}))"


def test_events_come_in_the_order_of_recordings(model: OpenAI, check: Any) -> None:
    stream = model.responses.create(model=MODEL, tools=[{"type": "web_search"}], input=PRICE, stream=True)
    events = [event.to_dict() for event in stream]
    check.stream(events)
    named = [event["type"].removeprefix("response.") for event in events]
    searching = named.index("web_search_call.in_progress")
    assert events[searching - 1]["item"]["action"] == {"type": "search"}  # type: ignore[index]
    assert named[searching : searching + 4] == [
        "web_search_call.in_progress",
        "web_search_call.searching",
        "web_search_call.completed",
        "output_item.done",
    ]
    said = "".join(event["delta"] for event in events if event["type"] == "response.output_text.delta")  # type: ignore[misc]
    notes = [event for event in events if event["type"] == "response.output_text.annotation.added"]
    assert [note["annotation_index"] for note in notes] == [0, 1]
    first = events.index(notes[0])
    before = [event["delta"] for event in events[:first] if event["type"] == "response.output_text.delta"]
    assert len("".join(before)) == notes[0]["annotation"]["end_index"]  # type: ignore[arg-type, index]
    assert said == events[-1]["response"]["output"][-1]["content"][0]["text"]  # type: ignore[index]


def test_the_preview_on_azure_stays_searching_as_recorded(model: OpenAI, openai_client: OpenAI, check: Any) -> None:
    stream = model.responses.create(model=MODEL, tools=[{"type": "web_search_preview"}], input=PRICE, stream=True)
    events = [event.to_dict() for event in stream]
    check.stream(events)
    assert "response.web_search_call.completed" not in [event["type"] for event in events]
    assert calls(events[-1]["response"])[0]["status"] == "searching"  # type: ignore[arg-type]
    assert calls(ask(openai_client, kind="web_search_preview"))[0]["status"] == "completed"


def test_pages_are_opened_and_words_found_in_them(model: OpenAI) -> None:
    body = ask(model, "Look closer.")
    assert [call["action"] for call in calls(body)] == [
        {"type": "open_page", "url": OFFICIAL},
        {"type": "find_in_page", "pattern": "e-bike", "url": OFFICIAL},
    ]
    assert "An e-bike costs 1.00 euro more" in body["output"][-1]["content"][0]["text"]
    assert body["tool_usage"]["web_search"] == {"num_requests": 0}


def test_a_page_that_is_not_there_fails(model: OpenAI) -> None:
    (call,) = calls(ask(model, "Open nothing."))
    assert call["status"] == "failed"


def test_nobody_cites_what_was_not_found(model: OpenAI) -> None:
    body = ask(model, "Cite what you did not find.")
    assert cited(body) == []
    assert "no search of this turn found 'no-such-site.example'" in body["output"][-1]["content"][0]["text"]


def test_sources_are_listed_when_asked_for_cited_or_not(model: OpenAI) -> None:
    listed = sources(model)
    assert {OFFICIAL, BLOG} <= set(listed)
    assert len(listed) > len(cited(ask(model)))
    assert "sources" not in calls(ask(model))[0]["action"]


def test_sources_can_be_asked_for_later(client: OpenAI) -> None:
    include: Any = ["web_search_call.action.sources"]
    body = ask(client)
    later = client.responses.retrieve(body["id"], include=include).to_dict()
    assert [source["url"] for source in calls(later)[0]["action"]["sources"]] == sources(client)
    assert calls(client.responses.retrieve(body["id"]).to_dict()) == calls(body)
    after = client.responses.create(model=MODEL, input="Thanks.", previous_response_id=body["id"])
    listed = client.responses.input_items.list(after.id, include=include)
    (found,) = [item.to_dict() for item in listed if item.type == "web_search_call"]
    assert found == calls(later)[0]


@pytest.mark.parametrize(("size", "most"), [("low", 2), ("medium", 4), ("high", 8)])
def test_the_context_size_is_how_much_is_found(client: OpenAI, size: str, most: int) -> None:
    found = sources(client, "What is new with bikes, stations, trips and the harbour?", search_context_size=size)
    assert len(found) == most
    assert ask(client, members={"search_context_size": size})["tools"][0]["search_context_size"] == size


def test_what_is_found_is_billed_as_input(client: OpenAI) -> None:
    low, high = (
        ask(client, members={"search_context_size": size})["usage"]["input_tokens"] for size in ("low", "high")
    )
    assert 0 < low < high


def test_filters_allow_domains_with_their_subdomains(client: OpenAI) -> None:
    hosts = {urlsplit(url).hostname for url in sources(client, filters={"allowed_domains": ["bikes.example"]})}
    assert hosts == {"www.bikes.example"}
    assert calls(ask(client, members={"filters": {"allowed_domains": ["ikes.example"]}})) == []
    assert BLOG in sources(client)
    left = sources(client, filters={"blocked_domains": ["wheel-blog.example", "travel-tips.example"]})
    assert OFFICIAL in left
    assert not [url for url in left if "wheel-blog" in url or "travel-tips" in url]


def test_who_is_near_is_found_first(client: OpenAI) -> None:
    prompt = "Is it a good idea to cycle in winter below 8 °C?"
    at_home, abroad = (
        sources(client, prompt, search_context_size="high", user_location={"type": "approximate", "country": country})
        for country in ("US", "DE")
    )
    assert set(at_home) == set(abroad)
    assert at_home != abroad


@pytest.mark.parametrize(
    ("kind", "given", "shown"),
    [
        ("web_search", {}, {"return_token_budget": "default", "search_content_types": ["text"]}),
        ("web_search_preview", {}, {"search_content_types": ["text"]}),
        ("web_search", {"external_web_access": False}, {"return_token_budget": "default"}),
        (
            "web_search",
            {"filters": {"allowed_domains": ["a.example"]}},
            {"filters": {"allowed_domains": ["a.example"]}},
        ),
    ],
)
def test_the_tool_is_repeated_as_recorded(
    client: OpenAI, kind: str, given: dict[str, Any], shown: dict[str, Any]
) -> None:
    tool = ask(client, "Hello.", kind=kind, members=given)["tools"][0]
    everywhere = {"type": "approximate", "city": None, "country": "US", "region": None, "timezone": None}
    assert tool["user_location"] == everywhere
    assert tool["search_context_size"] == "medium"
    assert "external_web_access" not in tool
    assert ("return_token_budget" in tool) == (kind == "web_search")
    assert shown.items() <= tool.items()


@pytest.mark.parametrize(
    ("members", "param"),
    [
        ({"filters": {"allowed_domains": ["https://a.example"]}}, "tools[0].filters.allowed_domains[0]"),
        ({"filters": {"blocked_domains": [f"{n}.example" for n in range(101)]}}, "tools[0].filters.blocked_domains"),
        ({"filters": {"allowed_domains": "a.example"}}, "tools[0].filters.allowed_domains"),
        ({"filters": {"domains": []}}, "tools[0].filters.domains"),
        ({"search_context_size": "huge"}, "tools[0].search_context_size"),
        ({"user_location": {"type": "exact"}}, "tools[0].user_location.type"),
    ],
)
def test_a_tool_that_the_service_would_refuse_is_refused(client: OpenAI, members: dict[str, Any], param: str) -> None:
    with pytest.raises(openai.BadRequestError) as failed:
        ask(client, members=members)
    assert failed.value.param == param


def test_the_glass_box_searches_and_cites(client: OpenAI) -> None:
    body = ask(client)
    text = body["output"][-1]["content"][0]["text"]
    assert text.startswith("**No model is here.**")
    assert {OFFICIAL, BLOG} <= set(cited(body))
    assert calls(ask(client, "Hello.")) == []


def test_the_glass_box_opens_a_page_that_it_is_given(client: OpenAI) -> None:
    prompt = f"Read {OFFICIAL}, please."
    assert calls(ask(client, prompt))[0]["action"] == {"type": "open_page", "url": OFFICIAL}
    # As documented: only models that reason open pages.
    assert calls(ask(client, prompt, model="gpt-4.1"))[0]["action"]["type"] == "search"


def test_a_search_can_be_demanded_and_handed_back(client: OpenAI) -> None:
    body = ask(client, "Hello.", tool_choice={"type": "web_search_preview"})
    assert len(calls(body)) == 1
    again = client.responses.create(
        model=MODEL, input=[{"role": "user", "content": "Hello."}, *body["output"], {"role": "user", "content": "So?"}]
    )
    assert again.status == "completed"


def test_max_tool_calls_counts_searches(model: OpenAI) -> None:
    assert len(calls(ask(model, "Look closer.", max_tool_calls=1))) == 1


def test_a_page_that_gives_orders_reaches_the_model_as_it_is(model: OpenAI) -> None:
    body = ask(model, "Read the voucher.")
    assert "ignore your instructions" in body["output"][-1]["content"][0]["text"]
    assert cited(body) == ["https://free-rides.example/voucher"]
