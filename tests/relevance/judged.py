"""Queries as buyers type them, with what they hope for among the demo's goods, by SKU.

3 is what is meant, 2 nearly that, 1 better than nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Judged:
    kind: str
    query: str
    gains: Mapping[str, int]


def _judged(kind: str, table: str) -> list[Judged]:
    """A row is `query | 3: SKU SKU | 2: SKU | 1: SKU`."""
    found = []
    for row in filter(None, map(str.strip, table.splitlines())):
        query, *graded = (part.strip() for part in row.split("|"))
        gains = {}
        for part in graded:
            gain, _colon, skus = part.partition(":")
            gains |= dict.fromkeys(skus.split(), int(gain))
        found.append(Judged(kind, query, gains))
    return found


QUERIES = [
    *_judged("English", """
        pepsi | 3: PEP-330
        water | 3: MAI-1500 F-MAI MAS-500 ALA-330
        milk | 3: ALM-1000 M-ALM-1000 RAW-MILK | 2: NID-1800 RAW-CHOC | 1: GAL-40
        rice | 3: TIL-5 S-TIL-5 | 1: NES-BABY
        orange juice | 3: LAC-1000
        cheese | 3: PUC-500 KIR-24 | 2: THA-SAMB
        chicken | 3: THA-CHICK | 2: AME-NUG
        green tea | 3: LIP-GREEN
        tea | 3: LIP-100 LIP-GREEN
        coffee | 3: NES-200 NAK-QAHWA NES-3IN1
        dates | 3: NAK-KHAL NAK-MEDJ | 1: SAN-MAAM SAN-CAKE
        shampoo | 3: YAS-SHAM YAS-ROSE
        soft drinks | 3: PEP-330 7UP-330 F-7UP COC-330
        olive oil | 3: NOO-750
        oil | 3: NOO-1800 NOO-750 AFI-1500 | 1: FAL-TUNA
        washing powder | 3: TID-3 N-TID-3
        toothpaste | 3: COL-TP COL-WHITE
        black pepper | 3: SOQ-PEP
        chocolate | 3: GAL-40 GAL-200 GAL-GIFT | 2: RAW-CHOC | 1: KEL-COCO
        galaxy | 3: GAL-40 GAL-200 GAL-GIFT
        nappies | 3: PAM-4 PAM-5
        flour | 3: SAN-FL10 SAN-FL2
        sugar | 3: SAN-SUG | 1: NES-3IN1
        eggs | 3: RAW-EGGS
        tissue | 3: QUT-FAC QUT-TOIL
    """),
    *_judged("Arabic", """
        بيبسي | 3: PEP-330
        حليب | 3: ALM-1000 M-ALM-1000 RAW-MILK | 2: NID-1800 RAW-CHOC | 1: GAL-40
        الحليب | 3: ALM-1000 M-ALM-1000 RAW-MILK | 2: NID-1800 RAW-CHOC | 1: GAL-40
        مياه | 3: MAI-1500 F-MAI MAS-500 ALA-330
        أرز بسمتي | 3: TIL-5 S-TIL-5
        ارز | 3: TIL-5 S-TIL-5 | 1: NES-BABY
        قهوه عربيه | 3: NAK-QAHWA
        شاي أخضر | 3: LIP-GREEN
        عصير | 3: LAC-1000 LAC-APPLE BUS-POM
        العصير البرتقال | 3: LAC-1000
        جبنه | 3: PUC-500 KIR-24 | 2: THA-SAMB
        تمر | 3: NAK-KHAL NAK-MEDJ | 2: SAN-CAKE | 1: SAN-MAAM
        بِيبْسي | 3: PEP-330
        زيت الزيتون | 3: NOO-750
        دجاج | 3: THA-CHICK | 2: AME-NUG
        فلفل | 3: SOQ-PEP | 2: LAY-CHILI
        مناديل | 3: QUT-FAC | 2: PAM-WIPE
        مشروبات غازية | 3: PEP-330 7UP-330 F-7UP COC-330
        آيسكريم | 3: THA-VAN THA-PIST
        طماطم | 3: BUS-TOM | 1: HEI-KET FAL-SARD
    """),
    *_judged("mixed", """
        بيبسي 330ml | 3: PEP-330
        pepsi ٣٣٠ مل | 3: PEP-330
        حليب almarai | 3: ALM-1000 M-ALM-1000
        almarai لبن | 3: ALM-LABAN
        nescafe كلاسيك | 3: NES-200
        شامبو yasmin | 3: YAS-SHAM YAS-ROSE
        lipton أخضر | 3: LIP-GREEN
        tilda أرز 5kg | 3: TIL-5 S-TIL-5
    """),
    *_judged("slips", """
        pespi | 3: PEP-330
        pepsy | 3: PEP-330
        cocacolla | 3: COC-330
        choclate | 3: GAL-40 GAL-200 GAL-GIFT | 2: RAW-CHOC | 1: KEL-COCO
        shampo | 3: YAS-SHAM YAS-ROSE
        almrai milk | 3: ALM-1000 M-ALM-1000
        spagetti | 3: BAR-500 S-BAR
        yogurt | 3: ALM-YOG | 1: ALM-LABAN
        deterjent powder | 3: TID-3 N-TID-3
        nescaffe | 3: NES-200 NES-3IN1
        pampars | 3: PAM-4 PAM-5 | 2: PAM-WIPE
        tumeric | 3: SOQ-TURM
        ببسي | 3: PEP-330
        شكولاته | 3: GAL-40 GAL-200 GAL-GIFT | 2: RAW-CHOC
        نسكافية | 3: NES-200 NES-3IN1
        ketshup | 3: HEI-KET
    """),
    *_judged("codes", """
        PEP-330 | 3: PEP-330
        pep330 | 3: PEP-330
        6291003800115 | 3: PEP-330
        06291003800115 | 3: PEP-330
        6291003800481 | 3: 7UP-330 F-7UP
        LIP GREEN | 3: LIP-GREEN
        nes-3in1 | 3: NES-3IN1
        ٦٢٩١٠٠٤٠٠٢٠١٣ | 3: COC-330
    """),
    *_judged("any order", """
        milk almarai | 3: ALM-1000 M-ALM-1000
        330ml cola coca | 3: COC-330
        juice pomegranate bustan | 3: BUS-POM
        rice basmati 5kg tilda | 3: TIL-5 S-TIL-5
        مراعي حليب | 3: ALM-1000 M-ALM-1000
        powder tide | 3: TID-3 N-TID-3
    """),
    *_judged("together, apart, units", """
        redbull | 3: RED-250
        red bull | 3: RED-250
        7 up | 3: 7UP-330 F-7UP
        7up | 3: 7UP-330 F-7UP
        seven up | 3: 7UP-330 F-7UP
        pepsi330 | 3: PEP-330
        pepsi 330 ml | 3: PEP-330
        cocacola | 3: COC-330
        maidubai | 3: MAI-1500 F-MAI
        corn flakes | 3: KEL-CORN
        cornflakes | 3: KEL-CORN
        ice cream | 3: THA-VAN THA-PIST
        icecream | 3: THA-VAN THA-PIST
        water 500 ml | 3: MAS-500
        water 1.5 ltr | 3: MAI-1500 F-MAI
        rice 5 kgs | 3: TIL-5 S-TIL-5
        liptontea | 3: LIP-100 LIP-GREEN
        pepsi 24 x 330 | 3: PEP-330
    """),
]  # fmt: skip
