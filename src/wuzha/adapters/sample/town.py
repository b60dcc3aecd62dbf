"""What towns did and counted: events, adverts along the road, hoardings, the register, cases and surveys."""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from types import MappingProxyType

from wuzha.adapters.sample.body import write_tables
from wuzha.adapters.sample.book import Book, Writer, find_month_end, list_counted_years
from wuzha.adapters.sample.habit import BEHIND
from wuzha.adapters.sample.village import write_site
from wuzha.core.base.interval import DAY

EVENT_PLACES = ("集镇广场", "汽车站", "农贸市场", "集镇主街")
FILES: Mapping[str, tuple[int, int]] = MappingProxyType({"high": (2, 7), "medium": (4, 14), "low": (7, 30)})
"""Of each grade: how many files a town has at most, and the days of its cadence."""

CASES_A_MONTH = (1, 4)
SURVEY_MONTHS = (3, 6, 9, 12)


def write_town(book: Book, writer: Writer) -> None:
    write_tables(book, writer)
    _write_events(book, writer)
    _write_road(book, writer)
    _write_hoardings(book, writer)
    _write_register(book, writer)
    _write_cases(book, writer)
    _write_surveys(book, writer)
    _write_titles(book, writer)


def _write_events(book: Book, writer: Writer) -> None:
    rng = writer.rng
    for first in book.list_months():
        for _ in range(rng.randint(2, 3) if writer.keeps() else 1):
            on, place = first + timedelta(days=rng.randrange(28)), rng.choice(EVENT_PLACES)
            book.add(writer, "rally", on, people=rng.randint(90, 480), place=place, audience="赶集群众")


def _write_road(book: Book, writer: Writer) -> None:
    """An advert every 160 to 190 m; a town that is behind has left some out, so that a longer gap remains."""
    road = writer.unit.find_attribute("main_road_m", date.max)
    at_m, number = 90, 0
    while road is not None and at_m < road.value:
        number += 1
        if writer.habit is not BEHIND or number % 5:
            write_site(book, writer, "advert", f"{writer.code}-road-{number}", "主要道路沿线", at_m)
        at_m += writer.rng.randint(160, 190)


def _write_hoardings(book: Book, writer: Writer) -> None:
    hoarding = writer.unit.find_attribute("hoarding_m2", date.max)
    if hoarding is None:
        return
    share = Fraction(7 if writer.habit is BEHIND else 12, 100)
    for number in range(1, 5):
        on = date(book.years[0], 2, 1) + timedelta(days=writer.rng.randrange(200))
        subject, area_m2 = f"{writer.code}-hoarding-{number}", round(hoarding.value * share / 4, 1)
        area = Fraction(area_m2)
        book.add(
            writer, "hoarding_advert", on, kept=True, subject=subject, change="install", area_m2=area, place="在建工地"
        )


def _write_register(book: Book, writer: Writer) -> None:
    number = 0
    for grade, (most, _) in FILES.items():
        for _ in range(writer.rng.randint(most // 2, most)):
            number += 1
            _write_file(book, writer, f"HC-{writer.code}-{number:03}", grade)


def _write_file(book: Book, writer: Writer, subject: str, grade: str) -> None:
    """One file: put on the register, checked in nearly every window, in some cases graded down or closed."""
    rng = writer.rng
    enrolled_on = date(book.years[0], 1, 5) + timedelta(days=rng.randrange(60))
    book.add(writer, "followup", enrolled_on, kept=True, subject=subject, change="enrol", grade=grade)
    on = max(enrolled_on, book.since) + DAY
    while on <= book.today:
        if rng.random() < 0.4 + writer.habit.keeps * 0.6:
            book.add(writer, "followup", on, subject=subject, change="check", grade=grade)
        if rng.random() < 0.002:
            book.add(writer, "followup", on, kept=True, subject=subject, change="close", grade=grade, note="期满")
            return
        on = _draw_next(writer, on, grade)


def _draw_next(writer: Writer, on: date, grade: str) -> date:
    """A day in the next calendar window of the grade, so that checks fall into each week, fortnight and month."""
    rng, days = writer.rng, FILES[grade][1]
    if days == 30:
        return find_month_end(on.replace(day=1)) + timedelta(days=rng.randint(1, 27))
    opens = on - timedelta(days=on.toordinal() % days - 1) if days == 7 else on - timedelta(days=on.weekday())
    return opens + timedelta(days=days + rng.randrange(min(days, 5)))


def _write_cases(book: Book, writer: Writer) -> None:
    """What the police counted each month; fewer in this year than in the year before, the losses not quite so."""
    rng = writer.rng
    for year in list_counted_years(book):
        for month in range(1, 13):
            low, high = CASES_A_MONTH
            # A good quarter fewer cases in each new year.
            drop = 1 if year == book.today.year else 0
            number = max(0, rng.randint(low, high) - (drop if rng.random() < 0.7 else 0))
            most = 54_000 if drop else 46_000
            losses = [rng.randrange(1_200, most, 100) for _ in range(number)]
            high = sum(loss > 40_000 for loss in losses)
            loss = Fraction(sum(losses))
            on = find_month_end(date(year, month, 1))
            book.add(writer, "cases", on, kept=True, quantity=number, loss_yuan=loss, note=f"{month}月合计")
            book.add(writer, "high_loss_cases", on, kept=True, quantity=high, note=f"{month}月合计")


def _write_surveys(book: Book, writer: Writer) -> None:
    rng = writer.rng
    for year in book.years:
        for month in SURVEY_MONTHS:
            asked = rng.randrange(80, 161, 10)
            know = asked * rng.randint(84, 97) // 100
            book.add(writer, "awareness", date(year, month, 15), quantity=know, people=asked, note="入户抽样")


def _write_titles(book: Book, writer: Writer) -> None:
    rng = writer.rng
    for year in book.years:
        if writer.keeps():
            on = date(year, 4, 1) + timedelta(days=rng.randrange(240))
            book.add(writer, "title_award", on, place=rng.choice(("社区", "学校", "农贸市场", "企业")))
