using ModelBuild.Compression.Tests.Training.Runs;
using ModelBuild.Compression.Training.Normalizations;
using ModelBuild.Compression.Training.Preparation;
using ModelBuild.Compression.Training.Settings;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Training.Normalizations;

/// <summary>Tests which normalizations have statistics that can be estimated again, and the reasons why others keep theirs.</summary>
public sealed class NormalizationSearchTests
{
    private const string Normalize = "BatchNormalization";

    [Fact]
    public void The_depth_counts_the_normalizations_before_a_node_along_the_longest_path()
    {
        var net = Net();
        foreach (var name in new[] { "a", "b", "c", "d" })
            Statistics(net, name);
        net.Node(Normalize, "x s o ma va", "a")
            .Node("Relu", "a", "r")
            .Node(Normalize, "r s o mb vb", "b")
            .Node(Normalize, "x s o mc vc", "c")
            .Node("Add", "b c", "sum")
            .Node(Normalize, "sum s o md vd", "y");

        var layers = Find(net.Output("y").Build());

        Assert.Equal([("x", 0), ("r", 1), ("x", 0), ("sum", 2)], layers.Estimated.Select(layer => (layer.Input, layer.Depth)));
        Assert.Equal(["ma", "va", "mb", "vb", "mc", "vc", "md", "vd"], layers.Statistics.Select(value => value.Input.Name));
        Assert.Empty(layers.Left);
    }

    [Fact]
    public void Statistics_that_two_nodes_share_stay()
    {
        var net = Statistics(Statistics(Net(), "a"), "b").Node(Normalize, "x s o ma va", "a").Node("Relu", "a", "r").Node(Normalize, "r s o mb va", "y");

        var layers = Find(net.Output("y").Build());

        Assert.Empty(layers.Estimated);
        Assert.Equal([("a", "'va' is shared with another node"), ("y", "'va' is shared with another node")], Reasons(layers));
    }

    [Fact]
    public void Statistics_in_a_branch_stay()
    {
        var net = Statistics(Statistics(Net(), "a"), "b")
            .Condition("x", "isSmall")
            .If("isSmall", "chosen", new Net().Node(Normalize, "x s o ma va", "then").Output("then"), new Net().Node("Relu", "x", "else").Output("else"))
            .Node(Normalize, "chosen s o mb vb", "y");

        var layers = Find(net.Output("y").Build());

        Assert.Equal("chosen", Assert.Single(layers.Estimated).Input);
        Assert.Equal([("then", "it is in a branch, through which only some rows may pass")], Reasons(layers));
    }

    [Fact]
    public void Statistics_that_are_stored_in_float16_stay()
    {
        var net = Net()
            .Constant("ma", [3], 0f, 0, 0)
            .Constant("half", [3], (Half)1, (Half)2, (Half)1)
            .Node("Cast", "half", "va", ("to", (long)TensorProto.Types.DataType.Float))
            .Node(Normalize, "x s o ma va", "y");

        var layers = Find(net.Output("y").Build());

        Assert.Equal([("y", "'va' is no float32 constant of the model")], Reasons(layers));
    }

    [Fact]
    public void Statistics_that_the_model_computes_stay()
    {
        var net = Statistics(Net(), "a").Node("Relu", "va", "r").Node("Abs", "x", "p").Node("ReduceMean", "p", "v", ("axes", new[] { 0L }), ("keepdims", 0L));

        var layers = Find(net.Node(Normalize, "x s o ma v", "y").Output("y").Build());

        Assert.Equal([("y", "'v' is no float32 constant of the model")], Reasons(layers));
    }

    [Theory]
    [InlineData("Relu", "", 0)]
    [InlineData("", "BatchNormalization", 0)]
    [InlineData("BatchNormalization", "", 1)]
    public void The_options_of_the_step_choose_the_layers(string layers, string exclude, int estimated)
    {
        var net = Statistics(Net(), "a").Node(Normalize, "x s o ma va", "a").Node("Relu", "a", "y");

        var found = Find(
            net.Output("y").Build(),
            new TrainingOptions
            {
                Layers = layers,
                Exclude = exclude,
                Statistics = StatisticsMode.Estimated,
            }
        );

        Assert.Equal(estimated, found.Estimated.Count);
        Assert.Equal(1 - estimated, Reasons(found).Count(reason => reason == ("a", "the options of the step leave its layer out")));
    }

    [Fact]
    public void Nothing_is_searched_for_frozen_statistics()
    {
        var model = Statistics(Net(), "a").Node(Normalize, "x s o ma va", "y").Output("y").Build();

        Assert.Null(NormalizationSearch.Find(model, model, Shapes, new TrainingOptions()));
    }

    private static Dictionary<string, long[]> Shapes => new() { ["x"] = [4, 3] };

    private static Net Net() => new Net(opset: 15).OpenInput("x", "n", "3").Weight("s", 3).Weight("o", 3);

    private static Net Statistics(Net net, string name) => net.Constant($"m{name}", [3], 0f, 0, 0).Constant($"v{name}", [3], 1f, 1, 1);

    private static NormalizationLayers Find(OnnxModel model, TrainingOptions? options = null)
    {
        var opened = TrainableModel.Open(model, MadeTraining.Rows(8, 3), keepsZeros: false, CancellationToken.None);
        return NormalizationSearch.Find(opened.Model, model, Shapes, options ?? new TrainingOptions { Statistics = StatisticsMode.Estimated })!;
    }

    private static IEnumerable<(string What, string Why)> Reasons(NormalizationLayers layers) => layers.Left.Select(left => (left.What, left.Why));
}
