"""Build training groups: one question, a passage that answers it (or none), and some that do not.

Every choice here answers a way in which the product's passages differ from the data: short
passages of whole bullets, a label that names the place, sentences that must be told apart inside
one passage, questions in other words than the text, and questions nothing answers.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from training.groups import NEGATIVES, Candidate, Group
from training.questions import dress, drop_shared, reword
from training.sources import Row
from training.synonyms import Synonyms

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from training.judged import Judged
    from training.written import Written

PLAIN_NEGATIVES: Final = 11
"""Negatives of a group that measures: nearer to what a search returns."""
SHARES: Final = {
    "medquad": 0.47,
    "policyqa": 0.13,
    "covidqa": 0.20,
    "pubmedqa": 0.10,
    "scifact-train": 0.10,
}
"""How often each source is drawn; small sources with natural questions are drawn more often."""
SENTENCE_SHARES: Final = {"medquad": 0.25, "policyqa": 0.2, "covidqa": 0.55}
"""The same for passages drawn to learn the choice of sentences."""
HEADINGS: Final = (
    "About", "Overview", "Background", "Results", "What was learned", "Challenges", "Next steps",
    "Methods", "What made the difference", "Summary",
)  # fmt: skip


@dataclass(frozen=True)
class Options:
    """What the comparison switches on and off."""

    sentences: bool = True
    """Show sentence labels; otherwise every sentence label is unknown (whole passages only)."""
    mosaics: bool = True
    """Set answer sentences among sentences of passages that do not answer."""
    rewording: bool = True
    """Reword questions, and drop or replace words they share with the passage."""
    synonyms: bool = True
    """Replace words by WordNet, where words are replaced."""
    unanswerable: float = 0.12
    """Share of the groups of answerable questions in which the answer is left out."""
    near_misses: bool = True
    """Offer the answering passage without its answer: the right place, the detail missing."""
    written: float = 0.7
    """Share of the groups that come from the case studies written for training."""
    judged: float = 0.0
    """Share of those that come from passages that were judged one by one."""
    judged_first: int | None = None
    """How many of the judged questions are drawn from, counted from the first; None for all."""
    known_only: bool = False
    """Offer an open question nothing from other case studies, which might answer it, unjudged."""
    alone: bool = False
    """Offer single sentences in place of passages."""


class Composer:
    """Draws groups at random from rows of one part of the data."""

    def __init__(
        self,
        rows: Sequence[Row],
        mined: Sequence[Sequence[int]],
        members: Sequence[int],
        options: Options,
        written: Written | None = None,
        judged: Judged | None = None,
    ) -> None:
        """Use the rows numbered `members`, mined negatives among them, and what was written."""
        self._written = written
        self._judged = judged
        allowed = set(members)
        self._rows = rows
        self._mined = {m: [n for n in mined[m] if n in allowed] for m in members}
        self._options = options
        self._synonyms = Synonyms() if options.rewording and options.synonyms else None
        self._by_source: dict[str, list[int]] = defaultdict(list)
        self._by_group: dict[str, list[int]] = defaultdict(list)
        for member in members:
            self._by_source[rows[member].source].append(member)
            self._by_group[rows[member].group].append(member)
        self._members = list(members)

    def draw(self, random: Random) -> Group:
        """One group."""
        if own := self._own(random):
            return own.draw(random, self._options)
        names = [name for name in SHARES if self._by_source.get(name)]
        source = random.choices(names, [SHARES[name] for name in names])[0]
        return self.group(random.choice(self._by_source[source]), random)

    def draw_sentences(self, random: Random) -> Group:
        """Only a passage with sentences that answer and sentences that do not.

        Without other passages there is nothing to learn but which sentence answers, at a sixth of
        the cost of a whole group.
        """
        if own := self._own(random):
            return own.draw_sentences(random)
        while True:
            source = random.choices(list(SENTENCE_SHARES), list(SENTENCE_SHARES.values()))[0]
            group = self.group(random.choice(self._by_source[source]), random)
            best = group.candidates[0]
            if best.answers and True in best.labels and False in best.labels:
                return replace(group, candidates=(best,))

    def _own(self, random: Random) -> Written | Judged | None:
        """Which of what was written for training the next group comes from, if any."""
        if self._written is None or random.random() >= self._options.written:
            return None
        if self._judged is None or not self._options.judged:
            return self._written
        return self._judged if random.random() < self._options.judged else self._written

    def group(self, number: int, random: Random, *, plain: bool = False) -> Group:
        """The group of one row; `plain` leaves out every variation (to measure, not to train)."""
        row = self._rows[number]
        negatives = self._negatives(number, random, plain=plain)
        if plain:
            best = _candidate(row, row.positive, row.labels, answers=True)
            return Group(row.source, row.question, (best, *negatives))
        positive = self._positive(row, negatives, random)
        question = self._question(row, positive, random)
        if random.random() < 0.5 and row.source == "medquad":
            positive, negatives = _unname(positive, row), [_unname(n, row) for n in negatives]
        if self._options.near_misses and random.random() < 0.5:
            whole = _candidate(row, row.positive, row.labels, answers=True)
            negatives = [*whole.without_answer, *negatives][:NEGATIVES]
        negatives = [self._shorten(n, random) for n in negatives]
        style = random.random()
        heading = random.choice(HEADINGS)
        everything = [_relabel(c, style, heading, random) for c in (positive, *negatives)]
        if negatives and random.random() < self._options.unanswerable:
            everything = everything[1:]
        if self._options.alone:
            everything = [_one_sentence(c, random) for c in everything]
        if not self._options.sentences:
            everything = [
                replace(c, labels=(None,) * len(c.sentences)) if c.answers else c
                for c in everything
            ]
        return Group(row.source, question, tuple(everything))

    def _question(self, row: Row, positive: Candidate, random: Random) -> str:
        question = row.question
        if row.source == "scifact-train":
            question = random.choice(("Is it true that {}?", "What shows that {}?", "{}")).format(
                question.rstrip(".")
            )
        if not self._options.rewording:
            return question
        if random.random() < 0.6:
            question = reword(question, random)
        chance = random.random()
        if chance < 0.2 and row.source != "medquad":
            question = drop_shared(question, " ".join(positive.sentences), random)
        elif chance > 0.6 and self._synonyms is not None:
            question = self._synonyms.swap(question, " ".join(positive.sentences), random)
        return dress(question, random) if random.random() < 0.3 else question

    def _negatives(self, number: int, random: Random, *, plain: bool) -> list[Candidate]:
        row = self._rows[number]
        near = list(row.negatives)
        near += [
            self._rows[other].positive
            for other in self._by_group[row.group]
            if row.source == "covidqa" and other != number and other in self._mined[number]
        ]
        mined = self._mined[number]
        if not plain:
            near = random.sample(near, min(len(near), random.choice((1, 2, 2, 3, 3))))
            mined = random.sample(mined, min(len(mined), NEGATIVES))
        candidates = [_candidate(row, sentences, None, answers=False) for sentences in near]
        candidates += [
            _candidate(self._rows[m], self._rows[m].positive, None, answers=False) for m in mined
        ]
        while not plain and len(candidates) < NEGATIVES and row.source != "policyqa":
            other = self._rows[random.choice(self._members)]
            if other.source != row.source:
                candidates.append(_candidate(other, other.positive, None, answers=False))
        return candidates[: PLAIN_NEGATIVES if plain else NEGATIVES]

    def _positive(self, row: Row, negatives: Sequence[Candidate], random: Random) -> Candidate:
        """The answering passage: whole, shortened, shuffled, or set among other sentences."""
        labels = row.labels
        candidate = self._shorten(_candidate(row, row.positive, labels, answers=True), random)
        own = [n for n in negatives if n.label == candidate.label]
        if not self._options.mosaics or not own:
            return candidate
        known = all(label is not None for label in candidate.labels)
        if random.random() < 0.35 and (known or row.source == "medquad"):
            return _mosaic(candidate, random.choice(own), random)
        return candidate

    def _shorten(self, candidate: Candidate, random: Random) -> Candidate:
        """Often keep a run of sentences of 25 to 110 words, with an answering one if known."""
        words = [len(s.split()) for s in candidate.sentences]
        limit = random.choice((25, 40, 60, 75, 90, 110))
        if sum(words) <= limit:
            return candidate
        anchors = [i for i, label in enumerate(candidate.labels) if label]
        first = last = random.choice(anchors) if anchors else _early(len(words), random)
        while True:
            sides = [i for i in (first - 1, last + 1) if 0 <= i < len(words)]
            if not sides:
                break
            side = random.choice(sides)
            if sum(words[min(first, side) : max(last, side) + 1]) > limit:
                break
            first, last = min(first, side), max(last, side)
        return replace(
            candidate,
            sentences=candidate.sentences[first : last + 1],
            labels=candidate.labels[first : last + 1],
        )


def _early(count: int, random: Random) -> int:
    """A sentence number; the opening of a positive passage is the likeliest to answer."""
    return min(random.randrange(count), random.randrange(count))


def _candidate(
    row: Row, sentences: tuple[str, ...], labels: tuple[bool, ...] | None, *, answers: bool
) -> Candidate:
    """A candidate labelled with its subject."""
    subject = row.group.split(":", 1)[1]
    if subject.isdigit():  # a paper's number: its opening words serve as a title
        subject = " ".join(row.positive[0].split()[:6])
    unknown: tuple[bool | None, ...] = (None if answers else False,) * len(sentences)
    return Candidate(subject, sentences, answers, labels or unknown)


def _one_sentence(candidate: Candidate, random: Random) -> Candidate:
    """One sentence of the candidate; of a passage that answers, one that does or may."""
    may = [i for i, label in enumerate(candidate.labels) if label is not False]
    chosen = random.choice(may if candidate.answers else range(len(candidate.labels)))
    return replace(
        candidate,
        sentences=(candidate.sentences[chosen],),
        labels=(candidate.labels[chosen],),
    )


def _mosaic(positive: Candidate, negative: Candidate, random: Random) -> Candidate:
    """One to three answering sentences set into a passage that does not answer.

    Where only the whole is known to answer (MedQuAD), its sentences count as answering: they are
    at least about the aspect asked for, the sentences around them about another.
    """
    chosen = [i for i, label in enumerate(positive.labels) if label is not False]
    start = random.randrange(len(chosen))
    chosen = chosen[start : start + random.choice((1, 1, 2, 3))]
    room = [s for s in negative.sentences if s not in positive.sentences]
    room = room[: random.choice((1, 2, 3, 4))]
    place = random.randint(0, len(room))
    sentences = (*room[:place], *(positive.sentences[i] for i in chosen), *room[place:])
    labels = (False,) * place + (True,) * len(chosen) + (False,) * (len(room) - place)
    return Candidate(positive.label, sentences, answers=True, labels=labels)


def _unname(candidate: Candidate, row: Row) -> Candidate:
    """Take the subject's name out of the text, as in bullets that only the page's title names."""
    subject = row.group.split(":", 1)[1]
    if candidate.label != subject:
        return candidate
    pattern = re.compile(rf"\b{re.escape(subject)}\b", re.IGNORECASE)
    return replace(candidate, sentences=tuple(pattern.sub("it", s) for s in candidate.sentences))


def _relabel(candidate: Candidate, style: float, heading: str, random: Random) -> Candidate:
    """Vary the label within a group: the subject, with a heading, or nothing at all."""
    if style < 0.15:
        label = ""
    elif style < 0.4:
        label = candidate.label
    elif style < 0.7:
        label = f"{candidate.label}. {random.choice((heading, random.choice(HEADINGS)))}"
    else:  # like the product's: the place, a title that often repeats it, the heading
        title = f"{candidate.label}: {' '.join(candidate.sentences[-1].split()[:4])}"
        label = f"{candidate.label}. {title}. {heading}"
    return replace(candidate, label=label)
