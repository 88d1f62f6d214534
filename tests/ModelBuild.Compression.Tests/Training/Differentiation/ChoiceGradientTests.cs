namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>Tests the gradients of elementwise operators whose inputs have different parts.</summary>
public sealed class ChoiceGradientTests
{
    [Theory]
    [InlineData(2f)]
    [InlineData(3f)]
    [InlineData(0.5f)]
    [InlineData(-1.5f)]
    [InlineData(0f)]
    [InlineData(1f)]
    public void Pow_has_a_constant_or_trained_exponent(float exponent)
    {
        var net = new Net().Input("x", 2, 5).Constant("e", [], exponent).Node("Pow", "x e", "y").Output("y");
        new GradientCheck(net).Between("x", 0.2, 2).With("e", exponent).Holds();
        new GradientCheck(net).Between("x", 0.2, 2).Freeze("e").Holds();
    }

    [Fact]
    public void Pow_is_broadcast()
    {
        new GradientCheck(new Net().Input("x", 2, 3).Input("e", 3).Node("Pow", "x e", "y").Output("y")).Between("x", 0.2, 2).Holds();
        new GradientCheck(new Net().Input("x", 3).Input("e", 2, 1).Node("Pow", "x e", "y").Output("y")).Between("x", 0.2, 2).Holds();
        new GradientCheck(new Net().Input("x", 2, 3).Node("Pow", "x x", "y").Output("y")).Between("x", 0.2, 2).Holds();
    }

    [Theory]
    [InlineData(2L)]
    [InlineData(3L)]
    public void Pow_of_negative_numbers_has_whole_exponents(long exponent)
    {
        new GradientCheck(new Net().Input("x", 2, 5).Constant("e", [], exponent).Node("Pow", "x e", "y").Output("y")).Holds();
        new GradientCheck(new Net().Input("x", 2, 5).Constant("e", [], (float)exponent).Node("Pow", "x e", "y").Output("y")).Freeze("e").Holds();
    }

    [Fact]
    public void Pow_of_zero_has_a_gradient() =>
        new GradientCheck(new Net().Input("x", 3).Constant("e", [], 3f).Node("Pow", "x e", "y").Output("y")).With("x", 0f, 1, -1).Freeze("e").Holds();

    [Fact]
    public void Mod_is_broadcast()
    {
        new GradientCheck(new Net().Input("a", 3, 5).Input("b", 5).Node("Mod", "a b", "y", ("fmod", 1L)).Output("y"))
            .Between("a", -5, 5)
            .Against(v => [.. v["a"].Select((a, i) => a % v["b"][i % 5])])
            .Holds();
    }

    [Theory]
    [InlineData(new long[] { 2, 3 }, new long[] { 2, 3 }, new long[] { 2, 3 })]
    [InlineData(new long[] { 2, 3 }, new long[] { }, new long[] { 3 })]
    [InlineData(new long[] { 3 }, new long[] { 2, 1 }, new long[] { 2, 3 })]
    [InlineData(new long[] { 2, 1, 1 }, new long[] { 1, 3 }, new long[] { 2, 1 })]
    [InlineData(new long[] { 0, 3 }, new long[] { 3 }, new long[] { 1 })]
    public void Where_chooses_and_is_broadcast(long[] condition, long[] a, long[] b)
    {
        var count = condition.Aggregate(1L, (x, y) => x * y);
        bool[] values = [.. Noise.Floats(count, seed: 7).Select(value => value > 0)];
        new GradientCheck(new Net().Constant("c", condition, values).Input("a", a).Input("b", b).Node("Where", "c a b", "y").Output("y")).Holds();
        new GradientCheck(new Net().Constant("c", condition, values).Input("a", a).Node("Where", "c a a", "y").Output("y")).Holds();
    }

    [Theory]
    [InlineData(new long[] { 2, 3, 4, 1 }, new long[] { 3, 1, 1 })]
    [InlineData(new long[] { 2, 3 }, new long[] { 1 })]
    [InlineData(new long[] { 2, 3 }, new long[] { 3 })]
    [InlineData(new long[] { 2, 3 }, new long[] { 2, 3 })]
    public void PRelu_trains_its_slopes(long[] x, long[] slope)
    {
        var channels = slope.Aggregate(1L, (a, b) => a * b);
        var inner = slope.Length == 3 ? 4 : 1;
        new GradientCheck(new Net().Input("x", x).Weight("s", slope).Node("PRelu", "x s", "y").Output("y"))
            .Against(v => [.. v["x"].Select((value, i) => value > 0 ? value : value * v["s"][i / inner % channels])])
            .Holds();
    }

    [Theory]
    [InlineData("BiasGelu", false)]
    [InlineData("FastGelu", true)]
    public void Biases_of_Gelu_are_trained(string op, bool isTanh)
    {
        var net = new Net().Input("x", 2, 3, 4).Weight("b", 4).Add(Onnx.Nodes.Create(op, ["x", "b"], ["y"], domain: Onnx.Domains.Microsoft)).Output("y");
        new GradientCheck(net)
            .Against(v => [.. v["x"].Select((x, i) => (isTanh ? Functions.GeluTanh : (Func<double, double>)Functions.Gelu)(x + v["b"][i % 4]))])
            .Holds();
    }
}
