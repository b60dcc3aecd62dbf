"""What was typed on the review and not saved: it stays on the machine for its person, and for nobody else."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.test_issue_a_plan import find_duty, upload
from tests.e2e.test_review_by_keyboard import AGAIN, LEAFLET, POSTER, RALLY, TALK, open_review, write_plan
from tests.e2e.visitor import Visit, log_in
from wuzha.adapters.sample.people import PASSWORD

pytestmark = pytest.mark.browser

KEPT = "Object.keys(localStorage).filter(key => key.startsWith('wuzha-kept:')).length"


def take(place: Page | Locator) -> None:
    place.locator('[data-kept="take"]').click()
    expect(place.locator(".kept-note")).to_have_count(0)


def start_merging(page: Page) -> None:
    for quote in (RALLY, AGAIN):
        find_duty(page, quote).locator(".choose input").check()
    page.locator("#merge-form button").click()
    page.wait_for_url("**/duties/merge/*")


def choose_second(page: Page) -> Locator:
    return page.locator("[name=keep]").nth(1)


def test_what_was_chosen_while_merging_is_offered_again_and_gone_once_saved(visit: Visit) -> None:
    page, review = open_review(visit, "石桥县立春防骗宣传方案")
    start_merging(page)
    choose_second(page).check()
    page.locator("[name=number]").fill("3")
    page.reload()
    expect(page.locator("[name=number]")).to_have_value("")
    take(page)
    expect(page.locator("[name=number]")).to_have_value("3")
    page.goto(review)
    take(find_duty(page, RALLY))
    page.wait_for_url("**/duties/merge/*")
    expect(page.locator("[name=number]")).to_have_value("3")
    expect(choose_second(page)).to_be_checked()
    page.locator("main form.merge-form button").click()
    merged = find_duty(page, f"{RALLY}……{AGAIN}")
    expect(merged.locator(".sentence-made")).to_contain_text("3 次")
    assert page.evaluate(KEPT) == 0


def test_the_places_chosen_for_a_cut_are_offered_again_and_thrown_away_only_on_purpose(visit: Visit) -> None:
    page, review = open_review(visit, "石桥县雨水防骗宣传方案")
    find_duty(page, TALK).locator('[data-key="s"]').click()
    page.locator("[name=cut]").first.check()
    page.goto(review)
    take(find_duty(page, TALK))
    page.wait_for_url("**/split/#kept")
    expect(page.locator("[name=cut]").first).to_be_checked()
    page.locator("[data-leave]").click()
    page.wait_for_url("**#duty-*")
    expect(page.locator(".kept-note")).to_have_count(0)
    assert page.evaluate(KEPT) == 0


def test_an_answer_not_yet_saved_is_offered_again_and_gone_once_saved(visit: Visit) -> None:
    page, review = open_review(visit, "石桥县惊蛰防骗宣传方案")
    card = page.locator(f"#{find_duty(page, LEAFLET).get_attribute('id')}")
    card.locator("[name=kinds]").select_option("school")
    page.goto(review)
    expect(card.locator("[name=kinds]")).to_have_value("")
    take(card)
    expect(card.locator("[name=kinds]")).to_have_value("school")
    card.locator(".answers button").first.click()
    expect(card.locator(".sentence-made")).to_contain_text("学校")
    page.goto(review)
    expect(page.locator(".kept-note")).to_have_count(0)
    assert page.evaluate(KEPT) == 0


def test_what_was_typed_stays_when_the_line_was_cut_while_saving(visit: Visit) -> None:
    page, review = open_review(visit, "石桥县春分防骗宣传方案")
    card = page.locator(f"#{find_duty(page, LEAFLET).get_attribute('id')}")
    card.locator("[name=kinds]").select_option("school")
    visit.expect(502)
    page.evaluate("console.error = () => {}")  # htmx tells the console of what the page tells the person
    page.route("**/answer/", lambda route: route.fulfill(status=502))
    card.locator(".answers button").first.click()
    expect(page.locator(".review-failure")).to_be_visible()
    page.goto(review)
    take(card)
    expect(card.locator("[name=kinds]")).to_have_value("school")


def test_whoever_logs_out_leaves_nothing_typed_for_the_next_person_at_the_desk(visit: Visit) -> None:
    page = visit(None)
    log_in(page, "officer")
    page.goto("/plans/")
    review = upload(page, "清明.txt", write_plan("石桥县清明防骗宣传方案"))
    find_duty(page, POSTER).locator('[data-key="e"]').click()
    page.locator(".duty-mending [name=number]").fill("7")
    page.goto(review)
    expect(page.locator(".kept-note")).to_have_count(1)
    page.goto("/today/")
    page.locator('form[action$="/log-out/"] button:visible').first.click()
    page.wait_for_url("**/log-in/**")
    assert page.evaluate(KEPT) == 0


def test_what_somebody_else_typed_here_is_not_kept_once_the_next_person_reviews(visit: Visit) -> None:
    page, review = open_review(visit, "石桥县谷雨防骗宣传方案")
    page.evaluate("localStorage.setItem('wuzha-kept:0-1-2', JSON.stringify({at: Date.now(), fields: []}))")
    page.goto(review)
    assert page.evaluate(KEPT) == 0


def test_a_form_that_was_sent_and_refused_is_offered_again_after_a_reload(visit: Visit) -> None:
    page, review = open_review(visit, "石桥县立夏防骗宣传方案")
    start_merging(page)
    page.locator("[name=number]").fill("3")
    page.locator("main form.merge-form [name=csrfmiddlewaretoken]").evaluate("field => field.value = 'x'.repeat(64)")
    visit.expect(403)
    page.locator("main form.merge-form button").click()
    expect(page.locator("main form.merge-form")).to_have_count(0)
    page.goto(review)
    take(find_duty(page, RALLY))
    page.wait_for_url("**/duties/merge/*")
    expect(page.locator("[name=number]")).to_have_value("3")


def test_what_was_typed_when_the_log_in_was_over_is_offered_after_the_next(visit: Visit) -> None:
    page = visit(None)
    log_in(page, "officer")
    page.goto("/plans/")
    review = upload(page, "小满.txt", write_plan("石桥县小满防骗宣传方案"))
    find_duty(page, POSTER).locator('[data-key="e"]').click()
    page.locator(".duty-mending [name=number]").fill("7")
    page.context.clear_cookies(name="sessionid")
    page.locator(".duty-mending .btn-primary").click()
    page.wait_for_url("**/log-in/?next=*")
    expect(page.locator(".duty-card")).to_have_count(0)
    page.locator("[name=username]").fill("officer")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form.panel button").click()
    page.wait_for_url(f"**{urlsplit(review).path}*")
    take(find_duty(page, POSTER))
    expect(page.locator(".duty-mending [name=number]")).to_have_value("7")


def test_words_too_long_for_one_duty_are_told_instead_of_no_button(visit: Visit) -> None:
    page = visit("officer")
    page.goto("/plans/")
    line = "防骗的话要说到每一户人家的心里，说得老人听得懂、孩子记得住，大家都愿意讲给别人听。"
    upload(page, "芒种.txt", write_plan("石桥县芒种防骗宣传方案") + f"\n{line * 60}".encode())
    page.evaluate("document.getSelection().selectAllChildren(document.querySelector('.paper'))")
    expect(page.locator(".review-too-long")).to_contain_text("最多 2000 个字")
    expect(page.locator("a.review-add")).to_be_hidden()
    page.evaluate("document.getSelection().removeAllRanges()")
    expect(page.locator(".review-too-long")).to_be_hidden()
