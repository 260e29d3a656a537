"""What speaks for a place without its name: a people, an adjective, a capital that stands for its government."""

import re

# As they stand in folded text; the place's own names count anyway.
_WORDS = {
    "United States": r"americans?|美方|美股|美军|(?<![a-z])us(?![a-z])",
    "United Kingdom": r"british|britons?|britain|london|英国|英方|uk|u\.k\.",
    "Europe": r"europeans?|europe|eu|欧盟|欧洲|欧",
    "China": r"chinese|beijing|中方|国内|我国",
    "Taiwan": r"taiwan(?:ese)?|台湾|台积电|tsmc",
    "Shanghai": r"a股|a-shares?|沪",
    "Indiana": r"indianapolis",
    "California": r"san francisco|silicon valley|los angeles|(?<![a-z])ca(?![a-z])|旧金山|硅谷|洛杉矶",
    "Hong Kong": r"港|hk(?:ex|\$)?|hang seng|港股|港元|港交所|恒生",
    "Japan": r"japanese|日方|日元|日股|tokyo|东京",
    "South Korea": r"koreans?|seoul|首尔|韩元|韩股|kospi",
    "North Korea": r"pyongyang|north koreans?|平壤",
    "India": r"indians?|印度|delhi",
    "Israel": r"israelis?|以军|以方|idf",
    "Russia": r"russians?|kremlin|moscow|俄|莫斯科",
    "Germany": r"germans?|berlin|柏林|德方",
    "France": r"french|paris|巴黎|法方",
    "Italy": r"italians?|rome|罗马",
    "Spain": r"spanish|spaniards?|madrid",
    "Netherlands": r"dutch|holland|amsterdam|the hague|海牙",
    "Sweden": r"swedish|swedes?|stockholm",
    "Switzerland": r"swiss|zurich|geneva|davos",
    "Ireland": r"irish|dublin",
    "Poland": r"polish|poles|warsaw",
    "Ukraine": r"ukrainians?|kyiv|kiev|乌方|基辅",
    "Norway": r"norwegians?|oslo",
    "Finland": r"finnish|finns|helsinki",
    "Denmark": r"danish|danes|copenhagen",
    "Belgium": r"belgian|brussels",
    "Austria": r"austrian|vienna",
    "Portugal": r"portuguese|lisbon",
    "Greece": r"greeks?|athens",
    "Hungary": r"hungarians?|budapest",
    "Czech Republic": r"czech|czechia|prague",
    "Romania": r"romanians?",
    "Estonia": r"estonians?",
    "Scotland": r"scottish|scots",
    "Canada": r"canad\w*|ottawa",
    "Australia": r"australians?|aussie|canberra|澳洲|澳",
    "New Zealand": r"kiwi|new zealanders?",
    "Brazil": r"brazil\w*",
    "Mexico": r"mexicans?",
    "Argentina": r"argentin\w*",
    "Iran": r"iranians?|tehran|伊方|德黑兰",
    "Saudi Arabia": r"saudis?|riyadh",
    "UAE": r"emirat\w*|dubai|abu dhabi|阿联酋|迪拜|阿布扎比",
    "Qatar": r"qataris?|doha",
    "Egypt": r"egyptians?|cairo",
    "Turkey": r"turkish|turks?|ankara|istanbul",
    "Singapore": r"singaporeans?",
    "Malaysia": r"malaysians?|kuala lumpur",
    "Vietnam": r"vietnamese|hanoi",
    "Indonesia": r"indonesians?|jakarta",
    "Thailand": r"thais?|bangkok",
    "Philippines": r"filipinos?|philippine|manila",
    "Pakistan": r"pakistanis?",
    "Kazakhstan": r"kazakhs?",
    "South Africa": r"south africans?",
    "Nigeria": r"nigerians?",
    "Kenya": r"kenyans?",
    "Africa": r"africans?",
    "Asia": r"asians?|亚太|asia-pacific",
    "Southeast Asia": r"southeast asians?|asean|东盟",
    "Latin America": r"latin americans?",
    "Middle East": r"middle eastern|mideast|gulf|海湾",
    "Silicon Valley": r"bay area|湾区",
}
_PATTERNS = {
    place: re.compile(
        rf"(?<![a-z])(?:{words})(?![a-z])|" + "|".join(re.findall(r"[\u4e00-\u9fff]+", words) or ["(?!)"])
    )
    for place, words in _WORDS.items()
}
_GENERAL = frozenset(str.split("north south east west new saint inner great greater strait of sea the area bay city"))


def speaks_for(place: str, folded: str) -> bool:
    """Whether a folded text speaks of the place without its name: by a people, or by its telling word (Hormuz)."""
    pattern = _PATTERNS.get(place)
    if pattern and pattern.search(folded):
        return True
    telling = [word for word in place.lower().split() if word not in _GENERAL and len(word) > 3]
    return " " in place and any(re.search(rf"(?<![a-z]){word}(?![a-z])", folded) for word in telling)
