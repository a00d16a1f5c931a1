# ruff: noqa: E501  # tables of settings read better one a line
"""Bad indexes, models, settings and surroundings (B100 to B112), at the start of a program."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assistant import cli
from assistant.errors import ModelError, SettingError
from assistant.indexing.embedders import SentenceTransformerEmbedder, default_model_folder
from assistant.settings import PROJECT, Settings
from assistant.web import server
from tests.making import casebook, write_corpus


class Plant:
    """Unpickling it makes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.path),)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """The index of the three case studies."""
    write_corpus(tmp_path / "corpus")
    casebook(tmp_path).build()
    return tmp_path / "index"


def _verified(index: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = cli.main(["verify", "--index", str(index)])
    return code, capsys.readouterr().err


def test_a_pickle_among_the_files_of_an_index_is_never_loaded(
    index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """B100"""
    planted = pickle.dumps(Plant(tmp_path / "planted"))
    (generation,) = (index / "generations").iterdir()
    (generation / "passages.pkl").write_bytes(planted)
    _verified(index, capsys)
    for path in [p for p in generation.rglob("*") if p.is_file() and ".lock" not in p.suffix]:
        kept = path.read_bytes()
        path.write_bytes(planted)
        code, said = _verified(index, capsys)
        assert path.name == "passages.pkl" or code in (1, 2), path
        assert "Traceback" not in said
        path.write_bytes(kept)
    assert not (tmp_path / "planted").exists()


@pytest.mark.parametrize(
    "words",
    [pytest.param(w, id=f"B100 {w!r}") for w in (
        "../../etc", "/etc", "", "000001\n000001", "\x00", "..", "000001/../000001", "x" * 5000,
    )],
)  # fmt: skip
def test_current_names_a_generation_or_nothing(
    index: Path, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (index / "CURRENT").write_text(words, encoding="utf-8")
    code, said = _verified(index, capsys)
    assert code in (1, 2)
    assert said.strip().endswith(".")
    assert "Traceback" not in said


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A copy of the default model, its weights linked."""
    source, folder = default_model_folder(), tmp_path / "model"
    for path in source.rglob("*"):
        target = folder / path.relative_to(source)
        if path.is_dir():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".safetensors":
            target.symlink_to(path)
        else:
            shutil.copyfile(path, target)
    return folder


def test_a_model_that_brings_code_is_refused_before_it_is_loaded(
    model: Path, tmp_path: Path
) -> None:
    """B101"""
    (model / "modeling_x.py").write_text(
        f"import os; os.mkdir({str(tmp_path / 'planted')!r})", encoding="utf-8"
    )
    with pytest.raises(ModelError, match=r"can run code: modeling_x\.py"):
        SentenceTransformerEmbedder.load(str(model))
    assert not (tmp_path / "planted").exists()


def test_a_model_with_a_module_of_its_own_is_refused(model: Path) -> None:
    """B101"""
    modules = json.loads((model / "modules.json").read_text(encoding="utf-8"))
    modules[0]["type"] = "custom.Evil"
    (model / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    with pytest.raises(ModelError, match=r"can run code: custom\.Evil"):
        SentenceTransformerEmbedder.load(str(model))


@pytest.mark.parametrize("beside", [True, False], ids=["B102 beside", "B102 instead"])
def test_pickled_weights_are_refused(model: Path, tmp_path: Path, beside: bool) -> None:
    (model / "pytorch_model.bin").write_bytes(pickle.dumps(Plant(tmp_path / "planted")))
    if not beside:
        (model / "model.safetensors").unlink()
    with pytest.raises(ModelError, match=r"pytorch_model\.bin|expected the folder of a sentence"):
        SentenceTransformerEmbedder.load(str(model))
    assert not (tmp_path / "planted").exists()


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, id=f"B103 {name}") for name in (
        "../../etc", "sentence-transformers/all-MiniLM-L6-v2", "hf://x/y", "", "/dev/null",
        "https://evil.example/model", "C:\\models\\x",
    )],
)  # fmt: skip
def test_a_model_that_is_not_here_is_not_fetched(name: str) -> None:
    """The suite's own guard raises for whatever reaches for another machine."""
    with pytest.raises(ModelError, match=r"No model at .*\(nothing is downloaded\)"):
        SentenceTransformerEmbedder.load(name)


BAD_SETTINGS = {
    "B108 unknown": ({"CASEBOOK_PROT": "8000"}, "CASEBOOK_PROT is no setting: expected CASEBOOK_PORT"),
    "B108 type": ({"CASEBOOK_PORT": "eighty"}, "CASEBOOK_PORT is 'eighty': expected a whole number"),
    "B108 float": ({"CASEBOOK_PORT": "80.5"}, "CASEBOOK_PORT is '80.5': expected a whole number"),
    "B108 minus": ({"CASEBOOK_THREADS": "-1"}, "threads is -1: expected 0 to 256"),
    "B108 huge": ({"CASEBOOK_MAX_QUESTION": "9" * 400}, "expected 1 to 100000"),
    "B108 too huge": ({"CASEBOOK_PORT": "9" * 5000}, "expected a whole number"),
    "B108 word": ({"CASEBOOK_RECORD_OF_USE": "all"}, "record_of_use is 'all': expected off, documents"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_SETTINGS)
def test_a_bad_setting_is_a_sentence(name: str) -> None:
    environ, words = BAD_SETTINGS[name]
    with pytest.raises(SettingError) as told:
        Settings.load(environ)
    assert words in str(told.value)
    assert len(str(told.value)) < 6000


def test_other_programs_variables_are_left_alone() -> None:
    """B108"""
    environ = {"CASEBOOK_CHROMIUM": "/usr/bin/chromium", "CASEBOOK_REQUIRE_BROWSER": "1"}
    assert Settings.load(environ) == Settings()


def _run(*command: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], cwd=cwd, env={**os.environ, **environ},
        capture_output=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip


@pytest.mark.slow
def test_files_in_the_working_folder_are_not_code_or_settings(tmp_path: Path) -> None:
    """B110"""
    for name in ("faiss", "gradio", "json5", "yaml", "sitecustomize"):
        code = f"import os; os.mkdir({str(tmp_path / f'planted-{name}')!r})"
        (tmp_path / f"{name}.py").write_text(code, encoding="utf-8")
    (tmp_path / ".env").write_text("CASEBOOK_PORT=1\nCASEBOOK_THREADS=-1\n", encoding="utf-8")
    write_corpus(tmp_path / "corpus")
    done = _run(
        str(PROJECT / "build_index.py"), "--corpus", "corpus", "--index", "index", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.glob("planted-*")) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "environ",
    [pytest.param(e, id=f"B111 {n}") for n, e in {
        "locale C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        "no home": {"HOME": "/nonexistent"}, "one thread": {"OMP_NUM_THREADS": "1"},
    }.items()],
)  # fmt: skip
def test_poor_surroundings(environ: dict[str, str], tmp_path: Path) -> None:
    write_corpus(tmp_path / "corpus", {"cafe.md": "# Café\n\nThe café opened – “early”.\n"})
    done = _run(
        str(PROJECT / "build_index.py"), "--corpus", str(tmp_path / "corpus"),
        "--index", str(tmp_path / "index"), cwd=tmp_path, **environ,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "1 documents" in done.stdout


@pytest.mark.slow
def test_an_index_folder_that_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """B111"""
    from assistant.build_command import main

    write_corpus(tmp_path / "corpus")
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    code = main(["--corpus", str(tmp_path / "corpus"), "--index", str(tmp_path / "file" / "index")])
    assert code == 2
    said = capsys.readouterr().err
    assert str(tmp_path / "file") in said
    assert "Traceback" not in said


OPEN_DOORS = {
    "B112 all addresses": ["--host", "0.0.0.0"],  # noqa: S104
    "B112 all of IPv6": ["--host", "::"],
    "B112 one address": ["--host", "10.0.0.5"],
    "B112 a name": ["--host", "casebook.example"],
    "B112 a proxy's name": ["--name", "casebook.example"],
}


@pytest.mark.parametrize("name", OPEN_DOORS)
def test_no_network_without_a_way_to_sign_in(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert server.main(OPEN_DOORS[name]) == 2
    said = capsys.readouterr().err
    assert "so everybody there could read every case study: expected a password, or a proxy" in said
    assert "python -m assistant password" in said


def test_only_this_computer_is_listened_to_by_default() -> None:
    """B112"""
    assert Settings().host == "127.0.0.1"
