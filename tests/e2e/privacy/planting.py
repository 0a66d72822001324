"""Two people and an agent do everything there is to do, with a marker in everything that is theirs."""

from __future__ import annotations

import re
import threading
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from authsome.testing.https_api import HttpsApi
from authsome.testing.journey import Journey
from authsome.testing.person import PageRefused, Person
from authsome.testing.stage import Stage

# What Ada has and nobody else may see. All lower case, since a search is without regard to case.
ADAS = {
    "email": "adamarker@mail.marker.invalid",
    "password": "marker-password-ada-0123",
    "new password": "marker-password-ada-4567",
    "wrong password": "marker-password-wrong-89",
    "key": "marker-key-0123456789abcdef",
    "label": "marker-label",
    "connection name": "marker-connection",
    "path": "marker-path",
    "query": "marker-query",
    "header": "marker-header",
    "user agent": "marker-agent",
    "body": "marker-body",
    "unknown host": "marker-unknown-host",
    "note": "marker-note",
}
BENS = {
    "ben's email": "benmarker@mail.marker.invalid",
    "ben's password": "marker-password-ben-0123",
    "ben's new password": "marker-password-ben-4567",
}
# Seen by every principal, for they may connect to it; outside, it is a pseudonym.
PROVIDER = "markerprovider"
SECRETS = {"password", "new password", "wrong password", "key", "ben's password", "ben's new password"}
NUMBERS = ("/analytics/mine", "/analytics/adoption", "/analytics/reliability")
PAGES = ("/", "/agents", "/access", "/connections", "/providers", "/password")
COMMANDS = ("identities", "connections", "grants", "access", "providers", "whoami --person")


class Household:
    """Ada, who runs the server; Ben, whom she invites; her agent; and the tokens that they were handed."""

    def __init__(self, folder: Path, api: HttpsApi, **settings: str) -> None:
        self._folder, self._api = folder, api
        stage = Stage(folder / "home")
        stage.environment |= {"AUTHSOME_PORT": "0", "AUTHSOME_PROXY_PORT": "0"} | settings
        self.ada = Journey(stage, email=ADAS["email"], password=ADAS["password"])
        self.tokens: dict[str, str] = {}
        self.seen_by_ben: dict[str, str] = {}

    @property
    def stage(self) -> Stage:
        return self.ada.stage

    def live(self) -> None:
        """All of it, in the order of a life."""
        self.ada.begin()
        self.ada.sign_in()
        self.ada.add_provider(self._api, self._folder, name=PROVIDER)
        made = self._connected()
        handle = self.ada.onboard(self.stage, label=ADAS["label"], connection_ids=[made])
        self._use()
        self.stage.run("rotate-key")
        ben = self._invite_ben()
        self._ben_looks(ben, handle, made)
        self._passwords(ben)
        self._ends(handle, made)

    def _connected(self) -> str:
        key = ADAS["key"] + "\n"
        self.stage.run("connections", "add", PROVIDER, "--name", ADAS["connection name"], stdin=key)
        return str(self.stage.ask("connections", "list")[-1]["id"])

    def _use(self) -> None:
        url = f"{self._api.url}/{ADAS['path']}?{ADAS['query']}=1"
        curl = ("run", "--", "curl", "-sS", "-H", f"X-Marker: {ADAS['header']}", "-A", ADAS["user agent"])
        assert "you are known here" in self.stage.run(*curl, url)
        self.stage.run(*curl, "-d", ADAS["body"], url)
        self.stage.attempt(*curl, f"https://{ADAS['unknown host']}.invalid/{ADAS['path']}")
        ask = ("access", "request", "stripe", "--connection", ADAS["connection name"], "--for", "7d")
        told = self.stage.ask(*ask, "--note", ADAS["note"])
        self.ada.person.submit(f"/access/{told['id']}", [("decision", "deny")])

    def _invite_ben(self) -> Person:
        shown = self.ada.person.submit("/principals", [("role", "member"), ("password", ADAS["password"])])
        link = self._keep("invitation", shown.text)
        ben = Person(self.ada.base_url)
        twice = [("password", BENS["ben's password"]), ("password_again", BENS["ben's password"])]
        ben.submit(link, [("email", BENS["ben's email"]), *twice])
        return ben

    def _ben_looks(self, ben: Person, handle: str, connection_id: str) -> None:
        """Every page and command of a member; and what is not his, asked for by its name."""
        for path in (*PAGES, f"/agents/{handle}", "/principals", "/telemetry", *NUMBERS):
            with suppress(PageRefused):
                self.seen_by_ben[path] = ben.open(path).text
        terminal = Stage(self._folder / "ben", AUTHSOME_BASE_URL=self.ada.base_url)
        waiting = terminal.begin("sign-in", "--no-browser")
        password = ("password", BENS["ben's password"])
        ben.submit(waiting.line_with("/sign-in?"), [password, ("decision", "accept")])
        waiting.finish()
        for line in (*COMMANDS, f"connections revoke {connection_id}", f"identities revoke {handle}"):
            done = terminal.attempt(*line.split(), "--json")
            self.seen_by_ben[line] = done.stdout + done.stderr

    def _passwords(self, ben: Person) -> None:
        stranger = Person(self.ada.base_url)
        with suppress(PageRefused):
            wrong = [("email", ADAS["email"]), ("password", ADAS["wrong password"])]
            stranger.submit("/log-in", wrong)
        new = [("password", ADAS["new password"]), ("password_again", ADAS["new password"])]
        self.ada.person.submit("/password", [("old", ADAS["password"]), *new])
        shown = self._decide_on_ben("reset")
        twice = [("password", BENS["ben's new password"]), ("password_again", BENS["ben's new password"])]
        stranger.submit(self._keep("reset", shown), twice)
        self._decide_on_ben("admin")
        self._decide_on_ben("disable")
        ben.close()
        stranger.close()

    def _ends(self, handle: str, connection_id: str) -> None:
        confirmed = [("password", ADAS["new password"])]
        self.ada.person.submit(f"/agents/{handle}", confirmed, action=f"/agents/{handle}/release")
        link = self._onboard_again()
        page = self.ada.person.submit(link[0], [("code", link[1])])
        claim = [("connection", connection_id), *confirmed, ("decision", "claim")]
        self.ada.person.submit(link[0], claim, page=page)
        self.ada.person.submit(f"/agents/{handle}", confirmed, action=f"/agents/{handle}/revoke")
        self.ada.password = ADAS["new password"]
        self.ada.sign_in()
        self.stage.run("connections", "revoke", connection_id)

    def _onboard_again(self) -> tuple[str, str]:
        """The claim link of the released agent, and its code."""
        told = self.stage.ask("onboard", "--no-wait")
        self.tokens["claim"] = urlsplit(told["claim_url"]).path.rpartition("/")[2]
        return told["claim_url"], told["code"]

    def forget_ben(self) -> None:
        """He is erased, once all that he did has left: what had not would stay for good."""
        page = self.ada.person.open("/principals")
        ben = self._id_of_ben(page.text)
        self.ada.person.submit(f"/principals/{ben}/erase", [("password", ADAS["new password"])])

    def _id_of_ben(self, text: str) -> str:
        options = re.findall(r'<option value="(prn_\w+)"[^>]*>([^<]*)', text)
        return str(next(value for value, text in options if BENS["ben's email"] in text))

    def _decide_on_ben(self, change: str) -> str:
        page = self.ada.person.open("/principals")
        confirmed = ("password", ADAS["new password"])
        chosen = [("principal", self._id_of_ben(page.text)), ("change", change), confirmed]
        return self.ada.person.submit("/principals", chosen, page=page).text

    def _keep(self, kind: str, text: str) -> str:
        """The link of this kind on a page, whose token is one more thing to look for."""
        found = re.search(rf"/{kind}/([\w-]+)", text)
        assert found
        self.tokens[kind] = found[1].lower()
        return found[0]


class Onlooker(threading.Thread):
    """Reads the command line of every process, again and again, as any user of the machine could."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._done = threading.Event()
        self.seen: set[bytes] = set()

    def run(self) -> None:
        while not self._done.wait(0.02):
            for folder in Path("/proc").glob("[0-9]*"):
                with suppress(OSError):
                    self.seen.add((folder / "cmdline").read_bytes().lower())

    def finish(self) -> bytes:
        """Everything that was seen."""
        self._done.set()
        self.join()
        return b"\n".join(self.seen)
