from heterobuild.cli.summary import result_as_dict, result_lines


def result(recipe, *settings):
    from heterobuild.recipes import dry_run, load_recipe

    return dry_run(load_recipe(recipe, settings))


def test_the_numbers_of_the_summary_are_those_of_the_cells(recipe):
    text = "\n".join(result_lines(result(recipe)))
    strain = 100 * (5.68 - 5.874) / 5.874
    assert f"{strain:+.2f} %".replace("-", "−") in text
    assert f"{5.68**2:.1f} Å²" in text
    assert "15.00 Å" in text


def test_a_superlattice_says_that_there_is_no_vacuum(recipe):
    text = "\n".join(
        result_lines(result(recipe, "build.periodic=superlattice", "parts.film.top=null"))
    )
    assert "no vacuum" in text
    assert text.count("  gap ") == 2


def test_json_holds_plain_data(recipe):
    import json

    data = result_as_dict(result(recipe))
    assert json.loads(json.dumps(data)) == data
    assert data["folder"] is None


def test_a_region_without_a_plane_has_a_strain_in_space(heterobuild, bulk):
    shown = heterobuild(*bulk, "-n", "--strain", "0.01 -0.002 0.003").out
    text = " ".join(shown.split())
    assert "strained +1.10 % in volume against its crystal, +1.00 %, +0.30 % and −0.20 %" in text
    assert "in the plane" not in text
    assert "normal" not in text
    assert "bulk CsPbBr3_cubic, CsPbBr3, 5 atoms" in text
    assert "size asked 1 octahedron, reached 1" in text
    assert "strained" not in heterobuild(*bulk, "-n").out


def test_every_entry_of_the_ledger_is_a_line(heterobuild, bulk):
    lines = heterobuild(*bulk, "-n", "--dots", "2").out.splitlines()
    said = [" ".join(line.split()) for line in lines if "removed" in line]
    assert said == [
        "ledger removed 10 Cs (A) at the wall of dot 1, −10 e: neutrality: remove-A",
        "removed 10 Cs (A) at the wall of dot 2, −10 e: neutrality: remove-A",
    ]


def test_many_entries_are_added_up(heterobuild, bulk):
    lines = heterobuild(*bulk, "-n", "--dots", "100").out.splitlines()
    (said,) = [line.strip() for line in lines if "removed" in line]
    assert "removed 1000 Cs (A) at the wall of dot 1 and 99 more, −1000 e" in said


def test_one_strain_is_shown_of_each_region(heterobuild):
    """The elastic estimate has a mean over octahedra, too, which is another number."""
    given = ("build", "core-shell", "CsPbBr3_cubic", "CsPbCl3_cubic", "--octahedra", "2", "-n")
    lines = [" ".join(line.split()) for line in heterobuild(*given).out.splitlines()]
    assert sum(line.startswith("strained") for line in lines) == 2
    (elastic,) = [line for line in lines if line.startswith("elastic")]
    assert "moved by up to 0." in elastic
    assert "%" not in elastic
    (held,) = [
        line
        for line in heterobuild(*given, "--elastic", "no").out.splitlines()
        if "elastic" in line
    ]
    assert "not relaxed" in held
