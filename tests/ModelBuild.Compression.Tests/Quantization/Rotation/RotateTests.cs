using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Tests.Quantization.Equalization;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Quantization.Rotation;

public sealed class RotateTests(ITestOutputHelper output)
{
    // The bound corresponds to a relative error of 1e-4.
    private const double Equal = 80;

    private const string LayerNorm = "LayerNormalization";
    private const string RootMeanSquare = "SimplifiedLayerNormalization";

    public static TheoryData<string, bool, bool, int> Networks
    {
        get
        {
            var networks = new TheoryData<string, bool, bool, int>();
            foreach (var norm in new[] { LayerNorm, "LayerNormalization in single operators", RootMeanSquare, "root mean square in single operators" })
            foreach (var usesGemm in new[] { false, true })
            foreach (var hasBias in new[] { false, true })
            foreach (var width in new[] { 64, 48, 20 })
                networks.Add(norm, usesGemm, hasBias, width);
            return networks;
        }
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Networks))]
    public void Answers_stay_and_no_operator_changes(string norm, bool usesGemm, bool hasBias, int width)
    {
        var network = new TinyTransformer
        {
            Norm = norm,
            UsesGemm = usesGemm,
            HasBias = hasBias,
            Width = width,
            Outlier = 20,
        };
        var model = network.Build();

        var rotated = Steps.Run(model, "rotate", out var report);

        Assert.Empty(report.Skipped);
        Assert.Equal(1, report.Changes["residual streams rotated"]);
        Assert.Equal(5, report.Changes["normalizations that read them"]);
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(rotated)), Equal, double.PositiveInfinity);
        // A MatMul without a bias gets one from the shift of the normalization before it.
        if (hasBias || norm == RootMeanSquare)
            Assert.Equal(Steps.Operators(Steps.Run(model, "optimize")), Steps.Operators(rotated));
    }

    [Theory]
    [InlineData(LayerNorm, false)]
    [InlineData(LayerNorm, true)]
    [InlineData(RootMeanSquare, false)]
    public void OnnxRuntime_fuses_the_same_operators(string norm, bool usesGemm)
    {
        var model = new TinyTransformer { Norm = norm, UsesGemm = usesGemm }.Build();

        var before = Steps.Operators(Ort.Optimized(Steps.Run(model, "optimize")));

        Assert.Equal(before, Steps.Operators(Ort.Optimized(Steps.Run(model, "rotate"))));
        Assert.Contains("Gelu", before, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData(LayerNorm, "int8-dynamic(outliers=0)", 2)]
    [InlineData(LayerNorm, "int8-blocks", 1)]
    [InlineData(RootMeanSquare, "int8-dynamic(outliers=0)", 2)]
    [InlineData(RootMeanSquare, "int8-blocks", 1)]
    public void Outliers_cost_less(string norm, string recipe, double gain)
    {
        var network = new TinyTransformer
        {
            Norm = norm,
            Width = 256,
            Length = 32,
            Outlier = 20,
        };
        var model = network.Build();

        var plain = Calibrated.Decibels(model, Steps.Run(model, recipe), 4, network.InputShape);
        var rotated = Calibrated.Decibels(model, Steps.Run(model, $"rotate {recipe}"), 4, network.InputShape);

        output.WriteLine($"{plain:0.0} dB without, {rotated:0.0} dB with");
        Assert.InRange(rotated - plain, gain, 60);
    }

    [Fact]
    public void Layers_that_share_weights_still_share_them()
    {
        var model = new TinyTransformer { SharesLayers = true, Layers = 3 }.Build();

        var rotated = Steps.Run(model, "rotate", out var report);

        Assert.Empty(report.Skipped);
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(rotated)), Equal, double.PositiveInfinity);
        Assert.Equal(Matrices(Steps.Run(model, "optimize")), Matrices(rotated));
    }

    [Fact]
    public void Tied_embeddings_stay_tied_where_both_need_the_same_rotation()
    {
        var model = new TinyTransformer
        {
            IsTied = true,
            UsesGemm = true,
            HasEvenGains = true,
        }.Build();

        var rotated = Steps.Run(model, "rotate", out var report);

        Assert.Empty(report.Skipped);
        Assert.InRange(Ort.Sqnr(RunIds(model), RunIds(rotated)), Equal, double.PositiveInfinity);
        Assert.Equal(Matrices(Steps.Run(model, "optimize")), Matrices(rotated));
    }

    [Fact]
    public void Tied_embeddings_that_need_different_values_are_left_alone()
    {
        var model = new TinyTransformer { IsTied = true, UsesGemm = true }.Build();

        var rotated = Steps.Run(model, "rotate", out var report);

        Assert.Equal("other nodes use its weights too", Assert.Single(report.Skipped).Why);
        Assert.Equal(Steps.Run(model, "optimize").ToBytes(), rotated.ToBytes());
    }

    [Theory]
    [InlineData(LayerNorm)]
    [InlineData("LayerNormalization in single operators")]
    public void Normalizations_after_the_sum_are_left_alone(string norm)
    {
        var model = new TinyTransformer { Norm = norm, IsPostNorm = true }.Build();

        var rotated = Steps.Run(model, "rotate", out var report);

        Assert.Equal(4, report.Skipped.Count);
        Assert.StartsWith("Add of 'sum0f' reads the result of", report.Skipped[0].Why, StringComparison.Ordinal);
        Assert.StartsWith("no weights of LayerNormalization of 'n1a', which computes it,", report.Skipped[3].Why, StringComparison.Ordinal);
        Assert.Equal(Steps.Run(model, "optimize").ToBytes(), rotated.ToBytes());
    }

    [Theory]
    [InlineData("normalized output", "the result of LayerNormalization of 'n' is an output of the model")]
    [InlineData("sum as output", "'h' is an output of the model")]
    [InlineData("input", "'x' is an input of the model")]
    [InlineData("another reader", "Abs of 'a' reads the result of LayerNormalization of 'n', and has no weights that can absorb the rotation")]
    [InlineData("another reader of the sum", "no weights of Abs of 'a', which reads it, can absorb the rotation")]
    [InlineData("another writer", "no weights of Tanh of 'h', which computes it, can absorb the rotation")]
    [InlineData("computed gain", "the parameters of LayerNormalization of 'n' are not constant vectors")]
    [InlineData("computed weights", "MatMul of 'y' reads the result of LayerNormalization of 'n', and has no weights that can absorb the rotation")]
    [InlineData("weights of other use", "other nodes use its weights too")]
    public void What_cannot_be_rotated_is_left_alone_with_a_reason(string kind, string why)
    {
        var model = Refused(kind).Build();

        var rotated = Steps.Run(model, "rotate", out var report);

        Assert.Equal(why, Assert.Single(report.Skipped).Why);
        Assert.Equal(Steps.Run(model, "optimize").ToBytes(), rotated.ToBytes());
    }

    [Fact]
    public void Patches_of_a_convolution_and_a_class_token_are_rotated()
    {
        var model = new Net()
            .Input("x", 1, 3, 8, 8)
            .Weight("w", 48, 3, 4, 4)
            .Weight("b", 48)
            .Node("Conv", "x w b", "c", ("strides", new long[] { 4, 4 }))
            .Constant("flat", [3], 1L, 48, 4)
            .Node("Reshape", "c flat", "f")
            .Node("Transpose", "f", "t", ("perm", new long[] { 0, 2, 1 }))
            .Weight("token", 1, 1, 48)
            .Node("Concat", "token t", "h", ("axis", 1L))
            .Weight("g", 48)
            .Weight("s", 48)
            .Node(LayerNorm, "h g s", "n")
            .Constant("first", [], 0L)
            .Node("Gather", "n first", "v", ("axis", 1L))
            .Weight("u", 48, 10)
            .Weight("d", 10)
            .Node("Gemm", "v u d", "y")
            .Output("y")
            .Build();

        var rotated = Steps.Run(model, "rotate", out var report);

        Assert.Empty(report.Skipped);
        Assert.Equal(1, report.Changes["residual streams rotated"]);
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(rotated)), Equal, double.PositiveInfinity);
        Assert.Equal(Steps.Operators(Steps.Run(model, "optimize")), Steps.Operators(rotated));
    }

    [Theory]
    [InlineData("SkipSimplifiedLayerNormalization", "g c", "g2 c2")]
    [InlineData("SkipLayerNormalization", "g s c", "g2 s2 c2")]
    public void Contributed_normalizations_of_a_sum_are_rotated(string operation, string first, string second)
    {
        var net = new Net().Input("x", 1, 5, 24).Weight("w", 24, 48).Node("MatMul", "x w", "h").Weight("v", 24, 48).Node("MatMul", "x v", "k");
        foreach (var name in new[] { "g", "s", "c", "g2", "s2", "c2", "b3", "b4" })
            net.Weight(name, 48);
        net.Add(Nodes.Create(operation, ["h", "k", .. first.Split(' ')], ["n", "", "", "sum"], domain: Domains.Microsoft))
            .Weight("w3", 48, 48)
            .Node("MatMul", "n w3", "p")
            .Node("Add", "p b3", "q")
            .Add(Nodes.Create(operation, ["q", "sum", .. second.Split(' ')], ["m"], domain: Domains.Microsoft))
            .Weight("w4", 48, 48)
            .Node("MatMul", "m w4", "r")
            .Node("Add", "r b4", "y")
            .Output("y");
        var model = net.Build();
        model.ImportOpset(Domains.Microsoft, 1);

        var rotated = Steps.Run(model, "rotate", out var report);

        Assert.Empty(report.Skipped);
        Assert.Equal(2, report.Changes["normalizations that read them"]);
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(rotated)), Equal, double.PositiveInfinity);
    }

    [Fact]
    public void The_same_model_gives_the_same_bytes()
    {
        var model = new TinyTransformer { Width = 48 }.Build();

        Assert.Equal(Steps.Run(model, "rotate int4").ToBytes(), Steps.Run(model, "rotate int4").ToBytes());
    }

    private static Net Refused(string kind)
    {
        var net = new Net().Input("x", 4, 24).Weight("w", 24, 32).Weight("g", 32).Weight("s", 32).Weight("v", 32, 8).Weight("o", 24, 8);
        return kind switch
        {
            "normalized output" => End(Sum(net), "y", "n"),
            "sum as output" => End(Sum(net), "y", "h"),
            "input" => net.Weight("gx", 24).Weight("bx", 24).Node(LayerNorm, "x gx bx", "n").Node("MatMul", "n o", "y").Output("y"),
            "another reader" => End(Sum(net).Node("Abs", "n", "a"), "y", "a"),
            "another reader of the sum" => End(Sum(net).Node("Abs", "h", "a"), "y", "a"),
            "another writer" => End(net.Node("MatMul", "x w", "m").Node("Tanh", "m", "h").Node(LayerNorm, "h g s", "n"), "y"),
            "computed gain" => End(
                net.Node("ReduceMax", "x", "most", ("keepdims", 0L)).Node("Mul", "g most", "gain").Node("MatMul", "x w", "h").Node(LayerNorm, "h gain s", "n"),
                "y"
            ),
            "computed weights" => Sum(net)
                .Node("ReduceMax", "x", "most", ("keepdims", 0L))
                .Node("Mul", "v most", "computed")
                .Node("MatMul", "n computed", "y")
                .Output("y"),
            "weights of other use" => End(Sum(net).Weight("k", 4, 32).Node("MatMul", "k v", "a"), "y", "a"),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    private static Net Sum(Net net) => net.Node("MatMul", "x w", "h").Node(LayerNorm, "h g s", "n");

    private static Net End(Net net, params string[] outputs) => net.Node("MatMul", "n v", "y").Output(outputs);

    // The method returns the number of elements of all matrices of the model.
    private static long Matrices(OnnxModel model) => model.Proto.Graph.Initializer.Where(tensor => tensor.Dims.Count > 1).Sum(tensor => tensor.ElementCount());

    private static IReadOnlyDictionary<string, float[]> RunIds(OnnxModel model)
    {
        using var ids = OrtValue.CreateTensorValueFromMemory<long>([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8], [12]);
        return Ort.Run(model, ("ids", ids));
    }
}
