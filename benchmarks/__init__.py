"""Side by side against other tools, and the script that writes docs/quality.md. Not the product."""
