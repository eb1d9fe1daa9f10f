"""How long a text that someone sends may be: a question, a name, a topic, a draft."""

LONGEST_QUESTION = 8_000  # characters of a question, a name or a topic: a pasted abstract or two
LONGEST_DRAFT = 300_000  # characters of a draft that is checked: a thesis chapter or two


def within(text: str, most: int = LONGEST_QUESTION, what: str = "question") -> str:
    """The text itself. Raises ValueError with a sentence where it has more than `most` characters."""
    if len(text) > most:
        raise ValueError(f"A {what} may have {most:,} characters; this one has {len(text):,}. Shorten it.")
    return text
