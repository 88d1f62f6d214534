using ModelBuild.Cli.Tests.Support;
using ModelBuild.Onnx;

namespace ModelBuild.Cli.Tests;

/// <summary>The lines that <c>build-compress</c> writes for the log and for the terminal.</summary>
public sealed class BuildMessageTests : BuildTests
{
    [Fact]
    public void Warnings_are_lines_of_their_own()
    {
        new Net().Input("x", 4).Node("Relu", "x", "y").Output("y").Save(Folder.File("Models/digits.onnx"));

        var result = Program().Run("build-compress", Request("DigitsModel", ("compression", "int8-weights")));

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith($"{Folder.File("Models/digits.onnx")} : warning MB1011: ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_smaller_when_zipped_only_is_deployed_and_told_so()
    {
        Product().Save(Folder.File("Models/digits.onnx"));

        var result = Program().Run("build-compress", Request("DigitsModel", ("compression", "prune(0.75, magnitude)"), ("minSqnr", "0")));

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^DigitsModel: [\d,]+ -> [\d,]+ bytes when zipped \([\d,]+ on disk as before, and no faster\), optimize prune", result.Output);
        Assert.Equal(
            3 * 64 * 64 / 4,
            OnnxModel.Load(Obj("DigitsModel.onnx")).Proto.Graph.Initializer.Single(tensor => tensor.Dims.Count == 2).Span<float>().Count(0f)
        );
    }

    [Fact]
    public void What_gains_on_disk_only_is_told_so()
    {
        Product().Save(Folder.File("Models/digits.onnx"));

        var stored = Program().Run("build-compress", Request("DigitsModel", ("compression", "int8-weights")));
        var computed = Program().Run("build-compress", Request("DigitsModel", ("compression", "int8-dynamic")));

        Assert.Matches(@"^DigitsModel: [\d,]+ -> [\d,]+ bytes \(memory and time of the loaded model are as before\), optimize int8-weights", stored.Output);
        Assert.Matches(@"^DigitsModel: [\d,]+ -> [\d,]+ bytes, optimize int8-dynamic", computed.Output);
    }

    [Theory]
    [InlineData(
        "int8-weights",
        @"^DigitsModel: [\d,]+ -> [\d,]+ bytes \(.*\), optimize int8-weights, \d+\.\d dB on synthetic inputs  ",
        @"^=[\d,]+ -> [\d,]+ bytes, \d+\.\d dB on synthetic inputs$"
    )]
    [InlineData(
        "none",
        "^DigitsModel: original kept, [\\d,]+ bytes, because the recipe has no steps  ",
        "^=original kept, [\\d,]+ bytes, because the recipe has no steps$"
    )]
    [InlineData(
        "int8-weights(exclude=w)",
        "DigitsModel: original kept, [\\d,]+ bytes, because of 'int8-weights\\(exclude=w\\)': it would have ",
        "^=original kept, "
    )]
    public void Made_inputs_and_models_that_are_kept_whole_are_told_so(string compression, string log, string terminal)
    {
        Product().Save(Folder.File("Models/digits.onnx"));
        Directory.CreateDirectory(Folder.File("terminal"));

        var result = Program().Run("build-compress", "--progress-folder", Folder.File("terminal"), Request("DigitsModel", ("compression", compression)));

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(log, Lines(result.Output)[^1]);
        var progress = Lines(File.ReadAllText(Folder.File("terminal/DigitsModel.progress")));
        Assert.Matches(terminal, progress[^1]);
        Assert.Equal("reading", progress[0]);
        Assert.All(progress[..^1], line => Assert.InRange(line.Length, 1, 55));
    }

    [Fact]
    public void The_progress_of_a_model_that_fails_ends_without_a_word()
    {
        Folder.Write("Models/digits.onnx", "no model");
        Directory.CreateDirectory(Folder.File("terminal"));

        var result = Program().Run("build-compress", "--progress-folder", Folder.File("terminal"), Request("DigitsModel"));

        Assert.Equal((1, "=\n"), (result.ExitCode, File.ReadAllText(Folder.File("terminal/DigitsModel.progress"))));
    }
}
