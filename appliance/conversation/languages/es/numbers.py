"""Digits and telephone numbers in Spanish."""

from __future__ import annotations

from typing import Final

from appliance.conversation.languages.tables import NumberWords

_UNITS: Final = "uno dos tres cuatro cinco seis siete ocho nueve".split()
_TEENS: Final = (
    "diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve veinte veintiuno veintidos"
    " veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve"
).split()
_TENS: Final = "treinta cuarenta cincuenta sesenta setenta ochenta noventa".split()
_HUNDREDS: Final = (
    "cien doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"
).split()

NUMBERS: Final = NumberWords(
    zeros=frozenset({"cero"}),
    spoken_zeros=frozenset(),
    units={word: value for value, word in enumerate(_UNITS, start=1)},
    teens={word: value for value, word in enumerate(_TEENS, start=10)},
    tens={word: value * 10 for value, word in enumerate(_TENS, start=3)},
    named={word: value * 100 for value, word in enumerate(_HUNDREDS, start=1)} | {"ciento": 100},
    thousands=frozenset({"mil"}),
    joins=frozenset({"y"}),
    times={"doble": 2, "triple": 3},
    between=frozenset("eh este bueno y luego guion espacio el numero es".split()),
    plus=frozenset({"mas"}),
    ones=frozenset({"uno"}),
    pointing=frozenset("el la ese este otro mismo".split()),
    not_counted=frozenset("momento minuto segundo vez cosa cita".split()),
    correction=r"\b(?:perdon|no|espere|espera|quiero decir|quise decir|mejor dicho|digo|corrijo)\b",
    at_end=r"\b(?:los|las|el|la) ultim[oa]s? (?:\w+ )?(?:cifras? |numeros? |digitos? )?(?:es|son|era|eran)\b"
    r"|\b(?:termina|acaba) (?:en|con)\b",
    at_start=r"\b(?:el )?prefijo(?: es)?\b|\b(?:empieza|comienza) (?:por|con)\b",
    stated_last=r"\bal final\b",
    extension=r"\bextension\b(?: numero)?(?: es)?",
    swaps=(
        r"\b(?P<new>\d+) (?:y )?no (?:un |el )?(?P<old>\d+)\b",
        r"\b(?P<new>\d+) en (?:vez|lugar) de (?:un |el )?(?P<old>\d+)\b",
        r"\bno (?:un |el )?(?P<old>\d+)(?: sino)?(?: un)? (?P<new>\d+)\b",
    ),
)
