using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Training.Recomputation;

/// <summary>A value of a training graph.</summary>
/// <param name="name">The name.</param>
/// <param name="type">The element type and the shape in a batch; null if they are not known.</param>
/// <param name="producer">The index of the node that computes it; −1 for an input or a constant of the graph.</param>
internal sealed class GraphValue(string name, InferredTensor? type, int producer)
{
    private readonly List<int> _readers = [];

    /// <summary>The name.</summary>
    public string Name => name;

    /// <summary>The element type and the shape in a batch; null if they are not known.</summary>
    public InferredTensor? Type => type;

    /// <summary>The number of bytes; 0 if it is not known.</summary>
    public long Bytes { get; } = type?.Bytes ?? 0;

    /// <summary>Whether the number of bytes is known, so that memory can be allocated before the value is computed.</summary>
    public bool HasSize => type is { IsRankKnown: true } && Bytes > 0;

    /// <summary>The index of the node that computes it; −1 for an input or a constant of the graph.</summary>
    public int Producer => producer;

    /// <summary>Whether the value is a constant of the graph.</summary>
    public bool IsConstant { get; init; }

    /// <summary>Whether the value depends on the batch, and not on parameters and constants alone.</summary>
    public bool IsActivation { get; set; }

    /// <summary>The value whose memory holds this value: the input of a Reshape, or the value itself.</summary>
    public GraphValue Storage { get; set; } = null!;

    /// <summary>The indices of the nodes that read it, in order.</summary>
    public IReadOnlyList<int> Readers => _readers;

    /// <summary>Adds a node that reads the value.</summary>
    public void AddReader(int node) => _readers.Add(node);
}
