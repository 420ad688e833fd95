from heterobuild.matching.advice import Advice


def test_advice_is_a_text_in_two_tongues() -> None:
    advice = Advice("set max_area: 5", options="set --max-area 5")
    assert advice == "set max_area: 5"
    assert advice.options == "set --max-area 5"


def test_advice_is_a_text_for_all_who_know_only_texts() -> None:
    advice = Advice("set max_area: 5", options="set --max-area 5")
    assert f"Next: {advice}" == "Next: set max_area: 5"
    assert isinstance(advice.upper(), str)
    assert {advice: 1}["set max_area: 5"] == 1
