using System.Text;
using ModelBuild.Compression.Profiling;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Profiling;

public sealed class RunProfileTests
{
    // The profile has two calls, of which the first one is slower. In each call, an If contains a MatMul.
    private static readonly string _json =
        $"[{Session("session_initialization", 0, 50)},{Call(100, 10)},{Session("model_run", 100, 1000)},{Call(2000, 1)},{Session("model_run", 2000, 100)}]";

    [Fact]
    public void Times_are_means_of_the_calls_after_the_first_ones()
    {
        var profile = Read(warmUps: 1);

        Assert.Equal((1, 0.1), (profile.Calls, profile.CallMs));
        Assert.Equal(
            [("inner", "MatMul", 0.04), ("branch", "If", 0.02), ("conv", "Conv", 0.02)],
            profile.Nodes.Select(node => (node.Node, node.Operator, node.Ms))
        );
        Assert.Equal(0.08, profile.NodesMs, 1e-9);
    }

    [Fact]
    public void All_calls_count_without_warm_up() => Assert.Equal((2, 0.55), (Read(warmUps: 0).Calls, Read(warmUps: 0).CallMs));

    [Fact]
    public void Shares_add_up_to_one()
    {
        var profile = Read(warmUps: 0);

        Assert.Equal(1, profile.Nodes.Sum(node => node.Share), 1e-5);
        Assert.Equal(1, profile.Operators.Sum(one => one.Share), 1e-5);
        Assert.Equal(["MatMul", "Conv", "If"], profile.Operators.Select(one => one.Operator).Order(StringComparer.Ordinal).OrderBy(name => name != "MatMul"));
    }

    [Fact]
    public void A_node_that_runs_names_the_nodes_that_it_replaces()
    {
        var file = new Net()
            .Input("x", 1, 4)
            .Weight("w", 4, 4)
            .Weight("b", 4)
            .Node("MatMul", "x w", "h")
            .Node("Add", "h b", "s")
            .Node("Relu", "s", "y")
            .Output("y");
        var fused = new Net()
            .Input("x", 1, 4)
            .Weight("w", 4, 4)
            .Weight("b", 4)
            .Add(Named("Gemm", "x w b", "s", "gemm"))
            .Add(Named("Relu", "s", "y", "relu"))
            .Output("y");
        var graph = new RunningGraph(new Graph(file.Build()), new Graph(fused.Build()));

        var gemm = graph.Describe(new NodeTime("gemm", "Gemm", "cpu", 1, 1));
        var relu = graph.Describe(new NodeTime("relu", "Relu", "cpu", 1, 1));
        var unknown = graph.Describe(new NodeTime("other", "Relu", "cpu", 1, 1));

        Assert.Equal(["MatMul of 'h'", "Add of 's'"], gemm.Replaces);
        Assert.Empty(relu.Replaces);
        Assert.Empty(unknown.Replaces);
    }

    [Fact]
    public void Nodes_without_a_name_get_one()
    {
        var model = new Net().Input("x", 1, 4).Node("Relu", "x", "h").Add(Named("Relu", "h", "y", "last")).Output("y").Build();

        NodeNames.Complete(model);

        Assert.Equal(["Relu_h", "last"], model.Proto.Graph.Node.Select(node => node.Name));
    }

    private static RunProfile Read(int warmUps) => RunProfile.Of(ProfileEvents.Read(new MemoryStream(Encoding.UTF8.GetBytes(_json))), warmUps);

    private static string Call(int start, int factor) =>
        string.Join(
            ',',
            Node("conv", "Conv", start, 20 * factor),
            Node("inner", "MatMul", start + (25 * factor), 40 * factor),
            Node("branch", "If", start + (22 * factor), 60 * factor)
        );

    private static string Node(string name, string op, int start, int duration) =>
        $$$"""{"cat":"Node","tid":1,"ts":{{{start}}},"dur":{{{duration}}},"name":"{{{name}}}_kernel_time","args":{"op_name":"{{{op}}}"}}""";

    private static string Session(string name, int start, int duration) =>
        $$$"""{"cat":"Session","tid":1,"ts":{{{start}}},"dur":{{{duration}}},"name":"{{{name}}}","args":{}}""";

    private static NodeProto Named(string op, string inputs, string output, string name)
    {
        var node = Net.Make(op, inputs, output);
        node.Name = name;
        return node;
    }
}
