"""What programs ask the operating system for, seen from outside by strace, which also sees native code."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

_CALLS = "network,?open,openat,?creat,?mkdir,mkdirat,umask,?chmod,fchmod,fchmodat,?fchmodat2"
_ADDRESS = re.compile(r"\b(?:connect|sendto|sendmsg|sendmmsg)\(.*?sa_family=(?P<family>AF_\w+), (?P<rest>[^}]*)\}")
_PORT = re.compile(r"sin6?_port=htons\((\d+)\)")
_HOST = re.compile(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"')
_UMASK = re.compile(r"\bumask\((0\d*)\)")
_PATH = r'(?:(?:AT_FDCWD|\d+)<(?P<at>[^>]*)>, )?"(?P<path>[^"]*)"'
_OPENED = re.compile(rf"\b(?:open|openat)\({_PATH}")
_MADE = re.compile(rf"\b(?:open|openat|creat|mkdir|mkdirat)\({_PATH}(?:, (?P<flags>O_[A-Z_|0-9]+))?, (?P<mode>0\d*)")
_CHANGED = re.compile(rf"\b(?:chmod|fchmodat2?)\({_PATH}, (?P<mode>0\d*)|\bfchmod\(\d+<(?P<open>[^>]*)>, (?P<new>0\d*)")


def strace(output: Path) -> list[str]:
    """The beginning of a command line whose calls go to `output`. Without strace the test is skipped; with
    PAPERS_REQUIRE_STRACE=1 it fails."""
    found = shutil.which("strace")
    if found is None:
        reason = "no strace is installed (Debian: apt-get install strace)"
        if os.environ.get("PAPERS_REQUIRE_STRACE") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return [found, "-f", "-qq", "-y", "--seccomp-bpf", "-e", f"trace={_CALLS}", "-o", str(output), "--"]


@dataclass
class Trace:
    """What one command did: whom it addressed (`host:port`, or the path of a socket), which files it opened, and with
    which permissions it made the files and folders that were not there, or gave them later."""

    opened: set[str] = field(default_factory=set)
    addressed: set[str] = field(default_factory=set)
    made: dict[Path, int] = field(default_factory=dict)
    changed: list[tuple[Path, int]] = field(default_factory=list)


def read(output: Path, umask: int) -> Trace:
    """The trace of a command that started with `umask`."""
    trace = Trace()
    for line in output.read_text(encoding="utf-8", errors="replace").splitlines():
        if found := _UMASK.search(line):
            umask = int(found[1], 8)
        elif found := _ADDRESS.search(line):
            trace.addressed.update(_named(found["family"], found["rest"]))
        elif (found := _OPENED.search(line)) and "O_CREAT" not in line:
            trace.opened.add(found["path"])
        elif (found := _MADE.search(line)) and "EEXIST" not in line:
            path = Path(found["at"] or "/", found["path"])
            trace.made.setdefault(path, int(found["mode"], 8) & ~umask)
        elif found := _CHANGED.search(line):
            path = Path(found["open"]) if found["open"] else Path(found["at"] or "/", found["path"])
            trace.changed.append((path, int(found["new"] or found["mode"], 8)))
    return trace


def _named(family: str, rest: str) -> Iterator[str]:
    if family in ("AF_INET", "AF_INET6"):
        host, port = _HOST.search(rest), _PORT.search(rest)
        yield f"{(host[1] or host[2]) if host else '?'}:{port[1] if port else '?'}"
    elif family != "AF_NETLINK":  # the kernel itself
        yield rest
