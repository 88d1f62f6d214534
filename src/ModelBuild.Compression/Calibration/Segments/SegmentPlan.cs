using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Calibration.Segments;

/// <summary>
/// Cuts a graph into consecutive segments where the requested values would take too much memory together. The cuts depend only on the model and the first
/// call, and not on the number of parallel calls: a value that is an output prevents fusions of ONNX Runtime, and so changes the last bits of results.
/// </summary>
internal sealed class SegmentPlan
{
    private const long WhereNothingIsKnown = 8 << 20;

    private readonly GraphProto _graph;
    private readonly IReadOnlySet<string> _asked;
    private readonly IReadOnlyDictionary<string, InferredTensor> _types;
    private readonly long _unknown;
    private readonly string[][] _reads;
    private readonly Dictionary<string, int> _made = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _lastRead = new(StringComparer.Ordinal);

    private SegmentPlan(GraphProto graph, IReadOnlySet<string> asked, IReadOnlyDictionary<string, InferredTensor> types)
    {
        (_graph, _asked, _types) = (graph, asked, types);
        // A value whose size depends on the data is assumed to be as large as the largest known value.
        _unknown = types.Values.Select(type => type.Bytes).OfType<long>().DefaultIfEmpty(WhereNothingIsKnown).Max();
        foreach (var input in graph.Input)
            _made[input.Name] = -1;
        foreach (var (i, node) in graph.Node.Index())
        foreach (var output in node.Output.Where(output => output.Length > 0))
            _made[output] = i;
        _reads = [.. graph.Node.Select(node => CapturedValues.WithInputs(node).Where(_made.ContainsKey).Distinct(StringComparer.Ordinal).ToArray())];
        foreach (var (i, reads) in _reads.Index())
        foreach (var value in reads)
            _lastRead[value] = i;
    }

    /// <summary>Cuts the model into segments.</summary>
    /// <param name="model">A model whose nodes are all needed.</param>
    /// <param name="asked">The requested values.</param>
    /// <param name="types">The known types of values. No cut separates a value of unknown type from its readers.</param>
    /// <param name="maxBytes">The largest size in bytes of the requested values of a segment in one call. A segment of one node may exceed it.</param>
    public static IReadOnlyList<GraphSegment> Of(
        OnnxModel model,
        IReadOnlySet<string> asked,
        IReadOnlyDictionary<string, InferredTensor> types,
        long maxBytes
    ) => new SegmentPlan(model.Proto.Graph, asked, types).Cut(maxBytes);

    private List<GraphSegment> Cut(long maxBytes)
    {
        var segments = new List<GraphSegment>();
        var (from, bytes) = (0, 0L);
        for (var i = 0; i < _graph.Node.Count; i++)
        {
            var more = _graph.Node[i].Output.Where(_asked.Contains).Sum(Size);
            if (bytes > 0 && bytes + more > maxBytes && CanCut(i))
            {
                segments.Add(Segment(from, i));
                (from, bytes) = (i, 0);
            }

            bytes += more;
        }

        if (from < _graph.Node.Count)
            segments.Add(Segment(from, _graph.Node.Count));
        return segments;
    }

    // Returns whether the graph can be cut before a node. A value that crosses the cut becomes an input of the next segment's model, and inputs need a type.
    private bool CanCut(int before) =>
        _made.All(value => value.Value < 0 || value.Value >= before || _lastRead.GetValueOrDefault(value.Key) < before || _types.ContainsKey(value.Key));

    private GraphSegment Segment(int from, int to)
    {
        string[] inputs = [.. _reads[from..to].SelectMany(reads => reads).Where(value => _made[value] < from).Distinct(StringComparer.Ordinal)];
        string[] outputs =
        [
            .. _graph
                .Node.Skip(from)
                .Take(to - from)
                .SelectMany(node => node.Output)
                .Where(value => value.Length > 0 && (_asked.Contains(value) || _lastRead.GetValueOrDefault(value) >= to))
                .Distinct(StringComparer.Ordinal),
        ];
        return new GraphSegment([.. _graph.Node.Skip(from).Take(to - from)], inputs, outputs, inputs.Concat(outputs).Sum(Size));
    }

    private long Size(string value) => _types.TryGetValue(value, out var type) ? type.Bytes ?? _unknown : _unknown;
}
