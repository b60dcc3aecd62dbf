"""The audit log: looks at personal data are noted in it; it is sealed from time to time and checked against its seals.

Whoever shows personal data that is hidden by default calls :func:`note_look` first and shows nothing where it raises.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from django.db import models, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from wuzha.core.base.chain import BEGINNING, Entry, Seal, make_seal
from wuzha.core.base.problem import Problem, Source, make_problem
from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.audit_end import copy_seal, list_lost, list_unsure
from wuzha.web.accounts.models import AuditCut, AuditEntry, AuditSeal, User

# An entry of a transaction that is still under way gets its number early and is seen late. None takes so long.
SETTLED_AFTER = timedelta(minutes=15)
# So many entries stand behind one seal at most, so that a break is told near its place.
MOST = 10_000
PIECE = 2000
LOOK_ACTION = "personal.looked-at"
# What somebody has to do, in words that another one understands a year later.
FEWEST_WORDS, MOST_WORDS = 4, 200


class LookReason(models.TextChoices):
    """Why somebody looks at personal data: one of these, and words of their own beside it."""

    DUTY = "duty", _("Work of my post")
    MENDING = "mending", _("To check or mend what is written")
    REQUEST = "request", _("The person asked to see or copy their own data")
    COMPLAINT = "complaint", _("To handle a complaint or an appeal")
    SUPERVISION = "supervision", _("Supervision or inspection")
    POLICE = "police", _("A case of the police, by law")
    SECURITY = "security", _("To look into the safety of accounts")


@dataclass(frozen=True, slots=True)
class Why:
    """The reason of a look: a code of :class:`LookReason`, and what exactly it is for."""

    reason: str
    words: str


def check_why(why: Why) -> list[Problem]:
    """What is missing from the reason of a look, for the form that asks for it; nothing where it will do."""
    problems, words = [], why.words.strip()
    if why.reason not in LookReason.values:
        problems.append(make_problem("audit.reason-missing", Source(key="reason")))
    if len(words) < FEWEST_WORDS:
        problems.append(make_problem("audit.words-missing", Source(key="words"), fewest=FEWEST_WORDS))
    if len(words) > MOST_WORDS:
        problems.append(make_problem("audit.words-long", Source(key="words"), most=MOST_WORDS))
    return problems


@transaction.atomic
def note_look(*, actor: User, target: models.Model, what: str, why: Why, now: datetime) -> None:
    """That somebody looks at personal data of ``target``; to be written before anything of it is shown.

    ``what`` names the data in one word (``phone``, ``identity``), never the data itself. Raises ``ValueError`` for a
    reason that :func:`check_why` finds fault with: then nothing may be shown.
    """
    if problems := check_why(why):
        raise ValueError(f"no look without a reason: {problems[0].code}")
    told = {"what": what, "reason": why.reason, "words": why.words.strip()}
    write_audit(action=LOOK_ACTION, actor=actor, target=target, at=now, **told)


@dataclass(frozen=True, slots=True)
class Verdict:
    """``entries`` that stand behind ``seals`` in order; ``open`` ones are not sealed yet.

    ``last_id`` is the last entry behind a seal that holds, ``held`` how many seals do. ``cut`` entries were kept
    as long as they had to be and are gone, the last of them of ``cut_until``.

    ``broken`` is the first seal that does not hold, with the ids between which something was changed, added or taken
    out; none where all hold. ``digest`` is that of the last seal that holds.

    ``lost`` says what was there once and is gone, such as the end of the log; ``unsure`` what could not be compared.
    """

    entries: int
    seals: int
    open: int
    digest: str
    broken: tuple[int, int] | None = None
    knows_expected: bool = True
    last_id: int = 0
    held: int = 0
    cut: int = 0
    cut_until: datetime | None = None
    lost: tuple[Problem, ...] = ()
    unsure: tuple[Problem, ...] = ()

    @property
    def is_well(self) -> bool:
        """Nothing is changed and nothing is missing, as far as anything here can tell."""
        return self.broken is None and self.knows_expected and not self.lost


def seal_entries(*, now: datetime) -> int:
    """Seals what has settled by now; says how many entries that were. Twice at once it does so once."""
    sealed = 0
    while taken := _seal_some(now - SETTLED_AFTER, now):
        sealed += taken
    return sealed


@transaction.atomic
def _seal_some(until: datetime, now: datetime) -> int:
    last = AuditSeal.objects.select_for_update().order_by("-last_id").first()
    # What settled later than a younger entry waits for that one's neighbours: a seal leaves no entry out.
    unsettled = AuditEntry.objects.filter(id__gt=last.last_id if last else 0, at__gt=until).order_by("id")
    first_open = unsettled.values_list("id", flat=True).first()
    found = AuditEntry.objects.filter(id__gt=last.last_id if last else 0, at__lte=until).order_by("id")
    if first_open is not None:
        found = found.filter(id__lt=first_open)
    seal = make_seal(_read(last) if last else None, _list_entries(found[:MOST]))
    if seal is None:
        return 0
    AuditSeal(last_id=seal.last_id, count=seal.count, before=seal.before, digest=seal.digest, sealed_at=now).save(
        force_insert=True
    )
    transaction.on_commit(partial(copy_seal, seal.last_id, seal.digest, now))
    return seal.count


def verify_seals(expected: str = "") -> Verdict:
    """Computes every seal anew. ``expected`` is a digest that was written down elsewhere: it must be among them.

    Of what a cut stands for only the seals are left: their chain must hold, agree with the cut, and hide no entry.
    """
    cuts = list(AuditCut.objects.order_by("last_id"))
    seals = list(AuditSeal.objects.order_by("last_id"))
    broken = find_wrong_cut(cuts, seals)
    until = cuts[-1].last_id if cuts else 0
    entries, before, digests = 0, None, set()
    for row in () if broken else seals:
        if not (_is_linked(before, row) if row.last_id <= until else holds(before, row)):
            broken = (before.last_id if before else 0) + 1, row.last_id
            break
        before = row
        entries += row.count if row.last_id > until else 0
        digests.add(row.digest)
    last = before.last_id if before else 0
    still_open = AuditEntry.objects.filter(id__gt=last).count()
    knows = not expected or expected in digests
    found = Verdict(entries, len(seals), still_open, before.digest if before else "", broken, knows, last, len(digests))
    found = replace(found, lost=tuple(list_lost()), unsure=tuple(list_unsure()))
    return replace(found, cut=sum(cut.count for cut in cuts), cut_until=cuts[-1].last_at if cuts else None)


def holds(before: AuditSeal | None, row: AuditSeal) -> bool:
    """Whether the entries behind the seal are those that were sealed."""
    found = AuditEntry.objects.filter(id__gt=before.last_id if before else 0, id__lte=row.last_id).order_by("id")
    return make_seal(_read(before) if before else None, _list_entries(found)) == _read(row)


def _is_linked(before: AuditSeal | None, row: AuditSeal) -> bool:
    return row.before == (before.digest if before else BEGINNING)


def find_wrong_cut(cuts: Sequence[AuditCut], seals: Sequence[AuditSeal]) -> tuple[int, int] | None:
    """The ids between which a cut does not agree with the seals that it stands for, or hides an entry; none if none."""
    begun = 0
    for cut in cuts:
        stretch = [seal for seal in seals if begun < seal.last_id <= cut.last_id]
        counted = sum(seal.count for seal in stretch)
        if not stretch or (stretch[-1].last_id, stretch[-1].digest, counted) != (cut.last_id, cut.digest, cut.count):
            return begun + 1, cut.last_id
        begun = cut.last_id
    if cuts and (AuditEntry.objects.filter(id__lte=begun).exists() or not _is_noted(cuts[-1])):
        return 1, begun
    return None


def _is_noted(cut: AuditCut) -> bool:
    """The log itself says that it was cut; an entry of that is never among those that went."""
    noted = AuditEntry.objects.filter(object_type="auditcut", object_id=str(cut.pk)).values_list("details", flat=True)
    return any(told.get("digest") == cut.digest and told.get("count") == cut.count for told in noted)


def _read(row: AuditSeal) -> Seal:
    return Seal(row.last_id, row.count, row.before, row.digest)


def _list_entries(rows: QuerySet[AuditEntry]) -> Iterator[Entry]:
    for row in rows.iterator(chunk_size=PIECE):
        about = (row.actor_id, row.object_type, row.object_id, row.at, row.details, row.request)
        yield Entry(row.pk, row.action, *about)
