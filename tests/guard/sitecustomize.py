"""Loaded by every Python that the tests start: it, too, refuses to leave this machine.

Python imports a module of this name at its start (docs.python.org, module site); the folder is put
on PYTHONPATH by tests/conftest.py.
"""

import importlib.util
import sys
from pathlib import Path

_spec = importlib.util.spec_from_file_location(
    "casebook_tests_network", Path(__file__).resolve().parent.parent / "network.py"
)
if _spec is None or _spec.loader is None:
    sys.exit("the guard of the tests is missing")
_network = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_network)
_network.close()
