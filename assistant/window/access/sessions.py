"""Who is asking: known by a session opened with a password, or by a bearer token; and the brakes on guessing either.

Sessions live in memory. They end with the server, on signing out, with age, and when their person is removed from the
file of people or gets another password there. Knows nothing of pages.
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
SESSIONS_EACH = 50  # per person; beyond that, the oldest ends
WAITING = 20  # sign-ins that may queue for hashing: two seconds' worth
KNOWN = 1_000  # addresses remembered as a person's own


class TooManyTries(Exception):
    """Too many failed tries: the next one is not checked until `seconds` (a whole number) have passed."""

    def __init__(self, seconds: float) -> None:
        self.seconds = max(1, math.ceil(seconds))
        unit = "second" if self.seconds == 1 else "seconds"
        super().__init__(f"Too many tries. Wait {self.seconds} {unit}, then try again.")


@dataclass(frozen=True)
class Session:
    """The person, the hash of the password that opened the session, and the time (epoch) at which it ends."""

    name: str
    password: str
    until: float


def _network(address: str) -> str:
    """What tries are counted by: an IPv4 address, or the /64 network that usually has one owner in IPv6."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)


class SignIn:
    """Signs people in and knows who is signed in."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._sessions: dict[str, Session] = {}
        # Its own pool, one at a time: a flood of tries takes neither threads nor memory from the rest.
        self._hashing = ThreadPoolExecutor(1, thread_name_prefix="sign-in")
        self._waiting = 0
        self._pair, self._address, self._name = Brake(5, 60), Brake(20, 60), Brake(50, 5)
        self._tokens = Brake(20, 60)
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()  # a person's name and one of their networks

    @property
    def first(self) -> str:
        """The name of the file's first person, who may connect the model."""
        return self._people.now()[0].name

    def by_token(self, token: str, address: str) -> str | None:
        """Whose bearer token this is. Raises TooManyTries for several wrong ones from an address; a right one is
        accepted all the same, so that nobody is locked out by others who share an address."""
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
        """Ends a session."""
        self._sessions.pop(key, None)

    async def open(self, name: str, password: str, address: str) -> str | None:
        """The key of a new session; None for a wrong name or password. Raises TooManyTries."""
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
        """The brakes on a try. A person who signed in from an address before is slowed there only by their own
        mistakes, not by others who guess their name or share their address."""
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
