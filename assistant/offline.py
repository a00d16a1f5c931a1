"""Keep every library from calling home: set their switches before they load.

Casebook promises that nothing leaves the machine. Gradio, Hugging Face and their relatives read
these variables once, at import, so they are set here and nowhere else; they overrule what the shell
says, since a promise that a stray variable can break is none.
"""

import os

CLOSED = {
    # Gradio enables analytics only for the exact string "True"; off, it checks no version either.
    "GRADIO_ANALYTICS_ENABLED": "False",
    # Since Gradio 6.24 a public event would copy its inputs and outputs into the browser's storage.
    "GRADIO_RUN_HISTORY": "False",
    "GRADIO_SHARE": "False",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "DO_NOT_TRACK": "1",
    "ANONYMIZED_TELEMETRY": "False",
}

CALM = {
    # OpenMP threads that spin while they wait make a question ten times slower on a busy machine.
    "OMP_WAIT_POLICY": "PASSIVE",
    # The tokenizer's own threads warn after a fork and gain nothing on short texts.
    "TOKENIZERS_PARALLELISM": "false",
}
"""How libraries share an ordinary computer; what the shell says goes before."""


def close_network_doors() -> None:
    """Set the switches of `CLOSED`, and those of `CALM` that are not set, before libraries load."""
    os.environ.update(CLOSED)
    for name, value in CALM.items():
        os.environ.setdefault(name, value)
