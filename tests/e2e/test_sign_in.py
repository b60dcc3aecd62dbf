"""Coming in: an authenticator app on a phone, a passkey, the central log-in of the place; and devices signed out."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.e2e.site import DESK, PHONE, serve_site
from tests.e2e.visitor import Visit, fits_its_screen, log_in, receive
from tests.web.central import run_central
from tests.web.factors import read_code
from wuzha.adapters.sample.people import PASSWORD

pytestmark = pytest.mark.browser
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def own_site(county: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site of these journeys' own: whoever sets up a second step here would stop the others' log-ins.

    By the name of this machine, since no passkey is made for a bare address.
    """
    with run_central(n1="town", n2="nobody-here") as central:
        told = {
            "OIDC_ISSUER": central.url,
            "OIDC_CLIENT_ID": "wuzha",
            "OIDC_SECRET": "s3cret",
            "OIDC_NAME": "县统一认证",
        }
        with serve_site(county, tmp_path_factory.mktemp("sign-in") / "data", **told) as url:
            yield url.replace("127.0.0.1", "localhost")


@pytest.fixture
def come(browser: Browser, own_site: str) -> Iterator[Visit]:
    with receive(browser, own_site, {}) as visit:
        yield visit


def log_out(page: Page) -> None:
    page.goto("/me/")
    page.locator('main form[action$="/log-out/"] button').click()
    page.wait_for_url("**/log-in/")


def type_password(page: Page, user: str) -> None:
    page.goto("/log-in/")
    page.locator("[name=username]").fill(user)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form.panel button").click()


def test_a_village_sets_up_an_app_on_the_phone_and_comes_in_by_two_steps(come: Visit) -> None:
    page = come("village", PHONE)
    page.goto("/me/")
    page.locator('main a[href="/me/security/"]').click()
    page.wait_for_url("**/me/security/")
    assert fits_its_screen(page)
    page.locator('main a[href="/me/security/app/"]').click()
    page.wait_for_url("**/me/security/app/")
    assert fits_its_screen(page)
    picture = page.locator(".totp-picture")
    expect(picture).to_be_visible()
    assert picture.evaluate("picture => picture.naturalWidth") > 0, "the policy lets the picture be drawn"
    secret = page.locator(".totp-secret").inner_text()
    page.locator("[name=code]").fill(read_code(secret, later=-1))
    page.locator("main form.panel button").click()
    codes = page.locator(".recovery-codes code")
    expect(codes).to_have_count(10)
    assert fits_its_screen(page)
    spare = codes.first.inner_text()
    page.locator("main .actions a").click()
    page.wait_for_url("**/me/security/")
    expect(page.locator("main")).to_contain_text("备用码：还剩 10 个")

    log_out(page)
    come.expect(422)
    type_password(page, "village")
    page.wait_for_url("**/log-in/second/")
    assert fits_its_screen(page)
    page.locator("[name=code]").fill("000000")
    page.locator("main form.panel button:not([data-passkey])").click()
    expect(page.locator(".field-error:visible").first).to_contain_text("验证码不对")
    page.locator("[name=code]").fill(read_code(secret))
    page.locator("main form.panel button:not([data-passkey])").click()
    page.wait_for_url(lambda url: "/log-in/" not in url)

    log_out(page)
    type_password(page, "village")
    page.wait_for_url("**/log-in/second/")
    page.locator("[name=code]").fill(spare)
    page.locator("main form.panel button:not([data-passkey])").click()
    page.wait_for_url(lambda url: "/log-in/" not in url)


def add_device(page: Page) -> tuple[CDPSession, str]:
    """A device in the browser that makes passkeys, whose person is asked and agrees."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    told = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return session, str(told["authenticatorId"])


def test_an_officer_makes_a_passkey_and_comes_in_by_it_alone(come: Visit) -> None:
    page = come("officer", DESK)
    device, name = add_device(page)
    page.goto("/me/security/passkey/")
    expect(page.locator("[data-without-passkey]")).to_be_hidden()
    page.locator("[name=name]").fill("办公室电脑")
    page.locator("[data-passkey]").click()
    expect(page.locator(".recovery-codes code")).to_have_count(10)
    page.locator("main .actions a").click()
    page.wait_for_url("**/me/security/")
    expect(page.locator("main")).to_contain_text("办公室电脑")

    log_out(page)
    page.locator("[data-passkey]").click()
    page.wait_for_url(lambda url: "/log-in/" not in url)

    log_out(page)
    device.send("WebAuthn.setUserVerified", {"authenticatorId": name, "isUserVerified": False})
    page.locator("[data-passkey]").click()
    expect(page.locator('[data-passkey-error="stopped"]')).to_be_visible()
    device.send("WebAuthn.setUserVerified", {"authenticatorId": name, "isUserVerified": True})

    type_password(page, "officer")
    page.wait_for_url("**/log-in/second/")
    page.locator("[data-passkey]").click()
    page.wait_for_url(lambda url: "/log-in/" not in url)


def test_without_a_script_the_passkey_is_not_offered_and_the_password_works(come: Visit) -> None:
    page = come(None, PHONE, script=False)
    page.goto("/log-in/")
    expect(page.locator("[data-passkey]")).to_be_hidden()
    log_in(page, "outsider")
    page.goto("/me/security/passkey/")
    expect(page.locator("[data-without-passkey]")).to_be_visible()


def test_a_device_that_is_signed_out_from_elsewhere_is_out_at_once(come: Visit) -> None:
    here = come("outsider", DESK)
    come.keys.clear()
    other = come("outsider", PHONE)
    here.goto("/me/security/")
    rows = here.locator('form[action*="/sessions/"]')
    expect(here.locator("main")).to_contain_text("127.0.0.1")
    assert rows.count() >= 3, "two devices, and the form for all others"
    here.locator('form[action$="/end-others/"] button').click()
    expect(here.locator("main")).to_contain_text("现在只有这台设备登录着")
    other.goto("/today/")
    assert "/log-in/" in other.url
    assert "/log-in/" not in here.url


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_town_comes_in_by_the_central_log_in(browser: Browser, own_site: str, size: dict[str, int]) -> None:
    context = browser.new_context(base_url=own_site, viewport=size, locale="zh-CN")  # type: ignore[arg-type] # as it is
    page = context.new_page()
    page.goto("/log-in/?next=/me/security/")
    assert fits_its_screen(page)
    page.get_by_role("button", name="用县统一认证登录").click()
    page.wait_for_url(re.compile(r"/oauth2/authorize"))
    page.locator("[name=sub]").first.fill("n1")
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url("**/me/security/")
    expect(page.locator("main")).to_contain_text("本机")
    context.close()


def test_whom_nobody_here_has_created_is_told_so(browser: Browser, own_site: str) -> None:
    context = browser.new_context(base_url=own_site, locale="zh-CN")
    page = context.new_page()
    page.goto("/log-in/")
    page.get_by_role("button", name="用县统一认证登录").click()
    page.wait_for_url(re.compile(r"/oauth2/authorize"))
    page.locator("[name=sub]").first.fill("n2")
    page.get_by_role("button", name="Authorize").click()
    expect(page.locator("main [role=alert]").first).to_contain_text("这里还没有您的账号")
    context.close()


def test_a_one_time_link_sets_the_first_password_in_a_browser(come: Visit) -> None:
    officer = come("town", DESK)
    officer.goto("/units/SQ03/people/")
    row = officer.locator("main tbody tr", has_text="sq03")
    row.locator("summary").click()
    row.locator('form[action$="/link/"] button').click()
    link = officer.locator("main td code").inner_text()
    page = come(None, PHONE)
    page.goto(link)
    assert fits_its_screen(page)
    for name in ("new_password1", "new_password2"):
        page.locator(f"[name={name}]").fill("青石桥下三只白鹅慢慢走")
    page.locator("main form.panel button").click()
    page.wait_for_url(lambda url: "/welcome/" not in url)
