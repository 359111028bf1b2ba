"""What somebody wrote, apart from what they quote and sign with.

Found by lines: those that begin with `>`, the line above them that names who wrote ("On … wrote:"), the header that
Outlook puts above the message that is answered, the signature below `-- ` (RFC 3676, section 4.3). Nothing is lost:
every line is in one of the two texts.
"""

import re
from collections.abc import Sequence
from itertools import islice

LONGEST_LINE = 400
"""Letters of a line that may name who wrote; a longer one is somebody's text."""
MOST_LOOKED_AT = 2000
"""Lines of a text of which it is asked whether they name who wrote; no text that people write has more."""
_MOST_WRAPPED = 3
_SIGNATURE_LINES = 15

_VERBS = (
    "wrote writes schrieb écrit ecrit escribió ha.scritto schreef escreveu napisał(?:\\(a\\)|a)? skrev kirjoitti"
    " napsal(?:\\(a\\)|a)? написал(?:\\(а\\)|а)? пишет написав пише írta yazdı a.scris έγραψε"
).replace(" ", "|")
_WROTE = re.compile(rf"\b(?:{_VERBS})\b|写道|寫道|さんのメッセージ|のメール|작성|썼습니다|님이 보낸", re.IGNORECASE)
# Gmail has no verb in some languages: a day, a time, a name and an address.
_ADDRESS_LAST = re.compile(r"<[^<>\s]{1,100}@[^<>\s]{1,100}>\s?[:：]\Z")
_DAY = re.compile(r"\d{1,2}\D{1,20}\d{4}.{0,20}\d{1,2}[:.]\d\d")
# The name may stand behind the verb: so far from the end it is looked for.
_FROM_END = 140
_OPENING = re.compile(r"(?:On|Am|Le|El|Il|Op|Em|Dnia|W dniu|Den|Dne|На)\s.{0,60}\d")
# It names a day, or somebody's address.
_WHEN_OR_WHO = re.compile(r"\d{1,4}[./:-]\d|\d{4}|@|<")
_RULE = re.compile(
    r"-{2,}\s*(?:original message|original appointment|ursprüngliche nachricht|originalnachricht|message d['’]origine"
    r"|mensaje original|messaggio originale|oorspronkelijk bericht|mensagem original|wiadomość oryginalna"
    r"|oprindelig meddelelse|ursprungligt meddelande|исходное сообщение|forwarded message|weitergeleitete nachricht"
    r"|message transféré|mensaje reenviado|messaggio inoltrato)\s*-{2,}",
    re.IGNORECASE,
)
_LINE_OF_RULE = re.compile(r"[_-]{20,}")
_FIELD = re.compile(r"[>*\s]{0,4}([^\W\d_][\w \-]{0,20}?)\s?\*?\s?[:：]\*?(?:\s|$)")
_FROM_NAMES = "from von de da van från fra od от expéditeur 发件人 寄件者 差出人 보낸사람"
_OTHER_NAMES = """
sent date to cc subject gesendet datum an betreff kopie envoyé à objet enviado fecha para asunto inviato data a oggetto
verzonden aan onderwerp enviada assunto wysłano do temat skickat till ämne sendt til emne отправлено кому тема дата
发送时间 收件人 主题 送信日時 宛先 件名 제목
"""
_FROM, _OTHERS = frozenset(_FROM_NAMES.split()), frozenset(_OTHER_NAMES.split())
_MACHINE = re.compile(
    r"(?:sent from (?:my|outlook|mail)|get outlook for|gesendet (?:von|mit)|von meinem .{1,30} gesendet"
    r"|envoyé (?:de|depuis)|enviado (?:desde|do|a partir)|inviato da|verzonden (?:vanaf|met)|skickat från|sendt fra"
    r"|wysłano z|отправлено с|iphoneから送信)\b.{0,80}",
    re.IGNORECASE,
)
_BLANKS = re.compile(r"\n{3,}")


def split(text: str) -> tuple[str, str]:
    """The text itself, and what was folded away from it.

    A text of which nothing would be left, such as one that was only forwarded, is not folded.
    """
    if "\n" not in text:
        return text.rstrip(), ""
    lines = [line.rstrip() for line in text.split("\n")]
    folded = _quoted(lines)
    _fold_signature(lines, folded)
    body = _joined(lines, folded, away=False)
    if not body:
        return _joined(lines, folded, away=None), ""
    return body, _joined(lines, folded, away=True)


def _joined(lines: Sequence[str], folded: Sequence[bool], *, away: bool | None) -> str:
    """The lines that are folded away, or those that are not, or all; a blank one stands where some are left out."""
    kept: list[str] = []
    gap = False
    for line, is_away in zip(lines, folded, strict=True):
        if away is None or is_away == away:
            if gap and kept:
                kept.append("")
            kept.append(line)
            gap = False
        else:
            gap = True
    return _BLANKS.sub("\n\n", "\n".join(kept)).strip("\n")


def _quoted(lines: Sequence[str]) -> list[bool]:
    """Which lines quote, or name what is quoted."""
    folded = [line.startswith(">") for line in lines]
    likely = (place for place, line in enumerate(lines) if not folded[place] and _may_name(line))
    for place in islice(likely, MOST_LOOKED_AT):
        line = lines[place]
        start: int | None
        if _RULE.fullmatch(line.strip()) or _begins_header(lines, place):
            start = place - 1 if place and _LINE_OF_RULE.fullmatch(lines[place - 1].strip()) else place
            marked = False
        else:
            start = _attribution(lines, place)
            marked = next((other for other in lines[place + 1 : place + 9] if other), ">").startswith(">")
        if start is not None:
            # A program that does not mark what it quotes quotes all that follows.
            end = place + 1 if marked else len(lines)
            folded[start:end] = [True] * (end - start)
            if not marked:
                break
    return folded


def _may_name(line: str) -> bool:
    """Whether a line may name the writer of what follows, at a glance."""
    return 2 < len(line) <= LONGEST_LINE and (":" in line or "：" in line or line[-1] in "-道")


def _attribution(lines: Sequence[str], place: int) -> int | None:
    """Where the lines begin that say who wrote what follows, and that end at `place`; None for other lines."""
    whole = ""
    first: int | None = None
    for start in range(place, max(-1, place - _MOST_WRAPPED), -1):
        line = lines[start]
        if not line or line.startswith(">") or len(whole) + len(line) > LONGEST_LINE:
            break
        whole = f"{line.strip()} {whole}".strip()
        if whole[-1] not in ":：道":
            break
        told = _WROTE.search(whole[-_FROM_END:]) or (_ADDRESS_LAST.search(whole[-_FROM_END:]) and _DAY.search(whole))
        if told and _WHEN_OR_WHO.search(whole):
            first = start if first is None else first
            if _OPENING.match(line):  # the day may stand on a line before the name
                return start
    return first


def _begins_header(lines: Sequence[str], place: int) -> bool:
    """Whether the header of a message that is answered begins here: who from, and two more fields near by."""
    if _field(lines[place]) not in _FROM:
        return False
    near = [_field(line) for line in lines[place + 1 : place + 7]]
    return sum(name in _OTHERS for name in near) >= 2


def _field(line: str) -> str:
    found = _FIELD.match(line)
    return found[1].strip().casefold().replace(" ", "") if found else ""


def _fold_signature(lines: Sequence[str], folded: list[bool]) -> None:
    """Fold the signature away: what follows `-- `, or a last line that names the machine it was written on."""
    left = [place for place, away in enumerate(folded) if not away and lines[place]]
    for number, place in enumerate(left):
        if lines[place] == "--" and len(left) - number - 1 <= _SIGNATURE_LINES:
            folded[place:] = [True] * (len(lines) - place)
            return
    if left and _MACHINE.fullmatch(lines[left[-1]].strip()):
        folded[left[-1]] = True
