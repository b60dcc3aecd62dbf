"""Units that move, merge, divide or get another name: entered on a day, seen from that day on."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.web.cast import PASSWORD, Cast
from tests.web.conftest import Visit
from tests.web.ledger import issue_plan
from wuzha.core.base.unit import EARLIEST
from wuzha.web.accounts import tree_actions as actions
from wuzha.web.accounts.access import list_visible_units
from wuzha.web.accounts.models import AuditEntry, Placement, Post, Unit, UnitChange, User
from wuzha.web.accounts.queries import read_tree
from wuzha.web.campaign.models import Record

NOW = datetime(2026, 7, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
JULY = date(2026, 7, 1)


def make_ground(actor: User, on: date = JULY) -> actions.Ground:
    return actions.Ground(on, "区划调整", "石政函〔2026〕12号", actor, NOW)


def send(browser: Client, code: str, what: str, **typed: str) -> str:
    typed = {"happened_on": "2026-07-01", "reason": "区划调整", "source": "石政函〔2026〕12号"} | typed
    return browser.post(f"/units/{code}/change/{what}/", typed, follow=True).content.decode()


def test_a_village_that_moved_is_under_its_old_town_on_earlier_pages_and_under_the_new_one_since(
    cast: Cast, visit: Visit
) -> None:
    browser = visit(cast.officer)
    page = send(browser, "SQ0101", "move", parent="SQ02")

    assert "青石镇 → 河口镇" in page
    assert "区划调整" in page
    assert Unit.objects.get(code="SQ0101").path == "SQ/SQ02/SQ0101/"
    for day, town, other in (("2026-06-30", "SQ01", "SQ02"), ("2026-07-01", "SQ02", "SQ01")):
        assert "柳湾村" in browser.get(f"/units/{town}/?as_of={day}").content.decode()
        assert "柳湾村" not in browser.get(f"/units/{other}/?as_of={day}").content.decode()
    tree = read_tree()
    assert [tree.at(day).by_code["SQ0101"].parent for day in (JULY - timedelta(1), JULY)] == ["SQ01", "SQ02"]


def test_the_old_town_no_longer_sees_the_village_and_the_new_one_sees_its_past(cast: Cast, visit: Visit) -> None:
    record = Record.objects.create(
        id="018f3c1e-0000-7000-8000-0000000000aa",
        unit=cast.village,
        kind="rally",
        happened_on=date(2026, 5, 4),
        author=cast.secretary,
        recorded_at=NOW,
        received_at=NOW,
    )
    addresses = ("/units/SQ0101/", "/standings/SQ0101/", f"/records/{record.pk}/", "/units/SQ0101/standing/")
    before = {path: visit(cast.town_officer).get(path).status_code for path in addresses}
    assert set(before.values()) == {200}
    assert visit(cast.outsider).get(f"/records/{record.pk}/").status_code == 404

    actions.move_unit(unit=cast.village, parent=cast.other_town, ground=make_ground(cast.officer))

    for path in addresses:
        for day in ("", "?as_of=2026-06-01"):
            assert visit(cast.town_officer).get(path + day).status_code == 404, path
            assert visit(cast.outsider).get(path + day).status_code == before[path], path
    assert "柳湾村" not in visit(cast.town_officer).get("/units/SQ01/?as_of=2026-06-01").content.decode()
    assert [unit.code for unit in list_visible_units(cast.secretary, NOW.date())] == ["SQ0101"], "its own people stay"


def test_what_stands_below_moves_along(cast: Cast) -> None:
    grid = Unit.objects.create(
        code="SQ0101G1", name="一网格", kind="grid", parent=cast.village, path=f"{cast.village.path}SQ0101G1/"
    )
    actions.move_unit(unit=cast.village, parent=cast.other_town, ground=make_ground(cast.officer))

    grid.refresh_from_db()
    assert grid.path == "SQ/SQ02/SQ0101/SQ0101G1/"
    assert not grid.placements.exists(), "it stands where it stood"


def test_a_renamed_unit_has_its_old_name_on_earlier_pages(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.officer)
    send(browser, "SQ0101", "rename", name="柳湾新村")
    send(browser, "SQ0101", "recast", kind="community", line="", happened_on="2026-07-10")

    for day, name, kind in (("2026-06-30", "柳湾村", "村"), ("2026-07-01", "柳湾新村", "村")):
        page = browser.get(f"/units/SQ0101/?as_of={day}").content.decode()
        assert f"<h1>{name}</h1>" in page
        assert f'<p class="answer">{kind} ·' in page
    assert '<p class="answer">社区 ·' in browser.get("/units/SQ0101/?as_of=2026-07-10").content.decode()
    assert [row.since for row in Placement.objects.all()] == [EARLIEST, JULY, date(2026, 7, 10)]


def test_a_merged_village_closes_and_names_who_took_it_in(cast: Cast, visit: Visit) -> None:
    Unit.objects.create(
        code="SQ0101G1", name="一网格", kind="grid", parent=cast.village, path="SQ/SQ01/SQ0101/SQ0101G1/"
    )
    browser = visit(cast.officer)
    page = send(browser, "SQ0101", "merge", into="东社区")

    assert Unit.objects.get(code="SQ0101").closes_on == JULY
    assert Unit.objects.get(code="SQ0101G1").path == "SQ/SQ01/SQ0102/SQ0101G1/"
    assert "并入" in page
    assert "/units/SQ0102/" in page
    assert "东社区</a>" in browser.get("/units/SQ0101/standing/?as_of=2026-07-02").content.decode()
    assert "柳湾村并入" in browser.get("/units/SQ0102/").content.decode()


def test_a_divided_village_closes_and_its_parts_open_on_the_same_day(cast: Cast, visit: Visit) -> None:
    page = send(visit(cast.officer), "SQ0101", "split", parts="SQ0111 柳湾东村\nSQ0112，柳湾西村")

    made = list(Unit.objects.filter(opens_on=JULY).values_list("code", "name", "kind", "path"))
    assert made == [
        ("SQ0111", "柳湾东村", "village", "SQ/SQ01/SQ0111/"),
        ("SQ0112", "柳湾西村", "village", "SQ/SQ01/SQ0112/"),
    ]
    assert Unit.objects.get(code="SQ0101").closes_on == JULY
    assert "柳湾东村" in page


@pytest.mark.parametrize(
    ("code", "what", "typed", "sentence"),
    [
        ("SQ0101", "move", {"parent": "SQ99"}, "没有哪个的编码或名称是这个"),
        ("SQ01", "move", {"parent": "SQ0101"}, "它自己，或者在它下面"),
        ("SQ0101", "move", {"parent": "SQ01"}, "本来就在这里"),
        ("SQ0101", "rename", {"name": "柳湾村"}, "本来就叫这个名字"),
        ("SQ0101", "recast", {"kind": "village", "line": ""}, "都没有变"),
        ("SQ01", "close", {}, "先把它们划走或撤销"),
        ("SQ0101", "split", {"parts": "SQ0111 柳湾东村"}, "至少两行"),
        ("SQ0101", "split", {"parts": "SQ0111 甲村\nSQ0102 乙村"}, "还没有别的单位用过"),
        ("SQ0101", "close", {"happened_on": "2099-01-01"}, "最多提前两年登记"),
        ("SQ0101", "close", {"reason": ""}, "请填写"),
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(
    cast: Cast, visit: Visit, code: str, what: str, typed: dict[str, str], sentence: str
) -> None:
    before = list(Unit.objects.values_list("code", "name", "kind", "path", "closes_on"))
    assert sentence in send(visit(cast.officer), code, what, **typed)
    assert list(Unit.objects.values_list("code", "name", "kind", "path", "closes_on")) == before
    assert not UnitChange.objects.exists()


def test_a_change_before_one_that_is_known_is_refused(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.officer)
    send(browser, "SQ0101", "rename", name="柳湾新村")

    assert "2026-07-01" in send(browser, "SQ0101", "move", parent="SQ02", happened_on="2026-06-01")
    with pytest.raises(ValueError, match="will not do"):
        actions.move_unit(unit=cast.village, parent=cast.other_town, ground=make_ground(cast.officer, date(2026, 6, 1)))


@pytest.mark.parametrize("what", ["move", "rename", "recast", "merge", "split", "close"])
def test_only_an_officer_of_both_places_changes_the_tree(cast: Cast, visit: Visit, what: str) -> None:
    assert visit(cast.officer).get(f"/units/SQ0101/change/{what}/").status_code == 200
    assert visit(cast.supervisor).get(f"/units/SQ0101/change/{what}/").status_code == 403
    assert visit(cast.outsider).get(f"/units/SQ0101/change/{what}/").status_code == 404
    assert "没有哪个的编码或名称是这个" in send(visit(cast.town_officer), "SQ0101", "move", parent="SQ02")


def test_every_change_says_who_entered_it_and_why(cast: Cast) -> None:
    actions.rename_unit(unit=cast.village, name="柳湾新村", ground=make_ground(cast.officer))

    entry = AuditEntry.objects.get(action="unit.renamed")
    assert (entry.actor, entry.details["reason"], entry.details["on"]) == (cast.officer, "区划调整", "2026-07-01")
    change = UnitChange.objects.get()
    assert (change.made_by, change.source) == (cast.officer, "石政函〔2026〕12号")


def test_whoever_moves_a_unit_out_of_their_sight_is_led_to_what_they_still_see(cast: Cast, visit: Visit) -> None:
    """An officer of two towns who loses neither still sees it; the page after the change opens."""
    Post.objects.create(user=cast.town_officer, unit=cast.other_town, role=Post.Role.OFFICER)
    page = send(visit(cast.town_officer), "SQ0101", "move", parent="SQ02", happened_on=str(timezone.localdate()))

    assert "河口镇" in page
    assert PASSWORD not in page


def test_the_table_of_an_earlier_day_is_whole_and_leads_nobody_to_what_is_not_theirs(cast: Cast, visit: Visit) -> None:
    plan = issue_plan(cast)
    record = Record.objects.create(
        id="018f3c1e-0000-7000-8000-0000000000ab",
        unit=cast.village,
        kind="rally",
        happened_on=date(2026, 5, 4),
        author=cast.secretary,
        recorded_at=NOW,
        received_at=NOW,
    )
    actions.move_unit(unit=cast.village, parent=cast.other_town, ground=make_ground(cast.officer))
    matrix, behind = f"/standings/SQ01/?as_of=2026-05-31&plan={plan.pk}", f"/records/?plan={plan.pk}&duty=rally&unit="

    for person, is_led in ((cast.officer, True), (cast.town_officer, False)):
        page = visit(person).get(matrix).content.decode()
        assert "柳湾村" in page, "it stood there then, and the parts are the whole"
        assert ('href="/units/SQ0101/standing/' in page) == is_led
        assert ("后来划走了" in page) != is_led
        listed = visit(person).get(f"{behind}SQ01&as_of=2026-05-31").content.decode()
        assert (str(record.pk) in listed) == is_led
    assert "柳湾村" not in visit(cast.town_officer).get(matrix.replace("05-31", "07-02")).content.decode()
    listed = visit(cast.outsider).get(f"{behind}SQ02&as_of=2026-07-02").content.decode()
    assert str(record.pk) in listed, "the new town answers for it from now on"


def test_a_page_of_a_day_costs_no_more_queries_when_more_units_have_moved(cast: Cast, visit: Visit) -> None:
    issue_plan(cast)
    browser = visit(cast.officer)

    def count(day: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert browser.get(f"/standings/SQ/?as_of={day}").status_code == 200
        return len(found)

    actions.move_unit(unit=cast.village, parent=cast.other_town, ground=make_ground(cast.officer))
    count("2026-06-30")
    once = count("2026-06-29")
    actions.move_unit(unit=cast.units["SQ0201"], parent=cast.town, ground=make_ground(cast.officer))
    actions.rename_unit(unit=cast.village, name="柳湾新村", ground=make_ground(cast.officer))
    count("2026-06-30")

    assert count("2026-06-29") == once


def test_a_closed_village_tells_what_it_left_behind_and_the_form_said_so_before(cast: Cast, visit: Visit) -> None:
    told = (
        ("followup", "enrol", "1", 1),
        ("followup", "enrol", "2", 1),
        ("followup", "close", "2", 1),
        ("banner", "install", "B1", 1),
        ("banner", "install", "B2", 1),
        ("banner", "remove", "B2", 1),
        ("poster", "install", "", 5),
        ("poster", "remove", "", 2),
    )
    for number, (kind, change, subject, quantity) in enumerate(told):
        Record.objects.create(
            id=f"018f3c1e-0000-7000-8000-0000000001{number:02}",
            unit=cast.village,
            kind=kind,
            change=change,
            subject=subject,
            quantity=quantity,
            happened_on=date(2026, 5, 4),
            author=cast.secretary,
            recorded_at=NOW,
            received_at=NOW,
        )
    browser = visit(cast.officer)

    assert "不会自己转给接手的单位" in browser.get("/units/SQ0101/change/merge/").content.decode()
    assert "不会自己转给" not in browser.get("/units/SQ0101/change/rename/").content.decode()
    assert "没有销" not in browser.get("/units/SQ0101/standing/").content.decode()
    send(browser, "SQ0101", "merge", into="东社区")
    page = browser.get("/units/SQ0101/standing/").content.decode()
    assert "它还有 1 份档案没有销。" in page
    assert "它还有 4 处设施没有拆。" in page
    assert "没有销" not in browser.get("/units/SQ0101/standing/?as_of=2026-06-30").content.decode()


def test_a_closed_village_that_left_nothing_says_nothing_of_it(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.officer)
    send(browser, "SQ0101", "merge", into="东社区")

    assert "重新建档" not in browser.get("/units/SQ0101/standing/").content.decode()
