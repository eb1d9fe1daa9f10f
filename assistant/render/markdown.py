"""An answer as a Markdown document to copy, download, or check again.

Knows nothing of windows or terminals. Text from a model or a paper never becomes a link, an image or HTML here.
"""

from assistant.citations import cited_sentence, marker
from assistant.documents import Answer
from assistant.render.escape import escape_markdown, references, safe_markdown


def to_markdown(answer: Answer) -> str:
    """The question, the answer with its markers (`[1.4]`) intact, the references, and the cited sentences."""
    if answer.comparison is not None:
        from assistant.render import comparison

        return comparison.to_markdown(answer.comparison)
    if answer.digest is not None:
        from assistant.render import digest

        return digest.to_markdown(answer.digest)
    parts = [f"# {escape_markdown(answer.question)}", safe_markdown(answer.text)]
    parts += [f"*{escape_markdown(notice)}*" for notice in answer.notices]
    if listed := references(answer.papers):
        parts.append(listed)
    citations = dict.fromkeys(citation for claim in answer.claims for citation in claim.citations)
    quotes = [(citation, cited_sentence(citation, answer.papers)) for citation in citations]
    if under := [f"> {marker([citation])} {escape_markdown(text)}  " for citation, text in quotes if text]:
        parts.append("\n".join(under))
    return "\n\n".join(parts) + "\n"
