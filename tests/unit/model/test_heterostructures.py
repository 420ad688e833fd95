import dataclasses
import json

import pytest

from heterobuild.model import Step


def test_steps_are_plain_and_frozen():
    step = Step(name="gap", choice="fixed by the user", values={"gap_A": 3.0})
    assert json.loads(json.dumps(dict(step.values))) == {"gap_A": 3.0}
    with pytest.raises(dataclasses.FrozenInstanceError):
        step.name = "registry"
    assert Step(name="a", choice="b").values == {}
