using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Quantization.Equalization;

public sealed class SmoothQuantTests(ITestOutputHelper output)
{
    private const int Width = 48;
    private const double Equal = 110;

    [Theory]
    [InlineData("LayerNormalization")]
    [InlineData("LayerNormalization without shift")]
    [InlineData("SkipLayerNormalization")]
    [InlineData("decomposed")]
    [InlineData("Mul")]
    [InlineData("layer with bias and Relu")]
    [InlineData("product of layers")]
    [InlineData("layer before a number")]
    [InlineData("normalization before a number")]
    public void Outliers_move_into_the_weights_and_the_model_answers_as_before(string kind)
    {
        var model = Make(kind).Build();
        model.ImportOpset("com.microsoft", 1);

        var smooth = Calibrated.Run(model, "smooth-quant(alpha=0.5)", Samples(), out var report);

        Assert.Equal(1, report.Changes["activations smoothed"]);
        Assert.Equal(Steps.Operators(Steps.Run(model, "optimize")), Steps.Operators(smooth));
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(smooth)), Equal, double.PositiveInfinity);
        Assert.InRange(Outlier(smooth), 1, Outlier(model) / 2);
    }

    [Fact]
    public void Products_behind_a_normalization_with_outliers_lose_less_in_int8()
    {
        var model = Make("LayerNormalization").Build();
        var expected = Ort.Run(model);

        var before = Ort.Sqnr(expected, Ort.Run(Steps.Run(model, "int8-dynamic")));
        var after = Ort.Sqnr(expected, Ort.Run(Calibrated.Run(model, "smooth-quant int8-dynamic", Samples())));

        output.WriteLine($"{before:0.0} dB without, {after:0.0} dB with");
        Assert.InRange(after - before, 6, 60);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("LayerNormalization", false)]
    [InlineData("LayerNormalization in single operators", false)]
    [InlineData("LayerNormalization", true)]
    public void Constants_in_columns_move_into_biases_where_held_out_samples_gain(string norm, bool usesGemm)
    {
        var network = new TinyTransformer
        {
            Norm = norm,
            UsesGemm = usesGemm,
            Width = 256,
            Length = 48,
            Layers = 3,
            Outlier = 20,
        };
        var model = network.Build();
        var samples = Calibrated.Samples(8, network.InputShape);

        var smooth = Calibrated.Run(model, "smooth-quant", samples, out var report);
        var centred = Calibrated.Run(model, "smooth-quant int8-dynamic(outliers=0)", samples);
        var scaled = Calibrated.Run(model, "smooth-quant(alpha=0.5) int8-dynamic(outliers=0)", samples);

        Assert.Contains(report.Trials, trial => trial.Recipe.Contains("centred", StringComparison.Ordinal));
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(smooth)), 90, double.PositiveInfinity);
        var (with, without) = (Calibrated.Decibels(model, centred, 4, network.InputShape), Calibrated.Decibels(model, scaled, 4, network.InputShape));
        output.WriteLine($"{without:0.0} dB without, {with:0.0} dB with");
        Assert.InRange(with - without, 2, 60);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("int4")]
    [InlineData("int4(block-size=128)")]
    [InlineData("int4(accuracy-level=1)")]
    [InlineData("int8-blocks")]
    [InlineData("int8-weights")]
    public void The_error_of_the_next_format_decides_whether_columns_are_centred(string next)
    {
        foreach (
            var (norm, usesGemm) in new[] { ("LayerNormalization", false), ("LayerNormalization", true), ("LayerNormalization in single operators", false) }
        )
        {
            var network = new TinyTransformer
            {
                Norm = norm,
                UsesGemm = usesGemm,
                Width = 256,
                Length = 48,
                Layers = 3,
                Outlier = 20,
            };
            var model = network.Build();
            var samples = Calibrated.Samples(8, network.InputShape);

            double Decibels(string recipe) => Calibrated.Decibels(model, Calibrated.Run(model, recipe, samples), 4, network.InputShape);
            var (plain, half, chosen) = (Decibels(next), Decibels($"smooth-quant(alpha=0.5) {next}"), Decibels($"smooth-quant {next}"));

            output.WriteLine($"{norm}: {plain:0.0} dB without, {half:0.0} dB with alpha=0.5, {chosen:0.0} dB with alpha=auto");
            Assert.InRange(chosen, Math.Max(plain, half) - 0.7, 100);
        }
    }

    [Theory]
    [InlineData("half last")]
    [InlineData("half first")]
    [InlineData("half in the middle")]
    [InlineData("half with one axis")]
    public void ONNX_Runtime_still_fuses_a_GELU(string order)
    {
        var net = new Net()
            .Input("x", 3, Width)
            .Weight("w", Width, Width)
            .Weight("b", Width)
            .Constant("root", [], MathF.Sqrt(2))
            .Constant("one", [], 1f)
            .Constant("half", order.EndsWith("axis", StringComparison.Ordinal) ? [1] : [], 0.5f)
            .Node("MatMul", "x w", "m")
            .Node("Add", "m b", "a")
            .Node("Div", "a root", "d")
            .Node("Erf", "d", "e")
            .Node("Add", "e one", "s");
        net = order switch
        {
            "half first" => net.Node("Mul", "a half", "h").Node("Mul", "h s", "n"),
            "half in the middle" => net.Node("Mul", "half s", "h").Node("Mul", "a h", "n"),
            _ => net.Node("Mul", "a s", "h").Node("Mul", "h half", "n"),
        };
        var model = One(net).Output("y").Build();
        int Fused(OnnxModel some) => Ort.Optimized(some).Nodes.Count(node => node.OpType.Contains("Gelu", StringComparison.Ordinal));

        var smooth = Calibrated.Run(model, "smooth-quant(alpha=0.5)", Samples(), out var smoothed);
        var inserted = Calibrated.Run(model, "smooth-quant(alpha=0.5, insert=true)", Samples(), out var report);

        var before = Fused(Steps.Run(model, "optimize"));
        Assert.Equal(order == "half in the middle" ? before : 1, before);
        Assert.Equal(before, Fused(smooth));
        Assert.Equal(1, smoothed.Changes["activations smoothed"]);
        Assert.Equal(before, Fused(inserted));
        Assert.InRange(report.Changes["activations smoothed"], 1, 2);
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(inserted)), Equal, double.PositiveInfinity);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void Columns_of_nearly_no_range_and_no_weight_get_bounded_factors(double alpha)
    {
        float[] gains =
        [
            .. Enumerable
                .Range(0, Width)
                .Select(column =>
                    column % 3 == 0 ? 1e-9f
                    : column % 3 == 1 ? 1f
                    : 50f
                ),
        ];
        var weights = Noise.Floats(Width * Width, seed: 5);
        for (var i = 0; i < weights.Length; i++)
            weights[i] *=
                i / Width % 5 == 0 ? 1e-9f
                : i / Width % 7 == 0 ? 0
                : 1;
        var model = new Net()
            .Input("x", 3, Width)
            .Constant("g", [Width], gains)
            .Constant("w", [Width, Width], weights)
            .Node("LayerNormalization", "x g", "n")
            .Node("MatMul", "n w", "y")
            .Output("y")
            .Build();

        var smooth = Calibrated.Run(model, FormattableString.Invariant($"smooth-quant(alpha={alpha})"), Samples());

        var main = new Graph(smooth);
        var after = main.Constant(main.Producer("n")!.Input[1]).ToFloats();
        double[] factors = [.. gains.Zip(after, (before, now) => (double)before / now)];
        Assert.All(factors, factor => Assert.True(double.IsFinite(factor) && factor > 0));
        Assert.InRange(factors.Max() / factors.Min(), 1.5, 1001);
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(smooth)), Equal, double.PositiveInfinity);
    }

    [Theory]
    [InlineData("another reader", "other nodes read its input too")]
    [InlineData("output", "other nodes read its input too")]
    [InlineData("input of the model", "no preceding normalization or layer can be scaled by the factors")]
    [InlineData("shift that is no constant", "no preceding normalization or layer can be scaled by the factors")]
    public void What_cannot_take_the_factors_is_left_alone_unless_a_Mul_may_be_inserted(string kind, string why)
    {
        var model = MakeUnfoldable(kind).Build();

        var alone = Calibrated.Run(model, "smooth-quant", Samples(), out var report);
        var inserted = Calibrated.Run(model, "smooth-quant(alpha=0.5, insert=true)", Samples(), out var inserting);

        Assert.Equal(why, Assert.Single(report.Skipped).Why);
        Assert.Empty(report.Changes);
        Assert.Equal(Steps.Run(model, "optimize").ToBytes(), alone.ToBytes());
        Assert.Equal(1, inserting.Changes["activations smoothed"]);
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(inserted)), Equal, double.PositiveInfinity);
    }

    [Fact]
    public void Without_data_all_layers_are_left_alone()
    {
        var model = Make("LayerNormalization").Build();

        var result = Steps.Run(model, "smooth-quant", out var report);

        Assert.Equal("finding outliers needs calibration data", Assert.Single(report.Skipped).Why);
        Assert.Equal(Steps.Run(model, "optimize").ToBytes(), result.ToBytes());
    }

    [Fact]
    public void The_same_bytes_twice_and_on_two_threads()
    {
        var model = Make("LayerNormalization").Build();

        Assert.Equal(
            Calibrated.Run(model, "smooth-quant(0.7)", Samples()).ToBytes(),
            Calibrated.Run(model, "smooth-quant(0.7)", Samples(), out _, threads: 2).ToBytes()
        );
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void A_transformer_answers_as_before()
    {
        var model = OnnxModel.Load(Corpus.Path("models/tribuo_tinybert_random.onnx"));
        var samples = new SyntheticInputs(model, SignatureReader.Read(model), DynamicDimensions.Guesses[0]);

        var smooth = Calibrated.Run(model, "smooth-quant(alpha=0.5)", samples, out var report);

        output.WriteLine($"{report.Changes.Values.Sum()} smoothed; left alone: {string.Join("; ", report.Skipped.Select(left => $"{left.What}: {left.Why}"))}");
        var sample = samples.Read(CancellationToken.None).First();
        using var expected = new Compression.Execution.ModelRunner(Compression.Execution.Sessions.OpenPortable(model));
        using var actual = new Compression.Execution.ModelRunner(Compression.Execution.Sessions.OpenPortable(smooth));
        foreach (var (before, after) in expected.Run(sample, CancellationToken.None).Zip(actual.Run(sample, CancellationToken.None)))
            Assert.InRange(
                Ort.Sqnr([.. before.Numbers.Select(number => (float)number)], [.. after.Numbers.Select(number => (float)number)]),
                100,
                double.PositiveInfinity
            );
        Assert.InRange(report.Changes["activations smoothed"], 1, 1000);
    }

    private static ListedSamples Samples() => Calibrated.Samples(4, 3, Width);

    private static Net Make(string kind) =>
        kind switch
        {
            "LayerNormalization" => Layers(Input().Weight("b", Width).Node("LayerNormalization", "x g b", "n")),
            "LayerNormalization without shift" => Layers(Input().Node("LayerNormalization", "x g", "n")),
            "SkipLayerNormalization" => Layers(
                Input()
                    .Weight("s", 3, Width)
                    .Weight("b", Width)
                    .Add(Nodes.Create("SkipLayerNormalization", ["x", "s", "g", "b"], ["n"], domain: "com.microsoft"))
            ),
            "decomposed" => Layers(Input().Weight("b", Width).Node("Tanh", "x", "t").Node("Mul", "t g", "m").Node("Add", "b m", "n")),
            "Mul" => Layers(Input().Node("Tanh", "x", "t").Node("Mul", "g t", "n")),
            "layer with bias and Relu" => Layers(Uneven().Weight("b", Width).Node("MatMul", "x w", "m").Node("Add", "m b", "a").Node("Relu", "a", "n")),
            "product of layers" => Layers(
                Uneven().Weight("v", Width, Width).Node("MatMul", "x v", "a").Node("Sigmoid", "a", "s").Node("MatMul", "x w", "m").Node("Mul", "s m", "n")
            ),
            "layer before a number" => Layers(Uneven().Node("MatMul", "x w", "m").Constant("half", [], 0.5f).Node("Mul", "m half", "n")),
            "normalization before a number" => Layers(Input().Node("LayerNormalization", "x g", "m").Constant("half", [1], 0.5f).Node("Mul", "half m", "n")),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

    private static Net MakeUnfoldable(string kind) =>
        kind switch
        {
            "another reader" => One(Input().Node("LayerNormalization", "x g", "n").Node("Abs", "n", "z")).Output("y", "z"),
            "output" => One(Input().Node("LayerNormalization", "x g", "n")).Output("y", "n"),
            "input of the model" => One(Input().Node("Tanh", "x", "n")).Output("y"),
            "shift that is no constant" => One(
                    Input().Node("ReduceMean", "x", "b", ("axes", new long[] { 0 }), ("keepdims", 0)).Node("LayerNormalization", "x g b", "n")
                )
                .Output("y"),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

    // Three of the columns are fifty times larger than the others.
    private static float Gain(int column) => column % 16 == 5 ? 50 : 1;

    private static Net Input() => new Net().Input("x", 3, Width).Constant("g", [Width], [.. Enumerable.Range(0, Width).Select(Gain)]);

    private static Net Uneven() =>
        new Net()
            .Input("x", 3, Width)
            .Constant("w", [Width, Width], [.. Noise.Floats(Width * Width, seed: 5, scale: 0.2).Select((weight, i) => weight * Gain(i % Width))]);

    private static Net Layers(Net net) =>
        net.Weight("w1", Width, Width).Node("MatMul", "n w1", "y").Weight("w2", Width, 64).Weight("b2", 64).Node("Gemm", "n w2 b2", "z").Output("y", "z");

    private static Net One(Net net) => net.Weight("w1", Width, Width).Node("MatMul", "n w1", "y");

    // The method returns the ratio of the largest column of the activation to the median one.
    private static double Outlier(OnnxModel model)
    {
        var seen = model.Clone();
        seen.Proto.Graph.Output.Add(new ValueInfoProto { Name = "n" });
        var values = Ort.Run(seen)["n"];
        var columns = Enumerable
            .Range(0, Width)
            .Select(column => Enumerable.Range(0, 3).Max(row => Math.Abs((double)values[row * Width + column])))
            .Order()
            .ToArray();
        return columns[^1] / columns[Width / 2];
    }
}
