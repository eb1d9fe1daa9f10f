"""What a feed must be: the rules of RFC 4287, and that a reader of feeds finds nothing wrong."""

import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import feedparser

ATOM = "{http://www.w3.org/2005/Atom}"


def look(text: str, base: str) -> Any:
    """What a reader of feeds makes of it, after the rules of RFC 4287 have been tried."""
    root = ElementTree.fromstring(text)
    assert root.tag == f"{ATOM}feed"
    for each in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            found = each.findall(f"{ATOM}{name}")
            assert len(found) == 1
            assert found[0].text
        assert urlsplit(each.findtext(f"{ATOM}id") or "").scheme == "urn"
        updated = datetime.datetime.fromisoformat(each.findtext(f"{ATOM}updated") or "")
        assert updated.tzinfo is not None
        assert updated <= datetime.datetime.now(datetime.UTC)
        for link in each.findall(f"{ATOM}link"):
            assert urlsplit(urljoin(base, link.attrib["href"])).scheme in ("http", "https", "file")
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    assert [link.attrib["rel"] for link in root.findall(f"{ATOM}link")] == ["self", "alternate"]
    entries = root.findall(f"{ATOM}entry")
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries)
    for entry in entries:
        assert [link.attrib["rel"] for link in entry.findall(f"{ATOM}link")] == ["alternate"]
        content = entry.find(f"{ATOM}content")
        assert content is not None
        assert content.attrib == {"type": "html"}
    read = feedparser.parse(text)
    assert not read.bozo
    return read
