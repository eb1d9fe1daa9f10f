"""The bundled sample in the window: descriptions are told from abstracts; one click removes it, one restores it."""

from typing import Any

from index.paper import DESCRIBED, Paper
from index.sample import sample_papers

REAL = Paper(
    title="Owls: A Study",
    abstract="Owls hear mice under 30 cm of snow. We measure it.",
    url="https://arxiv.org/abs/2601.00001",
)


def ask(page: Any, question: str) -> Any:
    box = page.get_by_role("textbox", name="Question", exact=True)
    box.fill(question)
    box.press("Enter")
    page.locator(".turn .actions").wait_for()
    return page.locator(".turn").last


def test_a_description_is_told_from_an_abstract(serve: Any, open_page: Any) -> None:
    window = serve(papers=sample_papers())
    page = open_page(window.url)
    turn = ask(page, "Which papers speed up attention in hardware, and by how much?")
    assert "In the papers' own words" not in turn.inner_text()
    assert "your papers' own words" not in turn.inner_text()
    for card in turn.locator(".card:has(q)").all():
        assert DESCRIBED in (card.text_content() or "")
    turn.locator(".sources summary").first.click()
    assert DESCRIBED in turn.locator(".sources").inner_text()
    turn.locator(".cite").first.click()
    page.locator("#source mark").wait_for()
    assert DESCRIBED in page.locator("#source").inner_text()
    page.get_by_role("link", name="Open in the library").click()
    page.locator(".paper-page").wait_for()
    assert DESCRIBED in page.locator(".paper-page").inner_text()


def test_the_sample_is_removed_in_one_click_and_comes_back(serve: Any, open_page: Any) -> None:
    window = serve(papers=(*sample_papers(), REAL))
    page = open_page(f"{window.url}/?tab=library")
    page.get_by_role("button", name="Remove the sample").click()
    page.get_by_text("Removed the 26 papers of the sample.").wait_for()
    assert [paper.id for paper in window.assistant.library.papers()] == [REAL.id]
    assert page.get_by_role("button", name="Remove the sample").count() == 0
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Remove the sample").wait_for()
    assert window.assistant.library.count() == 27


def test_removing_the_sample_is_offered_when_the_first_papers_come(serve: Any, open_page: Any) -> None:
    window = serve(papers=sample_papers())
    page = open_page(f"{window.url}/?tab=library")
    page.get_by_role("button", name="Add papers").click()
    library = page.locator("#library")
    library.get_by_label("Paste").fill('{"title": "Owls: A Study", "abstract": "Owls hear mice under snow."}')
    library.get_by_role("button", name="Add what is pasted").click()
    library.locator(".report").get_by_role("button", name="Remove the sample").click()
    page.get_by_text("Removed the 26 papers of the sample.").wait_for()
    assert window.assistant.library.count() == 1


def test_what_was_added_is_told_and_the_box_is_cleared(serve: Any, open_page: Any) -> None:
    old = REAL.with_(upvotes=1)
    window = serve(papers=[old])
    page = open_page(f"{window.url}/?tab=library")
    page.get_by_role("button", name="Add papers").click()
    library = page.locator("#library")
    box = library.get_by_label("Paste")
    again = '{"id": "arxiv:2601.00001", "title": "Owls: A Study", "abstract": "Owls hear mice.", "upvotes": 5}'
    box.fill(again + '\n{"title": "Mice", "abstract": "Mice fear owls."}\n{"title": "Nothing"}\n')
    library.get_by_role("button", name="Add what is pasted").click()
    said = "1 paper added, 1 was there already (and was updated), 1 could not be added."
    library.get_by_text(said).wait_for()
    library.get_by_text("What was updated").click()
    assert "Owls: A Study new abstract, upvotes" in library.locator(".report").inner_text()
    page.wait_for_function("document.querySelector('#library .add-form textarea').value === ''")
    box.fill("just some words")
    library.get_by_role("button", name="Add what is pasted").click()
    library.get_by_role("alert").wait_for()
    assert box.input_value() == "just some words"
