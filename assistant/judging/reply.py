"""What a model judged: the reply that is asked for, and which hints may be made of it.

A hint is made of the claim's own words and the cited sentences' own words; nothing that the model wrote is shown.
Knows nothing of how the call is made.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from assistant.citations import without_markers
from assistant.documents import Hint
from assistant.llm.shapes import bounded
from assistant.publishing import list_in
from index.safety.inert import inert

if TYPE_CHECKING:
    from assistant.judging.prompt import JudgedClaim

AT_MOST = 3  # judgements read for each claim sent: a model that repeats itself ends there
SHOWN = 160  # characters of a passage in a message

_SAID = {
    "yes": "supported",
    "partially": "partly",
    "partial": "partly",
    "no": "not",
    "unsupported": "not",
    "contradicted": "not",
}
_AROUND = " \t\"'“”‘’«»…*_`.,;:"


def _verdict(said: object) -> object:
    """The verdict that a model means by "Not supported." or "partially"."""
    words = re.findall(r"[a-z]+", said[:40].lower()) if isinstance(said, str) else []
    return _SAID.get(words[0], words[0]) if words else said


class WrittenJudgement(BaseModel):
    """What a model judged of one claim."""

    claim: int = Field(description="number of the claim")
    verdict: Annotated[Literal["supported", "partly", "not"], BeforeValidator(_verdict)]
    words: Annotated[str, BeforeValidator(lambda said: said or "")] = Field(
        default="", description="words of the claim that differ, copied; empty if it is supported"
    )
    source: Annotated[str, BeforeValidator(lambda said: said or "")] = Field(
        default="", description="words of the cited sentences that they differ from, copied; empty if there are none"
    )


class WrittenJudgements(BaseModel):
    """The whole reply."""

    judgements: list[WrittenJudgement]


def schema(claims: int = 40) -> dict[str, Any]:
    """The JSON schema of the reply on so many claims."""
    return bounded(
        WrittenJudgements.model_json_schema(),
        items=claims,
        characters=300,
        numbers={"claim": range(1, claims + 1)},
    )


@dataclass(frozen=True)
class KeptJudgements:
    """What became of a reply: the hints by the place of their claim, how many claims were judged, and how many
    judgements could not be used."""

    hints: Mapping[int, Hint]
    judged: int
    rejected: int


def keep(data: object, sent: "Sequence[JudgedClaim]") -> KeptJudgements:
    """The judgements of a reply's data that speak of a claim sent, by its number from 1, and name words that stand in
    it. Of several on one claim the first counts."""
    written = data if isinstance(data, list) else list_in(data, "judgements")
    hints: dict[int, Hint] = {}
    judged: set[int] = set()
    for item in written[: AT_MOST * len(sent)]:
        try:
            judgement = WrittenJudgement.model_validate(item)
        except ValidationError:
            continue
        if not 0 < judgement.claim <= len(sent) or judgement.claim in judged:
            continue
        claim = sent[judgement.claim - 1]
        if judgement.verdict != "supported":
            hint = _hint(judgement, claim)
            if hint is None:
                continue
            hints[claim.place] = hint
        judged.add(judgement.claim)
    return KeptJudgements(hints, len(judged), len(written) - len(judged))


def _hint(judgement: WrittenJudgement, claim: "JudgedClaim") -> Hint | None:
    """The hint of a judgement; None if it names words that are not in the claim. Without words it is on the whole."""
    words = _found_in(claim.text, judgement.words)
    if words is None:
        return None
    said = f"judged {judgement.verdict} supported"
    there = filter(None, (_found_in(source, judgement.source) for source in claim.sources))
    nearest = next((passage for passage in there if passage.casefold() != words.casefold()), None)
    if not words:
        return Hint("judge", claim.text, f"{said} by what it cites", nearest)
    if nearest is None:
        return Hint("judge", words, f"{said}: '{_short(words)}'")
    return Hint("judge", words, f"{said}, compare: '{_short(words)}' here, '{_short(nearest)}' there", nearest)


def _found_in(text: str, passage: str) -> str | None:
    """A passage as it stands in a text, whatever its capitals and spaces; empty for an empty one, None if it does not
    stand there as whole words."""
    if len(passage) > 2 * len(text) + 100:
        return None
    words = without_markers(inert(passage)).strip(_AROUND).split()
    if not words:
        return "" if not passage.strip(_AROUND) else None
    begins = r"(?<!\w)" if words[0][0].isalnum() else ""
    ends = r"(?!\w)" if words[-1][-1].isalnum() else ""
    found = re.search(begins + " ".join(map(re.escape, words)) + ends, text, re.IGNORECASE)
    return found[0] if found else None


def _short(passage: str) -> str:
    return passage if len(passage) <= SHOWN else passage[:SHOWN].rsplit(" ", 1)[0] + " …"
