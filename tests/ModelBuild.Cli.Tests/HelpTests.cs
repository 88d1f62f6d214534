using ModelBuild.Cli.Tests.Support;

namespace ModelBuild.Cli.Tests;

public sealed class HelpTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(
        "",
        new[]
        {
            "inspect <model>",
            "compress <model>",
            "verify <original> <compressed>",
            "Exit codes: 0 success, 1 the model or its budget fails, 2 the command line is wrong.",
        }
    )]
    [InlineData("inspect", new[] { "--json", "modelbuild inspect digits.onnx --json" })]
    [InlineData(
        "compress",
        new[]
        {
            "--compression <STEPS>",
            "--min-sqnr <DB>",
            "modelbuild compress digits.onnx --calibration-data \"samples/*.npz\"",
            "Steps with their options",
            "  int8-dynamic          Multiplies in int8",
            "(per-channel=true, exclude=)",
        }
    )]
    [InlineData("calibrate", new[] { "--calibration-data <GLOB> (REQUIRED)", "modelbuild calibrate digits.onnx --calibration-data \"samples/*.npz\"" })]
    [InlineData("verify", new[] { "--data <GLOB>", "modelbuild verify digits.onnx small.onnx" })]
    public void Help_shows_examples(string command, string[] lines)
    {
        var result = Program().Run([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("Examples:", result.Output, StringComparison.Ordinal);
        Assert.All(lines, line => Assert.Contains(line, result.Output, StringComparison.Ordinal));
        // The help does not list the commands that only the build uses.
        Assert.DoesNotContain("build-", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_word_there_is_help() => Assert.Equal(Program().Run("--help"), Program().Run());

    [Fact]
    public void The_version_is_told()
    {
        var result = Program().Run("--version");

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+", result.Output);
    }

    [Theory]
    [InlineData("Unrecognized command or argument 'shrink'", "shrink")]
    [InlineData("Required argument 'model' missing for command: 'compress'", "compress")]
    [InlineData("'--fast'", "compress", "m.onnx", "--fast")]
    [InlineData("'b.onnx'", "inspect", "a.onnx", "b.onnx")]
    [InlineData("Required argument 'compressed' missing for command: 'verify'", "verify", "a.onnx")]
    [InlineData("--min-sqnr", "compress", "m.onnx", "--min-sqnr")]
    public void Wrong_usage_is_exit_code_2_and_says_where_help_is(string message, params string[] arguments)
    {
        var result = Program().Run(arguments);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Matches(@"^Try 'modelbuild (\w+ )?--help'\.$", result.Error.TrimEnd().Split('\n')[^1]);
    }

    [Theory]
    [InlineData("Did you mean 'int8-weights'?", "--compression", "int8-weigths")]
    [InlineData("no option 'per-chanel'", "--compression", "int8-weights(per-chanel=true)")]
    [InlineData("must be a number of dB", "--min-sqnr", "loud")]
    [InlineData("between 0% and 100%", "--max-accuracy-loss", "200%")]
    [InlineData("There is no target 'cpu-x86'. Did you mean 'cpu-x64'?", "--target", "cpu-x86")]
    [InlineData("not both", "--compression", "auto", "--recipe", "x.recipe.json")]
    [InlineData("needs verification", "--no-verify")]
    [InlineData("The recipe file does not exist", "--recipe", "missing.recipe.json")]
    public void An_option_that_means_nothing_is_exit_code_2(string message, params string[] options)
    {
        new Net().Input("x", 4).Node("Relu", "x", "y").Output("y").Save(_folder.File("m.onnx"));

        Program().Run(["compress", "m.onnx", .. options]).Fails(2, "MB1005", options[0] == "--recipe" ? options[1] : "m.onnx", message);

        Assert.Equal(["m.onnx"], _folder.Names());
    }

    public void Dispose() => _folder.Dispose();

    private ModelBuildProgram Program() => new(_folder);
}
