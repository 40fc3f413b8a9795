"""The description of the API: what ninja knows, and every «no» an operation can give."""

from typing import Any

from ninja import NinjaAPI

from recoup.interfaces.api.problems import MEDIA_TYPE, WORDS
from recoup.interfaces.api.schemas import Problem

ALWAYS = (400, 401, 403, 422, 429, 500)
WITH_PATH = (404,)
WITH_BODY = (404, 409, 413, 415, 503)
AS_OF = (409,)  # before the first night there is no day


def described(api: NinjaAPI) -> dict[str, Any]:
    """OpenAPI 3.1, with problem+json for everything that is refused."""
    said: dict[str, Any] = dict(api.get_openapi_schema(path_prefix="/api/"))
    said["components"]["schemas"]["Problem"] = Problem.model_json_schema()
    for path, methods in said["paths"].items():
        for method in methods.values():
            for parameter in method.get("parameters", ()):
                parameter["schema"] = _said(parameter["schema"])
            for status in _statuses(path, method):
                method["responses"].setdefault(str(status), _no(status))
            if form := _form(method):
                form["additionalProperties"] = False
    return said


def _said(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter is given or left out; null cannot be said in an address."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    return kinds[0] if len(kinds) == 1 else schema


def _statuses(path: str, method: dict[str, Any]) -> list[int]:
    more = WITH_BODY if "requestBody" in method else WITH_PATH if "{" in path else ()
    as_of = AS_OF if path.endswith("/account") else ()
    return sorted({*ALWAYS, *more, *as_of})


def _no(status: int) -> dict[str, Any]:
    return {
        "description": str(WORDS[status][1]),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _form(method: dict[str, Any]) -> dict[str, Any] | None:
    content = method.get("requestBody", {}).get("content", {})
    form: dict[str, Any] | None = content.get("multipart/form-data", {}).get("schema")
    return form
