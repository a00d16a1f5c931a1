"""Take the pictures of the README from a running Casebook: `python docs/images/make.py [URL]`.

The pictures show the real pages and a real answer; colours are reduced to keep the files small.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).resolve().parent
QUESTION = "What did leaders do to change culture?"
CHROMIUM = "/usr/bin/chromium"


def main(url: str) -> None:
    """Ask, take the chat, follow the first citation, take the source."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 1000}, color_scheme="light")
        page.goto(url)
        page.get_by_role("textbox", name="Your question").fill(QUESTION)
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Copy answer").wait_for()
        page.wait_for_timeout(1500)
        page.evaluate("scrollTo({top: 0, behavior: 'instant'}); document.activeElement.blur()")
        _save(page, "chat.png")
        with page.expect_popup() as popup:
            page.locator(".cb-cite").first.click()
        source = popup.value
        source.set_viewport_size({"width": 1440, "height": 900})
        source.reload()
        _save(source, "source.png")
        browser.close()


def _save(page: Page, name: str) -> None:
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    shot.quantize(128, dither=Image.Dither.NONE).save(HERE / name, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:7860")
