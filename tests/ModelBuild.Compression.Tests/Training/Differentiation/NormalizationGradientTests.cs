using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>Tests the gradients of normalizations.</summary>
public sealed class NormalizationGradientTests
{
    public static MatrixTheoryData<int, bool, bool> AllLayers() => new([-1, 1, 2], [false, true], [false, true]);

    public static MatrixTheoryData<bool, bool, bool, int> AllSkips() => new([false, true], [false, true], [false, true], [1, 2, 3]);

    public static MatrixTheoryData<int, int> AllLpNorms() => new([1, 2], [0, 1, -1]);

    [Theory]
    [MemberData(nameof(AllLayers))]
    public void LayerNormalization(int axis, bool hasBias, bool isOpen)
    {
        long[] scale = axis == 1 ? [3, 5] : [5];
        var net = new Net(21).Input("x", 2, 3, 5).Input("s", scale);
        if (hasBias)
            net.Input("b", scale);
        OperatorGradients.Verify(
            net.Node("LayerNormalization", hasBias ? "x s b" : "x s", "y", ("axis", (long)axis), ("epsilon", 0.01f)).Output("y"),
            isOpen: isOpen
        );
    }

    [Theory]
    [InlineData("RMSNormalization", 23)]
    [InlineData("SimplifiedLayerNormalization", 21)]
    public void RootMeanSquare(string operation, int opset) =>
        OperatorGradients.Verify(new Net(opset).Input("x", 2, 3, 5).Input("s", 5).Node(operation, "x s", "y", ("axis", -1L), ("epsilon", 0.01f)).Output("y"));

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(AllSkips))]
    public void SkipLayerNormalization(bool isCentred, bool hasBias, bool hasSum, int skipRank)
    {
        long[] skip = skipRank == 1 ? [1, 3, 4] : [.. ((long[])[2, 3, 4])[(3 - skipRank)..]];
        var net = new Net(21).Input("x", 2, 3, 4).Input("skip", skip).Input("s", 4);
        if (isCentred)
            net.Input("beta", 4);
        if (hasBias)
            net.Input("bias", 4);
        var inputs = $"x skip s{(isCentred ? " beta" : "")}{(hasBias ? " bias" : "")}";
        var operation = isCentred ? "SkipLayerNormalization" : "SkipSimplifiedLayerNormalization";
        net.Add(Nodes.Create(operation, inputs.Split(' '), hasSum ? ["y", "", "", "sum"] : ["y"], domain: "com.microsoft", attributes: ("epsilon", 0.01f)));
        OperatorGradients.Verify(net.Output(hasSum ? ["y", "sum"] : ["y"]));
    }

    [Fact]
    public void TheSumAloneHasAGradient()
    {
        var net = new Net(21).Input("x", 2, 3, 4).Input("skip", 2, 3, 4).Weight("s", 4).Weight("beta", 4);
        net.Add(Nodes.Create("SkipLayerNormalization", ["x", "skip", "s", "beta"], ["y", "", "", "sum"], domain: "com.microsoft"));
        OperatorGradients.Verify(net.Output("sum"));
    }

    [Theory]
    [InlineData(false, 3)]
    [InlineData(true, 3)]
    [InlineData(false, 4)]
    [InlineData(false, 5)]
    public void InstanceNormalization(bool isOpen, int rank) =>
        OperatorGradients.Verify(
            Channels(rank).Node("InstanceNormalization", "x s b", "y", ("epsilon", 0.1f)).Output("y"),
            isOpen: isOpen,
            reference: inputs => [Normalize(inputs, groups: 4)]
        );

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 4)]
    [InlineData(4, 5)]
    public void GroupNormalization(int groups, int rank) =>
        OperatorGradients.Verify(
            Channels(rank).Node("GroupNormalization", "x s b", "y", ("num_groups", (long)groups), ("epsilon", 0.1f)).Output("y"),
            reference: inputs => [Normalize(inputs, groups)]
        );

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void BatchNormalizationWithFrozenStatistics(int rank) =>
        OperatorGradients.Verify(
            Channels(rank)
                .Constant("mean", [4], 0.1f, -0.2f, 0.3f, 0)
                .Constant("variance", [4], 0.5f, 1, 2, 0.1f)
                .Node("BatchNormalization", "x s b mean variance", "y")
                .Output("y")
        );

    [Fact]
    public void StatisticsOfTheBatchHaveNoGradient() =>
        Assert.Equal(
            "it computes the statistics of the batch",
            OperatorGradients.WhyNot(
                new Net(21)
                    .Input("x", 2, 4)
                    .Weight("s", 4)
                    .Weight("b", 4)
                    .Weight("mean", 4)
                    .Weight("variance", 4)
                    .Node("BatchNormalization", "x s b mean variance", "y m v", ("training_mode", 1L))
                    .Output("y")
            )
        );

    [Theory]
    [MemberData(nameof(AllLpNorms))]
    public void LpNormalization(int p, int axis) =>
        OperatorGradients.Verify(
            new Net(21).Input("x", 3, 2, 4).Node("LpNormalization", "x", "y", ("p", (long)p), ("axis", (long)axis)).Output("y"),
            new Dictionary<string, float[]> { ["x"] = [.. Enumerable.Range(0, 24).Select(i => (i * 7 % 24 - 11.5f) / 10)] }
        );

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void LocalResponse(int size) =>
        OperatorGradients.Verify(
            new Net(21).Input("x", 2, 6, 3, 2).Node("LRN", "x", "y", ("size", (long)size), ("alpha", 0.9f), ("beta", 0.6f), ("bias", 1.5f)).Output("y"),
            reference: inputs => [Respond(inputs["x"], size)]
        );

    [Theory]
    [InlineData(0, 2, 3)]
    [InlineData(0, 1, 2, 3)]
    [InlineData(2)]
    public void MeanAndVariance(params int[] axes) =>
        OperatorGradients.Verify(
            new Net(21).Input("x", 2, 3, 4, 2).Node("MeanVarianceNormalization", "x", "y", ("axes", axes)).Output("y"),
            new Dictionary<string, float[]> { ["x"] = [.. Enumerable.Range(0, 48).Select(i => (i * 31 % 48 - 23.5f) / 10)] }
        );

    // The input has two images of four channels.
    private static double[] Normalize(IReadOnlyDictionary<string, double[]> inputs, int groups)
    {
        var x = inputs["x"];
        var (count, positions) = (x.Length / (2 * groups), x.Length / 8);
        var result = new double[x.Length];
        foreach (var start in Enumerable.Range(0, 2 * groups).Select(group => group * count))
        {
            var part = x[start..(start + count)];
            var (mean, deviation) = (part.Average(), Math.Sqrt(part.Average(value => value * value) - part.Average() * part.Average() + 0.1f));
            for (var i = start; i < start + count; i++)
                result[i] = (x[i] - mean) / deviation * inputs["s"][i / positions % 4] + inputs["b"][i / positions % 4];
        }

        return result;
    }

    // The input has two images of six channels and six positions.
    private static double[] Respond(double[] x, int size) =>
        [
            .. x.Index()
                .Select(value =>
                {
                    var (channel, half) = (value.Index / 6 % 6, size / 2);
                    var others = Enumerable.Range(-half, size).Where(offset => channel + offset is >= 0 and < 6).Select(offset => x[value.Index + 6 * offset]);
                    return value.Item / Math.Pow(1.5 + 0.9 / size * others.Sum(other => other * other), 0.6);
                }),
        ];

    private static Net Channels(int rank) => new Net(21).Input("x", [2, 4, .. Enumerable.Repeat(3L, rank - 2)]).Input("s", 4).Input("b", 4);
}
