using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Optimization;

public sealed class BatchNormalizationTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(4, false)]
    public void It_goes_into_a_convolution_of_any_number_of_groups(int groups, bool hasBias)
    {
        var net = new Net().Input("x", 1, 4, 6, 6).Weight("w", 8, 4 / groups, 3, 3).Weight("b", 8);
        net.Node("Conv", hasBias ? "x w b" : "x w", "c", ("group", groups));

        Becomes(Normalize(net, "c", "y", 8).Output("y"), "Conv");
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(4, true)]
    public void It_goes_into_a_transposed_convolution_of_any_number_of_groups(int groups, bool hasBias)
    {
        var net = new Net().Input("x", 1, 4, 5, 5).Weight("w", 4, 8 / groups, 3, 3).Weight("b", 8);
        net.Node("ConvTranspose", hasBias ? "x w b" : "x w", "c", ("group", groups), ("strides", new[] { 2, 2 }));

        Becomes(Normalize(net, "c", "y", 8).Output("y"), "ConvTranspose");
    }

    [Theory]
    [InlineData(0, new long[] { 8 })]
    [InlineData(1, new long[] { 8 })]
    [InlineData(0, new long[] { 1, 8 })]
    [InlineData(1, new long[] { 1 })]
    [InlineData(1, new long[] { })]
    [InlineData(0, null)]
    public void It_goes_into_a_matrix_product(int transposed, long[]? bias)
    {
        var net = new Net().Input("x", 5, 6).Weight("w", transposed == 1 ? [8, 6] : [6, 8]).Weight("b", bias ?? [8]);
        net.Node("Gemm", bias is null ? "x w" : "x w b", "c", ("transB", transposed));

        Becomes(Normalize(net, "c", "y", 8).Output("y"), "Gemm");
    }

    [Theory]
    [InlineData(new long[] { 8, 1 })]
    [InlineData(new long[] { 8, 8 })]
    public void A_bias_for_each_row_is_not_one_for_each_channel(long[] bias)
    {
        var net = new Net().Input("x", 8, 6).Weight("w", 6, 8).Weight("b", bias).Node("Gemm", "x w b", "c");

        Becomes(Normalize(net, "c", "y", 8).Output("y"), "BatchNormalization Gemm");
    }

    [Fact]
    public void A_scaled_product_stays()
    {
        var net = new Net().Input("x", 5, 6).Weight("w", 6, 8).Weight("b", 8).Node("Gemm", "x w b", "c", ("alpha", 0.5f));

        Becomes(Normalize(net, "c", "y", 8).Output("y"), "BatchNormalization Gemm");
    }

    [Fact]
    public void A_result_that_is_read_elsewhere_stays()
    {
        var read = new Net().Input("x", 1, 4, 6, 6).Weight("w", 4, 4, 1, 1).Node("Conv", "x w", "c");
        Becomes(Normalize(read, "c", "n", 4).Node("Add", "n c", "y").Output("y"), "Add BatchNormalization Conv");

        var given = new Net().Input("x", 1, 4, 6, 6).Weight("w", 4, 4, 1, 1).Node("Conv", "x w", "c");
        Becomes(Normalize(given, "c", "y", 4).Output("y", "c"), "BatchNormalization Conv");
    }

    [Fact]
    public void Weights_and_statistics_that_two_layers_share_serve_both_as_before()
    {
        var net = new Net()
            .Input("x", 1, 4, 6, 6)
            .Input("x2", 1, 4, 6, 6)
            .Weight("w", 4, 4, 1, 1)
            .Weight("b", 4)
            .Node("Conv", "x w b", "c1")
            .Node("Conv", "x2 w b", "c2")
            .Node("Relu", "c2", "r");

        var model = Becomes(Normalize(net, "c1", "n", 4).Node("Add", "n r", "y").Output("y"), "Add Conv*2 Relu");

        Assert.True(new Graph(model).TryGetConstant("w", out _));
    }

    [Fact]
    public void Heads_that_share_a_large_weight_do_not_get_a_copy_each()
    {
        var net = new Net().Input("x", 1, 16, 6, 6).Input("x2", 1, 16, 6, 6).Weight("w", 16, 16, 3, 3).Node("Conv", "x w", "c1").Node("Conv", "x2 w", "c2");
        Normalize(Normalize(net, "c1", "n1", 16), "c2", "n2", 16);

        Becomes(net.Node("Add", "n1 n2", "y").Output("y"), "Add BatchNormalization*2 Conv*2");
    }

    [Fact]
    public void It_is_folded_inside_a_branch_over_weights_outside()
    {
        var then = new Net().Node("Conv", "x w", "c");
        Normalize(then, "c", "t", 4).Output("t");
        var net = new Net()
            .Input("x", 1, 4, 6, 6)
            .Weight("w", 4, 4, 1, 1)
            .Condition("x", "yes")
            .If("yes", "y", then, new Net().Node("Conv", "x w", "e").Output("e"))
            .Output("y");

        Becomes(net, "Conv*2 If Less ReduceMax");
    }

    [Fact]
    public void Statistics_that_divide_by_zero_stay()
    {
        var net = new Net()
            .Input("x", 1, 2, 3, 3)
            .Weight("w", 2, 2, 1, 1)
            .Weight("scale", 2)
            .Weight("shift", 2)
            .Weight("mean", 2)
            .Constant("variance", [2], 0f, 1f)
            .Node("Conv", "x w", "c")
            .Node("BatchNormalization", "c scale shift mean variance", "y", ("epsilon", 0f))
            .Output("y");

        Assert.Equal("BatchNormalization Conv", Steps.Operators(Steps.Run(net.Build(), "optimize")));
    }

    [Fact]
    public void One_that_learns_as_it_runs_stays()
    {
        var net = new Net()
            .Input("x", 2, 2, 3, 3)
            .Weight("w", 2, 2, 1, 1)
            .Weight("scale", 2)
            .Weight("shift", 2)
            .Weight("mean", 2)
            .Constant("variance", [2], 1f, 1f)
            .Node("Conv", "x w", "c")
            .Node("BatchNormalization", "c scale shift mean variance", "y m v", ("training_mode", 1))
            .Output("y");

        Assert.Equal("BatchNormalization Conv", Steps.Operators(Steps.Run(net.Build(), "optimize")));
    }

    private static Net Normalize(Net net, string input, string output, int channels) =>
        net.Constant($"{output}_scale", [channels], Noise.Floats(channels, seed: 3))
            .Constant($"{output}_shift", [channels], Noise.Floats(channels, seed: 4))
            .Constant($"{output}_mean", [channels], Noise.Floats(channels, seed: 5))
            .Constant($"{output}_variance", [channels], [.. Noise.Floats(channels, seed: 6).Select(value => value * value + 0.1f)])
            .Node("BatchNormalization", $"{input} {output}_scale {output}_shift {output}_mean {output}_variance", output);

    private static OnnxModel Becomes(Net net, string operators)
    {
        var model = net.Build();
        var optimized = Steps.Run(model, "optimize");
        Assert.Equal(operators, Steps.Operators(optimized));
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(optimized)), 115, double.PositiveInfinity);
        return optimized;
    }
}
