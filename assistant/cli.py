"""`python -m assistant`: ask, search, verify. Errors are one sentence on stderr and exit code 2."""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import (
    diff_command,
    generations_command,
    password_command,
    purge_command,
    quarantine_command,
    rollback_command,
    verify_command,
)
from assistant.errors import CasebookError, QuestionError, SettingError
from assistant.private import keep_private
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.pipeline import Casebook

BAD_INPUT = 2
_BREAKS = re.compile("[\x85\u2028\u2029]")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0, 1 for a fault found by `verify`, 2 for bad input."""
    options = _parser().parse_args(arguments)
    keep_private()
    for stream in (sys.stdout, sys.stderr):
        # A Windows console of another code page must not make an answer fail.
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        settings = Settings.load(index=options.index, corpus=getattr(options, "corpus", None))
        code: int = options.run(options, settings)
    except CasebookError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m assistant", description="Ask the case studies."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--index", type=Path, help="folder of the index (default: index/)")

    ask = commands.add_parser("ask", parents=[shared], help="answer a question, or a file of them")
    ask.add_argument("question", nargs="?", help="the question")
    ask.add_argument("--json", action="store_true", help="print the answer as one JSON object")
    ask.add_argument("--batch", type=Path, help="file with a JSON object {id, question} a line")
    ask.add_argument("--output", type=Path, help="where the answers of --batch go")
    ask.set_defaults(run=_ask)

    search = commands.add_parser("search", parents=[shared], help="rank passages for questions")
    search.add_argument("--batch", type=Path, required=True)
    search.add_argument("--output", type=Path, required=True)
    search.add_argument("--k", type=int, default=100, help="passages a question (default: 100)")
    search.set_defaults(run=_search)

    from assistant.evaluation.options import add_options

    evaluate = commands.add_parser(
        "evaluate", parents=[shared], help="ask questions with known evidence; print the figures"
    )
    add_options(evaluate)
    evaluate.set_defaults(run=_evaluate)

    for command in (
        verify_command, quarantine_command, generations_command, diff_command, rollback_command,
        purge_command, password_command,
    ):  # fmt: skip
        command.add_parser(commands, shared)
    return parser


def _ask(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.answering.wire import answer_fields, as_text
    from assistant.pipeline import check_question

    if (options.batch is None) == (options.question is None):
        raise SettingError(
            "ask was given both a question and --batch, or neither: expected one of them. "
            'Try: python -m assistant ask "How did places handle funding mistrust?"'
        )
    if options.batch is None:
        question = check_question(options.question, settings.max_question)
        casebook = _open(settings)
        fields = _timed(lambda: answer_fields(casebook.ask(question)))
        print(json_line({"id": ""} | fields) if options.json else as_text(fields))
        return 0
    questions = _read_batch(options, settings)
    casebook = _open(settings)

    def answered(row: dict[str, Any]) -> dict[str, Any]:
        fields = _timed(lambda: answer_fields(casebook.ask(row["question"], row["history"])))
        return {"id": row["id"]} | fields

    _write_batch(options.output, map(answered, questions), len(questions))
    return 0


def _search(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.answering.wire import search_fields

    if not 1 <= options.k <= 1000:
        raise SettingError(f"--k is {options.k}: expected 1 to 1000. Choose a number between.")
    questions = _read_batch(options, settings)
    casebook = _open(settings)

    def hits(row: dict[str, Any]) -> list[dict[str, Any]]:
        return search_fields(casebook.search(row["question"], options.k, row["history"]))

    _write_batch(
        options.output,
        ({"id": row["id"], "hits": hits(row)} for row in questions),
        len(questions),
    )
    return 0


def _evaluate(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.evaluation.command import command

    print(command(options, settings))
    return 0


def _open(settings: Settings) -> Casebook:
    """The casebook with its index open; a missing index is told before any model is loaded."""
    from assistant.indexing.generations import Generations
    from assistant.pipeline import Casebook

    Generations(settings.index).current()
    casebook = Casebook.open(settings)
    casebook.index()
    return casebook


def _timed(answer: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    start = time.perf_counter()
    fields = answer()
    return fields | {"milliseconds": round((time.perf_counter() - start) * 1000, 1)}


def _read_batch(options: argparse.Namespace, settings: Settings) -> list[dict[str, Any]]:
    """The rows of --batch, each with id, question and history. Raises before any work is done."""
    from assistant.pipeline import check_question

    if options.output is None:
        raise SettingError("--batch without --output: expected where to write. Add --output FILE.")
    try:
        lines = options.batch.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(
            f"{options.batch} cannot be read ({error}): expected a UTF-8 file with a JSON object "
            "a line. Correct the path or the file."
        ) from error
    rows = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = _batch_row(line)
            for asked in (*row["history"], row["question"]):
                check_question(asked, settings.max_question)
            rows.append(row)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise QuestionError(
                f"{options.batch}, line {number}: {type(error).__name__} {error}. Expected a JSON "
                'object with "id" and "question", and "history" as a list of texts if any.'
            ) from error
        except QuestionError as error:
            raise QuestionError(f"{options.batch}, line {number}: {error}") from error
    return rows


def _batch_row(line: str) -> dict[str, Any]:
    row = json.loads(line)
    history = row.get("history") or []
    if not isinstance(history, list) or not all(isinstance(past, str) for past in history):
        raise TypeError("history is not a list of texts")
    return {"id": row["id"], "question": row["question"], "history": history}


def json_line(fields: dict[str, Any]) -> str:
    """`fields` as JSON on one line for every reader: some break lines at more than a line feed."""
    line = json.dumps(fields, ensure_ascii=False)
    return _BREAKS.sub(lambda found: f"\\u{ord(found[0]):04x}", line)


def _write_batch(output: Path, rows: Iterator[dict[str, Any]], count: int) -> None:
    from tqdm import tqdm

    try:
        with output.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            for row in tqdm(rows, total=count, unit="question", disable=None):
                file.write(json_line(row) + "\n")
    except OSError as error:
        raise SettingError(
            f"{output} cannot be written ({error.strerror}): expected a path in a folder that "
            "exists. Choose another --output."
        ) from error
