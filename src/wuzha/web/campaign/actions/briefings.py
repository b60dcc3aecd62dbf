"""What is said and done about briefings beside issuing them: where the count begins, the record, the public copy.

Nothing goes into a public copy that no named person has looked at.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone

from wuzha.adapters.paper.docx import render_docx
from wuzha.adapters.paper.mask import Box, UnreadablePhotoError, mask_faces
from wuzha.adapters.paper.pdf import describe_stand_ins, render_pdf
from wuzha.adapters.paper.picture import UnfinishedPaperError
from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.ledger.record import Record as CoreRecord
from wuzha.core.paper.check import list_pictures
from wuzha.core.paper.model import Paper
from wuzha.core.paper.public import LeftOut, PublicCopy, make_public
from wuzha.core.paper.wire import read_paper, write_paper
from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.models import Post, Unit, User
from wuzha.web.campaign import models
from wuzha.web.campaign.actions.papers import Files, UnfitError
from wuzha.web.campaign.actions.records import add_record
from wuzha.web.campaign.models import BriefingStart, IssuedPaper, PictureLook
from wuzha.web.campaign.queries.briefings import FORM, list_looks, may_start, read_content_of

HEADLINE = 120


class StartedError(Exception):
    """The office's count has begun already."""


class UnseenError(Exception):
    """A picture was not looked at, or somebody has looked at it anew meanwhile."""


def render_with_pictures(paper: Paper) -> Files:
    """Word and PDF with the photos. Raises ``UnfitError`` where one of them is not to be had."""
    pictures = {}
    for picture in list_pictures(paper):
        content = read_content_of(picture.evidence)
        if content is None:
            raise UnfitError
        pictures[picture.evidence] = content
    return render_files_of(paper, pictures)


def render_files_of(paper: Paper, pictures: Mapping[str, bytes]) -> Files:
    try:
        docx = render_docx(paper, pictures)
    except UnfinishedPaperError as error:
        raise UnfitError from error
    made = render_pdf(paper, pictures)
    if made.content is None:
        return Files(docx=docx, pdf_note="".join(describe_problem(one) for one in made.problems))
    return Files(docx=docx, pdf=made.content, pdf_note=describe_stand_ins(made.stand_ins))


@transaction.atomic
def set_start(*, actor: User, unit: Unit, before: tuple[int, int], year: int, now: datetime) -> BriefingStart:
    """How many briefings the office had issued elsewhere, this year and in all. Raises ``StartedError``."""
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)  # as issuing does
    if not may_start(unit):
        raise StartedError
    row = BriefingStart(unit=unit, year=year, set_by=actor, set_at=now)
    row.before_in_year, row.before_in_all = before
    row.save(force_insert=True)
    told = {"unit": unit.code, "year": year, "before_in_year": before[0], "before_in_all": before[1]}
    write_audit(action="briefing.start-set", actor=actor, target=row, at=now, **told)
    return row


def record_briefing(*, actor: User, paper: IssuedPaper, now: datetime) -> None:
    """The record that the office has issued a briefing: one for each, whose id follows from the paper's.

    It goes in through the door of the ledger, in the transaction that issues the paper. What the door refuses is noted
    and keeps no briefing back.
    """
    day = timezone.localdate(now)
    told = {"headline": paper.title[:HEADLINE]}
    record = CoreRecord(uuid5(paper.draft, FORM), paper.unit.code, FORM, day, recorded_at=now, extra=told)
    outcome, problems = add_record(actor=actor, record=record, now=now)
    if not outcome.is_good:
        codes = [problem.code for problem in problems]
        write_audit(action="briefing.not-recorded", actor=actor, target=paper, at=now, problems=codes)


@transaction.atomic
def keep_look(
    *, actor: User, paper: IssuedPaper, sha256: str, boxes: Sequence[Box], post: Post, now: datetime
) -> PictureLook:
    """What the person saw in the picture: these boxes with faces, or, where there are none, nobody to be known."""
    row = PictureLook(paper=paper, sha256=sha256, looked_by=actor, looked_at=now, post=str(post), no_faces=not boxes)
    row.boxes = [[box.left, box.top, box.width, box.height] for box in boxes]
    row.save(force_insert=True)
    told = {"sha256": sha256, "boxes": row.boxes, "no_faces": row.no_faces, "post": row.post}
    write_audit(action="briefing.picture-looked-at", actor=actor, target=paper, at=now, **told)
    return row


def mask_picture(content: bytes, found: PictureLook) -> bytes:
    """The picture as it may be seen. Raises ``UnfitError`` where it cannot be read."""
    try:
        return mask_faces(content, [Box(*sides) for sides in found.boxes])
    except UnreadablePhotoError as error:
        raise UnfitError from error


def issue_public_copy(
    *,
    actor: User,
    paper: IssuedPaper,
    left_out: LeftOut,
    looks: Mapping[str, PictureLook],
    post: Post,
    now: datetime,
) -> models.PublicCopy:
    """The public copy with its own bytes, kept for good; one more version where there is one already.

    ``looks`` holds the look at each picture of the paper that the person had before them. Raises ``UnseenError`` where
    one is missing or no longer the last, ``UnfitError`` where the copy cannot be laid out.
    """
    pictures, shown = _mask_all(paper, looks)
    made = make_public(
        read_paper(paper.content), LeftOut(left_out.names, left_out.kept, left_out.no_names, pictures=shown)
    )
    files = render_files_of(made.paper, pictures)
    try:
        with transaction.atomic():
            return _keep_copy(actor, paper, made, files, _Act(looks, post, now, tuple(left_out.no_names)))
    except IntegrityError as error:
        raise UnseenError from error


def _mask_all(paper: IssuedPaper, looks: Mapping[str, PictureLook]) -> tuple[dict[str, bytes], dict[str, str]]:
    """The masked pictures by their own hashes, and for each original which of them stands in its place."""
    pictures, shown = {}, {}
    for picture in list_pictures(read_paper(paper.content)):
        content, found = read_content_of(picture.evidence), looks.get(picture.evidence)
        if found is None:
            raise UnseenError
        if content is None:
            raise UnfitError
        masked = mask_picture(content, found)
        shown[picture.evidence] = hashlib.sha256(masked).hexdigest()
        pictures[shown[picture.evidence]] = masked
    return pictures, shown


@dataclass(frozen=True, slots=True)
class _Act:
    """By what looks, post and moment a public copy goes out."""

    looks: Mapping[str, PictureLook]
    post: Post
    now: datetime
    no_names: tuple[str, ...]


def _keep_copy(actor: User, paper: IssuedPaper, made: PublicCopy, files: Files, act: _Act) -> models.PublicCopy:
    IssuedPaper.objects.select_for_update().only("pk").get(pk=paper.pk)
    wanted = {picture.evidence for picture in list_pictures(read_paper(paper.content))}
    last = {sha256: one.pk for sha256, one in list_looks(paper).items() if sha256 in wanted}
    if last != {sha256: one.pk for sha256, one in act.looks.items() if sha256 in wanted}:
        raise UnseenError
    row = models.PublicCopy(paper=paper, version=paper.public_copies.count() + 1, issued_by=actor, issued_at=act.now)
    row.content, row.post, row.pdf_note = write_paper(made.paper), str(act.post), files.pdf_note
    row.left_out = {
        "changes": [asdict(change) for change in made.changes],
        "no_names": [*act.no_names],
        "looks": sorted(last.values()),
    }
    row.docx, row.docx_sha256 = files.docx, hashlib.sha256(files.docx).hexdigest()
    row.pdf, row.pdf_sha256 = files.pdf, hashlib.sha256(files.pdf).hexdigest() if files.pdf else ""
    row.save(force_insert=True)
    told = {"paper": paper.pk, "number": paper.number, "version": row.version, "post": row.post}
    hashes = {"docx": row.docx_sha256, "pdf": row.pdf_sha256}
    write_audit(action="briefing.public-copy-issued", actor=actor, target=row, at=act.now, **told, **hashes)
    return row
