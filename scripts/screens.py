"""Takes the pictures of the documentation: the running site with the sample county, on a desk and on a phone; papers.

``make screens`` writes them into ``docs/screens`` and says how large each is; one over 300 kB fails.
"""

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the site is started as the journeys start it

import pypdfium2  # noqa: E402 - the path comes first
from playwright.sync_api import Page, ViewportSize  # noqa: E402 - as above
from rich.progress import track  # noqa: E402 - as above
from tests.adapters.forms import PAPERS, PICTURES  # noqa: E402 - as above
from tests.e2e.site import DESK, PHONE, load_county, open_browser, serve_site  # noqa: E402 - as above
from tests.e2e.steps import COUNTY, TOWN, VILLAGE  # noqa: E402 - as above
from tests.e2e.visitor import Visit  # noqa: E402 - as above

from wuzha.adapters.paper.pdf import render_pdf  # noqa: E402 - as above

TARGET = ROOT / "docs/screens"
LIMIT_BYTES = 300_000
# On the town's shelf the plan under review stands first.
DRAFT = 'main .rows a[href^="/plans/"]'


@dataclass(frozen=True, slots=True)
class Screen:
    """A page as somebody sees it. ``click`` is a link to follow or a thing to open before the picture is taken,
    ``then`` what is clicked after it, ``script`` what runs in the page before. ``sizes`` are those that the page is
    made for.
    """

    name: str
    user: str
    address: str
    click: str = ""
    then: tuple[str, ...] = ()
    script: str = ""
    colour: Literal["light", "dark"] = "light"
    sizes: tuple[tuple[str, ViewportSize], ...] = (("desk", DESK), ("phone", PHONE))


# Two versions of one record, as they meet when a phone and the desk have written the same one.
CONFLICT = """
self.wuzhaStore.recall("state").then((known) => {
  const id = "019aa000-0000-7000-8000-000000000001", unit = known.units[0].code;
  const wire = {
    id, unit, kind: "banner", happened_on: `${new Date().getFullYear()}-03-02`, quantity: 2, subject: "横-07",
    change: "install", place: "村口", extra: { wording: "陌生来电不转账" }, withdrawn: false,
  };
  const kept = Object.assign({}, wire, { quantity: 1, place: "村委会外墙", extra: { wording: "刷单返利是诈骗" } });
  return self.wuzhaStore.put("records", {
    id, user: known.user.id, wire, kept, title: "横幅", unitName: known.units[0].name, state: "conflict", problems: [],
    page: "", revision: id,
  });
})
"""
ONLY_PHONE = (("phone", PHONE),)
TALK, SAVE, ME = 'main a[href="#/record/talk"]', ".save-bar button", ".tab[data-tab=me]"

SCREENS = (
    Screen("today", "officer", "/today/"),
    Screen("plans", "officer", "/plans/"),
    Screen("review", "town", "/plans/", DRAFT),
    Screen("standings", "officer", "/standings/"),
    Screen("standings-dark", "officer", "/standings/", colour="dark"),
    Screen("standings-town", "officer", f"/standings/{TOWN}/"),
    Screen(
        "figure", "officer", f"/standings/{COUNTY}/", f'main a[href*="/standings/{COUNTY}/"][href*="rally"]:visible'
    ),
    Screen("unit", "officer", f"/units/{VILLAGE}/standing/"),
    Screen("papers", "officer", "/papers/", "#new > summary"),
    Screen("paper-draft", "officer", "/papers/", 'main a[href*="form=letter"][href*="unit="]:visible'),
    Screen("records", "officer", "/records/"),
    Screen("work", "village", "/today/work/"),
    Screen("record-kinds", "village", "/records/new/"),
    Screen("record", "village", "/today/work/", ".task:not(.task-overdue) .actions a >> nth=-1"),
    Screen("roster", "officer", "/roster/"),
    Screen("sites", "officer", f"/sites/{TOWN}/"),
    Screen("looks", "officer", "/looks/"),
    Screen("round", "village", f"/rounds/{VILLAGE}/"),
    Screen("kinds", "officer", "/kinds/"),
    Screen("import", "officer", "/records/import/"),
    Screen("queue-file", "officer", "/records/queue-file/"),
    Screen("field-work", "village", "/phone/", sizes=ONLY_PHONE),
    Screen("field-work-dark", "village", "/phone/", colour="dark", sizes=ONLY_PHONE),
    Screen("field-kinds", "village", "/phone/#/record", sizes=ONLY_PHONE),
    Screen("field-record", "village", "/phone/#/record/banner", sizes=ONLY_PHONE),
    Screen("field-round", "village", "/phone/", ".round-link a", sizes=ONLY_PHONE),
    Screen("field-saved", "village", "/phone/#/record", TALK, then=(SAVE,), sizes=ONLY_PHONE),
    Screen("field-me", "village", "/phone/#/record", TALK, then=(SAVE, ME), sizes=ONLY_PHONE),
    Screen("field-conflict", "village", "/phone/", ME, script=CONFLICT, sizes=ONLY_PHONE),
)


def main() -> int:
    TARGET.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        open_browser() as browser,
        serve_site(load_county(Path(folder)), Path(folder) / "data") as url,
    ):
        visit = Visit(browser, url, {})
        taken = list(track(take_all(visit), "taking pictures", total=sum(len(screen.sizes) for screen in SCREENS)))
        troubles = visit.end()
    taken += draw_papers()
    heavy = [f"{file.name} has {file.stat().st_size} bytes" for file in taken if file.stat().st_size > LIMIT_BYTES]
    print(*(f"{file.stat().st_size:>8} {file.relative_to(ROOT)}" for file in taken), sep="\n")
    print(*troubles, *heavy, sep="\n", file=sys.stderr)
    return 1 if troubles or heavy else 0


def draw_papers() -> list[Path]:
    """The first page of the forms, as the PDF shows it."""
    drawn = []
    for name in ("letter", "circular", "briefing", "plan", "policy-note"):
        made = render_pdf(PAPERS[name], PICTURES)
        with pypdfium2.PdfDocument(made.content) as document:
            picture = document[0].render(scale=1.2).to_pil()
        drawn.append(TARGET / f"paper-{name}.png")
        picture.save(drawn[-1], optimize=True)
    return drawn


def take_all(visit: Visit) -> Iterator[Path]:
    for screen in SCREENS:
        for word, size in screen.sizes:
            yield take(visit(screen.user, size, colour=screen.colour), screen, TARGET / f"{screen.name}-{word}.png")


def take(page: Page, screen: Screen, file: Path) -> Path:
    page.goto(screen.address)
    if screen.script:
        page.locator("main h1").wait_for()
        page.evaluate(screen.script)
    for what in filter(None, (screen.click, *screen.then)):
        page.locator(what).first.click()
    page.wait_for_load_state("networkidle")
    # The phone page draws itself anew once the server has answered.
    page.wait_for_timeout(300)
    page.screenshot(path=file, animations="disabled", caret="hide")
    page.context.close()
    return file


if __name__ == "__main__":
    sys.exit(main())
