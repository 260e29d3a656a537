"""Headlines that are never an item, whatever they name: stock tips, market wraps, digests, advertisements."""

import re

from newsletter.headlines import is_digest

_NOISE = re.compile(
    # advice to buy or sell
    r"\b(?:stocks? (?:picks?|to (?:buy|sell|watch|own)|forecast)|(?:penny|growth|sleeper|best(?: \w+)?) stocks?"
    r"|price targets?|(?:buy|sell|hold|outperform) rating|analyst ratings?|should you buy|better buy|buy now"
    r"|buy the dip|could soar|(?:bull|bear) case|investors missed|dumped every share|millionaires?[- ]makers?"
    r"|invest(?:ed)? \$[\d,]+ in|jim cramer|cramer|zacks|earnings call (?:highlights|transcript)"
    # market wraps
    r"|(?:dow(?: jones)?|nasdaq|s&p(?: 500)?|stock|index) futures|wall street (?:opens|closes|ends)"
    r"|(?:dow(?: jones)?|nasdaq|s&p 500) (?:rises?|falls?|jumps?|slides?|slips?|gains?|drops?|climbs?|ends?|closes?)"
    # advertisements
    r"|sponsored|advertisement|advertorial|promo(?:tional)? codes?|coupons?|discount codes?|deal of the day"
    r"|privacy policy|terms of use)\b"
    r"|目标价|(?:买入|增持|推荐|维持.{0,4})评级|龙头股|概念股(?:名单|一览|盘点)|主力资金|融资余额|涨停|换手率|龙虎榜|异动拉升|短线拉升"
    r"|股东减持|股份质押|股权质押|基金经理|盘中宝|风口研报|风口专家|电报解读|公告全知道|研选|[早盘][间前]公告|盘前必读"
    r"|机构调研|机构看好|投资者问答|互动平台|互动易|这家公司"
    r"|限时优惠|优惠价|优惠券|促销|广告合作|赞助内容|诚聘|招聘启事|用户协议|隐私说明|免责声明",
    re.IGNORECASE,
)


def is_noise(title: str) -> bool:
    """Whether a headline sells, advises to buy shares, wraps up a market, or announces a digest."""
    return is_digest(title) or bool(_NOISE.search(title))
