using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Rotation;

/// <summary>
/// The constants that a rotation changes: weights, which all of their readers share afterwards, and vectors, of which each reader gets its own copy.
/// </summary>
/// <param name="main">The main graph.</param>
internal sealed class ConstantChanges(Graph main)
{
    private readonly List<(NodeProto Node, int Index, VectorChange Change)> _weights = [];
    private readonly List<(NodeProto Node, int Index, VectorChange Change)> _vectors = [];

    /// <summary>Adds a change of weights that several nodes may read.</summary>
    public void AddWeights(NodeProto node, int index, VectorChange change) => _weights.Add((node, index, change));

    /// <summary>Adds a change of a constant that a node adds, concatenates or returns.</summary>
    public void AddVectors(NodeProto node, int index, VectorChange change) => _vectors.Add((node, index, change));

    /// <summary>Returns the reason why the weights cannot change; null if they can. All readers of weights must need the same change.</summary>
    public Refusal? WhyNot()
    {
        foreach (var weights in _weights.GroupBy(change => change.Node.Input[change.Index], StringComparer.Ordinal))
        {
            if (!main.TryGetConstant(weights.Key, out var tensor))
                return Refusal.WeightsNotConstant;
            if (tensor.DataType != (int)TensorProto.Types.DataType.Float)
                return Refusal.NotFloat32;
            if (Refusal.OfNotFinite(tensor.Span<float>()) is { } notFinite)
                return notFinite;
            if (main.IsOutputAnywhere(weights.Key))
                return Refusal.OutputWeights;
            var uses = weights.GroupBy(change => (change.Node, change.Index), change => change.Change, UseComparer.Instance).ToArray();
            if (uses.Length < main.Consumers(weights.Key).Count || uses.Any(use => !use.SequenceEqual(uses[0])))
                return Refusal.SharedWeights;
        }

        return null;
    }

    /// <summary>Writes the changed constants into the graph.</summary>
    public void Write()
    {
        foreach (var weights in _weights.GroupBy(change => change.Node.Input[change.Index], StringComparer.Ordinal))
        {
            var tensor = main.Constant(weights.Key);
            var values = tensor.ToFloats();
            var first = weights.First();
            foreach (var (node, index, change) in weights)
                if (ReferenceEquals(node, first.Node) && index == first.Index)
                    Apply(tensor, values, change);
            main.ReplaceConstant(weights.Key, Tensors.Create(tensor.Name, [.. tensor.Dims], values));
        }

        foreach (var (node, index, change) in _vectors)
        {
            var tensor = main.Constant(node.Input[index]);
            var values = tensor.ToFloats();
            Apply(tensor, values, change with { Axis = tensor.Dims.Count - 1 });
            var name = main.FreshName($"{node.Input[index]}_rotated");
            main.AddInitializer(Tensors.Create(name, [.. tensor.Dims], values));
            main.SetInput(node, index, name);
        }
    }

    private void Apply(TensorProto tensor, float[] values, VectorChange change)
    {
        var gains = change.Gain.Length > 0 ? main.Constant(change.Gain).ToFloats() : null;
        var length = (int)tensor.Dims[change.Axis];
        var inner = (int)tensor.Dims.Skip(change.Axis + 1).Aggregate(1L, (a, b) => a * b);
        var vector = new double[change.Length];
        for (var start = change.Start * inner; start < values.Length; start += length * inner)
        for (var first = start; first < start + inner; first++)
        {
            for (var i = 0; i < vector.Length; i++)
                vector[i] = values[first + i * inner] * (gains?[i] ?? 1.0);
            for (var block = 0; block < vector.Length; block += change.Rotation.Size)
                change.Rotation.Apply(vector.AsSpan(block, change.Rotation.Size));
            for (var i = 0; i < vector.Length; i++)
                values[first + i * inner] = (float)vector[i];
        }
    }

    private sealed class UseComparer : IEqualityComparer<(NodeProto Node, int Index)>
    {
        public static readonly UseComparer Instance = new();

        public bool Equals((NodeProto Node, int Index) x, (NodeProto Node, int Index) y) => ReferenceEquals(x.Node, y.Node) && x.Index == y.Index;

        // The hash code is computed from the reference of the node, because the hash code of a node message is computed from its content, weights included.
        public int GetHashCode((NodeProto Node, int Index) use) =>
            HashCode.Combine(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(use.Node), use.Index);
    }
}
