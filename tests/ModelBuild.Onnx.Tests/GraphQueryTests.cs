using ModelBuild.Testing;

namespace ModelBuild.Onnx.Tests;

public sealed class GraphQueryTests
{
    [Fact]
    public void Values_are_found_in_the_scope_that_defines_them()
    {
        var main = new Graph(Sample());
        var then = main.Subgraphs(main.Nodes[1])[0];

        Assert.Null(main.Parent);
        Assert.Same(main, then.Parent);
        Assert.Same(main.Nodes[1], then.Owner);
        Assert.Equal(["g", "then", "deep", "deeper", "else"], main.SelfAndSubgraphs().Select(static graph => graph.Proto.Name));
        Assert.Same(main, then.ScopeOf("x"));
        Assert.Same(main, then.ScopeOf("w"));
        Assert.Same(main.Nodes[0], then.Producer("a"));
        Assert.Same(then, then.ScopeOf("t"));
        Assert.Null(main.ScopeOf("t"));
        Assert.Null(main.Producer("x"));
        Assert.Null(main.Producer("nothing"));
        Assert.Null(main.ScopeOf(""));
    }

    [Fact]
    public void Uses_in_subgraphs_count_and_shadowed_names_do_not()
    {
        var main = new Graph(Sample());
        var then = main.Subgraphs(main.Nodes[1])[0];
        var otherwise = main.Subgraphs(main.Nodes[1])[1];

        Assert.Equal(["relu:0", "then_add:0"], GraphAssert.Uses(main.Consumers("x")));
        Assert.Equal(["deep_add:1", "then_add:1"], GraphAssert.Uses(main.Consumers("a")));
        // The else branch has a value "a" of its own.
        Assert.Equal(["else_neg:0"], GraphAssert.Uses(otherwise.Consumers("a")));
        Assert.Equal(["deep_add:1", "then_add:1"], GraphAssert.Uses(then.Consumers("a")));
        Assert.Equal(["if_deep:0", "if_y:0"], GraphAssert.Uses(main.Consumers("c")));
        Assert.Empty(main.Consumers("t"));
        Assert.Empty(main.Consumers(""));
        Assert.Equal(["deep", "then"], main.Consumers("a").Select(static use => use.Graph.Proto.Name).Order());
    }

    [Fact]
    public void Outputs_of_subgraphs_that_name_outer_values_are_known()
    {
        var main = new Graph(Sample());
        var then = main.Subgraphs(main.Nodes[1])[0];

        Assert.True(main.IsOutput("y"));
        Assert.True(main.IsOutputAnywhere("y"));
        // The inner graph returns "w", which is a weight of the main graph.
        Assert.False(main.IsOutput("w"));
        Assert.True(main.IsOutputAnywhere("w"));
        Assert.True(then.IsOutputAnywhere("w"));
        Assert.False(main.IsOutputAnywhere("a"));
        Assert.True(then.IsOutput("t2"));
        Assert.False(main.IsOutputAnywhere("t2x"));
        Assert.True(main.IsInput("x"));
        Assert.False(then.IsInput("x"));
    }

    [Fact]
    public void Constants_are_found_wherever_they_live()
    {
        var graph = new GraphProto
        {
            Initializer = { Build.Floats("w", 3), Build.Floats("overridable", 3) },
            Input = { Build.Infos("x", "overridable") },
            Node =
            {
                Constant("value", "tensor", Build.Floats("", 4)),
                Constant("value_float", "float", 1.5f),
                Constant("value_floats", "floats", new[] { 1f, 2f }),
                Constant("value_int", "int", 7),
                Constant("value_ints", "ints", new[] { 7L, 8L }),
                Constant("value_string", "string", "text"),
                Constant("value_strings", "strings", new[] { "a", "b" }),
                Nodes.Create("Constant", [], ["foreign"], domain: "example.org", attributes: ("value", Build.Floats("", 1))),
                Nodes.Create("Constant", [], ["empty"]),
                Nodes.Create("Relu", ["x"], ["computed"]),
            },
        };
        graph.Node.Add(Sparse());
        graph.Node.Add(Build.If("x", "y", Build.Branch("inner", Nodes.Create("Relu", ["w"], ["t"])), new GraphProto()));
        var main = new Graph(new OnnxModel(Build.Model(graph)));
        var inner = main.Subgraphs(main.Nodes[^1])[0];

        Assert.True(inner.TryGetConstant("w", out var weight));
        Assert.Same(graph.Initializer[0], weight);
        Assert.True(inner.TryGetConstant("tensor", out var tensor));
        Assert.Equal(4, tensor.ElementCount());
        Assert.Equal([1.5f], Get(main, "float").ToFloats());
        Assert.Empty(Get(main, "float").Dims);
        Assert.Equal([1f, 2f], Get(main, "floats").ToFloats());
        Assert.Equal([7L], Get(main, "int").Span<long>());
        Assert.Equal([7L, 8L], Get(main, "ints").Span<long>());
        Assert.Equal("text", Get(main, "string").StringData.Single().ToStringUtf8());
        Assert.Equal(["a", "b"], Get(main, "strings").StringData.Select(static text => text.ToStringUtf8()));
        foreach (var name in new[] { "overridable", "foreign", "empty", "computed", "sparse", "x", "nothing", "t", "" })
            Assert.False(main.IsConstant(name), name);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void Weights_that_are_inputs_are_constants_up_to_version_3()
    {
        foreach (var (version, expected) in new[] { (0L, true), (3, true), (4, false), (13, false) })
        {
            var graph = new GraphProto { Initializer = { Build.Floats("w", 3) }, Input = { Build.Infos("w") } };
            Assert.Equal(expected, new Graph(new OnnxModel(Build.Model(graph, version))).IsConstant("w"));
        }

        var mnist = new Graph(OnnxModel.Load(Corpus.Path("models/mnist-8.onnx")));
        Assert.True(mnist.IsConstant("Parameter5"));
        Assert.True(mnist.IsInput("Parameter5"));
        Assert.False(mnist.IsConstant("Input3"));
    }

    [Fact]
    public void An_input_of_a_subgraph_is_no_constant_in_any_version()
    {
        var body = new GraphProto
        {
            Name = "body",
            Input = { Build.Infos("i") },
            Initializer = { Build.Floats("i", 1) },
            Node = { Nodes.Create("Relu", ["i"], ["o"]) },
        };
        var graph = new GraphProto { Node = { Nodes.Create("Loop", ["n"], ["y"], attributes: ("body", body)) } };
        var main = new Graph(new OnnxModel(Build.Model(graph, 3)));

        Assert.False(main.Subgraphs(main.Nodes[0])[0].IsConstant("i"));
    }

    [Fact]
    public void Types_are_known_for_what_the_document_describes()
    {
        var model = Sample();
        model.Proto.Graph.ValueInfo.Add(Build.Info("a", 2, 3));
        var main = new Graph(model);

        Assert.Equal(2, main.TypeOf("a")!.TensorType.Shape.Dim.Count);
        Assert.Equal(3, main.TypeOf("w")!.TensorType.Shape.Dim[0].DimValue);
        Assert.NotNull(main.TypeOf("x"));
        Assert.NotNull(main.TypeOf("y"));
        Assert.Null(main.TypeOf("nothing"));
        // The value "a" of the else branch has no declared type.
        Assert.Null(main.Subgraphs(main.Nodes[1])[1].TypeOf("a"));
        Assert.NotNull(main.Subgraphs(main.Nodes[1])[0].TypeOf("a"));
    }

    [Fact]
    public void Fresh_names_are_in_no_scope()
    {
        var model = Sample();
        model.Proto.Functions.Add(
            new FunctionProto
            {
                Name = "f",
                Node = { Build.If("fx", "fy", Build.Branch("b", Nodes.Create("Relu", ["fx"], ["fi"], name: "fn")), new GraphProto()) },
            }
        );
        var main = new Graph(model);

        Assert.Equal("new", main.FreshName("new"));
        Assert.Equal("new_1", main.FreshName("new"));
        Assert.Equal("new_2", main.FreshName("new"));
        foreach (var taken in new[] { "x", "w", "y", "relu", "then_add", "t", "deep_add", "fy", "fi", "fn" })
            Assert.Equal(taken + "_1", main.FreshName(taken));
        Assert.Equal("new_3", main.Subgraphs(main.Nodes[1])[0].FreshName("new"));
        Assert.NotEqual("", main.FreshName(""));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void Silero_captures_are_found()
    {
        var model = OnnxModel.Load(Corpus.Path("models/silero_vad.onnx"));
        var main = new Graph(model);
        var scopes = main.SelfAndSubgraphs().ToArray();

        Assert.Equal(25, scopes.Sum(static scope => scope.Nodes.Count(static node => node.Is("If"))));
        Assert.Equal(51, scopes.Length);
        Assert.Contains(main.Consumers("input"), use => use.Graph != main);
        var constants = scopes
            .Where(scope => scope != main)
            .SelectMany(static scope => scope.Nodes.Where(static node => node.Is("Constant")).Select(node => (scope, node)))
            .ToArray();
        Assert.True(constants.Length > 100);
        Assert.All(constants, static pair => Assert.True(pair.scope.IsConstant(pair.node.Output[0])));
    }

    public static IEnumerable<TheoryDataRow<string>> Models() => RoundTripTests.Models;

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Models))]
    public void Indexes_agree_with_a_search(string name)
    {
        var model = OnnxModel.Load(Corpus.Path(name), new OnnxLoadOptions { SkipWeights = true });

        // Searching without an index takes long, so large models are sampled.
        GraphAssert.IndexesAreCurrent(new Graph(model), everyName: 1 + (model.Proto.Graph.Node.Count / 200));
    }

    private static TensorProto Get(Graph graph, string value)
    {
        Assert.True(graph.TryGetConstant(value, out var tensor));
        return tensor;
    }

    private static NodeProto Constant(string attribute, string output, object value) => Nodes.Create("Constant", [], [output], attributes: (attribute, value));

    private static NodeProto Sparse()
    {
        var node = Nodes.Create("Constant", [], ["sparse"]);
        node.Attribute.Add(
            new AttributeProto
            {
                Name = "sparse_value",
                Type = AttributeProto.Types.AttributeType.SparseTensor,
                SparseTensor = new SparseTensorProto
                {
                    Values = Build.Floats("", 1),
                    Indices = Tensors.Create<long>("", [1], [0]),
                    Dims = { 4 },
                },
            }
        );
        return node;
    }

    /// <summary>a = Relu(x); y = If(c) then (Add(x, a), If(c) in it, two deep) else (a shadowed "a").</summary>
    private static OnnxModel Sample()
    {
        var deeper = new GraphProto { Name = "deeper", Output = { Build.Infos("w") } };
        var deep = Build.Branch("deep", Nodes.Create("Add", ["t", "a"], ["d"], name: "deep_add"));
        var then = Build.Branch(
            "then",
            Nodes.Create("Add", ["x", "a"], ["t"], name: "then_add"),
            Nodes.Create("If", ["c"], ["t2"], name: "if_deep", attributes: [("then_branch", deep), ("else_branch", deeper)])
        );
        var otherwise = Build.Branch("else", Nodes.Create("Neg", ["w"], ["a"], name: "else_make"), Nodes.Create("Neg", ["a"], ["e"], name: "else_neg"));
        return new OnnxModel(
            Build.Model(
                new GraphProto
                {
                    Name = "g",
                    Input = { Build.Infos("x", "c") },
                    Output = { Build.Infos("y") },
                    Initializer = { Build.Floats("w", 3) },
                    Node = { Nodes.Create("Relu", ["x"], ["a"], name: "relu"), Build.If("c", "y", then, otherwise) },
                }
            )
        );
    }
}
