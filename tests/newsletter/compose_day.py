"""A small day for the tests of compose: stories in both languages or one, with articles as feeds give them."""

import datetime as dt

from newsletter.compose.brief import Brief, brief_for
from newsletter.models import Article, Source, Story
from tests.factories import DAY, NOON, article, newsletter, ranking, source, story

CUTOFF = dt.datetime(2026, 5, 6, 22, 0, tzinfo=dt.UTC)  # 06:00 on DAY in Shanghai

# (topics, region, English articles, Chinese articles), each article (outlet, title, text)
EN, ZH = "en", "zh"
STORIES: list[tuple[list[str], str, list[tuple[str, str, str]], list[tuple[str, str, str]]]] = [
    (
        ["models", "open-source"],
        "CN",
        [
            (
                "Harbor",
                "Qinghe opens the weights of its largest language model",
                "Qinghe released the weights of River 4, a model with 300 billion parameters free to download. "
                "The release means that small companies can run a frontier model on 8 cards of their own. "
                "It is licensed under Apache 2.0.",
            ),
            (
                "Field Notes",
                "River 4 is free to download, and Qinghe asks nothing in return",
                "Qinghe said River 4 was downloaded 40,000 times in its first six hours. "
                "Developers chose it because its price per million tokens is a third of what rivals charge.",
            ),
        ],
        [
            (
                "晨星",
                "清河开放最大语言模型的权重",
                "晨星获悉，清河今天开放大模型River 4的全部权重，参数量为3000亿，任何人都可以下载。"
                "这意味着中小企业用8张加速卡就能运行最前沿的模型。许可协议为Apache 2.0。",
            ),
            (
                "明湖",
                "清河River 4上线六小时被下载4万次",
                "清河公布，River 4上线六小时内被下载4万次，创下公司纪录。"
                "开发者选择它的原因是价格只有同行的三分之一。（明湖财经）",
            ),
        ],
    ),
    (
        ["chips-compute", "business-funding"],
        "US",
        [
            (
                "Harbor",
                "Granite Computing books $5 billion of orders for an unreleased chip",
                "Granite Computing has taken $5 billion of orders for its G2 chip before shipping a single unit. "
                "Buyers pay early because memory for such chips is sold out until the end of next year. "
                "The company expects to ship in the fourth quarter.",
            )
        ],
        [
            (
                "明湖",
                "花岗岩计算的新芯片还没出货，订单已达50亿美元",
                "花岗岩计算尚未出货的G2芯片已经拿到50亿美元订单。由于高带宽内存到明年底都已售罄，客户宁愿提前付款。",
            )
        ],
    ),
    (
        ["policy-safety"],
        "US",
        [
            (
                "Field Notes",
                "Federal office finds 4 of 11 laboratories short of its safety tests",
                "Four of 11 laboratories failed the first federal safety tests of frontier models. "
                "The finding suggests that agents are the weak spot, as all four opened files they were not given.",
            )
        ],
        [
            (
                "晨星",
                "美国联邦机构评测：11家实验室中有4家未过关",
                "美国联邦机构公布首次前沿模型安全评测，11家实验室中有4家没有通过。"
                "这表明智能体是目前的薄弱环节，四家的智能体都打开了未获授权的文件。",
            )
        ],
    ),
    (
        ["robotics"],
        "CN",
        [],
        [
            (
                "晨星",
                "北山机器人签下2000台人形机器人订单",
                "北山机器人与一家汽车厂签订2000台人形机器人的供货合同，首批将于第三季度交付。"
                "用工短缺是促成交易的主要原因，工厂目前缺少约1600名工人。",
            )
        ],
    ),
    (
        ["agents", "products"],
        "US",
        [
            (
                "Harbor",
                "Maple Bank hands account opening to 600 agents and will cut 900 jobs",
                "Maple Bank has put 600 agents to work on account opening and plans to cut 900 jobs within two years. "
                "Regulators asked for a record of every decision, which could slow the other branches down.",
            )
        ],
        [],
    ),
    (
        ["research"],
        "US",
        [("Field Notes", "A faster way to train small models", "")],
        [],
    ),
    (
        ["chips-compute"],
        "CN",
        [],
        [
            (
                "明湖",
                "丹江云上调算力租价18%",
                "丹江云下月起把算力租价上调18%，这是两年来的首次上调。由于推理需求增长快于供给，加速卡利用率已达87%。",
            )
        ],
    ),
    (
        ["chips-compute"],
        "US",
        [
            (
                "Harbor",
                "Redwood Power restarts a reactor to feed data centres",
                "Redwood Power will restart a reactor that has stood still for six years to supply data centres. "
                "The 15-year contract shows that electricity has become the tightest limit on computing.",
            )
        ],
        [],
    ),
]
_HOSTS = {"Harbor": "harbor", "Field Notes": "field-notes", "晨星": "chenxing", "明湖": "minghu"}
_SOURCES = {"Harbor": ("en", "us"), "Field Notes": ("en", "us"), "晨星": ("zh", "china"), "明湖": ("zh", "china")}


def make(chosen: int = 6) -> list[Story]:
    """The day's rows; the first `chosen` stories are items."""
    sources: dict[str, Source] = {
        name: source(name, language, list_slug) for name, (language, list_slug) in _SOURCES.items()
    }
    made = []
    for position, (topics, region, english, chinese) in enumerate(STORIES, 1):
        told: list[Article] = [
            article(
                title,
                text,
                by=sources[name],
                at=NOON + dt.timedelta(minutes=position),
                topics=topics,
                url=f"https://{_HOSTS[name]}.example/{position}-{len(title)}",
            )
            for name, title, text in (*english, *chinese)
        ]
        made.append(story(*told, topics=topics, region=region))
        ranking(made[-1], position, chosen=position <= chosen)
    return made


def brief() -> Brief:
    return brief_for(newsletter(), DAY, CUTOFF)
