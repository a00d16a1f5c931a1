"""A link to an answer: saved when asked for, true to its evidence later, deleted by who may."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from assistant.datatypes import Abstention, Answer
from assistant.pipeline import Casebook
from assistant.records.answers import SavedAnswers
from assistant.web.security import FORM_POLICY, PAGE_POLICY
from assistant.web.unsaved import MOST, SECONDS, Unsaved
from tests.web.serving import ELSEWHERE, client_for, shown, token_in

QUESTION = "Did vaccination rise in Moorland?"
ROSE = "Vaccination rose to 94 per cent."


@pytest.fixture
def served(book: Casebook) -> Iterator[tuple[Casebook, TestClient]]:
    with client_for(book) as client:
        yield book, client


def saved_by_hand(book: Casebook) -> str:
    """The id of a saved answer that quotes ROSE."""
    answer = book.ask(QUESTION)
    assert ROSE in [citation.quote for citation in answer.citations]
    return SavedAnswers(book.settings.index).save(answer).id


def rewrite(book: Casebook, old: str, new: str) -> None:
    path = book.settings.corpus / "moorland.md"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    book.build()


def test_saving_asks_first_and_leads_to_the_answer(book: Casebook) -> None:
    unsaved = Unsaved()
    name = unsaved.hold(book.ask(QUESTION))
    with client_for(book, unsaved) as client:
        page = client.get(f"/save/{name}")
        assert QUESTION in page.text
        assert "Until now nothing of this answer is stored." in page.text
        assert not (book.settings.index / "answers").exists()
        refused = client.post(f"/save/{name}", data={"form_token": "0" * 64})
        assert refused.status_code == 400
        body = {"form_token": token_in(page.text)}
        done = client.post(f"/save/{name}", data=body)
        assert done.status_code == 200
        assert "Delete the saved answer" in done.text
        (saved,) = SavedAnswers(book.settings.index).all()
        assert str(done.url).endswith(f"/answers/{saved.id}?key={saved.key}")
        assert client.post(f"/save/{'0' * 32}", data=body).status_code == 404
        assert "This answer is not held any more" in client.get(f"/save/{'0' * 32}").text


def test_evidence_that_stands(served: tuple[Casebook, TestClient]) -> None:
    book, client = served
    page = client.get(f"/answers/{saved_by_hand(book)}")
    assert page.status_code == 200
    assert f"<title>{QUESTION} – Casebook</title>" in page.text
    words = shown(page.text)
    assert "stand word for word in the case studies as they are now." in words
    assert "These words stand unchanged in their source." in words
    assert f"{ROSE}" in words
    assert "index generation 000001, the same" in words
    assert "<script" not in page.text


def test_evidence_that_changed(served: tuple[Casebook, TestClient]) -> None:
    book, client = served
    link = f"/answers/{saved_by_hand(book)}"
    rewrite(book, "94 per cent", "96 per cent")
    page = client.get(link)
    words = shown(page.text)
    assert "has changed or gone since this answer was given." in words
    assert "These words have changed in their source since." in words
    assert "The nearest words now: “ Vaccination rose to 96 per cent. ”" in words
    assert "<ins>96</ins>" in page.text
    assert ROSE in words  # what was answered is still shown


def test_evidence_that_was_removed(served: tuple[Casebook, TestClient]) -> None:
    book, client = served
    link = f"/answers/{saved_by_hand(book)}"
    (book.settings.corpus / "moorland.md").unlink()
    book.build()
    page = client.get(link)
    assert "The case study has been removed since." in page.text
    assert 'href="/source/moorland.md' not in page.text


def test_a_refusal_is_saved_with_its_closest_passages(served: tuple[Casebook, TestClient]) -> None:
    book, client = served
    hits = book.ask(QUESTION).hits
    refusal = Answer(QUESTION, "Other words?", (), hits, 0.1, Abstention("Nothing says."), "000001")
    saved = SavedAnswers(book.settings.index).save(refusal)
    words = shown(client.get(f"/answers/{saved.id}").text)
    assert "The case studies did not say" in words
    assert "Understood as: Other words?" in words
    assert "All 3 passages stand word for word" in words


def test_only_who_saved_it_or_an_editor_may_delete(served: tuple[Casebook, TestClient]) -> None:
    book, client = served
    answer_id = saved_by_hand(book)
    kept = SavedAnswers(book.settings.index)
    saved = kept.get(answer_id)
    assert saved is not None
    link, delete = f"/answers/{answer_id}", f"/answers/{answer_id}/delete"
    reader = client.get(link, headers=ELSEWHERE)
    assert "Delete this answer" not in reader.text
    assert reader.headers["content-security-policy"] == PAGE_POLICY
    owner = client.get(f"{link}?key={saved.key}", headers=ELSEWHERE)
    assert owner.headers["content-security-policy"] == FORM_POLICY
    token = token_in(owner.text)
    for key in ("", "wrong", "ü"):
        body = {"form_token": token, "key": key}
        assert client.post(delete, data=body, headers=ELSEWHERE).status_code == 403
    assert kept.get(answer_id) is not None
    done = client.post(delete, data={"form_token": token, "key": saved.key}, headers=ELSEWHERE)
    assert "The saved answer was deleted" in done.text
    assert kept.get(answer_id) is None
    assert client.get(link).status_code == 404


def test_a_form_without_our_token_changes_nothing(served: tuple[Casebook, TestClient]) -> None:
    book, client = served
    answer_id = saved_by_hand(book)
    for token in ("", "0" * 64, "ü"):
        done = client.post(f"/answers/{answer_id}/delete", data={"form_token": token})
        assert done.status_code == 400
        assert "This form is out of date" in done.text
    assert client.get(f"/answers/{answer_id}").status_code == 200


def test_only_editors_see_the_list(served: tuple[Casebook, TestClient]) -> None:
    book, client = served
    assert "Nobody has saved an answer yet." in client.get("/answers").text
    saved_by_hand(book)
    assert QUESTION in client.get("/answers").text
    refused = client.get("/answers", headers=ELSEWHERE)
    assert refused.status_code == 403
    assert QUESTION not in refused.text


@pytest.mark.parametrize("name", ["0" * 32, "f" * 32])
def test_no_such_answer(served: tuple[Casebook, TestClient], name: str) -> None:
    page = served[1].get(f"/answers/{name}")
    assert page.status_code == 404
    assert "No such saved answer" in page.text


def test_hostile_words_stay_words(served: tuple[Casebook, TestClient]) -> None:
    book, client = served
    question = "<script>alert(1)</script> vaccination rise {{7*7}}?"
    saved = SavedAnswers(book.settings.index).save(book.ask(question))
    page = client.get(f"/answers/{saved.id}")
    assert "<script" not in page.text
    assert "{{7*7}}" in shown(page.text)


def test_answers_are_held_for_an_hour_and_not_without_end(book: Casebook) -> None:
    now = [0.0]
    unsaved = Unsaved(lambda: now[0])
    answer = book.ask(QUESTION)
    first = unsaved.hold(answer)
    assert unsaved.get(first) == answer
    assert unsaved.get("other") is None
    now[0] = SECONDS + 1
    assert unsaved.get(first) is None
    names = [unsaved.hold(answer) for _ in range(MOST + 1)]
    assert unsaved.get(names[0]) is None
    assert unsaved.get(names[1]) == answer
