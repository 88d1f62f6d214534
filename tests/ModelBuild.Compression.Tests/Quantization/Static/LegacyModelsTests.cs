using ModelBuild.Compression.Diagnostics;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Quantization.Static;

/// <summary>Tests that models of old opsets are upgraded to an opset that has integer operators.</summary>
public sealed class LegacyModelsTests
{
    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(11)]
    public void A_lifted_model_answers_alike_and_computes_in_integers(long opset)
    {
        var net = new Net(opset).Input("x", 1, 8, 12, 12).Weight("w1", 16, 8, 3, 3).Weight("b", 16).Weight("w2", 16, 16, 1, 1).Node("Conv", "x w1 b", "c");
        _ =
            opset < 11
                ? net.Node("Clip", "c", "r", ("min", 0f), ("max", 1.5f)).Node("Pad", "r", "p", ("pads", new long[] { 0, 0, 1, 1, 0, 0, 1, 1 }), ("value", 0.5f))
                : net.Constant("low", [], 0f)
                    .Constant("high", [], 1.5f)
                    .Constant("pads", [8], 0L, 0, 1, 1, 0, 0, 1, 1)
                    .Constant("value", [], 0.5f)
                    .Node("Clip", "c low high", "r")
                    .Node("Pad", "r pads value", "p");
        _ =
            opset < 10
                ? net.Node("Slice", "p", "s", ("starts", new long[] { 1 }), ("ends", new long[] { 9 }), ("axes", new long[] { 2 }))
                : net.Constant("starts", [1], 1L).Constant("ends", [1], 9L).Constant("axes", [1], 2L).Node("Slice", "p starts ends axes", "s");
        var run = new Int8Run(net.Node("Dropout", "s", "d", opset < 12 ? [("ratio", 0.3f)] : []).Node("Conv", "d w2", "y").Output("y"));

        Assert.Equal(LegacyOpsetUpgrade.Target, run.Model.Opset());
        Assert.Equal(2, run.Report.Changes["layers quantized"]);
        Assert.Contains("QLinearConv*2", run.Runs, StringComparison.Ordinal);
        Assert.InRange(run.Sqnr(), 28, 60);
    }

    [Theory]
    [InlineData(10, "activation-bits=6")]
    [InlineData(11, "activation-bits=4, activations=int8")]
    [InlineData(10, "layers=Conv:a5")]
    [InlineData(11, "layers=Conv:a7")]
    public void Fewer_bits_of_activations_in_a_model_that_cannot_be_lifted_are_one_clear_error(long opset, string options)
    {
        var net = Unliftable(opset);

        var exception = Assert.Throws<CompressionException>(() => new Int8Run(net, $"everywhere=true, {options}"));

        Assert.Equal(Codes.UnknownOption, exception.Code);
        Assert.Contains(
            $"Activations cannot have fewer than 8 bits in this model, because the model's opset is {opset}, and its operator Resize",
            exception.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(12)]
    public void Fewer_bits_of_activations_lift_a_model(long opset)
    {
        var run = new Int8Run(
            new Net(opset).Input("x", 1, 8, 12, 12).Weight("w", 16, 8, 3, 3).Node("Conv", "x w", "c").Node("Relu", "c", "y").Output("y"),
            "everywhere=true, activation-bits=6"
        );

        Assert.Equal(LegacyOpsetUpgrade.Target, run.Model.Opset());
        Assert.Contains(run.Graph.Nodes, node => node.OpType == "Clip");
        Assert.InRange(run.Sqnr(), 20, 60);
    }

    [Fact]
    public void Normalization_that_says_it_is_spatial_loads_in_the_new_opset()
    {
        var run = new Int8Run(
            new Net(opset: 7)
                .Input("x", 1, 8, 12, 12)
                .Weight("w", 16, 8, 3, 3)
                .Constant("scale", [8], Enumerable.Repeat(1.5f, 8).ToArray())
                .Constant("shift", [8], new float[8])
                .Constant("mean", [8], new float[8])
                .Constant("variance", [8], Enumerable.Repeat(1f, 8).ToArray())
                .Node("Abs", "x", "a")
                .Node("BatchNormalization", "a scale shift mean variance", "n", ("spatial", 1L))
                .Node("Relu", "n", "r")
                .Node("Conv", "r w", "y")
                .Output("y")
        );

        Assert.Equal(LegacyOpsetUpgrade.Target, run.Model.Opset());
        Assert.InRange(run.Sqnr(), 28, 60);
    }

    [Fact]
    public void A_model_that_cannot_be_lifted_is_left_alone_and_its_weights_are_stored()
    {
        var run = new Int8Run(
            new Net(opset: 7)
                .Input("x", 1, 8, 6, 6)
                .Weight("w", 16, 8, 3, 3)
                .Node("Conv", "x w", "c")
                .Node("Upsample", "c", "y", ("scales", new[] { 1f, 1, 2, 2 }))
                .Output("y")
        );

        var left = Assert.Single(run.Report.Skipped, left => left.What == "all layers");
        Assert.Equal("the model's opset is 7, and its operator Upsample may mean something else in 12", left.Why);
        Assert.Equal(7, run.Model.Opset());
        Assert.Equal(1, run.Report.Changes["weights stored in int8"]);
        Assert.InRange(run.Sqnr(), 35, 70);
    }

    [Fact]
    public void A_model_of_opset_10_that_cannot_be_lifted_computes_in_integers_where_it_can()
    {
        var run = new Int8Run(
            new Net(opset: 10)
                .Input("x", 1, 8, 12, 12)
                .Weight("w", 16, 8, 3, 3)
                .Weight("w2", 16, 16, 3, 3)
                .Constant("scales", [4], 1f, 1, 2, 2)
                .Node("Conv", "x w", "c")
                .Node("Clip", "c", "r", ("min", 0f), ("max", 6f))
                .Node("Conv", "r w2", "d")
                .Node("Resize", "d scales", "y")
                .Output("y")
        );

        Assert.Equal(10, run.Model.Opset());
        Assert.Equal(2, run.Report.Changes["layers quantized"]);
        Assert.DoesNotContain(run.Graph.Nodes, node => node.OpType == "Clip");
        Assert.InRange(run.Sqnr(), 28, 60);
    }

    private static Net Unliftable(long opset)
    {
        var net = new Net(opset).Input("x", 1, 8, 12, 12).Weight("w", 16, 8, 3, 3).Constant("scales", [4], 1f, 1, 2, 2).Node("Conv", "x w", "c");
        return (
            opset < 11 ? net.Node("Resize", "c scales", "y") : net.Constant("region", [8], 0f, 0, 0, 0, 1, 1, 1, 1).Node("Resize", "c region scales", "y")
        ).Output("y");
    }
}
