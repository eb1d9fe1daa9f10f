"""Who asks: by a session that was opened with a password, or by a bearer token; and the brakes on guessing either.

Sessions live in memory: they end with the server, when they are signed out of or too old, and when their person is
gone from the file of people or has another password there. Knows nothing of pages.
"""

import asyncio
import ipaddress
import math
import secrets
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from assistant.window.access.brake import Brake
from assistant.window.access.people import People, Person, password_fits, token_owner

SESSION_SECONDS = 14 * 24 * 3600
SESSIONS_EACH = 50  # of a person; beyond, the oldest ends
WAITING = 20  # sign-ins that may wait for their turn at being hashed: two seconds' worth
KNOWN = 1_000  # addresses that are remembered as a person's own


class TooManyTries(Exception):
    """Guessing goes on: another try is not looked at before `seconds` (whole ones) have passed."""

    def __init__(self, seconds: float) -> None:
        self.seconds = max(1, math.ceil(seconds))
        unit = "second" if self.seconds == 1 else "seconds"
        super().__init__(f"Too many tries. Wait {self.seconds} {unit}, then try again.")


@dataclass(frozen=True)
class Session:
    """Whose a session is, the hash of the password it was opened with, and the time (epoch) it ends at."""

    name: str
    password: str
    until: float


def _network(address: str) -> str:
    """What tries are counted by: an IPv4 address, or the /64 network that one owner of IPv6 addresses has."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)


class SignIn:
    """The one who knows who is signed in."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._sessions: dict[str, Session] = {}
        # Apart from the pool that everything else runs in, and one at a time: a flood takes neither threads nor memory.
        self._hashing = ThreadPoolExecutor(1, thread_name_prefix="sign-in")
        self._waiting = 0
        self._pair, self._address, self._name = Brake(5, 60), Brake(20, 60), Brake(50, 5)
        self._tokens = Brake(20, 60)
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()  # a person's name and a network of theirs

    @property
    def first(self) -> str:
        """The name of the file's first person, who may connect the model."""
        return self._people.now()[0].name

    def by_token(self, token: str, address: str) -> str | None:
        """Whose bearer token this is. Raises TooManyTries for wrong ones in a row from an address; one that fits is
        let in all the same, so that nobody is locked out by others who share an address."""
        if name := token_owner(self._people.now(), token):
            return name
        network = _network(address)
        if seconds := self._tokens.wait(network):
            raise TooManyTries(seconds)
        self._tokens.failed(network)
        return None

    def by_session(self, key: str) -> str | None:
        """Whose session this is."""
        session = self._sessions.get(key)
        if session is None:
            return None
        person = self._people.named(session.name)
        if session.until > time.time() and person and person.password == session.password:
            return session.name
        self.end(key)
        return None

    def end(self, key: str) -> None:
        """End a session."""
        self._sessions.pop(key, None)

    async def open(self, name: str, password: str, address: str) -> str | None:
        """The key of a new session; None where name and password do not fit. Raises TooManyTries."""
        name, network = name.strip()[:64], _network(address)
        braked = self._braked(name, network)
        if seconds := max(brake.wait(key) for brake, key in braked):
            raise TooManyTries(seconds)
        if self._waiting >= WAITING:
            raise TooManyTries(2)
        for brake, key in braked:
            brake.failed(key)
        person = self._people.named(name)
        self._waiting += 1
        try:
            fits = await asyncio.get_running_loop().run_in_executor(self._hashing, password_fits, person, password)
        finally:
            self._waiting -= 1
        if not fits or person is None:
            return None
        for brake, key in braked:
            brake.worked(key)
        self._known[name, network] = None
        while len(self._known) > KNOWN:
            self._known.popitem(last=False)
        return self._opened(person)

    def _braked(self, name: str, network: str) -> list[tuple[Brake, str]]:
        """What slows a try down. Who has signed in from an address before is slowed there by their own mistakes
        only, whoever else guesses at their name or from their address."""
        pair = (self._pair, f"{name}\n{network}")
        if (name, network) in self._known:
            return [pair]
        return [pair, (self._address, network), (self._name, name)]

    def _opened(self, person: Person) -> str:
        now = time.time()
        self._sessions = {key: kept for key, kept in self._sessions.items() if kept.until > now}
        theirs = [key for key, kept in self._sessions.items() if kept.name == person.name]
        for key in theirs[: len(theirs) + 1 - SESSIONS_EACH]:
            self.end(key)
        key = secrets.token_urlsafe(32)
        self._sessions[key] = Session(person.name, person.password, now + SESSION_SECONDS)
        return key
