"""A page of HTML as its elements, links and text."""

from html.parser import HTMLParser


class HtmlPage(HTMLParser):
    """The elements of a page with their attributes, its tags, links and ids, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        pairs = [pair for _, attributes in self.elements for pair in attributes.items()]
        self.tags = [tag for tag, _ in self.elements]
        self.attributes = [name for name, _ in pairs]
        self.links = [value or "" for name, value in pairs if name in ("href", "src")]
        self.ids = [value or "" for name, value in pairs if name == "id"]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data
