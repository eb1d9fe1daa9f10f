"""What a model is asked: the instructions, the papers with numbered sentences, the conversation, the question.

The instructions come first, so that a server can keep them between calls; the question comes last. Everything that
papers say, also in earlier answers, stands between two lines that no paper can know.
"""

from collections.abc import Callable, Mapping, Sequence

from assistant.ask.quotes import best_sentences
from assistant.ask.retrieval import Found
from assistant.citations import evidence_lines, without_markers
from assistant.documents import Answer, LabelledPaper
from assistant.question.intent import asked_by
from assistant.tokens import PER_MESSAGE, count_tokens, counted, cut_to, fit_evidence
from index.safety.inert import inert, visible
from prompts import fenced, load

PROMPT_TOKENS = 3_000  # of a call; the bound, where it has to count, stays under 4,000
MAX_QUESTION, MAX_TITLE = 2_000, 300  # characters
QUESTION_TOKENS = 600
EARLIER, EARLIER_TOKENS = 2, 120  # questions of the conversation that are told, and tokens of each and its answer


def one_line(question: str) -> str:
    """A question on one line, without what is invisible, cut to a sensible length."""
    return " ".join(visible(question).split())[:MAX_QUESTION]


def _conversation(history: Sequence[Answer]) -> str:
    lines = []
    for answer in history[-EARLIER:]:
        lines.append(f"Asked before: {cut_to(one_line(answer.question), EARLIER_TOKENS)}")
        lines.append(f"Answered: {cut_to(' '.join(without_markers(inert(answer.text)).split()), EARLIER_TOKENS)}")
    return "\n".join(lines)


def messages_for(
    question: str, found: Found, history: Sequence[Answer], idf: Callable[[str], float]
) -> list[dict[str, str]]:
    """The messages of one call, at most PROMPT_TOKENS tokens: where the abstracts do not fit, the sentences that
    fit the question least are left out, those of the papers further down first."""
    system = load("ask")
    conversation = _conversation(history)
    question = cut_to(question, QUESTION_TOKENS)

    def user(papers: str) -> str:
        material = fenced("\n\n".join(filter(None, (papers, conversation))))
        return load("question", papers=material, question=question)

    room = counted(PROMPT_TOKENS) - count_tokens(system) - count_tokens(user("")) - 2 * PER_MESSAGE
    shown = [LabelledPaper(p.label, p.paper.with_(title=p.paper.shown_title[:MAX_TITLE])) for p in found.papers]
    kept = fit_evidence(shown, _wanted(found, idf), room)
    evidence = "\n\n".join(evidence_lines(p.label, p.paper, kept[p.label]) for p in shown if p.label in kept)
    return [{"role": "system", "content": system}, {"role": "user", "content": user(evidence)}]


def _wanted(found: Found, idf: Callable[[str], float]) -> Mapping[int, Sequence[int]]:
    """For each label the numbers of its sentences, those first that search or the question's words prefer."""
    wanted = {}
    asked = asked_by(found.asked, found.stems, idf)
    for labelled in found.papers:
        numbers = [*found.sentences.get(labelled.paper.id, ())[:2], *best_sentences(asked, labelled.paper)]
        wanted[labelled.label] = list(dict.fromkeys(numbers))
    return wanted


def translating(question: str, language: str) -> list[dict[str, str]]:
    """The messages of the call that puts a question into the library's language."""
    return [{"role": "system", "content": load("translate", language=language)}, {"role": "user", "content": question}]
