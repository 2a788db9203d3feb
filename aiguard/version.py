"""State the version: a literal, since asking the installed metadata costs more than the rest of `--version`."""

__version__ = "0.1.0"
