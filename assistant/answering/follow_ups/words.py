"""English words by the part they play in a question, and a question as words with offsets."""

from __future__ import annotations

from dataclasses import dataclass

from assistant import text as texts

FUNCTION = frozenset(
    """
    a about above after again against all also although am an and any anybody anyone anything
    anywhere are aren't around as at be became because become been before being below between
    both but by came can can't cannot come comes could couldn't did didn't do does doesn't
    doing don't done down during each either else ever every everybody everyone everything for
    from further get gets getting give given gives go goes going got had hadn't has hasn't have
    haven't having he her here hers him his how however i i'd i'll i'm i've if in instead into
    is isn't it it's its itself just lately let let's like made make makes many may me might
    mine more most much must my myself near neither no nobody nor not nothing now of off ok
    okay on once one ones only onto or other others otherwise our ours out over own per perhaps
    please quite rather really same shall she should shouldn't since so some somebody someone
    something somewhere still such than that that's the their theirs them themselves then there
    there's these they they're this those though through till to too toward towards under until
    up upon us use used uses using very via was wasn't we well were weren't what what's
    whatever when when's whenever where where's wherever whether which whichever while who
    who's whoever whom whose why will with within without won't would wouldn't yes yet you
    you're your yours
    """.split()
)
"""Words that say nothing about a subject."""

ASPECT = frozenset(
    """
    able achieve achieved actually agree agreed aim aims area areas ask asked available bad
    began begin benefit benefits best better big bring brings brought build built case cases
    change changed changes charge charged clarify clear close closed common compare compared
    consequence consequences cope coped copes coping cost costs create created date day days
    deal dealing deals dealt decide decided decides detail details develop developed difference
    different drawback drawbacks easy effect effective effects enough evidence example examples
    expect expected expensive explain fail failed failure fare fees few find finding findings
    first follow followed found fund funded funding funds good handle handled handles handling
    happen happened happens hard help helped helps high idea impact important improve improved
    improvement information introduce introduced involve involved issue issues join joined keep
    kind kinds know known last lead leads learn learned learnt leave left less lesson lessons
    level list long look lot low main manage managed managing mean means meant measure measured
    money month months need needed needs new next number numbers obstacle obstacles offer
    offered offers often old open opened outcome outcomes overcame overcome overcoming paid part
    parts pay pays people person place places point possible price problem problems pros put
    quickly reach reached reason reasons receive received recent respond responded result
    results right run runs safe save saved saves savings say says see seem seen set share short
    show showed shows side site sites size small soon sort sorts spend spent staffed start
    started starts step steps stop stopped succeed succeeded success successful tackle tackled
    tackles tackling take taken takes talk tell thank thanks thing things think time times told
    took total treat treated tried true try type types understand used useful value want wanted
    wants way ways weakness weaknesses week weeks went win won work worked working works worth
    wrong year years
    """.split()
)
"""Words for asking about some side of a subject: alone they name no subject of their own."""

WHICH_THING = frozenset(
    """
    alliance app approach area arrangement attempt borough centre city collaboration company
    contract county deal experiment federation hub idea initiative intervention model
    organisation organization partnership pathway pilot plan practice programme program project
    reform region scheme service strategy system team town trial unit village work
    """.split()
)
"""After "the": the thing talked about, called by its kind."""

PART_OF_THING = frozenset(
    """
    aim aims board budget ccg chair cost costs council councils effect effects evaluation evaluators
    finding findings funding gp gps hospital impact law leader leaders lesson lessons manager
    managers money nurses obstacles organisations outcome outcomes partner partners partners'
    patients people problem problems question reason reasons residents result results risk risks
    saving savings staff target targets team teams trust volunteers workers
    """.split()
)
"""After "the": something that belongs to the thing talked about."""

GENERIC_CAPITALS = frozenset(
    """
    a&e ai api april august bst ccg ccgs ceo december eu european faq february friday gmt gp gps i
    i'd i'll i'm i've icb icbs ics icss id it january july june march may mdt mdts monday
    november october ok pcn pcns pdf saturday september sunday tb thursday tuesday uk url us usa
    vcse wednesday nhs mr mrs ms dr no pls btw faqs
    """.split()
)
"""Words with capitals that name no subject of their own."""

SUBORDINATORS = frozenset(
    "after although and as because before but if once or since so than that though to until when "
    "where whether which while who whose".split()
)


@dataclass(frozen=True)
class Word:
    """A word of a text: `fold` is its case-folded form without a possessive ending."""

    start: int
    end: int
    text: str
    fold: str

    @property
    def telling(self) -> bool:
        """Whether it says something about a subject."""
        said = self.fold not in FUNCTION and self.fold not in ASPECT
        return said and len(self.fold) > 1 and not self.fold.isdecimal()


def words_of(text: str) -> list[Word]:
    """The words of `text`, in order; `text[start:end]` leaves a possessive ending out."""
    found = []
    for match in texts.WORD.finditer(text):
        word = match[0].replace("’", "'")
        bare = word[:-2] if word[-2:] in ("'s", "'S") and fold(word) not in FUNCTION else word
        found.append(
            Word(match.start(), match.start() + len(bare), match[0][: len(bare)], fold(bare))
        )
    return found


def fold(word: str) -> str:
    """`word` for comparing."""
    return word.casefold()
