"""How much is accepted from outside: of a file, a record, a text. Anything larger is refused by name, never cut, and
the rest of its source is still read.
"""

import re
from collections.abc import Collection

from index.errors import TooLarge
from index.paper import Reject

UNPACKED = 100 << 20  # bytes of one file, upload or pipe, both as it comes and unpacked
RECORDS = 200_000  # records of one source
LINES = 50_000  # of a copied page: three times those of a whole month
RECORD = 2 << 20  # characters of one record of JSON
REJECTS = 10_000  # rejected records that are kept
REJECTS_TEXT = 20_000_000  # characters of all of them together
REJECTED = 50_000  # characters of each, beyond which only its place and reason are kept
FEED = 10 << 20  # characters of a feed or of a copied page; bytes of everything one link needs
ABSTRACT = 20_000  # characters: ten times what arXiv accepts
FIELD = 2_000  # characters of a title, and of any other field
KEYWORDS = 100  # of a paper
KEYWORD = 200  # characters of each
WORD = 1_000  # characters in a row without a space or punctuation
AUTHORS = 20_000  # people: the longest list ever printed has some 15,000
TAG = 60  # characters of a tag
TOPICS = 100  # topics of a library
TOPIC_NAME = 100  # characters of the name of one
NOTE = 10_000  # characters of a person's note to a paper
LISTED = 500  # ids, keywords and days of one paper
KEYWORD = 100  # characters of a keyword
QUESTION = 5_000  # characters of a question, a topic, an id or a name
SEARCH = 12_000  # characters that are searched for: a question and the one before it
DRAFT = 500_000  # characters of a text to check: a thesis
SENTENCE = 2_000  # characters of one sentence of it

_NO_SIGN = r"[^\s!-/:-@\[-^`{-~\u2000-\u206f\u3000-\u303f\uff00-\uffef]"
_LONG_WORD = re.compile(rf"(?<!{_NO_SIGN}){_NO_SIGN}{{{WORD + 1}}}")


def refuse_longer(name: str, value: Collection[object], most: int, unit: str = "characters") -> None:
    """Raises TooLarge if a text, or a list counted in `unit`, is longer than `most`."""
    if len(value) > most:
        raise TooLarge(f"{name} has {len(value):,} {unit}, and {most:,} is the most")


def refuse_long_paper(title: str, abstract: str, authors: Collection[str] = ()) -> None:
    """Raises TooLarge if a part of a paper is longer than any real paper's."""
    refuse_longer("title", title, FIELD)
    refuse_longer("abstract", abstract, ABSTRACT)
    refuse_longer("authors", authors, AUTHORS, "people")
    refuse_longer("one of the authors", max(authors, key=len, default=""), FIELD)


def refuse_long_words(name: str, text: str) -> None:
    """Raises TooLarge if a text has a word too long to be one."""
    if _LONG_WORD.search(text):
        raise TooLarge(f"{name} has a word of more than {WORD:,} characters")


def refuse_long_question(text: str, name: str = "The question", most: int = QUESTION) -> None:
    """Raises TooLarge for a text that is too long to be looked up, and says what to do."""
    if len(text) > most:
        raise TooLarge(f"{name} has {len(text):,} characters, and {most:,} is the most: shorten it.")


def rest_not_read(place: str) -> Reject:
    """The one reject for a source with more than RECORDS records."""
    return Reject(place, f"this and what follows was not read: a source has at most {RECORDS:,} records; split it")
