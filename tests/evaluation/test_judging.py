from __future__ import annotations

from assistant.evaluation.judging import Fate
from tests.evaluation.replying import BUS, FUND, NURSES, four, judged, question, reply


def test_four_questions_and_what_became_of_them() -> None:
    assert [j.fate for j in four()] == [
        Fate.RIGHT,
        Fate.RIGHT,
        Fate.NEVER_RETRIEVED,
        Fate.RIGHT,
    ]


def test_each_way_to_go_wrong() -> None:
    asked = question("q", ("valley", BUS))
    found = [("valley", BUS)]
    other = [("harbour", FUND)]
    assert judged(asked, reply(other, found)).fate is Fate.NOT_CHOSEN
    assert judged(asked, reply((), found)).fate is Fate.REFUSED
    assert judged(asked, reply((), other)).fate is Fate.NEVER_RETRIEVED
    assert judged(question("none"), reply(other)).fate is Fate.NOT_ANSWERABLE


def test_gold_is_found_by_rank_and_by_citation() -> None:
    two = four()[1]
    assert two.gold_ranks == (3, None)
    assert two.gold_cited == (True, False)
    assert two.citations == (False, True)
    assert two.hits == (False, False, True)
    assert not two.first_right
    assert two.documents_cited == 0.5
    assert two.precise_documents == 0.5


def test_one_citation_may_hold_two_gold_quotations() -> None:
    both = judged(
        question("q", ("valley", BUS), ("valley", NURSES)),
        reply([("valley", f"{BUS} {NURSES}")]),
    )
    assert both.gold_cited == (True, True)
