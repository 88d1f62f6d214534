using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Training.Losses;
using ModelBuild.Compression.Training.Steps;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Training.Losses;

public sealed class FeaturePairsTests
{
    private static readonly HashSet<string> Compared = new(["y"], StringComparer.Ordinal);

    [Fact]
    public void Outputs_of_layers_behind_their_activations_are_paired_by_name()
    {
        var pairs = new FeaturePairs(Describe(Convolutions(4, 6)), Describe(Convolutions(4, 6)), new KeptChannels(), Compared);

        Assert.Equal([("r", 1), ("s", 1)], pairs.ByName(onlyConvolutions: false).Select(pair => (pair.Value, pair.ChannelAxis)));
        Assert.All(
            pairs.ByName(onlyConvolutions: false),
            pair => Assert.Equal((pair.Value, 0, 0), (pair.Teacher.Name, pair.Teacher.Sizes.Count, pair.Teacher.Kept.Count))
        );
    }

    [Fact]
    public void Values_with_other_numbers_of_channels_are_paired_where_the_kept_channels_are_known()
    {
        var kept = new KeptChannels();
        kept.Add("r", 1, [0, 2, 3], 4);
        kept.Add("s", 1, [5, 1], 7);

        var pairs = new FeaturePairs(Describe(Convolutions(3, 2)), Describe(Convolutions(4, 6)), kept, Compared).ByName(onlyConvolutions: true);

        var pair = Assert.Single(pairs);
        Assert.Equal("r", pair.Value);
        Assert.Equal(4, pair.Teacher.Sizes[1]);
        Assert.Equal([0, 2, 3], pair.Teacher.Kept[1]);
    }

    [Fact]
    public void The_last_values_of_each_resolution_are_paired_for_another_architecture()
    {
        var pairs = new FeaturePairs(Describe(Convolutions(3, 2, "student ")), Describe(Convolutions(4, 6)), new KeptChannels(), Compared);

        Assert.Empty(pairs.ByName(onlyConvolutions: false));
        Assert.Equal(
            [("student r", "r", 4L), ("student s", "s", 6L)],
            pairs.ByResolution(onlyConvolutions: true).Select(pair => (pair.Value, pair.Teacher.Name, pair.Teacher.Sizes[1]))
        );
    }

    [Fact]
    public void Convolutions_and_products_are_not_paired_with_each_other()
    {
        var pairs = new FeaturePairs(Describe(Products(5, "student ")), Describe(Products(9)), new KeptChannels(), Compared);

        Assert.Empty(pairs.ByResolution(onlyConvolutions: true));
        var pair = Assert.Single(pairs.ByResolution(onlyConvolutions: false));
        Assert.Equal(("student r", 1, "r", 9L), (pair.Value, pair.ChannelAxis, pair.Teacher.Name, pair.Teacher.Sizes[1]));
    }

    [Fact]
    public void Many_pairs_are_reduced_to_some_that_include_the_last()
    {
        var net = new Net().Input("x", 1, 3);
        for (var i = 0; i < 20; i++)
            net.Weight($"w{i}", 3, 3).Node("MatMul", $"{(i == 0 ? "x" : $"v{i - 1}")} w{i}", $"v{i}");
        var model = net.Node("Softmax", "v19", "z").Output("z").Build();
        var graph = new DescribedGraph(new Graph(model), RankInference.DescribeOutputs(model, new Dictionary<string, long[]> { ["x"] = [1, 3] }));

        var pairs = new FeaturePairs(graph, graph, new KeptChannels(), new HashSet<string>(["z"])).ByName(onlyConvolutions: false);

        Assert.Equal(8, pairs.Count);
        Assert.Equal("v19", pairs[^1].Value);
        Assert.Equal(pairs.Count, pairs.Select(pair => pair.Value).Distinct().Count());
    }

    [Fact]
    public void Attention_maps_are_outputs_of_Softmax_of_four_dimensions()
    {
        var model = new Net()
            .Input("x", 2, 3, 4, 4)
            .Node("Softmax", "x", "a", ("axis", -1L))
            .Node("Softmax", "x", "b", ("axis", 1L))
            .Node("Flatten", "a", "f")
            .Node("Softmax", "f", "c")
            .Output("a", "b", "c")
            .Build();
        var graph = new DescribedGraph(new Graph(model), RankInference.DescribeOutputs(model, new Dictionary<string, long[]> { ["x"] = [2, 3, 4, 4] }));

        var pair = Assert.Single(new FeaturePairs(graph, graph, new KeptChannels(), new HashSet<string>()).Maps());

        Assert.Equal("a", pair.Value);
    }

    [Fact]
    public void Kept_channels_of_several_steps_are_those_of_the_original()
    {
        var kept = new KeptChannels();
        kept.Add("v", 1, [0, 2, 5, 7], 8);
        kept.Add("v", 1, [1, 3], 4);
        kept.Add("w", 1, [2, 1], 3);

        Assert.Equal([2, 7], kept.Find("v", 1, 8, 2)!);
        Assert.Null(kept.Find("v", 1, 9, 2));
        Assert.Null(kept.Find("v", 1, 8, 3));
        Assert.Null(kept.Find("v", 2, 8, 2));
        Assert.Equal([2, 1], kept.Find("w", 1, 3, 2)!);
        kept.Clear();
        Assert.Null(kept.Find("w", 1, 3, 2));
    }

    // The network has two convolutions with activations, at two resolutions, and a product.
    private static Net Convolutions(int first, int second, string prefix = "") =>
        new Net()
            .Input("x", 2, 3, 6, 6)
            .Weight($"{prefix}a", first, 3, 3, 3)
            .Weight($"{prefix}b", second, first, 3, 3)
            .Weight($"{prefix}c", second * 4, 5)
            .Add(Nodes.Create("Conv", ["x", $"{prefix}a"], [$"{prefix}p"]))
            .Add(Nodes.Create("Relu", [$"{prefix}p"], [$"{prefix}r"]))
            .Add(Nodes.Create("Conv", [$"{prefix}r", $"{prefix}b"], [$"{prefix}q"]))
            .Add(Nodes.Create("Clip", [$"{prefix}q"], [$"{prefix}s"]))
            .Add(Nodes.Create("Flatten", [$"{prefix}s"], [$"{prefix}f"]))
            .Add(Nodes.Create("MatMul", [$"{prefix}f", $"{prefix}c"], ["y"]))
            .Output("y");

    private static Net Products(int width, string prefix = "") =>
        new Net()
            .Input("x", 2, 3, 6, 6)
            .Weight($"{prefix}a", 108, width)
            .Weight($"{prefix}c", width, 5)
            .Add(Nodes.Create("Flatten", ["x"], [$"{prefix}f"]))
            .Add(Nodes.Create("MatMul", [$"{prefix}f", $"{prefix}a"], [$"{prefix}p"]))
            .Add(Nodes.Create("Relu", [$"{prefix}p"], [$"{prefix}r"]))
            .Add(Nodes.Create("MatMul", [$"{prefix}r", $"{prefix}c"], ["y"]))
            .Output("y");

    private static DescribedGraph Describe(Net net)
    {
        var model = net.Build();
        return new DescribedGraph(new Graph(model), RankInference.DescribeOutputs(model, new Dictionary<string, long[]> { ["x"] = [2, 3, 6, 6] }));
    }
}
