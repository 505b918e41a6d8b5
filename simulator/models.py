"""Which models there are, and what each takes: read from models.yaml, which has dates and sources."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

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
    refuses: tuple[str, ...]  # request parameters answered with 400 unsupported_parameter
    tools_refused: tuple[str, ...]
    retires: str | None
    replacement: str | None
    source: str
    context_mode: str | None = None  # reasoning.context
    mode: str | None = None  # reasoning.mode
    extra: dict[str, Any] = field(default_factory=dict)


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
        for key in ("efforts", "refuses", "tools_refused"):
            family[key] = tuple(family.get(key) or ())
        for key in ("retires", "served"):
            family[key] = str(family[key]) if family.get(key) else None
        family["served"] = f"{name}-{family['served']}" if family["served"] else name
        found[name] = Model(name=name, **{"replacement": None, **family})
    return found


def find(name: str) -> Model | None:
    """Return the model called `name`, also by its dated name; None where there is none."""
    return models().get(name) or next((model for model in models().values() if model.served == name), None)
