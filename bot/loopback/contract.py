"""Discord's published description of its REST interface, held against every request and every answer.

The description is a file that Discord publishes (specs/openapi.json of discord/discord-api-spec). Where the two differ,
Discord's reference wins; so a union is read as "one of these at least", and numbers may come as digits and the reverse.
"""

import copy
import json
import os
import re
import urllib.parse
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, Self

from bot.loopback.nouns import Json

#: Names the file; without it nothing is checked.
VARIABLE = "DISCORD_OPENAPI"

_ADDRESS = "urn:discord-openapi"
_SNOWFLAKE = "#/components/schemas/SnowflakeType"
_METHODS = frozenset({"get", "put", "post", "patch", "delete"})
_VERSION = re.compile(r"^/api(/v\d+)?(?=/)")

#: What discord.py 2.7.1 sends although the description does not know it.
KNOWN_UNKNOWNS = frozenset({"flags", "tts", "nsfw", "id", "nick", "default_member_permissions"})


class Operation(NamedTuple):
    """One method of one path."""

    method: str
    template: str
    definition: Json
    pointer: str

    @property
    def where(self) -> str:
        """How it is called in a complaint."""
        return f"{self.method} {self.template}"


class Contract:
    """Checks traffic and remembers what did not fit."""

    def __init__(self, path: Path | str) -> None:
        # Heavy, and needed only where somebody has the description.
        import jsonschema_rs  # noqa: PLC0415 -- optional: only contract tests need it

        document: Json = json.loads(Path(path).read_text(encoding="utf-8"))
        self._document = _relaxed(document)
        self._rust = jsonschema_rs
        self._registry = jsonschema_rs.Registry([(_ADDRESS, self._document)])
        self._validators: dict[str, Any] = {}
        self._operations: dict[tuple[str, str], Operation | str] = {}
        self._paths = [(template, _split(template)) for template in self._document["paths"]]
        # Literal segments ("@me") before parameters.
        self._paths.sort(key=lambda each: [segment.startswith("{") for segment in each[1]])
        self.requests = 0
        self.violations: list[str] = []
        self.warnings: list[str] = []

    @classmethod
    def from_environment(cls) -> Self | None:
        """The contract of the file that DISCORD_OPENAPI names, or None where it names none."""
        path = os.environ.get(VARIABLE)
        return cls(path) if path else None

    def forget(self) -> None:
        """Start to count anew."""
        self.requests = 0
        self.violations.clear()
        self.warnings.clear()

    def check_request(
        self, method: str, path: str, query: dict[str, str], body: Any, content_type: str, *, has_files: bool
    ) -> None:
        """Check what a bot sent; complaints are added to `violations` and `warnings`."""
        self.requests += 1
        operation = self._find(method, path)
        if isinstance(operation, str):
            self.violations.append(operation)
            return
        self._check_query(operation, query)
        expected = operation.definition.get("requestBody")
        if expected is None:
            if body not in (None, {}, []):
                self.violations.append(f"{operation.where}: a body was sent, and none is described")
            return
        content = expected["content"]
        if content_type not in content:
            self.violations.append(f"{operation.where}: content type {content_type} is not offered")
        kind = content_type if content_type in content else next(iter(content))
        if body is None:
            if expected.get("required") and not has_files:
                self.violations.append(f"{operation.where}: the required body is absent")
            return
        self._check(f"{operation.pointer}/requestBody/content/{_pointer(kind)}/schema", body, operation.where)

    def check_response(self, method: str, path: str, status: int, body: Any) -> None:
        """Check what was answered."""
        operation = self._find(method, path)
        if isinstance(operation, str):
            return
        where = f"{operation.where} -> {status}"
        responses = operation.definition["responses"]
        key = next((k for k in (str(status), f"{status // 100}XX") if k in responses), None)
        if key is None:
            self.violations.append(f"{where}: this status is not described ({', '.join(responses)})")
            return
        pointer, node = f"{operation.pointer}/responses/{key}", responses[key]
        if "$ref" in node:
            pointer, node = node["$ref"], self._resolve(node)
        content = node.get("content")
        if not content:
            if body is not None:
                self.violations.append(f"{where}: a body came, and none is described")
            return
        if body is None:
            self.violations.append(f"{where}: the described body is absent")
            return
        self._check(f"{pointer}/content/{_pointer(next(iter(content)))}/schema", body, where)

    # Finding

    def _find(self, method: str, path: str) -> Operation | str:
        path = _VERSION.sub("", path)
        segments = path.split("/")
        if len(segments) > 3 and segments[1] in ("webhooks", "interactions"):
            segments[3] = "token"
        key = (method, "/".join("0" if segment.isdigit() else segment for segment in segments))
        if (known := self._operations.get(key)) is None:
            known = self._operations[key] = self._search(method, path)
        return known

    def _search(self, method: str, path: str) -> Operation | str:
        segments = _split(path)
        complaint = f"{method} {path}: there is no such path"
        for template, wanted in self._paths:
            if len(wanted) != len(segments):
                continue
            if all(w == s or (w.startswith("{") and self._fits(w, s)) for w, s in zip(wanted, segments, strict=True)):
                item = self._document["paths"][template]
                if method.lower() in item:
                    pointer = f"#/paths/{_pointer(template)}/{method.lower()}"
                    return Operation(method, template, item[method.lower()], pointer)
                complaint = f"{method} {path}: the path is known, but not with this method"
        return complaint

    @staticmethod
    def _fits(parameter: str, segment: str) -> bool:
        # Ids are digits; what is not an id (a token, an emoji) does not end in "_id}".
        return segment.isdigit() or not parameter.endswith("_id}") or segment in ("@me", "@original")

    def _resolve(self, schema: Any) -> Any:
        while isinstance(schema, dict) and "$ref" in schema:
            node: Any = self._document
            for part in schema["$ref"].lstrip("#/").split("/"):
                node = node[urllib.parse.unquote(part).replace("~1", "/").replace("~0", "~")]
            schema = node
        return schema

    # Checking

    def _check_query(self, operation: Operation, query: dict[str, str]) -> None:
        item = self._document["paths"][operation.template]
        parameters = item.get("parameters", []) + operation.definition.get("parameters", [])
        declared = {each["name"]: each for each in parameters if each.get("in") == "query"}
        for name, value in query.items():
            if name not in declared:
                self.warnings.append(f"{operation.where}: unknown query parameter {name}")
                continue
            candidates: list[Any] = [value]
            if re.fullmatch(r"-?\d+", value):
                candidates.append(int(value))
            if value.lower() in ("true", "false", "0", "1"):
                candidates.append(value.lower() in ("true", "1"))
            schema = declared[name]["schema"]
            if not any(self._is_valid(schema, candidate) for candidate in candidates):
                self.violations.append(f"{operation.where}: {name}={value} does not fit")
        for name, parameter in declared.items():
            if parameter.get("required") and name not in query:
                self.violations.append(f"{operation.where}: the query parameter {name} is required")

    def _check(self, reference: str, value: Any, where: str) -> None:
        schema = {"$ref": reference}
        if not self._is_valid(schema, value):
            fixed = self._coerced(schema, copy.deepcopy(value))
            if not self._is_valid(schema, fixed):
                self.violations += [f"{where}: {each}" for each in self._explained(schema, fixed)]
                return
            value = fixed
        self.warnings += self._unknown(schema, value, where)

    def _is_valid(self, schema: Json, value: Any) -> bool:
        return bool(self._validator(schema).is_valid(value))

    def _validator(self, schema: Json) -> Any:
        key = schema["$ref"] if set(schema) == {"$ref"} else json.dumps(schema, sort_keys=True)
        if key not in self._validators:
            self._validators[key] = self._rust.Draft202012Validator(
                _absolute(schema), registry=self._registry, validate_formats=False
            )
        return self._validators[key]

    def _explained(self, schema: Json, value: Any) -> Iterable[str]:
        from jsonschema import Draft202012Validator  # noqa: PLC0415 -- optional, and only to word a complaint
        from referencing import Registry  # noqa: PLC0415 -- the same
        from referencing.jsonschema import DRAFT202012  # noqa: PLC0415 -- the same

        registry: Any = Registry().with_resource(_ADDRESS, DRAFT202012.create_resource(self._document))
        validator = Draft202012Validator(_absolute(schema), registry=registry)
        for error in validator.iter_errors(value):
            yield from _worded(error)

    def _coerced(self, schema: Any, value: Any) -> Any:
        """A copy in which ids are text and numbers are numbers, as Discord itself takes both."""
        if isinstance(schema, dict) and schema.get("$ref") == _SNOWFLAKE and _is_number(value):
            return str(value)
        resolved = self._resolve(schema)
        for branch in resolved.get("allOf", ()):
            value = self._coerced(branch, value)
        branches = resolved.get("anyOf", ())
        if branches and not any(self._is_valid(branch, value) for branch in branches):
            for branch in branches:
                fixed = self._coerced(branch, copy.deepcopy(value))
                if self._is_valid(branch, fixed):
                    value = fixed
                    break
        kinds = resolved.get("type")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if isinstance(value, str) and "integer" in kinds and "string" not in kinds:
            return int(value) if re.fullmatch(r"-?\d+", value) else value
        if isinstance(value, dict):
            for key, inner in resolved.get("properties", {}).items():
                if key in value:
                    value[key] = self._coerced(inner, value[key])
        elif isinstance(value, list) and isinstance(resolved.get("items"), dict):
            value = [self._coerced(resolved["items"], each) for each in value]
        return value

    def _branches(self, schema: Any, value: Any) -> Iterator[Json]:
        resolved = self._resolve(schema)
        yield resolved
        for branch in resolved.get("allOf", ()):
            yield from self._branches(branch, value)
        for branch in resolved.get("anyOf", ()):
            if self._is_valid(branch, value):
                yield from self._branches(branch, value)

    def _unknown(self, schema: Any, value: Any, where: str) -> Iterator[str]:
        """Objects are open, so a misspelt key would pass: every key that no chosen branch knows."""
        if isinstance(value, list):
            for branch in self._branches(schema, value):
                if isinstance(branch.get("items"), dict):
                    for index, each in enumerate(value):
                        yield from self._unknown(branch["items"], each, f"{where}[{index}]")
                    return
        elif isinstance(value, dict):
            properties: Json = {}
            is_open = False
            for branch in self._branches(schema, value):
                for key, inner in branch.get("properties", {}).items():
                    properties.setdefault(key, inner)
                is_open = is_open or isinstance(branch.get("additionalProperties"), dict)
            for key, each in value.items() if properties else ():
                if key in properties:
                    yield from self._unknown(properties[key], each, f"{where}.{key}")
                elif not is_open and key not in KNOWN_UNKNOWNS:
                    yield f"{where}.{key}: the description does not know this key"


def _split(path: str) -> list[str]:
    return [urllib.parse.unquote(segment) for segment in path.strip("/").split("/")]


def _pointer(text: str) -> str:
    return urllib.parse.quote(text.replace("~", "~0").replace("/", "~1"), safe="~@:!$&'()*+,;=-._")


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _absolute(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _ADDRESS + value if key == "$ref" else _absolute(value) for key, value in node.items()}
    return [_absolute(each) for each in node] if isinstance(node, list) else node


def _relaxed(document: Json) -> Json:
    """Read `oneOf` as `anyOf`: the description means one of a list, and real payloads fit several."""
    inner = document["components"]["schemas"].get("InnerErrors", {}).get("properties", {}).get("_errors")
    if inner:
        # An integer here; Discord's reference shows text ("BASE_TYPE_CHOICES").
        code = {"type": ["string", "integer"]}
        inner["items"] = {
            "type": "object",
            "required": ["code", "message"],
            "properties": {"code": code, "message": {"type": "string"}},
        }
    pending: list[Any] = [document]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            if "oneOf" in node and "anyOf" not in node:
                node["anyOf"] = node.pop("oneOf")
            pending.extend(node.values())
        elif isinstance(node, list):
            pending.extend(node)
    return document


def _worded(error: Any, depth: int = 0) -> Iterator[str]:
    """In a union only the branch that the value comes nearest to."""
    if error.context and depth < 12:
        branches: dict[Any, list[Any]] = {}
        for each in error.context:
            branches.setdefault(each.schema_path[0], []).append(each)
        for each in min(branches.values(), key=_distance):
            yield from _worded(each, depth + 1)
        return
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path)
    yield f"{path} {error.message[:300]}"


def _distance(errors: list[Any]) -> tuple[bool, int, int]:
    wrong_kind = sum(e.validator in ("const", "enum") or (e.validator == "type" and not e.path) for e in errors)
    is_null = any(e.validator == "type" and e.validator_value == "null" for e in errors)
    return is_null, wrong_kind, len(errors)
