namespace ModelBuild.Onnx.Tests;

public sealed class GraphEditTests
{
    [Fact]
    public void Nodes_go_in_and_out_where_they_are_put()
    {
        var main = Chain();
        var nodes = main.Nodes.ToArray();

        main.InsertBefore(nodes[1], Node("x", "p", "before1"), Node("p", "q", "before2"));
        main.InsertAfter(nodes[1], Node("b", "r", "after"));
        main.Append(Node("r", "s", "last"));
        main.Remove(nodes[0]);
        main.Replace(nodes[2], Node("b", "m", "first"), Node("m", "y", "second"));

        Assert.Equal(["before1", "before2", "n1", "after", "first", "second", "last"], main.Nodes.Select(static node => node.Name));
        Assert.Equal("second", main.Producer("y")!.Name);
        Assert.Null(main.Producer("a"));
        Assert.Equal(["n1:0"], GraphAssert.Uses(main.Consumers("a")));
        GraphAssert.IndexesAreCurrent(main);
    }

    [Fact]
    public void Only_nodes_of_the_scope_are_edited_and_each_is_in_once()
    {
        var main = Chain();
        var stranger = Node("x", "z", "stranger");

        Assert.Throws<ArgumentException>(() => main.Remove(stranger));
        Assert.Throws<ArgumentException>(() => main.SetInput(stranger, 0, "x"));
        Assert.Throws<ArgumentException>(() => main.InsertAfter(stranger, Node("x", "z", "n")));
        Assert.Throws<ArgumentException>(() => main.Append(main.Nodes[0]));
        // Nodes are compared by reference, so an equal copy is another node.
        Assert.Throws<ArgumentException>(() => main.Remove(main.Nodes[0].Clone()));
        Assert.True(main.Contains(main.Nodes[0]));
        GraphAssert.IndexesAreCurrent(main);
    }

    [Fact]
    public void Equal_nodes_are_told_apart()
    {
        var graph = new GraphProto { Node = { Node("x", "a", "same"), Node("x", "a", "same") } };
        var main = new Graph(new OnnxModel(Build.Model(graph)));
        var second = main.Nodes[1];

        main.Remove(second);

        Assert.NotSame(second, Assert.Single(main.Nodes));
        Assert.Same(main.Nodes[0], main.Producer("a"));
    }

    [Fact]
    public void Inputs_are_set_added_and_left_out()
    {
        var main = Chain();
        var node = main.Nodes[1];

        main.SetInput(node, 2, "x");
        Assert.Equal(["a", "", "x"], node.Input);
        Assert.Contains("n1:2", GraphAssert.Uses(main.Consumers("x")));
        main.SetInput(node, 2, "");
        Assert.DoesNotContain("n1:2", GraphAssert.Uses(main.Consumers("x")));
        main.SetOutput(node, 0, "renamed");
        Assert.Same(node, main.Producer("renamed"));
        Assert.Null(main.Producer("b"));
        GraphAssert.IndexesAreCurrent(main);
    }

    [Fact]
    public void Uses_are_replaced_in_subgraphs_and_outputs_stay()
    {
        var main = Nested();

        main.ReplaceUses("a", "x");

        Assert.Empty(main.Consumers("a"));
        Assert.Equal(["else_neg:0", "if_y:0", "relu:0", "then_add:0", "then_add:1"], GraphAssert.Uses(main.Consumers("x")));
        Assert.True(main.IsOutput("a"));
        GraphAssert.IndexesAreCurrent(main);
    }

    [Fact]
    public void A_replacement_that_a_subgraph_hides_is_refused()
    {
        var main = Nested();
        main.AddInitializer(Build.Floats("t", 1));

        Assert.Equal(OnnxFault.Malformed, Assert.Throws<OnnxException>(() => main.ReplaceUses("a", "t")).Fault);
        GraphAssert.IndexesAreCurrent(main);
    }

    [Fact]
    public void A_value_is_renamed_everywhere()
    {
        var model = Nested().Model;
        model.Proto.Graph.ValueInfo.Add(Build.Info("a", 1));
        model.Proto.Graph.QuantizationAnnotation.Add(
            new TensorAnnotation
            {
                TensorName = "a",
                QuantParameterTensorNames =
                {
                    new StringStringEntryProto { Key = "SCALE_TENSOR", Value = "w" },
                },
            }
        );
        var main = new Graph(model);

        main.RenameValue("a", "alpha");
        main.Subgraphs(main.Nodes[1])[0].RenameValue("w", "omega");
        main.RenameValue("x", "input");

        Assert.Equal("alpha", main.Nodes[0].Output[0]);
        Assert.Equal(["y", "alpha"], main.Proto.Output.Select(static output => output.Name));
        Assert.Equal("alpha", main.Proto.ValueInfo[0].Name);
        Assert.Equal("alpha", main.Proto.QuantizationAnnotation[0].TensorName);
        Assert.Equal("omega", main.Proto.QuantizationAnnotation[0].QuantParameterTensorNames[0].Value);
        Assert.Equal("omega", main.Proto.Initializer[0].Name);
        Assert.True(main.IsConstant("omega"));
        Assert.True(main.IsInput("input"));
        Assert.Equal("input", main.Proto.Input[0].Name);
        Assert.Equal(["alpha", "input"], main.Subgraphs(main.Nodes[1])[0].Nodes[0].Input);
        Assert.NotNull(main.TypeOf("alpha"));
        GraphAssert.IndexesAreCurrent(main);
    }

    [Fact]
    public void A_taken_name_is_refused_and_a_free_output_may_be_taken()
    {
        var main = Nested();

        Assert.Throws<OnnxException>(() => main.RenameValue("a", "x"));
        Assert.Throws<OnnxException>(() => main.RenameValue("a", "t"));
        Assert.Throws<OnnxException>(() => main.Subgraphs(main.Nodes[1])[0].RenameValue("t", "x"));
        Assert.Throws<ArgumentException>(() => main.RenameValue("nothing", "z"));

        // A graph has this form after its last Identity was removed: the node before it has the name of the output.
        var chain = Chain();
        chain.Remove(chain.Nodes[2]);
        chain.RenameValue("b", "y");
        Assert.Equal("y", chain.Nodes[1].Output[0]);
        Assert.True(chain.IsOutput("y"));
        GraphAssert.IndexesAreCurrent(chain);
    }

    [Fact]
    public void A_captured_output_is_renamed_with_its_value()
    {
        var inner = new GraphProto { Name = "inner", Output = { Build.Infos("w") } };
        var main = new Graph(
            new OnnxModel(
                Build.Model(
                    new GraphProto { Initializer = { Build.Floats("w", 1) }, Node = { Nodes.Create("If", ["c"], ["y"], attributes: ("then_branch", inner)) } }
                )
            )
        );

        main.RenameValue("w", "v");

        Assert.Equal("v", inner.Output[0].Name);
        Assert.True(main.IsOutputAnywhere("v"));
        Assert.False(main.IsOutputAnywhere("w"));
        GraphAssert.IndexesAreCurrent(main);
    }

    [Fact]
    public void Removing_a_node_forgets_what_its_subgraphs_read()
    {
        var main = Nested();

        main.Remove(main.Nodes[1]);

        Assert.Equal(["relu:0"], GraphAssert.Uses(main.Consumers("x")));
        Assert.Empty(main.Consumers("w"));
        Assert.Single(main.SelfAndSubgraphs());
        GraphAssert.IndexesAreCurrent(main);
    }

    [Fact]
    public void Initializers_are_inputs_too_up_to_version_3()
    {
        var old = Chain(3);
        old.AddInitializer(Build.Floats("w", 4));
        Assert.Equal(["x", "w"], old.Proto.Input.Select(static input => input.Name));
        Assert.Equal(4, old.TypeOf("w")!.TensorType.Shape.Dim[0].DimValue);
        Assert.True(old.IsConstant("w"));
        GraphAssert.IndexesAreCurrent(old);
        Assert.True(old.RemoveInitializer("w"));
        Assert.Equal(["x"], old.Proto.Input.Select(static input => input.Name));
        Assert.Empty(old.Proto.Initializer);

        var current = Chain();
        current.AddInitializer(Build.Floats("w", 4));
        Assert.Equal(["x"], current.Proto.Input.Select(static input => input.Name));
        Assert.Throws<ArgumentException>(() => current.AddInitializer(Build.Floats("w", 4)));
        Assert.Throws<ArgumentException>(() => current.AddInitializer(Build.Floats("x", 4)));
        Assert.Throws<ArgumentException>(() => current.AddInitializer(Build.Floats("", 4)));
        Assert.False(current.RemoveInitializer("x"));
        Assert.True(current.RemoveInitializer("w"));
        Assert.False(current.RemoveInitializer("w"));
        Assert.Null(current.ScopeOf("w"));
        GraphAssert.IndexesAreCurrent(current);
    }

    [Fact]
    public void A_constant_is_replaced_where_it_lives()
    {
        var graph = new GraphProto
        {
            Initializer = { Build.Floats("w", 4) },
            Input = { Build.Infos("x", "w") },
            Node =
            {
                Nodes.Create("Constant", [], ["k"], attributes: ("value_float", 1f)),
                Build.If("x", "y", Build.Branch("inner", Nodes.Create("Add", ["w", "k"], ["t"])), new GraphProto()),
            },
            ValueInfo = { Build.Info("k", 1) },
        };
        var main = new Graph(new OnnxModel(Build.Model(graph, 3)));
        var inner = main.Subgraphs(main.Nodes[1])[0];
        var half = Tensors.Create<Half>("other", [2], [(Half)1, (Half)2]);

        inner.ReplaceConstant("w", half);
        inner.ReplaceConstant("k", half);

        Assert.Equal("w", main.Proto.Initializer.Single().Name);
        Assert.Equal((int)TensorProto.Types.DataType.Float16, main.Proto.Input[1].Type.TensorType.ElemType);
        Assert.Equal(2, main.Proto.ValueInfo[0].Type.TensorType.Shape.Dim[0].DimValue);
        Assert.Equal("value", main.Nodes[0].Attribute.Single().Name);
        Assert.True(main.TryGetConstant("k", out var tensor));
        Assert.Equal([1f, 2f], tensor.ToFloats());
        Assert.Throws<ArgumentException>(() => main.ReplaceConstant("x", half));
        GraphAssert.IndexesAreCurrent(main);
    }

    [Fact]
    public void Descriptions_of_values_that_are_gone_are_removed()
    {
        var model = Nested().Model;
        model.Proto.Graph.ValueInfo.AddRange(Build.Infos("a", "gone"));
        model.Proto.Graph.Node[1].Attribute[0].G.ValueInfo.AddRange(Build.Infos("t", "gone"));
        var main = new Graph(model);

        main.RemoveStaleInfo();

        Assert.Equal(["a"], main.Proto.ValueInfo.Select(static info => info.Name));
        Assert.Equal(["t"], main.Subgraphs(main.Nodes[1])[0].Proto.ValueInfo.Select(static info => info.Name));
    }

    [Fact]
    public void Any_edits_keep_the_indexes()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var main = Nested();
            for (var step = 0; step < 60; step++)
            {
                var scopes = main.SelfAndSubgraphs().ToArray();
                var scope = scopes[random.Next(scopes.Length)];
                var values = scope
                    .Nodes.SelectMany(static node => node.Output)
                    .Concat(["x", "w", "c"])
                    .Where(value => scope.ScopeOf(value) is not null)
                    .ToArray();
                if (values.Length == 0)
                    continue;
                var value = values[random.Next(values.Length)];
                var node = scope.Nodes.Count > 0 ? scope.Nodes[random.Next(scope.Nodes.Count)] : null;
                switch (random.Next(9))
                {
                    case 0:
                        scope.Append(Nodes.Create("Relu", [value], [scope.FreshName("v")], name: scope.FreshName("n")));
                        break;
                    case 1 when node is not null:
                        var branch = Build.Branch(
                            scope.FreshName("branch"),
                            Nodes.Create("Add", [value, "x"], [scope.FreshName("i")], name: scope.FreshName("n"))
                        );
                        scope.InsertAfter(node, Build.If("c", scope.FreshName("o"), branch, new GraphProto { Output = { Build.Infos(value) } }));
                        break;
                    case 2 when node is not null && scope.Nodes.Count > 2:
                        scope.Remove(node);
                        break;
                    case 3 when node is not null:
                        scope.SetInput(node, random.Next(3), value);
                        break;
                    case 4:
                        scope.ReplaceUses(value, "x");
                        break;
                    case 5:
                        scope.RenameValue(value, scope.FreshName(value));
                        scope = main;
                        break;
                    case 6:
                        scope.AddInitializer(Build.Floats(scope.FreshName("w"), 1));
                        break;
                    case 7 when node is not null:
                        var output = scope.FreshName("s");
                        scope.Replace(
                            node,
                            Nodes.Create("Relu", [value], [output], name: scope.FreshName("n")),
                            Nodes.Create("Relu", [output], [node.Output[0]], name: scope.FreshName("n"))
                        );
                        break;
                    case 8 when scope.Proto.Initializer.Count > 1:
                        scope.RemoveInitializer(scope.Proto.Initializer[^1].Name);
                        break;
                }

                GraphAssert.IndexesAreCurrent(main);
            }
        }
    }

    private static NodeProto Node(string input, string output, string name) => Nodes.Create("Relu", [input], [output], name: name);

    private static Graph Chain(long irVersion = 10) =>
        new(
            new OnnxModel(
                Build.Model(
                    new GraphProto
                    {
                        Input = { Build.Infos("x") },
                        Output = { Build.Infos("y") },
                        Node = { Node("x", "a", "n0"), Node("a", "b", "n1"), Node("b", "y", "n2") },
                    },
                    irVersion
                )
            )
        );

    private static Graph Nested() =>
        new(
            new OnnxModel(
                Build.Model(
                    new GraphProto
                    {
                        Input = { Build.Infos("x") },
                        Output = { Build.Infos("y", "a") },
                        Initializer = { Build.Floats("w", 1) },
                        Node =
                        {
                            Node("x", "a", "relu"),
                            Build.If(
                                "x",
                                "y",
                                Build.Branch("then", Nodes.Create("Add", ["a", "x"], ["t"], name: "then_add"), Node("w", "t2", "then_relu")),
                                Build.Branch("else", Nodes.Create("Neg", ["a"], ["e"], name: "else_neg"))
                            ),
                        },
                    }
                )
            )
        );
}
