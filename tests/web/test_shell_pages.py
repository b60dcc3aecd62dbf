"""The frame around every page: who, where, which day, which language, and what weighs how much."""

import gzip
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from tests.web.cast import PASSWORD, Cast
from tests.web.conftest import Visit
from wuzha.web.accounts.models import Post, User

PAGES = ("/today/", "/units/", "/me/")


@pytest.mark.parametrize("address", PAGES)
def test_a_page_names_the_person_and_leads_to_the_rooms(cast: Cast, visit: Visit, address: str) -> None:
    page = visit(cast.officer).get(address).content.decode()

    assert "县联席办专干" in page
    assert 'href="/units/"' in page
    assert "完成情况" in page
    assert 'href="#content"' in page


def test_the_head_shows_the_way_down_to_the_unit_as_far_as_the_post_reaches(cast: Cast, visit: Visit) -> None:
    officer = visit(cast.officer).get("/units/SQ0101/").content.decode()
    secretary = visit(cast.secretary).get("/units/SQ0101/").content.decode()

    crumbs = re.search(r'<nav class="crumbs".*?</nav>', officer, re.DOTALL)
    assert crumbs
    assert re.findall(r">([^<>\s]+)</a>", crumbs[0]) == ["石桥县", "青石镇", "柳湾村"]
    assert "石桥县" not in secretary


def test_the_day_in_the_address_is_kept_by_links(cast: Cast, visit: Visit) -> None:
    page = visit(cast.officer).get("/units/SQ01/?as_of=2026-03-20").content.decode()

    assert "本页显示的是" in page
    assert "3月20日（周五）" in page
    assert "/units/SQ0101/?as_of=2026-03-20" in page


def test_today_is_not_announced_as_a_past_day(cast: Cast, visit: Visit) -> None:
    assert "本页显示的是" not in visit(cast.officer).get("/units/SQ01/").content.decode()


@pytest.mark.parametrize("text", ["2026-02-30", "昨天", "2026", "1900-01-01", "9999-12-31", "2026-03-20'--"])
def test_a_day_that_is_none_is_answered_with_a_sentence(cast: Cast, visit: Visit, text: str) -> None:
    answer = visit(cast.officer).get("/units/SQ01/", {"as_of": text})

    assert answer.status_code == 400
    assert "地址里的日期" in answer.content.decode()


def test_a_day_that_is_none_is_not_handed_on_by_links(cast: Cast, visit: Visit) -> None:
    page = visit(cast.officer).get("/units/SQ01/?as_of=tomorrow").content.decode()

    assert re.findall(r'href="[^"]*as_of=[^"]*"', page) == []


def test_a_past_day_never_revives_a_post_that_has_ended(cast: Cast, visit: Visit) -> None:
    today = timezone.localdate()
    cast.secretary.posts.update(closes_on=today)
    told = {"as_of": (today - timedelta(days=1)).isoformat()}

    answer = visit(cast.secretary).get("/units/SQ0101/", told)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/log-in/")

    Post.objects.create(user=cast.secretary, unit=cast.other_town, role=Post.Role.SECRETARY)
    assert visit(cast.secretary).get("/units/SQ0101/", told).status_code == 404


def test_the_pages_are_chinese_whatever_the_browser_speaks_until_english_is_chosen(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.officer)
    before = browser.get("/me/", headers={"accept-language": "en-GB,en"})
    answer = browser.post("/language/", {"language": "en", "next": "/me/"})
    after = browser.get("/me/")

    assert '<html lang="zh-hans">' in before.content.decode()
    assert (answer.status_code, answer.headers["Location"]) == (302, "/me/")
    assert '<html lang="en">' in after.content.decode()
    assert "Log out" in after.content.decode()
    assert after.headers["Content-Language"] == "en"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_visitor_logs_in_and_out_in_either_language(cast: Cast, language: str) -> None:
    browser = Client()
    browser.cookies["django_language"] = language
    assert browser.get("/me/").headers["Location"] == "/log-in/?next=/me/"

    inside = browser.post("/log-in/", {"username": "secretary", "password": PASSWORD, "next": "/me/"}, follow=True)
    assert "柳湾村网格员" in inside.content.decode()
    assert browser.post("/log-out/").status_code == 302
    assert browser.get("/me/").status_code == 302


def test_a_wrong_password_keeps_the_name_and_does_not_say_which_was_wrong(cast: Cast) -> None:
    page = Client().post("/log-in/", {"username": "secretary", "password": "wrong"}).content.decode()
    stranger = Client().post("/log-in/", {"username": "someone-else", "password": "wrong"}).content.decode()

    assert "用户名和密码对不上" in page
    assert 'value="secretary"' in page
    assert "用户名和密码对不上" in stranger


def test_logging_in_never_leads_to_another_site(cast: Cast) -> None:
    typed = {"username": "secretary", "password": PASSWORD, "next": "https://elsewhere.example/"}

    assert Client().post("/log-in/", typed).headers["Location"].startswith("/")


def test_an_unknown_address_is_answered_in_words(cast: Cast, visit: Visit) -> None:
    answer = visit(cast.officer).get("/no-such-page/")

    assert answer.status_code == 404
    assert "没有您能看的内容" in answer.content.decode()


def test_a_form_without_its_token_is_refused_in_words(cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post("/log-in/", {"username": "secretary", "password": PASSWORD}, headers={"Accept": "text/html"})

    assert answer.status_code == 403
    assert "没有保存" in answer.content.decode()


def test_a_program_that_says_nothing_of_what_it_takes_is_refused_in_data(cast: Cast) -> None:
    answer = Client(enforce_csrf_checks=True).post("/log-in/", {"username": "secretary", "password": PASSWORD})

    assert (answer.status_code, answer.headers["Content-Type"]) == (403, "application/json")


@pytest.mark.parametrize("address", PAGES)
def test_a_first_visit_weighs_less_than_150_kilobytes(cast: Cast, visit: Visit, address: str) -> None:
    page = visit(cast.officer).get(address).content
    files = {
        found for name in re.findall(rb'(?:href|src)="/static/([^"#]+)', page) if (found := finders.find(name.decode()))
    }
    weight = len(gzip.compress(page)) + sum(len(gzip.compress(Path(file).read_bytes())) for file in files)

    assert len(files) >= 4
    assert weight < 150_000


@pytest.mark.parametrize("address", PAGES)
def test_nothing_is_loaded_from_another_host(cast: Cast, visit: Visit, address: str) -> None:
    page = visit(cast.officer).get(address).content.decode()

    assert re.findall(r'(?:href|src)="(?:https?:)?//[^"]*', page) == []


def test_a_day_of_another_year_is_named_with_its_year(cast: Cast, visit: Visit) -> None:
    last_year = timezone.localdate().year - 1
    page = strip_tags(visit(cast.officer).get(f"/units/SQ01/?as_of={last_year}-12-20").content.decode())

    assert f"截至 {last_year}年12月20日" in page
    assert f"本页显示的是{last_year}年12月20日" in page


def test_today_is_named_without_its_year(cast: Cast, visit: Visit) -> None:
    today = timezone.localdate()

    assert f"截至 {today.month}月{today.day}日" in strip_tags(visit(cast.officer).get("/units/SQ01/").content.decode())


def read_search(page: str) -> str:
    found = re.search(r'<form class="top-search.*?</form>', page, re.DOTALL)
    assert found
    return found[0]


def test_every_page_has_a_search_for_units_that_keeps_the_day(cast: Cast, visit: Visit) -> None:
    client = visit(cast.officer)

    past = read_search(client.get("/standings/?as_of=2026-03-20").content.decode())
    form = read_search(client.get("/roster/").content.decode())

    assert 'action="/units/"' in past
    assert 'method="get"' in past
    assert 'name="as_of" value="2026-03-20"' in past
    assert "as_of" not in form


def test_the_search_of_the_top_finds_by_name_and_shows_the_day_it_was_asked_from(cast: Cast, visit: Visit) -> None:
    page = visit(cast.officer).get("/units/?as_of=2026-03-20&words=柳湾").content.decode()

    assert "/units/SQ0101/?as_of=2026-03-20" in page
    assert "top-search" not in Client().get("/log-in/").content.decode()


def test_a_unit_in_the_roster_and_how_it_stands_lead_to_each_other(cast: Cast, visit: Visit) -> None:
    client = visit(cast.officer)

    assert "/units/SQ0101/standing/?as_of=2026-03-20" in client.get("/units/SQ0101/?as_of=2026-03-20").content.decode()
    standing = client.get("/units/SQ0101/standing/?as_of=2026-03-20").content.decode()
    assert re.search(r'href="/units/SQ0101/\?as_of=2026-03-20">[^<]*花名册', standing)


@pytest.mark.parametrize("address", ["/today/", "/standings/", "/today/work/", "/me/"])
def test_whoever_sets_the_site_up_is_led_to_the_roster_from_every_page(db: None, visit: Visit, address: str) -> None:
    first = User.objects.create_superuser("first", password=PASSWORD)

    page = visit(first).get(address).content.decode()

    assert "还没有任何单位。请导入花名册" in page
    assert 'href="/roster/"' in page


@pytest.mark.parametrize("address", ["/today/", "/standings/", "/today/work/", "/me/"])
def test_somebody_without_a_post_is_told_whom_to_ask(cast: Cast, visit: Visit, address: str) -> None:
    page = visit(cast.nobody).get(address).content.decode()

    assert "请本单位的专干给您设岗" in page
    assert "/roster/" not in page


@pytest.mark.parametrize("name", ["nobody", "supervisor"])
def test_who_cannot_record_is_told_why(cast: Cast, visit: Visit, name: str) -> None:
    answer = visit(cast.people[name]).get("/records/new/")

    assert answer.status_code == 403
    assert "不能记录" in answer.content.decode()


def test_on_a_phone_me_leads_to_the_rooms_that_the_tabs_have_no_place_for(cast: Cast, visit: Visit) -> None:
    page = visit(cast.officer).get("/me/").content.decode()

    rows = re.findall(r'<li class="phone-only"><a href="([^"]+)"><span><svg', page)
    assert {"/today/", "/plans/", "/standings/", "/units/"} <= set(rows)


def test_the_day_of_an_instant_is_that_of_the_place() -> None:
    """23:30 of the 20th in Greenwich is the 21st here."""
    template = Template("{% load wuzha %}{% full_day at %}")
    assert "2026年3月21日" in template.render(Context({"at": datetime(2026, 3, 20, 23, 30, tzinfo=UTC)}))
