"""Say in one Japanese sentence why something is a finding, without any part of the value."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiguard.model import Finding

_MOST = 3


class _Evidence(NamedTuple):
    """Hold what a sentence hangs on."""

    entity: str | None
    evidence: tuple[str, ...]


# What a value of an entity is; the count of digits is that of its kind, never read from the value.
_KINDS = {
    "MY_NUMBER": "12桁の番号",
    "RESIDENT_CODE": "11桁の番号",
    "DRIVER_LICENSE": "12桁の番号",
    "PENSION_NUMBER": "10桁の番号",
    "CARE_INSURANCE": "10桁の番号",
    "EMPLOYMENT_INSURANCE": "11桁の番号",
    "CREDIT_CARD": "カード番号の桁数の番号",
    "PHONE": "電話番号の形の番号",
    "EMAIL": "メールアドレスの形の文字",
    "BIRTH_DATE": "日付",
    "PERSON": "人の名前とみられる言葉",
    "ADDRESS": "住所の形の言葉",
    "REGISTERED_DOMICILE": "住所の形の言葉",
    "PASSPORT": "旅券番号の形の記号",
    "RESIDENCE_CARD": "在留カード番号の形の記号",
    "VEHICLE_PLATE": "自動車の番号の形の文字",
    "CREDENTIAL": "パスワードや鍵の形の文字",
    "IP_ADDRESS": "内部で使う範囲のアドレス",
    "SENSITIVE": "事情を表す言葉",
}
_PLACES = {
    "label-over": "「{}」の列にある",
    "label-left": "「{}」の行にある",
    "label-list": "「{}」に続く一覧にある",
    "label-after": "すぐ後に「{}」の語がある",
}
_CHECKED = {"MY_NUMBER", "RESIDENT_CODE", "DRIVER_LICENSE", "CREDIT_CARD", "HEALTH_INSURANCE"}
_NEAR = {
    "PERSON": "氏名",
    "ADDRESS": "住所",
    "PHONE": "電話番号",
    "EMAIL": "メールアドレス",
    "BIRTH_DATE": "生年月日",
    "HEALTH_INSURANCE": "健康保険の番号",
}
_STANDING = {"task": "依頼の文にある", "material": "材料の文にある", "enough": "手がかりの語がいくつもそろう"}
_LIKE = {"like-same": "同じ", "like-reading": "読みが同じ", "like-near": "1字違い"}
_TOLD = frozenset(("label", "near", "beside", "word", "doubt", "work", "alike", "run", "query", *_LIKE))
_REASONS = {
    "grouped": "区切って書かれている",
    "wrapped": "行をまたいで書かれている",
    "sample": "見本・架空と書いてある",
    "public": "公開・公表と書いてあるか、公の立場の人である",
    "usual": "見本によく使われる名である",
    "creator": "作家や作り手の名である",
    "cited": "文献の一覧にある",
    "goods": "物の番号を表す語が近くにある",
    "office": "役所や施設を表す語が近くにある",
    "firm": "会社などの名が近くにある",
    "person": "人を表す語が近くにある",
    "residence": "住まいを表す語が近くにある",
    "home": "自宅を表す語が近くにある",
    "topic": "その番号の話題である",
    "insurance": "健康保険の話題である",
    "care": "介護保険の話題である",
    "pension": "年金の話題である",
    "house": "番地まで書かれている",
    "plot": "番地まで書かれている",
    "area": "番地のない地名である",
    "full": "姓と名がそろう",
    "whole": "姓と名がそろう",
    "model": "前後の文脈から氏名とみられる",
    "famous": "歴史上や公の立場の人とみられる",
    "seen": "前後の文脈から氏名の可能性がある",
    "surname": "姓に使われる語である",
    "honorific": "敬称が付く",
    "title": "役職が付く",
    "kana": "かな・ローマ字の姓名である",
    "kin": "続柄が付く",
    "foreign": "外国の人名である",
    "speaker": "発言者の欄にある",
    "listed": "氏名の並びの中にある",
    "again": "氏名のある人の姓である",
    "part": "氏名のある人の名の一部である",
    "presented": "名乗っている",
    "role": "役割を表す語が付く",
    "alone": "その行がほぼ表示だけである",
    "bracketed": "かっこ書きである",
    "labelled": "取扱などの見出しがある",
    "leading": "行の先頭にある",
    "mentioned": "文中で触れただけである",
    "likely": "文章全体の言葉から、そうみられる",
    "general": "一般的な説明の語が近くにある",
}


def sentence(finding: Finding) -> str:
    """Say the evidence of a finding; an empty string where its rule says all there is to say."""
    return _sentence(_Evidence(finding.entity, finding.evidence))


@lru_cache(maxsize=4096)
def _sentence(finding: _Evidence) -> str:
    """Say evidence: a share has few kinds of it, and very many findings."""
    said = (_placed(finding), *_others(finding))
    return "、".join(part for part in said if part) + "。" if any(said) else ""


def sentences(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Say the evidence of findings that are shown together: each sentence once, the first few."""
    return tuple(dict.fromkeys(filter(None, map(sentence, findings))))[:_MOST]


def _placed(finding: _Evidence) -> str:
    """Say what it is and by which label it stands: 「個人番号」の語のすぐ後にある12桁の番号."""
    kind = _KINDS.get(finding.entity or "", "番号" if finding.entity else "")
    label = next((name.partition(":")[2] for name in finding.evidence if name.partition(":")[0] == "label"), None)
    if label is None:
        return kind
    form = next((form for name, form in _PLACES.items() if name in finding.evidence), "「{}」の語のすぐ後にある")
    return (form if label else form.replace("「{}」", "項目名")).format(label) + kind


def _others(finding: _Evidence) -> list[str]:
    names = set(finding.evidence)
    said = []
    if finding.entity in _CHECKED and names & {"check", "no-check"}:
        said.append("検査数字も正しい" if "check" in names else "検査数字は合わない（書き誤りの可能性がある）")
    said += [words for name, words in _REASONS.items() if name in names]
    said += [*_likeness(finding), *_names(finding), *_cues(finding)]
    beside = [words for entity, words in _NEAR.items() if f"near:{entity}" in names or f"beside:{entity}" in names]
    if beside:
        said.append(f"近くに{'・'.join(beside)}がある")
    return list(dict.fromkeys(said))


def _likeness(finding: _Evidence) -> list[str]:
    """Say where the like of a passage stands: 「works/a.txt」の12行目と92%が同じ、45字は続けて同じ."""
    details = {name.partition(":")[0]: name.partition(":")[2] for name in finding.evidence if ":" in name}
    if not {"work", "alike", "run"} <= details.keys():
        return []
    path, _, line = details["work"].rpartition(":")
    return [f"「{path}」の{line}行目からと{details['alike']}が同じ", f"{details['run']}字は続けて同じ"]


def _names(finding: _Evidence) -> list[str]:
    """Say which names in use a name resembles, and what to search for: the name and how it is read."""
    pairs = [(kind, detail) for name in finding.evidence for kind, _, detail in (name.partition(":"),) if detail]
    like = [f"「{other}」と{_LIKE[kind]}" for kind, other in pairs if kind in _LIKE]
    queries = "、".join(
        f"「{name}」（称呼 {sound}）"
        for kind, said in pairs
        if kind == "query"
        for name, _, sound in (said.partition("／"),)
    )
    return [*like, f"J-PlatPatで調べる語は{queries}"] if queries else like


def _cues(finding: _Evidence) -> list[str]:
    """Say the words of the pack that a finding about meaning rests on, beside the place itself: 「内示」「調整中」."""
    if finding.entity is not None:
        return []
    words = [
        word for name in finding.evidence for kind, _, word in (name.partition(":"),) if word and kind not in _TOLD
    ]
    named = "".join(f"「{word}」" for word in dict.fromkeys(words))
    if not named:
        return []
    if "likely" in finding.evidence:
        return [f"とくに{named}の語がそれを示す"]
    return [*(told for name, told in _STANDING.items() if name in finding.evidence), f"近くに{named}の語がある"]
