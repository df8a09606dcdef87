"""Constructions of news: who is counted, by which measure, told how, and by whom."""

from __future__ import annotations

import pytest

from tests.extract.readings import TOLD, read


@pytest.mark.parametrize(
    ("text", "measure", "value"),
    [
        ("Rebels killed 12 soldiers.", "killed", 12),
        ("Twelve soldiers were killed by rebels.", "killed", 12),
        ("Rebels have killed at least 12 soldiers.", "killed", 12),
        ("The killing of 12 soldiers shocked the town.", "killed", 12),
        ("The deaths of 12 soldiers were announced.", "killed", 12),
        ("The raid resulted in 12 deaths.", "killed", 12),
        ("The raid left 12 people dead.", "killed", 12),
        ("Twelve soldiers lost their lives.", "killed", 12),
        ("Twelve bodies were shot dead.", "killed", 12),
        ("Twelve soldiers were shot and killed.", "killed", 12),
        ("The blast resulted in 12 people killed.", "killed", 12),
        ("Also killed in the strike were 12 recruits.", "killed", 12),
        ("Twelve soldiers, who had been on patrol, were killed.", "killed", 12),
        ("12 dead in market blast", "killed", 12),
        ("Twelve people sustained injuries.", "injured", 12),
        ("The storming caused 12 injuries.", "injured", 12),
        ("Police made 12 arrests.", "detained", 12),
        ("Twelve men were taken into custody.", "detained", 12),
        ("Police took 12 men into custody.", "detained", 12),
        ("Gunmen took 12 drivers hostage.", "abducted", 12),
        ("Twelve drivers were taken hostage.", "abducted", 12),
        ("Twelve drivers were being held for ransom.", "abducted", 12),
        ("Twelve inmates escaped.", "escaped", 12),
        ("Twelve fighters surrendered to the army.", "surrendered", 12),
        ("Twelve people went missing.", "missing", 12),
        ("Twelve people are still missing.", "missing", 12),
        ("The fighting displaced 12,000 people.", "displaced", 12_000),
        ("Some 12,000 people fled their homes.", "displaced", 12_000),
        ("The ministry repatriated 12 children.", "repatriated", 12),
        ("Twelve hostages were set free after they were released.", "released", 12),
        ("The air force carried out 12 airstrikes.", "strikes", 12),
        ("The group claimed 12 attacks.", "attacks", 12),
        ("The prison still holds on; 12 detainees remain in the camp.", "held", 12),
    ],
)
def test_a_measure_is_read_from_any_construction(text: str, measure: str, value: int) -> None:
    assert [t.count.value for t in read(text) if t.count.measure == measure and t.count.parent is None] == [value]


@pytest.mark.parametrize(
    ("text", "realis"),
    [
        ("Five men were killed.", "asserted"),
        ("The army managed to kill five men.", "asserted"),
        ("Five men are believed to have been killed.", "asserted"),
        ("The group claimed to have killed five men.", "claimed"),
        ("The group says five men were allegedly killed.", "claimed"),
        ("The ministry denied that five men were killed.", "denied"),
        ("The group threatened to kill five men.", "threatened"),
        ("The group vowed to kill five men.", "threatened"),
        ("The group plotted to kill five men.", "attempted"),
        ("The army tried to detain five men.", "attempted"),
        ("The army plans to detain five men.", "planned"),
        ("The army will detain five men.", "planned"),
        ("The army launched an operation to detain five men.", "planned"),
        ("The bomb could kill five men.", "hypothetical"),
        ("If the bomb had killed five men, the army would have left.", "hypothetical"),
        ("Five men are feared dead.", "hypothetical"),
    ],
)
def test_realis_follows_the_words_that_govern_the_verb(text: str, realis: str) -> None:
    assert [t.count.realis for t in read(text) if t.count.value == 5] == [realis]


@pytest.mark.parametrize(
    "text",
    [
        "The army did not kill five men.",
        "The army denied nothing and never killed five men.",
        "They crossed the river without killing five men.",
    ],
)
def test_what_did_not_happen_is_not_told(text: str) -> None:
    assert [t for t in read(text) if t.count.realis in TOLD] == []


@pytest.mark.parametrize(
    ("text", "claimant"),
    [
        ("Five men were killed, the police said.", "police"),
        ("The health ministry said five men were killed.", "health-ministry"),
        ("According to CENTCOM, five men were killed.", "centcom"),
        ("Five men were killed, according to officials.", "officials"),
        ("CENTCOM announced that five men were killed.", "centcom"),
        ("Five men were killed.", None),
    ],
)
def test_the_claimant_is_who_says_so(text: str, claimant: str | None) -> None:
    assert [t.count.claimant for t in read(text)] == [claimant]


@pytest.mark.parametrize(
    ("words", "group"),
    [
        ("two insurgents", "militants"),
        ("two Taliban commanders", "leaders"),
        ("two soldiers", "soldiers"),
        ("two army officers", "soldiers"),
        ("two policemen", "police"),
        ("two police officers", "police"),
        ("two villagers", "civilians"),
        ("two UN drivers", "aid_workers"),
        ("two Red Cross volunteers", "aid_workers"),
        ("two children", "children"),
        ("two women", "women"),
        ("two reporters", "journalists"),
        ("two hostages", "hostages"),
        ("two people", "people"),
    ],
)
def test_people_are_counted_in_their_group(words: str, group: str) -> None:
    assert [t.count.group for t in read(f"Gunmen killed {words} in the town.")] == [group]


@pytest.mark.parametrize(
    "text",
    [
        "The strike destroyed 12 vehicles and killed 40 camels.",
        "Troops captured 15 villages and seized 200 rifles.",
        "The pursuit lasted 12 days and covered 300 miles.",
        "The minister, 54, visited Brigade 12.",
        "He is responsible for attacks.",
        "The death of the project was announced.",
    ],
)
def test_things_are_no_people(text: str) -> None:
    assert [t for t in read(text) if t.count.measure in ("killed", "injured", "detained")] == []


def test_the_negative_spreads_over_what_is_joined_to_it() -> None:
    assert {(t.count.measure, t.count.value) for t in read("No women or children were harmed or detained.")} == {("detained", 0)}


def test_an_earlier_deed_of_the_captured_is_background() -> None:
    told = read("The force captured a commander responsible for the killing of 14 soldiers.")
    assert {(t.count.measure, t.count.value, t.event.background) for t in told} == {("detained", 1, False), ("killed", 14, True)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two of the attackers were shot dead, and the third was arrested.", {("killed", 2), ("detained", 1)}),
        ("A leader surrendered to the patrol along with six of his fighters.", {("surrendered", 1), ("surrendered", 6)}),
        ("The force detained a commander along with several insurgents.", {("detained", 1), ("detained", 3)}),
        ("The army killed the commander, Karim Omar, and four other fighters.", {("killed", 1), ("killed", 4)}),
        ("A joint force arrested a Taliban radio expert and one other insurgent.", {("detained", 1)}),
        ("Two insurgents, one of whom was a bomb maker, were captured.", {("detained", 2)}),
        ("The patrol returned fire and killed five of them.", {("killed", 5)}),
        ("A guard was shot and wounded; he later died of his wounds.", {("killed", 1)}),
        ("An insurgent charged at the patrol, resulting in his death.", {("killed", 1)}),
        ("Three women and a man were found dead.", {("killed", 3), ("killed", 1)}),
        ("Raiders released 10 of the 16 pupils they abducted.", {("released", 10), ("abducted", 16)}),
        ("Two teachers, one from the north and one from the coast, were kidnapped.", {("abducted", 2)}),
        ("The number of people killed in the blast has risen to 144.", {("killed", 144)}),
        ("Officials put the number of dead at 26, up from an earlier toll of 17.", {("killed", 26)}),
        ("One fighter was killed and two were wounded, one of them seriously.", {("killed", 1), ("injured", 2), ("injured", 1)}),
        ("ISIS still has between 2,500 and 3,500 fighters in the desert.", {("fighters_remaining", 2500)}),
    ],
)
def test_who_shares_a_lot_is_counted_and_who_does_not_is_not(text: str, expected: set[tuple[str, int]]) -> None:
    assert {(t.count.measure, t.count.value) for t in read(text)} == expected


def test_the_same_number_in_two_towns_is_two_facts() -> None:
    told = read("A bomb killed three people in Kabul. In Mosul, gunmen killed three people.")
    assert [(t.count.value, t.places[0].country) for t in told] == [(3, "AF"), (3, "IQ")]


def test_two_told_again_one_by_one_are_two() -> None:
    text = "The force detained a commander along with one insurgent. The commander was detained after a search. An additional insurgent was detained as well."
    assert sorted(t.count.value for t in read(text)) == [1, 1]
