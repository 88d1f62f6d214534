using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Training.Recomputation;

/// <summary>A value of a training graph, with its size, its producer and its readers.</summary>
/// <param name="name">The name.</param>
/// <param name="type">The element type and the shape in a batch; null if they are not known.</param>
/// <param name="producer">The index of the node that computes it; −1 for an input or a constant of the graph.</param>
internal sealed class GraphValue(string name, InferredTensor? type, int producer)
{
    private readonly List<int> _readers = [];

    /// <summary>The name of the value.</summary>
    public string Name => name;

    /// <summary>The element type and the shape of the value in a batch; null if they are not known.</summary>
    public InferredTensor? Type => type;

    /// <summary>The number of bytes of the value; 0 if it is not known.</summary>
    public long Bytes { get; } = type?.Bytes ?? 0;

    /// <summary>Whether the number of bytes of the value is known, so that memory can be allocated before the value is computed.</summary>
    public bool HasSize => type is { IsRankKnown: true } && Bytes > 0;

    /// <summary>The index of the node that computes the value; −1 for an input or a constant of the graph.</summary>
    public int Producer => producer;

    /// <summary>Whether the value is a constant of the graph.</summary>
    public bool IsConstant { get; init; }

    /// <summary>Whether the value depends on the batch, and not on parameters and constants alone.</summary>
    public bool IsActivation { get; set; }

    /// <summary>The value whose memory holds this value: the input of a Reshape, or the value itself.</summary>
    public GraphValue Storage { get; set; } = null!;

    /// <summary>The indices of the nodes that read the value, in order.</summary>
    public IReadOnlyList<int> Readers => _readers;

    /// <summary>Adds a node that reads the value.</summary>
    public void AddReader(int node) => _readers.Add(node);
}
