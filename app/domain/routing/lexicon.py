"""Words that tell what a prompt asks for and what it is about: fixed lists, none of them learned.

A star stands for any ending. Each list is one feature: how often its words occur.
"""

from __future__ import annotations

from functools import lru_cache

ASKING = {
    "which": "which",
    "what": "what",
    "who": "who whom whose",
    "when": "when year years date dates",
    "where": "where",
    "why": "why explain* because reason*",
    "how": "how",
    "quantity": "many much number total sum amount long far old",
    "find": "find* comput* calculat* determin* solv* evaluat* prov* deriv* simplif*",
    "write": "writ* draft* compos* generat* creat* implement* prepar*",
    "summarise": "summar* outline overview key point* gist recap",
    "list": "list* extract* identif* nam* classif* categor* locat*",
    "form": "answer* respond* output* format* only exactly follow* below above",
}
REASONING = {
    "if": "if suppose assum* given let unless provided",
    "not": "not except never no least without cannot none",
    "all": "all any both every always each",
    "compare": "than more less fewer greater times twice half per between differ*",
    "order": "then after before next first last finally step* until",
    "numbers": "one two three four five six seven eight nine ten",
    "people": "he she his her him they them",
    "you": "you your please i my we our",
}
SUBJECTS = {
    "law": "law laws legal* court* contract* clause* lease* tenant* landlord* statut* plaintiff* "
    "defendant* liab* neglig* breach* damages judge* jury crim* constitution* amend* jurisdiction "
    "agreement* party parties indemn* warrant* covenant* deed* notice* privilege* regulat*",
    "money": "price* cost* tax* revenue* profit* interest market* sales income asset* share* "
    "stock* bond* bank* loan* inflation invest* account* budget* dividend* capital money pay* paid "
    "dollar* fiscal monetary fund* debt* credit* fee* rent",
    "medicine": "patient* disease* symptom* treatment* drug* doctor* diagnos* clinic* blood "
    "infect* virus* cancer* surg* pain therap* hospital* vaccin* syndrome* muscle* nerve* heart",
    "life": "cell* gene* protein* species dna rna evolution* plant* animal* enzyme* organism* "
    "bacteri* membrane* chromosom*",
    "matter": "acid* atom* molecul* electron* reaction* energy force* velocity mass temperature "
    "pressure voltage current* wave* light gravit* quantum heat ion* magnet* circuit* planet* "
    "star* sun earth moon orbit*",
    "algebra": "polynomial* equation* variable* root* integer* prime* divi* remainder* modul* "
    "factor* sequence* series matrix vector* real positive function* inequalit* coefficient* "
    "product",
    "shapes": "triangle* circle* angle* square* rectangle* perimeter area* radius diameter "
    "volume* parallel perpendicular coordinate* plane segment* polygon* cube* sphere*",
    "chance": "probabilit* random* dice coin* choos* way* combination* permutation* arrang* "
    "average* mean median distribut* varianc* percent* ratio*",
    "errands": "buy* bought sell* sold give* gave eat* ate earn* spend* spent left friend* "
    "brother* sister* mother father school class* student* week* day* hour* minute* mile* pound*",
    "programs": "python java javascript array* string* loop* algorithm* code* program* return* "
    "print* compil* sql html api int def bool dict tuple",
    "logic": "valid argument* premise* conclusion* impl* therefore true false statement* logic* "
    "fallac* contradict* necessar* sufficient entail*",
    "history": "war wars century king* queen* emperor* empire* revolution* president* treat* "
    "colon* ancient medieval battle* dynast* kingdom* soviet civil independence",
    "politics": "government* state* polic* election* vote* congress senate democra* politic* "
    "nation* international securit* military foreign union minister*",
    "culture": "film* movie* song* album* actor* actress* band music* singer* novel* author* "
    "book* season* episode* character* game* team* league cup won award* sport* football",
    "places": "country countries city cities capital river* mountain* island* ocean* sea "
    "population located north south east west africa* asia* europe* america* china india",
    "belief": "god church* bible jesus christ* islam* muslim* jew* hindu* buddh* religi* pope "
    "moral* ethic* philosoph* virtue*",
    "mind": "psycholog* behavio* cogniti* memor* emotion* personalit* child* develop* social* "
    "societ* cultur* learn* motivat* attitude* gender famil* identit* theor* stress",
    "business": "compan* business* manag* employ* customer* product* market* brand* strateg* "
    "organi* firm* industr* consumer* leader* project* merger* acqui* board director*",
    "home": "food water house* home* car* door* table* kitchen* clothes dog* cat* hand* eye* room* "
    "bed street* walk* cook* drink* sleep* hot cold paper* bag* box*",
    "computing": "network* server* data database* encrypt* software hardware processor* cpu "
    "protocol* internet web user* password* attack* model* train* neural machine privacy",
}
LISTS = {**ASKING, **REASONING, **SUBJECTS}
_COMMON_WORDS = """
a an the of to in on at for and or but if is are was were be been being it its this that these those
he she they his her their i you we my your our as by with from not no so than then there here have
has had do does did will would can could should may might must what which who when where how each
all any some one
"""
COMMON = frozenset(_COMMON_WORDS.split())
_SHORTEST, _LONGEST = 2, 12


@lru_cache(maxsize=1)
def _entries() -> tuple[dict[str, tuple[int, ...]], dict[str, tuple[int, ...]]]:
    """Return whole words and beginnings, each with the places of its lists."""
    whole: dict[str, tuple[int, ...]] = {}
    begins: dict[str, tuple[int, ...]] = {}
    for place, words in enumerate(LISTS.values()):
        for word in words.split():
            table, key = (begins, word[:-1]) if word.endswith("*") else (whole, word)
            table[key] = (*table.get(key, ()), place)
    return whole, begins


@lru_cache(maxsize=16_384)
def lists_of(word: str) -> tuple[int, ...]:
    """Return the places of the lists (in the order of `LISTS`) that a lower-case word is on."""
    whole, begins = _entries()
    found = set(whole.get(word, ()))
    for size in range(_SHORTEST, min(len(word), _LONGEST) + 1):
        found.update(begins.get(word[:size], ()))
    return tuple(sorted(found))
