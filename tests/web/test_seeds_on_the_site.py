"""Five real plans go the whole way over the pages: uploaded, decided duty by duty, issued, and shown with standings."""

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape

from tests.web.cast import Cast
from tests.web.conftest import Visit
from wuzha.adapters.plan_yaml import read_plan_yaml
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign.models import PlanVersion

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "seeds"
SEEDS = sorted(FOLDER.glob("*.txt"))
YEAR = 2026
DUTY = re.compile(r'<li id="([^"]+)"><span class="clause">')
CARD = re.compile(r'data-duty="(\d+)" data-decision="proposed"')

pytestmark = [
    pytest.mark.seeds,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the real plans are not kept beside this checkout"),
]


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def send(client: Client, path: Path, unit: Unit) -> str:
    """Uploads the plan for the unit and gives the address of its review."""
    file = SimpleUploadedFile(path.name, path.read_bytes())
    answer = client.post("/plans/upload/", {"file": file, "unit": unit.pk, "year": YEAR})
    assert answer.status_code == 302
    return answer.headers["Location"]


def decide(client: Client, review: str) -> None:
    """Accepts what is clear at one stroke and the rest one by one; drops only what cannot be accepted as read."""
    client.post(f"{review}accept-clear/")
    for decision in ("accepted", "dropped"):
        for row in CARD.findall(read(client, review)):
            client.post(f"{review}duties/{row}/decide/", {"decision": decision})


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_an_officer_issues_a_real_plan_and_sees_who_is_behind(cast: Cast, visit: Visit, path: Path) -> None:
    client = visit(cast.officer)
    review = send(client, path, cast.county)
    found = len(CARD.findall(read(client, review)))
    decide(client, review)
    assert not CARD.findall(read(client, review))
    assert " disabled" not in read(client, f"{review}issue/")

    answer = client.post(f"{review}issue/")

    assert answer.status_code == 302, "nothing stands in the way of issuing"
    assert answer.headers["Location"] == review
    issued = PlanVersion.objects.get()
    assert issued.state == PlanVersion.State.ISSUED
    duties = DUTY.findall(read(client, review))
    assert found * 2 / 3 < len(duties) <= found, "most of what was read can be issued as it was read"
    check_standings(client, issued, set(duties))


def check_standings(client: Client, plan: PlanVersion, duties: set[str]) -> None:
    """The matrix on the plan's last day: its columns are duties of the plan, and each leads to its figure."""
    cells = f"/standings/SQ/{plan.pk}/"
    page = read(client, f"/standings/SQ/?plan={plan.pk}&as_of={plan.valid_to}")
    shown = set(re.findall(rf'<th scope="col"[^>]*><a href="{cells}([^/"]+)/', page))
    assert shown
    assert shown <= duties
    quotes = list_quotes(plan)
    for duty in sorted(shown):
        assert escape(quotes[duty]) in read(client, f"{cells}{duty}/?as_of={plan.valid_to}")


def list_quotes(plan: PlanVersion) -> dict[str, str]:
    issued, problems = read_plan_yaml(plan.text)
    assert issued is not None, problems
    return {duty.id: duty.quote for duty in issued.duties}


def test_all_five_plans_are_here() -> None:
    assert len(SEEDS) == 5
