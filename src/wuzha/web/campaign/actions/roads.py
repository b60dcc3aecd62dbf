"""Every write to roads, outlines and the places of sites. Each one is atomic and leaves its audit row."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from wuzha.adapters.roads.model import Shape
from wuzha.core.base.problem import Problem, has_errors
from wuzha.core.duty.model import SiteChange
from wuzha.core.ground.line import measure_line
from wuzha.core.ground.point import Point
from wuzha.core.ledger.position import POSITION, Position, read_position
from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign.kinds import load_kinds_at
from wuzha.web.campaign.models import GroundUpload, Outline, Record, Road, SitePlace
from wuzha.web.campaign.queries.roads import Change, list_open, preview_ground, write_points

CENT = Decimal("0.01")
# A clock ten years off tells nothing of when somebody was there; to reckon with it may lead out of the calendar.
ABSURD_S = 3653 * 24 * 3600


@transaction.atomic
def hold_ground(*, actor: User, unit: Unit, file: dict[str, Any], now: datetime) -> GroundUpload:
    """Keeps an uploaded file until it is confirmed; a newer one of the same person takes its place.

    ``file`` holds name, content, is_shifted and opens_on.
    """
    held = {**file, "name": file["name"][:200], "unit": unit, "uploaded_at": now}
    upload, _ = GroundUpload.objects.update_or_create(uploaded_by=actor, defaults=held)
    write_audit(action="roads.uploaded", actor=actor, target=upload, at=now, name=upload.name, unit=unit.code)
    return upload


@transaction.atomic
def take_in_ground(
    *, actor: User, upload: GroundUpload, managed: QuerySet[Unit], now: datetime
) -> tuple[Sequence[Change], Sequence[Problem]]:
    """Takes the whole file in, or, with any error in it, nothing. Gives what was new or changed, and the problems."""
    preview = preview_ground(upload, managed)
    if has_errors(preview.problems):
        return (), preview.problems
    made = [change for change in preview.changes if change.state != "same"]
    for change in made:
        _take_in(change, upload.opens_on, now)
    upload.delete()
    numbers = {"new": preview.new, "changed": preview.changed, "name": upload.name}
    # The unit is the object, so that whatever is kept of the units is built anew.
    write_audit(action="roads.imported", actor=actor, target=upload.unit, at=now, **numbers)
    return made, preview.problems


def _take_in(change: Change, opens_on: date, now: datetime) -> None:
    shape, unit = change.shape, change.unit
    if shape.sort == "site":
        place = {"lon": shape.points[0].lon, "lat": shape.points[0].lat, "placed_at": now}
        SitePlace.objects.update_or_create(unit=unit, subject=shape.subject, defaults=place)
    elif shape.sort == "road":
        _succeed(list_open(Road.objects.filter(unit=unit, name=shape.name)), opens_on)
        make_road(shape, unit, opens_on).save()
    else:
        _succeed(list_open(Outline.objects.filter(unit=unit, name=shape.name, sort=shape.sort)), opens_on)
        make_outline(shape, unit, opens_on).save()


def make_road(shape: Shape, unit: Unit, opens_on: date) -> Road:
    """The shape's row, not saved yet."""
    length_m = max(CENT, Decimal(measure_line(shape.points)).quantize(CENT))
    own = {"name": shape.name, "kind": shape.road, "line": write_points(shape), "length_m": length_m}
    return Road(unit=unit, opens_on=opens_on, **own)


def make_outline(shape: Shape, unit: Unit, opens_on: date) -> Outline:
    """The shape's row, not saved yet."""
    area = None if shape.area_m2 is None else Decimal(float(shape.area_m2)).quantize(CENT)
    own = {"name": shape.name, "sort": shape.sort, "ring": write_points(shape), "area_m2": area}
    return Outline(unit=unit, opens_on=opens_on, **own)


def _succeed(rows: QuerySet[Any], opens_on: date) -> None:
    """The old line ends where the new one begins; one that would begin no earlier has never been and leaves."""
    rows.filter(opens_on__gte=opens_on).delete()
    rows.update(closes_on=opens_on)


@transaction.atomic
def place_site(
    *, actor: User, unit: Unit, subject: str, point: Point, now: datetime, placed_at: datetime | None = None
) -> SitePlace:
    """Says where a numbered site stands. The audit row keeps the place that it had before.

    ``placed_at`` is when somebody was there, where that is not now.
    """
    before = SitePlace.objects.filter(unit=unit, subject=subject).first()
    where = {"lon": round(point.lon, 7), "lat": round(point.lat, 7)}
    stamped = where | {"placed_at": placed_at or now}
    place, _ = SitePlace.objects.update_or_create(unit=unit, subject=subject, defaults=stamped)
    was = {} if before is None else {"from_lon": before.lon, "from_lat": before.lat}
    write_audit(action="site.placed", actor=actor, target=place, at=now, unit=unit.code, **where, **was)
    return place


def place_recorded_sites(rows: Iterable[Record]) -> None:
    """Puts each site where the phone was when the record about it was made; for records that have just come in.

    Call it in the transaction that writes them. A phone may send days later: the place that was said last holds,
    whichever comes last. A position too coarse to tell one site from the next stays in its record alone.
    """
    for row in rows:
        position = _find_site_position(row)
        if position is not None:
            _place_unless_stale(row, position.point, _find_when_there(row))


def _find_site_position(row: Record) -> Position | None:
    if POSITION not in row.extra or not row.subject or row.withdrawn or row.change == SiteChange.REMOVE:
        return None
    kind = load_kinds_at(row.unit.path).get(row.kind)
    position = read_position(row.extra[POSITION]) if kind and kind.shape == "site" else None
    return None if position is None or position.is_coarse else position


def _find_when_there(row: Record) -> datetime:
    """When the phone was there by the server's clock; a correction that repeats the position was not there again."""
    first = row
    while first.replaces is not None and first.replaces.extra.get(POSITION) == row.extra[POSITION]:
        first = first.replaces
    skew_s = first.clock_skew_s or 0
    if abs(skew_s) > ABSURD_S:
        return first.received_at
    # A clock that runs ahead must not keep later places out.
    return min(first.recorded_at - timedelta(seconds=skew_s), first.received_at)


def _place_unless_stale(row: Record, point: Point, placed_at: datetime) -> None:
    known = SitePlace.objects.filter(unit=row.unit, subject=row.subject).first()
    if known is None or known.placed_at is None or known.placed_at < placed_at:
        place_site(
            actor=row.author,
            unit=row.unit,
            subject=row.subject,
            point=point,
            now=row.received_at,
            placed_at=placed_at,
        )


@transaction.atomic
def close_road(*, actor: User, road: Road, closes_on: date, now: datetime) -> None:
    """From that day on the road asks for nothing; until then it stays as it was."""
    if road.opens_on >= closes_on:
        write_audit(action="road.removed", actor=actor, target=road, at=now, name=road.name)
        road.delete()
        return
    road.closes_on = closes_on
    road.save(update_fields=["closes_on"])
    write_audit(action="road.closed", actor=actor, target=road, at=now, name=road.name, closes_on=str(closes_on))
