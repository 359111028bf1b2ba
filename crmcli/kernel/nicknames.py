"""Given names: which are short for which, and which look alike but name different people.

Every line is one name: its spellings, and after the colon what those who have it are called for short. A short form
may stand on several lines (`alex`). Two names may be those of one person when one line holds both. Other languages'
forms of a name are other names, since people seldom change theirs.
"""

from functools import cache

_NAMES = """
aaron: ron
abigail: abby abbie gail
abraham: abe bram
adelaide/adelheid: addie heidi
albert: al bert bertie
alejandro: alex jandro
alessandro: alex sandro
aleksandr/alexandr/oleksandr: alex sasha sascha
alexander: alex al sandy sascha sasha xander alec lex
alexandre: alex
alejandra: alex
alessandra: alex sandra
alexandra/aleksandra/oleksandra: alex sandra sandy sasha lexi
alfred: al fred freddy alf
alan/allan/allen: al
amanda: mandy
amelia: amy millie
anastasia: stacy ana nastya
andrea: andi
andreas: andy andi
andrew: andy drew
andrei/andrey: andy
angela: angie
ann/anne: annie nan nancy
anna: annie anya
anneliese: liese
anthony: tony
anton: toni
antonio: toni tony
antonia: toni
arthur: art artie
barbara: barb babs barbie
beatrice/beatrix: bea trixie
beatriz: bea
benedict/benedikt: ben
benjamin: ben benny benji
bernard: bernie
bernhard: bernd bernie
bernadette: bernie
bradley: brad
brian/bryan
carl/karl
carla/karla
carol/carole
caroline: caro carrie
carolina: caro lina
catherine/katherine/katharine/kathryn: cathy kathy kate katie kat kit
katharina/katarina: kathi katja kat
ekaterina/yekaterina/kateryna: katya katja kate
katarzyna: kasia
cecilia: cecily celia
charles: charlie chuck chas
charlotte: charlie lottie lotte
christian/kristian: chris
christina/kristina/cristina: chris tina chrissy kris
christine/kristine: chris tina chrissy kris
christopher/kristoffer: chris topher kit
christoph/christof: chris
christophe: chris
krzysztof: krzysiek
clara/klara
constance: connie
cornelia: nelly conny
cynthia: cindy
daniel: dan danny
daniela: dani
danielle: dani
david: dave davey
deborah/debra: deb debbie
denis/dennis: denny
dmitry/dmitri/dimitri/dmytro: dima mitya
dominic/dominik: nick dom
dominique: dom
donald: don donnie
dorothy: dot dottie dolly
dorothea: thea
douglas: doug
edgar: ed
edward: ed eddie ted teddy ned
eduardo: edu lalo
edwin: ed eddie
eleanor: ellie nell nora
elena: lena
helen: nell
helena: lena
helene: lena
elisabeth/elizabeth: liz lizzie beth betty betsy liza lisa elsa elise lisbeth
elisa: lisa
isabel/isabelle: izzy bella belle
isabella: izzy bella
emily: em
eric/erik/erich: rick
erica/erika
ernest/ernst: ernie
esther/ester
eugene: gene
evgeny/evgeni/yevhen: zhenya
ferdinand: ferdi
fernando: nando
florence: flo
florian: flo
frances: fran frannie
francesca: franca
francisca: paca
franziska: franzi
francis: frank fran frankie
francesco: franco
francisco: paco pancho fran
frederick/frederic: fred freddie rick
friedrich: fritz fred
federico: fede
gabriel: gabe gabi
gabriela/gabriele/gabriella: gabi gaby
gabrielle: gabi gaby
geoffrey/jeffrey: geoff jeff
george/georg
gerald: gerry jerry
gerard: gerry
gerhard: gerd
gertrude: trudy gertie
giovanni: gianni
giuseppe: beppe peppe pino
gregory: greg gregg
gregor: greg
guillermo: memo
gunter/gunther
gustav: gus
gustavo: gus
hanna/hannah
harold: harry hal
heinrich: heinz heiner
henry: hank harry hal
hendrik/henrik: henk rik
enrique: quique
enrico: rico
herbert: herb bert
hermann/herman
ian/iain
ignacio: nacho
ingrid: inga
irina: ira
ivan: vanya
jacob/jakob: jake
james: jim jimmy jamie
jacqueline: jackie
jane: janie
jennifer: jen jenny jenn
jeremy: jerry jem
jerome: jerry
jessica: jess jessie
joachim: jochen achim
joan: joanie
joanna: jo
joanne: jo
johanna: jo hanna
johann/johannes: hans hannes jo
john: johnny jack jon
jonathan/jonathon: jon johnny
jose: pepe
joseph: joe joey
josef: sepp
josephine: josie jo
josefina: pepa fina
joshua: josh
juan: juanito
judith: judy
juliet/juliette
kenneth: ken kenny
kevin: kev
kimberly: kim
klaus/claus
konstantin: kostya
larissa: lara
laura: laurie lori
lawrence/laurence: larry laurie
lorenzo: renzo
lea/leah
leonard/leonhard: leo len lenny
leonardo: leo
leopold: leo poldi
leslie: les
lewis/louis: lou
ludwig: lutz
luigi: gigi
linda: lindy
louise: lou
lucas/lukas: luke
lucy/lucie
magdalena: lena magda
madeleine: maddie
manuel: manny manolo manu
manuela: manu
marcus/markus
mark/marc
margaret: maggie meg peggy marge margie rita
margarete/margarethe: greta grete gretchen
margarita: rita
margherita: rita
malgorzata: gosia
maria: mia maja mimi
mary: molly polly
mathilde/matilda: tilly tilda
matthew: matt mat matty
matthias/mathias: matze
maurice/moritz
maximilian: max maxi
maxim: max
melanie: mel
melissa: mel missy
michael/mikael: mike mick mickey mikey micha
mikhail/mykhailo: misha mischa
michaela: ela
michelle: shelly
mildred: millie
mohammed/mohamed/muhammad/mohammad: mo
monica/monika: moni
natalia/nataliya: nat natasha tasha
natalie/nathalie: nat
nathan: nate
nathaniel: nate nathan nat
nicholas/nicolas: nick nicky nico
nicola: nicky nico
nikolaus: niko klaus
nikolai/mykola: kolya
nils/niels
nicole: nicky nikki
norman: norm
oliver: ollie
olivia: livia liv
olga: olya
oscar/oskar
pavel/pawel/pavlo: pasha
pamela: pam
patricia: pat patty trish tricia
patrick: pat paddy rick
peter: pete
petr/petro
penelope: penny
philip/phillip/philipp: phil pip
rachel: rae
rafael/raphael: rafa ralf rafi
raymond: ray
rebecca/rebekka: becky becca
richard: rick ricky rich dick richie
robert: bob bobby rob robbie bert robby
roberto: berto
roberta: bobbie
roderick: rod
rodrigo: rodri
roger: rodge
ronald: ron ronnie
rose: rosie
rosemary/rosemarie: rose rosie
rudolf/rudolph: rudi rudy
russell: russ
salvador: sal
salvatore: sal toto
samantha: sam sammy
samuel: sam sammy
sara/sarah: sally sadie
sean/shaun/shawn
sebastian: seb bastian basti
sebastien: seb
sergei/sergey/serhii: seryozha
sidney/sydney: sid
siegfried: siggi
sophia/sofia: sonja sonya
stanislav/stanislaw: stan staszek
stanley: stan
stefan/stephan: steffen
stephen/steven: steve stevie
stefanie/stephanie: steffi steph
susan: sue susie suzy
susanne/suzanne: sue susi sanne
susanna/susana: sue susi
sylvia/silvia
tamara: tammy
teresa/theresa: terry tess tessa resi
terence/terrence: terry
theodor/theodore: ted teddy theo
thomas: tom tommy
tomasz: tomek
timothy: tim timmy
tobias: toby tobi
ulrich: uli ulli
ulrike: ulla uli
ursula: uschi ulla
valentina: val
valerie: val
valeria: val lera
vanessa: nessa
veronica/veronika: ronnie vera nika
victor/viktor: vic
victoria/viktoria: vicky tori vika
vincent: vince vinny
vincenzo: enzo
virginia: ginny ginger
vladimir/volodymyr: vlad vova volodya
walter: walt wally
wilhelm: willi willy
willem: wim
william: bill billy will willy liam
wolfgang: wolf
zachary: zach zack
"""
# Names without another spelling or a short form, each of which is somebody else's than those above.
_OTHERS = """
adam adrian agnes alberto alfredo alice alicia andre angelika anita annika antoine arturo beate boris carlos
catarina catalina claude claudia claudio denise diana diane diego dieter donna emma eva eve felix francois
franz frank frederik giorgio jorge jurgen giovanna giulia giulio grace guillaume hans henri hubert hugh hugo
ilse irene jacques jaime jan janet jana jean jason joaquin joel jonas jordan joyce julia juliana julian julien
julie julio julius justin karen karin lars laurent lorenz leon leona luis luiz luisa luise luca luke lucia
marcel marcia marco marek marguerite marie marina marianne mariana mario marion martha marta martin martina
marvin matteo mateo mauricio maurizio max michel michele miguel monique nikola niklas nora olivier otto paul
pablo paolo paulo paula paola pauline paulina pedro petra pierre pietro piotr philippe felipe ramon regina
regine renate rene renee ricardo riccardo rita rupert roland rolf rosa ruth sabine sabina sandra sergio sharon
simon simone sophie stefano stephane esteban sylvie therese tomas tommaso valentin wendy yvonne
"""


@cache
def _lines() -> list[list[str]]:
    lines = [line.replace("/", " ").replace(":", " ").split() for line in _NAMES.strip().split("\n")]
    return lines + [[name] for name in _OTHERS.split()]


@cache
def _known() -> dict[str, frozenset[int]]:
    """Every name with the numbers of the lines on which it stands."""
    found: dict[str, set[int]] = {}
    for number, names in enumerate(_lines()):
        for name in names:
            found.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


def same_name(a: str, b: str) -> bool:
    """Whether two given names, folded, may be those of one person: bob and robert, bill and will."""
    return a == b or not _known().get(a, frozenset()).isdisjoint(_known().get(b, frozenset()))


def different_names(a: str, b: str) -> bool:
    """Whether both are known as names and never of one person: john and joan, maria and mario."""
    known = _known()
    return a in known and b in known and known[a].isdisjoint(known[b])


@cache
def initials(name: str) -> frozenset[str]:
    """The first letters of a name and of all that it may be short for: b and r for bob."""
    lines = _known().get(name, frozenset())
    return frozenset({name[:1], *(other[0] for number in lines for other in _lines()[number])})
