using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Quantization.Static;

/// <summary>Tests transposed convolutions between two other layers, over ranks, groups, channels, biases, targets and steps.</summary>
[Trait("Speed", "Slow")]
public sealed class ConvTransposeTests
{
    private static readonly string[] Accelerators = ["tensorrt", "cuda", "openvino", "qnn"];

    // Each kind has a number of spatial axes, input channels, output channels and groups, and possibly a bias.
    private static readonly (int Axes, int Inputs, int Outputs, int Groups, bool HasBias)[] Kinds =
    [
        (1, 6, 4, 1, true),
        (1, 6, 6, 2, false),
        (2, 8, 6, 1, true),
        (2, 6, 6, 1, true),
        (2, 6, 6, 1, false),
        (2, 8, 4, 1, false),
        (2, 8, 4, 2, true),
        (2, 6, 6, 6, true),
        (2, 4, 8, 4, false),
        (3, 4, 6, 1, true),
        (3, 4, 4, 2, false),
    ];

    private static readonly string[] Recipes =
    [
        "int8(min-max)",
        "int8(min-max, per-channel=false)",
        "int8(min-max, reduce-range=true)",
        "int8(min-max) gptq",
        "int8(min-max) least-squares",
        "int8(min-max) adaround(iterations=50)",
        "int8(min-max) clip-weights gptq",
        "int8(min-max) bias-correction",
        "int8(min-max) coordinate-descent",
        "equalize int8(min-max)",
        "int8(fast)",
    ];

    // The numbers are those of the kinds whose storage is tested with each step.
    private static readonly int[] StoredKinds = [0, 1, 2, 4, 6, 7];

    private static readonly string[] Storages =
    [
        "int8-weights",
        "int8-weights(per-channel=false)",
        "int4",
        "int4(block-size=16, symmetric=false)",
        "int8-blocks",
        "int8-blocks(storage=channel)",
    ];

    private static readonly string[] Solvers =
    [
        "",
        "least-squares",
        "gptq",
        "adaround(iterations=50)",
        "clip-weights",
        "coordinate-descent",
        "bias-correction",
    ];

    public static TheoryData<int, string, string> Quantized()
    {
        var cases = new TheoryData<int, string, string>();
        foreach (var kind in Enumerable.Range(0, Kinds.Length))
        foreach (var recipe in Recipes)
            cases.Add(kind, recipe, Accelerators[cases.Count % Accelerators.Length]);
        return cases;
    }

    public static TheoryData<int, string> Stored()
    {
        var cases = new TheoryData<int, string>();
        foreach (var kind in StoredKinds)
        foreach (var storage in Storages)
        foreach (var solver in Solvers)
            cases.Add(kind, $"{storage} {solver}".Trim());
        return cases;
    }

    [Theory]
    [MemberData(nameof(Quantized))]
    public void Integers_on_an_accelerator_answer_as_the_float_model_does(int kind, string recipe, string target)
    {
        var (_, inputs, outputs, groups, _) = Kinds[kind];
        var model = Model(kind);

        var run = new Int8Run(model, recipe, target);

        Assert.InRange(Sqnr(model, run), recipe.Contains("reduce-range", StringComparison.Ordinal) ? 20 : 25, 100);
        var layer = run.Layer("ConvTranspose");
        var (codes, scales) = run.Stored(layer, 1);
        Assert.Equal(inputs, codes.Dims[0]);
        Assert.Equal(outputs / groups, codes.Dims[1]);
        Assert.Equal(groups > 1 || recipe.Contains("per-channel=false", StringComparison.Ordinal) ? 1 : outputs, scales.Length);
        if (scales.Length > 1)
            Assert.Equal(1, run.Graph.Producer(layer.Input[1])!.GetInt("axis", -1));
        Assert.Equal(outputs, run.Stored(layer, 2).Codes.ElementCount());
    }

    [Theory]
    [MemberData(nameof(Stored))]
    public void Stored_weights_answer_as_the_float_model_does(int kind, string recipe)
    {
        var model = Model(kind, width: 4);

        var stored = Steps.Run(model, recipe, Int8Run.Samples(model), out _);

        Assert.NotEqual(model.Proto.Graph.Initializer.Count, stored.Proto.Graph.Initializer.Count);
        // Weights in 4 bits have a lower SQNR if no step solves them again.
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(stored)), recipe.StartsWith("int4", StringComparison.Ordinal) ? 14 : 35, 150);
    }

    [Theory]
    [InlineData("gptq")]
    [InlineData("coordinate-descent")]
    [InlineData("adaround")]
    public void Solving_again_makes_the_error_no_larger(string solver)
    {
        var model = Model(kind: 2, width: 4);
        var samples = Int8Run.Samples(model);

        var rounded = Ort.Sqnr(Ort.Run(model), Ort.Run(Steps.Run(model, "int4(exclude=Conv)", samples, out _)));
        var solved = Ort.Sqnr(Ort.Run(model), Ort.Run(Steps.Run(model, $"int4(exclude=Conv) {solver}", samples, out _)));

        // A change is accepted on held-out rows. The sample of the comparison is another one.
        Assert.InRange(solved, rounded - 0.1, 100);
    }

    [Theory]
    [InlineData(2, "int4 gptq", null)]
    [InlineData(6, "int4 gptq", "no step before this one has quantized its weights in a form that can be solved again")]
    [InlineData(2, "int8-weights gptq", null)]
    [InlineData(6, "int8-weights gptq", null)]
    public void Receipts_say_which_ones_are_not_solved_again(int kind, string recipe, string? why)
    {
        var model = Model(kind, width: 8);

        Steps.Run(model, recipe, Int8Run.Samples(model), out var report);

        Assert.Equal(why, report.Skipped.SingleOrDefault(left => left.What.StartsWith("ConvTranspose", StringComparison.Ordinal))?.Why);
    }

    [Theory]
    [InlineData("low-rank(0.5)")]
    [InlineData("depthwise-separable")]
    public void What_divides_layers_in_two_leaves_it_alone_and_says_so(string recipe)
    {
        var model = Model(kind: 2);

        var divided = Steps.Run(model, recipe, out var report);

        Assert.Contains("ConvTranspose", Steps.Operators(divided), StringComparison.Ordinal);
        Assert.Equal("transposed convolutions are not factored", Assert.Single(report.Skipped, left => left.What == "c").Why);
    }

    // Without optimizations, ONNX Runtime computes the QDQ form as it is written. Its integer kernels saturate on processors without VNNI, but accelerators
    // do not.
    private static double Sqnr(OnnxModel model, Int8Run run)
    {
        using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL };
        return Ort.Sqnr(Ort.Run(model), Ort.Run(run.Model, options));
    }

    private static OnnxModel Model(int kind, int width = 1)
    {
        var (axes, inputs, outputs, groups, hasBias) = Kinds[kind];
        (inputs, outputs, groups) = (inputs * width, outputs * width, groups == inputs ? groups * width : groups);
        long[] kernel = [.. Enumerable.Repeat(3L, axes)];
        long[] steps = [.. Enumerable.Repeat(2L, axes)];
        var net = new Net()
            .Input("x", [1, 5, .. Enumerable.Repeat(6L, axes)])
            .Weight("first", [inputs, 5, .. kernel])
            .Weight("first_bias", inputs)
            .Node("Conv", "x first first_bias", "a")
            .Node("Relu", "a", "b")
            .Weight("w", [inputs, outputs / groups, .. kernel]);
        if (hasBias)
            net.Weight("bias", outputs);
        return net.Node("ConvTranspose", hasBias ? "b w bias" : "b w", "c", ("group", (long)groups), ("strides", steps))
            .Node("Relu", "c", "d")
            .Weight("last", [3, outputs, .. kernel])
            .Weight("last_bias", 3)
            .Node("Conv", "d last last_bias", "y")
            .Output("y")
            .Build();
    }
}
