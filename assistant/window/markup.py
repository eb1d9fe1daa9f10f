"""The window's HTML: turns, claims, papers, comparisons and digests, each from its template."""

import datetime
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from assistant.citations import Marker
from assistant.compare.figures import bars_of
from assistant.conversations import Conversation, Turn
from assistant.documents import Answer, Check, Citation, Claim, Comparison, Digest, Label, LabelledPaper, Notice, Usage
from assistant.judging.prompt import plan_of
from assistant.render.claims import checks_line, claim_parts, spent_line
from assistant.render.comparison_grid import grid_of
from assistant.render.digest import as_shown, count, not_shown
from assistant.render.digest_news import news
from assistant.render.html import draw, render
from assistant.weekly.map import spread
from assistant.window.suggestions import follow_ups
from index.english import count_of
from index.paper import Paper

if TYPE_CHECKING:
    from markupsafe import Markup

    from assistant.weekly.map import Point
    from index.storage.sources import MergedRecord

SHOWN = 30  # turns of a conversation on the page
MOST_BARS = 120  # months; more are drawn as years
MAP_WIDTH, MAP_HEIGHT, MAP_EDGE = 800, 360, 28
MAP_REACH = 28  # around a point: 25 pixels across on a telephone, where the map is 356 wide
HUES = 10  # colours that the style sheets names theme-0 to theme-9; the eleventh theme starts again
FEWEST = 4  # papers; fewer make no map
Source = tuple[Label, Paper, list[int]]  # a cited paper: its label, itself, and the numbers of its cited sentences


# ---- pieces
def button(say: str, do: str, *, style: str | None = "quiet", **data: object) -> str:
    """A button: its text, what window.js or the server does on a click, and its data."""
    return str(draw("pieces.html", "button", say, do, style=style, **data))


def line_html(text: str, style: str, role: str | None = None) -> str:
    """One line of text, in a style of the style sheets."""
    return str(draw("pieces.html", "line", text, style, role))


def problem_html(message: str) -> str:
    """An error as one paragraph, which screen readers announce."""
    return str(draw("pieces.html", "problem", message))


def notices_html(notices: Iterable[str]) -> "Markup":
    """Each notice on its own line; the one about no model comes with the way to connect one."""
    return draw(
        "pieces.html",
        "notices",
        [(notice, isinstance(notice, Notice) and notice.kind == "no_model") for notice in notices],
    )


def offered_html(papers: Iterable[tuple[str, str]], do: str) -> str:
    """Papers (id and title) as buttons that do `do`."""
    return str(draw("pieces.html", "offered", list(papers), do))


def facts_html(claims: Sequence[Claim], usage: Usage, model: str | None) -> "Markup":
    """What was checked, what was not, and what it cost."""
    return draw("pieces.html", "facts", [line for line in (checks_line(claims), spent_line(usage, model)) if line])


# ---- claims
def sources_of(citations: Iterable[Citation], papers: Mapping[Label, Paper]) -> list[Source]:
    """The cited papers, each with the numbers of its cited sentences; unknown labels are left out."""
    numbers: dict[Label, list[int]] = {}
    for citation in citations:
        cited = numbers.setdefault(citation.label, [])
        if citation.sentence is not None:
            cited.append(citation.sentence)
    return [(label, papers[label], cited) for label, cited in numbers.items() if label in papers]


def check_html(check: Check) -> "Markup":
    """The mark behind a sentence: a quiet tick, or an amber word with the reason on hover; often nothing."""
    return draw("citations.html", "check_mark", check)


def claim_html(claim: Claim, papers: Mapping[Label, Paper]) -> "Markup":
    """One claim, which is plain text, with its citations and check mark: a table cell or a digest's line. A citation
    clings to its word."""
    parts = [part if isinstance(part, str) else sources_of(part, papers) for part in claim_parts(claim)]
    clinging = [
        part.removesuffix(" ") if isinstance(part, str) and following else part
        for part, following in zip(parts, [*parts[1:], ""], strict=True)
    ]
    return draw("citations.html", "claim", clinging, claim.check)


def written_html(text: str, claims: Sequence[Claim], papers: Mapping[Label, Paper]) -> "Markup":
    """A written text with its citations and check marks."""
    from assistant.render.sanitized import document_html

    def marker(found: Marker) -> str:
        return draw("citations.html", "citations", sources_of(found.citations, papers))

    return document_html(text, claims, marker, lambda claim: check_html(claim.check))


def by_label(papers: Iterable[LabelledPaper]) -> dict[Label, Paper]:
    """The papers that labels stand for."""
    return {p.label: p.paper for p in papers}


# ---- comparisons and digests
def comparison_table(comparison: Comparison) -> "Markup":
    """The papers side by side, and the summary."""
    papers = by_label(comparison.papers)
    return draw(
        "comparison.html",
        "table",
        comparison,
        grid_of(comparison),
        lambda claim: claim_html(claim, papers),
        lambda row: bars_of(row, comparison.papers),
    )


def comparison_html(comparison: Comparison) -> str:
    """A comparison as its tab shows it: the table, the notices, what was checked and spent."""
    claims = [c for row in comparison.rows for c in row.cells if c] + list(comparison.summary)
    return _with_facts(comparison_table(comparison), comparison, claims)


def digest_article(digest: Digest, files: str = "", map: str = "", hues: int = 0) -> "Markup":
    """A week: its overview, its themes with their papers, the others, and what was left out and why. `files` and `map`
    are HTML to stand above the themes; with `hues`, the colours of themes, there are contents too."""
    from markupsafe import Markup

    digest = as_shown(digest)
    papers: dict[Label, Paper] = {entry.label: entry.paper for entry in digest.papers}
    entries = {entry.label: entry for entry in digest.papers}
    said = {"files": Markup(files), "map": Markup(map), "hues": hues}
    said |= {"counted": count(digest).rstrip("."), "not_shown": not_shown(digest), "news": news(digest)}
    return draw("digest.html", "article", digest, entries, lambda claim: claim_html(claim, papers), **said)


def digest_html(digest: Digest, files: str = "", map: str = "") -> str:
    """A digest as its tab shows it: the week with its files, contents and map, the notices, what was checked and
    spent."""
    shown = as_shown(digest)
    claims = [c for t in shown.themes for c in t.claims] + list(shown.overview) + [p.line for p in shown.papers]
    return _with_facts(digest_article(digest, files, map, HUES), digest, claims)


def _with_facts(drawn: "Markup", document: Comparison | Digest, claims: Sequence[Claim]) -> str:
    page = drawn + notices_html(document.notices)
    return str(page + facts_html(claims, document.usage, document.model) if document.complete else page)


def map_html(points: "Sequence[Point]", digest: Digest) -> str:
    """The papers of a digest as a map, similar ones close together, in the colour of their theme; empty for very
    few."""
    if len(points) < FEWEST:
        return ""
    ids = {entry.label: entry.paper.id for entry in digest.papers}
    places = spread([(p.x, p.y) for p in points], MAP_WIDTH, MAP_HEIGHT, MAP_EDGE, 2 * MAP_REACH)
    placed = [(p, ids[p.label], x, y) for p, (x, y) in zip(points, places, strict=True)]
    return render(
        "map.html", points=placed, themes=digest.themes, others=digest.other, width=MAP_WIDTH, height=MAP_HEIGHT,
        reach=MAP_REACH, hues=HUES,
    )  # fmt: skip


# ---- conversations
def turn_html(turn: Turn, last: bool = False) -> str:
    """A turn of a conversation: the question, the answer so far, and beneath it the papers used, what was checked and
    spent, and the buttons. While its state is `asking` it is marked as growing; `last` adds follow-up questions."""
    answer = turn.answer or Answer(turn.question, complete=False)
    used = [p for p in answer.papers if p.cited and answer.answered]
    return render(
        "turn.html",
        turn=turn,
        answer=answer,
        scope=_scope_line(turn),
        written=_answer_html(answer),
        notices=notices_html(answer.notices),
        used=used,
        others=[p for p in answer.papers if p not in used],
        facts=facts_html(answer.claims, answer.usage, answer.model),
        judge=_judge_label(turn),
        follow_ups=follow_ups(answer) if last and answer.answered else [],
    )


def _judge_label(turn: Turn) -> str:
    """What the button says that has an answer judged: also what that will cost. Empty if there is nothing to judge."""
    if turn.answer is None or turn.answer.judged or turn.state == "asking":
        return ""
    asked = plan_of(turn.answer)
    tokens = asked.prompt_tokens + asked.reply_tokens
    return f"Judge the wording (1 call, about {round(tokens, -1):,} tokens)" if asked.claims else ""


def _answer_html(answer: Answer) -> "Markup":
    if answer.comparison:
        return comparison_table(answer.comparison)
    if answer.digest:
        return digest_article(answer.digest)
    return draw("pieces.html", "prose", written_html(answer.text, answer.claims, by_label(answer.papers)))


def _scope_line(turn: Turn) -> str:
    """Which papers a question was limited to: `papers since 2026-01-01`, `1 chosen paper`; empty for all."""
    scope = turn.scope
    since, until = (scope.since and f"since {scope.since}", scope.until and f"until {scope.until}")
    papers = count_of(len(scope.only), "chosen paper") if scope.only else "papers"
    tagged = f"tagged {' and '.join(f'“{tag}”' for tag in scope.tags)}" if scope.tags else None
    parts = [part for part in (tagged, since, until) if part]
    return " ".join((papers, *parts)) if scope.only or parts else ""


def turns_html(turns: Sequence[Turn], more: bool = False) -> str:
    """The last turns of a conversation. `more`: others follow them."""
    earlier = len(turns) - SHOWN
    left_out = line_html(f"{earlier} earlier questions are in the export.", "empty") if earlier > 0 else ""
    return left_out + "".join(turn_html(turn, last=not more and turn is turns[-1]) for turn in turns[-SHOWN:])


def rail_html(
    conversations: Sequence[Conversation],
    shown: str | None,
    deleted: str | None = None,
    *,
    writing: Collection[str] = (),
    find: str = "",
    more: int | None = None,
) -> str:
    """The list of conversations by day; `deleted` is one that can still be restored, `writing` are those whose answer
    is being written, `find` what was searched for, `more` how many to list when older ones are asked for."""
    today = datetime.datetime.now(datetime.UTC).astimezone().date()
    days = groupby(conversations, key=lambda c: _day_name(c.changed, today))
    groups = [(name, list(of_day)) for name, of_day in days]
    return render("rail.html", groups=groups, shown=shown, deleted=deleted, writing=writing, find=find, more=more)


def _day_name(changed: str, today: datetime.date) -> str:
    """When something changed, as a list is grouped: `Today`, `Yesterday`, `Last week`, or its month. `changed` is in
    UTC, the groups are those of this machine's time zone."""
    day = datetime.datetime.fromisoformat(changed).astimezone().date()
    ago = (today - day).days
    if ago < 2:
        return "Yesterday" if ago == 1 else "Today"
    return "Last week" if ago < 8 else f"{day:%B %Y}"


# ---- papers
def source_html(paper: Paper | None, marked: Collection[int] = ()) -> str:
    """The panel beside the chat: a paper's abstract with the cited sentences marked; None for a removed paper."""
    return render("source.html", paper=paper, marked=marked)


def paper_html(
    paper: Paper,
    starred: bool,
    similar: Sequence[Paper],
    cited_by: Sequence[Turn],
    sources: "Sequence[MergedRecord]" = (),
) -> str:
    """A paper's own page: abstract with numbered sentences, tags and note, the records that it was merged of, similar
    papers, and the answers that cite it."""
    return render("paper.html", paper=paper, starred=starred, similar=similar, cited_by=cited_by, sources=sources)


def rows_html(
    papers: Sequence[Paper], starred: Collection[str], total: int, further: bool = False, order: str = ""
) -> str:
    """Papers as rows, each with its star; `total` is how many the whole list has, `further` whether there may be more,
    `order` how it is said to be sorted."""
    return render("rows.html", papers=papers, starred=starred, total=total, further=further, order=order)


def sample_html(count: int) -> str:
    """The line that offers to remove the bundled sample; empty without any of its papers."""
    return render("sample.html", count=count) if count else ""


def months_html(days: Sequence[str]) -> str:
    """Papers per month (per year over a long time) as bars; `days` as YYYY-MM-DD. Empty for fewer than two months."""
    counts = Counter(day[:7] for day in days)
    if len(counts) < 2:
        return ""
    start, end = (int(month[:4]) * 12 + int(month[5:7]) - 1 for month in (min(counts), max(counts)))
    unit, names = "month", [f"{n // 12}-{n % 12 + 1:02d}" for n in range(start, end + 1)]
    if len(names) > MOST_BARS:
        counts = Counter(day[:4] for day in days)
        unit, names = "year", [str(year) for year in range(int(min(counts)), int(max(counts)) + 1)]
    return render("months.html", names=names, counts=counts, most=max(counts.values()), unit=unit)
