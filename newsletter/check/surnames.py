"""The Chinese family names that a person's name in Han characters may begin with, and how each is spelled abroad."""

# By their pinyin; more than one character may be read so.
_READ = (
    "an:安 bai:柏白 ban:班 bao:包鲍 bei:贝 bi:毕 bian:卞 bo:柏薄 bu:卜 cai:蔡 cang:苍 cao:曹 chang:昌常 che:车 "
    "chen:陈 cheng:成程 chi:池 chu:褚储 cong:从 cui:崔 dai:戴 dang:党 deng:邓 di:狄 diao:刁 ding:丁 dong:董 "
    "dou:窦 du:杜 duan:段 fan:范樊 fang:方房 feng:冯凤封 fu:傅富符 gan:甘 gao:高 ge:葛 geng:耿 gong:龚宫贡 gu:顾 "
    "guan:管 guo:郭 han:韩 hang:杭 hao:郝 he:何贺和 hong:洪 hou:侯 hu:胡 hua:华花 huang:黄 hui:惠 huo:霍 "
    "ji:计纪季吉 jia:贾 jiang:蒋姜江 jiao:焦 jin:金靳 jing:景 kang:康 ke:柯 kong:孔 lai:赖 lan:蓝 lang:郎 le:乐 "
    "lei:雷 li:李黎 liang:梁 liao:廖 lin:林蔺 ling:凌 liu:柳刘 long:龙 lu:吕鲁路卢陆 luo:罗骆 ma:马麻 man:满 "
    "mao:毛茅 mei:梅 meng:孟 mi:米 miao:苗缪 min:闵 ming:明 mo:莫 mu:穆牧 nai:能 ni:倪 ning:宁 pan:潘 pang:庞 "
    "pei:裴 peng:彭 pi:皮 ping:平 pu:蒲 qi:戚齐祁 qian:钱 qiang:强 qiao:乔 qin:秦覃 qiu:邱裘仇 qu:屈曲 quan:全 "
    "ran:冉 ren:任 rong:荣 ruan:阮 shan:单 shao:邵 shen:沈莘申 sheng:盛 shi:施时石史 shu:舒 shuang:双 shui:水 "
    "si:司 song:宋 su:苏 sun:孙 suo:索 tai:邰 tan:谭覃 tang:唐汤 tao:陶 teng:滕 tian:田 tong:童 tu:涂 wan:万 "
    "wang:王汪 wei:卫魏韦 wen:闻 weng:翁 wu:吴邬伍巫武 xi:奚席 xia:夏 xiang:项 xiao:萧肖 xie:谢解 xing:邢 xiong:熊 "
    "xu:许徐 xuan:宣 xue:薛 xun:荀 yan:严颜闫 yang:杨 yao:姚 ye:叶 yi:伊易 yin:殷尹印 ying:应 you:尤 "
    "yu:喻俞于余禹虞郁 "
    "yuan:袁元 yue:乐 yun:云 zang:臧 zhai:翟 zhan:湛詹 zhang:张章 zhao:赵 zheng:郑 zhi:支 zhong:钟仲 zhou:周 "
    "zhu:朱祝诸 zhuo:卓 zong:宗 zou:邹 zuo:左 "
)
# The same names as Hong Kong, Taiwan, South-East Asia and Korea spell them.
_ELSEWHERE = (
    "an:ahn bai:pai bian:pyun cai:tsai,choi,chua cao:tsao,cho chang:cheung chen:chan,tan,chin,tran "
    "cheng:ching cheng:sung,seong cui:choi deng:teng,tang ding:ting du:tu,to fan:van feng:fung fu:foo "
    "gao:kao,ko,koh gu:koo,ku guo:kuo,kwok,quek han:hahn he:ho,hoh hong:hung,ang hou:hau hu:wu,oh "
    "huang:wong,hwang,hoang,ng huo:fok jia:ka,chia jiang:chiang,keung,kang jin:kim,kam kang:hong ke:ko,or "
    "kong:hung lei:lui li:lee,lai,lei,ly,le liang:leung,liong liao:liu,liew lin:lam,lim,rin ling:ling "
    "liu:lau,liou,lew,low,ryu lu:lui,luk,loo,lo,lv,lyu,roh,noh luo:lo,law ma:mah,mar mei:mui mo:mok "
    "ni:ngai ou:au pan:poon,phan pang:pong peng:pang qian:chien,chin qin:chin,tsun qiu:chiu,yau,khoo "
    "ren:jen,yam ruan:yuen,nguyen shao:siu,shaw shen:sum,sham,shum shi:shih,sze,seok song:soong,sung,shum "
    "su:so,soo,sue sun:suen,son tan:tam tang:tong,tung tian:tien tong:tung wan:man "
    "wang:wong,ong,heng,vong wei:ngai,wai wen:man wu:ng,woo,goh,oh,eng,ngo xia:hsia,ha "
    "xiao:hsiao,siu,siew,shiao xie:hsieh,tse,cheah,tze xiong:hsiung,hung xu:hsu,hui,tsui,shu,suh "
    "xue:hsueh,sit yan:yen,yim,ngan,ahn yang:yeung,young,yeo,iong yao:yiu,yeo ye:yeh,yip,yap yin:yoon,yun "
    "you:yu yu:yue,yee,yoo,woo yuan:yuen zeng:tsang,tseng,chan zhang:chang,cheung,teo,jang "
    "zhao:chao,chiu,cho,jo zheng:cheng,tseng,chung,jeong,jung,chang zhong:chung,jong "
    "zhou:chow,chou,chau,joo zhu:chu,choo,joo zhuo:cheuk,cho zou:chow,tsou zuo:tso "
)
_VARIANTS = {pinyin: others.split(",") for pinyin, others in (row.split(":") for row in _ELSEWHERE.split())}
SPELLED: dict[str, frozenset[str]] = {}
"""By family name: every way in which a text in Latin letters may write it, in lower case."""
for _pinyin, _names in (row.split(":") for row in _READ.split()):
    for _name in _names:
        SPELLED[_name] = SPELLED.get(_name, frozenset()) | {_pinyin, *_VARIANTS.get(_pinyin, ())}
SURNAMES = "".join(SPELLED)
