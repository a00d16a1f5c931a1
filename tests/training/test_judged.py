"""Groups from judged passages: what may stand in one, and that the judgements fit the corpus."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from assistant.evaluation.questions import read_questions, rows_of
from training.compose import Options
from training.groups import Group
from training.judged import Judged
from training.written import FOLDER, Part

JUDGED = FOLDER / "train" / "judged.jsonl"
BODIES = {
    "baths": "## Heat\n\nHeat pumps halved the bill. Swimmers noticed nothing.",
    "depot": "## Power\n\nSolar panels paid for themselves. Drivers asked for shade.",
    "school": "## Warmth\n\nThe caretaker wears two coats. Perhaps a loan helped a little.",
    "hall": "## Roof\n\nThe roof was mended. Choirs came back in spring.",
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four case studies and two judged questions: one with two answers, one without."""
    folder = tmp_path_factory.mktemp("judged") / "train"
    (folder / "corpus").mkdir(parents=True)
    for name, body in BODIES.items():
        text = f"---\ntitle: The {name}\nplace: Town\nthemes: [energy]\n---\n\n{body}\n"
        (folder / "corpus" / f"{name}.md").write_text(text, encoding="utf-8")
    opening = {
        "baths": "Heat pumps halved the bill.",
        "depot": "Solar panels paid for themselves.",
        "school": "The caretaker wears two coats.",
        "hall": "The roof was mended.",
    }
    shown = [{"doc": doc, "quote": quote} for doc, quote in opening.items()]
    arguable = {"doc": "school", "quote": "Perhaps a loan helped a little."}
    rows: list[dict[str, object]] = [
        {"question": "What saved energy?", "relevant": shown[:2], "borderline": [arguable]},
        {"question": "Who insured the roof?", "relevant": []},
    ]
    lines = [
        json.dumps({"id": str(n), "kind": "judged", "shown": shown, **row})
        for n, row in enumerate(rows)
    ]
    (folder / "judged.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    plain = {"id": "0", "question": "What?", "kind": "open", "relevant": []}
    (folder / "questions.jsonl").write_text(json.dumps(plain) + "\n", encoding="utf-8")
    return folder.parent


@pytest.fixture(scope="module")
def groups(written: Path) -> list[Group]:
    """Two hundred groups of both questions."""
    return drawn(Judged(Part("train", written), written))


def drawn(judged: Judged) -> list[Group]:
    random = Random(5)  # noqa: S311
    return [judged.draw(random, Options(unanswerable=0.1)) for _ in range(200)]


def asked(groups: list[Group], word: str) -> list[Group]:
    return [group for group in groups if word in group.question]


def test_only_the_first_passage_answers_and_each_that_answers_is_drawn(
    groups: list[Group],
) -> None:
    found = asked(groups, "energy")
    assert not any(c.answers for group in groups for c in group.candidates[1:])
    firsts = {group.candidates[0].sentences[0] for group in found if group.candidates[0].answers}
    assert firsts == {"Heat pumps halved the bill.", "Solar panels paid for themselves."}


def test_the_other_answer_is_never_offered_as_one_that_does_not(groups: list[Group]) -> None:
    wrong = {
        sentence
        for group in asked(groups, "energy")
        for candidate in group.candidates
        for sentence, label in zip(candidate.sentences, candidate.labels, strict=True)
        if label is False
    }
    assert "The roof was mended." in wrong and "Drivers asked for shade." in wrong
    assert not wrong & {"Heat pumps halved the bill.", "Solar panels paid for themselves."}


def test_a_passage_on_which_readers_disagree_is_left_out(groups: list[Group]) -> None:
    with_answer = asked(groups, "energy")
    assert not any("two coats" in c.sentences[0] for g in with_answer for c in g.candidates)


def test_a_question_that_nothing_answers_has_only_passages_that_do_not(
    groups: list[Group],
) -> None:
    found = asked(groups, "insured")
    assert found and not any(c.answers for group in found for c in group.candidates)
    assert all(len(group.candidates) == len(BODIES) for group in found)


def test_a_run_may_be_shown_the_first_questions_only(written: Path) -> None:
    early = drawn(Judged(Part("train", written), written, first=1))
    assert len(asked(early, "energy")) == len(early)


def test_every_judgement_is_of_a_sentence_that_was_shown() -> None:
    part = Part("train")
    texts = {(Path(p.doc_id).stem, p.sentence_texts[0]): p.sentence_texts for p in part.passages}
    rows = [row for _, row in rows_of(JUDGED)]
    for question, row in zip(read_questions(JUDGED), rows, strict=True):
        seen = {
            (entry["doc"], sentence)
            for entry in row["shown"]
            for sentence in texts[entry["doc"], entry["quote"]]
        }
        for gold in (*question.gold, *question.borderline):
            assert (gold.document, gold.quote) in seen, question.id
