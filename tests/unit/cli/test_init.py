def test_the_recipe_of_init_runs(heterobuild, tmp_path):
    outcome = heterobuild("init", "vertical", "-o", "r.yaml")
    assert outcome.code == 0
    assert outcome.out == ""
    assert heterobuild("run", "r.yaml", "-n").code == 0


def test_without_a_file_it_goes_to_the_screen(heterobuild, tmp_path):
    outcome = heterobuild("init")
    assert outcome.out.startswith("# A recipe of heterobuild")
    assert list(tmp_path.iterdir()) == []


def test_a_recipe_is_not_overwritten(heterobuild, tmp_path):
    (tmp_path / "r.yaml").write_text("mine")
    outcome = heterobuild("init", "-o", "r.yaml")
    assert outcome.code == 2
    assert (tmp_path / "r.yaml").read_text() == "mine"
    assert heterobuild("init", "-o", "r.yaml", "--force").code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["r.yaml"]


def test_an_unknown_architecture(heterobuild):
    outcome = heterobuild("init", "vertcal")
    assert outcome.code == 2
    assert "did you mean vertical?" in outcome.err
