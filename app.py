"""Start Casebook in the browser: `python app.py`, then open http://127.0.0.1:7860."""

from assistant.web.server import main

if __name__ == "__main__":
    raise SystemExit(main())
