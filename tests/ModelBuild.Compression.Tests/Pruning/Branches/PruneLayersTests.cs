using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Tests.Quantization.Static;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Pruning.Branches;

public sealed class PruneLayersTests
{
    [Fact]
    public void A_branch_that_does_next_to_nothing_goes_first_and_nothing_is_lost()
    {
        var model = Residual().Build();
        var pruned = Steps.Run(model, "prune-layers", Int8Run.Samples(model), out var report);

        Assert.Equal(1, report.Changes["residual branches removed"]);
        Assert.Equal("without Conv of 'faint'", Assert.Single(report.Trials, trial => trial.Kept).Recipe);
        Assert.Equal(2, report.Trials.Count);
        Assert.Equal("Add Conv*3 Relu*2", Steps.Operators(pruned));
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(pruned)), 40, double.PositiveInfinity);
    }

    [Fact]
    public void One_branch_after_another_goes_though_each_stands_on_the_one_before()
    {
        var model = Residual().Build();
        var pruned = Steps.Run(model, "prune-layers(5)", Int8Run.Samples(model), out var report);

        Assert.Equal(2, report.Changes["residual branches removed"]);
        Assert.Equal("Conv*2 Relu", Steps.Operators(pruned));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void Solving_the_layers_behind_again_makes_good_a_part_of_it()
    {
        var model = new Litenet("fashion-resnet", calls: 40);
        var (pruned, report) = model.Compress("prune-layers");

        Assert.True(report.Changes["layers solved again"] > 3);
        Assert.True(
            pruned.Proto.Graph.Node.Count(node => node.OpType == "Conv")
                < OnnxModel.Load(ModelBuild.Testing.Corpus.Path("litenet/fashion-resnet.onnx")).Proto.Graph.Node.Count(node => node.OpType == "Conv")
        );
        Assert.InRange(model.Compare(pruned).SqnrDb, report.Trials.Single(trial => trial.Kept).SqnrDb + 1, 60);
    }

    [Fact]
    public void Models_without_such_branches_are_left_alone_and_data_is_asked_for()
    {
        var plain = new Net().Input("x", 1, 4, 6, 6).Weight("w", 4, 4, 1, 1).Node("Conv", "x w", "y").Output("y").Build();
        Steps.Run(plain, "prune-layers", Int8Run.Samples(plain), out var report);

        Assert.Equal("the model has no residual branch", Assert.Single(report.Skipped).Why);
        Assert.Equal("MB1023", Assert.Throws<CompressionException>(() => Steps.Run(plain, "prune-layers")).Code);
        Assert.Equal("MB1005", Assert.Throws<CompressionException>(() => Steps.Run(plain, "prune-layers(0)")).Code);
    }

    // The network has two blocks of x + f(x). The second block adds about a thousandth.
    private static Net Residual() =>
        new Net()
            .Input("x", 1, 4, 8, 8)
            .Weight("w0", 8, 4, 1, 1)
            .Weight("w1", 8, 8, 3, 3)
            .Constant("w2", [8, 8, 1, 1], Array.ConvertAll(Noise.Floats(64), value => value / 1000))
            .Weight("w3", 4, 8, 1, 1)
            .Node("Conv", "x w0", "c")
            .Node("Relu", "c", "r")
            .Node("Conv", "r w1", "strong", ("pads", new long[] { 1, 1, 1, 1 }))
            .Node("Relu", "strong", "s")
            .Node("Add", "r s", "sum1")
            .Node("Conv", "sum1 w2", "faint")
            .Node("Add", "faint sum1", "sum2")
            .Node("Conv", "sum2 w3", "y")
            .Output("y");
}
