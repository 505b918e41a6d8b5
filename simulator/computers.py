"""The computer tools as requests describe them: who may use which, and what an output of a call has to bring."""

from __future__ import annotations

from typing import Any

from . import errors
from .models import Model

PREVIEW = "computer_use_preview"
_SEE = ("gpt-5.4", "gpt-5.5", "gpt-5.6", "gpt-6")  # Microsoft's computer use page, 2026-03-09: 5.4 and later


def fits(kind: str, model: Model) -> bool:
    """Whether a model takes this computer tool."""
    return model.name == "computer-use-preview" if kind == PREVIEW else model.name.startswith(_SEE)


def check(tools: list[dict[str, Any]], truncation: str) -> None:
    """Refuse the preview tool without truncation "auto" (field notes 75; the words are assumed)."""
    if truncation != "auto" and any(tool["type"] == PREVIEW for tool in tools):
        raise errors.invalid(
            "The 'computer_use_preview' tool requires 'truncation' to be 'auto'.", "truncation", "invalid_value"
        )


def acknowledged(call: dict[str, Any], output: dict[str, Any]) -> None:
    """Refuse an output that leaves a safety check of its call unacknowledged (openai-agents-python#843, 2025-06)."""
    seen = {check.get("id") for check in output.get("acknowledged_safety_checks") or []}
    open_checks = [check["id"] for check in call.get("pending_safety_checks") or [] if check["id"] not in seen]
    if open_checks:
        raise errors.invalid(f"Computer tool has unacknowledged safety check for {open_checks}", "input", None)
