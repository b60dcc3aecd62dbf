"""Pages with tables, and each of these tables as a file from the same address.

A view that shows tables answers with :func:`show_page` and names them; ``{% export "units" %}`` beside the table in
its template is the link. The file is made by the page's own view, after the same look at what the person may see, with
the same filters and days, so that it holds nothing that the page would not show.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextvars import Context, copy_context
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from types import MappingProxyType
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from wuzha.adapters.sheet_stream import MOST_IN_SHEET
from wuzha.adapters.table_export import Column, Sheet, Table, Value, stream_csv, stream_xlsx
from wuzha.web.accounts.access import UserRequest
from wuzha.web.accounts.actions import note_export
from wuzha.web.accounts.later import find_later

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = MappingProxyType({"csv": (stream_csv, "text/csv; charset=utf-8"), "xlsx": (stream_xlsx, SPREADSHEET)})
# So many rows are fetched at a time.
PIECE = 2000
# What an address says of the file and of the page's own leaves.
OF_THE_FILE = ("format", "table", "page")


def show_page(
    request: UserRequest, template: str, place: Mapping[str, Any], tables: Sequence[Table], status: int = 200
) -> HttpResponse:
    """The page, as ``render`` gives it; or the table that the address asks for with ``?format=xlsx&table=units``.

    ``tables`` cost nothing until one is asked for. Raises ``Http404`` for a table or a format that is not there.
    """
    ending = request.GET.get("format", "") if request.method != "POST" else ""
    if ending:
        # The answer is handed on by views that know of pages only; it is one more that a browser saves.
        return _export(request, place, _find(tables, request.GET.get("table", "")), ending)  # type: ignore[return-value]
    return render(request, template, {**place, "tables": {table.name: table for table in tables}}, status=status)


def _find(tables: Sequence[Table], name: str) -> Table:
    """The table of that name, or without a name the first of the page."""
    found = next((table for table in tables if name in ("", table.name)), None)
    if found is None:
        raise Http404
    return found


def _export(request: UserRequest, place: Mapping[str, Any], table: Table, ending: str) -> HttpResponseBase:
    if ending not in FORMATS:
        raise Http404
    stream, media_type = FORMATS[ending]
    count = _count(table)
    if ending == "xlsx" and count > MOST_IN_SHEET:
        raise BadRequest(
            _("A workbook holds at most %(limit)d rows; the table has %(count)d. Take .csv or narrow the filters.")
            % {"limit": MOST_IN_SHEET, "count": count}
        )
    if (later := find_later(request, str(table.title), count)) is not None:
        return later
    if request.method == "GET":
        address = _write_address(request)
        note_export(actor=request.user, table=table.name, address=address, ending=ending, rows=count, now=request.now)
    pieces = stream(_make_sheet(request, place, table, count))
    answer = StreamingHttpResponse(_keep_words(pieces, copy_context()), media_type)
    answer.headers["Content-Disposition"] = content_disposition_header(True, _name(request, place, table, ending)) or ""
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _count(table: Table) -> int:
    things = table.things
    return things.count() if isinstance(things, QuerySet) else len(things)


@dataclass(frozen=True, slots=True)
class Pieces:
    """Rows that are fetched and made ready a piece at a time: ``ready`` takes a piece and gives the things of it."""

    found: "QuerySet[Any] | Sequence[Any]"
    ready: Callable[[list[Any]], Iterable[Any]]
    size: int = PIECE

    def __len__(self) -> int:
        return self.found.count() if isinstance(self.found, QuerySet) else len(self.found)

    def __iter__(self) -> Iterator[Any]:
        rows = self.found.iterator(chunk_size=self.size) if isinstance(self.found, QuerySet) else iter(self.found)
        while piece := list(islice(rows, self.size)):
            yield from self.ready(piece)


def _keep_words(pieces: Iterator[bytes], context: Context) -> Iterator[bytes]:
    """The pieces, each made in the language and with the kinds of the request, which is over by then."""
    while (piece := context.run(next, pieces, None)) is not None:
        yield piece


def _make_sheet(request: UserRequest, place: Mapping[str, Any], table: Table, count: int) -> Sheet:
    columns = table.list_columns()
    heads = [str(column.title) for column in columns]
    told = " ".join(_tell(request, place, table, count))
    kinds, rows = [column.kind for column in columns], _list_rows(columns, table.things)
    return Sheet(str(table.title), told, heads, kinds, rows, lambda written: _say_end(written, count))


def _list_rows(columns: Sequence[Column], things: Iterable[Any]) -> Iterator[Sequence[Value]]:
    takes = [column.take for column in columns]
    if isinstance(things, QuerySet):
        things = things.iterator(chunk_size=PIECE)
    for thing in things:
        yield [take(thing) for take in takes]


def _say_end(written: int, expected: int) -> str:
    """The last line. Where rows came or went while the file was written, it says so."""
    if written == expected:
        return _("End, %(count)d rows in all") % {"count": written}
    told = _("End, %(count)d rows in all; there were %(expected)d when it began. Please export once more.")
    return told % {"count": written, "expected": expected}


def _tell(request: UserRequest, place: Mapping[str, Any], table: Table, count: int) -> Iterator[str]:
    """What the file says of itself, in sentences."""
    filters = [(label, value) for label, value in _list_filters(place, table) if value not in (None, "")]
    if filters:
        yield _("Shown: %(filters)s.") % {"filters": "；".join(f"{label} {value}" for label, value in filters)}
    if not place.get("no_as_of"):
        yield _("As it stood on %(day)s.") % {"day": place.get("as_of", request.today)}
    if known := place.get("known"):
        yield _("By records that had come in by %(day)s.") % {"day": write_known(known)}
    at = timezone.localtime(request.now)
    yield _("Exported at %(moment)s (Beijing) from %(address)s.") % {
        "moment": f"{at:%Y-%m-%d %H:%M}",
        "address": _write_address(request),
    }
    yield _("%(count)d rows in all.") % {"count": count}


def write_known(known: date) -> str:
    """The day by whose end records must have come, or the minute of an instant."""
    return f"{timezone.localtime(known):%Y-%m-%d %H:%M}" if isinstance(known, datetime) else known.isoformat()


def _list_filters(place: Mapping[str, Any], table: Table) -> Iterator[tuple[Any, Any]]:
    unit, form = place.get("unit"), place.get("form")
    if unit is not None:
        yield _("Unit"), unit.name
    yield from table.filters
    if isinstance(form, Form) and form.is_bound and form.is_valid():
        yield from tell_filters(form)


def tell_filters(form: Form) -> Iterator[tuple[str, str]]:
    """What was chosen in a form of filters, in its own words."""
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if value in (None, "", False, []):
            continue
        choices = dict(_flatten(getattr(field, "choices", ())))
        told = (_tell_value(one, choices) for one in (value if isinstance(value, list) else [value]))
        yield str(form[name].label), "、".join(told)


def _tell_value(value: Any, choices: Mapping[Any, Any]) -> str:
    shown = value.isoformat() if isinstance(value, date) else _("yes") if value is True else value
    return str(choices.get(value, choices.get(str(value), shown)))


def _flatten(choices: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Choices may stand in groups."""
    for value, title in choices:
        if isinstance(title, list | tuple):
            yield from title
        else:
            yield value, title


def _write_address(request: UserRequest) -> str:
    """The page that the table stands on, with its filters."""
    query = request.GET.copy()
    for name in OF_THE_FILE:
        query.pop(name, None)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _name(request: UserRequest, place: Mapping[str, Any], table: Table, ending: str) -> str:
    unit = place.get("unit")
    parts = [str(table.title), unit.name if unit is not None else "", f"{timezone.localtime(request.now):%Y%m%d-%H%M}"]
    return f"{'-'.join(filter(None, parts))}.{ending}".replace("/", " ")
