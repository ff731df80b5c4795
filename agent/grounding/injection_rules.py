"""The wordings that address a model, as data.

Patterns see the text as `injection.py` levels it: lower case, straight quotation marks, plain spaces, Latin letters for their
lookalikes. Every repeat is bounded and nothing is tried except where a rule's first word or marker stands, so a text costs no more
than its length.
"""

from __future__ import annotations

from typing import NamedTuple

ORDER = "an order to a model"
FIELD = "an order to fill a field of the card"
TASK = "a task for a model"
ROLE = "a role marker of a chat"
HIDDEN = "hidden HTML"
REPLY = "data that looks like a reply"
TEMPLATE = "template code"


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


class Rule(NamedTuple):
    """A wording: it begins with one of `starts`, and the text has one word of each of `needs`."""

    reason: str
    starts: frozenset[str]
    needs: tuple[frozenset[str], ...]
    pattern: str
    opens_sentence: bool = False
    """The match counts only where a sentence begins: "add it to your reply" is an order, "they add it" is none."""


class Marker(NamedTuple):
    """Characters that no prose has: `sign` is in every match."""

    reason: str
    sign: str
    pattern: str


_LABEL = r"(?:strongly )?(?:positive|negative|neutral|bullish|bearish)\b"
# "set the impact to 3" is an order, "put the impact at 3 cents" is news.
_BARE = r"(?!\d|[.,]\d\d|-| ?(?:%|percent|per cent|cents?|thousand|million|billion|basis|bps|bn|points?|euros?|dollars?|times))"
_FIELD = r"(?:sentiment(?:[ _](?:label|score))?|market[ _]impact(?: score)?|impact[ _](?:score|rating|level|value)|materiality)"
_MACHINE = r"(?:ai|llms?|chatbots?|bots?|language models?|(?:ai|virtual) (?:models?|assistants?|agents?|systems?))"
_FORMER = r"(?:all|any|every|your|my|previous|prior|preceding|above|earlier|initial|original|system|foregoing|other|existing|safety)"
_FILLERS = rf"(?: (?:the|of|and|these|those|about|{_FORMER})){{0,5}}"
_OUTPUT = r"(?:answer|reply|response|output|generated text|summary|analysis|completion|message)"
_OUTPUTS = _words("answer reply response output text summary analysis completion message")
_CHANGES = _words(
    "add append include insert integrate incorporate embed modify enhance augment extend replace convert render substitute misspell "
    "scramble jumble rearrange anagram remove group combine introduce use write translate change begin start end finish conclude mention "
    "put prepend provide give format encode reverse shuffle swap mix omit delete encrypt transform rewrite spell join merge split suggest "
    "tease promote recommend advertise link direct encourage invite ask tell make ensure do don never always weave work slip apply alter "
    "adjust limit keep place sprinkle supplement conceal hide reorder eliminate strip capitalize repeat state say hint print display send "
    "share publish post inject attach emphasize highlight claim present express deliver phrase frame craft map flip encipher cipher spread"
)
_CHANGE = "|".join(sorted(_CHANGES))
_POLITE = r"(?:(?:please|kindly|also|then|now|additionally|finally),? ){0,2}"
_POLITE_STARTS = _words("please kindly also then now additionally finally")
_IGNORE = _words("ignore disregard forget override bypass")
_INSTRUCTIONS = _words("instruction instructions prompt prompts directives commands")
_TONGUES = (
    "base64|emojis?|morse|rot13|binary|hexadecimal|reverse|capitals|rhymes?|verse|french|spanish|german|chinese|russian|japanese"
    "|json|cipher"
)

RULES: tuple[Rule, ...] = (
    Rule(
        ORDER,
        _IGNORE,
        (_INSTRUCTIONS,),
        rf"[a-z]+{_FILLERS} {_FORMER} (?:[a-z]{{2,12}} )?(?:instructions?|prompts?|directives|commands)\b",
    ),
    Rule(
        ORDER,
        _IGNORE,
        (),
        (
            rf"[a-z]+{_FILLERS} (?:(?:previous|prior|preceding|above|earlier|foregoing|system) (?:rules|guidelines|orders|directions"
            rf"|text|context"
            r"|messages?)\b"
            r"|everything (?:above|before this|you (?:were|have been|know)|that (?:came|comes) before|i (?:said|told))\b"
            r"|(?:your|the) (?:programming|training|system message)\b|(?:the|all) (?:above|foregoing)(?: ?[.!,:;]|$| and\b| instead\b))"
        ),
    ),
    Rule(
        ORDER,
        _words("ignoriere ignorieren vergiss ignorez oublie oubliez ignora ignore olvida dimentica ignorar esque"),
        (_words("anweisungen instructions instrucciones istruzioni instru"),),
        (
            r"[a-zç]+(?: sie)? (?:alle|toutes les|todas las|todas as|tutte le|les|las|le|as|die|deine)(?: vorherigen| bisherigen| obigen)?"
            r" (?:(?<=igen )anweisungen|instructions précédentes|instrucciones (?:anteriores|previas)|istruzioni precedenti"
            r"|instruções anteriores)"
        ),
    ),
    Rule(
        ORDER,
        _words("you"),
        (_words("now"), _words("are re")),
        (
            r"you(?: are|'re) now (?:an? (?:[\w'-]{1,20} ){0,4}?(?:ai|assistant|bot|chatbot|model|agent|persona|character|pirate|dan"
            r"|translator"
            r"|promoter|editor|poet|advis[eo]r|expert)\b|dan\b|(?:in|entering) (?:[\w-]{1,20} ){1,2}?mode\b|(?:acting|operating"
            r"|running) (?:as|in)\b"
            r"|going to (?:act|pretend|play)\b|free (?:of|from) (?:all|your|any)\b|unrestricted|jailbroken)"
        ),
    ),
    Rule(
        ORDER,
        _words("from henceforth"),
        (_words("henceforth now"),),
        (
            r"(?:from now on|henceforth),? (?:you (?:are an? |must |shall |will (?:only|act|answer|respond|reply)\b)|(?:only "
            r"|always )?(?:act|respond|reply)"
            r" (?:as|only|in|with)\b)"
        ),
    ),
    Rule(
        ORDER,
        _words("as"),
        (_words("ai language"),),
        (
            r"as an? (?:(?:ai(?: language)?(?: (?:model|assistant|chatbot))?|(?:large )?language model),? (?:i|you)(?: |')"
            r"|ai language model\b)"
        ),
    ),
    Rule(
        ORDER,
        _words(
            "reveal print show repeat output display disclose leak send copy quote recite summarise summarize tell give write ignore forget"
        ),
        (_words("prompt instructions"), _words("your system")),
        (
            r"[a-z]+ (?:[a-z]{1,10} ){0,3}?(?:(?:the|your|its|this) (?:[a-z]{1,12} )?system prompt\b|your prompt\b(?! [a-z])|"
            r"your (?:initial|original|hidden|secret|full|exact|own) (?:prompt|instructions)\b)"
        ),
    ),
    Rule(
        ORDER,
        _words("reply respond answer output return print write say"),
        (_words("only just nothing exclusively solely strictly"),),
        (
            r"(?:(?:reply|respond|answer) (?:only|just|exclusively|solely|strictly) (?:with|in|by|as|using)\b"
            r"|(?:output|return|print|write|say|reply|respond|answer) (?:only|just|nothing but|exclusively|solely) (?:with )?"
            r"(?:the (?:word|phrase|following|text|string|number)\b|a (?:single (?:word|number|token)|json)\b|(?:valid )?json\b|'yes'"
            r"|'no'|\")"
            r"|(?:output|print|reply|respond|answer) (?:[^\s.!?]{1,30} ){1,10}?and nothing else\b)"
        ),
    ),
    Rule(
        ORDER,
        _words("note message instruction instructions attention notice reminder dear hello hey if"),
        (_words("ai llm llms chatbot chatbots bot bots language virtual"),),
        rf"(?:[a-z]+ (?:to |for )?(?:all |the |any |every )?{_MACHINE} ?(?:[:,!]|--?(?: |$))|if you are an? {_MACHINE}\b)",
    ),
    Rule(
        ORDER,
        _words("ai llm llms chatbot chatbots language virtual"),
        (_words("reading processing summarising summarizing parsing"),),
        rf"{_MACHINE} (?:that (?:is|are) )?(?:reading|processing|summari[sz]ing|parsing) this\b",
    ),
    Rule(
        ORDER,
        _words("new updated real actual additional hidden secret special following important your the system"),
        (_words("instruction instructions override message prompt note command"),),
        (
            r"(?:(?:new|updated|real|actual|additional|hidden|secret|special|following|important) (?:system )?instructions? ?:"
            r"|(?:your|the) (?:new|real|actual|only) instructions are\b|system (?:override|message|instructions?|prompt|note|command) ?:)"
        ),
    ),
    Rule(
        ORDER,
        _words("enter enable activate switch"),
        (_words("mode"),),
        r"[a-z]+ (?:in)?(?:to )?(?:[a-z]{1,12} )?(?:developer|debug|admin|god|dan|jailbreak|unrestricted) mode\b",
    ),
    Rule(
        ORDER,
        _words("your important before"),
        (_words("task instruction instructions objective goal role message request"),),
        (
            r"(?:your (?:new|real|actual) (?:task|instructions?|objective|goal|role) (?:is|are)\b|important message from me\b"
            r"|before you (?:can )?(?:solve|complete|finish|answer|proceed with|continue with) (?:the|this|your|my) (?:task|request)\b)"
        ),
    ),
    Rule(
        ORDER,
        _words("pretend act follow obey execute adhere"),
        (),
        (
            r"(?:pretend (?:that )?you(?: are|'re) an? "
            r"|act as (?:if you (?:are|were) an? |an? (?:ai|unrestricted|uncensored|different ai|language model)\b)"
            r"|(?:follow|obey|execute|adhere to) (?:[a-z]{1,9} ){0,2}?the following instructions?\b)"
        ),
    ),
    Rule(
        FIELD,
        _words("set change make mark put assign rate force turn adjust raise lower"),
        (_words("sentiment impact materiality market_impact sentiment_label"),),
        (
            rf"[a-z]+ (?:[\w.&'-]{{1,20}} ){{0,4}}?(?:{_FIELD} (?:for (?:[\w.&'-]{{1,20}} ){{1,4}}?)?(?:to|as|at|=) ?[\"']?"
            rf"(?:{_LABEL}|\d{_BARE}|zero|max|the (?:max|highest))|impact (?:to|as|at|=) ?[\"']?(?:{_LABEL}|(?:10"
            rf"|[0-5](?:\.\d{{1,2}})?){_BARE}\b|max)"
            rf"|{_FIELD} {_LABEL})"
        ),
    ),
    Rule(
        FIELD,
        _words("sentiment market market_impact impact materiality"),
        (_words("must"),),
        rf"{_FIELD} must (?:be|read|say) [\"']?(?:set\b|{_LABEL}|\d)",
    ),
    Rule(
        FIELD,
        _words("rate mark label classify score report treat tag upgrade downgrade"),
        (_words("positive negative neutral bullish bearish"),),
        (
            rf"[a-z]+ (?:(?:this|the) (?:article|news|story|card|text|document|piece)|this) (?:as )?[\"']?{_LABEL}"
            r"|[a-z]+ (?:[^\s.!?]{1,25} ){1,5}?(?:as|to) [\"']?strongly (?:positive|negative)\b"
        ),
    ),
    Rule(
        FIELD,
        _words("add include insert append remove omit tag put"),
        (_words("ticker tickers entities json"),),
        (
            r"(?:add|include|insert|append|remove|omit|tag) (?:(?:the|these|this|a|an|all|its|stock|fake|following|also) ){0,3}tickers?\b"
            r"|(?:add|include|insert|append|put) (?:[^\s.!?]{1,25} ){1,8}?(?:to|in|into|among) (?:the |your )?"
            r"(?:list of tickers|tickers? list|tickers\b|entities\b|json\b)"
        ),
    ),
    Rule(
        TASK,
        _CHANGES | _POLITE_STARTS | _words("in at within throughout"),
        (_words("your"), _OUTPUTS),
        (
            rf"{_POLITE}(?:{_CHANGE})\b(?:[^.!?\v]|[.!?](?!\s)){{0,160}}?(?<!\w)your (?:[a-z]{{3,12}} )?{_OUTPUT}\b(?! (?:is|was"
            rf"|to that|on that)\b)"
            rf"|(?:in|at the (?:end|start|beginning) of|within|throughout) your (?:[a-z]{{3,12}} )?{_OUTPUT},? (?:{_CHANGE})\b"
        ),
        opens_sentence=True,
    ),
    Rule(
        TASK,
        _words("translate write compose draft provide create generate please kindly can could"),
        (_words("translate poem story essay speech haiku limerick sonnet song joke python equivalent"),),
        (
            r"(?:please |kindly |can you |could you )?(?:translate (?:the (?:following|above|text|article|sentence|phrase)|this|it)\b"
            r"|(?:write|compose|draft|provide|create|generate|give|tell|show) (?:me )?(?:an?|some) (?:(?:[a-z-]{1,14} ){0,4}?"
            r"(?:poem|essay|speech|haiku|limerick|sonnet|song|joke)|(?:short )?story|(?:simple )?python (?:function|script|code"
            r"|program))\b)"
        ),
        opens_sentence=True,
    ),
    Rule(
        TASK,
        _words("summarise summarize rewrite paraphrase encode reverse proofread"),
        (_words("article text paragraph passage document following"),),
        r"[a-z]+ (?:this|the following|the above|the) (?:article|text|paragraph|passage|document)\b",
        opens_sentence=True,
    ),
    Rule(
        TASK,
        _words("respond reply answer"),
        (_words("in with using"),),
        rf"[a-z]+ (?:only |always )?(?:in|with|using) (?:[a-z-]{{1,12}} ){{0,2}}?(?:{_TONGUES})\b",
        opens_sentence=True,
    ),
    Rule(
        TASK,
        _words("replace convert substitute swap misspell scramble rearrange reverse capitalize"),
        (_words("letter letters vowel vowels consonants"),),
        r"[a-z]+ (?:[a-z]{1,10} ){0,4}?(?:letters?|vowels?|consonants)\b",
        opens_sentence=True,
    ),
    Rule(
        ROLE,
        _words("system assistant user human developer"),
        (),
        r"(?:(?:system|assistant)[*\]]{0,2} ?:(?![\w/])|(?:user|human|developer) ?:(?=\s))",
        opens_sentence=True,
    ),
    Rule(
        ROLE,
        _words("begin end start"),
        (_words("prompt instruction instructions article text context input message"),),
        (
            r"(?<=[-=#*_]{2})(?<!\w)(?:begin|end|start) (?:of )?(?:[a-z]{1,10} ){0,2}?(?:prompt|instructions?|article|text|context"
            r"|message|input)\b"
            r"|(?<=[-=#*_]{2} )(?:begin|end|start) (?:of )?(?:[a-z]{1,10} ){0,2}?(?:prompt|instructions?|article|text|context|message"
            r"|input)\b"
        ),
    ),
    Rule(
        HIDDEN,
        _words("display visibility font opacity"),
        (),
        (
            r"(?:display\s{0,3}:\s{0,3}none\b|visibility\s{0,3}:\s{0,3}(?:hidden|collapse)|font-size\s{0,3}:\s{0,3}0(?![.\d]*[1-9])"
            r"|opacity\s{0,3}:\s{0,3}0(?![.\d]*[1-9]))"
        ),
    ),
    Rule(REPLY, _words("market_impact abstain_because"), (), r"[a-z_]+"),
)

MARKERS: tuple[Marker, ...] = (
    Marker(
        ROLE,
        "<",
        (
            r"<(?:\|[a-z_]{2,30}\|>|</?sys>>|(?:start|end)_of_turn>|/?(?:system|assistant|user|instructions?|prompt|article"
            r"|tool_(?:call|response|result)s?|function_calls?|think|information|important|system[-_][a-z]{1,20})\s?>)"
        ),
    ),
    Marker(ROLE, "[", r"\[(?:/?inst|/?sys(?:tem)?(?:[ _](?:message|note|prompt|override))?)\]"),
    Marker(ROLE, "##", r"##{1,5} ?(?:(?:new|system) )?(?:instructions?|system|response|assistant|human|user|prompt)\b"),
    Marker(HIDDEN, "<!--", r"<!--"),
    Marker(
        HIDDEN,
        "<",
        (
            r"<(?:(?:script|iframe|template|noscript|object|embed)\b|[a-z][a-z0-9]{0,15}\s(?:[^<>]{0,200}\s)?(?:hidden(?=[\s>=])"
            r"|type=[\"']?hidden\b))"
        ),
    ),
    Marker(HIDDEN, "[//]:", r"\[//\]: ?#"),
    Marker(
        REPLY,
        "{",
        r"\{\s{0,20}\\?[\"'][a-z_ ]{1,30}\\?[\"']\s{0,5}:",
    ),
    Marker(REPLY, "```", r"`{3,}+[a-z]{0,12}"),
    Marker(TEMPLATE, "{{", r"\{\{[^{}]{0,200}\}\}|\{\{++"),
    Marker(TEMPLATE, "{%", r"\{%(?:[^{}]{0,200}%\})?"),
)
