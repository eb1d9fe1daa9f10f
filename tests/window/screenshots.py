"""Pictures of every tab with the bundled sample: python tests/window/screenshots.py FOLDER

At 1280, 1440 and 390 pixels, light and dark, in quotes mode; with other papers or none, and conversations, as
`--help` says. Needs Chromium and the test dependencies.
"""

import argparse
import datetime
import itertools
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

sys.path[:0] = [str(folder) for folder in (Path(__file__).parent, *Path(__file__).parents[1:3])]

from browser import launched  # noqa: E402
from served_window import Window, served  # noqa: E402

from assistant.conversations import QuestionScope  # noqa: E402
from assistant.documents import Answer  # noqa: E402
from index.sample import sample_papers  # noqa: E402
from index.sources import read_file  # noqa: E402

QUESTION = "Which papers speed up inference of language models, and by how much?"
WIDTHS = {1280: 860, 1440: 900, 390: 844}


def take(page: Any, window: Window, save: Any) -> None:
    """Go through the tabs, and save a picture of each."""
    box = page.get_by_role("textbox", name="Question", exact=True)
    box.wait_for()
    page.get_by_role("group", name="Examples").wait_for()
    save("start")
    box.fill(QUESTION)
    box.press("Enter")
    page.locator(".turn .actions").wait_for()
    page.locator(".turn summary").first.click()
    save("answer")
    page.locator(".cite").first.hover()
    page.locator(".card").first.wait_for()
    save("card")
    page.locator(".cite").first.click()
    page.locator("#source mark").wait_for()
    page.mouse.move(2, 300)
    save("source")
    page.goto(f"{window.url}/?tab=weekly")
    page.get_by_role("button", name="Sum up").click()
    page.locator("#digest .facts").wait_for()
    save("weekly")
    first, second = (paper.id for paper in window.assistant.library.papers()[:2])
    page.goto(f"{window.url}/?{urlencode({'a': first, 'b': second})}")
    page.locator("#comparison .facts").wait_for()
    save("compare")
    page.goto(f"{window.url}/?tab=library")
    page.locator("#rows li").first.wait_for()
    save("library")
    page.locator("#rows a").nth(2).click()
    page.locator(".paper-page h1").wait_for()
    save("paper")
    page.goto(f"{window.url}/?tab=model")
    page.locator("#model .greeting").wait_for()
    save("model")


def fill(window: Window, count: int) -> None:
    """Keep so many conversations, of many days."""
    changed = datetime.datetime.now(datetime.UTC)
    for number in range(count):
        changed -= datetime.timedelta(hours=7)
        turn = window.conversations.ask("", None, f"{QUESTION} Part {number}", QuestionScope())
        window.conversations.save(turn.id, Answer(turn.question, text="The papers do not say."), "done")
        with window.conversations._write() as rows:
            rows.execute("UPDATE conversations SET changed = ? WHERE id = ?", (changed.isoformat(), turn.conversation))


def take_empty(page: Any, window: Window, save: Any) -> None:
    """Every tab of a library without papers."""
    page.locator(".add-form").first.wait_for()
    save("start")
    for tab in ("weekly", "compare", "library", "model"):
        page.goto(f"{window.url}/?tab={tab}")
        page.wait_for_timeout(1500)
        save(tab)


def main() -> None:
    """Serve the papers, and take all pictures."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--papers", type=Path, help="a file of papers in place of the sample; an empty one for none")
    parser.add_argument("--conversations", type=int, default=0, help="how many are in the list")
    asked = parser.parse_args()
    folder: Path = asked.folder
    folder.mkdir(parents=True, exist_ok=True)
    papers = sample_papers()
    if asked.papers:
        papers = read_file(asked.papers).papers if asked.papers.stat().st_size else ()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as home:
        browser = launched(playwright)
        with served(Path(home), papers=papers) as window:
            fill(window, asked.conversations)
            for (width, height), scheme in itertools.product(WIDTHS.items(), ("light", "dark")):
                page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
                page.goto(window.url)

                def save(name: str, page: Any = page, end: str = f"{width}-{scheme}.png") -> None:
                    page.wait_for_timeout(500)
                    page.screenshot(path=folder / f"{name}-{end}")
                    print(folder / f"{name}-{end}")

                (take if papers else take_empty)(page, window, save)
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
