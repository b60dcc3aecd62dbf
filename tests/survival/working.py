"""Lets a worker issue a monthly table and kills it with -9 at one statement after the other; prints what was left.

Run as ``python -m tests.survival.working`` with ``WUZHA_DATA`` set: a process of its own, whose children are killed.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import django

# Between two places at which the worker is killed, and more than all that the work asks of the database.
STEP, STATEMENTS = 6, 400


def main() -> None:
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - Django must be set up first
    from django.db import connections  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from wuzha.web.jobs.models import Job  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    now = timezone.now()
    ask(now)
    found = []
    for number in range(0, STATEMENTS, STEP):
        now += timedelta(hours=1)
        connections.close_all()
        child = os.fork()
        if child == 0:
            work_until_statement(number, now)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        found.append({"killed": os.WIFSIGNALED(status)} | look())
        if not found[-1]["killed"]:
            break
        # So many kills are no county's day; the attempts that they cost are given back.
        Job.objects.update(attempts=0)
    sys.stdout.write(json.dumps(found))


def ask(now: datetime) -> None:
    """The officer asks for last month's table to be issued."""
    from tests.web.cast import make_cast  # noqa: PLC0415
    from tests.web.ledger import issue_plan  # noqa: PLC0415
    from wuzha.web.accounts.models import Post  # noqa: PLC0415
    from wuzha.web.campaign.actions.monthly import ask_issue, open_table  # noqa: PLC0415

    cast = make_cast()
    last = now.date().replace(day=1) - timedelta(days=1)
    version, post = issue_plan(cast, last.year), Post.objects.get(user=cast.officer)
    month = (f"{last:%Y-%m}", 0)
    call = open_table(actor=cast.officer, post=post, version=version, month=month, due_on=last, now=now)
    ask_issue(actor=cast.officer, call=call, title="发布", now=now)


def work_until_statement(last: int, now: datetime) -> None:
    """A worker that is killed after so many statements of its own thread."""
    from django.db import connection  # noqa: PLC0415

    from wuzha.web.jobs.worker import work_once  # noqa: PLC0415
    from wuzha.web.works import gather_crew  # noqa: PLC0415

    left = [last]

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        assert work_once(gather_crew(lambda: now, is_inside=False))


def look() -> dict[str, Any]:
    from wuzha.web.accounts.models import AuditEntry  # noqa: PLC0415
    from wuzha.web.campaign.models import IssuedPaper  # noqa: PLC0415
    from wuzha.web.jobs.models import Job  # noqa: PLC0415

    return {
        "papers": [[one.serial, bytes(one.xlsx)[:2] == b"PK"] for one in IssuedPaper.objects.all()],
        "entries": AuditEntry.objects.filter(action="paper.issued").count(),
        "state": Job.objects.get().state,
    }


if __name__ == "__main__":
    main()
