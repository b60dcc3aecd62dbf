"""The pages of records: make one, mend one, and the ledger itself. Authorise, parse, call once, answer."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wuzha.core.assessment.role import Role
from wuzha.core.assessment.why import Part, Why
from wuzha.core.base.problem import Source, make_problem
from wuzha.core.ledger.check import list_differences
from wuzha.core.ledger.credit import list_feeding_kinds
from wuzha.core.ledger.record import RecordKind, keep_position
from wuzha.core.paper.month_words import name_column
from wuzha.web.accounts.access import UserRequest, get_area, get_recording_unit, list_codes_in_sight
from wuzha.web.accounts.context import read_as_of
from wuzha.web.accounts.models import Unit, User
from wuzha.web.accounts.queries import show_past
from wuzha.web.accounts.tables import show_page, tell_filters, write_known
from wuzha.web.campaign import access
from wuzha.web.campaign.actions import records as actions
from wuzha.web.campaign.actions.batch import mask_as_kept
from wuzha.web.campaign.actions.door import Result
from wuzha.web.campaign.forms import records as forms
from wuzha.web.campaign.forms.records import State
from wuzha.web.campaign.forms.standings import read_known_moment
from wuzha.web.campaign.kinds import load_kinds, load_kinds_around, load_kinds_at
from wuzha.web.campaign.models import Evidence, Record
from wuzha.web.campaign.queries import records as queries
from wuzha.web.campaign.queries.behind import list_record_credits, list_standing_records
from wuzha.web.campaign.queries.evidence import list_evidence, list_held_files
from wuzha.web.campaign.queries.ground import load_plan
from wuzha.web.campaign.queries.looks import find_returned
from wuzha.web.campaign.queries.monthly import MonthlyAsked, TableFigure, find_table_figure
from wuzha.web.campaign.queries.why import Miss, explain_figure, list_misses, name_units
from wuzha.web.campaign.queries.work import Figure, find_figure, find_plan, find_standing
from wuzha.web.campaign.tables.records import tabulate_held, tabulate_versions
from wuzha.web.campaign.views.evidence import take_in_files, tell_of_files
from wuzha.web.campaign.views.own_unit import find_own_unit, let_choose
from wuzha.web.campaign.wording import title_duty
from wuzha.web.personal.access import may_reveal
from wuzha.web.personal.guard import list_fields

PAGE = 50
# Above this many units a list to choose from is no help any more; then one looks for the unit by name.
FEW_UNITS = 40


@require_safe
def list_records(request: UserRequest) -> HttpResponse:
    """What was done? The ledger under the filters in the address."""
    today, as_of = request.today, read_as_of(request)
    form = _make_filter(request)
    figure, line = _read_figure(request, today, as_of), _read_line(request, today, as_of)
    chosen = _read_filters(form, request)
    records = _select_records(request, form, figure or line, chosen)
    kind = _find_kind(figure, chosen)
    head = queries.summarize(records, kind)
    why = explain_figure(figure, as_of) if figure else None
    page = _cut_page(records, head.count, request)
    unit = figure.unit if figure else chosen.get("unit")
    show_past([unit, *(one.unit for one in page)], as_of, today)
    place = {
        "as_of": as_of,
        "why": why,
        "left_out": _keep_visible(request, why) if why else (),
        "names": name_units(why) if why else {},
        "known": read_known_moment(request),
        "line": line,
        "form": form,
        "figure": figure,
        "unit": unit,
        "head": head,
        "head_kind": load_kinds().get(kind),
        "page": page,
        "may_record": access.list_recording_units(request.user, today).exists(),
        "held": access.list_visible_held(request.user, today).count(),
    }
    return render(request, "campaign/records/list.html", place)


def _keep_visible(request: UserRequest, why: Why) -> list[Part]:
    """What was left out, as far as the person may see it."""
    ids = [part.record.id for part in why.left_out]
    visible = access.list_visible_records(request.user, request.today).filter(pk__in=ids).order_by()
    seen = set(visible.values_list("pk", flat=True))
    return [part for part in why.left_out if part.record.id in seen]


def list_chosen_records(request: UserRequest) -> tuple[QuerySet[Record], int, str]:
    """The records under the filters in the address, as the list shows them, how many they are, and the filters."""
    today = request.today
    form, as_of = _make_filter(request), read_as_of(request)
    figure = _read_figure(request, today, as_of) or _read_line(request, today, as_of)
    records = _select_records(request, form, figure, _read_filters(form, request))
    told = list(tell_filters(form)) if form.is_valid() else []
    if figure is not None:
        told += _tell_figure(figure)
    if known := read_known_moment(request):
        told.append((_("By records that had come in by"), write_known(known)))
    return records, records.count(), "；".join(f"{label} {value}" for label, value in told)


def _tell_figure(figure: Figure | TableFigure) -> list[tuple[str, str]]:
    if isinstance(figure, TableFigure):
        return [(_("Monthly progress tables"), f"{figure.asked.month} {name_column(figure.column)}")]
    told = [(_("Plan"), figure.in_force.version.title), (_("Duty"), title_duty(figure.duty, load_kinds()))]
    told += [(_("Unit"), figure.unit.name), (_("Window"), figure.window.label if figure.window else "")]
    return [(label, value) for label, value in told if value]


def _make_filter(request: UserRequest) -> forms.RecordFilterForm:
    kinds = load_kinds_around(access.list_sight(request.user, request.today))
    return forms.RecordFilterForm(request.GET, kinds)


def _select_records(
    request: UserRequest,
    form: forms.RecordFilterForm,
    figure: Figure | TableFigure | None,
    chosen: Mapping[str, Any],
) -> QuerySet[Record]:
    today, as_of = request.today, read_as_of(request)
    if figure is not None:
        # What stood below the unit on that day may stand elsewhere today; the figure knows its own records.
        chosen = {name: value for name, value in chosen.items() if name != "unit"}
    if figure is not None and chosen["known"] is not None:
        # What was replaced or withdrawn since counted then; the figure knows that too.
        chosen = {**chosen, "state": State.ALL}
    records = queries.filter_records(access.list_visible_records(request.user, today), chosen, as_of, today)
    if isinstance(figure, TableFigure):
        records = queries.keep_listed(records, figure.records)
    elif figure is not None:
        records = queries.keep_only(records, _list_behind(figure, as_of))
    return records if form.is_valid() else records.none()


def _cut_page(records: QuerySet[Record], count: int, request: HttpRequest) -> Page[Record]:
    """One page of the list, which has been counted already."""
    paginator = Paginator(records, PAGE)
    paginator.count = count
    return paginator.get_page(request.GET.get("page"))


def _read_filters(form: forms.RecordFilterForm, request: UserRequest) -> dict[str, Any]:
    """The filters as values, with what was known by when; the unit as a unit in sight. Raises ``Http404`` for one that
    is not."""
    form.is_valid()
    chosen = {**form.cleaned_data, "known": read_known_moment(request)}
    code = chosen.pop("unit", "")
    return chosen | {"unit": get_area(request.user, code, request.today)} if code else chosen


def _read_figure(request: UserRequest, today: date, as_of: date) -> Figure | None:
    """The figure that the address names, if it names one. Raises ``Http404`` when there is none such."""
    if "duty" not in request.GET:
        return None
    form = forms.FigureForm(request.GET)
    if not form.is_valid():
        raise Http404
    told = form.cleaned_data
    unit = get_area(request.user, told["unit"], today)
    figure = find_figure(unit, told["plan"], told["duty"], told["window"], as_of, read_known_moment(request))
    if figure is None:
        raise Http404
    return figure


def _read_line(request: UserRequest, today: date, as_of: date) -> TableFigure | None:
    """The figure of a monthly table that the address names, if it names one. Raises ``Http404`` when there is none."""
    if "table" not in request.GET:
        return None
    form = forms.TableFigureForm(request.GET)
    if not form.is_valid():
        raise Http404
    told = form.cleaned_data
    unit = get_area(request.user, told["unit"], today)
    in_force = find_plan(unit, told["table"], as_of, read_known_moment(request))
    asked = MonthlyAsked(in_force, unit.code, told["month"], as_of, told["ends"]) if in_force else None
    found = find_table_figure(asked, told["row"], told["column"]) if asked else None
    if found is None:
        raise Http404
    return found


def _find_kind(figure: Figure | None, chosen: Mapping[str, Any]) -> str:
    """The one kind of which the whole list is; empty where it may hold several."""
    kinds: Sequence[str] = chosen.get("kind") or ()
    return kinds[0] if len(kinds) == 1 else _find_only_kind(figure) if figure and not kinds else ""


def _list_behind(figure: Figure, as_of: date) -> Any:
    return list_standing_records(
        in_force=figure.in_force,
        duty_id=figure.duty.id,
        unit_code=figure.unit.code,
        window_label=figure.window.label if figure.window else None,
        as_of=as_of,
    )


def _find_only_kind(figure: Figure) -> str:
    kinds = list_feeding_kinds(figure.duty, load_kinds_around([figure.unit.path]))
    return next(iter(kinds)) if len(kinds) == 1 else ""


@require_safe
def list_held(request: UserRequest) -> HttpResponse:
    """Which corrections wait here for a record that has not come, and since when?"""
    held = access.list_visible_held(request.user, request.today)
    page = Paginator(held, PAGE).get_page(request.GET.get("page"))
    place = {"page": page, "no_as_of": True}
    return show_page(request, "campaign/records/held.html", place, [tabulate_held(held)])


@require_safe
def show_record(request: UserRequest, pk: UUID) -> HttpResponse:
    """One record: what it says, its clocks, its versions, and the duties it served."""
    today, as_of = request.today, read_as_of(request)
    record = access.get_record(request.user, pk, today)
    versions = queries.list_versions(record)
    is_latest = versions[-1].pk == record.pk
    show_past([record.unit], as_of, today)
    misses = list_misses(record, today) if is_latest and not record.withdrawn else []
    place = {
        "as_of": as_of,
        "unit": record.unit,
        "record": record,
        "kind": load_kinds().get(record.kind),
        "versions": versions,
        "is_latest": is_latest,
        "evidence": list_evidence(versions),
        "returned": find_returned(record),
        "for_whom": queries.find_for_whom(record),
        "credits": _list_credits(request.user, record, today, misses),
        "misses": misses,
        "may_mend": is_latest and not record.withdrawn and access.may_mend_record(request.user, record, today),
        "held": queries.find_held(record),
        "covered": len(list_fields("record", record.pk)) if may_reveal(request.user, record.unit, today) else 0,
        "is_receipt": "saved" in request.GET,
        "clock": queries.judge_clock(record, is_absurd=request.GET.get("clock") == "absurd"),
        "no_as_of": True,
    }
    return show_page(request, "campaign/records/record.html", place, [tabulate_versions(versions)])


# Of these the figure counts another record, so that this one serves nothing.
IDLE = (Role.REPEATED, Role.NOT_WANTED)


def _list_credits(user: User, record: Record, today: date, misses: Sequence[Miss]) -> list[tuple[Any, ...]]:
    """The duties that the record serves: plan, duty, unit credited, window, and whether that unit is in sight."""
    idle = {(version.pk, one.duty.id, one.unit) for version, one in misses if one.cause.role in IDLE}
    found = list_record_credits(record, today)
    credits = [one for one in found if (one[0].pk, one[1].id, one[2].code) not in idle]
    in_sight = list_codes_in_sight(user, [unit.code for _, _, unit in credits], today)
    return [
        (
            version,
            duty,
            unit,
            queries.find_window_of(duty, load_plan(version).plan, record.happened_on),
            unit.code in in_sight,
        )
        for version, duty, unit in credits
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def make_record(request: UserRequest) -> HttpResponse:
    """What did we do? First the kind, then what this kind asks for."""
    unit = _read_recording_unit(request, request.today)
    return _make_record_for(request, unit) if unit else let_choose(request)


def _make_record_for(request: UserRequest, unit: Unit) -> HttpResponse:
    now, today = request.now, request.today
    figure = _read_figure(request, today, today)
    kind = _read_kind(request, unit, figure)
    if kind is None:
        return _show_kinds(request, unit, figure, today)
    if request.method != "POST":
        return _show_form(request, unit, kind, figure, forms.make_new_form(kind, _read_wanted(figure, today), now))
    form = forms.RecordForm(kind, request.POST)
    if not form.is_valid():
        _hold_files(request, form)
        return _show_form(request, unit, kind, figure, form)
    outcome, problems = actions.add_record(actor=request.user, record=form.to_core(unit, now), now=now)
    if outcome.result != Result.CONFLICT:
        _hold_files(request, form)
    if outcome.is_good:
        return redirect(_write_receipt(form.cleaned_data["id"], has_absurd_clock=form.has_absurd_clock(now)))
    if outcome.result == Result.CONFLICT:
        return _show_conflict(request, unit, kind, form, outcome.kept)
    form.add_problems(problems)
    return _show_form(request, unit, kind, figure, form)


def _hold_files(request: UserRequest, form: forms.RecordForm) -> None:
    """Keep what was chosen, whatever is wrong with the rest, so that nobody has to choose it twice."""
    pk = form.cleaned_data.get("id")
    if pk is not None:
        tell_of_files(request, take_in_files(request, pk))


def _write_receipt(pk: UUID, *, has_absurd_clock: bool = False) -> str:
    """The record's page, which then is a receipt too. An absurd time is not kept, so the address tells of it."""
    clock = {"clock": "absurd"} if has_absurd_clock else {}
    return f"{reverse('campaign:record', args=[pk])}?{urlencode({'saved': '1'} | clock)}"


def _read_recording_unit(request: UserRequest, today: date) -> Unit | None:
    """The unit recorded for: the one named, or else that of the person's highest recording post."""
    code = request.POST.get("unit") or request.GET.get("unit")
    return get_recording_unit(request.user, code, today) if code else find_own_unit(request)


def _read_kind(request: HttpRequest, unit: Unit, figure: Figure | None) -> RecordKind | None:
    """The kind named, or the only one that serves the figure; none when it is still to be chosen."""
    code = request.GET.get("kind") or (_find_only_kind(figure) if figure else "")
    if not code:
        return None
    kind = load_kinds_at(unit.path).get(code)
    if kind is None or kind.reads:
        raise Http404
    return kind


def _read_wanted(figure: Figure | None, today: date) -> forms.Wanted:
    """What the duty asks for, filled in for the person. A window that is over leaves the day to be told."""
    if figure is None:
        return forms.Wanted(happened_on=today)
    narrow = figure.duty.narrow
    is_over = figure.window is not None and figure.window.closes <= today
    return forms.Wanted(narrow.place, narrow.audience, narrow.grade, None if is_over else today)


def _show_kinds(request: UserRequest, unit: Unit, figure: Figure | None, today: date) -> HttpResponse:
    units = access.list_recording_units(request.user, today)
    words = request.GET.get("words", "").replace("\0", "").strip()  # PostgreSQL fails when asked for a NUL
    place = {
        "unit": unit,
        "choice": queries.list_kind_choice(unit, today),
        "serving": _list_serving(unit, figure),
        "figure": figure,
        "words": words,
        "units": queries.choose_units(units, words, FEW_UNITS),
        "no_as_of": True,
    }
    return render(request, "campaign/records/kinds.html", place)


def _list_serving(unit: Unit, figure: Figure | None) -> list[RecordKind]:
    """The kinds that serve the figure's duty, those that the unit can record."""
    kinds = load_kinds_at(unit.path)
    feeding = sorted(list_feeding_kinds(figure.duty, kinds)) if figure else []
    return [kinds[code] for code in feeding if code in kinds]


def _show_form(
    request: UserRequest, unit: Unit, kind: RecordKind, figure: Figure | None, form: forms.RecordForm
) -> HttpResponse:
    today = request.today
    place = {
        "unit": unit,
        "kind": kind,
        "form": form,
        "figure": figure,
        "standing": find_standing(figure, today) if figure else None,
        "units": queries.choose_units(access.list_recording_units(request.user, today), "", FEW_UNITS),
        "held_files": _list_held_files(request.user, form),
        "no_as_of": True,
    }
    return render(request, "campaign/records/form.html", place, status=422 if form.errors else 200)


def _list_held_files(user: User, form: forms.RecordForm) -> list[Evidence]:
    """What the person chose before and need not choose again; nothing while the form is new."""
    told = getattr(form, "cleaned_data", {})
    return list_held_files(user, told["id"]) if "id" in told else []


def _show_conflict(
    request: UserRequest, unit: Unit, kind: RecordKind, form: forms.RecordForm, kept: Record | None
) -> HttpResponse:
    """Both versions side by side. One out of sight is not shown: then the page asks to send again, under a new id."""
    again = forms.renew_form(form, request.now)
    if kept is None or not access.may_see_record(request.user, kept, request.today):
        again.add_problems([make_problem("record.id-taken", Source(key="id"))])
        return _show_form(request, unit, kind, None, again)
    sent, held = (mask_as_kept(one) for one in (form.to_core(unit, request.now), kept.to_core()))
    place = {
        "unit": unit,
        "kind": kind,
        "kept": kept,
        "rows": queries.compare_versions(held, sent),
        "differences": list_differences(held, sent),
        "again": again,
        "no_as_of": True,
    }
    return render(request, "campaign/records/conflict.html", place, status=409)


@require_http_methods(["GET", "HEAD", "POST"])
def correct_record(request: UserRequest, pk: UUID) -> HttpResponse:
    """What is right instead? The original stays readable; only the correction counts."""
    now = request.now
    original, kind = _read_mendable(request, pk)
    form = forms.RecordForm(kind, request.POST) if request.method == "POST" else None
    if form is None:
        if queries.is_settled(original):
            return redirect("campaign:record", pk=pk)
        return _show_correction(request, original, kind, forms.make_correction_form(kind, original, now))
    if not form.is_valid():
        _hold_files(request, form)
        return _show_correction(request, original, kind, form)
    record = keep_position(form.to_core(original.unit, now), original.to_core())
    outcome, problems = actions.correct_record(actor=request.user, original=original, record=record, now=now)
    if outcome.result != Result.CONFLICT:
        _hold_files(request, form)
    if outcome.is_good:
        return redirect(_write_receipt(form.cleaned_data["id"], has_absurd_clock=form.has_absurd_clock(now)))
    form.add_problems(problems)
    return _show_correction(request, original, kind, form)


def _read_mendable(request: UserRequest, pk: UUID) -> tuple[Record, RecordKind]:
    original = access.get_mendable_record(request.user, pk, request.today)
    kind = load_kinds().get(original.kind)
    if kind is None:
        raise Http404
    return original, kind


def _show_correction(request: UserRequest, original: Record, kind: RecordKind, form: forms.RecordForm) -> HttpResponse:
    place = {
        "unit": original.unit,
        "kind": kind,
        "original": original,
        "form": form,
        "held_files": _list_held_files(request.user, form),
        "no_as_of": True,
    }
    return render(request, "campaign/records/correct.html", place, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_record(request: UserRequest, pk: UUID) -> HttpResponse:
    """Did it not happen at all? The record stays readable and counts no longer."""
    now = request.now
    original, kind = _read_mendable(request, pk)
    if request.method != "POST" and queries.is_settled(original):
        return redirect("campaign:record", pk=pk)
    form = forms.WithdrawForm(request.POST or None, initial={"id": forms.make_record_id(now)})
    if request.method == "POST" and form.is_valid():
        outcome, problems = actions.withdraw_record(
            actor=request.user,
            original=original,
            record_id=form.cleaned_data["id"],
            note=form.cleaned_data["note"],
            now=now,
        )
        if outcome.is_good:
            return redirect(_write_receipt(form.cleaned_data["id"]))
        forms.tell_problems(form, problems)
    place = {"unit": original.unit, "kind": kind, "original": original, "form": form, "no_as_of": True}
    return render(request, "campaign/records/withdraw.html", place, status=422 if form.errors else 200)
