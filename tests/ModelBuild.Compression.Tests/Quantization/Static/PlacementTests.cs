using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Passes.Quantization.Static;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using ModelBuild.Testing;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Quantization.Static;

public sealed class PlacementTests
{
    private const string Chosen = "everywhere=false";

    [Fact]
    public void A_small_model_stays_float_on_processors_and_its_weights_are_stored()
    {
        var net = new Net().Input("x", 1, 2, 6, 6).Weight("w", 64, 2, 3, 3).Node("Conv", "x w", "y").Output("y");
        var run = new Int8Run(net, Chosen);

        Assert.Equal(
            ("stored in int8", "in integers it would cost more than it saves: conversions and small products"),
            (run.Node("Conv").Became(), run.Node("Conv").Why)
        );
        Assert.Equal("Cast Conv Mul", Steps.Operators(run.Model));
        Assert.Equal(1, run.Report.Changes["weights stored in int8"]);
        Assert.Contains("QuantizeLinear", Steps.Operators(new Int8Run(net).Model), StringComparison.Ordinal);
        // The step does not decide which layers an accelerator should compute in float.
        Assert.Contains("QuantizeLinear", Steps.Operators(new Int8Run(net, Chosen, "qnn").Model), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wide_model_computes_in_integers()
    {
        var run = new Int8Run(
            Wide().Node("Conv", "x w1 b1", "c", ("pads", Pads)).Node("Relu", "c", "r").Node("Conv", "r w2", "y", ("pads", Pads)).Output("y"),
            Chosen
        );

        Assert.Equal(["QLinearConv", "QLinearConv"], run.Report.Nodes.Where(node => node.Operator == "Conv").Select(node => node.Became()));
        Assert.Equal(2, run.Report.Changes["layers quantized"]);
        Assert.InRange(run.Sqnr(), 30, 60);
    }

    [Fact]
    public void An_operator_between_without_an_integer_form_splits_the_model_and_says_so()
    {
        var run = new Int8Run(
            Wide().Node("Conv", "x w1 b1", "c", ("pads", Pads)).Node("Softplus", "c", "s").Node("Conv", "s w2", "y", ("pads", Pads)).Output("y"),
            Chosen
        );

        Assert.Equal("Softplus has no integer kernel", run.Node("Softplus").Why);
        Assert.Equal(2, run.Report.Changes["layers quantized"]);
        Assert.InRange(run.Sqnr(), 30, 60);
    }

    [Fact]
    public void What_lies_behind_the_last_layer_is_not_rounded_again()
    {
        // The network is the head of a detector, with boxes and scores in one tensor.
        var run = new Int8Run(
            Image()
                .Weight("w", 16, 8, 3, 3)
                .Weight("w2", 6, 16, 1, 1)
                .Constant("k", [1], 100f)
                .Constant("shape", [3], 1L, 12, -1)
                .Node("Conv", "x w", "c")
                .Node("Conv", "c w2", "h")
                .Node("Sigmoid", "h", "scores")
                .Node("Mul", "h k", "boxes")
                .Node("Concat", "boxes scores", "all", ("axis", 1L))
                .Node("Reshape", "all shape", "y")
                .Output("y")
        );

        Assert.Equal(2, run.Report.Changes["layers quantized"]);
        foreach (var op in new[] { "Sigmoid", "Mul", "Concat", "Reshape" })
            Assert.Equal(("float", "it follows the last layer, so that outputs are not rounded again"), (run.Node(op).Became(), run.Node(op).Why));
        Assert.Contains("QLinearConv*2", run.Runs, StringComparison.Ordinal);
        Assert.InRange(run.Sqnr(), 30, 60);
    }

    [Fact]
    public void The_recipe_can_leave_nodes_out_with_or_without_their_weights()
    {
        Net Two() =>
            Image()
                .Weight("w1", 32, 8, 3, 3)
                .Weight("w2", 32, 32, 3, 3)
                .Add(Named("Conv", "x w1", "c", "first"))
                .Add(Named("Conv", "c w2", "y", "second"))
                .Output("y");

        var kept = new Int8Run(Two(), "everywhere=true, layers=first:float");
        Assert.Equal("the recipe keeps it in float", kept.Report.Nodes.Single(node => node.Name == "first").Why);
        Assert.Equal(1, kept.Report.Changes["weights stored in int8"]);
        Assert.Equal(1, kept.Report.Changes["layers quantized"]);

        var excluded = new Int8Run(Two(), "everywhere=true, exclude=first");
        Assert.Equal("the recipe keeps it in float", excluded.Report.Nodes.Single(node => node.Name == "first").Why);
        Assert.False(excluded.Report.Changes.ContainsKey("weights stored in int8"));
        Assert.Contains(excluded.Model.Proto.Graph.Initializer, tensor => tensor.Name == "w1");
        Assert.True(new Int8Run(Two(), "everywhere=true, exclude=Conv").Report.Changes.Count == 0);
    }

    [Fact]
    public void What_lies_between_layers_follows_those_before_it_back_to_float()
    {
        Net Branches() =>
            Image()
                .Weight("w1", 8, 8, 3, 3)
                .Weight("w2", 8, 8, 3, 3)
                .Weight("w3", 8, 8, 3, 3)
                .Add(Named("Conv", "x w1", "a", "first"))
                .Add(Named("Conv", "x w2", "b", "second"))
                .Node("Sigmoid", "a", "s")
                .Node("Add", "s b", "c")
                .Add(Named("Conv", "c w3", "y", "third"))
                .Output("y");

        var one = new Int8Run(Branches(), "everywhere=true, layers=first:float");
        Assert.Equal(("float", "the recipe keeps the layers before it in float"), (one.Node("Sigmoid").Became(), one.Node("Sigmoid").Why));
        Assert.Equal("QLinearAdd", one.Node("Add").Became());

        var both = new Int8Run(Branches(), "everywhere=true, layers=first:float|second:float");
        Assert.Equal("float", both.Node("Add").Became());
        Assert.Equal(1, both.Report.Changes["layers quantized"]);
    }

    [Fact]
    public void Weights_in_branches_belong_to_the_node_that_has_the_branches()
    {
        var net = Image()
            .Condition("x", "c")
            .If(
                "c",
                "y",
                new Net().Weight("w", 16, 8, 3, 3).Node("Conv", "x w", "t").Output("t"),
                new Net().Weight("v", 16, 8, 3, 3).Node("Conv", "x v", "e").Output("e")
            )
            .Output("y");

        Assert.Equal(2, new Int8Run(net).Report.Changes["weights stored in int8"]);
        Assert.Empty(new Int8Run(net, "everywhere=true, exclude=If").Report.Changes);
    }

    [Fact]
    public void Nodes_without_names_are_excluded_by_the_names_that_the_receipt_gives_them()
    {
        var run = new Int8Run(Image().Weight("w", 32, 8, 3, 3).Node("Conv", "x w", "y").Output("y"), "everywhere=true, exclude=Conv_y");

        Assert.Equal("Conv_y", run.Node("Conv").Name);
        Assert.Empty(run.Report.Changes);
    }

    [Fact]
    public void Layers_that_cannot_be_quantized_are_left_alone_with_the_reason()
    {
        Assert.Equal("its second operand is not constant", Why(new Net().Input("x", 4, 8).Input("w", 8, 8).Node("MatMul", "x w", "y"), "MatMul"));
        Assert.Equal("its weights have 3 dimensions, not 2", Why(new Net().Input("x", 3, 4, 8).Weight("w", 3, 8, 8).Node("MatMul", "x w", "y"), "MatMul"));
        Assert.Equal("its first operand is transposed", Why(new Net().Input("x", 8, 4).Weight("w", 8, 8).Node("Gemm", "x w", "y", ("transA", 1L)), "Gemm"));
        Assert.Equal(
            "its third operand is not a bias of its columns",
            Why(new Net().Input("x", 4, 8).Weight("w", 8, 8).Weight("c", 4, 1).Node("Gemm", "x w c", "y"), "Gemm")
        );
        Assert.Equal(
            "its bias is not constant",
            Why(new Net().Input("x", 1, 8, 4, 4).Input("b", 8).Weight("w", 8, 8, 1, 1).Node("Conv", "x w b", "y"), "Conv")
        );
        Assert.Equal(
            "it holds values that are not finite",
            Why(new Net().Input("x", 4, 8).Constant("w", [8, 1], 1, 2, 3, 4, 5, 6, 7, float.NaN).Node("MatMul", "x w", "y"), "MatMul")
        );
        Assert.Equal("ConvTranspose has no integer kernel", Why(Image().Weight("w", 8, 4, 3, 3).Node("ConvTranspose", "x w", "y"), "ConvTranspose"));
        Assert.Equal(
            "its activations are not float32",
            Why(
                new Net()
                    .Input("x", 4, 8)
                    .Weight("w", 8, 8)
                    .Node("Cast", "x", "i", ("to", (long)DataType.Int32))
                    .Node("Add", "i i", "j")
                    .Node("Cast", "j", "f", ("to", 1L))
                    .Node("MatMul", "f w", "y"),
                "Add"
            )
        );
    }

    [Fact]
    public void Where_shapes_could_not_be_inferred_that_is_what_is_said()
    {
        var main = new Graph(Image().Weight("w", 32, 8, 3, 3).Node("Conv", "x w", "y").Output("y").Build());
        var settings = LayerSettings.Parse(new Int8Options(), TargetProfile.Default);

        var placement = Placement.Decide(
            main,
            TargetProfile.Default,
            new Dictionary<string, InferredTensor>(),
            settings,
            everywhere: true,
            new HashSet<NodeProto>()
        );

        Assert.Equal("the types and shapes of its inputs and outputs could not be inferred", Assert.Single(placement.Why).Value);
    }

    [Fact]
    public void A_weight_that_is_also_an_output_stays_as_it_is()
    {
        var run = new Int8Run(Image().Weight("w", 32, 8, 3, 3).Node("Conv", "x w", "y").Output("y", "w"));

        Assert.Equal("its weights are an output of the model", run.Node("Conv").Why);
        Assert.Equal(double.PositiveInfinity, run.Sqnr());
    }

    [Fact]
    public void Outputs_of_the_model_that_are_also_read_inside_keep_their_names()
    {
        var run = new Int8Run(
            Image()
                .Weight("w1", 16, 8, 3, 3)
                .Weight("w2", 16, 16, 3, 3)
                .Node("Conv", "x w1", "c")
                .Node("Relu", "c", "r")
                .Node("Conv", "r w2", "y")
                .Output("r", "y", "c")
        );

        Assert.Equal(["r", "y", "c"], run.Model.Proto.Graph.Output.Select(output => output.Name));
        Assert.Equal(2, run.Report.Changes["layers quantized"]);
        // The value before the clamp is also an output of the model, so that it must not be clipped.
        Assert.Equal("float", run.Node("Relu").Became());
        Assert.InRange(run.Sqnr(), 30, 60);
    }

    [Fact]
    public void Subgraphs_read_the_value_as_it_comes_back_from_its_codes()
    {
        var then = new Net().Node("Neg", "r", "t").Output("t", DataType.Float, 1, 16, 10, 10);
        var otherwise = new Net().Node("Abs", "r", "e").Output("e", DataType.Float, 1, 16, 10, 10);
        var run = new Int8Run(
            Image()
                .Input("flag", DataType.Bool)
                .Weight("w1", 16, 8, 3, 3)
                .Weight("w2", 16, 16, 3, 3)
                .Node("Conv", "x w1", "c")
                .Node("Relu", "c", "r")
                .If("flag", "i", then, otherwise)
                .Node("Conv", "r w2", "y")
                .Output("i", "y")
        );

        Assert.Equal("If has no integer kernel", run.Node("If").Why);
        Assert.Equal(2, run.Report.Changes["layers quantized"]);
        Assert.Equal("QLinearConv", run.Report.Nodes.First(node => node.Operator == "Conv").Became());
        using var flag = OrtValue.CreateTensorValueFromMemory(new[] { true }, []);
        Assert.All(Ort.Run(run.Model, ("flag", flag))["i"], value => Assert.InRange(value, float.MinValue, 0));
    }

    [Fact]
    public void Sizes_that_are_not_known_are_taken_for_middling_ones()
    {
        // The shape of a Reshape to computed sizes is unknown.
        var net = new Net()
            .Input("x", -1, 64, 16, 16)
            .Weight("w1", 64, 64, 3, 3)
            .Weight("w2", 64, 64, 3, 3)
            .Weight("b1", 64)
            .Input("sizes", DataType.Float, -1)
            .Node("Cast", "sizes", "shape", ("to", (long)DataType.Int64))
            .Node("Reshape", "x shape", "image")
            .Node("Conv", "image w1 b1", "c", ("pads", Pads))
            .Node("Relu", "c", "r")
            .Node("Conv", "r w2", "y", ("pads", Pads))
            .Output("y");

        var run = new Int8Run(net.Build(), "int8(min-max)", samples: new ListedSamples([ShapedCall()]));

        Assert.Equal(2, run.Report.Changes["layers quantized"]);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("models/squeezenet_fp32.onnx", 2)]
    [InlineData("models/blazeface_front.onnx", 0)]
    public void No_pooling_runs_in_integers_with_its_channels_first(string path, int inIntegers)
    {
        // The first layer alone, which has few channels, is cheaper in float. The pooling behind it would then run in integers with its channels first, which
        // is slow.
        var model = OnnxModel.Load(Corpus.Path(path));
        var run = new Int8Run(model, "int8(min-max)", samples: new SyntheticInputs(model, SignatureReader.Read(model), DynamicDimensions.Guesses[0]));

        var nodes = Ort.Optimized(run.Model).Nodes;
        Assert.Equal(3 - inIntegers, run.Report.Nodes.Count(node => node.Operator == "MaxPool" && node.Became() == "float"));
        Assert.Equal((3 - inIntegers, inIntegers), (nodes.Count(node => node.OpType == "MaxPool"), nodes.Count(node => node.OpType == "NhwcMaxPool")));
    }

    [Theory]
    [InlineData("Elu")]
    [InlineData("HardSigmoid")]
    [InlineData("LeakyRelu")]
    [InlineData("Relu")]
    [InlineData("Selu")]
    [InlineData("Sigmoid")]
    [InlineData("Softplus")]
    [InlineData("Softsign")]
    [InlineData("Tanh")]
    [InlineData("ThresholdedRelu")]
    [InlineData("Softmax")]
    [InlineData("Erf")]
    public void A_product_computes_in_integers_in_front_of_a_function_in_float(string function)
    {
        var net = new Net()
            .Input("x", 1, 256)
            .Weight("w", 256, 256)
            .Weight("b", 256)
            .Weight("v", 256, 10)
            .Node("Gemm", "x w b", "h")
            .Node(function, "h", "r")
            .Node("MatMul", "r v", "y")
            .Output("y");

        var run = new Int8Run(net, "everywhere=true, exclude=MatMul");

        Assert.Equal("QGemm", run.Node("Gemm").Became());
        Assert.Equal("float", run.Node("MatMul").Became());
        Assert.InRange(run.Sqnr(), 25, 100);
    }

    [Fact]
    public void Pooling_of_what_float_layers_give_stays_float()
    {
        var net = Image()
            .Weight("w", 32, 8, 3, 3)
            .Node("Softplus", "x", "s")
            .Node("MaxPool", "s", "p", ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }))
            .Node("Conv", "p w", "y")
            .Output("y");

        Assert.Equal("float", new Int8Run(net, Chosen).Node("MaxPool").Became());
    }

    private static long[] Pads => [1, 1, 1, 1];

    private static Net Image() => new Net().Input("x", 1, 8, 12, 12);

    private static Net Wide() => new Net().Input("x", 1, 64, 16, 16).Weight("w1", 64, 64, 3, 3).Weight("b1", 64).Weight("w2", 64, 64, 3, 3);

    private static NodeProto Named(string op, string inputs, string output, string name)
    {
        var node = Net.Make(op, inputs, output);
        node.Name = name;
        return node;
    }

    private static string Why(Net net, string op) => new Int8Run(net.Output("y")).Node(op).Why;

    private static Sample ShapedCall()
    {
        var image = ListedSamples.Call("x", [1, 64, 16, 16], Noise.Floats(64 * 256)).Inputs["x"];
        var sizes = ListedSamples.Call("sizes", [4], [1, 64, 16, 16]).Inputs["sizes"];
        return new(new Dictionary<string, SampleArray> { ["x"] = image, ["sizes"] = sizes }, null);
    }
}
