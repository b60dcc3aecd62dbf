"""People and their posts: who may appoint, and what is written down about it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.cast import PASSWORD, Cast
from tests.web.conftest import Visit, mark_session
from wuzha.web.accounts import actions
from wuzha.web.accounts.models import AuditEntry, Post, User

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TYPED = {
    "display_name": "东社区网格员",
    "username": "east-grid",
    "password": "sunny-bridge-42",
    "role": "secretary",
    "opens_on": "2026-01-01",
    "last_day": "",
}


def list_audit() -> list[tuple[str, str, str]]:
    rows = AuditEntry.objects.order_by("id")
    return [(row.action, row.actor.username if row.actor else "", row.object_type) for row in rows]


def test_an_officer_appoints_a_person_who_can_log_in_at_once(cast: Cast, visit: Visit) -> None:
    answer = visit(cast.town_officer).post("/units/SQ0102/people/", TYPED, follow=True)

    assert "东社区网格员" in answer.content.decode()
    assert list_audit() == [
        ("user.created", "town_officer", "user"),
        ("post.appointed", "town_officer", "post"),
    ]
    browser = Client()
    browser.post("/log-in/", {"username": "east-grid", "password": "sunny-bridge-42"})
    assert browser.get("/units/SQ0102/").status_code == 200
    assert browser.get("/units/SQ0101/").status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("username", "secretary", "已有人用了"),
        ("password", "123", "密码"),
        ("last_day", "2025-12-31", "最后一天早于开始的一天"),
        ("display_name", "", "请填写姓名。"),
        ("role", "mayor", "mayor"),
    ],
)
def test_what_was_typed_wrongly_is_told_and_stays_typed(
    cast: Cast, visit: Visit, field: str, value: str, sentence: str
) -> None:
    page = visit(cast.officer).post("/units/SQ0102/people/", {**TYPED, field: value}).content.decode()

    assert sentence in page
    assert ("东社区网格员" in page) is (field != "display_name")
    assert not User.objects.filter(username="east-grid").exists()
    assert list_audit() == []


@pytest.mark.parametrize(
    ("who", "status"), [("secretary", 404), ("supervisor", 403), ("outsider", 404), ("nobody", 404)]
)
def test_only_an_officer_sees_and_changes_the_people_of_a_unit(cast: Cast, visit: Visit, who: str, status: int) -> None:
    browser = visit(cast.people[who])

    assert browser.get("/units/SQ0102/people/").status_code == status
    assert browser.post("/units/SQ0102/people/", TYPED).status_code == status
    assert not User.objects.filter(username="east-grid").exists()


def test_a_secretary_may_look_at_the_unit_but_not_at_its_people(cast: Cast, visit: Visit) -> None:
    assert visit(cast.secretary).get("/units/SQ0101/people/").status_code == 403


def test_a_post_that_is_ended_stays_on_the_list_and_opens_nothing(cast: Cast, visit: Visit) -> None:
    post = cast.secretary.posts.get()
    page = visit(cast.officer).post(f"/units/SQ0101/people/{post.pk}/end/", follow=True).content.decode()

    post.refresh_from_db()
    assert post.closes_on == timezone.localdate()
    assert "已结束" in page
    assert visit(cast.secretary).get("/units/SQ0101/").headers["Location"] == "/log-in/"
    assert list_audit() == [("post.ended", "officer", "post")]


def test_an_officer_does_not_end_their_own_post(cast: Cast, visit: Visit) -> None:
    post = cast.officer.posts.get()

    assert visit(cast.officer).post(f"/units/SQ/people/{post.pk}/end/").status_code == 403
    assert Post.objects.get(pk=post.pk).closes_on.year == 9999


def test_a_post_of_another_unit_cannot_be_ended_through_this_one(cast: Cast, visit: Visit) -> None:
    post = cast.outsider.posts.get()

    assert visit(cast.town_officer).post(f"/units/SQ01/people/{post.pk}/end/").status_code == 404


def test_a_new_password_is_taken_and_written_down_without_itself(cast: Cast, visit: Visit) -> None:
    typed = {"old_password": PASSWORD, "new_password1": "quiet-river-77", "new_password2": "quiet-river-77"}
    browser = visit(cast.secretary)
    page = browser.post("/me/password/", typed, follow=True).content.decode()

    assert "密码已修改" in page
    cast.secretary.refresh_from_db()
    assert cast.secretary.check_password("quiet-river-77")
    (entry,) = AuditEntry.objects.all()
    assert entry.action == "user.password-changed"
    assert "quiet-river" not in str(entry.details)


def test_a_wrong_old_password_changes_nothing(cast: Cast, visit: Visit) -> None:
    typed = {"old_password": "no", "new_password1": "quiet-river-77", "new_password2": "quiet-river-77"}
    visit(cast.secretary).post("/me/password/", typed)

    cast.secretary.refresh_from_db()
    assert cast.secretary.check_password(PASSWORD)
    assert list_audit() == [("proof.failed", "secretary", "user")]


def test_guessing_the_old_password_has_to_wait_and_the_right_one_too(cast: Cast, visit: Visit) -> None:
    browser, new = visit(cast.secretary), {"new_password1": "quiet-river-77", "new_password2": "quiet-river-77"}
    for _ in range(6):
        page = browser.post("/me/password/", {"old_password": "no", **new}).content.decode()
    assert "请过 1 分钟再试" in page
    assert "请过 1 分钟再试" in browser.post("/me/password/", {"old_password": PASSWORD, **new}).content.decode()
    assert [action for action, *_ in list_audit()] == ["proof.failed"] * 5
    cast.secretary.refresh_from_db()
    assert cast.secretary.check_password(PASSWORD)


def test_a_new_password_that_is_refused_is_no_wrong_proof(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.secretary)
    for _ in range(7):
        browser.post("/me/password/", {"old_password": PASSWORD, "new_password1": "short", "new_password2": "short"})
    typed = {"old_password": PASSWORD, "new_password1": "quiet-river-77", "new_password2": "quiet-river-77"}
    assert browser.post("/me/password/", typed).status_code == 302
    assert [action for action, *_ in list_audit()] == ["user.password-changed"]


def test_the_same_post_again_gets_new_days_and_is_not_doubled(cast: Cast) -> None:
    for closes_on in (date(2026, 9, 1), date(2027, 1, 1)):
        actions.appoint(
            actor=cast.officer,
            user=cast.nobody,
            unit=cast.village,
            role=Post.Role.SECRETARY,
            now=NOW,
            closes_on=closes_on,
        )

    assert [post.closes_on for post in cast.nobody.posts.all()] == [date(2027, 1, 1)]
    assert [action for action, *_ in list_audit()] == ["post.appointed", "post.appointed"]


def test_my_page_shows_my_posts_and_nobody_elses(cast: Cast, visit: Visit) -> None:
    page = visit(cast.secretary).get("/me/").content.decode()

    assert "柳湾村" in page
    assert "记录员" in page
    assert "您有 1 个岗位" in page
    assert "您目前没有岗位" in visit(cast.nobody).get("/me/").content.decode()


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("gk7-pwzmt", "至少要 10 个字符"),
        ("woaini1314520", "容易被猜到"),
        ("sq0101-gkv", "用户名、姓名或单位名称"),
        ("liuwancun-gkv", "用户名、姓名或单位名称"),
    ],
)
def test_a_new_password_that_would_be_guessed_is_refused_in_plain_words(
    cast: Cast, visit: Visit, password: str, said: str
) -> None:
    typed = {"old_password": PASSWORD, "new_password1": password, "new_password2": password}
    page = visit(cast.secretary).post("/me/password/", typed).content.decode()

    assert said in page
    cast.secretary.refresh_from_db()
    assert cast.secretary.check_password(PASSWORD)


def test_a_first_password_made_of_the_persons_own_name_is_refused(cast: Cast, visit: Visit) -> None:
    typed = TYPED | {"username": "lindong-grid", "password": "lindong-grid1"}
    page = visit(cast.officer).post(f"/units/{cast.village.code}/people/", typed).content.decode()

    assert "用户名、姓名或单位名称" in page
    assert not User.objects.filter(username="lindong-grid").exists()


def test_the_names_of_people_leave_as_a_file_only_after_a_fresh_proof(cast: Cast, visit: Visit) -> None:
    address = f"/units/{cast.village.code}/people/?format=csv"
    fresh = visit(cast.officer).get(address)
    assert fresh.headers["Content-Type"].startswith("text/csv")

    browser = Client(headers={"Accept": "text/html"})
    browser.force_login(cast.officer)
    mark_session(browser, cast.officer, timedelta(hours=1))
    asked = browser.get(address).content.decode()
    assert "请确认是您本人" in asked
    assert cast.secretary.display_name not in asked
    browser.post(address, {"proof-given": "GET", "proof-password": PASSWORD})
    assert browser.get(address).headers["Content-Type"].startswith("text/csv")
