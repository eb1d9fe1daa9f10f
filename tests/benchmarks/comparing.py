"""How well the comparison in quotes holds: run it on a page of papers, or on labelled sentences.

python tests/benchmarks/comparing.py pairs PAGE            every pair of a file's papers: rows, full rows, repeats
python tests/benchmarks/comparing.py roles PAPERS [LABELS] sentences that were labelled before the rules were
                                                           run on them (LABELS: id -> roles and telling sentences)
python tests/benchmarks/comparing.py lies PAGE URL [N [K]] N pairs, or sets of K papers in rows of one's own, through
                                                           a chat server (one that lies): what is published is looked
                                                           up in the abstracts again
"""

import asyncio
import json
import random
import re
import sys
import time
from collections import Counter
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[2]))

from assistant.compare.quotes import ASPECTS, RECORD_ASPECT, quote_rows, sentences_by_aspect
from assistant.documents import Comparison, LabelledPaper
from assistant.rhetoric import main_role, scored_sentences, telling_sentence
from index.sources import read_file

OWN_ROWS = "Approach; Data set; Hardware; Open code?; Speedup; Memory"


def pairs(page: str) -> None:
    """Every pair of a file's papers: how many have four rows, three of them full and not of the record."""
    papers = read_file(Path(page)).papers
    short, repeats, rows_seen = [], 0, Counter[int]()
    started = time.perf_counter()
    for a, b in combinations(papers, 2):
        rows = quote_rows((LabelledPaper(1, a), LabelledPaper(2, b)))
        full = [row.aspect for row in rows if all(row.cells) and row.aspect != RECORD_ASPECT]
        for column in zip(*(row.cells for row in rows), strict=True):
            cited = [c for cell in column if cell for c in cell.citations if c.sentence]
            repeats += len(cited) - len(set(cited))
        rows_seen[len(rows)] += 1
        if len(rows) < 4 or len(full) < 3:
            short.append(f"{a.title[:50]} | {b.title[:50]}: {len(rows)} rows, full: {', '.join(full)}")
    total = len(papers) * (len(papers) - 1) // 2
    print("\n".join(short))
    print(f"{total - len(short)} of {total} pairs ({1 - len(short) / total:.1%}) have four rows, three of them full")
    print(f"rows: {dict(sorted(rows_seen.items()))}; sentences that stand twice in a column: {repeats}")
    print(f"{(time.perf_counter() - started) / total * 1000:.2f} ms a pair")


def roles(source: str, labels: str = str(Path(__file__).with_name("sentence_roles.json"))) -> None:
    """Labelled sentences: how often the rules give an accepted role, and the table the right sentence."""
    told = json.loads(Path(labels).read_text())
    papers = [paper for paper in read_file(Path(source)).papers if paper.id in told]
    right = total = telling = 0
    table: dict[str, Counter[str]] = {aspect: Counter() for aspect in ASPECTS}
    for paper in papers:
        accepted = told[paper.id]["roles"]
        for (_, scores), roles_of_it in zip(scored_sentences(paper.sentences, paper.title), accepted, strict=True):
            right, total = right + (main_role(scores) in roles_of_it), total + 1
        telling += telling_sentence(paper).number in told[paper.id]["telling"]
        chosen = sentences_by_aspect(paper)
        for aspect, (role, _) in ASPECTS.items():
            fits = aspect in chosen and role in accepted[chosen[aspect].number - 1]
            stated = any(roles_of_it[0] == role for roles_of_it in accepted)
            table[aspect].update(
                {"filled": aspect in chosen, "right": fits, "stated": stated, "found": stated and fits}
            )
    print(f"{len(papers)} papers, {right} of {total} sentences in an accepted role; telling sentence {telling}")
    for aspect, counts in table.items():
        print(
            f"{aspect:17} right {counts['right']} of {counts['filled']}, found {counts['found']} of {counts['stated']}"
        )
    whole = sum(table.values(), Counter())
    print(f"{'all rows':17} right {whole['right']} of {whole['filled']}, found {whole['found']} of {whole['stated']}")


def false_things(comparison: Comparison) -> list[str]:
    """What a comparison publishes that its abstracts do not hold: quotes word by word, figures and odd names of
    the rest in the cited sentences."""
    by_label = {p.label: p.paper for p in comparison.papers}
    found = []
    claims = [c for row in comparison.rows if row.aspect != RECORD_ASPECT for c in row.cells if c]
    for claim in (*claims, *comparison.summary):
        sentences = [by_label[int(c.label)].sentences[c.sentence - 1].text for c in claim.citations if c.sentence]
        text = re.sub(r"\s*\[[\d., ]+\]\.?$", "", claim.text)
        if quote := re.fullmatch(r"“(.*)”", text):
            found += [] if quote[1] in sentences else [claim.text]
            continue
        source = " ".join(sentences)
        tokens = re.findall(r"\d+(?:\.\d+)?|\w*[A-Z]\w*-?\d+", text)
        found += [f"{token}: {claim.text}" for token in tokens if token not in source]
    return found


def lies(page: str, url: str, number: str = "100", size: str = "2") -> None:
    """Papers through a chat server that lies: what it wrote that was published although no abstract holds it."""
    asyncio.run(_lies(page, url, int(number), int(size)))


async def _lies(page: str, url: str, number: int, size: int) -> None:
    from assistant.compare import compare
    from assistant.llm import ChatModel
    from assistant.settings import Settings
    from index.library import Library

    papers = read_file(Path(page)).papers
    chance = random.Random(1)
    if size == 2:
        chosen = chance.sample(list(combinations(papers, 2)), number)
    else:
        chosen = [tuple(chance.sample(papers, size)) for _ in range(number)]
    rows = OWN_ROWS if size > 2 else ""
    published, false, modes = 0, [], Counter[str]()
    most_tokens = calls = 0
    with TemporaryDirectory() as home, Library.open(Path(home), "hashing") as library:
        model = ChatModel(Settings.load(home=home, base_url=url, api_key="any", model="stand-in"))
        for together in chosen:
            async for comparison in compare(library, *together, model=model, rows=rows):
                last = comparison
            modes[last.mode] += 1
            published += sum(cell is not None for row in last.rows for cell in row.cells) + len(last.summary)
            false += false_things(last)
            most_tokens, calls = max(most_tokens, last.usage.prompt_tokens), calls + last.usage.llm_calls
    print("\n".join(false))
    print(f"{number} sets of {size}, {calls} calls, at most {most_tokens} prompt tokens, modes {dict(modes)}")
    print(f"{published} cells and sentences published, {len(false)} false things in them")


if __name__ == "__main__":
    jobs = {"pairs": pairs, "roles": roles, "lies": lies}
    if len(sys.argv) < 3 or sys.argv[1] not in jobs:
        sys.exit(__doc__)
    jobs[sys.argv[1]](*sys.argv[2:])
