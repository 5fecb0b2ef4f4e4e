"""What invented companies are called: parts with their reading and their Latin letters, as a person
would write each. Nothing here is taken from, or read by, the program that is measured.
"""

from typing import NamedTuple


class Part(NamedTuple):
    written: str
    kana: str
    latin: str


def _parts(text: str) -> list[Part]:
    return [Part(*line.split()) for line in text.strip().splitlines()]


FAMILIES = _parts("""
佐藤 サトウ Sato
鈴木 スズキ Suzuki
高橋 タカハシ Takahashi
田中 タナカ Tanaka
渡辺 ワタナベ Watanabe
伊藤 イトウ Ito
山本 ヤマモト Yamamoto
中村 ナカムラ Nakamura
小林 コバヤシ Kobayashi
加藤 カトウ Kato
吉田 ヨシダ Yoshida
山田 ヤマダ Yamada
佐々木 ササキ Sasaki
斎藤 サイトウ Saito
山崎 ヤマザキ Yamazaki
中島 ナカジマ Nakajima
藤沢 フジサワ Fujisawa
広瀬 ヒロセ Hirose
浜田 ハマダ Hamada
関口 セキグチ Sekiguchi
桜井 サクライ Sakurai
滝沢 タキザワ Takizawa
栄田 サカエダ Sakaeda
国分 コクブ Kokubu
宝田 タカラダ Takarada
真田 サナダ Sanada
沢井 サワイ Sawai
黒沢 クロサワ Kurosawa
長島 ナガシマ Nagashima
塩野 シオノ Shiono
会沢 アイザワ Aizawa
恵藤 エトウ Eto
徳永 トクナガ Tokunaga
竜野 タツノ Tatsuno
岩淵 イワブチ Iwabuchi
増沢 マスザワ Masuzawa
豊島 トヨシマ Toyoshima
万代 マンダイ Mandai
来栖 クルス Kurusu
仏生 ブッショウ Bussho
""")
PLACES = _parts("""
東海 トウカイ Tokai
北陸 ホクリク Hokuriku
瀬戸内 セトウチ Setouchi
武蔵 ムサシ Musashi
富士見 フジミ Fujimi
琵琶湖 ビワコ Biwako
信濃 シナノ Shinano
筑紫 ツクシ Tsukushi
三河 ミカワ Mikawa
常陸 ヒタチノ Hitachino
湘南 ショウナン Shonan
丹波 タンバ Tamba
飛騨 ヒダ Hida
津軽 ツガル Tsugaru
日向 ヒュウガ Hyuga
播磨 ハリマ Harima
薩摩 サツマ Satsuma
上総 カズサ Kazusa
陸奥 ムツ Mutsu
伊豆 イズ Izu
""")
VIRTUES = _parts("""
光洋 コウヨウ Koyo
明和 メイワ Meiwa
協栄 キョウエイ Kyoei
新星 シンセイ Shinsei
共立 キョウリツ Kyoritsu
大成 タイセイ Taisei
昭栄 ショウエイ Shoei
丸宝 マルホウ Maruho
千代 チヨ Chiyo
宏和 コウワ Kowa
豊栄 ホウエイ Hoei
寿徳 ジュトク Jutoku
青葉 アオバ Aoba
若竹 ワカタケ Wakatake
ひばり ヒバリ Hibari
すずらん スズラン Suzuran
つばさ ツバサ Tsubasa
あけぼの アケボノ Akebono
みずほの ミズホノ Mizuhono
こだま コダマ Kodama
""")
TRADES = _parts("""
商事 ショウジ Shoji
製作所 セイサクショ Seisakusho
工業 コウギョウ Kogyo
産業 サンギョウ Sangyo
物産 ブッサン Bussan
建設 ケンセツ Kensetsu
運輸 ウンユ Unyu
電機 デンキ Denki
化学 カガク Kagaku
食品 ショクヒン Shokuhin
印刷 インサツ Insatsu
薬品 ヤクヒン Yakuhin
鉄工所 テッコウショ Tekkosho
不動産 フドウサン Fudosan
観光 カンコウ Kanko
倉庫 ソウコ Soko
通商 ツウショウ Tsusho
精機 セイキ Seiki
硝子 ガラス Garasu
紙業 シギョウ Shigyo
繊維 センイ Sen'i
酒造 シュゾウ Shuzo
農園 ノウエン Noen
総合研究所 ソウゴウケンキュウショ Sogokenkyusho
システム システム System
サービス サービス Service
コンピューター コンピューター Computer
エンジニアリング エンジニアリング Engineering
デザイン デザイン Design
フーズ フーズ Foods
""")
# Coined names: heads and tails in katakana, each with its usual Latin letters.
HEADS = _parts("""
アルテ アルテ Arte
ノヴァ ノヴァ Nova
ヴィスタ ヴィスタ Vista
クレド クレド Credo
ミライ ミライ Mirai
ソラ ソラ Sora
リンク リンク Link
キャピ キャピ Capi
エバー エバー Ever
グロー グロー Glow
フィル フィル Phil
トゥルー トゥルー True
オルビ オルビ Orbi
ゼン ゼン Zen
パル パル Pal
ルミ ルミ Lumi
シェア シェア Share
ブルー ブルー Blue
モノ モノ Mono
カナ カナ Kana
""")
TAILS = _parts("""
テック テック Tech
ワークス ワークス Works
ラボ ラボ Lab
ネクスト ネクスト Next
ソリューションズ ソリューションズ Solutions
コーポレーション コーポレーション Corporation
パートナーズ パートナーズ Partners
メディア メディア Media
クラウド クラウド Cloud
データ データ Data
キャリア キャリア Career
ロジスティクス ロジスティクス Logistics
ファクトリー ファクトリー Factory
スタジオ スタジオ Studio
フロンティア フロンティア Frontier
ヘルスケア ヘルスケア Healthcare
モビリティ モビリティ Mobility
アカデミー アカデミー Academy
クリエイト クリエイト Create
トレーディング トレーディング Trading
""")
# What many companies are called that have nothing to do with each other.
COMMON = _parts("""
アクア アクア Aqua
さくら サクラ Sakura
大和 ダイワ Daiwa
太陽 タイヨウ Taiyo
みらい ミライ Mirai
ひまわり ヒマワリ Himawari
富士 フジ Fuji
東洋 トウヨウ Toyo
三和 サンワ Sanwa
アーク アーク Ark
ネクサス ネクサス Nexus
ライズ ライズ Rise
光 ヒカリ Hikari
日進 ニッシン Nisshin
エース エース Ace
""")
LATIN = ["North", "Bright", "Silver", "River", "Global", "Prime", "Stone", "Cedar", "Delta", "Orion", "Pacific",
         "Summit", "Vertex", "Harbor", "Lunar", "Meridian", "Quartz", "Radiant", "Sterling", "Willow"]  # fmt: skip
LATIN_TRADES = ["Systems", "Partners", "Trading", "Logistics", "Software", "Industries", "Consulting",
                "Foods", "Networks", "Materials", "Instruments", "Design"]  # fmt: skip
OFFICES = [
    "東京支店",
    "大阪支社",
    "名古屋営業所",
    "福岡支店",
    "仙台営業所",
    "横浜事業所",
    "札幌支店",
]
OLD_KANJI = {
    "高": "髙", "崎": "﨑", "斎": "齋", "辺": "邊", "沢": "澤", "広": "廣", "浜": "濱", "島": "嶋",
    "国": "國", "桜": "櫻", "滝": "瀧", "栄": "榮", "宝": "寶", "真": "眞", "黒": "黑", "塩": "鹽",
    "会": "會", "恵": "惠", "徳": "德", "竜": "龍", "淵": "渕", "豊": "豐", "万": "萬", "来": "來",
    "仏": "佛", "関": "關", "鉄": "鐵", "総": "總", "薬": "藥", "観": "觀", "産": "產", "寿": "壽",
    "倉庫": "倉庫", "増": "增", "吉": "𠮷", "青": "靑", "研": "硏", "商": "商", "館": "舘", "富": "冨",
}  # fmt: skip
FREE = ["gmail.com", "yahoo.co.jp", "icloud.com", "outlook.jp", "docomo.ne.jp"]
