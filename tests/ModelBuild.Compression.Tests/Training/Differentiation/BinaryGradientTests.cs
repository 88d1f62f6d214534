namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>Tests the gradients of operators with two inputs that are broadcast.</summary>
public sealed class BinaryGradientTests
{
    private static readonly string[] Operators = ["Add", "Sub", "Mul", "Div"];

    private static readonly (long[] A, long[] B)[] Shapes =
    [
        ([], []),
        ([5], [5]),
        ([2, 3], [2, 3]),
        ([2, 3], []),
        ([], [2, 3]),
        ([2, 3], [3]),
        ([2, 3], [2, 1]),
        ([1, 3], [2, 1]),
        ([2, 1, 4], [3, 1]),
        ([1, 1], [1]),
        ([1], [2, 1, 3]),
        ([2, 0], [2, 1]),
        ([0], [1]),
    ];

    public static TheoryData<string, long[], long[]> Cases()
    {
        var cases = new TheoryData<string, long[], long[]>();
        foreach (var op in Operators)
        foreach (var (a, b) in Shapes)
            cases.Add(op, a, b);
        return cases;
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Cases))]
    public void Inputs_are_broadcast(string op, long[] a, long[] b) =>
        new GradientCheck(new Net().Input("a", a).Input("b", b).Node(op, "a b", "y").Output("y")).Holds();

    [Theory]
    [InlineData("Add")]
    [InlineData("Sub")]
    [InlineData("Mul")]
    [InlineData("Div")]
    public void One_value_may_be_both_inputs(string op) => new GradientCheck(new Net().Input("a", 2, 3).Node(op, "a a", "y").Output("y")).Holds();

    [Theory]
    [InlineData("Add")]
    [InlineData("Sub")]
    [InlineData("Mul")]
    [InlineData("Div")]
    public void One_input_may_be_a_constant(string op)
    {
        new GradientCheck(new Net().Input("a", 2, 3).Weight("b", 3).Node(op, "a b", "y").Output("y")).Freeze("b").Holds();
        new GradientCheck(new Net().Input("a", 2, 3).Weight("b", 2, 2, 1).Node(op, "b a", "y").Output("y")).Freeze("b").Holds();
    }
}
