using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using ModelBuild.Testing;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Optimization;

public sealed class EliminationTests
{
    [Theory]
    [InlineData("Identity", "x", "m")]
    [InlineData("Dropout", "x", "m")]
    [InlineData("Dropout", "x ratio no", "m")]
    [InlineData("Dropout", "x ratio no", "m mask")]
    [InlineData("Concat", "x", "m")]
    [InlineData("Sum", "x", "m")]
    [InlineData("Max", "x", "m")]
    [InlineData("Min", "x", "m")]
    [InlineData("Mean", "x", "m")]
    [InlineData("Transpose", "x", "m")]
    public void A_node_that_hands_its_input_on_goes(string op, string inputs, string outputs)
    {
        (string, object)[] attributes = op switch
        {
            "Concat" => [("axis", 0)],
            "Transpose" => [("perm", new[] { 0, 1 })],
            _ => [],
        };
        var net = new Net()
            .Input("x", 2, 3)
            .Constant("ratio", [], 0.5f)
            .Constant("no", [], false)
            .Node("Relu", "x", "a")
            .Node(op, inputs.Replace("x", "a", StringComparison.Ordinal), outputs, attributes)
            .Node("Neg", "m", "y")
            .Output("y");

        Becomes(net, "Neg Relu");
    }

    [Theory]
    [InlineData("Dropout", "a ratio yes", "m")]
    [InlineData("Dropout", "a ratio asked", "m")]
    [InlineData("Concat", "a a", "m")]
    [InlineData("Transpose", "a", "m")]
    public void One_that_does_something_stays(string op, string inputs, string outputs)
    {
        (string, object)[] attributes = op switch
        {
            "Concat" => [("axis", 0)],
            "Transpose" => [("perm", new[] { 1, 0 })],
            _ => [],
        };
        var model = new Net()
            .Input("x", 2, 3)
            .Input("asked", DataType.Bool)
            .Constant("ratio", [], 0.5f)
            .Constant("yes", [], true)
            .Node("Relu", "x", "a")
            .Node(op, inputs, outputs, attributes)
            .Node("Neg", "m", "y")
            .Output("y")
            .Build();

        Assert.Contains(op, Steps.Operators(Steps.Run(model, "optimize")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mask_that_is_read_keeps_its_dropout() =>
        Becomes(
            new Net()
                .Input("x", 2, 3)
                .Node("Dropout", "x", "m mask")
                .Node("Cast", "mask", "f", ("to", (long)DataType.Float))
                .Node("Add", "m f", "y")
                .Output("y"),
            "Add Cast Dropout"
        );

    [Fact]
    public void Before_opset_7_dropout_learned_unless_told_otherwise()
    {
        static string Optimized(params (string, object)[] attributes) =>
            Steps.Operators(
                Steps.Run(
                    new Net(opset: 6, irVersion: 3).Input("x", 2, 3).Node("Dropout", "x", "d", attributes).Node("Relu", "d", "y").Output("y").Build(),
                    "optimize"
                )
            );

        Assert.Equal("Dropout Relu", Optimized());
        Assert.Equal("Relu", Optimized(("is_test", 1)));
    }

    [Fact]
    public void An_output_keeps_its_name_when_the_node_before_it_goes()
    {
        var optimized = Becomes(
            new Net().Input("x", 2, 3).Node("Relu", "x", "a").Node("Neg", "a", "b").Node("Identity", "a", "y").Output("y", "b"),
            "Neg Relu"
        );

        Assert.Equal(["y"], new Graph(optimized).Nodes[0].Output);
    }

    [Fact]
    public void An_output_straight_from_an_input_or_a_weight_stays() =>
        Becomes(
            new Net()
                .Input("x", 2, 3)
                .Weight("w", 2)
                .Node("Identity", "x", "y")
                .Node("Identity", "w", "z")
                .Node("Identity", "y", "again")
                .Output("y", "z", "again"),
            "Identity*3"
        );

    [Fact]
    public void A_value_that_is_two_outputs_stays_two() =>
        Becomes(new Net().Input("x", 2, 3).Node("Relu", "x", "y").Node("Identity", "y", "z").Output("y", "z"), "Identity Relu");

    [Fact]
    public void A_branch_may_capture_what_an_identity_gave()
    {
        var then = new Net().Node("Identity", "i", "inner").Node("Neg", "inner", "t").Output("t");
        var otherwise = new Net().Node("Identity", "i", "e").Output("e");
        var net = new Net()
            .Input("x", 2, 3)
            .Condition("x", "yes")
            .Node("Relu", "x", "a")
            .Node("Identity", "a", "i")
            .If("yes", "y", then, otherwise)
            .Output("y");

        // A branch that outputs a value of the outer graph needs a node of its own for that.
        Becomes(net, "Identity If Less Neg ReduceMax Relu");
    }

    [Fact]
    public void A_branch_may_have_a_value_of_the_same_name()
    {
        // ONNX does not allow shadowing, but exporters produce it. The value 'a' of the branch is not the value 'a' of the outer graph.
        var then = new Net().Node("Neg", "i", "a").Node("Add", "a i", "t").Output("t");
        var net = new Net()
            .Input("x", 2, 3)
            .Condition("x", "yes")
            .Node("Relu", "x", "a")
            .Node("Identity", "a", "i")
            .If("yes", "y", then, new Net().Node("Abs", "i", "e").Output("e"))
            .Output("y");

        var optimized = Steps.Run(net.Build(), "optimize");

        var inner = new Graph(optimized).SelfAndSubgraphs().ElementAt(1);
        Assert.Equal(["i"], inner.Nodes[0].Input);
    }

    [Fact]
    public void A_branch_may_give_a_value_of_the_name_that_the_whole_gives()
    {
        var net = new Net()
            .Input("x", 2, 3)
            .Input("c", DataType.Bool)
            .If(
                "c",
                "y",
                new Net().Node("Neg", "x", "n").Node("Identity", "n", "y").Output("y"),
                new Net().Node("Abs", "x", "n2").Node("Identity", "n2", "y").Output("y")
            )
            .Output("y");

        var optimized = Steps.Run(net.Build(), "optimize");

        Assert.Equal("y", new Graph(optimized).Proto.Output[0].Name);
    }

    [Fact]
    public void A_loop_keeps_what_it_hands_from_round_to_round()
    {
        var body = new GraphProto
        {
            Name = "body",
            Node =
            {
                Net.Make("Identity", "cond_in", "cond_out"),
                Net.Make("Identity", "state", "copy"),
                Net.Make("Add", "copy x", "state_out"),
                Net.Make("Identity", "copy", "scan"),
            },
            Input = { Value("i", DataType.Int64), Value("cond_in", DataType.Bool), Value("state", DataType.Float, 2) },
            Output = { Value("cond_out", DataType.Bool), Value("state_out", DataType.Float, 2), Value("scan", DataType.Float, 2) },
        };
        var net = new Net()
            .Input("x", 2)
            .Constant("rounds", [], 3L)
            .Constant("go", [], true)
            .Node("Loop", "rounds go x", "y all", ("body", body))
            .Output("y", "all");

        Becomes(net, "Add Identity*2 Loop");
    }

    [Fact]
    public void What_nobody_reads_goes_with_all_that_led_to_it()
    {
        var optimized = Becomes(
            new Net()
                .Input("x", 2, 3)
                .Weight("w", 3, 2)
                .Weight("unused", 5)
                .Node("MatMul", "x w", "dead")
                .Node("Exp", "dead", "deader")
                .Node("Relu", "x", "y")
                .Output("y"),
            "Relu"
        );

        Assert.Empty(optimized.Proto.Graph.Initializer);
    }

    [Fact]
    public void A_weight_that_only_a_branch_reads_lives()
    {
        var then = new Net().Node("Add", "x w", "t").Output("t");
        var net = new Net().Input("x", 2, 3).Weight("w", 3).Condition("x", "yes").If("yes", "y", then, new Net().Node("Neg", "x", "e").Output("e")).Output("y");

        Becomes(net, "Add If Less Neg ReduceMax");
    }

    [Fact]
    public void Equal_weights_are_stored_once()
    {
        var values = Noise.Floats(64);
        var optimized = Becomes(
            new Net()
                .Input("x", 2, 8)
                .Constant("a", [8, 8], values)
                .Constant("b", [8, 8], values)
                .Constant("c", [64], values)
                .ConstantNode("d", Net.Tensor([8, 8], values))
                .Node("MatMul", "x a", "1")
                .Node("MatMul", "1 b", "2")
                .Node("MatMul", "2 d", "3")
                .Node("Add", "x c1", "4")
                .Constant("axes", [2], 8L, 8L)
                .Node("Reshape", "c axes", "c2")
                .Node("MatMul", "3 c2", "5")
                .Constant("c1", [1], 0.5f)
                .Node("Add", "4 5", "y")
                .Output("y"),
            "Add*2 MatMul*4"
        );

        Assert.Single(optimized.Proto.Graph.Initializer, tensor => tensor.Dims.Count == 2);
    }

    [Fact]
    public void A_weight_that_is_an_output_keeps_its_name()
    {
        var values = Noise.Floats(8);
        var optimized = Becomes(
            new Net().Input("x", 2, 8).Constant("a", [8], values).Constant("b", [8], values).Node("Add", "x a", "s").Node("Add", "s b", "y").Output("y", "b"),
            "Add*2"
        );

        Assert.Equal(["y", "b"], optimized.Proto.Graph.Output.Select(output => output.Name));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void Constants_inside_branches_become_weights_of_their_branch()
    {
        var path = Corpus.Path("models/silero_vad.onnx");
        var model = OnnxModel.Load(path);

        var optimized = Steps.Run(model, "optimize");

        var scopes = new Graph(optimized).SelfAndSubgraphs().Skip(1).ToArray();
        Assert.DoesNotContain(scopes.SelectMany(scope => scope.Nodes), node => node.OpType == "Constant" && node.GetTensor("value")?.RawData.Length > 1024);
        Assert.Contains(scopes, scope => scope.Proto.Initializer.Any(tensor => tensor.RawData.Length > 100_000));
        Assert.InRange(optimized.ToBytes().Length, 1, model.ToBytes().Length);
    }

    [Fact]
    public void Notes_of_the_exporter_go_and_those_of_the_author_stay()
    {
        var model = new Net().Input("x", 2).Weight("w", 2).Node("Add", "x w", "a").Node("Neg", "a", "y").Output("y").Build();
        var graph = model.Proto.Graph;
        model.Proto.DocString = "what the model is for";
        model.SetMetadata("author", "somebody");
        graph.Input[0].DocString = "what x is";
        graph.Node[0].DocString = "File 'train.py', line 1";
        graph.Node[1].MetadataProps.Add(new StringStringEntryProto { Key = "pkg.torch.onnx.stack_trace", Value = "File 'train.py', line 2" });
        graph.ValueInfo.Add(new ValueInfoProto { Name = "a", DocString = "an intermediate" });
        graph.ValueInfo.Add(new ValueInfoProto { Name = "gone" });
        graph.Initializer[0].DocString = "a weight";

        var optimized = Steps.Run(model, "optimize", out var report);

        Assert.Equal(4, report.Changes["descriptions of the exporter removed"]);
        Assert.DoesNotContain("train.py", optimized.Proto.ToString(), StringComparison.Ordinal);
        Assert.Equal(
            ("what the model is for", "somebody", "what x is"),
            (optimized.Proto.DocString, optimized.GetMetadata("author"), optimized.Proto.Graph.Input[0].DocString)
        );
        Assert.Equal(["a"], optimized.Proto.Graph.ValueInfo.Select(value => value.Name));
        Assert.NotEmpty(model.Proto.Graph.Node[0].DocString);
    }

    [Fact]
    public void Weights_that_are_listed_as_inputs_are_fixed()
    {
        // Up to IR version 3, all weights are also inputs of the graph.
        var model = new Net(opset: 8, irVersion: 3)
            .Input("x", 2, 8)
            .Input("w", 8, 4)
            .Input("s", 4)
            .Weight("w", 8, 4)
            .Weight("s", 4)
            .Node("Identity", "w", "i")
            .Node("MatMul", "x i", "m")
            .Node("Add", "m s", "y")
            .Output("y")
            .Build();

        var optimized = Steps.Run(model, "optimize");

        Assert.Equal(["x"], optimized.Proto.Graph.Input.Select(input => input.Name));
        Assert.Equal("Gemm", Steps.Operators(optimized));
        using var w = OrtValue.CreateTensorValueFromMemory(model.Proto.Graph.Initializer[0].ToFloats(), [8, 4]);
        using var s = OrtValue.CreateTensorValueFromMemory(model.Proto.Graph.Initializer[1].ToFloats(), [4]);
        Assert.Equal(Ort.Run(model, ("w", w), ("s", s))["y"], Ort.Run(optimized)["y"]);
    }

    private static ValueInfoProto Value(string name, DataType type, params long[] shape) => new Net().Input(name, type, shape).Build().Proto.Graph.Input[0];

    private static OnnxModel Becomes(Net net, string operators)
    {
        var model = net.Build();
        var optimized = Steps.Run(model, "optimize");
        Assert.Equal(operators, Steps.Operators(optimized));
        Assert.Equal(model.Proto.Graph.Output.Select(output => output.Name), optimized.Proto.Graph.Output.Select(output => output.Name));
        var (before, after) = (Ort.Run(model), Ort.Run(optimized));
        foreach (var (name, values) in before)
            Assert.Equal(values, after[name]);
        return optimized;
    }
}
