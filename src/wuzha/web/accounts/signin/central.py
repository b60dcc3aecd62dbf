"""The central log-in of the place (OpenID Connect): where it is asked, and what of its answer is believed.

State, PKCE and the exchange of the code are django-allauth's. Ours is that every answer is looked at: it was signed by
a key of the issuer, for us, for this very question (nonce), and is still good. Without an issuer in the settings
nothing of this is reached, and no other machine is ever spoken to.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt
import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare, get_random_string

CALLED = "central"
# Keys that others can only check with; a shared secret would let whoever knows it write answers.
SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
DEMANDED = ("iss", "aud", "exp", "iat", "sub", "nonce")
# Clocks of two machines are never the same.
LEEWAY_S = 30
KNOWN_FOR_S = 300
WRONG = (OAuth2Error, requests.RequestException, jwt.PyJWTError, KeyError, ValueError, TypeError, PermissionDenied)


class CentralError(Exception):
    """``why`` is cancelled, stale (not asked for here, or too long ago) or untrusted."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the central log-in names: by its own number for good, and by the claim of the settings."""

    issuer: str
    number: str
    name: str
    goal: str


class Adapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc] # published without types
    """Knows where the central log-in is asked, and believes what it says of itself only if it is who it should be."""

    def __init__(self, request: HttpRequest, provider_id: str = CALLED) -> None:
        super().__init__(request, provider_id)
        self.provider = Provider(request, app=_make_app())

    def get_provider(self) -> "Provider":
        return self.provider

    @property
    def openid_config(self) -> Mapping[str, Any]:
        issuer = settings.OIDC["issuer"]
        told: Mapping[str, Any] | None = cache.get(f"central:{issuer}")
        if told is None:
            told = _fetch(self.provider.server_url)
            if told.get("issuer", "").rstrip("/") != issuer:
                raise OAuth2Error("the issuer names itself otherwise")
            cache.set(f"central:{issuer}", told, KNOWN_FOR_S)
        return told

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return request.build_absolute_uri(reverse("accounts:log-in-central-back"))


class Provider(OpenIDConnectProvider):  # type: ignore[misc] # published without types
    oauth2_adapter_class = Adapter


def is_offered() -> bool:
    return bool(settings.OIDC["issuer"] and settings.OIDC["client"])


def name_it() -> str:
    """What the button calls it; empty where there is none."""
    return str(settings.OIDC["name"]) if is_offered() else ""


def _make_app() -> SocialApp:
    told = settings.OIDC
    app = SocialApp(provider="openid_connect", provider_id=CALLED, name=told["name"], client_id=told["client"])
    app.secret = told["secret"]
    app.settings = {"server_url": told["issuer"], "oauth_pkce_enabled": True}
    return app


def _fetch(url: str, token: str = "") -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with get_adapter().get_requests_session() as session:
        answer = session.get(url, headers=headers)
        answer.raise_for_status()
        told = answer.json()
    if not isinstance(told, dict):
        raise ValueError("not an object")
    return told


def ask(request: HttpRequest, goal: str) -> str:
    """The address at which the person logs in centrally. Raises :class:`CentralError` when it cannot be reached."""
    try:
        adapter = Adapter(request)
        provider = adapter.get_provider()
        pkce = provider.get_pkce_params()
        state = {"nonce": get_random_string(32), "verifier": pkce.pop("code_verifier"), "goal": goal}
        client = adapter.get_client(request, provider.app)
        client.state = statekit.stash_state(request, provider_id=CALLED, state=state)
        return str(
            client.get_redirect_url(adapter.authorize_url, ["openid", "profile"], pkce | {"nonce": state["nonce"]})
        )
    except WRONG as error:
        raise CentralError("untrusted") from error


def read_answer(request: HttpRequest) -> Identity:
    """Whom the answer names. Raises :class:`CentralError`; each question is answered once."""
    state = statekit.unstash_state(request, provider_id=CALLED, state_id=request.GET.get("state", ""))
    if state is None:
        raise CentralError("stale")
    if "code" not in request.GET:
        raise CentralError("cancelled" if request.GET.get("error") == Adapter.login_cancelled_error else "untrusted")
    try:
        return _exchange(Adapter(request), state)
    except WRONG as error:
        raise CentralError("untrusted") from error


def _exchange(adapter: Adapter, state: Mapping[str, str]) -> Identity:
    app = adapter.get_provider().app
    client = adapter.get_client(adapter.request, app)
    given = adapter.get_access_token_data(adapter.request, app, client, pkce_code_verifier=state["verifier"])
    claims = _check(adapter, str(given["id_token"]), state["nonce"])
    name = _find_name(claims) or _find_name(_ask_more(adapter, str(given["access_token"]), str(claims["sub"])))
    return Identity(str(claims["iss"]), str(claims["sub"]), name, state["goal"])


def _check(adapter: Adapter, token: str, nonce: str) -> dict[str, Any]:
    """What the token says, if it is the issuer's, for us, for this question and of now. Raises one of ``WRONG``."""
    key = _find_key(adapter, token)
    claims: dict[str, Any] = jwt.decode(
        token,
        key=key,
        algorithms=[str(key.algorithm_name)] if key.algorithm_name in SIGNED_BY else [],
        audience=settings.OIDC["client"],
        issuer=adapter.openid_config["issuer"],
        leeway=LEEWAY_S,
        options={"require": list(DEMANDED)},
    )
    if not constant_time_compare(str(claims["nonce"]), nonce):
        raise ValueError("the answer to another question")
    if claims.get("azp", settings.OIDC["client"]) != settings.OIDC["client"]:
        raise ValueError("for somebody else")
    return claims


def _find_key(adapter: Adapter, token: str) -> jwt.PyJWK:
    """The key of the issuer that the token names; one that names none fits where the issuer has a single one."""
    keys = jwt.PyJWKSet.from_dict(_fetch(adapter.openid_config["jwks_uri"])).keys
    named = jwt.get_unverified_header(token).get("kid")
    found = [key for key in keys if named is None or key.key_id == named]
    if len(found) != 1:
        raise ValueError("signed by nobody we know")
    return found[0]


def _find_name(claims: Mapping[str, Any]) -> str:
    """The claim that names the person. An address of mail counts once the central log-in has checked it."""
    claim = settings.OIDC["claim"]
    told = claims.get(claim, "")
    is_checked = claim != "email" or claims.get("email_verified") is True
    return told if isinstance(told, str) and is_checked else ""


def _ask_more(adapter: Adapter, token: str, number: str) -> Mapping[str, Any]:
    """What the issuer says of the person beside the token, if it is of the same person."""
    if "userinfo_endpoint" not in adapter.openid_config:
        return {}
    told = _fetch(adapter.profile_url, token)
    return told if told.get("sub") == number else {}
