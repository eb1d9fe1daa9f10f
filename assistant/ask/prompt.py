"""What a model is asked: the instructions, the papers with numbered sentences, the conversation, the question.

The instructions come first, so that a server can cache them between calls; the question comes last. Everything that
papers say, in earlier answers too, is fenced between two lines that no paper can guess.
"""

from collections.abc import Mapping, Sequence

from assistant.ask.retrieval import Retrieved
from assistant.ask.scoring import best_sentences
from assistant.citations import without_markers
from assistant.documents import Answer
from assistant.evidence import evidence_lines, fit_evidence
from assistant.question import Question
from assistant.question.reading import one_line
from assistant.tokens import PER_MESSAGE, count_tokens, counted, cut_to
from index.safety.inert import inert
from prompts import fenced, load

PROMPT_TOKENS = 3_000  # of a call; under 4,000 if the upper bound has to count
SMALL_TOKENS = 1_200  # of a call to a small model, which loses itself in more
QUESTION_TOKENS = 600
EARLIER, EARLIER_TOKENS = 2, 120  # earlier questions sent, and tokens of each and of its answer


def _conversation(history: Sequence[Answer]) -> str:
    lines = []
    for answer in history[-EARLIER:]:
        lines.append(f"Asked before: {cut_to(one_line(answer.question), EARLIER_TOKENS)}")
        lines.append(f"Answered: {cut_to(' '.join(without_markers(inert(answer.text)).split()), EARLIER_TOKENS)}")
    return "\n".join(lines)


def messages_for(
    question: Question, found: Retrieved, history: Sequence[Answer], most: int = PROMPT_TOKENS, *, small: bool = False
) -> list[dict[str, str]]:
    """The messages of one call, at most `most` tokens: if the abstracts do not fit, the sentences that
    fit the question least are left out, those of the papers further down first. None at all if no sentence of the
    papers fits. `small`: for a small model, whose prompt is shorter and ends with the rule on citations."""
    variant = "-small" if small else ""
    most = min(most, SMALL_TOKENS) if small else most
    system = load(f"ask{variant}")
    conversation = _conversation(history)
    asked = cut_to(question.text, QUESTION_TOKENS)

    def user(papers: str) -> str:
        material = fenced("\n\n".join(filter(None, (papers, conversation))))
        return load(f"question{variant}", papers=material, question=asked)

    room = counted(most) - count_tokens(system) - count_tokens(user("")) - 2 * PER_MESSAGE
    kept = fit_evidence(found.papers, _wanted(found), room)
    if found.papers and not kept:
        return []
    evidence = "\n\n".join(evidence_lines(p.label, p.paper, kept[p.label]) for p in found.papers if p.label in kept)
    return [{"role": "system", "content": system}, {"role": "user", "content": user(evidence)}]


def _wanted(found: Retrieved) -> Mapping[int, Sequence[int]]:
    """Each label's sentence numbers, the most relevant first: by search, then by the question's words."""
    wanted = {}
    for labelled in found.papers:
        numbers = [*found.sentences.get(labelled.paper.id, ())[:2], *best_sentences(found.intent, labelled.paper)]
        wanted[labelled.label] = list(dict.fromkeys(numbers))
    return wanted


def translating(question: Question, language: str) -> list[dict[str, str]]:
    """The messages of the call that translates a question into the library's language."""
    return [
        {"role": "system", "content": load("translate", language=language)},
        {"role": "user", "content": question.text},
    ]
