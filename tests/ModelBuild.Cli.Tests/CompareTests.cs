using System.Text.RegularExpressions;
using ModelBuild.Cli.Tests.Support;
using ModelBuild.Testing;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Cli.Tests;

/// <summary><c>compare</c> shows sizes, times, fidelity, accuracy, changed answers and the error along the graph.</summary>
public sealed partial class CompareTests : IDisposable
{
    private const int Rows = 40;
    private const int Classes = 4;

    private static readonly Snapshots _snapshots = new(
        "tests/ModelBuild.Cli.Tests/Expected",
        new SnapshotVariable("number", Numbers()),
        SnapshotVariable.OfProperties("number", "peakBytes"),
        SnapshotVariable.OfProperties("path", "file"),
        SnapshotVariable.OfProperties("text", "onnxRuntime", "architecture")
    );

    private readonly TemporaryFolder _folder = new();

    public CompareTests()
    {
        Classifier(0).Save(_folder.File("first.onnx"));
        Classifier(0.02f).Save(_folder.File("near.onnx"));
        Classifier(0.5f).Save(_folder.File("far.onnx"));
        // The label is the class whose input is the largest, which the first model finds for all rows.
        var values = Noise.Floats(Rows * Classes);
        long[] labels = [.. values.Chunk(Classes).Select(row => (long)Array.IndexOf(row, row.Max()))];
        Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array([Rows, Classes], values)), ("label", Numpy.Array([Rows], labels)));
    }

    [Fact]
    public void The_document_has_these_fields()
    {
        var result = Compare("first.onnx", "near.onnx", "--data", "data.npz", "--threads", "1", "--json");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        _snapshots.Matches("compare.json.txt", result.Output);
    }

    [Fact]
    public void Figures_are_consistent()
    {
        var json = Compare("first.onnx", "near.onnx", "far.onnx", "--data", "data.npz", "--batch", "1,2", "--json").Json;

        var models = json.GetProperty("models").EnumerateArray().ToArray();
        Assert.Equal(["first.onnx", "near.onnx", "far.onnx"], models.Select(model => model.GetProperty("model").GetString()));
        var latencies = json.GetProperty("latencies").EnumerateArray().ToArray();
        Assert.Equal(
            [("1", 1), ("all", 1), ("1", 2), ("all", 2)],
            latencies.Select(latency => (latency.GetProperty("threads").GetString(), latency.GetProperty("rows").GetInt32()))
        );
        foreach (var model in latencies.SelectMany(latency => latency.GetProperty("models").EnumerateArray()))
        {
            double[] times = [.. new[] { "p50Ms", "p90Ms", "p99Ms" }.Select(name => model.GetProperty("latency").GetProperty(name).GetDouble())];
            Assert.Equal(times.Order(), times);
            var ratio = model.GetProperty("ratio");
            Assert.InRange(ratio.GetProperty("median").GetDouble(), ratio.GetProperty("low").GetDouble(), ratio.GetProperty("high").GetDouble());
        }

        var answers = models[2].GetProperty("outputs").GetProperty("answers")[0];
        Assert.Equal(1, answers.GetProperty("before").GetProperty("value").GetDouble());
        var (lost, changed) = (answers.GetProperty("difference").GetProperty("onlyFirst").GetInt32(), answers.GetProperty("changed").GetInt32());
        Assert.True(changed > 0);
        Assert.Equal(changed, lost);
        Assert.Equal(-(double)lost / Rows, answers.GetProperty("difference").GetProperty("value").GetDouble(), 1e-5);
        Assert.All(
            answers.GetProperty("answers").EnumerateArray(),
            answer =>
            {
                Assert.Equal(answer.GetProperty("truth").GetProperty("class").GetInt32(), answer.GetProperty("before").GetProperty("class").GetInt32());
                Assert.NotEqual(answer.GetProperty("before").GetProperty("class").GetInt32(), answer.GetProperty("after").GetProperty("class").GetInt32());
                Assert.Equal(answer.GetProperty("sample").GetInt32(), answer.GetProperty("row").GetInt32());
                Assert.EndsWith("data.npz", answer.GetProperty("file").GetString(), StringComparison.Ordinal);
            }
        );
        Assert.Equal(
            ["h", "y"],
            models[2].GetProperty("outputs").GetProperty("graphErrors").EnumerateArray().Select(error => error.GetProperty("value").GetString())
        );
    }

    [Fact]
    public void The_tables_end_with_a_verdict_for_each_model()
    {
        File.WriteAllText(_folder.File("labels.txt"), "north\neast\nsouth\nwest\n");

        var output = Compare("first.onnx", "near.onnx", "far.onnx", "--data", "data.npz", "--threads", "1", "--labels", "labels.txt").Output;

        string[] lines = output.TrimEnd().Split('\n');
        Assert.Matches(@"^near\.onnx: \d+ % of the bytes of first\.onnx, .+ with one thread, outputs within the budget", lines[^2]);
        Assert.Matches(@"^far\.onnx: \d+ % of the bytes of first\.onnx, .+ with one thread, outputs beyond the budget", lines[^1]);
        Assert.Contains("north (", output, StringComparison.Ordinal);
        Assert.Contains("Bonett and Price", output, StringComparison.Ordinal);
        Assert.All(lines.Where(line => line.Length > 0 && "╭│├╰".Contains(line[0])), line => Assert.InRange(line.TrimEnd().Length, 1, 80));
    }

    [Fact]
    public void The_page_is_complete_and_needs_no_other_file()
    {
        var result = Compare("first.onnx", "far.onnx", "--data", "data.npz", "--threads", "1", "--html", "out/page.html");

        Assert.Equal(0, result.ExitCode);
        var page = File.ReadAllText(_folder.File("out/page.html"));
        Assert.StartsWith("<!doctype html>", page, StringComparison.Ordinal);
        Assert.EndsWith("</html>\n", page, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"<script|<link(?! rel=""icon"" href=""data:,"">)|(?:src|href)=""(?!data:)|url\(|@import", page);
        Assert.All(
            new[] { "Size", "Speed", "Outputs of far.onnx", "Error along the graph" },
            title => Assert.Contains($"<h2>{title}</h2>", page, StringComparison.Ordinal)
        );
        Assert.Contains("<ul class=\"answers\">", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_of_changed_samples_are_in_the_page()
    {
        Pictures(0).Save(_folder.File("a.onnx"));
        Pictures(2).Save(_folder.File("b.onnx"));
        Numpy.Npz(_folder.File("images.npz"), ("x", Numpy.Array([Rows, 1, 16, 16], Noise.Floats(Rows * 256))));

        Assert.Equal(0, Compare("a.onnx", "b.onnx", "--data", "images.npz", "--threads", "1", "--html", "page.html", "--fidelity", "y:scores").ExitCode);

        Assert.Contains("<img src=\"data:image/png;base64,iVBORw0KGgo", File.ReadAllText(_folder.File("page.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void Models_with_other_outputs_cannot_be_compared()
    {
        new Net().Input("x", -1, Classes).Node("Relu", "x", "z").Output("z", DataType.Float, -1, Classes).Save(_folder.File("other.onnx"));

        Compare("first.onnx", "other.onnx").Fails(1, "MB1009", "other.onnx", "do not have the same inputs and outputs");
    }

    public void Dispose() => _folder.Dispose();

    private ModelBuildProgram.Result Compare(params string[] arguments) => new ModelBuildProgram(_folder).Run(["compare", .. arguments, "--seconds", "0"]);

    // Creates an identity whose weights have noise.
    private static Net Classifier(float noise) =>
        new Net()
            .Input("x", -1, Classes)
            .Constant("w", [Classes, Classes], [.. Noise.Floats(Classes * Classes).Select((random, i) => (i % (Classes + 1) == 0 ? 1 : 0) + (noise * random))])
            .Node("MatMul", "x w", "h")
            .Node("Softmax", "h", "y", ("axis", 1))
            .Output("y", DataType.Float, -1, Classes);

    private static Net Pictures(int seed) =>
        new Net()
            .Input("x", -1, 1, 16, 16)
            .Constant("w", [256, Classes], Noise.Floats(256 * Classes, seed))
            .Node("Flatten", "x", "f")
            .Node("MatMul", "f w", "y")
            .Output("y", DataType.Float, -1, Classes);

    [GeneratedRegex(@"(?<=: |^ *)-?\d[\d.E+-]*(?=,?\n)", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Numbers();
}
