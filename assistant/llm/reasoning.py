"""Removes a model's thinking from what it writes: `<think>...</think>`, the channels of gpt-oss and the like, whole,
split over chunks or never closed. Knows nothing of servers: pieces of text in, visible text out."""

import re

_NAMES = (
    r"(?:seed:)?(?:think(?:ing)?|thoughts?|thought_?process|reason(?:ing)?|reflection|scratchpad|analysis|monologue"
    r"|inner_?thoughts?|chain_?of_?thought|cot|deliberation)"
)
_OPEN = re.compile(
    rf"(?<![`\"'“‘])(?:<{_NAMES}(?:\s[^<>]{{0,60}})?>|\[(?:THINK|THINKING|THOUGHTS?|REASONING)\](?!\()|◁think▷"
    rf"|<\|(?:begin_of_thought|START_THINKING|{_NAMES})\|>"
    r"|<\|channel\|?>\s*(?:analysis|commentary|thought)\b[^<]{0,60}(?:<\|message\|>)?|<unused94>\s*thought\b)\s*"
    rf"|(?:^|(?<=\n))(?P<fence>`{{3,}}|~{{3,}})\s?{_NAMES}[^\S\n]*\n"
    r"|(?P<details><details\b[^<>]{0,60}>\s*<summary>[^<]{0,40}(?:think|thought|reason)[^<]{0,60}</summary>)",
    re.IGNORECASE,
)
_CLOSE = re.compile(
    rf"(?:</{_NAMES}>|\[/(?:THINK|THINKING|THOUGHTS?|REASONING)\]|◁/think▷"
    rf"|<\|(?:end_of_thought|END_THINKING|/{_NAMES})\|>|<unused95>|<channel\|>"
    r"|(?:<\|end\|>\s*<\|start\|>\s*assistant\s*)?<\|channel\|>\s*final\b(?:[^<]|<\|constrain\|>){0,60}<\|message\|>)\s*",
    re.IGNORECASE,
)
_CLOSE_FENCE = re.compile(r"\n\s*(?:`{3,}|~{3,})[^\S\n]*(?:\n|$)\s*")
_CLOSE_DETAILS = re.compile(r"</details>\s*", re.IGNORECASE)
# what is left of a wrapper around the answer itself
_MARKS = re.compile(
    r"<\|(?:start|end|return|message|call|constrain|begin_of_solution|end_of_solution|START_RESPONSE|END_RESPONSE"
    r"|im_start|im_end|eot_id|endoftext)\|>(?:\s*assistant\b)?",
    re.IGNORECASE,
)
_LONGEST = 140
_MAY_BEGIN = re.compile(
    r"[`\"'“‘]?(?:<\|?[/\w:|]*|\[/?[A-Z]{0,9}|◁/?[a-z]*)$|<\|[\w|]+>?[^<]{0,60}$|(?:^|(?<=\n))(?:`{1,3}|~{1,3})\s?\w{0,18}$"
    r"|<(?:details|think|reason)\w*\s?[^<>]{0,60}$|<details\b[^<>]{0,60}>\s*(?:<(?:summary>?)?[^<]{0,60}(?:</?[a-z]*)?)?$",
    re.IGNORECASE,
)


class Visible:
    """Takes the pieces of a reply and gives back the text that may be shown.

    Text is held back while it may be the beginning of a tag. `retract` is set when a closing tag shows that
    everything given before it was thinking too (some servers drop the opening tag).
    """

    def __init__(self) -> None:
        self._held = ""
        self._thinking = False
        self._close = _CLOSE
        self._ever_opened = False
        self._bare = True  # nothing visible yet: white space after thinking is dropped
        self.retract = False

    def feed(self, piece: str) -> str:
        """The visible text that a piece completes."""
        self._held += piece
        self.retract = False
        shown = ""
        while True:
            tag = (self._close if self._thinking else _OPEN).search(self._held)
            if tag is None:
                break
            if not self._thinking:
                self._close = _CLOSE_FENCE if tag["fence"] else _CLOSE_DETAILS if tag["details"] else _CLOSE
                shown += _MARKS.sub("", self._held[: tag.start()])
                self._ever_opened = True
            self._held = self._held[tag.end() :]
            self._thinking = not self._thinking
        if not self._thinking and not self._ever_opened and (orphan := self._orphan()):
            self.retract, shown = True, ""
            self._held = self._held[orphan.end() :]
            self._bare = True
        return self._shown(shown + self._release())

    def close(self) -> str:
        """The text held back until the end of the reply; thinking that was never closed is left out."""
        rest = "" if self._thinking else self._held
        self._held = ""
        return self._shown(rest)

    def _orphan(self) -> re.Match[str] | None:
        """A closing tag without an opening one, unless it is quoted as code."""
        tag = _CLOSE.search(self._held)
        return tag if tag and "`" not in self._held[max(tag.start() - 1, 0) : tag.start()] else None

    def _release(self) -> str:
        if self._thinking:
            self._held = self._held[-_LONGEST:]
            return ""
        beginning = _MAY_BEGIN.search(self._held)
        keep = len(beginning[0]) if beginning and len(beginning[0]) <= _LONGEST else 0
        released = self._held[: len(self._held) - keep]
        self._held = self._held[len(released) :]
        return released

    def _shown(self, text: str) -> str:
        text = _MARKS.sub("", text)
        if self._bare:
            text = text.lstrip()
            self._bare = not text
        return text
