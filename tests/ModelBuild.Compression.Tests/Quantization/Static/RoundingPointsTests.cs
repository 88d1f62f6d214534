using ModelBuild.Compression.Tests.Support;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Quantization.Static;

/// <summary>Tests where values are quantized, and with which scale.</summary>
public sealed class RoundingPointsTests
{
    [Theory]
    [InlineData("tensorrt", "Relu")]
    [InlineData("cuda", "Relu and Clip")]
    [InlineData("tensorrt", "Clip above 0")]
    [InlineData("tensorrt", "Add")]
    public void Symmetric_codes_of_accelerators_come_behind_the_clamp(string target, string kind)
    {
        var net = Image()
            .Weight("w1", 8, 8, 3, 3)
            .Weight("w2", 16, 8, 3, 3)
            .Constant("low", [], kind == "Clip above 0" ? 0.1f : 0f)
            .Constant("high", [], 0.8f)
            .Node("Conv", "x w1", "c", ("pads", new long[] { 1, 1, 1, 1 }));
        _ = kind switch
        {
            "Relu" => net.Node("Relu", "c", "r"),
            "Relu and Clip" => net.Node("Relu", "c", "l").Node("Clip", "l low high", "r"),
            "Add" => net.Node("Add", "c x", "a").Node("Relu", "a", "r"),
            _ => net.Node("Clip", "c low high", "r"),
        };
        var run = new Int8Run(net.Node("Conv", "r w2", "y").Output("y"), target: target);

        Assert.Equal(0, run.Parameters("r").ZeroPoint);
        // There is no node between the node that computes and its clamp.
        Assert.Contains(run.Graph.Producer(run.Graph.Nodes.First(node => node.OpType is "Relu" or "Clip").Input[0])!.OpType, new[] { "Conv", "Add" });
        Assert.Single(run.Report.Nodes, node => node.Operator is "Relu" or "Clip" && node.Became() == "quantized");
        // The inputs of the two layers and of the Add are quantized. The last result stays float.
        Assert.Equal(kind == "Add" ? 3 : 2, run.Graph.Nodes.Count(node => node.OpType == "QuantizeLinear"));
        Assert.InRange(run.Sqnr(), 28, 60);
    }

    [Theory]
    [InlineData("Relu", "QGemm")]
    [InlineData("Clip", "QGemm")]
    [InlineData("Relu and Clip", "QGemm")]
    [InlineData("Softmax", "QGemm")]
    [InlineData("Relu behind MatMul", "MatMulIntegerToFloat")]
    public void The_result_of_the_last_product_is_not_rounded_behind_a_clamp_either(string kind, string runs)
    {
        var net = new Net().Input("x", 5, 40).Weight("w", 40, 30).Weight("b", 30).Constant("low", [], -0.1f).Constant("high", [], 0.6f);
        _ = kind == "Relu behind MatMul" ? net.Node("MatMul", "x w", "c") : net.Node("Gemm", "x w b", "c");
        _ = kind switch
        {
            "Clip" => net.Node("Clip", "c low high", "y"),
            "Relu and Clip" => net.Node("Relu", "c", "r").Node("Clip", "r low high", "y"),
            "Softmax" => net.Node("Softmax", "c", "y"),
            _ => net.Node("Relu", "c", "y"),
        };
        var run = new Int8Run(net.Output("y"));

        Assert.Single(run.Graph.Nodes, node => node.OpType == "QuantizeLinear");
        Assert.Contains(runs, run.Runs.Split(' '));
        Assert.All(
            run.Report.Nodes.Where(node => node.Operator is "Relu" or "Clip"),
            node => Assert.Equal(("float", "it follows a layer whose output stays float"), (node.Became(), node.Why))
        );
        Assert.InRange(run.Sqnr(), 35, 70);
    }

    [Theory]
    [InlineData("qnn", true)]
    [InlineData("tensorrt", true)]
    [InlineData("cpu-x64", false)]
    public void What_a_Concat_puts_together_has_one_scale_on_accelerators(string target, bool isShared)
    {
        var net = Image()
            .Weight("w1", 4, 8, 1, 1)
            .Weight("w2", 4, 4, 1, 1)
            .Weight("w3", 4, 8, 1, 1)
            .Weight("w4", 4, 12, 1, 1)
            .Node("Conv", "x w1", "a")
            .Node("Conv", "a w2", "b")
            .Node("Concat", "a b", "ab", ("axis", 1L))
            .Node("Conv", "ab w3", "c")
            .Node("Concat", "ab c", "abc", ("axis", 1L))
            .Node("Conv", "abc w4", "y")
            .Output("y");
        var run = new Int8Run(net, target: target);

        var parameters = new[] { "a", "b", "ab", "c", "abc" }.Select(run.Parameters).Distinct().ToArray();
        Assert.Equal(isShared, parameters.Length == 1);
        Assert.InRange(run.Sqnr(), 24, 60);
    }

    [Fact]
    public void A_value_read_with_and_without_a_zero_point_is_quantized_for_each()
    {
        var net = Image()
            .Weight("w1", 8, 8, 3, 3)
            .Weight("w2", 8, 8, 3, 3)
            .Constant("one", [1], 1f)
            .Node("Add", "x one", "a")
            .Node("Conv", "a w1", "y")
            .Node("Conv", "a w2", "z")
            .Output("y", "z");
        var run = new Int8Run(net, "everywhere=true, layers=Conv_z:symmetric", "qnn");

        var zeroPoints = run.Graph.Nodes.Where(node => node.OpType == "Conv").Select(conv => run.Parameters(conv.Input[0]).ZeroPoint);
        // The range is 0 to 2. One layer has all codes for it, and the symmetric layer only the upper half.
        Assert.Equal([-128, 0], zeroPoints);
        Assert.InRange(run.Sqnr(), 30, 60);
    }

    [Theory]
    [InlineData("entropy")]
    [InlineData("mse")]
    public void Ranges_are_searched_for_the_type_of_the_layer(string method)
    {
        // With 8 bits it is better to clip the long tails of a cube. With 16 bits it is not.
        var model = new Net()
            .Input("x", 16, 200)
            .Weight("w", 200, 40)
            .Weight("w2", 40, 4)
            .Node("MatMul", "x w", "m")
            .Node("Mul", "m m", "s")
            .Node("Mul", "s m", "c")
            .Node("MatMul", "c w2", "y")
            .Output("y")
            .Build();
        Int8Run Run(string calibration, string layers) => new(model, $"int8({calibration}, layers={layers})", "qnn");

        var (narrow, wide) = (Run(method, "*:a8"), Run(method, "*:a16"));

        Assert.Equal(DataType.Int16, wide.Parameters("c").Type);
        Assert.Equal(Run("min-max", "*:a16").Parameters("c").Scale, wide.Parameters("c").Scale, 1e-3f * wide.Parameters("c").Scale);
        Assert.InRange(narrow.Parameters("c").Scale, 0.1 * Run("min-max", "*:a8").Parameters("c").Scale, 0.999 * Run("min-max", "*:a8").Parameters("c").Scale);
    }

    private static Net Image() => new Net().Input("x", 1, 8, 12, 12);
}
