"""A stand-in for a running Zotero: its local API over a few collections and items, page by page."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

LIBRARY = {"type": "user", "id": 0, "name": "My Library", "links": {}}


@dataclass
class Zotero:
    """What it holds. `collections`: key -> (name, key of the one it is in); `items`: what `item` makes, in order.
    `status`: what it answers instead, for example 403 where its API is switched off; `pages`: how many pages it sends
    before it breaks off. `asked`: the paths and questions so far."""

    collections: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    items: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    pages: int = 1000
    total_told: bool = True
    body: bytes | None = None
    location: str = ""
    asked: list[str] = field(default_factory=list)


def item(key: str, kind: str = "journalArticle", collections: tuple[str, ...] = (), **data: Any) -> dict[str, Any]:
    """An item as the API has it, with the fields that Zotero always sends."""
    creators = data.pop("creators", [])
    return {
        "key": key,
        "version": 7,
        "library": LIBRARY,
        "links": {"self": {"href": f"http://localhost:23119/api/users/0/items/{key}", "type": "application/json"}},
        "meta": data.pop("meta", {"numChildren": 1}),
        "data": {
            "key": key,
            "version": 7,
            "itemType": kind,
            "title": "",
            "creators": creators,
            "abstractNote": "",
            "date": "",
            "url": "",
            "extra": "",
            "tags": [],
            "collections": list(collections),
            "relations": {},
            "dateAdded": "2026-04-17T08:00:00Z",
            "dateModified": "2026-04-17T08:00:00Z",
            **data,
        },
    }


@contextmanager
def zotero_server(zotero: Zotero) -> Iterator[str]:
    """The address at which it answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            zotero.asked.append(self.path)
            path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
            found = _found(zotero, path)
            status = zotero.status if found is not None or zotero.status != 200 else 404
            start, limit = int(query.get("start", ["0"])[0]), int(query.get("limit", ["100"])[0])
            page = (found or [])[start : start + limit] if start < zotero.pages * limit else []
            body = json.dumps(page).encode() if status == 200 else b"Local API is not enabled"
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            if zotero.total_told:
                self.send_header("Total-Results", str(len(found or [])))
            if zotero.location:
                self.send_header("Location", zotero.location)
            self.end_headers()
            self.wfile.write(zotero.body if zotero.body is not None else body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def _found(zotero: Zotero, path: str) -> list[dict[str, Any]] | None:
    """All that a list holds; None where there is no such list."""
    match path.strip("/").split("/"):
        case ["api", "users", "0", "collections"]:
            return [_collection(key, *named) for key, named in zotero.collections.items()]
        case ["api", "users", "0", "items", "top"]:
            return [one for one in zotero.items if not one["data"].get("parentItem")]
        case ["api", "users", "0", "collections", key, "items", "top"] if key in zotero.collections:
            return [one for one in zotero.items if key in one["data"]["collections"]]
    return None


def _collection(key: str, name: str, parent: str | None) -> dict[str, Any]:
    data = {"key": key, "version": 3, "name": name, "parentCollection": parent or False, "relations": {}}
    return {"key": key, "version": 3, "library": LIBRARY, "links": {}, "meta": {"numItems": 1}, "data": data}
