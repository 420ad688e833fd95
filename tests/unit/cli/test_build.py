import pytest

PAIR = ("build", "vertical", "CsPbBr3_cubic", "MAPbCl3_cubic")
SIZES = ("--film-layers", "2", "--substrate-layers", "2")


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_build_and_run_of_its_recipe_give_the_same_bytes(heterobuild, tmp_path):
    outcome = heterobuild(
        *(*PAIR, *SIZES, "-o", "a", "--film-bottom", "CsBr", "--film-top", "CsBr"),
        *("--substrate-cations", "random", "--seed", "3", "--strain", "film=0.7"),
        *("--shift", "0.5 0.5", "--repeat", "2,1", "--species-order", "Pb Cs Cl Br C N H I"),
        *("--lammps-style", "charge"),
    )
    assert outcome.code == 0, outcome.err
    (data,) = (tmp_path / "a").glob("*.data")
    assert "Atoms # charge" in data.read_text()
    assert heterobuild("run", "a/recipe.yaml", "-o", "b").code == 0
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    text = (tmp_path / "a/recipe.yaml").read_text()
    for line in (
        "film: 0.7",
        "shift: [0.5, 0.5]",
        "repeat: [2, 1]",
        "species_order: [Pb, Cs, Cl, Br, C, N, H, I]",
    ):
        assert line in text


def test_a_recipe_and_the_same_options_give_the_same_bytes(heterobuild, recipe, tmp_path):
    assert heterobuild("run", "r.yaml", "-o", "a").code == 0
    outcome = heterobuild(
        *(*PAIR, *SIZES, "-o", "b", "--film-bottom", "CsBr", "--film-top", "CsBr", "--seed", "7"),
        *("--substrate-cations", "dipole-cancelled", "--max-area", "100", "--name", "pair"),
        *("-f", "cif", "-f", "poscar"),
    )
    assert outcome.code == 0, outcome.err
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_own_files_are_copied_so_that_the_folder_runs_again(heterobuild, tmp_path):
    assert heterobuild("crystals", "export", "CsPbBr3_cubic", "-f", "cif", "-o", "own").code == 0
    outcome = heterobuild(
        *("build", "vertical", "own/CsPbBr3_cubic.cif", "MAPbCl3_cubic", *SIZES, "-o", "a"),
    )
    assert outcome.code == 0, outcome.err
    assert (tmp_path / "a/CsPbBr3_cubic.cif").read_bytes() == (
        tmp_path / "own/CsPbBr3_cubic.cif"
    ).read_bytes()
    text = (tmp_path / "a/recipe.yaml").read_text()
    assert "crystal: CsPbBr3_cubic.cif" in text
    assert str(tmp_path) not in text + (tmp_path / "a/heterobuild.json").read_text()
    assert heterobuild("run", "a/recipe.yaml", "-o", "b").code == 0
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_a_file_in_the_output_folder_itself_stays(heterobuild, tmp_path):
    assert heterobuild("crystals", "export", "CsPbBr3_cubic", "-f", "cif", "-o", "own").code == 0
    before = (tmp_path / "own/CsPbBr3_cubic.cif").stat()
    pair = ("build", "vertical", "own/CsPbBr3_cubic.cif", "MAPbCl3_cubic", *SIZES, "-o", "own")
    outcome = heterobuild(*pair)
    assert outcome.code == 0, outcome.err
    after = (tmp_path / "own/CsPbBr3_cubic.cif").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_every_field_is_an_option(heterobuild):
    import dataclasses

    from heterobuild.architectures.vertical import Vertical
    from heterobuild.recipes import SlabOptions

    text = heterobuild("build", "vertical", "--help").out
    names = [field.name for field in dataclasses.fields(Vertical) if field.name != "limits"]
    names += ["max_strain", "max_area"]
    slab = [field.name for field in dataclasses.fields(SlabOptions) if field.name != "crystal"]
    for name in (*names, *(f"{part}_{entry}" for part in ("film", "substrate") for entry in slab)):
        assert f"--{name.replace('_', '-')}" in text


@pytest.mark.parametrize(
    ("options", "pieces"),
    [
        (["--max-strain", "5"], ["--max-strain: build.limits.max_strain", "write 0.05"]),
        (["--film-miller", "0 0 0"], ["--film-miller: parts.film.miller", "name no plane"]),
        (["--film-layers", "many"], ["--film-layers: parts.film.layers", "an integer"]),
        (["--vacuum", "-3"], ["--vacuum: build.vacuum", "1000 Å"]),
        (["--gap", "atuo"], ["--gap: build.gap", "did you mean auto?"]),
        (["--film-top", "PbI2"], ["--film-top: parts.film.top", "PbBr2"]),
        (["--seed", "-1"], ["--seed: seed", "≥ 0"]),
        (["-f", "ciff"], ["--format", "ciff", "cif"]),
        (["--film-layrs", "3"], ["--film-layers"]),
    ],
)
def test_a_wrong_option_is_named(heterobuild, tmp_path, options, pieces):
    outcome = heterobuild(*PAIR, "-o", "o", *options)
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1
    for piece in pieces:
        assert piece in outcome.err
    assert not (tmp_path / "o").exists()


def test_an_unknown_architecture(heterobuild):
    outcome = heterobuild("build", "vertcal", "a", "b")
    assert outcome.code == 2
    assert "did you mean vertical?" in outcome.err


def test_a_build_that_fails_still_tells_what_a_name_meant(heterobuild):
    outcome = heterobuild("build", "vertical", "RMBA2PbI4", "CsPbI3", "-n", "--max-area", "60")
    assert outcome.code == 3
    assert "CsPbI3 means CsPbI3_delta" in outcome.err


@pytest.mark.parametrize(
    ("kind", "usage"),
    [
        ("particle", "CRYSTAL"),
        ("core-shell", "CORE SHELL [SHELL ...]"),
        ("core_shell", "CORE SHELL [SHELL ...]"),
        ("embedded", "DOT MATRIX"),
    ],
)
def test_the_other_architectures_are_commands(heterobuild, kind, usage):
    outcome = heterobuild("build", kind, "--help")
    assert outcome.code == 0
    assert f"heterobuild build {kind.replace('_', '-')} [OPTIONS] {usage}" in outcome.out
    for words in ("The shape", "--octahedra", "How it is built"):
        assert words in outcome.out
    assert "The crystal " not in outcome.out


def test_all_architectures_are_listed_with_hyphens(heterobuild):
    text = heterobuild("build", "--help").out
    for name in ("core-shell", "embedded", "particle", "vertical"):
        assert f" {name} " in text


def test_options_of_a_particle_become_its_recipe(heterobuild, monkeypatch):
    made = []
    monkeypatch.setattr("heterobuild.cli.outcome.produce", lambda make, **_: made.append(make()))
    outcome = heterobuild(
        *("build", "core-shell", "CsPbBr3_cubic", "CsPbBr2Cl", "CsPbCl3_cubic", "-n"),
        *("--shape", "sphere", "--radius", "3 nm", "--layers", "2,1", "--cover", "all; cap 60"),
        *("--profile", "erf", "--width", "6", "--elastic", "no", "--ligands", "OLA=0.6,MINE=0.4"),
        *("--molecule", "MINE=CCC(=O)[O-]", "--seed", "3"),
    )
    assert outcome.code == 0, outcome.err
    (recipe,) = made
    assert recipe.kind == "core_shell"
    assert {name: part.crystal for name, part in recipe.parts.items()} == {
        "core": "CsPbBr3_cubic",
        "shell-1": "CsPbBr2Cl",
        "shell-2": "CsPbCl3_cubic",
    }
    built = recipe.build
    assert (built.shape.kind, built.shape.radius, built.layers) == ("sphere", "3 nm", (2, 1))
    assert built.cover == ("all", "cap 60")
    assert (built.profile.kind, built.profile.width, built.elastic) == ("erf", 6.0, False)
    assert built.ligands == {"OLA": 0.6, "MINE": 0.4}
    assert recipe.molecules["MINE"].site is None
    assert recipe.seed == 3


def test_one_shell_is_called_shell(heterobuild, monkeypatch):
    made = []
    monkeypatch.setattr("heterobuild.cli.outcome.produce", lambda make, **_: made.append(make()))
    assert heterobuild("build", "core_shell", "CsPbBr3", "CsPbCl3").code == 0
    assert list(made[0].parts) == ["core", "shell"]


@pytest.mark.parametrize(
    ("arguments", "pieces"),
    [
        (["core-shell", "CsPbBr3"], ["SHELL"]),
        (["core-shel", "a", "b"], ["did you mean core_shell?"]),
        (["particle", "CsPbBr3", "--shape", "spere"], ["--shape: build.shape.kind", "sphere"]),
        (["particle", "CsPbBr3", "--ligands", "OLA"], ["--ligands: build.ligands", "a number"]),
        (["particle", "CsPbBr3", "--ligands", "OLA=x"], ["--ligands: build.ligands.OLA", "number"]),
        (["embedded", "CsPbBr3", "CsPbCl3", "--cells", "x"], ["--cells: build.cells"]),
        (["particle", "CsPbBr3_cubc"], ["CRYSTAL: parts.crystal.crystal", "did you mean"]),
    ],
)
def test_a_wrong_option_of_a_particle_is_named(heterobuild, tmp_path, arguments, pieces):
    outcome = heterobuild("build", *arguments, "-o", "o")
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1
    for piece in pieces:
        assert piece in outcome.err
    assert not (tmp_path / "o").exists()


def test_a_particle_and_the_run_of_its_recipe_give_the_same_bytes(heterobuild, tmp_path):
    outcome = heterobuild(
        *("build", "particle", "CsPbBr3_cubic", "-o", "a", "--octahedra", "2", "--seed", "3"),
        *("--ligands", "MINE=1", "--molecule", "MINE=CCC[NH3+]", "--coverage", "0.5"),
        *("-f", "extxyz", "-f", "cif"),
    )
    assert outcome.code == 0, outcome.err
    assert "MINE" in outcome.out
    assert heterobuild("run", "a/recipe.yaml", "-o", "b").code == 0
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_defects_and_a_hop_are_options(heterobuild, tmp_path):
    outcome = heterobuild(
        *(*PAIR, *SIZES, "-o", "a", "--name", "pair", "-f", "extxyz", "--hop"),
        *("--defect", "V_Br film 2", "--defect", "Pb_Cs 3"),
    )
    assert outcome.code == 0, outcome.err
    assert {"pair-initial.extxyz", "pair-final.extxyz"} < {
        p.name for p in (tmp_path / "a").iterdir()
    }
    assert "V_Br• in film layer 2" in outcome.out
    assert "pair-initial.extxyz, pair-final.extxyz, heterobuild.json" in " ".join(
        outcome.out.split()
    )
    assert heterobuild("run", "a/recipe.yaml", "-o", "b").code == 0
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_a_bad_defect_is_one_line_and_writes_nothing(heterobuild, tmp_path):
    outcome = heterobuild(*PAIR, *SIZES, "-o", "a", "--defect", "V_Br flim")
    assert outcome.code == 2
    assert "--defect" in outcome.err
    assert "did you mean film" in outcome.err
    assert not (tmp_path / "a").exists()
