"""Finding a paper by a part of its title, as one types."""

from assistant.window.context import Desk
from assistant.window.parts import button, listed

OFFERED = 6


def suggestions_for(desk: Desk, text: str, action: str) -> str:
    """Papers whose titles hold every typed word, as buttons that do `action` with one; none for a whole title."""
    words = set(text.casefold().split())
    if not words:
        return ""
    titles = desk.assistant.library.titles()
    if any(title == text for _, title in titles):  # one has been chosen
        return ""
    found = [(i, title) for i, title in titles if all(w in title.casefold() for w in words)]
    shortest = sorted(found, key=lambda each: len(each[1]))[:OFFERED]
    buttons = [button(title, action, style=None, paper=identity) for identity, title in shortest]
    return listed(buttons, "offered") or '<p class="empty">No title holds these words.</p>'
