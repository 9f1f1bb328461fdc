"""Parts of a screen that run in the browser: HTML, style and script beside each ``__init__.py``."""
