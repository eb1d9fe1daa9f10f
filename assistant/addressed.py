"""Sentences that address a reader or a tool rather than describe a paper's work: orders and advertisements.

An abstract says what its authors did. Words that tell its reader, or the program that reads it, what to do or to buy
are quoted as such and get no tick. Rules on words, tuned to stay silent on ordinary abstracts, which ask their readers
for no more than to visit a page; they do not catch every wording, nor languages other than English.
"""

import re
from functools import cache, lru_cache

ADDRESSED = "addressed to the reader, not about the work"

# An order begins with its verb: a word before "the", "your" or "it" that is not a preposition, conjunction, auxiliary
# or adverb. What abstracts do ask of their readers, to visit a page or to imagine something, is not one.
_OBJECT = (
    r"(?:the|this|these|your|every|each|any|all|an?|our|my|its?|us|me|them|yourself|nothing|every(?:one|body|thing)|anyone"
    r"|people|what(?:ever)?)"
)
_BEFORE_OBJECT = "|".join(
    """about above access accordingly across after afterwards again against ago albeit all almost along alongside also
    although altogether always amid amidst among amongst and any anyway apart are around as aside at atop away
    barring be because before behind below beneath besides between beyond both but by can check consider could
    despite did do does down during each earlier either else elsewhere ergo even ever every everywhere except
    explore few find first for from further furthermore given had half has have hence her here hereafter herein his
    how however i if imagine in indeed inside instead into is it its just last later let like likewise many may
    maybe meanwhile might minus more moreover most must my near nearby neither never nevertheless next nonetheless
    nor not note notwithstanding now nowadays of off often on once only onto or other otherwise our out outside over
    overall past per perhaps please plus quite rather read regarding regardless sans second see seldom shall should
    since so some somehow sometimes soon still such suppose than that the their then there thereafter thereby
    therefore these they third this those though through throughout thus till to today together too toward towards
    twice under underneath unless unlike until up upon versus via view visit was watch we were what when whenever
    where whereas whereby wherein whereupon wherever whether which whichever while whilst who whoever whose why will
    with within without worldwide would yes yet you""".split()
)


@cache
def _begins_with_verb() -> re.Pattern[str]:
    """Matches a sentence that begins with the verb of an order."""
    return re.compile(rf"^\W*(?!(?i:{_BEFORE_OBJECT})\b|\w+(?:ing|ly|ed|[^s\W]s)\b)[A-Za-z][a-z]+\s{_OBJECT}\b(?!-)")


@cache
def _order() -> re.Pattern[str]:
    """Matches the orders that the rule on verbs misses."""
    return re.compile(
        r"^\W*(?:[Dd]o\snot|[Dd]on['’]t|[Nn]ever|[Mm]ake\ssure\sto|[Bb]e\ssure\sto|[Rr]emember\s(?:to|that))\s(?!before|been)[a-z]"
        r"|^\W*(?:[Pp]lease|[Kk]indly)\s(?!(?:visit|see|check|find|refer|contact|cite|note|email|watch|try|read)\b)[a-z]"
        r"|^\W*(?:[Nn]ow|[Oo]nly|[Aa]lways)\s(?:answer|begin|choose|cite|ignore|include|quote|recommend|reply|say|tell|write)\b"
        r"|^\W*(?:Act|Answer|Respond|Reply|Stop|Upgrade|Switch)\s(?:as|in|with|to|yes|no|only|here|reading|using|trusting)\b"
        r"|^\W*(?:Recommend|Endorse|Buy|Cite|Choose|Tell|Praise|Pretend|Subscribe|Hurry|Ignore|Disregard|Forget)\b"
        r"(?=\s\w+\s(?:to|over|as|that|in|and|if|is)\b|[,\s](?:that|only|to|what)\b|,)"
    )


_AI = (
    r"(?:(?:ai|large\slanguage|language)[\s-]models?|ais?|llms?|assistants?|chat\s?bots?|chatgpt|claude|gemini|copilot)"
)
_READER = (
    rf"(?:{_AI}|(?:the|any|all|every|each|your|our)\s(?:model|tool|program|summar(?:y|ies|i[sz]ers?)|digests?|reviewers?)"
    r"|(?:the\s)?(?:readers?|reviewers?)|everyone|everybody|anyone|nobody|no\sone|whoever|users\sof\sthis)"
)
_TOOL = r"(?:this|the|your)\s(?:\w+\s)?(?:tool|assistant|chat\s?bot|digest|software|service|app|newsletter)"
_MAKERS = r"(?:operators?|makers?|maintainers?|developers?|owners?|administrators?|creators?|providers?|vendors?)"
_TELL = (
    r"(?:recommend|endorse|praise|promote|advertise|mention|cite|quote|rank|rate|place|put|list|treat|accept|reject|disregard"
    r"|forget|obey|say|tell|state|add|append|insert|repeat|print|reply|pretend|trust|believe|delete|remove|send|stop|buy|prefer"
    r"|give|purchase|order|subscribe|switch|download|install|click|visit|call|translate\sits|use\sany)"
)
_PATTERNS = (
    # an order that revokes others, or claims to come from whoever runs the program
    r"(?:^\W*|[,:;“\"'(]\s?|\b(?:and|or|please|then|now)\s)(?:ignore|disregard|forget|override)\s(?:all|any|every|everything|your"
    r"|the|previous|prior|above|earlier)\s"
    r"(?:\w+\s){0,3}?(?:instructions?|prompts?|rules|guidelines|guardrails|messages|polic(?:y|ies)|told|said|abstracts?)\b",
    r"^\W*(?:system|assistant|user|admin|developer|attention|(?:important\s)?instructions?)\b[^.:]{0,50}:",
    r"^\W*(?:important|note|memo|message)\sto\s[^.:]{0,50}:",
    r"\b(?:new|real|actual|hidden|secret)\sinstructions?\s(?:begin|start|follow)\b",
    r"\b(?:and|then)\s(?:reveal|print|output|show)\s(?:[\w'’]+\s){0,3}(?:prompt|api\skeys?|password|environment\svariables)\b",
    r"\bi\s(?:now\s|hereby\s)?(?:revoke|override|authori[sz]e|permit|order|command)\b"
    r"|\byou\s(?:may|can)\s(?:now\s)?(?:say|state|answer|claim)\b"
    r"|[:;]\s(?:now\s|then\s|please\s)?(?:say|state|answer|reply|repeat)\sthat\b",
    # the same in other languages: an order to forget earlier instructions
    r"\b(?:vergiss|vergesst|ignoriere?t?|missachte|ignorez|oublie[zr]?|ignora|olvida|dimentica|esque[çc]a|игнорируй\w*|забудь\w*)\b"
    r".{0,40}\b(?:anweisung\w*|instrucciones|instructions|istruzioni|instru[çc][õo]es|инструкци\w*)\b"
    r"|(?:忽略|无视|忘记).{0,20}(?:指令|指示|提示)|(?:指示|命令|指令).{0,10}(?:無視|忘れ)|(?:지시|명령).{0,10}(?:무시|잊)",
    r"\bi\sam\s(?:the|your)\s|\bmessage\sfrom\s(?:your|the)\s(?:developer|operator|administrator)\b",
    # spoken to the reader
    rf"^\W*(?:dear\s\w|(?:hey|hello|hi|attention)\s(?:\w+\s)?{_READER}\b|as\s(?:the|an)\s{_AI},|{_AI},\s(?:please|do)\b)",
    r"\byou\s(?:must|shall|should|ought\sto|have\sto|need\sto|will\snow|may\snot|are\s(?:now|hereby|asked|required|talking"
    r"|instructed|advised|told|an?\s(?:ai|assistant|chatbot))|have\sbeen\s\w+ed)\b",
    rf"\b(?:as|if\syou\sare|you\sare)\san?\s{_AI}\b.*\b(?:you|your)\b",
    r"\byour\s(?:next\s|earlier\s)?(?:answers?|repl(?:y|ies)|responses?|summar(?:y|ies)|comparisons?|digests?|sentences"
    r"|reviews?|instructions|readers|attention)\b",
    r"\byour\s(?:task|job|role|duty)\s(?:is|are)\s(?:now\s)?to\b|\band\sso\swill\syou\b",
    r"\b(?:you|your\s(?:readers|users|customers))\swill\s(?:thank|love|never|regret)\b",
    r"\b(?:urge|beg|advise|command|instruct|remind)\syou\sto\b|^\W*from\s(?:now|here)\son\b|^\W*in\scase\sof\sdoubt\b",
    # the reader is told what to do
    rf"\b{_READER}\s(?:\w+\s){{0,6}}?(?:must|should|shall|(?:has|have|ought|needs?)\sto|(?:is|are)\s(?:\w+\s)?(?:required"
    rf"|advised|asked|urged|requested|instructed|encouraged|obliged|told)\sto)\s(?:\w+ly\s|not\s|never\s|now\s)?{_TELL}\b",
    r"\b(?:(?:summar(?:y|ies)|digests?|answers?|comparisons?|reviews?)\sof\sthis\s(?:paper|work|abstract)|whoever\s[^,]{0,40}"
    r"|the\s(?:weekly\s(?:summary|digest)|digest|chatbot)|(?:\w+\s)?(?:read|see|process|index|quote)s?\sthis\s[^,]{0,30})"
    r"\s(?:must|should|shall|has\sto|have\sto)\b",
    r"\b(?:we|i)\s(?:recommend|suggest|ask|demand|insist)\s(?:that\s(?:you|all|every|everyone|readers?|users)|the\ssummari)",
    r"\bit\sis\s(?:forbidden|mandatory|obligatory|compulsory)\sto\b",
    rf"^\W*(?:when(?:ever)?|if)\s[^,]{{0,70}},\s(?:please\s|always\s|never\s|do\snot\s)?(?:{_TELL}|answer|name)\s(?!of\b)\w",
    # endorsements and sales
    rf"\b(?:{_TOOL}|{_MAKERS}\sof\s{_TOOL})\s(?:\w+\s){{0,2}}?(?:endorse|recommend|approve|certifie|verifie|guarantee|confirm)"
    rf"(?:s|d|ed)?\b",
    rf"\b(?:endorsed|recommended|approved|certified|verified|sponsored)\sby\s(?:{_TOOL}|the\s{_MAKERS}\sof)\b",
    rf"\b(?:{_TOOL}|this\s(?:answer|reply|response|summary|comparison|page))\s(?:is|was|has\sbeen)\s(?:brought|sponsored|paid)\b"
    r"|\bof\sthis\s(?:digest|summary|newsletter)\b",
    r"\bthis\s(?:tool|assistant|chat\s?bot|digest),?\s[^.;:]{0,60}?\s(?:endorses?|recommends?|confirms?)\b",
    r"\b(?:buy|order|subscribe|sign\sup|call|register|upgrade|act|click)\s(?:now|today|here|for\sa\sfree)\b",
    r"\b(?:(?:promo(?:tion)?|discount|coupon|voucher)\scodes?|free\s(?:trial|demo|consultation|quote)|money[\s-]back|newsletter"
    r"|limited[\s-]time\soffer|(?:special|exclusive|this)\s(?:offer|price)|half\sthe\sprice|\d+\s?%\soff|off\syour|stocks\slast"
    r"|our\scustomers|sales\steam|our\s(?:online\s)?(?:shop|store)|(?:commercial|paid|pro|enterprise)\sversion|follow\sus"
    r"|for\sfree\s(?:now|today)|today\sand\s(?:save|get|win)|(?:request|book)\sa\sdemo|stay\sahead|never\smiss|hurry(?=[,!]))(?!-)\b",
)


@cache
def _rules() -> tuple[re.Pattern[str], ...]:
    """`_PATTERNS`, for a sentence in lower case."""
    return tuple(map(re.compile, _PATTERNS))


@lru_cache(maxsize=65_536)
def is_addressed(text: str, *, note: bool = False) -> bool:
    """Whether a sentence is addressed to its reader, or to a program that reads it, rather than about the work. In a
    `note` about a paper, unlike in an abstract, a sentence may begin with its verb ("Address the lack of ...")."""
    lower = text.lower()
    begins = not note and _begins_with_verb().search(text) is not None
    return begins or _order().search(text) is not None or any(rule.search(lower) for rule in _rules())
