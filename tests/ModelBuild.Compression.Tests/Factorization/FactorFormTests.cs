using ModelBuild.Compression.Tests.Support;

namespace ModelBuild.Compression.Tests.Factorization;

/// <summary>Tests layers whose weights are sums of few products. For all attributes, the two layers that replace a layer have the same outputs.</summary>
public sealed class FactorFormTests
{
    private const double Same = 90;

    [Theory]
    [InlineData("", "")]
    [InlineData("strides", "2,1")]
    [InlineData("strides", "1,3")]
    [InlineData("dilations", "2,1")]
    [InlineData("pads", "1,0,2,1")]
    [InlineData("auto_pad", "SAME_UPPER")]
    [InlineData("auto_pad", "SAME_LOWER")]
    [InlineData("auto_pad", "VALID")]
    public void Convolutions_of_any_attributes_answer_the_same(string attribute, string value)
    {
        foreach (
            var (recipe, weights, operators) in new[]
            {
                ("low-rank(0.6, method=spatial)", Terms.Spatial(12, 8, 3, 5), "Conv*2"),
                ("low-rank(0.3, method=channel)", Terms.Channel(12, 8, 3, 5), "Conv*2"),
                ("depthwise-separable(2)", Terms.Depthwise(12, 8, 3, 5), "Conv*2"),
            }
        )
        {
            var model = new Net()
                .Input("x", 2, 8, 13, 11)
                .Constant("w", [12, 8, 3, 5], weights)
                .Weight("b", 12)
                .Node("Conv", "x w b", "y", attribute.Length == 0 ? [] : [(attribute, attribute == "auto_pad" ? value : Numbers(value))])
                .Output("y")
                .Build();

            var factored = Steps.Run(model, recipe, out var report);

            Assert.Equal(operators, Steps.Operators(factored));
            Assert.Single(report.Changes, change => change.Key.StartsWith("layers factored", StringComparison.Ordinal));
            Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(factored)), Same, double.PositiveInfinity);
        }
    }

    [Fact]
    public void Convolutions_of_one_and_three_axes_have_fewer_channels_between()
    {
        foreach (var (shape, kernel) in new[] { (new long[] { 2, 8, 20 }, new[] { 3 }), ([2, 8, 6, 6, 6], [3, 3, 3]), ([2, 8, 7, 7], [1, 1]) })
        {
            var model = new Net()
                .Input("x", shape)
                .Constant("w", [12, 8, .. kernel.Select(size => (long)size)], Terms.Channel(12, 8, kernel))
                .Node("Conv", "x w", "y", ("strides", kernel.Select(_ => 2L)))
                .Output("y")
                .Build();

            var factored = Steps.Run(model, "low-rank");

            Assert.Equal("Conv*2", Steps.Operators(factored));
            Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(factored)), Same, double.PositiveInfinity);
        }
    }

    [Theory]
    [InlineData("MatMul", false, 20, 12)]
    [InlineData("MatMul", false, 12, 20)]
    [InlineData("Gemm", false, 20, 12)]
    [InlineData("Gemm", true, 12, 20)]
    public void Matrix_products_become_two(string op, bool isTurned, int inputs, int outputs)
    {
        var (weights, shape) = isTurned
            ? (Terms.Channel(outputs, inputs), new long[] { outputs, inputs })
            : (Terms.Channel(inputs, outputs), [inputs, outputs]);
        var isGemm = op == "Gemm";
        var net = new Net().Input("x", isGemm ? [3, inputs] : [2, 3, inputs]).Weight("b", outputs).ConstantNode("w", Net.Tensor(shape, weights));
        var model = net.Node(op, isGemm ? "x w b" : "x w", "y", isGemm ? [("transB", isTurned ? 1L : 0L)] : []).Output("y").Build();

        var factored = Steps.Run(model, "low-rank");

        Assert.Equal(isGemm ? "Gemm MatMul" : "MatMul*2", Steps.Operators(factored));
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(factored)), Same, double.PositiveInfinity);
    }

    private static long[] Numbers(string text) => [.. text.Split(',').Select(long.Parse)];

    /// <summary>Creates weights that are sums of two terms.</summary>
    private static class Terms
    {
        private const int Count = 2;

        public static float[] Channel(int outputs, int channels, params int[] kernel) =>
            Sum(outputs, channels * kernel.Aggregate(1, (a, b) => a * b), (n, k) => (n, k));

        public static float[] Spatial(int outputs, int channels, int height, int width) =>
            Sum(outputs, channels * height * width, (n, k) => (n * width + k % width, k / width));

        public static float[] Depthwise(int outputs, int channels, int height, int width) =>
            Sum(outputs, channels * height * width, (n, k) => (n * channels + k / (height * width), k));

        // Each element is a sum of products of two numbers. The places of these numbers follow from the place of the element.
        private static float[] Sum(int outputs, int inputs, Func<int, int, (int Left, int Right)> places)
        {
            var (left, right) = (Noise.Floats(Count * outputs * inputs, seed: 5), Noise.Floats(Count * outputs * inputs, seed: 6));
            var weights = new float[outputs * inputs];
            for (var i = 0; i < weights.Length; i++)
            for (var term = 0; term < Count; term++)
            {
                var (l, r) = places(i / inputs, i % inputs);
                weights[i] += left[l * Count + term] * right[r * Count + term];
            }

            return weights;
        }
    }
}
