"""Papers are drafted, changed, issued and counted again. Each is a named person's act with its audit entry.

Issuing is one transaction: either there is no paper, or a whole one with its number and its bytes. What is slow, the
laying out, is done before it for the number that is next; should another paper have taken that number meanwhile, it is
laid out again for the next one. So nobody waits for somebody else's printing, and no number is left out.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wuzha.adapters.paper.docx import render_docx
from wuzha.adapters.paper.pdf import describe_stand_ins, render_pdf
from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.base.problem import Problem, has_errors, make_problem
from wuzha.core.paper.check import check_paper
from wuzha.core.paper.model import FORMS, FormCode, Paper
from wuzha.core.paper.restate import FigureChange
from wuzha.core.paper.wire import read_paper, write_paper
from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.masks import mask_told
from wuzha.web.accounts.models import Unit, UnitChange, User
from wuzha.web.campaign.actions.measures import give_measure
from wuzha.web.campaign.models import DraftPaper, IssuedPaper, Restatement
from wuzha.web.campaign.queries.papers import find_next_serial

# So often a paper is laid out again because others took its number; more at once is no office at work.
ATTEMPTS = 20


class ChangedError(Exception):
    """Somebody else has changed the draft, or taken it away."""


class UnfitError(Exception):
    """The paper cannot be laid out as it is."""


class AddresseeGoneError(Exception):
    """The unit that the paper is addressed to is there no more; ``problems`` say since when and who took over."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a draft is made of: the paper, what it was counted from, what was typed, and the days it speaks of."""

    paper: Paper
    asked: Mapping[str, Any]
    said: Mapping[str, Any]
    as_of: date
    known_by: date


@dataclass(frozen=True, slots=True)
class Files:
    """The bytes of a paper; a file that its form has not is empty. ``pdf_note`` tells of the PDF's fonts."""

    docx: bytes = b""
    pdf: bytes = b""
    xlsx: bytes = b""
    pdf_note: str = ""


Render = Callable[[Paper], Files]


@transaction.atomic
def draft_paper(*, actor: User, unit: Unit, addressee: Unit | None, drawn: Drawn, now: datetime) -> DraftPaper:
    """A new draft of the office ``unit``. Nothing leaves the house by it."""
    draft = DraftPaper(form=drawn.paper.form, unit=unit, addressee=addressee, created_by=actor, created_at=now)
    _fill(draft, drawn, actor, now)
    draft.save(force_insert=True)
    _note("paper.drafted", actor, draft, now)
    return draft


@transaction.atomic
def change_paper(*, actor: User, draft: DraftPaper, revision: int, drawn: Drawn, now: datetime) -> DraftPaper:
    """The draft with other words, counted anew. Raises ``ChangedError`` when it is no longer what the person saw."""
    held = _hold(draft.pk, revision)
    _fill(held, drawn, actor, now)
    held.revision += 1
    held.save()
    _note("paper.changed", actor, held, now)
    return held


@transaction.atomic
def discard_paper(*, actor: User, draft: DraftPaper, now: datetime) -> None:
    """Takes a draft away. The audit log keeps what it was; a number was never given to it."""
    held = _hold(draft.pk)
    _note("paper.discarded", actor, held, now)
    held.delete()


def follow_nothing(issued: IssuedPaper, actor: User, now: datetime) -> None:
    """Most papers are issued, and that is all."""


def number_paper(paper: Paper, number: str, day: date) -> Paper:
    """The paper with its number and the day on which it goes out."""
    return replace(paper, number=number, signed_on=day)


def say_usual_number(draft: DraftPaper, year: int, serial: int) -> str:
    # The form of a draft is one of the model's choices, which are the codes of the core.
    form: Any = draft.form
    return say_number(form, draft.said.get("mark", ""), year, serial)


def say_number(form: FormCode, mark: str, year: int, serial: int) -> str:
    """石反诈函〔2026〕3号. Without a mark of the office the form stands before it."""
    return f"{mark or FORMS[form].name}〔{year}〕{serial}号"


@dataclass(frozen=True, slots=True)
class Rules:
    """How a form numbers its papers (by the draft, the year and the serial), and what else happens as one goes out.

    What follows happens in the transaction that keeps the paper.
    """

    say_number: Callable[[DraftPaper, int, int], str] = say_usual_number
    follow: Callable[[IssuedPaper, User, datetime], None] = follow_nothing


def check_addressee(draft: DraftPaper, today: date) -> tuple[Problem, ...]:
    """Nothing is sent to a unit that has closed since the draft was written: nobody is there to answer it."""
    unit = draft.addressee
    if unit is None or unit.closes_on > today:
        return ()
    gone: dict[str, Any] = {"unit": unit.name, "day": unit.closes_on}
    change = UnitChange.objects.filter(unit=unit, into__isnull=False).order_by("happened_on", "id").last()
    if change is None:
        return (make_problem("paper.addressee-closed", **gone),)
    names = "、".join(change.into.values_list("name", flat=True))
    return (make_problem("paper.addressee-taken-over", **gone, into=names),)


def issue_paper(
    *,
    actor: User,
    draft: DraftPaper,
    now: datetime,
    render: Render | None = None,
    rules: Rules | None = None,
) -> IssuedPaper:
    """The paper with its number, its day and its bytes, for good. Issuing the same draft again gives the same paper.

    ``render`` makes the files of a form that has others than Word and PDF, or photos; ``rules`` are those of a form
    that counts its numbers otherwise, or after which something follows. Raises ``ChangedError`` when the draft is no
    longer what the person saw, ``UnfitError`` when it cannot be laid out, ``NotGivenError`` when it was drafted for a
    measure that is not in order, ``AddresseeGoneError`` when the unit it is addressed to has closed.
    """
    rules = rules or Rules()
    year = timezone.localdate(now).year
    gone = check_addressee(draft, timezone.localdate(now))
    if gone and not IssuedPaper.objects.filter(draft=draft.pk).exists():
        raise AddresseeGoneError(gone)
    for _ in range(ATTEMPTS):
        serial = find_next_serial(draft.unit, draft.form, year)
        number = rules.say_number(draft, year, serial)
        paper = number_paper(read_paper(draft.content), number, timezone.localdate(now))
        if has_errors(check_paper(paper)):
            raise UnfitError
        made = paper, (render or render_files)(paper)
        issued = _keep(_Act(actor, now, rules), draft, made, serial)
        if issued is not None:
            return issued
    raise ChangedError


def render_files(paper: Paper) -> Files:
    """Word and PDF. A machine without a font for every sign makes no PDF; the paper goes out in Word and says why."""
    made = render_pdf(paper)
    if made.content is None:
        return Files(docx=render_docx(paper), pdf_note="".join(describe_problem(one) for one in made.problems))
    return Files(docx=render_docx(paper), pdf=made.content, pdf_note=describe_stand_ins(made.stand_ins))


@dataclass(frozen=True, slots=True)
class _Act:
    """By whom, when and by which rules a paper goes out."""

    actor: User
    now: datetime
    rules: Rules


@transaction.atomic
def _keep(act: _Act, draft: DraftPaper, made: tuple[Paper, Files], serial: int) -> IssuedPaper | None:
    """The paper kept under that number and its draft gone, together; none when the number has been taken."""
    actor, now = act.actor, act.now
    Unit.objects.select_for_update(no_key=True).get(pk=draft.unit_id)  # one office gives one number at a time
    before = IssuedPaper.objects.filter(draft=draft.pk).first()
    if before is not None:
        return before
    held = _hold(draft.pk, draft.revision)
    paper, files = made
    year = timezone.localdate(now).year
    if (
        find_next_serial(held.unit, held.form, year) != serial
        or act.rules.say_number(held, year, serial) != paper.number
    ):
        return None
    issued = IssuedPaper(draft=held.pk, year=year, serial=serial, number=paper.number, issued_by=actor, issued_at=now)
    for name in ("form", "unit", "addressee", "title", "asked", "said", "as_of", "known_by", "counted_at"):
        setattr(issued, name, getattr(held, name))
    issued.content = write_paper(paper)
    issued.pdf_note = files.pdf_note
    for name, content in (("docx", files.docx), ("pdf", files.pdf), ("xlsx", files.xlsx)):
        setattr(issued, name, content)
        setattr(issued, f"{name}_sha256", _digest(content))
    issued.save(force_insert=True)
    held.delete()
    give_measure(actor=actor, paper=issued, now=now)
    hashes = {"docx": issued.docx_sha256, "pdf": issued.pdf_sha256, "xlsx": issued.xlsx_sha256}
    _note("paper.issued", actor, issued, now, number=issued.number, draft=str(issued.draft), **hashes)
    act.rules.follow(issued, actor, now)
    return issued


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest() if content else ""


class _TakenError(Exception):
    """Another paper took the number meanwhile."""


@dataclass(frozen=True, slots=True)
class Issue:
    """A paper to be issued as it was drawn. ``key`` is the id that its draft would have had: one key is issued once.

    ``guard`` is asked in the transaction of the issue; it raises where what the paper was drawn from has changed.
    ``rules.follow`` happens in it too, and if that raises, there is no paper.
    """

    drawn: Drawn
    key: UUID
    render: Render
    guard: Callable[[], None]
    rules: Rules = Rules()
    addressee: Unit | None = None


def issue_drawn(*, actor: User, unit: Unit, issue: Issue, now: datetime) -> IssuedPaper:
    """A paper issued without a draft that somebody could find in between. Raises as :func:`issue_paper` does."""
    day, drawn = timezone.localdate(now), issue.drawn
    for _ in range(ATTEMPTS):
        before = IssuedPaper.objects.filter(draft=issue.key).first()
        if before is not None:
            return before
        serial = find_next_serial(unit, drawn.paper.form, day.year)
        number = say_number(drawn.paper.form, drawn.said.get("mark", ""), day.year, serial)
        paper = number_paper(_mask_paper(drawn.paper), number, day)
        if has_errors(check_paper(paper)):
            raise UnfitError
        draft = DraftPaper(pk=issue.key, form=paper.form, unit=unit, created_by=actor, created_at=now)
        draft.addressee = issue.addressee
        _fill(draft, drawn, actor, now)
        with suppress(_TakenError):
            return _keep_drawn(_Act(actor, now, issue.rules), draft, (paper, issue.render(paper)), serial, issue.guard)
    raise ChangedError


@transaction.atomic
def _keep_drawn(
    act: _Act, draft: DraftPaper, made: tuple[Paper, Files], serial: int, guard: Callable[[], None]
) -> IssuedPaper:
    Unit.objects.select_for_update(no_key=True).get(pk=draft.unit_id)
    before = IssuedPaper.objects.filter(draft=draft.pk).first()
    if before is not None:
        return before
    guard()
    draft.save(force_insert=True)
    issued = _keep(act, draft, made, serial)
    if issued is None:
        raise _TakenError
    return issued


@transaction.atomic
def restate_paper(
    *, actor: User, paper: IssuedPaper, now_paper: Paper | None, changes: tuple[FigureChange, ...], now: datetime
) -> Restatement:
    """What the paper's figures are as known now, kept beside it. The paper and its bytes stay as they are.

    What came out as it did the last time is not kept again.
    """
    IssuedPaper.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=paper.pk)
    row = Restatement(paper=paper, made_by=actor, made_at=now, changes=[asdict(change) for change in changes])
    row.content = write_paper(now_paper) if now_paper else {}
    last = Restatement.objects.filter(paper=paper).first()
    if last is not None and _tell_figures(last) == _tell_figures(row):
        return last
    row.save(force_insert=True)
    _note("paper.restated", actor, paper, now, number=paper.number, changed=len(changes))
    return row


def _tell_figures(row: Restatement) -> object:
    """What was counted, as the database gives it back."""
    return mask_told(json.loads(json.dumps([row.content, row.changes])))


def _mask_paper(paper: Paper) -> Paper:
    """As a draft of it would be kept: what was typed is masked in the files, too."""
    told: Any = mask_told(write_paper(paper))
    return read_paper(told)


def _fill(draft: DraftPaper, drawn: Drawn, actor: User, now: datetime) -> None:
    draft.title, draft.asked, draft.said = drawn.paper.title, dict(drawn.asked), dict(drawn.said)
    draft.content = write_paper(drawn.paper)
    draft.as_of, draft.known_by, draft.counted_at = drawn.as_of, drawn.known_by, now
    draft.changed_by, draft.changed_at = actor, now


def _hold(pk: UUID, revision: int | None = None) -> DraftPaper:
    found = DraftPaper.objects.select_for_update().filter(pk=pk)
    held = (found if revision is None else found.filter(revision=revision)).first()
    if held is None:
        raise ChangedError
    return held


def _note(action: str, actor: User, paper: DraftPaper | IssuedPaper, now: datetime, **told: object) -> None:
    about = paper.addressee.code if paper.addressee else ""
    place = {"form": paper.form, "unit": paper.unit.code, "addressee": about, "title": paper.title}
    write_audit(action=action, actor=actor, target=paper, at=now, **place, **told)
