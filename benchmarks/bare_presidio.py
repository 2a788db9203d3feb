"""Look for personal information in every text of a folder with Presidio and a Japanese spaCy model.

Usage: python benchmarks/bare_presidio.py FOLDER
       python benchmarks/bare_presidio.py --model      (print the model that is installed; exit 1 without any)
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

MODELS = ("ja_core_news_sm", "ja_ginza")


def model() -> str | None:
    """Return the first model that is installed beside Presidio."""
    return next(filter(find_spec, MODELS), None) if find_spec("presidio_analyzer") else None


def main(folder: Path, model: str) -> int:
    """Return the number of findings."""
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    models = {"nlp_engine_name": "spacy", "models": [{"lang_code": "ja", "model_name": model}]}
    engine = NlpEngineProvider(nlp_configuration=models).create_engine()
    analyzer = AnalyzerEngine(nlp_engine=engine, supported_languages=["ja"])
    texts = (path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()))
    return sum(len(analyzer.analyze(text, language="ja")) for text in texts)


if __name__ == "__main__":
    found = model()
    if found is None:
        sys.exit(1)
    print(found if sys.argv[1] == "--model" else main(Path(sys.argv[1]), found))
