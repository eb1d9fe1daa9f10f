"""Adding papers: the bundled sample, a paste, links or a file; and the report of what was added and rejected."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.render.html import render
from assistant.window.add_report import UPDATES_SHOWN, papers_met, report_html, updates_of
from assistant.window.context import QUIET, WindowContext, html
from assistant.window.layout import beside
from assistant.window.markup import problem_html
from index.errors import LibraryError
from index.paper import SAMPLE, AddReport, Paper, Reject
from index.safety.system_errors import sentence

if TYPE_CHECKING:
    from index.library import Library
    from index.sources import Reading

LOOKED_AT = 0.3  # seconds between two updates of the progress


@dataclass(frozen=True)
class AddForm:
    """The components of the form; `report` shows the result, `done` changes when papers were added."""

    report: gr.HTML
    done: gr.State


@dataclass
class _Came:
    """What came of a paste, links or a file: `source` is its name, `read` the sources that were read to their end.
    A reject without a source is no record: it says what could not be fetched."""

    source: str = ""
    papers: list[Paper] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    taken: bool = False  # the library has at least one of the papers now

    def take(self, reading: "Reading", source: str) -> None:
        """Adds what a source held."""
        self.papers += reading.papers
        self.rejects += (replace(reject, source=source) for reject in reading.rejects)
        self.notices += reading.notices


async def _add(context: WindowContext, came: _Came) -> AsyncGenerator[str, None]:
    """The progress of adding papers as HTML, and finally the report. The library keeps the rejects."""
    library = context.assistant.library
    before = await asyncio.to_thread(papers_met, library, came.papers)
    stored = [0]

    def note(count: int, total: int) -> None:
        stored[0] = count

    adding = asyncio.create_task(asyncio.to_thread(library.add, came.papers, note))
    while not adding.done():
        line = f"Stored {stored[0]:,} of {len(came.papers):,} …"
        yield render("progress.html", line=line, share=f"{stored[0] / max(len(came.papers), 1):.3f}")
        await asyncio.wait({adding}, timeout=LOOKED_AT)
    report = adding.result()
    kept = [reject for reject in came.rejects if reject.source]
    kept += (replace(reject, source=came.source) for reject in report.rejected)
    await asyncio.to_thread(library.keep_rejects, replace(report, rejected=tuple(kept)), read=came.read)
    whole = AddReport(rejected=tuple(came.rejects), notices=tuple(came.notices)) + report
    samples = await asyncio.to_thread(_samples_left, library, report)
    now = await asyncio.to_thread(library.papers_by_id, report.updated[:UPDATES_SHOWN])
    updates = updates_of(before, came.papers, now.values())
    came.taken = bool(report.new or report.updated or report.unchanged)
    yield report_html(whole, updates, kept=bool(kept), samples=samples)


def _samples_left(library: "Library", report: AddReport) -> int:
    """How many papers of the sample are beside those that came, if any came that are not of the sample."""
    if not report.new and not report.updated:
        return 0
    sample = set(library.of_source(SAMPLE))
    return len(sample) if not sample.issuperset(report.new + report.updated) else 0


async def _fetch(context: WindowContext, urls: Sequence[str], came: _Came) -> AsyncGenerator[str, None]:
    """The progress of fetching links, ids and DOIs as HTML."""
    from index.sources.network.links import read_link
    from index.sources.network.zotero import is_zotero

    offline, home = context.assistant.settings.offline, context.assistant.library.path

    for number, url in enumerate(urls, 1):
        if is_zotero(url) and not context.own:
            came.rejects.append(Reject(url, "is read on its own machine only: run `papers add zotero:` there."))
            continue
        share = f"{(number - 1) / len(urls):.3f}" if len(urls) > 1 else None
        yield render("progress.html", line=f"Fetching {number} of {len(urls)}: {url} …", share=share)
        try:
            came.take(await asyncio.to_thread(read_link, url, offline=offline, home=home), url)
        except LibraryError as error:
            came.rejects.append(Reject(url, str(error)))
        else:
            came.read.append(url)


def _read(text: str, file: str | None) -> "Reading":
    """What was given: its papers and rejects, what it was in words, and how it was read."""
    from index.sources import read_file, read_text

    return read_file(Path(file)) if file else read_text(text, place="paste")


async def _complete(context: WindowContext, reading: "Reading", came: _Came) -> AsyncGenerator[str, None]:
    """The progress of fetching the abstracts that a reading lacks and arXiv has; `came` takes the whole reading."""
    from index.sources.network.abstracts import with_abstracts

    asked = [0]

    def note(done: int, _: int) -> None:
        asked[0] = done

    home, offline = context.assistant.library.path, context.assistant.settings.offline
    missing = len(reading.without_abstract)
    completing = asyncio.create_task(
        asyncio.to_thread(with_abstracts, reading, home=home, offline=offline, progress=note)
    )
    while missing and not offline and not completing.done():
        line = f"Fetching abstracts that are not on the page: {asked[0]:,} of {missing:,} …"
        yield render("progress.html", line=line, share=f"{asked[0] / missing:.3f}")
        await asyncio.wait({completing}, timeout=LOOKED_AT)
    whole = await completing
    came.notices.append(f"{whole.what[:1].upper()}{whole.what[1:]}.")
    came.take(whole, came.source)


async def add_from(
    context: WindowContext, text: str, file: str | None, sample: bool, came: _Came | None = None
) -> AsyncGenerator[tuple[str, int], None]:
    """What the report shows while papers are added, and the library's change number; `came` takes what came. Never
    raises: an error becomes a sentence."""
    from index.sources.network.links import links

    library = context.assistant.library
    came = came or _Came()
    came.source = Path(file).name if file else "paste"
    try:
        if sample:
            from index.sample import sample_papers

            came.papers += await asyncio.to_thread(sample_papers)
        elif not text.strip() and not file:
            yield problem_html("Paste some papers or choose a file first."), library.change()
            return
        elif urls := links(text):
            async for report in _fetch(context, urls, came):
                yield report, library.change()
        else:
            reading = await asyncio.to_thread(_read, text, file)
            async for report in _complete(context, reading, came):
                yield report, library.change()
            came.read += [came.source] if file else []
        async for report in _add(context, came):
            yield report, library.change()
    except (LibraryError, ValueError) as error:
        yield problem_html(str(error)), library.change()
    except OSError as error:
        yield problem_html(sentence(error, "read")), library.change()


def add_form(context: WindowContext, *, with_sample: bool) -> AddForm:
    """The form: a button for the bundled sample, a box to paste into, a file."""
    done = gr.State(0)
    events: list[tuple[Any, list[Any], bool]] = []
    if with_sample:
        sample = gr.Button("Start with the sample", variant="primary", elem_classes="sample")
    with beside("add-form"):
        with gr.Column():
            text = gr.Textbox(
                "",
                label="Paste",
                lines=5,
                max_lines=12,
                placeholder="A Daily Papers page, BibTeX, RIS, JSON or a table; or links, arXiv ids, DOIs, zotero:",
            )
            paste = gr.Button("Add what is pasted", elem_classes="paste")
        with gr.Column():
            file = gr.File(label="Or a file", type="filepath", height=150)
    report = html("")
    if with_sample:
        events.append((sample.click, [], True))
    events += [(paste.click, [text], False), (file.upload, [file], False)]
    for listen, inputs, from_sample in events:
        _wire(context, listen, inputs, (report, done), sample=from_sample, file=file in inputs)
    return AddForm(report, done)


def _wire(
    context: WindowContext, listen: Any, inputs: list[Any], outputs: tuple[Any, Any], *, sample: bool, file: bool
) -> None:
    async def add(value: str | None = None) -> AsyncGenerator[tuple[Any, ...], None]:
        came = _Came()
        left = [gr.update()] * len(inputs)
        shown: tuple[Any, ...] = (gr.update(), gr.update())
        async for shown in add_from(context, "" if file else value or "", value if file else None, sample, came):
            yield (*shown, *left)
        if came.taken:  # what nothing was taken of stays, to be mended
            yield (*shown, *([None if file else ""] * len(inputs)))

    listen(add, inputs, [*outputs, *inputs], **QUIET)
