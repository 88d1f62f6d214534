using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Differentiation;

/// <summary>
/// The values and nodes between some values and the loss. A value needs a gradient if no path from the value to the loss leads through a node without a
/// gradient; otherwise its gradient would lack terms, and the value is frozen. A node without a gradient from which no path leads to the loss is ignored.
/// </summary>
internal sealed class GradientPath
{
    private readonly BackwardGraph _backward;
    private readonly HashSet<string> _tracked;
    private readonly HashSet<string> _reaching;
    private readonly HashSet<string> _frozen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NodeProto> _quantizers = new(StringComparer.Ordinal);
    private readonly List<(NodeProto Node, string? Stop)> _nodes = [];

    /// <summary>Creates a path that <see cref="Find"/> still has to determine.</summary>
    /// <param name="backward">The backward graph, to which no node has been added.</param>
    /// <param name="ends">The loss, or the values through which the loss depends on the graph.</param>
    /// <param name="values">The values whose gradients are wanted.</param>
    public GradientPath(BackwardGraph backward, IEnumerable<string> ends, IEnumerable<string> values)
    {
        (_backward, _tracked) = (backward, new HashSet<string>(values, StringComparer.Ordinal));
        _reaching = Reaching(ends);
    }

    /// <summary>Returns whether the gradient of a value is needed.</summary>
    public bool Needs(string value) => _tracked.Contains(value) && !_frozen.Contains(value);

    /// <summary>Returns whether a path without a gradient leads from a value to the loss.</summary>
    public bool IsFrozen(string value) => _frozen.Contains(value);

    /// <summary>Returns the node that quantizes a value of integers to which gradients flow; null for another value.</summary>
    public NodeProto? Quantizer(string value) => _quantizers.GetValueOrDefault(value);

    /// <summary>Marks a value as one whose gradient would lack terms. The values that it is computed from have no gradient either.</summary>
    public void Freeze(string value)
    {
        if (_tracked.Contains(value))
            _frozen.Add(value);
    }

    /// <summary>Marks the inputs of a node as values whose gradients would lack terms.</summary>
    public void FreezeInputs(NodeProto node)
    {
        foreach (var input in CapturedValues.WithInputs(node))
            Freeze(input);
    }

    /// <summary>Finds the nodes through which gradients can flow, in the order of the graph.</summary>
    /// <returns>Each node with the reason why the differentiation stops there, or null.</returns>
    public IReadOnlyList<(NodeProto Node, string? Stop)> Find()
    {
        foreach (var node in _backward.Graph.Nodes.ToArray())
            if (CapturedValues.WithInputs(node).Any(_tracked.Contains) && !ConstantOperators.Contains(node) && node.Output.Any(_reaching.Contains))
                Follow(node);
        foreach (var (node, stop) in Enumerable.Reverse(_nodes))
            if (stop is not null || node.Output.Any(IsFrozen))
                FreezeInputs(node);
        return _nodes;
    }

    private void Follow(NodeProto node)
    {
        var stop = WhyNot(node);
        _nodes.Add((node, stop));
        if (stop is not null)
            return;
        var quantizer =
            IntegerPath.IsQuantizer(node) ? node
            : IntegerPath.IsDequantizer(node) ? null
            : _quantizers.GetValueOrDefault(node.InputAt(0));
        foreach (var (index, output) in node.Output.Index().Where(output => output.Item.Length > 0))
            if (quantizer is null ? _backward.Type(output) == DataType.Float : IntegerPath.HasGradient(node, index))
            {
                _tracked.Add(output);
                if (quantizer is not null)
                    _quantizers[output] = quantizer;
            }
    }

    private string? WhyNot(NodeProto node)
    {
        if (_backward.Catalog.Find(node) is not { } gradient)
            return "its operator has no gradient";
        if (CapturedValues.WithInputs(node).Any(_quantizers.ContainsKey) && !IntegerPath.Passes(node, _quantizers.ContainsKey))
            return "it computes with integers";
        try
        {
            return gradient.WhyNot(new GradientNode(_backward, node))
                ?? node.Output.Where(_reaching.Contains).Select(WhyNotThrough).FirstOrDefault(why => why is not null);
        }
        catch (NoGradientException exception)
        {
            return exception.Message;
        }
    }

    private string? WhyNotThrough(string output) =>
        _backward.Type(output) switch
        {
            DataType.Undefined => $"the type of its output '{output}' is not known",
            DataType.Float16 or DataType.Bfloat16 or DataType.Double => "it leaves float32",
            _ => null,
        };

    // Returns the values on which the loss depends. Indices and conditions do not count, because the loss does not change when they change a little.
    private HashSet<string> Reaching(IEnumerable<string> ends)
    {
        var reaching = new HashSet<string>(ends, StringComparer.Ordinal);
        foreach (var node in _backward.Graph.Nodes.Reverse())
            if (node.Output.Any(reaching.Contains) && !ConstantOperators.Contains(node))
                reaching.UnionWith(CapturedValues.WithInputs(node).Where(CanReach));
        return reaching;
    }

    private bool CanReach(string value) => value.Length > 0 && _backward.Type(value) is not (DataType.Int64 or DataType.Bool or DataType.String);
}
