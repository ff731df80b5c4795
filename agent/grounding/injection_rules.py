"""The wordings that address a model, as data: each rule is a reason, the literals without which it can't match, and a pattern.

Patterns see the text as `injection.py` levels it: lower case, straight quotation marks, plain spaces, letters for their lookalikes.
Every repeat is bounded and every pattern begins with its literals, so a text costs no more than its length.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Rule(NamedTuple):
    """`literals`: one of them must be in the text. `first_word`: the match counts only where a sentence begins."""

    reason: str
    literals: tuple[str, ...]
    pattern: re.Pattern[str]
    first_word: bool = False


ORDER = "an order to a model"
FIELD = "an order to fill a field of the card"
TASK = "a task for a model"
ROLE = "a role marker of a chat"
HIDDEN = "hidden HTML"
REPLY = "data that looks like a reply"
TEMPLATE = "template code"

_LABEL = r"(?:strongly\s)?(?:positive|negative|neutral|bullish|bearish)\b"
_SHARE = r"(?!\d|[.,]\d\d|\s?(?:%|percent|per cent|cents?|million|billion|basis|bps|bn|points?|euros?|dollars?))"
_FIELD = r"(?:sentiment|market[ _]impact|impact[ _](?:score|rating|level|value)|materiality|sentiment[ _](?:label|score))"
_MACHINE = r"(?:ai|llms?|chatbots?|bots?|language models?|(?:ai|virtual) (?:models?|assistants?|agents?|systems?))"
_FORMER = r"(?:all|any|every|your|my|previous|prior|preceding|above|earlier|initial|original|system|foregoing|other|existing|safety)"
_FILLER = rf"(?:the|of|and|these|those|about|{_FORMER})"
_CHANGE = (
    "add|append|include|insert|integrate|incorporate|embed|modify|enhance|augment|extend|replace|convert|render|substitute|misspell|"
    "scramble|jumble|rearrange|anagram|remove|group|combine|introduce|use|write|translate|change|begin|start|end|finish|conclude|mention|"
    "put|prepend|provide|give|format|encode|reverse|shuffle|swap|mix|omit|delete|encrypt|transform|rewrite|spell|join|merge|split|"
    "suggest|tease|promote|recommend|advertise|link|direct|encourage|invite|ask|tell|make|ensure|do|don't|never|always|weave|work|slip|"
    "apply|alter|adjust|swap|limit|keep|place|sprinkle|supplement|conceal|hide|reorder|eliminate|strip|capitalize|repeat|state|say|hint"
)
_OUTPUT = r"(?:answer|reply|response|output|generated text|summary|analysis|completion|message)"

RULES: tuple[Rule, ...] = (
    Rule(
        ORDER,
        ("ignore", "disregard", "forget", "override", "bypass"),
        re.compile(
            rf"(?<!\w)(?:ignore|disregard|forget|override|bypass)(?:\s{{1,3}}{_FILLER}){{0,5}}\s{{1,3}}{_FORMER}\s{{1,3}}"
            r"(?:[a-z]{2,12}\s)?(?:instructions?|prompts?|directives|commands)\b"
        ),
    ),
    Rule(
        ORDER,
        ("ignore", "disregard", "forget", "override", "bypass"),
        re.compile(
            rf"(?<!\w)(?:ignore|disregard|forget|override|bypass)(?:\s{{1,3}}{_FILLER}){{0,5}}\s{{1,3}}"
            r"(?:(?:previous|prior|preceding|above|earlier|foregoing|system)\s(?:rules|guidelines|orders|directions|text|context|messages?)"
            r"|everything\s(?:above|before this|you (?:were|have been|know)|that (?:came|comes) before|i (?:said|told))"
            r"|(?:your|the)\s(?:programming|training|system message)|the\s(?:above|foregoing)\b(?=[\s]*[.!,:;\n]|\sand\b))"
        ),
    ),
    Rule(
        ORDER,
        ("anweisungen", "instructions pr", "instrucciones", "istruzioni", "instruções"),
        re.compile(
            r"(?<!\w)(?:alle\s|toutes\sles\s|todas\sl?as\s|tutte\sle\s|las\s|les\s|le\s|as\s)?(?:vorherigen|vorigen|bisherigen|obigen)?\s?"
            r"(?:(?<=vorherigen\s)anweisungen|(?<=vorigen\s)anweisungen|(?<=bisherigen\s)anweisungen|(?<=obigen\s)anweisungen"
            r"|instructions\sprécédentes|instrucciones\santeriores|istruzioni\sprecedenti|instruções\santeriores)\b"
        ),
    ),
    Rule(
        ORDER,
        ("you are now", "you're now", "from now on", "henceforth"),
        re.compile(
            r"(?<!\w)(?:you(?:\sare|'re)\snow\s(?:an?\s(?:[\w'-]{1,20}\s){0,4}?(?:ai|assistant|bot|chatbot|model|agent|persona|character|pirate"
            r"|dan|translator|promoter|editor|poet|adviser|advisor|expert)\b|dan\b|(?:in|entering)\s(?:[\w-]{1,20}\s){1,2}?mode\b"
            r"|(?:acting|speaking|operating|running)\s(?:as|in)\b|going to (?:act|pretend|play)\b|free (?:of|from) (?:all|your|any)\b"
            r"|unrestricted|jailbroken)"
            r"|(?:from now on|henceforth),?\s(?:you\s(?:are\san?\s|must\s|will\sonly\s|shall\s|will\s(?:act|answer|respond|reply)\b)"
            r"|(?:only|always)?\s?(?:act|respond|reply)\s(?:as|only|in|with)\b))"
        ),
    ),
    Rule(
        ORDER,
        ("as an ai", "language model"),
        re.compile(
            r"(?<!\w)as an? (?:ai\s(?:language\s)?(?:model|assistant|chatbot)|ai|(?:large\s)?language\smodel),?\s(?:i|you)(?:\s|')"
            r"|(?<!\w)as an ai language model\b"
        ),
    ),
    Rule(
        ORDER,
        ("system prompt", "your prompt", "your instructions", "your initial", "your original", "your hidden", "your secret"),
        re.compile(
            r"(?<!\w)(?:reveal|print|show|repeat|output|display|disclose|leak|send|copy|quote|recite|summari[sz]e|tell|give|write|ignore|forget)"
            r"\s(?:[a-z]{1,10}\s){0,3}?(?:(?:the|your|its|this)\s(?:[a-z]{1,12}\s)?system prompt\b|your prompt\b(?!\s[a-z])|"
            r"your\s(?:initial|original|hidden|secret|full|exact|own)\s(?:prompt|instructions)\b)"
        ),
    ),
    Rule(
        ORDER,
        ("only", "just", "nothing", "exclusively", "solely", "strictly"),
        re.compile(
            r"(?<!\w)(?:(?:reply|respond|answer)\s(?:only|just|exclusively|solely|strictly)\s(?:with|in|by|as|using)\b"
            r"|(?:output|return|print|write|say|reply|respond|answer)\s(?:only|just|nothing but|exclusively|solely)\s(?:with\s)?"
            r"(?:the\s(?:word|phrase|following|text|string|number)\b|a\s(?:single\s(?:word|number|token)|json)\b|(?:valid\s)?json\b|'yes'|'no'|\")"
            r"|(?:output|print|reply|respond|answer)\s(?:[^\s.!?]{1,30}\s){1,10}?and\snothing\selse\b)"
        ),
    ),
    Rule(
        ORDER,
        (" ai", "ai ", "llm", "chatbot", "language model", "bots"),
        re.compile(
            rf"(?<!\w)(?:(?:note|message|instructions?|attention|notice|reminder|dear|hello|hey)\s(?:(?:to|for)\s)?(?:all\s|the\s|any\s|every\s)?"
            rf"{_MACHINE}\s?(?:[:,!\u2013\u2014]|--?\s)|{_MACHINE}\s(?:that\s(?:is|are)\s)?(?:reading|processing|summari[sz]ing|parsing)\sthis\b"
            rf"|if\syou\sare\san?\s{_MACHINE})"
        ),
    ),
    Rule(
        ORDER,
        ("instructions:", "instruction:", "instructions are", "override:", "message:", "prompt:", "note:"),
        re.compile(
            r"(?<!\w)(?:(?:new|updated|real|actual|additional|hidden|secret|special|following|important)\s(?:system\s)?instructions?\s?:"
            r"|(?:your|the)\s(?:new|real|actual|only)\sinstructions\sare\b"
            r"|system\s(?:override|message|instructions?|prompt|note|command)\s?:)"
        ),
    ),
    Rule(
        ORDER,
        (" mode", "pretend", "your new", "your real", "your actual", "important message from me", "act as", "before you", "following instruction"),
        re.compile(
            r"(?<!\w)(?:(?:enter|enable|activate|switch\s(?:in)?to)\s(?:[a-z]{1,12}\s)?(?:developer|debug|admin|god|dan|jailbreak|unrestricted)\smode\b"
            r"|pretend\s(?:that\s)?you(?:\sare|'re)\san?\b"
            r"|your\s(?:new|real|actual)\s(?:task|instructions?|objective|goal|role)\s(?:is|are)\b|important message from me\b"
            r"|act as (?:if you (?:are|were)\san?|an?\s(?:ai|unrestricted|uncensored|different ai|language model))\b"
            r"|before you (?:can\s)?(?:solve|complete|finish|answer|proceed with|continue with)\s(?:the|this|your|my)\s(?:task|request|question)\b"
            r"|(?:follow|obey|execute|adhere to)\s(?:[a-z]{1,9}\s){0,2}?the\sfollowing\sinstructions?\b)"
        ),
    ),
    Rule(
        FIELD,
        ("sentiment", "impact", "materiality"),
        re.compile(
            r"(?<!\w)(?:(?:set|change|make|mark|put|assign|rate|force|turn|adjust|raise|lower)\s(?:[\w.&'-]{1,20}\s){0,4}?"
            rf"(?:{_FIELD}\s(?:for\s(?:[\w.&'-]{{1,20}}\s){{1,4}}?)?(?:to|as|at|=)\s?[\"']?(?:{_LABEL}|\d{_SHARE}|zero|max|the\s(?:max|highest))"
            rf"|impact\s(?:to|as|at|=)\s?[\"']?(?:{_LABEL}|(?:10|[0-5](?:\.\d{{1,2}})?){_SHARE}\b|max)|{_FIELD}\s{_LABEL})"
            rf"|{_FIELD}\smust\s(?:be|read|say)\s[\"']?(?:set\b|{_LABEL}|\d))"
        ),
    ),
    Rule(
        FIELD,
        ("positive", "negative", "neutral", "bullish", "bearish"),
        re.compile(
            r"(?<!\w)(?:(?:rate|mark|label|classify|score|report|treat|tag)\s(?:(?:this|the)\s(?:article|news|story|card|text|document|piece)|this)"
            rf"\s(?:as\s)?[\"']?{_LABEL}|(?:rate|mark|label|classify|score|report|upgrade|downgrade|tag)\s(?:[^\s.!?]{{1,25}}\s){{1,5}}?(?:as|to)\s"
            r"[\"']?strongly\s(?:positive|negative)\b)"
        ),
    ),
    Rule(
        FIELD,
        ("ticker", "entities", "json"),
        re.compile(
            r"(?<!\w)(?:add|include|insert|append|remove|omit|tag)\s(?:(?:the|these|this|a|an|all|its|stock|fake|following|also)\s){0,3}tickers?\b"
            r"|(?<!\w)(?:add|include|insert|append|put)\s(?:[^\s.!?]{1,25}\s){1,8}?(?:to|in|into|among)\s(?:(?:the|your)\s)?"
            r"(?:list\sof\stickers|tickers?\slist|tickers\b|entities\b|json\b)"
        ),
    ),
    Rule(
        TASK,
        (" answer", " reply", " response", " output", " message", " summary", " analysis", " completion", "generated text"),
        re.compile(
            rf"(?:(?:please|kindly|also|then|now|additionally|finally),?\s){{0,2}}(?:{_CHANGE})\b(?:[^.!?\n]|[.!?](?!\s)){{0,160}}?"
            rf"(?<!\w)your\s(?:[a-z]{{3,12}}\s)?{_OUTPUT}\b(?!\s(?:is|was|to\sthat|on\sthat)\b)"
            rf"|(?:in|at the (?:end|start|beginning) of|within|throughout)\syour\s(?:[a-z]{{3,12}}\s)?{_OUTPUT},?\s(?:{_CHANGE})\b"
        ),
        first_word=True,
    ),
    Rule(
        TASK,
        ("translate ", "poem", "story", "essay", "speech", "haiku", "song", "function", "the following", "equivalent", "joke", "limerick"),
        re.compile(
            r"(?:please\s|can you\s|could you\s|kindly\s)?(?:translate\s(?:the\s(?:following|above|text|article|sentence|phrase)|this|it)\b"
            r"|(?:write|compose|draft|provide|create|generate|develop|give|tell|show)\s(?:me\s)?(?:an?|the|some)\s(?:[a-z-]{1,14}\s){0,4}?"
            r"(?:poem|story|essay|speech|haiku|limerick|sonnet|song|joke|python\s(?:function|script|code|program)|(?:spanish|french|german)\sequivalent)\b)"
        ),
        first_word=True,
    ),
    Rule(
        ROLE,
        ("system:", "assistant:", "system :", "assistant :"),
        re.compile(r"(?:system|assistant)(?:\*\*|\])?\s?:(?![\w/])"),
        first_word=True,
    ),
    Rule(
        ROLE,
        ("user:", "human:", "developer:"),
        re.compile(r"(?<=\n)(?:user|human|developer)\s?:\s"),
    ),
    Rule(
        ROLE,
        ("<|", "[inst", "[/inst", "[sys", "<<sys", "<</sys", "##", "_of_turn>"),
        re.compile(
            r"<\|[a-z_]{2,30}\|>|\[/?inst\]|\[/?sys(?:tem)?(?:[ _](?:message|note|prompt|override))?\]|<</?sys>>|<(?:start|end)_of_turn>"
            r"|#{2,6}\s?(?:(?:new|system)\s)?(?:instructions?|system|response|assistant|human|user|prompt)\b"
        ),
    ),
    Rule(
        ROLE,
        ("<sys", "</sys", "<ass", "</ass", "<user>", "<instr", "</instr", "<prompt", "</prompt", "</article", "<tool", "</tool", "<func", "<think",
         "</think", "<info", "</user", "<important"),
        re.compile(
            r"</?(?:system|assistant|user|instructions?|prompt|article|tool_(?:call|response|result)s?|function_calls?|think|information"
            r"|important|system[-_][a-z]{1,20})\s?>"
        ),
    ),
    Rule(
        ROLE,
        ("end of ", "end article", "end text", "end context", "end prompt", "begin ", "start of "),
        re.compile(
            r"(?<=[-=#*_]{2})\s?(?:begin|end|start)\s(?:of\s)?(?:[a-z]{1,10}\s){0,2}?(?:prompt|instructions?|article|text|context|message|input)\b"
        ),
    ),
    Rule(
        HIDDEN,
        ("display", "visibility", "font-size", "opacity"),
        re.compile(
            r"(?<![\w-])(?:display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}(?:hidden|collapse)|font-size\s{0,3}:\s{0,3}0(?![.\d]*[1-9])|"
            r"opacity\s{0,3}:\s{0,3}0(?![.\d]*[1-9]))"
        ),
    ),
    Rule(
        HIDDEN,
        ("<script", "<iframe", "<template", "<noscript", "<object", "<embed", "hidden", "[//]:"),
        re.compile(
            r"<(?:script|iframe|template|noscript|object|embed)\b|<[a-z][a-z0-9]{0,15}\s(?:[^<>]{0,200}\s)?(?:hidden(?=[\s>=])|type=[\"']?hidden\b)"
            r"|\[//\]:\s?#"
        ),
    ),
    Rule(
        REPLY,
        ("market_impact", "abstain_because"),
        re.compile(r"(?<!\w)(?:market_impact|abstain_because)\b"),
    ),
    Rule(
        REPLY,
        ("```", "~~~"),
        re.compile(r"(?:`{3,}|~{3,})[a-z]{0,12}"),
    ),
    Rule(
        REPLY,
        ("\":", "\" :", "':", "' :"),
        re.compile(
            r"\\?[\"'](?:sentiment|tickers?|entities|topics|summary|analysis|overall|label|impact|materiality|breadth|surprise|immediacy|certainty"
            r"|relevance|quotes|headline|instruments)\\?[\"']\s{0,5}:"
        ),
    ),
    Rule(TEMPLATE, ("{{", "}}", "{%", "%}", "<%"), re.compile(r"\{\{+|\}\}+|\{%|%\}|<%")),
)
