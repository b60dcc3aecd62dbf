"""No page shows anybody a link or a form that is closed to them: everybody walks all that they are shown."""

from collections import deque
from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.web.access_ask import PERSONS, STRANGER, Asker, find_told, keep_world, read_text
from tests.web.access_world import COMING
from tests.web.crawler import Step, read_steps
from wuzha.web.campaign.queries.totals import forget_counts

pytestmark = pytest.mark.django_db
WALKERS = sorted(name for name in PERSONS if name not in (STRANGER, COMING))
CLOSED = (403, 404)


@pytest.fixture(scope="module")
def asker(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Asker]:
    """One world for all walkers; what they do is undone at every step."""
    with keep_world(django_db_blocker, tmp_path_factory.mktemp("evidence")) as kept:
        yield kept


def walk(asker: Asker, name: str) -> tuple[set[str], list[str]]:
    """The names of the addresses at which somebody has been, and what was closed to them.

    From every sort of page one of each sort of address is followed, with each sort of question.
    """
    seen, followed, wrong = set[str](), set[tuple[str, str, str, frozenset[str]]](), list[str]()
    known: dict[tuple[str, str], int] = {}
    ways = deque([(Step("get", "/"), "")])
    while ways:
        step, origin = ways.popleft()
        # Other filters of the same page lead to the same page.
        asked_for = frozenset() if step.pattern == origin else step.asked
        sort = (origin, step.method, step.pattern, asked_for)
        if sort in followed:
            continue
        followed.add(sort)
        asked = step.method, step.address
        is_new = asked not in known
        if is_new:
            status, address, steps, told = follow(asker, name, step)
            wrong += [f"{step.method} {address} tells of {word}" for word in told]
            known[asked] = status
            if step.method == "get" and status not in CLOSED:
                ways.extend((one, Step("get", address).pattern) for one in steps)
        seen.add(step.pattern)
        if known[asked] in CLOSED:
            wrong.append(f"{origin or 'the first page'} → {step.method} {step.address}: {known[asked]}")
    return seen, wrong


def follow(asker: Asker, name: str, step: Step) -> tuple[int, str, list[Step], list[str]]:
    """The status behind all redirections, where they led, what is shown there, and what should not have been."""
    with transaction.atomic():
        answer = asker.go(name, step.method, step.address, step.data)
        address = step.address
        while answer.status_code in (301, 302, 303) and answer.headers["Location"].startswith("/"):
            address = answer.headers["Location"]
            answer = asker.go(name, "get", address, {})
        # A colleague is called by the name of the village for which they work beside their post here.
        text = read_text(answer).replace(asker.world.cast.two_posts.display_name, "")
        steps, told = list(read_steps(answer, address)), find_told(text, PERSONS[name])
        transaction.set_rollback(True)
    if step.method == "post":
        forget_counts()
    return answer.status_code, address, steps, told


@pytest.mark.parametrize("name", WALKERS)
def test_nobody_is_shown_a_link_or_a_form_that_is_closed_to_them(asker: Asker, name: str) -> None:
    seen, wrong = walk(asker, name)

    assert not wrong, f"{name} is shown what is closed:\n" + "\n".join(sorted(wrong))
    assert len(seen) > 10, "the walk leads through the site"
