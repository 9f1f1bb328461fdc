"""The kernel: domain, catalog, files, settings and errors that every other package stands on.

It imports none of the other packages. See docs/architecture.md.
"""

__version__ = "0.1.0"
__all__ = ["__version__"]
