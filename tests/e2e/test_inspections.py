"""At phone size: the inspector fills the list with a photo, the unit mends, the inspector closes it."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.site import PHONE
from tests.e2e.visitor import Visit, fits_its_screen, press
from wuzha.adapters.sample.habit import SHOWN_VILLAGE

pytestmark = pytest.mark.browser

FOUND = "宣传栏玻璃碎了，里面的画看不清"


def make_photo() -> bytes:
    kept = BytesIO()
    Image.new("RGB", (320, 240), (180, 60, 60)).save(kept, "JPEG")
    return kept.getvalue()


def plan_round(page: Page) -> None:
    """A round that draws one village of a town."""
    page.goto("/inspections/new/")
    page.locator("[name=title]").fill("回访一个村")
    page.locator("[name=units]").fill("1")
    page.locator("[name=items]").fill("3")
    page.locator("[name=area]").select_option(SHOWN_VILLAGE[:4])
    for box in page.locator("[name=kinds]").all():
        box.set_checked(box.get_attribute("value") == "village")
    page.locator("main form button.btn-primary").click()
    press(page, page.locator('main form[action$="/draw/"] button'))


def fill_list(page: Page) -> None:
    """The first item wanting, with words and a photo; the others good."""
    lists = page.locator("fieldset.check")
    lists.first.locator("input[value=bad]").check()
    lists.first.locator("textarea").fill(FOUND)
    for number in range(1, lists.count()):
        expect(lists.nth(number).locator("textarea")).to_be_hidden()
        lists.nth(number).locator("input[value=good]").check()


def test_a_finding_goes_from_the_inspectors_phone_to_the_unit_and_back(visit: Visit) -> None:
    office = visit("officer", PHONE)
    plan_round(office)
    office.locator('main .rows a[href^="/inspections/visits/"]').first.click()
    office.wait_for_url("**/inspections/visits/*/")
    label = office.locator(".verdicts label").first.bounding_box()
    assert label is not None
    assert label["height"] >= 48
    assert fits_its_screen(office)

    fill_list(office)
    # The page is lost before it is sent: the words are still on the phone.
    office.reload()
    office.locator('[data-kept="take"]').click()
    expect(office.locator("fieldset.check textarea").first).to_have_value(FOUND)
    photo = FilePayload(name="现场.jpg", mimeType="image/jpeg", buffer=make_photo())
    office.locator("fieldset.check input[type=file]").first.set_input_files(photo)
    press(office, office.locator(".save-bar button"))
    expect(office.locator("main")).to_contain_text(FOUND)
    office.locator('main a[href^="/inspections/findings/"]').first.click()
    expect(office.locator(".finding-photo img")).to_be_visible()
    outsider = visit("outsider", PHONE)
    visit.expect(404)
    answer = outsider.goto(office.url)
    assert answer is not None
    assert answer.status == 404

    office.locator("details:has(#closed) summary").click()
    office.locator("#closed").fill("当场换好了")
    press(office, office.locator("details:has(#closed) button"))
    expect(office.locator("main")).to_contain_text("按期整改")


def test_the_village_sees_what_it_owes_and_reports_it_and_the_office_closes_it(visit: Visit) -> None:
    village = visit("village", PHONE)
    village.goto("/today/work/")
    village.locator('#mending a[href^="/inspections/findings/"]').first.click()
    village.wait_for_url("**/inspections/findings/*/")
    village.locator("[name=note]").first.fill("宣传栏清出来了，换了新画")
    press(village, village.locator('form[action$="/mended/"] button'))
    expect(village.locator("main")).to_contain_text("待核实")
    assert fits_its_screen(village)

    office = visit("supervisor", PHONE)
    office.goto(village.url)
    office.locator("#closed").fill("看过，换了新画")
    press(office, office.locator("details:has(#closed) button"))
    expect(office.locator("main")).to_contain_text("按期整改")
    village.goto("/today/work/")
    expect(village.locator("#mending")).to_have_count(0)
