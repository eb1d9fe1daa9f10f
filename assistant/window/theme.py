"""One theme: system fonts, paper and ink, one accent. The colours are named here, once, for Gradio's own parts
and for window.css."""

from functools import cache
from pathlib import Path

import gradio as gr

SANS = ("-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Helvetica Neue", "Liberation Sans", "Arial", "sans-serif")
MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "Liberation Mono", "monospace")


@cache
def style() -> str:
    """Our style sheet."""
    return (Path(__file__).parent / "window.css").read_text(encoding="utf-8")


@cache
def head() -> str:
    """What our page has in its head: the script of the page, and the style sheet as it stands (what is given to
    Gradio as `css` is rewritten to hold within its own container only)."""
    script = (Path(__file__).parent / "window.js").read_text(encoding="utf-8")
    return f'<meta name="color-scheme" content="light dark"><style>{style()}</style><script>{script}</script>'


def theme() -> gr.themes.Base:
    """Gradio's own parts in our colours, which window.css defines."""
    made = gr.themes.Base(font=SANS, font_mono=MONO, text_size="md", radius_size="md", spacing_size="md")
    values = {
        "body_background_fill": "var(--paper)",
        "body_text_color": "var(--ink)",
        "body_text_color_subdued": "var(--soft)",
        "background_fill_primary": "var(--sheet)",
        "background_fill_secondary": "var(--paper)",
        "border_color_primary": "var(--line)",
        "border_color_accent": "var(--accent)",
        "color_accent": "var(--accent)",
        "color_accent_soft": "var(--accent-soft)",
        "link_text_color": "var(--accent)",
        "link_text_color_hover": "var(--accent)",
        "link_text_color_active": "var(--accent)",
        "link_text_color_visited": "var(--accent)",
        "block_background_fill": "transparent",
        "block_border_width": "0px",
        "block_shadow": "none",
        "block_padding": "0px",
        "block_label_background_fill": "transparent",
        "block_label_text_color": "var(--soft)",
        "block_label_border_width": "0px",
        "block_title_text_color": "var(--soft)",
        "block_title_text_weight": "500",
        "block_info_text_color": "var(--soft)",
        "panel_background_fill": "transparent",
        "panel_border_width": "0px",
        "input_background_fill": "var(--sheet)",
        "input_background_fill_focus": "var(--sheet)",
        "input_border_color": "var(--edge)",
        "input_border_color_focus": "var(--accent)",
        "input_border_width": "1px",
        "input_placeholder_color": "var(--soft)",
        "input_shadow": "none",
        "input_shadow_focus": "0 0 0 3px var(--accent-soft)",
        "button_primary_background_fill": "var(--accent)",
        "button_primary_background_fill_hover": "var(--accent-strong)",
        "button_primary_text_color": "var(--on-accent)",
        "button_primary_border_color": "var(--accent)",
        "button_primary_border_color_hover": "var(--accent-strong)",
        "button_secondary_background_fill": "var(--sheet)",
        "button_secondary_background_fill_hover": "var(--accent-soft)",
        "button_secondary_text_color": "var(--ink)",
        "button_secondary_border_color": "var(--edge)",
        "button_secondary_border_color_hover": "var(--edge)",
        "button_border_width": "1px",
        "button_large_text_weight": "500",
        "button_transition": "background .12s ease",
        "loader_color": "var(--accent)",
        "slider_color": "var(--accent)",
        "checkbox_background_color_selected": "var(--accent)",
        "checkbox_border_color": "var(--edge)",
    }
    for name, value in values.items():
        setattr(made, name, value)
        if hasattr(made, f"{name}_dark"):
            setattr(made, f"{name}_dark", value)
    return made
