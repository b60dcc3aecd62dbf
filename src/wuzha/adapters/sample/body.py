"""What schools, banks, hotels, clinics, police stations and departments did."""

from datetime import date, timedelta

from wuzha.adapters.sample.book import Book, Writer, find_month_end, list_counted_years
from wuzha.adapters.sample.county import CRIMINAL_POLICE, POLICE
from wuzha.adapters.sample.plan import ISSUER
from wuzha.adapters.sample.village import write_site

CLASS_SIZE = 45
DESK_PLACES = ("前台", "电梯口", "大堂", "客房走廊")
WAITING_PLACES = ("候诊区", "挂号窗口", "药房窗口", "输液室")
STATION_PLACES = ("农贸市场", "企业车间", "村文化广场", "社区广场", "中心小学", "汽车站候车厅")
STATION_AUDIENCES = ("企业财务人员", "在校学生", "老年人", "个体商户", "外卖骑手", "辖区群众")
SPRING, AUTUMN = (3, 1), (9, 1)


def write_school(book: Book, writer: Writer) -> None:
    students = writer.unit.find_attribute("students", date.max)
    for year in book.years:
        for month, day in (SPRING, AUTUMN):
            _write_semester(book, writer, date(year, month, day), int(students.value) if students else 0)


def _write_semester(book: Book, writer: Writer, opens: date, students: int) -> None:
    """One meeting in each class within ten weeks, the parents' meeting, and the letter home."""
    rng = writer.rng
    classes = max(1, students // CLASS_SIZE)
    for number in range(classes):
        heads = students * (number + 1) // classes - students * number // classes
        if writer.keeps():
            note = f"第{number + 1}班"
            book.add(writer, "class_meeting", _draw_weekday(writer, opens, 70), people=heads, place="教室", note=note)
    if writer.keeps():
        people = students * rng.randint(30, 70) // 100
        book.add(writer, "parents_meeting", _draw_weekday(writer, opens, 90), people=people, place="学校礼堂")
    if rng.random() < 0.7:
        book.add(writer, "letter_home", _draw_weekday(writer, opens, 30), quantity=students, audience="学生家长")
    if rng.random() < 0.5:
        book.add(writer, "pledge", _draw_weekday(writer, opens, 40), quantity=students * 9 // 10)


def _draw_weekday(writer: Writer, opens: date, days: int) -> date:
    on = opens + timedelta(days=writer.rng.randrange(days))
    return on - timedelta(days=max(0, on.weekday() - 4)) if on.weekday() > 4 and on.day > 2 else on


def write_bank(book: Book, writer: Writer) -> None:
    """The screen runs nearly every day; reminders at the counter are counted once a week."""
    rng = writer.rng
    on = book.since
    while on <= book.today:
        if rng.random() < 0.5 + writer.habit.keeps / 2:
            book.add(writer, "broadcast", on, quantity=rng.randint(1, 6), place="营业厅显示屏")
        if on.weekday() == 4 and rng.random() < 0.5:
            book.add(writer, "counter_reminder", on, quantity=rng.randint(3, 25), note="一周合记")
        on += timedelta(days=1)


def write_hotel(book: Book, writer: Writer) -> None:
    if writer.keeps():
        write_site(book, writer, "advert", f"{writer.code}-1", writer.rng.choice(DESK_PLACES))


def write_clinic(book: Book, writer: Writer) -> None:
    for number in (1, 2):
        if writer.keeps():
            write_site(book, writer, "advert", f"{writer.code}-{number}", writer.rng.choice(WAITING_PLACES))


def write_station(book: Book, writer: Writer) -> None:
    for monday in book.list_weeks():
        if writer.keeps():
            _write_talk(book, writer, monday, 7)


def write_department(book: Book, writer: Writer) -> None:
    write_tables(book, writer)
    if writer.unit.name == CRIMINAL_POLICE:
        for first in book.list_months():
            _write_talk(book, writer, first, 28)
    if writer.unit.name == POLICE:
        _write_counts(book, writer)
    if writer.unit.name == ISSUER:
        _write_office(book, writer)


def _write_counts(book: Book, writer: Writer) -> None:
    """Cards and accounts used in fraud each month, and persons persuaded to return each quarter."""
    rng = writer.rng
    for year in list_counted_years(book):
        for month in range(1, 13):
            on = find_month_end(date(year, month, 1))
            cards = rng.randint(14, 22) if year == book.today.year else rng.randint(18, 29)
            book.add(writer, "cards", on, kept=True, quantity=cards, note=f"{month}月合计")
            if month % 3 == 0:
                wanted = rng.randint(9, 16)
                book.add(writer, "return_rate", on, kept=True, quantity=wanted - rng.randint(0, 3), people=wanted)


def _write_talk(book: Book, writer: Writer, opens: date, days: int) -> None:
    rng = writer.rng
    on, people = opens + timedelta(days=rng.randrange(days)), rng.randint(20, 160)
    place, audience = rng.choice(STATION_PLACES), rng.choice(STATION_AUDIENCES)
    book.add(writer, "talk", on, people=people, place=place, audience=audience)


def _write_office(book: Book, writer: Writer) -> None:
    """The county's own: the campaign month in May, a meeting each month, an inspection or two."""
    rng = writer.rng
    for year in book.years:
        book.add(writer, "campaign_month", date(year, 5, 20), people=rng.randint(3800, 6200), place="县文化广场")
    for first in book.list_months():
        book.add(writer, "meeting", first + timedelta(days=rng.randrange(5, 12)), people=rng.randint(18, 40))
        for _ in range(rng.randint(0, 2)):
            place = f"第{rng.randint(1, 12)}督导组"
            book.add(writer, "inspection", first + timedelta(days=rng.randrange(12, 28)), place=place)


def write_tables(book: Book, writer: Writer) -> None:
    """The monthly table: mostly between the 12th and the 20th, some days late for some, at times not at all."""
    rng = writer.rng
    for first in book.list_months():
        if writer.keeps():
            late_days = rng.randint(1, 6) if rng.random() > writer.habit.keeps - 0.03 else 0
            day = 20 + late_days if late_days else rng.randint(12, 20)
            book.add(writer, "progress_table", first.replace(day=day), note=f"{first:%Y年%m月}进展情况表")
