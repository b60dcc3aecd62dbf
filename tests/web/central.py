"""A central log-in that really runs, in a process of its own, and is spoken to over HTTP.

Beside what such a server does, it can be told to answer as a wrong or a hostile one would: see :class:`Central`.
"""

import hmac
import json
import os
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

STARTING_S = 60
ROOT = Path(__file__).resolve().parents[2]


class Central:
    """The running server, as a test sees it."""

    def __init__(self, url: str) -> None:
        self.url = url

    def answer_wrongly(self, **how: Any) -> None:
        """``put`` and ``drop`` claims of the tokens, ``shift`` some by seconds, another ``algorithm`` or a
        ``strange_key`` to sign with, another ``issuer`` in what it says of itself."""
        requests.post(f"{self.url}/wrongly", json=how, timeout=5).raise_for_status()

    def list_asked(self) -> list[str]:
        """The pages that it was asked for."""
        return [str(path) for path in requests.get(f"{self.url}/asked", timeout=5).json()]


@contextmanager
def run_central(**people: str) -> Iterator[Central]:
    """``people`` are the numbers that it knows people by, each with the user name it tells of them."""
    environment = {**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "ignore", "-m", "tests.web.central", json.dumps(people)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        try:
            yield Central(_read_url(server))
        finally:
            server.terminate()


def _read_url(server: "subprocess.Popen[bytes]") -> str:
    assert server.stdout is not None
    url = server.stdout.readline().decode().strip()
    assert url.startswith("http://"), "the central log-in has not started"
    end = time.monotonic() + STARTING_S
    while time.monotonic() < end:
        try:
            requests.get(f"{url}/asked", timeout=1)
        except requests.RequestException:
            time.sleep(0.05)
        else:
            return url
    raise TimeoutError(url)


def serve(people: dict[str, str]) -> None:
    """What runs in the other process."""
    import flask  # noqa: PLC0415 - known to the other process alone: its warnings are not ours
    import oidc_provider_mock  # noqa: PLC0415
    import werkzeug.serving  # noqa: PLC0415

    known = [oidc_provider_mock.User(sub=sub, claims={"preferred_username": name}) for sub, name in people.items()]
    app: flask.Flask = oidc_provider_mock.app(user_claims=known, require_nonce=True)
    how: dict[str, Any] = {}
    asked: list[str] = []

    @app.post("/wrongly")
    def set_wrong() -> tuple[str, int]:
        how.clear()
        how.update(flask.request.get_json())
        return "", 204

    @app.get("/asked")
    def list_asked() -> flask.Response:
        return flask.jsonify(asked)

    @app.after_request
    def alter(response: flask.Response) -> flask.Response:
        path = flask.request.path
        asked.extend([path] if path not in ("/asked", "/wrongly") else [])
        if response.status_code == 200 and path == "/oauth2/token":
            told = response.get_json()
            told["id_token"] = _alter_token(told["id_token"], flask.g.oidc_provider_mock_storage.jwk, how)
            response.set_data(json.dumps(told))
        if how.get("issuer") and path.endswith("openid-configuration"):
            response.set_data(json.dumps(response.get_json() | {"issuer": how["issuer"]}))
        return response

    server = werkzeug.serving.make_server("127.0.0.1", 0, app, threaded=True)
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


def _alter_token(token: str, own: Any, how: dict[str, Any]) -> str:
    from authlib import jose  # noqa: PLC0415 - as above

    claims: dict[str, Any] = dict(jose.jwt.decode(token, own))
    claims |= how.get("put", {})
    for name, by_s in how.get("shift", {}).items():
        claims[name] += by_s
    for name in how.get("drop", ()):
        del claims[name]
    key = jose.JsonWebKey.generate_key("RSA", 2048, is_private=True) if how.get("strange_key") else own
    return _sign(claims, own, key, how.get("algorithm", "RS256"))


def _sign(claims: dict[str, Any], own: Any, key: Any, algorithm: str) -> str:
    """As the issuer would; ``none`` is not signed, and ``HS256`` with the open key of the issuer as the secret."""
    from authlib import jose  # noqa: PLC0415 - as above

    header = {"alg": algorithm, "kid": own.as_dict()["kid"]}
    if algorithm == "RS256":
        return str(jose.jwt.encode(header, claims, key).decode())
    parts = ".".join(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, claims))
    secret = own.as_pem(is_private=False)
    made = hmac.new(secret, parts.encode(), "sha256").digest() if algorithm == "HS256" else b""
    return f"{parts}.{urlsafe_b64encode(made).decode().rstrip('=')}"


if __name__ == "__main__":
    serve(json.loads(sys.argv[1]))
