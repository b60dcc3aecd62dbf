"""The family of a browser and its system, as a person would call the device; never more than that."""

BROWSERS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("QQBrowser", "QQ 浏览器"),
    ("UCBrowser", "UC 浏览器"),
    ("HuaweiBrowser", "华为浏览器"),
    ("MiuiBrowser", "小米浏览器"),
    ("VivoBrowser", "vivo 浏览器"),
    ("HeyTapBrowser", "OPPO 浏览器"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "鸿蒙"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Kylin", "麒麟"),
    ("UOS", "统信"),
    ("Linux", "Linux"),
)


def name_browser(agent: str) -> str:
    """“Chrome · Windows”; empty for what nobody would know by name."""
    found = (_find(BROWSERS, agent), _find(SYSTEMS, agent))
    return " · ".join(name for name in found if name)


def _find(names: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for sign, name in names if sign in agent), "")
