using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Tests.Quantization.Static;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Quantization;

/// <summary>Tests layers whose weights or biases are not constants, and nodes without inputs, beside layers that every step can change.</summary>
[Trait("Speed", "Slow")]
public sealed class ComputedWeightsTests
{
    private static readonly string[] Operators = ["Conv", "ConvTranspose", "Gemm", "MatMul", "LSTM", "GRU"];

    private static readonly string[] Sources = ["input", "computed", "dequantized", "computed bias"];

    private static readonly string[] Recipes =
    [
        "optimize",
        "prune-channels(0.2)",
        "prune",
        "low-rank(sqnr=15)",
        "depthwise-separable",
        "float16-weights",
        "int8-weights gptq",
        "int8-dynamic",
        "equalize",
        "smooth-quant",
        "int8",
        "int8(min-max)",
        "int8(min-max, everywhere=true) gptq bias-correction",
        "int4 least-squares",
        "int4(format=qdq)",
        "int8-blocks gptq",
        "cluster",
        "float16",
        "mixed-precision(sqnr=30)",
    ];

    private static readonly string[] Targets = ["cpu-x64", "cpu-arm64", "tensorrt", "qnn"];

    public static TheoryData<string, string, string, string> Cases()
    {
        var cases = new TheoryData<string, string, string, string>();
        foreach (var op in Operators)
        foreach (var source in Sources)
        foreach (var recipe in Recipes)
            cases.Add(op, source, recipe, Targets[cases.Count % Targets.Length]);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_step_gives_a_model_that_answers_as_before(string op, string source, string recipe, string target)
    {
        var model = Model(op, source);

        var copy = Run(model, recipe, target, out _);

        // Without optimizations, ONNX Runtime computes the QDQ form as it is written.
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = recipe.Contains("int8", StringComparison.Ordinal)
                ? GraphOptimizationLevel.ORT_DISABLE_ALL
                : GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(copy, options)), Least(recipe), double.PositiveInfinity);
    }

    [Theory]
    [InlineData("Conv", "input", "its second operand is not constant")]
    [InlineData("Conv", "computed", "its second operand is not constant")]
    [InlineData("Conv", "dequantized", "its second operand is not constant")]
    [InlineData("Conv", "computed bias", "its bias is not constant")]
    [InlineData("Gemm", "input", "its second operand is not constant")]
    [InlineData("Gemm", "dequantized", "its second operand is not constant")]
    [InlineData("Gemm", "computed bias", "its bias is not constant")]
    [InlineData("MatMul", "computed", "its second operand is not constant")]
    [InlineData("ConvTranspose", "computed", "its second operand is not constant")]
    [InlineData("ConvTranspose", "computed bias", "its bias is not constant")]
    public void The_layer_stays_in_float_and_receipts_say_why(string op, string source, string why)
    {
        Run(Model(op, source), "int8(min-max)", op == "ConvTranspose" ? "tensorrt" : "cpu-x64", out var report);

        Assert.Contains(report.Nodes, node => node.Operator == op && node.Why == why);
    }

    [Theory]
    [InlineData("RandomNormal", "int8")]
    [InlineData("RandomNormal", "int8(min-max)")]
    [InlineData("RandomUniform", "int8(min-max, everywhere=true)")]
    [InlineData("Constant", "int8(min-max)")]
    [InlineData("RandomNormal", "prune-channels(0.2)")]
    [InlineData("RandomNormal", "low-rank(sqnr=15)")]
    [InlineData("RandomNormal", "int4")]
    [InlineData("RandomNormal", "mixed-precision(sqnr=30)")]
    [InlineData("RandomNormal", "int8-dynamic")]
    public void Nodes_without_inputs_change_nothing(string op, string recipe)
    {
        var plain = Layers("Conv", "constant").Build();
        var net = Layers("Conv", "constant");
        if (op == "Constant")
            net.ConstantNode("noise", Net.Tensor(new long[] { 1 }, 0f));
        else
            net.Node(op, "", "noise", ("shape", new long[] { 1, 16, 5, 5 }));
        var model = net.Node("Mul", "noise zero", "silence").Constant("zero", [], 0f).Node("Add", "y silence", "z").Output("z").Build();

        var copy = Run(model, recipe, "cpu-x64", out _);
        var reference = Run(plain, recipe, "cpu-x64", out _);

        Assert.Equal(Became(reference), Became(copy));
        Assert.InRange(Ort.Sqnr(Ort.Run(plain)["y"], Ort.Run(copy)["z"]), Least(recipe), double.PositiveInfinity);
    }

    // The method returns the operators that the layers have become.
    private static string Became(OnnxModel model) =>
        string.Join(
            ' ',
            new Graph(model)
                .Nodes.Where(node => node.OpType is "Conv" or "MatMul" or "MatMulNBits" or "DequantizeLinear")
                .Select(node => node.OpType)
                .Order(StringComparer.Ordinal)
        );

    // The bounds are in decibels. Layers of random weights that are pruned or divided have outputs with about as much noise as signal.
    private static double Least(string recipe) =>
        recipe.StartsWith("prune", StringComparison.Ordinal) ? 1
        : recipe == "depthwise-separable" ? -3
        : 8;

    private static OnnxModel Run(OnnxModel model, string recipe, string target, out PassReport report)
    {
        var copy = model.Clone();
        var calibration = new CalibrationContext(Int8Run.Samples(model), threads: 1);
        var context = new PassContext(copy, new PassReport(), CancellationToken.None) { Calibration = calibration, Target = TargetProfile.Parse(target) };
        var steps = RecipePipeline.Run(context, RecipeParser.Parse(recipe));
        report = steps[^1].Report;
        return copy;
    }

    private static OnnxModel Model(string op, string source) => Layers(op, source).Build();

    private static Net Layers(string op, string source)
    {
        (long[] shape, long[] weight, long[] bias) = op switch
        {
            "Conv" or "ConvTranspose" => (new long[] { 1, 16, 5, 5 }, new long[] { 16, 16, 3, 3 }, new long[] { 16 }),
            "LSTM" => (new long[] { 3, 2, 32 }, new long[] { 1, 128, 32 }, new long[] { 1, 256 }),
            "GRU" => (new long[] { 3, 2, 32 }, new long[] { 1, 96, 32 }, new long[] { 1, 192 }),
            _ => (new long[] { 4, 48 }, new long[] { 48, 48 }, new long[] { 48 }),
        };
        var net = Constants(Constants(new Net().Input("x", shape), "first", weight, bias), "last", weight, bias);
        Layer(net, op, "x", "a", "first", "first_bias");
        net.Node("Tanh", "a", "b");
        var name = Weights(net, source, weight);
        net.Weight("w_bias", bias).Weight("w_state", weight);
        if (source == "computed bias")
            net.Input("b_in", bias).Node("Tanh", "b_in", "made_bias");
        Layer(net, op, "b", "c", name, source == "computed bias" ? "made_bias" : "w_bias");
        net.Node("Tanh", "c", "d");
        return Layer(net, op, "d", "y", "last", "last_bias").Output("y");
    }

    private static string Weights(Net net, string source, long[] shape)
    {
        switch (source)
        {
            case "input":
                net.Input("w", shape);
                return "w";
            case "computed":
                net.Input("w_in", shape).Node("Tanh", "w_in", "w");
                return "w";
            case "dequantized":
                net.Constant("w_codes", shape, [.. Noise.Floats(shape.Aggregate(1L, (a, b) => a * b), seed: 5, scale: 60).Select(value => (sbyte)value)])
                    .Constant("w_scale", [], 0.004f)
                    .Node("DequantizeLinear", "w_codes w_scale", "w");
                return "w";
            default:
                net.Weight("w", shape);
                return "w";
        }
    }

    private static Net Constants(Net net, string name, long[] weight, long[] bias) =>
        net.Weight(name, weight).Weight($"{name}_state", weight).Weight($"{name}_bias", bias);

    private static Net Layer(Net net, string op, string input, string output, string weights, string bias)
    {
        if (op is "LSTM" or "GRU")
            return net.Node(op, $"{input} {weights} {(weights == "w" ? "w_state" : $"{weights}_state")} {bias}", $"{output}_all", ("hidden_size", 32L))
                .ConstantNode($"{output}_axis", Net.Tensor<long>([1], 1))
                .Node("Squeeze", $"{output}_all {output}_axis", output);
        return op is "Conv" or "ConvTranspose" ? net.Node(op, $"{input} {weights} {bias}", output, ("pads", new long[] { 1, 1, 1, 1 }))
            : op == "Gemm" ? net.Node(op, $"{input} {weights} {bias}", output)
            : net.Node(op, $"{input} {weights}", output);
    }
}
