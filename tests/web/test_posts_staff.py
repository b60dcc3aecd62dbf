"""Posts change hands: chosen, given, handed over, stood in for, left; and many people come in by a sheet."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from tests.web.cast import FAST, PASSWORD, Cast
from tests.web.conftest import Visit, mark_session
from tests.web.ledger import enter
from tests.web.test_phone_records import make_told, read_results, send
from tests.web.things import read_text
from wuzha.adapters.people_sheet import read_people, write_links, write_people_template
from wuzha.core.base.staff import COLUMNS, ROLES, Desk, PersonRow, check_people
from wuzha.core.base.unit import LATEST
from wuzha.web.accounts import invitations
from wuzha.web.accounts.access import find_token, list_posts, list_visible_units
from wuzha.web.accounts.actions import make_token
from wuzha.web.accounts.models import ApiToken, AuditEntry, Invitation, Post, User
from wuzha.web.accounts.staff_actions import EndedError, hand_over

DAY = timedelta(days=1)


@pytest.fixture
def today() -> date:
    return timezone.localdate()


def get_post(user: User) -> Post:
    return Post.objects.select_related("unit", "user").get(user=user)


# --- two posts ---


def test_a_person_with_two_posts_sees_both_or_the_one_they_chose(cast: Cast, visit: Visit) -> None:
    client = visit(cast.two_posts)
    town, village = "/standings/SQ01/", "/standings/SQ0201/"
    assert [client.get(page).status_code for page in (town, village)] == [200, 200]
    chosen = Post.objects.get(user=cast.two_posts, unit=cast.town)
    client.post("/me/post/", {"post": chosen.pk})
    assert [client.get(page).status_code for page in (town, village)] == [200, 404]
    assert "只按青石镇 · 督导员" in client.get(town).content.decode()
    # A supervisor records nothing, and the other post does not help while it is not chosen.
    assert read_results(send(client, make_told(unit="SQ0201"))) == ["refused"]
    client.post("/me/post/", {"post": ""})
    assert [client.get(page).status_code for page in (town, village)] == [200, 200]
    assert read_results(send(client, make_told(unit="SQ0201"))) == ["saved"]


def test_nobody_acts_as_the_post_of_another(cast: Cast, visit: Visit) -> None:
    client = visit(cast.two_posts)
    assert client.post("/me/post/", {"post": get_post(cast.officer).pk}).status_code == 404
    assert client.post("/me/post/", {"post": "x"}).status_code == 404
    assert client.get("/standings/SQ/").status_code == 404


def test_a_post_that_has_ended_does_not_stay_chosen(cast: Cast, visit: Visit, today: date) -> None:
    client, chosen = visit(cast.two_posts), Post.objects.filter(user=cast.two_posts, unit=cast.town)
    client.post("/me/post/", {"post": chosen.get().pk})
    chosen.update(closes_on=today)
    answer = client.get("/me/")
    assert "您刚才选用的岗位已经结束" in answer.content.decode()
    assert "post" not in client.session
    assert client.get("/standings/SQ01/").status_code == 404


# --- hand-over, deputies, leaving ---


def test_a_post_goes_to_another_person_with_what_is_under_work(cast: Cast, visit: Visit, today: date) -> None:
    post = get_post(cast.secretary)
    _, key = make_token(actor=cast.officer, post=post, name="网格系统", closes_on=today + 9 * DAY, now=timezone.now())
    cast.two_posts.posts.create(unit=cast.community, role=Post.Role.SECRETARY)
    address = f"/units/SQ0101/people/{post.pk}/hand-over/"
    client = visit(cast.town_officer)
    assert "随之结束的钥匙" in client.get(address).content.decode()
    answer = client.post(address, {"username": "two_posts", "on": today.isoformat()})
    assert answer.status_code == 302
    assert not list_posts(cast.secretary, today).exists()
    new = Post.objects.get(user=cast.two_posts, unit=cast.village)
    assert (new.role, new.opens_on, new.closes_on) == (Post.Role.SECRETARY, today, LATEST)
    assert find_token(key, today) is None
    entry = AuditEntry.objects.get(action="post.handed-over")
    assert (entry.actor, entry.details["to"], entry.details["left"]) == (cast.town_officer, "two_posts", {"keys": 1})


@pytest.mark.parametrize(
    ("who", "to", "status"),
    [
        ("town_officer", ("secretary", 0), 422),
        ("town_officer", ("outsider", 0), 422),
        ("town_officer", ("nobody", 0), 422),
        ("town_officer", ("two_posts", -1), 422),
        ("secretary", ("two_posts", 0), 403),
        ("supervisor", ("two_posts", 0), 403),
        ("outsider", ("two_posts", 0), 404),
    ],
)
def test_a_post_goes_to_nobody_else_and_by_nobody_else(
    cast: Cast, visit: Visit, today: date, who: str, to: tuple[str, int], status: int
) -> None:
    username, day = to
    post = get_post(cast.secretary)
    address = f"/units/SQ0101/people/{post.pk}/hand-over/"
    answer = visit(cast.people[who]).post(address, {"username": username, "on": (today + day * DAY).isoformat()})
    assert answer.status_code == status
    assert get_post(cast.secretary).closes_on == LATEST


def test_of_two_who_hand_a_post_over_at_once_one_is_told_that_it_is_gone(cast: Cast, today: date) -> None:
    post, now = get_post(cast.secretary), timezone.now()
    hand_over(actor=cast.officer, post=post, user=cast.two_posts, on=today, now=now, left={})
    with pytest.raises(EndedError):
        hand_over(actor=cast.town_officer, post=post, user=cast.deputy, on=today, now=now, left={})
    assert not Post.objects.filter(user=cast.deputy, unit=cast.village).exists()


def test_a_deputy_is_named_for_some_days_and_the_log_says_for_whom_they_act(
    cast: Cast, visit: Visit, today: date
) -> None:
    post = get_post(cast.secretary)
    cast.two_posts.posts.filter(unit=cast.other_town).delete()
    days = {"opens_on": today.isoformat(), "last_day": today.isoformat()}
    answer = visit(cast.town_officer).post(f"/units/SQ0101/people/{post.pk}/deputy/", {"username": "two_posts", **days})
    assert answer.status_code == 302
    made = Post.objects.get(deputy_of=post)
    assert (made.user, made.unit, made.role, made.closes_on) == (cast.two_posts, cast.village, post.role, today + DAY)
    client = visit(cast.two_posts)
    client.post("/me/post/", {"post": made.pk})
    assert read_results(send(client, make_told())) == ["saved"]
    assert AuditEntry.objects.get(action="record.added").details["deputy_for"] == ["SQ0101 secretary secretary"]


def test_whoever_stands_in_is_shown_as_ended_with_the_post_they_stood_in_for(
    cast: Cast, visit: Visit, today: date
) -> None:
    deputised = get_post(cast.town_officer)
    client = visit(cast.officer)

    def read_row() -> str:
        return client.get("/units/SQ01/people/").content.decode().split("青石镇代理专干")[1].split("</tr>")[0]

    assert "在任" in read_row()
    client.post(f"/units/SQ01/people/{deputised.pk}/end/")
    assert "已结束" in read_row()
    assert "在任" not in read_row()
    file = read_text(client.get("/units/SQ01/people/", {"table": "posts", "format": "csv"}))
    assert today.isoformat() in next(line for line in file.splitlines() if "青石镇代理专干" in line)


def test_a_deputy_has_no_deputy_and_does_not_hand_over(cast: Cast, visit: Visit, today: date) -> None:
    post = get_post(cast.deputy)
    days = {"username": "two_posts", "opens_on": today.isoformat(), "on": today.isoformat()}
    for page in ("deputy", "hand-over"):
        assert visit(cast.officer).post(f"/units/SQ01/people/{post.pk}/{page}/", days).status_code == 404


def test_who_leaves_is_logged_out_at_once_and_told_why(cast: Cast, visit: Visit, today: date) -> None:
    client = visit(cast.secretary)
    assert client.get("/today/work/").status_code == 200
    enter(cast.secretary, cast.village, today)
    Post.objects.filter(user=cast.secretary).update(closes_on=today)
    # A form that was open: nothing of it is taken in, and the person is led out.
    answer = client.post("/records/new/?unit=SQ0101&kind=rally", {"note": "x"}, follow=True)
    assert answer.redirect_chain[0][0] == "/log-in/"
    assert "您的岗位都已结束" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_phone_is_told_in_plain_words_and_keeps_what_waits(cast: Cast, visit: Visit, today: date) -> None:
    client = visit(cast.secretary)
    Post.objects.filter(user=cast.secretary).update(closes_on=today)
    told = client.get("/phone/state/")
    assert (told.status_code, told.json()["left"]) == (401, True)
    assert "等待发送的都还在" in told.json()["text"]
    # The sending itself is refused record by record, as ever: the phone keeps what was refused.
    assert read_results(send(client, make_told())) == ["refused"]


def test_who_never_had_a_post_stays_logged_in(cast: Cast, visit: Visit) -> None:
    assert visit(cast.nobody).get("/me/").status_code == 200


def test_closing_an_account_ends_every_post_and_key(cast: Cast, visit: Visit, today: date) -> None:
    post = get_post(cast.secretary)
    _, key = make_token(actor=cast.officer, post=post, name="网格系统", closes_on=today + DAY, now=timezone.now())
    visit(cast.town_officer).post(f"/units/SQ0101/people/{post.pk}/leave/")
    assert find_token(key, today) is None
    assert not User.objects.get(pk=cast.secretary.pk).is_active
    assert not Client().login(username="secretary", password=PASSWORD)
    assert AuditEntry.objects.filter(action="user.closed", actor=cast.town_officer).exists()


def test_nobody_closes_an_account_or_renews_a_link_beyond_their_own_people(cast: Cast, visit: Visit) -> None:
    """The supervisor of 青石镇 holds a post in another town, too."""
    post = Post.objects.get(user=cast.two_posts, unit=cast.town)
    for page in ("leave", "link"):
        address = f"/units/SQ01/people/{post.pk}/{page}/"
        assert visit(cast.town_officer).post(address).status_code == 403
        assert visit(cast.two_posts).post(address).status_code == 403
    assert not Invitation.objects.exists()
    assert visit(cast.administrator).post(f"/units/SQ01/people/{post.pk}/link/").status_code == 200


@pytest.mark.parametrize(
    ("who", "given", "status"),
    [
        ("administrator", ("SQ", "admin", ""), 302),
        ("officer", ("SQ", "admin", ""), 302),
        ("town_officer", ("SQ01", "admin", ""), 422),
        ("town_officer", ("SQ01", "reviewer", ""), 302),
        ("line_officer", ("SQ01S1", "secretary", "education"), 302),
        ("line_officer", ("SQ01S1", "secretary", ""), 422),
        ("line_officer", ("SQ01S1", "admin", "education"), 422),
        ("reviewer", ("SQ01", "reviewer", ""), 403),
    ],
)
def test_nobody_gives_more_than_what_is_theirs(
    cast: Cast, visit: Visit, who: str, given: tuple[str, str, str], status: int
) -> None:
    unit, role, line = given
    typed = {"display_name": "新人", "username": "new", "password": PASSWORD, "role": role, "line": line}
    days = {"opens_on": timezone.localdate().isoformat(), "last_day": ""}
    answer = visit(cast.people[who]).post(f"/units/{unit}/people/", typed | days)
    assert answer.status_code == (200 if status == 422 else status)
    assert User.objects.filter(username="new").exists() is (status == 302)


def test_one_more_post_goes_to_somebody_who_is_here(cast: Cast, visit: Visit, today: date) -> None:
    typed = {"username": "secretary", "role": "secretary", "line": "", "opens_on": today.isoformat(), "last_day": ""}
    assert visit(cast.town_officer).post("/units/SQ0102/people/give/", typed).status_code == 302
    assert {unit.code for unit in list_visible_units(cast.secretary, today)} == {"SQ0101", "SQ0102"}


def test_nobody_ends_a_post_or_makes_a_key_for_one_that_they_could_not_give(
    cast: Cast, visit: Visit, today: date
) -> None:
    """A post of the school in every line, and an administrator's in the town."""
    head, keeper = (User.objects.create(username=name, display_name=name, password=FAST) for name in ("head", "keeper"))
    posts = {
        "line_officer": Post.objects.create(user=head, unit=cast.school, role="secretary"),
        "town_officer": Post.objects.create(user=keeper, unit=cast.town, role="admin"),
    }
    days = {"name": "县里的程序", "last_day": today.isoformat()}
    for who, post in posts.items():
        client, people = visit(cast.people[who]), f"/units/{post.unit.code}/people/"
        assert client.post(f"{people}{post.pk}/end/").status_code == 403
        assert f"{people}{post.pk}/end/" not in client.get(people).content.decode()
        keys = f"/units/{post.unit.code}/keys/"
        assert client.post(keys, days | {"post": post.pk}).status_code == 422
        assert not ApiToken.objects.exists()
        token, _key = make_token(actor=post.user, post=post, name="x", closes_on=LATEST, now=timezone.now())
        assert client.post(f"{keys}{token.pk}/withdraw/").status_code == 403
        assert f"{keys}{token.pk}/withdraw/" not in client.get(keys).content.decode()
        assert visit(cast.administrator).post(f"{keys}{token.pk}/withdraw/").status_code == 302
        assert f"{people}{post.pk}/end/" in visit(cast.administrator).get(people).content.decode()
        assert visit(cast.administrator).post(f"{people}{post.pk}/end/").status_code == 302
        token.delete()


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("people/{post}/link/", {}),
        ("people/{post}/leave/", {}),
        ("people/{post}/deputy/", {"username": "town_officer", "last_day": "2099-01-01"}),
        ("people/{post}/hand-over/", {"username": "town_officer"}),
        ("people/give/", {"username": "town_officer", "role": "secretary", "line": ""}),
        ("people/", {"display_name": "新人", "username": "new", "password": PASSWORD, "role": "officer", "line": ""}),
        ("keys/", {"name": "县里的程序", "last_day": "2099-01-01", "post": "{post}"}),
    ],
)
def test_whoever_found_an_open_session_gives_no_access_to_anybody(
    cast: Cast, today: date, address: str, typed: dict[str, str]
) -> None:
    """The officer has logged in an hour ago, and went for lunch. With the password what was asked for is done."""
    client, post = Client(headers={"Accept": "text/html"}), get_post(cast.secretary)
    client.force_login(cast.officer)
    mark_session(client, cast.officer, timedelta(hours=1))
    address = f"/units/SQ0101/{address.format(post=post.pk)}"
    told = {name: value.format(post=post.pk) for name, value in typed.items()} | {"on": today.isoformat()}
    told |= {"opens_on": today.isoformat()}

    def count() -> tuple[int, int, int, int]:
        open_posts = Post.objects.filter(closes_on__gt=today).count()
        return Invitation.objects.count(), User.objects.count(), ApiToken.objects.count(), open_posts

    before, handed = count(), Post.objects.filter(unit=cast.village, user=cast.town_officer)
    assert "请确认是您本人" in client.post(address, told).content.decode()
    assert count() == before
    assert not handed.exists()
    proof = {"proof-given": "POST", "proof-password": PASSWORD}
    assert client.post(address, told | proof).status_code in (200, 302)
    assert count() != before or handed.exists()


def test_the_links_of_a_sheet_are_handed_out_after_a_fresh_proof(cast: Cast) -> None:
    client = Client(headers={"Accept": "text/html"})
    client.force_login(cast.town_officer)
    mark_session(client, cast.town_officer, timedelta(hours=1))
    seen = {"seen": read_seen(upload(client, make_row(1)))}
    assert "请确认是您本人" in client.post("/people/import/confirm/", seen).content.decode()
    assert not User.objects.filter(username="new1").exists()


@pytest.mark.parametrize("who", ["holder", "below", "gone"])
def test_who_stands_in_never_takes_over_an_account_nor_ends_one(
    cast: Cast, visit: Visit, today: date, who: str
) -> None:
    """The account of the very officer they stand in for, one of a village below, and one without any post by now."""
    gone = User.objects.create(username="gone", display_name="gone", password=FAST)
    Post.objects.create(user=gone, unit=cast.village, role="secretary", opens_on=today - 9 * DAY, closes_on=today)
    person = {"holder": cast.town_officer, "below": cast.secretary, "gone": gone}[who]
    post, before = get_post(person), list(Post.objects.order_by("pk").values())
    client, people = visit(cast.deputy), f"/units/{post.unit.code}/people/"
    # The pages are there for them: they see who works where.
    assert client.get(people).status_code == 200
    for page in ("link", "leave", "second-step", "end"):
        assert client.post(f"{people}{post.pk}/{page}/", {"reason": "x"}).status_code in (403, 404), page
    assert client.post(f"/units/{post.unit.code}/keys/", {"name": "x", "post": post.pk}).status_code == 422
    person.refresh_from_db()
    assert person.is_active
    assert not Invitation.objects.exists()
    assert not ApiToken.objects.exists()
    assert list(Post.objects.order_by("pk").values()) == before
    # Whoever holds a post above is not held back.
    assert visit(cast.officer).post(f"{people}{post.pk}/link/").status_code == 200


def test_who_stands_in_leaves_no_post_behind_that_outlasts_them(cast: Cast, visit: Visit, today: date) -> None:
    client, before = visit(cast.deputy), Post.objects.count()
    given = {"role": "officer", "line": "", "opens_on": today.isoformat(), "last_day": ""}
    new = given | {"display_name": "新人", "username": "new", "password": PASSWORD}
    assert client.post("/units/SQ01/people/", new).status_code == 200
    assert client.post("/units/SQ01/people/give/", given | {"username": "secretary"}).status_code == 422
    village = get_post(cast.secretary)
    for page in ("deputy", "hand-over"):
        assert client.post(f"/units/SQ0101/people/{village.pk}/{page}/", given).status_code == 403
    assert 'name="seen"' not in upload(client, make_row(1)).content.decode()
    assert Post.objects.count() == before


# --- a sheet of people, and links ---


def write_sheet(*rows: dict[str, str]) -> bytes:
    book = Workbook()
    sheet: Any = book.active
    sheet.append(list(COLUMNS.values()))
    for row in rows:
        sheet.append([row.get(name, "") for name in COLUMNS])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def upload(client: Client, *rows: dict[str, str]) -> Any:
    file = SimpleUploadedFile("人员.xlsx", write_sheet(*rows))
    return client.post("/people/import/", {"file": file}, follow=True)


def make_row(number: int, **told: str) -> dict[str, str]:
    return {"name": f"新人{number}", "username": f"new{number}", "unit": "SQ0101", "role": "记录员"} | told


def read_seen(answer: Any) -> str:
    return str(answer.content.decode().split('name="seen" value="')[1].split('"')[0])


def test_hundreds_of_people_come_in_by_one_sheet_with_a_link_each(cast: Cast, visit: Visit, today: date) -> None:
    client = visit(cast.administrator)
    rows = [make_row(number) for number in range(300)]
    rows[7] |= {"unit": "SQ", "role": "专干", "line": "教育", "opens_on": "2027-01-01", "last_day": "2027-12-31"}
    shown = upload(client, *rows)
    assert "将给 300 人建账号" in shown.content.decode()
    assert not User.objects.filter(username="new1").exists()
    answer = client.post("/people/import/confirm/", {"seen": read_seen(shown), "sheet": "1"})
    sheet: Any = load_workbook(io.BytesIO(answer.content)).active
    links = [row[3] for row in sheet.iter_rows(min_row=2, max_row=301, values_only=True)]
    assert len(set(links)) == 300
    assert answer.headers["Cache-Control"] == "no-store"
    post = Post.objects.get(user__username="new7")
    assert (post.line, post.opens_on, post.closes_on) == ("education", date(2027, 1, 1), date(2028, 1, 1))
    assert Invitation.objects.count() == 300
    assert not any(row.digest in link for row, link in zip(Invitation.objects.all(), links, strict=False))
    # The sheet is gone with its confirmation, and is not taken in twice.
    assert client.post("/people/import/confirm/", {"seen": read_seen(shown)}).status_code == 404
    check_link(links[0], "new0")


def check_link(link: str, username: str) -> None:
    """The link sets the password, once."""
    client, words = Client(), {"new_password1": "天上的云慢慢走过石桥", "new_password2": "天上的云慢慢走过石桥"}
    assert username in client.get(link).content.decode()
    assert client.post(link, words | {"new_password2": "x"}).status_code == 422
    assert client.post(link, {"new_password1": "123", "new_password2": "123"}).status_code == 422
    assert client.post(link, words).status_code == 302
    assert Client().login(username=username, password="天上的云慢慢走过石桥")
    again = client.post(link, {"new_password1": "另外一个很长的密码", "new_password2": "另外一个很长的密码"})
    assert again.status_code == 410
    assert "链接已经用过" in again.content.decode()
    assert not Client().login(username=username, password="另外一个很长的密码")


def test_a_sheet_with_a_mistake_makes_nobody_and_names_each_row(cast: Cast, visit: Visit) -> None:
    client = visit(cast.town_officer)
    answer = upload(
        client,
        make_row(1),
        make_row(1),
        make_row(2, username="secretary"),
        make_row(3, unit="SQ0201"),
        make_row(4, role="村长"),
        make_row(5, role="管理员"),
        make_row(6, opens_on="明天"),
        make_row(7, name=""),
        make_row(8, opens_on="2026-05-01", last_day="2026-04-01"),
        make_row(9, username="has space"),
        make_row(10, unit="SQ9999", role="镇长", line="水利"),
    )
    text = answer.content.decode()
    for said in ("前面的行里已经写过", "已经有人用了", "您管理的单位里没有编码“SQ0201”", "没有“村长”这种岗位"):
        assert said in text
    for said in ("不能在这个单位任命“管理员”", "“明天”不是", "“姓名”没有填", "最后一天早于", "“has space”不能用"):
        assert said in text
    assert "第 3 行" in text
    # Of one row all is told at once, so that it is mended once.
    for said in ("没有编码“SQ9999”", "没有“镇长”这种岗位", "“水利”"):
        assert said in text
    assert client.post("/people/import/confirm/", {"seen": "x"}).status_code == 302
    assert not User.objects.filter(username__startswith="new").exists()


@pytest.mark.parametrize("content", [b"", b"not a book", write_sheet()])
def test_what_is_no_sheet_of_people_is_refused_with_a_sentence(cast: Cast, visit: Visit, content: bytes) -> None:
    client = visit(cast.administrator)
    answer = client.post("/people/import/", {"file": SimpleUploadedFile("x.xlsx", content)}, follow=True)
    assert "没有保存" in answer.content.decode()


def test_a_name_taken_since_the_preview_makes_nobody(cast: Cast, visit: Visit) -> None:
    client = visit(cast.administrator)
    shown = upload(client, make_row(1), make_row(2))
    User.objects.create(username="new2")
    answer = client.post("/people/import/confirm/", {"seen": read_seen(shown)}, follow=True)
    assert "已经有人用了" in answer.content.decode()
    assert not User.objects.filter(username="new1").exists()


@pytest.mark.parametrize("who", ["secretary", "reviewer", "analyst", "publisher", "supervisor", "nobody"])
def test_only_who_looks_after_people_brings_people_in(cast: Cast, visit: Visit, who: str) -> None:
    client = visit(cast.people[who])
    for page in ("", "preview/", "template.xlsx"):
        assert client.get(f"/people/import/{page}").status_code == 403
    assert client.post("/people/import/confirm/").status_code == 403


def test_a_link_that_is_old_replaced_closed_or_broken_says_what_to_do(cast: Cast) -> None:
    now, user = timezone.now(), cast.nobody
    first = invitations.invite(actor=cast.officer, user=user, now=now)
    second = invitations.invite(actor=cast.officer, user=user, now=now)
    find = invitations.find_invitation
    assert find(first, now) == (None, "replaced")
    assert find(second, now)[1] == ""
    assert find(second, now + timedelta(days=14))[1] == "expired"
    assert find(second + "x", now)[1] == find("", now)[1] == find("a:b", now)[1] == "unknown"
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert find(second, now)[1] == "closed"
    for link, said in ((first, "新的链接"), (second, "已经停用"), ("nothing", "链接不完整")):
        answer = Client().get(f"/welcome/{link}/")
        assert answer.status_code == 410
        assert said in answer.content.decode() or link == second


def test_what_was_typed_is_text_in_the_sheet_of_links() -> None:
    sheet: Any = load_workbook(io.BytesIO(write_links([("=1+1", "a", "b", "c")], "end"))).active
    cell = sheet["A2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_the_empty_sheet_reads_as_a_sheet_without_people() -> None:
    rows, problems = read_people("人员.xlsx", write_people_template())
    assert (rows, [problem.code for problem in problems]) == ((), ["people.empty"])


def test_the_words_of_the_sheet_are_those_of_the_table_of_roles() -> None:
    assert set(ROLES) == set(Post.Role.values)
    desk = Desk(date(2026, 1, 1), frozenset(), lambda unit, role, line: True)
    for role, word in ROLES.items():
        people, problems = check_people([PersonRow({"name": "甲", "username": "a", "unit": "SQ", "role": word})], desk)
        assert (problems, people[0].role, people[0].opens_on) == ((), role, date(2026, 1, 1))
