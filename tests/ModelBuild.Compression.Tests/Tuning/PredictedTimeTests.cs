using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Tests.Quantization.Equalization;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Compression.Tuning;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Tuning;

/// <summary>Tests the predicted times of models whose products have weights in few bits, relative to float32.</summary>
public sealed class PredictedTimeTests(ITestOutputHelper output)
{
    private const int Width = 256;
    private const int Length = 64;

    // The numbers are the least and the greatest time relative to float32. Weights in 4 bits save time only in products of few rows.
    private static readonly (string Recipe, double Least, double Most)[] Forms =
    [
        ("int8-dynamic", 0.2, 0.8),
        ("int8-weights", 0.99, 1.01),
        ("int8-blocks", 0.3, 1.2),
        ("int4", 0.3, 1.5),
        ("int4(symmetric=true)", 0.3, 1.5),
        ("int4(accuracy-level=1)", 0.9, 1.1),
        ("int4(format=qdq)", 0.3, 1.5),
        ("int4(format=stored)", 0.99, 1.01),
        ("int8(min-max)", 0.2, 1.01),
    ];

    public static TheoryData<string, int> Recipes
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var (recipe, _, _) in Forms)
            foreach (var rows in new[] { 1, 16, 64 })
                data.Add(recipe, rows);
            return data;
        }
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Recipes))]
    public void The_rows_of_a_sample_make_no_difference(string recipe, int rows)
    {
        var model = Products(Length);
        var (_, least, most) = Forms.Single(form => form.Recipe == recipe);

        var ratio = Ratio(model, recipe, Shapes(rows, Length));

        output.WriteLine($"{ratio:0.00}");
        Assert.Equal(Ratio(model, recipe, Shapes(1, Length)), ratio, 1e-9);
        Assert.InRange(ratio, least, most);
    }

    [Theory]
    [InlineData("int8-dynamic")]
    [InlineData("int8-blocks")]
    [InlineData("int4")]
    [InlineData("int4(symmetric=true)")]
    public void Products_of_one_row_wait_for_their_weights_which_are_smaller(string recipe) =>
        Assert.InRange(Ratio(Products(length: 1), recipe, Shapes(16, 1)), 0.1, 0.7);

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Recipes))]
    public void Unknown_rows_are_assumed_alike_for_every_form(string recipe, int rows)
    {
        // The number of rows of the products depends on the values of the input.
        var net = new Net()
            .Input("x", -1, Length, Width)
            .Constant("shape", [2], -1L, Width)
            .Node("Reshape", "x shape", "r")
            .Node("ReduceSum", "r", "s", ("keepdims", 0L))
            .Node("Greater", "r s", "c")
            .Node("NonZero", "c", "z")
            .Constant("first", [], 0L)
            .Node("Gather", "z first", "i", ("axis", 0L))
            .Node("Gather", "r i", "p");
        var model = Layers(net, "p");
        var (_, least, most) = Forms.Single(form => form.Recipe == recipe);

        var ratio = Ratio(model, recipe, Shapes(rows, Length));

        output.WriteLine($"{ratio:0.00}");
        // The sizes of weights that several nodes decode are also unknown before a run.
        Assert.InRange(ratio, Math.Min(least, 0.9), Math.Max(most, 1.15));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public void A_recurrent_layer_takes_less_time_in_integers(int rows)
    {
        var model = new Net()
            .Input("x", -1, -1, 64)
            .Weight("w", 1, 512, 64)
            .Weight("r", 1, 512, 128)
            .Node("LSTM", "x w r", "y", ("hidden_size", 128L))
            .Output("y")
            .Build();

        Assert.InRange(Ratio(model, "int8-dynamic", new Dictionary<string, long[]> { ["x"] = [32, rows, 64] }), 0.2, 0.9);
    }

    [Fact]
    public void A_target_without_costs_has_no_time() => Assert.Null(PredictedTime.Of(Products(Length), TargetProfile.CpuArm64, Shapes(1, Length)));

    private static double Ratio(OnnxModel model, string recipe, Dictionary<string, long[]> shapes)
    {
        double Time(string steps)
        {
            var samples = Calibrated.Samples(8, shapes["x"]);
            var result = steps.StartsWith("int8(", StringComparison.Ordinal) ? Calibrated.Run(model, steps, samples) : Steps.Run(model, steps);
            return PredictedTime.Of(result, TargetProfile.CpuX64, shapes)!.Value;
        }

        return Time(recipe) / Time("optimize");
    }

    private static Dictionary<string, long[]> Shapes(int rows, int length) => new() { ["x"] = [rows, length, Width] };

    private static OnnxModel Products(int length) => Layers(new Net().Input("x", -1, length, Width), "x");

    private static OnnxModel Layers(Net net, string input) =>
        net.Weight("w1", Width, 4 * Width)
            .Weight("w2", 4 * Width, Width)
            .Weight("w3", Width, Width)
            .Node("MatMul", $"{input} w1", "a")
            .Node("Relu", "a", "b")
            .Node("MatMul", "b w2", "c")
            .Node("MatMul", "c w3", "y")
            .Output("y")
            .Build();
}
