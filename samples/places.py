"""Streets, towns and telephone numbers. The towns are real, so that ZIP and area codes go together."""

from __future__ import annotations

import random

from backfile.domain.patient import Address
from samples.names import split_words

_TOWNS = tuple(
    (city.replace("_", " "), state, prefix, area)
    for city, state, prefix, area in (
        line.split()
        for line in """
Albany NY 122 518|Rochester NY 146 585|Yonkers NY 107 914|Brooklyn NY 112 718|Utica NY 135 315
Boston MA 021 617|Worcester MA 016 508|Springfield MA 011 413|Lowell MA 018 978|Providence RI 029 401
Hartford CT 061 860|Bridgeport CT 066 203|Portland ME 041 207|Manchester NH 031 603|Burlington VT 054 802
Newark NJ 071 973|Trenton NJ 086 609|Camden NJ 081 856|Philadelphia PA 191 215|Pittsburgh PA 152 412
Scranton PA 185 570|Lancaster PA 176 717|Wilmington DE 198 302|Baltimore MD 212 410|Silver_Spring MD 209 301
Richmond VA 232 804|Norfolk VA 235 757|Roanoke VA 240 540|Charleston WV 253 304|Raleigh NC 276 919
Charlotte NC 282 704|Asheville NC 288 828|Columbia SC 292 803|Greenville SC 296 864|Atlanta GA 303 404
Savannah GA 314 912|Macon GA 312 478|Jacksonville FL 322 904|Tampa FL 336 813|Miami FL 331 305
Orlando FL 328 407|Birmingham AL 352 205|Mobile AL 366 251|Jackson MS 392 601|Nashville TN 372 615
Memphis TN 381 901|Knoxville TN 379 865|Louisville KY 402 502|Lexington KY 405 859|Columbus OH 432 614
Cleveland OH 441 216|Cincinnati OH 452 513|Toledo OH 436 419|Detroit MI 482 313|Grand_Rapids MI 495 616
Lansing MI 489 517|Indianapolis IN 462 317|Fort_Wayne IN 468 260|Chicago IL 606 312|Peoria IL 616 309
Rockford IL 611 815|Milwaukee WI 532 414|Madison WI 537 608|Green_Bay WI 543 920|Minneapolis MN 554 612
Duluth MN 558 218|St._Paul MN 551 651|Des_Moines IA 503 515|Cedar_Rapids IA 524 319|St._Louis MO 631 314
Kansas_City MO 641 816|Springfield MO 658 417|Little_Rock AR 722 501|New_Orleans LA 701 504
Baton_Rouge LA 708 225|Shreveport LA 711 318|Lafayette LA 705 337|Houston TX 770 713|Dallas TX 752 214
San_Antonio TX 782 210|El_Paso TX 799 915|Laredo TX 780 956|Lubbock TX 794 806|Oklahoma_City OK 731 405
Tulsa OK 741 918|Wichita KS 672 316|Topeka KS 666 785|Omaha NE 681 402|Sioux_Falls SD 571 605
Fargo ND 581 701|Billings MT 591 406|Cheyenne WY 820 307|Denver CO 802 303|Pueblo CO 810 719
Albuquerque NM 871 505|Las_Cruces NM 880 575|Phoenix AZ 850 602|Tucson AZ 857 520|Salt_Lake_City UT 841 801
Boise ID 837 208|Las_Vegas NV 891 702|Reno NV 895 775|Seattle WA 981 206|Spokane WA 992 509
Portland OR 972 503|Eugene OR 974 541|Sacramento CA 958 916|San_Jose CA 951 408|Fresno CA 937 559
Oakland CA 946 510|Los_Angeles CA 900 323|San_Diego CA 921 619|Bakersfield CA 933 661|Honolulu HI 968 808
Anchorage AK 995 907|San_Juan PR 009 787
""".replace("\n", "|").split("|")
        if line
    )
)
_STREETS = split_words(
    """
    Main Oak Maple Cedar Pine Elm Walnut Chestnut Park Lake Hill Washington Jefferson Lincoln Madison Adams
    Franklin Church Mill River Spring School Highland Sunset Ridge Meadow Valley Forest Willow Birch Dogwood
    Magnolia Sycamore Hickory Juniper Cypress Laurel Holly Locust Poplar Center North South Broadway Court
    Prospect Pleasant Grove Summit Union Liberty Monroe Jackson Harrison Cleveland Grant Sherman Wilson
    Fairview Orchard Vine Cherry Peach Canal Depot Market Water Bridge College University Academy Lafayette
    Delaware Ohio Michigan Santa_Fe Camino_Real San_Pedro El_Paso Alameda Rio_Grande Bayou Creekside
    Stonegate Foxglove Deer_Run Eagle_Nest Quail_Hollow Old_Mill Martin_Luther_King Cesar_Chavez Kennedy
    Roosevelt Lakeshore Hillcrest Brookside Rosewood Ashland Beechwood Cambridge Oxford Windsor Devonshire
    Kingston
    """
)
_KINDS = split_words(
    """
    St Street Ave Avenue Rd Road Dr Drive Ln Lane Ct Court Blvd Boulevard Pl Place Ter Terrace Way Cir Circle
    Pkwy Trl Loop Hwy
    """
)


def draw_address(rng: random.Random, *, town: tuple[str, str, str, str] | None = None) -> Address:
    """Draw an address; ``town`` as ``draw_town`` gives it."""
    city, state, prefix, _ = town or draw_town(rng)
    chance = rng.random()
    number = str(rng.choice([rng.randint(1, 99), rng.randint(100, 999), rng.randint(1000, 19999)]))
    if chance < 0.05:
        street = f"PO Box {rng.randint(10, 9999)}"
    elif chance < 0.17:
        nth = rng.randint(1, 98)
        ending = "th" if 10 <= nth % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(nth % 10, "th")
        way = rng.choice(["", "N ", "S ", "E ", "W ", "SW "])
        street = f"{number} {way}{nth}{ending} {rng.choice(_KINDS[:4])}"
    elif chance < 0.21:
        road = rng.choice(["County Road", "State Route", "Highway", "RR", "FM"])
        street = f"{number} {road} {rng.randint(1, 899)}"
    else:
        way = rng.choice(["", "", "", "N ", "S ", "E ", "W ", "North ", "SE "])
        street = f"{number} {way}{rng.choice(_STREETS)} {rng.choice(_KINDS)}"
    if chance > 0.8:
        room = rng.choice([str(rng.randint(1, 40)), f"{rng.randint(1, 12)}{rng.choice('ABCDEF')}"])
        street += f" {rng.choice(['Apt', 'Apt.', '#', 'Unit', 'Apt #', 'Lot', 'Ste'])} {room}".replace(
            "# ", "#"
        )
    return Address(street, city, state, f"{prefix}{rng.randint(1, 99):02d}")


def draw_town(rng: random.Random) -> tuple[str, str, str, str]:
    """Draw (city, state, first three digits of the ZIP, area code)."""
    return rng.choice(_TOWNS)


def draw_phone(rng: random.Random, *, area: str = "") -> str:
    """Draw the 10 digits of a telephone number; half of them in the range kept for fiction."""
    exchange = "555" if rng.random() < 0.5 else f"{rng.randint(2, 9)}{rng.randint(10, 99)}"
    line = f"{rng.randint(100, 199):04d}" if exchange == "555" else f"{rng.randint(0, 9999):04d}"
    return f"{area or draw_town(rng)[3]}{exchange}{line}"
