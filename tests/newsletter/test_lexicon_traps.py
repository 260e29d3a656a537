"""Words that look like names of the subject and are none, and names that are somebody else's."""

import pytest

from newsletter import lexicon
from newsletter.subject import load_vocabulary

NAMES = {str(name): name for name in lexicon.load().names}


def found(text: str) -> list[str]:
    return [str(name) for name in lexicon.load().find(text)]


def meanings(text: str) -> list[str]:
    return [word.key for word in load_vocabulary().words(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("京东方展出新屏", ["BOE Technology"]),
        ("京东方BOE发布柔性屏", ["BOE Technology"]),
        ("京东发布新物流机器人", ["JD.com"]),
        ("NEA closes a $3bn fund", []),
        ("日本国会通过人工智能法案", ["Japan"]),
        ("Japan’s AI Act takes effect", ["Japan"]),
        ("South Korea's AI Act takes effect", ["South Korea"]),
        ("The EU AI Act takes effect", ["EU AI Act"]),
        ("欧盟《人工智能法案》生效", ["EU AI Act"]),
        ("小马智行 Robotaxi 在深圳落地", ["Pony.ai", "Robotaxi", "Shenzhen"]),
        ("西北大学考古队", []),
        ("BIS publishes its annual report", []),
        ("小鹏G7今日上市", ["XPeng G7"]),
        ("A BIG HIT on the charts", []),
        ("她爱吹萨克斯", []),
    ],
)
def test_a_name_that_others_have_too_is_not_taken_for_the_best_known(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    ("home", "names"),
    [
        ("US", ("iOS", "iPad", "App Store", "AirPods", "Gmail", "Google Search", "GeForce", "Xbox", "Photoshop")),
        ("US", ("Adobe Firefly", "Kaggle", "TypeScript", "JAX", "DeepSpeed", "Cybercab")),
        ("EU", ("Roche", "Novartis", "Novo Nordisk", "Universal Robots", "Isomorphic Labs", "Deutsche Bank")),
        ("CN", ("Unitree G1", "Walker S2", "XPeng Iron", "BOE Technology", "GDS Holdings")),
        ("OTHER", ("Nxtra", "NextDC", "AirTrunk", "DBS", "Nomura", "Sanctuary AI", "CoWoS", "Dimensity")),
        ("", ("OpenClaw", "Linux", "Python", "RISC-V", "NeurIPS")),  # projects and conferences of no one country
    ],
)
def test_names_are_at_home_where_they_are(home: str, names: tuple[str, ...]) -> None:
    assert {name: NAMES[name].home for name in names} == dict.fromkeys(names, home)


def test_universities_and_institutes_do_research() -> None:
    teaching = [name for name in NAMES.values() if name.kind == "agency" and "University" in name.en[0]]
    assert len(teaching) > 20
    assert {str(name): name.field for name in teaching if name.field != "research"} == {}
    assert {NAMES[each].field for each in ("UCL", "KU Leuven", "USTC", "KAIST", "CERN", "Mila")} == {"research"}


@pytest.mark.parametrize(
    "text",
    ["智能体重秤到手价99元", "智能体脂秤评测", "智能体温计召回", "智能体检中心开业", "智能体育小镇", "智能体验店开业"],
)
def test_a_clever_scale_is_no_agent(text: str) -> None:
    assert "AI agent" not in meanings(text)


@pytest.mark.parametrize(
    "text", ["智能体重新定义软件", "智能体检测到漏洞", "智能体验证框架", "多智能体系统", "智能体测试平台"]
)
def test_an_agent_stays_one_before_any_other_word(text: str) -> None:
    assert {"AI agent", "multi-agent"} & set(meanings(text))
