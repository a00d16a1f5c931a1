"""Training groups from case studies and questions that were written for training.

`training/written/` holds two parts, `train` and `choose`, with no theme on both sides: each has a
corpus that the product reads and a file of questions in the form of every question file. Passages
are the product's own, so the model learns on what it will be shown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assistant.documents.corpus import read_corpus
from assistant.evaluation.questions import Question, read_questions
from assistant.evaluation.replies import Quoted
from assistant.evaluation.support import supports
from assistant.indexing.passages import split
from training.candidates import hybrid
from training.groups import NEGATIVES, Candidate, Group
from training.questions import dress

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from assistant.datatypes import Passage
    from training.compose import Options

FOLDER: Final = Path(__file__).parent / "written"
DEPTH: Final = 40
"""Passages that a plain search finds for a question: the hard negatives."""
ELSEWHERE: Final = 0.08
"""Share of the questions naming a place that are asked of another place, where nothing answers."""
EVERYWHERE: Final = "many"
"""The kind of question of which every document that answers was to be labelled."""
OPEN: Final = (EVERYWHERE, "open", "paraphrase")
"""Kinds that case studies on other themes may answer as well, if no place is named."""


class Part:
    """`train` or `choose`: its passages, its questions, and what is known of the two."""

    def __init__(self, name: str, folder: Path = FOLDER) -> None:
        """Read the part `name` and cut it into passages as the product does."""
        documents = read_corpus(folder / name / "corpus").documents
        self.questions = read_questions(folder / name / "questions.jsonl")
        self.passages = [p for document in documents for p in split(document)]
        self.places = sorted({p.place for p in self.passages if p.place})
        self._themes = {d.doc_id: frozenset(d.metadata.themes) for d in documents}
        self._named = {Path(d.doc_id).stem: d.doc_id for d in documents}
        self._numbers: dict[str, list[int]] = {doc: [] for doc in self._themes}
        for number, passage in enumerate(self.passages):
            self._numbers[passage.doc_id].append(number)

    def place(self, question: Question) -> str | None:
        """The place that `question` names."""
        return next((name for name in self.places if name in question.text), None)

    def own(self, question: Question) -> dict[int, tuple[bool, ...]]:
        """For each passage of the documents it is about, by number, which sentences answer."""
        return {
            number: _labels(self.passages[number], question)
            for doc in sorted(self._about(question))
            for number in self._numbers[doc]
        }

    def may_answer(self, question: Question) -> frozenset[int]:
        """Numbers of passages that answer or might: of its documents, of others on its theme.

        Not on its theme, if the question names its place or if all its answers are known.
        """
        about = self._about(question)
        if question.kind != EVERYWHERE and self.place(question) is None:
            near = frozenset[str]().union(*(self._themes[doc] for doc in about))
            about |= {doc for doc, themes in self._themes.items() if themes & near}
        return frozenset(number for doc in about for number in self._numbers[doc])

    def _about(self, question: Question) -> set[str]:
        stems = [*(gold.document for gold in question.gold), question.id.split("#")[0]]
        return {self._named[stem] for stem in stems if stem in self._named}


@dataclass(frozen=True)
class _Asked:
    """A question with the passages that answer it, and numbers of passages that do not."""

    question: Question
    place: str | None
    """The place that the question names."""
    answers: tuple[Candidate, ...]
    own: tuple[int, ...]
    """Other passages of the documents that answer, or that the question is about."""
    found: tuple[int, ...]
    """Passages of other documents that a search finds and that cannot be answers."""


class Written:
    """Draws groups at random from one part."""

    def __init__(self, part: Part) -> None:
        """Search `part` once for each of its questions."""
        self._part = part
        texts = [p.indexed_text for p in self._part.passages]
        asked = [question.text for question in self._part.questions]
        self._asked = [
            self._prepare(question, [number for number, _ in found])
            for question, found in zip(
                self._part.questions, hybrid(texts, asked, DEPTH), strict=True
            )
        ]
        self._answered = [asked for asked in self._asked if asked.answers]

    def draw(self, random: Random, options: Options) -> Group:
        """A question with a passage that answers it, if there is one, and some that do not."""
        asked = random.choice(self._asked)
        question = asked.question.text
        candidates: list[Candidate] = []
        others: list[Candidate] = []
        if asked.answers:
            best = random.choice(asked.answers)
            if asked.place and random.random() < ELSEWHERE:
                elsewhere = [place for place in self._part.places if place != asked.place]
                question = question.replace(asked.place, random.choice(elsewhere))
                others.append(replace(best, answers=False, labels=(False,) * len(best.labels)))
            elif random.random() >= options.unanswerable:
                candidates.append(best)
            if random.random() < 0.4:
                others += best.without_answer
        most = random.choice((2, 3, 3))
        found = list(asked.found[: 3 * NEGATIVES])
        if options.known_only and asked.place is None and asked.question.kind in OPEN:
            most, found = NEGATIVES, []
        own = random.sample(asked.own, min(len(asked.own), most))
        random.shuffle(found)
        others += [_no_answer(self._part.passages[n]) for n in [*own, *found][:NEGATIVES]]
        candidates += others[:NEGATIVES]
        style = random.random()
        if random.random() < 0.2:
            question = dress(question, random)
        return Group("written", question, tuple(relabel(c, style) for c in candidates))

    def draw_sentences(self, random: Random) -> Group:
        """Only a passage with sentences that answer and sentences that do not."""
        while True:
            asked = random.choice(self._answered)
            best = random.choice(asked.answers)
            if False in best.labels:
                candidate = relabel(best, random.random())
                return Group("written", asked.question.text, (candidate,))

    def _prepare(self, question: Question, ranked: Sequence[int]) -> _Asked:
        passages, own = self._part.passages, self._part.own(question)
        may = self._part.may_answer(question)
        return _Asked(
            question,
            self._part.place(question),
            tuple(candidate_of(passages[n], labels) for n, labels in own.items() if True in labels),
            tuple(n for n, labels in own.items() if True not in labels),
            tuple(n for n in ranked if n not in may),
        )


def _labels(passage: Passage, question: Question) -> tuple[bool, ...]:
    """Which sentences of `passage` support an answer."""
    golds = [gold for gold in question.gold if gold.document == Path(passage.doc_id).stem]
    return tuple(
        any(supports(Quoted(passage.doc_id, words, 0, 1), gold) for gold in golds)
        for words in (passage.sentence_texts if golds else ())
    ) or (False,) * len(passage.sentences)


def candidate_of(passage: Passage, labels: tuple[bool | None, ...]) -> Candidate:
    """A passage as the product shows it; it answers if one of its sentences does."""
    return Candidate(passage.label, passage.sentence_texts, any(labels), labels)


def _no_answer(passage: Passage) -> Candidate:
    return candidate_of(passage, (False,) * len(passage.sentences))


def relabel(candidate: Candidate, style: float) -> Candidate:
    """Mostly the product's label; sometimes the place and title or nothing, for bare documents."""
    if style < 0.1:
        return replace(candidate, label="")
    if style < 0.25:
        return replace(candidate, label=". ".join(candidate.label.split(". ")[:2]))
    return candidate
