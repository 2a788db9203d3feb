"""Look for personal information in every text of a folder with Presidio and a Japanese spaCy model.

Usage: python benchmarks/bare_presidio.py FOLDER [MODEL]
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

MODEL = "ja_core_news_sm"


def installed() -> bool:
    """Tell whether Presidio and its model are."""
    return all(map(find_spec, ("presidio_analyzer", MODEL)))


def main(folder: Path, model: str = MODEL) -> int:
    """Return the number of findings; the model has to be installed."""
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    models = {"nlp_engine_name": "spacy", "models": [{"lang_code": "ja", "model_name": model}]}
    engine = NlpEngineProvider(nlp_configuration=models).create_engine()
    analyzer = AnalyzerEngine(nlp_engine=engine, supported_languages=["ja"])
    texts = (path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()))
    return sum(len(analyzer.analyze(text, language="ja")) for text in texts)


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), *sys.argv[2:]))
