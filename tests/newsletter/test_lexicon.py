"""Names are found in either language, under any spelling, and ordinary words don't pass for names."""

from pathlib import Path

import pytest
from pytest_django import Settings

from newsletter import lexicon


def found(text: str) -> list[str]:
    return [str(name) for name in lexicon.load().find(text)]


def test_a_name_is_the_same_in_both_languages() -> None:
    assert lexicon.load().find("英伟达投资 OpenAI") == lexicon.load().find("Nvidia invests in OpenAI")


def test_names_come_in_order_of_first_mention_and_once_each() -> None:
    assert found("微软和谷歌，再说微软，再说 Google") == ["Microsoft", "Google"]


def test_the_longest_spelling_wins() -> None:
    assert found("Claude Code and Claude") == ["Claude Code", "Claude"]
    assert found("腾讯云涨价") == ["Tencent Cloud"]


@pytest.mark.parametrize("text", ["GPT-5.4 is out", "发布GPT-5.4。"])
def test_a_version_is_not_cut_short(text: str) -> None:
    assert found(text) == ["GPT-5.4"]


def test_a_model_may_carry_its_number() -> None:
    assert found("Qwen9 beats it; Llama7.2 too") == ["Qwen", "Llama"]


@pytest.mark.parametrize(
    "text", ["let us go", "a meta study", "how to scale AI", "apple pie", "the metaverse", "farm"]
)
def test_ordinary_words_are_no_names(text: str) -> None:
    assert found(text) == []


def test_capitals_and_mixed_case_are_read() -> None:
    assert found("META和NVIDIA，openai") == ["Meta", "Nvidia", "OpenAI"]


def test_a_letter_whose_small_form_is_two_hides_no_name_beside_it() -> None:
    text = "OpenAI hires Ali İhsan in İstanbul; 豆包 becomes bean buns at DeepSeek"
    assert found(text)[0] == "OpenAI"
    assert found(text)[-1] == "DeepSeek"
    assert [words for words, _name in lexicon.renderings(lexicon.load()).find(text)] == ["bean buns"]


def test_traditional_characters_are_read() -> None:
    assert found("輝達與微軟") == ["Nvidia", "Microsoft"]


def test_words_that_contain_a_name_hide_it() -> None:
    assert found("王者荣耀更新，小龙虾养殖户增收") == []
    assert found("装龙虾") == ["OpenClaw"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The Fed holds rates; the DOJ and SCOTUS wait", ["Federal Reserve", "Justice Department", "Supreme Court"]),
        ("美联储按兵不动，美司法部和美国最高法院在等", ["Federal Reserve", "Justice Department", "Supreme Court"]),
        ("最高法：去年受理证券类纠纷 2.7 万件", ["Supreme People's Court"]),
        ("司法部部长贺荣接受记者采访", ["Ministry of Justice"]),
        ("加州州长加文·纽森 Newsom", ["California", "Gavin Newsom"]),
        ("阿里速卖通与 AliExpress 出海", ["AliExpress"]),
        ("Fed up with chatbots at the Mobile World Congress", []),
    ],
)
def test_agencies_and_shops_go_by_short_names(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("荷兰央行行长称，央行独立", ["Netherlands", "PBOC"]),
        ("中国央行开展逆回购，欧洲央行加息", ["PBOC", "European Central Bank"]),
        ("伊朗外交部和日本国防部回应", ["Iran", "Japan"]),
        ("中国的外交部回应", ["China", "Chinese Foreign Ministry"]),
        ("the UK Supreme Court and India's Supreme Court", ["United Kingdom", "India"]),
        ("the U.S. Supreme Court", ["Supreme Court"]),
    ],
)
def test_an_agency_after_the_name_of_another_state_is_that_states(text: str, names: list[str]) -> None:
    assert found(text) == names


def test_a_company_is_no_part_of_a_persons_name() -> None:
    assert found("阿里·哈梅内伊、穆罕默德·阿里与阿里格诺") == []
    assert found("阿里安全与阿里云") == ["Alibaba", "Alibaba Cloud"]


def test_an_english_word_is_a_name_in_chinese_only() -> None:
    assert found("Grab Apple’s headphones before they are gone") == ["Apple"]
    assert found("文远知行与 Grab 在新加坡试运营") == ["WeRide", "Grab Holdings", "Singapore"]
    assert found("Grab Holdings and WeRide") == ["Grab Holdings", "WeRide"]


def test_mentions_say_where() -> None:
    text = "今天OpenAI宣布"
    (mention,) = lexicon.load().mentions(text)
    assert text[mention.start : mention.end] == "OpenAI"


def test_a_further_file_adds_names(tmp_path: Path, settings: Settings) -> None:
    extra = tmp_path / "names.tsv"
    extra.write_text("en\tzh\tkind\thome\nYunfan AI\t云帆智能\tcompany\tCN\n", encoding="utf-8")
    settings.LEXICON_EXTRA = [extra]
    assert found("云帆智能与谷歌") == ["Yunfan AI", "Google"]


def test_a_wrong_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "names.tsv"
    path.write_text("en\tzh\tkind\thome\nX1\tX1\tplanet\tCN\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 2: unknown kind “planet”"):
        lexicon.read_entries(path)


def test_topics_have_both_names() -> None:
    topics = lexicon.load().topics
    assert list(topics)[:2] == ["models", "agents"]
    assert all(topic.en and topic.zh for topic in topics.values())


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Steamed bean buns and a Bean-bun", {"Doubao"}),
        ("the Dark Side of the Moon", {"Moonshot AI"}),
        ("Tongyi thousand questions", {"Qwen"}),
        ("a lobster on every desk", {"OpenClaw"}),
        ("人类公司发布新模型", {"Anthropic"}),
        ("Doubao, Moonshot AI and Qwen", set()),
        ("beanbuns, lobsterman", set()),
    ],
)
def test_wrong_renderings_are_found_in_either_language(text: str, names: set[str]) -> None:
    assert {str(name) for _, name in lexicon.renderings(lexicon.load()).find(text)} == names


def test_a_lexicon_without_names_finds_nothing() -> None:
    empty = lexicon.Lexicon([])
    assert empty.find("OpenAI") == ()
    assert list(lexicon.renderings(empty).find("bean buns")) == []


@pytest.mark.parametrize(
    "text",
    [
        *(
            "油价上涨推高通胀预期",
            "提供检索增强生成（RAG）",
            "招收本科和硕士研究生",
            "各互联电商平台",
            "东南亚科技公司",
        ),
        *("北京东城与上海南京东路", "布林肯访华，布林带收窄", "加快手续办理", "炼油厂的输油管道", "可灵活选配"),
        *("千问题库", "网上银行转账", "世界先进水平", "平台达成协议", "教育部门和科技部门", "化工行业", "日立案侦查"),
        *("Jean-Claude Juncker", "Optimus Prime", "the Rubin Observatory"),
    ],
)
def test_a_word_that_holds_a_companys_name_is_not_the_company(text: str) -> None:
    assert {name.kind for name in lexicon.load().find(text)} <= {"place"}
