using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>
/// The parameters that can absorb the division of a value's columns by factors: the gain and shift of a normalization (as one operator, or as Mul and Add of
/// constants), or the weights and bias of a layer, also before a Relu, before a product with a constant of one element, or as one operand of a product.
/// </summary>
internal sealed class FactorPath
{
    private readonly Graph _main;
    private readonly Func<NodeProto, LinearLayer?> _layerOf;
    private readonly int _columns;
    private readonly List<(NodeProto Node, int Index)> _constants = [];
    private LinearLayer? _layer;
    private bool _isGelu;

    private FactorPath(Graph main, Func<NodeProto, LinearLayer?> layerOf, int columns) => (_main, _layerOf, _columns) = (main, layerOf, columns);

    /// <summary>Returns the parameters that absorb the division of a value's columns; null if there are none.</summary>
    /// <param name="main">The main graph.</param>
    /// <param name="layerOf">Returns the layer of a node, the same object for the same node; null if the node is no layer.</param>
    /// <param name="value">The value that is divided.</param>
    /// <param name="columns">The size of its last axis.</param>
    /// <param name="isGelu">Whether there is no such path because the value is the result of a GELU, which is one node or several.</param>
    public static FactorPath? Find(Graph main, Func<NodeProto, LinearLayer?> layerOf, string value, int columns, out bool isGelu)
    {
        var path = new FactorPath(main, layerOf, columns);
        var isFound = path.Follow(value);
        isGelu = !isFound && path._isGelu;
        return isFound ? path : null;
    }

    /// <summary>Divides the parameters by the factors. The weights of a layer are written later, together with the layer's other changes.</summary>
    public void Divide(ReadOnlySpan<double> factors)
    {
        foreach (var (node, index) in _constants)
            ChannelConstant.Divide(_main, node, index, factors, spatial: 0);
        for (var column = 0; _layer is not null && column < factors.Length; column++)
            _layer.OutputFactors[column] *= factors[column];
    }

    private bool Follow(string value)
    {
        if (_main.Producer(value) is not { } node || node.Output[0] != value)
            return false;
        switch ((Domains.Normalize(node.Domain), node.OpType))
        {
            case ("", "LayerNormalization"):
                return Takes(node, 1) && (node.InputAt(2).Length == 0 || Takes(node, 2));
            case ("", "RMSNormalization" or "SimplifiedLayerNormalization"):
                return Takes(node, 1);
            case (Domains.Microsoft, "SkipLayerNormalization"):
                return Takes(node, 2) && (node.InputAt(3).Length == 0 || Takes(node, 3));
            case (Domains.Microsoft, "SkipSimplifiedLayerNormalization"):
                return Takes(node, 2);
            case ("", "Gelu"):
            case (Domains.Microsoft, "Gelu" or "FastGelu" or "QuickGelu" or "BiasGelu"):
                _isGelu = true;
                return false;
            case ("", "Relu"):
                return FollowAlone(node.Input[0]);
            case ("", "Add"):
                return Side(node) is { } shift && Takes(node, shift) && FollowAlone(node.Input[1 - shift]);
            case ("", "Mul"):
                return Side(node) is not { } gain ? FollowEither(node)
                    : IsScalar(node.Input[gain]) ? FollowScaled(node.Input[1 - gain])
                    : Takes(node, gain);
            default:
                return FollowLayer(node);
        }
    }

    private bool FollowAlone(string value) => _main.Consumers(value).Count == 1 && !_main.IsOutputAnywhere(value) && Follow(value);

    // Searches for parameters that absorb the factors before a product of a value with one number. If there are none, the product is a part of a GELU.
    private bool FollowScaled(string value)
    {
        if (FollowAlone(value))
            return true;
        _isGelu = true;
        return false;
    }

    private bool FollowEither(NodeProto product)
    {
        var taken = _constants.Count;
        if (FollowAlone(product.Input[0]))
            return true;
        _constants.RemoveRange(taken, _constants.Count - taken);
        return FollowAlone(product.Input[1]);
    }

    private bool FollowLayer(NodeProto node)
    {
        if (
            _layerOf(node) is not { Spatial: 0 } layer
            || layer.Outputs != _columns
            || (node.InputAt(2).Length > 0 && !ChannelConstant.IsDivisible(_main, node.Input[2], _columns, spatial: 0))
        )
            return false;
        _layer = layer;
        return true;
    }

    private bool Takes(NodeProto node, int index)
    {
        if (!ChannelConstant.IsDivisible(_main, node.InputAt(index), _columns, spatial: 0))
            return false;
        _constants.Add((node, index));
        return true;
    }

    // Returns whether a constant has one element. A constant for each column in its place would keep ONNX Runtime from fusing the nodes of a GELU or of
    // attention.
    private bool IsScalar(string constant) => _main.Constant(constant).ElementCount() == 1;

    // Returns the index of the constant input of a node with two inputs; null if neither is constant.
    private int? Side(NodeProto node) =>
        _main.IsConstant(node.Input[0]) ? 0
        : _main.IsConstant(node.Input[1]) ? 1
        : null;
}
