namespace ModelBuild.Onnx.Tests;

public sealed class GraphOrderTests
{
    [Fact]
    public void Nodes_come_after_what_they_need_and_else_stay()
    {
        var main = Graph(Node("n3", "b", "c"), Node("n1", "x", "a"), Node("n2", "a", "b"), Node("n0", "x", "z"));

        main.SortTopologically();

        Assert.Equal(["n1", "n2", "n3", "n0"], main.Nodes.Select(static node => node.Name));
        main.SortTopologically();
        Assert.Equal(["n1", "n2", "n3", "n0"], main.Nodes.Select(static node => node.Name));
    }

    [Fact]
    public void Captured_values_count()
    {
        var inner = Build.Branch("inner", Nodes.Create("Relu", ["a"], ["i"]));
        var output = new GraphProto { Name = "output", Output = { Build.Infos("b") } };
        var main = Graph(Build.If("x", "y", inner, output), Node("n2", "a", "b"), Node("n1", "x", "a"));

        main.SortTopologically();

        Assert.Equal(["n1", "n2", "if_y"], main.Nodes.Select(static node => node.Name));
    }

    [Fact]
    public void Subgraphs_are_sorted_too()
    {
        var inner = new GraphProto
        {
            Name = "inner",
            Node = { Node("i2", "j", "k"), Node("i1", "x", "j") },
            Output = { Build.Infos("k") },
        };
        var main = Graph(Build.If("x", "y", inner, new GraphProto()));

        main.SortTopologically();

        Assert.Equal(["i1", "i2"], inner.Node.Select(static node => node.Name));
    }

    [Fact]
    public void A_circle_is_one_error()
    {
        foreach (
            var nodes in new[]
            {
                new[] { Node("n1", "b", "a"), Node("n2", "a", "b") },
                [Node("n1", "a", "a")],
                [Build.If("x", "y", Build.Branch("inner", Nodes.Create("Relu", ["y"], ["i"])), new GraphProto())],
            }
        )
        {
            var main = Graph(nodes);
            var before = main.Nodes.ToArray();
            Assert.Equal(OnnxFault.Cycle, Assert.Throws<OnnxException>(main.SortTopologically).Fault);
            Assert.Equal(before, main.Nodes);
        }
    }

    [Fact]
    public void Names_defined_twice_do_no_harm()
    {
        var main = Graph(Node("n1", "x", "a"), Node("n2", "a", "a"), Node("n3", "a", "x"), Node("n4", "x", "x"), Node("n5", "", ""));
        main.Proto.Initializer.Add(Build.Floats("a", 1));
        main = new Graph(main.Model);

        Assert.Equal(4, main.Consumers("a").Count + main.Consumers("x").Count);
        _ = Record.Exception(main.SortTopologically);
        main.ReplaceUses("a", "q");
        main.RenameValue("a", "r");
        main.Remove(main.Nodes[0]);
        main.RenameValue("r", "a");
        main.RemoveInitializer("a");
        GraphAssert.IndexesAreCurrent(main);
    }

    [Fact]
    public void A_long_chain_in_reverse_is_sorted_in_time()
    {
        var nodes = Enumerable.Range(0, 20_000).Select(static i => Node($"n{i}", $"v{i}", $"v{i + 1}")).Reverse().ToArray();
        var main = Graph(nodes);
        var before = Environment.CpuUsage.TotalTime;

        main.SortTopologically();
        foreach (var node in main.Nodes.ToArray())
            main.InsertAfter(node, Node(main.FreshName("i"), node.Output[0], main.FreshName("w")));

        Assert.Equal("v0", main.Nodes[0].Input[0]);
        // The limit is for processor time, which does not depend on other programs of the machine.
        Assert.InRange((Environment.CpuUsage.TotalTime - before).TotalSeconds, 0, 20);
    }

    private static NodeProto Node(string name, string input, string output) => Nodes.Create("Relu", [input], [output], name: name);

    private static Graph Graph(params NodeProto[] nodes) => new(new OnnxModel(Build.Model(new GraphProto { Input = { Build.Infos("x") }, Node = { nodes } })));
}
