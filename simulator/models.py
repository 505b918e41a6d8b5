"""Which models there are, and what each takes: read from models.yaml, which has dates and sources.

The resource `/models` lists them. Each is a deployment of its own name.
"""

from __future__ import annotations

import datetime
import functools
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from . import errors
from .http import Reply, Request

if TYPE_CHECKING:
    from .service import World

_FILE = Path(__file__).with_name("models.yaml")


@dataclass(frozen=True)
class Model:
    """One deployable model. Token figures are tokens; dates are ISO dates."""

    name: str
    served: str  # the dated name, as in the header x-ms-served-model
    reasons: bool
    efforts: tuple[str, ...]  # values of reasoning.effort it takes; () where it does not reason
    effort: str | None  # the default
    context: int
    max_output: int
    verbosity: bool
    phases: bool  # assistant messages carry `phase` (gpt-5.4 and later)
    encrypted: bool
    parallel: bool
    vision: bool
    streams: bool
    top_p: float
    retention: str  # prompt_cache_retention it answers with
    thinks_in: int  # reasoning tokens are billed in multiples of this
    summaries: tuple[str, ...]  # values of reasoning.summary it takes besides auto
    cache_writes: bool  # what it writes to the prompt cache is reported, and billed
    flex: bool  # served in the flex tier
    refuses: tuple[str, ...]  # request parameters answered with 400 unsupported_parameter
    tools_refused: tuple[str, ...]
    retires: str | None
    replacement: str | None
    source: str
    context_mode: str | None = None  # reasoning.context
    mode: str | None = None  # reasoning.mode
    extra: dict[str, Any] = field(default_factory=dict)

    def retired(self, today: str) -> bool:
        """Whether its scheduled retirement has come; `today`: an ISO date."""
        return self.retires is not None and self.retires <= today


@functools.cache
def models() -> dict[str, Model]:
    """Return every model by name."""
    with _FILE.open(encoding="utf-8") as file:
        data = yaml.load(file, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    families: dict[str, dict[str, Any]] = data["families"]
    found = {}
    for name, own in data["models"].items():
        family = dict(families[own["family"]])
        family.update({key: value for key, value in own.items() if key != "family"})
        for key in ("efforts", "summaries", "refuses", "tools_refused"):
            family[key] = tuple(family.get(key) or ())
        for key in ("retires", "served"):
            family[key] = str(family[key]) if family.get(key) else None
        if family["served"][:2] == "20":  # a date: the model's own name comes before it
            family["served"] = f"{name}-{family['served']}"
        found[name] = Model(name=name, **{"replacement": None, **family})
    return found


def find(name: str) -> Model | None:
    """Return the model called `name`, also by a dated name ("gpt-4o-2024-08-06"); None where there is none."""
    return models().get(name) or models().get(_DATED.sub("", name))


_DATED = re.compile(r"-\d{4}-\d{2}-\d{2}$")


async def list_models(world: World, request: Request) -> Reply:
    """GET /models"""
    today = world.today()
    data = [
        _shown(model, today, request.azure)
        for model in models().values()
        if not (world.strict_models and model.retired(today))
    ]
    return Reply.json(200, {"object": "list", "data": data}, world.plain_headers())


async def retrieve_model(world: World, request: Request, name: str) -> Reply:
    """GET /models/{name}; 404 in OpenAI's words, which is assumed for Azure"""
    model = find(name)
    if model is None or (world.strict_models and model.retired(world.today())):
        raise errors.ApiError(404, f"The model '{name}' does not exist", param="model", code="model_not_found")
    return Reply.json(200, _shown(model, world.today(), request.azure), world.plain_headers())


def notice(model: Model, today: str) -> dict[str, str]:
    """Return the header that says a model is past its retirement date; a live service would refuse the request."""
    if not model.retired(today):
        return {}
    instead = f"; use {model.replacement}" if model.replacement else ""
    return {"x-simulator-retires": f"{model.name} was to retire on {model.retires}{instead}"}


def _shown(model: Model, today: str, azure: bool) -> dict[str, Any]:
    """Return a model as /models shows it: OpenAI's four members, on Azure those of its data-plane list besides.

    Azure's: rest/api/azureopenai/models/list (2024-10-21). That the v1 list has both is assumed.
    """
    dated = _DATED.search(model.served)
    created = _instant(dated.group()[1:]) if dated else 0
    shown: dict[str, Any] = {"id": model.name, "object": "model", "created": created, "owned_by": "system"}
    if not azure:
        return shown
    deprecation = {"inference": _instant(model.retires)} if model.retires else {}
    lifecycle = "deprecated" if model.retired(today) else "generally-available"
    return {
        **shown,
        "created_at": created,
        "status": "succeeded",
        "lifecycle_status": "preview" if model.extra.get("preview") else lifecycle,
        "deprecation": deprecation,
        "capabilities": {
            "chat_completion": True,
            "completion": False,
            "embeddings": False,
            "fine_tune": False,
            "inference": True,
        },
    }


def _instant(day: str) -> int:
    return int(datetime.datetime.fromisoformat(f"{day}T00:00:00+00:00").timestamp())
