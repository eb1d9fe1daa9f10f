"""Bounds of a reply, whatever the model does: its length, its thinking, blanks, time, and repetition without end.

Knows nothing of servers: pieces of text in, one sentence out as soon as the reply should end.
"""

import time
from dataclasses import dataclass

LONGEST = 60_000  # visible characters; the longest reply asked for, on a week's themes, has a third of it
THINKING = 400_000  # characters
BLANK = 1_000  # characters of white space on end
WINDOW, REPEATS = 1_200, 4  # characters at the end that are nothing but a passage repeated so often
EVERY = 240  # characters between two looks for a repetition


@dataclass
class Bounds:
    """Watches one reply, which may take `seconds` from its first piece on."""

    seconds: float
    _thought: int = 0
    _tail: str = ""  # of all that came, thinking too
    _since: int = 0
    _blank: int = 0
    _begun: float = 0.0

    def passed(self, piece: str, thought: str) -> str | None:
        """Why the reply must end with this piece and this thinking; None if it may go on."""
        self._begun = self._begun or time.monotonic()
        if time.monotonic() - self._begun > self.seconds:
            return f"wrote for more than {self.seconds:g} s"
        self._thought += len(thought)
        if self._thought > THINKING:
            return "thought without end"
        came = piece + thought
        if not came:
            return None
        self._blank = self._blank + len(came) if came.isspace() else 0
        if self._blank > BLANK:
            return "wrote nothing but blanks"
        self._tail = (self._tail + came)[-WINDOW:]
        self._since += len(came)
        if self._since >= EVERY:
            self._since = 0
            if len(self._tail) == WINDOW and period(self._tail) * REPEATS <= WINDOW:
                return "repeated itself"
        return None


def period(text: str) -> int:
    """The length of the shortest passage that the whole text repeats; the text's own length if there is none. By the
    failure function of Knuth, Morris and Pratt: linear time."""
    fails = [0] * len(text)
    length = 0
    for place in range(1, len(text)):
        while length and text[place] != text[length]:
            length = fails[length - 1]
        length += text[place] == text[length]
        fails[place] = length
    return len(text) - fails[-1] if text else 0


def without_repeats(text: str) -> str:
    """A text that ends in a passage repeated REPEATS times or more, with that passage once; another text as it is."""
    tail = text[-WINDOW:]
    repeated = period(tail)
    if not repeated or repeated * REPEATS > len(tail):
        return text
    begins = len(text) - len(tail)
    while begins and text[begins - 1] == text[begins - 1 + repeated]:
        begins -= 1
    ends = begins + repeated
    return text[: ends + (text[ends : ends + 1] in (".", "!", "?", "。"))]
