"""How the screens look: one calm theme in light and dark, with fonts of the machine alone."""

from __future__ import annotations

_FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_CODE_FONT = "ui-monospace, 'Cascadia Mono', 'DejaVu Sans Mono', Consolas, monospace"
_LIGHT = {
    "primaryColor": "#0b5394",
    "backgroundColor": "#ffffff",
    "secondaryBackgroundColor": "#f1f4f7",
    "textColor": "#1c2733",
    "linkColor": "#0b5394",
    "borderColor": "#c3ccd5",
}
_DARK = {
    "primaryColor": "#6fb1f0",
    "backgroundColor": "#14191f",
    "secondaryBackgroundColor": "#1e252d",
    "textColor": "#e8edf2",
    "linkColor": "#8cc2f5",
    "borderColor": "#44505c",
}


def theme_options() -> dict[str, object]:
    """Return the theme as options of Streamlit."""
    common: dict[str, object] = {
        "theme.font": _FONT,
        "theme.headingFont": _FONT,
        "theme.codeFont": _CODE_FONT,
        "theme.headingFontSizes": ["1.65rem", "1.3rem", "1.12rem", "1rem", "1rem", "1rem"],
        "theme.baseFontSize": 15,
        "theme.baseRadius": "small",
        "theme.showWidgetBorder": True,
    }
    light = {f"theme.light.{name}": value for name, value in _LIGHT.items()}
    dark = {f"theme.dark.{name}": value for name, value in _DARK.items()}
    return common | light | dark


PAGE_STYLE = """
<style>
[data-testid="stMainBlockContainer"] { padding: 3.9rem 1.5rem 2rem; }
[data-testid="stHeader"] { border-bottom: 1px solid rgba(128, 140, 152, 0.35); }
[data-testid="stMarkdownContainer"] td { font-variant-numeric: tabular-nums; }
</style>
"""
"""Less empty room at the top than Streamlit leaves, for screens that people work on all day."""
