namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>Tests the gradients of If.</summary>
public sealed class IfGradientTests
{
    // In each pair, the branches read values from outside in another way.
    private static readonly (Func<Net> Then, Func<Net> Else)[] Branches =
    [
        (() => new Net(21).Node("Mul", "x w", "t").Output("t"), () => new Net(21).Node("Add", "x w", "e").Output("e")),
        // One value is read by only one branch.
        (() => new Net(21).Node("Mul", "x x", "t").Output("t"), () => new Net(21).Node("Exp", "w", "a").Node("Mul", "x a", "e").Output("e")),
        // Both branches use the same name for a value of their own, and have constants of their own.
        (
            () => new Net(21).Constant("k", [], 2f).Node("Mul", "x k", "a").Node("Mul", "a w", "t").Output("t"),
            () => new Net(21).Constant("l", [], 3f).Node("Mul", "w l", "a2").Node("Div", "x a2", "e").Output("e")
        ),
        // A branch outputs a value from outside without a change.
        (() => new Net(21).Node("Identity", "x", "t").Output("t"), () => new Net(21).Node("Mul", "w x", "e").Output("e")),
        // A constant from outside is read in the branches.
        (() => new Net(21).Node("Mul", "x two", "t").Output("t"), () => new Net(21).Node("Mul", "w two", "a").Node("Exp", "a", "e").Output("e")),
        // The branches read a trained value, an activation, and a value that is both broadcast and reduced.
        (
            () => new Net(21).Node("Mul", "v w", "a").Node("Add", "a two", "b").Node("ReduceMean", "b", "c").Node("Mul", "c x", "t").Output("t"),
            () => new Net(21).Node("MatMul", "square v", "a").Node("Tanh", "a", "e").Output("e")
        ),
        // One branch has no gradient, or it has only constants.
        (() => new Net(21).Node("Sign", "x", "t").Output("t"), () => new Net(21).Node("Mul", "x w", "e").Output("e")),
        (() => new Net(21).Node("Shape", "x", "s").Node("ConstantOfShape", "s", "t").Output("t"), () => new Net(21).Node("Exp", "v", "e").Output("e")),
    ];

    // Each branch has two outputs. Both are differentiated, one of them is constant in one branch, or one value is both of them.
    private static readonly (Func<Net> Then, Func<Net> Else)[] Pairs =
    [
        (
            () => new Net(21).Node("Mul", "x w", "t").Node("Exp", "t", "u").Output("t", "u"),
            () => new Net(21).Node("Add", "x w", "e").Node("Mul", "v e", "f").Output("e", "f")
        ),
        (
            () => new Net(21).Node("Mul", "x w", "t").Node("Sign", "w", "u").Output("t", "u"),
            () => new Net(21).Node("Sign", "x", "e").Node("Mul", "w w", "f").Output("e", "f")
        ),
        (
            () => new Net(21).Node("Mul", "x w", "t").Node("Identity", "t", "u").Output("t", "u"),
            () => new Net(21).Node("Exp", "x", "e").Node("Identity", "e", "f").Output("e", "f")
        ),
    ];

    public static MatrixTheoryData<int, bool> AllBranches() => new(Enumerable.Range(0, Branches.Length), [false, true]);

    [Theory]
    [MemberData(nameof(AllBranches))]
    public void EachBranch(int branches, bool condition) => OperatorGradients.Verify(Net(condition, Branches[branches].Then(), Branches[branches].Else()));

    public static MatrixTheoryData<int, bool, string> AllPairs() => new(Enumerable.Range(0, Pairs.Length), [false, true], ["o p", "o o", "p p"]);

    [Theory]
    [MemberData(nameof(AllPairs))]
    public void SeveralOutputs(int pair, bool condition, string read) =>
        OperatorGradients.Verify(Net(condition, Pairs[pair].Then(), Pairs[pair].Else(), "o p", read));

    // The branches of an inner If have different ranks, so that ONNX Runtime infers no rank of its output. The sizes of values decide which branch runs.
    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData(-100f)]
    [InlineData(100f)]
    public void OutputsOfUnknownRank(float limit)
    {
        Net Branch(string name, string factor) =>
            new Net(21)
                .Node("Size", "v", $"{name}_size")
                .Node("Less", $"{name}_size high", $"{name}_is_small")
                .If(
                    $"{name}_is_small",
                    $"{name}_inner",
                    new Net(21).Node("Mul", $"u {factor}", $"{name}_same").Output($"{name}_same"),
                    new Net(21).Node("Unsqueeze", "u first", $"{name}_more").Output($"{name}_more")
                )
                .Node("Mul", $"{name}_inner two", name)
                .Node("Neg", $"{name}_inner", $"{name}_neg")
                .Output(name, $"{name}_neg");
        var net = new Net(21)
            .Input("u", 3)
            .Input("v", 3)
            .Input("w", 3)
            .Constant("two", [], 2f)
            .Constant("high", [], 100L)
            .Constant("first", [1], 0L)
            .Constant("limit", [], limit)
            .Node("ReduceMax", "u", "top", ("keepdims", 0L))
            .Node("Less", "top limit", "condition")
            .If("condition", "o p", Branch("t", "v"), Branch("e", "w"))
            .Node("Mul", "o w", "a")
            .Node("Mul", "p v", "b")
            .Node("Add", "a b", "y");

        var trained = new TrainedValues(net, "y", "u", "v", "w");

        Assert.Empty(trained.Gradients.Stopped.Select(stopped => $"{stopped.Node.OpType}: {stopped.Reason}"));
        Assert.Empty(trained.Gradients.Frozen);
        Assert.Equal(["u", "v", "w"], trained.Gradients.Of.Keys.Order(StringComparer.Ordinal));
        trained.AssertQuadratic();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void NestedBranches(bool condition, bool inner)
    {
        var nested = new Net(21)
            .Node("Exp", "x", "a")
            .If(
                inner ? "yes" : "no",
                "i",
                new Net(21).Node("Mul", "a w", "it").Output("it"),
                new Net(21).Node("Sub", "w a", "b").Node("Mul", "b x", "ie").Output("ie")
            )
            .Node("Mul", "i a", "t")
            .Output("t");
        OperatorGradients.Verify(Net(condition, nested, new Net(21).Node("Mul", "x w", "e").Output("e")));
    }

    // Nodes outside the branches also give gradients to the values that the branches read.
    private static Net Net(bool condition, Net then, Net otherwise, string outputs = "o", string read = "o w") =>
        new Net(21)
            .Input("x", 2, 3)
            .Input("v", 2, 3)
            .Constant("two", [], 2f)
            .Constant("all", [1], -1L)
            .Constant("limit", [], condition ? 100L : -100L)
            .Constant("high", [], 100L)
            .Node("Reshape", "x all", "row")
            .Node("ArgMax", "row", "place", ("keepdims", 0L))
            .Node("Less", "place limit", "condition")
            .Node("Less", "place high", "yes")
            .Node("Not", "yes", "no")
            .Node("Exp", "v", "w")
            .Constant("square", [2, 2], 0.5f, -1, 2, 0.25f)
            .If("condition", outputs, then, otherwise)
            .Node("Mul", read, "z")
            .Node("Add", "z x", "s")
            .Node("Mul", "s w", "y")
            .Output("y");
}
