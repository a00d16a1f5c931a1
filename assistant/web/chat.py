"""A question of one browser session becomes what its page shows, step by step.

The conversation is kept by the server for the length of a browser session and never taken from the
browser: a client can forge neither an answer nor a citation. Only earlier *questions* go back to
the pipeline, to make a follow-up stand alone.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from assistant.datatypes import Answer
from assistant.errors import CasebookError
from assistant.pipeline import Casebook, Stage
from assistant.web import turns
from assistant.web.logs import told
from assistant.web.rendering import escape

LOG = logging.getLogger(__name__)

STAGES = {
    Stage.SEARCHING: "Searching the case studies",
    Stage.READING: "Reading the closest passages",
    Stage.ANSWERING: "Checking the quotations",
}
MAX_TURNS = 30
"""Turns kept on the page; older ones are dropped."""
MAX_HISTORY = 5
"""Earlier questions handed to the pipeline."""


@dataclass(frozen=True)
class Conversation:
    """What one browser session asked, and the turns it was shown, oldest first."""

    questions: tuple[str, ...] = ()
    turns: tuple[str, ...] = ()
    asked: int = 0
    """How many turns there were in all: each has a number of its own on the page."""
    understood: str = ""
    """The last question as it was made to stand alone; empty if it was asked as it was typed."""
    who: str = ""
    """The name of who asks, where people sign in."""

    def with_turn(self, answer: Answer, turn: str) -> Conversation:
        """The conversation with one more turn."""
        return replace(
            self,
            questions=(*self.questions, answer.question)[-MAX_HISTORY:],
            turns=(*self.turns, turn)[-MAX_TURNS:],
            asked=self.asked + 1,
            understood=answer.understood,
        )


@dataclass(frozen=True)
class View:
    """What the page shows after a step, as markup; None leaves a part as it is.

    `question` alone is plain text: it goes into the box.
    """

    earlier: str | None = None
    current: str | None = None
    status: str | None = None
    problem: str | None = None
    question: str | None = None
    conversation: Conversation | None = None


class Chat:
    """Answers questions for the page. `casebook` gives the casebook once it is open.

    `record` is told each answer and who asked, before it is shown. `hold` keeps an
    answer in memory for a while and gives a name to ask for it by.
    """

    def __init__(
        self,
        casebook: Callable[[], Casebook | None],
        record: Callable[[Answer, str], None] = lambda answer, who: None,
        hold: Callable[[Answer], str] | None = None,
    ) -> None:
        self._casebook, self._record, self._hold = casebook, record, hold

    def ask(self, question: object, conversation: Conversation) -> Iterator[View]:
        """The stages of an answer, then the answer; every error becomes a sentence."""
        yield from self._answer(question, conversation, conversation.questions)

    def ask_as_typed(self, conversation: Conversation) -> Iterator[View]:
        """The last question once more, word for word, without anything from the earlier ones."""
        yield from self._answer((*conversation.questions, "")[-2], conversation, ())

    def _answer(
        self, question: object, conversation: Conversation, history: tuple[str, ...]
    ) -> Iterator[View]:
        try:
            yield from self._steps(question, conversation, history)
        except CasebookError as error:
            yield _failed(str(error), question, conversation)
        except Exception as error:  # the edge: whatever went wrong, the reader gets a sentence
            yield _failed(_logged(error), question, conversation)

    def _steps(
        self, question: object, conversation: Conversation, history: tuple[str, ...]
    ) -> Iterator[View]:
        casebook = self._casebook()
        if casebook is None:
            raise CasebookError("The case studies are still being opened. Try again in a moment.")
        number = conversation.asked + 1
        asked = question if isinstance(question, str) else ""
        earlier = "\n\n".join(conversation.turns)
        for step in casebook.stages(question, history):  # type: ignore[arg-type]
            if isinstance(step, Answer):
                self._record(step, conversation.who)
                turn = turns.finished(number, step, self._save_url(step))
                kept = conversation.with_turn(step, turn)
                yield View(None, turn, escape(turns.summary(step)), "", None, kept)
            else:
                words = STAGES[step]
                first = step is Stage.SEARCHING
                yield View(
                    earlier if first else None,
                    turns.pending(number, asked, words),
                    words,
                    "" if first else None,
                    "" if first else None,
                )

    def _save_url(self, answer: Answer) -> str:
        return f"/save/{self._hold(answer)}" if self._hold else ""


def _failed(sentence: str, question: object, conversation: Conversation) -> View:
    """The page as it was, with a sentence; the question stays in its box to be corrected."""
    shown = conversation.turns
    return View(
        "\n\n".join(shown[:-1]),
        shown[-1] if shown else "",
        escape(f"There is a problem. {sentence}"),
        f'<p class="cb-problem"><strong>There is a problem.</strong> {escape(sentence)}</p>',
        question if isinstance(question, str) and question.strip() else None,
    )


def _logged(error: Exception) -> str:
    """Log what failed and where, but no words of anybody, and return a sentence to refer to it."""
    reference = secrets.token_hex(4)
    LOG.error("question failed: reference %s, %s", reference, told(error))
    return f"Something went wrong here. If it happens again, report the reference {reference}."
