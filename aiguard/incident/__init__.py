"""Hold the form of a report of trouble (guideline, section 9), and lay a report out."""

from __future__ import annotations

from aiguard.incident.blocks import blocks
from aiguard.incident.form import FILE, NAMES, completed, empty_form, load_template, read_form, template_of

__all__ = ["FILE", "NAMES", "blocks", "completed", "empty_form", "load_template", "read_form", "template_of"]
