"""Our frame goes around Gradio's page, and its previews and manifest go."""

from __future__ import annotations

from pathlib import Path

import gradio

from assistant.web.frame import Frame

FRAME = Frame("<title>Ours</title>", "<header>H</header>", "<footer>F</footer>")


def test_frame() -> None:
    page = (
        b'<head><meta property="og:image" content="https://elsewhere.example/x.jpg" />'
        b'<meta name="twitter:title" content="G" /><link rel="manifest" href="/m.json" /></head>'
        b'<body style="x"><main></main></body>'
    )
    assert FRAME(page) == (
        b"<head><title>Ours</title></head>"
        b'<body style="x"><header>H</header><main></main><footer>F</footer></body>'
    )


def test_the_page_of_this_gradio_version_has_the_places_the_frame_needs() -> None:
    shipped = Path(gradio.__file__).parent / "templates" / "frontend" / "index.html"
    framed = FRAME(shipped.read_bytes()).decode()
    assert framed.index("<title>Ours</title>") < framed.index("</head>")
    assert framed.index("<header>H</header>") < framed.index("<gradio-app")
    assert framed.index("</gradio-app>") < framed.index("<footer>F</footer>")
    assert "og:" not in framed
    assert "twitter:" not in framed
    assert "raw.githubusercontent.com" not in framed
