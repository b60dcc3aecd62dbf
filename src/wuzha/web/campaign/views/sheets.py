"""Records as files: an empty one to fill in, one that comes in, one that goes out."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wuzha.adapters.record_export import ExportRow, stream_csv, stream_xlsx
from wuzha.adapters.record_template import write_csv_template, write_reasons, write_template
from wuzha.adapters.sheet_stream import MOST_IN_SHEET
from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.base.problem import NOWHERE, Problem
from wuzha.core.ledger.record import Kinds, RecordKind
from wuzha.web.accounts.access import UserRequest, get_recording_unit
from wuzha.web.accounts.actions import note_export
from wuzha.web.accounts.context import read_as_of
from wuzha.web.accounts.later import find_later
from wuzha.web.accounts.models import Unit
from wuzha.web.accounts.queries import list_names_then
from wuzha.web.campaign import access
from wuzha.web.campaign.actions import sheets as actions
from wuzha.web.campaign.actions.door import Result
from wuzha.web.campaign.forms.sheets import ConfirmForm, RecordFileForm
from wuzha.web.campaign.kinds import load_kinds, load_kinds_around
from wuzha.web.campaign.models import RecordUpload
from wuzha.web.campaign.queries import sheets as queries
from wuzha.web.campaign.queries.exports import list_export_rows
from wuzha.web.campaign.views.records import list_chosen_records
from wuzha.web.campaign.wording import language

PAGE = 50
# More units than this make a list nobody scrolls through; then one takes the template of a unit below.
MOST_UNITS = 2000
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
Stream = Callable[[Iterator[ExportRow], str, int, Kinds], Iterator[bytes]]


def _demand_recording(request: UserRequest) -> None:
    if not access.list_recording_units(request.user, request.today).exists():
        raise PermissionDenied(_("You hold no post that makes records. Ask the officer of your unit to appoint you."))


def _list_open_kinds(request: UserRequest) -> Kinds:
    """The kinds of which something can be recorded today."""
    kinds = load_kinds_around(access.list_sight(request.user, request.today))
    return {code: kind for code, kind in kinds.items() if not (kind.reads or kind.is_closed(request.today))}


@require_http_methods(["GET", "HEAD", "POST"])
def upload_records(request: UserRequest) -> HttpResponse:
    """Takes a file of records and leads to its preview."""
    _demand_recording(request)
    form = RecordFileForm(request.POST, request.FILES) if request.method == "POST" else RecordFileForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        actions.hold_records(actor=request.user, name=file.name, content=file.read(), now=request.now)
        return redirect("campaign:records-preview")
    place = {
        "form": form,
        "held": queries.find_held_records(request.user),
        "kinds": _list_open_kinds(request).values(),
        "no_as_of": True,
    }
    return render(request, "campaign/sheets/upload.html", place, status=422 if form.errors else 200)


@require_GET
def preview_records(request: UserRequest) -> HttpResponse:
    """What each row of the held file would do, what wants a look first."""
    _demand_recording(request)
    upload = queries.find_held_records(request.user)
    if upload is None:
        return redirect("campaign:records-import")
    preview = queries.preview_upload(request.user, upload, request.today)
    page = Paginator(preview.list_shown(), PAGE).get_page(request.GET.get("page"))
    place = {
        "upload": upload,
        "preview": preview,
        "page": page,
        "rows": [(line, preview.file.locate(line.place), _tell_line(preview, line)) for line in page],
        "form": _make_confirm_form(preview),
        "no_as_of": True,
    }
    return render(request, "campaign/sheets/preview.html", place)


def _make_confirm_form(preview: queries.Preview) -> ConfirmForm:
    form = ConfirmForm(initial={"conflicts": "leave"})
    if not preview.has_alike:
        field: Any = form.fields["conflicts"]
        field.choices = [choice for choice in field.choices if choice[0] != "new"]
    return form


def _tell_line(preview: queries.Preview, line: queries.Line) -> list[tuple[str, str]]:
    """Cell and sentence of each problem of a row."""
    return [(preview.file.locate(problem.source), _tell(problem)) for problem in line.problems]


def _tell(problem: Problem) -> str:
    """The sentence without its place, which stands beside it as the address of the cell."""
    return describe_problem(Problem(problem.code, NOWHERE, problem.params), language())


@require_POST
def confirm_records(request: UserRequest) -> HttpResponse:
    """Takes the good rows of the held file in. Whatever changed since the preview is looked at again.

    A page of a file that another has replaced since takes nothing in: who confirms has seen what is confirmed.
    """
    _demand_recording(request)
    upload = queries.find_held_records(request.user)
    if upload is None:
        return redirect("campaign:records-import")
    if request.POST.get("seen") != upload.fingerprint:
        messages.warning(
            request,
            _("Nothing was imported: another file was uploaded after that page. This is the newer one; look it over."),
        )
        return redirect("campaign:records-preview")
    form = ConfirmForm(request.POST)
    conflicts = form.cleaned_data["conflicts"] if form.is_valid() else "leave"
    return _take_in(request, upload, conflicts)


def _take_in(request: UserRequest, upload: RecordUpload, conflicts: str) -> HttpResponse:
    preview = queries.preview_upload(request.user, upload, request.today)
    wanted = list(queries.list_wanted(preview, conflicts))
    counts = actions.import_records(actor=request.user, upload=upload, records=wanted, now=request.now)
    saved = counts.get(Result.SAVED, 0)
    left = preview.counts[queries.REFUSED] + preview.counts[queries.CONFLICT] + preview.counts[queries.NEW] - saved
    messages.success(request, _("%(saved)d records are in the ledger now.") % {"saved": saved})
    if left > 0:
        return redirect("campaign:records-preview")
    actions.drop_records(actor=request.user, now=request.now)
    return redirect("campaign:records")


@require_POST
def drop_records(request: UserRequest) -> HttpResponse:
    """Forgets the held file; nothing of it was taken in that was not confirmed."""
    _demand_recording(request)
    actions.drop_records(actor=request.user, now=request.now)
    return redirect("campaign:records-import")


@require_GET
def download_reasons(request: UserRequest) -> HttpResponse:
    """The held file as it was, with a column that says of each row why it is not taken in."""
    _demand_recording(request)
    upload = queries.find_held_records(request.user)
    preview = queries.preview_upload(request.user, upload, request.today) if upload else None
    if upload is None or preview is None or preview.file.problems:
        return redirect("campaign:records-import")
    reasons = {
        (line.place.sheet, line.place.row or 0): _write_reason(preview, line)
        for line in preview.lines
        if line.result in (queries.REFUSED, queries.CONFLICT)
    }
    content = write_reasons(bytes(upload.content), preview.file, reasons)
    stem, _dot, ending = upload.name.rpartition(".")
    is_csv = ending.lower() == "csv"
    name = f"{stem or upload.name}-未收原因.{'csv' if is_csv else 'xlsx'}"
    return _answer_file(content, name, CSV if is_csv else SPREADSHEET)


def _write_reason(preview: queries.Preview, line: queries.Line) -> str:
    if line.result == queries.CONFLICT:
        return _("It says something else than the ledger. Decide on the preview page.")
    return " ".join(f"{cell} {sentence}".strip() for cell, sentence in _tell_line(preview, line))


def _answer_file(content: bytes, name: str, media_type: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media_type)
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return answer


def _read_template(request: UserRequest) -> tuple[RecordKind | None, Unit | None]:
    """The kind and the unit that the address names; every kind and all of the person's units without them."""
    _demand_recording(request)
    code, unit_code = request.GET.get("kind", ""), request.GET.get("unit", "").replace("\0", "")
    kind = _list_open_kinds(request).get(code)
    if code and kind is None:
        raise Http404
    unit = get_recording_unit(request.user, unit_code, request.today) if unit_code else None
    return kind, unit


def _name_template(kind: RecordKind | None, unit: Unit | None, ending: str) -> str:
    parts = ["台账模板", kind.title if kind else "", unit.name if unit else ""]
    return "-".join(filter(None, parts)) + ending


@require_GET
def download_template(request: UserRequest) -> HttpResponse:
    """An empty workbook of a kind, for a unit and those below it."""
    kind, unit = _read_template(request)
    units = access.list_recording_units(request.user, request.today)
    if unit is not None:
        units = units.filter(path__startswith=unit.path)
    kinds = _list_open_kinds(request)
    listed = list(units.order_by("path").values_list("code", "name")[:MOST_UNITS])
    return _answer_file(write_template(kind, listed, kinds), _name_template(kind, unit, ".xlsx"), SPREADSHEET)


@require_GET
def download_csv_template(request: UserRequest) -> HttpResponse:
    """The heads of a kind as one line of text."""
    kind, unit = _read_template(request)
    return _answer_file(write_csv_template(kind), _name_template(kind, unit, ".csv"), CSV)


@require_GET
def export_xlsx(request: UserRequest) -> HttpResponseBase:
    """The list under its filters as a workbook."""
    return _export(request, stream_xlsx, ".xlsx", SPREADSHEET)


@require_GET
def export_csv(request: UserRequest) -> HttpResponseBase:
    """The list under its filters as text."""
    return _export(request, stream_csv, ".csv", CSV)


def _export(request: UserRequest, stream: Stream, ending: str, media_type: str) -> HttpResponseBase:
    records, count, filters = list_chosen_records(request)
    if ending == ".xlsx" and count > MOST_IN_SHEET:
        raise BadRequest(
            _("A workbook holds at most %(limit)d records; the list has %(count)d. Take .csv or narrow the filters.")
            % {"limit": MOST_IN_SHEET, "count": count}
        )
    if (later := find_later(request, pgettext("room", "Records"), count)) is not None:
        return later
    at = timezone.localtime(request.now)
    as_of = read_as_of(request)
    names = list_names_then(as_of) if as_of < request.today else {}
    told = f"范围：{filters}。" if filters else ""
    title = f"台账，共 {count} 条，截至 {as_of:%Y-%m-%d}。{told}导出于 {at:%Y-%m-%d %H:%M}（北京时间）。"
    address = f"{request.path}?{request.GET.urlencode()}"
    note_export(actor=request.user, table="records", address=address, ending=ending[1:], rows=count, now=request.now)
    pieces = stream(list_export_rows(records, names), title, count, load_kinds())
    answer = StreamingHttpResponse(pieces, content_type=media_type)
    name = f"台账-{at:%Y%m%d-%H%M}{ending}"
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return answer
