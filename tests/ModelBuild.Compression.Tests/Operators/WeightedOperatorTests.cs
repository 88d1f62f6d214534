using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Operators;

public sealed class WeightedOperatorTests
{
    private static readonly (string Name, object Value)[] None = [];

    public static TheoryData<string, string, string, int?, int, int> Layouts()
    {
        var data = new TheoryData<string, string, string, int?, int, int>();
        foreach (var domain in new[] { "", "ai.onnx" })
        {
            data.Add(domain, "Conv", "", 0, 1, 2);
            data.Add(domain, "Conv", "group=2", 0, 1, 2);
            data.Add(domain, "ConvTranspose", "", 1, 1, 2);
            data.Add(domain, "ConvTranspose", "group=2", 1, 1, 2);
            data.Add(domain, "Gemm", "", 1, 1, 2);
            data.Add(domain, "Gemm", "transB=1", 0, 1, 2);
            data.Add(domain, "MatMul", "", 1, 1, -1);
            // MatMul has no attributes, so that attributes of other operators have no effect on it.
            data.Add(domain, "MatMul", "transB=1", 1, 1, -1);
            data.Add(domain, "LSTM", "", null, 1, 3);
            data.Add(domain, "GRU", "", null, 1, 3);
            data.Add(domain, "RNN", "", null, 1, 3);
            data.Add(domain, "Gather", "", null, 0, -1);
        }

        data.Add("com.microsoft", "FusedConv", "", 0, 1, 2);
        data.Add("com.microsoft", "FusedGemm", "transB=1", 0, 1, 2);
        data.Add("com.microsoft", "FusedMatMul", "", 1, 1, -1);
        data.Add("com.microsoft", "FusedMatMul", "transB=1", 0, 1, -1);
        data.Add("com.microsoft", "Attention", "", 1, 1, 2);
        return data;
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void An_operator_says_where_its_weights_and_channels_are(string domain, string op, string attribute, int? outputAxis, int weight, int bias)
    {
        var node = Node(op, domain, attribute);

        var found = WeightedOperator.Find(node);

        Assert.NotNull(found);
        Assert.Equal(outputAxis, found.OutputAxis(node));
        Assert.Equal(1 - outputAxis, found.InputAxis(node));
        Assert.Equal(weight, found.WeightInput);
        Assert.Equal(bias < 0 ? null : bias, found.BiasInput);
        Assert.Equal(attribute == "group=2" ? 2 : 1, found.Groups(node));
        Assert.Equal(domain.Length < 8 && op is "Conv" or "ConvTranspose" or "Gemm" or "MatMul", found.IsLinear);
    }

    public static TheoryData<string, string, string, int, int[]> StoredForms() =>
        new()
        {
            { "", "ConvInteger", nameof(WeightedKind.Convolution), 1, [0, 1] },
            { "", "DeformConv", nameof(WeightedKind.Convolution), 1, [0, 1, 3] },
            { "ai.onnx", "MatMulInteger", nameof(WeightedKind.Product), 1, [0, 1] },
            { "", "QLinearConv", nameof(WeightedKind.Convolution), 3, [0, 3, 8] },
            { "", "QLinearMatMul", nameof(WeightedKind.Product), 3, [0, 3] },
            { "com.microsoft.nchwc", "Conv", nameof(WeightedKind.Convolution), 1, [0, 1, 2] },
            { "com.microsoft", "NhwcFusedConv", nameof(WeightedKind.Convolution), 1, [0, 1, 2] },
            { "com.microsoft", "TransposeMatMul", nameof(WeightedKind.Product), 1, [0, 1] },
            { "com.microsoft", "MatMulIntegerToFloat", nameof(WeightedKind.Product), 1, [0, 1, 6] },
            { "com.microsoft", "DynamicQuantizeMatMul", nameof(WeightedKind.Product), 1, [0, 1, 4] },
            { "com.microsoft", "QGemm", nameof(WeightedKind.Product), 3, [0, 3, 6] },
            { "com.microsoft", "MatMulNBits", nameof(WeightedKind.Product), 1, [0, 1, 5] },
            { "com.microsoft", "MatMulBnb4", nameof(WeightedKind.Product), 1, [0, 1] },
            { "com.microsoft", "DynamicQuantizeLSTM", nameof(WeightedKind.Recurrent), 1, [1, 2, 3, 7] },
            { "com.microsoft", "QAttention", nameof(WeightedKind.Attention), 1, [0, 1, 2] },
            { "com.microsoft", "GatherBlockQuantized", nameof(WeightedKind.Embedding), 0, [0] },
        };

    [Theory]
    [MemberData(nameof(StoredForms))]
    public void Integer_and_optimized_forms_are_for_counters_only(string domain, string op, string kind, int weight, int[] parameters)
    {
        var node = Node(op, domain, "");

        var found = WeightedOperator.FindAny(node);

        Assert.NotNull(found);
        Assert.Equal((kind, weight), (found.Kind.ToString(), found.WeightInput));
        Assert.Equal(parameters, found.Parameters);
        Assert.Null(WeightedOperator.Find(node));
        Assert.Null(WeightedOperator.LinearKind(node));
    }

    [Theory]
    [InlineData("Conv", "", 4, new[] { true, false, false, false })]
    [InlineData("ConvTranspose", "", 4, new[] { false, true, false, false })]
    [InlineData("Gemm", "", 2, new[] { false, true })]
    [InlineData("Gemm", "transB=1", 2, new[] { true, false })]
    [InlineData("MatMul", "", 1, new[] { false })]
    [InlineData("MatMul", "", 2, new[] { false, true })]
    [InlineData("MatMul", "", 3, new[] { true, false, true })]
    [InlineData("LSTM", "", 3, new[] { true, true, false })]
    [InlineData("Gather", "", 2, new[] { true, false })]
    public void An_operator_says_along_which_axes_outputs_have_their_own_weights(string op, string attribute, int rank, bool[] expected)
    {
        var node = Node(op, "", attribute);

        Assert.Equal(expected, WeightedOperator.Of(node).OwnAxes(node, rank));
    }

    [Theory]
    [InlineData("Conv", 1, new long[] { 8, 1, 3, 3 }, false)]
    [InlineData("Conv", 8, new long[] { 8, 1, 3, 3 }, true)]
    [InlineData("Conv", 2, new long[] { 8, 4, 3, 3 }, false)]
    [InlineData("ConvTranspose", 8, new long[] { 8, 1, 3, 3 }, true)]
    [InlineData("MatMul", 8, new long[] { 8, 1 }, false)]
    [InlineData("Conv", 8, null, false)]
    public void A_depthwise_convolution_has_groups_of_one_channel(string op, int group, long[]? shape, bool expected)
    {
        var node = Node(op, "", $"group={group}");

        Assert.Equal(expected, WeightedOperator.Of(node).IsDepthwise(node, shape));
    }

    [Theory]
    [InlineData("Gemm", "", 0.5f, 2f, true)]
    [InlineData("FusedGemm", "com.microsoft", 0.5f, 2f, true)]
    [InlineData("FusedMatMul", "com.microsoft", 0.5f, 1f, true)]
    [InlineData("MatMul", "", 1f, 1f, false)]
    [InlineData("Conv", "", 1f, 1f, false)]
    [InlineData("Attention", "com.microsoft", 1f, 1f, false)]
    public void Only_products_that_have_factors_and_transpositions_read_them(string op, string domain, float alpha, float beta, bool isTransposed)
    {
        var node = Nodes.Create(op, ["x", "w", "b"], ["y"], "", domain, ("alpha", 0.5f), ("beta", 2f), ("transA", 1L), ("transB", 1L));

        var found = WeightedOperator.Of(node);

        Assert.Equal(alpha, found.Alpha(node));
        Assert.Equal(beta, found.Beta(node));
        Assert.Equal(isTransposed, found.IsInputTransposed(node));
        Assert.Equal(isTransposed, found.IsWeightTransposed(node));
    }

    [Theory]
    [InlineData("Conv", "com.example")]
    [InlineData("MatMul", "com.microsoft")]
    [InlineData("FusedConv", "")]
    [InlineData("Attention", "")]
    [InlineData("QLinearConv", "com.example")]
    [InlineData("Conv", "com.microsoft")]
    [InlineData("Relu", "")]
    public void An_operator_of_another_domain_is_not_in_the_catalogue(string op, string domain)
    {
        var node = Node(op, domain, "");
        var graph = new Graph(Product(node).Build());

        Assert.False(WeightedOperator.TryMatch(graph, graph.Nodes[0], out _, out var refusal));
        Assert.Null(refusal);
        Assert.Null(WeightedOperator.FindAny(node));
        Assert.Throws<ArgumentException>(() => WeightedOperator.Of(node));
    }

    [Fact]
    public void A_node_with_computed_weights_is_refused()
    {
        var graph = new Graph(new Net().Input("x", 2, 4).Input("w", 4, 3).Node("MatMul", "x w", "y").Output("y").Build());

        Assert.False(WeightedOperator.TryMatch(graph, graph.Nodes[0], out var layer, out var refusal));
        Assert.Null(layer);
        Assert.Equal(Refusal.WeightsNotConstant, refusal);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_layer_lists_the_readers_of_its_weights(bool isShared, bool isOutput)
    {
        var net = new Net().Input("x", 2, 4).Weight("w", 4, 4).Node("MatMul", "x w", "y");
        net = isShared ? net.Node("MatMul", "y w", "z") : net.Node("Relu", "y", "z");
        var graph = new Graph((isOutput ? net.Output("z", "w") : net.Output("z")).Build());

        Assert.True(WeightedOperator.TryMatch(graph, graph.Nodes[0], out var layer, out var refusal));

        Assert.Null(refusal);
        Assert.Equal(isShared ? 2 : 1, layer.Readers.Count);
        Assert.Equal(isShared || isOutput ? Refusal.SharedWeights : null, layer.WhyNotOwn());
        Assert.Equal(isOutput ? Refusal.OutputWeights : null, layer.WhyOutput());
        Assert.Null(layer.WhyNotFloat32());
        Assert.Equal(("x", "w", ""), (layer.Activation, layer.WeightName, layer.BiasName));
    }

    [Fact]
    public void A_layer_in_a_branch_has_the_scope_of_its_weights_as_owner()
    {
        var then = new Net().Node("MatMul", "x w", "t").Output("t");
        var otherwise = new Net().Node("Relu", "x", "e").Output("e");
        var main = new Graph(new Net().Input("x", 2, 4).Weight("w", 4, 4).Condition("x", "c").If("c", "y", then, otherwise).Output("y").Build());
        var branch = main.SelfAndSubgraphs().Single(scope => scope.Nodes.Any(node => node.Is("MatMul")));

        Assert.True(WeightedOperator.TryMatch(branch, branch.Nodes[0], out var layer, out _));

        Assert.Same(branch, layer.Scope);
        Assert.Same(main, layer.Owner);
        Assert.Single(layer.Readers);
    }

    [Theory]
    [InlineData("", "MatMul of 'y'", "y", "MatMul_y")]
    [InlineData("head", "MatMul 'head'", "head", "head")]
    public void A_node_has_one_label(string name, string label, string shortName, string newName)
    {
        var node = Nodes.Create("MatMul", ["x", "w"], ["y"], name);

        Assert.Equal((label, shortName, newName), (NodeLabel.Of(node), NodeLabel.Name(node), NodeLabel.NewName(node)));
    }

    [Fact]
    public void A_node_without_a_name_is_called_after_its_first_output_that_exists()
    {
        var node = Nodes.Create("LSTM", ["x", "w", "r"], ["", "last"]);

        Assert.Equal(("LSTM of 'last'", "last"), (NodeLabel.Of(node), NodeLabel.Name(node)));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Numbers_that_are_not_finite_are_refused(float value)
    {
        Assert.Equal(Refusal.NotFinite, Refusal.OfNotFinite([1, 2, value]));
        Assert.Null(Refusal.OfNotFinite([1, 2, 3]));
    }

    private static Net Product(NodeProto node) => new Net().Input("x", 2, 4).Weight("w", 4, 4).Weight("b", 4).Add(node).Output("y");

    private static NodeProto Node(string op, string domain, string attribute) =>
        Nodes.Create(
            op,
            ["x", "w", "b"],
            ["y"],
            "",
            domain,
            attribute.Split('=') is [var name, var value] ? [(name, (object)long.Parse(value, System.Globalization.CultureInfo.InvariantCulture))] : None
        );
}
