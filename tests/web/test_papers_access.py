"""Who may read, draft and issue papers: officers of the office; a supervisor reads what was issued; nobody else."""

from typing import Any

import pytest

from tests.web.cast import FAST, Cast
from tests.web.conftest import Visit
from tests.web.ledger import issue_plan
from tests.web.test_papers import AS_OF, draft, issue
from wuzha.web.accounts.models import Post, User
from wuzha.web.campaign.models import DraftPaper, IssuedPaper, Restatement


@pytest.fixture
def papers(cast: Cast, visit: Visit) -> tuple[DraftPaper, IssuedPaper, str]:
    """A draft of the county, a paper that the county issued to the village, and the address of a new one."""
    client, plan = visit(cast.officer), issue_plan(cast)
    issued = issue(client, draft(client, plan))
    address = f"/papers/new/?form=letter&unit=SQ0101&plan={plan.pk}&as_of={AS_OF}"
    return draft(client, plan), issued, address


def list_pages(papers: tuple[DraftPaper, IssuedPaper, str]) -> list[str]:
    held, issued, new = papers
    files = [f"/papers/{issued.pk}/files/{sort}" for sort in ("docx", "pdf")]
    return [new, f"/papers/drafts/{held.pk}/", f"/papers/{issued.pk}/", *files]


def list_acts(papers: tuple[DraftPaper, IssuedPaper, str]) -> list[tuple[str, dict[str, Any]]]:
    held, issued, new = papers
    words = {"title": "标题", "addressee": "某村", "asks": "某事", "signed_by": "某办", "revision": held.revision}
    return [
        (new, words),
        (f"/papers/drafts/{held.pk}/", words),
        (f"/papers/drafts/{held.pk}/issue/", words),
        (f"/papers/drafts/{held.pk}/discard/", {}),
        (f"/papers/{issued.pk}/restate/", {}),
    ]


@pytest.mark.parametrize("name", ["secretary", "town_officer"])
def test_whom_a_paper_was_sent_to_and_those_above_read_it_and_do_nothing_else(
    cast: Cast, visit: Visit, papers: tuple[DraftPaper, IssuedPaper, str], name: str
) -> None:
    """The village got the letter, and the town stands above it; the draft is the office's alone."""
    client = visit(cast.people[name])
    _new, held, *issued = list_pages(papers)
    assert [client.get(page).status_code for page in issued] == [200, 200, 200]
    assert client.get(held).status_code == 404
    assert "restate/" not in client.get(issued[0]).content.decode()
    for address, words in list_acts(papers)[1:]:
        assert client.post(address, words).status_code in (403, 404), address
    assert (DraftPaper.objects.count(), IssuedPaper.objects.count(), Restatement.objects.count()) == (1, 1, 0)


def test_the_village_beside_does_not_read_what_was_sent_to_another(
    cast: Cast, visit: Visit, papers: tuple[DraftPaper, IssuedPaper, str]
) -> None:
    beside = User.objects.create(username="beside", display_name="东社区网格员", password=FAST)
    Post.objects.create(user=beside, unit=cast.community, role=Post.Role.SECRETARY)
    for page in list_pages(papers):
        assert visit(beside).get(page).status_code == 404, page


@pytest.mark.parametrize("name", ["outsider", "nobody"])
def test_whoever_is_no_officer_of_the_office_reads_and_does_nothing(
    cast: Cast, visit: Visit, papers: tuple[DraftPaper, IssuedPaper, str], name: str
) -> None:
    client = visit(cast.people[name])
    for page in list_pages(papers):
        assert client.get(page).status_code in (403, 404), page
    for address, words in list_acts(papers):
        assert client.post(address, words).status_code in (403, 404), address
    listed = client.get("/papers/").content.decode()
    assert papers[1].title not in listed
    assert papers[0].title not in listed
    assert (DraftPaper.objects.count(), IssuedPaper.objects.count(), Restatement.objects.count()) == (1, 1, 0)


def test_a_supervisor_reads_what_was_issued_and_does_nothing(
    cast: Cast, visit: Visit, papers: tuple[DraftPaper, IssuedPaper, str]
) -> None:
    client = visit(cast.supervisor)
    new, held, *issued = list_pages(papers)
    assert [client.get(page).status_code for page in issued] == [200, 200, 200]
    assert [client.get(page).status_code for page in (new, held)] == [403, 404]
    for address, words in list_acts(papers):
        assert client.post(address, words).status_code in (403, 404), address
    page = client.get(f"/papers/{papers[1].pk}/").content.decode()
    assert "restate/" not in page
    assert Restatement.objects.count() == 0


def test_nobody_is_answered_before_logging_in(
    client: Any, cast: Cast, papers: tuple[DraftPaper, IssuedPaper, str]
) -> None:
    for page in ["/papers/", *list_pages(papers)]:
        answer = client.get(page)
        assert answer.status_code == 302, page
        assert answer.headers["Location"].startswith("/log-in/")


def test_what_is_written_to_all_in_an_area_is_read_there_and_its_figures_open_for_whoever_sees_them(
    cast: Cast, visit: Visit
) -> None:
    """A circular of the county on a town: its village reads it with plain figures, its officer opens them."""
    client, plan = visit(cast.officer), issue_plan(cast)
    circular = issue(client, draft(client, plan, "SQ01", "circular"))
    address = f"/papers/{circular.pk}/"

    village = visit(cast.secretary).get(address)
    assert village.status_code == 200
    assert 'class="paper-figure"' not in village.content.decode()
    assert visit(cast.secretary).get(f"{address}?format=csv&table=sources").status_code == 404
    assert visit(cast.secretary).get(f"{address}files/docx").status_code == 200
    assert circular.number in visit(cast.secretary).get("/papers/").content.decode()
    assert 'class="paper-figure"' in visit(cast.town_officer).get(address).content.decode()
    assert visit(cast.secretary).post(f"{address}restate/").status_code == 403
    assert visit(cast.outsider).get(address).status_code == 404
    assert circular.number not in visit(cast.outsider).get("/papers/").content.decode()
