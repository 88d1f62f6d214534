namespace ModelBuild.Onnx.Tests;

public sealed class LegacyOpsetUpgradeTests
{
    [Fact]
    public void Attributes_become_inputs()
    {
        var main = Model(
            9,
            Nodes.Create("Slice", ["x"], ["s"], attributes: [("starts", new[] { 0L, 1 }), ("ends", new[] { 5L, 6 })]),
            Nodes.Create("Clip", ["s"], ["c"], attributes: [("max", 6f)]),
            Nodes.Create("Pad", ["c"], ["p"], attributes: [("pads", new[] { 1L, 1 }), ("value", 2f), ("mode", "constant")]),
            Nodes.Create("Dropout", ["p"], ["y"], attributes: [("ratio", 0.5f)])
        );

        Assert.Null(LegacyOpsetUpgrade.WhyNot(main));
        LegacyOpsetUpgrade.Apply(main);

        Assert.Equal(12, main.Model.Opset());
        Assert.Equal(["x", "s_starts", "s_ends", "s_axes"], main.Nodes[0].Input);
        Assert.Equal([0L, 1], Constant(main, "s_axes").Span<long>().ToArray());
        Assert.Equal(["s", "", "c_max"], main.Nodes[1].Input);
        Assert.Equal([6f], Constant(main, "c_max").ToFloats());
        Assert.Empty(Constant(main, "c_max").Dims);
        Assert.Equal(["c", "p_pads", "p_value"], main.Nodes[2].Input);
        Assert.Equal(["mode"], main.Nodes[2].Attribute.Select(static attribute => attribute.Name));
        Assert.Empty(main.Nodes[0].Attribute);
        Assert.Empty(main.Nodes[3].Attribute);
        GraphAssert.IndexesAreCurrent(main);
    }

    [Fact]
    public void What_is_an_input_already_stays()
    {
        var main = Model(11, Nodes.Create("Slice", ["x", "a", "b"], ["s"]), Nodes.Create("Clip", ["s", "low"], ["y"]));

        LegacyOpsetUpgrade.Apply(main);

        Assert.Equal(12, main.Model.Opset());
        Assert.Equal(["x", "a", "b"], main.Nodes[0].Input);
        Assert.Equal(["s", "low"], main.Nodes[1].Input);
    }

    [Fact]
    public void Normalization_loses_the_attribute_that_the_new_version_does_not_know()
    {
        NodeProto Normalization(params string[] outputs) =>
            Nodes.Create("BatchNormalization", ["x", "s", "b", "m", "v"], outputs, attributes: [("spatial", 1L), ("epsilon", 0.1f)]);
        var main = Model(7, Normalization("y"));

        Assert.Null(LegacyOpsetUpgrade.WhyNot(main));
        LegacyOpsetUpgrade.Apply(main);

        Assert.Equal(["epsilon"], main.Nodes[0].Attribute.Select(static attribute => attribute.Name));
        // A normalization in training mode has additional outputs.
        Assert.NotNull(LegacyOpsetUpgrade.WhyNot(Model(7, Normalization("y", "mean", "var"))));
        Assert.NotNull(
            LegacyOpsetUpgrade.WhyNot(Model(7, Nodes.Create("BatchNormalization", ["x", "s", "b", "m", "v"], ["y"], attributes: [("spatial", 0L)])))
        );
    }

    [Fact]
    public void Subgraphs_are_lifted_too_and_looked_at()
    {
        var clip = Build.Branch("then", Nodes.Create("Clip", ["x"], ["t"], attributes: [("min", 0f)]));
        var main = Model(8, Build.If("flag", "y", clip, Build.Branch("else", Nodes.Create("Abs", ["x"], ["e"]))));

        LegacyOpsetUpgrade.Apply(main);

        Assert.Equal(["x", "t_min"], clip.Node[0].Input);
        Assert.Contains(clip.Initializer, static tensor => tensor.Name == "t_min");

        var upsample = Build.Branch("then", Nodes.Create("Upsample", ["x"], ["t"], attributes: [("scales", new[] { 2f })]));
        Assert.Equal(
            "the model's opset is 8, and its operator Upsample may mean something else in 12",
            LegacyOpsetUpgrade.WhyNot(Model(8, Build.If("flag", "y", upsample, Build.Branch("else", Nodes.Create("Abs", ["x"], ["e"])))))
        );
    }

    [Fact]
    public void Models_that_are_too_old_or_need_no_lift_are_told_apart()
    {
        Assert.Equal(
            "the model's opset is 6, and only models of opset 7 or later can be lifted to 12",
            LegacyOpsetUpgrade.WhyNot(Model(6, Nodes.Create("Relu", ["x"], ["y"])))
        );

        // Operators of other domains have versions of their own, and a model with a new opset needs no upgrade.
        Assert.Null(LegacyOpsetUpgrade.WhyNot(Model(7, Nodes.Create("Anything", ["x"], ["y"], domain: "my.own"))));
        var current = Model(12, Nodes.Create("Upsample", ["x"], ["y"]));
        Assert.Null(LegacyOpsetUpgrade.WhyNot(current));
        LegacyOpsetUpgrade.Apply(current);
        Assert.Equal(12, current.Model.Opset());
        Assert.Equal(17, Model(17).Model.Opset());
    }

    private static TensorProto Constant(Graph main, string name)
    {
        Assert.True(main.TryGetConstant(name, out var tensor));
        return tensor;
    }

    private static Graph Model(long opset, params NodeProto[] nodes)
    {
        var proto = Build.Model(
            new GraphProto
            {
                Name = "g",
                Input = { Build.Infos("x") },
                Node = { nodes },
            }
        );
        proto.OpsetImport[0].Version = opset;
        return new Graph(new OnnxModel(proto));
    }
}
