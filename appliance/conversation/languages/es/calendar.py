"""Days, dates and lengths of time in Spanish."""

from __future__ import annotations

from typing import Final

from appliance.conversation.languages.tables import CalendarWords

_MONTHS: Final = (
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
)
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)}|setiembre)\b"
_WEEKDAY = r"(?P<weekday>lunes|martes|miercoles|jueves|viernes|sabado|domingo)s?\b"
_DAY = r"(?P<day>[0-3]?\d)(?:º|o)?"
_YEAR = r"(?:,? ?(?:del?|en) (?:ano )?(?P<year>(?:1\d|20)\d\d)\b)?"
_COUNT = (
    r"(?P<count>medio|media|un cuarto de|una?|otr[oa]|\d+(?:\.\d+)?|un par de|unos|unas|pocos|varias)"
    r"(?P<more>(?!))?"
)
_UNIT = (
    r"(?P<unit>dias? (?:habil(?:es)?|laborables?)|dias?|semanas?|quincenas?|mes(?:es)?|anos?|horas?|minutos?"
    r"|segundos?)\b|(?<=\d)(?P<short>h|d)\b"
)
_HOLIDAYS: Final = {
    "nochebuena": "christmas eve",
    "navidad": "christmas",
    "nochevieja": "new year's eve",
    "ano nuevo": "new year's",
    "reyes": "epiphany",
    "viernes santo": "good friday",
    "pascua": "easter",
}

_RULES: Final = (
    ("iso", r"(?P<year>\d{4})[-/.](?P<monthno>\d\d?)[-/.](?P<day>\d\d?)(?!\d)"),
    (
        "slashed_day_first",
        r"(?P<day>\d\d?)(?P<sep>[-/.])(?P<monthno>\d\d?)(?:(?P=sep)(?P<year>\d{4}|\d\d))?(?![\d/])",
    ),
    ("month_day", rf"(?:el )?(?:dia )?{_DAY} de {_MONTH}{_YEAR}"),
    ("near_today", r"(?P<word>pasado manana|anteayer|antes de ayer)\b"),
    ("weekday_in_week", rf"(?:el )?{_WEEKDAY} de la (?P<which>proxima|siguiente|otra) semana"),
    ("weekday_in_week", rf"(?:el )?{_WEEKDAY} de la semana (?P<which>que viene|proxima|siguiente)"),
    ("span", ""),
    ("named_weekday", rf"(?:el )?(?P<which>proximo|pasado|este) {_WEEKDAY}"),
    ("named_weekday", rf"(?:el )?{_WEEKDAY} (?P<which>que viene|proximo|pasado)"),
    ("holiday", rf"(?:el )?(?:dia de )?(?P<holiday>{'|'.join(_HOLIDAYS)})\b"),
    ("day_of_month", r"el (?:dia )?(?P<day>[12]?\d|3[01])\b(?![ :./-]?\d)(?: de (?P<which>este|ese) mes)?"),
    ("named_weekday", rf"(?:el )?{_WEEKDAY}"),
    ("weekend", r"(?:el )?(?P<which>proximo|este)? ?fin de semana"),
    ("week", r"(?:la )?(?P<which>proxima|siguiente|esta) semana"),
    ("week", r"la semana (?P<which>que viene|proxima|siguiente)"),
    ("named_month", rf"(?P<nextmonth>el (?:proximo mes|mes que viene))|en {_MONTH}"),
    ("near_today", r"(?P<word>hoy|esta (?:manana|tarde|noche)|ayer|(?<!la )(?<!por la )(?<!de )manana)\b"),
)

CALENDAR: Final = CalendarWords(
    weekdays=("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"),
    months=tuple(_MONTHS),
    weekday=_WEEKDAY,
    rules=_RULES,
    meanings={
        "que viene": "next",
        "proximo": "next",
        "proxima": "next",
        "siguiente": "next",
        "otra": "next",
        "este": "this",
        "esta": "this",
        "pasado": "last",
        "manana": "tomorrow",
        "ayer": "yesterday",
        "pasado manana": "after tomorrow",
        "anteayer": "before yesterday",
        "antes de ayer": "before yesterday",
        "dia": "day",
        "dias": "day",
        "d": "day",
        "semana": "week",
        "semanas": "week",
        "quincena": "fortnight",
        "quincenas": "fortnight",
        "mes": "month",
        "meses": "month",
        "ano": "year",
        "anos": "year",
        "hora": "hour",
        "horas": "hour",
        "h": "hour",
        "minuto": "minute",
        "minutos": "minute",
        "segundo": "second",
        "segundos": "second",
        "dia habil": "working day",
        "dias habiles": "working day",
        "dia laborable": "working day",
        "dias laborables": "working day",
        " y media": "half",
        " y medio": "half",
        " y cuarto": "quarter",
        " y 4º": "quarter",
    },
    counts={
        "un": 1,
        "una": 1,
        "otro": 1,
        "otra": 1,
        "medio": 0.5,
        "media": 0.5,
        "un cuarto de": 0.25,
        "un par de": 2,
        "unos": 3,
        "unas": 3,
        "pocos": 3,
        "varias": 3,
        "half": 0.5,
        "quarter": 0.25,
    },
    pointing=frozenset({"otro", "otra"}),
    span_count=_COUNT,
    span_unit=_UNIT,
    span_joint=r"(?:,? y |, ?| )",
    span_extra=r"(?P<extra> y medi[oa]| y cuarto| y 4º)?",
    span_back=r" ?(?:antes$|atras)",
    span_on=r" ?(?:despues$|mas tarde|desde (?:hoy|ahora))",
    span_into=r"(?:(?P<within>en los proximos|en las proximas)|en|dentro de)(?: unos| unas)? ",
    span_beside=r" (?:(?P<back>antes de)|despues de|a partir de)(?: el|l)? ",
    span_bare=r"(?:el )?(?P<bare>dia)",
    past=r"\b(?:fui|vine|estuve|era|llame|ya)\b",
    correction=r"\b(?:perdon|quiero decir|mejor dicho|digo|no espere|espere|no)\b",
    ruled_out=rf"\b(?:menos|excepto|salvo) (?:el )?{_WEEKDAY}|\b{_WEEKDAY} no (?:puedo|me va|me viene)".replace(
        "?P<weekday>", "?:"
    ),
    soonest=r"\b(?:lo antes posible|cuanto antes|cualquier (?:dia|hora)|ahora mismo|cuando sea)\b",
    plain=((r"\b([ap])\.? *m\b\.?", r"\1m"), (r"\bcuarto\b", "cuarto")),
    holidays=_HOLIDAYS,
)
