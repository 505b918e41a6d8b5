"""Writes JSON that fits a schema and reads like somebody filled it in; llguidance judges it."""

from __future__ import annotations

import json
import re
from typing import Any

from .. import grammars

# What a member with such a name is likely to hold. First match wins; nothing here is a claim about the world.
_BY_NAME: tuple[tuple[str, Any], ...] = (
    (r"e_?mail", "ada@example.com"),
    (r"phone|mobile", "+1 555 0100"),
    (r"url|link|website", "https://example.com"),
    (r"(^|_)(city|location|place|town)", "San Francisco"),
    (r"country", "France"),
    (r"station", "Harbour"),
    (r"address|street", "1 Example Street"),
    (r"time_?zone", "UTC"),
    (r"(first_?name|given_?name)", "Ada"),
    (r"(last_?name|surname|family_?name)", "Lovelace"),
    (r"(^|_)(user|person|author|customer|rider|participant|name)s?$", "Ada"),
    (r"date|day$|deadline", "2026-11-25"),
    (r"time", "09:00"),
    (r"currency", "EUR"),
    (r"language|locale", "en"),
    (r"(^|_)(title|subject|headline)", "An example title"),
    (r"summary|description|reason|explanation|notes?$", "An example, written by the simulator."),
    (r"query|question|search", "an example question"),
    (r"code|sql|expression", "1 + 1"),
    (r"id$|_id|identifier|number$", "A-1042"),
    (r"color|colour", "orange"),
    (r"unit", "celsius"),
    (r"answer|result|text|message|content|body", "An example text."),
)
_FORMATS = {
    "date": "2026-11-25",
    "time": "09:00:00Z",
    "date-time": "2026-11-25T09:00:00Z",
    "duration": "PT15M",
    "email": "ada@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uuid": "123e4567-e89b-42d3-a456-426614174000",
    "uri": "https://example.com",
}
_INTEGERS = (
    ("year", 2026),
    ("age", 36),
    ("count|quantity|bikes|number|amount", 3),
    ("temperature", 18),
    ("minutes", 15),
)

_MOST = 1_000  # items of an array and characters of a text, whatever more a schema asks for


def write(schema: dict[str, Any], prompt: str = "") -> str:
    """Return JSON text that fits `schema`. `prompt` lends words: an enum value it names is chosen.

    Falls back to a plain sentence of the schema's grammar where the readable value does not fit.
    """
    text = json.dumps(_value(schema, "", schema, prompt, 0), ensure_ascii=False)
    if fits(schema, text):
        return text
    return _sentence(schema) or text


def fits(schema: dict[str, Any], text: str) -> bool:
    """Whether JSON text fits the schema, by the engine that the service constrains with."""
    import llguidance

    try:
        compiled = llguidance.LLMatcher.grammar_from_json_schema(json.dumps(schema))
        if llguidance.LLMatcher.validate_grammar(compiled):
            return _valid(schema, text)
        return grammars.accepts(compiled, json.dumps(json.loads(text), ensure_ascii=False)) or grammars.accepts(
            compiled, text
        )
    except ValueError:
        return False


def _valid(schema: dict[str, Any], text: str) -> bool:
    """Judge by JSON Schema itself, for the schemas (not strict ones) that llguidance does not take.

    The registry is empty, so that no `$ref` is fetched: schemas come from strangers too (an MCP server's tools).
    """
    import jsonschema
    import referencing

    validator = jsonschema.Draft202012Validator(schema, registry=referencing.Registry())
    try:
        return bool(validator.is_valid(json.loads(text)))
    except referencing.exceptions.Unresolvable:
        return False


def _value(schema: Any, name: str, root: dict[str, Any], prompt: str, depth: int) -> Any:
    if not isinstance(schema, dict) or depth > 12:
        return None
    if "$ref" in schema:
        return _value(_resolve(schema["$ref"], root), name, root, prompt, depth + 1)
    if "const" in schema:
        return schema["const"]
    if isinstance(schema.get("enum"), list) and schema["enum"]:
        named = (one for one in schema["enum"] if isinstance(one, str) and _mentions(prompt, one))
        return next(named, schema["enum"][0])
    if "default" in schema and schema["default"] is not None:
        return schema["default"]
    if options := schema.get("anyOf") or schema.get("oneOf"):
        real = [one for one in options if one.get("type") != "null"] or options
        flat = [one for one in real if "$ref" not in one] if depth > 4 else real
        if depth > 4 and not flat and len(real) < len(options):
            return None
        return _value((flat or real)[0], name, root, prompt, depth + 1)
    if "allOf" in schema:
        merged: dict[str, Any] = {}
        for one in schema["allOf"]:
            merged.update(_resolve(one["$ref"], root) if "$ref" in one else one)
        return _value(merged, name, root, prompt, depth + 1)
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), "null")
    if kind == "object" or "properties" in schema:
        return {
            key: _value(inner, key, root, prompt, depth + 1) for key, inner in (schema.get("properties") or {}).items()
        }
    if kind == "array":
        least = schema.get("minItems", 0)
        wanted = max(min(least, _MOST), 0 if depth > 6 else 1 if schema.get("maxItems", 2) > 0 else 0)
        return [_value(schema.get("items") or {"type": "string"}, name, root, prompt, depth + 1) for _ in range(wanted)]
    if kind in ("integer", "number"):
        return _number(schema, name, kind == "integer", prompt)
    if kind == "boolean":
        return True
    if kind == "null":
        return None
    return _text(schema, name, prompt)


def _number(schema: dict[str, Any], name: str, whole: bool, prompt: str) -> int | float:
    said = re.search(r"-?\d+(\.\d+)?", prompt)
    value: float = next((example for pattern, example in _INTEGERS if re.search(pattern, name.lower())), 1)
    if said and value == 1:
        value = float(said.group())
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    step = schema.get("multipleOf")
    if low is not None and value <= low:
        value = low if "minimum" in schema else low + (1 if whole else 0.5)
    if high is not None and value >= high:
        value = high if "maximum" in schema else high - (1 if whole else 0.5)
    if step:
        value = -(-value // step) * step
    return int(value) if whole or value == int(value) else value


def _text(schema: dict[str, Any], name: str, prompt: str) -> str:
    if schema.get("format") in _FORMATS:
        return _FORMATS[schema["format"]]
    value: str = next((example for pattern, example in _BY_NAME if re.search(pattern, name.lower())), "example")
    if (pattern := schema.get("pattern")) and not _found(pattern, value):
        by_schema = _sentence({"type": "string", "pattern": pattern}, as_json=False)
        tried = (by_schema, grammars.example(pattern.removeprefix("^").removesuffix("$")))
        return next((text for text in tried if text and _found(pattern, text)), value)
    if re.search(r"(^|_)(city|location|place|town)", name.lower()):
        value = _place(prompt) or value
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    value = value if most is None else value[:most]
    return str(value + "." * max(0, min(least, _MOST) - len(value)))


def _found(pattern: str, text: str) -> bool:
    """Whether a pattern is found in a text; one that Python cannot read (JSON Schema's are ECMA's) is not."""
    try:
        return re.search(pattern, text) is not None
    except re.error:
        return False


def _place(prompt: str) -> str | None:
    """Return the capitalised words after "in", "at" or "for": the place a question about weather is about."""
    found = re.search(r"\b(?:in|at|for|from|to)\s+((?:[A-Z][\w'-]+)(?:[ ,]+[A-Z][\w'-]+)*)", prompt)
    return found.group(1).rstrip(",") if found else None


def _mentions(prompt: str, word: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", prompt, re.IGNORECASE) is not None


def _resolve(ref: str, root: dict[str, Any]) -> Any:
    node: Any = root
    for step in ref.removeprefix("#").strip("/").split("/"):
        if step:
            node = node.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(node, dict) else None
    return node


def _sentence(schema: dict[str, Any], as_json: bool = True) -> str | None:
    """Return some short sentence of the schema's grammar; None where none was found."""
    import llguidance

    text = grammars.walk(llguidance.LLMatcher.grammar_from_json_schema(json.dumps(schema)))
    return text if as_json or text is None else str(json.loads(text))
