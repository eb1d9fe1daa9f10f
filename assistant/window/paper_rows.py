"""Papers as rows, and papers per month as a chart, in HTML."""

from collections import Counter
from collections.abc import Collection, Sequence

from assistant.window.panel import meta_line, paper_link
from assistant.window.parts import button, count_of, listed
from index.paper import Paper

MOST_BARS = 120  # months; more are drawn as years


def rows_html(papers: Sequence[Paper], starred: Collection[str], total: int) -> str:
    """The papers of a list, each with its star; `total` is how many the list has in all."""
    if not papers:
        return '<p class="empty">No paper fits. Change the words or the filters.</p>'
    rows = []
    for paper in papers:
        on = paper.id in starred
        label = f"{'Take the star from' if on else 'Star'} {paper.shown_title}"
        star = button("★" if on else "☆", "star", style="quiet star", label=label, pressed=on, paper=paper.id)
        title = f'<p class="title">{paper_link(paper, with_day=False)}</p>'
        rows.append(f'<div>{title}<p class="meta">{meta_line(paper)}</p></div>{star}')
    shown = count_of(total, "paper")
    if len(papers) < total:
        shown = f"Showing {len(papers):,} of {shown}"
    return f'<p class="count" role="status">{shown}</p>{listed(rows, "rows")}'


def months_html(days: Sequence[str]) -> str:
    """Papers per month (of a long time: per year) as bars; `days` as YYYY-MM-DD. Empty for fewer than two months."""
    counts = Counter(day[:7] for day in days)
    if len(counts) < 2:
        return ""
    names = _months(min(counts), max(counts))
    if len(names) > MOST_BARS:
        counts = Counter(day[:4] for day in days)
        names = [str(year) for year in range(int(min(counts)), int(max(counts)) + 1)]
    most, width = max(counts.values()), 100 / len(names)
    bar = max(width - min(width / 5, 0.4), 0.2)
    bars = "".join(
        f'<rect x="{i * width:.3f}%" y="{100 - height:.2f}%" width="{bar:.3f}%" height="{height:.2f}%">'
        f"<title>{name}: {counts[name]}</title></rect>"
        for i, name in enumerate(names)
        if (height := 100 * counts[name] / most)
    )
    unit = "month" if len(names[0]) == 7 else "year"
    said = f"Papers per {unit} from {names[0]} to {names[-1]}, at most {most}"
    return (
        f'<figure class="months"><figcaption>Papers per {unit}, at most {most}</figcaption>'
        f'<svg role="img" aria-label="{said}" width="100%" height="72">{bars}</svg>'
        f"<p><span>{names[0]}</span><span>{names[-1]}</span></p></figure>"
    )


def _months(first: str, last: str) -> list[str]:
    start, end = (int(m[:4]) * 12 + int(m[5:7]) - 1 for m in (first, last))
    return [f"{n // 12}-{n % 12 + 1:02d}" for n in range(start, end + 1)]
