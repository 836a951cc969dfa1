"""Columns that tell who a patient is: names, record numbers, telephones, addresses, birth dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from remission.cohort.fold import header_key

# kind -> headers, in English, Chinese, German, French, Spanish
_ALIASES = {
    "a name": "name|names|patient name|name of patient|full name|surname|last name|first name|given name"
    "|family name|initials|姓名|患者姓名|病人姓名|名字|nachname|vorname|familienname|patientenname"
    "|initialen|name vorname|nom|prénom|nom de famille|nom du patient|initiales|apellido|apellidos"
    "|nombre|nombre del paciente|iniciales",
    "a record number": "mrn|medical record number|medical record no|record number|record no|hospital number|hospital no"
    "|hospital id|admission number|admission no|inpatient number|inpatient no|chart number|chart no"
    "|case record number|病历号|病案号|住院号|门诊号|登记号|就诊号|aktenzeichen|fallnummer"
    "|krankenaktennummer|numéro de dossier|no dossier|ipp|historia clínica|número de historia|nhc"
    "|número de historia clínica",
    "a telephone number": "phone|phone number|telephone|telephone number|tel|mobile"
    "|mobile number|cell phone|contact number"
    "|电话|手机|手机号|手机号码|联系电话|联系方式|telefon|telefonnummer|handy|handynummer|téléphone"
    "|numéro de téléphone|teléfono|móvil",
    "an e-mail address": "email|e-mail|email address|mail|邮箱|电子邮件|e-mail-adresse|courriel|correo"
    "|correo electrónico",
    "an address": "address|home address|street|postcode|postal code|zip|zip code|地址|住址|家庭住址|现住址|籍贯"
    "|adresse|anschrift|wohnort|straße|postleitzahl|plz|domicile|code postal|dirección|domicilio"
    "|código postal",
    "a national or insurance number": "ssn|social security number|nhs number|national id|identity number"
    "|id card|id card number"
    "|insurance number|passport|passport number|身份证|身份证号|身份证号码|医保号|护照号"
    "|sozialversicherungsnummer|versichertennummer|krankenversichertennummer|kvnr"
    "|numéro de sécurité sociale|nir|dni|nie|número de la seguridad social",
    "a date of birth": "date of birth|birth date|birthdate|birthday|dob|born|出生日期|出生年月|出生年月日|生日"
    "|geburtsdatum|geburtstag|geb|geb.|geboren|geb.-datum|date de naissance|ddn|né le|née le"
    "|fecha de nacimiento|nacimiento|fdn",
}
_IDENTIFIER_FIELDS = {
    "name": "a name",
    "record_number": "a record number",
    "phone": "a telephone number",
    "email": "an e-mail address",
    "address": "an address",
    "birth_date": "a date of birth",
}
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
_CHINESE_ID = re.compile(r"^[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]$")
_US_ID = re.compile(r"^\d{3}-\d{2}-\d{4}$")
_PHONE = re.compile(
    r"^(?:1[3-9]\d{9}|(?:\+|00)\d[\d ()/.-]{7,18}\d|\(?0\d{1,5}\)?[ /-]\d[\d -]{4,12}\d"
    r"|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4})$"
)
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方"
    "白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_CHINESE_NAME = re.compile(r"^[\u4e00-\u9fff]{2,4}$")
_WESTERN_NAME = re.compile(r"^[A-ZÄÖÜÉÈÁÍÓÚÑ][\w'’-]+, ?[A-ZÄÖÜÉÈÁÍÓÚÑ][\w'’-]+(?: [A-ZÄÖÜÉÈÁÍÓÚÑ][\w.'’-]*)*$")
_WORD = r"(?:[^\W\d_]|['’-])+"
# two words or more, one word with a capital, or two to four Chinese characters; a digit only to tell two people apart
_NAME_AS_ID = re.compile(
    rf"^(?:{_WORD}\.?(?:(?: |, ?){_WORD}\.?){{1,4}}\d?|[A-ZÀ-Þ][a-zß-ÿ'’-]{{2,}}|[\u3400-\u9fff]{{2,4}})$"
)
_SAMPLE = 500


@cache
def _by_header() -> dict[str, str]:
    return {header_key(alias): kind for kind, words in _ALIASES.items() for alias in words.split("|")}


def identifier_by_header(header: str) -> str:
    """What a header says its column tells ("a name"), or ""; of a joined header its last part counts too."""
    known = _by_header()
    for part in (header, header.rpartition(": ")[2], re.sub(r"\s*[(（\[].*$", "", header)):
        if found := known.get(header_key(part)):
            return found
    return ""


def identifier_by_field(table: str, name: str) -> str:
    """What a field of the schema tells about who a patient is, or ""."""
    return _IDENTIFIER_FIELDS.get(name, "") if table == "patients" else ""


def identifier_by_content(texts: Sequence[str]) -> str:
    """What the texts of a column look like ("a telephone number"), or "".

    One e-mail address or identity card number is enough; telephones and names must be most of the column.
    """
    sample = [text for t in texts if (text := t.strip())][:_SAMPLE]
    if not sample:
        return ""
    if any("@" in t and _EMAIL.search(t) for t in sample):
        return "an e-mail address"
    if any(_CHINESE_ID.match(t) or _US_ID.match(t) for t in sample):
        return "a national or insurance number"
    if sum(bool(_PHONE.match(t)) for t in sample) * 2 > len(sample):
        return "a telephone number"
    if len(sample) >= 3 and len(set(sample)) * 5 >= len(sample) * 4:
        names = sum(_is_name(t) for t in sample)
        if names * 5 >= len(sample) * 4:
            return "a name"
    return ""


def names_in_ids(texts: Sequence[str]) -> bool:
    """Whether most ids of a sheet are people's names: words or Chinese characters, and no number.

    Only for the column of ids, where no other words stand; elsewhere such texts are diagnoses and hospitals.
    """
    sample = [text for t in texts if (text := " ".join(t.split()))][:_SAMPLE]
    found = sum(bool(_NAME_AS_ID.match(t)) for t in sample)
    return len(sample) >= 2 and found * 5 >= len(sample) * 4


def _is_name(text: str) -> bool:
    if _CHINESE_NAME.match(text):
        return text[0] in _SURNAMES
    return bool(_WESTERN_NAME.match(text))
