using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Quantization;

/// <summary>
/// The assignment of the scales of a quantization to its values: one scale for all values, one for each index of an axis, or one for each block along an axis.
/// </summary>
internal sealed class ScaleLayout
{
    private readonly GradientNode _node;
    private readonly long[] _sizes;
    private readonly long[] _scales;
    private readonly int _axis;
    private readonly long _block;

    /// <summary>Reads the layout from a QuantizeLinear or DequantizeLinear node.</summary>
    /// <exception cref="NoGradientException">The gradient needs sizes that are not known, or blocks that are complete.</exception>
    public ScaleLayout(GradientNode node)
    {
        _node = node;
        (_sizes, _scales) = (node.Sizes(node.Output()), node.Sizes(node.Input(1)));
        _axis = node.Axis(node.Node.GetInt("axis", 1), node.Output());
        _block = node.Node.GetInt("block_size");
        if (_block > 0 && (_sizes.Any(size => size < 0) || _sizes[_axis] % _block != 0))
            throw new NoGradientException("its sizes are not fixed, or its last block is not complete");
    }

    private bool IsOne => _scales.All(size => size == 1) && _scales.Length < 2;

    /// <summary>Reshapes a value with the shape of the output so that the scales can be broadcast to it.</summary>
    public string View(string value) =>
        _block > 0 ? _node.Emit("Reshape", [value, _node.Integers([.. _sizes[.._axis], _sizes[_axis] / _block, _block, .. _sizes[(_axis + 1)..]])]) : value;

    /// <summary>Reshapes a value that <see cref="View"/> returned back to the shape of the output.</summary>
    public string Restore(string value) => _block > 0 ? _node.Emit("Reshape", [value, _node.Integers(_sizes)]) : value;

    /// <summary>Reshapes scales, or zero points as numbers, so that they can be broadcast.</summary>
    public string Spread(string scales) =>
        _block > 0 ? _node.Emit("Unsqueeze", [scales, _node.Integers(_axis + 1)])
        : IsOne || _axis == _sizes.Length - 1 ? scales
        : _node.Emit("Reshape", [scales, _node.Integers([-1, .. Enumerable.Repeat(1L, _sizes.Length - 1 - _axis)])]);

    /// <summary>Sums a value that <see cref="View"/> returned over the elements of each scale.</summary>
    public string Sum(string value)
    {
        if (_block > 0)
            return _node.Emit("ReduceSum", [value, _node.Integers(_axis + 1)], ("keepdims", 0L));
        if (IsOne)
            return _node.Reshape(_node.Emit("ReduceSum", [value], ("keepdims", 0L)), _node.Input(1));
        long[] others = [.. Enumerable.Range(0, _sizes.Length).Where(axis => axis != _axis).Select(axis => (long)axis)];
        return others.Length == 0 ? value : _node.Emit("ReduceSum", [value, _node.Integers(others)], ("keepdims", 0L));
    }
}
