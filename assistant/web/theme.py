"""Gradio's look, set wholly from our own style sheet: one set of colours for chat and pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gradio as gr

# Gradio variable -> variable of static/casebook.css, which has values for light and for dark.
COLOURS = {
    "body_background_fill": "paper",
    "background_fill_primary": "paper",
    "background_fill_secondary": "surface",
    "body_text_color": "ink",
    "body_text_color_subdued": "ink-soft",
    "block_background_fill": "paper",
    "block_border_color": "line",
    "block_info_text_color": "ink-soft",
    "block_label_background_fill": "paper",
    "block_label_text_color": "ink",
    "block_title_text_color": "ink",
    "panel_background_fill": "surface",
    "border_color_primary": "line",
    "border_color_accent": "accent",
    "color_accent_soft": "accent-soft",
    "link_text_color": "accent",
    "link_text_color_active": "accent-strong",
    "link_text_color_hover": "accent-strong",
    "link_text_color_visited": "accent",
    "input_background_fill": "surface",
    "input_background_fill_focus": "surface",
    "input_background_fill_hover": "surface",
    "input_border_color": "line-strong",
    "input_border_color_focus": "accent",
    "input_border_color_hover": "line-strong",
    "input_placeholder_color": "ink-soft",
    "button_primary_background_fill": "accent",
    "button_primary_background_fill_hover": "accent-strong",
    "button_primary_border_color": "accent",
    "button_primary_border_color_hover": "accent-strong",
    "button_primary_text_color": "on-accent",
    "button_primary_text_color_hover": "on-accent",
    "button_secondary_background_fill": "surface",
    "button_secondary_background_fill_hover": "accent-soft",
    "button_secondary_border_color": "line-strong",
    "button_secondary_border_color_hover": "accent",
    "button_secondary_text_color": "accent",
    "button_secondary_text_color_hover": "accent-strong",
    "error_background_fill": "surface",
    "error_border_color": "warning",
    "error_text_color": "warning",
}
_ONE_FOR_BOTH = {"block_border_width": "0px", "block_shadow": "none", "input_shadow": "none"}


def casebook_theme() -> gr.themes.Base:
    """The theme: system fonts, so that nothing is fetched, and our colours in light and dark."""
    import inspect

    import gradio as gr

    theme = gr.themes.Base(
        font=[
            "system-ui",
            "-apple-system",
            "Segoe UI",
            "Roboto",
            "Helvetica",
            "Arial",
            "sans-serif",
        ],
        font_mono=["ui-monospace", "SFMono-Regular", "Consolas", "monospace"],
        radius_size=gr.themes.sizes.radius_sm,
        text_size=gr.themes.sizes.text_lg,
    )
    names = inspect.signature(theme.set).parameters
    values = dict(_ONE_FOR_BOTH)
    for name, variable in COLOURS.items():
        for key in (name, f"{name}_dark"):
            if key in names:
                values[key] = f"var(--cb-{variable})"
    return theme.set(**values)
