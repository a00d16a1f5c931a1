"""What the README shows exists and works as written: files, commands, options, settings."""

from __future__ import annotations

import re
import shlex
from dataclasses import fields

import pytest

from assistant import build_command, cli
from assistant.settings import PROJECT, Settings
from assistant.web import server

README = (PROJECT / "README.md").read_text(encoding="utf-8")
CI = (PROJECT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
START = "pip install -r requirements.txt && python app.py"
TEST = "pip install -r requirements-dev.txt && pytest"
TOP_LEVEL = (
    "assistant/", "index/", "corpus/", "tests/", "app.py", "build_index.py", "requirements.txt",
)  # fmt: skip
TARGETS = sorted(
    {
        target.partition("#")[0]
        for target in re.findall(r"\]\(([^)\s]+)\)", README)
        if not target.startswith(("http:", "https:", "#"))
    }
)
"""Files that a link or an image points to."""
TOUR = [
    name
    for row in re.findall(r"^\| (`.+?) \|", README, re.MULTILINE)
    for name in re.findall(r"`([^`]+)`", row)
]
"""The first column of the table of files."""
PACKAGES = sorted(
    f"{module.parent.relative_to(PROJECT).as_posix()}/"
    for module in (PROJECT / "assistant").rglob("*/__init__.py")
)
COMMANDS = re.findall(r"python -m assistant (\w[^`\n]*)", README)
"""What follows `python -m assistant`, in code blocks and in sentences."""


def _check_exists(name: str) -> None:
    path = PROJECT / name
    assert path.is_dir() if name.endswith("/") else path.is_file(), f"there is no {name}"


def _help(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    with pytest.raises(SystemExit, match=r"^0$"):
        cli.main([*command, "--help"])
    return capsys.readouterr().out


def _subcommands(capsys: pytest.CaptureFixture[str]) -> set[str]:
    listed = re.search(r"\{([\w,-]+)\}", _help(capsys))
    assert listed, "the help does not list the commands"
    return set(listed[1].split(","))


@pytest.mark.parametrize("target", TARGETS)
def test_a_link_leads_to_a_file(target: str) -> None:
    _check_exists(target)


def test_the_readme_shows_a_picture() -> None:
    assert re.search(r"!\[[^\]]+\]\(docs/images/chat\.png\)", README)


@pytest.mark.parametrize("name", TOUR)
def test_a_file_of_the_tour_exists(name: str) -> None:
    _check_exists(name)


@pytest.mark.parametrize("package", PACKAGES)
def test_the_tour_visits_every_package(package: str) -> None:
    assert any(name.startswith(package) for name in TOUR), f"the tour leaves out {package}"


@pytest.mark.parametrize("name", TOP_LEVEL)
def test_the_top_level_is_the_promised_one(name: str) -> None:
    _check_exists(name)


@pytest.mark.parametrize("command", [START, TEST])
def test_the_commands_to_start_and_to_test_can_be_copied(command: str) -> None:
    assert f"\n```\n{command}\n```\n" in README
    for name in re.findall(r"[\w-]+\.(?:txt|py)", command):
        _check_exists(name)


@pytest.mark.parametrize("script", sorted(set(re.findall(r"python (\w+\.py)", README))))
def test_a_script_that_is_run_exists(script: str) -> None:
    _check_exists(script)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_line_is_accepted(command: str) -> None:
    words = shlex.split(command)
    assert cli._parser().parse_args(words).command == words[0]


def test_every_command_is_shown_and_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    assert {command.split()[0] for command in COMMANDS} == _subcommands(capsys)


def test_every_command_takes_an_index(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Every command takes `--index DIR`" in README
    for command in _subcommands(capsys):
        assert "--index" in _help(capsys, command)


def test_ask_takes_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert "`ask --json`" in README
    assert "--json" in _help(capsys, "ask")


def test_every_option_that_is_named_exists(capsys: pytest.CaptureFixture[str]) -> None:
    named = set(re.findall(r"(?<![\w-])--[a-z][\w-]*", README))
    helps = " ".join(_help(capsys, command) for command in _subcommands(capsys))
    for main in (build_command.main, server.main):
        with pytest.raises(SystemExit, match=r"^0$"):
            main(["--help"])
        helps += capsys.readouterr().out
    assert {"--batch", "--output", "--k", "--index", "--json"} <= named
    assert named <= set(re.findall(r"--[a-z][\w-]*", helps))


def test_a_setting_that_is_named_exists() -> None:
    named = set(re.findall(r"CASEBOOK_\w+", README))
    assert "CASEBOOK_PORT" in named
    assert named <= {f"CASEBOOK_{field.name.upper()}" for field in fields(Settings)}


def test_the_address_is_the_default_one() -> None:
    default = {field.name: field.default for field in fields(Settings)}
    assert f"open http://{default['host']}:{default['port']}." in README


def test_the_version_of_torch_is_the_pinned_one() -> None:
    requirements = (PROJECT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    named = re.findall(r"torch==[\d.]*\d", README)
    assert named
    assert set(named) <= set(requirements)


def test_the_version_of_python_is_the_required_one() -> None:
    named = re.search(r"Python (\d\.\d+) or later", README)
    assert named
    required = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'requires-python = ">={named[1]}"' in required


def test_ci_does_what_the_readme_says() -> None:
    assert TEST.rpartition(" && ")[2] in CI
    for command in (START, TEST):
        requirements = command.partition(" && ")[0].rpartition(" -r ")[2]
        assert any(re.search(rf"^pip install .*-r {requirements}$", line) for line in CI)
