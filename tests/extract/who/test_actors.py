import re
from collections import Counter
from functools import cache
from itertools import combinations
from typing import Any

import pytest

from services.extract.who.actors import KINDS, find, known
from services.extract.words.names import key_of_name
from services.extract.words.nations import nations
from services.extract.words.tables import table


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("fighters of the Islamic State (ISIS)", ["isis", "isis"]),
        ("ISIS-K is not Daesh", ["isis-khorasan", "isis"]),
        ("The IS claimed it; it is so.", ["isis"]),
        ("12 KILLED AS TOWN IS SHELLED", []),
        ("US Central Command said US forces struck", ["centcom", "us-military"]),
        ("the U.S. military told us", ["us-military"]),
        ("the Kurdish-led Syrian Democratic Forces (SDF)", ["sdf", "sdf"]),
        ("al-Shabab and Al Shabaab", ["al-shabaab", "al-shabaab"]),
        ("Houthi rebels", ["houthis"]),
        ("Turkey's Defence Ministry; the Turkish Ministry of Defense", ["turkey-defence-ministry", "turkey-defence-ministry"]),
        ("Iraq's interior ministry", ["iraq-interior-ministry"]),
        ("Kenyan police and the Iraqi army", ["kenyan-police", "iraqi-army"]),
        ("Congolese soldiers", ["fardc"]),
        ("officials of the Ministry of Health in Gaza", ["gaza-health-ministry"]),
        ("Ukraine said so; in Ukraine they said so", ["ukraine-government"]),
        ("the wagner of an opera, a white army of ants", []),
    ],
)
def test_names_in_all_their_spellings(text: str, slugs: list[str]) -> None:
    mentions = find(text)
    assert [m.slug for m in mentions] == slugs
    assert all(text[m.start : m.end].strip() == text[m.start : m.end] for m in mentions)


def test_a_short_name_means_the_one_that_the_article_speaks_of() -> None:
    assert [m.slug for m in find("In Sudan the RSF shelled a camp")] == ["rsf"]
    assert [m.slug for m in find("Reporters Without Borders (RSF) counted")] == ["reporters-without-borders"] * 2
    assert [m.slug for m in find("The SNA entered Somalia's south")] == ["somali-army"]
    assert [m.slug for m in find("The SNA entered Syria's north")] == ["syrian-national-army"]
    assert find("The RSF met") == []


def test_a_command_stands_on_its_countrys_side() -> None:
    (mention,) = find("CENTCOM said")
    assert (mention.kind, mention.side) == ("state_force", "us-military")


@pytest.mark.parametrize(
    "slug",
    [
        "isis",
        "centcom",
        "us-military",
        "sdf",
        "iraqi-army",
        "peshmerga",
        "taliban",
        "haqqani",
        "isaf",
        "al-shabaab",
        "jnim",
        "boko-haram",
        "iswap",
        "hamas",
        "hezbollah",
        "idf",
        "houthis",
        "rsf",
        "saf",
        "m23",
        "wagner",
        "pkk",
        "turkish-army",
        "russian-army",
        "ukrainian-army",
        "amisom",
        "atmis",
        "iraq-defence-ministry",
        "iraqi-police",
        "sohr",
        "united-nations",
    ],
)
def test_the_lexicon_knows_those_who_fill_the_news(slug: str) -> None:
    actor = known(slug)
    assert actor is not None
    assert actor.kind in KINDS


def _slugs(text: str) -> list[str]:
    return [m.slug for m in find(text)]


@cache
def _listed() -> dict[str, dict[str, Any]]:
    """What the table says of each actor, by id; an id that stands there twice is refused."""
    listing = table("actors.yaml")
    listed: dict[str, dict[str, Any]] = {}
    for kind in KINDS:
        for key, entry in listing[kind].items():
            slug = entry.get("slug", key)
            assert slug not in listed
            listed[slug] = {"kind": kind, **entry}
    return listed


def _countries(slug: str) -> frozenset[str]:
    entry = _listed()[slug]
    return frozenset([*entry.get("in", ()), *([entry["state"]] if "state" in entry else ())])


def test_the_lexicon_holds_actors_of_every_kind_and_continent() -> None:
    held = Counter(entry["kind"] for entry in _listed().values())
    assert held.total() >= 430
    assert set(held) == set(KINDS)
    spoken_of = {country for slug in _listed() for country in _countries(slug)}
    assert {"SY", "ML", "NG", "CD", "SO", "MZ", "MM", "PH", "IN", "PK", "UA", "BA", "GB", "CO", "MX", "HT", "PE"} <= spoken_of


def test_every_id_is_a_lower_case_slug() -> None:
    assert [slug for slug in _listed() if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)] == []


def test_every_actor_has_a_known_kind_a_known_side_and_known_countries() -> None:
    for slug, entry in _listed().items():
        actor = known(slug)
        assert actor is not None
        assert actor.kind in KINDS
        assert known(entry.get("side", slug)) is not None, slug
        assert _countries(slug) <= set(nations()), slug


def test_every_full_name_means_its_actor_where_nothing_else_is_said() -> None:
    strangers = {
        (name, slug)
        for slug, entry in _listed().items()
        for name in entry["names"]
        if _slugs(name.replace("' ", " ")) != [slug]  # an apostrophe that ends a word
    }
    assert strangers == set()


def test_no_name_is_shared_by_two_ids_without_a_country_that_tells_them_apart() -> None:
    sharing: dict[str, set[tuple[str, bool]]] = {}
    for slug, entry in _listed().items():
        for name in (*entry["names"], *entry.get("short", ())):
            sharing.setdefault(key_of_name(name), set()).add((slug, name in entry["names"]))
    for name, meant in sharing.items():
        for (one, one_full), (other, other_full) in combinations(meant, 2):
            if one != other:
                assert not (one_full and other_full), (name, one, other)
                assert not _countries(one) & _countries(other), (name, one, other)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Canadian armed forces", "canadian-army"),
        ("Indian air force", "indian-army"),
        ("Haitian national police", "haitian-police"),
        ("Ukraine's air force", "ukrainian-army"),
    ],
)
def test_a_countrys_forces_are_known_in_small_letters_where_an_actor_has_the_name_in_capitals(name: str, slug: str) -> None:
    assert _slugs(f"A spokesman of the {name} confirmed it") == [slug]


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Fighters of Hay’at Tahrir al-Sham held the crossroads", "hts"),
        ("Jabhat al-Nusra left the village at dawn", "nusra-front"),
        ("The Sultan Murad Division shelled the road", "sultan-murad"),
        ("Asaib Ahl al-Haq denied it", "asaib-ahl-al-haq"),
        ("Hashd al-Sha‘abi units were sent to the hills", "popular-mobilization-forces"),
        ("Izz al-Din al-Qassam Brigades published a film", "hamas"),
        ("The South Lebanon Army kept eight posts", "south-lebanon-army"),
        ("Ansarullah fired on two ships", "houthis"),
        ("Mojahedin-e Khalq spoke of an ambush", "mujahedin-e-khalq"),
        ("Jama'at Nusrat ul-Islam wal-Muslimin said it was behind both raids", "jnim"),
        ("gunmen of Katiba Macina burnt the granary", "macina-liberation-front"),
        ("Lakurawa men came on motorcycles", "lakurawa"),
        ("Jama’atu Ahlis Sunna Lidda’awati wal-Jihad held the girls", "boko-haram"),
        ("The Armed Islamic Group stopped the bus", "armed-islamic-group"),
        ("Frente Polisario reported shelling along the berm", "polisario"),
        ("Al-Shebab overran the base", "al-shabaab"),
        ("Ethiopian People's Revolutionary Democratic Front columns neared the capital", "eprdf"),
        ("the Lord’s Resistance Army took eleven children", "lra"),
        ("Raïa Mutomboki and nobody else", "raia-mutomboki"),
        ("Interahamwe manned the barrier", "interahamwe"),
        ("Ahlu Sunnah Wa-Jama burnt the ferry", "isis-mozambique"),
        ("Unita shelled Kuito for a month", "unita"),
        ("The Revolutionary United Front held the mine", "revolutionary-united-front"),
        ("Tehreek-e-Taliban Pakistan called off the truce", "ttp"),
        ("The Balochistan Liberation Army stopped a train", "bla"),
        ("CPI-Maoist cadres mined the road", "maoists-india"),
        ("Hizb-ul-Mujahideen named a new commander", "hizbul-mujahideen"),
        ("NSCN-IM camps were searched", "nscn-im"),
        ("Liberation Tigers of Tamil Eelam sank a patrol boat", "ltte"),
        ("The Karen National Liberation Army took the bridge", "knla"),
        ("Ta’ang National Liberation Army drones hit the barracks", "tnla"),
        ("Abou Sayyaf freed the crew", "abu-sayyaf"),
        ("Barisan Revolusi Nasional kept silent", "brn"),
        ("TPNPB shot at the helicopter", "opm"),
        ("Khmer Rouge guerrillas mined the dam", "khmer-rouge"),
        ("the Freedom of Russia Legion crossed the border", "freedom-of-russia-legion"),
        ("Wagner mercenaries left the mine", "wagner"),
        ("Army of Republika Srpska guns opened up", "bosnian-serb-army"),
        ("The Ulster Volunteer Force said it had planted nothing", "ulster-volunteer-force"),
        ("The Continuity Irish Republican Army sent the letter", "continuity-ira"),
        ("Euskadi Ta Askatasuna declared a truce", "eta"),
        ("Farc sappers mined the pylon", "farc"),
        ("Estado Mayor Central stopped a convoy", "farc-dissidents"),
        ("The 19th of April Movement handed in its rifles", "m-19"),
        ("Sendero Luminoso blew up a pylon", "shining-path"),
        ("The Túpac Amaru Revolutionary Movement held the residence", "mrta"),
        ("Cártel de Jalisco Nueva Generación gunmen blocked the road", "cjng"),
        ("Farabundo Marti National Liberation Front guerrillas entered the suburb", "farabundo-marti"),
        ("Primeiro Comando da Capital ran the prison", "first-capital-command"),
        ("400 Mawozo let the missionaries go", "400-mawozo"),
        ("The Rapid Action Battalion fired back", "rapid-action-battalion"),
        ("The Royal Ulster Constabulary closed the street", "royal-ulster-constabulary"),
        ("The Bundeswehr flew them out", "german-army"),
        ("A patrol of the United Nations Interim Force in Lebanon was fired on", "unifil"),
        ("The African Union Transition Mission in Somalia left the base", "atmis"),
        ("French soldiers' comrades of Operation Barkhane landed", "operation-barkhane"),
        ("NATO-led Kosovo Force", "kfor"),
        ("The State Emergency Service of Ukraine pulled nine from the rubble", "ukraine-emergency-service"),
        ("Médecins sans frontières treated them", "msf"),
        ("The Afghan Red Crescent Society sent tents", "afghan-red-crescent"),
        ("Action on Armed Violence recorded it", "aoav"),
        ("B’Tselem published the names", "btselem"),
        ("the Uppsala Conflict Data Programme", "ucdp"),
        ("The Violations Documentation Centre named them", "vdc-syria"),
    ],
)
def test_actors_of_the_whole_world_are_known_by_the_names_that_news_uses(text: str, slug: str) -> None:
    assert _slugs(text)[-1:] == [slug]


@pytest.mark.parametrize(
    ("alone", "with_its_country", "with_its_full_name", "slug"),
    [
        (
            "The overture is by Wagner",
            "In Mali two lorries of Wagner were hit",
            "The Wagner Group left; Wagner had lost forty",
            "wagner",
        ),
        ("Amal opened the door", "In Lebanon Amal called for calm", "The Amal Movement met; Amal lost two men", "amal-movement"),
        ("A new AQ was named", "", "Al-Qaeda is weak, but AQ cells remain", "al-qaeda"),
        ("the HIG is a panel", "Afghan police arrested a HIG bomb maker", "Hezb-e-Islami denied it: HIG was not there", "hezb-e-islami"),
        ("ELN has no meaning here", "Colombia's ELN freed the nurse", "The ELN rebels left, and ELN kept silent", "eln"),
        ("A king cobra and a COBRA meeting", "In India CoBRA lost nine men", "CRPF men and CoBRA searched the wood", "crpf"),
        ("The ETA of the flight is nine", "Spain blamed ETA", "Euskadi Ta Askatasuna met, and ETA would write", "eta"),
        ("The IRA account grew", "In Northern Ireland the IRA said so", "The Provisional IRA met; the IRA would write", "provisional-ira"),
        (
            "They read the SLA",
            "In southern Lebanon the SLA shelled a hill",
            "The South Lebanon Army fled; the SLA is gone",
            "south-lebanon-army",
        ),
        ("The Knights Templar kept a castle", "In Mexico the Knights Templar kept a lime tax", "", "knights-templar-cartel"),
        ("PAX was said", "", "PAX for Peace counted; PAX found forty", "pax-peace"),
        ("The contras of the plan", "In Nicaragua the contras burnt a clinic", "Contra rebels came, and contras went", "contras"),
    ],
)
def test_a_short_name_counts_only_beside_its_country_or_its_full_name(
    alone: str, with_its_country: str, with_its_full_name: str, slug: str
) -> None:
    assert slug not in _slugs(alone)
    assert not with_its_country or slug in _slugs(with_its_country)
    assert not with_its_full_name or _slugs(with_its_full_name) == [slug, slug]


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("In Nepal Maoists struck a post", "maoists-nepal"),
        ("In India Maoists struck a post", "maoists-india"),
        ("In the Philippines Maoist rebels struck a post", "npa"),
        ("In Peru Maoist guerrillas struck a post", "shining-path"),
        ("In Macedonia the National Liberation Army held two hills", "national-liberation-army-macedonia"),
        ("In Colombia the National Liberation Army held two hills", "eln"),
        ("Sudan's SLA left the talks", "sla"),
        ("Pakistan blamed the SLA for the blast", "sindhudesh-liberation-army"),
        ("In Afghanistan the Northern Alliance moved south", "northern-alliance"),
        ("In Myanmar the Northern Alliance moved south", "northern-alliance-myanmar"),
        ("In Libya Ansar al-Sharia took the port", "ansar-al-sharia-libya"),
        ("In Yemen Ansar al-Sharia took the port", "aqap"),
        ("In Somalia ASWJ took the town", "ahlu-sunna-waljamaa-somalia"),
        ("In Mozambique ASWJ took the town", "isis-mozambique"),
        ("In Panama the PDF took the radio", "panamanian-defense-forces"),
        ("In Myanmar a PDF took the radio", "pdf-myanmar"),
        ("China said the PLA had fired", "chinese-army"),
        ("In Manipur, in India, the PLA fired", "peoples-liberation-army-manipur"),
        ("South Sudan's SPLA fired", "sspdf"),
        ("SPLA rebels in Sudan met; the SPLA in Sudan fired", "spla-rebels"),
        ("Pakistan's ISI knew", "isi"),
        ("Iraq's ISI men knew", "al-qaeda-in-iraq"),
    ],
)
def test_a_name_that_several_share_means_the_one_of_the_country_that_the_article_speaks_of(text: str, slug: str) -> None:
    assert _slugs(text)[-1] == slug


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("the Islamic State West Africa Province", ["iswap"]),
        ("Islamic State's Sahel Province", ["isgs"]),
        ("al-Qaeda in the Islamic Maghreb", ["aqim"]),
        ("Jaish al-Adl and Jaish al-Islam", ["jaish-al-adl", "jaysh-al-islam"]),
        ("the Pakistani Taliban and the Taliban", ["ttp", "taliban"]),
        ("Kata'ib Hezbollah, not Hezbollah", ["kataib-hezbollah", "hezbollah"]),
        ("Turkish Hezbollah", ["turkish-hezbollah"]),
        ("Egyptian Islamic Jihad", ["egyptian-islamic-jihad"]),
        ("the Palestine Liberation Front", ["palestine-liberation-front"]),
        ("Popular Front for the Liberation of Palestine - General Command", ["pflp-gc"]),
        ("Kurdistan Democratic Party of Iran", ["kdpi"]),
        ("Jamaat Ansarullah of Tajikistan", ["jamaat-ansarullah"]),
        ("Shan State Army-South", ["ssa-south"]),
        ("Uganda People's Defence Force", ["ugandan-army"]),
        ("South Sudan People's Defence Forces", ["sspdf"]),
        ("Sudan People's Liberation Movement-North", ["splm-n"]),
        ("the Bosnian Serb army", ["bosnian-serb-army"]),
        ("Real IRA, Official IRA", ["real-ira", "official-ira"]),
        ("FARC dissidents fought the FARC", ["farc-dissidents", "farc"]),
        ("the Soviet Red Army and the Red Army Faction", ["soviet-army", "red-army-faction"]),
        ("Mexican federal police", ["mexican-federal-police"]),
        ("the Afghan Independent Human Rights Commission", ["aihrc"]),
        ("the UN Joint Human Rights Office", ["unjhro"]),
    ],
)
def test_the_longest_name_wins_over_those_within_it(text: str, slugs: list[str]) -> None:
    assert _slugs(text) == slugs


@pytest.mark.parametrize(
    "text",
    [
        "He sailed for Fano and read of the Black Widow",
        "The International Legion of readers met in the Memorial",
        "a BIR, a LDF, an NTC and an ISI",
        "The committee of the French Resistance, the resistance front of the wall",
        "Scorpions, cobras, greyhounds and lobos",
        "The Special Task Force on reading; the Republican Guard of the museum",
    ],
)
def test_words_that_are_also_names_of_actors_are_none_where_no_conflict_is_spoken_of(text: str) -> None:
    assert _slugs(text) == []


@pytest.mark.parametrize(
    ("unit", "side"),
    [
        ("rashtriya-rifles", "indian-army"),
        ("assam-rifles", "assam-rifles"),
        ("kopassus", "indonesian-army"),
        ("operation-barkhane", "french-army"),
        ("hamza-division", "syrian-national-army"),
        ("la-linea", "juarez-cartel"),
        ("houthi-health-ministry", "houthis"),
    ],
)
def test_a_part_stands_on_the_side_of_what_it_belongs_to(unit: str, side: str) -> None:
    actor = known(unit)
    assert actor is not None
    assert actor.side == side
