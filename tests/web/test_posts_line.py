"""What somebody of one line reads of scores, titles, monthly tables and burden: of the units of the line, no other."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from tests.web.cast import FAST, Cast
from tests.web.conftest import Visit
from tests.web.ledger import issue_plan
from wuzha.adapters.title_yaml import write_criteria
from wuzha.web.accounts.models import Post, Unit, User
from wuzha.web.campaign.models import DraftScorecard, Scorecard, TableCall, TitleCriteria, TitleProgram
from wuzha.web.campaign.queries.burden import forget_burdens
from wuzha.web.campaign.queries.scores import read_draft
from wuzha.web.campaign.queries.totals import forget_counts

SCHOOL_DUTY = """
  - {id: lesson, who: {kind: school}, do: talk, at_least: 1, every: month}
"""
HIDDEN = ("柳湾村", "东社区", "河口镇", "渡头村", "青石派出所", "石桥农商行", "河口中学")
SCHOOL = "青石镇中心小学"


@pytest.fixture
def now() -> datetime:
    forget_counts()
    forget_burdens()
    return timezone.now()


@pytest.fixture
def county(cast: Cast, now: datetime) -> Cast:
    """The county scores its schools, gives them a title and collects a table; one school is of another line."""
    today = timezone.localdate(now)
    path = f"{cast.other_town.path}SX/"
    Unit.objects.create(code="SX", name="河口中学", kind="school", line="police", parent=cast.other_town, path=path)
    plan = issue_plan(cast, today.year, more=SCHOOL_DUTY, title="也管学校的方案")
    make_card(cast, plan.pk, today, now)
    acts = {"created_by": cast.officer, "created_at": now}
    program = TitleProgram.objects.create(unit=cast.county, name="无诈校园", kinds=["school"], **acts)
    _, text = write_criteria(today.year, "石桥县")
    said = {"text": text, "title": "标准", "months": 3, "since": date(today.year, 1, 1)}
    TitleCriteria.objects.create(program=program, **said, made_by=cast.officer, made_at=now)
    asked = {"unit": cast.county, "version": plan, "month": f"{today:%Y-%m}", "due_on": today}
    TableCall.objects.create(**asked, given_as="石桥县", opened_by=cast.officer, opened_at=now)
    return cast


def make_card(cast: Cast, plan: int, today: date, now: datetime) -> None:
    item: dict[str, Any] = {"code": "lessons", "block": "work", "title": "课堂", "title_en": "Lessons", "points": 8}
    item["duties"] = {"id": ["lesson"]}
    content = {"title": "学校评分表", "from": f"{today.year}-01-01", "to": f"{today.year}-12-31", "points": 8}
    content |= {"items": [item], "blocks": {"work": ["工作", "Work"]}, "appeal_days": 10, "hear_days": 5}
    place = {"unit": cast.county, "plan_id": plan}
    acts = {"changed_by": cast.officer, "changed_at": now, "created_by": cast.officer, "created_at": now}
    text, card, problems = read_draft(DraftScorecard.objects.create(content=content, **place, **acts))
    assert card is not None, problems
    days = {"opens_on": card.period.opens, "last_on": card.period.last_day, "adopted_on": card.period.opens}
    rules = {"version": 1, "title": "学校评分表", "text": text, "digest": card.digest, "draft": UUID(int=2)}
    by = {"adopted_by": cast.officer, "adopted_as": "石桥县 · 专干", "adopted_at": now}
    Scorecard.objects.create(**place, **days, **rules, **by)


def read_line(cast: Cast, visit: Visit, user: User) -> str:
    post = Post.objects.get(user=user)
    answer = visit(user).get(f"/lines/{post.pk}/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_page_of_a_line_tells_of_scores_titles_tables_and_burden_of_its_units(county: Cast, visit: Visit) -> None:
    page = read_line(county, visit, county.line_officer)
    for part, told in (("scores-", "学校评分表"), ('titles"', "无诈校园"), ("month-", "县"), ('burden"', "学校")):
        section = page.split(f'<section id="{part}')[1].split("</section>")[0]
        assert told in section, part
        assert SCHOOL in section or part == 'burden"'


def test_nothing_outside_the_line_stands_on_its_page(county: Cast, visit: Visit) -> None:
    page = read_line(county, visit, county.line_officer)
    assert not [name for name in HIDDEN if name in page]
    assert 'href="/scores/' not in page.split("<main")[1]


def test_an_analyst_of_a_line_reads_the_standings_alone(county: Cast, visit: Visit) -> None:
    user = User.objects.create(username="line_analyst", display_name="教育分析员", password=FAST)
    Post.objects.create(user=user, unit=county.county, role=Post.Role.ANALYST, line="education")
    page = read_line(county, visit, user)
    assert SCHOOL in page
    assert "学校评分表" not in page
    assert "无诈校园" not in page


@pytest.mark.parametrize("page", ["/scores/", "/titles/", "/papers/monthly/"])
def test_the_rooms_of_whole_areas_lead_somebody_of_a_line_to_its_page(county: Cast, visit: Visit, page: str) -> None:
    client = visit(county.line_officer)
    told = client.get(page).content.decode().split("<main")[1]
    assert 'href="/standings/"' in told
    assert client.get("/standings/").headers["Location"].startswith("/lines/")


def test_the_page_of_a_line_says_where_one_is_and_which_room_it_is(county: Cast, visit: Visit) -> None:
    page = read_line(county, visit, county.line_officer)
    head = page.split("<main")[0]
    assert 'aria-current="location">教育</a>' in head
    assert 'href="/standings/" aria-current="page"' in head


def test_a_line_of_which_nobody_asks_anything_shows_no_empty_parts(cast: Cast, visit: Visit, now: datetime) -> None:
    page = read_line(cast, visit, cast.line_officer)
    assert '<section id="' not in page
