using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Training.Preparation;

public sealed class TrainingOnlyOutputsTests
{
    [Theory]
    [InlineData(7, "x", "d mask", "Relu")]
    [InlineData(7, "x", "d", "Relu")]
    [InlineData(13, "x ratio", "d mask", "Relu")]
    [InlineData(13, "x ratio off", "d", "Relu")]
    [InlineData(13, "x ratio on", "d", "Dropout Relu")]
    public void Dropout_is_removed_unless_it_trains(long opset, string inputs, string outputs, string expected)
    {
        var net = new Net(opset).Input("x", 1, 4).Constant("ratio", [], 0.5f).Constant("off", [], false).Constant("on", [], true);
        var model = net.Node("Dropout", inputs, outputs).Node("Relu", "d", "y").Output("y").Build();

        TrainingOnlyOutputs.Remove(new Graph(model));

        Assert.Equal(expected.Split(' '), model.Proto.Graph.Node.Select(node => node.OpType));
    }

    [Fact]
    public void Dropout_between_an_input_and_an_output_becomes_an_identity()
    {
        var model = new Net().Input("x", 1, 4).Node("Dropout", "x", "y mask").Output("y").Build();

        TrainingOnlyOutputs.Remove(new Graph(model));

        var node = Assert.Single(model.Proto.Graph.Node);
        Assert.Equal(("Identity", "x", "y"), (node.OpType, Assert.Single(node.Input), Assert.Single(node.Output)));
    }

    [Fact]
    public void A_mask_with_a_reader_stays()
    {
        var model = new Net().Input("x", 1, 4).Node("Dropout", "x", "y mask").Output("y", "mask").Build();

        TrainingOnlyOutputs.Remove(new Graph(model));

        Assert.Equal(["y", "mask"], Assert.Single(model.Proto.Graph.Node).Output);
    }

    [Theory]
    [InlineData("MaxPool", "y indices", 1)]
    [InlineData("MaxPool", "y z", 2)]
    [InlineData("LayerNormalization", "y mean deviation", 1)]
    [InlineData("LayerNormalization", "y z deviation", 2)]
    public void Outputs_without_a_reader_are_removed(string operation, string outputs, int count)
    {
        var net = new Net().Input("x", 1, 2, 4).Weight("s", 4);
        net = operation == "MaxPool" ? net.Node(operation, "x", outputs, ("kernel_shape", new[] { 2 })) : net.Node(operation, "x s", outputs);
        var model = net.Output(count == 1 ? ["y"] : ["y", "z"]).Build();

        TrainingOnlyOutputs.Remove(new Graph(model));

        Assert.Equal(count, Assert.Single(model.Proto.Graph.Node).Output.Count);
        Assert.NotEmpty(Ort.Run(model));
    }
}
