"""What Casebook writes is for its owner alone: files 0600, folders 0700."""

from __future__ import annotations

import os


def keep_private() -> None:
    """From now on this process makes no file that another user can read. For programs' starts."""
    os.umask(0o077)
