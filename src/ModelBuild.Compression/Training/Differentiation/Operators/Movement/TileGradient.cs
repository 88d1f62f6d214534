namespace ModelBuild.Compression.Training.Differentiation.Operators.Movement;

/// <summary>The gradient of Tile: the sum over the copies. An axis of n copies becomes two axes, of which the first counts the copies.</summary>
internal sealed class TileGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var rank = node.Rank(node.Input(0));
        var column = node.Integers(1);
        var counts = node.Emit("Unsqueeze", [node.Input(1), column]);
        var sizes = node.Emit("Unsqueeze", [node.ShapeOf(node.Input(0)), column]);
        var pairs = node.Emit("Reshape", [node.Emit("Concat", [counts, sizes], ("axis", 1L)), node.Integers(2L * rank)]);
        var copies = node.Emit("Reshape", [node.Gradient(), pairs], ("allowzero", 1L));
        var axes = node.Integers(Enumerable.Range(0, rank).Select(axis => 2L * axis));
        node.Add(0, rank == 0 ? node.Gradient() : node.Emit("ReduceSum", [copies, axes], ("keepdims", 0L)));
    }
}
