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
