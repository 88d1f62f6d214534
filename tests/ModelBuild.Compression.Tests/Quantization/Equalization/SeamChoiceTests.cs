using ModelBuild.Compression.Passes.Quantization.Equalization;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Targets;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Quantization.Equalization;

/// <summary>Tests that with held-out samples, a pair of layers is equalized only if its quantized outputs for these samples become better.</summary>
[Trait("Speed", "Slow")]
public sealed class SeamChoiceTests(ITestOutputHelper output)
{
    private const string NoBetter = "factors do not reduce the error on held-out samples";
    private const int Calls = 16;

    // Formats that leave a layer in float32 have exact outputs without factors. With factors, the weights are rounded once more.
    private const double Equal = 110;

    private static readonly string[] Steps = ["equalize", "equalize(alpha=0)", "equalize(alpha=1)", "equalize(by=weights)"];

    private static readonly string[] Formats =
    [
        "int8(min-max, everywhere=true)",
        "int8(min-max, everywhere=true, per-channel=false)",
        "int8-dynamic",
        "int8-dynamic(outliers=0)",
        "int8-weights",
        "int8-weights(per-channel=false)",
        "int4",
        "int8-blocks",
    ];

    public static TheoryData<string, string, string> Products
    {
        get
        {
            var products = new TheoryData<string, string, string>();
            foreach (var kind in Uneven.Kinds.Select(row => row.Data).Concat(["wide Conv", "wide MatMul", "wide Gemm"]))
            foreach (var step in Steps)
            // Most other formats do not change small weights.
            foreach (var format in kind.StartsWith("wide", StringComparison.Ordinal) ? Formats : Formats[..2])
                products.Add(kind, step, format);
            return products;
        }
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void Answers_are_no_worse(string kind, string step, string quantize)
    {
        var model = (kind.StartsWith("wide", StringComparison.Ordinal) ? Wide(kind) : Uneven.Make(kind)).Build();
        var samples = Calibrated.Samples(Calls, Shape(model));

        var plain = Decibels(model, Calibrated.Run(model, quantize, samples));
        var equalized = Decibels(model, Calibrated.Run(model, $"{step} {quantize}", samples));

        output.WriteLine($"{plain:0.0} dB without, {equalized:0.0} dB with");
        Assert.InRange(equalized, Math.Min(plain, Equal) - 0.5, double.PositiveInfinity);
    }

    [Theory]
    [InlineData("equalize")]
    [InlineData("equalize(alpha=1)")]
    [InlineData("equalize(by=weights)")]
    public void Even_channels_are_left_alone(string step)
    {
        var model = Even().Build();
        var samples = Calibrated.Samples(Calls, Shape(model));

        var result = Calibrated.Run(model, $"{step} int8(min-max, everywhere=true)", samples, out var report);

        Assert.Empty(report.Changes);
        Assert.Equal(NoBetter, Assert.Single(report.Skipped, left => left.What.Contains("Conv", StringComparison.Ordinal) && left.Why == NoBetter).Why);
        Assert.Equal(Calibrated.Run(model, "int8(min-max, everywhere=true)", samples).ToBytes(), result.ToBytes());
    }

    [Theory]
    [InlineData("int8(min-max)", "MatMul", true, "Calibrated")]
    [InlineData("int8(min-max, per-channel=false)", "Conv", false, "Calibrated")]
    [InlineData("int8(min-max, layers=Conv:float)", "Conv", true, "None")]
    [InlineData("int8-dynamic(per-channel=false)", "MatMul", false, "OfCall")]
    [InlineData("int8-dynamic", "Conv", true, "None")]
    [InlineData("int8-weights(per-channel=false)", "Gemm", false, "None")]
    [InlineData("int4", "MatMul", true, "None")]
    [InlineData("int8-blocks gptq", "MatMul", true, "None")]
    [InlineData("smooth-quant int8-dynamic", "Gemm", true, "OfCall")]
    [InlineData("optimize", "Conv", true, "Calibrated")]
    public void The_format_is_that_of_the_next_step_that_quantizes(string following, string layer, bool perChannel, string codes)
    {
        var format = SeamFormat.Of(RecipeParser.ParseSteps(following), TargetProfile.Default);
        var node = Nodes.Create(layer, ["x", "w"], ["y"]);

        Assert.Equal(perChannel, format.Settings(node).PerChannel);
        Assert.Equal(codes, format.CodesOf(node).ToString());
    }

    private static Net Wide(string kind) =>
        kind switch
        {
            "wide Conv" => new Net()
                .Input("x", 1, 16, 6, 6)
                .Spread("w1", 0, 48, 16, 3, 3)
                .Node("Conv", "x w1", "c")
                .Node("Relu", "c", "r")
                .Spread("w2", 1, 32, 48, 3, 3)
                .Node("Conv", "r w2", "y")
                .Output("y"),
            "wide MatMul" => new Net()
                .Input("x", 8, 96)
                .Spread("w1", 1, 96, 192)
                .Node("MatMul", "x w1", "c")
                .Node("Relu", "c", "r")
                .Spread("w2", 0, 192, 96)
                .Node("MatMul", "r w2", "y")
                .Output("y"),
            "wide Gemm" => new Net()
                .Input("x", 8, 96)
                .Spread("w1", 1, 96, 192)
                .Weight("b1", 192)
                .Node("Gemm", "x w1 b1", "c")
                .Node("Relu", "c", "r")
                .Spread("w2", 0, 192, 96)
                .Node("Gemm", "r w2", "y")
                .Output("y"),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

    private static Net Even() =>
        new Net()
            .Input("x", 1, 4, 9, 9)
            .Weight("w1", 12, 4, 3, 3)
            .Node("Conv", "x w1", "c")
            .Node("Relu", "c", "r")
            .Weight("w2", 8, 12, 3, 3)
            .Node("Conv", "r w2", "y")
            .Output("y");

    private static long[] Shape(OnnxModel model) =>
        [.. model.Proto.Graph.Input[0].Type.TensorType.Shape.Dim.Select(dimension => Math.Max(dimension.DimValue, 1))];

    private static double Decibels(OnnxModel original, OnnxModel changed) => Calibrated.Decibels(original, changed, calls: 8, Shape(original));
}
