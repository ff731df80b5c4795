"""Names as one would print them: the SEC's list shouts many of them."""

from __future__ import annotations

import re

from agent.symbols.names import FORMS, without_state

_SMALL = frozenset("of and the for in on de la del y e da do".split())
_KEPT_UPPER = frozenset(
    "AAR AB ABB ABM ABS ACI ADI ADT AECOM AEI AES AG AGI AHL AI AMC AMN AMT ANI ASA ASML AT ATI ATS AXT AZZ BAE BCE BDC BNY "
    "BYD CACI CAE CEL CGI CIM CME CNA CRA CTI DEI DHI DTE ECO EDP EOG EPR EQT ESG ETF EU EVI FTI GSI HNI IAC ICICI ICU IDT II "
    "III ING IP IPG IQE IT ITT IV KLA LCI LLC LP LSI MDU MFA MGE MSCI MYR NIO NV NVE OFG OGE OSI PLC PRA QXO RCI REIT RLI RXO "
    "SA SAB SAP SBO SCI SE SES TDE TRI TV UBS UDR UFJ UFP UGI UK UMB UMH US USA USD UTG UTI VI VII VIII VSE WEC WEX XI XII "
    "XPO YPF".split()
)
"""Words with a vowel that are initials all the same, beside those that every name may have (US, PLC, III)."""
_KEPT_MIXED = {"SPA": "SpA", "A/S": "A/S", "LTD": "Ltd", "ISHARES": "iShares", "JPMORGAN": "JPMorgan", "QQQ": "QQQ"}


def display_name(filed: str) -> str:
    """A filed name as one would print it: "NVIDIA CORP" -> "Nvidia Corp", "BANK OF AMERICA CORP /DE/" -> "Bank of America Corp"."""
    name = " ".join(without_state(filed).split())
    shouted = [word for word in re.findall(r"[A-Za-z]{2,}", name) if word.lower() not in FORMS]
    if not shouted or not all(word.isupper() for word in shouted):
        return name
    printed = " ".join(_printed(word, first=index == 0) for index, word in enumerate(name.split(" ")))
    return re.sub(r"(?<=[a-z]) Com(?= |$)", ".com", printed)


def _printed(word: str, *, first: bool) -> str:
    if any(char.islower() for char in word):
        return word
    bare = word.strip(".,()")
    if bare in _KEPT_MIXED:
        return word.replace(bare, _KEPT_MIXED[bare])
    if bare.lower() in _SMALL and not first:
        return word.lower()
    if bare in _KEPT_UPPER or "&" in word or not re.search(r"[AEIOUY]", bare) or len(bare) == 1:
        return word.capitalize() if bare in {"LTD", "CORP"} else word
    capital = re.sub(r"[A-Za-z]+(?:'[A-Za-z]+)?", lambda m: m.group().capitalize(), word)
    return re.sub(r"\bMc([a-z])", lambda m: f"Mc{m.group(1).upper()}", capital)
