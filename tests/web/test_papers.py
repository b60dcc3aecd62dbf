"""Papers: drafted from standings, issued with a number for good, and counted again as known later."""

import hashlib
import re
from datetime import UTC, date, datetime
from html import unescape
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import docx
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter, issue_plan
from wuzha.core.paper.model import list_figures
from wuzha.web.accounts.models import AuditEntry, User
from wuzha.web.accounts.tree_actions import Ground, merge_units
from wuzha.web.campaign import access
from wuzha.web.campaign.actions.papers import ChangedError, issue_paper
from wuzha.web.campaign.models import DraftPaper, IssuedPaper, PlanVersion, Restatement
from wuzha.web.campaign.queries.papers import read_content

# The rallies of January and February are missed by then, that of March is open; no table was handed in.
AS_OF = "2026-03-20"
NOW = datetime(2026, 3, 20, 6, 0, tzinfo=UTC)


@pytest.fixture
def plan(cast: Cast) -> PlanVersion:
    plan = issue_plan(cast)
    enter(cast.secretary, cast.village, date(2026, 1, 10), people=40)
    return plan


def start(client: Client, plan: PlanVersion, unit: str = "SQ0101", form: str = "letter", **typed: str) -> Any:
    """The answer to sending the words that the page of a new paper proposes."""
    address = f"/papers/new/?form={form}&unit={unit}&plan={plan.pk}&as_of={AS_OF}"
    page = client.get(address)
    assert page.status_code == 200
    return client.post(address, read_fields(page) | typed)


def read_fields(page: Any) -> dict[str, str]:
    form = page.context["form"]
    fields = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else str(value) for name, value in fields.items()}


def draft(client: Client, plan: PlanVersion, unit: str = "SQ0101", form: str = "letter", **typed: str) -> DraftPaper:
    answer = start(client, plan, unit, form, **typed)
    assert answer.status_code == 302, strip_tags(answer.content.decode())
    return DraftPaper.objects.get(pk=answer.headers["Location"].split("/")[-2])


def issue(client: Client, paper: DraftPaper) -> IssuedPaper:
    paper.refresh_from_db()
    answer = client.post(f"/papers/drafts/{paper.pk}/issue/", {"revision": paper.revision})
    assert answer.status_code == 302
    return IssuedPaper.objects.get(draft=paper.pk)


def read_text(page: str) -> str:
    """The words of a page without its tags."""
    return " ".join(unescape(strip_tags(page)).split())


def test_a_letter_tells_what_is_behind_and_advises(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    client = visit(cast.officer)
    paper = draft(client, plan)

    text = read_text(client.get(f"/papers/drafts/{paper.pk}/").content.decode())

    assert "关于柳湾村落实《石桥县试行工作方案》有关情况的工作提示函" in text
    assert "2月完成 0 次、要求 1 次" in text
    assert "1月完成" not in text, "what was done is not held against anybody"
    assert "特此函告。" in text
    assert IssuedPaper.objects.count() == 0, "a draft is nothing that has gone out"


def test_every_figure_leads_to_a_page_that_counts_the_same(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    client = visit(cast.officer)
    paper = read_content(draft(client, plan, "SQ01"))

    for source in paper.sources:
        page = client.get(source.address)
        assert page.status_code == 200, source.address
        counted = count_units(page) if source.id.startswith("units-") else count_on(page, source.address)
        assert counted == source.count, source.id
    assert len(paper.sources) > 8


def count_units(page: Any) -> int:
    return int(page.context["page"].paginator.count)


def count_on(page: Any, address: str) -> int:
    """What a page of standings or of records counts, by the status in its address."""
    if address.startswith("/records/"):
        return int(page.context["head"].count)
    total, status = page.context["total"], dict(pair.split("=") for pair in urlsplit(address).query.split("&"))
    counted: dict[str | None, int] = {
        None: total.expected,
        "done": total.met,
        "met": total.on_time,
        "missed": total.missed,
        "open": total.count("open"),
        "unknown": total.count("unknown"),
    }
    return counted[status.get("status")]


def test_what_is_printed_equals_its_source(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    paper = read_content(draft(visit(cast.officer), plan, "SQ01", "circular"))

    for figure in list_figures(paper):
        source = paper.find_source(figure.id)
        assert source is not None
        assert figure.text == str(source.count)


def test_an_issued_letter_has_its_number_its_bytes_and_their_hash(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    client = visit(cast.officer)
    paper = issue(client, draft(client, plan, mark="石反诈函"))
    year = paper.issued_at.year

    page = client.get(f"/papers/{paper.pk}/").content.decode()
    file = client.get(f"/papers/{paper.pk}/files/docx")

    assert paper.number == f"石反诈函〔{year}〕1号"
    assert hashlib.sha256(file.content).hexdigest() == paper.docx_sha256
    assert paper.docx_sha256 in page
    assert file.headers["Content-Disposition"].startswith("attachment")
    text = "\n".join(line.text for line in docx.Document(BytesIO(file.content)).paragraphs)
    assert paper.number in text
    assert "到期未完成 " in text
    assert client.get(f"/papers/{paper.pk}/files/pdf").content[:5] == b"%PDF-"
    assert client.get(f"/papers/{paper.pk}/files/exe").status_code == 404
    assert AuditEntry.objects.get(action="paper.issued").actor == cast.officer
    assert not DraftPaper.objects.exists()


def test_who_discards_a_draft_that_somebody_else_has_just_discarded_is_told_so(
    cast: Cast, visit: Visit, plan: PlanVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one comes between the look at the draft and the act."""
    client, other = visit(cast.officer), visit(cast.officer)
    address = f"/papers/drafts/{draft(client, plan).pk}/discard/"
    find = access.get_draft_paper

    def find_slowly(user: User, pk: UUID, today: date) -> DraftPaper:
        found = find(user, pk, today)
        monkeypatch.undo()
        assert other.post(address).status_code == 302
        return found

    monkeypatch.setattr(access, "get_draft_paper", find_slowly)
    answer = client.post(address, follow=True)

    assert answer.status_code == 200
    assert "刚被别人改过" in answer.content.decode()
    assert AuditEntry.objects.filter(action="paper.discarded").count() == 1


def test_numbers_are_counted_by_office_form_and_year_without_a_gap(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    county, town = visit(cast.officer), visit(cast.town_officer)

    thrown_away = draft(county, plan)
    county.post(f"/papers/drafts/{thrown_away.pk}/discard/")
    letters = [issue(county, draft(county, plan)) for _ in range(3)]
    circular = issue(county, draft(county, plan, "SQ01", "circular"))
    of_the_town = issue(town, draft(town, plan))

    assert [letter.serial for letter in letters] == [1, 2, 3]
    assert (circular.serial, of_the_town.serial) == (1, 1)
    assert of_the_town.unit == cast.town


def test_issuing_a_draft_twice_gives_one_paper(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    client = visit(cast.officer)
    paper = draft(client, plan)

    one = issue(client, paper)
    again = client.post(f"/papers/drafts/{paper.pk}/issue/", {"revision": 1})

    assert again.headers["Location"] == f"/papers/{one.pk}/"
    assert issue_paper(actor=cast.officer, draft=paper, now=NOW) == one
    assert IssuedPaper.objects.count() == 1


def test_a_draft_that_changed_meanwhile_is_not_issued_unseen(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    client = visit(cast.officer)
    paper = draft(client, plan)
    page = client.get(f"/papers/drafts/{paper.pk}/")
    client.post(f"/papers/drafts/{paper.pk}/", read_fields(page) | {"title": "另一个标题"})

    client.post(f"/papers/drafts/{paper.pk}/issue/", {"revision": 1})
    late = client.post(f"/papers/drafts/{paper.pk}/", read_fields(page) | {"title": "又一个标题"})

    assert not IssuedPaper.objects.exists()
    assert late.status_code == 422
    assert "刚被别人改过" in late.content.decode()
    assert DraftPaper.objects.get().title == "另一个标题"
    with pytest.raises(ChangedError):
        issue_paper(actor=cast.officer, draft=paper, now=NOW)


def test_a_letter_to_a_unit_that_has_been_merged_since_does_not_go_out_and_names_its_successor(
    cast: Cast, visit: Visit, plan: PlanVersion
) -> None:
    client = visit(cast.officer)
    kept = draft(client, plan)
    day = timezone.localdate()
    ground = Ground(day, "区划调整", "石政函〔2026〕12号", cast.officer, timezone.now())
    merge_units(units=[cast.village], into=cast.community, ground=ground)

    page = client.get(f"/papers/drafts/{kept.pk}/").content.decode()
    assert "收文单位“柳湾村”自" in strip_tags(page)
    assert "由东社区接替" in strip_tags(page)
    assert re.search(r'<button class="btn btn-primary" disabled>', page)

    answer = client.post(f"/papers/drafts/{kept.pk}/issue/", {"revision": kept.revision}, follow=True)
    assert "不能再发给它" in strip_tags(answer.content.decode())
    assert not IssuedPaper.objects.exists()
    assert DraftPaper.objects.filter(pk=kept.pk).exists()


@pytest.mark.parametrize("change", ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}"])
@pytest.mark.parametrize(
    ("table", "column"),
    [("campaign_issuedpaper", "docx_sha256"), ("campaign_issuedpaper", "number"), ("campaign_restatement", "changes")],
)
def test_the_database_itself_keeps_what_was_issued(
    cast: Cast, visit: Visit, plan: PlanVersion, change: str, table: str, column: str
) -> None:
    client = visit(cast.officer)
    paper = issue(client, draft(client, plan))
    client.post(f"/papers/{paper.pk}/restate/")
    assert Restatement.objects.count() == 1

    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(table=table, column=column))

    assert IssuedPaper.objects.get() == paper
    assert Restatement.objects.count() == 1


@pytest.mark.parametrize("serial", [1, 3])
def test_the_database_itself_gives_no_number_twice_and_leaves_none_out(
    cast: Cast, visit: Visit, plan: PlanVersion, serial: int
) -> None:
    client = visit(cast.officer)
    paper = issue(client, draft(client, plan))
    other = IssuedPaper.objects.get(pk=paper.pk)
    other.pk, other.serial = None, serial
    other.draft = "019a0000-0000-7000-8000-000000000000"

    with pytest.raises(DatabaseError), transaction.atomic():
        other.save(force_insert=True)


def test_what_came_later_is_told_figure_by_figure_and_the_paper_stays(
    cast: Cast, visit: Visit, plan: PlanVersion
) -> None:
    client = visit(cast.officer)
    paper = issue(client, draft(client, plan))
    enter(cast.secretary, cast.village, date(2026, 2, 12), people=35)

    client.post(f"/papers/{paper.pk}/restate/")

    row = Restatement.objects.get()
    changes = {one["id"]: (one["before"], one["after"]) for one in row.changes}
    assert changes["rally.2026-02"] == ("0", "1")
    assert changes["rally.missed"] == ("1", "0")
    before, after = changes["all.missed"]
    assert int(after) == int(before) - 1
    kept = IssuedPaper.objects.get()
    assert (bytes(kept.docx), kept.content) == (bytes(paper.docx), paper.content)
    page = read_text(client.get(f"/papers/{paper.pk}/").content.decode())
    assert "个数字和原来不同" in page
    assert AuditEntry.objects.get(action="paper.restated").actor == cast.officer


def test_a_count_that_comes_out_as_the_last_one_is_not_kept_again(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    client = visit(cast.officer)
    paper = issue(client, draft(client, plan))
    enter(cast.secretary, cast.village, date(2026, 2, 12), people=35)

    for _n in range(3):
        assert client.post(f"/papers/{paper.pk}/restate/").status_code == 302

    assert Restatement.objects.count() == 1
    assert AuditEntry.objects.filter(action="paper.restated").count() == 1
    enter(cast.secretary, cast.village, date(2026, 3, 12), people=35)
    client.post(f"/papers/{paper.pk}/restate/")
    assert Restatement.objects.count() == 2, "what came later is another count"


def test_counting_again_with_nothing_new_says_so(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    client = visit(cast.officer)
    paper = issue(client, draft(client, plan))

    client.post(f"/papers/{paper.pk}/restate/")

    assert Restatement.objects.get().changes == []


def test_a_draft_says_which_figures_have_changed_since(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    client = visit(cast.officer)
    paper = draft(client, plan)
    enter(cast.secretary, cast.village, date(2026, 3, 12), people=35)

    page = client.get(f"/papers/drafts/{paper.pk}/")
    assert "个数字变了" in page.content.decode()
    client.post(f"/papers/drafts/{paper.pk}/", read_fields(page))

    again = client.get(f"/papers/drafts/{paper.pk}/")
    assert "个数字变了" not in again.content.decode()


def test_a_draft_says_when_no_letter_is_needed_any_more(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    client = visit(cast.officer)
    paper = draft(client, plan)
    enter(cast.secretary, cast.village, date(2026, 2, 12), people=35)

    assert "不需要发函" in client.get(f"/papers/drafts/{paper.pk}/").content.decode()


def test_a_commendation_names_only_those_who_did_all_in_time(cast: Cast, visit: Visit) -> None:
    plan = issue_plan(cast)
    for month in (1, 2, 3):
        enter(cast.officer, cast.community, date(2026, month, 5), people=20)
    client = visit(cast.officer)

    text = read_text(client.get(f"/papers/drafts/{draft(client, plan, 'SQ01', 'commend').pk}/").content.decode())

    assert "名单如下，按花名册顺序排列，不分先后。" in text
    body = text.split("名单如下")[1]
    assert "东社区" in body
    assert "柳湾村" not in body


def test_nobody_is_written_to_who_has_missed_nothing(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    answer = start(visit(cast.officer), plan, "SQ01S1")

    assert answer.status_code == 422
    assert "没有到期未完成的事项，不需要发函" in answer.content.decode()
    assert not DraftPaper.objects.exists()


def test_a_supervision_notice_asks_for_its_day(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    answer = start(visit(cast.officer), plan, form="supervise")

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"answer_by"}


def test_a_unit_that_is_behind_offers_a_letter_to_those_above_it_only(
    cast: Cast, visit: Visit, plan: PlanVersion
) -> None:
    address = f"/units/SQ0101/standing/?as_of={AS_OF}"

    def offers(user: Any, where: str = address) -> list[str]:
        return re.findall(r'href="(/papers/new/[^"]*)"', visit(user).get(where).content.decode())

    assert offers(cast.officer)
    assert offers(cast.town_officer)
    assert not offers(cast.secretary)
    assert not offers(cast.supervisor)
    assert any("form=circular" in link for link in offers(cast.town_officer, f"/standings/SQ01/?as_of={AS_OF}"))
    assert not any("form=letter" in link for link in offers(cast.town_officer, f"/standings/SQ01/?as_of={AS_OF}"))


def test_an_empty_list_says_what_will_stand_there(cast: Cast, visit: Visit) -> None:
    assert "签发的公文会列在这里" in visit(cast.officer).get("/papers/").content.decode()
    assert "签发的公文会列在这里" in visit(cast.supervisor).get("/papers/").content.decode()
    assert "我的任务" in visit(cast.secretary).get("/papers/").content.decode()
    assert visit(cast.nobody).get("/papers/").status_code == 200


def test_the_list_is_filtered_by_form_year_and_words(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    client = visit(cast.officer)
    letter, circular = issue(client, draft(client, plan)), issue(client, draft(client, plan, "SQ01", "circular"))

    def list_numbers(query: str) -> set[str]:
        return {paper.number for paper in client.get(f"/papers/?{query}").context["page"]}

    assert list_numbers("") == {letter.number, circular.number}
    assert list_numbers("form=circular") == {circular.number}
    assert list_numbers(f"year={letter.year}&words=柳湾") == {letter.number}
    assert list_numbers("year=1999") == set()


def test_a_typed_number_that_was_not_counted_is_pointed_out_and_keeps_nothing_back(
    cast: Cast, visit: Visit, plan: PlanVersion
) -> None:
    client = visit(cast.officer)
    paper = draft(client, plan, asks="请补办2次，并核对另外97场。请于4月9日前反馈。")

    page = client.get(f"/papers/drafts/{paper.pk}/").content.decode()
    doubts = [read_text(one) for one in re.findall(r'<p class="field-doubt">(.*?)</p>', page, re.DOTALL)]

    assert len(doubts) == 1
    assert "97" in doubts[0]
    assert "核对" in doubts[0]
    assert issue(client, paper).number


def test_a_paper_speaks_of_no_day_that_is_still_to_come(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    page = visit(cast.officer).get(f"/papers/new/?form=letter&unit=SQ0101&plan={plan.pk}&as_of=2098-01-01")
    assert page.context["days"].as_of == page.context["today"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "form=x&unit=SQ0101&plan=1",
        "form=letter&unit=%00&plan=1",
        "form=letter&unit=SQ0101&plan=9",
        "form=letter&plan=x",
    ],
)
def test_a_broken_address_of_a_new_paper_breaks_nothing(cast: Cast, visit: Visit, query: str) -> None:
    assert visit(cast.officer).get(f"/papers/new/?{query}").status_code in (302, 404, 422)


def test_what_can_be_written_is_named_and_asked_for(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    client = visit(cast.officer)

    listed = client.get("/papers/").content.decode()
    asked = client.get("/papers/new/?form=circular")
    chosen = client.get(f"/papers/new/?form=circular&unit=SQ01&plan={plan.pk}&as_of={AS_OF}")

    assert 'href="/papers/new/?form=circular"' in listed
    assert "向辖区各单位通报落实情况。" in listed
    assert asked.status_code == 200
    assert "石桥县试行工作方案" in asked.content.decode()
    assert "青石镇" in asked.content.decode()
    assert "field-error" not in asked.content.decode(), "nothing was typed yet that could be wrong"
    assert "关于青石镇落实" in read_text(chosen.content.decode())


@pytest.mark.parametrize("name", ["secretary", "supervisor", "nobody"])
def test_whoever_writes_no_papers_is_not_asked_for_one(cast: Cast, visit: Visit, name: str) -> None:
    client = visit(cast.people[name])
    assert client.get("/papers/new/?form=circular").status_code == 403
    assert "/papers/new/" not in client.get("/papers/").content.decode()


def test_a_paper_can_be_counted_as_known_on_an_earlier_day(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    """What came in later is not in it, and its figures open the pages as known then."""
    enter(cast.secretary, cast.village, date(2026, 2, 12), people=35)
    client = visit(cast.officer)
    address = f"/papers/new/?form=circular&unit=SQ01&plan={plan.pk}&as_of={AS_OF}&known="

    then, now = (client.get(address + day).context["paper"] for day in ("2026-02-01", AS_OF))

    def read(paper: Any, name: str) -> str:
        return next(figure.text for figure in list_figures(paper) if figure.id == name)

    assert (read(then, "unit.SQ0101.met"), read(now, "unit.SQ0101.met")) == ("1", "2")
    source = then.find_source("unit.SQ0101.met")
    assert "known=2026-02-01" in source.address
    assert count_on(client.get(source.address), source.address) == source.count == 1


def test_beside_a_covered_number_stands_what_to_write_instead(cast: Cast, visit: Visit, plan: PlanVersion) -> None:
    client, hint = visit(cast.officer), "要留联系电话，请写单位座机"
    plain = draft(client, plan, asks="请补办2次，联系电话0571-88881234。")
    assert hint not in client.get(f"/papers/drafts/{plain.pk}/").content.decode()

    held = draft(client, plan, asks="请补办2次，联系电话13800001234。")

    page = client.get(f"/papers/drafts/{held.pk}/").content.decode()
    assert "联系电话138****1234" in page
    assert page.count(hint) == 1, "beside the field that holds it"
