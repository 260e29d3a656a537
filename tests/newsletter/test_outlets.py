"""What readers of either language call an outlet."""

import pytest

from newsletter.bilingual import Both
from newsletter.outlets import names_of


@pytest.mark.parametrize(
    ("outlet", "en", "zh"),
    [
        ("36氪", "36Kr", "36氪"),
        ("财联社电报", "Cailian Press", "财联社电报"),
        ("美联社(国际)", "AP (world)", "美联社（国际）"),
        ("BBC 财经", "BBC (business)", "BBC（财经）"),
        ("chinanews-finance", "China News Service (business)", "中国新闻网（财经）"),
        ("环球时报(英文)", "Global Times", "环球时报英文版"),
        ("reuters", "Reuters", "路透社"),
        ("Harbor Gazette", "Harbor Gazette", "Harbor Gazette"),
        ("晨星", "晨星 (in Chinese)", "晨星"),
    ],
)
def test_an_outlet_has_a_name_in_each_language(outlet: str, en: str, zh: str) -> None:
    assert names_of(outlet) == Both(en, zh)


def test_an_editors_own_name_wins() -> None:
    assert names_of("晨星", en="Morning Star") == Both("Morning Star", "晨星")
    assert names_of("36氪", zh="氪") == Both("36Kr", "氪")
