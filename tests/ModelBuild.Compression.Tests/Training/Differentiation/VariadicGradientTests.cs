namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>Tests the gradients of operators with any number of inputs that are broadcast.</summary>
public sealed class VariadicGradientTests
{
    private static readonly Dictionary<string, Func<double[], double>> Operators = new()
    {
        ["Min"] = Enumerable.Min,
        ["Max"] = Enumerable.Max,
        ["Sum"] = Enumerable.Sum,
        ["Mean"] = Enumerable.Average,
    };

    public static TheoryData<string> Names() => [.. Operators.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Inputs_are_broadcast(string op)
    {
        var compute = Operators[op];
        new GradientCheck(new Net().Input("a", 2, 3).Node(op, "a", "y").Output("y")).Against(v => v["a"]).Holds();
        new GradientCheck(new Net().Input("a", 2, 3).Input("b", 3).Node(op, "a b", "y").Output("y"))
            .Against(v => [.. v["a"].Select((a, i) => compute([a, v["b"][i % 3]]))])
            .Holds();
        new GradientCheck(new Net().Input("a", 2, 3).Input("b", 2, 1).Input("c", shape: []).Node(op, "a b c", "y").Output("y"))
            .Against(v => [.. v["a"].Select((a, i) => compute([a, v["b"][i / 3], v["c"][0]]))])
            .Holds();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void One_value_may_be_several_inputs(string op)
    {
        var compute = Operators[op];
        new GradientCheck(new Net().Input("a", 5).Input("b", 5).Node(op, "a b a", "y").Output("y"))
            .Against(v => [.. v["a"].Select((a, i) => compute([a, v["b"][i], a]))])
            .Holds();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Tensors_may_be_empty(string op) =>
        new GradientCheck(new Net().Input("a", [0, 2]).Input("b", 2).Node(op, "a b", "y").Output("y")).Against(_ => []).Holds();

    // If two inputs are equal, central differences give each of them half of the gradient.
    [Theory]
    [InlineData("Min")]
    [InlineData("Max")]
    public void Equal_inputs_share_the_gradient(string op)
    {
        var compute = Operators[op];
        new GradientCheck(new Net().Input("a", 3).Input("b", 3).Node(op, "a b", "y").Output("y"))
            .With("a", 1f, 2, 3)
            .With("b", 1f, 5, 3)
            .Against(v => [.. v["a"].Select((a, i) => compute([a, v["b"][i]]))])
            .Holds();
    }
}
