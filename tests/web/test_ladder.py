"""The ladder as data: changed from a day on; what has begun goes on as it was; rank triggers nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.measures import draft_measure, give, issue_long_plan, read_text
from wuzha.adapters.supervision_yaml import load_ladder, read_ladder_yaml, write_ladder_yaml
from wuzha.web.accounts.models import AuditEntry
from wuzha.web.campaign.models import LadderVersion, Measure
from wuzha.web.campaign.queries.measures import find_ladder

ADDRESS = "/supervision/ladder/"


def read_form(client: Client) -> dict[str, Any]:
    """What a browser would send from the page as it is."""
    page = client.get(ADDRESS)
    told: dict[str, Any] = {"reason": "县里研究决定"}
    for form in (page.context["head"], *page.context["steps"]):
        for name in form.fields:
            value = form[name].value()
            if value not in (None, False):
                told[form.add_prefix(name)] = "on" if value is True else value
    return told | {"reason": "县里研究决定"}


def test_the_ladder_of_the_package_is_written_and_read_as_the_same() -> None:
    assert read_ladder_yaml(write_ladder_yaml(load_ladder())) == (load_ladder(), ())


def test_sent_back_unchanged_it_is_the_same_ladder(cast: Cast, visit: Visit) -> None:
    client = visit(cast.officer)

    assert client.post(ADDRESS, read_form(client)).status_code == 302

    assert find_ladder(cast.village, timezone.localdate()).ladder.steps == load_ladder().steps


def test_a_county_changes_names_numbers_days_and_who_may_give(cast: Cast, visit: Visit) -> None:
    client = visit(cast.officer)
    changed = {
        "remind-title": "温馨提示",
        "remind-triggers": "连续未完成期数 ≥ 3\n未完成期数 > 4 且 到期后天数 > 20",
        "remind-mend_days": "20",
        "remind-given_by": ["supervisor"],
    }

    client.post(ADDRESS, read_form(client) | changed)

    step = find_ladder(cast.village, timezone.localdate()).ladder.by_code["remind"]
    assert (step.title, step.mend_days, step.given_by) == ("温馨提示", 20, ("supervisor",))
    assert [[(one.word.value, one.least) for one in trigger] for trigger in step.triggers] == [
        [("missed_in_a_row", 3)],
        [("missed_windows", 5), ("overdue_days", 21)],
    ]
    assert "温馨提示" in read_text(client.get(ADDRESS))
    entry = AuditEntry.objects.get(action="ladder.changed")
    assert (entry.actor, entry.details["reason"]) == (cast.officer, "县里研究决定")


def test_a_step_that_is_off_is_left_out_and_the_next_follows_the_one_below_it(cast: Cast, visit: Visit) -> None:
    client = visit(cast.officer)
    told = read_form(client)
    for name in ("circular-is_on", "listed-is_on"):
        del told[name]

    client.post(ADDRESS, told)

    ladder = find_ladder(cast.village, timezone.localdate()).ladder
    assert list(ladder.by_code) == ["remind", "supervise", "talk", "yellow", "red"]
    assert ladder.by_code["supervise"].after == "remind"
    again = read_form(client)
    assert "circular-is_on" not in again, "it can be used again later"
    assert again["circular-title"] == "通报"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("排名 <= 10", "小地方的名次多半是运气"),
        ("末位", "不能用来触发措施"),
        ("连续未完成期数 ≥ 两", "要写整数"),
        ("天气不好 ≥ 2", "不认识"),
        ("连续未完成期数 < 2", "要写 >= 或者 >"),
    ],
)
def test_what_is_wrong_with_a_trigger_is_told_in_words_and_nothing_is_kept(
    cast: Cast, visit: Visit, line: str, told: str
) -> None:
    client = visit(cast.officer)

    answer = client.post(ADDRESS, read_form(client) | {"remind-triggers": line})

    assert answer.status_code == 422
    assert told in read_text(answer)
    assert line in answer.content.decode().replace("&lt;", "<"), "what was typed stays typed"
    assert not LadderVersion.objects.exists()


@pytest.mark.parametrize("name", ["reason", "title", "remind-title", "remind-mend_days", "remind-given_by"])
def test_what_is_missing_is_told(cast: Cast, visit: Visit, name: str) -> None:
    client = visit(cast.officer)

    assert client.post(ADDRESS, read_form(client) | {name: []}).status_code == 422
    assert not LadderVersion.objects.exists()


def test_a_ladder_without_a_step_is_refused(cast: Cast, visit: Visit) -> None:
    client = visit(cast.officer)
    told = {name: value for name, value in read_form(client).items() if not name.endswith("-is_on")}

    answer = client.post(ADDRESS, told)

    assert answer.status_code == 422
    assert "一步都没有" in read_text(answer)


def test_what_has_begun_keeps_the_days_under_which_it_was_given(cast: Cast, visit: Visit) -> None:
    plan, client = issue_long_plan(cast), visit(cast.officer)
    measure = give(client, plan)
    client.post(ADDRESS, read_form(client) | {"remind-mend_days": "1", "remind-title": "另一个名称"})

    kept = Measure.objects.get(pk=measure.pk)
    page = read_text(client.get(f"/supervision/measures/{measure.pk}/"))

    assert (kept.step_title, kept.mend_by) == ("提示", measure.given_on + timedelta(days=15))
    assert "另一个名称" not in page


def test_a_draft_made_under_the_ladder_before_is_not_issued(cast: Cast, visit: Visit) -> None:

    plan, client = issue_long_plan(cast), visit(cast.officer)
    draft = draft_measure(client, plan)
    client.post(ADDRESS, read_form(client) | {"remind-mend_days": "9"})

    answer = client.post(f"/papers/drafts/{draft.pk}/issue/", {"revision": 1}, follow=True)

    assert "督导阶梯改过" in read_text(answer)
    assert not Measure.objects.exists()


def test_on_a_day_before_the_change_the_ladder_is_what_it_was(cast: Cast, visit: Visit) -> None:
    client, today = visit(cast.officer), timezone.localdate()
    client.post(ADDRESS, read_form(client) | {"title": "石桥县督导阶梯"})

    assert find_ladder(cast.village, today).ladder.title == "石桥县督导阶梯"
    assert find_ladder(cast.village, today - timedelta(days=1)).ladder == load_ladder()


@pytest.mark.parametrize("name", ["town_officer", "supervisor"])
def test_others_read_the_ladder_and_do_not_change_it(cast: Cast, visit: Visit, name: str) -> None:
    told = read_form(visit(cast.officer))
    client = visit(cast.people[name])

    assert client.get(ADDRESS).status_code == 200
    assert 'id="change"' not in client.get(ADDRESS).content.decode()
    assert client.post(ADDRESS, told).status_code == 403
    assert not LadderVersion.objects.exists()


@pytest.mark.parametrize("name", ["secretary", "nobody"])
def test_whoever_looks_after_nobody_does_not_see_it(cast: Cast, visit: Visit, name: str) -> None:
    assert visit(cast.people[name]).get(ADDRESS).status_code == 403


def test_the_ladder_that_holds_is_not_kept_again(cast: Cast, visit: Visit) -> None:
    client = visit(cast.officer)
    told = read_form(client) | {"remind-title": "温馨提示"}

    for _n in range(3):
        assert client.post(ADDRESS, told).status_code == 302

    assert LadderVersion.objects.count() == 1
    client.post(ADDRESS, told | {"remind-title": "友情提示"})
    assert LadderVersion.objects.count() == 2
