namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>Tests the gradient of Clip with each combination of limits.</summary>
public sealed class ClipGradientTests
{
    [Theory]
    [InlineData("x")]
    [InlineData("x low")]
    [InlineData("x _ high")]
    [InlineData("x low high")]
    public void Limits_may_be_trained_or_left_out(string inputs)
    {
        var net = new Net().Input("x", 3, 11).Node("Clip", inputs, "y").Output("y");
        if (inputs.Contains("low"))
            net.Constant("low", [], -0.45f);
        if (inputs.Contains("high"))
            net.Constant("high", [], 0.52f);
        Check(net, inputs).Holds();
        Check(net, inputs).Freeze("low", "high").Holds();
    }

    private static GradientCheck Check(Net net, string inputs)
    {
        var check = new GradientCheck(net);
        if (inputs.Contains("low"))
            check.With("low", -0.45f);
        return inputs.Contains("high") ? check.With("high", 0.52f) : check;
    }
}
