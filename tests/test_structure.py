"""Imports point one way, every library has one door, and every one is pinned."""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from assistant.settings import PROJECT

LAYERS = (
    {"__init__", "offline", "errors", "datatypes", "private", "settings", "text", "progress"},
    {"documents"},
    {"indexing"},
    {"retrieval"},
    {"answering"},
    {"serving", "gathering"},
    {"keeping", "pipeline"},
    {"watching"},
    {"records"},
    {"editing"},
    {"web"},
    {"evaluation"},
    {
        "cli",
        "build_command",
        "generations_command",
        "diff_command",
        "rollback_command",
        "verify_command",
        "password_command",
        "purge_command",
        "quarantine_command",
        "__main__",
    },
)
"""A module imports from its own layer and from those before it."""
DOORS = {
    "faiss": {"indexing/vectors.py"},
    "sentence_transformers": {"indexing/embedders.py"},
    "tantivy": {"indexing/lexical.py"},
    "sqlite3": {"indexing/store.py"},
    "watchfiles": {"watching.py"},
    "filelock": {"indexing/locks.py"},
    "yaml": {"documents/front_matter.py"},
    "trafilatura": {"documents/html.py"},
    "mammoth": {"documents/docx.py"},
    "pptx": {"documents/pptx.py"},
    "striprtf": {"documents/rtf.py"},
    "markdown_it": {"documents/markdown.py"},
    "sentencex": {"text.py"},
    "argon2": {"web/passwords.py"},
    "itsdangerous": {"web/sessions.py"},
    "limits": {"web/limits.py"},
}
HEAVY = {"faiss", "sentence_transformers", "tantivy", "torch", "transformers", "gradio", "tqdm"}
HEAVY |= {"trafilatura", "mammoth", "pptx", "pypdfium2", "striprtf"}
PACKAGE = PROJECT / "assistant"
MODULES = sorted(PACKAGE.rglob("*.py"))
EVALUATION = [path for path in MODULES if PACKAGE / "evaluation" in path.parents]
STARTED = [PROJECT / "app.py", PROJECT / "build_index.py"]


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def _layer(name: str) -> int:
    first = name.split("/")[0].removesuffix(".py")
    return next(i for i, layer in enumerate(LAYERS) if first in layer)


def _imports(tree: ast.AST) -> Iterator[str]:
    """Every imported module, dotted; `from a import b` gives "a.b"."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "relative imports hide the direction"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_imports_point_one_way(path: Path) -> None:
    own = _name(path)
    for imported in _imports(_parse(path)):
        parts = imported.split(".")
        if imported.startswith("assistant.") and imported != "assistant.__version__":
            assert _layer(parts[1]) <= _layer(own), f"{own} imports {imported}"
        assert parts[0] not in {"tests", "training", "benchmarks"}, f"{own} imports {imported}"


@pytest.mark.parametrize(("library", "allowed"), DOORS.items(), ids=DOORS)
def test_a_library_is_imported_in_one_module(library: str, allowed: set[str]) -> None:
    users = {_name(p) for p in MODULES if library in {i.split(".")[0] for i in _imports(_parse(p))}}
    assert users == allowed


def test_gradio_is_imported_only_under_web() -> None:
    users = {
        _name(p) for p in MODULES if "gradio" in {i.split(".")[0] for i in _imports(_parse(p))}
    }
    assert all(name.startswith("web/") for name in users)


@pytest.mark.parametrize("path", [p for p in MODULES if "web" not in p.parts], ids=_name)
def test_heavy_libraries_are_imported_where_they_are_needed(path: Path) -> None:
    """At the top of a module only `if TYPE_CHECKING:` may name them."""
    top = [node for node in _parse(path).body if isinstance(node, ast.Import | ast.ImportFrom)]
    named = {i.split(".")[0] for node in top for i in _imports(ast.Module([node], []))}
    assert named.isdisjoint(HEAVY)


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_the_environment_is_read_in_one_place(path: Path) -> None:
    nodes = list(ast.walk(_parse(path)))
    set_only = [  # os.environ["X"] = ... tells a library something, and reads nothing
        node.value
        for node in nodes
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
    ]
    reads = {
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv", "environb"}
        if node not in set_only
    }
    assert not reads or _name(path) in {"settings.py", "offline.py"}


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_every_module_says_its_job(path: Path) -> None:
    assert ast.get_docstring(_parse(path)), f"{_name(path)} has no docstring"


def _canonical(name: str) -> str:
    """The name of a distribution as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _pinned(name: str) -> set[str]:
    """The distributions that a file of requirements pins to one version."""
    lines = (PROJECT / name).read_text(encoding="utf-8").splitlines()
    return {_canonical(line.partition("==")[0]) for line in lines if "==" in line}


def _unpinned(paths: Iterable[Path], pinned: set[str]) -> dict[str, set[str]]:
    """Third-party packages that no pinned distribution provides, and the modules that need them."""
    distributions = packages_distributions()
    found: dict[str, set[str]] = defaultdict(set)
    for path in paths:
        for name in {imported.split(".")[0] for imported in _imports(_parse(path))}:
            if name in sys.stdlib_module_names or name == PACKAGE.name:
                continue
            if pinned.isdisjoint(map(_canonical, distributions.get(name, [name]))):
                found[name].add(path.relative_to(PROJECT).as_posix())
    return dict(found)


def test_every_library_is_pinned() -> None:
    """What only the evaluation imports comes with the requirements of development."""
    product = [path for path in (*MODULES, *STARTED) if path not in EVALUATION]
    pinned = _pinned("requirements.txt")
    assert _unpinned(product, pinned) == {}
    assert _unpinned(EVALUATION, pinned | _pinned("requirements-dev.txt")) == {}


def test_no_pickle() -> None:
    used = {i.split(".")[0] for path in MODULES for i in _imports(_parse(path))}
    assert used.isdisjoint({"pickle", "marshal", "shelve", "joblib", "dill", "cloudpickle"})
