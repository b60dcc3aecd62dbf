"""What villages, communities and their grids did: talks, rallies, loudspeakers, leaflets, visits, and their sites."""

from datetime import date, timedelta

from wuzha.adapters.sample.book import Book, Writer, find_month_end
from wuzha.adapters.sample.habit import SHOWN_VILLAGE
from wuzha.core.base.unit import Tree, Unit

RALLY_PLACES = ("村文化广场", "村委会院内", "社区广场", "集市路口", "便民服务站门口", "农贸市场")
TALK_PLACES = ("村会议室", "文化活动室", "村口树下", "党群服务中心", "老年活动室", "小卖部门口", "院坝")
AUDIENCES = ("老年人", "留守妇女", "返乡务工人员", "种养大户", "网购较多的年轻人", "全体村民", "小店主")
SITE_PLACES = ("村口", "主路边", "村委会外墙", "公交站点", "集市入口", "卫生室旁", "广场边", "桥头")
LISTED_VILLAGES = (SHOWN_VILLAGE, "SQ0303")
"""Those that have written down the numbers of their households."""
POSTING_NOTES = ("微信群转发案例提醒", "村务公开群推送", "网格群推送短视频")
LEAFLET_PLACES = ("集市", "村口", "入户时", "卫生室", "快递点")


def write_village(book: Book, writer: Writer) -> None:
    _write_talks(book, writer)
    _write_rallies(book, writer)
    _write_broadcasts(book, writer)
    _write_handouts(book, writer)
    for kind, number in (("banner", _count_banners(writer)), ("board", 4), ("slogan", 4)):
        _write_sites(book, writer, kind, number)


def _leaves_open(book: Book, writer: Writer, opens: date) -> bool:
    """The shown village has not yet done what the running week or month asks."""
    return writer.code == SHOWN_VILLAGE and opens >= book.today.replace(day=1) - timedelta(days=6)


def _write_talks(book: Book, writer: Writer) -> None:
    """Mostly once a week, twice in some weeks; a showing now and then."""
    rng = writer.rng
    for monday in book.list_weeks():
        if not writer.keeps() or (monday + timedelta(days=6) >= book.today and writer.code == SHOWN_VILLAGE):
            continue
        for _ in range(1 if rng.random() < 0.9 else 2):
            _write_event(book, writer, "talk", monday + timedelta(days=rng.randrange(7)))
        if rng.random() < 0.06:
            _write_event(book, writer, "showing", monday + timedelta(days=rng.randrange(7)))


def _write_event(book: Book, writer: Writer, kind: str, on: date) -> None:
    rng = writer.rng
    people = rng.randint(12, 70)
    place, audience = rng.choice(TALK_PLACES), rng.choice(AUDIENCES)
    book.add(writer, kind, on, people=people, place=place, audience=audience)


def _write_rallies(book: Book, writer: Writer) -> None:
    rng = writer.rng
    for first in book.list_months():
        if not writer.keeps() or _leaves_open(book, writer, first):
            continue
        on = first + timedelta(days=rng.randrange(find_month_end(first).day))
        people, place = rng.randint(60, 260), rng.choice(RALLY_PLACES)
        book.add(writer, "rally", on, people=people, place=place, audience=rng.choice(AUDIENCES))


def _write_broadcasts(book: Book, writer: Writer) -> None:
    rng = writer.rng
    for monday in book.list_weeks():
        if writer.keeps():
            on, times = monday + timedelta(days=rng.randrange(7)), rng.randint(2, 14)
            book.add(writer, "broadcast", on, quantity=times, place="村大喇叭", note="一周合记")


def _write_handouts(book: Book, writer: Writer) -> None:
    rng = writer.rng
    for first in book.list_months():
        if rng.random() < 0.6:
            on, sheets = first + timedelta(days=rng.randrange(28)), rng.randrange(20, 200, 10)
            place, audience = rng.choice(LEAFLET_PLACES), rng.choice(AUDIENCES)
            book.add(writer, "leaflet", on, quantity=sheets, place=place, audience=audience)
        if rng.random() < 0.5:
            on, readers = first + timedelta(days=rng.randrange(28)), rng.randint(40, 260)
            book.add(writer, "posting", on, people=readers, note=rng.choice(POSTING_NOTES))


def _count_banners(writer: Writer) -> int:
    population = writer.unit.find_attribute("population", date.max)
    return 0 if population is None else -(-int(population.value) // 1000)


def _write_sites(book: Book, writer: Writer, kind: str, number: int) -> None:
    """Numbered sites, put up in the first year or this one; who is behind has put up fewer."""
    for place in range(1, number + 1):
        if writer.code == SHOWN_VILLAGE and kind == "board" and place == number:
            continue
        if writer.keeps():
            write_site(book, writer, kind, f"{writer.code}-{kind}-{place}", writer.rng.choice(SITE_PLACES))


def write_site(book: Book, writer: Writer, kind: str, subject: str, place: str, at_m: int | None = None) -> None:
    """One site's life: put up, seen now and then, sometimes damaged, and then mostly put up again."""
    rng = writer.rng
    opened = max(date(book.years[0], 1, 10), writer.unit.opens_on)
    on = opened + timedelta(days=min(rng.randrange(260), rng.randrange(420)))
    book.add(writer, kind, on, kept=True, subject=subject, change="install", place=place, at_m=at_m)
    while (on := on + timedelta(days=rng.randint(70, 130))) <= book.today:
        if rng.random() < 0.94:
            book.add(writer, kind, on, subject=subject, change="seen", place=place)
            continue
        book.add(writer, kind, on, kept=True, subject=subject, change="damage", place=place, note="破损")
        on += timedelta(days=rng.randint(4, 30))
        if writer.keeps():
            book.add(writer, kind, on, kept=True, subject=subject, change="install", place=place, at_m=at_m)
        else:
            return


def write_grid(book: Book, writer: Writer) -> None:
    """Visits of each year, every household at most once in it, at the pace of the village."""
    households = _count_households(writer.unit)
    if not households:
        return
    for year in book.years:
        _write_visits(book, writer, year, households)
    _write_dissuasions(book, writer)


def _write_visits(book: Book, writer: Writer, year: int, households: int) -> None:
    rng = writer.rng
    half, whole = (round(share * households) for share in writer.habit.reach)
    numbers = list(range(1, households + 1))
    rng.shuffle(numbers)
    summer = date(year, 7, 1).toordinal()
    opens = date(year, 1, 1).toordinal()
    for turn, number in enumerate(numbers[:whole]):
        if turn < half:
            day = opens + int((turn + rng.random()) * 181 / half)
        else:
            day = summer + int((turn - half + rng.random()) * (183 - writer.habit.rests_days) / max(1, whole - half))
        subject = f"{writer.code}-{number:03}"
        book.add(writer, "visit", date.fromordinal(day), subject=subject, place="入户")


def list_households(tree: Tree, village: str) -> str:
    """The village's list for its visit round, a range for each grid.

    The last grid's last two households moved in after the list was made, so that visits stand beside it.
    """
    grids = [(grid.code, _count_households(grid)) for grid in tree.list_children(village) if grid.kind == "grid"]
    ends = [count - 2 if grid == grids[-1][0] else count for grid, count in grids]
    return "\n".join(f"{grid}-001至{grid}-{end:03}" for (grid, _), end in zip(grids, ends, strict=True))


def _count_households(grid: Unit) -> int:
    households = grid.find_attribute("households", date.max)
    return int(households.value) if households else 0


def _write_dissuasions(book: Book, writer: Writer) -> None:
    rng = writer.rng
    for first in book.list_months():
        if rng.random() < 0.06:
            on, subject = first + timedelta(days=rng.randrange(28)), f"{writer.code}-Q{rng.randint(100, 999)}"
            book.add(writer, "dissuasion", on, subject=subject, note="接预警后上门见到本人")
