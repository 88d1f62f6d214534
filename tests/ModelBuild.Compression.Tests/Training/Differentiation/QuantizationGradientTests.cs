using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>Tests the gradients of quantization pairs against the formulas of learned step sizes in float64.</summary>
public sealed class QuantizationGradientTests
{
    private static readonly Dictionary<string, (int Low, int High)> Types = new()
    {
        [nameof(DataType.Int8)] = (-128, 127),
        [nameof(DataType.Uint8)] = (0, 255),
        [nameof(DataType.Int16)] = (-32768, 32767),
        [nameof(DataType.Uint16)] = (0, 65535),
    };

    // The bound is the error of x/s in float32, summed, if x/s is as large as 65535.
    private const double Rounding16 = 2e-2;

    public static MatrixTheoryData<string, string, bool, bool> AllPairs() => new(Types.Keys, ScaleCase.Names, [false, true], [false, true]);

    public static MatrixTheoryData<string, string, bool> AllConstants() => new(Types.Keys, ScaleCase.Names, [false, true]);

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(AllPairs))]
    public void Values_and_scales_are_learned(string type, string layout, bool hasZero, bool isReadTwice)
    {
        var scales = new ScaleCase(layout, Types[type], hasZero);
        var element = Enum.Parse<DataType>(type);
        var net = scales.Declare(new Net(21).Input("x", scales.Shape), element).Input("r", scales.Shape).Input("p", scales.Shape);
        net.Node("QuantizeLinear", scales.Inputs("x"), "q", [.. scales.Attributes, ("output_dtype", (long)element)])
            .Node("DequantizeLinear", scales.Inputs("q"), "d", scales.Attributes)
            .Node("Mul", "d r", "a");
        if (isReadTwice)
            net.Node("DequantizeLinear", scales.Inputs("q"), "e", scales.Attributes).Node("Mul", "e p", "b").Node("Add", "a b", "y");
        else
            net.Node("Identity", "a", "y");
        var trained = new TrainedValues(net, "y", "x", "s");
        float[] r = Noise.Floats(scales.Count, seed: 'r');
        float[] p = isReadTwice ? Noise.Floats(scales.Count, seed: 'p') : new float[scales.Count];
        trained.Set("x", scales.Values);
        trained.Set("s", scales.Scales);

        var gradients = trained.Run();

        Assert.Empty(trained.Gradients.Stopped);
        var (values, steps) = scales.Learned([.. r.Zip(p, (one, other) => (double)one + other)]);
        AssertClose(values, gradients["x"]);
        AssertClose(steps, gradients["s"], type.EndsWith("16", StringComparison.Ordinal) ? Rounding16 : 0);
    }

    [Theory]
    [MemberData(nameof(AllConstants))]
    public void Scales_of_constant_integers_are_learned(string type, string layout, bool hasZero)
    {
        var scales = new ScaleCase(layout, Types[type], hasZero);
        var element = Enum.Parse<DataType>(type);
        var net = scales
            .Declare(new Net(21).Input("r", scales.Shape), element)
            .Constant("x", scales.Shape, scales.Values)
            .Constant("t", scales.ScaleShape, scales.Scales);
        // ONNX Runtime computes the integers, which are constants for the differentiation.
        net.Node("QuantizeLinear", scales.Inputs("x").Replace(" s", " t"), "q", [.. scales.Attributes, ("output_dtype", (long)element)])
            .Node("DequantizeLinear", scales.Inputs("q"), "d", scales.Attributes)
            .Node("Mul", "d r", "y");
        var trained = new TrainedValues(net, "y", "s");
        trained.Set("s", scales.Scales);

        var gradients = trained.Run();

        Assert.Empty(trained.Gradients.Stopped);
        AssertClose(scales.ConstantLearned(Array.ConvertAll(Noise.Floats(scales.Count, seed: 'r'), value => (double)value)), gradients["s"]);
    }

    [Fact]
    public void Scales_of_biases_are_learned()
    {
        var net = new Net(21).Input("s", 3).Input("r", 3).Constant("q", [3], 1000, -70000, 5);
        var trained = new TrainedValues(net.Node("DequantizeLinear", "q s", "d", ("axis", 0L)).Node("Mul", "d r", "y"), "y", "s");

        var gradient = trained.Run()["s"];

        int[] integers = [1000, -70000, 5];
        Assert.Equal(Noise.Floats(3, seed: 'r').Zip(integers, (r, q) => r * q), gradient);
    }

    [Theory]
    [InlineData("Transpose", new long[] { 3, 2 })]
    [InlineData("Reshape", new long[] { 6 })]
    [InlineData("Slice", new long[] { 1, 3 })]
    public void Gradients_pass_movements_of_integers(string movement, long[] shape)
    {
        var net = new Net(21).Input("x", 2, 3).Input("s").Input("r", shape).Constant("all", [1], -1L).Constant("one", [1], 1L).Constant("end", [1], 2L);
        var inputs = movement switch
        {
            "Reshape" => "q all",
            "Slice" => "q one end",
            _ => "q",
        };
        net.Node("QuantizeLinear", "x s", "q").Node(movement, inputs, "m").Node("DequantizeLinear", "m s", "d").Node("Mul", "d r", "y");
        var trained = new TrainedValues(net, "y", "x", "s");
        trained.Set("x", [1, 20, 300, 40, 5, 60]);
        trained.Set("s", [0.5f]);
        var r = Noise.Floats(shape.Aggregate(1L, (a, b) => a * b), seed: 'r');

        var gradients = trained.Run();

        // The value 300 is out of the range, which ends at 127.5.
        float[] expected = movement switch
        {
            "Transpose" => [r[0], r[2], 0, r[1], r[3], r[5]],
            "Reshape" => [r[0], r[1], 0, r[3], r[4], r[5]],
            _ => [0, 0, 0, r[0], r[1], r[2]],
        };
        Assert.Equal(expected, gradients["x"]);
        var scale = movement switch
        {
            "Transpose" => r[4] * 255,
            "Reshape" => r[2] * 255,
            _ => 0,
        };
        Assert.Equal(scale, gradients["s"][0], 1e-4f);
    }

    [Fact]
    public void Dynamic_quantization_passes_gradients()
    {
        var net = new Net(21).Input("x", 2, 3).Input("r", 2, 3);
        net.Node("DynamicQuantizeLinear", "x", "q s z").Node("DequantizeLinear", "q s z", "d").Node("Mul", "d r", "y");

        Assert.Equal(Noise.Floats(6, seed: 'r'), new TrainedValues(net, "y", "x").Run()["x"]);
    }

    [Theory]
    [InlineData("MatMulInteger", "q q", "it computes", "the operator has")]
    [InlineData("Cast", "q", "it computes with integers", "")]
    [InlineData("DequantizeLinear", "q t", "its scale and zero point are not those of the quantization", "")]
    [InlineData("DequantizeLinear", "q s z", "its scale and zero point are not those of the quantization", "")]
    public void Other_readers_of_integers_stop_the_gradient(string operation, string inputs, string reason, string other)
    {
        var net = new Net(21).Input("x", 3, 3).Input("s").Constant("t", [], 0.5f).Constant("z", [], (byte)3).Node("QuantizeLinear", "x s", "q");
        (string, object)[] attributes = operation == "Cast" ? [("to", 1L)] : [];
        net.Node(operation, inputs, "m", attributes).Node("Cast", "m", "y", ("to", 1L));

        var gradients = new TrainedValues(net, "y", "x", "s").Gradients;

        Assert.Empty(gradients.Of);
        Assert.Equal(["x", "s"], gradients.Frozen);
        var found = Assert.Single(gradients.Stopped).Reason;
        Assert.Contains(other.Length > 0 ? "its operator has no gradient" : reason, found, StringComparison.Ordinal);
    }

    private static void AssertClose(double[] expected, float[] actual, double rounding = 0)
    {
        Assert.Equal(expected.Length, actual.Length);
        var largest = expected.Max(Math.Abs);
        Assert.True(largest > 0);
        var tolerance = (1e-4 * largest) + rounding;
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second - pair.First, -tolerance, tolerance));
    }
}
