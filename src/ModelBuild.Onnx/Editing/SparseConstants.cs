using System.Runtime.InteropServices;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Onnx;

/// <summary>
/// Converts sparse initializers and <c>Constant</c> nodes with <c>sparse_value</c> to dense tensors in all scopes, and converts initializers that have not
/// changed back to sparse ones.
/// </summary>
internal sealed class SparseConstants
{
    private readonly Dictionary<string, (SparseTensorProto Sparse, TensorProto Dense)> _converted = new(StringComparer.Ordinal);

    private SparseConstants() { }

    /// <summary>Converts the sparse constants of a model to dense tensors.</summary>
    /// <returns>The object whose <see cref="Restore"/> converts them back.</returns>
    /// <exception cref="OnnxException">An index of a sparse tensor is outside its shape.</exception>
    public static SparseConstants MakeDense(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var constants = new SparseConstants();
        if (model.WeightsSkipped)
            return constants;
        foreach (var scope in new Graph(model).SelfAndSubgraphs().ToArray())
        {
            foreach (var node in scope.Nodes.Where(node => node.Is("Constant")))
                if (node.Attribute("sparse_value")?.SparseTensor is { } sparse && Dense(sparse) is { } dense)
                {
                    node.Attribute.Clear();
                    node.SetAttribute("value", dense.WithName(""));
                }

            foreach (var sparse in scope.Proto.SparseInitializer.ToArray())
                if (Dense(sparse) is { } dense)
                {
                    scope.Proto.SparseInitializer.Remove(sparse);
                    scope.Proto.Initializer.Add(dense);
                    constants._converted.TryAdd(dense.Name, (sparse, dense));
                }
        }

        return constants;
    }

    /// <summary>Converts the initializers that have not changed back to sparse ones, if that is smaller.</summary>
    public void Restore(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (_converted.Count == 0)
            return;
        foreach (var graph in new Graph(model).SelfAndSubgraphs().Select(scope => scope.Proto).ToArray())
        foreach (var tensor in graph.Initializer.Where(tensor => _converted.ContainsKey(tensor.Name)).ToArray())
            if (
                _converted[tensor.Name] is var (sparse, dense)
                && IsSmaller(sparse, dense)
                && tensor.DataType == dense.DataType
                && tensor.Dims.SequenceEqual(dense.Dims)
                && tensor.RawData.Span.SequenceEqual(dense.RawData.Span)
            )
            {
                graph.Initializer.Remove(tensor);
                graph.SparseInitializer.Add(sparse);
            }
    }

    private static bool IsSmaller(SparseTensorProto sparse, TensorProto dense) =>
        sparse.Values.RawData.Length + sparse.Indices.RawData.Length < dense.RawData.Length;

    // Returns the dense form of a sparse tensor; null for strings, and if the dense form does not fit into one array.
    private static TensorProto? Dense(SparseTensorProto sparse)
    {
        if (sparse.Values is not { } values)
            return null;
        var (type, shape) = ((DataType)values.DataType, new TensorProto { Dims = { sparse.Dims } });
        var (size, count) = (Tensors.BitsPerElement(type) / 8, shape.ElementCount());
        if (size == 0 || count > Array.MaxLength / size)
            return null;
        var bytes = new byte[count * size];
        var source = values.RawData.Span;
        var places = Places(sparse);
        for (var i = 0; i < places.Length; i++)
        {
            var place = places[i];
            if (place < 0 || place >= count || (i + 1) * size > source.Length)
                throw new OnnxException(OnnxFault.SizeMismatch, $"the sparse tensor '{Text.Short(values.Name)}' has a value outside its shape");
            source.Slice(i * size, size).CopyTo(bytes.AsSpan((int)(place * size)));
        }

        return Tensors.Create(values.Name, type, [.. sparse.Dims], bytes);
    }

    // Returns the offsets of the stored elements of a sparse tensor in its dense form. Indices of rank 1 are these offsets. Indices of rank 2 have one
    // coordinate for each axis.
    private static long[] Places(SparseTensorProto sparse)
    {
        var indices = sparse.Indices?.RawData is { Length: > 0 } data ? MemoryMarshal.Cast<byte, long>(data.Span).ToArray() : [];
        if (sparse.Indices?.Dims.Count != 2)
            return indices;
        return
        [
            .. indices
                .Chunk(Math.Max(1, sparse.Dims.Count))
                .Select(row => row.Zip(sparse.Dims).Aggregate(0L, (place, axis) => place * axis.Second + axis.First)),
        ];
    }
}
