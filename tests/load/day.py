"""A county's day, compressed: who does what on the site, how often, and how long they think in between.

Everybody draws from dice of their own, seeded by the day's seed and their name, so that two runs send the same. The
pages and forms are read as a browser reads them; what is not as it should be is a trouble in the book.
"""

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from types import MappingProxyType
from urllib.parse import quote
from uuid import UUID

from tests.load.book import Book, Fate, Sent, SentPhoto
from tests.load.county import KINDS, PASSWORD, Cast, Person
from tests.load.photos import Photo, make_photo
from tests.load.wire import Answer, Browser, Cut, CutError, LineError, read_fields

PIECE = 32 * 1024
PLACES = ("村口广场", "文化礼堂", "集市", "小区门口", "学校操场", "卫生室")
# Of the day: by when most phones have their network back, and when nobody begins anything new.
POWER_BACK, EVENING = 0.05, 0.93
# A session at a desk lasts minutes while the day lasts ten; people think as long as they do.
THINK_S, SPREAD_OF_THINKING = 4.0, 0.7
CUT_OFF, GIVEN_UP, PRESSED_TWICE, WITH_PHOTO = 0.15, 0.01, 0.05, 0.4
TRIES, PAUSE_S = 60, 1.0
# A file that is made by a worker is waited for so long.
JOB_S = 300.0
SERIAL = re.compile(r"/papers/(\d+)/$")
FULL_DAY_S = 600.0


@dataclass(slots=True)
class Day:
    """What all players share."""

    cast: Cast
    book: Book
    host: str
    port: int
    seconds: float
    today: date
    seed: int = 20
    is_over: bool = False
    # Whoever is in the middle of something, as the report wants to know.
    busy: int = 0
    most_busy: int = 0
    started: float = field(default_factory=lambda: asyncio.get_running_loop().time())

    @property
    def pace(self) -> float:
        """A shorter day leaves less time to think, and no less than a tenth."""
        return max(0.1, min(1.0, self.seconds / FULL_DAY_S))

    def now(self) -> float:
        return asyncio.get_running_loop().time() - self.started


class Player:
    """A person with a browser."""

    def __init__(self, day: Day, person: Person) -> None:
        self.day, self.person = day, person
        self.book = day.book
        self.dice = Random(f"{day.seed}/{person.name}")
        cookies = {"sessionid": person.session} if person.session else {}
        self.browser = Browser(day.host, day.port, cookies)

    # --- what a person does with a browser ---

    async def think(self) -> None:
        await asyncio.sleep(self.dice.lognormvariate(0, SPREAD_OF_THINKING) * THINK_S * self.day.pace)

    async def look(self, kind: str, path: str, holds: str = "", status: int = 200) -> Answer | None:
        """The page, when it is what it should be; else the trouble is noted."""
        return await self.judge(kind, self.browser.get(path), holds, status)

    async def judge(
        self, kind: str, asked: Awaitable[Answer], holds: str = "", status: int = 200, told: str = ""
    ) -> Answer | None:
        try:
            answer = await asked
        except LineError as error:
            self.book.trouble(kind, f"no answer: {error}")
            return None
        self.book.note(kind, answer.took_ms)
        if answer.status != status:
            self.book.trouble(kind, f"{answer.status} instead of {status} {answer.location} {told}".strip())
            return None
        if holds and holds not in answer.text:
            self.book.trouble(kind, f"the page does not hold {holds!r}")
            return None
        return answer

    async def log_in(self) -> bool:
        if "sessionid" in self.browser.cookies:
            return True
        page = await self.look("log-in page", "/log-in/?next=/today/", "csrfmiddlewaretoken")
        if page is None:
            return False
        fields = read_fields(page.text) | {"username": self.person.name, "password": PASSWORD}
        await self.think()
        sent = await self.judge("log-in", self.browser.post_form("/log-in/", fields), status=302)
        return sent is not None and "sessionid" in self.browser.cookies

    # --- records and photos ---

    def make_record(self) -> Sent:
        """A record of the person's unit of these days, noted in the book before anything leaves."""
        dice = self.dice
        made = UUID(int=dice.getrandbits(128), version=4)
        happened_on = max(self.day.today - timedelta(days=dice.randrange(3)), date(self.day.today.year, 1, 1))
        told = {
            "id": str(made),
            "unit": self.person.unit,
            "kind": dice.choice(KINDS),
            "happened_on": happened_on.isoformat(),
            "quantity": dice.randint(1, 3),
            "people": dice.randint(5, 300),
            "place": dice.choice(PLACES),
            "note": f"第{dice.getrandbits(40):x}次，讲了刷单和冒充客服",
        }
        return self.enter(told)

    def enter(self, told: dict[str, object]) -> Sent:
        if told["kind"] == "broadcast":
            del told["people"]
        if told["kind"] == "training":
            del told["place"]
        sent = Sent(told, self.person.name)
        self.book.records[str(told["id"])] = sent
        return sent

    def make_photo(self, record: str) -> tuple[SentPhoto, Photo]:
        photo = make_photo(self.dice)
        sent = SentPhoto(record, photo.sha256, len(photo.content))
        self.book.photos.append(sent)
        return sent, photo

    def draw_cut(self) -> Cut | None:
        return self.dice.choice(list(Cut)) if self.dice.random() < CUT_OFF else None


class Phone(Player):
    """Somebody out in the villages. What they recorded while the power was cut goes out when it is back."""

    async def play(self) -> None:
        dice, day = self.dice, self.day
        back = min(dice.expovariate(1 / POWER_BACK), 0.25)
        later = sorted(dice.uniform(0.25, EVENING) for _ in range(dice.choice((0, 1, 1, 2))))
        for number, moment in enumerate([back, *later]):
            await asyncio.sleep(max(0.0, moment * day.seconds - day.now()))
            if day.is_over:
                return
            count = dice.randint(1, 3) if number else dice.randint(2, 12)
            await work(day, self.sync(count))

    async def sync(self, count: int) -> None:
        waiting = [self.make_record() for _ in range(count)]
        photos = [self.make_photo(sent.told["id"]) for sent in waiting if self.dice.random() < WITH_PHOTO / 2]
        for sent, _ in photos:
            sent.pk = str(UUID(int=self.dice.getrandbits(128), version=4))
        gives_up = self.dice.random() < GIVEN_UP
        if await self.send_until_kept(waiting, gives_up):
            for sent, photo in photos:
                await self.send_photo(sent, photo)
        self.browser.close()

    async def send_until_kept(self, waiting: list[Sent], gives_up: bool) -> bool:
        """Again and again with the same ids, as a phone does; one that gives up was lost with its owner's bag."""
        cut = self.dice.choice((Cut.SENDING, Cut.WAITING)) if gives_up else self.draw_cut()
        for _ in range(TRIES):
            try:
                if await self.send_once(waiting, cut):
                    return True
            except CutError:
                self.book.cuts[f"phone {cut.value if cut else ''}"] += 1
                if gives_up:
                    return False
            cut = None
            await asyncio.sleep(PAUSE_S * self.day.pace)
        self.book.trouble("phone records", "given up after many tries")
        return False

    async def send_once(self, waiting: list[Sent], cut: Cut | None) -> bool:
        state = await self.look("phone state", "/phone/state/", '"csrf_token"')
        if state is None:
            return False
        if state.told["user"]["id"] != self.person.number:
            self.book.trouble("phone state", "another person's")
            return False
        body = {
            "sent_at": datetime.now(UTC).isoformat(),
            "user": self.person.number,
            "records": [sent.told for sent in waiting],
        }
        packed = json.dumps(body, ensure_ascii=False).encode()
        heads = {"Content-Type": "application/json"}
        asked = self.browser.send("POST", "/phone/records/", packed, heads, cut)
        answer = await self.judge("phone records", asked)
        return answer is not None and self.read_receipts(answer, waiting)

    def read_receipts(self, answer: Answer, waiting: list[Sent]) -> bool:
        told = answer.told if isinstance(answer.told, dict) else {}
        results = {one.get("id"): one.get("result") for one in told.get("answers", ())}
        for sent in waiting:
            result = results.get(sent.told["id"])
            if result in ("saved", "known"):
                sent.fate = Fate.KEPT
            else:
                self.book.trouble("phone records", f"a record was answered {result}")
        return all(sent.fate is Fate.KEPT for sent in waiting)

    async def send_photo(self, sent: SentPhoto, photo: Photo) -> None:
        """In pieces, each on its own way; after a cut the phone asks how much has arrived."""
        offset, cut_at = 0, self.dice.randrange(len(photo.content)) if self.dice.random() < CUT_OFF else -1
        for _ in range(TRIES):
            is_cut = offset <= cut_at < offset + PIECE
            try:
                arrived = await self.send_piece(sent, photo, offset, self.dice.choice(list(Cut)) if is_cut else None)
            except CutError:
                self.book.cuts["photo"] += 1
                cut_at = -1
                arrived = await self.ask_offset(sent)
            if sent.fate is Fate.KEPT:
                return
            if arrived is None:
                await asyncio.sleep(PAUSE_S * self.day.pace)
                arrived = await self.ask_offset(sent) or 0
            offset = arrived
        self.book.trouble("photo piece", "given up after many tries")

    async def send_piece(self, sent: SentPhoto, photo: Photo, offset: int, cut: Cut | None) -> int | None:
        heads = {
            "Content-Type": "image/jpeg",
            "X-Record": sent.record,
            "X-Size": str(sent.size),
            "X-Offset": str(offset),
            "X-SHA256": sent.sha256,
            "X-Name": quote("现场照片.jpg"),
        }
        piece = photo.content[offset : offset + PIECE]
        answer = await self.judge("photo piece", self.browser.send("PUT", f"/evidence/{sent.pk}/", piece, heads, cut))
        return self.read_progress(answer, sent)

    def read_progress(self, answer: Answer | None, sent: SentPhoto) -> int | None:
        if answer is None or not isinstance(answer.told, dict):
            return None
        if answer.told.get("complete") is True:
            sent.fate = Fate.KEPT
        return int(answer.told.get("received", 0))

    async def ask_offset(self, sent: SentPhoto) -> int | None:
        try:
            answer = await self.browser.get(f"/evidence/{sent.pk}/")
        except LineError as error:
            self.book.trouble("photo offset", f"no answer: {error}")
            return None
        self.book.note("photo offset", answer.took_ms)
        if answer.status == 404:
            return 0
        if answer.status != 200:
            self.book.trouble("photo offset", str(answer.status))
            return None
        return self.read_progress(answer, sent)


class Desk(Player):
    """A secretary at a desk: what is to be done, one record with a photo, a look at it."""

    async def play(self) -> None:
        await self.wait_for_turn()
        if not self.day.is_over:
            await work(self.day, self.record())

    async def wait_for_turn(self) -> None:
        moment = self.dice.betavariate(2, 2) * EVENING
        await asyncio.sleep(max(0.0, moment * self.day.seconds - self.day.now()))

    async def record(self) -> None:
        if not await self.log_in():
            return
        await self.look("today", "/today/", status=302)
        await self.look("my work", "/today/work/", "<main")
        for _ in range(self.dice.choice((1, 1, 2))):
            await self.think()
            await self.look("kinds", "/records/new/", "kind=talk")
            await self.think()
            await self.fill_in()
        await self.think()
        await self.look("records of a unit", "/records/", "<main")
        self.browser.close()

    async def fill_in(self) -> None:
        kind = self.dice.choice(KINDS)
        path = f"/records/new/?kind={kind}"
        page = await self.look("record form", path, 'name="quantity"')
        if page is None:
            return
        fields = read_fields(page.text)
        sent = self.make_record()
        del self.book.records[str(sent.told["id"])]
        told = {**sent.told, "id": fields["id"], "kind": kind, "place": "村口广场", "people": 40}
        sent = self.enter(told)
        typed = {name: str(value) for name, value in told.items() if name != "kind"}
        photos = [self.make_photo(fields["id"])] if self.dice.random() < WITH_PHOTO else []
        await self.think()
        await self.press(path, fields | typed, sent, photos)

    async def press(
        self, path: str, fields: Mapping[str, str], sent: Sent, photos: list[tuple[SentPhoto, Photo]]
    ) -> None:
        """Sends the form; now and then twice, or with the line cut and then again."""
        files = {f"照片{number}.jpg": photo.content for number, (_, photo) in enumerate(photos)}
        cut = self.draw_cut()
        times = 2 if self.dice.random() < PRESSED_TWICE else 1
        kind = "record with photo" if files else "record"
        answer = None
        for _ in range(TRIES):
            try:
                answer = await self.judge(kind, self.browser.post_files(path, fields, files, cut), status=302)
            except CutError:
                self.book.cuts["form"] += 1
            times -= answer is not None
            if times <= 0:
                break
            cut = None
            await asyncio.sleep(PAUSE_S * self.day.pace)
        if answer is None or f"/records/{sent.told['id']}/" not in answer.location:
            self.book.trouble(kind, "not acknowledged")
            return
        sent.fate = Fate.KEPT
        page = await self.look("record page", answer.location, str(sent.told["note"]))
        if page is not None:
            self.see_photos(page, photos)

    def see_photos(self, page: Answer, photos: list[tuple[SentPhoto, Photo]]) -> None:
        """A photo is acknowledged by standing on the page of its record."""
        for sent, _ in photos:
            if "/evidence/" in page.text:
                sent.fate = Fate.KEPT
            else:
                self.book.trouble("record page", "the photo is not there")


class Town(Desk):
    """A town's officer on the 20th: how do our villages stand, and their lines of the monthly table."""

    async def play(self) -> None:
        for begin in sorted(self.dice.uniform(0.05, EVENING) for _ in range(3)):
            await asyncio.sleep(max(0.0, begin * self.day.seconds - self.day.now()))
            if self.day.is_over:
                return
            await work(self.day, self.look_after())

    async def look_after(self) -> None:
        town, dice = self.person.town, self.dice
        villages = self.day.cast.villages[town]
        await self.look("today, town", "/today/", "<main")
        await self.think()
        await self.look("standings of a town", f"/standings/{town}/", "<table")
        await self.think()
        await self.look("a village's page", f"/units/{dice.choice(villages)}/standing/", "<main")
        await self.think()
        await self.look("records of a town", f"/records/?unit={town}", "<main")
        await self.look("monthly table, town", f"/papers/monthly/{self.day.cast.call}/", "<table")
        for village in dice.sample(villages, min(2, len(villages))):
            await self.think()
            await self.hand_in(village)
        self.browser.close()

    async def hand_in(self, village: str) -> None:
        """Looks at the line and hands it in; whoever comes too late or finds other figures looks again."""
        path = f"/papers/monthly/{self.day.cast.call}/lines/{village}/"
        for _ in range(TRIES):
            page = await self.look("monthly line", path, 'name="looked"')
            if page is None:
                return
            fields = read_fields(page.text) | {"act": "submit", "online_reach": "120", "highlights": "赶集日讲反诈"}
            await asyncio.sleep(0.2 * self.day.pace)
            try:
                answer = await self.browser.post_form(path, fields)
            except LineError as error:
                self.book.trouble("monthly line handed in", f"no answer: {error}")
                continue
            self.book.note("monthly line handed in", answer.took_ms)
            if answer.status == 302:
                self.book.lines.add(village)
                return
            if answer.status != 422:
                self.book.trouble("monthly line handed in", f"{answer.status} instead of 302")
                return
        self.book.trouble("monthly line handed in", "figures changed each time")


class Officer(Player):
    """The county's office: who is behind, why, tables to take along, a letter that goes out."""

    async def play(self) -> None:
        for begin in sorted(self.dice.uniform(0.02, EVENING) for _ in range(4)):
            await asyncio.sleep(max(0.0, begin * self.day.seconds - self.day.now()))
            if self.day.is_over:
                return
            await work(self.day, self.look_round())

    async def look_round(self) -> None:
        cast, kind, town = self.day.cast, self.dice.choice(KINDS), self.dice.choice(list(self.day.cast.villages))
        await self.look("today, county", "/today/", "<main")
        await self.think()
        await self.look("standings of the county", "/standings/SQ/", "<table")
        await self.think()
        await self.look("a duty of all units", f"/standings/SQ/{cast.plan}/{kind}-village/", "<table")
        await self.look("a town's page", f"/units/{town}/standing/", "<main")
        await self.think()
        await self.look("records of the county", "/records/", "<main")
        await self.look("monthly table, county", f"/papers/monthly/{cast.call}/", "<table")
        await self.think()
        if self.person.role == "officer":
            await self.take_along()
            await self.issue(town)
        self.browser.close()

    async def take_along(self) -> None:
        """Tables as files, each whole: the last line says so."""
        file = await self.take_file("records as .csv", "/records/export.csv")
        if file is not None and not file.text.rstrip().splitlines()[-1].startswith("共"):
            self.book.trouble("records as .csv", "the file has no end")
        await self.take_file("standings as .xlsx", "/standings/SQ/?format=xlsx&table=matrix")
        await self.think()

    async def take_file(self, kind: str, path: str) -> Answer | None:
        """A file; where the site asks once more who one is, with the password."""
        answer = await self.judge(kind, fetch_file(self.browser, path))
        if answer is not None and not answer.heads.get("content-disposition", "").startswith("attachment"):
            self.book.trouble(kind, "the answer is no file")
            return None
        return answer

    async def issue(self, town: str) -> None:
        """A letter to a town, drafted from its standing, looked at and issued."""
        path = f"/papers/new/?form=letter&unit={town}&plan={self.day.cast.plan}"
        page = await self.look("new letter", path, 'name="title"')
        if page is None:
            return
        await self.think()
        fields = read_fields(page.text) | {"mark": "石反诈函"}
        draft = await self.judge("letter drafted", self.browser.post_form(path, fields), status=302)
        page = await self.look("draft", draft.location, "/issue/") if draft else None
        if draft is None or page is None:
            return
        await self.think()
        sent = self.browser.post_form(f"{draft.location}issue/", read_fields(page.text))
        issued = await self.judge("letter issued", sent, status=302)
        found = SERIAL.search(issued.location) if issued else None
        if issued is None or found is None:
            self.book.trouble("letter issued", f"not issued: {issued.location if issued else ''}")
            return
        self.book.papers.append(int(found[1]))
        await self.look("issued letter", issued.location, "石反诈函")
        await self.take_file("letter as .docx", f"{issued.location}files/docx")


async def fetch_file(browser: Browser, path: str) -> Answer:
    """The answer with the file, and how long it took in all.

    A long file is made by a worker while its reader looks again and again; before some the site wants the password
    once more. Raises :class:`LineError` where the worker never comes to an end.
    """
    start = time.perf_counter()
    answer = await prove(browser, path, await browser.get(path))
    if answer.status == 302 and answer.location.startswith("/jobs/"):
        await wait_for_job(browser, answer.location)
        file = f"{answer.location}file"
        answer = await prove(browser, file, await browser.get(file))
    return replace(answer, took_ms=(time.perf_counter() - start) * 1000)


async def prove(browser: Browser, path: str, answer: Answer) -> Answer:
    """The same answer, or the one after the password was given."""
    if b'name="proof-given"' not in answer.body:
        return answer
    fields = read_fields(answer.text) | {"proof-password": PASSWORD}
    await browser.post_form(path, fields)
    return await browser.get(path)


async def wait_for_job(browser: Browser, page: str) -> None:
    """Looks as often as the page loads itself anew."""
    end = time.perf_counter() + JOB_S
    while time.perf_counter() < end:
        answer = await browser.get(page)
        if "refresh" not in answer.heads:
            return
        await asyncio.sleep(float(answer.heads["refresh"].partition(";")[0]))
    raise LineError("the job does not end")


async def work(day: Day, session: Awaitable[None]) -> None:
    """One session, counted while it lasts. A mistake of the script itself is a trouble too, never silence."""
    day.busy += 1
    day.most_busy = max(day.most_busy, day.busy)
    try:
        await session
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        day.book.trouble("script", f"{type(error).__name__}: {error}")
    finally:
        day.busy -= 1


ROLES: Mapping[str, type[Phone | Desk | Officer]] = MappingProxyType(
    {"phone": Phone, "desk": Desk, "town": Town, "officer": Officer, "supervisor": Officer}
)


async def play_day(day: Day) -> None:
    """Everybody at once; returns when the last of them has finished what they had begun."""
    async with asyncio.TaskGroup() as group:
        group.create_task(end_day(day))
        for person in day.cast.people:
            group.create_task(ROLES[person.role](day, person).play())


async def end_day(day: Day) -> None:
    await asyncio.sleep(day.seconds)
    day.is_over = True
