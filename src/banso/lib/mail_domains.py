"""Domains of addresses: which of them say where somebody works, and which say nothing."""

# Mailboxes that anybody can have: providers in Japan and abroad, phone companies, access providers.
_FREE = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "outlook.jp",
        "hotmail.com",
        "hotmail.co.jp",
        "live.com",
        "live.jp",
        "msn.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "aol.com",
        "yahoo.com",
        "yahoo.co.jp",
        "yahoo.co.uk",
        "yahoo.fr",
        "yahoo.de",
        "ymail.ne.jp",
        "ymail.com",
        "rocketmail.com",
        "proton.me",
        "protonmail.com",
        "pm.me",
        "tutanota.com",
        "tuta.io",
        "fastmail.com",
        "hey.com",
        "zoho.com",
        "gmx.com",
        "gmx.net",
        "gmx.de",
        "web.de",
        "mail.com",
        "mail.ru",
        "yandex.com",
        "yandex.ru",
        "qq.com",
        "foxmail.com",
        "163.com",
        "126.com",
        "yeah.net",
        "sina.com",
        "naver.com",
        "daum.net",
        "hanmail.net",
        "docomo.ne.jp",
        "mopera.net",
        "ezweb.ne.jp",
        "au.com",
        "uqmobile.jp",
        "softbank.ne.jp",
        "i.softbank.jp",
        "vodafone.ne.jp",
        "disney.ne.jp",
        "ymobile.ne.jp",
        "ymobile1.ne.jp",
        "y-mobile.ne.jp",
        "willcom.com",
        "wcm.ne.jp",
        "pdx.ne.jp",
        "rakumail.jp",
        "nifty.com",
        "nifty.ne.jp",
        "biglobe.ne.jp",
        "so-net.ne.jp",
        "ocn.ne.jp",
        "plala.or.jp",
        "dion.ne.jp",
        "infoseek.jp",
        "excite.co.jp",
        "goo.jp",
        "goo.ne.jp",
        "livedoor.com",
        "jcom.home.ne.jp",
        "jcom.zaq.ne.jp",
        "asahi-net.or.jp",
        "hi-ho.ne.jp",
        "odn.ne.jp",
        "wakwak.com",
        "eonet.ne.jp",
        "kcn.ne.jp",
    ]
)
# Registries under which anybody registers: never a company's own domain.
_SHARED = frozenset(
    [
        "com",
        "net",
        "org",
        "jp",
        "co.jp",
        "or.jp",
        "ne.jp",
        "ac.jp",
        "go.jp",
        "gr.jp",
        "ed.jp",
        "lg.jp",
        "ad.jp",
        "co.uk",
        "com.au",
        "co.kr",
    ]
)


def company_domain(text: str) -> str:
    """The domain that tells a company, from an e-mail address, a web address or a bare domain.

    In lower case, without scheme, www, path or port. Empty for free mailboxes, for what is no
    domain, and where there is nothing. Never raises.
    """
    bare = text.strip().lower().rpartition("@")[2]
    bare = bare.partition("://")[2] or bare
    for end in "/?#:":
        bare = bare.partition(end)[0]
    bare = bare.removeprefix("www.").strip(".")
    known = "." in bare and " " not in bare and len(bare) <= 253
    return bare if known and bare not in _FREE | _SHARED else ""
