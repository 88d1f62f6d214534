using System.Text.Json;
using ModelBuild.Cli.Tests.Support;
using ModelBuild.Testing;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Cli.Tests;

/// <summary>The last line of <c>compress</c> and <c>verify</c>, tables that fit a terminal, and names that somebody mistyped.</summary>
public sealed class VerdictTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("int8-weights", @"^good: [\d,]+ -> [\d,]+ bytes \(\d+ %\), y \d+\.\d dB on synthetic inputs$")]
    [InlineData("none", @"^original kept, [\d,]+ bytes, because the recipe has no steps$")]
    [InlineData(
        "int8-weights(exclude=w)",
        @"^original kept, [\d,]+ bytes, because of 'int8-weights\(exclude=w\)': it would have [\d,]+ bytes, and the original has [\d,]+$"
    )]
    public void Compress_ends_with_a_verdict(string compression, string verdict)
    {
        Product().Save(_folder.File("model.onnx"));

        var result = Program().Run("compress", "model.onnx", "--compression", compression);

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(verdict, LastLine(result));
    }

    [Fact]
    public void Without_verification_the_verdict_says_so()
    {
        Product().Save(_folder.File("model.onnx"));

        Assert.EndsWith(
            ", not verified",
            LastLine(Program().Run("compress", "model.onnx", "--compression", "int8-weights", "--no-verify")),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("0", 0, @"^good: [\d,]+ -> [\d,]+ bytes \(\d+ %\), y \d+\.\d dB on synthetic inputs$")]
    [InlineData("90", 1, @"^fails: y \d+\.\d dB, beyond MinSqnr 90 dB; [\d,]+ -> [\d,]+ bytes \(\d+ %\)$")]
    public void Verify_ends_with_a_verdict(string minSqnr, int exitCode, string verdict)
    {
        Product().Save(_folder.File("model.onnx"));
        Program().Run("compress", "model.onnx", "--compression", "int8-weights", "-o", "small.onnx");

        var result = Program().Run("verify", "model.onnx", "small.onnx", "--min-sqnr", minSqnr);
        var json = Program().Run("verify", "model.onnx", "small.onnx", "--min-sqnr", minSqnr, "--json");

        Assert.Equal((exitCode, exitCode), (result.ExitCode, json.ExitCode));
        Assert.Matches(verdict, LastLine(result));
        Assert.Equal(JsonValueKind.Object, json.Json.ValueKind);
    }

    [Fact]
    public void Tables_fit_80_columns()
    {
        var model = Corpus.Path("litenet/fashion-resnet.onnx");
        var data = Corpus.Path("litenet/fashion-calibration.npz");
        var compressed = Program().Run("compress", model, "--calibration-data", data, "-o", "small.onnx", "--stages", "2");
        var outputs = new[]
        {
            compressed.Output,
            Program().Run("inspect", model).Output,
            Program().Run("verify", model, model, "--data", data).Output,
            Program().Run("calibrate", model, "--calibration-data", data, "-o", "c.json").Output,
        };

        Assert.Equal(0, compressed.ExitCode);
        string[] rows = [.. outputs.SelectMany(output => output.Split('\n')).Where(line => line.Length > 0 && "╭│├╰".Contains(line[0]))];
        Assert.All(outputs, output => Assert.Contains('│', output));
        Assert.All(rows, row => Assert.InRange(row.TrimEnd().Length, 1, 80));
    }

    [Theory]
    [InlineData("There is no command 'compres'. Did you mean 'compress'?", "compres", "x.onnx")]
    [InlineData("There is no command 'varify'. Did you mean 'verify'?", "varify", "a.onnx", "b.onnx")]
    [InlineData("There is no option '--jsn'. Did you mean '--json'?", "compress", "--jsn", "x.onnx")]
    [InlineData("There is no option '--calibration-dat'. Did you mean '--calibration-data'?", "compress", "x.onnx", "--calibration-dat=y.npz")]
    [InlineData("There is no option '--onnxruntme'. Did you mean '--onnxruntime'?", "inspect", "x.onnx", "--onnxruntme", "y")]
    [InlineData("There is no option '--dta'. Did you mean '--data'?", "verify", "a.onnx", "b.onnx", "--dta", "x.npz")]
    public void A_mistyped_name_gets_the_nearest_one(string message, params string[] arguments)
    {
        var result = Program().Run(arguments);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Equal("modelbuild: " + message, result.Error.Split('\n')[0].TrimEnd());
        Assert.StartsWith("Try 'modelbuild ", result.Error.Split('\n')[1], StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string LastLine(ModelBuildProgram.Result result) => result.Output.TrimEnd().Split('\n')[^1];

    private static Net Product() => new Net().Input("x", -1, 64).Weight("w", 64, 64).Node("MatMul", "x w", "y").Output("y", DataType.Float, -1, 64);

    private ModelBuildProgram Program() => new(_folder);
}
