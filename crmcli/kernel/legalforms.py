"""Names of companies without what only says how they are registered: `Acme GmbH & Co. KG` and `ACME` are alike."""

import re
from typing import NamedTuple

from crmcli.kernel.text import fold, tokens

# Forms by their usual spelling, folded, without points; after the colon, between commas, other ways to write the same.
_FORMS = """
ab: aktiebolag
ag: aktiengesellschaft
as: aktieselskab, akciova spolecnost
asa
aps: anpartsselskab
bv: besloten vennootschap
bvba
bhd
cic
co: company, cie, compagnie
corp: corporation
cv
doo
dba
eg
eirl
eood
ev
ek
fzco
fze
gbr
gesmbh: ges mbh
ggmbh
gmbh: mbh
hf
inc: incorporated
jsc
kft
kg: kommanditgesellschaft
kgaa
kk: kabushiki kaisha
ks
lda: limitada
lllp
llc: limited liability company
llp
lp
ltd: limited, ltee
ltda
mb
nv
nyrt
ohg
oao
ood
ooo
oy: osakeyhtio
oyj
pc
pjsc
plc: public limited company
pllc
pt
pte
pty: proprietary
pvt: private
sa: sociedad anonima, societe anonyme, sociedade anonima
sab
sapi
sarl
sas
sasu
sca
scop
sdn
se
sgps
sia
sl: sociedad limitada
slu
snc
spa: societa per azioni
spk
spzoo
srl
sro
ss
tbk
tov
ug: ug haftungsbeschrankt, unternehmergesellschaft
uab
vof
zao
zrt
ооо
оао
зао
пао
ао
тов
ип
"""
# Forms that stand before the name; others do so only by chance.
_BEFORE = {"pt", "ooo", "oao", "zao", "pjsc", "jsc", "tov", "uab", "sia", "ооо", "оао", "зао", "пао", "ао", "тов", "ип"}
# Scripts without spaces write the form as a part of the name.
_WITHIN = re.compile("株式会社|有限会社|合同会社|股份有限公司|有限责任公司|有限公司|유한회사|주식회사|\\(주\\)|㈱")
# Letters with points between them, and two forms that hold a word: Sp. z o.o., spol. s r.o.
_POINTED = re.compile(r"\b(?:[^\W\d_]\.\s?){2,}|\b[^\W\d_]/[^\W\d_]\b")
_LIMITED = (
    (re.compile(r"\bsp\.?\s*z\.?\s*o\.?\s*o\b"), "spzoo"),
    (re.compile(r"\bspol\.?\s*s\.?\s*r\.?\s*o\b"), "sro"),
)
# What is left out where another form is named: `Ltd` and `Private Limited` are one.
_VAGUE = {"co", "pte", "pty", "pvt"}
_FILLERS = {"and", "the", "und", "et", "och", "y"}


def _spellings() -> dict[tuple[str, ...], str]:
    found = {}
    for line in _FORMS.strip().split("\n"):
        usual, _, others = line.partition(":")
        for spelling in (usual, *filter(None, others.split(","))):
            found[tuple(spelling.split())] = usual
    return found


FORMS = _spellings()
"""The words of every spelling of a legal form, and its usual one."""
_LONGEST = max(len(words) for words in FORMS)


class Firm(NamedTuple):
    """A company's name: the words that tell it from others, and the legal form, "" when none is named."""

    words: tuple[str, ...]
    form: str


def firm(name: str) -> Firm:
    """The words of a company's name without its legal form and without `and`, `the` and the like; and the form.

    A form is taken away where it stands at the end, and some at the beginning (`OOO Romashka`). A name that consists
    of nothing else is kept whole.
    """
    text = fold(_WITHIN.sub(" ", name))
    within = len(text) < len(name)
    for written, form in _LIMITED:
        text = written.sub(form, text)
    text = _POINTED.sub(lambda match: re.sub(r"[.\s/]", "", match[0]) + " ", text)
    whole = tokens(text) or tokens(name)
    words = [word for word in whole if word not in _FILLERS] or whole
    forms: set[str] = set()
    while found := _form_at_end(words):
        forms.add(found[0])
        words = words[: -found[1]]
    while len(words) > 1 and words[0] in _BEFORE:
        forms.add(words[0])
        words = words[1:]
    return Firm(tuple(words), " ".join(sorted(forms - _VAGUE)) or ("kk" if within else ""))


def _form_at_end(words: list[str]) -> tuple[str, int] | None:
    """The legal form that the last words are, also in letters that stand apart, and how many; one word is left."""
    for count in range(min(_LONGEST, len(words) - 1), 0, -1):
        last = tuple(words[-count:])
        spelt = ("".join(last),) if all(len(word) == 1 for word in last) else last
        if spelt in FORMS:
            return FORMS[spelt], count
    return None
