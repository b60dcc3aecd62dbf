"""Issues a paper again and again, each time with the power cut at another statement; prints what was left each time.

With the word ``together`` it issues several drafts of one office at the same time instead, and prints their numbers.
With the word ``measure`` the paper gives a measure. With the word ``certificate`` a title is awarded with its paper.

Run as ``python -m tests.survival.issuing`` with ``WUZHA_DATA`` set: a process of its own, whose children are killed.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, NoReturn

import django

NOW = datetime(2026, 3, 20, 6, 0, tzinfo=UTC)
# More than issuing asks of the database; the last children are not cut off at all.
STATEMENTS = 90
DRAFTS = 6


def main() -> None:
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - Django must be set up first
    from django.db import connections  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    if sys.argv[1:] == ["together"]:
        prepare(DRAFTS)
        connections.close_all()
        sys.stdout.write(json.dumps(issue_together()))
        return
    if sys.argv[1:] == ["measure"]:
        prepare_measure()
    elif sys.argv[1:] == ["certificate"]:
        prepare_title()
    else:
        prepare(1)
    found = []
    for number in range(STATEMENTS):
        connections.close_all()
        child = os.fork()
        if child == 0:
            issue_until(number, *sys.argv[1:])
            os._exit(0)
        _, status = os.waitpid(child, 0)
        found.append({"killed": os.WIFSIGNALED(status)} | look())
        if not found[-1]["killed"]:
            break
    sys.stdout.write(json.dumps(found))


def prepare(drafts: int) -> None:
    """So many drafts of the county's office."""
    from tests.web.cast import make_cast  # noqa: PLC0415
    from tests.web.ledger import issue_plan  # noqa: PLC0415
    from wuzha.core.paper.letter import Said  # noqa: PLC0415
    from wuzha.web.campaign.actions.papers import Drawn, draft_paper  # noqa: PLC0415
    from wuzha.web.campaign.queries.papers import Days, count_letter, gather_facts  # noqa: PLC0415

    cast = make_cast()
    plan, days = issue_plan(cast), Days(date(2026, 3, 20), date(2026, 3, 20))
    facts = gather_facts(cast.village, plan.pk, days, date(2026, 3, 20))
    paper = count_letter("letter", facts, Said("关于有关情况的工作提示函", "柳湾村", "石桥县反诈联席办")).paper
    assert paper is not None
    drawn = Drawn(paper, {"plan": plan.pk}, {"mark": ""}, days.as_of, days.known_by)
    for _ in range(drafts):
        draft_paper(actor=cast.officer, unit=cast.county, addressee=cast.village, drawn=drawn, now=NOW)


def prepare_measure() -> None:
    """A draft of the county's office that would give the village a reminder."""
    from tests.web.cast import make_cast  # noqa: PLC0415
    from tests.web.ledger import issue_plan  # noqa: PLC0415
    from wuzha.core.supervision.life import Named  # noqa: PLC0415
    from wuzha.web.campaign.actions.papers import draft_paper  # noqa: PLC0415
    from wuzha.web.campaign.queries.measures import find_case  # noqa: PLC0415
    from wuzha.web.campaign.writers.measure import draw_measure  # noqa: PLC0415

    cast = make_cast()
    case = find_case(cast.village, issue_plan(cast).pk, NOW.date())
    assert case is not None
    named = (Named("rally", ("2026-01", "2026-02")),)
    drawn, _ = draw_measure(case, case.ladder.ladder.steps[0], named, "", cast.county)
    assert drawn is not None
    draft_paper(actor=cast.officer, unit=cast.county, addressee=cast.village, drawn=drawn, now=NOW)


def prepare_title() -> None:
    """A village whose public notice has hung long enough."""
    from tests.web.cast import make_cast  # noqa: PLC0415
    from tests.web.test_titles import set_up, walk  # noqa: PLC0415

    cast = make_cast()
    walk(cast, set_up(cast, since=date(2026, 1, 1)), cast.village, date(2026, 3, 2))


def award(render: Callable[[Any], Any]) -> None:
    """The village's title awarded by the county's officer."""
    from wuzha.core.title.life import Kind  # noqa: PLC0415
    from wuzha.web.accounts.models import Post, Unit  # noqa: PLC0415
    from wuzha.web.campaign.actions.titles import Award, award_title  # noqa: PLC0415
    from wuzha.web.campaign.models import TitleProgram  # noqa: PLC0415
    from wuzha.web.campaign.title_said import StepSaid  # noqa: PLC0415

    post = Post.objects.get(user__username="officer")
    said = StepSaid(Kind.AWARDED, NOW.date(), 4)
    unit = Unit.objects.get(code="SQ0101")
    made = Award(post.user, post, TitleProgram.objects.get(), unit, said, NOW)
    _, problems = award_title(award=made, render=render)
    assert problems == ()


def issue_together() -> list[int]:
    """The numbers of the papers that as many processes issued at once."""
    from django.db import connections  # noqa: PLC0415

    from wuzha.web.campaign.models import DraftPaper, IssuedPaper  # noqa: PLC0415

    drafts = [*DraftPaper.objects.values_list("pk", flat=True)]
    connections.close_all()
    children = [os.fork() or issue_one(pk) for pk in drafts]
    for child in children:
        os.waitpid(child, 0)
    return [*IssuedPaper.objects.order_by("serial").values_list("serial", flat=True)]


def issue_one(pk: Any) -> NoReturn:
    """What a child does, and then ends."""
    from wuzha.web.accounts.models import User  # noqa: PLC0415
    from wuzha.web.campaign.actions.papers import issue_paper  # noqa: PLC0415
    from wuzha.web.campaign.models import DraftPaper  # noqa: PLC0415

    try:
        actor = User.objects.get(username="officer")
        issue_paper(actor=actor, draft=DraftPaper.objects.get(pk=pk), now=NOW)
    finally:
        os._exit(0)


def issue_until(last: int, what: str = "") -> None:
    """Issues the draft, or awards, and is killed with -9 after so many statements. With a word in Word only, which
    lays out fast."""
    from django.db import connection  # noqa: PLC0415

    from wuzha.adapters.paper.docx import render_docx  # noqa: PLC0415
    from wuzha.web.accounts.models import User  # noqa: PLC0415
    from wuzha.web.campaign.actions.papers import Files, issue_paper, render_files  # noqa: PLC0415
    from wuzha.web.campaign.models import DraftPaper  # noqa: PLC0415

    draft, actor, left = DraftPaper.objects.first(), User.objects.get(username="officer"), [last]

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
        return execute(sql, params, many, context)

    def render(paper: Any) -> Files:
        return Files(docx=render_docx(paper)) if what else render_files(paper)

    with connection.execute_wrapper(count):
        if draft is None:
            award(render)
        else:
            issue_paper(actor=actor, draft=draft, now=NOW, render=render)


def look() -> dict[str, Any]:
    """What there is now: drafts, and the issued papers with their numbers and whether they are whole."""
    from wuzha.web.accounts.models import AuditEntry  # noqa: PLC0415
    from wuzha.web.campaign.models import DraftPaper, IssuedPaper, Measure, TitleCertificate, TitleStep  # noqa: PLC0415

    return {
        "drafts": DraftPaper.objects.count(),
        "issued": [[one.serial, bytes(one.docx)[:2] == b"PK", bool(one.pdf)] for one in IssuedPaper.objects.all()],
        "entries": AuditEntry.objects.filter(action="paper.issued").count(),
        "measures": [[one.step, len(one.facts)] for one in Measure.objects.all()],
        "given": AuditEntry.objects.filter(action="measure.given").count(),
        "awarded": [TitleStep.objects.filter(kind="awarded").count(), TitleCertificate.objects.count()],
    }


if __name__ == "__main__":
    main()
