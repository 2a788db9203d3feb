"""Hold the words around a statement: verbs, endings, and what makes it a denial, a condition or a rule.

They are matched on text without spaces, tags and emphasis (`NOISE`), in which a line break may stand inside a
statement. Every repetition is bounded, so that no text makes matching slow.
"""

from __future__ import annotations

import re
from enum import Enum

from aiguard.attribution.names import MARK

OPENERS = r"【\[〔(「『<《〈{“‘\"'〖〘≪«｢⦅"
CLOSERS = r"】\]〕)」』>》〉}”’\"'〗〙≫»｣⦆"


def _any(*words: str) -> str:
    """Match one of the alternatives, which stand between spaces."""
    return _one_of(*" ".join(words).split())


def _one_of(*parts: str) -> str:
    return f"(?:{'|'.join(parts)})"


_BLOCK = _any(
    "p div br h[1-6] td tr th table li ul ol article section footer header hr body dl dt dd main aside figure"
)
_INLINE = _any(
    "span b i strong em small u a font sup sub mark code img label center html head title figcaption caption"
)
NOISE = re.compile(
    rf"[ \t]*(?:\r\n?|\n)[ \t]*|</?{_BLOCK}\b[^<>\n]{{0,200}}>|</?{_INLINE}\b[^<>\n]{{0,200}}>"
    r"|<!--[^>]{0,400}-->|&nbsp;|\*{1,3}|~~|`|_{2,}|\\(?=[\[\]*_])|(?<![A-Za-z0-9])[ \t]+|[ \t]+(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_NEW_LINE = re.compile(rf"[\r\n]|</?{_BLOCK}\b", re.IGNORECASE)


def quiet(match: re.Match[str]) -> str:
    """Replace noise by a line break where it breaks the line, else by nothing."""
    return "\n" if _NEW_LINE.search(match.group()) else ""


# ---- What follows a name: a particle, what is made, a verb.
_VERB = "(?:自動)?" + _any(
    "作成 生成 作製 制作 執筆 作文 起草 起案 下書き 翻訳 要約 出力 記述 文章化 整文 推敲 校正 添削 編集 整理",
    "作っ 作り 作られ さくせい つくっ つくり つくられ 書い 書か 書き まとめ 描い 描か 描き 考え",
)
MAKING = re.compile(_VERB)
_MADE = "(?:自動)?" + _any(
    "作成 生成 作製 制作 執筆 作文 下書き 翻訳 要約 作 文章 文案 画像 イラスト 原案 案文 草案 回答 もの"
)
_USED = _any("使用 利用 活用 使っ 使い 使う 用い 引用")
_HELP = _any("力 助け 支援 協力 補助 サポート")
_ANSWER = _any("回答 出力 生成物 提案 返答") + "(?:結果|文)?"
_TAKEN = _any(
    "掲載 引用 転載 転記 抜粋 使用 利用 活用 参考に? 借り 得 受け 編集 加工 修正 手直し 整え 直し 貼り付け コピー"
)
_BASED = "(?:もと|基|元)に"
_WHAT = "(?P<what>[^。、,\n【】」』]{0,12}[をはも])?"
_BY = r"(?:に\n?[よ依拠因](?:り(?:まして)?|って)|にて|で(?![のはきすも])|より(?!も)|が|に(?![関つ対向およか]))"
_HELPED = (
    rf"の(?:{_HELP}|{_ANSWER})(?:を(?:そのまま|一部|{_BASED})?{_TAKEN}(?:して|て)?{_VERB}?|を?(?:{_BASED})?{_VERB})"
)
_USING = rf"(?:など|等)?[をも]\n?(?:一部|部分的に|補助的に|参考に)?\n?{_USED}(?:し|い)?(?:て|つつ)?"
FRAME = rf"[{CLOSERS}]{{0,2}}(?:\([^()\n]{{1,30}}\))?\n?" + _one_of(
    rf"{_BY}[、,]?\n?{_WHAT}\n?(?:一部|全て|すべて)?\n?{_VERB}",
    rf"による?{_MADE}",
    rf"{_USING}(?:、?[^。、,\n【】」』ずな]{{0,12}}?{_VERB})?",
    rf"を(?:参考に|{_BASED})(?:し(?:て|まし)?)?{_VERB}?",
    rf"(?:から|[と+&]職員(?:が|で|により)){_VERB}",
    rf"{_HELPED}|の(?:{_HELP}|{_ANSWER})(?:により|で)作成",
    rf"の{_ANSWER}(?:(?:より|から|による)(?:引用|抜粋|転載|作成|要約)?|(?=です|であ|にな|とな))|(?:より|から)(?:引用|抜粋|転載)",
    rf"との(?:対話|共同|協働|やりとり|やり取り)(?:により|で|による)?{_VERB}",
    rf"に(?:聞い|尋ね|相談し|質問し|依頼し)て{_VERB}|に基づ(?:き|いて){_VERB}|由来",
    "(?:自動)?(?:使用|利用|活用|作成|生成|執筆|翻訳|要約|出力|回答|返答|製|作|調べ|提供|協力)(?!者|中|時|後|前|例|案|会)",
)
# What is made, where a statement says no more than that a part or a draft was.
DRAFT = re.compile(_any("案 本 文章 文面 下書き 一部 全文 たたき台 この これ 骨子 構成 大半 ほとんど 自動"))
_THING = _any(
    "文章 資料 文 原稿 文案 案 画像 イラスト 図 表 内容 コンテンツ 記事 回答 文書 もの 素材 下書き 要約 翻訳 訳",
    "キャッチコピー 標語 文言 イメージ図? メッセージ 詩 案内 挨拶文?",
)
# How a sentence that states something ends, or goes on to say what people did afterwards.
END = (
    r"\n?(?:(?:し|い|き|め|られ|され|れ|て|させ|せ)?(?:もらい|もらっ)?(?:いただ[きい])?(?:いたし)?(?:まし)?"
    r"(?:た|て[いお]り?ます|ており)?|し|され)"
    rf"{_THING}?(?:を?(?:含み?ます|使用|掲載|引用)(?:してい?ます|しました)?)?"
    r"(?:です|である|であり|になります|となります|でございます)?(?:済み?)?"
    rf"(?:[。、,;:/|{CLOSERS}{OPENERS}\n※*]|\.(?!\w)|$)"
)

# ---- What follows words that are spoken of: quoted, denied, supposed, planned, forbidden, asked for.
_SAID = _any("書 明記 記 表示 明示 付 注記 いう いっ 言 入れ 添え する し(?!て作) します なる いえ 思 見 の")
_WORDS = _any("旨 表示 文言 明示 注記 記載 表記 一文 ような ように 場合 際 可否 是非")
_ASKED = _any("ください 下さい ほしい もよい みましょう みよう しまう しまっ")
AFTER = re.compile(
    "[ぁ-ん]{0,6}?"
    + _one_of(
        r"[」』”\"'](?:と|の|を|が|は|も|に|という|など|等|、?[「『]|や|・)",
        r"[)】〕\]](?:は|が|も|を|に(?!よ)|で|の|禁|不可|かどうか)",
        r"[^。、\n]{0,10}か(?:どうか|否か)|と[^。、\n]{0,8}?(?:書[かきくけこい]|明記|記入|記載|表示|付記)",
        rf"と{_SAID}|の{_WORDS}|を(?:明記|記載|付け|入れ|表示|添え|明示|禁)|などと|等と",
        r"(?:したもの|するもの|したわけ|もの|の|わけ)?では(?:な|あり|ござい)|じゃな",
        r"し?て(?:は|い)?(?:いな|いませ|おら|おりませ|ならな|いけ|なりませ)|(?:さ|せ)?(?:れ|せ)?ず",
        r"し?(?:ない|ません|なく|なかっ)|され(?:ない|ていな|ていませ|ておらず|ておりませ|ません)",
        r"(?:し|する|した|され|される|された|っ|い|て|いる){0,3}(?:場合|とき|時|際|ば|たら|なら)",
        r"(?:する|した|された){0,1}こと(?:は|が|も)?(?:禁|でき|な|可|認|望)|こともあ",
        r"(?:する|した|しない|して|される)?(?:予定|べき|方法|手順|ください|ましょう|よう(?:に|と)|か(?:[。?」]|どうか|否))",
        rf"かもしれ|\?|し?(?:て|で)?{_ASKED}|し?ている(?:人|職員|自治体|企業|学生|方|か)",
        r"することは?|でき(?:ます|る|ません|ない)|(?:し)?ましょう|しよう|(?:し)?たい",
    )
)
# What leads up to words that are an example or a demand.
_EXAMPLE = _any("例 例えば 例として 見本 様式 書式 ひな形 雛形")
LEAD = re.compile(
    rf"{_EXAMPLE}[)】」\]〕》]?[::、)]?[\n「『\"“]{{0,3}}$"
    r"|(?:ように|とおり|通り|形で|形式で|文言で|文言を|表示を|注記を|一文を)[^。\n]{0,14}"
    r"(?:明記|表示|記載|記入|記し|書い|書く|付記|付け|明示|入れ|添え|表記)[^。\n]{0,12}[。:]?\n[「『(・\-※]{0,3}$"
    r"|(?:表示|表記|書き方|文言|注記|記載|明示)(?:の?(?:形|方法|仕方|文言))?(?:は|:)、?[\n「『(]{0,3}$"
)
SUPPOSED = re.compile(
    r"(?:場合|とき|際|時)(?:に)?(?:は|、|も)|(?:たら|なら|れば)、|もし|仮に|例えば|たとえば|[Ii]f |[Ww]hen "
)
DENIED = re.compile(r"\bnot\b|n't\b|never|without|\bif\b|\bwhen\b|should|must|未|不是|非", re.IGNORECASE)


# ---- What stands before a name in its sentence.
class Subject(Enum):
    """Say whose making the words before a statement speak of."""

    THIS = 1  # this document, or nothing but a mark
    OPEN = 2  # not said
    OTHERS = 3  # other people, other times, AI in general


_MARKS = re.compile(rf"^[※*・\-–—―●○◆■□▼☆★>#◎\d.,:|~〜/\s{OPENERS}注なお、ただしまた]+")
_STOP = re.compile(r"[。!?\n]")
_ACTORS = _any(
    "市 町 村 県 国 職員 課 部 室 係 学校 企業 学生 生徒 児童 業者 庁内 自治体 社 氏 さん 委員 議員 担当者 利用者",
    "参加者 市民 住民 相手 誰か 他者 各自 子ども 会社 大学 研究者 作者 応募者 人 方",
)
_TOPICS = _any(
    "昨年 先月 来年 今後 将来 これまで 近年 最近 年度 毎[日週月年] 試験的 実証 試行 導入 アンケート 講演 講座 研修",
    "講義 質問 体験 事例 世界 ニュース 報道 全国 他市 他社 偽 フェイク 詐欺 ディープ 悪用 [Qq][.:] 問\\d",
)
_OTHERS = re.compile(rf"{_ACTORS}(?:など|等)?(?:で|が|は|も|では|には|の中には)|{_TOPICS}")
_DEIXIS = _any(
    "本(?!市|町|県|校|人|社|当|庁|来|年|日|格) この これ 以下 上記 次 以上 前記 下記 当該 こちら",
    "同封 今回 上の 下の 一部 なお 全文 前半 後半 冒頭 末尾",
)
_WORK = _any(
    "資料 文書 文章 記事 原稿 案文 文案 原案 本文 ページ 投稿 お知らせ 広報 コラム 冊子 チラシ ポスター リーフレット",
    "画像 イラスト 図\\d? 表\\d? 表紙 写真 挿絵 動画 音声 要約 議事録 翻訳 訳文 答弁 回答 挨拶文? あいさつ文?",
    "スライド 報告書? 内容 コンテンツ たより 通信 マニュアル 下書き 見出し 説明 解説 部分 箇所 例文 設問 クイズ 文面",
    "お礼状 案内文 スピーチ 原文 [0-9一二三四五六七八九十][章節項]?",
)
_THIS = re.compile(
    rf"(?:^|[、。(「]){_DEIXIS}"
    rf"|{_WORK}[)」』]?(?:の(?:一部|原案|下書き|たたき台|作成|本文|文章|案))?"
    r"(?:は|を|も|には|では|に|:|の作成に(?:当|あ)たっ?(?:り|て)は?|について(?:は)?|に関しては|につきまして(?:は)?)、?\n?$"
    r"|(?:作成|執筆|編集|制作)(?:に(?:当|あ)たっ?(?:り|て)は?|に際し(?:て)?は?|には|に|の際に?)、?$"
)


def last_sentence(before: str) -> str:
    """Return what of the text before a place belongs to its sentence."""
    return _STOP.split(before)[-1]


def subject(text: str, start: int, *, aside: bool) -> Subject:
    """Say whose making a statement at `start` speaks of; with `aside`, a bracket or mark before it makes it a note."""
    sentence = last_sentence(text[max(0, start - 60) : start])
    before = _MARKS.sub("", sentence)
    if not before or (aside and sentence[-1] in "(※"):
        return Subject.THIS
    if _OTHERS.search(before):
        return Subject.OTHERS
    return Subject.THIS if sentence[0] in "※*" or _THIS.search(before) else Subject.OPEN


# ---- Labels, notes, other languages.
_NOUN = _any(
    "(?:文章|資料|原稿|画像|文案|本文|文書)?作成者? 作 文責 文 文章 本文 原稿 原案 文案 案文 草案 下書き 執筆者? 著者",
    "筆者 編集 翻訳 訳 要約 出典 引用元? 引用 参考 協力 作成協力 資料作成 (?:画像|文章)?生成 画像 イラスト 図",
    f"挿絵 表紙 写真 生成元 使用ツール 作成ツール 作成方法 (?:使用|利用|活用|作成)?(?:した|に使った)?{MARK}名?",
    "使用モデル モデル 提供 クレジット",
    r"text images? author source model tool credit by written\sby created\sby tools?\sused",
)
_COLON = r"(?:[:=/・ ]|…|\.\.|(?<=作成)|(?<=作成者)|(?<=文責)|(?<=出典)|は、?(?=[^は\n]{2,24}(?:です|。|\n|$)))\n?"
LABEL = rf"(?:^|(?<=[\n。|/、{OPENERS}※*・\-]))[※*・\-]?{_NOUN}[)」】]?{_COLON}"
_FROM = f"(?:の{_ANSWER})?(?:より|から|による)?(?:引用|抜粋|転載)?"
LABEL_END = rf"(?:です|使用|利用|作成|生成|{_FROM})?(?=[。.、,{CLOSERS}\n|/※*]|$|\()"

# A short line of its own that holds a name: a statement only where an AI is known to have been used.
NOTE = (
    rf"(?:^|(?<=\n))(?:(?=[※*注{OPENERS}])[^\n{MARK}]{{0,14}}{MARK}(?![がは])[^\n]{{0,14}}(?=\n|$)"
    rf"|(?P<last>[^\n{MARK}]{{0,14}}{MARK}[^\n]{{0,14}})\n*\Z)"
)
HIRAGANA = re.compile("[ぁ-ん]")
NO_NOTE = re.compile(
    _any(
        "ない ません ず 不可 禁止 とは [?] か。 研修 講座 講演 セミナー 教室 について 導入 事例 ガイドライン 方針",
        "予定 ている による % 可否 有無 注意 場合 とき 際 書く 明記 記載 表示 例 課 係 室 部会 委員 電話 https?:",
    )
)

_MADE_EN = _any(
    "created generated written made drafted produced composed prepared translated summari[sz]ed authored designed",
    "edited assisted powered developed compiled illustrated rewritten text words images? illustrations? photos?",
    "drafts? translation summary content",
)
_HELP_OF = "(?:the )?(?:help|assistance|aid|use|support) of "
_BY_LATIN = (
    "(?:(?:criad|cread|gerad|generad)[oa] (?:por|com|con)|cr[ée]{2}e? (?:par|avec)|g[ée]n[ée]r[ée]e? (?:par|avec)"
    "|erstellt (?:mit|von|durch)|tạo (?:bởi|bằng)|dibuat (?:oleh|dengan)|(?:ginawa|nilikha) (?:ng|gamit ang))"
)
_MADE_ZH = _any("生成 制作 创作 創作 撰写 编写 製作 创建 建立 作成 翻译 翻譯")
_OWN = rf"[{OPENERS}]{{0,2}}{MARK}"
_MEANS = "(?:entirely |partly |in part |automatically )?(?:by|with|using|via|through|from)"
FOREIGN = _one_of(
    rf"{_MADE_EN}[ \n]{_MEANS}[ \n]?(?:{_HELP_OF})?(?:an? |the )?{_OWN}",
    rf"with {_HELP_OF}{_OWN}",
    rf"(?:^|(?<=\n))[(\[]?(?:by|via) {_OWN}[{CLOSERS}.]{{0,3}}(?=\n|$)",
    rf"{MARK}[- ](?:generated|assisted|created|written)",
    rf"{_BY_LATIN} ?{_OWN}",
    rf"(?:由|使用|通过|利用|經由){_OWN}[{CLOSERS}]{{0,2}}{_MADE_ZH}",
    rf"{MARK}[{CLOSERS}]{{0,2}}(?:로|으로|을|를|에서|이|가|에 ?의해)[^\n。]{{0,10}}?(?:작성|생성|제작|번역)",
)
