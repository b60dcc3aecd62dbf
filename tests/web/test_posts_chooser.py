"""Somebody for a post is found by a part of their name and chosen; a hand-over shows what it hands on."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.web.cast import FAST, Cast
from tests.web.conftest import Visit
from tests.web.ledger import issue_plan
from wuzha.web.accounts.actions import make_token
from wuzha.web.accounts.models import Post, User
from wuzha.web.accounts.queries import MOST_PEOPLE
from wuzha.web.campaign.models import PlanVersion
from wuzha.web.campaign.queries.totals import forget_counts

DAY = timedelta(days=1)
PAGES = ("give/", "{}/hand-over/", "{}/deputy/")


@pytest.fixture
def today() -> date:
    return timezone.localdate()


def find_address(cast: Cast, page: str) -> str:
    return "/units/SQ0101/people/" + page.format(Post.objects.get(user=cast.secretary).pk)


def list_offered(text: str) -> list[str]:
    """The user names of the list, in its order."""
    return re.findall(r'type="radio" name="username" [^>]*value="([^"]*)"', text)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("words", "found"), [("督导员", "two_posts"), ("TWO_p", "two_posts"), (" 代理 ", "deputy")])
def test_somebody_is_found_by_a_part_of_their_name_or_user_name(
    cast: Cast, visit: Visit, page: str, words: str, found: str
) -> None:
    answer = visit(cast.town_officer).post(find_address(cast, page), {"words": words, "find": "1"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert list_offered(text) == [found]
    assert re.search(rf'value="{found}" checked', text), "the only one is marked"
    assert "青石镇" in text.split("chooser-one")[1].split("</label>")[0], "the posts stand beside the name"
    assert 'role="alert"' not in text
    assert f'value="{words}"' in text


def test_looking_for_somebody_keeps_what_was_typed_and_changes_nothing(cast: Cast, visit: Visit, today: date) -> None:
    typed = {
        "words": "督导",
        "find": "1",
        "role": "reviewer",
        "line": "education",
        "opens_on": "2026-1",
        "last_day": "x",
    }
    before = Post.objects.count()
    text = visit(cast.officer).post(find_address(cast, "give/"), typed).content.decode()
    assert '<option value="reviewer" selected>' in text
    assert '<option value="education" selected>' in text
    assert 'value="2026-1"' in text
    assert list_offered(text) == ["supervisor", "two_posts"]
    assert "checked" not in text
    assert Post.objects.count() == before


def test_whom_one_chose_stays_chosen_when_another_field_is_wrong(cast: Cast, visit: Visit, today: date) -> None:
    page = find_address(cast, "{}/hand-over/")
    sent = {"words": "没有这个人", "username": "two_posts", "on": (today - DAY).isoformat()}
    answer = visit(cast.town_officer).post(page, sent)
    assert answer.status_code == 422
    assert 'value="two_posts" checked' in answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_nobody_is_offered_whom_one_does_not_look_after(cast: Cast, visit: Visit, page: str) -> None:
    User.objects.filter(username="deputy").update(is_active=False)
    for words in ("", "员", "专干", "out", "河口"):
        text = visit(cast.town_officer).post(find_address(cast, page), {"words": words, "find": "1"}).content.decode()
        offered = list_offered(text)
        assert not {"outsider", "officer", "supervisor", "nobody", "deputy", "town_officer"} & set(offered)
        assert "渡头村" not in re.sub("渡头村网格员兼", "", text), "a post out of sight is not named"
        assert "two_posts" in offered or words != "员"
    # Who holds the post now is not offered for it.
    assert ("secretary" in list_offered(text)) is False


def test_without_words_those_of_the_unit_are_offered(cast: Cast, visit: Visit) -> None:
    colleague = User.objects.create(username="colleague", display_name="柳湾村会计", password=FAST)
    Post.objects.create(user=colleague, unit=cast.village, role=Post.Role.SECRETARY)
    text = visit(cast.town_officer).get(find_address(cast, "{}/deputy/")).content.decode()
    assert list_offered(text) == ["colleague"]
    assert "由谁代理" in text


@pytest.mark.parametrize("words", ["\0", "%", "_", "'", "没有这个人" * 40])
def test_odd_words_find_nobody_or_somebody_and_break_nothing(cast: Cast, visit: Visit, words: str) -> None:
    answer = visit(cast.officer).post(find_address(cast, "give/"), {"words": words, "find": "1"})
    assert answer.status_code == 200
    offered = list_offered(answer.content.decode())
    assert all(words.strip("\0") in one for one in offered)


def test_more_than_can_be_read_are_counted_and_asked_for_more_of_the_name(cast: Cast, visit: Visit) -> None:
    for number in range(MOST_PEOPLE + 3):
        person = User.objects.create(username=f"many{number}", display_name=f"网格员{number}", password=FAST)
        Post.objects.create(user=person, unit=cast.village, role=Post.Role.SECRETARY)
    text = visit(cast.town_officer).post(find_address(cast, "give/"), {"words": "many", "find": "1"}).content.decode()
    assert len(list_offered(text)) == MOST_PEOPLE
    assert "还有 3 人也符合" in text


def test_who_is_not_chosen_is_asked_for(cast: Cast, visit: Visit, today: date) -> None:
    answer = visit(cast.town_officer).post(
        find_address(cast, "{}/hand-over/"), {"words": "督导", "on": today.isoformat()}
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "请在这里选一个人" in text
    assert list_offered(text) == ["two_posts"]


# --- what is handed on ---


def test_a_hand_over_shows_what_it_hands_on_with_links_to_it(cast: Cast, visit: Visit, today: date) -> None:
    forget_counts()
    issue_plan(cast, today.year)
    draft = PlanVersion.objects.create(
        unit=cast.village, title="柳湾村草案", created_by=cast.officer, created_at=timezone.now()
    )
    post = Post.objects.get(user=cast.secretary)
    Post.objects.create(user=cast.two_posts, unit=post.unit, role=post.role, deputy_of=post)
    make_token(actor=cast.officer, post=post, name="网格系统", closes_on=today + 9 * DAY, now=timezone.now())
    client = visit(cast.town_officer)
    text = client.get(find_address(cast, "{}/hand-over/")).content.decode().split("<main")[1]
    links = re.findall(r'<li><a href="([^"]*)">([^<]*)</a>', text)
    titles = {title for _, title in links}
    assert {"柳湾村草案", "网格系统", "渡头村网格员兼青石镇督导员"} <= titles
    assert f"/plans/{draft.pk}/" in dict(links)
    assert any("/standings/SQ0101/" in href for href, _ in links), "the duties that are not done yet"
    assert all(client.get(href.replace("&amp;", "&")).status_code == 200 for href, _ in links)
    assert "随之结束的代理" in text


def test_who_may_not_open_what_is_handed_on_sees_how_much_it_is_and_not_what(
    cast: Cast, visit: Visit, today: date
) -> None:
    forget_counts()
    issue_plan(cast, today.year)
    PlanVersion.objects.create(
        unit=cast.village, title="柳湾村草案", created_by=cast.officer, created_at=timezone.now()
    )
    text = visit(cast.administrator).get(find_address(cast, "{}/hand-over/")).content.decode().split("<main")[1]
    assert re.search(r"方案草稿</dt><dd>1</dd>", text)
    assert "还没办完的任务" in text
    assert "柳湾村草案" not in text
    assert "<li><a" not in text


def test_a_hand_over_with_nothing_on_the_desk_says_so(cast: Cast, visit: Visit) -> None:
    text = visit(cast.town_officer).get(find_address(cast, "{}/hand-over/")).content.decode()
    assert "交接那天一并结束" not in text
    assert "随之结束的钥匙" not in text
    assert "接任的人从哪天起办事" in text
