"""The hook and the workflow that are shipped call aiguard as it can be called, and stop what they should."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
HOOKS = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
WORKFLOW = (ROOT / "examples" / "github-actions.yml").read_text(encoding="utf-8")
