"""Coming in by the central log-in of the place, held to a real one over HTTP: only people whom somebody here has
created, and only by an answer that is the issuer's, for us, for this very question."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client, override_settings

from tests.web.cast import PASSWORD, Cast
from tests.web.central import Central, run_central
from tests.web.factors import set_up_app
from wuzha.web.accounts.models import AuditEntry, User
from wuzha.web.accounts.signin.models import SignIn

NOT_TRUSTED = "县统一认证没有正常答复"


@pytest.fixture(scope="module")
def running() -> Iterator[Central]:
    with run_central(n1="secretary", n2="stranger", n3="secretary") as running:
        yield running


@pytest.fixture
def central(running: Central) -> Iterator[Central]:
    told = {"issuer": running.url, "client": "wuzha", "secret": "s3cret"}
    told |= {"claim": "preferred_username", "name": "县统一认证"}
    with override_settings(OIDC=told):
        yield running
    running.answer_wrongly()
    cache.clear()


def begin(client: Client, goal: str = "") -> str:
    """The address at which the browser is sent to log in."""
    answer = client.post("/log-in/central/", {"next": goal})
    assert answer.status_code == 200
    return answer.headers["Refresh"].removeprefix("0; url=")


def answer_there(address: str, number: str) -> str:
    """Logs in over there as that person; gives the way back."""
    back = requests.post(address, data={"sub": number}, allow_redirects=False, timeout=5).headers["Location"]
    parts = urlsplit(back)
    assert parts.path == "/log-in/central/back/"
    return f"{parts.path}?{parts.query}"


def come_in(client: Client, number: str = "n1", goal: str = "") -> Any:
    return client.get(answer_there(begin(client, goal), number))


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def test_a_person_whom_somebody_here_created_comes_in_and_is_written_down(cast: Cast, central: Central) -> None:
    client = Client()
    answer = come_in(client, goal="/records/?page=2")
    assert answer.headers["Location"] == "/records/?page=2"
    assert is_in(client)
    assert SignIn.objects.get().way == "central"
    assert set(AuditEntry.objects.values_list("action", flat=True)) == {"central.linked", "log-in.done"}
    assert come_in(Client()).status_code == 302, "and again"
    assert SocialAccount.objects.count() == 1


def test_the_question_bears_what_protects_the_answer(cast: Cast, central: Central) -> None:
    first, second = (parse_qs(urlsplit(begin(Client())).query) for _ in range(2))
    assert first["code_challenge_method"] == ["S256"]
    assert first["response_type"] == ["code"]
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name][0]) >= 16
        assert first[name] != second[name]


def test_somebody_nobody_has_created_is_told_so_and_no_account_comes_into_being(cast: Cast, central: Central) -> None:
    before = User.objects.count()
    client = Client()
    answer = come_in(client, "n2")
    assert "这里还没有您的账号" in answer.content.decode()
    assert not is_in(client)
    assert User.objects.count() == before
    assert "stranger" not in str(list(AuditEntry.objects.values_list("details", flat=True)))


def test_whose_account_is_closed_does_not_come_in(cast: Cast, central: Central) -> None:
    User.objects.filter(username="secretary").update(is_active=False)
    client = Client()
    assert "这里还没有您的账号" in come_in(client).content.decode()
    assert not is_in(client)


def test_whose_account_is_closed_after_the_first_time_does_not_come_in_either(cast: Cast, central: Central) -> None:
    assert come_in(Client()).status_code == 302
    User.objects.filter(username="secretary").update(is_active=False)
    client = Client()
    assert come_in(client).status_code == 422
    assert not is_in(client)


def test_another_one_who_is_given_the_same_name_over_there_is_not_that_person(cast: Cast, central: Central) -> None:
    assert come_in(Client(), "n1").status_code == 302
    client = Client()
    assert come_in(client, "n3").status_code == 422
    assert not is_in(client)


def test_an_answer_that_was_taken_is_worth_nothing_in_another_browser(cast: Cast, central: Central) -> None:
    """Neither the thief of the answer nor whoever slips their own answer to somebody else gets anywhere."""
    victim, thief = Client(), Client()
    back = answer_there(begin(victim), "n1")
    assert "请重新登录一次" in thief.get(back).content.decode()
    assert not is_in(thief)


def test_an_answer_is_taken_once(cast: Cast, central: Central) -> None:
    client = Client()
    back = answer_there(begin(client), "n1")
    assert client.get(back).status_code == 302
    client.post("/log-out/")
    assert client.get(back).status_code == 422
    assert not is_in(client)


def test_the_answer_to_one_question_is_none_to_another(cast: Cast, central: Central) -> None:
    """Its own state with the code of another log-in: the code was given for another verifier and another nonce."""
    client, other = Client(), Client()
    state = parse_qs(urlsplit(begin(client)).query)["state"][0]
    code = parse_qs(urlsplit(answer_there(begin(other), "n1")).query)["code"][0]
    assert client.get(f"/log-in/central/back/?state={state}&code={code}").status_code == 422
    assert not is_in(client)


WRONG: dict[str, dict[str, Any]] = {
    "another issuer": {"put": {"iss": "https://evil.example"}},
    "another audience": {"put": {"aud": "another-site"}},
    "expired": {"shift": {"exp": -7200}},
    "without an end": {"drop": ["exp"]},
    "of the future": {"shift": {"iat": 3600}},
    "another nonce": {"put": {"nonce": "replayed"}},
    "without a nonce": {"drop": ["nonce"]},
    "for another party": {"put": {"azp": "another-site"}},
    "of nobody": {"drop": ["sub"]},
    "signed with another key": {"strange_key": True},
    "not signed": {"algorithm": "none"},
    "signed with the issuer's open key as if it were a secret": {"algorithm": "HS256"},
}


@pytest.mark.parametrize("how", sorted(WRONG))
def test_an_answer_that_is_not_for_us_now_is_refused(cast: Cast, central: Central, how: str) -> None:
    central.answer_wrongly(**WRONG[how])
    client = Client()
    assert NOT_TRUSTED in come_in(client).content.decode()
    assert not is_in(client)
    assert not SocialAccount.objects.exists()
    assert AuditEntry.objects.get().details["why"] == "central-untrusted"


def test_an_answer_that_is_altered_in_nothing_is_believed(cast: Cast, central: Central) -> None:
    """The refusals above are of what was altered, not of the altering."""
    central.answer_wrongly(put={"name": "x"})
    assert come_in(Client()).status_code == 302


def test_a_cancelled_log_in_is_told_so(cast: Cast, central: Central) -> None:
    client = Client()
    state = parse_qs(urlsplit(begin(client)).query)["state"][0]
    answer = client.get(f"/log-in/central/back/?state={state}&error=access_denied")
    assert "取消了登录" in answer.content.decode()


@pytest.mark.parametrize("goal", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_nobody_is_led_to_another_site(cast: Cast, central: Central, goal: str) -> None:
    assert come_in(Client(), goal=goal).headers["Location"] == "/today/"


def test_a_second_step_that_is_set_up_is_asked_here_too(cast: Cast, central: Central) -> None:
    set_up_app(cast.secretary)
    client = Client()
    assert come_in(client).headers["Location"] == "/log-in/second/"
    assert not is_in(client)


def test_a_central_log_in_that_is_down_is_told_so(cast: Cast) -> None:
    told = {"issuer": "http://127.0.0.1:9", "client": "wuzha", "secret": "", "claim": "sub", "name": "县统一认证"}
    with override_settings(OIDC=told):
        answer = Client().post("/log-in/central/")
    assert answer.status_code == 422
    assert NOT_TRUSTED in answer.content.decode()


def test_one_that_calls_itself_otherwise_is_not_asked(cast: Cast, central: Central) -> None:
    central.answer_wrongly(issuer="https://evil.example")
    assert NOT_TRUSTED in Client().post("/log-in/central/").content.decode()


def test_without_one_there_is_no_button_and_no_call(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("another machine was spoken to")

    monkeypatch.setattr(requests.Session, "send", refuse)
    client = Client()
    assert "/log-in/central/" not in client.get("/log-in/").content.decode()
    assert client.post("/log-in/central/").status_code == 404
    assert client.get("/log-in/central/back/?state=x&code=y").status_code == 404
    assert client.post("/log-in/", {"username": "secretary", "password": PASSWORD}).status_code == 302


def test_with_one_the_button_stands_on_the_page(cast: Cast, central: Central) -> None:
    before = central.list_asked()
    page = Client().get("/log-in/?next=/records/").content.decode()
    assert "用县统一认证登录" in page
    assert central.list_asked() == before, "nobody has pressed it"
