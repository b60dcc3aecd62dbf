"""What can be measured of the site, in the text format of Prometheus (version 0.0.4).

Counts and times are of the one process that answers, since it began: with several processes each says its own number,
and a server in front hands a question to one of them. What is read from the database or the disk is of the whole site.
"""

import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from django.conf import settings
from django.db import DatabaseError

from wuzha.web.accounts.marks import read_mark
from wuzha.web.accounts.models import AuditEntry, AuditSeal
from wuzha.web.accounts.tally import LIMITS_S, TALLY, Labels, name_process
from wuzha.web.campaign.models import Record
from wuzha.web.jobs.models import Job

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
HELP: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "wuzha_requests_total": ("counter", "Requests by kind of page and status, of this process."),
        "wuzha_request_seconds": ("histogram", "Time to the answer by kind of page, of this process."),
        "wuzha_database_seconds_total": ("counter", "Time spent in questions to the database, of this process."),
        "wuzha_database_queries_total": ("counter", "Questions to the database, of this process."),
        "wuzha_phone_answers_total": ("counter", "Records that phones sent, by what became of them, of this process."),
        "wuzha_ledger_rows": ("gauge", "Records in the ledger."),
        "wuzha_audit_unsealed": ("gauge", "Entries of the audit log behind the last seal."),
        "wuzha_jobs": ("gauge", "Jobs by state."),
        "wuzha_last_done_age_seconds": ("gauge", "Seconds since it was last done on this machine."),
        "wuzha_disk_free_bytes": ("gauge", "Room left on the disk of the data folder."),
        "wuzha_database_up": ("gauge", "1 where the database answered this question."),
    }
)
# Prometheus may come to any of the processes of a site; their counts are told apart by this.
Line = tuple[str, Labels, float]


def write_metrics(now: datetime) -> str:
    """Everything, each kind with what it means before it."""
    lines: dict[str, list[str]] = {}
    process = (("process", name_process()),)
    for name, labels, value in TALLY.list_counts():
        lines.setdefault(name, []).append(_write(name, labels + process, value))
    for name, labels, classes, total in TALLY.list_times():
        lines.setdefault(name, []).extend(_write_times(name, labels + process, classes, total))
    for name, labels, value in _list_gauges(now):
        lines.setdefault(name, []).append(_write(name, labels, value))
    return "".join(_write_kind(name, told) for name, told in lines.items())


def _write_kind(name: str, told: list[str]) -> str:
    kind, words = HELP[name]
    return "\n".join([f"# HELP {name} {words}", f"# TYPE {name} {kind}", *told]) + "\n"


def _write_times(name: str, labels: Labels, classes: list[float], total: float) -> Iterator[str]:
    for limit, count in zip([*map(str, LIMITS_S), "+Inf"], classes, strict=True):
        yield _write(f"{name}_bucket", (*labels, ("le", limit)), count)
    yield _write(f"{name}_sum", labels, total)
    yield _write(f"{name}_count", labels, classes[-1])


def _write(name: str, labels: Labels, value: float) -> str:
    told = ",".join(f'{key}="{_escape(text)}"' for key, text in labels)
    return f"{name}{{{told}}} {value:g}" if told else f"{name} {value:g}"


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _list_gauges(now: datetime) -> Iterator[Line]:
    for name in ("tick", "backup"):
        if (at := read_mark(name)) is not None:
            yield "wuzha_last_done_age_seconds", (("what", name),), (now - at).total_seconds()
    yield "wuzha_disk_free_bytes", (), shutil.disk_usage(settings.DATA).free
    try:
        yield from [*_list_rows(), ("wuzha_database_up", (), 1)]
    except DatabaseError:
        yield "wuzha_database_up", (), 0


def _list_rows() -> Iterator[Line]:
    yield "wuzha_ledger_rows", (), Record.objects.count()
    last = AuditSeal.objects.order_by("-last_id").values_list("last_id", flat=True).first() or 0
    yield "wuzha_audit_unsealed", (), AuditEntry.objects.filter(id__gt=last).count()
    for state in Job.State.values:
        yield "wuzha_jobs", (("state", state),), Job.objects.filter(state=state).count()
