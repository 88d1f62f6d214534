using ModelBuild.Compression.Formats;
using ModelBuild.Compression.Passes.Precision;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Precision;

/// <summary>Tests numbers at the limits of the 16-bit formats.</summary>
public sealed class NumbersTests
{
    [Fact]
    public void Finite_numbers_stay_finite_and_what_is_not_zero_stays_so()
    {
        var constants = new NarrowedConstants(NarrowFloat.Float16);
        float[] values = [1e5f, -1e38f, float.NegativeInfinity, float.NaN, 1e-12f, -1e-9f, 0, 1e-5f, 65519, 0.1f];

        var narrow = constants.Narrow(Tensors.Create("v", [values.Length], values), "n").ToFloats();

        Assert.Equal([65504, -65504, float.NegativeInfinity, float.NaN, 5.9604645e-8f, -5.9604645e-8f, 0, 1.001358e-05f, 65504, 0.099975586f], narrow);
        Assert.Equal((3, 2), (constants.Clamped, constants.Raised));
    }

    [Fact]
    public void Bfloat16_is_rounded_to_nearest_and_ties_to_even()
    {
        var constants = new NarrowedConstants(NarrowFloat.Bfloat16);
        float[] values = [1 + 1 / 256f, 1 + 3 / 256f, float.MaxValue, float.PositiveInfinity, float.NaN, -0.1f];

        var narrow = constants.Narrow(Tensors.Create("v", [values.Length], values), "n").ToFloats();

        Assert.Equal([1, 1 + 4 / 256f, 3.3895314e38f, float.PositiveInfinity, float.NaN, -0.10009765625f], narrow);
        Assert.Equal((1, 0), (constants.Clamped, constants.Raised));
    }

    [Fact]
    public void The_number_of_a_mask_is_clamped_and_counted()
    {
        var model = new Net()
            .Input("x", 2, 4)
            .Input("mask", 2, 4)
            .Weight("w", 4, 4)
            .Constant("low", [], float.MinValue)
            .Constant("tiny", [], 1e-12f)
            .Node("MatMul", "x w", "a")
            .Node("Mul", "mask low", "m")
            .Node("Add", "a m", "b")
            .Node("Add", "b tiny", "y")
            .Output("y", DataType.Float, 2, 4)
            .Build();

        var narrow = Narrow.Run(model, "float16", out var report);

        Assert.Equal(1, report.Changes["numbers clamped to float16's largest"]);
        Assert.Equal(1, report.Changes["numbers raised to float16's smallest"]);
        Assert.Equal(-65504, narrow.Proto.Graph.Initializer.Single(tensor => tensor.Name == "low_float16").ToFloats()[0]);
    }

    [Theory]
    [InlineData(1e6, "'w' holds numbers beyond 65504")]
    [InlineData(1e-6, "the numbers of 'w' are too small for float16")]
    public void Weights_that_do_not_fit_keep_their_layer_in_float32(double scale, string why)
    {
        var model = new Net()
            .Input("x", 2, 4)
            .Constant("w", [4, 4], Noise.Floats(16, scale: scale))
            .Weight("v", 4, 4)
            .Node("MatMul", "x w", "a")
            .Node("MatMul", "a v", "y")
            .Output("y", DataType.Float, 2, 4)
            .Build();

        var narrow = Narrow.Run(model, "float16", out var report);

        Assert.Equal(why, Narrow.WhyNot(report, "MatMul_a"));
        Assert.Equal(DataType.Float, Narrow.TypeOf(narrow, "w"));
        Assert.Equal(DataType.Float16, Narrow.TypeOf(narrow, "v_float16"));
    }

    [Fact]
    public void Data_shows_which_nodes_overflow()
    {
        var model = Overflowing();
        var samples = ListedSamples.Of("x", [.. Enumerable.Range(0, 4).Select(i => (new long[] { 2, 64 }, Noise.Floats(128, i)))]);

        var blind = Narrow.Run(model, "float16", out _);
        var seeing = Narrow.Run(model, "float16", out var report, samples: samples);

        Assert.True(Ort.Sqnr(Ort.Run(model), Ort.Run(Narrow.Rounded(blind))) is double.NaN or < 0);
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(Narrow.Rounded(seeing))), 50, 100);
        Assert.Matches("^'b' reaches .*, beyond float16's range$", Narrow.WhyNot(report, "Mul_b"));
    }

    // Intermediate values of the model reach a million.
    internal static OnnxModel Overflowing() =>
        new Net()
            .Input("x", 2, 64)
            .Weight("w", 64, 64)
            .Constant("k", [], 3000f)
            .Node("MatMul", "x w", "a")
            .Node("Mul", "a k", "m")
            .Node("Mul", "m k", "b")
            .Node("Div", "b k", "d")
            .Node("Div", "d k", "e")
            .Node("MatMul", "e w", "y")
            .Output("y", DataType.Float, 2, 64)
            .Build();
}
