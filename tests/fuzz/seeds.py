"""What the fuzzer starts from: small files by the tests' own generators, and inputs that once failed."""

from __future__ import annotations

import base64
import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from email.message import EmailMessage

from PIL import Image, ImageDraw

from tests.extractors import cfb_writer, pdf_samples, picture_samples, word_samples

HEAD = b"Received: from x by y; Thu, 26 Jun 2025 10:00:00 +0800\r\nFrom: =?gbk?Q?=CD?= <a@b.invalid>\r\n"


def zipped(*members: tuple[str, bytes]) -> bytes:
    """A zip of members by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def tarred(name: str, data: bytes) -> bytes:
    """A tar of one member."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def _mails() -> Iterator[bytes]:
    whole = EmailMessage()
    whole["Subject"], whole["From"], whole["Date"] = (
        "推荐表",
        "a@b.invalid",
        "Thu, 26 Jun 2025 10:00:00 +0800",
    )
    whole.set_content("请查收")
    whole.add_alternative("<p>请<b>查收</b></p>", subtype="html")
    whole.add_attachment(
        zipped(("推荐表.docx", b"PK")), maintype="application", subtype="zip", filename="包.zip"
    )
    yield whole.as_bytes()
    yield HEAD + b"Content-Type: message/rfc822\r\n\r\n" + whole.as_bytes()
    yield HEAD + b"Content-Type: text/plain; charset=undefined\r\n\r\nabc\\x \xff\xfe"
    yield HEAD + b"Subject: =?idna?Q?=FF=80a?= =?utf-7?B?K0FBQS0=?=\r\n\r\nx"
    yield (
        HEAD + b"Content-Type: multipart/mixed\r\n\r\n--abcdef\r\nContent-Disposition: attachment;"
        b"\r\n filename*0*=gbk''%CD%C6; filename*1=x.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBE\r\n"
        b"--abcdef\r\nContent-Type: message/partial\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\n"
        b"begin 644 a\r\n#86)C\r\nend\r\n--abcdef--\r\n"
    )
    yield (
        b"From a@b Mon Jun 23 09:00:00 2025\r\n" + HEAD + b"Content-Type: text/html\r\n\r\n<!--<p a='>'>&#1;"
    )


def _archives() -> Iterator[bytes]:
    inner = zipped(("推荐表.docx", b"form"), ("a/b.pdf", b"%PDF-"))
    yield inner
    yield zipped(("inner.zip", inner), ("__MACOSX/x", b""))
    yield tarred("推荐表.docx", b"form")
    yield gzip.compress(tarred("a", b"form"))
    yield cfb_writer.message("推荐表", "From: a@b.invalid\r\n", "请查收", [("推荐表.pdf", b"%PDF-1.7")])


def _words() -> Iterator[bytes]:
    cell = "<w:tc><w:p><w:r><w:t>职业编码</w:t></w:r></w:p></w:tc>"
    body = f"<w:tbl>{'<w:tr>' + cell * 3 + '</w:tr>'}</w:tbl><w:p><w:r><w:t>推荐单位：x</w:t></w:r></w:p>"
    file = word_samples.word_file(body)
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        for number, part in enumerate(("word/document.xml", "word/numbering.xml", "word/styles.xml")):
            yield bytes([number]) + archive.read(part)[:20_000]
        yield b"\x03" + archive.read("word/_rels/document.xml.rels")


def _pdfs() -> Iterator[bytes]:
    table = pdf_samples.Table([["序号", "职业编码", "职业"], ["1", "4-10-01-05", "养老护理员"]])
    yield pdf_samples.pdf(table)
    yield pdf_samples.pdf(table, pageCompression=0)
    yield pdf_samples.pdf(
        pdf_samples.both(table, lambda canvas: pdf_samples.seal(canvas, 300, 500)), rotate=90
    )
    pages = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R "
        b"/Resources << /XObject << /F 4 0 R >> >> >>",
        b"<< /Type /XObject /Subtype /Form /Length 5 >>\nstream\n/F Do\nendstream",
    ]
    yield picture_samples.assembled(pages)


def _images() -> Iterator[bytes]:
    picture = Image.new("RGB", (120, 160), "white")
    pen = ImageDraw.Draw(picture)
    for at in (20, 60, 100):
        pen.line((10, at, 110, at), "black", 2)
        pen.line((at, 20, at, 140), "black", 2)
    pen.ellipse((40, 90, 100, 150), outline="red", width=3)
    out = io.BytesIO()
    picture.save(out, "JPEG")
    yield b"\x18" + out.getvalue()
    out = io.BytesIO()
    picture.save(out, "JPEG2000")
    yield b"\x01" + out.getvalue()
    for make in (picture_samples.fax, picture_samples.jbig2):
        yield make(picture.convert("1"))
    yield picture_samples.cmyk(picture)


def seeds(target: str) -> list[bytes]:
    """A target's first inputs."""
    makers = {"mail": _mails, "archives": _archives, "word": _words, "pdf": _pdfs, "images": _images}
    return list(makers[target]()) + [found for name, found in ONCE_FAILED if name == target]


def _unpacked(text: str) -> bytes:
    return zlib.decompress(base64.b85decode(text))


ONCE_FAILED: list[tuple[str, bytes]] = [
    (
        "archives",
        _unpacked(  # storages inside each other, deeper than Python recurses
            "c-p&gUhu)fjZzO8(10BSGsD0CoD6J8VvIn{1mg%WFt9?!{{8>|A0z})`+pP+Dd5Qvz~IZE$Kc11&rrgU%0MbuksQ"
            "#R(Lu5{h9aPSxeQhe3Ji%14h%^^7i2QzF_Zy$IY3ql11|#?9^K!&pQf9U?pUmV5sd}`c?KzPY8Ha?&B1&QIKLLm*"
            "MRdG1d!#K8F)<~Ifn(SovHyYZn}ng=H$8=66$&k1;CI>8vy+<z{JRCjv6lPV7>sH&w|2dW?%*L85!sU<hwZ-dKx&"
            "hnf|{$x0|!UL4f6g?olB>%QyaqP5R-EIPm<<``LCz@Yo#wAPAWIK>1yP!4;V6N`Sesk|h0N46KZ>5`>hvJOHge;("
            "@T3p%j?!i-ESMGZ+H%zX4Fp00<2k9HF!uPII(?DGy{f6ST%5)_zzz#Am-TFs~D9KQjsTGeT=fLiU?8xDahW3kmjv"
            "!b**R{f1zh4T!d%l?3~l(fnTkt^*2ybxsk`4Vgf?7${l><`)C``M{J3aTg{qfZESSg8iVdDnPP75ol`(kW6OCz+r"
            "DZgK~ob11f|78wN&r`e!F2|KSRMNZK=mVk3g#&q0F!k;`fP_7k7}IZ3b|6i$3Z*>6I${ahs2&w*w?HPRmp5Mw_mt"
            "ULxu`44KbBV$%9Vq8$MK?;IA-Q0#+V_Tcr27=l*l<0@`-k71~BP{O!j&_Vj7ytlBoq}l"
        ),
    ),
    (
        "archives",
        _unpacked(  # a stream of more bytes than an index holds
            "c-p&gUhu)fjZzO8(10BSGsD0CoD9Di7}#K9j6lo;;|MS?utLTD{r~?TBm`3Uf3O1vrvIY=0X!K37<?J@82lLW8A="
            "#Z8At^yk^`DEIvB_XZVW|0n{yeg7!(*185|grfNsfT$YUr2@^XNz6b4=fE<F0bcRx)xOJ$%6U__%qK%PMgoUVo7d"
            "~*giV8Z8s^J~HK8gM>?0EiEhXJ+6vfn*>StahpfxVY&W>Y0=4W=Qz!F%$qpDs2Gt!vGT_qcO6-<r&z`*&xLPl+S{"
            "~XJ%jp^BEcF1LV6o7<w8wvzh+CJ-3^)!9jrKg6>fvKg&1%hfVt7jyUlA&HLGQX7Jb?{vZgL`#?Egfx#7+>q>yRv6"
            "3YHVhpT|u(E`dxI6%@NaBI8n4uJy?~8%9r!yD=^S=R5%m4@t862Us8%}eyfGH1THxsn(A=Z9aI>cwcF)*(aYd<py"
            "_A@ddDph>;n=`l&Z9fYM_JhJojez}zV4Dqywx5**`<c=FUjVKH3V^jw5zq~pK)M(xS_bA91Nr&DlnHScCNO~7&qj"
            "j%ps*@HvOf{I!NZ0YQA57LGYUo<JfjVs(FPB4g9n)MOMvMunIQv5K^xDY++e_f3L(ITfe~Kevy<U2Ton$avNeQaB"
            "Z3tU2MGl}+a^Rj;kTdo3ZD~?{j6wwP&n}sWxom0_H&Woe-1SJsZrs=`_n`KP*`~kk_IoR?ncI}Sj4!XVxwUA0a*J"
            "D)Cg@siu=E#K{Fx%0R6&M5d"
        ),
    ),
    (
        "archives",
        _unpacked(  # properties in a stream that says 4 GB
            "c-rk(%}N4M7(L^RKLv)hh;Wk-MFh!=MFSC0U_y&RdI2#r6)HtdXb}i)f}WyX+uoozs7I(p&(JET@6KQ2@64D{!km"
            "j<&vouScRtTI-}U8r`t|-X`UY^YVjDbK$^-(IF?NN|AQ8Z?kF^v<VMFX%#lu)(A88yQjzg4DM;>nRkW1ebZ!t7ds"
            "FLzIHW5P>J2<AjlyHFtu`~K~f-oir%>TH1FKpy75^x<o!#tv@uV+jyt2|`#Yn3mX91-jHJi_Z*4hcOq7t_hqsuY)"
            "p-Ln?|I4TsW(?6JRz{hcNdt8DlkC<F&<2?K-=P<@-V(f85*~c<JhCRx<I%VUPtNF9=bH=m8&2Ran7m^IM8ZIgCYo"
            "uO)MENh$m`F{+uHL8muCqeUW7<Bw_BhoyeAua<u;{N*t~=G|UFdUqt+cy;8A-?bf(v~Xt0fzKNmUjd>-$~k^BwnJ"
            "QENbjs!x^nP@=v@qYahUh?mKk+P=CW>iPi}`YcuzQZROqCDl5;=TPjUo56x59$M3|1<v$;aESct7k|xrlKx8AFEs"
            "ZXU<)g@XF6ddCy{PHdnUFu@wdJs6F2{-iH-P&T-?9)urXM__e0z}`kOVorPnXP^8fDB3(fdo>IZYb0OrQ*!T"
        ),
    ),
    (
        "archives",
        _unpacked(  # a chain of sectors in a circle
            "c-rll%TB^T6o&s&ia?@47cSUHVl>7?LXn6u#%Q8M7aHOV7`&6H5I_?buH2aL6z<&m2JT(xBk00sa3%H3blQ~4rEM"
            "^H>ED#$Kc###XXbPQ&ricIxA*Z^*t7&04K0F@B_`1sFiZ?kM697{8Vj+{YQBDzHju|AlGs8CH5|aL?)LK6$2ah-9"
            "4bUU#R3v2U>UpAmm<z^LGFa!?PCzp4)?#;-;U-E&=X0vmT3%ezOF}1pXEMm`YZ0IOploLx{Se$UPHl_%!&MJZbnU"
            "Jz4lqpe-dTN)L|d)Hx!VhY;#@)xR04W*yLp>+)MD)Pi<56vC2<ijjFCj)p*%$rkmU-6v=p&xS7j`047+wLq`?oRQ"
            "FY)A0bWkpQ2cb4izh+&9(iWX<B)V9T0nuQ@*hd?R?e3pQT!N%9ma6C9zj_<7ctzm>+b(XStf}!dE#t<(RLy;LEo0"
            "m-!x0rroDPeJD~}rRW9sRq`cTnR>szDkb<K7krkhvV~tDYK>m^aNLHwgK;w(^P<(Y2+3Uk10L$HUH<j8r;0P(?)I"
            "^I7@Qw=F@EcFx-;MT`j5Eavpfws;%B<^mvw&B5&zM<{0x70hP_Kihi!xI#bd>glcci=TJK#xe(<3BB=$SgdMYhqQ"
            "4#a?_hkInAd5ZRnDY-mHUC1NP^?&#"
        ),
    ),
]
"""Inputs on which a target failed before it was mended, by target: they are tried first, and by the tests."""
