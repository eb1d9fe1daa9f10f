"""One theme: system fonts, paper and ink, one accent. The colours are named here, once, for Gradio's own parts
and for the style sheets in `styles/`."""

from functools import cache
from pathlib import Path

import gradio as gr

SANS = ("-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Helvetica Neue", "Liberation Sans", "Arial", "sans-serif")
MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "Liberation Mono", "monospace")
HERE = Path(__file__).parent
STYLES = (  # later rules win
    "colours frame chat answering source pages appearance sample weekly comparing library incoming narrow login print"
).split()
SCRIPTS = "history appearance keys cards sheet incoming window weekly library suggestions rows save".split()
_VALUES = {  # a value, and the Gradio theme variables that take it
    "var(--paper)": "body_background_fill background_fill_secondary",
    "var(--ink)": "body_text_color button_secondary_text_color",
    "var(--soft)": (
        "body_text_color_subdued block_label_text_color block_title_text_color block_info_text_color "
        "input_placeholder_color"
    ),
    "var(--sheet)": (
        "background_fill_primary input_background_fill input_background_fill_focus button_secondary_background_fill"
    ),
    "var(--line)": "border_color_primary",
    "var(--accent)": (
        "border_color_accent color_accent link_text_color link_text_color_hover link_text_color_active "
        "link_text_color_visited input_border_color_focus button_primary_background_fill "
        "button_primary_border_color loader_color slider_color checkbox_background_color_selected"
    ),
    "var(--accent-soft)": "color_accent_soft button_secondary_background_fill_hover",
    "transparent": "block_background_fill block_label_background_fill panel_background_fill",
    "0px": "block_border_width block_padding block_label_border_width panel_border_width",
    "none": "block_shadow input_shadow",
    "500": "block_title_text_weight button_large_text_weight",
    "var(--edge)": (
        "input_border_color button_secondary_border_color button_secondary_border_color_hover checkbox_border_color"
    ),
    "1px": "input_border_width button_border_width",
    "0 0 0 3px var(--accent-soft)": "input_shadow_focus",
    "var(--accent-strong)": "button_primary_background_fill_hover button_primary_border_color_hover",
    "var(--on-accent)": "button_primary_text_color",
    "background .12s ease": "button_transition",
}


@cache
def style() -> str:
    """Our style sheets."""
    return "\n".join((HERE / "styles" / f"{name}.css").read_text(encoding="utf-8") for name in STYLES)


@cache
def head() -> str:
    """Our additions to the page's head: the scripts, and the style sheets as they are (Gradio would rewrite what it is
    given as `css` to apply within its own container only)."""
    script = "\n".join((HERE / "scripts" / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)
    return f'<meta name="color-scheme" content="light dark"><style>{style()}</style><script>{script}</script>'


def theme() -> gr.themes.Base:
    """Gradio's own components in our colours, which the style sheets define."""
    made = gr.themes.Base(font=SANS, font_mono=MONO, text_size="md", radius_size="md", spacing_size="md")
    for value, names in _VALUES.items():
        for name in names.split():
            setattr(made, name, value)
            if hasattr(made, f"{name}_dark"):
                setattr(made, f"{name}_dark", value)
    return made
