"""The interface for programs under ``/api/v1/``, one router per app."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from ninja import NinjaAPI

from wuzha.web.accounts.refusal import CLOSED, refuse_closed
from wuzha.web.campaign.api import router

# Its description is for people who are logged in; a call itself carries its own key.
FOR_PEOPLE = ("api-root", "openapi-json", "openapi-view")

api = NinjaAPI(
    title="无诈 Wuzha",
    version="1",
    urls_namespace="api",
    openapi_url="/openapi.json",
    docs_url="/docs/",
    description="发送记录、查询任务完成情况。钥匙由本单位专干在“任职人员”页面的“程序用的钥匙”里生成。"
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
