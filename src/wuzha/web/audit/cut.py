"""What has been kept as long as it had to be is deleted, whole sealed stretches at a time; their last seal stands on.

How long an entry is kept at least, by what it tells:

- ``network``, log-ins and connections: six months, as the Cybersecurity Law asks of network logs (网络安全法,
  第二十一条第三项 in the numbering of 2016: 留存相关的网络日志不少于六个月).
- ``personal``, who handled personal data: three years, as for the records of handling in the Personal Information
  Protection Law (个人信息保护法 第五十六条) and of providing data to others (网络数据安全管理条例 第十二条).
- deeds: ten years unless the settings say otherwise, the shortest term of official files (机关文件材料归档范围
  和文书档案保管期限规定); no less than three, since a deed may handle personal data too.

The settings lengthen these and never shorten them. A stretch goes when every entry in it may go, and only after its
seal was computed anew and held: whoever has changed something must not have it tidied away.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Min, Q

from wuzha.adapters.wording.audit import list_kept
from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.audit import holds
from wuzha.web.accounts.models import AuditCut, AuditEntry, AuditPlace, AuditSeal
from wuzha.web.personal.models import LegalHold

CUT_ACTION = "audit.cut"
# So many stretches are deleted at once; a longer past takes several runs.
MOST_SEALS = 50


@dataclass(frozen=True, slots=True)
class Due:
    """The seals up to which everything may go; ``broken`` where the next one no longer holds.

    ``held`` where an order to keep something is in force: then nothing goes.
    """

    seals: tuple[AuditSeal, ...] = ()
    broken: bool = False
    held: bool = False

    @property
    def count(self) -> int:
        return sum(seal.count for seal in self.seals)


def find_due(*, now: datetime) -> Due:
    """What may be deleted by now."""
    if LegalHold.objects.filter(lifted_at=None).exists():
        return Due(held=True)
    found: list[AuditSeal] = []
    for before, seal in _list_left():
        if len(found) == MOST_SEALS or _is_wanted(before, seal, now):
            break
        if not holds(before, seal):
            return Due(tuple(found), broken=True)
        found.append(seal)
    return Due(tuple(found))


@transaction.atomic
def cut_entries(*, now: datetime) -> AuditCut | None:
    """Deletes what is due and leaves the certificate; none where nothing is. It is noted in the log itself."""
    AuditSeal.objects.select_for_update().order_by("-last_id").first()
    due = find_due(now=now)
    if not due.seals:
        return None
    last = due.seals[-1]
    gone = AuditEntry.objects.filter(id__lte=last.last_id)
    times = gone.aggregate(first=Min("at"), last=Max("at"))
    row = AuditCut(last_id=last.last_id, count=due.count, digest=last.digest, cut_at=now)
    row.first_at, row.last_at = times["first"], times["last"]
    row.save(force_insert=True)
    AuditPlace.objects.filter(entry_id__lte=last.last_id).delete()
    gone.delete()
    told = {"count": row.count, "first_at": row.first_at.isoformat(), "last_at": row.last_at.isoformat()}
    write_audit(action=CUT_ACTION, actor=None, target=row, at=now, digest=row.digest, **told)
    return row


def _list_left() -> Iterator[tuple[AuditSeal | None, AuditSeal]]:
    """The seals that no cut stands for, each with the one before it."""
    cut = AuditCut.objects.order_by("-last_id").values_list("last_id", flat=True).first() or 0
    before = AuditSeal.objects.filter(last_id=cut).first()
    for seal in AuditSeal.objects.filter(last_id__gt=cut).order_by("last_id")[: MOST_SEALS + 1]:
        yield before, seal
        before = seal


def _is_wanted(before: AuditSeal | None, seal: AuditSeal, now: datetime) -> bool:
    """Whether anything behind the seal has to be kept still."""
    stretch = AuditEntry.objects.filter(id__gt=before.last_id if before else 0, id__lte=seal.last_id)
    network, personal = list_kept("network"), list_kept("personal")
    condition = Q(action__in=network, at__gte=now - timedelta(settings.AUDIT_KEEP_NETWORK_DAYS))
    condition |= Q(action__in=personal, at__gte=now - timedelta(settings.AUDIT_KEEP_PERSONAL_DAYS))
    deeds = Q(at__gte=now - timedelta(settings.AUDIT_KEEP_DEED_DAYS))
    condition |= deeds & ~Q(action__in=(*network, *personal))
    return stretch.filter(condition).exists()
