namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>Tests the gradients of reductions over each set of axes.</summary>
public sealed class ReductionGradientTests
{
    private static readonly string[] Operators =
    [
        "ReduceSum",
        "ReduceMean",
        "ReduceMax",
        "ReduceMin",
        "ReduceProd",
        "ReduceL1",
        "ReduceL2",
        "ReduceLogSum",
        "ReduceLogSumExp",
        "ReduceSumSquare",
    ];

    // The axes are null if the input of the operator is omitted.
    private static readonly long[]?[] Axes = [null, [], [0], [1], [-1], [0, 2], [2, 1], [0, 1, 2]];

    public static TheoryData<string, long[]?, bool, bool> Cases()
    {
        var cases = new TheoryData<string, long[]?, bool, bool>();
        foreach (var op in Operators)
        foreach (var axes in Axes)
        foreach (var keeps in new[] { false, true })
        {
            cases.Add(op, axes, keeps, false);
            if (axes is null or [])
                cases.Add(op, axes, keeps, true);
        }

        return cases;
    }

    public static TheoryData<string> Names() => [.. Operators];

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Cases))]
    public void Each_set_of_axes_has_its_gradient(string op, long[]? axes, bool keeps, bool isNoop)
    {
        var net = new Net().Input("x", 2, 3, 4);
        if (axes is not null)
            net.Constant("axes", [axes.Length], axes);
        net.Node(op, axes is null ? "x" : "x axes", "y", ("keepdims", keeps ? 1L : 0), ("noop_with_empty_axes", isNoop ? 1L : 0)).Output("y");
        Check(
                op,
                net,
                axes is null or [] && isNoop ? []
                    : axes is null or [] ? [0, 1, 2]
                    : axes
            )
            .Holds();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_scalar_is_its_own_reduction(string op) => Check(op, new Net().Input("x", shape: []).Node(op, "x", "y").Output("y"), [], shape: []).Holds();

    [Theory]
    [InlineData("ReduceMax")]
    [InlineData("ReduceMin")]
    public void Equal_elements_share_the_gradient(string op) =>
        new GradientCheck(new Net().Input("x", 2, 2).Constant("axes", [1], 1L).Node(op, "x axes", "y").Output("y"))
            .With("x", 3f, 3, 1, 2)
            .Against(v => Compute(op, v["x"], [2, 2], [1]))
            .Holds();

    [Theory]
    [InlineData(1f, 2f, 0f, 3f)]
    [InlineData(0f, 2f, 0f, 3f)]
    [InlineData(0f, 0f, 0f, 3f)]
    public void A_product_may_have_zeros(float a, float b, float c, float d) =>
        new GradientCheck(new Net().Input("x", 4).Node("ReduceProd", "x", "y").Output("y")).With("x", a, b, c, d).Holds();

    [Theory]
    [InlineData("ReduceSum")]
    [InlineData("ReduceL1")]
    [InlineData("ReduceSumSquare")]
    public void Tensors_may_be_empty(string op) =>
        new GradientCheck(new Net().Input("x", [0, 3]).Constant("axes", [1], 1L).Node(op, "x axes", "y").Output("y")).Against(_ => []).Holds();

    private static GradientCheck Check(string op, Net net, long[] axes, long[]? shape = null)
    {
        var check = new GradientCheck(net).Against(v => Compute(op, v["x"], shape ?? [2, 3, 4], axes));
        return op == "ReduceLogSum" ? check.Between("x", 0.2, 2) : check;
    }

    private static double[] Compute(string op, double[] x, long[] shape, long[] axes)
    {
        var reduced = axes.Select(axis => axis < 0 ? axis + shape.Length : axis).ToHashSet();
        var groups = new SortedDictionary<long, List<double>>();
        for (var i = 0L; i < x.Length; i++)
        {
            var (rest, group, stride) = (i, 0L, 1L);
            for (var axis = shape.Length - 1; axis >= 0; axis--)
            {
                var place = rest % shape[axis];
                rest /= shape[axis];
                if (reduced.Contains(axis))
                    continue;
                group += place * stride;
                stride *= shape[axis];
            }

            if (!groups.TryGetValue(group, out var members))
                groups[group] = members = [];
            members.Add(x[i]);
        }

        return [.. groups.Values.Select(members => Reduce(op, members))];
    }

    private static double Reduce(string op, List<double> x) =>
        op switch
        {
            "ReduceSum" => x.Sum(),
            "ReduceMean" => x.Average(),
            "ReduceMax" => x.Max(),
            "ReduceMin" => x.Min(),
            "ReduceProd" => x.Aggregate((a, b) => a * b),
            "ReduceL1" => x.Sum(Math.Abs),
            "ReduceL2" => Math.Sqrt(x.Sum(value => value * value)),
            "ReduceLogSum" => Math.Log(x.Sum()),
            "ReduceLogSumExp" => Math.Log(x.Sum(Math.Exp)),
            "ReduceSumSquare" => x.Sum(value => value * value),
            _ => throw new ArgumentOutOfRangeException(nameof(op), op, null),
        };
}
