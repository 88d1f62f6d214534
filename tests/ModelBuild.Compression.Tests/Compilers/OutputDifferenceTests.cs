using ModelBuild.Compression.Compilers;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Compilers;

/// <summary>Tests the comparison of outputs.</summary>
public sealed class OutputDifferenceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_slice_that_is_wrong_is_found_in_a_large_output(int axis)
    {
        var shape = new long[] { 1, 64, 64 };
        var before = Noise.Floats(4096, seed: 3);
        var after = (float[])before.Clone();
        for (var i = 0; i < 64; i++)
        {
            var index = axis == 1 ? 5 * 64 + i : i * 64 + 5;
            before[index] /= 1000;
            after[index] = -before[index];
        }

        var difference = Compare(("y", shape, before, after));

        Assert.True(difference.SqnrDb > 60, $"{difference.SqnrDb}");
        Assert.InRange(difference.SliceDb, double.MinValue, 40);
    }

    [Fact]
    public void Rounding_errors_of_a_slice_of_zeros_are_no_fault()
    {
        var before = Noise.Floats(4096, seed: 3);
        var after = (float[])before.Clone();
        for (var i = 0; i < 64; i++)
            (before[i], after[i]) = (0, 1e-7f);

        var difference = Compare(("y", [1, 64, 64], before, after));

        Assert.InRange(difference.SliceDb, 60, 199);
    }

    [Fact]
    public void The_share_of_integers_is_that_of_the_output_with_the_most_changes()
    {
        var difference = new OutputDifference();
        difference.Add("large", Numbers(new double[1000]), Numbers(new double[1000]));
        difference.Add("small", Numbers([1, 2]), Numbers([1, 3]));

        Assert.Equal(0.5, difference.ChangedShare, 1e-9);
    }

    [Fact]
    public void Outputs_without_finite_values_are_named()
    {
        var difference = Compare(("y", [2], [1, 2], [1, 2]), ("nan", [2], [float.NaN, float.NaN], [float.NaN, float.NaN]), ("none", [0], [], []));

        Assert.Equal(["nan", "none"], difference.Empty);
    }

    [Fact]
    public void A_model_whose_output_is_not_a_number_is_not_exported()
    {
        var net = new Net().Input("x", 2, 3).Constant("infinite", [], float.NaN).Node("Mul", "x infinite", "y").Output("y", DataType.Float, 2, 3);

        var exception = Assert.Throws<CompressionException>(() => net.Build().Export("openvino"));

        Assert.Equal(Codes.FidelityMissed, exception.Code);
        Assert.Contains("the output 'y' has no finite values", exception.Message, StringComparison.Ordinal);
    }

    private static OutputValues Numbers(double[] values) => new(IsFloat: false, [values.Length], values, []);

    private static OutputDifference Compare(params (string Name, long[] Shape, float[] Before, float[] After)[] outputs)
    {
        var difference = new OutputDifference();
        foreach (var (name, shape, before, after) in outputs)
            difference.Add(name, Floats(shape, before), Floats(shape, after));
        return difference;
    }

    private static OutputValues Floats(long[] shape, float[] values) => new(IsFloat: true, shape, [.. values.Select(value => (double)value)], []);
}
