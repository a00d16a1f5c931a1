"""`python -m benchmarks.bad_inputs`: which of the numbered bad inputs have tests, and how many.

A test says which input it puts by the number in its name or in the first line of its docstring or
its module's: `test_...[B85 10k]`, `test_b03_...`, "B88 ...". The tests are collected, not run: CI
runs them before.
"""

from __future__ import annotations

import re
import sys
from collections import Counter

import pytest

SECTIONS = {
    "A files and folders": range(1, 17),
    "B PDF": range(17, 30),
    "C Office files": range(30, 42),
    "D HTML, Markdown, text": range(42, 51),
    "E rendering": range(51, 71),
    "G questions and requests": range(85, 100),
    "H index, model, configuration": range(100, 113),
}
"""Section and its numbers; B71 to B84 are about a language model, which there is none of."""
LATER = {
    94: "Markdown export: there is none; what is copied is plain text",
    104: "base_url: there is no language model to configure",
    105: "base_url: there is no language model to configure",
    107: "API key: there is no language model to configure",
}
"""Numbers without a test, and why."""
_NUMBER = re.compile(r"(?:\bB|_b)(\d{2,3})(?:\b|_)")


class Collected:
    """A pytest plugin that counts the tests of each number."""

    def __init__(self) -> None:
        self.tests: Counter[int] = Counter()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Called by pytest with everything it found."""
        for item in items:
            function = getattr(item, "function", self)
            module = sys.modules.get(getattr(function, "__module__", ""))
            named = next(
                filter(
                    None,
                    (
                        _NUMBER.findall(item.name),
                        _NUMBER.findall((function.__doc__ or "").split("\n")[0]),
                        _NUMBER.findall((module.__doc__ or "").split("\n")[0] if module else ""),
                    ),
                ),
                [],
            )
            self.tests.update({int(number) for number in named})


def main() -> int:
    """Print a line a section; the exit code is 1 if a number has no test and no reason."""
    collected = Collected()
    quietly = ["-o", "addopts=", "-p", "no:terminal"]
    code = pytest.main(["--collect-only", *quietly], [collected])
    if code:
        print("the tests cannot be collected", file=sys.stderr)
        return int(code)
    missing = []
    for section, numbers in SECTIONS.items():
        covered = [number for number in numbers if collected.tests[number]]
        tests = sum(collected.tests[number] for number in numbers)
        print(f"{section}: {len(covered)} of {len(numbers)} numbers, {tests} tests")
        missing += [n for n in numbers if n not in covered and n not in LATER]
    everything = sum(collected.tests[n] for numbers in SECTIONS.values() for n in numbers)
    print(f"in all: {everything} tests")
    for number, reason in LATER.items():
        print(f"B{number} later: {reason}")
    if missing:
        print("without a test: " + ", ".join(f"B{number:02d}" for number in missing))
    return int(bool(missing))


if __name__ == "__main__":
    raise SystemExit(main())
