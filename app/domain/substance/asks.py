"""The words by which a prompt asks: for a value that can be checked, or for writing."""

from __future__ import annotations

import re

from app.domain.substance.kind import Kind

_POLITE = (
    r"(?:(?:please|kindly|now|then|next|first|finally|also|and|could you|can you|would you|will you"
    r"|i (?:want|need|would like) you to|your (?:task|job) is to|you (?:must|should|have to|are to"
    r"|need to"
    r"|are asked to)|let's|in (?:the|this|each) [\w ]{1,40},|from (?:the|this|each"
    r"|these) [\w ]{1,40},"
    r"|(?:given|using|based on|considering|reading|read|after reading|with"
    r"|for) [^,.?!\n]{1,120},)[ ,]{1,2}){0,4}"
)
_WRITES = (
    r"draft|write|compose|prepare|rewrite|rephrase|reword|redraft|summari[sz]e|sum up|outline"
    r"|condense"
    r"|paraphrase|simplify|shorten|translate|proofread|polish|edit|improve|revise|brainstorm"
    r"|suggest"
    r"|recommend|propose|advise|argue|discuss|explain|describe|elaborate|analy[sz]e|assess|evaluate"
    r"|critique|compare|contrast|comment|reflect|imagine|pretend|act|play|role-?play|design|devise"
    r"|create"
    r"|develop|plan|tell me about|help|share|provide|offer|present|review|consider|embody|picture"
    r"|make|build|construct|reconstruct|rate|rank|generate|produce|add|take|continue|respond|reply"
    r"|show"
    r"|give (?:me )?(?:an?|your|some) (?:overview|summary|opinion|advice|view|memo|explanation"
    r"|analysis)"
)
_FINDS_WORDS = (
    r"extract|list|find|identify|locate|pull out|quote|cite|name|state|copy|tabulate|report|output"
    r"|fill in|give"
    r"|return|spot|count|get|retrieve|detect"
)
_RECKONS = (
    r"calculate|compute|work out|add up|determine|solve|evaluate the (?:expression|integral|sum)"
    r"|estimate"
)
_SORTS = (
    r"classify|categori[sz]e|label|tag|triage|decide|check|indicate|verify|confirm|predict|say"
    r"|tell me|tell us|choose|select|pick|answer"
)

# A sentence that orders something, with its verb; a question mark makes any other one a question.
ORDER = re.compile(
    rf"(?i:{_POLITE}(?:(?P<writes>{_WRITES})|(?P<finds>{_FINDS_WORDS})|(?P<reckons>{_RECKONS})"
    rf"|(?P<sorts>{_SORTS}))\b)"
)
# A second order in the same sentence: "list the dates and draft a letter".
ALSO_WRITES = re.compile(
    r"(?i:(?:,|;|\band|\bthen)(?: then| also| please)? (?:draft|write|compose|prepare|rewrite"
    r"|summari[sz]e|outline"
    r"|translate|advise|argue|discuss|explain|describe|analy[sz]e|assess|evaluate|critique"
    r"|recommend|suggest"
    r"|comment|compare)\b)"
)
# What no two people would answer alike.
OPINION = re.compile(
    r"(?i:\b(?:memo|memorandum|essay|blog post|letter to|e-?mail to|speech|story|poem|pros and cons"
    r"|advantages|disadvantages|strengths?|weakness(?:es)?|strateg(?:y|ies) (?:for|to)"
    r"|talking points|both sides|implications?"
    r"|best (?:way|approach|strategy|practice)|how (?:should|would|could|might|can|do|does|did|are"
    r"|is|have|has)\b(?! (?:many|much|often|long|old|far))"
    r"|how to|why\b|should (?:we|i|my|our|one)\b|what (?:should|would|could|can|might|if) (?:we|i"
    r"|you|one|be|my|our)\b"
    r"|do you (?:think|agree|recommend)|your (?:view|opinion|thoughts)|the risks?\b|ideas?\b"
    r"|opinions?\b|reasons? (?:for|why|behind)"
    r"|arguments? (?:for|against)|main (?:points|issues|arguments)|key (?:points|issues"
    r"|considerations|takeaways)"
    r"|significance|impact of|effects? of|role of|purpose of|meaning of life|relationship between"
    r"|explain|explanation)\b)"
)
DIFFERENCE = re.compile(r"(?i:\b(?:difference|distinction)s? between\b)")
WORKING = re.compile(
    r"(?i:,? ?\b(?:and )?(?:show|explain|give|write down) (?:the|your|all"
    r"|me your) (?:calculations?|work(?:ing)?s?|steps?|reasoning)\b"
    r"|,? ?\b(?:let's )?(?:think |reason |solve (?:it |this )?)?step[- ]by[- ]step\b)"
)
# How the answer is to be laid out; it asks for nothing more.
LAYOUT = re.compile(
    r"(?i:\b(?:present|return|output|generate|provide|give|show|format|display|respond|reply|write"
    r"|use|structure|quote"
    r"|refrain|keep|limit|include|mention|do not|don't)\b.{0,120}\b(?:json|csv|xml|yaml|tables?"
    r"|list|dictionary|formats?|bullets?"
    r"|bullet points|markdown|lines?|words|verbatim|extraneous|explanations?|order|sentences?"
    r"|string|brackets|number)\b)"
)
WHETHER = re.compile(
    r"(?i:\b(?:identify|determine|decide|state|say|tell|check|indicate|find out|classify|verify"
    r"|confirm"
    r"|predict|answer|know)\b(?: (?:me|us|for me))? (?:if|whether)\b|\bwhether the following\b)"
)
AUXILIARY = re.compile(
    r"(?i:(?:and |so |but |then )?(?:is|are|was|were|do|does|did|can|could|may|must|has|have|had"
    r"|will|would|shall"
    r"|ist|sind|hat|darf|kann|est-ce)\b(?! you (?:please|tell|give|explain|list|help|find"
    r"|extract)))"
)
EITHER = re.compile(
    r"(?i:\b(?:is|are|was|were|governed|covered|does|do)\b[^?]{1,160} or (?:the "
    r"|an? )?[\w-]+(?: [\w-]+){0,3}\?$)"
)
WHICH_CLASS = re.compile(
    r"(?i:\b(?:classify|categori[sz]e|assign|sort)\b.{0,80}\b(?:categor(?:y|ies)|class(?:es)?"
    r"|labels?|groups?|types?)\b|\bwhat (?:type|kind|sort|class|category|label) of\b"
    r"|\bwhich (?:type|kind|category|class|label|option"
    r"|of the (?:following|two|three|four|five|options))\b)"
)
WHAT = re.compile(r"(?i:\b(?:what|which|where|how (?:often|many|much|long)|who|whom|whose|when)\b)")
COUNTS = re.compile(r"(?i:\bcount\b|\bhow many\b)")

_THING = r"(?:[\w'’&/,()-]+ ){0,9}?"
_SIZES = (
    r"totals?|amounts?|sums?|prices?|costs?|fees?|rates?|percentages?|proportion|share|averages?"
    r"|mean"
    r"|median|changes?|differences?|ratios?|number|values?|balances?|increases?|decreases?|growth"
    r"|margins?"
    r"|revenues?|sales|incomes?|expenses?|profits?|loss(?:es)?|earnings|ebitda|ebit|assets"
    r"|liabilities|equity"
    r"|debts?|tax(?:es)?|caps?|limits?|periods?|duration|variance|product|probability|length|area"
    r"|volume|speed"
    r"|distance|age|allowances?|reserves?|volatility|cash flows?|interest|deductibles?|penalty"
    r"|salary|rent|height"
    r"|weight|remainder|root|roots|perimeter|radius|temperature|size|term of|notice period|percent"
    r"|yield|return|score"
)
# In the order tried: the earlier decides where two fit.
WANTED: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.FIGURE, re.compile(r"(?i:\bhow (?:much|many|long|old|far|tall|large|big|high|fast)\b)")),
    (
        Kind.DATE,
        re.compile(
            r"(?i:^(?:and |so |exactly |by |until |since )?when\b|\b(?:by|until|since"
            r"|exactly) when\b"
            r"|\b(?:what|which) (?:\w+ ){0,2}(?:dates?|days?|months?|years?|quarters?|deadlines?)\b"
            rf"|\bwhat (?:is|was|are|were) (?:the |its |their )?{_THING}(?:dates?|deadlines?"
            rf"|due date)\b"
            r"|\bdeadline for\b)"
        ),
    ),
    (
        Kind.CITATION,
        re.compile(
            r"(?i:\b(?:which|what|under which|in which) (?:[\w-]+ ){0,2}(?:clauses?|sections?"
            r"|articles?|provisions?"
            r"|statutes?|cases?|rules?|regulations?|authority|authorities|precedents?"
            r"|paragraphs?)\b"
            r"|\bcite\b|\bcitations? (?:of|for|to)\b|\b(?:case|docket|section|clause) numbers?\b)"
        ),
    ),
    (
        Kind.NAME,
        re.compile(
            r"(?i:\bwho(?:m|se)?\b|\b(?:which|what) (?:[\w-]+ ){0,2}(?:party|parties|company"
            r"|companies|persons?"
            r"|people|court|judge|country|countries|state|bank|entity|entities|city|cities|firm)\b"
            r"|\bnames? of (?:the|all|each|every)\b|\bwhat (?:is|was|are) (?:\w+ ){0,4}names?\b"
            r"|\bwhat (?:is|was|were|are) the (?:company|companies|party|parties|countr(?:y"
            r"|ies))\b(?!'))"
        ),
    ),
    (
        Kind.FIGURE,
        re.compile(
            rf"(?i:\bwhat (?:is|are|was|were|would be|will be)\b (?:the |a |an |its |their |his "
            rf"|her )?{_THING}(?:{_SIZES})\b"
            r"|\bwhat (?:percentage|proportion|share|amount|number|fraction|percent|sum|price|rate"
            r"|size|ratio)\b"
            rf"|\b(?:{_RECKONS}|find) (?:the |its |their )?{_THING}(?:{_SIZES}|sum|expression"
            rf"|equation|[xyz]|f\([^)]*\))\b)"
        ),
    ),
)  # fmt: skip

# Asked of a text, whatever words stand in the question: a definition, a cause, a basis.
IN_WORDS = re.compile(
    r"(?i:\b(?:based on|consists? of|relates? to|related to|defin(?:ed|itions?)|mean(?:t|s)? by"
    r"|components?|attributable to"
    r"|due to|assumptions?|led to|caused?|indicate)\b[^?]{0,40}\?|\bwhat (?:led|caused|does|do)\b)"
)
CITES = re.compile(r"(?i:\bcite\b|\bcitations? (?:of|for|to)\b)")
NAMES_OF = re.compile(r"(?i:\b(?:full |legal )?names? of (?:the|all|each|every|both)\b)")
FINDS_FIGURE = re.compile(
    rf"(?i:{_POLITE}(?:{_FINDS_WORDS}) (?:me )?(?:the |its |their )(?:\w+ ){{0,2}}(?:{_SIZES}|sum"
    rf"|greatest|least|smallest"
    r"|largest) (?:of|for|in|between|that|when|if)\b)"
)
GIVES_FIGURE = re.compile(
    rf"(?i:{_POLITE}(?:give|state|return|output|report)\b (?:me )?(?:only |just )?(?:the "
    rf"|a )?(?:final |exact )?"
    r"(?:amount|figure|number|sum|percentage|value)\b)"
)
SORTING = re.compile(
    rf"(?i:{_POLITE}(?:classify|categori[sz]e|label|tag|triage|choose|select|pick)\b)"
)
CHECKED_ALL_THE_SAME = re.compile(
    r"(?i:(?:evaluate|review|consider|suppose|provide|give|show)\b[^.?!]{0,80}"
    r"\b(?:list every|list all|number|values?|expression|integral|sum|total|citation)\b)"
)

CODE = re.compile(
    r"(?i:\b(?:write|implement|create|give|provide|develop|complete|fix|refactor"
    r"|design)\b(?: (?:me|us))?(?: (?:a|an|the|some|this|following"
    r"|simple|short|efficient|complete|recursive|new)){0,3} (?:[\w+#.-]+ ){0,3}(?:function|program"
    r"|code|quer(?:y|ies)|regex|regular expression|macro"
    r"|spreadsheet formula|sql|algorithm|bash script|shell script|python script|unit tests?"
    r"|html page|website)\b)"
)
OUTPUT_OF_CODE = re.compile(
    r"(?i:\bassert\b[^\n]{1,300}==|\bwhat (?:does|is|will|would)\b[^.?\n]{0,60}\b(?:print|output"
    r"|return)(?:s|ed)?\b"
    r"|\boutput of (?:the|this) (?:code|program|function|script|query)\b)"
)
