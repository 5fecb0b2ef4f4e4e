"""Files that S7 uploads: active, lying, broken, enormous, and with names that lead elsewhere."""

import gzip
import io
import json
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

MARK = "kanari7"
SCRIPT = f"<script>{MARK}(1)</script>"
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" onload="{MARK}(1)">{SCRIPT}</svg>'
HTML = f"<!doctype html><html><body onload={MARK}(1)>{SCRIPT}</body></html>"
PNG = b"\x89PNG\r\n\x1a\n"
XXE = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">'
    '<!ENTITY b "&x;&x;&x;&x;&x;&x;&x;&x;">]><a>&b;</a>'
)
CSV = f"external_id,name,since\nC-1,{SCRIPT},2026-01-01\n"
# What a browser, a server or a file system might take for something else.
NAMES = [
    *("../../../../tmp/kanari7.csv", "..\\..\\kanari7.csv", "/etc/cron.d/kanari7", "C:\\kanari7.csv"),
    *("．．／．．／kanari7.csv", "..%2f..%2fkanari7.csv", "%2e%2e/kanari7.csv", "\u2024\u2024/kanari7.csv"),
    *(".htaccess", "\u200b.htaccess", ".\u200bhtaccess", "．htaccess", "web.config", "x.csv/.htaccess"),
    *("kanari7.csv\x00.html", "kanari7\u202evsc.html", "kanari7\r\nX-Won: 1.csv", "\ufeffkanari7.csv"),
    *("a" * 255, "あ" * 255, "😀" * 120 + ".csv", "con.csv", "nul", "kanari7.csv ", "kanari7.csv.", "."),
    *("..", "", " ", "-rf.csv", "$(id).csv", "`id`.csv", ";id;.csv", "{{7*7}}.csv", SCRIPT + ".csv"),
    *('"><img src=x onerror=kanari7(1)>.csv', "kanari7.php", "kanari7.svg", "kanari7.html", "％２ｅ"),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Odd:
    """One upload: what it is, its name and its bytes."""

    what: str
    name: str
    data: bytes


def files() -> Iterator[Odd]:
    """Every one of them."""
    for name in NAMES:
        yield Odd("name", name, CSV.encode())
    for what, name, text in ACTIVE:
        yield Odd(what, name, text.encode() if isinstance(text, str) else text)
    yield from _packed()
    yield from _tables()
    yield from _encodings()


ACTIVE: list[tuple[str, str, str | bytes]] = [
    ("svg", "logo.svg", SVG),
    ("svg as csv", "logo.csv", SVG),
    ("html as png", "logo.png", HTML),
    ("html behind a png's beginning", "logo.png", PNG + HTML.encode()),
    ("gif that is a script", "x.gif", f"GIF89a=1;{MARK}(1)//\n"),
    ("pdf that is html", "x.pdf", f"%PDF-1.7\n{HTML}"),
    ("xml with entities", "x.xml", XXE),
    ("php", "x.php", f"<?php {MARK}(1); ?>"),
    ("a page of headers", "x.mht", f"MIME-Version: 1.0\nContent-Type: text/html\n\n{HTML}"),
    ("a png that claims 60,000 by 60,000", "x.png", b""),
    ("html in every cell", "x.csv", f"name,goals\n{SCRIPT},{HTML}\n{SVG},x\n"),
    ("html in the header", "x.csv", f"name,{SCRIPT}\nx,y\n"),
    ("formulas", "x.csv", f'name,goals\n=cmd|"/c {MARK}"!A1,+1\n@x,\t=1\n＝１,-1\n'),
    ("html as json lines", "x.jsonl", json.dumps({"name": SCRIPT, SCRIPT: SVG}) + "\n"),
]


def _packed() -> Iterator[Odd]:
    yield Odd("bomb of 10 GB", "x.zip", _bomb())
    yield Odd("bomb as xlsx", "x.xlsx", _bomb())
    yield Odd("bomb as csv", "x.csv", _bomb())
    yield Odd("docx with entities", "x.docx", _zip({"word/document.xml": XXE}))
    yield Odd("xlsx with entities", "x.xlsx", _zip({"xl/workbook.xml": XXE}))
    yield Odd("zip that leads outside", "x.zip", _zip({f"../../{MARK}": "x", "/etc/x": "x"}))
    yield Odd("links in a tar", "x.tar", _links())
    yield Odd("packed page", "x.csv.gz", gzip.compress(HTML.encode()))
    yield Odd("packed bomb", "x.csv", gzip.compress(b"\0" * 50_000_000, 1))
    size = struct.pack(">II", 60_000, 60_000) + b"\x08\x02\0\0\0"
    head = struct.pack(">I", 13) + b"IHDR" + size + struct.pack(">I", zlib.crc32(b"IHDR" + size))
    yield Odd("pixel flood", "x.png", PNG + head)


def _tables() -> Iterator[Odd]:
    """Tables that take room or time."""
    yield Odd("one line of 8 MB", "x.csv", b"name," + b"x" * 8_000_000)
    # Each line after the first is read anew as a row: 20 µs of processor time each.
    yield Odd("a quote that never closes", "x.csv", b'name\n"' + b"x\n" * 200_000)
    yield Odd("a million columns", "x.csv", b"name" + b"," * 1_000_000 + b"\nx\n")
    yield Odd("a million empty lines", "x.csv", b"name\n" + b"\n" * 1_000_000)
    yield Odd("a thousand long cells", "x.csv", b"name\n" + (b"x" * 90_000 + b"\n") * 60)
    yield Odd("quotes everywhere", "x.csv", b"name,goals\n" + b"','" * 300_000)
    yield Odd("nothing", "x.csv", b"")
    yield Odd("nothing but NUL", "x.csv", b"\0" * 100_000)
    yield Odd("deep json", "x.jsonl", b'{"name":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n")
    yield Odd("large numbers in json", "x.jsonl", b'{"name":"x","employees":1e999999}\n')
    worst = ("1e999999999", "9" * 4000, "-1e-999999999", "0x" + "f" * 3000, "１" * 3000, "NaN")
    rows = "".join(f"C-{n},x,{text}\n" for n, text in enumerate(worst))
    yield Odd("large numbers", "customers.csv", f"external_id,name,employees\n{rows}".encode())
    days = "".join(f"C-{n},x,{text}\n" for n, text in enumerate((*worst, "令和99999999年1月1日")))
    yield Odd("large days", "customers.csv", f"external_id,name,since\n{days}".encode())
    money = "".join(f"K-{n},C-1,x,{text},2026-01-01\n" for n, text in enumerate(worst))
    head = "contract_id,customer_id,product,amount,start_on\n"
    yield Odd("large amounts", "contracts.csv", (head + money).encode())


def _encodings() -> Iterator[Odd]:
    """The same page in encodings that readers guess differently."""
    for name in ("utf-16", "utf-16-le", "utf-32", "utf-7", "cp932", "euc_jp", "iso2022_jp"):
        text = f"name,goals\n{SCRIPT},青葉\n"
        yield Odd(f"a table in {name}", "x.csv", text.encode(name))
    yield Odd("overlong UTF-8", "x.csv", b"name\n\xc0\xbcscript\xc0\xbe\n")
    yield Odd("half surrogates", "x.csv", b"name\n\xed\xa0\x80x\n")
    yield Odd("three marks", "x.csv", b"\xef\xbb\xbf" * 3 + CSV.encode())


def _zip(members: dict[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return made.getvalue()


def _bomb() -> bytes:
    """1,000 entries that share one packed megabyte of nothing and call it ten."""
    size = 10_000_000
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(b"\0" * size) + packer.flush()
    crc = zlib.crc32(b"\0" * size)
    facts = struct.pack("<HHHHIIIHH", 20, 0, 8, 0, crc, len(packed), size, 1, 0)
    head = b"PK\x03\x04" + facts + b"x" + packed
    entry = struct.pack(
        "<HHHHHIIIHHHHHII", 20, 20, 0, 8, 0, crc, len(packed), size, 1, 0, 0, 0, 0, 0, 0
    )
    entries = (b"PK\x01\x02" + entry + b"x") * 1000
    end = struct.pack("<HHHHIIH", 0, 0, 1000, 1000, len(entries), len(head), 0)
    return head + entries + b"PK\x05\x06" + end


def _links() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, target in (("x.csv", "/etc/passwd"), (f"../{MARK}", "..")):
            link = tarfile.TarInfo(name)
            link.type, link.linkname = tarfile.SYMTYPE, target
            archive.addfile(link)
    return made.getvalue()
