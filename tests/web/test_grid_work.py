"""A grid worker bears no duty by name, and sees what their village still owes in what their own records count for."""

from datetime import date

import pytest
from django.test import Client

from tests.web.cast import FAST, Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter, issue_plan, list_ids
from wuzha.web.accounts.models import Post, Unit, User
from wuzha.web.campaign.queries.shared import SharedWork
from wuzha.web.campaign.queries.totals import forget_counts

AS_OF = "?as_of=2026-03-25"


@pytest.fixture(autouse=True)
def _count_anew() -> None:
    forget_counts()


@pytest.fixture
def grids(cast: Cast) -> list[Unit]:
    """Two grids of 柳湾村."""
    codes = (("SQ010101", "柳湾村第1网格"), ("SQ010102", "柳湾村第2网格"))
    return [
        Unit.objects.create(code=code, name=name, kind="grid", parent=cast.village, path=f"{cast.village.path}{code}/")
        for code, name in codes
    ]


@pytest.fixture
def worker(visit: Visit, grids: list[Unit]) -> Client:
    """The recorder of the first grid."""
    user = User.objects.create(username="grid-1", display_name="第1网格员", password=FAST)
    Post.objects.create(user=user, unit=grids[0], role=Post.Role.SECRETARY)
    return visit(user)


def read_shared(client: Client, query: str = AS_OF) -> SharedWork | None:
    found: SharedWork | None = client.get(f"/today/work/{query}").context["shared"]
    return found


def test_a_grid_sees_what_its_village_still_owes_and_how_much_is_wanting(
    cast: Cast, worker: Client, grids: list[Unit]
) -> None:
    issue_plan(cast)
    enter(cast.secretary, grids[1], date(2026, 3, 2), "visit", quantity=41)

    page = worker.get(f"/today/work/{AS_OF}").content.decode()

    shared = read_shared(worker)
    assert shared is not None
    assert shared.bearer.code == "SQ0101"
    assert [one.task.duty.id for one in shared.open] == ["rally", "shelter-talk", "visits"]
    assert "柳湾村还有 3 项要办，您在柳湾村第1网格记的都算数" in page
    assert "41 / 320 户" in page
    assert "还差 279 户，6月30日前" in page


def test_what_the_grid_records_counts_for_the_village_and_is_named_as_its_own(
    cast: Cast, worker: Client, grids: list[Unit]
) -> None:
    issue_plan(cast)
    own = enter(cast.secretary, grids[0], date(2026, 3, 2), "visit", quantity=30)
    enter(cast.secretary, grids[1], date(2026, 3, 3), "visit", quantity=41)

    page = worker.get(f"/today/work/{AS_OF}").content.decode()

    address = "/records/?as_of=2026-03-25&unit=SQ010101&kind=visit&since=2026-01-01&until=2026-12-31"
    assert "71 / 320 户" in page
    assert "其中柳湾村第1网格记了 1 条" in page
    assert address.replace("&", "&amp;") in page
    assert list_ids(worker.get(address).content.decode()) == {str(own.pk)}


def test_the_numbers_of_the_village_open_none_of_its_records(cast: Cast, worker: Client, grids: list[Unit]) -> None:
    plan = issue_plan(cast)
    other = enter(cast.secretary, grids[1], date(2026, 3, 3), "visit", quantity=41)

    page = worker.get(f"/today/work/{AS_OF}").content.decode()

    figure = f"/records/?plan={plan.pk}&duty=visits&unit=SQ0101&window=once"
    assert "SQ0101&" not in page
    assert "/units/SQ0101/" not in page
    assert worker.get(figure).status_code == 404
    assert worker.get("/units/SQ0101/standing/").status_code == 404
    assert worker.get(f"/records/{other.pk}/").status_code == 404
    assert worker.get("/today/work/?unit=SQ0101").status_code == 404


def test_each_task_leads_to_the_form_of_the_grid_with_the_duty_filled_in(cast: Cast, worker: Client) -> None:
    plan = issue_plan(cast)
    address = f"/records/new/?unit=SQ010101&plan={plan.pk}&duty=shelter-talk&window=2026-Q1"

    assert address.replace("&", "&amp;") in worker.get(f"/today/work/{AS_OF}").content.decode()
    assert worker.get(address).context["form"]["place"].value() == "养老院"


def test_what_the_village_has_done_is_counted_and_no_longer_asked(
    cast: Cast, worker: Client, grids: list[Unit]
) -> None:
    issue_plan(cast)
    enter(cast.secretary, grids[1], date(2026, 3, 2), "rally")

    shared = read_shared(worker)

    assert shared is not None
    assert "rally" not in [one.task.duty.id for one in shared.open]
    assert shared.done == 1


def test_a_village_is_not_shown_the_duties_of_its_town(cast: Cast, visit: Visit, grids: list[Unit]) -> None:
    issue_plan(cast)

    assert read_shared(visit(cast.secretary)) is None


def test_a_grid_without_any_plan_above_is_told_what_will_stand_there(cast: Cast, worker: Client) -> None:
    assert read_shared(worker) is None
    assert "方案对本单位的要求会列在这里" in worker.get("/today/work/").content.decode()


def test_the_outsider_finds_no_grid(cast: Cast, visit: Visit, grids: list[Unit]) -> None:
    issue_plan(cast)

    assert visit(cast.outsider).get("/today/work/?unit=SQ010101").status_code == 404
