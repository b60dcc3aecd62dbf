"""The second step: codes of an app, recovery codes, passkeys. Each is taken once, from its own person, here."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from tests.web.cast import PASSWORD, Cast
from tests.web.conftest import Visit, mark_session
from tests.web.factors import PRESENT, SECRET, Key, list_types, read_code, set_up_app
from wuzha.web.accounts.models import AuditEntry, Post, User
from wuzha.web.accounts.signin.factors import find_counter, list_factors, take_app_code
from wuzha.web.accounts.signin.models import SignIn

HTML = {"Accept": "text/html"}
SECOND = "/log-in/second/"


def begin(user: User, goal: str = "") -> Client:
    """Somebody who knows the password, before the second step."""
    client = Client(headers=HTML)
    answer = client.post("/log-in/", {"username": user.username, "password": PASSWORD, "next": goal})
    assert answer.headers["Location"] == SECOND
    return client


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def ask(client: Client, address: str) -> dict[str, Any]:
    answer = client.post(address, secure=True)
    assert answer.status_code == 200, answer.content
    told: dict[str, Any] = answer.json()
    return told


def make_passkey(user: User, key: Key, browser: Client) -> None:
    options = ask(browser, "/me/security/passkey/options/")
    typed = {"name": "办公室电脑", "credential": key.make(options)}
    page = browser.post("/me/security/passkey/", typed, secure=True).content.decode()
    assert list_factors(user).passkeys, page


@pytest.fixture
def key(cast: Cast, visit: Visit) -> Key:
    """A passkey of the secretary."""
    made = Key()
    make_passkey(cast.secretary, made, visit(cast.secretary))
    return made


def test_with_an_app_the_password_alone_opens_nothing(cast: Cast) -> None:
    set_up_app(cast.secretary)
    client = begin(cast.secretary, "/records/")
    assert not is_in(client)
    assert not SignIn.objects.exists()
    answer = client.post(SECOND, {"code": read_code()})
    assert answer.headers["Location"] == "/records/"
    assert is_in(client)


def test_the_second_step_without_the_first_leads_to_the_beginning(cast: Cast) -> None:
    set_up_app(cast.secretary)
    assert Client().get(SECOND).headers["Location"] == "/log-in/"
    assert Client().post(SECOND, {"code": read_code()}).headers["Location"] == "/log-in/"


def test_a_code_is_taken_once(cast: Cast) -> None:
    """Whoever has watched it being typed comes too late, by whichever process."""
    set_up_app(cast.secretary)
    code = read_code()
    assert begin(cast.secretary).post(SECOND, {"code": code}).status_code == 302
    thief = begin(cast.secretary)
    answer = thief.post(SECOND, {"code": code})
    assert "已经用过" in answer.content.decode()
    assert not is_in(thief)


def test_an_older_code_is_none_once_a_younger_one_was_taken(cast: Cast) -> None:
    set_up_app(cast.secretary)
    now = timezone.now()
    assert take_app_code(cast.secretary, read_code(at=now), now)
    assert not take_app_code(cast.secretary, read_code(at=now, later=-1), now)
    assert take_app_code(cast.secretary, read_code(at=now, later=1), now)


@pytest.mark.parametrize(("later", "is_good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_wrong_and_no_more(later: int, is_good: bool) -> None:
    now = timezone.now()
    assert (find_counter(SECRET, read_code(at=now, later=later), now) is not None) == is_good


@pytest.mark.parametrize("typed", ["", "000", "abcdef", "１２３４５６", "-00001", "0" * 20, "\x00"])
def test_what_is_no_code_opens_nothing(cast: Cast, typed: str) -> None:
    set_up_app(cast.secretary)
    client = begin(cast.secretary)
    assert client.post(SECOND, {"code": typed}).status_code in (200, 422)
    assert not is_in(client)


def test_a_code_may_be_typed_with_a_space(cast: Cast) -> None:
    set_up_app(cast.secretary)
    code = read_code()
    assert begin(cast.secretary).post(SECOND, {"code": f" {code[:3]} {code[3:]} "}).status_code == 302


def test_guessing_codes_is_slow_from_however_many_addresses(cast: Cast) -> None:
    set_up_app(cast.secretary)
    for number in range(5):
        begin(cast.secretary).post(SECOND, {"code": "000000"}, REMOTE_ADDR=f"192.0.2.{number}")
    client = begin(cast.secretary)
    answer = client.post(SECOND, {"code": read_code()}, REMOTE_ADDR="192.0.2.200")
    assert "请过 1 分钟再试" in answer.content.decode()
    assert not is_in(client)


def test_a_device_that_knows_the_person_does_not_wait_for_those_who_guess(cast: Cast) -> None:
    known = Client()
    known.post("/log-in/", {"username": "secretary", "password": PASSWORD})
    known.post("/log-out/")
    set_up_app(cast.secretary)
    for _ in range(6):
        begin(cast.secretary).post(SECOND, {"code": "000000"})
    known.post("/log-in/", {"username": "secretary", "password": PASSWORD})
    assert known.post(SECOND, {"code": read_code()}).status_code == 302


def test_a_half_log_in_ends_after_ten_minutes_and_with_a_new_password(cast: Cast) -> None:
    set_up_app(cast.secretary)
    late, changed = begin(cast.secretary), begin(cast.secretary)
    session = late.session
    session["signin-pending"] = session["signin-pending"] | {"at": session["signin-pending"]["at"] - 601}
    session.save()
    assert late.post(SECOND, {"code": read_code()}).headers["Location"] == "/log-in/"
    cast.secretary.set_password("another-long-password")
    cast.secretary.save()
    assert changed.post(SECOND, {"code": read_code()}).headers["Location"] == "/log-in/"


def test_a_half_log_in_of_whoever_is_closed_meanwhile_ends(cast: Cast) -> None:
    set_up_app(cast.secretary)
    client = begin(cast.secretary)
    User.objects.filter(pk=cast.secretary.pk).update(is_active=False)
    assert client.post(SECOND, {"code": read_code()}).headers["Location"] == "/log-in/"


def test_a_key_planted_before_the_password_is_not_the_key_of_the_second_step(cast: Cast) -> None:
    set_up_app(cast.secretary)
    client = Client()
    client.get("/log-in/")
    session = client.session
    session["planted"] = 1
    session.save()
    planted = str(session.session_key)
    client.cookies["sessionid"] = planted
    client.post("/log-in/", {"username": "secretary", "password": PASSWORD})
    assert client.session.session_key != planted
    half = str(client.session.session_key)
    client.post(SECOND, {"code": read_code()})
    assert client.session.session_key not in (planted, half)


def test_a_recovery_code_opens_once(cast: Cast) -> None:
    code = set_up_app(cast.secretary)[3]
    assert begin(cast.secretary).post(SECOND, {"code": f"{code[:4]} {code[4:]}"}).status_code == 302
    second = begin(cast.secretary)
    assert second.post(SECOND, {"code": code}).status_code == 422
    assert not is_in(second)
    assert list_factors(cast.secretary).codes_left == 9
    assert AuditEntry.objects.filter(action="codes.used").get().details == {"left": 9}


def test_a_recovery_code_of_another_person_opens_nothing(cast: Cast) -> None:
    set_up_app(cast.secretary)
    others = set_up_app(cast.officer, "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU")
    client = begin(cast.secretary)
    client.post(SECOND, {"code": others[0]})
    client.post(SECOND, {"code": read_code("KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU")})
    assert not is_in(client)


def test_an_app_is_set_up_by_the_code_that_shows_that_it_works(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.secretary)
    page = browser.get("/me/security/app/")
    text = page.content.decode()
    assert "data:image/svg+xml;base64," in text
    assert page.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    secret = text.split('<code class="totp-secret">')[1].split("</code>")[0]

    wrong = browser.post("/me/security/app/", {"code": "000000"}).content.decode()
    assert secret in wrong, "the picture that was scanned stays good"
    assert not list_types(cast.secretary)

    codes = browser.post("/me/security/app/", {"code": read_code(secret)}).content.decode()
    assert codes.count("<li><code>") == 10
    assert list_types(cast.secretary) == ["recovery_codes", "totp"]
    assert "<li><code>" not in browser.get("/me/security/").content.decode(), "shown this once"
    assert not begin(cast.secretary).post(SECOND, {"code": read_code(secret)}).headers.get("Location"), "used already"


def test_secrets_do_not_stand_in_the_database(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.secretary)
    text = browser.get("/me/security/app/").content.decode()
    secret = text.split('<code class="totp-secret">')[1].split("</code>")[0]
    held = str(browser.session.load())
    browser.post("/me/security/app/", {"code": read_code(secret)})
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        kept = str(cursor.fetchall())
    assert secret.replace(" ", "") not in held + kept
    assert "seed" in kept
    with override_settings(SECRET_KEY="another-key-than-before"):
        assert begin(cast.secretary).post(SECOND, {"code": "123456"}).status_code == 422
        assert visit(cast.secretary).get("/me/security/").status_code == 200


def test_new_recovery_codes_end_the_old_ones(cast: Cast, visit: Visit) -> None:
    old = set_up_app(cast.secretary)
    page = visit(cast.secretary).post("/me/security/codes/").content.decode()
    new = page.split("<li><code>")[1].split("</code>")[0].replace(" ", "")
    assert begin(cast.secretary).post(SECOND, {"code": old[0]}).status_code == 422
    assert begin(cast.secretary).post(SECOND, {"code": new}).status_code == 302


def test_whoever_has_no_second_step_gets_no_codes(cast: Cast, visit: Visit) -> None:
    assert visit(cast.secretary).post("/me/security/codes/").status_code == 403


def test_how_one_logs_in_is_changed_only_with_a_fresh_proof(cast: Cast) -> None:
    """Whoever finds a desk unlocked can neither take the second step away nor set up one of their own."""
    set_up_app(cast.secretary)
    number = list_factors(cast.secretary).app
    assert number is not None
    browser = Client(headers=HTML)
    browser.force_login(cast.secretary)
    mark_session(browser, cast.secretary, timedelta(hours=1))
    for address in (
        f"/me/security/factors/{number.pk}/remove/",
        "/me/security/codes/",
        "/me/security/passkey/",
        "/me/security/passkey/options/",
    ):
        assert "请确认是您本人" in browser.post(address).content.decode(), address
    assert list_types(cast.secretary) == ["recovery_codes", "totp"]
    assert "请确认是您本人" in browser.get("/me/security/app/").content.decode()


def test_the_last_factor_takes_the_recovery_codes_along(cast: Cast, visit: Visit) -> None:
    set_up_app(cast.secretary)
    app = list_factors(cast.secretary).app
    assert app is not None
    visit(cast.secretary).post(f"/me/security/factors/{app.pk}/remove/")
    assert list_types(cast.secretary) == []
    answer = Client().post("/log-in/", {"username": "secretary", "password": PASSWORD})
    assert answer.headers["Location"] == "/today/"


def test_nobody_takes_another_persons_factor_away(cast: Cast, visit: Visit) -> None:
    set_up_app(cast.secretary)
    app = list_factors(cast.secretary).app
    assert app is not None
    assert visit(cast.officer).post(f"/me/security/factors/{app.pk}/remove/").status_code == 404
    assert list_types(cast.secretary) == ["recovery_codes", "totp"]


def test_a_passkey_alone_opens_the_door_of_its_person(cast: Cast, key: Key) -> None:
    client = Client()
    credential = key.sign(ask(client, "/log-in/passkey/options/"))
    answer = client.post("/log-in/passkey/", {"credential": credential, "next": "/records/"}, secure=True)
    assert answer.headers["Location"] == "/records/"
    assert client.get("/me/", secure=True).status_code == 200
    assert SignIn.objects.latest("id").way == "passkey"
    assert SignIn.objects.latest("id").user == cast.secretary


def test_before_logging_in_nothing_is_told_of_who_has_passkeys(cast: Cast, key: Key) -> None:
    assert not ask(Client(), "/log-in/passkey/options/")["publicKey"].get("allowCredentials")


def test_what_a_passkey_signed_is_taken_once_and_in_its_own_browser(cast: Cast, key: Key) -> None:
    client, thief = Client(), Client()
    credential = key.sign(ask(client, "/log-in/passkey/options/"))
    ask(thief, "/log-in/passkey/options/")
    assert thief.post("/log-in/passkey/", {"credential": credential}, secure=True).status_code == 422
    assert client.post("/log-in/passkey/", {"credential": credential}, secure=True).status_code == 302
    client.post("/log-out/", secure=True)
    assert client.post("/log-in/passkey/", {"credential": credential}, secure=True).status_code == 422


def test_a_passkey_of_another_person_is_no_second_step(cast: Cast, key: Key) -> None:
    set_up_app(cast.officer)
    client = begin(cast.officer)
    credential = key.sign(ask(client, "/log-in/passkey/options/"))
    assert client.post(SECOND, {"credential": credential}, secure=True).status_code == 422
    assert client.get("/me/", secure=True).status_code == 302


def test_a_passkey_that_names_another_person_opens_nothing(cast: Cast, key: Key, visit: Visit) -> None:
    """The name in the answer is only what the device says; the signature must be of that person's own key."""
    other = Key(number=b"another-number-1")
    make_passkey(cast.officer, other, visit(cast.officer))
    key.person = other.person
    client = Client()
    credential = key.sign(ask(client, "/log-in/passkey/options/"))
    assert client.post("/log-in/passkey/", {"credential": credential}, secure=True).status_code == 422


def test_a_passkey_is_the_second_step_of_its_person(cast: Cast, key: Key) -> None:
    client = begin(cast.secretary)
    credential = key.sign(ask(client, "/log-in/passkey/options/"))
    assert client.post(SECOND, {"credential": credential}, secure=True).status_code == 302
    assert client.get("/me/", secure=True).status_code == 200


@pytest.mark.parametrize(
    "change",
    [{"origin": "https://evil.example"}, {"origin": "http://testserver"}, {"site": "evil.example"}, {"flags": PRESENT}],
    ids=["asked by another site", "without https", "made for another site", "nobody asked by the device"],
)
def test_what_was_signed_elsewhere_opens_nothing(cast: Cast, key: Key, change: dict[str, Any]) -> None:
    for name, value in change.items():
        setattr(key, name, value)
    client = Client()
    credential = key.sign(ask(client, "/log-in/passkey/options/"))
    assert client.post("/log-in/passkey/", {"credential": credential}, secure=True).status_code == 422
    assert client.get("/me/", secure=True).status_code == 302


@pytest.mark.parametrize(
    "credential",
    ["", "{", "[]", "null", "7", '"x"', "{}", '{"id": 1}', '{"response": {"userHandle": "!!"}}', "x" * 9000],
)
def test_what_is_no_passkey_is_refused_and_breaks_nothing(cast: Cast, visit: Visit, credential: str) -> None:
    client = Client()
    ask(client, "/log-in/passkey/options/")
    assert client.post("/log-in/passkey/", {"credential": credential}, secure=True).status_code == 422
    browser = visit(cast.secretary)
    ask(browser, "/me/security/passkey/options/")
    typed = {"name": "x", "credential": credential}
    assert browser.post("/me/security/passkey/", typed, secure=True).status_code == 422
    assert not Authenticator.objects.exists()


def test_a_passkey_of_a_closed_account_opens_nothing(cast: Cast, key: Key) -> None:
    User.objects.filter(pk=cast.secretary.pk).update(is_active=False)
    client = Client()
    credential = key.sign(ask(client, "/log-in/passkey/options/"))
    assert client.post("/log-in/passkey/", {"credential": credential}, secure=True).status_code == 422


def test_a_passkey_that_was_taken_away_opens_nothing(cast: Cast, key: Key, visit: Visit) -> None:
    row = list_factors(cast.secretary).passkeys[0]
    visit(cast.secretary).post(f"/me/security/factors/{row.pk}/remove/")
    client = Client()
    credential = key.sign(ask(client, "/log-in/passkey/options/"))
    assert client.post("/log-in/passkey/", {"credential": credential}, secure=True).status_code == 422


def test_an_answer_to_a_question_of_another_session_makes_no_passkey(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.secretary)
    made = Key().make(ask(visit(cast.secretary), "/me/security/passkey/options/"))
    ask(browser, "/me/security/passkey/options/")
    assert browser.post("/me/security/passkey/", {"name": "x", "credential": made}, secure=True).status_code == 422
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("way", ["code", "credential"])
def test_the_proof_once_more_is_given_by_app_or_passkey_too(cast: Cast, key: Key, way: str) -> None:
    set_up_app(cast.secretary)
    browser = Client(headers=HTML)
    browser.force_login(cast.secretary)
    mark_session(browser, cast.secretary, timedelta(hours=1))
    page = browser.get("/me/security/passkey/").content.decode()
    assert 'name="proof-code"' in page
    assert 'name="proof-credential"' in page
    said = read_code() if way == "code" else key.sign(ask(browser, "/me/security/proof/options/"))
    given = browser.post("/me/security/passkey/", {"proof-given": "GET", f"proof-{way}": said}, secure=True)
    assert "Refresh" in given.headers


def test_the_proof_of_another_persons_passkey_is_none(cast: Cast, key: Key) -> None:
    browser = Client(headers=HTML)
    browser.force_login(cast.officer)
    mark_session(browser, cast.officer, timedelta(hours=1))
    said = key.sign(ask(browser, "/me/security/proof/options/"))
    given = browser.post("/me/security/passkey/", {"proof-given": "GET", "proof-credential": said}, secure=True)
    assert given.status_code == 422
    assert json.loads(said)["id"]


@override_settings(SECOND_FACTOR_FOR=["officer"])
def test_a_post_that_needs_a_second_step_opens_nothing_before_it_is_set_up(cast: Cast) -> None:
    client = Client(headers=HTML)
    answer = client.post("/log-in/", {"username": "officer", "password": PASSWORD, "next": "/records/"})
    assert answer.headers["Location"] == "/me/security/"
    assert "您的岗位登录时必须有第二步" in client.get("/me/security/").content.decode()
    for address in ("/today/", "/records/", "/me/", "/units/SQ/people/"):
        assert client.get(address).headers.get("Location") == "/me/security/", address
    told = client.get("/phone/state/", headers={"Accept": "application/json"})
    assert told.status_code in (403, 404)

    text = client.get("/me/security/app/").content.decode()
    secret = text.split('<code class="totp-secret">')[1].split("</code>")[0]
    client.post("/me/security/app/", {"code": read_code(secret)})
    assert client.get("/today/").status_code == 200


@override_settings(SECOND_FACTOR_FOR=["officer"])
def test_who_needs_a_second_step_cannot_take_the_last_one_away(cast: Cast, visit: Visit) -> None:
    set_up_app(cast.officer)
    app = list_factors(cast.officer).app
    assert app is not None
    page = visit(cast.officer).post(f"/me/security/factors/{app.pk}/remove/", follow=True).content.decode()
    assert "请先设好另一种" in page
    assert "totp" in list_types(cast.officer)


@override_settings(SECOND_FACTOR_FOR=["officer"])
def test_who_holds_no_such_post_is_not_asked(cast: Cast) -> None:
    answer = Client().post("/log-in/", {"username": "secretary", "password": PASSWORD})
    assert answer.headers["Location"] == "/today/"


def list_patterns(patterns: list[URLPattern | URLResolver]) -> list[URLPattern]:
    found: list[URLPattern] = []
    for item in patterns:
        found += list_patterns(item.url_patterns) if isinstance(item, URLResolver) else [item]
    return found


def test_none_of_the_librarys_own_pages_has_an_address() -> None:
    modules = {pattern.callback.__module__ for pattern in list_patterns(get_resolver().url_patterns)}
    assert not {module for module in modules if module.startswith("allauth")}


USUAL = (
    *("/accounts/login/", "/accounts/signup/", "/accounts/email/", "/accounts/2fa/", "/accounts/reauthenticate/"),
    *("/accounts/oidc/central/login/", "/signup/", "/2fa/authenticate/", "/accounts/password/reset/"),
)


@pytest.mark.parametrize("address", USUAL)
def test_the_usual_addresses_of_the_library_are_not_there(cast: Cast, visit: Visit, address: str) -> None:
    assert visit(cast.officer).get(address).status_code == 404


def find_reset(user: User) -> str:
    post = user.posts.select_related("unit").get()
    return f"/units/{post.unit.code}/people/{post.pk}/second-step/"


def test_whoever_has_lost_everything_is_helped_with_a_reason_that_is_written_down(cast: Cast, visit: Visit) -> None:
    set_up_app(cast.secretary)
    theirs = visit(cast.secretary)
    browser = visit(cast.officer)
    assert "请填写" in browser.post(find_reset(cast.secretary), {"reason": " "}).content.decode()
    assert list_types(cast.secretary)

    page = browser.post(find_reset(cast.secretary), {"reason": "手机丢失，本人到场"}, follow=True).content.decode()

    assert "现在只凭密码就能登录" in page
    assert list_types(cast.secretary) == []
    assert not is_in(theirs), "whoever has the phone is out"
    entry = AuditEntry.objects.get(action="factor.reset")
    assert (entry.actor, entry.details["reason"]) == (cast.officer, "手机丢失，本人到场")


def test_nobody_resets_themselves_or_somebody_beyond_their_reach(cast: Cast, visit: Visit) -> None:
    set_up_app(cast.officer)
    assert visit(cast.officer).post(find_reset(cast.officer), {"reason": "x"}).status_code == 403
    assert visit(cast.town_officer).post(find_reset(cast.officer), {"reason": "x"}).status_code == 404
    assert visit(cast.secretary).post(find_reset(cast.secretary), {"reason": "x"}).status_code == 403
    assert visit(cast.outsider).post(find_reset(cast.secretary), {"reason": "x"}).status_code == 404
    assert list_types(cast.officer)


def test_who_also_holds_a_post_above_is_not_weakened_from_below(cast: Cast, visit: Visit) -> None:
    set_up_app(cast.secretary)
    own = find_reset(cast.secretary)
    cast.secretary.posts.create(unit=cast.county, role="officer")
    assert visit(cast.town_officer).post(own, {"reason": "x"}).status_code == 403
    assert list_types(cast.secretary)
    assert visit(cast.officer).post(own, {"reason": "x"}).status_code == 302


def test_a_second_step_can_be_demanded_of_every_post() -> None:
    assert set(settings.ROLES) == set(Post.Role.values)


def test_who_could_not_give_the_post_does_not_take_its_second_step_away(cast: Cast, visit: Visit) -> None:
    """An officer of one line, of somebody of none; an officer of a town, of an administrator who sits there; and of
    somebody whose post above is still to come."""
    line = User.objects.create_user("education", password=PASSWORD)
    line.posts.create(unit=cast.county, role="officer", line="education", opens_on=date(2020, 1, 1))
    teacher = cast.nobody.posts.create(unit=cast.school, role="secretary", opens_on=date(2020, 1, 1))
    boss = User.objects.create_user("boss", password=PASSWORD)
    seat = boss.posts.create(unit=cast.town, role="admin", opens_on=date(2020, 1, 1))
    cast.secretary.posts.create(unit=cast.county, role="officer", opens_on=timezone.localdate() + timedelta(days=3))
    tried = (
        (line, f"/units/{cast.school.code}/people/{teacher.pk}"),
        (cast.town_officer, f"/units/SQ01/people/{seat.pk}"),
        (cast.town_officer, f"/units/SQ0101/people/{cast.secretary.posts.get(unit=cast.village).pk}"),
    )
    for who, address in tried:
        assert visit(who).post(f"{address}/second-step/", {"reason": "x"}).status_code == 403
    assert not AuditEntry.objects.filter(action="factor.reset").exists()
    assert visit(cast.officer).post(f"{tried[1][1]}/second-step/", {"reason": "x"}).status_code == 302
