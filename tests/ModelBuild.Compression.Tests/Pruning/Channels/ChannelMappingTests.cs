using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Passes.Pruning.Channels;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Pruning.Channels;

/// <summary>Tests which channels are removed together through each kind of operator.</summary>
public sealed class ChannelMappingTests
{
    private static long[] Pads => [1, 1, 1, 1];

    [Fact]
    public void From_one_convolution_to_the_next_through_normalization_activation_and_pooling()
    {
        var net = Image()
            .Weight("w1", 8, 3, 3, 3)
            .Weight("b1", 8)
            .Weight("scale", 8)
            .Weight("shift", 8)
            .Weight("mean", 8)
            .Constant("variance", [8], 1f, 2, 1, 2, 1, 2, 1, 2)
            .Weight("slope", 8, 1, 1)
            .Weight("w2", 4, 8, 1, 1)
            .Node("Conv", "x w1 b1", "c")
            .Node("Abs", "c", "a")
            .Node("BatchNormalization", "a scale shift mean variance", "n")
            .Node("PRelu", "n slope", "p")
            .Node("MaxPool", "p", "m", ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }))
            .Node("Conv", "m w2", "y")
            .Output("y");
        var pruned = new DeadChannels(net, "w1 0 1,6", "b1 0 1,6", "shift 0 1,6", "mean 0 1,6").Prune("layers=Conv:0.25");

        Assert.Equal([6, 3, 3, 3], pruned.Constant("w1").Dims);
        Assert.Equal([4, 6, 1, 1], pruned.Constant("w2").Dims);
        Assert.Equal([6], pruned.Constant("scale").Dims);
        Assert.Equal([6, 1, 1], pruned.Constant("slope").Dims);
    }

    [Fact]
    public void Residual_sums_tie_their_branches()
    {
        var net = Image()
            .Weight("w1", 6, 3, 1, 1)
            .Weight("w2", 6, 6, 3, 3)
            .Weight("w3", 6, 6, 3, 3)
            .Weight("w4", 2, 6, 1, 1)
            .Node("Conv", "x w1", "c1")
            .Node("Relu", "c1", "r1")
            .Node("Conv", "r1 w2", "c2", ("pads", Pads))
            .Node("Add", "r1 c2", "s1")
            .Node("Relu", "s1", "r2")
            .Node("Conv", "r2 w3", "c3", ("pads", Pads))
            .Node("Add", "c3 r2", "s2")
            .Node("Conv", "s2 w4", "y")
            .Output("y");
        var pruned = new DeadChannels(net, "w1 0 2,4", "w2 0 2,4", "w3 0 2,4").Prune("layers=Conv:0.34");

        Assert.Equal([4, 3, 1, 1], pruned.Constant("w1").Dims);
        Assert.Equal([4, 4, 3, 3], pruned.Constant("w2").Dims);
        Assert.Equal([2, 4, 1, 1], pruned.Constant("w4").Dims);
    }

    [Fact]
    public void Concatenations_keep_their_parts_apart_and_splits_and_slices_find_them_again()
    {
        var net = Image()
            .Weight("w1", 6, 3, 1, 1)
            .Weight("w2", 4, 3, 1, 1)
            .Constant("parts", [2], 5L, 5)
            .Constant("from", [1], 1L)
            .Constant("to", [1], 4L)
            .Constant("axes", [1], 1L)
            .Weight("w3", 2, 5, 1, 1)
            .Weight("w4", 2, 3, 1, 1)
            .Node("Conv", "x w1", "c1")
            .Node("Conv", "x w2", "c2")
            .Node("Concat", "c1 c2", "all", ("axis", 1L))
            .Node("Split", "all parts", "p q", ("axis", 1L))
            .Node("Slice", "q from to axes", "s")
            .Node("Conv", "p w3", "y")
            .Node("Conv", "s w4", "z")
            .Output("y", "z");
        var pruned = new DeadChannels(net, "w1 0 1,3", "w2 0 0").Prune("layers=Conv:0.34");

        Assert.Equal([4, 3, 1, 1], pruned.Constant("w1").Dims);
        Assert.Equal([2, 3, 1, 1], pruned.Constant("w3").Dims);
    }

    [Fact]
    public void Flattened_maps_take_all_their_columns_along()
    {
        var net = new Net()
            .Input("x", 1, 3, 4, 4)
            .Weight("w1", 5, 3, 1, 1)
            .Weight("w2", 80, 6)
            .Weight("b2", 6)
            .Weight("w3", 6, 2)
            .Node("Conv", "x w1", "c")
            .Node("Relu", "c", "r")
            .Node("Flatten", "r", "f")
            .Node("Gemm", "f w2 b2", "g")
            .Node("Relu", "g", "h")
            .Node("MatMul", "h w3", "y")
            .Output("y");
        var pruned = new DeadChannels(net, "w1 0 3", "w2 1 0,5", "b2 0 0,5").Prune("layers=Conv:0.2|Gemm:0.34");

        Assert.Equal([64, 4], pruned.Constant("w2").Dims);
        Assert.Equal([4, 2], pruned.Constant("w3").Dims);
    }

    [Fact]
    public void Depthwise_convolutions_lose_groups_and_grouped_ones_as_many_from_each()
    {
        var depthwise = Image()
            .Weight("w1", 6, 3, 1, 1)
            .Weight("d", 6, 1, 3, 3)
            .Weight("w2", 2, 6, 1, 1)
            .Node("Conv", "x w1", "c")
            .Node("Conv", "c d", "e", ("group", 6L))
            .Node("Conv", "e w2", "y")
            .Output("y");
        var pruned = new DeadChannels(depthwise, "w1 0 0,5").Prune("layers=Conv:0.34");
        Assert.Equal([4, 1, 3, 3], pruned.Constant("d").Dims);
        Assert.Equal(4, pruned.Nodes.First(node => node.GetInt("group", 1) > 1).GetInt("group"));

        var grouped = Image()
            .Weight("w1", 8, 3, 1, 1)
            .Weight("g", 6, 4, 3, 3)
            .Weight("w2", 2, 6, 1, 1)
            .Node("Conv", "x w1", "c")
            .Node("Conv", "c g", "e", ("group", 2L))
            .Node("Conv", "e w2", "y")
            .Output("y");
        pruned = new DeadChannels(grouped, "w1 0 1,5", "g 0 2,5").Prune("layers=Conv:0.3");
        Assert.Equal([6, 3, 1, 1], pruned.Constant("w1").Dims);
        Assert.Equal([4, 3, 3, 3], pruned.Constant("g").Dims);
    }

    [Fact]
    public void Transposed_convolutions_and_resizing_pass_channels_on()
    {
        var net = Image()
            .Weight("w1", 4, 3, 1, 1)
            .Weight("t", 4, 5, 2, 2)
            .Weight("w2", 2, 5, 1, 1)
            .Constant("scales", [4], 1f, 1, 2, 2)
            .Constant("none", [0], Array.Empty<float>())
            .Node("Conv", "x w1", "c")
            .Node("Resize", "c none scales", "r")
            .Node("ConvTranspose", "r t", "u")
            .Node("Conv", "u w2", "y")
            .Output("y");
        var pruned = new DeadChannels(net, "w1 0 2", "t 1 0").Prune("layers=Conv:0.25|ConvTranspose:0.2");

        Assert.Equal([3, 4, 2, 2], pruned.Constant("t").Dims);
    }

    [Fact]
    public void Heads_of_attention_go_whole()
    {
        // The attention has two heads, each with three features of each of four words.
        var net = new Net()
            .Input("x", 1, 4, 8)
            .Weight("q", 8, 6)
            .Weight("k", 8, 6)
            .Weight("v", 8, 6)
            .Weight("o", 6, 8)
            .Weight("bias", 6)
            .Constant("heads", [4], 0L, 0, 2, 3)
            .Constant("joined", [3], 0L, 0, 6)
            .Node("MatMul", "x q", "xq")
            .Node("MatMul", "x k", "xk")
            .Node("MatMul", "x v", "xv")
            .Node("Add", "xv bias", "xvb")
            .Node("Reshape", "xq heads", "q1")
            .Node("Reshape", "xk heads", "k1")
            .Node("Reshape", "xvb heads", "v1")
            .Node("Transpose", "q1", "q2", ("perm", new long[] { 0, 2, 1, 3 }))
            .Node("Transpose", "k1", "k2", ("perm", new long[] { 0, 2, 3, 1 }))
            .Node("Transpose", "v1", "v2", ("perm", new long[] { 0, 2, 1, 3 }))
            .Node("MatMul", "q2 k2", "s")
            .Node("Softmax", "s", "a", ("axis", -1L))
            .Node("MatMul", "a v2", "h")
            .Node("Transpose", "h", "h1", ("perm", new long[] { 0, 2, 1, 3 }))
            .Node("Reshape", "h1 joined", "h2")
            .Node("MatMul", "h2 o", "y")
            .Output("y");
        var pruned = new DeadChannels(net, "v 1 0,1,2", "bias 0 0,1,2").Prune("layers=MatMul:0.5");

        foreach (var name in new[] { "q", "k", "v" })
            Assert.Equal([8, 3], pruned.Constant(name).Dims);
        Assert.Equal([3, 8], pruned.Constant("o").Dims);
        Assert.Equal([3], pruned.Constant("bias").Dims);
    }

    [Fact]
    public void Channels_recur_where_neighbours_are_joined()
    {
        // The network joins eight words of six features to four pairs.
        var net = new Net()
            .Input("x", 1, 8, 3)
            .Weight("w1", 3, 6)
            .Weight("b1", 6)
            .Weight("w2", 12, 5)
            .Constant("pairs", [3], 0L, 4, 12)
            .Node("MatMul", "x w1", "m")
            .Node("Add", "m b1", "a")
            .Node("Relu", "a", "r")
            .Node("Reshape", "r pairs", "p")
            .Node("MatMul", "p w2", "y")
            .Output("y");
        var pruned = new DeadChannels(net, "w1 1 2,5", "b1 0 2,5").Prune("layers=MatMul:0.34");

        Assert.Equal([3, 4], pruned.Constant("w1").Dims);
        Assert.Equal([8, 5], pruned.Constant("w2").Dims);
    }

    [Fact]
    public void Biases_that_happen_to_be_equal_tie_nothing()
    {
        // Both biases are zero, so that an optimized graph stores them once. One of them belongs to the residual stream, which is not pruned.
        var net = new Net()
            .Input("x", 4, 6)
            .Weight("w1", 6, 6)
            .Weight("w2", 6, 6)
            .Constant("b", [6], new float[6])
            .Node("MatMul", "x w1", "m")
            .Node("Add", "m b", "h")
            .Node("Relu", "h", "r")
            .Node("MatMul", "r w2", "n")
            .Node("Add", "n b", "o")
            .Node("Add", "o x", "y")
            .Output("y");
        var pruned = new DeadChannels(net, "w1 1 1,4").Prune("layers=Gemm:0.34");

        Assert.Equal([6, 4], pruned.Constant("w1").Dims);
        Assert.Equal([4, 6], pruned.Constant("w2").Dims);
        Assert.Equal([4L, 6], pruned.Proto.Initializer.Where(tensor => tensor.Dims.Count == 1).Select(tensor => tensor.Dims[0]).Order());
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("tribuo_tinybert_random", "prune-channels(layers=MatMul*:0.3)", 2)]
    [InlineData("magika_v3_3", "fix-dimensions(unk__214=1) prune-channels(0.3)", 1)]
    public void Real_transformers_and_the_like_lose_channels_and_run(string name, string recipe, int groups)
    {
        var pruned = Steps.Run(OnnxModel.Load(Corpus.Path($"models/{name}.onnx")), recipe, out var report);

        Assert.Equal(groups, report.Changes.Keys.Count(change => change.EndsWith("removed", StringComparison.Ordinal)));
        Sessions.OpenPortable(pruned).Dispose();
    }

    [Fact]
    public void A_single_channel_among_axes_that_change_places_stays()
    {
        // The axis of channels has one element, and the Reshape divides another axis.
        var net = new Net()
            .Input("x", 1, 3, 1, 8)
            .Weight("w1", 1, 3, 1, 1)
            .Weight("w2", 2, 1, 1, 1)
            .Constant("shape", [4], 1L, 2, 4, 1)
            .Node("Conv", "x w1", "c")
            .Node("Reshape", "c shape", "r")
            .Node("Transpose", "r", "t", ("perm", new long[] { 0, 3, 2, 1 }))
            .Node("Conv", "t w2", "y")
            .Output("y");
        Steps.Run(net.Build(), "prune-channels(0.3)", out var report);

        Assert.Contains(report.Skipped, left => left.What == "Conv of 'c'" && left.Why == ReshapeMapping.SingleChannel);
    }

    [Fact]
    public void Weights_that_two_layers_share_lose_the_same()
    {
        var net = Image()
            .Weight("w1", 6, 3, 1, 1)
            .Weight("w2", 3, 6, 1, 1)
            .Node("Conv", "x w1", "c")
            .Node("Relu", "c", "r")
            .Node("Conv", "r w2", "d")
            .Node("Conv", "d w1", "e")
            .Node("Relu", "e", "f")
            .Node("Conv", "f w2", "y")
            .Output("y");
        var pruned = new DeadChannels(net, "w1 0 0,3").Prune("layers=Conv:0.34");

        Assert.Equal([4, 3, 1, 1], pruned.Constant("w1").Dims);
        Assert.Equal([3, 4, 1, 1], pruned.Constant("w2").Dims);
    }

    [Theory]
    [InlineData("Softmax", "Softmax computes along it")]
    [InlineData("LRN", "LRN reads it")]
    [InlineData("DepthToSpace", "DepthToSpace reads it")]
    public void What_mixes_channels_keeps_them_and_says_so(string op, string why)
    {
        (string, object)[] attributes = op switch
        {
            "Softmax" => [("axis", 1L)],
            "LRN" => [("size", 3L)],
            _ => [("blocksize", 2L)],
        };
        var net = Image()
            .Weight("w1", 8, 3, 1, 1)
            .Weight("w2", 2, op == "DepthToSpace" ? 2 : 8, 1, 1)
            .Node("Conv", "x w1", "c")
            .Node(op, "c", "m", attributes)
            .Node("Conv", "m w2", "y")
            .Output("y");
        var model = net.Build();
        var pruned = Steps.Run(model, "prune-channels(0.3)", out var report);

        Assert.Equal([8, 3, 1, 1], new Graph(pruned).Constant("w1").Dims);
        Assert.Contains(report.Skipped, left => left.What == "Conv of 'c'" && left.Why == why);
    }

    [Fact]
    public void Outputs_of_the_model_and_what_subgraphs_read_keep_their_channels()
    {
        var then = new Net().Node("Neg", "c", "t").Output("t", TensorProto.Types.DataType.Float, 1, 8, 6, 6);
        var otherwise = new Net().Node("Abs", "c", "e").Output("e", TensorProto.Types.DataType.Float, 1, 8, 6, 6);
        var model = Image()
            .Input("flag", TensorProto.Types.DataType.Bool)
            .Weight("w1", 8, 3, 1, 1)
            .Weight("w2", 2, 8, 1, 1)
            .Node("Conv", "x w1", "c")
            .Node("Conv", "c w2", "y")
            .If("flag", "i", then, otherwise)
            .Output("y", "i")
            .Build();
        Steps.Run(model, "prune-channels(0.3)", out var report);

        Assert.Contains(report.Skipped, left => left.What == "Conv of 'c'" && left.Why == "a subgraph reads it");
        Assert.Contains(report.Skipped, left => left.What == "Conv of 'y'" && left.Why == "it is an output of the model");
    }

    private static Net Image() => new Net().Input("x", 1, 3, 6, 6);
}
