"""What a digest says is new against the ones before it, as lines of plain text that each form escapes."""

from assistant.documents import Digest, ThemeSince, WeekBefore
from index.english import count_of

CHANGED = "Changed since an earlier digest"
MOST = 20  # papers that changed, in a page; the JSON has all
_OF_THEMES = {"grew": "Grew", "goes on": "Go on", "shrank": "Shrank"}
_OF_PHRASES = {"new": "Not named in {days}", "gone": "No longer named"}


def themes_title(before: WeekBefore) -> str:
    """The heading of `theme_lines`."""
    return f"Themes beside {before.days}"


def theme_lines(before: WeekBefore) -> list[str]:
    """A line for each of the things that may be said of themes, each theme with the papers that have its phrase; and
    what is counted."""
    lines = []
    for how, head in {**_OF_THEMES, **_OF_PHRASES}.items():
        told = [theme for theme in before.themes if theme.how == how]
        if told:
            each = _beside if how in _OF_THEMES else _on_one_side
            lines.append(f"{head.format(days=before.days)}: {'; '.join(map(each, told))}.")
    counted = f"the {count_of(before.before, 'paper')} of {before.days} → the {count_of(before.now, 'paper')} here"
    return [*lines, f"Counted: papers that have the phrase in title or abstract, of {counted}."]


def _on_one_side(theme: ThemeSince) -> str:
    return f"“{theme.phrase}” ({theme.now or theme.before:,})"


def _beside(theme: ThemeSince) -> str:
    """A theme with its phrase and both numbers; without the phrase where the title is just that."""
    phrase = "" if theme.phrase.casefold() == theme.title.casefold() else f"“{theme.phrase}” "
    return f"{theme.title} ({phrase}{theme.before:,} → {theme.now:,})"


def changed_lines(digest: Digest) -> list[str]:
    """A line for each paper that changed since it was in a digest, with the sentences that a figure stood and stands in
    where one differs."""
    lines = []
    for change in digest.changed[:MOST]:
        quotes = dict.fromkeys((f.was, f.sentence) for f in change.figures if f.was and f.sentence)
        said = "".join(f" It said: “{was}” It says: “{now}”" for was, now in list(quotes)[:2])
        lines.append(f"{change.title} ({change.id}). {change.message}{said}")
    more = len(digest.changed) - MOST
    return [*lines, f"And {more:,} more."] if more > 0 else lines


def news(digest: Digest) -> list[tuple[str, list[str]]]:
    """The headings of what is new with their lines; empty if there is nothing."""
    parts = [(themes_title(digest.before), theme_lines(digest.before))] if digest.before else []
    return parts + ([(f"{CHANGED} ({len(digest.changed)})", changed_lines(digest))] if digest.changed else [])
