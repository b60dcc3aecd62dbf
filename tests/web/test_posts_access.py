"""What a post opens: its area and its line, its role, its days; and who stands in for whom."""

import re
from datetime import date, timedelta
from itertools import product

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.cast import FAST, Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter, issue_plan, make_record
from tests.web.things import ADDRESSES, read_text, things
from wuzha.core.base.unit import LATEST, LINES
from wuzha.web.accounts.access import (
    find_home,
    find_token,
    get_token_unit,
    has_power,
    is_whole,
    list_managed_units,
    list_posts,
    list_posts_over,
    list_visible_units,
    opens_unit,
)
from wuzha.web.accounts.actions import make_token
from wuzha.web.accounts.models import Post, Unit, User
from wuzha.web.accounts.roles import ASKED, MAY, NARROW, Power, find_asked, list_roles
from wuzha.web.campaign import access
from wuzha.web.campaign.actions.door import Result
from wuzha.web.campaign.actions.intake import take_in_records
from wuzha.web.campaign.models import PlanVersion

__all__ = ("things",)
DAY = timedelta(days=1)
PAST = date(2026, 3, 20)
SCHOOL_DUTY = """
  - {id: lesson, who: {kind: school}, do: talk, at_least: 1, every: semester}
"""
HIDDEN = ("柳湾村", "东社区", "河口镇", "渡头村", "青石派出所")


@pytest.fixture
def today() -> date:
    return timezone.localdate()


def appoint(name: str, unit: Unit, role: str = Post.Role.OFFICER, **more: object) -> User:
    user = User.objects.create(username=name, display_name=name, password=FAST)
    Post.objects.create(user=user, unit=unit, role=role, **more)
    return user


def list_codes(user: User, on: date) -> list[str]:
    return [unit.code for unit in list_visible_units(user, on)]


# --- the line ---


def test_a_post_of_a_line_opens_the_units_of_that_line_and_nothing_else(cast: Cast, today: date) -> None:
    assert list_codes(cast.line_officer, today) == ["SQ01S1"]
    assert find_home(cast.line_officer, today) is None
    assert has_power(cast.line_officer, cast.school, today, Power.MANAGE)
    assert not has_power(cast.line_officer, cast.county, today, *Power)
    assert not has_power(cast.line_officer, cast.village, today, *Power)


@pytest.mark.parametrize("line", ["", *LINES])
def test_a_condition_on_units_and_the_posts_over_a_unit_say_the_same(cast: Cast, today: date, line: str) -> None:
    for number, unit in enumerate(cast.units.values()):
        user = appoint(f"{line}{number}", unit, line=line)
        seen = set(Unit.objects.filter(opens_unit(Post.objects.select_related("unit").get(user=user))))
        assert seen == {one for one in cast.units.values() if list_posts_over(user, one, today).exists()}
        assert all(one.line == line or not line for one in seen)
        assert all(one.path.startswith(unit.path) for one in seen)


def test_a_unit_that_changes_its_line_leaves_the_sight_of_the_old_one_at_once(cast: Cast, today: date) -> None:
    Unit.objects.filter(pk=cast.school.pk).update(line="health")
    assert list_codes(cast.line_officer, today) == []
    assert not has_power(cast.line_officer, cast.school, today, Power.LOOK)
    Unit.objects.filter(pk=cast.bank.pk).update(line="education")
    assert list_codes(cast.line_officer, today) == ["SQ01B1"]


def test_the_line_that_a_page_of_an_earlier_day_shows_opens_nothing(cast: Cast, today: date) -> None:
    """Pages put the line of their day into the unit that they show."""
    cast.bank.line = "education"
    assert not has_power(cast.line_officer, cast.bank, today, Power.LOOK)
    cast.school.line = ""
    assert has_power(cast.line_officer, cast.school, today, Power.LOOK)


def test_what_is_summed_up_over_a_unit_is_not_shown_when_something_of_another_line_stands_below(
    cast: Cast, visit: Visit, today: date
) -> None:
    client = visit(cast.line_officer)
    assert client.get(reverse("campaign:standings", args=["SQ01S1"])).status_code == 200
    path = f"{cast.school.path}SHOP/"
    Unit.objects.create(code="SHOP", name="校内小卖部", kind="merchant", parent=cast.school, path=path)
    assert not is_whole(cast.line_officer, cast.school, today)
    for page in ("standings", "sites", "unit"):
        assert client.get(reverse(f"campaign:{page}", args=["SQ01S1"])).status_code == 404


@pytest.mark.usefixtures("things")
def test_a_post_of_a_line_learns_nothing_of_what_is_not_of_its_line(cast: Cast, visit: Visit) -> None:
    """Everything that the pages are asked for belongs to 青石镇 and its village."""
    client = visit(cast.line_officer)
    for name, values in ADDRESSES:
        for method in ("get", "post") if values else ("get",):
            answer = getattr(client, method)(reverse(name, kwargs=values), follow=True)
            assert not [word for word in HIDDEN if word in read_text(answer)], name


def test_the_tasks_of_who_looks_after_a_line_are_those_of_its_units(cast: Cast, visit: Visit) -> None:
    """Their post stands at the county, whose own tasks and whose villages are none of theirs."""
    issue_plan(cast)
    client = visit(cast.line_officer)

    for address in ("/today/work/?as_of=2026-03-20", "/today/work/?table=watches&format=csv"):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/lines/")
        body = client.get(address, follow=True).content.decode()
        assert "柳湾村" not in body


def test_who_has_a_post_of_a_line_beside_a_village_of_their_own_is_shown_the_village(cast: Cast, visit: Visit) -> None:
    Post.objects.create(user=cast.line_officer, unit=cast.village, role=Post.Role.SECRETARY)

    assert visit(cast.line_officer).get("/today/work/").context["units"] == [cast.village]


def test_a_post_of_a_line_reads_the_plans_that_bind_its_line(cast: Cast, visit: Visit, today: date) -> None:
    others = issue_plan(cast, title="只管村和社区的方案")
    ours = issue_plan(cast, more=SCHOOL_DUTY, title="也管学校的方案")
    seen = set(access.list_visible_plans(cast.line_officer, today))
    assert seen == {ours}
    client = visit(cast.line_officer)
    assert client.get(reverse("campaign:plan-review", args=[ours.pk])).status_code == 200
    assert client.get(reverse("campaign:plan-review", args=[others.pk])).status_code == 404
    # What the plan costs all its units together is no figure of one line.
    assert client.get(reverse("campaign:plan-burden", args=[ours.pk])).status_code == 404
    assert visit(cast.officer).get(reverse("campaign:plan-burden", args=[ours.pk])).status_code == 200


def test_records_come_in_through_a_post_of_a_line_for_its_units_alone(cast: Cast) -> None:
    now = timezone.now()
    sent = [make_record(unit, PAST) for unit in (cast.school, cast.village)]
    receipts = take_in_records(actor=cast.line_officer, records=sent, sent_at=now, now=now)
    assert [one.result for one in receipts] == [Result.SAVED, Result.REFUSED]


def test_the_ledger_and_its_export_hold_the_records_of_the_line_alone(cast: Cast, visit: Visit) -> None:
    enter(cast.officer, cast.school, PAST, note="校园宣讲")
    enter(cast.officer, cast.village, PAST, note="村头广播")
    client = visit(cast.line_officer)
    for page in ("records", "records-csv"):
        text = read_text(client.get(reverse(f"campaign:{page}")))
        assert "青石镇中心小学" in text
        assert "柳湾村" not in text


def test_two_posts_are_joined_area_by_area_and_line_by_line(cast: Cast, today: date) -> None:
    Post.objects.create(user=cast.line_officer, unit=cast.other_town, role=Post.Role.SECRETARY)
    assert list_codes(cast.line_officer, today) == ["SQ01S1", "SQ02", "SQ0201"]
    assert find_home(cast.line_officer, today) == cast.other_town
    assert not has_power(cast.line_officer, cast.other_town, today, Power.MANAGE)


def test_a_key_of_a_post_of_a_line_opens_no_more_than_the_post(cast: Cast, today: date) -> None:
    post = Post.objects.get(user=cast.line_officer)
    _, key = make_token(actor=cast.officer, post=post, name="教育系统", closes_on=today + DAY, now=timezone.now())
    token = find_token(key, today)
    assert token is not None
    assert get_token_unit(token.post, "SQ01S1") == cast.school
    program = Client(headers={"Authorization": f"Bearer {key}"})
    codes = ("SQ01S1", "SQ", "SQ01", "SQ0101")
    answers = [program.get("/api/v1/standings/", {"unit": code}).status_code for code in codes]
    assert answers == [200, 404, 404, 404]


# --- the role ---

COUNTY_PAGES = {
    "standings": "/standings/SQ/",
    "records": "/records/",
    "export": "/records/export.csv",
    "plans": "/plans/",
    "papers": "/papers/",
    "looks": "/looks/",
    "people": "/units/SQ/people/",
    "keys": "/units/SQ/keys/",
    "change": "/units/SQ/change/rename/",
    "roster": "/roster/",
    "unit": "/units/SQ/",
}
READING = {"standings", "records", "export", "plans", "papers", "unit"}
OPEN = {
    "officer": set(COUNTY_PAGES),
    "supervisor": READING | {"looks"},
    "reviewer": READING | {"looks"},
    "publisher": {"papers", "unit"},
    "analyst": {"standings", "plans", "unit"},
    "administrator": {"people", "keys", "change", "roster", "unit"},
}


def list_role_pages() -> list[tuple[str, str]]:
    return list(product(OPEN, COUNTY_PAGES))


@pytest.mark.parametrize(("who", "page"), list_role_pages())
def test_each_role_opens_its_pages_and_no_others(cast: Cast, visit: Visit, who: str, page: str) -> None:
    answer = visit(cast.people[who]).get(COUNTY_PAGES[page])
    assert (answer.status_code == 200) == (page in OPEN[who]), answer.status_code


@pytest.mark.parametrize("who", [*OPEN, "secretary"])
def test_officers_and_recorders_alone_record(cast: Cast, today: date, who: str) -> None:
    may = access.list_recording_units(cast.people[who], today).exists()
    assert may is (who in ("officer", "secretary"))
    assert list_managed_units(cast.people[who], today).exists() is (who == "officer")


@pytest.mark.parametrize(
    ("who", "first"),
    [("officer", "/today/"), ("analyst", "/today/"), ("publisher", "/papers/"), ("administrator", "/units/")],
)
def test_the_first_page_is_one_that_the_post_opens(cast: Cast, visit: Visit, who: str, first: str) -> None:
    answer = visit(cast.people[who]).get("/", follow=True)
    assert (answer.status_code, answer.redirect_chain[-1][0]) == (200, first)


def test_every_role_has_its_line_in_the_table_and_no_page_asks_for_what_nobody_has() -> None:
    assert set(MAY) == set(Post.Role.values)
    assert all(list_roles(power) for power in Power)
    assert find_asked("campaign:a-page-that-is-new") is Power.LOOK
    assert find_asked("accounts:me") is None
    assert all(name.startswith("campaign:") for name in ASKED)


def test_who_reads_no_records_finds_none_by_any_door(cast: Cast, visit: Visit, today: date) -> None:
    record = enter(cast.secretary, cast.village, PAST, note="村头广播")
    for name in ("publisher", "analyst", "administrator"):
        user = cast.people[name]
        assert not access.list_visible_records(user, today).exists()
        assert not access.list_visible_findings(user, today).exists()
        assert visit(user).get(reverse("campaign:record", args=[record.pk])).status_code == 403
        unit = visit(user).get("/units/SQ0101/standing/")
        assert unit.status_code == 403
    assert access.list_visible_records(cast.reviewer, today).exists()


def test_a_reviewer_reads_drafts_and_changes_none(cast: Cast, visit: Visit, today: date) -> None:
    plan = PlanVersion.objects.create(
        unit=cast.town, title="青石镇草稿", created_by=cast.town_officer, created_at=timezone.now()
    )
    assert plan in access.list_visible_plans(cast.reviewer, today)
    assert plan not in access.list_visible_plans(cast.supervisor, today)
    client = visit(cast.reviewer)
    assert client.get(reverse("campaign:plan-review", args=[plan.pk])).status_code == 200
    assert client.post(reverse("campaign:plan-discard", args=[plan.pk])).status_code == 403
    assert client.get(reverse("campaign:plan-issue", args=[plan.pk])).status_code == 403


def test_the_rooms_of_a_page_are_those_that_the_posts_open(cast: Cast, visit: Visit) -> None:
    text = visit(cast.administrator).get("/units/SQ/").content.decode()
    assert 'href="/records/"' not in text
    assert 'href="/units/"' in text
    assert 'href="/records/"' in visit(cast.officer).get("/units/SQ/").content.decode()


# --- the days, and deputies ---


@pytest.mark.parametrize(
    ("opens", "closes", "is_open"), [(-3, 3, True), (0, 1, True), (1, 9, False), (-9, 0, False), (-9, -1, False)]
)
def test_a_post_opens_on_its_days(cast: Cast, today: date, opens: int, closes: int, is_open: bool) -> None:
    user = appoint("timed", cast.town, opens_on=today + opens * DAY, closes_on=today + closes * DAY)
    assert bool(list_codes(user, today)) is is_open


def test_a_deputy_acts_as_the_one_for_whom_they_stand_in(cast: Cast, visit: Visit, today: date) -> None:
    assert list_codes(cast.deputy, today) == list_codes(cast.town_officer, today)
    assert visit(cast.deputy).get("/units/SQ01/people/").status_code == 200
    post = list_posts(cast.deputy, today).get()
    assert access.name_post(post) == "青石镇 · 专干（代青石镇平安办专干）"


@pytest.mark.parametrize("end", ["ended", "not begun"])
def test_a_deputy_is_in_force_only_while_the_post_they_stand_in_for_is(cast: Cast, today: date, end: str) -> None:
    deputed = Post.objects.filter(user=cast.town_officer)
    _, key = make_token(
        actor=cast.officer,
        post=Post.objects.get(user=cast.deputy),
        name="代理",
        closes_on=today + DAY,
        now=timezone.now(),
    )
    assert find_token(key, today) is not None
    deputed.update(**({"closes_on": today} if end == "ended" else {"opens_on": today + DAY}))
    assert list_codes(cast.deputy, today) == []
    assert find_token(key, today) is None


def test_the_page_of_a_line_adds_up_its_units_alone(cast: Cast, visit: Visit) -> None:
    plan = issue_plan(cast, more=SCHOOL_DUTY, title="也管学校的方案")
    post = Post.objects.get(user=cast.line_officer)
    client = visit(cast.line_officer)
    assert client.get("/today/").headers["Location"] == f"/lines/{post.pk}/"
    page = client.get(f"/lines/{post.pk}/?plan={plan.pk}").content.decode()
    assert "1 个单位" in page
    assert "青石镇中心小学" in page
    assert not [word for word in HIDDEN if word in page]
    assert client.get(f"/lines/{post.pk}/?plan=0").status_code == 404
    assert visit(cast.officer).get(f"/lines/{post.pk}/").status_code == 404


def test_the_pages_of_people_open_for_who_looks_after_them(cast: Cast, visit: Visit) -> None:
    post, client = Post.objects.get(user=cast.secretary), visit(cast.administrator)
    for page in ("deputy", "leave", "hand-over"):
        assert client.get(f"/units/SQ0101/people/{post.pk}/{page}/").status_code == 200
    assert client.get("/units/SQ0101/people/give/").status_code == 200
    assert "离岗" in client.get("/units/SQ0101/people/").content.decode()


# --- what somebody of one line is told ---


def test_somebody_of_a_line_finds_its_units_under_units(cast: Cast, visit: Visit, today: date) -> None:
    school = {"kind": "school", "line": "education", "parent": cast.other_town}
    for number, closes_on in ((1, LATEST), (2, today)):
        path = f"{cast.other_town.path}S{number}/"
        Unit.objects.create(code=f"S{number}", name=f"河口小学{number}", path=path, closes_on=closes_on, **school)
    page = visit(cast.line_officer).get("/units/").content.decode()
    assert "您能看到的单位有 2 个" in page
    assert "青石镇中心小学" in page
    assert "河口小学1" in page
    assert "河口小学2" not in page
    assert "您目前没有岗位" not in page
    file = visit(cast.line_officer).get("/units/", {"table": "units", "format": "csv"})
    assert "河口小学1" in read_text(file)
    assert "柳湾村" not in read_text(file)


@pytest.mark.parametrize("page", ["/supervision/", "/scores/", "/titles/", "/papers/monthly/", "/sites/"])
def test_somebody_of_a_line_is_not_told_that_they_hold_no_post(cast: Cast, visit: Visit, page: str) -> None:
    told = visit(cast.line_officer).get(page).content.decode()
    assert "您目前没有岗位" not in told
    assert "本条线的单位" in told


def test_a_line_without_units_says_what_will_stand_there(cast: Cast, visit: Visit) -> None:
    Unit.objects.filter(pk=cast.school.pk).update(line="")
    told = visit(cast.line_officer).get("/units/").content.decode()
    assert "您这个条线还没有单位" in told
    assert "您目前没有岗位" not in told


@pytest.mark.parametrize("page", ["/rounds/", "/records/new/"])
def test_no_unit_of_a_line_is_taken_for_ones_own(cast: Cast, visit: Visit, page: str) -> None:
    client = visit(cast.line_officer)
    alone = client.get(page, follow=True)
    assert "青石镇中心小学" in alone.content.decode()
    path = f"{cast.other_town.path}S1/"
    Unit.objects.create(code="S1", name="河口小学", kind="school", line="education", parent=cast.other_town, path=path)
    answer = client.get(page)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/units/")
    assert "请先选定单位" in client.get("/units/").content.decode()
    assert client.post(page).status_code in (302, 405)
    # Whoever has a unit of their own is asked nothing, whatever line they look after beside it.
    Post.objects.create(user=cast.line_officer, unit=cast.village, role=Post.Role.SECRETARY)
    assert "柳湾村" in client.get(page, follow=True).content.decode()
    assert visit(cast.supervisor).get(page).status_code == 403


def test_the_page_of_a_person_says_how_far_each_post_sees(cast: Cast, visit: Visit) -> None:
    def read(user: User) -> str:
        return visit(user).get("/me/").content.decode()

    assert "能看到本单位和它的全部下级" in read(cast.officer)
    for user in (cast.line_officer, appoint("line_analyst", cast.county, Post.Role.ANALYST, line="education")):
        assert "只能看到这个条线的单位" in read(user)
        assert "全部下级" not in read(user)
    for user in (cast.analyst, cast.publisher, cast.administrator):
        told = NARROW[Post.Role(user.posts.get().role)]
        assert f"能看到本单位和它的全部下级，{told}" in read(user)
        assert f"，{told}" not in read(cast.officer)


@pytest.mark.parametrize("who", ["officer", "secretary", "line_officer", "analyst", "publisher", "administrator"])
def test_the_pages_of_people_and_units_lead_nowhere_that_is_closed(cast: Cast, visit: Visit, who: str) -> None:
    client = visit(cast.people[who])
    code = "SQ01S1" if who == "line_officer" else cast.people[who].posts.get().unit.code
    links = {
        link
        for page in ("/me/", f"/units/{code}/")
        for link in re.findall(r'href="(/[^"#]*)"', client.get(page).content.decode().split("<main")[1])
    }
    closed = {link for link in links if client.get(link, follow=True).status_code in (403, 404)}
    assert not closed
    is_led = f"/units/{code}/standing/" in links
    assert is_led is (who in ("officer", "secretary", "line_officer"))
