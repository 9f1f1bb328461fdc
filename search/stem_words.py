"""Words that the light stemmer must know: irregular plurals, and words and names that merely end in s."""

from __future__ import annotations

IRREGULAR: dict[str, str] = {
    # Latin and Greek plurals that charts use
    "adenomata": "adenoma",
    "alveoli": "alveolus",
    "anastomoses": "anastomosis",
    "bacteria": "bacterium",
    "bronchi": "bronchus",
    "calculi": "calculus",
    "carcinomata": "carcinoma",
    "cirrhoses": "cirrhosis",
    "criteria": "criterion",
    "diagnoses": "diagnosis",
    "diverticula": "diverticulum",
    "emboli": "embolus",
    "exostoses": "exostosis",
    "fibroses": "fibrosis",
    "foramina": "foramen",
    "fungi": "fungus",
    "ganglia": "ganglion",
    "hila": "hilum",
    "humeri": "humerus",
    "hypotheses": "hypothesis",
    "lumina": "lumen",
    "maxillae": "maxilla",
    "metastases": "metastasis",
    "nares": "naris",
    "necroses": "necrosis",
    "neuroses": "neurosis",
    "nuclei": "nucleus",
    "ova": "ovum",
    "paralyses": "paralysis",
    "phalanges": "phalanx",
    "prognoses": "prognosis",
    "prostheses": "prosthesis",
    "psychoses": "psychosis",
    "septa": "septum",
    "stenoses": "stenosis",
    "stimuli": "stimulus",
    "symphyses": "symphysis",
    "syntheses": "synthesis",
    "testes": "testis",
    "thromboses": "thrombosis",
    "thrombi": "thrombus",
    "vertebrae": "vertebra",
    "villi": "villus",
    # English ones that no rule gives
    "biases": "bias",
    "caches": "cache",
    "calories": "calorie",
    "calves": "calf",
    "cookies": "cookie",
    "echoes": "echo",
    "embryos": "embryo",
    "feet": "foot",
    "fetuses": "fetus",
    "gases": "gas",
    "halves": "half",
    "hiatuses": "hiatus",
    "ileuses": "ileus",
    "irises": "iris",
    "lenses": "lens",
    "lipomata": "lipoma",
    "movies": "movie",
    "mucuses": "mucus",
    "pelvises": "pelvis",
    "photos": "photo",
    "placebos": "placebo",
    "plexuses": "plexus",
    "potatoes": "potato",
    "psyches": "psyche",
    "sinuses": "sinus",
    "statuses": "status",
    "teeth": "tooth",
    "tibiae": "tibia",
    "tomatoes": "tomato",
    "torsos": "torso",
    "uteruses": "uterus",
    "videos": "video",
    "viruses": "virus",
}
"""Plural to singular, for words that the rules would part."""

_ENDING_IN_S = """
aids alias always arkansas ascites atlas besides biceps caries christmas dallas diabetes does facies feces
forceps goes herpes kansas lens measles menses mers mumps news obstetrics pancreas pediatrics perhaps
physics psoas quadriceps rabies rickets sars scabies series shingles species texas triceps vegas whereas
"""

_NAMES = """
abbas adams agnes alexis alves amos andreas andrews angus arias ayers banks barnes barrios bates beals biggs
bowers bowles boyles briggs brooks bruns burgos burris byers camus cardenas carlos carruthers cass cervantes
charles childers chris cisneros clemens clements collins connors contreras corrales cortes cummings cummins
curtis daniels davies davis delores dennis diggs dolores doris douglas duenas dumas edwards elias ellis
ennis enriques estes evans fernandes flanders flores forbes frances francis frias fuentes gaines gates
gibbons gibbs giles gladys goines gomes gonzales graves griggs grimes groves guess haines hannes hans
harkins harris hastings hawkins hayes haynes hendricks henriques hicks higgins hines hodges holmes hopkins
howells hughes hutchins ines inglis iris isaacs jacobs jacques james janis jaques jarvis jeffers jeffries
jenkins jennings jens jesus jonas jones jules justus lars lewis lois lopes louis lucas luis lukas lyons
marcus marques mathews mathias mathis matias matthews mcadams mcginnis mcinnis mcmanus meeks menendes
mercedes meyers michaels miles mims morales morris moses moss mullins mullis myers myles nicholas nichols
nicks niels nieves norris nunes otis owens palacios paredes parks parsons perkins peters petris phelps
phillips phyllis pickens pires potts powers prentiss puentes quarles raines ramos reaves reeves reyes
reynolds rhodes richards riggs rios rivas rivers robbins roberts robles rodrigues rogers rojas rollins
rosales ross russ salas salinas sanders santos sauls saunders scruggs silas simmons simons sims skaggs
soares solis spears stephens stevens stubbs suggs summers sykes tavares thomas tobias torres travis tubbs
valdes vargas venegas villegas wallis walters waters watkins watts wes wilkes wilkins williams willis
winters woods yates
"""

INVARIABLE: frozenset[str] = frozenset((_ENDING_IN_S + _NAMES).split()) | frozenset(IRREGULAR.values())
"""Words and frequent names that end in s and are no plural of what remains without it."""
