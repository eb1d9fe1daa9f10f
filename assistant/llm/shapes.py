"""JSON schemas as servers want them: bounded, so that a reply has an end; strict; and without what a server refuses."""

import re
from collections.abc import Collection, Mapping
from typing import Any

BOUNDS = ("maxItems", "maxLength")
ABOUT_BOUNDS = re.compile(r"max_?items|max_?length", re.IGNORECASE)


def bounded(
    schema: Mapping[str, Any], *, items: int, characters: int, numbers: Mapping[str, Collection[int]] | None = None
) -> dict[str, Any]:
    """A schema whose lists have at most `items` items and whose strings at most `characters` characters, where it says
    nothing else; `numbers`: the values that properties of these names may have."""

    def bound(part: Any, name: str = "") -> Any:
        if isinstance(part, list):
            return [bound(each) for each in part]
        if not isinstance(part, Mapping):
            return part
        made = {
            key: {n: bound(p, n) for n, p in value.items()} if key == "properties" else bound(value)
            for key, value in part.items()
        }
        if part.get("type") == "array":
            made.setdefault("maxItems", items)
        elif part.get("type") == "string" and "enum" not in part:
            made.setdefault("maxLength", characters)
        elif part.get("type") == "integer" and numbers and name in numbers:
            made["enum"] = sorted(numbers[name])
        return made

    made: dict[str, Any] = bound(schema)
    return made


def strict(schema: Any) -> Any:
    """A JSON schema as strict servers want it: every object closed, with all its properties required."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, Mapping):
        return schema
    made = {key: strict(value) for key, value in schema.items()}
    if isinstance(made.get("properties"), dict):
        made |= {"additionalProperties": False, "required": list(made["properties"])}
    return made


def without(value: Any, keys: Collection[str]) -> Any:
    """JSON data without these keys, wherever they stand."""
    if isinstance(value, list):
        return [without(each, keys) for each in value]
    if isinstance(value, Mapping):
        return {key: without(each, keys) for key, each in value.items() if key not in keys}
    return value
