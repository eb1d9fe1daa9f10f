"""The people who may sign in: a file of names, hashed passwords and hashed bearer tokens.

Passwords are hashed by scrypt (n=2^15, r=8, p=1: 32 MB and about a tenth of a second each, as OWASP advises), bearer
tokens, which are random, by SHA-256. Knows nothing of HTTP.
"""

import hashlib
import hmac
import json
import secrets
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from index.safety.files import open_file, read_whole
from index.safety.permissions import write_private
from index.safety.system_errors import sentence

SHORTEST_PASSWORD = 8  # characters
LARGEST_FILE = 1 << 20  # bytes: thousands of people


@dataclass(frozen=True)
class Person:
    """A line of the file: a name, the salt and hash of the password, the hash of the token."""

    name: str
    salt: str
    password: str
    token: str


class People:
    """The people in a file, read again whenever it changes. If it has become unusable, the people stay as they were and
    stderr says so."""

    def __init__(self, path: Path) -> None:
        """Raises what `read_people` raises."""
        self._path = path
        self._seen = self._stamp()
        self._people = read_people(path)

    def now(self) -> tuple[Person, ...]:
        """The people in the file now, in its order."""
        if (stamp := self._stamp()) != self._seen:
            self._seen = stamp
            try:
                self._people = read_people(self._path)
            except (ValueError, OSError) as error:
                said = sentence(error, "read", self._path) if isinstance(error, OSError) else error
                print(f"Who may sign in stays as it was: {said}", file=sys.stderr, flush=True)
        return self._people

    def named(self, name: str) -> Person | None:
        """The person of that name."""
        return next((person for person in self.now() if person.name == name), None)

    def _stamp(self) -> tuple[int, ...]:
        try:
            found = self._path.stat()
        except OSError:
            return ()
        return found.st_mtime_ns, found.st_size, found.st_ino


def password_hash(password: str, salt: str) -> str:
    """The scrypt hash of a password, in hex; `salt` is hex too. Takes about 0.1 s and 32 MB."""
    return hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), n=2**15, r=8, p=1, maxmem=2**26).hex()


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _person(line: str) -> Person:
    """The person on a line. Raises ValueError or TypeError if the line is malformed."""
    person = Person(**json.loads(line))
    for hexadecimal in (person.salt, person.password, person.token):
        bytes.fromhex(hexadecimal)
    if not isinstance(person.name, str):
        raise TypeError("a name is a text")
    return person


def read_people(path: Path) -> tuple[Person, ...]:
    """The people in a file, in its order. Raises ValueError for a file of another kind or without people, OSError if
    it cannot be read."""
    try:
        with open_file(path) as file:
            lines = read_whole(file, LARGEST_FILE).decode().splitlines()
        people = tuple(_person(line) for line in lines if line)
    except (ValueError, TypeError):
        raise ValueError(f"{path} is not a file of people; `papers user {path} NAME` makes one.") from None
    if not people:
        raise ValueError(f"{path} lists nobody; add a person with `papers user {path} NAME`.")
    return people


def add_person(path: Path, name: str, password: str) -> str:
    """Adds a person, or gives one a new password and token; returns the bearer token, which is stored only as a hash.
    Raises ValueError for an unsuitable name or password, or a file of another kind."""
    name = name.strip()
    if not name or not name.isprintable() or len(name) > 64:
        raise ValueError("A name has 1 to 64 printable characters.")
    if len(password) < SHORTEST_PASSWORD:
        raise ValueError(f"A password has at least {SHORTEST_PASSWORD} characters.")
    people = {p.name: p for p in read_people(path)} if path.exists() and path.stat().st_size else {}
    salt, token = secrets.token_hex(16), secrets.token_urlsafe(32)
    people[name] = Person(name, salt, password_hash(password, salt), _token_hash(token))
    write_private(path, "".join(json.dumps(asdict(person)) + "\n" for person in people.values()))
    return token


def password_fits(person: Person | None, password: str) -> bool:
    """Whether this is the person's password; takes equally long if there is no such person."""
    made = password_hash(password, person.salt if person else "00" * 16)
    return hmac.compare_digest(made, person.password if person else "") and person is not None


def token_owner(people: tuple[Person, ...], token: str) -> str | None:
    """The name of the person with this bearer token."""
    made = _token_hash(token)
    return next((p.name for p in people if hmac.compare_digest(made, p.token)), None)
