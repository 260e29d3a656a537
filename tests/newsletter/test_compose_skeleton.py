"""Headlines said in the other language: right where every part is known, nothing at all where one is not."""

import pytest

from newsletter.compose import skeleton


@pytest.mark.parametrize(
    ("title", "rendered"),
    [
        ("智谱完成 12 亿美元 D 轮融资，老股东跟投", "Zhipu AI raises $1.2 billion in a Series D round"),
        ("月之暗面获 3 亿元天使轮融资", "Moonshot AI raises 300 million yuan in an angel round"),
        (
            "英伟达拟斥资最高 8 亿美元收购芯片公司 Graphlane",
            "Nvidia plans to acquire Graphlane for up to $800 million",
        ),
        ("谷歌将在未来三年内投入 40 亿美元", "Google will invest $4 billion over the next three years"),
        ("亚马逊将向 Anthropic 投资 50 亿美元", "Amazon will invest $5 billion in Anthropic"),
        ("百度发布两款全新 AI 芯片，与对手竞争升级", "Baidu releases two new AI chips"),
        ("腾讯版“小龙虾”Clawmate 上线", "Tencent’s Clawmate is launched"),
        ("微软宣布裁员 2000 人，以推进人工智能", "Microsoft cuts 2,000 jobs"),
        (
            "微软正洽谈租赁得克萨斯州大型数据中心园区",
            "Microsoft is in talks to lease a large data center campus in Texas",
        ),
        ("谷歌和特斯拉组建“电网利用联盟”", "Google and Tesla set up a grid-utilization alliance"),
        ("甲骨文与美光签署战略合作协议", "Oracle signs a strategic cooperation agreement with Micron"),
        ("OpenAI 据悉拟在 ChatGPT 中接入视频生成工具 Sora", "OpenAI reportedly plans to integrate Sora into ChatGPT"),
        ("国家互联网应急中心提示“龙虾”风险", "CNCERT warns of OpenClaw risks"),
        ("黄仁勋亲测英伟达自动驾驶平台", "Jensen Huang tests Nvidia’s self-driving platform"),
        ("谷歌将推出面向开发者的开源平台", "Google will launch an open-source platform for developers"),
        ("国家互联网应急中心发布关于智能汽车的风险提示", "CNCERT releases a risk warning on smart cars"),
        ("工信部发布工业领域 OpenClaw 应用的风险提示", "MIIT releases a risk warning on industrial OpenClaw apps"),
        ("特斯拉已获得在得克萨斯州建设发电厂的许可", "Tesla gets permission to build a power plant in Texas"),
        ("微软将豪掷 60 亿美元建设数据中心园区", "Microsoft will spend $6 billion to build a data center campus"),
        ("传腾讯启动微信 AI 智能体项目，剑指对手", "Tencent reportedly starts a WeChat AI agent project"),
        ("百度推出开源智能体“Graphmate”", "Baidu launches Graphmate"),
    ],
)
def test_a_chinese_headline_in_english(title: str, rendered: str) -> None:
    assert skeleton.render(title, "zh") == rendered


@pytest.mark.parametrize(
    ("title", "rendered"),
    [
        ("Nvidia to acquire Moltbook, the social network for AI agents", "英伟达将收购 Moltbook"),
        ("Meta raises $81m to broaden its services for restaurants", "Meta 融资 8100 万美元"),
        ("Anthropic raises $2.5 billion in a Series F round", "Anthropic 完成 25 亿美元 F 轮融资"),
        ("Amazon launches its healthcare AI assistant on its website", "亚马逊推出医疗 AI 助手"),
        ("Microsoft sues Google over search", "微软起诉谷歌"),
        ("Google acquires agentic shopping startup Forethought", "谷歌收购 Forethought"),
        ("Oracle partners with Micron on memory", "甲骨文与美光合作"),
    ],
)
def test_an_english_headline_in_chinese(title: str, rendered: str) -> None:
    assert skeleton.render(title, "en", "The deal with Forethought was announced.") == rendered


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("网易智企发布企业级平台", "zh"),  # half of a name known
        ("英伟达否认收购 Graphlane", "zh"),
        ("如果英伟达收购 Graphlane，谁会受益", "zh"),
        ("Graphlane 被英伟达收购", "zh"),  # who did it to whom stands the other way round
        ("谷歌推出平台", "zh"),  # says too little
        ("工信部发布新规，自明年起施行", "zh"),
        ("英伟达要求黄仁勋收购 Graphlane", "zh"),
        ("Nvidia denies it will acquire Graphlane", "en"),
        ("Family sues OpenAI over a death", "en"),
        ("Nvidia acquires nothing this year", "en"),
        ("Will Nvidia acquire Meta?", "en"),
    ],
)
def test_what_is_not_wholly_known_is_not_rendered(title: str, language: str) -> None:
    assert skeleton.render(title, language, "A family said so.") == ""
