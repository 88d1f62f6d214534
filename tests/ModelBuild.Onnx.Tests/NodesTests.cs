using AttributeType = ModelBuild.Onnx.AttributeProto.Types.AttributeType;

namespace ModelBuild.Onnx.Tests;

public sealed class NodesTests
{
    [Fact]
    public void A_node_is_made_with_its_attributes()
    {
        var node = Nodes.Create(
            "Op",
            ["a", ""],
            ["b"],
            "n",
            "d",
            ("i", 1),
            ("l", 2L),
            ("b", true),
            ("f", 0.5f),
            ("s", "text"),
            ("is", new[] { 1, 2 }),
            ("ls", new[] { 3L }),
            ("fs", new[] { 1f }),
            ("ss", new[] { "x" }),
            ("t", Build.Floats("", 1)),
            ("g", new GraphProto()),
            ("tp", new TypeProto()),
            ("raw", new byte[] { 1 })
        );

        Assert.Equal(
            [
                AttributeType.Int,
                AttributeType.Int,
                AttributeType.Int,
                AttributeType.Float,
                AttributeType.String,
                AttributeType.Ints,
                AttributeType.Ints,
                AttributeType.Floats,
                AttributeType.Strings,
                AttributeType.Tensor,
                AttributeType.Graph,
                AttributeType.TypeProto,
                AttributeType.String,
            ],
            node.Attribute.Select(static attribute => attribute.Type)
        );
        Assert.Equal(1, node.GetInt("b"));
        Assert.Equal(2, node.GetInt("l", 7));
        Assert.Equal(7, node.GetInt("none", 7));
        Assert.Equal(0.5f, node.GetFloat("f"));
        Assert.Equal("text", node.GetString("s"));
        Assert.Equal("fallback", node.GetString("i", "fallback"));
        Assert.Equal([1, 2], node.GetInts("is")!);
        Assert.Equal([1f], node.GetFloats("fs")!);
        Assert.Null(node.GetInts("none"));
        Assert.NotNull(node.GetTensor("t"));
        Assert.Equal("a", node.InputAt(0));
        Assert.Equal("", node.InputAt(5));
        Assert.False(node.Is("Op"));
        Assert.True(Nodes.Create("Op", [], [], domain: "ai.onnx").Is("Op"));
        Assert.Throws<ArgumentException>(() => node.SetAttribute("x", new object()));
    }

    [Fact]
    public void An_attribute_is_set_in_place_and_removed()
    {
        var node = Nodes.Create("Op", [], [], attributes: [("a", 1), ("b", 2)]);

        node.SetAttribute("a", "text");

        Assert.Equal(["a", "b"], node.Attribute.Select(static attribute => attribute.Name));
        Assert.Equal("text", node.GetString("a"));
        Assert.True(node.RemoveAttribute("a"));
        Assert.False(node.RemoveAttribute("a"));
        Assert.Null(node.Attribute("a"));
    }
}
