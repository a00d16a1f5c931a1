"""A turn of the conversation: what is said, where it comes from, and that words stay words."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

from markdown_it import MarkdownIt

from assistant.datatypes import (
    Abstention,
    Answer,
    Citation,
    Hit,
    Passage,
    Role,
    Span,
    Statement,
)
from assistant.web import plain, turns

MARKDOWN = MarkdownIt("gfm-like", {"html": True, "linkify": False})
HOSTILE = "<img src=x onerror=a> **b** [c](javascript:d)\n\n# e `f`"


SUMMARISED = "Casebook's summary of Report, Trust"


def citation(number: int, place: str, quote: str, title: str = "") -> Citation:
    return Citation(
        number, f"{place.lower()}.md", title or f"{place}: a case", place,
        ("What happened", "Money"), Span(10, 10 + len(quote)), quote, f"{number:016x}",
        "https://example.org", SUMMARISED if place == "Harbour" else "",
    )  # fmt: skip


def answer(*citations: Citation, question: str = "How?", standalone: str = "") -> Answer:
    statements = tuple(Statement(c.quote, (c,)) for c in citations)
    return Answer(question, standalone or question, statements, (), 0.9, None, "000007")


def refusal(missing: tuple[str, ...] = (), reason: str = "Nothing here answers it.") -> Answer:
    text = "Nurses visited every school."
    passage = Passage(
        1, "moorland.md", "Moorland: nurses", "Moorland", ("What happened",),
        Span(5, 5 + len(text)), text, (Span(5, 5 + len(text)),),
    )  # fmt: skip
    hits = (Hit(passage, 0.3),)
    return Answer("What dose?", "What dose?", (), hits, 0.1, Abstention(reason, missing), "000007")


def words_of(markup: str) -> str:
    without_plain = re.sub(r'<pre class="cb-plain" hidden>.*?</pre>', "", markup, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", without_plain)).split())


def test_a_weak_answer_says_so_before_its_quotations() -> None:
    weak = replace(answer(citation(1, "Harbour", "One fund.")), weak=True)
    words = words_of(turns.finished(1, weak))
    assert words.startswith(
        "How? Only weak evidence. 1 case study comes nearest: Harbour. 1 quotation, checked word "
        "for word against the source. Of test questions answered on so little evidence, fewer "
        "than half got a quotation that answers."
    )
    assert "so little evidence" not in words_of(turns.finished(1, replace(weak, weak=False)))


def test_statements_stand_under_their_places_best_first() -> None:
    found = turns.finished(
        1,
        answer(
            citation(1, "Harbour", "One fund."),
            citation(2, "Moorland", "Nurses came."),
            citation(3, "Harbour", "It was published."),
        ),
    )
    assert re.findall(r'<h3 class="cb-place"><bdi>(\w+)</bdi>', found) == ["Harbour", "Moorland"]
    assert words_of(found) == (
        "How? 2 case studies describe this: Harbour and Moorland. 3 quotations, each checked word "
        "for word against the source. "
        "Harbour One fund. Source 1 : Harbour: a case (opens in a new tab) "
        "It was published. Source 3 : Harbour: a case (opens in a new tab) "
        "Moorland Nurses came. Source 2 : Moorland: a case (opens in a new tab) Copy answer "
        "Sources Each link opens in a new tab with the quoted words marked. "
        "Harbour: a case Harbour · What happened › Money “One fund.” "
        "Casebook's summary of Report, Trust "
        "Moorland: a case Moorland · What happened › Money “Nurses came.” "
        "Harbour: a case Harbour · What happened › Money “It was published.” "
        "Casebook's summary of Report, Trust"
    )


def test_what_was_asked_for_is_bold_and_nothing_else() -> None:
    cited = citation(1, "Harbour", "It opened in May & cost £6m.")
    statement = Statement(cited.quote, (cited,), asked=(Span(13, 16), Span(24, 27)))
    found = turns.finished(1, Answer("Q?", "Q?", (statement,), (), 0.9, None, "000007"))
    bold = "<bdi>It opened in <strong>May</strong> & cost <strong>£6m</strong>.</bdi>"
    assert bold in unescape(found)
    assert found.count("<strong>") == 2
    assert "Bold, for what was asked for, is ours." in words_of(found)


def test_a_difficulty_and_its_response_are_named() -> None:
    hard, done = (
        citation(1, "Harbour", "Nobody trusted it."),
        citation(2, "Harbour", "It was shown."),
    )
    statements = (
        Statement(hard.quote, (hard,), Role.DIFFICULTY),
        Statement(done.quote, (done,), Role.RESPONSE),
    )
    both = Answer("Q?", "Q?", statements, (), 0.9, None, "000007")
    assert re.findall(r'"cb-role">([^<]+)', turns.finished(1, both)) == [
        "The difficulty",
        "What helped",
    ]
    assert "What helped: “It was shown.” [2]" in plain.plain_text(both)


def test_links_lead_to_the_quotation_in_the_viewer() -> None:
    found = turns.finished(1, answer(citation(1, "Harbour", "One fund.")))
    links = {unescape(link) for link in re.findall(r'href="([^"]*)"', found)}
    assert links == {"/source/harbour.md?p=0000000000000001#quote"}


def test_a_follow_up_says_how_it_was_understood() -> None:
    found = turns.finished(
        2,
        answer(citation(1, "Harbour", "x y."), question="And cost?", standalone="Harbour cost?"),
    )
    assert "Understood as: Harbour cost?" in words_of(found)


def test_a_refusal_says_why_and_shows_the_closest_passages() -> None:
    found = turns.finished(1, refusal(("amoxicillin",)))
    assert words_of(found) == (
        "What dose? The case studies do not say Nothing here answers it. "
        "Not found in any case study: “amoxicillin”. Closest passages None was sure enough to "
        "be quoted as an answer. Read them before you conclude that nothing is said. Each link "
        "opens in a new tab. Moorland: nurses "
        "Moorland · What happened Nurses visited every school. Copy answer"
    )


def test_missing_words_are_not_said_twice() -> None:
    found = refusal(("dose",), "They never mention “dose”.")
    assert words_of(turns.finished(1, found)).count("dose") == 2  # question and reason


def test_summaries_for_the_status_line() -> None:
    one = answer(citation(1, "Harbour", "One fund."))
    assert turns.summary(one) == (
        "1 case study describes this: Harbour. "
        "1 quotation, checked word for word against the source."
    )
    assert turns.summary(refusal()) == "The case studies do not say. 1 close passage below."


def test_plain_text_reads_well_and_carries_links() -> None:
    found = plain.plain_text(
        answer(citation(1, "Harbour", "One fund."), citation(2, "Moorland", "Nurses came.")),
    )
    assert found == (
        "How?\n2 case studies describe this: Harbour and Moorland.\n\n"
        "Harbour\n“One fund.” [1]\n\nMoorland\n“Nurses came.” [2]\n\nSources\n"
        "[1] Harbour: a case. What happened › Money. Casebook's summary of Report, Trust\n"
        "Published at https://example.org\n/source/harbour.md?p=0000000000000001#quote\n"
        "[2] Moorland: a case. What happened › Money\n"
        "Published at https://example.org\n/source/moorland.md?p=0000000000000002#quote\n\n"
        "Casebook, index generation 000007"
    )


def test_a_refusal_in_plain_text() -> None:
    assert plain.plain_text(refusal(("amoxicillin",))).splitlines()[:5] == [
        "What dose?", "",
        "The case studies do not say. Nothing here answers it.",
        "Not found in any case study: “amoxicillin”.", "",
    ]  # fmt: skip


def test_hostile_words_stay_words_and_the_turn_one_block() -> None:
    hostile = citation(1, HOSTILE, HOSTILE, HOSTILE)
    for markup in (
        turns.finished(1, answer(replace(hostile, attribution=HOSTILE), question=HOSTILE)),
        turns.finished(1, refusal((HOSTILE,), HOSTILE)),
        turns.pending(1, HOSTILE, "Searching"),
    ):
        assert "\n" not in markup
        assert str(MARKDOWN.render(markup)) == markup  # passed through as one HTML block
        allowed = {
            "section", "h2", "h3", "p", "div", "bdi", "blockquote", "span", "sup", "a", "ol", "li",
            "pre", "button",
        }  # fmt: skip
        assert set(re.findall(r"</?([a-zA-Z0-9]+)", markup)) <= allowed
        assert all(
            unescape(link).startswith("/source/") for link in re.findall(r'href="([^"]*)"', markup)
        )
        assert HOSTILE.split()[0] in unescape(markup)
