"""What registers of incidents say in few words: ages, who was led off, parts without a verb, what only looks like people."""

from __future__ import annotations

import pytest

from tests.extract.readings import read


def counts(text: str, **fields: str) -> set[tuple[str, int, bool]]:
    """Each count's measure and value, and whether it is a part."""
    return {(t.count.measure, t.count.value, t.count.parent is not None) for t in read(text, **fields)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # how old somebody is
        ("Three boys of 12, 14 and 15 were abducted in Goz.", {("abducted", 3, False)}),
        ("Two brothers of 20 and 24 are carried off.", {("abducted", 2, False)}),
        ("A clerk of the Harbour Board, 38 and a mother of two, was shot dead.", {("killed", 1, False)}),
        ("A patrol of three men was killed.", {("killed", 3, False)}),
        # put out of action
        ("The ministry said the air force put 40 rebels out of action.", {("neutralized", 40, False)}),
        ("Some 25 militants were put out of action in the raid.", {("neutralized", 25, False)}),
        ("The raid put two radars out of action.", set()),
        # held hostage in a house is no stock beside the taking
        ("Raiders take four nurses hostage in the ward.", {("abducted", 4, False)}),
        ("Four nurses are in captivity in the hills.", {("held", 4, False)}),
        # those who flee had been taken
        ("Four of the porters held by the rebels fled at night.", {("escaped", 4, False)}),
        ("Three women kidnapped by rebels fled while the camp slept.", {("escaped", 3, False), ("abducted", 3, False)}),
        ("Three thousand villagers fled the shelling.", {("displaced", 3000, False)}),
        # names of weapons and cars are no people
        ("Troops killed six rebels and captured 8 RPG-7s.", {("killed", 6, False)}),
        ("They seized 11 F-250s from the depot.", set()),
        # one family
        ("A mine went off in Tar; five members of one family died there.", {("killed", 5, False)}),
        ("Six people from one household perished.", {("killed", 6, False)}),
        # what people are in is hit
        ("A bus with 30 passengers hit by a shell near Tar, drives on.", set()),
        ("A van with three nurses struck by shrapnel; no harm done.", set()),
    ],
)
def test_what_only_looks_like_people_is_not_counted(text: str, expected: set[tuple[str, int, bool]]) -> None:
    assert counts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Eight men were led out of the mosque and shot.", {("killed", 8, False)}),
        ("Raiders lined up nine herders and shot them.", {("killed", 9, False)}),
        ("Two men were stopped and shot in the leg.", {("injured", 2, False)}),
        ("Police shot a courier, named as Omar Said, dead in his flat.", {("killed", 1, False)}),
        ("Soldiers shot a smuggler, said to be their informer, dead.", {("killed", 1, False)}),
        ("Soldiers shot a smuggler, said to be their informer, in the arm.", {("injured", 1, False)}),
    ],
)
def test_a_shot_kills_where_the_words_around_it_say_so(text: str, expected: set[tuple[str, int, bool]]) -> None:
    assert counts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Toll: 30 dead, of whom 12 women and 9 children, and dozens of wounded.", {("killed", 30), ("killed", 12), ("killed", 9)}),
        ("21 injured, of whom seven nurses (police).", {("injured", 21), ("injured", 7)}),
        ("Some 70 people have been killed since the siege began in May, including 15 women.", {("killed", 70), ("killed", 15)}),
        ("25 dead once the rubble had been cleared, among them four nuns.", {("killed", 25), ("killed", 4)}),
        ("Deaths blamed on the conflict in the valley in 2023 so far: 61, of which 20 were policemen.", {("killed", 61), ("killed", 20)}),
    ],
)
def test_parts_are_read_behind_what_parts_them_from_their_whole(text: str, expected: set[tuple[str, int]]) -> None:
    told = {each for each in counts(text) if each[:2] != ("injured", 12)}
    whole = max(value for _, value in expected)
    assert told == {(measure, value, value < whole) for measure, value in expected}


def test_a_clause_of_an_earlier_time_has_its_own_people() -> None:
    told = counts("A gunman sought since 2011, when nine inmates escaped, was arrested in Tar.")
    assert told == {("escaped", 9, False), ("detained", 1, False)}
    told = counts("A cook wanted since a raid in May, when four men escaped, was captured.")
    assert told == {("escaped", 4, False), ("detained", 1, False)}


@pytest.mark.parametrize("when", ["earlier", "previously"])
def test_those_taken_earlier_are_no_news_beside_their_release(when: str) -> None:
    told = read(f"The council counted 40 people abducted in March. Eleven people abducted {when} were set free.")
    assert {(t.count.measure, t.count.value, t.event.background) for t in told} == {
        ("abducted", 40, False),
        ("abducted", 11, True),
        ("released", 11, False),
    }


def test_a_headline_says_that_those_disappeared_who_were_taken() -> None:
    title = "May report: 31 persons disappeared"
    assert counts("In May the council learned of 31 persons abducted by soldiers.", title=title) == {("abducted", 31, False)}
    text = "In May 31 persons went missing. Soldiers abducted four others."
    assert ("missing", 31, False) in counts(text, title=title)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A goatherd lost his left foot on a mine.", {("injured", 1, False)}),
        ("Mine blast in Tar; a cook loses both hands.", {("injured", 1, False)}),
        ("The driver, Jon Kasa (41), lost an arm.", {("injured", 1, False)}),
        ("The army lost two arms depots.", set()),
        ("The four walk free on Monday.", {("released", 4, False)}),
        ("Seven pupils walked free after a month.", {("released", 7, False)}),
        ("Three clerks seized on 2 April in Tar, let go after a day.", {("abducted", 3, False), ("released", 3, False)}),
        ("All five let go without harm.", {("released", 5, False)}),
        ("Six detainees were let out on Monday.", {("released", 6, False)}),
        ("They let out two cries.", set()),
        ("Three guards of a water plant die in a raid.", {("killed", 3, False)}),
        ("Two nurses from an eye clinic die.", {("killed", 2, False)}),
        ("Talks with two nurses about a plan die down.", set()),
        ("A shell took the life of a farmer.", {("killed", 1, False)}),
        ("The fever claimed the life of a nun.", {("killed", 1, False)}),
        ("Five dead, incl. 2 nuns of the mission; 7 injured.", {("killed", 5, False), ("killed", 2, True), ("injured", 7, False)}),
        ("31 hurt incl. 4 firemen.", {("injured", 31, False), ("injured", 4, True)}),
    ],
)
def test_what_befell_them_is_read_from_a_few_words(text: str, expected: set[tuple[str, int, bool]]) -> None:
    assert counts(text) == expected


@pytest.mark.parametrize(
    "text",
    ["They boast that they have 'killed 90 mercenaries' near Tar.", "The rebels say they ‘killed 90 policemen’ on Monday."],
)
def test_a_quotation_ends_behind_a_plural_as_behind_any_word(text: str) -> None:
    told = read(text)
    assert [(t.count.measure, t.count.value) for t in told] == [("killed", 90)]
    assert [(t.count.measure, t.count.value) for t in read("The rebels' 12 dead were buried.")] == [("killed", 12)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In March 60 people were killed, against 71 in February.", {("killed", 60, False), ("killed", 71, True)}),
        ("The register has 44 kidnappings for March, compared with 90 in January.", {("abducted", 44, False), ("abducted", 90, True)}),
        ("The army counts 60 raids for March 2024, against 71 in the one before.", {("operations", 60, False)}),
        ("The army counts 60 raids in May, against 71 in the first half of the month.", {("operations", 60, False)}),
        ("Nine men were killed, against the wishes of 12 elders in Tar.", {("killed", 9, False)}),
    ],
)
def test_a_figure_that_is_only_compared_is_of_another_time(text: str, expected: set[tuple[str, int, bool]]) -> None:
    told = read(text)
    assert {(t.count.measure, t.count.value, t.event.background) for t in told} == expected
    assert len({t.period for t in told}) == len(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two guards killed, another in serious condition.", {("killed", 2, False)}),
        ("Four guards killed, one in critical condition.", {("killed", 4, False), ("injured", 1, False)}),
        (
            "A blast killed 5 guards and wounded 9, two in serious condition.",
            {("killed", 5, False), ("injured", 9, False), ("injured", 2, True)},
        ),
        ("A shell wounded eight people, three nuns among them.", {("injured", 8, False), ("injured", 3, True)}),
        ("Gunmen killed six men, a priest among them, near Goz.", {("killed", 6, False), ("killed", 1, True)}),
        ("Gunmen killed six men. Two nuns among them prayed.", {("killed", 6, False)}),
        ("Three rebels were detained and all of their boats were destroyed.", {("detained", 3, False)}),
        ("The army destroyed 9 houses.", set()),
    ],
)
def test_who_stands_beside_others_is_told_apart(text: str, expected: set[tuple[str, int, bool]]) -> None:
    assert counts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The body of Jon Kasa, a miller of Goz, was found on Sunday.", {("killed", 1, False)}),
        ("The miller's body was discovered in a well.", {("killed", 1, False)}),
        ("The villagers' body of elders was found wanting.", set()),
        ("A miller was killed. The miller's body was found on Sunday.", {("killed", 1, False)}),
        ("Casualties caused by the raids rose to 31.", set()),
        ("Losses inflicted by the attacks climbed to 40.", set()),
        ("Attacks in the north rose to 40.", {("attacks", 40, False)}),
        ("Two nurses got away from their captors.", {("escaped", 2, False)}),
        ("A clerk slipped away from the kidnappers at night.", {("escaped", 1, False)}),
        ("Two gunmen got away from the scene.", set()),
        ("Some 400 people abandoned three hamlets in the hills.", {("displaced", 400, False)}),
        ("About 90 families left several villages near Goz.", {("displaced", 90, False)}),
        ("Some 400 troops left three bases.", set()),
    ],
)
def test_bodies_and_flights_are_read_whoever_tells_them(text: str, expected: set[tuple[str, int, bool]]) -> None:
    assert counts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The bodies of two millers were handed over to the Red Cross.", {("killed", 2, False)}),
        ("Two millers were handed over to the Red Cross.", {("released", 2, False)}),
        ("Two of the hostages were handed to relatives on Sunday.", {("released", 2, False)}),
        ("Two sacks were handed to relatives on Sunday.", set()),
        ("Nine policemen whom villagers had cornered were handed over to the ombudsman.", {("released", 9, False)}),
        ("Five clerks whom rebels had questioned were freed.", {("released", 5, False)}),
        ("A crowd whom rebels had misled was dispersed.", set()),
    ],
)
def test_the_living_are_handed_over_and_the_dead_are_not_freed(text: str, expected: set[tuple[str, int, bool]]) -> None:
    assert counts(text) == expected
