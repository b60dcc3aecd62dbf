"""How often one may ask: the one who asks too often waits, nobody else, and nothing is lost."""

import ast
import json
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone, translation

from tests.web.cast import Cast
from tests.web.conftest import Visit
from wuzha.web.accounts import rates
from wuzha.web.accounts.access import digest_token
from wuzha.web.accounts.models import ApiToken, Post
from wuzha.web.accounts.rates import KINDS, RATES, Rate
from wuzha.web.campaign.models import Record

PAGE = {"Accept": "text/html"}


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every rate is two an hour: the span ends within no test but for the one in some thousand at its very end."""
    monkeypatch.setattr(rates, "RATES", {kind: Rate(2, 3600) for kind in RATES})


def make_key(cast: Cast, who: str, key: str) -> dict[str, str]:
    ApiToken.objects.create(
        post=Post.objects.get(user=cast.people[who]),
        name="键",
        digest=digest_token(key),
        opens_on=date(2026, 1, 1),
        closes_on=date(2099, 1, 1),
        made_by=cast.officer,
        made_at=timezone.now(),
    )
    return {"Authorization": f"Bearer {key}"}


@pytest.mark.usefixtures("few")
def test_who_asks_too_often_reads_when_to_come_again_and_others_go_on(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.officer)
    answers = [browser.get("/units/?words=村", headers=PAGE) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[2].headers["Retry-After"]) <= 3600
    assert "请等" in answers[2].content.decode()
    assert "no-store" in answers[2].headers["Cache-Control"]
    assert browser.get("/units/", headers=PAGE).status_code == 200
    assert visit(cast.town_officer).get("/units/?words=村", headers=PAGE).status_code == 200


@pytest.mark.usefixtures("few")
def test_a_table_as_a_file_counts_on_every_page(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.officer)
    found = [browser.get(f"{page}?format=csv").status_code for page in ("/records/", "/units/", "/standings/")]
    assert found == [200, 200, 429]


@pytest.mark.usefixtures("few")
def test_a_file_too_many_is_not_read_and_what_was_held_stays(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.officer)
    for _ in range(3):
        file = SimpleUploadedFile("方案.txt", "一、每月开展集中宣传一次。".encode())
        answer = browser.post("/plans/upload/", {"unit": cast.county.pk, "file": file}, headers=PAGE)
    assert answer.status_code == 429
    assert "没有收下" in answer.content.decode()


@pytest.mark.usefixtures("few")
def test_a_phone_is_asked_to_come_again_and_every_record_arrives_once(
    cast: Cast, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = visit(cast.secretary)
    wires = [
        {"id": str(uuid4()), "unit": "SQ0101", "kind": "rally", "happened_on": f"{timezone.localdate()}"}
        for _ in range(3)
    ]
    answers = [phone.post("/phone/records/", {"records": [wire]}, "application/json") for wire in wires]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["again_in_s"] == int(answers[2].headers["Retry-After"])
    assert Record.objects.count() == 2
    monkeypatch.setattr(rates, "RATES", RATES)  # an hour later
    for wire in wires:
        assert phone.post("/phone/records/", {"records": [wire]}, "application/json").status_code == 200
    assert Record.objects.count() == 3


@pytest.mark.usefixtures("few")
def test_all_phones_of_a_county_behind_one_line_are_let_in(cast: Cast) -> None:
    phones = [Client(REMOTE_ADDR="203.0.113.7") for _ in cast.people]
    for phone, person in zip(phones, cast.people.values(), strict=True):
        phone.force_login(person)
        for _ in range(2):
            assert phone.post("/phone/records/", {"records": []}, "application/json").status_code == 200


def test_a_month_of_one_phones_queue_fits_into_its_measure() -> None:
    batch, piece = 50, 32 * 1024  # as static/phone/send.js has them
    script = (Path(rates.__file__).parents[1] / "static/phone/send.js").read_text(encoding="utf-8")
    assert f"BATCH = {batch};" in script
    assert "PIECE = 32 * 1024;" in script
    assert RATES["phone"].most * batch >= 31 * 100
    assert RATES["piece"].most * piece >= 150_000_000


@pytest.mark.usefixtures("few")
def test_a_key_is_counted_by_itself_and_bad_keys_close_no_good_one_out(cast: Cast) -> None:
    good = make_key(cast, "officer", "good")
    program = Client()
    bad = [
        program.get("/api/v1/post/", headers={"Authorization": f"Bearer {number}"}).status_code for number in range(4)
    ]
    assert bad == [401, 401, 429, 429]
    assert [program.get("/api/v1/post/", headers=good).status_code for _ in range(3)] == [200, 200, 429]
    other = make_key(cast, "town_officer", "other")
    answer = program.get("/api/v1/kinds/", headers=other)
    assert answer.status_code == 200


@pytest.mark.usefixtures("few")
def test_the_answer_to_a_program_is_json_in_its_language(cast: Cast) -> None:
    key = make_key(cast, "officer", "good")
    for _ in range(3):
        answer = Client().get("/api/v1/post/", headers={**key, "Accept-Language": "en"})
    told = json.loads(answer.content)
    assert "send it again" in told["text"] or "再发" in told["text"]


def test_no_rate_where_the_setting_says_so(cast: Cast, visit: Visit, few: None, settings: object) -> None:
    settings.RATE_FACTOR = 0  # type: ignore[attr-defined]  # the plugin's own fixture
    browser = visit(cast.officer)
    assert {browser.get("/units/?words=村").status_code for _ in range(4)} == {200}


def list_names(patterns: list[URLPattern | URLResolver], space: str = "") -> dict[str, object]:
    found: dict[str, object] = {}
    for item in patterns:
        if isinstance(item, URLResolver):
            found |= list_names(item.url_patterns, f"{item.namespace}:" if item.namespace else space)
        else:
            found[f"{space}{item.name}"] = item.callback
    return found


def test_every_rate_is_of_an_address_that_exists() -> None:
    assert {name for _, name in KINDS} <= set(list_names(get_resolver().url_patterns))
    assert set(KINDS.values()) <= set(RATES)


def test_every_view_that_takes_files_has_its_rate() -> None:
    """Whoever reads ``request.FILES``, in the view or in what it calls in its own module, costs what a file costs."""
    taking = {name.split(".")[-1] for name in find_takers()}
    named = {
        name
        for name, view in list_names(get_resolver().url_patterns).items()
        if getattr(view, "__name__", "") in taking
    }
    assert named
    assert named <= {name for method, name in KINDS if method in ("POST", "PUT")}


def find_takers() -> set[str]:
    """Functions of the views that touch files, and those that call them, as far as it goes."""
    calls: dict[str, set[str]] = {}
    takers: set[str] = set()
    files = [
        file for file in Path(rates.__file__).parents[1].rglob("*.py") if "views" in f"{file.parent.name}{file.stem}"
    ]
    for file in files:
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                inside = list(ast.walk(node))
                calls.setdefault(node.name, set()).update(one.id for one in inside if isinstance(one, ast.Name))
                if any(isinstance(one, ast.Attribute) and one.attr == "FILES" for one in inside):
                    takers.add(node.name)
    while more := {name for name, used in calls.items() if used & takers} - takers:
        takers |= more
    return takers


def test_words_of_the_pause_are_chinese() -> None:
    with translation.override("zh-hans"):
        assert "秒" in translation.gettext("Too often. Nothing was lost; send it again in %(seconds)d seconds.")
