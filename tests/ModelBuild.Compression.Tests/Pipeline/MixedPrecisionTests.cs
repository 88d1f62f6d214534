using System.IO.Compression;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Pipeline;

/// <summary>Tests that the fewest layers are returned to float if the whole model in int8 misses its budget.</summary>
public sealed class MixedPrecisionTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_layer_that_does_the_harm_is_returned_alone()
    {
        var receipt = Compress("int8(min-max, everywhere=true)", minSqnr: 30);

        var int8 = receipt.Steps.Single(step => step.Step.StartsWith("int8", StringComparison.Ordinal));
        Assert.Equal("int8(calibration=min-max, everywhere=true, layers=poison:float)", int8.Step);
        Assert.Equal(["poison"], int8.Ranking.Where(rank => rank.Returned).Select(rank => rank.Layer));
        Assert.Equal("poison", int8.Ranking[0].Layer);
        Assert.InRange(int8.Ranking[0].GainDb, 5, 60);
        Assert.Equal(int8.Ranking.OrderByDescending(rank => rank.GainDb), int8.Ranking);
        Assert.Equal(
            ["first activations", "last activations", "poison activations"],
            int8.Ranking.Select(rank => $"{rank.Layer} {LayerPartWords.Of(rank.Part)}").Order(StringComparer.Ordinal)
        );
        Assert.Equal("the recipe keeps it in float", int8.Nodes.Single(node => node.Name == "poison").Why);
        Assert.Contains("within the budget with 1 layers in float", receipt.Attempts[^1].Why, StringComparison.Ordinal);
        Assert.True(receipt.Fidelity[0].Passed);
        Assert.InRange(receipt.Fidelity[0].SqnrDb!.Value, 30, 60);
    }

    [Fact]
    public void The_same_model_comes_out_each_time()
    {
        Compress("int8(min-max, everywhere=true)", minSqnr: 30);
        var first = File.ReadAllBytes(_folder.File("out/small.onnx"));
        Compress("int8(min-max, everywhere=true)", minSqnr: 30);

        Assert.Equal(first, File.ReadAllBytes(_folder.File("out/small.onnx")));
    }

    [Fact]
    public void A_choice_of_combinations_is_written_out_as_the_one_that_was_kept()
    {
        var receipt = Compress("int8(everywhere=true)", minSqnr: 33);

        Assert.DoesNotContain(receipt.Recipe.Steps, step => step is "int8" or "int8(everywhere=true)");
        Assert.Contains(receipt.Recipe.Steps, step => step.EndsWith("layers=poison:float)", StringComparison.Ordinal));
        Assert.True(receipt.Fidelity[0].Passed);
    }

    [Fact]
    public void A_budget_that_no_layer_is_to_blame_for_is_an_error_that_names_the_worst()
    {
        var exception = Assert.Throws<CompressionException>(() => Compress("int8(min-max, everywhere=true)", minSqnr: 120));

        Assert.Equal(Codes.FidelityMissed, exception.Code);
        Assert.Matches(
            @"beyond MinSqnr 120 dB.*the layers that cost most are 'poison' \(\d+\.\d dB\).*only the weights of '\w+' is in int8",
            exception.Message
        );
        Assert.False(File.Exists(_folder.File("out/small.onnx")));
    }

    [Fact]
    public void A_recipe_of_auto_that_has_no_integer_layers_is_not_blamed_for_those_of_another()
    {
        var receipt = Compress("auto", minSqnr: 75);

        var stored = receipt.Attempts.Single(attempt => attempt.Recipe == "optimize int8-weights");
        Assert.Equal(AttemptOutcome.Refused, stored.Outcome);
        Assert.DoesNotContain("layers that cost most", stored.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_do_the_harm_go_back_with_their_layer()
    {
        var receipt = Compress("int8(min-max, everywhere=true, per-channel=false)", minSqnr: 30, wideWeights: true);

        var int8 = receipt.Steps.Single(step => step.Step.StartsWith("int8", StringComparison.Ordinal));
        Assert.EndsWith("exclude=first)", int8.Step, StringComparison.Ordinal);
        Assert.Equal(("first", LayerPart.Layer, true), (int8.Ranking[0].Layer, int8.Ranking[0].Part, int8.Ranking[0].Returned));
        Assert.Equal("float", int8.Nodes.Single(node => node.Name == "first").Became);
        Assert.True(receipt.Fidelity[0].Passed);
    }

    [Fact]
    public void A_result_that_is_no_smaller_is_not_offered()
    {
        // One layer has nearly all weights and causes the error. Another layer has few weights, so that it only costs its conversions.
        var net = new Net()
            .Input("x", -1, 512)
            .Constant("w1", [512, 16], [.. Noise.Floats(512 * 16, seed: 5).Select((weight, i) => i % 16 == 0 ? weight * 4000 : weight)])
            .Constant("sizes", [16], [.. Enumerable.Range(0, 16).Select(i => i == 0 ? 4000f : 1)])
            .Weight("w2", 16, 4);
        net.Add(Named("MatMul", "big", "x w1", "h"))
            .Node("Neg", "h", "n")
            .Node("Div", "n sizes", "d")
            .Node("Softsign", "d", "s")
            .Add(Named("MatMul", "small", "s w2", "y"));
        var data = Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array([64, 512], Noise.Floats(64 * 512, seed: 9))));

        var receipt = Compress(net.Output("y"), data, "int8(min-max, everywhere=true, per-channel=false)", minSqnr: 35);

        Assert.Equal(receipt.Original.Bytes, receipt.Compressed.Bytes);
        Assert.Contains("it would have", receipt.Attempts[0].Why, StringComparison.Ordinal);
        Assert.Contains(
            "does not make the model smaller, neither on disk nor zipped; the original is kept",
            Assert.Single(receipt.Warnings).Text,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("fashion-mobilenet", "fashion", "int8(min-max, everywhere=true)", 36, 0.5)]
    [InlineData("fashion-mobilenet", "fashion", "int8(min-max, everywhere=true)", 42, 0.4)]
    [InlineData("litenet-conv", "mnist", "int8(min-max, everywhere=true)", 52, 0.9)]
    public void Real_models_are_brought_within_their_budget(string model, string data, string recipe, double minSqnr, double size)
    {
        var receipt = Compress(Corpus.Path($"litenet/{model}.onnx"), WithoutLabels(Corpus.Path($"litenet/{data}-calibration.npz")), recipe, minSqnr);

        var int8 = receipt.Steps.Single(step => step.Step.StartsWith("int8", StringComparison.Ordinal));
        output.WriteLine($"{receipt.Attempts[^1].Why}; {receipt.Fidelity[0].SqnrDb:0.0} dB; {int8.Step}");
        Assert.True(receipt.Fidelity[0].Passed);
        Assert.InRange((double)receipt.Compressed.Bytes / receipt.Original.Bytes, 0.2, size);
        Assert.Contains(int8.Ranking, rank => rank.Returned);
        Assert.All(int8.Ranking, rank => Assert.Contains(int8.Nodes, node => node.Name == rank.Layer && node.Operator is "Conv" or "Gemm" or "MatMul"));
        Assert.Equal(int8.Ranking.OrderBy(rank => rank.Part == LayerPart.Weights).ThenByDescending(rank => rank.GainDb), int8.Ranking);
    }

    public void Dispose() => _folder.Dispose();

    // There is a negation before each division, because a division directly behind a layer would be folded into it. One channel of the middle layer's outputs
    // is 400 times as large as the others, so that the other channels lose nearly all of their values in int8. With wide weights, the same is true of the
    // first layer's weights.
    private Receipt Compress(string recipe, double minSqnr, bool wideWeights = false)
    {
        float[] Spread(int count, int seed, int row) => [.. Noise.Floats(count, seed, scale: 0.2f).Select((weight, i) => i < row ? 400 * weight : weight)];
        var sizes = Enumerable.Range(0, 16).Select(i => i == 0 ? 400f : 1f).ToArray();
        var net = new Net()
            .Input("x", -1, 4, 10, 10)
            .Constant("w1", [16, 4, 3, 3], Spread(16 * 36, seed: 3, wideWeights ? 36 : 0))
            .Constant("w2", [16, 16, 3, 3], Spread(16 * 144, seed: 5, wideWeights ? 0 : 144))
            .Weight("w3", 8, 16, 3, 3)
            .Constant("sizes", [1, 16, 1, 1], sizes);
        net.Add(Named("Conv", "first", "x w1", "a"));
        if (wideWeights)
            net.Node("Neg", "a", "n").Node("Div", "n sizes", "e").Node("Softsign", "e", "s").Add(Named("Conv", "poison", "s w2", "d"));
        else
            net.Node("Softsign", "a", "s").Add(Named("Conv", "poison", "s w2", "b")).Node("Neg", "b", "n").Node("Div", "n sizes", "d");
        net.Add(Named("Conv", "last", "d w3", "y"));

        var data = _folder.File("data.npz");
        if (!File.Exists(data))
            Numpy.Npz(data, ("x", Numpy.Array([64, 4, 10, 10], Noise.Floats(64 * 400, seed: 9))));
        return Compress(net.Output("y"), data, recipe, minSqnr);
    }

    private Receipt Compress(Net net, string data, string recipe, double minSqnr) => Compress(net.Save(_folder.File("model.onnx")), data, recipe, minSqnr);

    private Receipt Compress(string model, string data, string recipe, double minSqnr) =>
        Compressor.Compress(
            new CompressionRequest(model, _folder.File("out/small.onnx"))
            {
                Recipe = RecipeParser.Parse(recipe),
                CalibrationData = [data],
                Budget = new FidelityBudget(MinSqnr: minSqnr, MaxAccuracyLoss: 1),
            }
        );

    // Without labels, the logits are compared in decibels.
    private string WithoutLabels(string npz)
    {
        File.Copy(npz, _folder.File("data.npz"));
        File.SetAttributes(_folder.File("data.npz"), FileAttributes.Normal);
        using var archive = ZipFile.Open(_folder.File("data.npz"), ZipArchiveMode.Update);
        archive.Entries.Single(entry => entry.Name.StartsWith("label", StringComparison.Ordinal)).Delete();
        return _folder.File("data.npz");
    }

    private static NodeProto Named(string operatorType, string name, string inputs, string output)
    {
        var node = Net.Make(operatorType, inputs, output);
        node.Name = name;
        return node;
    }
}
