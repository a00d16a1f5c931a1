"""Training groups from the case studies written for training: what may be in one, what may not."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from random import Random

import pytest

from assistant.datatypes import Document
from assistant.documents.corpus import read_corpus
from assistant.evaluation.questions import Question, read_questions
from assistant.settings import PROJECT
from training.compose import Options
from training.groups import Group
from training.written import FOLDER, Part, Written

PARTS = ("train", "choose")
LIBRARY = (
    "## The loan desk\n\nBooks are lent for six weeks. The desk opens at nine. "
    "Two volunteers sort what comes back.\n\n"
    "## The van\n\nA van calls at the farms. It carries large print. The driver knows every lane."
)
POOL = (
    "## Lanes\n\nSwimmers share four lanes. A guard watches from a chair. "
    "Lessons fill up by March.\n\n"
    "## Money\n\nThe pool costs a lot to heat. A trust pays for the roof. The shop earns little."
)


def write(folder: Path, name: str, place: str, theme: str, body: str) -> None:
    corpus = folder / "train" / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    front = f"---\ntitle: {name}\nplace: {place}\nthemes: [{theme}]\n---\n\n"
    (corpus / f"{name}.md").write_text(front + body + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def groups(tmp_path_factory: pytest.TempPathFactory) -> list[Group]:
    """Two hundred groups of three questions on two places."""
    folder = tmp_path_factory.mktemp("written")
    write(folder, "library", "Ambleford", "libraries", LIBRARY)
    write(folder, "pool", "Saltmere", "leisure", POOL)
    quote = "Books are lent for six weeks."
    rows = [
        ("library#1", "How long may Ambleford's readers keep books?", "single", quote),
        ("library#2", "How long can something be borrowed?", "open", quote),
        ("pool#1", "Who taught the lessons at Saltmere?", "near", None),
    ]
    lines = [
        {
            "id": key,
            "question": text,
            "kind": kind,
            "relevant": [{"doc": "library", "quote": quote}] if quote else [],
        }
        for key, text, kind, quote in rows
    ]
    content = "".join(json.dumps(line) + "\n" for line in lines)
    (folder / "train" / "questions.jsonl").write_text(content, encoding="utf-8")
    written, random = Written(Part("train", folder)), Random(3)  # noqa: S311 - draws examples
    return [written.draw(random, Options(unanswerable=0.1)) for _ in range(200)]


def test_at_most_the_first_passage_answers_and_only_by_the_sentence_that_does(
    groups: list[Group],
) -> None:
    for group in groups:
        assert not any(candidate.answers for candidate in group.candidates[1:])
        for candidate in group.candidates:
            says = tuple("six weeks" in sentence for sentence in candidate.sentences)
            assert candidate.labels == (says if candidate.answers else (False,) * len(says))


def test_a_question_asked_of_another_place_has_no_answer(groups: list[Group]) -> None:
    elsewhere = [g for g in groups if "Saltmere's readers" in g.question]
    assert elsewhere
    assert not any(candidate.answers for group in elsewhere for candidate in group.candidates)


def test_a_question_asked_of_its_own_place_is_never_said_to_be_unanswered_by_the_answer(
    groups: list[Group],
) -> None:
    own = [group for group in groups if "Ambleford's readers" in group.question]
    assert own
    for candidate in (c for group in own for c in group.candidates):
        assert candidate.answers == any("six weeks" in s for s in candidate.sentences)


def test_a_question_without_an_answer_is_read_beside_its_own_case_study(
    groups: list[Group],
) -> None:
    near = [group for group in groups if "Who taught" in group.question]
    texts = {s for group in near for c in group.candidates for s in c.sentences}
    assert "Lessons fill up by March." in texts
    assert not any(candidate.answers for group in near for candidate in group.candidates)


def test_a_near_miss_lacks_the_answer(groups: list[Group]) -> None:
    cut = [
        candidate
        for group in groups
        for candidate in group.candidates
        if "The desk opens at nine." in candidate.sentences and not candidate.answers
    ]
    assert any(not any("six weeks" in s for s in candidate.sentences) for candidate in cut)


@pytest.mark.parametrize("part", PARTS)
def test_every_quotation_stands_in_its_case_study(part: str) -> None:
    texts = {Path(document.doc_id).stem: document.text for document in documents(part)}
    for question in questions(part):
        for gold in question.gold:
            assert gold.quote in texts[gold.document], question.id


def test_no_theme_and_no_case_study_is_on_both_sides() -> None:
    themes, names = [], []
    for part in PARTS:
        themes.append({theme for d in documents(part) for theme in d.metadata.themes})
        names.append({d.doc_id for d in documents(part)})
    assert themes[0] and themes[1] and not themes[0] & themes[1]
    assert not names[0] & names[1]


def test_no_case_study_that_ships_is_trained_on() -> None:
    shipped = read_corpus(PROJECT / "corpus").documents
    places = {d.metadata.place.split(",")[0] for d in shipped if d.metadata.place}
    written = [d for part in PARTS for d in documents(part)]
    assert not places & {d.metadata.place for d in written}
    assert not {d.title for d in shipped} & {d.title for d in written}


@cache
def documents(part: str) -> tuple[Document, ...]:
    return tuple(read_corpus(FOLDER / part / "corpus").documents)


def questions(part: str) -> list[Question]:
    return read_questions(FOLDER / part / "questions.jsonl")
