namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>The gradients of If.</summary>
public sealed class IfGradientTests
{
    // Each pair has another way in which the branches read values from outside.
    private static readonly (Func<Net> Then, Func<Net> Else)[] Branches =
    [
        (() => new Net(21).Node("Mul", "x w", "t").Output("t"), () => new Net(21).Node("Add", "x w", "e").Output("e")),
        // One value is read by one branch alone.
        (() => new Net(21).Node("Mul", "x x", "t").Output("t"), () => new Net(21).Node("Exp", "w", "a").Node("Mul", "x a", "e").Output("e")),
        // Both branches use one name for a value of their own, and have constants of their own.
        (
            () => new Net(21).Constant("k", [], 2f).Node("Mul", "x k", "a").Node("Mul", "a w", "t").Output("t"),
            () => new Net(21).Constant("l", [], 3f).Node("Mul", "w l", "a2").Node("Div", "x a2", "e").Output("e")
        ),
        // A branch passes a value on.
        (() => new Net(21).Node("Identity", "x", "t").Output("t"), () => new Net(21).Node("Mul", "w x", "e").Output("e")),
        // A constant from outside is read inside.
        (() => new Net(21).Node("Mul", "x two", "t").Output("t"), () => new Net(21).Node("Mul", "w two", "a").Node("Exp", "a", "e").Output("e")),
    ];

    public static MatrixTheoryData<int, bool> AllBranches() => new(Enumerable.Range(0, Branches.Length), [false, true]);

    [Theory]
    [MemberData(nameof(AllBranches))]
    public void EachBranch(int branches, bool condition) => OperatorGradients.Verify(Net(condition, Branches[branches].Then(), Branches[branches].Else()));

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

    // The same values have gradients from outside the branches as well.
    private static Net Net(bool condition, Net then, Net otherwise) =>
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
            .If("condition", "o", then, otherwise)
            .Node("Mul", "o w", "y")
            .Output("y");
}
