"""Pictures of every tab with the bundled sample: python tests/window/screenshots.py FOLDER

At 1280 and 390 pixels, light and dark, in quotes mode. Needs Chromium and the test dependencies.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path[:0] = [str(folder) for folder in (Path(__file__).parent, *Path(__file__).parents[1:3])]

from conftest import FLAGS  # noqa: E402
from served_window import Window, served  # noqa: E402

from index.sample import sample_papers  # noqa: E402

QUESTION = "Which papers speed up inference of language models, and by how much?"
WIDTHS = {1280: 860, 390: 844}


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
    page.goto(f"{window.url}/?a=FBNetV3&b=SpAtten")
    page.get_by_role("button", name="Compare", exact=True).click()
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


def main() -> None:
    """Serve the sample, and take all pictures."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as home:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for width, height in WIDTHS.items():
            for scheme in ("light", "dark"):
                with served(Path(home) / f"{width}-{scheme}", papers=sample_papers()) as window:
                    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
                    page.goto(window.url)

                    def save(name: str, page: Any = page, end: str = f"{width}-{scheme}.png") -> None:
                        page.wait_for_timeout(500)
                        page.screenshot(path=folder / f"{name}-{end}")
                        print(folder / f"{name}-{end}")

                    take(page, window, save)
                    page.close()
        browser.close()


if __name__ == "__main__":
    main()
