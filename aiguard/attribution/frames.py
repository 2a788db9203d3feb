"""Hold the Japanese around a statement: verbs, endings, and what makes it a denial, a condition or a rule.

All of it is matched on text without spaces, tags and emphasis (`NOISE`), where a line break may stand inside a
statement. No quantifier is nested without a bound.
"""

from __future__ import annotations

import re
from enum import Enum

OPENERS = r"【\[〔(「『<《〈{“‘\"'〖〘≪«｢⦅"
CLOSERS = r"】\]〕)」』>》〉}”’\"'〗〙≫»｣⦆"

MARK = "\ue000"  # stands for a name of an AI, from the private use area: a real one names no AI and is dropped later
_BLOCK = "p|div|br|h[1-6]|td|tr|th|table|li|ul|ol|article|section|footer|header|hr|body|dl|dt|dd|main|aside|figure"
_INLINE = "span|b|i|strong|em|small|u|a|font|sup|sub|mark|code|img|label|center|html|head|title|figcaption|caption"
NOISE = re.compile(
    rf"[ \t\u3000]*(?:\r\n?|\n)[ \t\u3000]*|</?(?:{_BLOCK})\b[^<>\n]{{0,200}}>|</?(?:{_INLINE})\b[^<>\n]{{0,200}}>"
    r"|<!--[^>]{0,400}-->|&nbsp;|\*{1,3}|~~|`|_{2,}|\\(?=[\[\]*_])|(?<![A-Za-z0-9])[ \t]+|[ \t]+(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_NEWLINE = re.compile(rf"[\r\n]|</?(?:{_BLOCK})\b", re.IGNORECASE)


def quiet(match: re.Match[str]) -> str:
    """Replace noise by a line break where it breaks the line, else by nothing."""
    return "\n" if _NEWLINE.search(match.group()) else ""


_VERB = (
    r"(?:自動)?(?:作成|生成|作製|制作|執筆|作文|起草|起案|下書き|翻訳|要約|出力|記述|文章化|整文|推敲|校正|添削|編集|整理|作っ|作り|作られ"
    r"|さくせい|つくっ|つくり|つくられ|書い|書か|書き|まとめ|描い|描か|描き|考え)"
)
MAKING = re.compile(_VERB)
_MAKE = r"(?:自動)?(?:作成|生成|作製|制作|執筆|作文|下書き|翻訳|要約|作|文章|文案|画像|イラスト|原案|案文|草案|回答|もの)"
_USE = r"(?:使用|利用|活用|使っ|使い|使う|用い|引用)"
DRAFT = re.compile(r"原案|素案|案|本文|文章|文面|下書き|草案|一部|全文|たたき台|本|この|これ|骨子|構成|大半|ほとんど|自動")
_WHAT = r"(?P<what>[^。、,\n【】」』]{0,12}[をはも])?"
# Particle, what is made, verb; "uses" with or without a verb; "the answer of"; the bare noun (生成AI使用).
FRAME = (
    rf"[{CLOSERS}]{{0,2}}(?:\([^()\n]{{1,30}}\))?\n?(?:"
    r"(?:に\n?[よ依拠因](?:り(?:まして)?|って)|にて|で(?![のはきすも])|より(?!も)|が|に(?![関つ対向およか]))[、,]?\n?"
    rf"{_WHAT}\n?(?:一部|全て|すべて)?\n?{_VERB}"
    rf"|による?{_MAKE}"
    rf"|(?:など|等)?[をも]\n?(?:一部|部分的に|補助的に|参考に)?\n?{_USE}(?:し|い)?(?:て|つつ)?(?:、?[^。、,\n【】」』ずな]{{0,12}}?{_VERB})?"
    rf"|を(?:参考|もと|基|元)に(?:し(?:て|まし)?)?{_VERB}?|から{_VERB}|[と+&]職員(?:が|で|により){_VERB}"
    r"|の(?:力|助け|支援|協力|補助|サポート|回答|出力|生成物|提案|返答)(?:結果|文)?(?:を(?:そのまま|一部|もとに|基に|元に)?"
    rf"(?:掲載|引用|転載|使用|利用|活用|参考に?|借り|得|受け|編集|加工|修正)(?:して|て)?{_VERB}?|を?(?:もとに|基に|元に)?{_VERB}|により作成|で作成)"
    rf"|(?:自動)?(?:使用|利用|活用|作成|生成|執筆|翻訳|要約|製|作)(?!者|中|時|後|前))"
)
_THING = r"(?:文章|資料|文|原稿|文案|案|画像|イラスト|図|表|内容|コンテンツ|記事|回答|文書|もの|素材|下書き|要約|翻訳|訳|キャッチコピー|標語|文言|イメージ図?|メッセージ|詩|案内|挨拶文?)"
# How a sentence that states something ends, or goes on to say what people did afterwards.
END = (
    r"\n?(?:(?:し|い|き|め|られ|され|れ|て|させ|せ)?(?:もらい|もらっ)?(?:いただ[きい])?(?:いたし)?(?:まし)?(?:た|て[いお]り?ます|ており)?|し|され)"
    rf"(?:{_THING})?(?:を?(?:含み?ます|使用|掲載|引用)(?:してい?ます|しました)?)?"
    r"(?:です|である|であり|になります|となります|でございます)?(?:済み?)?"
    rf"(?:[。、,;:/|{CLOSERS}{OPENERS}\n※*]|\.(?!\w)|$)"
)
# What follows a statement that is spoken of: it is quoted, denied, supposed, planned, forbidden or asked for.
AFTER = re.compile(
    r"[ぁ-ん]{0,6}?"
    r"(?:[」』”\"'](?:と|の|を|が|は|も|に|という|など|等|、?[「『]|や|・)"
    r"|[)】〕\]](?:は|が|も|を|に(?!よ)|で|の|禁|不可|かどうか)|[^。、\n]{0,10}か(?:どうか|否か)"
    r"|と[^。、\n]{0,8}?(?:書[かきくけこい]|明記|記入|記載|表示|付記)|と(?:書|明記|記|表示|明示|付|注記|いう|いっ|言|入れ|添え|する|し(?!て作)|します|なる|いえ|思|見|の)"
    r"|の(?:旨|表示|文言|明示|注記|記載|表記|一文|ような|ように|場合|際|可否|是非)|を(?:明記|記載|付け|入れ|表示|添え|明示|禁)"
    r"|などと|等と|(?:したもの|するもの|したわけ|もの|の|わけ)?では(?:な|あり|ござい)|じゃな"
    r"|し?て(?:は|い)?(?:いな|いませ|おら|おりませ|ならな|いけ|なりませ)|(?:さ|せ)?(?:れ|せ)?ず"
    r"|し?(?:ない|ません|なく|なかっ)|され(?:ない|ていな|ていませ|ておらず|ておりませ|ません)"
    r"|(?:し|する|した|され|される|された|っ|い|て|いる){0,3}(?:場合|とき|時|際|ば|たら|なら|こと(?:は|が|も)?(?:禁|でき|な|可|認|望)|こともあ)"
    r"|(?:する|した|しない|して|される)?(?:予定|べき|方法|手順|ください|ましょう|よう(?:に|と)|か(?:[。??」]|どうか|否)|かもしれ|[??])"
    r"|し?(?:て|で)?(?:ください|下さい|ほしい|もよい|みましょう|みよう|しまう|しまっ|いる(?:人|職員|自治体|企業|学生|方|か))"
    r"|することは?|でき(?:ます|る|ません|ない)|(?:し)?ましょう|しよう|(?:し)?たい|する際)"
)
# What leads up to a statement that is an example or a demand.
LEAD = re.compile(
    r"(?:例|記入例|記載例|表示例|例えば|例として|見本|様式|書式|ひな形|雛形|文例|案文例)[)】」\]〕》]?[::、)]?[\n「『\"“]{0,3}$"
    r"|(?:ように|とおり|通り|形で|形式で|文言で|文言を|表示を|注記を|一文を)[^。\n]{0,14}"
    r"(?:明記|表示|記載|記入|記し|書い|書く|付記|付け|明示|入れ|添え|表記)[^。\n]{0,12}[。:]?\n[「『(・\-※]{0,3}$"
    r"|(?:表示|表記|書き方|文言|注記|記載|明示)(?:の?(?:形|方法|仕方|文言))?(?:は|:)、?[\n「『(]{0,3}$"
)
SUPPOSED = re.compile(r"(?:場合|とき|際|時)(?:に)?(?:は|、|も)|(?:たら|なら|れば)、|もし|仮に|例えば|たとえば|[Ii]f |[Ww]hen ")
DENIED = re.compile(r"\bnot\b|n't\b|never|without|\bif\b|\bwhen\b|should|must|未|不是|非", re.IGNORECASE)


class Subject(Enum):
    """Say whose making the words before a statement speak of."""

    THIS = 1  # this document, or nothing but a mark
    OPEN = 2  # not said
    OTHERS = 3  # other people, other times, AI in general


_MARKS = re.compile(rf"^[※*・\-–—―●○◆■□▼☆★>#◎\d.,:|~〜/\s{OPENERS}注なお、ただしまた]+")
_STOP = re.compile(r"[。!?!?\n]")
_OTHERS = re.compile(
    r"(?:市|町|村|県|国|職員|課|部|室|係|学校|企業|学生|生徒|児童|業者|庁内|自治体|社|氏|さん|委員|議員|担当者|利用者|参加者|市民|住民|相手|誰か|他者"
    r"|各自|子ども|会社|大学|研究者|作者|応募者|人|方)(?:など|等)?(?:で|が|は|も|では|には|の中には)"
    r"|昨年|先月|来年|今後|将来|これまで|近年|最近|年度|毎[日週月年]|試験的|実証|試行|導入|アンケート|講演|講座|研修|講義|質問|体験|事例|世界|ニュース|報道"
    r"|全国|他市|他社|偽|フェイク|詐欺|ディープ|悪用|[Qq][.::]|問\d|生成AIで|AIで"
)
_THIS = re.compile(
    r"(?:^|[、。(「])(?:本(?!市|町|県|校|人|社|当|庁|来|年|日|格)|この|これ|以下|上記|次|以上|前記|下記|当該|こちら|同封|今回|上の|下の|一部|なお|全文|前半|後半|冒頭|末尾)"
    r"|(?:資料|文書|文章|記事|原稿|案文|文案|原案|本文|ページ|投稿|お知らせ|広報|コラム|冊子|チラシ|ポスター|リーフレット|画像|イラスト|図|表|図\d|表\d|表紙"
    r"|写真|挿絵|動画|音声|要約|議事録|翻訳|訳文|答弁|回答|挨拶|あいさつ|挨拶文|あいさつ文|スライド|報告|報告書|内容|コンテンツ|たより|通信|マニュアル|下書き|見出し|説明|解説|部分"
    r"|箇所|例文|設問|クイズ|文面|お礼状|案内文|スピーチ|原文|[0-9一二三四五六七八九十][章節項]?)[)」』]?(?:の(?:一部|原案|下書き|たたき台|作成|本文|文章|案))?"
    r"(?:は|を|も|には|では|に|:|の作成に(?:当|あ)たっ?(?:り|て)(?:は)?|について(?:は)?|に関しては|につきまして(?:は)?)、?\n?$"
    r"|(?:作成|執筆|編集|制作)(?:に(?:当|あ)たっ?(?:り|て)(?:は)?|に際し(?:て)?(?:は)?|には|に|の際に?)、?$"
)


def last_sentence(before: str) -> str:
    """Return what of the text before a place belongs to its sentence."""
    return _STOP.split(before)[-1]


def subject(text: str, start: int, *, aside: bool) -> Subject:
    """Say whose making a statement at `start` speaks of; `aside` lets a bracket before it cut off what it is about."""
    sentence = last_sentence(text[max(0, start - 60) : start])
    before = _MARKS.sub("", sentence)
    if not before or (sentence[0] in "※*" and not _OTHERS.search(before)) or (aside and sentence[-1] in "(※"):
        return Subject.THIS
    if _OTHERS.search(before):
        return Subject.OTHERS
    return Subject.THIS if _THIS.search(before) else Subject.OPEN


_NOUN = (
    r"(?:(?:文章|資料|原稿|画像|文案|本文|文書)?作成者?|作|文責|文|文章|本文|原稿|原案|文案|案文|草案|下書き|執筆者?|著者|筆者|編集|翻訳|訳|要約|出典|引用元?|引用|参考|協力|作成協力|資料作成|(?:画像|文章)?生成|画像"
    r"|イラスト|図|挿絵|表紙|写真|生成元|使用ツール|作成ツール|作成方法|使用モデル"
    rf"|(?:使用|利用|活用|作成)?(?:した|に使った)?{MARK}名?|モデル|提供|クレジット|text|image|images|author|source|model|tool|credit|by|written by|created by|tools? used)"
)
LABEL = rf"(?:^|(?<=[\n。|/、{OPENERS}※*・\-]))[※*・\-]?{_NOUN}[)」】]?(?:[::=/・ ]|…|\.\.|(?<=作成)|(?<=作成者)|(?<=文責)|は、?(?=[^は\n]{{2,24}}(?:です|。|\n|$)))\n?"
LABEL_END = rf"(?:です)?(?=[。.、,{CLOSERS}\n|/※*]|$|\()"

_MADE = (
    r"(?:created|generated|written|made|drafted|produced|composed|prepared|translated|summari[sz]ed|authored|designed|edited"
    r"|assisted|powered|developed|compiled|illustrated|rewritten)"
)
_HELP = r"(?:the )?(?:help|assistance|aid|use|support) of "
# A short line of its own that holds a name: a statement only where an AI is known to have been used.
NOTE = (
    rf"(?:(?:^|(?<=\n))(?=[※*注{OPENERS}])[^\n{MARK}]{{0,14}}{MARK}[^\n]{{0,14}}(?=\n|$)"
    rf"|(?:^|(?<=\n))[^\n{MARK}]{{0,14}}{MARK}[^\n]{{0,14}}\n*\Z)"
)
NO_NOTE = re.compile(
    r"ない|ません|ず|不可|禁止|とは|[?]|か。|研修|講座|講演|セミナー|教室|について|導入|事例|ガイドライン|方針|可否|有無|注意|場合|とき|際"
    r"|書く|明記|記載|表示|例|回答|返答|出力|応答|課|係|室|部会|委員|電話|https?:"
)
# Statements in other languages.
FOREIGN = (
    rf"(?:{_MADE}|text|words|images?|illustrations?|photos?|drafts?|translation|summary|content)[ \n](?:entirely |partly |in part |automatically )?(?:by|with|using|via|through|from)[ \n]?(?:{_HELP})?"
    rf"(?:an? |the )?[{OPENERS}]{{0,2}}{MARK}|with {_HELP}[{OPENERS}]{{0,2}}{MARK}"
    rf"|(?:^|(?<=\n))[(\[]?(?:by|via) [{OPENERS}]{{0,2}}{MARK}[{CLOSERS}.]{{0,3}}(?=\n|$)"
    rf"|{MARK}[- ](?:generated|assisted|created|written)"
    r"|(?:(?:criad|cread|gerad|generad)[oa] (?:por|com|con)|cr[ée]{2}e? (?:par|avec)|g[ée]n[ée]r[ée]e? (?:par|avec)"
    r"|erstellt (?:mit|von|durch)|tạo (?:bởi|bằng)|dibuat (?:oleh|dengan)|(?:ginawa|nilikha) (?:ng|gamit ang))"
    rf" ?[{OPENERS}]{{0,2}}{MARK}"
    rf"|(?:由|使用|通过|利用|經由)[{OPENERS}]{{0,2}}{MARK}[{CLOSERS}]{{0,2}}(?:生成|制作|创作|創作|撰写|编写|製作|创建|建立|作成|翻译|翻譯)"
    rf"|{MARK}[{CLOSERS}]{{0,2}}(?:로|으로|을|를|에서|이|가|에 ?의해)[^\n。]{{0,10}}?(?:작성|생성|제작|번역)"
)
