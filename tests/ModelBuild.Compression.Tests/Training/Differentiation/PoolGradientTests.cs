namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>Tests the gradients of poolings.</summary>
public sealed class PoolGradientTests
{
    private static readonly long[][] Sizes =
    [
        [9],
        [7, 6],
        [4, 5, 3],
    ];
    private static readonly string[] Operators = ["MaxPool", "AveragePool", "LpPool"];
    private static readonly int[] Ranks = [1, 2, 3];

    // Each window has a kernel size, a stride, a dilation, a padding before and a padding after.
    private static readonly long[][] Windows =
    [
        [2, 2, 1, 0, 0],
        [3, 1, 1, 1, 1],
        [3, 2, 1, 1, 0],
        [2, 3, 1, 0, 1],
        [2, 1, 2, 1, 1],
        [3, 3, 1, 0, 0],
    ];

    public static MatrixTheoryData<string, int, int, bool> AllWindows() => new(Operators, Ranks, Enumerable.Range(0, Windows.Length), [false, true]);

    public static MatrixTheoryData<string, int, string, int> AllPadding() => new(Operators, Ranks, ["SAME_UPPER", "SAME_LOWER", "VALID"], [1, 2]);

    public static MatrixTheoryData<int, int, bool> AllCounts() => new(Ranks, Enumerable.Range(0, Windows.Length), [false, true]);

    public static MatrixTheoryData<string, int, bool> AllGlobal() => new(["GlobalMaxPool", "GlobalAveragePool", "GlobalLpPool"], Ranks, [false, true]);

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(AllWindows))]
    public void EveryWindow(string operation, int rank, int window, bool isCeiling) =>
        Verify(operation, rank, [.. Attributes(rank, Windows[window]), ("ceil_mode", isCeiling)]);

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(AllPadding))]
    public void AutomaticPadding(string operation, int rank, string padding, int stride) =>
        Verify(operation, rank, ("kernel_shape", Each(rank, 3)), ("strides", Each(rank, stride)), ("auto_pad", padding));

    [Theory]
    [MemberData(nameof(AllCounts))]
    public void CountedPadding(int rank, int window, bool isCeiling) =>
        Verify("AveragePool", rank, [.. Attributes(rank, Windows[window]), ("ceil_mode", isCeiling), ("count_include_pad", 1L)]);

    [Theory]
    [InlineData("LpPool", 1)]
    [InlineData("LpPool", 3)]
    [InlineData("LpPool", 4)]
    [InlineData("GlobalLpPool", 1)]
    [InlineData("GlobalLpPool", 3)]
    public void EveryExponent(string operation, int exponent) =>
        Verify(operation, 2, operation == "LpPool" ? [.. Attributes(2, Windows[1]), ("p", (long)exponent)] : [("p", (long)exponent)]);

    [Theory]
    [MemberData(nameof(AllGlobal))]
    public void AllPositions(string operation, int rank, bool isOpen) => Verify(operation, rank, isOpen, []);

    [Theory]
    [InlineData("MaxPool")]
    [InlineData("AveragePool")]
    [InlineData("LpPool")]
    public void UnknownBatch(string operation) => Verify(operation, 2, true, Attributes(2, Windows[2]));

    private static void Verify(string operation, int rank, params (string Name, object Value)[] attributes) =>
        Verify(operation, rank, isOpen: false, attributes);

    // The values are distinct, far apart and not near 0, so that a step changes no maximum and no sign. Means are linear, so that large steps are exact.
    private static void Verify(string operation, int rank, bool isOpen, (string Name, object Value)[] attributes)
    {
        var count = 4 * (int)Sizes[rank - 1].Aggregate((a, b) => a * b);
        var random = new Random(3);
        float[] values = [.. Enumerable.Range(0, count).Select(i => (i - count / 2 + 0.5f) / 8).OrderBy(_ => random.Next())];
        OperatorGradients.Verify(
            Net(operation, rank, attributes),
            new Dictionary<string, float[]> { ["x"] = values },
            isOpen,
            operation.Contains("Lp", StringComparison.Ordinal) ? Norms(operation, rank, attributes) : null,
            coarseStep: operation.Contains("Average", StringComparison.Ordinal) ? 4 : 0.015,
            isLinear: operation.Contains("Average", StringComparison.Ordinal)
        );
    }

    // With the exponent 1, the norms of unit vectors in ONNX Runtime show exactly which inputs each norm includes.
    private static Func<IReadOnlyDictionary<string, double[]>, double[][]> Norms(string operation, int rank, (string Name, object Value)[] attributes)
    {
        var size = (int)Sizes[rank - 1].Aggregate((a, b) => a * b);
        var units = new float[size * size];
        for (var i = 0; i < size; i++)
            units[i * size + i] = 1;
        var p = attributes.Where(attribute => attribute.Name == "p").Select(attribute => (long)attribute.Value).FirstOrDefault(2);
        (string, object)[] linear = [.. attributes.Where(attribute => attribute.Name != "p"), ("p", 1L)];
        var net = new Net(21).Input("x", [size, 1, .. Sizes[rank - 1]]).Node(operation, "x", "y", linear).Output("y");
        var included = OperatorGradients.Run(net.Build(), new Dictionary<string, float[]> { ["x"] = units })[0].Values;
        var outputs = included.Length / size;
        int[][] members = [.. Enumerable.Range(0, outputs).Select(output => Members(included, output, size))];
        return inputs =>
            [
                [
                    .. inputs["x"]
                        .Chunk(size)
                        .SelectMany(image => members.Select(places => Math.Pow(places.Sum(place => Math.Pow(Math.Abs(image[place]), p)), 1.0 / p))),
                ],
            ];
    }

    private static int[] Members(float[] included, int output, int size) =>
        [.. Enumerable.Range(0, size).Where(place => included[place * (included.Length / size) + output] > 0)];

    private static Net Net(string operation, int rank, params (string Name, object Value)[] attributes) =>
        new Net(21).Input("x", [2, 2, .. Sizes[rank - 1]]).Node(operation, "x", "y", attributes).Output("y");

    private static (string, object)[] Attributes(int rank, long[] window) =>
        [
            ("kernel_shape", Each(rank, window[0])),
            ("strides", Each(rank, window[1])),
            ("dilations", Each(rank, window[2])),
            ("pads", (long[])[.. Each(rank, window[3]), .. Each(rank, window[4])]),
        ];

    private static long[] Each(int count, long value) => [.. Enumerable.Repeat(value, count)];
}
