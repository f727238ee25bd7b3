"""A small OpenID Connect provider on the loopback: real HTTP, tokens signed with RS256. It says what it is
told."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

CLIENT = "irmer-portal"
SECRET = "between the two of us"
CODE = "one-time-code"


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _number(value: int) -> str:
    return _encoded(value.to_bytes((value.bit_length() + 7) // 8, "big"))


class IdentityProvider:
    """What it answers is its attributes: ``claims`` of the next token, ``header`` and ``key`` to sign it
    with."""

    def __init__(self) -> None:
        self.key: RSAPrivateKey = generate_private_key(65537, 2048)
        self.signing_key = self.key
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "first", "typ": "JWT"}
        self.claims: dict[str, Any] = {}
        self.signature: bytes | None = None
        self.broken: set[str] = set()
        self.asked: list[dict[str, str]] = []
        self.url = ""

    def answer(self, path: str, body: bytes) -> tuple[int, Any]:
        if path in self.broken:
            return 503, {"error": "down"}
        if path == "/.well-known/openid-configuration":
            return 200, self._configuration()
        if path == "/jwks":
            numbers = self.key.public_key().public_numbers()
            key = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "first"}
            return 200, {"keys": [key | {"n": _number(numbers.n), "e": _number(numbers.e)}]}
        if path == "/token":
            asked = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            self.asked.append(asked)
            if asked.get("code") != CODE or asked.get("client_secret") != SECRET:
                return 400, {"error": "invalid_grant"}
            return 200, {"access_token": "unused", "token_type": "Bearer", "id_token": self.token()}
        return 404, {}

    def _configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def token(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": "person-1",
            "iat": now,
            "exp": now + 300,
        } | self.claims
        signed = ".".join(_encoded(json.dumps(part).encode()) for part in (self.header, claims))
        signature = self.signature
        if signature is None:
            signature = self.signing_key.sign(signed.encode(), PKCS1v15(), SHA256())
        return f"{signed}.{_encoded(signature)}"


@contextmanager
def serving() -> Iterator[IdentityProvider]:
    """One that listens on a port of 127.0.0.1 while the block lasts."""
    provider = IdentityProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])))

        def _answer(self, body: bytes) -> None:
            status, said = provider.answer(self.path, body)
            content = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
