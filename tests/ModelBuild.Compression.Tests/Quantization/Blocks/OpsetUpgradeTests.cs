using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Quantization.Blocks;

public sealed class OpsetUpgradeTests(ITestOutputHelper output)
{
    // Outputs are equal except for the last bit of sums, whose order depends on the memory addresses of the numbers.
    private const double Equal = 110;

    public static TheoryData<string> Models { get; } = [.. Corpus.ModelsOrNone()];

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Models))]
    public void Real_models_answer_the_same(string path)
    {
        var file = Corpus.Model(path);
        var model = OnnxModel.Load(file);
        var graph = new Graph(model);
        var opset = model.Opset();
        if (OpsetUpgrade.WhyNot(graph) is { } why)
        {
            Assert.Equal($"the model's opset is {opset}, and only models of opset 13 or later can be lifted to 21", why);
            Assert.InRange(opset, 1, 12);
            return;
        }

        // The sessions have only the portable optimizations, because the others choose kernels by the versions of operators.
        var (sample, before) = MadeSample.Of(model, () => Sessions.OpenPortable(model));

        OpsetUpgrade.Apply(graph);

        output.WriteLine($"{path}: from opset {opset}");
        Assert.Equal(Math.Max(opset, OpsetUpgrade.Target), model.Opset());
        foreach (var (expected, actual) in before.Zip(Run(model, sample)))
            Assert.InRange(Ort.Sqnr(Floats(expected), Floats(actual)), Equal, double.PositiveInfinity);
    }

    [Fact]
    public void What_is_said_in_other_words_is_rewritten()
    {
        var branch = new Net().Node("ReduceMax", "x", "m", ("axes", new[] { -1 }), ("keepdims", 0)).Output("m");
        var other = new Net().Node("ReduceProd", "x", "p", ("axes", new[] { 2 }), ("keepdims", 0)).Output("p");
        var model = new Net(opset: 13, irVersion: 7)
            .Input("x", 2, 6, 8)
            .Input("c", TensorProto.Types.DataType.Bool)
            .Node("ReduceMean", "x", "mean", ("axes", new[] { 1, 2 }))
            .Node("ReduceL2", "x", "all")
            .Node("Split", "x", "a b c3", ("axis", 1))
            .Constant("sizes", [2], 2L, 4L)
            .Node("Split", "x sizes", "d e", ("axis", 1))
            .If("c", "y", branch, other)
            .Node("Identity", "mean", "z")
            .Output("y", "z", "all", "a", "b", "c3", "d", "e")
            .Build();
        var lifted = model.Clone();

        var graph = new Graph(lifted);
        Assert.Null(OpsetUpgrade.WhyNot(graph));
        OpsetUpgrade.Apply(graph);

        Assert.Equal((21, 10), (lifted.Opset(), lifted.Proto.IrVersion));
        foreach (var condition in new[] { true, false })
        {
            using var c = OrtValue.CreateTensorValueFromMemory([condition], []);
            Assert.InRange(Ort.Sqnr(Ort.Run(model, ("c", c)), Ort.Run(lifted, ("c", c))), Equal, double.PositiveInfinity);
        }
    }

    [Theory]
    [InlineData(12, "Relu", "opset is 12")]
    [InlineData(17, "GridSample", "GridSample")]
    [InlineData(18, "GroupNormalization", "GroupNormalization")]
    [InlineData(17, "DFT", "DFT")]
    [InlineData(17, "Scatter", "Scatter")]
    public void What_may_mean_something_else_is_refused(long opset, string op, string why)
    {
        var model = new Net(opset).Input("x", 2, 6).Node(op, "x", "y").Output("y").Build();

        Assert.Contains(why, OpsetUpgrade.WhyNot(new Graph(model)), StringComparison.Ordinal);
    }

    [Fact]
    public void Averages_over_rounded_up_windows_and_statistics_of_training_are_refused()
    {
        var pool = new Net().Input("x", 1, 2, 6, 6).Node("AveragePool", "x", "y", ("kernel_shape", new[] { 4, 4 }), ("ceil_mode", 1)).Output("y").Build();
        var norm = new Net(opset: 13).Input("x", 1, 2, 6, 6).Node("BatchNormalization", "x s b m v", "y mean var").Output("y").Build();

        Assert.Contains("AveragePool", OpsetUpgrade.WhyNot(new Graph(pool)), StringComparison.Ordinal);
        Assert.Contains("BatchNormalization", OpsetUpgrade.WhyNot(new Graph(norm)), StringComparison.Ordinal);
    }

    private static float[] Floats(OutputValues values) => [.. values.Numbers.Select(number => (float)number)];

    private static IReadOnlyList<OutputValues> Run(OnnxModel model, Sample sample)
    {
        using var runner = new ModelRunner(Sessions.OpenPortable(model));
        return runner.Run(sample, CancellationToken.None);
    }
}
