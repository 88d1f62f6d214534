using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;
using Kinds = ModelBuild.Compression.Tests.Quantization.Layers;

namespace ModelBuild.Compression.Tests.Clustering;

public sealed class ClusterTests
{
    private static readonly string[] Moves = ["Gather", "Cast", "Add", "Div", "Sub", "Mul", "Concat", "Reshape"];

    public static TheoryData<string> LayerKinds { get; } =
    ["Conv", "Conv of groups", "ConvTranspose", "Gemm", "Gemm turned", "Gemm left", "MatMul", "MatMul of many", "LSTM", "LSTM both ways", "GRU", "RNN"];

    [Theory]
    [MemberData(nameof(LayerKinds))]
    public void Weights_become_a_codebook_and_indices_and_are_float_again_when_loaded(string kind)
    {
        var layer = Kinds.Make(kind);
        var model = layer.Net.Build();

        var clustered = Steps.Run(model, "cluster(8)");

        Assert.Equal(layer.Scales.Length, clustered.Proto.Graph.Initializer.Count(tensor => tensor.DataType == (int)DataType.Uint4));
        Assert.All(layer.Scales, weight => Assert.Equal("Gather", new Graph(clustered).Producer(weight.Weight)!.OpType));
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(clustered)), 15, 40);
        Assert.DoesNotContain(Ort.Optimized(clustered).Nodes, node => Moves.Contains(node.OpType));
    }

    [Theory]
    [InlineData(17, "cluster(16)", "Cast Gather MatMul")]
    [InlineData(17, "cluster(16, per-channel=true)", "Add Cast Gather MatMul")]
    [InlineData(17, "cluster(200)", "Cast Gather MatMul")]
    [InlineData(11, "cluster(16)", "Cast Concat Div Gather MatMul Mul Reshape Sub")]
    [InlineData(11, "cluster(16, per-channel=true)", "Add Cast Concat Div Gather MatMul Mul Reshape Sub")]
    [InlineData(7, "cluster(16)", "Cast Concat Div Gather MatMul Mul Reshape Sub")]
    public void Every_form_gives_the_values_that_the_shared_form_has(int opset, string recipe, string operators)
    {
        var model = new Net(opset).Input("x", 5, 60).Weight("w", 60, 90).Node("MatMul", "x w", "y").Output("y").Build();

        var clustered = Steps.Run(model, recipe);
        var shared = Steps.Run(model, recipe.TrimEnd(')') + ", form=shared)");

        Assert.Equal(operators, Steps.Operators(clustered));
        Assert.Equal("MatMul", Steps.Operators(shared));
        Assert.Equal("MatMul", Steps.Operators(Ort.Optimized(clustered)));
        Assert.Equal(Ort.Run(shared)["y"], Ort.Run(clustered)["y"]);
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(clustered)), 18, double.PositiveInfinity);
        Assert.True(new Graph(shared).TryGetConstant("w", out var weights));
        Assert.InRange(weights.ToFloats().Distinct().Count(), 16, recipe.Contains("per", StringComparison.Ordinal) ? 16 * 90 : 200);
    }

    [Fact]
    public void Where_bytes_cannot_be_halved_indices_take_a_byte()
    {
        var model = new Net(11).Input("x", 5, 61).Weight("w", 61, 91).Node("MatMul", "x w", "y").Output("y").Build();

        var clustered = Steps.Run(model, "cluster(16)", out var report);

        Assert.Equal("Cast Gather MatMul", Steps.Operators(clustered));
        Assert.Equal(1, report.Changes["weights stored as 8-bit indices of a codebook"]);
    }

    [Fact]
    public void Weights_of_branches_in_constant_nodes_and_for_several_readers_are_stored_once()
    {
        var then = new Net()
            .ConstantNode("w1", Net.Tensor([40, 40], Noise.Floats(1600)))
            .Node("MatMul", "x w1", "m1")
            .Node("MatMul", "m1 outer", "t")
            .Output("t");
        var otherwise = new Net().Weight("w2", 40, 40).Node("MatMul", "x w2", "m2").Node("MatMul", "m2 outer", "e").Output("e");
        var model = new Net().Input("x", 3, 40).Input("c", DataType.Bool).Weight("outer", 40, 40).If("c", "y", then, otherwise).Output("y").Build();

        var clustered = Steps.Run(model, "cluster(16)", out var report);

        Assert.Equal(3, report.Changes["weights stored as 4-bit indices of a codebook"]);
        Assert.InRange(clustered.ToBytes().Length, 0, 4600);
        foreach (var condition in new[] { true, false })
        {
            using var yes = OrtValue.CreateTensorValueFromMemory([condition], []);
            Assert.InRange(Ort.Sqnr(Ort.Run(model, ("c", yes)), Ort.Run(clustered, ("c", yes))), 18, 40);
        }
    }

    [Fact]
    public void Embeddings_are_clustered_too()
    {
        var model = new Net().Input("ids", DataType.Int64, 3).Weight("w", 50, 32).Node("Gather", "w ids", "y").Output("y").Build();

        var clustered = Steps.Run(model, "cluster(16)");

        Assert.Equal("Cast Gather*2", Steps.Operators(clustered));
        Assert.Equal("Gather", Steps.Operators(Ort.Optimized(clustered)));
    }

    [Fact]
    public void What_would_not_gain_and_what_is_excluded_stays()
    {
        var model = new Net()
            .Input("x", 5, 12)
            .Weight("small", 12, 8)
            .Node("MatMul", "x small", "a")
            .Weight("named", 8, 300)
            .Node("MatMul", "a named", "y")
            .Output("y")
            .Build();

        var clustered = Steps.Run(model, "cluster(16, exclude=named)", out var report);

        Assert.Equal("MatMul*2", Steps.Operators(clustered));
        Assert.Equal(["it is too small to save anything", "the recipe excludes it"], report.Skipped.Select(left => left.Why));
    }

    [Fact]
    public void What_was_pruned_stays_zero()
    {
        var values = Noise.Floats(2400);
        for (var i = 0; i < values.Length; i += 3)
            values[i] = 0;
        var model = new Net()
            .Input("x", 8, 60)
            .Constant("w", [60, 40], values)
            .Constant("b", [40], Noise.Floats(40))
            .Node("Gemm", "x w b", "y")
            .Output("y")
            .Build();

        foreach (var method in new[] { "k-means", "gptq" })
        {
            var clustered = Steps.Run(model, $"cluster(16, shared, {method})", Samples(8, 60), out _);
            Assert.True(new Graph(clustered).TryGetConstant("w", out var weights));
            var shared = weights.ToFloats();
            Assert.InRange(shared.Distinct().Count(), 2, 16);
            for (var i = 0; i < values.Length; i += 3)
                Assert.Equal(0, shared[i]);
        }
    }

    [Fact]
    public void Layers_fitted_to_data_answer_better_and_alike_on_any_number_of_threads()
    {
        var model = new Net()
            .Input("x", 1, 24, 12, 12)
            .Weight("d", 24, 1, 5, 5)
            .Node("Conv", "x d", "a", ("group", 24), ("pads", new long[] { 2, 2, 2, 2 }))
            .Node("Relu", "a", "r")
            .Weight("p", 32, 24, 1, 1)
            .Weight("pb", 32)
            .Node("Conv", "r p pb", "y")
            .Output("y")
            .Build();
        var samples = Samples(1, 24, 12, 12);

        var solved = Cluster(model, samples, "cluster(16)", threads: 1);
        var again = Cluster(model, samples, "cluster(16)", threads: 2);
        var plain = Cluster(model, samples, "cluster(16, method=k-means)", threads: 1);

        Assert.Equal(solved.ToBytes(), again.ToBytes());
        using var unseen = OrtValue.CreateTensorValueFromMemory(Smooth(24 * 12 * 12, seed: 90), [1, 24, 12, 12]);
        var expected = Ort.Run(model, ("x", unseen));
        Assert.InRange(Ort.Sqnr(expected, Ort.Run(solved, ("x", unseen))), Ort.Sqnr(expected, Ort.Run(plain, ("x", unseen))) + 1, 60);
    }

    [Fact]
    public void Indices_take_as_many_bits_as_are_wanted_and_more_in_small_layers()
    {
        var model = new Net()
            .Input("x", 8, 64)
            .Weight("w", 64, 128)
            .Weight("wb", 128)
            .Node("Gemm", "x w wb", "a")
            .Node("Relu", "a", "r")
            .Weight("v", 128, 16)
            .Weight("vb", 16)
            .Node("Gemm", "r v vb", "y")
            .Output("y")
            .Build();

        var clustered = Steps.Run(model, "cluster(16, bits=2)", Samples(8, 64), out _);
        var shared = Steps.Run(model, "cluster(16, shared, bits=2)", Samples(8, 64), out _);

        var bits = clustered
            .Proto.Graph.Initializer.Where(tensor => tensor.DataType == (int)DataType.Uint4)
            .ToDictionary(tensor => tensor.ElementCount(), Entropy);
        // The number of bits per weight decreases by half a bit for each doubling of the number of weights. The larger layer has four times the weights of
        // the smaller one.
        Assert.InRange(bits[64 * 128], 1.75, 1.95);
        Assert.InRange(bits[128 * 16] - bits[64 * 128], 0.85, 1.15);
        Assert.InRange((bits[64 * 128] * 4 + bits[128 * 16]) / 5, 1.95, 2.05);
        Assert.True(Ort.Sqnr(Ort.Run(shared), Ort.Run(clustered)) > 100);
        Assert.InRange(
            Ort.Sqnr(Ort.Run(model), Ort.Run(clustered)),
            5,
            Ort.Sqnr(Ort.Run(model), Ort.Run(Steps.Run(model, "cluster(16)", Samples(8, 64), out _)))
        );
    }

    [Theory]
    [InlineData("int8-weights cluster(16)", Codes.UnknownOption, "must come before 'int8-weights'")]
    [InlineData("cluster(1)", Codes.UnknownOption, "2 to 256")]
    [InlineData("cluster(257)", Codes.UnknownOption, "2 to 256")]
    [InlineData("cluster(16, bits=2)", Codes.CalibrationMissing, "CalibrationData")]
    [InlineData("cluster(16, bits=9)", Codes.UnknownOption, "from 0 to 8")]
    [InlineData("cluster(16, method=gptq)", Codes.CalibrationMissing, "CalibrationData")]
    public void What_makes_no_sense_is_an_error_that_says_why(string recipe, string code, string why)
    {
        var model = new Net().Input("x", 5, 60).Weight("w", 60, 90).Node("MatMul", "x w", "y").Output("y").Build();

        var error = Assert.Throws<CompressionException>(() => Steps.Run(model, recipe));

        Assert.Equal(code, error.Code);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    private static ListedSamples Samples(params long[] shape)
    {
        var count = shape.Aggregate(1L, (a, b) => a * b);
        return ListedSamples.Of("x", [.. Enumerable.Range(0, 8).Select(call => (shape, Smooth(count, 30 + call)))]);
    }

    // The method returns the number of bits of an index if the 4-bit indices are coded according to their frequency.
    private static double Entropy(TensorProto indices) =>
        indices
            .RawData.Span.ToArray()
            .SelectMany(two => new[] { two & 15, two >> 4 })
            .GroupBy(code => code)
            .Select(group => (double)group.Count() / indices.ElementCount())
            .Sum(share => -share * Math.Log2(share));

    // Neighbouring values are similar, as the pixels of images are.
    private static float[] Smooth(long count, int seed)
    {
        var values = Noise.Floats(count, seed);
        for (var i = 1; i < values.Length; i++)
            values[i] += 0.9f * values[i - 1];
        return values;
    }

    private static OnnxModel Cluster(OnnxModel model, ListedSamples samples, string recipe, int threads)
    {
        var context = new PassContext(model.Clone(), new PassReport(), CancellationToken.None) { Calibration = new CalibrationContext(samples, threads) };
        RecipePipeline.Run(context, RecipeParser.Parse(recipe));
        return context.Model;
    }
}
