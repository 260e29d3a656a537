"""Content words of English and Chinese text, for asking how much two texts have in common."""

import re

from newsletter.lexicon import fold
from newsletter.typography import han_pairs

_LATIN = re.compile(r"[a-z0-9][a-z0-9.&+'-]*[a-z0-9+]|[a-z0-9]")
_COMMON_WORDS = """
a an the and or but nor of in on at to for from by with without as is are was were be been being it its this
that these those he she they we you i his her their our your them him us who whom whose which what when where
how why not no so than then there here also just only very more most less least much many some any all both
each other into onto over under about after before between during while within through up down out off again
once will would can could may might shall should must do does did done has have had having say says said new
one two now get gets got make makes made take takes use uses used if because since until even still like well
back ai
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_HAN_COMMON = frozenset("的了在是和与及或也都就而于对为以其之这那有将把被从到向等个们我你他她它不没还又再很更最该此")
_ENDINGS = re.compile(r"(?:ings?|ed|es|s|ly|'s|ment|ments|ion|ions|ive|er|ers)$")


def words_of(text: str) -> frozenset[str]:
    """English stems without the commonest words, and pairs of neighbouring Han characters without particles."""
    folded = fold(text).replace("’", "'")
    latin = {stem(word) for word in _LATIN.findall(folded) if word not in _COMMON}
    return frozenset(latin | {pair for pair in han_pairs(folded) if not _HAN_COMMON & set(pair)})


def stem(word: str) -> str:
    """A crude English stem: announces, announced and announcing become one."""
    short = _ENDINGS.sub("", word)
    return short.rstrip("e") if len(short) > 3 else word
