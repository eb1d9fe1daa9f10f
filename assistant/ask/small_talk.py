"""Answers that need no papers: to a greeting or thanks, and to a question that points to something never said."""

import re
from collections.abc import Sequence

from assistant.documents import Answer, Check, Claim
from assistant.question import Question
from assistant.question.intent import only_asks
from assistant.question.papers import discussed
from index.english import ORDINALS, QUESTION_WORDS, count_of
from index.library import Library

_GREETING = re.compile(
    r"""\W*(?:(?:hi|hello|hey|hiya|greetings|good\s(?:morning|afternoon|evening|day)|hola|bonjour|salut|hallo|guten\s\w+|ol[aá]
    |ciao|привет|здравствуйте|안녕(?:하세요)?|你好|您好|こんにちは|おはよう)(?:\s(?:there|all|everyone|again))?\W*)+""",
    re.IGNORECASE | re.VERBOSE,
)
_THANKS = re.compile(
    r"""\W*(?:(?:ok(?:ay)?|great|perfect|nice|cool|good|awesome|alright|got\sit|that\shelps|well\sdone|many|ah|wow|bye|goodbye
    |thank\syou|thanks|thx|ty|cheers|much\sappreciated|that'?s\s(?:great|all|good|helpful)|very\s(?:helpful|much)|(?:so|very)\smuch
    |a\slot|for\s(?:the|your)\s(?:help|answer)|gracias|merci|danke(?:\ssch[oö]n)?|obrigad[oa]|grazie|спасибо
    |감사합니다|고마워(?:요)?|谢谢|多谢|ありがとう(?:ございます)?)\b\W*)+""",
    re.IGNORECASE | re.VERBOSE,
)
_MAX = 80  # characters: anything longer says more than that


def answer_without_papers(library: Library, question: Question, history: Sequence[Answer]) -> Answer | None:
    """The answer to a greeting, to thanks, or to a follow-up whose "it" or "the second one" is nowhere in the
    conversation; None for anything else."""
    text = question.text
    if len(text) <= _MAX and _GREETING.fullmatch(text):
        return _said(text, "Hello. Ask a question about your papers.", answered=True)
    if len(text) <= _MAX and _THANKS.fullmatch(text):
        return _said(text, "You are welcome. Ask on whenever you like.", answered=True)
    reference = question.reference
    before = discussed(history)
    most = max((sum(p.cited for p in answer.papers) for answer in history if answer.answered), default=0)
    if before and reference.place is not None and max(reference.place, 0) >= most and reference.empty:
        which = ORDINALS[reference.place]
        return _said(
            text, f"The answers above cite {count_of(most, 'paper')}: there is no {which} one.", answered=False
        )
    if before and reference.other and reference.empty and len(before) < 2:
        return _said(text, "Only one paper has been cited so far, so there is no other one: name it.", answered=False)
    if before or not _only_points(library, question):
        return None
    return _said(
        text,
        "This points to something said before, and no paper has been cited in this conversation yet: name the paper or "
        "the subject that you mean.",
        answered=False,
    )


def _only_points(library: Library, question: Question) -> bool:
    """Whether a question has nothing to go by but words that point back ("explain it", "how fast is it?")."""
    reference = question.reference
    if reference.others or question.dates.words or question.listing:
        return False
    if reference.empty:
        return not library.terms(question.text).named
    words = re.findall(r"[\w-]+", question.text)
    asks = all(word.casefold() in QUESTION_WORDS or only_asks(word) for word in words)
    return asks and _PRONOUN.search(question.text) is not None


_PRONOUN = re.compile(
    r"\b(?:it|its|they|them|their|both|(?:this|that|which|the\sother|the\ssame)\sone|the\sother|the\stwo"
    r"|(?:this|that|these|those)\s(?:papers?|methods?|models?))\b",
    re.IGNORECASE,
)


def _said(question: str, text: str, *, answered: bool) -> Answer:
    return Answer(question, answered=answered, text=text, claims=(Claim(text, (), Check("nothing_to_check")),))
