using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Tests.Solvers;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Pruning.Sparsity;

public sealed class PruneTests
{
    private static readonly ListedSamples Samples = ListedSamples.Of(
        "x",
        [.. Enumerable.Range(0, 8).Select(i => (new long[] { 4, 8, 6, 6 }, Noise.Floats(4 * 8 * 36, seed: 40 + i)))]
    );

    [Fact]
    public void Without_data_the_smallest_weights_of_each_layer_go()
    {
        var model = new Net()
            .Input("x", 2, 4)
            .Constant("w", [4, 3], 1f, -2, 3, -4, 5, -6, 7, -8, 9, -10, 11, -12)
            .Constant("b", [3], 1f, 2, 3)
            .Node("Gemm", "x w b", "y")
            .Output("y")
            .Build();

        var pruned = Steps.Run(model, "prune", out var report);

        Assert.Equal([0, 0, 0, 0, 0, 0, 7, -8, 9, -10, 11, -12], Weights(pruned, "w"));
        Assert.Equal([1, 2, 3], Weights(pruned, "b"));
        Assert.Equal("50 % zeros", Assert.Single(report.Nodes).Became());
        Assert.Contains(report.Skipped, left => left.Why.Contains("calibration data", StringComparison.Ordinal));
        Assert.Equal([0, 0, 0, -4, 5, -6, 7, -8, 9, -10, 11, -12], Weights(Steps.Run(model, "prune(0.25)"), "w"));
    }

    [Theory]
    [InlineData("prune(2:4)", 2, 4)]
    [InlineData("prune(1:4, magnitude)", 1, 4)]
    [InlineData("prune(3:8, wanda)", 3, 8)]
    public void Of_neighbouring_input_channels_only_some_keep_their_weight(string recipe, int kept, int block)
    {
        var pruned = Steps.Run(Convolutions().Build(), recipe, Samples, out var report);

        foreach (var (name, patch) in new[] { ("w2", 9), ("w3", 1) })
        {
            var weights = Weights(pruned, name);
            for (var start = 0; start < weights.Length; start += block * patch)
            for (var place = 0; place < patch; place++)
                Assert.Equal(kept, Enumerable.Range(0, block).Count(channel => weights[start + channel * patch + place] != 0));
        }

        // The layer has three input channels.
        Assert.Contains(
            report.Skipped,
            left => left.What.Contains("three", StringComparison.Ordinal) && left.Why.Contains("not a multiple", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_small_first_layer_and_depthwise_convolutions_stay_dense_unless_they_are_named()
    {
        var model = Convolutions().Build();

        var pruned = Steps.Run(model, "prune(0.5)", Samples, out var report);
        var named = Steps.Run(model, "prune(0.5, layers=first:0.25|'depthwise':0.67|Gemm:0.9, exclude=last)", Samples, out _);

        Assert.Equal([0, 0, 0.5, 0.5], Zeros(pruned, "w0", "w1", "w2", "w3"));
        Assert.Equal(2, report.Skipped.Count(left => left.What is "Conv 'first'" or "Conv 'depthwise'"));
        Assert.Equal([0.25, 0.67, 0.5, 0], Zeros(named, "w0", "w1", "w2", "w3"));
    }

    [Fact]
    public void Wanda_takes_the_same_share_of_each_output_channel_and_leaves_the_other_weights()
    {
        var model = Convolutions().Build();

        var weights = Weights(Steps.Run(model, "prune(0.5, wanda)", Samples, out _), "w2");

        foreach (var row in weights.Chunk(72))
            Assert.Equal(36, row.Count(weight => weight == 0));
        Assert.All(weights.Zip(Weights(model, "w2")), pair => Assert.True(pair.First == 0 || pair.First == pair.Second));
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("prune(0.6)")]
    [InlineData("prune(0.6, wanda)")]
    [InlineData("prune(2:4, storage=sparse)")]
    public void Threads_do_not_matter(string recipe)
    {
        var model = Convolutions().Build();
        byte[] Bytes(int threads)
        {
            var context = new PassContext(model.Clone(), new PassReport(), CancellationToken.None) { Calibration = new CalibrationContext(Samples, threads) };
            RecipePipeline.Run(context, RecipeParser.Parse(recipe));
            return context.Model.ToBytes();
        }

        Assert.Equal(Bytes(1), Bytes(2));
    }

    [Fact]
    public void Data_make_the_answers_better_where_inputs_hang_together()
    {
        const int Half = Problems.Rows / 2 * 64;
        var model = new Net().Input("x", -1, 64).Weight("w", 64, 24).Weight("b", 24).Node("Gemm", "x w b", "y").Output("y").Build();
        var x = Problems.Activations(64);
        var samples = ListedSamples.Of("x", ([Problems.Rows / 2, 64], x[..Half]));
        float[] Answers(OnnxModel asked) => Ort.Run(asked, ("x", OrtValue.CreateTensorValueFromMemory(x[Half..], [Problems.Rows / 2, 64])))["y"];
        double Sqnr(string recipe) => Ort.Sqnr(Answers(model), Answers(Steps.Run(model, recipe, samples, out _)));

        var (solved, wanda, magnitude) = (Sqnr("prune"), Sqnr("prune(method=wanda)"), Sqnr("prune(method=magnitude)"));

        Assert.InRange(wanda, magnitude + 0.2, 40);
        Assert.InRange(solved, wanda + 3, 40);
    }

    [Fact]
    public void A_few_samples_of_noise_are_not_fitted()
    {
        var model = Convolutions().Build();
        double Sqnr(string recipe) => Ort.Sqnr(Ort.Run(model), Ort.Run(Steps.Run(model, recipe, Samples, out _)));

        Assert.InRange(Sqnr("prune"), Sqnr("prune(method=magnitude)"), 40);
    }

    [Fact]
    public void Weights_in_constant_nodes_and_branches_go_too_and_shared_ones_stay()
    {
        var then = new Net().ConstantNode("w1", Net.Tensor([20, 20], Noise.Floats(400))).Node("MatMul", "x w1", "t").Output("t");
        var otherwise = new Net().Weight("w2", 20, 20).Node("MatMul", "x w2", "m").Node("MatMul", "m shared", "n").Node("MatMul", "n shared", "e").Output("e");
        var model = new Net().Input("x", 3, 20).Input("c", DataType.Bool).Weight("shared", 20, 20).If("c", "y", then, otherwise).Output("y").Build();

        var pruned = Steps.Run(model, "prune(0.5)", out var report);

        var all = new Graph(pruned)
            .SelfAndSubgraphs()
            .SelectMany(scope =>
                scope
                    .Nodes.Where(node => node.OpType == "MatMul")
                    .Select(node => scope.TryGetConstant(node.Input[1], out var weight) ? weight.Span<float>().Count(0f) : -1)
            );
        Assert.Equal([200, 200, 0, 0], all);
        Assert.Equal(2, report.Skipped.Count(left => left.Why == "other nodes use its weights too"));
        Assert.NotEmpty(Ort.Run(pruned, ("c", OrtValue.CreateTensorValueFromMemory(new[] { true }, []))));
    }

    [Fact]
    public void External_data_is_read_and_written()
    {
        using var folder = new TemporaryFolder();
        var model = new Net().Input("x", 3, 40).Weight("w", 40, 40).Node("MatMul", "x w", "y").Output("y").Build();
        model.Save(folder.File("model.onnx"), new OnnxSaveOptions { ExternalDataThreshold = 0 });

        var pruned = Steps.Run(OnnxModel.Load(folder.File("model.onnx")), "prune");
        pruned.Save(folder.File("pruned.onnx"), new OnnxSaveOptions { ExternalDataThreshold = 0 });

        Assert.Equal([0.5], Zeros(OnnxModel.Load(folder.File("pruned.onnx")), "w"));
        Assert.Equal(Weights(Steps.Run(model, "prune"), "w"), Weights(pruned, "w"));
    }

    [Theory]
    [InlineData("prune(1)", Codes.UnknownOption)]
    [InlineData("prune(half)", Codes.UnknownOption)]
    [InlineData("prune(4:2)", Codes.UnknownOption)]
    [InlineData("prune(0:4)", Codes.UnknownOption)]
    [InlineData("prune(layers=Conv)", Codes.UnknownOption)]
    [InlineData("prune(method=wanda)", Codes.CalibrationMissing)]
    [InlineData("prune(method=reconstruct)", Codes.CalibrationMissing)]
    [InlineData("int8-weights prune", Codes.UnknownOption)]
    public void What_makes_no_sense_is_an_error(string recipe, string code) =>
        Assert.Equal(code, Assert.Throws<CompressionException>(() => Steps.Run(Convolutions().Build(), recipe)).Code);

    [Fact]
    public void Recipes_write_the_pattern_as_they_read_it() =>
        Assert.Equal("prune(sparsity=2:4, layers=/fc1/*:0.7|Conv:1:4)", RecipeParser.Parse("prune(2:4, layers=/fc1/*:0.7|Conv:1:4)").ToString());

    // The network has a first layer with few weights, a depthwise layer, two layers with nearly all weights, and a layer with three input channels.
    private static Net Convolutions()
    {
        var net = new Net()
            .Input("x", -1, 8, 6, 6)
            .Weight("w0", 8, 8, 1, 1)
            .Weight("w1", 8, 1, 3, 3)
            .Weight("w2", 16, 8, 3, 3)
            .Weight("b2", 16)
            .Weight("w3", 16, 576)
            .Weight("w4", 6, 3);
        net.Add(Named(Net.Make("Conv", "x w0", "c0"), "first"))
            .Add(Named(Net.Make("Conv", "c0 w1", "c1", ("group", 8L), ("pads", new long[] { 1, 1, 1, 1 })), "depthwise"));
        net.Node("Relu", "c1", "r1").Node("Conv", "r1 w2 b2", "c2", ("pads", new long[] { 1, 1, 1, 1 })).Node("Relu", "c2", "r2").Node("Flatten", "r2", "f");
        net.Add(Named(Net.Make("Gemm", "f w3", "g", ("transB", 1L)), "last"));
        return net.Constant("three", [3], 0L, 1, 2)
            .Node("Gather", "g three", "h", ("axis", 1L))
            .Add(Named(Net.Make("Gemm", "h w4", "y", ("transB", 1L)), "three"))
            .Output("y", "g");
    }

    private static NodeProto Named(NodeProto node, string name)
    {
        node.Name = name;
        return node;
    }

    private static double[] Zeros(OnnxModel model, params string[] names) =>
        [.. names.Select(name => Weights(model, name)).Select(weights => Math.Round(weights.Count(weight => weight == 0) / (double)weights.Length, 2))];

    private static float[] Weights(OnnxModel model, string name) => model.Proto.Graph.Initializer.Single(tensor => tensor.Name == name).ToFloats();
}
