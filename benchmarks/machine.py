"""Name the machine that figures were measured on."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path

CPU_INFO = Path("/proc/cpuinfo")
MEMORY_INFO = Path("/proc/meminfo")


def machine() -> str:
    """Processor, cores, memory, system and Python, as one line."""
    parts = [
        _processor(),
        f"{os.cpu_count()} cores",
        _memory(),
        platform.system(),
        f"Python {platform.python_version()}",
    ]
    return ", ".join(part for part in parts if part)


def _processor() -> str:
    return _found(CPU_INFO, r"model name\s*:\s*(.+)") or platform.processor() or platform.machine()


def _memory() -> str:
    kilobytes = _found(MEMORY_INFO, r"MemTotal:\s*(\d+)")
    return f"{int(kilobytes) / 1024**2:.0f} GB memory" if kilobytes else ""


def _found(path: Path, pattern: str) -> str:
    if not path.exists():
        return ""
    match = re.search(pattern, path.read_text(encoding="utf-8"))
    return match[1].strip() if match else ""
