using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Compression.Verification;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Verification;

public sealed class UnprovenTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // The outputs for synthetic inputs are always the same, or they are empty or undefined. The value that decides about the output is behind a node that no
    // comparison can analyse.
    public static TheoryData<string, string> Silent { get; } =
        new()
        {
            { "empty", nameof(NotMeasured.Empty) },
            { "NaN", nameof(NotMeasured.NotFinite) },
            { "constant", nameof(NotMeasured.Constant) },
            { "saturated", nameof(NotMeasured.Saturated) },
        };

    [Theory]
    [MemberData(nameof(Silent))]
    public void A_recipe_that_nothing_proves_fails_and_says_what_to_give(string model, string why)
    {
        var file = Silenced(model);

        var exception = Assert.Throws<CompressionException>(() => _folder.Compress(file, "int8-weights"));

        Assert.Equal(Codes.FidelityMissed, exception.Code);
        Assert.Contains(
            $"output 'y' was not measured ({FidelityWords.Why(Enum.Parse<NotMeasured>(why))}): give CalibrationData",
            exception.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [MemberData(nameof(Silent))]
    public void Auto_then_does_only_what_needs_no_proof(string model, string why)
    {
        var receipt = _folder.Compress(Silenced(model));

        Assert.Contains(
            receipt.Attempts,
            attempt => attempt.Outcome == AttemptOutcome.Refused && attempt.Why.StartsWith("its outputs were not measured", StringComparison.Ordinal)
        );
        Assert.All(receipt.Recipe.Steps, step => Assert.True(RecipeParser.Parse(step).Steps.All(parsed => parsed.Definition.IsPrecise)));
        Assert.Contains("not measured, but its steps are exact", receipt.Attempts[^1].Why, StringComparison.Ordinal);
        var output = Assert.Single(receipt.Fidelity);
        Assert.Equal((false, Enum.Parse<NotMeasured>(why), null), (output.Measured, output.WhyNot, output.Budget));
        Assert.Null(FidelityFacts.Worst(receipt.Fidelity));
    }

    [Fact]
    public void A_detector_that_finds_nothing_is_judged_by_what_it_selects_by()
    {
        var file = Finder().Save(_folder.File("model.onnx"));

        var exception = Assert.Throws<CompressionException>(() => _folder.Compress(file, "low-rank(ratio=0.05)"));
        var receipt = _folder.Compress(file, "int8-weights");

        Assert.Contains("an input of Compress", exception.Message, StringComparison.Ordinal);
        Assert.Contains("output 'found' was not measured", exception.Message, StringComparison.Ordinal);
        Assert.Equal(["found", "places"], FidelityFacts.NotExercised(receipt.Fidelity).Select(output => output.Output));
        Assert.Contains(receipt.Fidelity, output => output is { Feeds: "Compress", Measured: true, Passed: true, IsVerifiedBySqnr: true });
    }

    [Fact]
    public void A_detector_that_finds_other_rows_has_an_f1()
    {
        var file = Finder().Save(_folder.File("model.onnx"));
        var data = Numpy.Npz(_folder.File("x.npz"), ("x", Numpy.Array([64, 64], Noise.Floats(64 * 64, seed: 5, scale: 6))));

        var receipt = _folder.Compress(
            file,
            "int8-weights",
            request => request with { CalibrationData = [data], Budget = new FidelityBudget(MaxAccuracyLoss: 0.5) }
        );

        var found = Assert.Single(receipt.Fidelity, output => output.Output == "found");
        Assert.InRange(found.Matches!.Before, 2, 63);
        Assert.InRange(found.Matches.F1, 0.8, 1);
        Assert.Equal("MaxAccuracyLoss 50%", found.Budget);
    }

    [Theory]
    [InlineData("ArgMax")]
    [InlineData("Greater")]
    [InlineData("TopK")]
    public void A_selection_alone_is_judged_by_its_scores_on_made_inputs(string op)
    {
        var net = new Net().Input("x", -1, 64).Weight("w", 64, 64).Node("MatMul", "x w", "scores").Constant("k", [1], 3L).Constant("limit", [], 0.1f);
        net = op switch
        {
            "ArgMax" => net.Node(op, "scores", "y", ("axis", 1), ("keepdims", 0)).Output("y", DataType.Int64, -1),
            "Greater" => net.Node(op, "scores limit", "y").Output("y", DataType.Bool, -1, 64),
            _ => net.Node(op, "scores k", "top y").Output("y", DataType.Int64, -1, 3),
        };
        var file = net.Save(_folder.File("model.onnx"));

        var exception = Assert.Throws<CompressionException>(() => _folder.Compress(file, "low-rank(ratio=0.05)"));
        var receipt = _folder.Compress(file, "int8-weights");

        Assert.Contains($"'scores', an input of {op}", exception.Message, StringComparison.Ordinal);
        Assert.Contains(receipt.Fidelity, output => output is { Output: "scores", Measured: true, Passed: true } && output.Feeds == op);
    }

    private string Silenced(string model)
    {
        var net = new Net().Input("x", -1, 64).Weight("w", 64, 64).Node("MatMul", "x w", "h");
        net = model switch
        {
            "empty" => net.Constant("starts", [1], 64L)
                .Constant("ends", [1], 64L)
                .Constant("axes", [1], 1L)
                .Node("Slice", "h starts ends axes", "y")
                .Output("y", DataType.Float, -1, 0),
            "NaN" => net.Constant("less", [], -1f)
                .Constant("more", [], -1000f)
                .Node("Mul", "h less", "n")
                .Node("Add", "h n", "z")
                .Node("Add", "z more", "s")
                .Node("Sqrt", "s", "y")
                .Output("y", DataType.Float, -1, 64),
            "constant" => net.Constant("more", [], -1000f).Node("Add", "h more", "s").Node("Relu", "s", "y").Output("y", DataType.Float, -1, 64),
            _ => net.Constant("more", [], -9f).Node("Add", "h more", "s").Node("Sigmoid", "s", "y").Output("y", DataType.Float, -1, 64),
        };
        return net.Save(_folder.File("model.onnx"));
    }

    private static Net Finder() =>
        new Net()
            .Input("x", -1, 64)
            .Weight("w", 64, 64)
            .Node("MatMul", "x w", "h")
            .Node("ReduceMax", "h", "top", ("axes", new long[] { 1 }), ("keepdims", 0))
            .Constant("limit", [], 7.5f)
            .Node("Greater", "top limit", "flags")
            .Node("Compress", "h flags", "found", ("axis", 0))
            .Node("NonZero", "flags", "places")
            .Output("found", DataType.Float, -1, 64)
            .Output("places", DataType.Int64, 1, -1);
}
