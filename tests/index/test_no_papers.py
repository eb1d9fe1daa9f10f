"""Texts that people have beside papers: none of them gives a paper, and none crashes the reader."""

import json

import pytest

from index.sources import UnknownFormat, read_text

README = "# tidy-box\n\nA small tool.\n\n## Citation\n\n```\n@misc{t, title={T}, abstract={B.}}\n```\n"
LATEX = "\\documentclass{article}\n\\title{On Tides}\n\\begin{abstract}We tide.\\end{abstract}\n@misc\n"
MBOX = (
    "From ada@example.org Fri May 17 10:00:00 2024\nFrom: Ada <ada@example.org>\nTo: Bo <bo@example.org>\n"
    "Subject: Title; abstract; authors\nDate: Fri, 17 May 2024 10:00:00 +0000\n\nHello Bo,\n\nTY for the cake.\n\nAda\n"
)
TEXTS = {
    "a letter": "Dear Bo,\n\nthank you for the photographs. The one of the lake is the best.\n\nYours,\nAda · 12 May\n",
    "a letter with a list": "Hello all,\n\n- bring cake · 3 people\n- bring tea\n\nSee you on May 17, 2024.\n",
    "a mail": MBOX.partition("\n")[2],
    "an mbox": MBOX * 3,
    "a README": README,
    "a README with badges": "# Fast Net\n\n![build](https://x.example/b.svg)\n\nTitle: Fast Net\nAbstract: none\n",
    "a change log": "## 1.2.0 - 2024-05-17\n\n### Added\n- title and abstract\n\n## 1.1.0\n- first\n",
    "a log": "2024-05-17 10:00:00,123 INFO title=start abstract=none\n" * 20,
    "a web server's log": '127.0.0.1 - - [17/May/2024:10:00:00 +0000] "GET / HTTP/1.1" 200 12\n' * 10,
    "Python": "import csv\n\n@dataclass\nclass Paper:\n    title: str\n    abstract: str = ''\n\n",
    "Java": "@Entity\npublic class Paper {\n  @Column(name = \"title\") String title;\n}\n",
    "CSS": "@media print {\n  .title { color: red; }\n}\n@font-face { font-family: x; }\n",
    "SQL": "create table papers (title text, abstract text);\ninsert into papers values ('a', 'b');\n",
    "a LaTeX source": LATEX,
    "a bibliography without abstracts": "@article{a, title={A}, author={B, C}, year=2020}\n@book{b, title={D}}\n",
    "a table of prices": "sku,price,stock\nA-1,3.50,7\nB-2,4.10,0\n",
    "a table of films": "title,summary,year,director\nThe Lake,Two people meet.,1999,Ada Example\n",
    "a table of tickets": "Title;Description;Date\nBroken lamp;It flickers.;2024-05-17\n",
    "a table of people": "name\temail\nAda\tada@example.org\n",
    "a table of papers without abstracts": "title,authors,year\nRow Once,Ada Example,2024\n",
    "package.json": json.dumps({"name": "tidy", "version": "1.0.0", "description": "Boxes."}, indent=2),
    "a list of users": json.dumps([{"id": 1, "name": "Ada", "email": "ada@example.org"}, {"id": 2, "name": "Bo"}]),
    "tickets as JSON": json.dumps({"items": [{"title": "Broken lamp", "description": "It flickers.", "id": 7}]}),
    "a reply that failed": json.dumps({"message": "Not found", "code": 404}),
    "an empty reply": json.dumps({"total": 0, "data": []}),
    "a notebook": json.dumps({"cells": [{"cell_type": "code", "source": ["title = 1"]}], "nbformat": 4}),
    "a news feed": "<?xml version='1.0'?><rss version='2.0'><channel><item><title>Rain</title>"
    "<description>It rains.</description><link>https://news.example/1</link></item></channel></rss>",
    "news as JSON": json.dumps([{"title": "Rain", "summary": "It rains.", "publishedAt": "2024-05-17T10:00:00Z"}]),
    "episodes as JSONL": '{"id": "e1", "title": "Tides", "summary": "Us.", "publishedAt": "2024-05-17"}\n' * 2,
    "releases as a feed": "<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><entry><id>tag:1</id>"
    "<title>v1</title><updated>2024-05-17T10:00:00Z</updated><summary>It mends a bug.</summary></entry></feed>",
    "a chat": "[17/05/2024, 10:00:00] Ada: did you read it?\n[17/05/2024, 10:01:00] Bo: no · 2 are typing\n" * 5,
    "a thread": "r/tides\n·\n3 hr. ago\nada\n\nWhat of tides?\n\n"
    + "I was thinking of tides and of memory. " * 5
    + "\n\nUpvote\n120\n\nDownvote\n\n42 comments\nShare\n",
    "a recipe": "Lemon cake\n\nServes 8 · 45 minutes\n\nMix flour, sugar and butter until it is smooth, add eggs.\n\n"
    "  • 200 g flour\n  • 3 eggs\n·\nMar 2, 2025 7\n\nPlum tart\n",
    "a list of posts": "## [On Tides](https://blog.example/tides)\n\nHow the sea comes and goes, and why so twice a "
    "day.\n\nMay 17 · 5 min read\n\n[12](https://blog.example/x) [3](https://blog.example/y)\n" * 2,
    "a curriculum vitae": "Ada Example\n\nPublications\n\n1. On Tides. arXiv:2401.01234\n2. On Lakes. NeurIPS 2023.\n",
    "a calendar": "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Reading\nDESCRIPTION:A paper\nEND:VEVENT\nEND:VCALENDAR\n",
    "a drawing": "<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><title>A lake</title></svg>",
    "a note of a diary": "---\ntitle: Monday\ntags: [diary]\n---\n\nIt rained.\n",
    "a configuration": "[project]\nname = 'tidy'\ntitle = 'Tidy'\nabstract = 'none'\n",
    "subtitles": "1\n00:00:01,000 --> 00:00:02,000\nHello.\n\n2\n00:00:03,000 --> 00:00:04,000\nGoodbye.\n",
    "a RIS file of books": "TY  - BOOK\nTI  - A Book\nAU  - Example, Ada\nER  - \n",
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_no_paper_gives_none(name: str) -> None:
    try:
        reading = read_text(TEXTS[name], place="file")
    except UnknownFormat:
        return
    assert reading.papers == ()
    assert reading.rejects or name == "an empty reply"


NAMED = "a letter|an mbox|a README|a LaTeX source|Python|CSS|a table of films|a list of users|package.json|a news feed"


@pytest.mark.parametrize("name", NAMED.split("|"))
def test_what_is_not_understood_is_refused_with_what_is(name: str) -> None:
    with pytest.raises(UnknownFormat, match="bibtex: BibTeX"):
        read_text(TEXTS[name])
