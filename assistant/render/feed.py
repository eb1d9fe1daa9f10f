"""The kept digests as an Atom feed (RFC 4287) and as an archive page: one entry each, the latest first."""

import datetime
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.documents import KeptDigest
from assistant.render.digest import count, title, to_body, to_html
from assistant.render.html import render

ARCHIVE, FEED = "index.html", "feed.atom"
TITLE = "Weekly papers"
ENTRIES = 20  # in a feed; an archive has all


@dataclass(frozen=True)
class Entry:
    """A digest as feeds and archives list it: its id, day of change and address, and its page as HTML."""

    id: str
    title: str
    updated: str
    link: str
    summary: str
    content: str


def to_atom(
    kept: Sequence[KeptDigest], *, library: str, itself: str, home: str, link: Callable[[KeptDigest], str]
) -> str:
    """The feed: `library` tells its ids from those of any other library, `itself` and `home` are the addresses of the
    feed and of the page that it belongs to, `link` gives that of a digest."""
    entries = [_entry(each, library, link, with_content=True) for each in kept[:ENTRIES]]
    updated = max((entry.updated for entry in entries), default=_now())
    return render(
        "feed.xml", id=_id(library, ""), title=TITLE, updated=updated, itself=itself, home=home, entries=entries
    )  # fmt: skip


def to_archive(kept: Sequence[KeptDigest], *, feed: str, link: Callable[[KeptDigest], str]) -> str:
    """The archive page: a link to each digest and to the feed."""
    entries = [_entry(each, "", link, with_content=False) for each in kept]
    return render("archive_page.html", title=TITLE, entries=entries, feed=feed)


def to_site(kept: Sequence[KeptDigest], library: str) -> dict[str, str]:
    """The digests as files that any web server shows, by name: a page each, the archive of them, and the feed."""

    archive = to_archive(kept, feed=FEED, link=_page_of)
    return {**{_page_of(each): to_html(each.digest) for each in kept}, ARCHIVE: archive, FEED: to_feed(kept, library)}


def to_feed(kept: Sequence[KeptDigest], library: str) -> str:
    """The feed of such a folder."""
    return to_atom(kept, library=library, itself=FEED, home=ARCHIVE, link=_page_of)


def _page_of(kept: KeptDigest) -> str:
    return f"{kept.name}.html"


def _entry(kept: KeptDigest, library: str, link: Callable[[KeptDigest], str], with_content: bool) -> Entry:
    digest = kept.digest
    about = f"{title(digest)}: {kept.topic}" if kept.topic else title(digest)
    content = to_body(digest) if with_content else ""
    updated = min(f"{digest.until}T23:59:59Z", _now())  # a week that is not over may still change
    return Entry(_id(library, kept.name), about, updated, link(kept), count(digest), content)


def _id(library: str, name: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"daily-papers:{library}#{name}").urn


def _now() -> str:
    return f"{datetime.datetime.now(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}"
