"""Does the plan collide with higher rules? The page of the check, and its one line on the way to issuing."""

import re
from datetime import date

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.plans import NOW, RALLY, TABLE, YEAR, make_draft, make_issued, upload
from wuzha.web.accounts.models import AuditEntry
from wuzha.web.accounts.queries import read_tree
from wuzha.web.campaign.actions import plans as actions
from wuzha.web.campaign.models import DraftDuty, PlanVersion

TEXT = """青石镇反诈宣传工作方案

一、工作任务
（一）集中宣传。各村（社区）每月至少开展1次集中宣传活动，每次活动须上传照片。
（二）涉诈重点人员一律不得出境。
（三）各村反诈APP安装率达到80%。联系人：王某某，电话13900000001，按时上报。
（四）每次活动后撰写简报。
"""
HALF = TEXT.replace("涉诈重点人员一律不得出境", "各村每月核查1次涉诈线索，对滞留人员的配偶、子女取消低保")
RELATIVES = TEXT.replace("涉诈重点人员一律不得出境", "涉诈人员子女不得就读公办学校")


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def list_titles(page: str) -> list[str]:
    return re.findall(r'<h2 id="finding-\d+-title">([^<]+)</h2>', page)


def test_the_answer_comes_first_and_the_gravest_place_after_it(cast: Cast, visit: Visit) -> None:
    plan = upload(cast.town_officer, cast.town, TEXT)
    page = read(visit(cast.town_officer), f"/plans/{plan.pk}/lint/")
    assert '<p class="answer">发现 5 处，其中 1 处必须改。</p>' in page
    assert list_titles(page) == [
        "自行限制出境",
        "强制上传照片、视频",
        "下达应用安装指标",
        "姓名和私人号码写在一起",
        "每次活动都要一份简报",
    ]


def test_each_finding_stands_in_its_sentence_with_rule_reason_and_wording(cast: Cast, visit: Visit) -> None:
    plan = upload(cast.town_officer, cast.town, TEXT)
    page = read(visit(cast.town_officer), f"/plans/{plan.pk}/lint/")
    assert "<blockquote>（二）涉诈重点人员<mark>一律不得出境</mark>。</blockquote>" in page
    assert "《中华人民共和国反电信网络诈骗法》第三十六条，2022年12月1日起" in page
    assert "设区的市级以上公安机关" in page
    assert "由群众自愿安装；不设安装数量" in page
    assert '按<span class="nowrap">2027年1月1日</span>有效的规定对照' in page


def test_what_was_found_leads_to_its_duty_on_the_review_page(cast: Cast, visit: Visit) -> None:
    plan = upload(cast.town_officer, cast.town, TEXT)
    client = visit(cast.town_officer)
    page = read(client, f"/plans/{plan.pk}/lint/")
    links = re.findall(rf'href="(/plans/{plan.pk}/\?duty=(\d+)#duty-(\d+))"', page)
    assert links
    for address, row, anchor in links:
        assert row == anchor
        assert f'id="duty-{anchor}"' in read(client, address)
    ban = next(row for row in DraftDuty.objects.filter(version=plan) if "出境" in row.duty["quote"])
    assert str(ban.pk) in {row for _, row, _ in links}


def test_private_numbers_are_never_shown_again(cast: Cast, visit: Visit) -> None:
    plan = upload(cast.town_officer, cast.town, TEXT)
    page = read(visit(cast.town_officer), f"/plans/{plan.pk}/lint/")
    assert "13900000001" not in page
    assert "***********" in page


@pytest.mark.parametrize("page", ["", "issue/"])
def test_one_line_on_the_way_to_issuing_says_what_was_found(cast: Cast, visit: Visit, page: str) -> None:
    plan = upload(cast.town_officer, cast.town, TEXT)
    shown = read(visit(cast.town_officer), f"/plans/{plan.pk}/{page}")
    assert f'合规体检： <a href="/plans/{plan.pk}/lint/">发现 5 处，其中 1 处必须改。</a>' in shown
    assert "不应当发布" not in shown


@pytest.mark.parametrize("page", ["", "issue/", "lint/"])
def test_measures_on_relatives_are_said_to_keep_the_plan_from_being_issued(cast: Cast, visit: Visit, page: str) -> None:
    plan = upload(cast.town_officer, cast.town, RELATIVES)
    assert "照现在的写法，不应当发布。" in read(visit(cast.town_officer), f"/plans/{plan.pk}/{page}")


def test_a_plan_in_which_nothing_was_found_says_so_and_what_was_looked_for(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY)
    PlanVersion.objects.filter(pk=plan.pk).update(document=None)
    page = read(visit(cast.town_officer), f"/plans/{plan.pk}/lint/")
    assert "没有发现与上级规定冲突的地方。" in page
    assert "这份方案没有一句话碰上下面的规则。" in page
    assert "对照了哪些规则：37 条" in page


def test_a_plan_without_a_document_is_checked_by_the_words_its_duties_quote(cast: Cast, visit: Visit) -> None:
    plan = make_draft(cast, RALLY | {"quote": "每次宣传活动须上传照片"}, TABLE)
    PlanVersion.objects.filter(pk=plan.pk).update(document=None)
    page = read(visit(cast.town_officer), f"/plans/{plan.pk}/lint/")
    assert list_titles(page) == ["强制上传照片、视频", "定期要报表、要进展"]
    assert "<blockquote><mark>每次宣传活动须上传照片</mark></blockquote>" in page


def test_a_target_above_the_roster_is_told_with_both_figures(cast: Cast, visit: Visit) -> None:
    cover = {"id": "homes", "who": {"kind": "village"}, "cover": "household", "at_least": 700, "by": f"{YEAR}-06-30"}
    plan = make_draft(cast, RALLY, cover)
    page = read(visit(cast.town_officer), f"/plans/{plan.pk}/lint/")
    assert "“柳湾村”名册上只有640，方案要求700" in page


HOMES = """石桥县反诈宣传工作方案

一、工作任务
各村每季度入户走访不少于5000户。
"""


def test_visits_counted_in_households_are_held_against_the_roster(cast: Cast, visit: Visit) -> None:
    plan = upload(cast.town_officer, cast.town, HOMES)
    assert "“柳湾村”名册上只有640，方案要求5000" in read(visit(cast.town_officer), f"/plans/{plan.pk}/lint/")


def test_what_was_let_stand_is_open_again_when_its_target_changes(cast: Cast, visit: Visit) -> None:
    plan = upload(cast.town_officer, cast.town, HOMES)
    client = visit(cast.town_officer)
    stand(client, plan, "目标超过基数", reason="含外来户")
    assert "看过，照发：含外来户" in read(client, f"/plans/{plan.pk}/lint/")
    row = DraftDuty.objects.get(version=plan)
    row.duty = row.duty | {"quote": "各村每季度入户走访不少于9000户", "at_least": 9000}
    row.save(update_fields=["duty"])
    page = read(client, f"/plans/{plan.pk}/lint/")
    assert "方案要求9000" in page
    assert "看过，照发：含外来户" not in page


@pytest.mark.parametrize("more", [{"reason": "照发"}, {"again": "1"}])
def test_what_was_not_found_is_not_let_stand(cast: Cast, visit: Visit, more: dict[str, str]) -> None:
    plan = upload(cast.town_officer, cast.town, TEXT)
    client = visit(cast.town_officer)
    answer = client.post(f"/plans/{plan.pk}/lint/stand/", {"finding": "plan.relatives@1-2"} | more)
    assert answer.status_code == 422
    assert "这一处在方案里查不到了" in answer.content.decode()
    assert not AuditEntry.objects.filter(action__startswith="plan.finding").exists()


def test_a_duty_that_was_dropped_is_not_counted(cast: Cast, visit: Visit) -> None:
    twice = TABLE | {"id": "again", "quote": "各村（社区）每月25日前填报工作开展情况表"}
    plan = make_draft(cast, RALLY, TABLE, twice)
    address = f"/plans/{plan.pk}/lint/"
    assert "同一批数重复要" in list_titles(read(visit(cast.town_officer), address))
    DraftDuty.objects.filter(version=plan, duty__id="again").update(decision=DraftDuty.Decision.DROPPED)
    assert "同一批数重复要" not in list_titles(read(visit(cast.town_officer), address))


def test_an_issued_plan_is_read_by_whoever_it_binds_and_leads_to_its_duties(cast: Cast, visit: Visit) -> None:
    plan = make_issued(cast)
    client = visit(cast.secretary)
    page = read(client, f"/plans/{plan.pk}/lint/")
    anchors = re.findall(rf'href="/plans/{plan.pk}/#([^"]+)"', page)
    assert anchors == ["table"]
    assert 'id="table"' in read(client, f"/plans/{plan.pk}/")
    assert f'href="/plans/{plan.pk}/lint/"' in read(client, f"/plans/{plan.pk}/")


def test_an_old_plan_is_held_against_the_rules_of_its_own_time(cast: Cast, visit: Visit) -> None:
    plan = upload(cast.town_officer, cast.town, TEXT)
    PlanVersion.objects.filter(pk=plan.pk).update(valid_from=date(2021, 1, 1), valid_to=date(2021, 12, 31))
    page = read(visit(cast.town_officer), f"/plans/{plan.pk}/lint/")
    assert list_titles(page) == ["姓名和私人号码写在一起"]


def test_a_draft_is_not_shown_to_those_who_may_not_change_it(cast: Cast, visit: Visit) -> None:
    plan = upload(cast.town_officer, cast.town, TEXT)
    for user in (cast.secretary, cast.outsider):
        assert visit(user).get(f"/plans/{plan.pk}/lint/").status_code == 404
    assert visit(cast.officer).get(f"/plans/{plan.pk}/lint/").status_code == 200


def test_the_page_only_reads(cast: Cast, visit: Visit) -> None:
    plan = upload(cast.town_officer, cast.town, TEXT)
    assert visit(cast.town_officer).post(f"/plans/{plan.pk}/lint/").status_code == 405


def find_key(page: str, title: str) -> str:
    """The key of the first finding of that title, as its form sends it."""
    article = page[page.index(f">{title}</h2>") :]
    key = re.search(r'name="finding" value="([^"]+)"', article[: article.index("</article>")])
    assert key
    return key[1]


def stand(client: Client, plan: PlanVersion, title: str, **values: str) -> HttpResponse:
    address = f"/plans/{plan.pk}/lint/"
    sent = {"finding": find_key(read(client, address), title), **values}
    answer = client.post(f"{address}stand/", sent)
    assert isinstance(answer, HttpResponse)
    return answer


def test_what_a_person_lets_stand_is_kept_with_who_when_and_why(cast: Cast, visit: Visit) -> None:
    plan = upload(cast.town_officer, cast.town, TEXT)
    client = visit(cast.town_officer)
    assert stand(client, plan, "每次活动都要一份简报", reason="上级专门要求").status_code == 302
    page = read(client, f"/plans/{plan.pk}/lint/")
    assert "看过，照发：上级专门要求（青石镇平安办专干，" in page
    assert "发现 5 处，其中 1 处必须改。 有 1 处看过，照发。" in page
    entry = AuditEntry.objects.get(action="plan.finding-let-stand")
    assert (entry.actor, entry.object_id, entry.details["reason"]) == (cast.town_officer, str(plan.pk), "上级专门要求")


def test_what_was_let_stand_can_be_taken_up_again(cast: Cast, visit: Visit) -> None:
    plan = upload(cast.town_officer, cast.town, TEXT)
    client = visit(cast.town_officer)
    stand(client, plan, "自行限制出境", reason="另有决定文书")
    stand(client, plan, "自行限制出境", again="1")
    page = read(client, f"/plans/{plan.pk}/lint/")
    assert "另有决定文书" not in page
    assert "发现 5 处，其中 1 处必须改。</p>" in page
    assert list(AuditEntry.objects.filter(action__startswith="plan.finding").values_list("action", flat=True)) == [
        "plan.finding-taken-up",
        "plan.finding-let-stand",
    ]


def test_without_a_reason_nothing_is_let_stand(cast: Cast, visit: Visit) -> None:
    plan = upload(cast.town_officer, cast.town, TEXT)
    answer = stand(visit(cast.town_officer), plan, "自行限制出境", reason=" ")
    assert answer.status_code == 422
    assert "请用一句话写明为什么可以照发。" in answer.content.decode()
    assert not AuditEntry.objects.filter(action="plan.finding-let-stand").exists()


def test_measures_on_relatives_that_no_duty_carries_may_stand(cast: Cast, visit: Visit) -> None:
    plan = upload(cast.town_officer, cast.town, RELATIVES)
    client = visit(cast.town_officer)
    stand(client, plan, "牵连亲属", reason="这是引用被纠正的做法")
    assert "不应当发布" not in read(client, f"/plans/{plan.pk}/issue/")


def test_measures_on_relatives_keep_the_plan_back_while_a_duty_carries_them(cast: Cast, visit: Visit) -> None:
    plan = upload(cast.town_officer, cast.town, HALF)
    client = visit(cast.town_officer)
    stand(client, plan, "牵连亲属", reason="这是引用被纠正的做法")
    assert "不应当发布" in read(client, f"/plans/{plan.pk}/issue/")
    rows = [row.pk for row in DraftDuty.objects.filter(version=plan) if "线索" in row.duty["quote"]]
    DraftDuty.objects.filter(pk__in=rows).update(decision=DraftDuty.Decision.DROPPED)
    assert "不应当发布" not in read(client, f"/plans/{plan.pk}/issue/")


def test_a_duty_that_quotes_half_a_sentence_about_relatives_is_not_put_in_force(cast: Cast, visit: Visit) -> None:
    plan = upload(cast.town_officer, cast.town, HALF)
    row = next(row for row in DraftDuty.objects.filter(version=plan) if "线索" in row.duty["quote"])
    row.duty = row.duty | {"quote": "各村每月核查1次涉诈线索"}
    row.save(update_fields=["duty"])
    DraftDuty.objects.filter(version=plan).exclude(pk=row.pk).update(decision=DraftDuty.Decision.DROPPED)
    DraftDuty.objects.filter(pk=row.pk).update(decision=DraftDuty.Decision.ACCEPTED)
    assert "牵连到亲属，按规定不能下发" in read(visit(cast.town_officer), f"/plans/{plan.pk}/issue/")
    assert not actions.issue_plan(actor=cast.town_officer, plan=plan, tree=read_tree(), now=NOW)


def test_on_an_issued_plan_nothing_is_let_stand_any_more(cast: Cast, visit: Visit) -> None:
    plan = make_issued(cast)
    client = visit(cast.town_officer)
    assert "看过，照发" not in read(client, f"/plans/{plan.pk}/lint/")
    sent = {"finding": "plan.progress-reports@table", "reason": "晚了"}
    assert client.post(f"/plans/{plan.pk}/lint/stand/", sent).status_code == 409
    assert visit(cast.secretary).post(f"/plans/{plan.pk}/lint/stand/", sent).status_code == 403
    assert not AuditEntry.objects.filter(action="plan.finding-let-stand").exists()


def test_only_who_may_change_a_draft_lets_something_stand(cast: Cast, visit: Visit) -> None:
    plan = upload(cast.town_officer, cast.town, TEXT)
    for user in (cast.secretary, cast.outsider, cast.supervisor):
        answer = visit(user).post(f"/plans/{plan.pk}/lint/stand/", {"finding": "x", "reason": "y"})
        assert answer.status_code in (403, 404)
    assert not AuditEntry.objects.filter(action="plan.finding-let-stand").exists()


def test_the_english_page_says_it_in_english(cast: Cast, visit: Visit) -> None:
    plan = upload(cast.town_officer, cast.town, TEXT)
    client = visit(cast.town_officer)
    client.cookies["django_language"] = "en"
    page = read(client, f"/plans/{plan.pk}/lint/")
    assert "5 places found, 1 of which must be changed." in page
    assert "Exit ban by a body without the power" in page
