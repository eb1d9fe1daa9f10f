"""The source panel and a paper's page: a paper as the library has it, cited sentences marked within its abstract."""

from collections.abc import Collection, Sequence

from assistant.conversations import Turn
from assistant.render.escape import escape_html
from assistant.window.parts import attributes, button, count_of, link, listed, query_address
from index.paper import Paper


def meta_line(paper: Paper) -> str:
    """Day, people and organisation of a paper, as one line of HTML; empty where nothing is known."""
    people = ", ".join(paper.authors[:4]) + (" et al." if len(paper.authors) > 4 else "")
    if not people and paper.author_count:
        people = count_of(paper.author_count, "author")
    return " · ".join(escape_html(part) for part in (paper.day, people, paper.organization) if part)


def paper_link(paper: Paper, with_day: bool = True) -> str:
    """A paper's title that opens its page, and its day."""
    day = f' <span class="day">{escape_html(paper.day)}</span>' if paper.day and with_day else ""
    return link(paper.shown_title, query_address("paper", paper.id), "paper", paper=paper.id) + day


def _link_out(paper: Paper) -> str:
    """The paper's own link, the only kind that leads out of the window; empty where it has none."""
    if not paper.link:
        return ""
    host = paper.link.split("/")[2].removeprefix("www.")
    given = attributes(class_="out", href=paper.link, target="_blank", rel="noopener noreferrer")
    return f"<a{given}>Read at {escape_html(host)}</a>"


def abstract_html(paper: Paper, marked: Collection[int] = ()) -> str:
    """The abstract, sentence by sentence with their numbers; those in `marked` stand out."""
    pieces = []
    for sentence in paper.sentences:
        text = escape_html(sentence.text)
        shown = f"<mark>{text}</mark>" if sentence.number in marked else text
        pieces.append(f'<sup class="number">{sentence.number}</sup>{shown}')
    return f'<p class="abstract">{" ".join(pieces)}</p>'


def _source(title: str, body: str) -> str:
    close = button("Close", "close", label="Close the source and go back")
    return (
        '<section class="source" aria-labelledby="source-title">'
        f'<header><p class="eyebrow">Source</p>{close}</header>'
        f'<h2 id="source-title" tabindex="-1">{escape_html(title)}</h2>{body}</section>'
    )


def source_html(paper: Paper, marked: Collection[int] = ()) -> str:
    """The panel beside the chat: whose sentence it is, and where it stands."""
    more = link("Open in the library", query_address("paper", paper.id), "paper", paper=paper.id)
    only = button("Ask only this paper", "only", paper=paper.id)
    return _source(
        paper.shown_title,
        f'<p class="meta">{meta_line(paper)}</p>{abstract_html(paper, marked)}'
        f"<footer>{_link_out(paper)}{more}{only}</footer>",
    )


def gone_html() -> str:
    """The panel for a paper that has been removed since."""
    said = "It was removed after the answer was written. Add it again to see its abstract."
    return _source("This paper is no longer in the library", f"<p>{said}</p>")


def paper_html(paper: Paper, starred: bool, similar: Sequence[Paper], cited_by: Sequence[Turn]) -> str:
    """A paper's own page: abstract with numbered sentences, similar papers, and the answers that cite it."""
    actions = [
        _link_out(paper),
        button("★ Starred" if starred else "☆ Star", "star", pressed=starred, paper=paper.id),
        button("Ask only this paper", "only", paper=paper.id),
        button("Compare", "pair", paper=paper.id),
        button("Copy id", "copy", text=paper.id),
        button("Remove", "remove", style="quiet danger", paper=paper.id),
    ]
    blocks = [
        f'<article class="paper-page"><p>{link("← All papers", "?tab=library", "papers")}</p>'
        f'<h1 id="paper-title" tabindex="-1">{escape_html(paper.shown_title)}</h1>'
        f'<p class="meta">{meta_line(paper)}</p>'
        f'<div class="actions">{"".join(actions)}</div>{abstract_html(paper)}'
    ]
    if similar:
        blocks.append("<h3>Similar papers</h3>" + listed(map(paper_link, similar), "papers"))
    if cited_by:
        turns = [
            link(turn.question, query_address("chat", turn.conversation), "chat", chat=turn.conversation)
            + f' <span class="day">{escape_html(turn.asked[:10])}</span>'
            for turn in cited_by
        ]
        blocks.append("<h3>Cited in your answers</h3>" + listed(turns, "papers"))
    return "".join(blocks) + "</article>"
