"""Latin names in text that no lexicon knows: capitalised runs in English, any Latin run in Chinese."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# A word that is a name by its shape: iPhone, GPT-5.4, OpenAI, NASA, McKinsey, Claude
_LETTER = "A-Za-zÀ-ÖØ-öø-ÿĀ-ž"
_WORD = rf"(?<![{_LETTER}0-9])[a-z]*[A-Z][{_LETTER}0-9&'’+-]*(?:\.[{_LETTER}0-9]+)*"
_LINK = r"(?:of|de|van|von|der|da|di|del|la|le|bin|al|&|the)"
_RUN = re.compile(rf"{_WORD}(?:[ ](?:{_LINK}[ ])?(?:{_WORD}|\d[A-Za-z0-9.]*))*")
_CODE = re.compile(r"(?=.*\d)(?=.*[A-Za-z])|[a-z][A-Z]|[A-Z].*[a-z][A-Z]")
_WORDS = """
A An The And Or But Nor For So Yet As At By In On Of To From With Without Within Into Over Under After Before Between
During While When Where Why How What Which Who Whose Whether If Then Than That This These Those There Here It Its He
She They We You I His Her Their Our Your My One Two Three Four Five Six Seven Eight Nine Ten Both Each Either Neither
All Some Any Many Most More Much Few Several Other Others Another Such Same Not No Nothing Only Also Just Even Still
Already Now Today Yesterday Tomorrow Meanwhile However Instead Rather Elsewhere Abroad Domestically Separately
Finally First Second Third Last Next New Old Big Small Early Late Later Recent Recently Is Are Was Were Be Been Has
Have Had Do Does Did Will Would Can Could May Might Must Should Let According Despite Although Though Because Since
Until Unlike Like Amid Among Across Against Along Around Behind Beyond Through Throughout Toward Towards Upon Via
About Above Below Once Perhaps Officials Researchers Analysts Investors Users Developers Companies Firms Reports
Sources People Experts Scientists Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March
April June July August September October November December Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue
Wed Thu Fri Sat Sun AI AIs API APIs CEO CEOs CFO CTO COO CIO IPO LLM LLMs GPU GPUs CPU CPUs NPU TPU RAM HBM USB PC
PCs TV IT HR PR VR AR XR ML RL UI UX OS ID IDs Q&A FAQ US UK EU UN USA U.S. U.K. GDP R&D B2B AGI ASI SaaS App Apps
Web Internet Beijing Chinese American European Asian British French German Japanese Korean Indian Russian Israeli
Iranian Canadian Western Eastern Northern Southern Series Round Dr Mr Mrs Ms Prof Inc Ltd Corp Co PT ET EST UTC GMT
BST CST State House Congress Senate President Minister Chief Executive Officer Director Professor Senator Secretary
Governor Judge Chairman Founder Co-founder Pacific Atlantic Ocean Earth North South East West Africa Asia Latin
Valley City Street River Bay Gulf Summit Forum Day Week Month Year Morning Evening Spring Summer Autumn Fall Winter
Christmas Agency Ministry Department Commission Committee Council Court Bureau Office Bank University Institute
Laboratory Lab Labs School College Group Company Foundation Fund Union Party Government Act Bill Law Rule Order Title
Chapter Part Phase Version Model Models Agent Agents Chip Chips Robot Robots Cloud Data Center Centre Intelligence
Artificial Learning Machine Generative Large Language Open Source Software Hardware Technology Tech Digital Global
National International Federal Local Public Private Free YoY QoQ Q1 Q2 Q3 Q4 H1 H2 FY PhD PhDs
"""
ORDINARY = frozenset(_WORDS.split())
_LONGEST = 40  # letters of one word of a name


@dataclass(frozen=True, slots=True)
class LatinName:
    """A candidate: the run of words, and where it begins."""

    text: str
    start: int

    @property
    def parts(self) -> tuple[str, ...]:
        """Its words that are not ordinary ones, possessives off."""
        words = (re.sub(r"[’']s?$", "", word) for word in self.text.split())
        return tuple(
            word for word in words if word not in ORDINARY and re.search(r"[A-Z]", word) and 1 < len(word) <= _LONGEST
        )

    @property
    def is_code(self) -> bool:
        """Shaped like a product or model: digits or inner capitals. Such names keep their letters in Chinese."""
        return bool(self.codes)

    @property
    def codes(self) -> tuple[str, ...]:
        """Its words that are so shaped; of compounds ("TypeScript-based") the part that is."""
        return tuple(part for part in self.parts if _CODE.search(re.sub(r"-[a-z]+$|s$", "", part)))


def latin_names(text: str, lang: str) -> Iterator[LatinName]:
    """The candidates in `text`. In English a single capitalised word that opens a sentence or quotation is none."""
    for match in _RUN.finditer(text):
        name = LatinName(match.group().rstrip(".,'’-"), match.start())
        opens = lang == "en" and re.search(r"(?:^|[.!?:;]\s|[“\"‘(—–]\s?)$", text[: name.start])
        parts = name.parts
        if opens and parts and name.text.split()[0].startswith(parts[0]) and not _CODE.search(parts[0]):
            rest = name.text.split(" ", 1)
            if len(rest) == 1:
                continue
            name = LatinName(rest[1], name.start + len(rest[0]) + 1)
        if name.parts:
            yield name
