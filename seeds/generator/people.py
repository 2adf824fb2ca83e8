"""The patients, none of them real: who they are, how their body is at rest, and which plan they get."""

from dataclasses import dataclass

from log import identifier, stream


@dataclass(frozen=True)
class Patient:
    key: str
    given: tuple
    family: str
    born: str
    sex: str
    weight: int  # tenths of kg
    height: int  # cm
    systolic: int
    diastolic: int
    heart: int
    saturation: int = 98
    pressure_gain: float = 0.19
    heart_gain: float = 0.17
    prescriber: str = "a.thorne"
    # The plan, doses in hundredths of mg/kg and mg/kg/h: sessions, days between, target, most, fastest, minutes, bolus.
    plan: tuple = (6, 14, 50, 90, 50, 90, None)
    driver: tuple = ("", "")
    allergies: tuple = ()

    @property
    def premedication(self):
        return ("ondansetron 4 mg iv",) if self.key in ("elmsworth", "ahuehuete") else ()

    @property
    def stream(self):
        return stream("patient", self.key)

    @property
    def id(self):
        return identifier(f"patient/{self.key}")

    @property
    def plan_id(self):
        return identifier(f"plan/{self.key}")

    @property
    def name(self):
        return " ".join((*self.given, self.family))


PATIENTS = [
    Patient("ashdown", ("Juniper",), "Ashdown", "1984-03-19", "female", 684, 168, 116, 74, 68,
            driver=("Basil Ashdown", "husband"), allergies=("penicillin",)),
    Patient("marchbanks", ("Éloïse", "Anémone"), "Marchbanks-Featherstonehaugh", "1977-11-02", "female", 812, 171, 124, 79, 74,
            prescriber="p.larkspur", driver=("Barnaby Featherstonehaugh", "brother"), plan=(6, 14, 55, 100, 50, 100, 10)),
    Patient("ohollyhock", ("Seán",), "O'Hollyhock", "1959-07-30", "male", 964, 180, 158, 96, 82),
    Patient("cinar", ("İpek",), "Çınar-Söğüt", "1996-01-08", "female", 587, 163, 112, 70, 72, prescriber="p.larkspur"),
    Patient("quillfeather", ("Bartholomew", "Zebedee"), "Quillfeather", "1968-05-25", "male", 885, 183, 128, 80, 70,
            driver=("Hyacinth Quillfeather", "wife")),
    Patient("sliwinska", ("Zofia",), "Śliwińska-Brzoza", "1990-09-14", "female", 623, 166, 110, 69, 71,
            prescriber="p.larkspur", driver=("Marek Brzoza", "partner"), allergies=("latex",)),
    Patient("birkelund", ("Søren",), "Birkelund", "1973-12-06", "male", 791, 178, 131, 83, 73, pressure_gain=0.22, heart_gain=0.19,
            driver=("Astrid Birkelund", "wife")),
    Patient("mopani", ("Lindiwe", "Thandeka"), "Mopani", "1987-06-21", "female", 736, 165, 119, 76, 76,
            prescriber="p.larkspur", driver=("Themba Marula", "friend"), plan=(4, 14, 45, 80, 45, 80, None)),
    Patient("nguyen", ("Hồng", "Liễu"), "Nguyễn", "1992-04-11", "female", 519, 157, 108, 68, 75, saturation=99,
            driver=("Trúc Nguyễn", "sister"), plan=(5, 14, 45, 80, 45, 80, None)),
    Patient("elmsworth", ("Thaddeus",), "Elmsworth", "1963-08-17", "male", 902, 176, 134, 84, 66, saturation=97,
            prescriber="p.larkspur", driver=("Clementine Elmsworth", "daughter"), allergies=("sulfonamides", "shellfish")),
    Patient("ahuehuete", ("Guadalupe",), "Ahuehuete Ñandú", "1981-10-29", "female", 705, 160, 121, 77, 78,
            driver=("Jacaranda Ñandú", "mother"), plan=(5, 14, 50, 90, 50, 90, 10)),
    Patient("cedarholm", ("Ulrika",), "Cedarholm", "1979-02-03", "female", 668, 170, 118, 75, 69,
            prescriber="p.larkspur", driver=("Björn Tallskog", "neighbour")),
    Patient("tamarack", ("Wren", "Solstice"), "Tamarack", "1994-12-21", "other", 643, 172, 114, 72, 70,
            driver=("Indigo Tamarack", "sibling")),
    Patient("banksia", ("Banjo",), "Banksia", "1970-07-07", "male", 838, 181, 129, 82, 72, saturation=97,
            prescriber="p.larkspur", driver=("Matilda Banksia", "wife"), plan=(4, 14, 45, 80, 45, 80, None)),
    Patient("rowan", ("Aoife",), "Rowan-Delacroix", "1989-05-01", "female", 594, 169, 113, 71, 67,
            prescriber="t.yarrow", driver=("Florian Delacroix", "husband"), plan=(6, 14, 50, 90, 50, 90, None)),
    Patient("kauri", ("Tāne",), "Kauri", "1985-08-24", "male", 1017, 188, 126, 81, 64,
            driver=("Kōwhai Kauri", "sister"), plan=(4, 14, 45, 80, 45, 90, None)),
    Patient("whitethorn", ("Saoirse",), "van der Maple-Whitethorn", "1998-02-16", "female", 571, 164, 111, 70, 73,
            prescriber="t.yarrow", driver=("Oisín Whitethorn", "father")),
]
BY_KEY = {patient.key: patient for patient in PATIENTS}
