using ModelBuild.Compression.Tests.Support;

namespace ModelBuild.Compression.Tests.Quantization.Static;

/// <summary>
/// Tests that the range of the codes of a quantized layer replaces a Relu or Clip behind it, and that it does so only if the results are the same.
/// </summary>
public sealed class ClampTests
{
    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("Relu")]
    [InlineData("Relu6")]
    [InlineData("Clip around 0")]
    [InlineData("Clip from below")]
    [InlineData("Relu behind MaxPool")]
    [InlineData("Relu and Clip")]
    [InlineData("Relu behind Add")]
    public void It_goes_where_the_codes_end_at_its_bounds(string kind)
    {
        var net = Net().Constant("zero", [], 0f).Constant("six", [], 1.6f).Constant("below", [], -0.4f).Node("Conv", "x w1 b", "c");
        _ = kind switch
        {
            "Relu" => net.Node("Relu", "c", "r"),
            "Relu6" => net.Node("Clip", "c zero six", "r"),
            "Clip around 0" => net.Node("Clip", "c below six", "r"),
            "Clip from below" => net.Node("Clip", "c below", "r"),
            "Relu behind MaxPool" => net.Node("MaxPool", "c", "p", ("kernel_shape", new long[] { 2, 2 })).Node("Relu", "p", "r"),
            "Relu and Clip" => net.Node("Relu", "c", "q").Node("Clip", "q zero six", "r"),
            _ => net.Node("Add", "c c", "a").Node("Relu", "a", "r"),
        };
        var run = new Int8Run(net.Node("Conv", "r w2", "y").Output("y"));

        Assert.DoesNotContain(run.Graph.Nodes, node => node.OpType is "Relu" or "Clip");
        Assert.DoesNotContain("Relu", run.Runs, StringComparison.Ordinal);
        var (scale, zeroPoint, _) = run.Parameters("r");
        var (least, greatest) = (-scale * zeroPoint, scale * (255 - zeroPoint));
        Assert.InRange(least, kind.StartsWith("Clip", StringComparison.Ordinal) ? -0.41 : 0, 0);
        Assert.InRange(greatest, 0.1, kind is "Relu6" or "Clip around 0" or "Relu and Clip" ? 1.61 : 10);
        Assert.InRange(run.Sqnr(), 30, 60);
    }

    [Theory]
    [InlineData("above 0", "its bounds do not contain 0, or they are not constant")]
    [InlineData("input", "its bounds do not contain 0, or they are not constant")]
    [InlineData("read", "its input is not computed in integers, and it has no integer kernel")]
    [InlineData("float", "its input is not computed in integers, and it has no integer kernel")]
    public void Others_stay(string kind, string why)
    {
        var net = Net().Constant("low", [], 0.5f).Constant("high", [], 2f).Node("Conv", "x w1 b", "c");
        _ = kind switch
        {
            "above 0" => net.Node("Clip", "c low high", "r"),
            "input" => net.Input("bound", []).Node("Clip", "c bound", "r"),
            "read" => net.Node("Clip", "c _ high", "r").Output("c"),
            _ => net.Node("Softsign", "c", "s").Node("Clip", "s _ high", "r"),
        };
        var run = new Int8Run(net.Node("Conv", "r w2", "y").Output("y"));

        Assert.Equal(why, run.Node("Clip").Why);
        Assert.Contains(run.Graph.Nodes, node => node.OpType == "Clip");
        Assert.Equal(2, run.Report.Changes["layers quantized"]);
        Assert.InRange(run.Sqnr(), 30, 60);
    }

    [Fact]
    public void Symmetric_codes_do_not_end_at_zero_so_it_stays()
    {
        Net Layers() => Net().Node("Conv", "x w1 b", "c").Node("Relu", "c", "r").Node("Conv", "r w2", "y").Output("y");

        // The recipe makes the range of one layer symmetric.
        var run = new Int8Run(Layers(), "everywhere=true, layers=Conv_c:symmetric");

        Assert.Equal("a symmetric range does not end at 0", run.Node("Relu").Why);
        Assert.Contains(run.Graph.Nodes, node => node.OpType == "Relu");
        Assert.Equal(128, run.Parameters("c").ZeroPoint);
        Assert.Equal("QLinearConv", run.Report.Nodes.First(node => node.Operator == "Conv").Became());
        Assert.InRange(run.Sqnr(), 30, 60);
    }

    private static Net Net() => new Net().Input("x", 1, 8, 12, 12).Weight("w1", 16, 8, 3, 3).Weight("b", 16).Weight("w2", 16, 16, 3, 3);
}
