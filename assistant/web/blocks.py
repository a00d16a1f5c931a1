"""The chat's page in Gradio: question box, newest turn, earlier turns. Our own Blocks.

No uploads, no `gr.HTML`, no listeners in JavaScript, nothing that writes to the browser's storage;
our own components only, so that each has a label and the server offers few endpoints.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from assistant.web.access import visitor
from assistant.web.chat import Chat, Conversation, View

if TYPE_CHECKING:
    import gradio as gr

EXAMPLES = (
    "What did leaders do to change culture?",
    "How much did social prescribing save?",
    "How do virtual wards work in practice?",
    "What do volunteers do?",
)
TITLE = "Ask the case studies – Casebook"
INTRODUCTION = """# Ask the case studies

Every sentence of an answer is quoted word for word from a case study.
Where Casebook finds no answer, it says so. Read a quotation in its source before you use it."""
HINT = "Do not enter patient-identifiable information."
QUEUE = 50
"""Questions that may wait; more are told that the server is busy."""
SESSIONS = 1000
"""Browser sessions kept in memory; the oldest are forgotten."""
CONCURRENT = 2 * (os.cpu_count() or 1)
"""Questions answered at once: they share the processor, but none waits for a whole other one."""


@dataclass(frozen=True)
class _Parts:
    """The page's components; `shown` are those that a step may change."""

    conversation: gr.State
    turns: tuple[gr.Markdown, ...]
    problem: gr.Markdown
    question: gr.Textbox
    ask: gr.Button
    samples: gr.Column
    examples: tuple[gr.Button, ...]
    fresh: gr.Button
    understood: gr.Row
    edit: gr.Button
    as_typed: gr.Button

    @property
    def shown(self) -> list[Any]:
        return [
            *self.turns, self.problem, self.question, self.conversation, self.samples, self.fresh,
            self.understood,
        ]  # fmt: skip


def build_blocks(chat: Chat, examples: Sequence[str] = EXAMPLES) -> gr.Blocks:
    """The page, to be mounted by the shell."""
    import gradio as gr

    blocks: gr.Blocks
    with gr.Blocks(title=TITLE, analytics_enabled=False) as blocks:
        blocks.state_session_capacity = SESSIONS
        _connect(_lay_out(examples), chat)
    blocks.queue(max_size=QUEUE, api_open=False)
    return blocks


def _lay_out(examples: Sequence[str]) -> _Parts:
    """Newest turn last, the question below it, examples until the first question."""
    import gradio as gr

    conversation = gr.State(Conversation())
    with gr.Column(elem_id="cb-chat"):
        gr.Markdown(INTRODUCTION, elem_id="cb-intro")
        turns = tuple(
            gr.Markdown(elem_id=f"cb-{part}", sanitize_html=True, latex_delimiters=[])
            for part in ("earlier", "current", "status")
        )
        with gr.Row(elem_id="cb-understood", visible=False) as understood:
            edit = gr.Button("Edit what was understood", scale=0, elem_id="cb-edit")
            as_typed = gr.Button("Ask exactly what I typed", scale=0, elem_id="cb-as-typed")
        with gr.Column(elem_id="cb-composer"):
            problem = gr.Markdown(elem_id="cb-problem", latex_delimiters=[])
            # Filters by place and theme will stand here, above the question.
            with gr.Row(elem_id="cb-ask"):
                question = _question_box()
                ask = gr.Button("Ask", variant="primary", elem_id="cb-submit", scale=0)
            gr.Markdown(HINT, elem_id="cb-hint")
        with gr.Column(elem_id="cb-examples", visible=bool(examples)) as samples:
            gr.Markdown("## For example", elem_id="cb-examples-title")
            buttons = tuple(gr.Button(text, elem_classes="cb-example") for text in examples)
        fresh = gr.Button("New conversation", elem_id="cb-new", visible=False)
    return _Parts(
        conversation, turns, problem, question, ask, samples, buttons, fresh,
        understood, edit, as_typed,
    )  # fmt: skip


def _question_box() -> gr.Textbox:
    """One line that grows; Enter asks."""
    import gradio as gr

    return gr.Textbox(
        label="Your question",
        placeholder="Ask in your own words",
        lines=1,
        max_lines=6,
        elem_id="cb-question",
        scale=1,
        html_attributes=gr.InputHTMLAttributes(
            autocomplete="off", spellcheck=True, enterkeyhint="send", lang="en"
        ),
    )


def _connect(parts: _Parts, chat: Chat) -> None:
    """Enter, the button and each example ask; "New conversation" forgets."""
    import gradio as gr

    has_examples = bool(parts.examples)

    def respond(asked: object, held: Conversation, by: Any) -> Iterator[list[Any]]:  # noqa: ANN401
        for view in chat.ask(asked, _of(held, by)):
            yield _updates(view, has_examples)

    def respond_as_typed(held: Conversation, by: Any) -> Iterator[list[Any]]:  # noqa: ANN401
        for view in chat.ask_as_typed(_of(held, by)):
            yield _updates(view, has_examples)

    for responding in (respond, respond_as_typed):
        # Gradio passes the request to a parameter of this type, which is not loaded above.
        responding.__annotations__["by"] = gr.Request

    def forget() -> list[Any]:
        # The question's box is left alone: somebody may be typing the next one already.
        blank = View("", "", "New conversation.", "", None, Conversation())
        return _updates(blank, has_examples)

    triggers: list[tuple[Callable[..., Any], gr.Component]] = [
        (parts.question.submit, parts.question),
        (parts.ask.click, parts.question),
    ]
    triggers += [(button.click, button) for button in parts.examples]
    asking: dict[str, Any] = {
        "show_progress": "hidden",
        "trigger_mode": "once",
        "concurrency_id": "ask",
        "concurrency_limit": CONCURRENT,
        "api_visibility": "private",
    }
    for trigger, source in triggers:
        trigger(respond, [source, parts.conversation], parts.shown, **asking)
    parts.as_typed.click(respond_as_typed, parts.conversation, parts.shown, **asking)
    parts.edit.click(
        lambda held: held.understood, parts.conversation, parts.question,
        show_progress="hidden", api_visibility="private",
    )  # fmt: skip
    # Queued like a question: events outside the queue use a route that the door keeps closed.
    parts.fresh.click(forget, None, parts.shown, show_progress="hidden", api_visibility="private")


def _of(held: Conversation, by: gr.Request) -> Conversation:
    """The conversation with the name of who asks, for the record of use."""
    return replace(held, who=visitor(by.request).name if by.request else "")


def _updates(view: View, has_examples: bool) -> list[Any]:
    """A view as Gradio's updates, in the order of `_Parts.shown`."""
    import gradio as gr

    parts = (view.earlier, view.current, view.status, view.problem, view.question)
    updates: list[Any] = [gr.skip() if part is None else part for part in parts]
    updates.append(gr.skip() if view.conversation is None else view.conversation)
    held = view.conversation
    understood = gr.skip() if held is None else gr.update(visible=bool(held.understood))
    if view.current is None:
        return [*updates, gr.skip(), gr.skip(), understood]
    started = bool(view.current)
    return [
        *updates,
        gr.update(visible=has_examples and not started),
        gr.update(visible=started),
        understood,
    ]
