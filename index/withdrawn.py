"""How sources say that a paper was withdrawn or retracted: in its title, its abstract, or a comment beside them.

A text that tells of another withdrawal, of a drug or of somebody else's paper, is about its own subject.
"""

import re

WITHDRAWN = "withdrawn"  # the keyword of a paper whose source says so beside its text
_GONE = r"(?:withdrawn|retracted)"
_PAPER = r"(?:paper|article|work|manuscript|submission|preprint)"
_WORK = rf"(?:{_PAPER}|report|version|chapter)"
_BY_ITS_OWN = (  # people, not of a drug
    r" (?:by (?:\w+ ){0,3}(?:authors?|editors?|publishers?|journal|submitters?|arxiv|me|(?-i:us))"
    r"|at the request|from arxiv)\b"
)
_TITLE_WITHDRAWN = re.compile(
    rf"\W*{_GONE}(?: (?:conference )?{_WORK})?\s*[:\])]|\W*(?-i:RETRACTED|WITHDRAWN)\W+(?-i:[A-Z]?[a-z ])"
    rf"|.*[\[(]{_GONE}(?: {_WORK})?(?:(?:[.:;]| \d|{_BY_ITS_OWN})[^\[\]()]*)?[\])]\W*$",
    re.IGNORECASE,
)
# "Withdrawn due to an error.", but not "Withdrawn due to its risks, the drug ...", which goes on with something else.
_REASON = r" (?:due|because|as|since|pending)\b[^,.]*(?:\.|$)"
_ALL_THERE_IS = r"(?:,| (?:by|due|because|as|since|pending)\b)(?:[^.]|\.(?!\s))*\.?\s*$"
_SAYS_WITHDRAWN = re.compile(
    rf"\bthis (?:{_PAPER}|(?:report|version|chapter)(?= has\b|.{{1,40}}{_BY_ITS_OWN}))"
    rf"(?: \([^()]{{1,40}}\)|, [^,.]{{1,60}},)? (?:has|was|is|had to be)(?: now| since)?(?: been| being)?"
    rf" (?:now |temporarily |voluntarily )?{_GONE}\b"
    rf"|^\W*(?:comments?: )?(?:the )?(?:{_WORK} )?(?:(?:has been|was|is) )?{_GONE}\b"
    rf"(?=\W*$|[.;:)\]]|{_BY_ITS_OWN}|{_REASON}|{_ALL_THERE_IS})"
    rf"|(?<!-)\bauthors? ha(?:s|ve) {_GONE} this {_WORK}\b"
    rf"|^\W*(?:the )?authors? ha(?:s|ve) {_GONE} (?:this|the) {_WORK}\b"
    rf"|\b(?:we|I)(?: are| am| have| hereby)? (?:withdr[ae]w(?:n|ing)?|retract(?:ed|ing)?) (?:this|our) {_WORK}\b"
    rf"|\d pages?[,;.] {_GONE}\W*$",
    re.IGNORECASE,
)


def title_says_withdrawn(title: str) -> bool:
    """Whether a title carries a publisher's mark: `RETRACTED: ...`, `... [Withdrawn by the authors]`."""
    return bool(_TITLE_WITHDRAWN.match(title))


def says_withdrawn(text: str) -> bool:
    """Whether a text about a paper, its abstract or arXiv's comment, says that it was withdrawn or retracted."""
    return bool(_SAYS_WITHDRAWN.search(text))
