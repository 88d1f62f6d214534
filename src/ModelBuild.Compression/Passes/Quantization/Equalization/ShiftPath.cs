using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>
/// The parameters that absorb the subtraction of a constant from each column of an activation: the shift of the normalization before it, or a constant that
/// is added, and the biases of the layers after it.
/// </summary>
internal sealed class ShiftPath
{
    private readonly Graph _main;
    private readonly ConstantUse _shift;
    private readonly WeightedLayer[] _readers;

    private ShiftPath(Graph main, ConstantUse shift, WeightedLayer[] readers) => (_main, _shift, _readers) = (main, shift, readers);

    /// <summary>Returns the parameters that absorb the subtraction; null if there are none.</summary>
    /// <param name="main">The main graph.</param>
    /// <param name="value">The activation, which only the layers read.</param>
    /// <param name="layers">The layers.</param>
    public static ShiftPath? Find(Graph main, string value, LinearLayer[] layers)
    {
        if (main.Producer(value) is not { } node || Shift(main, node) is not { } shift)
            return null;
        if (!ChannelConstant.IsDivisible(main, shift.Name, layers[0].Inputs, spatial: 0) || main.Constant(shift.Name).ElementCount() != layers[0].Inputs)
            return null;
        var readers = new List<WeightedLayer>();
        foreach (var layer in layers)
        {
            if (!WeightedOperator.TryMatch(main, layer.Node, out var reader, out _) || !ShiftFolding.HasBias(main, reader))
                return null;
            readers.Add(reader);
        }

        return new ShiftPath(main, shift, [.. readers]);
    }

    /// <summary>Subtracts a constant from each column of the activation. The weights of the layers must be those of the model.</summary>
    public void Subtract(double[] constants)
    {
        ShiftFolding.Add(_main, _shift, Array.ConvertAll(constants, value => -value));
        foreach (var reader in _readers)
            ShiftFolding.Fold(_main, constants, reader);
    }

    private static ConstantUse? Shift(Graph main, NodeProto node) =>
        (Domains.Normalize(node.Domain), node.OpType) switch
        {
            ("", "LayerNormalization") when node.InputAt(2).Length > 0 => new ConstantUse(node, 2),
            (Domains.Microsoft, "SkipLayerNormalization") when node.InputAt(3).Length > 0 => new ConstantUse(node, 3),
            ("", "Add") when main.IsConstant(node.Input[1]) => new ConstantUse(node, 1),
            ("", "Add") when main.IsConstant(node.Input[0]) => new ConstantUse(node, 0),
            _ => null,
        };
}
