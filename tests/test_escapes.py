"""What once slipped through, or was an alarm without cause: each line of an attack on the finished tree."""

from __future__ import annotations

import pytest

import aiguard
from aiguard.model import Severity


def seen(text: str) -> set[str]:
    """Return what is found at warn or up."""
    found = aiguard.check_text(text).findings
    places = (each.location for each in found if each.severity is not Severity.NOTE and not each.suppressed)
    return {text[place.start : place.end] for place in places}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("山田花子（要介護3）の自宅を訪問した。", ["山田花子", "要介護3"]),
        ("山田太郎さんは市民税を滞納している。電話は090-3344-5566。", ["山田太郎", "090-3344-5566"]),
        ("住所：流山市江戸川台東2-14-5 氏名：山田太郎 電話：090-3344-5566", ["山田太郎", "090-3344-5566"]),
        ("氏名,住所,電話\n木村大輔,流山市平和台1-1-1,04-7158-1111", ["流山市平和台1-1-1", "04-7158-1111"]),
        ("Nguyen Thi Lanさんから電話がありました。", ["Nguyen Thi Lan"]),
        ("NGUYEN THI LAN 様の申請書を確認した。", ["NGUYEN THI LAN"]),
        ("Maria Santosさんの保育料について", ["Maria Santos"]),
        ("Kim Minsu さんの転入届", ["Kim Minsu"]),
        ("kimura daisuke さんへの返信", ["kimura daisuke"]),
        ("Mr. Kimuraからの苦情への返信を英訳して", ["Kimura"]),
        ("Ms. Nguyen called about her tax.", ["Nguyen"]),
        ("Kimura-sanに連絡してください", ["Kimura"]),
        ("李 娜さんの在留資格", ["李 娜"]),
        ("佐藤花子さんからメールが来ました。「花子です。昨日はありがとう」", ["佐藤花子", "花子"]),
        ("グエン・ティ・ランさんと面談。\nラン：書類がない。", ["グエン・ティ・ラン", "ラン"]),
        ('{"password": "Ab\\"cd9!xyz"}', ['Ab\\"cd9!xyz']),
        ("氏名,個人番号\n中野翔,1234.5678.9018\n", ["1234.5678.9018"]),
        ("個人番号 1234/5678/9018", ["1234/5678/9018"]),
        ("個人番号 1234*5678*9018", ["1234*5678*9018"]),
        ("個人番号 1234_5678_9018", ["1234_5678_9018"]),
        ("木村大輔 090/1234/5678", ["木村大輔", "090/1234/5678"]),
        ('{"tel":9012345678}', ["9012345678"]),
        ("電話 9012345678", ["9012345678"]),
        ('{"note":"tel\\n090-1234-5678"}', ["090-1234-5678"]),
        ("氏名,個人番号\n大久保恵子,482917563024\n今野健,175630244829", ["482917563024", "175630244829"]),
        ('user,password\ntaro,"Ab""cd9!xyz"\njiro,Kx92mmQ1', ['Ab""cd9!xyz', "Kx92mmQ1"]),
        ("姓 東海林\n名 さくら", ["東海林", "さくら"]),
        ("姓,名,電話\n東海林,さくら,090-1234-5678\n", ["東海林", "さくら", "090-1234-5678"]),
        ("パスは「Momiji7788」だそうです", ["Momiji7788"]),
        ("ログイン情報 okubo/tanuki55", ["tanuki55"]),
        ("ユーザー名 okubo01\nパスワード\nTanuki55!", ["Tanuki55!"]),
        ("生年月日は3/12/1973、DOB: 12/03/1973、生年月日 48.3.12", ["3/12/1973", "12/03/1973", "48.3.12"]),
        ("電話 0463.24.8817 自宅", ["0463.24.8817"]),
        ("ナカガワ リョウ 0463248817", ["ナカガワ リョウ", "0463248817"]),
        ("PARK JIHYE 様", ["PARK JIHYE"]),
        ("木村大輔さんのLINE ID: kimura_d55", ["木村大輔", "kimura_d55"]),
    ],
)
def test_found(text: str, values: list[str]) -> None:
    assert seen(text) >= set(values)


@pytest.mark.parametrize(
    "text",
    [
        "ケア・マネジャーさんへ連絡する手順",
        "山本五十六、東郷平八郎の年表を作って",
        "魚屋さんと左官さんの会の案内",
        "森さんぽの会の案内",
        "アスクル様へ発注、キヤノン様の保守、コクヨ様の椅子",
        "ジョンソン・エンド・ジョンソンの製品を購入",
        "田中角栄と日本列島改造論の解説",
        "長崎ちゃんぽんフェアの告知文",
        "192.168.1.1 にアクセスしてルータ設定する一般手順",
        "林さん道の工事のお知らせ",
        "大岡越前の再放送",
        "安孫子市の隣の孫子の兵法の本",
        "霞が関2-1-2 総務省",
        "Googleさんの地図、Trend Micro様のサイト、Amazon Japan様の請求書",
        "Windows 11 さんざん待たせた更新",
        "Prof. John Smith】のような見本",
        "山田太郎 様（記入例）",
        "市の公式LINEのIDは @nagareyama-city です",
        "バージョン 1234.5678.9012 の変更点",
        "小野守章，海津享：亜鉛めっき鋼板の溶接性，溶接学会論文集，15-3（1997）, 438-444.",
    ],
)
def test_quiet(text: str) -> None:
    assert seen(text) == set()
