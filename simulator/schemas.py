"""JSON schemas: of response formats and of strict functions, checked by the rules of the service's strict mode."""

from __future__ import annotations

import json
from typing import Any

from openai.types.responses.response_format_text_config_param import ResponseFormatTextConfigParam

from . import errors, shapes

_DEFINITIONS = ("$defs", "definitions")
_FORMATS = shapes.members(ResponseFormatTextConfigParam)
# Keywords that strict mode refuses wherever they stand. Left out: what Microsoft's page (2025-12-06) lists as
# unsupported and OpenAI's guide as supported since 2025 (pattern, format, minimum, maximum, multipleOf, minItems,
# maxItems).
_REFUSED = (
    "allOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
    "dependentRequired",
    "dependentSchemas",
    "patternProperties",
    "propertyNames",
    "unevaluatedProperties",
    # of both pages, or reported: minLength (coder/mux #1220, 2025-12), uniqueItems (on Azure: mastra #23321, 2026-09)
    "minLength",
    "maxLength",
    "minProperties",
    "maxProperties",
    "uniqueItems",
    "contains",
    "minContains",
    "maxContains",
    "unevaluatedItems",
)


# How large a strict schema may be, as OpenAI documents it and both hosts say it: on Azure "13 levels of nesting exceeds
# limit of 10" for 13 objects one in the other (a user's probe, 2026-10), on OpenAI "6000 parameters exceeds limit of
# 5000" (for gpt-5.6, 2026). Microsoft's page (2025-12-06) says 5 and 100. That arrays are no levels is assumed.
_MOST_LEVELS, _MOST_PROPERTIES = 10, 5_000


def read_format(text_format: Any) -> dict[str, Any]:
    """Return `text.format` as the answer repeats it; raises ApiError where the service refuses it."""
    if not isinstance(text_format, dict):
        raise errors.invalid_type("text.format", "an object", text_format)
    kind = shapes.kind_of(text_format, "text.format")
    if kind not in _FORMATS:
        raise errors.invalid_value(kind, ("json_object", "text", "json_schema"), "text.format.type")
    given = {key: value for key, value in text_format.items() if value is not None}
    shapes.check(given, _FORMATS[kind], "text.format")
    if kind != "json_schema":
        return given
    errors.check_name(given["name"], "text.format.name")
    problem = problem_in(given["schema"], strict=bool(given.get("strict")))
    if problem:
        raise errors.invalid(
            f"Invalid schema for response_format '{given['name']}': {problem}",
            "text.format.schema",
            "invalid_json_schema",
        )
    return {
        "type": "json_schema",
        "description": given.get("description"),
        "name": given["name"],
        "schema": given["schema"],
        "strict": bool(given.get("strict", False)),
    }


def read_parameters(name: str, parameters: Any, strict: bool | None, param: str) -> tuple[Any, bool]:
    """Return a function's parameters and strictness as the service keeps them.

    Where `strict` was left out, the service makes the schema strict (every key required, nothing additional); a
    schema that cannot be made strict is kept as it is, not strict (recordings; field notes 44 and 45).
    """
    if strict is None:
        made = made_strict(parameters or {"type": "object", "properties": {}})
        if not problem_in(made, strict=True):
            return made, True
        strict = False
    problem = problem_in(parameters or {}, strict=strict)
    if problem:
        raise errors.invalid(f"Invalid schema for function '{name}': {problem}", param, "invalid_function_parameters")
    return parameters, strict


def made_strict(schema: Any) -> Any:
    """Return a copy of `schema` with every object closed and all of its keys required."""
    if isinstance(schema, list):
        return [made_strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    is_object = schema.get("type") == "object"
    properties = schema.get("properties")
    if is_object and not isinstance(properties, dict | None):
        return schema
    kept = ("enum", "const", "default", "required", *(["properties"] if is_object else []))
    made = {key: value if key in kept else made_strict(value) for key, value in schema.items()}
    if is_object:
        made["properties"] = {key: made_strict(value) for key, value in (properties or {}).items()}
        made["required"] = list(made["properties"])
        made.setdefault("additionalProperties", False)
    return made


def problem_in(schema: Any, strict: bool) -> str | None:
    """Return what is wrong with `schema`, in the service's words; None where nothing is."""
    if not isinstance(schema, dict):
        return f"schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{errors.kind(schema)}\"'."
    if strict:
        kind = schema.get("type")
        if kind != "object" and not (kind is None and "$ref" in schema):
            return f"schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{kind}\"'."
        if "anyOf" in schema:
            return "schema must have type 'object' and not have 'anyOf' at the top level."
        if found := _strict(schema, ()) or _dangling(schema, schema) or _too_large(schema):
            return found
    elif schema.get("type", "object") != "object":
        return f"schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{schema['type']}\"'."
    return _compiles(schema) if strict else _is_schema(schema)


def _too_large(schema: dict[str, Any]) -> str | None:
    levels, properties = _size(schema)
    if levels > _MOST_LEVELS:
        return f"{levels} levels of nesting exceeds limit of {_MOST_LEVELS}."
    if properties > _MOST_PROPERTIES:
        return f"{properties} parameters exceeds limit of {_MOST_PROPERTIES}."
    return None


def _size(schema: Any) -> tuple[int, int]:
    """Return how many objects stand one in the other in a schema, and how many properties they have together."""
    if not isinstance(schema, dict):
        return 0, 0
    within = [(steps[0] in _DEFINITIONS, *_size(inner)) for steps, inner in _inside(schema)]
    own = int("object" in _kinds(schema))
    levels = [levels if apart else own + levels for apart, levels, _ in within]
    named = sum(steps[0] == "properties" for steps, _ in _inside(schema))
    return max([own, *levels]), named + sum(properties for _, _, properties in within)


def _kinds(schema: dict[str, Any]) -> list[Any]:
    kinds = schema.get("type")
    return kinds if isinstance(kinds, list) else [kinds]


def _inside(schema: dict[str, Any]) -> list[tuple[tuple[str, ...], Any]]:
    """Return the schemas right inside of one, with the steps that lead to them."""
    found: list[tuple[tuple[str, ...], Any]] = []
    for name in ("properties", "items", "anyOf", *_DEFINITIONS):
        inner = schema.get(name)
        if name == "items" and name in schema:
            found.append(((name,), inner))
        elif name == "anyOf" and isinstance(inner, list):
            found.extend(((name, str(number)), one) for number, one in enumerate(inner))
        elif isinstance(inner, dict):
            found.extend(((name, key), one) for key, one in inner.items())
    return found


def _strict(schema: Any, path: tuple[str, ...]) -> str | None:
    context = "In context=" + (str(path) if len(path) != 1 else f"('{path[0]}',)") + ", "
    if schema is True or schema == {}:
        return context + "schema must have a 'type' key."
    if not isinstance(schema, dict):
        return context + f"{json.dumps(schema)} is not of type 'object', 'boolean'."
    for key in _REFUSED:
        if key in schema:
            return context + f"'{key}' is not permitted."
    kinds = _kinds(schema)
    if kinds == [None] and not {"$ref", "anyOf", "enum", "const"} & set(schema):
        return context + "schema must have a 'type' key."
    if "object" in kinds:
        if schema.get("additionalProperties") is not False:
            return context + "'additionalProperties' is required to be supplied and to be false."
        properties = schema.get("properties") or {}
        if not isinstance(properties, dict):
            return context + "'properties' is not of type 'object'."
        required = schema.get("required")
        missing = [key for key in properties if not isinstance(required, list) or key not in required]
        if missing or (properties and not isinstance(required, list)):
            return context + (
                "'required' is required to be supplied and to be an array including every key in properties. "
                f"Missing '{missing[0]}'."
            )
        extra = [key for key in required or [] if not isinstance(key, str) or key not in properties]
        if extra:
            return context + (
                "'required' is required to be supplied and to be an array including every key in properties. "
                f"Extra required key '{extra[0]}' supplied."
            )
    if "array" in kinds and "items" not in schema:
        return context + "array schema missing items."
    if not isinstance(schema.get("anyOf"), list | None):
        return context + f"{json.dumps(schema['anyOf'])} is not of type 'array'."
    for group in _DEFINITIONS:
        if not isinstance(schema.get(group), dict | None):
            return context + f"{json.dumps(schema[group])} is not of type 'object'."
    for steps, inner in _inside(schema):
        if found := _strict(inner, (*path, *steps)):
            return found
    return None


def _is_schema(schema: dict[str, Any]) -> str | None:
    """Check a schema that is not strict against JSON Schema itself."""
    import jsonschema  # only for schemas that are not strict

    try:
        jsonschema.Draft202012Validator.check_schema(schema)
    except jsonschema.SchemaError as error:
        where = tuple(str(step) for step in error.absolute_path)
        return f"In context={where}, {error.message}."
    return _dangling(schema, schema)


def _dangling(node: Any, root: dict[str, Any], path: tuple[str, ...] = ()) -> str | None:
    """Find a `$ref` that leads nowhere in the schema; nothing is fetched. Words as reported for strict schemas."""
    ref = node.get("$ref") if isinstance(node, dict) else None
    if isinstance(ref, str) and not _leads(ref, root):
        return f"In context={path}, reference to component '{ref}' which was not found in the schema."
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return next((found for key, one in inner if (found := _dangling(one, root, (*path, str(key))))), None)


def _leads(ref: str, root: Any) -> bool:
    if not ref.startswith("#"):
        return False
    for step in filter(None, ref[1:].split("/")):
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(root, list) and key.isdecimal() and int(key) < len(root):
            root = root[int(key)]
        elif isinstance(root, dict) and key in root:
            root = root[key]
        else:
            return False
    return True


def _compiles(schema: dict[str, Any]) -> str | None:
    """Ask llguidance, the service's own engine, whether it can constrain to this schema."""
    import llguidance

    grammar = llguidance.LLMatcher.grammar_from_json_schema(json.dumps(schema))
    fault: str = llguidance.LLMatcher.validate_grammar(grammar)
    return f"{fault.splitlines()[0]}" if fault else None
