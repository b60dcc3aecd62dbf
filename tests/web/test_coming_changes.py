"""Changes of the tree entered ahead of their day: told, without any effect before it, made on it, or taken back."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import issue_plan
from wuzha.web.accounts import coming
from wuzha.web.accounts import tree_actions as actions
from wuzha.web.accounts.models import AuditEntry, ComingChange, Placement, Unit, UnitChange
from wuzha.web.accounts.queries import read_tree

TODAY = timezone.localdate()
DAY = TODAY + timedelta(days=40)
State = ComingChange.State


def find_noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def say(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def send(browser: Client, code: str, what: str, **typed: str) -> str:
    typed = {"happened_on": DAY.isoformat(), "reason": "区划调整", "source": "石政函〔2026〕30号"} | typed
    return browser.post(f"/units/{code}/change/{what}/", typed, follow=True).content.decode()


def read(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def list_columns() -> list[tuple[object, ...]]:
    return list(Unit.objects.values_list("code", "name", "kind", "line", "path", "parent__code", "closes_on"))


WAYS: tuple[tuple[str, dict[str, str], str], ...] = (
    ("move", {"parent": "SQ02"}, "起划归"),
    ("rename", {"name": "柳湾新村"}, "起改称柳湾新村"),
    ("recast", {"kind": "community", "line": ""}, "起改为社区"),
    ("merge", {"into": "SQ0102"}, "起并入"),
    ("split", {"parts": "SQ0111 柳湾东村\nSQ0112 柳湾西村"}, "起分设为柳湾东村、柳湾西村"),
    ("close", {}, "起撤销"),
)


@pytest.mark.parametrize(("what", "typed", "words"), WAYS, ids=[way[0] for way in WAYS])
def test_a_change_to_come_is_told_and_changes_nothing_until_its_day(
    cast: Cast, visit: Visit, what: str, typed: dict[str, str], words: str
) -> None:
    browser = visit(cast.officer)
    before = list_columns()
    send(browser, "SQ0101", what, **typed)

    told = f"{say(DAY)}{words}"
    for path in ("/units/SQ0101/", "/units/SQ01/", "/units/?words=柳湾", "/units/SQ0101/standing/"):
        assert told in read(browser, path).replace('<span class="nowrap">', "").replace("</span>", ""), path
    assert (list_columns(), Placement.objects.count(), UnitChange.objects.count()) == (before, 0, 0)
    assert coming.make_due_changes(find_noon(DAY - timedelta(days=1))) == 0
    assert list_columns() == before

    assert coming.make_due_changes(find_noon(DAY)) == 1
    assert list_columns() != before
    change = UnitChange.objects.get()
    assert (change.happened_on, change.made_by, change.source) == (DAY, cast.officer, "石政函〔2026〕30号")
    assert timezone.localdate(change.made_at) == TODAY, "it was entered then"
    assert told not in read(browser, "/units/SQ01/").replace('<span class="nowrap">', "").replace("</span>", "")
    assert coming.make_due_changes(find_noon(DAY)) == 0, "done twice it does nothing more"


def test_access_follows_on_the_day_and_not_before(cast: Cast, visit: Visit) -> None:
    send(visit(cast.officer), "SQ0101", "move", parent="SQ02")

    assert visit(cast.town_officer).get("/units/SQ0101/").status_code == 200
    assert visit(cast.outsider).get("/units/SQ0101/").status_code == 404
    coming.make_due_changes(find_noon(DAY))
    assert visit(cast.town_officer).get("/units/SQ0101/").status_code == 404
    assert visit(cast.outsider).get("/units/SQ0101/").status_code == 200
    tree = read_tree()
    assert [tree.at(day).by_code["SQ0101"].parent for day in (DAY - timedelta(1), DAY)] == ["SQ01", "SQ02"]


def test_the_first_request_of_a_day_makes_what_falls_on_it(cast: Cast, visit: Visit) -> None:
    entered = find_noon(TODAY - timedelta(days=9))
    ground = actions.Ground(TODAY - timedelta(days=3), "区划调整", "", cast.officer, entered)
    coming.announce_change(unit=cast.village, said=actions.Said("renamed", details={"name": "柳湾新村"}), ground=ground)

    assert "<h1>柳湾村</h1>" in read(visit(cast.officer), "/units/SQ0101/"), "the day has begun long ago"
    coming.note_day_begun(TODAY - timedelta(days=1))
    assert "<h1>柳湾新村</h1>" in read(visit(cast.officer), "/units/SQ0101/")
    assert "<h1>柳湾村</h1>" in read(visit(cast.officer), f"/units/SQ0101/?as_of={TODAY - timedelta(days=4)}")
    assert Placement.objects.get(name="柳湾新村").since == TODAY - timedelta(days=3), "not the day of the request"


def test_whoever_does_not_see_the_target_reads_its_name_only(cast: Cast, visit: Visit) -> None:
    send(visit(cast.officer), "SQ0101", "move", parent="SQ02")
    theirs = read(visit(cast.secretary), "/units/SQ0101/")

    assert "起划归 河口镇" in theirs.replace("</span>", "")
    assert "/units/SQ02/" not in theirs
    assert "撤回这条变动" not in theirs
    assert '<a href="/units/SQ02/">河口镇</a>' in read(visit(cast.officer), "/units/SQ0101/")
    target = read(visit(cast.outsider), "/units/SQ02/")
    assert "起划到这里的" in target
    assert "柳湾村" in target
    assert "/units/SQ0101/" not in target


def test_pages_of_days_before_it_was_entered_know_nothing_of_it(cast: Cast, visit: Visit) -> None:
    send(visit(cast.officer), "SQ0101", "rename", name="柳湾新村")

    assert "柳湾新村" not in read(visit(cast.officer), f"/units/SQ0101/?as_of={TODAY - timedelta(days=1)}")
    assert "柳湾新村" in read(visit(cast.officer), "/units/SQ0101/")


def test_figures_do_not_change_before_the_day(cast: Cast, visit: Visit) -> None:
    issue_plan(cast, TODAY.year)
    browser = visit(cast.officer)
    pages = ("/standings/SQ01/", "/standings/SQ02/", f"/standings/SQ01/?as_of={TODAY.year}-02-15")
    before = [read(browser, path).split("<tbody>")[1] for path in pages]
    send(browser, "SQ0101", "merge", into="SQ0102")
    send(browser, "SQ0201", "move", parent="SQ01")

    assert [read(browser, path).split("<tbody>")[1] for path in pages] == before


def test_it_can_be_taken_back_before_its_day_with_a_reason(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.officer)
    send(browser, "SQ0101", "merge", into="SQ0102")
    row = ComingChange.objects.get()
    address = f"/units/SQ0101/coming/{row.pk}/withdraw/"

    assert visit(cast.supervisor).post(address, {"reason": "不并了"}).status_code == 403
    assert visit(cast.outsider).post(address, {"reason": "不并了"}).status_code == 404
    browser.post(address, {"reason": ""})
    row.refresh_from_db()
    assert row.state == State.WAITING
    page = browser.post(address, {"reason": "上级暂缓"}, follow=True).content.decode()

    assert "上级暂缓" in page
    assert "起并入" not in page
    row.refresh_from_db()
    assert (row.state, row.settled_by, row.settled_because) == (State.WITHDRAWN, cast.officer, "上级暂缓")
    assert [entry.action for entry in AuditEntry.objects.filter(object_type="comingchange").order_by("id")] == [
        "unit-change.announced",
        "unit-change.withdrawn",
    ]
    assert coming.make_due_changes(find_noon(DAY)) == 0
    assert "不能再撤" in browser.post(address, {"reason": "再撤一次"}, follow=True).content.decode()
    assert not UnitChange.objects.exists()


def test_what_the_tree_no_longer_allows_is_told_and_stops_nothing_else(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.officer)
    send(browser, "SQ0101", "split", parts="SQ0111 柳湾东村\nSQ0112 柳湾西村")
    send(browser, "SQ0201", "rename", name="渡口村")
    Unit.objects.create(code="SQ0111", name="别的村", kind="village", parent=cast.town, path="SQ/SQ01/SQ0111/")

    assert coming.make_due_changes(find_noon(DAY)) == 1
    assert Unit.objects.get(code="SQ0201").name == "渡口村"
    assert Unit.objects.get(code="SQ0101").closes_on.year == 9999, "none of it was done"
    assert ComingChange.objects.get(unit=cast.village).state == State.FAILED
    assert AuditEntry.objects.filter(action="unit-change.failed").count() == 1
    assert "没能生效" in read(browser, "/units/SQ0101/")


def test_a_town_can_close_on_the_day_on_which_what_is_below_it_leaves(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.officer)
    assert "先把它们划走或撤销" in send(browser, "SQ02", "close")
    send(browser, "SQ0201", "move", parent="SQ01")
    send(browser, "SQ02", "close")

    assert coming.make_due_changes(find_noon(DAY)) == 2
    assert Unit.objects.get(code="SQ02").closes_on == DAY
    assert Unit.objects.get(code="SQ0201").path == "SQ/SQ01/SQ0201/"


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        (("merge", {"into": "SQ0102"}), ("rename", {"name": "柳湾新村"}), "先撤回那一条"),
        (("merge", {"into": "SQ0102"}), ("close", {"happened_on": TODAY.isoformat()}), "先撤回那一条"),
        (("rename", {"name": "柳湾新村"}), ("close", {"happened_on": TODAY.isoformat()}), "先撤回那一条"),
    ],
)
def test_two_changes_that_cannot_both_be_are_not_both_taken(
    cast: Cast, visit: Visit, first: tuple[str, dict[str, str]], second: tuple[str, dict[str, str]], sentence: str
) -> None:
    browser = visit(cast.officer)
    send(browser, "SQ0101", first[0], **first[1])

    assert sentence in send(browser, "SQ0101", second[0], **second[1])
    assert ComingChange.objects.count() == 1


def test_nothing_goes_over_to_a_unit_that_will_have_closed(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.officer)
    send(browser, "SQ0102", "close")
    later = (DAY + timedelta(days=1)).isoformat()

    assert "那个单位这一天还没有成立，或者已经撤销" in send(
        browser, "SQ0101", "merge", into="SQ0102", happened_on=later
    )
    assert ComingChange.objects.count() == 1


def test_a_code_that_is_announced_is_not_given_a_second_time(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.officer)
    send(browser, "SQ0101", "split", parts="SQ0111 柳湾东村\nSQ0112 柳湾西村")

    assert "还没有别的单位用过" in send(browser, "SQ0201", "split", parts="SQ0111 渡东村\nSQ0113 渡西村")


def test_a_day_that_is_not_to_come_is_not_announced(cast: Cast) -> None:
    ground = actions.Ground(TODAY, "区划调整", "", cast.officer, find_noon(TODAY))
    with pytest.raises(ValueError, match="not a day to come"):
        coming.announce_change(unit=cast.village, said=actions.Said("closed"), ground=ground)


def test_the_database_keeps_nothing_that_was_taken_back_by_nobody(cast: Cast, visit: Visit) -> None:
    send(visit(cast.officer), "SQ0101", "close")
    for told in ({"state": State.WITHDRAWN, "settled_at": find_noon(TODAY)}, {"state": State.MADE}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ComingChange.objects.update(**told)
