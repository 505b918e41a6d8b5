"""Models: which there are, what `/models` says of them, and how retirement shows."""

from __future__ import annotations

import datetime

import httpx2
import openai
import pytest
from openai import OpenAI
from openai.types import Model

from simulator import Service, Transport
from simulator.clock import SteppedClock
from simulator.models import models

URL = "https://lab.openai.azure.com/openai/v1/"
# what_changed.md, section 4a: on Azure, 2026-09-21 and later.
ON_AZURE = {
    *("gpt-6.1-sol", "gpt-6-sol", "gpt-6-luna", "gpt-6-astra", "gpt-5.6-sol", "gpt-5.6-terra", "gpt-5.6-luna"),
    *("gpt-chat-latest", "gpt-5.5", "gpt-5.4", "gpt-5.4-mini", "gpt-5.4-nano", "gpt-5.4-pro", "gpt-5.3-codex"),
    *("gpt-5.2", "gpt-5.2-codex", "gpt-5.1", "gpt-5.1-codex", "gpt-5.1-codex-mini", "gpt-5.1-codex-max", "gpt-5"),
    *("gpt-5-mini", "gpt-5-nano", "gpt-5-codex", "gpt-5-pro", "gpt-4.1", "gpt-4.1-mini", "gpt-4.1-nano", "gpt-4o"),
    *("gpt-4o-mini", "computer-use-preview"),
}
IN_THE_GUIDE = {"o4-mini", "o3", "o3-pro", "o3-mini", "o1"}


def strict(clock: SteppedClock) -> OpenAI:
    service = Service(seed="test", clock=clock, strict_models=True)
    return OpenAI(base_url=URL, api_key="a key", max_retries=0, http_client=httpx2.Client(transport=Transport(service)))


def test_every_model_that_azure_and_the_guide_name_is_listed(client: OpenAI) -> None:
    listed = list(client.models.list())
    assert {model.id for model in listed} >= ON_AZURE | IN_THE_GUIDE
    for model in listed:
        Model.model_validate(model.to_dict(), strict=True)
        assert client.models.retrieve(model.id) == model


def test_a_listed_model_says_when_it_retires(client: OpenAI) -> None:
    o3 = client.models.retrieve("o3").to_dict()
    retires = datetime.datetime(2026, 10, 21, tzinfo=datetime.UTC).timestamp()
    assert (o3["lifecycle_status"], o3["deprecation"]) == ("deprecated", {"inference": retires})
    assert client.models.retrieve("gpt-5").to_dict()["lifecycle_status"] == "generally-available"
    assert client.models.retrieve("gpt-chat-latest").to_dict()["lifecycle_status"] == "preview"


def test_openais_list_has_its_four_members_only(openai_client: OpenAI) -> None:
    assert set(openai_client.models.retrieve("gpt-5").to_dict()) == {"id", "object", "created", "owned_by"}


def test_a_model_that_is_not_there_is_a_404(client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as error:
        client.models.retrieve("gpt-99")
    assert error.value.code == "model_not_found"


def test_a_model_past_its_retirement_is_served_with_a_notice(client: OpenAI) -> None:
    for model, notice in (
        ("o3", "o3 was to retire on 2026-10-21; use gpt-5.6-sol"),
        ("gpt-4o-2024-05-13", "gpt-4o-2024-05-13 was to retire on 2026-10-01; use gpt-5.4-mini"),
        ("o3-pro", None),  # 2026-12-17: the clock stands at 2026-11-25
        ("gpt-5.4-mini", None),
    ):
        answer = client.responses.with_raw_response.create(model=model, input="Hi")
        assert answer.headers.get("x-simulator-retires") == notice
        assert answer.parse().status == "completed"


def test_strict_mode_refuses_a_retired_model_and_does_not_list_it(clock: SteppedClock) -> None:
    client = strict(clock)
    with pytest.raises(openai.NotFoundError) as error:
        client.responses.create(model="o3", input="Hi")
    assert error.value.code == "DeploymentNotFound"
    assert "'o3' retired on 2026-10-21" in error.value.message
    assert "gpt-5.4-mini" in error.value.message
    listed = {model.id for model in client.models.list()}
    assert "o3" not in listed
    assert "o3-pro" in listed
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("o3")


def test_strict_mode_goes_by_the_clock(clock: SteppedClock) -> None:
    client = strict(clock)
    assert client.responses.create(model="gpt-5", input="Hi").status == "completed"
    clock.advance(120 * 24 * 3600)  # past 2027-02-09
    with pytest.raises(openai.NotFoundError):
        client.responses.create(model="gpt-5", input="Hi")


@pytest.mark.parametrize(
    ("name", "efforts", "default"),
    [  # what_changed.md, section 4b
        ("gpt-5", ("minimal", "low", "medium", "high"), "medium"),
        ("gpt-5-codex", ("low", "medium", "high"), "medium"),
        ("gpt-5-pro", ("high",), "high"),
        ("gpt-5.1", ("none", "low", "medium", "high"), "none"),
        ("gpt-5.1-codex-max", ("none", "low", "medium", "high", "xhigh"), "medium"),
        ("gpt-5.2", ("none", "low", "medium", "high"), "none"),
        ("gpt-5.4", ("none", "low", "medium", "high", "xhigh"), "none"),
        ("gpt-5.5", ("none", "low", "medium", "high", "xhigh"), "medium"),
        ("gpt-5.6-terra", ("none", "low", "medium", "high", "xhigh", "max"), "medium"),
        ("gpt-6.1-sol", ("low", "medium", "high", "xhigh", "max"), "medium"),
        ("gpt-6-luna", ("none", "low", "medium", "high", "xhigh", "max"), "medium"),
        ("o4-mini", ("low", "medium", "high"), "medium"),
        ("gpt-4.1", (), None),
    ],
)
def test_each_model_has_the_efforts_of_its_family(name: str, efforts: tuple[str, ...], default: str | None) -> None:
    assert models()[name].efforts == efforts
    assert models()[name].effort == default


def test_each_model_has_its_window() -> None:
    windows = {name: (model.context, model.max_output) for name, model in models().items()}
    for name in ("gpt-6-astra", "gpt-5.6-sol", "gpt-5.5", "gpt-5.4", "gpt-5.4-pro"):
        assert windows[name] == (1_050_000, 128_000)
    for name in ("gpt-5", "gpt-5.3-codex", "gpt-5.4-mini", "gpt-5.4-nano"):
        assert windows[name] == (400_000, 128_000)
    assert windows["o3"] == (200_000, 100_000)
    assert windows["computer-use-preview"][0] == 8_192
