"""What the pages of passwords say is said by this site, in one voice, in both of its languages."""

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from tests.web.cast import PASSWORD, Cast
from tests.web.conftest import Visit
from wuzha.web.accounts.signin.forms import ChangePasswordForm
from wuzha.web.accounts.staff_forms import FirstPasswordForm

GOOD = "青石桥边三棵老槐树"
# As Django's own catalogue speaks of passwords.
FOREIGN = (
    "为了校验",
    "你的",
    "密码确认",
    "旧密码",
    "for verification",
    "confirmation",
    "entered incorrectly",
)
WRONG: tuple[tuple[dict[str, str], str], ...] = (
    ({}, "请填写"),
    ({"old_password": "wrong", "new_password1": GOOD, "new_password2": GOOD}, "密码不对"),
    ({"old_password": PASSWORD, "new_password1": GOOD, "new_password2": f"{GOOD}x"}, "两次输入的新密码不一样"),
    ({"old_password": PASSWORD, "new_password1": "password123", "new_password2": "password123"}, "别人最先就会试它"),
)


def test_the_page_speaks_in_the_words_of_this_site(cast: Cast, visit: Visit) -> None:
    page = visit(cast.officer).get("/me/password/").content.decode()

    assert [word for word in FOREIGN if word in page] == []
    assert [word for word in ("现在的密码", "再输一次新密码", "和上面一样再输一次") if word not in page] == []


@pytest.mark.parametrize(("typed", "said"), WRONG)
def test_what_is_wrong_is_said_so_too(cast: Cast, visit: Visit, typed: dict[str, str], said: str) -> None:
    page = visit(cast.officer).post("/me/password/", typed).content.decode()

    assert said in page
    assert [word for word in FOREIGN if word in page] == []


@pytest.mark.parametrize("form", [ChangePasswordForm, FirstPasswordForm])
@pytest.mark.parametrize(("language", "label"), [("zh-hans", "再输一次新密码"), ("en", "The new password once more")])
def test_both_forms_speak_both_languages(cast: Cast, form: type, language: str, label: str) -> None:
    with translation.override(language):
        made = form(cast.officer, {"new_password1": GOOD, "new_password2": "x"})
        told = f"{made} {made.errors}"
    assert label in told
    assert [word for word in FOREIGN if word in told] == []


@pytest.mark.parametrize(
    ("issuer", "told"), [("", "没有接入统一认证"), ("https://id.example.gov.cn", "统一认证要从这里的按钮开始")]
)
def test_a_visit_to_where_the_central_log_in_begins_is_led_to_the_log_in_with_a_sentence(
    cast: Cast, settings: Settings, issuer: str, told: str
) -> None:
    settings.OIDC = {**settings.OIDC, "issuer": issuer, "client": issuer and "wuzha"}
    answer = Client(headers={"Accept": "text/html"}).get("/log-in/central/", follow=True)

    assert answer.redirect_chain == [("/log-in/", 302)]
    assert told in answer.content.decode()
