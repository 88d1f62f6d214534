using ModelBuild.Compression.Training.Differentiation.Catalog;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>
/// Tests that a value has no gradient if it reaches the loss in any way through a node without a gradient, and that every other value has a complete
/// gradient.
/// </summary>
public sealed class FrozenValueTests
{
    // Each function adds nodes without a gradient, from one vector of three elements to another. The operator has no gradient, its attributes prevent one, or
    // the construction of the gradient fails.
    private static readonly Dictionary<string, Func<Net, string, string, Net>> Stops = new(StringComparer.Ordinal)
    {
        ["operator"] = (net, from, to) => net.Node("CastLike", $"{from} like", to),
        ["attribute"] = (net, from, to) => net.Node("Cast", from, $"{to}64", ("to", 11L)).Node("Cast", $"{to}64", to, ("to", 1L)),
        ["input"] = (net, from, to) =>
            net.Node("BatchNormalization", $"rows ones zeros {from} ones", $"{to}n").Node("ReduceSum", $"{to}n first", to, ("keepdims", 0L)),
    };

    // Each function builds the nodes up to "y". The text has the values that are frozen. The others of u, v and w are trained.
    private static readonly Dictionary<string, (Func<Func<Net, string, string, Net>, Net> Build, string Frozen)> Graphs = new(StringComparer.Ordinal)
    {
        ["residual branch"] = (stop => stop(Net().Node("Mul", "u v", "a"), "a", "s").Node("Add", "a s", "r").Node("Mul", "r w", "y"), "u v"),
        ["shared weights"] = (stop => stop(Net(), "u", "s").Node("Mul", "s v", "a").Node("Mul", "u w", "b").Node("Add", "a b", "y"), "u"),
        ["no other way"] = (stop => stop(Net(), "u", "s").Node("Mul", "s v", "a").Node("Mul", "a w", "y"), "u"),
        ["second output"] = (stop => stop(Net().Node("Split", "u", "a b", ("num_outputs", 2L)), "u", "s").Node("Mul", "s v", "c").Node("Mul", "w c", "y"), "u"),
        ["stop behind a stop"] = (stop => stop(stop(Net().Node("Mul", "u v", "a"), "a", "s"), "s", "t").Node("Add", "t w", "b").Node("Mul", "b u", "y"), "u v"),
        ["two stops"] = (
            stop => stop(stop(Net(), "u", "s"), "v", "t").Node("Mul", "s t", "a").Node("Mul", "u w", "b").Node("Mul", "a w", "c").Node("Add", "b c", "y"),
            "u v"
        ),
        ["not in the loss"] = (stop => stop(Net().Node("Mul", "u v", "a"), "a", "unused").Node("Mul", "a w", "y"), ""),
        ["in an index alone"] = (
            stop =>
                stop(Net().Node("Mul", "u v", "a"), "a", "s").Node("ArgMax", "s", "place", ("axis", 0L)).Node("Gather", "w place", "g").Node("Mul", "a g", "y"),
            ""
        ),
        ["in a shape alone"] = (
            stop => stop(Net(), "u", "s").Node("Shape", "s", "shape").Node("Mul", "u v", "a").Node("Reshape", "a shape", "b").Node("Mul", "b w", "y"),
            ""
        ),
        ["in a condition alone"] = (stop => stop(Net(), "u", "s").Node("Greater", "s zeros", "c").Node("Mul", "u v", "a").Node("Where", "c a w", "y"), ""),
        ["before the trained values"] = (stop => stop(Net(), "ones", "s").Node("Mul", "s u", "a").Node("Mul", "a v", "b").Node("Mul", "b w", "y"), ""),
        ["in a branch"] = (
            stop =>
                Net()
                    .Condition("ones", "c")
                    .Node("Mul", "u v", "a")
                    .If("c", "i", stop(new Net(21), "a", "s").Node("Mul", "s w", "t").Output("t"), new Net(21).Node("Mul", "a w", "e").Output("e"))
                    .Node("Add", "i a", "y"),
            "u v"
        ),
    };

    public static MatrixTheoryData<string, string> All() => new(Stops.Keys, Graphs.Keys);

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(All))]
    public void A_gradient_is_complete_or_missing(string stop, string graph)
    {
        var (build, frozen) = Graphs[graph];

        var trained = new TrainedValues(build(Stops[stop]), "y", "u", "v", "w");

        string[] expected = frozen.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(expected, trained.Gradients.Frozen.Order(StringComparer.Ordinal));
        Assert.Equal(((string[])["u", "v", "w"]).Except(expected), trained.Gradients.Of.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(frozen.Length == 0, trained.Gradients.Stopped.Count == 0);
        Assert.All(trained.Gradients.Stopped, stopped => Assert.NotEmpty(stopped.Reason));
        trained.AssertQuadratic();
    }

    [Theory]
    [InlineData("Compress", "u yes", "its operator has no gradient")]
    [InlineData("OneHot", "place depth u", "its operator has no gradient")]
    public void Operators_that_move_elements_are_no_constants(string operation, string inputs, string reason)
    {
        var net = Net().Constant("yes", [2], true, true).Constant("place", [2], 0L, 1).Constant("depth", [], 2L).Node("Slice", "u zero two", "p");

        var trained = new TrainedValues(net.Node(operation, inputs.Replace("u", "p"), "o").Node("ReduceSum", "o", "y"), "y", "u");

        Assert.Equal("u", Assert.Single(trained.Gradients.Frozen));
        Assert.Equal(reason, Assert.Single(trained.Gradients.Stopped).Reason);
    }

    [Fact]
    public void A_value_of_unknown_type_stops_the_gradient()
    {
        var graph = new Graph(Net().Node("Mul", "u v", "a").Node("ReduceSum", "a", "y", ("keepdims", 0L)).Output("y").Build());
        var none = new Dictionary<string, ModelBuild.Compression.Execution.InferredTensor>(StringComparer.Ordinal);

        var gradients = ModelBuild.Compression.Training.Differentiation.BackwardGraph.Append(graph, GradientCatalog.Instance, "y", ["u", "v"], none);

        Assert.Empty(gradients.Of);
        Assert.Equal(["u", "v"], gradients.Frozen);
        Assert.Equal("the type of its output 'a' is not known", Assert.Single(gradients.Stopped).Reason);
    }

    private static Net Net() =>
        new Net(21)
            .Input("u", 3)
            .Input("v", 3)
            .Input("w", 3)
            .Constant("like", [], 1f)
            .Constant("ones", [3], 1f, 1, 1)
            .Constant("zeros", [3], 0f, 0, 0)
            .Constant("rows", [2, 3], 1f, 2, 3, 4, 5, 6)
            .Constant("first", [1], 0L)
            .Constant("zero", [1], 0L)
            .Constant("two", [1], 2L);
}
