"""The interface for programs as its own description tells it: what schemathesis makes of that, sent with real keys."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from tests.web.cast import Cast
from tests.web.test_api import make_key
from wuzha.web.api import api
from wuzha.web.campaign.models import Record
from wuzha.web.wsgi import believe_proxies

# How each call may be answered. So many of each are made for each key; `HYPOTHESIS_PROFILE=search` looks further.
SAID = {200, 201, 202, 400, 401, 404, 405, 409, 413, 415, 422}
SECRETS = ("青石镇", "柳湾村", "东社区", "SQ0101", "SQ0102")
CHECKS: list[Any] = [content_type_conformance, response_schema_conformance]
CALLS = [
    *(("/api/v1/records/", "POST"), ("/api/v1/records/batch/", "POST"), ("/api/v1/records/", "GET")),
    *(("/api/v1/kinds/", "GET"), ("/api/v1/standings/", "GET"), ("/api/v1/post/", "GET")),
]


@pytest.fixture
def schema(db: None) -> Any:
    """The description as it is served, with the site itself behind it. It begins here and not with the import: it marks
    the file of its database, which a desk may have in its folder, and refuses to work on another."""
    loaded = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema(), default=str)))
    loaded.app = believe_proxies(get_wsgi_application())
    return loaded


def test_every_call_of_the_description_is_tried() -> None:
    told: Any = api.get_openapi_schema()
    assert {(path, verb.upper()) for path, verbs in told["paths"].items() for verb in verbs} == {*CALLS}


@pytest.mark.parametrize(("path", "verb"), CALLS)
def test_every_call_says_how_it_may_be_refused(path: str, verb: str) -> None:
    told: Any = api.get_openapi_schema()
    responses = told["paths"][path][verb.lower()]["responses"]

    assert {401, 403, 413, 429, 503} <= set(responses)
    for status in (401, 403, 413, 429, 503):
        assert responses[status]["description"]
        assert ("Retry-After" in responses[status].get("headers", ())) is (status in (429, 503))
    assert all("content" in responses[status] for status in responses)


def try_call(schema: Any, path: str, verb: str, headers: dict[str, str], look: Callable[[Any], None]) -> None:
    strategy = schema[path][verb].as_strategy()

    @settings(max_examples=max(settings().max_examples // 5, 5), suppress_health_check=list(HealthCheck), deadline=None)
    @given(case=strategy)
    def hold(case: Any) -> None:
        response = case.call(headers=headers | {"Accept-Encoding": "identity"})
        assert response.status_code in SAID, response.text[:300]
        if response.status_code not in (405, 415):  # a verb or a sort of body that the call does not have at all
            assert str(response.status_code) in case.operation.definition.raw["responses"], response.status_code
        if response.status_code in (200, 201, 202):
            case.validate_response(response, checks=CHECKS)
        look(response)

    hold()


@pytest.mark.usefixtures("no_rates")
@pytest.mark.parametrize(("path", "verb"), CALLS)
def test_a_good_key_gets_what_the_description_says(cast: Cast, schema: Any, path: str, verb: str) -> None:
    headers = {"Authorization": f"Bearer {make_key(cast, cast.secretary)}"}
    try_call(schema, path, verb, headers, lambda response: None)


@pytest.mark.usefixtures("no_rates")
@pytest.mark.parametrize(("path", "verb"), CALLS)
def test_a_foreign_key_learns_nothing_of_other_units(cast: Cast, schema: Any, path: str, verb: str) -> None:
    """What was sent comes back in the answer to it; what was not sent does not."""
    headers = {"Authorization": f"Bearer {make_key(cast, cast.outsider)}"}

    def look(response: Any) -> None:
        sent = f"{response.request.url} {response.request.body!r}"
        assert not [word for word in SECRETS if word in response.text and word not in sent]

    try_call(schema, path, verb, headers, look)
    assert not Record.objects.filter(unit__path__startswith="SQ/SQ01/").exists()


@pytest.mark.usefixtures("no_rates")
@pytest.mark.parametrize(("path", "verb"), CALLS)
def test_no_key_gets_nothing(cast: Cast, schema: Any, path: str, verb: str) -> None:
    def look(response: Any) -> None:
        assert response.status_code == 401

    try_call(schema, path, verb, {"Authorization": "Bearer nothing"}, look)
