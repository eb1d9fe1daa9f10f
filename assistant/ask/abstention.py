"""Whether a reply says in prose, in one of the common languages, that the papers hold no answer.

Structure decides: a short reply that cites nothing (or whose every sentence does nothing else) and that denies
something of "the papers", "the abstracts" or of its own knowledge.
"""

import re
from functools import cache

from assistant.documents import Claim

LONGEST = 600  # characters; a longer reply says something

# For each language: the things that hold no answer, the words that deny, and what denies by itself.
_LANGUAGES = (
    (
        r"papers?|abstracts?|sentences|sources?|documents?|evidence|excerpts?|texts?|context|passages?|articles?|materials?",
        r"\b(?:not?|none|nothing|neither|never|\w+n['’]t|cannot|without|lacks?|insufficient|unable)\b",
        r"\bno\s(?:\w+\s){0,2}(?:information|mention|answer|data|details?|evidence)\b"
        r"|\bnot\s(?:\w+\s)?(?:mentioned|stated|reported|specified|given|provided|available|covered|discussed|found|included)\b"
        r"|\bI\s(?:can(?:not|['’]t)|could\s?n[o'’]t|do\s?n[o'’]t|am\sunable|was\sunable)\b|\bnot\sin\s(?:the\s|your\s)?papers\b"
        r"|\b(?:can(?:not|['’]t)\sbe|unable\sto)\s(?:answer|determin|f[io]und)\w*",
    ),
    (
        r"arbeiten|artikeln?|papers?|papiere\w*|abstracts?|quellen|sätzen?|texten?|zusammenfassungen|studien",
        r"\b(?:nicht|kein\w*|nichts|weder)\b",
        r"\b(?:keine?\s(?:angaben?|informationen?|antwort)|wird\snicht\s(?:erwähnt|genannt|berichtet))\b",
    ),
    (
        r"articles?|papiers?|documents?|résumés?|sources?|textes?|études|extraits?",
        r"\b(?:ne|aucun\w*|rien|pas)\b|\bn['’]",
        r"\baucune?\s(?:information|mention|réponse|donnée)|\bn['’]est\spas\s(?:mentionné|indiqué|précisé)",
    ),
    (
        r"artículos?|documentos?|resúmenes|fuentes?|textos?|papers?|trabajos|estudios|artigos?|resumos|fontes|articoli|documenti"
        r"|riassunti|fonti|testi",
        r"\b(?:no|ningun\w*|nada|não|nenhum\w*|non|nessun\w*|nulla)\b",
        r"\bno\sse\s(?:menciona|indica|informa|especifica|describe)|\bno\shay\s(?:información|datos)"
        r"|\bnão\s(?:há|é\smencionad)|\bnon\s(?:viene|è|sono)\s(?:menzionat|riportat|indicat)",
    ),
    (
        r"artikelen|bronnen|samenvattingen|teksten|papers?|artykuł\w*|prac\w*|źródł\w*|artiklar\w*|källor\w*",
        r"\b(?:niet|geen|niets|nie|brak|żad\w+|inte|ingen\w*|inget)\b",
        r"\bgeen\sinformatie\b|\bnie\sma\sinformacji\b|\bingen\sinformation\b",
    ),
    (
        r"стать\w*|работ\w*|аннотаци\w*|источник\w*|текст\w*",
        r"\b(?:не|нет|ни)\b",
        r"\bнет\s(?:информации|данных|ответа)",
    ),
    (
        r"论文|文献|摘要|资料|文章|論文|文中|来源",
        r"没有|未|无|不|沒有|無",
        r"无法(?:回答|确定)|没有(?:提到|提及|相关|信息)|未(?:提及|提到|报告|说明)",
    ),
    (
        r"論文|要旨|文献|資料|概要",
        r"ません|ない|なかった|ず",
        r"(?:記載|言及|情報|報告)(?:が|は|され)[^。]{0,8}(?:ません|ない|ありません)",
    ),
    (r"논문|초록|자료|문헌|출처", r"없|않|못", r"(?:정보|언급|내용|답)[^.]{0,12}(?:없|않)"),
    (
        r"makale\w*|özet\w*|kaynak\w*",
        r"\b(?:yok\w*|değil|hiçbir)\b|m[ıiuü]yor|memektedir|mamaktadır",
        r"\bbilgi\syok",
    ),
)  # fmt: skip
_CONTRAST = re.compile(
    r"\b(?:but|however|instead|although|though|rather|nevertheless|only|aber|jedoch|sondern|mais|cependant|pero"
    r"|sin embargo|mas|ma|però|maar|ale|men|но|однако)\b|但|しかし|ただし|하지만|그러나|다만",
    re.IGNORECASE,
)


@cache
def _denials() -> tuple[re.Pattern[str], ...]:
    """What denies in a sentence, for each language."""
    return tuple(
        re.compile(
            rf"{plain}|(?:{things}).{{0,120}}?(?:{denial})|^\W*(?:\w+,?\s){{0,2}}(?:{denial}).{{0,15}}?(?:{things})",
            re.IGNORECASE,
        )
        for things, denial, plain in _LANGUAGES
    )


def denies(sentence: str) -> bool:
    """Whether a sentence says that the papers do not say something."""
    return any(denial.search(sentence) for denial in _denials())


def is_abstention(text: str, claims: tuple[Claim, ...]) -> bool:
    """Whether a reply, with its sentences as claims, says that the papers hold no answer and says nothing else."""
    if not claims or len(text) > LONGEST:
        return False
    if not any(claim.citations for claim in claims):
        return denies(claims[0].text) or denies(claims[-1].text)
    return all(denies(claim.text) and not _CONTRAST.search(claim.text) for claim in claims)
