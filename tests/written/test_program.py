"""The text of a program, line by line."""

from partialpool.written.program import Line, Program, add_up, define, show_program, tidy


def test_only_blocks_that_hold_something_are_there():
    program = Program()
    program.likelihood.append(Line("successes ~ binomial_logit(trials, eta);"))
    assert show_program(program, []) == (
        "model {\n  vector[N] eta = rep_vector(0, N);\n"
        "  successes ~ binomial_logit(trials, eta);\n}\n"
    )


def test_a_long_sum_is_one_statement_for_each_summand():
    short = add_up("real a = b", ["c", "d"], "a", "-")
    assert short == ["real a = b - c - d;"]
    long = add_up("real a = b", ["c" * 40, "d" * 40], "a", "-")
    assert long == ["real a = b;", f"a -= {'c' * 40};", f"a -= {'d' * 40};"]


def test_a_long_definition_is_two_statements():
    assert define("real", "a", "b", "c") == [Line("real a = b;", "c")]
    assert define("real", "a", "b" * 80) == [Line("real a;"), Line(f"a = {'b' * 80};")]


def test_equal_data_are_there_once():
    program = Program()
    names = [program.share("channel", "array[N] int", [1, 2], "levels") for _ in range(2)]
    names.append(program.share("channel", "array[N] int", [2, 1], "levels"))
    assert names == ["channel", "channel", "channel_2"]
    assert [datum.name for datum in program.data] == ["channel", "channel_2"]


def test_text_from_data_stays_behind_its_comment():
    program = Program()
    program.share("x", "real", 1.0, "a level\n}\ntarget += 1; \u2028 // \x00 end")
    text = show_program(program, ["a heading\nreal evil;"])
    assert text.splitlines()[:4] == [
        "// a heading real evil;",
        "data {",
        "  real x; // a level } target += 1; // end",
        "}",
    ]
    assert tidy(" a \t b ") == "a b"


def test_a_comment_that_is_too_long_is_cut():
    program = Program()
    program.share("x", "real", 1.0, "level " * 40)
    line = show_program(program, []).splitlines()[1]
    assert len(line) == 96
    assert line.endswith("...")
