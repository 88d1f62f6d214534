using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Tests.Quantization.Static;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Pruning.Channels;

/// <summary>Tests the loss and the savings of pruning on real models.</summary>
public sealed class PruneChannelsTests
{
    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("fashion-resnet", "prune-channels(0.34)", 1.5, 0.6)]
    [InlineData("fashion-resnet", "prune-channels(0.5)", 2, 1.2)]
    [InlineData("litenet-fc", "prune-channels(0.5, of=parameters)", 2, 0.3)]
    [InlineData("litenet-conv", "prune-channels(0.5, of=parameters)", 2, 0.4)]
    public void A_model_loses_channels_and_hardly_any_accuracy(string name, string recipe, double times, double points)
    {
        var model = new Litenet(name);
        var (pruned, report) = model.Compress(recipe);
        var accuracy = model.Compare(pruned).Accuracy!;

        Assert.InRange(accuracy.Before - accuracy.After, -1, points / 100 + 1e-9);
        Assert.True(report.Changes["layers solved again"] > 0);
        var parameters = Parameters(pruned);
        Assert.InRange(
            parameters * (recipe.Contains("parameters", StringComparison.Ordinal) ? times : 1.2),
            1,
            Parameters(Steps.Run(OnnxModel.Load(Corpus.Path($"litenet/{name}.onnx")), "optimize"))
        );
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void Importance_by_what_readers_lose_beats_energy_and_magnitude()
    {
        var model = new Litenet("fashion-mobilenet", calls: 40);
        var elimination = model.Sqnr("prune-channels(0.3)");

        Assert.True(elimination > model.Sqnr("prune-channels(0.3, importance=energy)") + 2);
        Assert.True(elimination > model.Sqnr("prune-channels(0.3, importance=l2)") + 2);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void Steps_follow_that_find_a_smaller_model()
    {
        var model = new Litenet("litenet-conv", calls: 40);
        var pruned = model.Sqnr("prune-channels(0.3)");

        Assert.InRange(model.Sqnr("prune-channels(0.3) int8(fast)"), pruned - 3, pruned + 1);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void Without_data_magnitude_decides_and_the_report_says_what_that_costs()
    {
        var model = OnnxModel.Load(Corpus.Path("litenet/litenet-conv.onnx"));
        var pruned = Steps.Run(model, "prune-channels(0.3)", out var report);

        Assert.Contains(report.Skipped, left => left.What == "layers that read removed channels");
        Assert.True(Parameters(pruned) < Parameters(model));
        Assert.Equal("MB1023", Assert.Throws<CompressionException>(() => Steps.Run(model, "prune-channels(0.3, importance=elimination)")).Code);
    }

    [Fact]
    public void A_model_whose_readers_cannot_be_measured_stays_as_it_is()
    {
        var model = new Net()
            .Input("x", 1, 3, 8, 8)
            .Weight("w1", 16, 3, 3, 3)
            .Weight("w2", 16, 8, 3, 3)
            .Node("Conv", "x w1", "c")
            .Node("Relu", "c", "r")
            .Node("Conv", "r w2", "y", ("group", 2L))
            .Output("y")
            .Build();

        var pruned = Steps.Run(model, "prune-channels(0.3)", Int8Run.Samples(model), out var report);

        Assert.Contains(report.Skipped, left => left.Why == "no layer reads its channels in a way that can be measured");
        Assert.Equal(Parameters(model), Parameters(pruned));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void Ratios_by_layer_and_exceptions_are_kept()
    {
        var model = new Litenet("litenet-conv", calls: 1);

        var (pruned, _) = model.Compress("prune-channels(layers=/conv2/Conv:0.4, multiple=1)");
        Assert.Equal(
            [12L],
            new Graph(pruned).Nodes.Where(node => node.Name == "/conv2/Conv").Select(node => new Graph(pruned).Constant(node.Input[1]).Dims[0])
        );
        (pruned, _) = model.Compress("prune-channels(0.4, exclude=Conv)");
        Assert.All(
            new Graph(pruned).Nodes.Where(node => node.OpType == "Conv"),
            node => Assert.Equal(0, new Graph(pruned).Constant(node.Input[1]).Dims[0] % 10)
        );
    }

    [Theory]
    [InlineData("l1", 8, 8, 3)]
    [InlineData("l2", 16, 16, 3)]
    [InlineData("l2", 1, 1, 1)]
    public void What_stays_is_a_multiple_of_what_is_fast_and_in_small_groups_of_a_quarter(string importance, int multiple, int large, int small)
    {
        var model = new Net()
            .Input("x", 1, 3, 8, 8)
            .Weight("w1", 64, 3, 3, 3)
            .Weight("w2", 12, 64, 3, 3)
            .Weight("w3", 4, 12, 1, 1)
            .Node("Conv", "x w1", "c")
            .Node("Relu", "c", "r")
            .Node("Conv", "r w2", "d")
            .Node("Relu", "d", "s")
            .Node("Conv", "s w3", "y")
            .Output("y")
            .Build();
        var pruned = new Graph(Steps.Run(model, $"prune-channels(0.37, importance={importance}, multiple={multiple})"));
        var (first, second) = (pruned.Constant("w1").Dims[0], pruned.Constant("w2").Dims[0]);

        Assert.Equal((0, 0), (first % large, second % small));
        Assert.InRange((3 * 9 * 36 * first + 9 * 16 * first * second + 16 * 4 * second) / (3.0 * 9 * 36 * 64 + 9 * 16 * 64 * 12 + 16 * 4 * 12), 0.2, 0.63);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("prune-channels(1.2)")]
    [InlineData("prune-channels(layers=Conv)")]
    [InlineData("prune-channels(layers=Conv:2)")]
    public void Options_out_of_range_are_refused(string recipe) =>
        Assert.Equal("MB1005", Assert.Throws<CompressionException>(() => Steps.Run(OnnxModel.Load(Corpus.Path("litenet/litenet-conv.onnx")), recipe)).Code);

    [Fact]
    public void The_same_bytes_come_out_at_any_number_of_threads()
    {
        byte[] Pruned(int threads)
        {
            var net = new Net()
                .Input("x", 1, 8, 10, 10)
                .Weight("w1", 16, 8, 3, 3)
                .Weight("b1", 16)
                .Weight("w2", 12, 16, 3, 3)
                .Weight("b2", 12)
                .Weight("w3", 4, 12, 1, 1)
                .Weight("b3", 4)
                .Node("Conv", "x w1 b1", "c")
                .Node("Relu", "c", "r")
                .Node("Conv", "r w2 b2", "d")
                .Node("Relu", "d", "s")
                .Node("Conv", "s w3 b3", "y")
                .Output("y");
            using var folder = new TemporaryFolder();
            var model = net.Build();
            var context = new PassContext(model, new PassReport(), CancellationToken.None)
            {
                Calibration = new CalibrationContext(Int8Run.Samples(model), threads),
            };
            RecipePipeline.Run(context, RecipeParser.Parse("prune-channels(0.4)"));
            model.Save(folder.File("m.onnx"));
            return File.ReadAllBytes(folder.File("m.onnx"));
        }

        var once = Pruned(1);
        Assert.Equal(once, Pruned(2));
        Assert.Equal(once, Pruned(2));
    }

    private static long Parameters(OnnxModel model) =>
        model.Proto.Graph.Initializer.Where(tensor => tensor.Dims.Count > 1).Sum(tensor => tensor.ElementCount());
}
