"""What a person drops on the page, or pastes where a question belongs."""

from typing import Any

from index.sample import sample_papers

ENTRY = """@article{{key{n},
  title = {{A study of sparse attention, part {n}}},
  abstract = {{We study sparse attention on {n} kinds of hardware. It is {n}.5 times faster than dense attention.}},
  eprint = {{2603.{n:05d}}},
  year = {{2026}},
}}
"""
PASTED = "\n".join(ENTRY.format(n=n) for n in range(11, 17))


def ready(page: Any) -> Any:
    page.locator("#question textarea:enabled").wait_for()
    return page.get_by_role("textbox", name="Question", exact=True)


def drop(page: Any, name: str, text: str) -> None:
    script = "([name, text]) => { const d = new DataTransfer(); d.items.add(new File([text], name)); return d; }"
    page.dispatch_event("#chat", "dragover", {"dataTransfer": page.evaluate_handle(script, [name, text])})
    assert "dropping" in (page.locator("body").get_attribute("class") or "")
    page.dispatch_event("#chat", "drop", {"dataTransfer": page.evaluate_handle(script, [name, text])})
    assert "dropping" not in (page.locator("body").get_attribute("class") or "")


def test_a_file_dropped_on_the_page_is_added(open_page: Any, serve: Any) -> None:
    window = serve(papers=sample_papers())
    page = open_page(window.url)
    ready(page)
    drop(page, "six.bib", PASTED)
    page.get_by_text("6 papers added").first.wait_for()
    assert window.assistant.library.count() == len(sample_papers()) + 6


def test_a_file_dropped_on_a_papers_page_is_added(open_page: Any, serve: Any) -> None:
    window = serve(papers=sample_papers())
    page = open_page(f"{window.url}/?paper={sample_papers()[0].id}")
    page.locator(".paper-page h1").wait_for()
    page.get_by_role("tab", name="Ask").click()
    drop(page, "six.bib", PASTED)
    page.get_by_text("6 papers added").first.wait_for()


def test_papers_pasted_as_a_question_are_added_on_request(open_page: Any, serve: Any) -> None:
    window = serve(papers=sample_papers())
    page = open_page(window.url)
    box = ready(page)
    offer = page.get_by_role("button", name="Add them to the library")
    box.fill("Which papers speed up attention?")
    assert not offer.is_visible()
    box.fill(PASTED)
    offer.click()
    page.get_by_text("6 papers added").first.wait_for()
    assert window.assistant.library.count() == len(sample_papers()) + 6
    page.get_by_role("tab", name="Ask").click()
    assert box.input_value() == ""
    assert not offer.is_visible()


def test_into_an_empty_library_a_file_may_be_dropped_anywhere(open_page: Any, serve: Any) -> None:
    window = serve()
    page = open_page(window.url)
    page.locator(".add-form").first.wait_for()
    drop(page, "six.bib", PASTED)
    page.get_by_text("6 papers at hand").wait_for()
    assert window.assistant.library.count() == 6
