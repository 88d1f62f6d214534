using System.Text.Json;
using System.Text.RegularExpressions;
using ModelBuild.Cli.Tests.Support;
using ModelBuild.Testing;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Cli.Tests;

/// <summary><c>perf</c> measures a model in a child process. No test asserts how long anything takes.</summary>
public sealed partial class PerfTests : IDisposable
{
    // The peak of the memory is unknown on macOS.
    private static readonly Snapshots _snapshots = new(
        "tests/ModelBuild.Cli.Tests/Expected",
        new SnapshotVariable("number", Numbers()),
        SnapshotVariable.OfProperties("number", "peakBytes"),
        SnapshotVariable.OfProperties("text", "onnxRuntime", "architecture")
    );

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_document_has_these_fields()
    {
        // The model has one node, so that the order of nodes does not depend on measured times.
        Product().Output("s", DataType.Float, -1, 64).Save(_folder.File("model.onnx"));

        var result = Perf("model.onnx", "--threads", "1", "--json");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        _snapshots.Matches("perf.json.txt", result.Output);
    }

    [Fact]
    public void Figures_are_consistent()
    {
        Save();

        var json = Perf("model.onnx", "--threads", "1,all", "--batch", "1,4", "--json").Json;

        var rows = json.GetProperty("measurements").EnumerateArray().ToArray();
        Assert.Equal(
            [("1", 1), ("all", 1), ("1", 4), ("all", 4)],
            rows.Select(row => (row.GetProperty("threads").GetString(), row.GetProperty("rows").GetInt32()))
        );
        Assert.All(rows, IsConsistent);
        var profile = json.GetProperty("profile");
        Assert.InRange(profile.GetProperty("nodesMs").GetDouble(), 0, profile.GetProperty("callMs").GetDouble());
        foreach (var part in new[] { "operators", "nodes" })
            Assert.Equal(1, profile.GetProperty(part).EnumerateArray().Sum(one => one.GetProperty("share").GetDouble()), 0.001);
        // ONNX Runtime computes the product and the sum in one node.
        Assert.Single(
            profile.GetProperty("nodes").EnumerateArray(),
            node => node.GetProperty("replaces").EnumerateArray().Take(2).Select(label => label.GetString()).SequenceEqual(["MatMul of 'h'", "Add of 's'"])
        );
    }

    [Fact]
    public void Tables_say_which_inputs_were_used()
    {
        Save();
        Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array([20, 64], Noise.Floats(1280))));

        var made = Perf("model.onnx");
        var given = Perf("model.onnx", "--data", "data.npz", "--batch", "8");

        Assert.Contains("with synthetic inputs (x [1, 64])", made.Output, StringComparison.Ordinal);
        Assert.Contains("with inputs of the data (x [8, 64])", given.Output, StringComparison.Ordinal);
        Assert.All(made.Output.Split('\n').Where(line => line.Length > 0 && "╭│├╰".Contains(line[0])), line => Assert.InRange(line.TrimEnd().Length, 1, 80));
    }

    [Theory]
    [InlineData(2, "MB1005", "--threads 'many' must be a list of numbers such as 1,2,all.", "--threads", "many")]
    [InlineData(2, "MB1005", "--batch '0' must be a list of numbers such as 1,16.", "--batch", "0")]
    [InlineData(2, "MB1005", "--seconds 'x' must be a number from 0 to 3600.", "--seconds", "x")]
    [InlineData(2, "MB1005", "Did you mean 'cuda'", "--provider", "gpu")]
    [InlineData(1, "MB1016", "The execution provider 'qnn' cannot be used", "--provider", "qnn")]
    public void A_wrong_option_is_an_error(int exitCode, string code, string message, params string[] options)
    {
        Save();

        new ModelBuildProgram(_folder).Run(["perf", "model.onnx", .. options]).Fails(exitCode, code, "model.onnx", message);
    }

    [Fact]
    public void A_fixed_number_of_rows_cannot_be_changed()
    {
        new Net().Input("x", 1, 64).Node("Relu", "x", "y").Output("y", DataType.Float, 1, 64).Save(_folder.File("model.onnx"));

        Perf("model.onnx", "--batch", "4").Fails(2, "MB1005", "model.onnx", "A call of the model has 1 row, and not the 4 of --batch");
    }

    [Fact]
    public async Task A_crash_of_the_child_process_is_one_error()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("The test finds the child process in /proc.");
        Loops.Save(_folder.File("model.onnx"));
        Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array([1], 1f)));
        using var process = new ModelBuildProgram(_folder).Start("perf", "model.onnx", "--data", "data.npz");
        string[] children = [];
        await Eventually.IsTrueInAsync(process, () => (children = ChildProcesses.Of(process)).Length > 0, TestContext.Current.CancellationToken);

        await ChildProcesses.SignalAsync("-KILL", children[0]);

        ModelBuildProgram.Wait(process).Fails(1, "MB1048", "model.onnx", "The process that ran the model ended with exit code 137 before it had measured");
        Assert.Equal(["data.npz", "model.onnx"], _folder.Names());
    }

    public void Dispose() => _folder.Dispose();

    private static void IsConsistent(JsonElement row)
    {
        var times = row.GetProperty("times");
        var latency = times.GetProperty("latency");
        double[] ascending = [.. new[] { "minMs", "p50Ms", "p90Ms", "p99Ms", "maxMs" }.Select(name => latency.GetProperty(name).GetDouble())];
        Assert.Equal(ascending.Order(), ascending);
        Assert.InRange(latency.GetProperty("meanMs").GetDouble(), ascending[0], ascending[^1]);
        Assert.True(latency.GetProperty("calls").GetInt32() > 0);
        Assert.Equal(1, times.GetProperty("ratio").GetProperty("median").GetDouble());
        Assert.True(row.GetProperty("rowsPerSecond").GetDouble() > 0);
        Assert.True(times.GetProperty("loadMs").GetDouble() > 0);
    }

    private ModelBuildProgram.Result Perf(params string[] arguments) => new ModelBuildProgram(_folder).Run(["perf", .. arguments, "--seconds", "0"]);

    private void Save() => Product().Node("Sigmoid", "s", "y").Output("y", DataType.Float, -1, 64).Save(_folder.File("model.onnx"));

    private static Net Product() => new Net().Input("x", -1, 64).Weight("w", 64, 64).Weight("b", 64).Node("MatMul", "x w", "h").Node("Add", "h b", "s");

    [GeneratedRegex(@"(?<=: )-?\d[\d.E+-]*(?=,?\n)", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();
}
