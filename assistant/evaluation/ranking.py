"""Measures of ranked lists, question by question. The only module that loads ir-measures.

ir-measures (MacAvaney and others, ECIR 2022) is the common door to trec_eval, the reference
implementation, and installs in seconds; ranx computes the same through a compiler of 100 MB.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.errors import SettingError

ROOM = 1000
"""A cut-off that cuts nothing off."""
LOST = "never found"

Ranking = Sequence[str]
"""Names in the order of their rank, each once."""


def measure(
    rankings: Mapping[str, Ranking],
    relevant: Mapping[str, Mapping[str, int]],
    measures: Sequence[str],
) -> dict[str, dict[str, float]]:
    """For each measure ("nDCG@10") its value by question id, for the questions in `relevant`.

    A question without a ranking has found nothing. Raises SettingError if ir-measures is missing.
    """
    try:
        import ir_measures
    except ImportError as error:
        raise SettingError(
            "The package ir-measures is not installed: expected it for the figures of retrieval. "
            "Install it: pip install -r requirements-dev.txt"
        ) from error
    # Scores fall by one a rank, so that no two are equal and ties cannot be broken otherwise.
    run = {
        key: {name: float(-place) for place, name in enumerate(rankings.get(key, ()))}
        for key in relevant
    }
    names = {name: ir_measures.parse_measure(name) for name in measures}
    values: dict[str, dict[str, float]] = {name: dict.fromkeys(relevant, 0.0) for name in names}
    for name, parsed in names.items():
        # One query without any hit would be left out by trec_eval: it has found nothing.
        for found in ir_measures.iter_calc([parsed], relevant, run):
            values[name][found.query_id] = float(found.value)
    return values
