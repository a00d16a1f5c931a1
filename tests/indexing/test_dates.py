"""Since when a document has been in the index as it is: kept from build to build."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.indexing import dates
from assistant.pipeline import Casebook
from tests.making import cases

LONG_AGO = "2020-01-02T03:04:05+00:00"


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def backdate(folder: Path) -> None:
    path = folder / dates.NAME
    fields = json.loads(path.read_text(encoding="utf-8"))
    dated = {doc_id: [sha256, LONG_AGO] for doc_id, (sha256, _) in fields.items()}
    path.write_text(json.dumps(dated), encoding="utf-8")


def test_only_what_changed_gets_a_new_date(tmp_path: Path) -> None:
    first, second = made(tmp_path / "1"), made(tmp_path / "2")
    harbour, moorland, valley = cases()
    dates.write(first, [harbour, moorland], None)
    backdate(first)
    changed = type(moorland)(moorland.doc_id, moorland.title, "Other words.", "other")
    dates.write(second, [harbour, changed, valley], first)
    found = dates.read(second)
    assert found[harbour.doc_id] == LONG_AGO
    assert found[changed.doc_id] > LONG_AGO
    assert found[valley.doc_id] > LONG_AGO


@pytest.mark.parametrize("damage", ["", "[]", '{"a": 1}', '{"a": ["b"]}'])
def test_a_generation_without_dates_has_none(tmp_path: Path, damage: str) -> None:
    assert dates.read(tmp_path) == {}
    (tmp_path / dates.NAME).write_text(damage, encoding="utf-8")
    assert dates.read(tmp_path) == {}
    dates.write(made(tmp_path / "next"), cases(), tmp_path)
    assert set(dates.read(tmp_path / "next")) == {case.doc_id for case in cases()}


def test_dates_come_back_with_a_rollback(book: Casebook) -> None:
    before = dict(book.index().since)
    path = book.settings.corpus / "harbour.md"
    path.write_text(path.read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")
    book.build()
    assert set(book.index().since) == set(before)
    book.rollback("000001")
    assert book.index().since == before
