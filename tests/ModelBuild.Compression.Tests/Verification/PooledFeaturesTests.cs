using ModelBuild.Compression.Verification;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Verification;

public sealed class PooledFeaturesTests
{
    private const int Samples = 2;
    private const int Side = 7;
    private const int Features = 16;

    // The operators reduce [N, C, 7, 7] to [N, C, 1, 1] or to [N, C].
    private static readonly string[] Covering =
    [
        "GlobalAveragePool",
        "GlobalMaxPool",
        "GlobalLpPool",
        "AveragePool 7",
        "AveragePool 7 stride 1",
        "MaxPool 7",
        "LpPool 7",
        "AveragePool 9 pads 1",
        "AveragePool 7 SAME_UPPER",
        "AveragePool 7 VALID",
        "ReduceMean",
        "ReduceMax",
        "ReduceMean keepdims",
        "ReduceMax keepdims",
        "ReduceMean as input",
        "ReduceMean of one axis each",
    ];

    // The operators omit positions, or have several windows.
    private static readonly string[] Partial =
    [
        "AveragePool 3 stride 7",
        "MaxPool 3 stride 7",
        "MaxPool 3 dilations 3",
        "AveragePool 7 pads 3 stride 7",
        "AveragePool 4 stride 3",
        "ReduceMean of one axis",
    ];

    private static readonly string[] Passing = ["", "Flatten", "Reshape", "Identity", "Cast", "Dropout"];

    public static IEnumerable<ITheoryDataRow> Makers()
    {
        var cases = new TheoryData<string, string, int, FidelityKind>();
        foreach (var passing in Passing)
        {
            foreach (var maker in Covering)
            {
                cases.Add(maker, passing, Features, FidelityKind.Embedding);
                cases.Add(maker, passing, Features - 1, FidelityKind.Numbers);
            }

            foreach (var maker in Partial)
                cases.Add(maker, passing, Features, FidelityKind.Numbers);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Makers))]
    internal void What_pools_the_whole_plane_gives_a_vector(string maker, string passing, int channels, FidelityKind kind) =>
        Assert.Equal(kind, Assert.Single(Plan(Pooled(maker, passing, channels)).Parts).Kind);

    [Theory]
    [InlineData(3, new long[] { 1 }, 0, FidelityKind.Embedding)]
    [InlineData(3, new long[] { 1 }, 1, FidelityKind.Embedding)]
    [InlineData(3, new long[] { 2 }, 0, FidelityKind.Embedding)]
    [InlineData(3, new long[] { 2 }, 1, FidelityKind.Embedding)]
    [InlineData(3, new long[] { 0 }, 0, FidelityKind.Numbers)]
    [InlineData(4, new long[] { 1, 2 }, 0, FidelityKind.Embedding)]
    [InlineData(4, new long[] { -1, 2 }, 1, FidelityKind.Embedding)]
    [InlineData(4, new long[] { 1, 3 }, 0, FidelityKind.Numbers)]
    [InlineData(4, new long[] { 0, 1 }, 0, FidelityKind.Numbers)]
    [InlineData(4, new long[] { 3 }, 0, FidelityKind.Numbers)]
    [InlineData(5, new long[] { 2, 3, 4 }, 1, FidelityKind.Embedding)]
    internal void A_mean_over_all_axes_of_positions_gives_a_vector(int rank, long[] axes, int keepdims, FidelityKind kind)
    {
        var net = new Net()
            .Input("x", [Samples, .. Enumerable.Repeat(20L, rank - 1)])
            .Node("Relu", "x", "h")
            .Node("ReduceMean", "h", "y", ("axes", axes), ("keepdims", keepdims))
            .Output("y");

        Assert.Equal(kind, Assert.Single(Plan(net).Parts).Kind);
    }

    [Theory]
    [InlineData("GlobalAveragePool", 1, FidelityKind.Embedding)]
    [InlineData("GlobalAveragePool", 3, FidelityKind.Embedding)]
    [InlineData("MaxPool", 1, FidelityKind.Embedding)]
    [InlineData("MaxPool", 3, FidelityKind.Embedding)]
    [InlineData("MaxPool of a part", 1, FidelityKind.Numbers)]
    [InlineData("MaxPool of a part", 3, FidelityKind.Numbers)]
    internal void Planes_may_have_any_number_of_axes(string maker, int axes, FidelityKind kind)
    {
        var net = new Net().Input("x", [Samples, Features, .. Enumerable.Repeat((long)Side, axes)]).Node("Relu", "x", "h");
        long[] Of(long size) => [.. Enumerable.Repeat(size, axes)];
        net =
            maker == "GlobalAveragePool"
                ? net.Node(maker, "h", "y")
                : net.Node("MaxPool", "h", "y", ("kernel_shape", Of(maker == "MaxPool" ? Side : Side - 1)), ("strides", Of(Side)));

        Assert.Equal(kind, Assert.Single(Plan(net.Output("y")).Parts).Kind);
    }

    [Theory]
    [InlineData("AveragePool 7", "y", Features)]
    [InlineData("ReduceMean", "y", Features)]
    [InlineData("AveragePool 7", "my_logits", 0)]
    [InlineData("ReduceMax", "score", 0)]
    public void Labels_and_names_of_scores_go_first(string maker, string name, int labels) =>
        Assert.Equal(FidelityKind.Scores, Assert.Single(Plan(Pooled(maker, "Flatten", Features, name), labels).Parts).Kind);

    private static Net Pooled(string maker, string passing, int channels, string name = "y")
    {
        var words = maker.Split(' ');
        var pooled = passing.Length == 0 ? name : "p";
        // The axes are an input from opset 18 on.
        var net = new Net(maker.EndsWith("as input", StringComparison.Ordinal) ? 18 : 17).Input("x", Samples, channels, Side, Side).Node("Relu", "x", "h");
        net =
            words[0].StartsWith("Global", StringComparison.Ordinal) ? net.Node(words[0], "h", pooled)
            : words[0].StartsWith("Reduce", StringComparison.Ordinal) ? Reduce(net, words[0], maker[words[0].Length..].Trim(), pooled)
            : net.Node(words[0], "h", pooled, [.. PoolAttributes(words)]);
        net = passing switch
        {
            "" => net,
            "Cast" => net.Node(passing, pooled, name, ("to", (long)DataType.Float)),
            "Reshape" => net.Constant("flat", [2], 0L, -1).Node(passing, $"{pooled} flat", name),
            _ => net.Node(passing, pooled, name),
        };
        return net.Output(name);
    }

    private static Net Reduce(Net net, string op, string how, string output) =>
        how switch
        {
            "as input" => net.Constant("axes", [2], 2L, 3).Node(op, "h axes", output, ("keepdims", 0)),
            "of one axis each" => net.Node(op, "h", "rows", ("axes", new long[] { -1 }), ("keepdims", 0))
                .Node(op, "rows", output, ("axes", new long[] { 2 }), ("keepdims", 0)),
            "of one axis" => net.Node(op, "h", output, ("axes", new long[] { 3 }), ("keepdims", 0)),
            _ => net.Node(op, "h", output, ("axes", new long[] { 2, -1 }), ("keepdims", how == "keepdims" ? 1 : 0)),
        };

    private static IEnumerable<(string Name, object Value)> PoolAttributes(string[] words)
    {
        long[] Of(long size, int count = 2) => [.. Enumerable.Repeat(size, count)];
        yield return ("kernel_shape", Of(long.Parse(words[1])));
        if (words[0] == "LpPool")
            yield return ("p", 2);
        if (words.Length == 3)
        {
            yield return ("auto_pad", words[2]);
            yield return ("strides", Of(Side));
        }

        for (var i = 2; i + 1 < words.Length; i += 2)
            yield return words[i] switch
            {
                "stride" => ("strides", Of(long.Parse(words[i + 1]))),
                "pads" => ("pads", Of(long.Parse(words[i + 1]), 4)),
                _ => (words[i], Of(long.Parse(words[i + 1]))),
            };
    }

    private static OutputPlan Plan(Net net, int labels = 0)
    {
        var model = net.Build();
        var shapes = model.Proto.Graph.Input.ToDictionary(
            input => input.Name,
            input => input.Type.TensorType.Shape.Dim.Select(size => size.DimValue).ToArray(),
            StringComparer.Ordinal
        );
        return OutputPlan.Of(model, shapes, new OutputHints(FidelityKinds.None, labels));
    }
}
