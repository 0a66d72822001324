"""What a strict authorization server grants, and what it refuses. Safe to ask from several threads."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from authsome.kit.clock import Clock, SystemClock
from authsome.kit.ids import Entropy, SystemEntropy
from authsome.testing.oauth.clients import Client, Fetch, Unredirectable, fetch_client
from authsome.testing.oauth.devices import Devices
from authsome.testing.oauth.who import Who

CODE_LIFE = timedelta(minutes=1)


@dataclass
class Grant:
    """One person's consent, and everything that came of it."""

    client_id: str
    scope: str
    is_live: bool = True
    resource: str | None = None
    nonce: str | None = None


@dataclass
class Code:
    """An authorization code, with what its use is held against."""

    grant: Grant
    redirect_uri: str
    challenge: str
    expires_at: datetime
    used: bool = False


@dataclass
class Issued:
    """A token. `used` is for refresh tokens that rotate."""

    grant: Grant
    expires_at: datetime | None = None
    used: bool = False


@dataclass
class AuthorizationServer:
    """`requests` says of each token request what became of it, in order. `api_resource` is what the API is
    called (RFC 8707); a token for another is not taken there. With `fetch`, a client may be a document.
    """

    issuer: str
    client: Client
    rotates: bool = True
    expires_in: int | None = 3600
    gives_refresh_tokens: bool = True
    names_itself: bool = True
    api_resource: str | None = None
    fetch: Fetch | None = None
    clock: Clock = field(default_factory=SystemClock)
    entropy: Entropy = field(default_factory=SystemEntropy)
    requests: list[str] = field(default_factory=list)
    registrations: list[Mapping[str, Any]] = field(default_factory=list)
    secrets_end_at: int = 0
    codes: dict[str, Code] = field(default_factory=dict)
    access: dict[str, Issued] = field(default_factory=dict)
    refresh: dict[str, Issued] = field(default_factory=dict)
    devices: Devices[Grant] = field(default_factory=Devices)
    who: Who = field(default_factory=Who)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def authorize(self, query: Mapping[str, str], *, consents: bool = True) -> str:
        """Where the browser is sent once the person has decided. Raises `Unredirectable`."""
        if query.get("client_id") != self.client.client_id:
            if self.fetch is None:
                raise Unredirectable("unknown client")
            self.client = fetch_client(query.get("client_id", ""), query.get("redirect_uri"), self.fetch)
        if query.get("redirect_uri") != self.client.redirect_uri:
            raise Unredirectable("the redirect address is not the registered one")
        back = {"state": query.get("state", "")} | ({"iss": self.issuer} if self.names_itself else {})
        challenge = query.get("code_challenge", "")
        if query.get("response_type") != "code" or not back["state"]:
            return self._back(back | {"error": "invalid_request"})
        if query.get("code_challenge_method") != "S256" or len(challenge) != 43:
            return self._back(back | {"error": "invalid_request"})
        if not consents:
            return self._back(back | {"error": "access_denied"})
        grant = Grant(
            query["client_id"], query.get("scope", ""), True, query.get("resource"), query.get("nonce")
        )
        return self._back(back | {"code": self._code(grant, challenge)})

    def token(self, body: str, authorization: str | None) -> tuple[int, dict[str, object]]:
        """Status and document for a request to the token address."""
        with self.lock:
            form = dict(parse_qsl(body, keep_blank_values=True))
            if not self._is_client(form, authorization):
                return self._refuse("invalid_client", 401)
            kinds = {
                "authorization_code": self._by_code,
                "refresh_token": self._by_refresh_token,
                "client_credentials": self._by_client,
                "urn:ietf:params:oauth:grant-type:device_code": self._by_device_code,
            }
            by = kinds.get(form.get("grant_type", ""))
            return by(form) if by else self._refuse("unsupported_grant_type")

    def revoke(self, body: str, authorization: str | None) -> tuple[int, dict[str, object]]:
        """RFC 7009: the whole grant with a refresh token, else that access token; unknown ones are gone."""
        with self.lock:
            form = dict(parse_qsl(body, keep_blank_values=True))
            if not self._is_client(form, authorization):
                return self._refuse("invalid_client", 401)
            token = form.get("token", "")
            if token in self.refresh:
                self.refresh[token].grant.is_live = False
            self.access.pop(token, None)
            self.requests.append(f"revoked {form.get('token_type_hint')}")
            return 200, {}

    def introspect(self, body: str, authorization: str | None) -> tuple[int, dict[str, object]]:
        """RFC 7662."""
        form = dict(parse_qsl(body, keep_blank_values=True))
        if not self._is_client(form, authorization):
            return self._refuse("invalid_client", 401)
        return 200, {"active": self.is_live(form.get("token", ""))}

    def register(self, asked: Mapping[str, Any]) -> tuple[int, dict[str, object]]:
        """Status and document for who asks to become a client (RFC 7591); the client before is forgotten."""
        self.registrations.append(asked)
        uris, method = asked.get("redirect_uris"), asked.get("token_endpoint_auth_method")
        if not isinstance(uris, list) or len(uris) != 1:
            return 400, {"error": "invalid_redirect_uri"}
        if method not in ("client_secret_post", "client_secret_basic", "none"):
            return 400, {"error": "invalid_client_metadata"}
        secret = None if method == "none" else self._text("secret")
        self.client = Client(self._text("client"), secret, uris[0], method)
        given: dict[str, object] = {**asked, "client_id": self.client.client_id}
        if secret is not None:
            given |= {"client_secret": secret, "client_secret_expires_at": self.secrets_end_at}
        return 201, given

    def is_live(self, access: str) -> bool:
        """Whether the API takes this access token; one that names what it is for is for nothing else."""
        issued = self.access.get(access)
        if issued is not None and issued.grant.resource not in (None, self.api_resource):
            return False
        if issued is None or not issued.grant.is_live:
            return False
        return issued.expires_at is None or self.clock.now() < issued.expires_at

    def revoke_all(self) -> None:
        """The person withdraws their consent."""
        for grant in [one.grant for one in (*self.refresh.values(), *self.access.values())]:
            grant.is_live = False

    def forget_access_tokens(self) -> None:
        """They stop working before their time; the consent stands."""
        self.access.clear()

    def seed(self) -> dict[str, object]:
        """Tokens as if somebody had just consented."""
        return self._issue(Grant(self.client.client_id, "", resource=self.api_resource))

    def _by_code(self, form: Mapping[str, str]) -> tuple[int, dict[str, object]]:
        code = self.codes.get(form.get("code", ""))
        if code is None or self.clock.now() >= code.expires_at:
            return self._refuse("invalid_grant")
        if code.used:
            code.grant.is_live = False  # RFC 6749 §4.1.2: what was issued for it is revoked
            return self._refuse("invalid_grant", because="code used twice")
        if not self._is_ours(code.grant):
            return self._refuse("invalid_grant", because="another client")
        code.used = True
        if form.get("resource") != code.grant.resource:
            return self._refuse("invalid_target", because="resource")
        if form.get("redirect_uri") != code.redirect_uri:
            return self._refuse("invalid_grant", because="redirect address")
        verifier = form.get("code_verifier", "")
        if not 43 <= len(verifier) <= 128 or _s256(verifier) != code.challenge:
            return self._refuse("invalid_grant", because="verifier")
        self.requests.append("granted")
        return 200, self._issue(code.grant)

    def _by_refresh_token(self, form: Mapping[str, str]) -> tuple[int, dict[str, object]]:
        issued = self.refresh.get(form.get("refresh_token", ""))
        if issued is None or not self._is_ours(issued.grant):
            return self._refuse("invalid_grant")
        if issued.used:
            issued.grant.is_live = False  # RFC 9700 §4.14.2
            return self._refuse("invalid_grant", because="refresh token used twice")
        if form.get("resource") != issued.grant.resource:
            return self._refuse("invalid_target", because="resource")
        issued.used = self.rotates
        self.requests.append("granted")
        return 200, self._issue(issued.grant)

    def device_authorization(self, body: str, authorization: str | None) -> tuple[int, dict[str, object]]:
        """Status and document for a request to the device authorization address (RFC 8628 §3.1)."""
        with self.lock:
            form = dict(parse_qsl(body, keep_blank_values=True))
            if not self._is_client(form, authorization):
                return self._refuse("invalid_client", 401)
            grant = Grant(self.client.client_id, form.get("scope", ""), resource=form.get("resource"))
            page = f"{self.issuer}/device"
            return 200, self.devices.give(grant, page, clock=self.clock, text=self._text)

    def _by_device_code(self, form: Mapping[str, str]) -> tuple[int, dict[str, object]]:
        found = self.devices.ask(form.get("device_code", ""), clock=self.clock)
        if isinstance(found, str):
            return self._refuse(found)
        self.requests.append("granted")
        return 200, self._issue(found)

    def _by_client(self, form: Mapping[str, str]) -> tuple[int, dict[str, object]]:
        """RFC 6749 §4.4, which has no refresh token."""
        if self.client.secret is None:
            return self._refuse("unauthorized_client")
        self.requests.append("granted")
        grant = Grant(self.client.client_id, form.get("scope", ""), resource=form.get("resource"))
        return 200, self._issue(grant, renewable=False)

    def _is_ours(self, grant: Grant) -> bool:
        """What was issued to another client is nothing to this one (RFC 6749 §5.2)."""
        return grant.is_live and grant.client_id == self.client.client_id

    def _issue(self, grant: Grant, *, renewable: bool = True) -> dict[str, object]:
        access = self._text("at")
        life = timedelta(seconds=self.expires_in) if self.expires_in else None
        self.access[access] = Issued(grant, self.clock.now() + life if life else None)
        document: dict[str, object] = {"access_token": access, "token_type": "Bearer"}
        if self.expires_in:
            document["expires_in"] = self.expires_in
        if self.gives_refresh_tokens and renewable:
            document["refresh_token"] = refresh = self._text("rt")
            self.refresh[refresh] = Issued(grant)
        scoped = {"scope": grant.scope} if grant.scope else {}
        return (
            document
            | scoped
            | self.who.says(self.client, grant.scope, nonce=grant.nonce, now=self.clock.now())
        )

    def _is_client(self, form: Mapping[str, str], authorization: str | None) -> bool:
        """By one method, and not by two at once (RFC 6749 §2.3)."""
        shown = form.get("client_id"), form.get("client_secret")
        if authorization is not None:
            kind, _, pair = authorization.partition(" ")
            name, _, secret = base64.b64decode(pair).decode().partition(":")
            if kind != "Basic" or form.get("client_secret") is not None:
                return False
            shown = unquote(name), unquote(secret)
            method = "client_secret_basic"
        else:
            method = "none" if shown[1] is None else "client_secret_post"
        is_agreed = self.client.method in (None, method)
        return is_agreed and shown == (self.client.client_id, self.client.secret)

    def _code(self, grant: Grant, challenge: str) -> str:
        text = self._text("code")
        self.codes[text] = Code(
            grant,
            self.client.redirect_uri,
            challenge,
            self.clock.now() + CODE_LIFE,
        )
        return text

    def _refuse(self, error: str, status: int = 400, because: str = "") -> tuple[int, dict[str, object]]:
        self.requests.append(f"{error}: {because}" if because else error)
        return status, {"error": error}

    def _back(self, answer: Mapping[str, str]) -> str:
        return f"{self.client.redirect_uri}?{urlencode(answer)}"

    def _text(self, kind: str) -> str:
        return f"{kind}-{self.entropy.bytes(20).hex()}"


def _s256(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
