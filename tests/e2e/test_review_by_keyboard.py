"""The review page without a mouse, and the same with a finger: nothing in it needs another way."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Keyboard, Locator, Page, ViewportSize, expect

from tests.e2e.site import DESK, PHONE
from tests.e2e.test_issue_a_plan import find_duty, press_until, upload
from tests.e2e.visitor import Visit, press, wait_until

pytestmark = pytest.mark.browser

RALLY = "各村（社区）每月至少开展2次集中宣传活动"
AGAIN = "各村（社区）每月另开展1次集中宣传活动"
POSTER = "各银行网点张贴海报不少于6张"
TALK = "各派出所、司法所每月至少开展1次宣讲"
LEAFLET = "发放宣传资料不少于100份"
MISSED = "口诀贴到楼道口。"
TABLE = "各乡镇（街道）每月25日前报送工作进展情况表"


def write_plan(title: str) -> bytes:
    lines = [
        title,
        "为把防骗的话说到群众心里，结合实际，制定本方案。",
        "一、主要任务",
        f"（一）集中宣传。{RALLY}。",
        f"（二）赶集宣传。{AGAIN}。",
        f"（三）张贴海报。{POSTER}。",
        f"（四）警民恳谈。{TALK}。",
        f"（五）印发资料。{LEAFLET}。",
        f"（六）口诀上墙。{MISSED}",
        "二、工作要求",
        f"{TABLE}。",
    ]
    return "\n".join(lines).encode()


def open_review(visit: Visit, title: str, size: ViewportSize = DESK) -> tuple[Page, str]:
    page = visit("officer", size)
    page.goto("/plans/")
    return page, upload(page, f"{title}.txt", write_plan(title))


def move_to(page: Page, quote: str) -> Locator:
    """Presses ``j`` from the first duty until the one with these words has the focus."""
    card = find_duty(page, quote)
    for key in ("k", "j"):
        for _ in range(15):
            if card.evaluate("card => card === document.activeElement"):
                return card
            page.keyboard.press(key)
    raise AssertionError(f"no key reached {quote}")


def expect_decision(card: Locator, decision: str) -> None:
    expect(card).to_have_attribute("data-decision", decision)


def mend_number(page: Page, quote: str, number: str) -> None:
    move_to(page, quote)
    page.keyboard.press("e")
    expect(page.locator(".duty-mending :focus")).to_have_count(1)
    press_until(page, "Tab", "[name=number]")
    page.keyboard.press("Control+a")
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    expect_decision(find_duty(page, quote), "accepted")
    expect(find_duty(page, quote).locator(".sentence-made")).to_contain_text(number)


def drop_and_take_back(page: Page, keys: Keyboard) -> None:
    """Dropped, undone, made again: each is told, and the keys of the steps work from anywhere."""
    move_to(page, POSTER)
    keys.press("d")
    expect_decision(find_duty(page, POSTER), "dropped")
    expect(page.locator(".step-told")).to_contain_text("删去任务")
    keys.press("u")
    expect_decision(find_duty(page, POSTER), "proposed")
    expect(find_duty(page, POSTER)).to_be_focused()
    keys.press("r")
    expect_decision(find_duty(page, POSTER), "dropped")


def merge_with_the_one_before(page: Page, keys: Keyboard) -> None:
    move_to(page, AGAIN)
    keys.press("m")
    page.wait_for_url("**/duties/merge/*")
    press_until(page, "Tab", "[name=number]")
    keys.type("3")
    keys.press("Enter")
    page.wait_for_url("**#duty-*")
    merged = find_duty(page, f"{RALLY}……{AGAIN}")
    expect(merged.locator(".sentence-made")).to_contain_text("3 次")
    expect(merged).to_be_focused()
    expect(page.locator(f'mark[data-duties="{merged.get_attribute("data-duty")}"]')).to_have_text([RALLY, AGAIN])


def split_at_the_first_place(page: Page, keys: Keyboard) -> None:
    move_to(page, TALK)
    keys.press("s")
    page.wait_for_url("**/split/")
    press_until(page, "Tab", "[name=cut]")
    keys.press("Space")
    keys.press("Enter")
    page.wait_for_url("**#duty-*")
    for part in TALK.split("、"):
        card = page.locator(".duty-card").filter(has=page.locator("blockquote", has_text=re.compile(f"^{part}$")))
        expect_decision(card, "proposed")
        expect(card).to_contain_text("拆分出来的")


def answer_who(page: Page, keys: Keyboard) -> None:
    card = move_to(page, LEAFLET)
    expect(card.locator(".ask-words").first).to_contain_text("由谁办")
    keys.press("q")
    expect(card.locator("[name=kinds]")).to_be_focused()
    while card.locator("[name=kinds]").input_value() != "school":
        keys.press("ArrowDown")
    press_until(page, "Tab", ".answers button")
    keys.press("Enter")
    expect(card.locator(".answers")).to_have_count(0)
    expect(find_duty(page, LEAFLET).locator(".sentence-made")).to_contain_text("学校")


def add_from_sentences(page: Page, keys: Keyboard) -> None:
    """Over to the document, along its sentences, and the chosen one becomes a duty."""
    move_to(page, LEAFLET)
    keys.press("o")
    expect(page.locator(".sentence:focus")).to_contain_text(LEAFLET)
    for _ in range(6):
        if MISSED in page.locator(".sentence:focus").inner_text():
            break
        keys.press("j")
    keys.press("n")
    page.wait_for_url("**/duties/new/*")
    expect(page.locator("[name=quote]")).to_have_value(re.compile(MISSED))
    press_until(page, "Tab", "[name=kinds]")
    keys.press("Space")
    press_until(page, "Tab", "[name=vague]")
    keys.press("Space")
    press_until(page, "Tab", "main form.duty-form button")
    keys.press("Enter")
    page.wait_for_url("**#duty-*")
    expect_decision(find_duty(page, MISSED), "accepted")


def accept_what_waits(page: Page, keys: Keyboard) -> None:
    waiting = page.locator('.duty-card[data-decision="proposed"]')
    while left := waiting.count():
        keys.press("n")
        expect(page.locator('.duty-card[data-decision="proposed"]:focus')).to_have_count(1)
        keys.press("a")
        expect(waiting).to_have_count(left - 1)


def issue(page: Page, review: str) -> None:
    press_until(page, "Shift+Tab", f'a[href="{review}issue/"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/issue/")
    press_until(page, "Tab", "main form.panel button")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{review}")
    expect(page.locator(".issued-duties > li")).to_have_count(6)


def test_a_plan_is_read_mended_and_issued_by_the_keyboard_alone(visit: Visit) -> None:
    page, review = open_review(visit, "石桥县秋季防骗宣传方案")
    keys = page.keyboard
    keys.press("?")
    expect(page.locator("dialog.review-keys")).to_be_visible()
    keys.press("Escape")
    move_to(page, TABLE)
    keys.press("a")
    expect_decision(find_duty(page, TABLE), "accepted")
    mend_number(page, RALLY, "4")
    drop_and_take_back(page, keys)
    merge_with_the_one_before(page, keys)
    split_at_the_first_place(page, keys)
    answer_who(page, keys)
    add_from_sentences(page, keys)
    accept_what_waits(page, keys)
    issue(page, review)


def test_duties_are_chosen_by_key_though_they_do_not_stand_together(visit: Visit) -> None:
    page, _ = open_review(visit, "石桥县立夏防骗宣传方案")
    keys = page.keyboard
    box = move_to(page, RALLY).locator(".choose input")
    keys.press("x")
    expect(box).to_be_checked()
    keys.press("x")
    expect(box).not_to_be_checked()
    keys.press("x")
    move_to(page, POSTER)
    keys.press("x")
    keys.press("m")
    page.wait_for_url("**/duties/merge/*")
    expect(page.locator(".merge-choice blockquote")).to_have_text([RALLY, POSTER])


def test_the_story_of_a_duty_is_opened_by_key(visit: Visit) -> None:
    page, review = open_review(visit, "石桥县小满防骗宣传方案")
    card = move_to(page, TABLE)
    duty = card.get_attribute("data-duty")
    page.keyboard.press("a")
    expect_decision(card, "accepted")
    expect(card.locator('[data-key="h"]')).to_be_visible()
    move_to(page, TABLE)
    page.keyboard.press("h")
    page.wait_for_url(f"**{review}history/?duty={duty}")
    expect(page.locator(".history > li")).to_have_count(1)
    expect(page.locator(".answer")).to_contain_text("工作进展情况表")


def test_going_together_is_switched_by_key_and_remembered(visit: Visit) -> None:
    page, _ = open_review(visit, "石桥县芒种防骗宣传方案")
    page.keyboard.press("l")
    expect(page.locator(".review-step input")).not_to_be_checked()
    page.reload()
    expect(page.locator(".review-step input")).not_to_be_checked()
    page.keyboard.press("l")
    expect(page.locator(".review-step input")).to_be_checked()


def test_several_sentences_are_chosen_with_shift_and_become_one_duty(visit: Visit) -> None:
    page, _ = open_review(visit, "石桥县夏至防骗宣传方案")
    keys = page.keyboard
    move_to(page, RALLY)
    keys.press("o")
    expect(page.locator(".sentence:focus")).to_contain_text(RALLY)
    keys.press("Shift+ArrowDown")
    keys.press("Shift+ArrowDown")
    chosen = page.locator(".sentence.is-chosen")
    expect(chosen).to_have_count(3)
    first, *_, last = chosen.all_inner_texts()
    keys.press("Shift+ArrowUp")
    expect(chosen).to_have_count(2)
    keys.press("Shift+ArrowDown")
    keys.press("n")
    page.wait_for_url("**/duties/new/*")
    quote = page.locator("[name=quote]").input_value()
    assert quote.startswith(first.strip())
    assert quote.endswith(last.strip())
    assert RALLY in quote


def test_keys_leave_the_fields_of_forms_alone(visit: Visit) -> None:
    page, _ = open_review(visit, "石桥县重阳防骗宣传方案")
    keys = page.keyboard
    keys.press("/")
    expect(page.locator(".review-search [type=search]")).to_be_focused()
    keys.type("jkadeumsnx?海报")
    expect(page.locator(".review-search [type=search]")).to_have_value("jkadeumsnx?海报")
    expect(page.locator("dialog.review-keys")).to_be_hidden()
    keys.press("Escape")
    assert page.locator('.duty-card:not([data-decision="proposed"])').count() == 0


def test_what_was_half_typed_is_offered_again_after_a_reload(visit: Visit) -> None:
    page, review = open_review(visit, "石桥县中秋防骗宣传方案")
    move_to(page, RALLY)
    page.keyboard.press("e")
    expect(page.locator(".duty-mending :focus")).to_have_count(1)
    press_until(page, "Tab", "[name=number]")
    page.keyboard.press("Control+a")
    page.keyboard.type("7")
    page.goto(review)
    card = page.locator(f"#{find_duty(page, RALLY).get_attribute('id')}")
    card.locator('[data-kept="take"]').click()
    expect(card.locator("[name=number]")).to_have_value("7")
    card.locator("form button.btn-primary").click()
    expect(card.locator(".sentence-made")).to_contain_text("7 次")
    page.goto(review)
    expect(page.locator(".kept-note")).to_have_count(0)


def test_scrolling_one_side_brings_the_other_along_only_while_wanted(visit: Visit) -> None:
    page, _ = open_review(visit, "石桥县国庆防骗宣传方案", ViewportSize(width=1440, height=480))
    paper = page.locator(".paper")
    box = page.locator(".cards").bounding_box()
    assert box
    page.mouse.move(box["x"] + 40, 300)
    page.mouse.wheel(0, 900)
    wait_until(page, lambda: paper.evaluate("paper => paper.scrollTop > 0"))
    page.locator(".review-step input").uncheck()
    before = wait_until_it_stands(page, paper)
    page.mouse.move(box["x"] + 40, 300)
    page.mouse.wheel(0, -3000)
    wait_until(page, lambda: page.evaluate("() => window.scrollY === 0"))
    assert paper.evaluate("paper => paper.scrollTop") == before


def wait_until_it_stands(page: Page, paper: Locator) -> float:
    """How far the paper is down once it moves no more: what scrolls smoothly goes on for a while."""
    seen: list[float] = []

    def look() -> bool:
        seen.append(paper.evaluate("paper => paper.scrollTop"))
        return len(seen) > 4 and len(set(seen[-4:])) == 1

    wait_until(page, look)
    return seen[-1]


def touch_document(page: Page) -> None:
    """From a sentence to its duty and back, with a finger."""
    page.locator("mark", has_text=POSTER).tap()
    expect(find_duty(page, POSTER)).to_be_in_viewport()
    find_duty(page, POSTER).locator(".to-paper").tap()
    expect(page.locator("mark", has_text=POSTER)).to_be_in_viewport()


def select_words(page: Page, words: str) -> None:
    """What a long press does: the browser marks the words, and the page is told."""
    page.locator(".sentence", has_text=words).evaluate(
        """(sentence, words) => {
            const text = sentence.querySelector("[data-start]").firstChild;
            const at = text.data.indexOf(words);
            getSelection().setBaseAndExtent(text, at, text, at + words.length);
        }""",
        words,
    )


def mend_accept_and_split(page: Page) -> None:
    """With a finger: another number, a yes, and one duty made two."""
    card = page.locator(f"#{find_duty(page, POSTER).get_attribute('id')}")
    card.locator('[data-key="e"]').tap()
    card.locator("[name=number]").fill("8")
    card.locator("form button.btn-primary").tap()
    expect(card.locator(".sentence-made")).to_contain_text("8")
    expect_decision(card, "accepted")
    find_duty(page, TABLE).locator('[data-key="a"]').tap()
    expect_decision(find_duty(page, TABLE), "accepted")
    find_duty(page, TALK).locator('[data-key="s"]').tap()
    page.locator(".split-cut").first.tap()
    page.locator("main form.split-form button.btn-primary").tap()
    page.wait_for_url("**#duty-*")
    expect(page.locator(".part-note")).to_have_count(2)


def test_a_plan_is_reviewed_with_a_finger(visit: Visit) -> None:
    page, review = open_review(visit, "石桥县寒假防骗宣传方案", PHONE)
    document, duties = (page.locator(name).bounding_box() for name in ("#document", "#duties"))
    assert document
    assert duties
    assert document["y"] + document["height"] <= duties["y"]
    touch_document(page)
    for quote in (RALLY, AGAIN):
        find_duty(page, quote).locator(".choose").tap()
    page.locator("#merge-form button").tap()
    page.wait_for_url("**/duties/merge/*")
    page.locator("main form button").tap()
    page.wait_for_url("**#duty-*")
    find_duty(page, POSTER).locator('[data-key="d"]').tap()
    expect_decision(find_duty(page, POSTER), "dropped")
    page.locator('[data-step="undo"]').tap()
    expect_decision(find_duty(page, POSTER), "proposed")
    page.locator('[data-step="redo"]').tap()
    expect_decision(find_duty(page, POSTER), "dropped")
    page.locator('[data-step="undo"]').tap()
    expect_decision(find_duty(page, POSTER), "proposed")
    mend_accept_and_split(page)
    select_words(page, MISSED.rstrip("。"))
    page.locator("a.review-add").tap()
    page.wait_for_url("**/duties/new/*")
    expect(page.locator("[name=quote]")).to_have_value(MISSED.rstrip("。"))
    assert urlsplit(page.url).path == f"{review}duties/new/"


def test_merging_splitting_and_undoing_need_no_script(visit: Visit) -> None:
    page = visit("officer", DESK, script=False)
    page.goto("/plans/")
    review = upload(page, "无脚本.txt", write_plan("石桥县暑期防骗宣传方案"))
    for quote in (RALLY, AGAIN):
        find_duty(page, quote).locator(".choose input").check()
    press(page, page.locator("#merge-form button"))
    press(page, page.locator("main form.merge-form button"))
    expect(find_duty(page, f"{RALLY}……{AGAIN}")).to_have_count(1)
    find_duty(page, TALK).locator('[data-key="s"]').click()
    page.locator("[name=cut]").first.check()
    page.locator("main form.split-form button.btn-primary").click()
    page.wait_for_url(f"**{review}*")
    expect(page.locator(".duty-card")).to_have_count(6)
    page.locator('[data-step="undo"]').click()
    expect(page.locator(".duty-card")).to_have_count(5)
    page.locator('.steps a[href$="/history/"]').click()
    expect(page.locator(".history > li")).to_have_count(3)
