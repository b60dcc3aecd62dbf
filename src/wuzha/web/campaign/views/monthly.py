"""The pages of monthly tables: open one, check a line and hand it in, collect, take sheets in, issue, look at it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wuzha.adapters.month_sheet import MonthSheet, read_month_sheet, write_month_template
from wuzha.adapters.monthly_columns import load_columns
from wuzha.adapters.paper.docx import render_docx
from wuzha.core.base.problem import has_errors
from wuzha.core.paper.column import Column
from wuzha.core.paper.month import find_month
from wuzha.core.paper.month_line import find_ready_day
from wuzha.core.paper.month_paper import make_brief
from wuzha.core.paper.month_words import say_heading
from wuzha.web.accounts.access import UserRequest, find_home
from wuzha.web.accounts.models import Unit
from wuzha.web.accounts.tables import show_page
from wuzha.web.campaign import access
from wuzha.web.campaign.actions import monthly as actions
from wuzha.web.campaign.actions.monthly import IssuedError, Looked, NotSubmittedError
from wuzha.web.campaign.actions.papers import ChangedError
from wuzha.web.campaign.forms.monthly import LineForm, MonthSheetForm, OpenTableForm, ReturnLineForm
from wuzha.web.campaign.models import IssuedPaper, TableCall, TableUpload
from wuzha.web.campaign.month_grid import draw_live
from wuzha.web.campaign.queries import table_calls as queries
from wuzha.web.campaign.queries.table_calls import DRAFT, Collection
from wuzha.web.campaign.queries.work import list_binding_plans
from wuzha.web.campaign.tables.monthly import tabulate_month
from wuzha.web.campaign.views.papers import KINDS
from wuzha.web.campaign.views.plans import INERT
from wuzha.web.campaign.writers.monthly import (
    draw_table,
    mark_table,
    render_sheet,
)

# So many tables are listed, the newest first: two years of months.
MOST = 24


@require_http_methods(["GET", "HEAD", "POST"])
def list_tables(request: UserRequest) -> HttpResponse:
    """Which monthly tables are asked for? Officers open new ones."""
    today = request.today
    home = find_home(request.user, today)
    post = access.find_calling_post(request.user, home, today) if home else None
    form = _make_open_form(request, home) if home and post else None
    if request.method == "POST" and form is None:
        raise PermissionDenied
    if request.method == "POST" and form and home and post and form.is_valid():
        told = form.cleaned_data
        other = queries.find_overlapping(home, told["plan"].pk, told["month"])
        if other is None:
            asked = (told["month"], told["ends"])
            call = actions.open_table(
                actor=request.user, post=post, version=told["plan"], month=asked, due_on=told["due_on"], now=request.now
            )
            messages.success(request, _("Opened. Every unit now finds its line, filled in as far as it is known."))
            return redirect("campaign:table", call.pk)
        if other.unit_id == home.pk:
            if (other.month_ends, other.due_on) != (told["ends"], told["due_on"]):
                messages.warning(
                    request, _("This month's table is open already, with the days that it was given then.")
                )
            return redirect("campaign:table", other.pk)
        form.add_error(None, _say_overlap(other))
    place = {
        "calls": _list_shown(request),
        "form": form,
        "home": home,
        "no_as_of": True,
    }
    return render(request, "campaign/monthly/list.html", place, status=422 if form and form.errors else 200)


def _say_overlap(other: TableCall) -> str:
    told = {"name": other.unit.name}
    return _("%(name)s has opened this month's table already; your units have their lines in it.") % told


def _make_open_form(request: UserRequest, home: Unit) -> OpenTableForm | None:
    """None where no plan is in force of which there could be a table."""
    plans = list_binding_plans(home, request.today)
    if not plans:
        return None
    usual = queries.find_usual(plans[0], request.today)
    initial = {
        "plan": plans[0].version.pk,
        "month": usual.month.label,
        "ends": usual.month_ends,
        "due_on": usual.due_on,
    }
    data = request.POST if request.method == "POST" else None
    return OpenTableForm(data, plans=[plan.version for plan in plans], initial=initial)


def _list_shown(request: UserRequest) -> list[tuple[TableCall, Unit, IssuedPaper | None]]:
    """Each table in sight with the person's part of it and the paper that it became."""
    calls = access.list_table_calls(request.user, request.today)[:MOST]
    papers = queries.list_issued(calls)
    tops = ((call, access.find_table_top(request.user, call, request.today)) for call in calls)
    return [(call, top, papers.get(call.pk)) for call, top in tops]


@require_safe
def show_table(request: UserRequest, call: int) -> HttpResponse:
    """How far is the table? Subtotals first; a town's lines open under it."""
    found = access.get_table_call(request.user, call, request.today)
    top = access.find_table_top(request.user, found, request.today)
    collection = queries.open_collection(found, top, request.today)
    if len(collection.units) == 1 and top != found.unit:
        return redirect("campaign:table-line", found.pk, top.code)
    office = access.find_calling_post(request.user, found.unit, request.today)
    place = {
        "call": found,
        "top": top,
        "collection": collection,
        "paper": collection.paper,
        "ready_on": find_ready_day(found.due_on),
        "is_ready": queries.is_ready(found, request.today),
        "is_due": request.today > found.due_on,
        "grid": draw_live(collection, request.GET.get("open", "")),
        "counted": collection.counted,
        "own": next((row for row in collection.units if row.unit.code == top.code), None),
        "may_issue": office is not None and top == found.unit,
        "is_office": office is not None,
        "no_as_of": True,
    }
    return show_page(request, "campaign/monthly/table.html", place, [tabulate_month(collection.table)])


@require_http_methods(["GET", "HEAD", "POST"])
def show_line(request: UserRequest, call: int, code: str) -> HttpResponse:
    """Is our line right? Every figure with its records, three fields at most to fill in, and one button."""
    found, unit = access.get_table_line(request.user, call, code, request.today)
    line = queries.open_line(found, unit, request.today)
    if line is None:
        raise Http404
    post = access.find_line_post(request.user, unit, request.today)
    form = _make_line_form(request, line)
    if request.method == "POST":
        if post is None:
            raise PermissionDenied
        if form.is_valid() and _change_line(request, line, unit, form):
            return redirect("campaign:table-line", found.pk, unit.code)
    place = {
        "call": found,
        "unit": unit,
        "line": line,
        "collection": line.collection,
        "groups": _list_groups(line),
        "form": form if post and not line.collection.paper else None,
        "post": post,
        "ready_on": find_ready_day(found.due_on),
        "is_ready": queries.is_ready(found, request.today),
        "is_due": request.today > found.due_on,
        "may_return": access.find_returning_post(request.user, found, unit, request.today) is not None,
        "return_form": ReturnLineForm(),
        "up": access.find_table_top(request.user, found, request.today) != unit,
        "paper": line.collection.paper,
        "may_see_paper": _may_see_paper(request, line.collection),
        "no_as_of": True,
    }
    return render(request, "campaign/monthly/line.html", place, status=422 if form.errors else 200)


def _may_see_paper(request: UserRequest, collection: Collection) -> bool:
    visible = access.list_visible_papers(request.user, request.today)
    return collection.paper is not None and visible.filter(pk=collection.paper.pk).exists()


def _list_typed_columns() -> Sequence[Column]:
    return [column for column in load_columns().values() if column.source == "typed"]


def _list_groups(line: queries.UnitLine) -> list[tuple[Column, ...]]:
    """What is not typed, head by head; without what the unit has no such figure of."""
    groups: dict[str, list[Column]] = {}
    for column, cell in zip(line.collection.table.columns, line.row.cells, strict=True):
        if column.source in ("computed", "imported") and (cell.is_known or cell.is_unknown):
            groups.setdefault(column.group, []).append(column)
    return [tuple(group) for group in groups.values()]


def _make_line_form(request: UserRequest, line: queries.UnitLine) -> LineForm:
    data = request.POST if request.method == "POST" else None
    return LineForm(data, columns=_list_typed_columns(), initial=dict(line.line.typed))


def _change_line(request: UserRequest, line: queries.UnitLine, unit: Unit, form: LineForm) -> bool:
    """Keeps or hands in what was typed; not in vain: whoever is too early or too late is told."""
    found = line.collection.call
    post = access.find_line_post(request.user, unit, request.today)
    if post is None:
        raise PermissionDenied
    acting: dict[str, Any] = {"actor": request.user, "post": post, "call": found, "unit": unit, "now": request.now}
    looked = Looked(_read_number(request.POST.get("last_act", "")), line.collection.last_sheet)
    try:
        if request.POST.get("act") != "submit":
            actions.type_line(**acting, typed=(form.make_typed(), looked))
            messages.success(request, _("Kept. It has not been handed in yet."))
        elif not queries.is_ready(found, request.today):
            form.add_error(
                None, _("The figures are not complete yet. It can be handed in from two days before it is due.")
            )
            return False
        elif request.POST.get("looked") != line.fingerprint:
            form.add_error(
                None, _("Figures of this line have changed since you opened the page. Look at them again below.")
            )
            return False
        else:
            actions.submit_line(**acting, said=(form.make_typed(), line.said, looked))
            messages.success(request, _("Handed in. If a figure changes after this, it is shown here."))
    except IssuedError:
        form.add_error(None, _("The table has been issued. It does not change any more."))
        return False
    except NotSubmittedError:
        form.add_error(None, _("This line has been handed in. What you change now is handed in with it again."))
        return False
    except ChangedError:
        form.add_error(None, _("Somebody has been at this line since you opened the page. Look at it again below."))
        return False
    return True


def _read_number(text: str) -> int:
    """What the page had sent along; what is no number is no act that there ever was."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else -1


@require_POST
def return_line(request: UserRequest, call: int, code: str) -> HttpResponse:
    """Gives a line back to its unit with a reason."""
    found, unit = access.get_table_line(request.user, call, code, request.today)
    post = access.find_returning_post(request.user, found, unit, request.today)
    if post is None:
        raise PermissionDenied
    form = ReturnLineForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say what is to be mended, so that the unit knows."))
        return redirect("campaign:table-line", found.pk, unit.code)
    reason = form.cleaned_data["reason"]
    try:
        actions.return_line(actor=request.user, post=post, call=found, unit=unit, reason=reason, now=request.now)
        messages.success(
            request, _("Given back to %(name)s. They find the reason on their page.") % {"name": unit.name}
        )
    except NotSubmittedError:
        messages.warning(request, _("This line is not handed in, so there is nothing to give back."))
    except IssuedError:
        messages.error(request, _("The table has been issued. It does not change any more."))
    return redirect("campaign:table-line", found.pk, unit.code)


@require_POST
def issue_table(request: UserRequest, call: int) -> HttpResponse:
    """Asks for the table to be frozen, which takes a while. A second press leads to the paper that is there."""
    found, _post = access.get_called_office(request.user, call, request.today)
    before = queries.find_issued(found)
    if before is not None:
        return redirect("campaign:paper", before.pk)
    if request.today < find_month(found.month, found.month_ends).interval.last_day:
        messages.error(request, _("The month is not over yet; it can be issued from its last day on."))
        return redirect("campaign:table", found.pk)
    told = {"month": found.month, "unit": found.unit.name}
    title = _("Issue of the monthly table %(month)s of %(unit)s") % told
    job = actions.ask_issue(actor=request.user, call=found, title=title, now=request.now)
    return redirect("accounts:job", job.pk)


@require_safe
def send_draft(request: UserRequest, call: int, sort: str) -> HttpResponse:
    """The table as it stands now, as Excel or Word, marked as a draft."""
    found = access.get_table_call(request.user, call, request.today)
    top = access.find_table_top(request.user, found, request.today)
    if sort not in ("xlsx", "docx"):
        raise Http404
    collection = queries.open_collection(found, top, request.today)
    table = mark_table(collection, DRAFT)
    if sort == "xlsx":
        content = render_sheet(collection, table)
    else:
        content = render_docx(make_brief(draw_table(collection, DRAFT), table))
    disposition = content_disposition_header(True, f"{say_heading(table)}.{sort}") or "attachment"
    return HttpResponse(content, content_type=KINDS[sort], headers={**INERT, "Content-Disposition": disposition})


# --- sheets of other offices ------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def import_sheet(request: UserRequest, call: int) -> HttpResponse:
    """What would this sheet bring? Nothing is taken in before somebody has looked."""
    found, _post = access.get_called_office(request.user, call, request.today)
    form = MonthSheetForm(request.POST, request.FILES) if request.method == "POST" else MonthSheetForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        actions.hold_sheet(actor=request.user, call=found, name=file.name, content=file.read(), now=request.now)
        return redirect("campaign:table-import", found.pk)
    upload = queries.find_upload(request.user, found)
    sheet = _read_upload(found, upload, request.today) if upload else None
    units = _list_units(found, request.today)
    place = {
        "call": found,
        "form": form,
        "upload": upload,
        "sheet": sheet,
        "is_good": sheet is not None and not has_errors(sheet.problems),
        "rows": [(units[code], [cells.get(one.code) for one in sheet.columns]) for code, cells in sheet.cells.items()]
        if sheet
        else [],
        "taken": found.sheets.select_related("author"),
        "wanted": [column for column in load_columns().values() if column.source == "imported"],
        "paper": queries.find_issued(found),
        "no_as_of": True,
    }
    return render(request, "campaign/monthly/import.html", place, status=422 if form.errors else 200)


def _list_units(call: TableCall, today: date) -> Mapping[str, str]:
    """The units that have a line, by code, in the order of the table."""
    collection = queries.open_collection(call, call.unit, today)
    return {row.unit.code: row.unit.name for row in collection.units}


def _read_upload(call: TableCall, upload: TableUpload, today: date) -> MonthSheet:
    columns = tuple(load_columns().values())
    return read_month_sheet(upload.name, bytes(upload.content), columns, _list_units(call, today))


@require_POST
def confirm_sheet(request: UserRequest, call: int) -> HttpResponse:
    """Takes the sheet in that the person has looked at, or forgets it."""
    found, post = access.get_called_office(request.user, call, request.today)
    upload = queries.find_upload(request.user, found)
    if upload is None:
        return redirect("campaign:table-import", found.pk)
    if request.POST.get("act") == "drop":
        actions.drop_sheet(actor=request.user, call=found, now=request.now)
        return redirect("campaign:table-import", found.pk)
    if request.POST.get("seen") != upload.fingerprint:
        messages.warning(request, _("Nothing was taken in: another sheet was uploaded after that page. Look it over."))
        return redirect("campaign:table-import", found.pk)
    sheet = _read_upload(found, upload, request.today)
    if has_errors(sheet.problems):
        return redirect("campaign:table-import", found.pk)
    try:
        actions.take_in_sheet(actor=request.user, post=post, upload=upload, cells=sheet.cells, now=request.now)
        messages.success(request, _("Taken in. These columns are marked as imported in the table."))
    except IssuedError:
        messages.error(request, _("The table has been issued. It does not change any more."))
    return redirect("campaign:table", found.pk)


@require_safe
def send_template(request: UserRequest, call: int) -> HttpResponse:
    """An empty sheet with every unit and the heads of the columns that are imported."""
    found, _post = access.get_called_office(request.user, call, request.today)
    content = write_month_template(tuple(load_columns().values()), _list_units(found, request.today))
    disposition = content_disposition_header(True, f"{found.month} 导入模板.xlsx") or "attachment"
    return HttpResponse(content, content_type=KINDS["xlsx"], headers={"Content-Disposition": disposition})
