"""The words and tables of docs/quality.md, from the scoreboards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean

from assistant.answering.confidence import WEAK
from assistant.evaluation.abstention import brier, calibration_error
from assistant.evaluation.bootstrap import Estimate
from assistant.evaluation.command import ANSWERS, FOLLOW_UPS, RETRIEVAL
from assistant.evaluation.figures import MEANING, MILLISECONDS
from assistant.evaluation.scoreboard import Scoreboard, Section, shown, table
from benchmarks.machine import machine
from benchmarks.measuring import HELD_OUT, OFF_SUBJECT, PRODUCT
from benchmarks.start import AIMS, COLLECTION_AIMS, FIRST_MODEL, FOLLOW_UP_GAIN, START

DEV, EXHAUSTIVE = "questions-dev", "exhaustive-dev"
CANDIDATES = Path(__file__).with_name("candidates.md")
EXCERPT = "excerpt"
EXAMPLES = Path(__file__).with_name("examples.md")
SIDE_BY_SIDE = (
    "right", "first citation right", "citation precision", "quote recall", "multi document recall",
    "hit@1", "hit@5", "MRR", "quote recall@10", "abstention recall", "abstention AUROC",
    MILLISECONDS,
)  # fmt: skip
MANY_PLACES = (
    "right", "first citation right", "citation precision", "document precision", "quote recall",
    "document recall", "quote recall@10", "document recall@10",
)  # fmt: skip
OTHERS = """\
## Other collections

The evidence model has seen none of these questions (of scifact, it has seen claims of the separate
training set). The weights that join the signs of evidence were fitted on the questions that many
places answer, on `training/calibration/`, on `training/written/choose/` and on a sample of
clapnq_dev; confidence on these, the questions above and samples of clapnq_dev and mtrag_conv; the
share of vectors and words in the search was chosen on the questions above."""
DESCRIBED = {
    "clapnq_dev": "593 paragraphs of Wikipedia; 152 questions with gold sentences, and 140 that "
    "the paragraph shown with them does not answer. The supporting quotations are the gold "
    "sentences.",
    "mtrag_conv": "1,488 passages of Wikipedia, documentation, finance and government pages; "
    "turns of conversations. Only whole passages are known to be right, so a citation counts when "
    "it comes from one. Turns that are neither answerable nor unanswerable are left out.",
    "scifact": "5,183 abstracts and 300 scientific claims. Retrieval only.",
    "chunking_evaluation": "Five long documents, split as a corpus is; 472 questions with exact "
    "excerpts. Retrieval only; recall, precision and intersection over union of the first five "
    "passages, counted in characters.",
}

Row = Mapping[str, Estimate]


def page(found: Mapping[str, Scoreboard]) -> str:
    """The whole page; a set that has not been measured is left out."""
    parts = [_introduction()]
    if HELD_OUT in found:
        parts.append(_held_out(found[HELD_OUT]))
    if OFF_SUBJECT in found:
        parts.append(_off_subject(found[OFF_SUBJECT]))
    if DEV in found:
        parts += [_dev(found[DEV]), _progress(found), _side_by_side(found[DEV])]
    if EXHAUSTIVE in found:
        parts.append(_exhaustive(found[EXHAUSTIVE]))
    parts.append(OTHERS)
    parts += [_collection(name, found[name]) for name in DESCRIBED if name in found]
    parts += [
        _abstention(found),
        _weak(found),
        _candidates(),
        EXAMPLES.read_text(encoding="utf-8").strip(),
    ]
    parts.append(_again())
    return "\n\n".join(parts) + "\n"


def _introduction() -> str:
    day = datetime.now(UTC).strftime("%-d %B %Y")
    rows = [f"- **{name}**: {meaning}." for name, meaning in MEANING.items()]
    return "\n".join(
        [
            "# How good are the answers?",
            "",
            "<!-- Written by `python -m benchmarks.quality`; change the script, not this page. -->",
            "",
            f"Measured on {day} ({machine()}). No language model, no GPU, no network.",
            "",
            "## What is measured, and how",
            "",
            "Each question of a set comes with the exact sentences that support an answer, or with",
            "none if the documents do not answer it. A citation or a passage *supports* an answer",
            "when it is from the same document as such a sentence and the two share at least half",
            "of the words of the shorter one, in order, in runs of three or more. Then:",
            "",
            *rows,
            "",
            "Figures of ranked lists are computed with ir-measures (trec_eval's own code). In",
            "brackets: the middle 95 % of 2,000 bootstrap resamples of the questions, with a fixed",
            "seed. With 80 questions they are wide; a difference inside them may be chance.",
        ]
    )


def _held_out(board: Scoreboard) -> str:
    return _own_table(
        board,
        "Questions that nothing was fitted to",
        f"{board.about['questions']} questions on the same case studies, written for this page "
        "and shipped in `benchmarks/questions/`: a quarter of them near misses and subjects on "
        "which the case studies are silent. No weight, threshold or setting was chosen on "
        "them, so this is what to expect of questions of your own.",
    )


def _off_subject(board: Scoreboard) -> str:
    refused = _section(board, ANSWERS).systems[PRODUCT]["right"]
    said = [point.confidence for point in board.points if point.answered]
    weak = sum(confidence < WEAK for confidence in said)
    return "\n".join(
        [
            "## Questions off the subject",
            "",
            f"{board.about['questions']} questions that no case study has anything to do with "
            "(potholes, prisons, airlines, recipes), many asked as if they were about case "
            "studies. Nothing that ships was fitted to or chosen on them; they are in "
            f"`benchmarks/questions/` too. **{shown('right', refused)}** of them are refused; "
            f"the others get an answer that they should not, {weak} of these {len(said)} with a "
            "caution (see [weak answers](#weak-answers)).",
        ]
    )


def _dev(board: Scoreboard) -> str:
    return _own_table(
        board,
        "Questions on the case studies",
        f"{board.about['questions']} questions on the {board.about['documents']} case studies "
        "that come with Casebook (single facts, several places, paraphrases that share no "
        "words with the source, look-ups, follow-ups, and questions that nothing answers). "
        "They were used to choose the length of passages and the share of vectors in the "
        "search, and were among those that confidence and its threshold were fitted to, so "
        "these figures flatter; the weights of sentences and passages were fitted on others.",
    )


def _own_table(board: Scoreboard, title: str, about: str) -> str:
    """A section with every figure of the product alone, with intervals."""
    section = _section(board, ANSWERS)
    only = Section(ANSWERS, {PRODUCT: section.systems[PRODUCT]})
    return "\n".join([f"## {title}", "", about, "", *table(only)])


def _candidates() -> str:
    return "\n".join(
        [
            "## How many passages are scored",
            "",
            "Each passage that the evidence model reads costs time. Quality against milliseconds, "
            "of all of a question's candidates together:",
            "",
            CANDIDATES.read_text(encoding="utf-8").strip(),
        ]
    )


def _progress(found: Mapping[str, Scoreboard]) -> str:
    now = _section(found[DEV], ANSWERS).systems[PRODUCT]
    names = dict.fromkeys((*START, *AIMS))
    lines = [
        "## Where it started, where it is, where it should be",
        "",
        "The start was a straightforward hybrid: all-MiniLM-L6-v2 and BM25, four sentences by "
        "cosine, a threshold on the best BM25 score. Then a first cross-encoder, trained for 20 "
        "minutes, in its place. The aims were set before the work.",
        "",
        "| | start | first model | now | aim |",
        "|---|---:|---:|---:|---:|",
    ]
    for name in names:
        met = shown(name, now.get(name), interval=False)
        lines.append(
            f"| {name} | {_plain(START.get(name))} | {_plain(FIRST_MODEL.get(name))} | {met} | "
            f"{AIMS.get(name, '')} |"
        )
    for name, figure, aim in COLLECTION_AIMS:
        if name in found:
            value = _section(found[name], RETRIEVAL).systems[PRODUCT].get(figure)
            lines.append(
                f"| {name} {figure} | | | {shown(figure, value, interval=False)} | {aim} |"
            )
    lines += _follow_up_gain(found)
    return "\n".join(lines)


def _follow_up_gain(found: Mapping[str, Scoreboard]) -> list[str]:
    if "mtrag_conv" not in found:
        return []
    systems = _section(found["mtrag_conv"], FOLLOW_UPS).systems
    alone, whole = (
        systems[f"{PRODUCT}, {how}"]["nDCG@5"].value
        for how in ("last turn alone", "with earlier turns")
    )
    return [
        f"| mtrag_conv follow-ups: nDCG@5 gained by earlier turns | | | {whole - alone:+.3f} | "
        f"≥ +{FOLLOW_UP_GAIN} |"
    ]


def _side_by_side(board: Scoreboard) -> str:
    section = _section(board, ANSWERS)
    lines = [
        "## Side by side",
        "",
        "The same questions put to simpler systems, over the same passages and with the same "
        "embedding model: they show their first four passages whole and never refuse. txtai and "
        "LlamaIndex are set up as their documentation shows for hybrid search (a sum of normalised "
        "scores, and reciprocal ranks). A whole passage holds more words than a sentence, so it "
        "supports an answer more easily: compare *right* and *first citation right* with that in "
        "mind. AUROC is of the best score, which a threshold would have to work with.",
        "",
    ]
    rows = {
        system: {name: row[name] for name in SIDE_BY_SIDE if name in row}
        for system, row in section.systems.items()
    }
    return "\n".join([*lines, *_short_table(rows), "", *board.notes]).rstrip()


def _exhaustive(board: Scoreboard) -> str:
    section = _section(board, ANSWERS)
    rows = {
        system: {name: row[name] for name in MANY_PLACES if name in row}
        for system, row in section.systems.items()
    }
    return "\n".join(
        [
            "## Questions that many places answer",
            "",
            f'{board.about["questions"]} questions of the form "Which places ...", with every '
            "case study that answers labelled, up to 31. An answer shows at most twelve statements "
            "and ten passages, so full recall is out of reach here.",
            "",
            *_short_table(rows),
        ]
    )


def _collection(name: str, board: Scoreboard) -> str:
    lines = [f"### {name}", "", DESCRIBED[name]]
    for section in board.sections:
        lines += ["", f"*{section.title}*", "", *_short_table(_telling(section.systems))]
    return "\n".join(lines)


def _telling(systems: Mapping[str, Row]) -> dict[str, Row]:
    """Without times (entries are no case studies), or the excerpts alone where there are any."""
    return {
        system: {name: v for name, v in row.items() if name.startswith(EXCERPT)}
        or {name: v for name, v in row.items() if name != MILLISECONDS}
        for system, row in systems.items()
    }


def _abstention(found: Mapping[str, Scoreboard]) -> str:
    lines = [
        "## Does it know when it does not know?",
        "",
        "`confidence` is meant as a probability: of the questions it gives 0.8, eight in ten "
        "should be answered by the documents. Bars are 95 % intervals (Wilson); the small numbers "
        "count questions.",
        "",
        "![Reliability: confidence against the share of questions that the documents answer]"
        "(images/quality-reliability.png)",
        "",
        "If only the surest questions were answered, how many of the answers would be wrong? Wrong "
        "is an answer to an unanswerable question, or one without a supporting citation; for "
        "questions that were refused, the sentences held back are judged. The mark is where "
        "Casebook stands with the refusals it makes.",
        "",
        "![Risk and coverage: share of answers that are wrong, by share of questions answered]"
        "(images/quality-risk-coverage.png)",
        "",
        "| | questions | unanswerable | Brier score | calibration error (ECE) |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, board in found.items():
        if any(not point.answerable for point in board.points) and name != EXHAUSTIVE:
            none = sum(not point.answerable for point in board.points)
            lines.append(
                f"| {name} | {len(board.points)} | {none} | {brier(board.points):.3f} | "
                f"{calibration_error(board.points):.3f} |"
            )
    return "\n".join(lines)


def _weak(found: Mapping[str, Scoreboard]) -> str:
    lines = [
        "## Weak answers",
        "",
        f"An answer with a confidence below {WEAK:.2f} is shown as what comes nearest, with a "
        "caution, not as what case studies describe. How many of the answers hold a quotation "
        "that answers:",
        "",
        "| | answers | called weak | of these | of the others |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, board in found.items():
        said = [point for point in board.points if point.answered]
        weak = [point.right for point in said if point.confidence < WEAK]
        others = [point.right for point in said if point.confidence >= WEAK]
        if weak and any(others):
            lines.append(
                f"| {name} | {len(said)} | {len(weak)} | {fmean(weak):.2f} | {fmean(others):.2f} |"
            )
    return "\n".join(lines)


def _again() -> str:
    return "\n".join(
        [
            "## Measure it yourself",
            "",
            "```",
            "pip install -r requirements-benchmarks.txt",
            "python -m assistant evaluate QUESTIONS.jsonl --corpus FOLDER --output OUT --baselines",
            "python -m assistant evaluate --collection BEIR_FOLDER --output OUT",
            "python -m benchmarks.quality --shared FOLDER_WITH_EVAL",
            "```",
            "",
            "`evaluate` also writes, with `--output`, what went wrong with each question: never "
            "retrieved; retrieved, not chosen; retrieved, refused; answered, not answerable.",
        ]
    )


def _section(board: Scoreboard, start: str) -> Section:
    return next(section for section in board.sections if section.title.startswith(start))


def _short_table(systems: Mapping[str, Row]) -> list[str]:
    """A table with a row for each system; the first with intervals under it, figures across."""
    names = list(dict.fromkeys(name for row in systems.values() for name in row))
    lines = [f"| | {' | '.join(systems)} |", f"|---|{'---:|' * len(systems)}"]
    for name in names:
        cells = [
            shown(name, row.get(name), interval=number == 0)
            for number, row in enumerate(systems.values())
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


__all__: Sequence[str] = ["DEV", "page"]
