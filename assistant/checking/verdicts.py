"""What kind of sentence a written one is: a heading, a lead-in, a remark about the answer itself, or a statement."""

import re

_REMARK = re.compile(
    r"""^(?:here\s(?:is|are)|below|the\sfollowing|in\s(?:short|summary|sum)[:,]?$|sources?:|references?:?$|note:)
    |\b(?:the|these|those|none\sof\sthe|given|provided|cited|available)\s(?:\w+\s)?(?:papers?|abstracts?|sources?|evidence|sentences?|excerpts?)
      \s(?:(?:of|for|on)\s\S+\s)?(?:\w+\s)?(?:do|does|did)(?:\snot|n't)\b
    |\b(?:is|are)\snot\s(?:stated|given|mentioned|reported|said|covered|specified|addressed)\b
    |\bnot\s(?:stated|mentioned)\sin\b|\bno\smention\sof\b|\b(?:not|un)\s?clear\sfrom\b
    |\b(?:not\s(?:directly\s)?comparable|(?:cannot|can't)\sbe\s(?:directly\s)?compared)\b
    |\b(?:no|none\sof\sthe)\s(?:\w+\s)?(?:papers?|abstracts?|sources?)\b
    |\bI\s(?:could|can|did|do|was)(?:\snot|n't)\b|\b(?:can(?:not|'t)\sanswer|no\sanswer)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_FINDING = re.compile(
    r"""\b(?:outperform|surpass|exceed|beat|achiev|reach|attain|improv|reduc|increas|decreas|lower|boost|accelerat|speed|cut|sav
    |show|demonstrat|find|found|prove|introduc|propos|present|develop|enabl|use|combin|train|evaluat|generat|match|lead|yield
    |provid|offer|support|learn|predict|appli|apply|build|built|releas|contain|requir|need|rel(?:y|ies)|optimi[sz]|search
    |faster|better|worse|slower|higher|smaller|larger|cheaper|state-of-the-art|first\sto)\w*\b""",
    re.VERBOSE | re.IGNORECASE,
)


def is_remark(text: str) -> bool:
    """Whether a clean text speaks about the answer or its sources rather than about what a paper found."""
    return bool(_REMARK.search(text))


def states_nothing(text: str) -> bool:
    """Whether a clean text is a heading, a lead-in or a remark: nothing that a citation would bear out."""
    bare = text.strip(" *#_:-•|")
    if not bare or text.rstrip(" *").endswith((":", "?")) or is_remark(text):
        return True
    words = len(bare.split())
    return not bare.endswith((".", "!")) and (words <= 4 or (words <= 8 and not _FINDING.search(bare)))


def states_finding(text: str) -> bool:
    """Whether a clean text says that something was done, shown or found."""
    return bool(_FINDING.search(text))
