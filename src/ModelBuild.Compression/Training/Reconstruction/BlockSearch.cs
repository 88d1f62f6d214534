using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Training.Stored;
using ModelBuild.Compression.Training.Weights;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Reconstruction;

/// <summary>
/// Divides a quantized model into blocks: a residual block where there is one, else a layer (BRECQ: Li et al., "Pushing the limit of post-training quantization
/// by block reconstruction", 2021). A model can be cut after a node if a single value that depends on weights is read behind it, and if the float model has a
/// value of this name. Values that depend on inputs alone, such as masks, may be read anywhere.
/// </summary>
internal sealed class BlockSearch
{
    private readonly Graph _graph;
    private readonly IReadOnlySet<string> _exact;
    private readonly HashSet<string> _activations;

    // For each value that is computed from weights alone, the trained values that it is computed from.
    private readonly Dictionary<string, HashSet<TrainedValue>> _weights = new(StringComparer.Ordinal);

    // For each node, the trained values that it reads together with an activation.
    private readonly HashSet<TrainedValue>[] _reads;

    /// <param name="graph">The quantized model, prepared for training.</param>
    /// <param name="exact">The float32 values that the float model computes.</param>
    /// <param name="values">The values that may be trained.</param>
    public BlockSearch(Graph graph, IReadOnlySet<string> exact, IReadOnlyList<TrainedValue> values)
    {
        (_graph, _exact, _activations) = (graph, exact, Activations.Of(graph.Proto));
        foreach (var value in values)
            _weights[value.Input.Name] = [value];
        _reads = [.. graph.Nodes.Select(Reads)];
    }

    /// <summary>Returns the blocks that have codes, in the order of the graph.</summary>
    public IReadOnlyList<Block> Find()
    {
        var cuts = Cuts();
        string[] outputs = [.. _graph.Proto.Output.Select(output => output.Name).Where(_exact.Contains)];
        var owned = new HashSet<TrainedValue>();
        var blocks = new List<Block>();
        var (input, first, place) = ((string?)null, 0, 0);
        foreach (var (value, end) in cuts.Append((Value: "", End: _reads.Length)))
        {
            if (HasCodes(first, place) && HasCodes(place, end))
            {
                var cut = cuts.Single(cut => cut.End == place).Value;
                blocks.Add(new Block(input, [cut], Own(first, place, owned)));
                (input, first) = (cut, place);
            }

            place = end;
        }

        if (HasCodes(first, place) && outputs.Length > 0)
            blocks.Add(new Block(input, outputs, Own(first, place, owned)));
        return blocks;
    }

    private HashSet<TrainedValue> Reads(NodeProto node)
    {
        var read = CapturedValues.WithInputs(node).SelectMany(value => _weights.GetValueOrDefault(value, [])).ToHashSet();
        if (node.Output.Any(_activations.Contains))
            return read;
        foreach (var output in node.Output)
            _weights[output] = read;
        return [];
    }

    private bool HasCodes(int first, int end) => _reads[first..end].Any(read => read.Any(value => value is CodedValue));

    // Returns the values that a block trains. A value that several blocks read is trained with the first of them.
    private TrainedValue[] Own(int first, int end, HashSet<TrainedValue> owned) => [.. _reads[first..end].SelectMany(read => read).Where(owned.Add)];

    // Returns the values at which the graph can be cut, each with the position of the first node after it.
    private List<(string Value, int End)> Cuts()
    {
        var last = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (i, node) in _graph.Nodes.Index())
        foreach (var value in CapturedValues.WithInputs(node))
            last[value] = i;
        foreach (var output in _graph.Proto.Output)
            last[output.Name] = int.MaxValue;
        var (live, weighted, cuts) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal), new List<(string, int)>());
        foreach (var (i, node) in _graph.Nodes.Index())
        {
            if (_reads[i].Count > 0 || CapturedValues.WithInputs(node).Any(weighted.Contains))
                foreach (var output in node.Output.Where(output => last.GetValueOrDefault(output) > i))
                {
                    weighted.Add(output);
                    live.Add(output);
                }

            live.RemoveWhere(value => last[value] <= i);
            if (live.Count == 1 && live.Single() is var only && _exact.Contains(only) && !_graph.IsOutput(only))
                cuts.Add((only, i + 1));
        }

        return cuts;
    }
}
