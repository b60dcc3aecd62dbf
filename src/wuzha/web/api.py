"""The interface for programs under ``/api/v1/``, one router per app."""

from types import MappingProxyType
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from wuzha.web.accounts.refusal import CLOSED, refuse_closed
from wuzha.web.campaign.api import router

# Its description is for people who are logged in; a call itself carries its own key.
FOR_PEOPLE = ("api-root", "openapi-json", "openapi-view")

# How any call may be refused, whatever it is for.
REFUSALS = MappingProxyType(
    {
        400: "The parameters or the body cannot be read.",
        401: "There is no key, or it is none of a post in force.",
        403: "The post of the key does not do this.",
        404: "There is no such unit in sight of the post.",
        413: "More than one call may bring.",
        422: "A parameter is of the wrong kind.",
        429: "Too often. Nothing was lost; send it again after the seconds in Retry-After.",
        503: "Nothing can be kept just now, and nothing was. Send it again after the seconds in Retry-After.",
    }
)
WITH_WAIT = (429, 503)
SAYS = MappingProxyType(
    {"type": "object", "properties": {"text": {"type": "string"}, "again_in_s": {"type": "integer"}}}
)


class DescribedAPI(NinjaAPI):
    """Tells of every call how it may be refused, too."""

    def get_openapi_schema(self, **asked: Any) -> OpenAPISchema:
        told = super().get_openapi_schema(**asked)
        for verbs in told["paths"].values():
            for call in verbs.values():
                call["responses"] = {status: _describe(status) for status in REFUSALS} | call["responses"]
        return told


def _describe(status: int) -> dict[str, Any]:
    told = {"description": REFUSALS[status], "content": {"application/json": {"schema": dict(SAYS)}}}
    wait = {"Retry-After": {"description": "seconds", "schema": {"type": "integer"}}}
    return told | ({"headers": wait} if status in WITH_WAIT else {})


api = DescribedAPI(
    title="无诈 Wuzha",
    version="1",
    urls_namespace="api",
    openapi_url="/openapi.json",
    docs_url="/docs/",
    description="发送记录、查询任务完成情况。钥匙由本单位专干在“人员和岗位”页面的“程序用的钥匙”里生成。"
    " Send records and ask for standings with the key of a post.",
)
api.add_router("", router)


def answer_closed(request: HttpRequest, error: Any) -> HttpResponse:
    """503: the database cannot be used, nothing was kept."""
    return refuse_closed()


for closed in CLOSED:
    api.add_exception_handler(closed, answer_closed)


def list_addresses() -> tuple[list[URLPattern], str, str]:
    """The addresses of the interface: a program has no log-in to be sent to."""
    every, app_name, namespace = api.urls
    patterns = [pattern for pattern in every if isinstance(pattern, URLPattern)]
    for pattern in patterns:
        if pattern.name not in FOR_PEOPLE:
            pattern.callback = login_not_required(pattern.callback)
    return patterns, app_name, namespace
